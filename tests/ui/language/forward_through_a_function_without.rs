//! A function with a forward mode calls one that has none.

use tapeless::prelude::*;

#[differentiable]
fn inner(x: f64) -> f64 {
    x * x
}

#[differentiable(forward)]
fn outer(x: f64) -> f64 {
    x * inner(x)
}

fn main() {}
