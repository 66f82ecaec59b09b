use tapeless::prelude::*;

#[differentiable(wrt(y))]
fn f(x: f64, #[no_diff] y: f64) -> f64 {
    x * y
}

fn main() {}
