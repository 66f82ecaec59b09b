use tapeless::prelude::*;

#[differentiable]
fn f(x: f64, flag: bool) -> f64 {
    let mut y = x;
    y += flag;
    y
}

fn main() {}
