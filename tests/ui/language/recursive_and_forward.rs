use tapeless::prelude::*;

#[differentiable(recursive, forward)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {}
