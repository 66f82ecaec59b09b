use tapeless::prelude::*;

#[derive(Differentiable)]
struct Spring {
    k: f64,
}

impl Spring {
    fn soft(k: f64) -> Self {
        Self { k: 0.5 * k }
    }
}

#[differentiable]
fn f(k: f64) -> f64 {
    Spring::soft(k).k
}

fn main() {}
