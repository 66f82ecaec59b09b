use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut v = [x, x * x, 1.0];
    let mut i = 0;
    v[{ i += 1; i }] *= 2.0;
    v[1]
}

fn main() {
    let _ = f::grad(1.0);
}
