use tapeless::prelude::*;

#[differentiable]
fn f(x: &[f64], y: &[f64]) -> f64 {
    let positive = |x: &&f64| **x > 0.0;
    x.iter().filter(positive).zip(y.iter().filter(|y| **y > 0.0)).map(|(x, y)| x * y).sum()
}

fn main() {}
