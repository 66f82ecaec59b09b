use tapeless::prelude::*;

#[differentiable]
fn dense<const N: usize, const D: usize, const M: usize>(x: &Matrix<N, D>, w: &Matrix<D, M>) -> Matrix<N, M> {
    (x * w).tanh()
}

#[differentiable]
fn f(x: &Matrix<2, 3>, w: &Matrix<4, 5>) -> f32 {
    dense(x, w).sum()
}

fn main() {}
