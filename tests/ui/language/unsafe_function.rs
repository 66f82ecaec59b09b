use tapeless::prelude::*;

#[differentiable]
unsafe fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    println!("{}", square::grad(3.0));
}
