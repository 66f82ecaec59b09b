//! A function with a forward mode calls a method without a derivative.

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Copy)]
struct Disc {
    r: f64,
}

impl Disc {
    fn area(&self, k: f64) -> f64 {
        self.r * self.r * k
    }
}

#[differentiable(forward)]
fn outer(disc: &Disc, x: f64) -> f64 {
    x * disc.area(x)
}

fn main() {}
