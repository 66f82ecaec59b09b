use tapeless::prelude::*;

#[differentiable(checkpoints = some)]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {
    f(1.0);
}
