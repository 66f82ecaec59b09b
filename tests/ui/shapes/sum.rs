use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, y: &Matrix<3, 2>) -> f32 {
    (x + y).sum()
}

fn main() {}
