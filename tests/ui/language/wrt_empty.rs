use tapeless::prelude::*;

#[differentiable(wrt())]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {
    println!("{}", product::grad(3.0, 2.0));
}
