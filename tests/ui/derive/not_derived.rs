use tapeless::prelude::*;

struct Inner {
    x: f64,
}

#[derive(Differentiable)]
struct Outer {
    inner: Inner,
    y: f64,
}

#[differentiable]
fn sum(outer: &Outer) -> f64 {
    outer.inner.x + outer.y
}

fn main() {
    let outer = Outer { inner: Inner { x: 1.0 }, y: 2.0 };
    println!("{}", sum::grad(&outer).y);
}
