use tapeless::prelude::*;

#[differentiable]
fn f(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y];
    v.retain(|a| *a > 0.5);
    v[0]
}

fn main() {}
