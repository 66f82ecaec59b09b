//! What a loop iterates over is evaluated again on the way back.

use tapeless::prelude::*;

#[differentiable]
fn emptied(x: f64) -> f64 {
    let mut order = vec![3, 1, 2];
    let mut s = x;
    for i in order.drain(..) {
        s = s * 0.5 + x * i as f64;
    }
    s
}

fn main() {
    emptied::grad(1.0);
}
