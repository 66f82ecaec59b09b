use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut values = [0.0, 1.0];
    values[..1][0] = x * x;
    values[0] * values[1]
}

fn main() {}
