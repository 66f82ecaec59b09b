use tapeless::prelude::*;

struct Plain(f64);

#[differentiable]
fn value(plain: Plain) -> f64 {
    plain.0 * 2.0
}

fn main() {
    println!("{}", value::grad(Plain(1.0)).0);
}
