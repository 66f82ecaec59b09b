use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let c = std::cell::Cell::new(0.0);
    c.set(x);
    c.get() * x
}

fn main() {
    println!("{}", f::grad(1.0));
}
