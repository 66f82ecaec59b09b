use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>) -> f32 {
    x.block::<3, 1>(0, 0).sum()
}

fn main() {}
