use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut y = x;
    let z = &mut y;
    *z * x
}

fn main() {}
