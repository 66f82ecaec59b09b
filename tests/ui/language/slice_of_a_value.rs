use tapeless::prelude::*;

#[differentiable]
fn f(x: [f64; 4]) -> f64 {
    let half = &x[..2];
    half[0] * half[1]
}

fn main() {}
