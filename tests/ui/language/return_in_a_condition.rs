use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    if x > (if x < 1.0 { return x } else { 2.0 }) {
        x * x
    } else {
        1.0
    }
}

fn main() {}
