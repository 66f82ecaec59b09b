use tapeless::prelude::*;

#[differentiable]
fn f(x: HeapMatrix<2, 3>, w: HeapMatrix<4, 5>) -> f32 {
    (x.relu() * w).sum()
}

fn main() {}
