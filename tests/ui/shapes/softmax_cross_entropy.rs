use tapeless::prelude::*;

#[differentiable]
fn f(x: &Matrix<2, 3>, labels: [usize; 3]) -> f32 {
    x.softmax_cross_entropy(&labels)
}

fn main() {}
