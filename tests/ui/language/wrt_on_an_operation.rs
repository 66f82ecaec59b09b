use std::ops::Mul;

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Copy)]
struct Vector {
    x: f64,
}

#[differentiable]
impl Mul<f64> for Vector {
    type Output = Vector;

    #[differentiable(wrt(factor))]
    fn mul(self, factor: f64) -> Vector {
        Vector { x: self.x * factor }
    }
}

fn main() {}
