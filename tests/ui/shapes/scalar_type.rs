use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, factor: f64) -> f32 {
    (x * factor).sum()
}

fn main() {}
