use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f32 {
    x * x
}

fn main() {}
