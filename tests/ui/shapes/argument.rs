use tapeless::prelude::*;

#[differentiable]
fn dense(x: &Matrix<2, 3>, w: &Matrix<3, 4>) -> Matrix<2, 4> {
    (x * w).tanh()
}

#[differentiable]
fn f(x: &Matrix<2, 3>, w: &Matrix<3, 5>) -> f32 {
    dense(x, w).sum()
}

fn main() {}
