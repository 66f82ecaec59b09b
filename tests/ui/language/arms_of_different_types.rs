use tapeless::prelude::*;

#[differentiable]
fn choose(x: f64) -> f64 {
    if x > 0.0 { x * 2.0 } else { "negative" }
}

fn main() {
    println!("{}", choose::grad(1.0));
}
