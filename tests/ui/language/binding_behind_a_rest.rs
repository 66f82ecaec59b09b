use tapeless::prelude::*;

#[differentiable]
fn f(values: (f64, f64, f64)) -> f64 {
    let (first, .., last) = values;
    first * last
}

fn main() {}
