use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    #[cfg(unix)]
    let x = x * x;
    x
}

fn main() {}
