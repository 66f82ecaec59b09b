use tapeless::prelude::*;

#[differentiable]
fn f(x: f64, flag: bool) -> f64 {
    x * flag
}

fn main() {}
