use tapeless::prelude::*;

#[differentiable]
fn f(pair: (bool, f64, f64), negative: bool) -> f64 {
    match (pair, negative) {
        ((true, x, 0.0) | (false, _, x), true) => -x,
        ((_, x, _), _) => x * x,
    }
}

fn main() {}
