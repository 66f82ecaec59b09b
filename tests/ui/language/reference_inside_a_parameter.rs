use tapeless::prelude::*;

#[differentiable]
fn product((a, b): (f64, &f64)) -> f64 {
    a * *b
}

fn main() {
    println!("{:?}", product::grad((1.0, &2.0)));
}
