use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, y: &Matrix<3, 4>) -> f32 {
    let joined: Matrix<2, 7> = x.hcat(y);
    joined.sum()
}

fn main() {}
