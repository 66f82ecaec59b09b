use tapeless::prelude::*;

fn sum(x: &Vec<f64>) -> f64 {
    x[0]
}

#[differentiable]
fn f(x: &[f64]) -> f64 {
    sum(&x.iter().map(|x| 2.0 * x).collect())
}

fn main() {}
