use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let root = |y: f64| {
        if y < 0.0 {
            return 0.0;
        }
        y.sqrt()
    };
    root(x)
}

fn main() {}
