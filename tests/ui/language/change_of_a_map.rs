use std::collections::HashMap;

use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut squares = HashMap::new();
    squares.insert(1, x * x);
    squares[&1]
}

fn main() {}
