use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let range = 0.0..x;
    range.end
}

fn main() {}
