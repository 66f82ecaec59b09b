use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut point = [x, 1.0];
    point[1] = x * x;
    point[0] * point[1]
}

fn main() {}
