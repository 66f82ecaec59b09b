use tapeless::prelude::*;

#[differentiable]
fn f(x: &[f64]) -> f64 {
    *x.iter().reduce(|a, b| if a > b { a } else { b }).unwrap()
}

fn main() {}
