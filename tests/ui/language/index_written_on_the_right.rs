use tapeless::prelude::*;

#[differentiable]
fn f(x: [f64; 4]) -> f64 {
    let mut v = x;
    let mut i = 0;
    v[i] += {
        i += 1;
        x[i]
    };
    v[0] * v[1]
}

fn main() {}
