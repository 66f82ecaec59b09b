use tapeless::prelude::*;

#[differentiable(checkpoints = "64")]
fn f(x: f64) -> f64 {
    x * x
}

fn main() {
    f(1.0);
}
