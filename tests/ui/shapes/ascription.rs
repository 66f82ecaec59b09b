use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, w: &Matrix<3, 4>) -> f32 {
    let h: Matrix<2, 5> = x * w;
    h.sum()
}

fn main() {}
