use tapeless::prelude::*;

fn double(x: &mut f64) {
    *x *= 2.0;
}

#[differentiable]
fn f(mut x: f64) -> f64 {
    double(&mut x);
    x
}

fn main() {}
