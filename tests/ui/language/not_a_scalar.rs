use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> (f64, f64) {
    (x, x * x)
}

fn main() {
    f::grad(1.0);
}
