use tapeless::prelude::*;

#[differentiable]
fn choose(x: f64, n: Option<u8>) -> f64 {
    match n {
        Some(0) => x,
        None => x * 2.0,
    }
}

fn main() {
    println!("{}", choose::grad(1.0, None));
}
