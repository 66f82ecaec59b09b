use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    x * y
}

fn main() {}
