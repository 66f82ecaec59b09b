use tapeless::prelude::*;

#[differentiable]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable]
fn f(x: f64) -> f64 {
    2.0 * product(x, 3)
}

fn main() {}
