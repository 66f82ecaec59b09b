use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, w: &Matrix<4, 5>) -> f32 {
    (x * w).sum()
}

fn main() {}
