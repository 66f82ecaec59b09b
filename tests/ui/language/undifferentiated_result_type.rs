use tapeless::prelude::*;

struct Plain(f64);

#[differentiable]
fn wrapped(x: f64) -> Plain {
    Plain(x * 2.0)
}

fn main() {
    println!("{}", wrapped(1.0).0);
}
