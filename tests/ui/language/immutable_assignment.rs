use tapeless::prelude::*;

#[differentiable]
fn increased(x: f64) -> f64 {
    let y = x * 2.0;
    y += 1.0;
    y
}

fn main() {
    println!("{}", increased::grad(1.0));
}
