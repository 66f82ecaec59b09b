use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>) -> f32 {
    x.trace()
}

fn main() {}
