use tapeless::prelude::*;

#[differentiable]
fn first(x: &[f64; 2]) -> &f64 {
    &x[0]
}

fn main() {
    let (value, pullback) = first::vjp(&[1.0, 2.0]);
    println!("{value} {:?}", pullback(1.0));
}
