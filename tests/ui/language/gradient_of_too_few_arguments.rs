use tapeless::prelude::*;

#[differentiable]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {
    println!("{:?}", product::grad(1.0));
}
