use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, bias: &Matrix<3, 1>) -> f32 {
    x.add_row(bias).sum()
}

fn main() {}
