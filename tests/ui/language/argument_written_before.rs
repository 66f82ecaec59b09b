use tapeless::prelude::*;

#[differentiable]
fn scale(k: usize, v: &mut [f64]) {
    v[0] *= k as f64;
}

#[differentiable]
fn f(x: [f64; 4]) -> f64 {
    let mut v = x;
    let mut i = 0;
    scale({ i += 1; i }, &mut v[i..]);
    v[0] * v[1]
}

fn main() {}
