use tapeless::prelude::*;

#[differentiable]
fn f(x: &[f64]) -> f64 {
    x.iter().map(|x| if *x > 0.0 { return 1.0 } else { x * x }).sum()
}

fn main() {}
