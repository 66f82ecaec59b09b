use tapeless::prelude::*;

#[differentiable]
fn f(x: [f64; 4], mut k: f64) -> f64 {
    let scaled = x.iter().map(move |v| v * k);
    k *= 2.0;
    scaled.sum::<f64>() * k
}

fn main() {}
