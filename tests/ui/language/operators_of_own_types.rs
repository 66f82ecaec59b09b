use std::ops::Add;

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}

impl Add for Complex {
    type Output = Complex;
    fn add(self, other: Complex) -> Complex {
        Complex { re: self.re + other.re, im: self.im + other.im }
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    let a = Complex { re: x, im: 1.0 };
    let b = a + a;
    b.re * b.im
}

fn main() {}
