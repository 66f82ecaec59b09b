use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, target: &Matrix<2, 1>) -> f32 {
    x.mean_squared_error(target)
}

fn main() {}
