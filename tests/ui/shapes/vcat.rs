use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, y: &Matrix<4, 3>) -> f32 {
    let joined: Matrix<5, 3> = x.vcat(y);
    joined.sum()
}

fn main() {}
