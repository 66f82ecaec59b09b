use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut k = 0;
    let mut large = |y: f64| {
        k += 1;
        y > 1.0
    };
    match x {
        v if large(v) => 1.0,
        v => v,
    }
}

fn main() {}
