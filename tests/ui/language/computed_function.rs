use tapeless::prelude::*;

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn f(x: f64, flag: bool) -> f64 {
    (if flag { square } else { square })(x)
}

fn main() {}
