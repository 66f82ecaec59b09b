use tapeless::prelude::*;

#[differentiable]
fn outer(x: f64) -> f64 {
    misspelled(x) + 1.0
}

fn main() {
    println!("{}", outer::grad(1.0));
}
