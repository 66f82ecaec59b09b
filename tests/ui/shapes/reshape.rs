use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>) -> f32 {
    let y: Matrix<2, 4> = x.reshape();
    y.sum()
}

fn main() {}
