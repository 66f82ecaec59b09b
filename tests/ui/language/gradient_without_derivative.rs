//! The gradient of a function without second derivatives, inside a differentiable function.

use tapeless::prelude::*;

#[differentiable]
fn inner(y: f64, x: f64) -> f64 {
    x * y
}

#[differentiable]
fn outer(x: f64) -> f64 {
    x * inner::grad(1.0, x).0
}

fn main() {}
