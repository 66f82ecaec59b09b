use tapeless::prelude::*;

#[differentiable]
fn f(x: Matrix<2, 3>, w: Matrix<4, 5>) -> f32 {
    let y = x.relu() * w;
    y.sum()
}

fn main() {}
