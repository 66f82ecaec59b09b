use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut a = [x, x * x];
    *a.iter_mut().next().unwrap() = 2.0 * x;
    a[0] * a[1]
}

fn main() {}
