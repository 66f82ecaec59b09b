use tapeless::prelude::*;

struct Inner;

#[derive(Differentiable)]
struct Outer {
    x: f64,
    inner: Inner,
}

fn main() {}
