use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut k = 0;
    let mut large = |y: f64| {
        k += 1;
        y > 1.0
    };
    let mut s = x;
    while !large(s) {
        s += x;
    }
    s
}

fn main() {}
