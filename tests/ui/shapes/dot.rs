use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, y: &Matrix<2, 2>) -> f32 {
    x.dot(y) * 2.0
}

fn main() {}
