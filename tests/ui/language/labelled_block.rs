use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    'found: {
        if x > 0.0 {
            break 'found x;
        }
        x * x
    }
}

fn main() {}
