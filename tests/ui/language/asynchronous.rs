use tapeless::prelude::*;

#[differentiable]
async fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    let (value, gradient) = square::value_and_grad(3.0);
    println!("{value} {gradient}");
}
