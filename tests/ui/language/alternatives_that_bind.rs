use tapeless::prelude::*;

#[differentiable]
fn f(pair: (bool, f64, f64)) -> f64 {
    match pair {
        (true, x, 0.0) | (false, _, x) => x * x,
        _ => 0.0,
    }
}

fn main() {}
