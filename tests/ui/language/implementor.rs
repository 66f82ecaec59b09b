use tapeless::prelude::*;

#[differentiable]
fn power(x: f64, n: impl Into<i32> + Copy) -> f64 {
    x.powi(n.into())
}

fn main() {
    println!("{:?}", power::grad(1.0, 2));
}
