use tapeless::prelude::*;

#[differentiable(recursive)]
trait Area: Differentiable {
    fn area(&self) -> f64;
}

fn main() {}
