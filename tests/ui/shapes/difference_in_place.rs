use tapeless::prelude::*;

#[differentiable]
fn f(x: Matrix<2, 3>, y: Matrix<3, 2>) -> f32 {
    let mut z = x;
    z -= y;
    z.sum()
}

fn main() {}
