use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, y: &Matrix<4, 2>) -> f32 {
    let joined: Matrix<6, 3> = x.vcat(y);
    joined.sum()
}

fn main() {}
