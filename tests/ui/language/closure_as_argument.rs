use tapeless::prelude::*;

#[differentiable]
fn apply(x: f64, g: impl Fn(f64) -> f64) -> f64 {
    x * g(2.0)
}

#[differentiable]
fn f(x: f64) -> f64 {
    apply(x, |y| x * y)
}

fn main() {}
