use tapeless::prelude::*;

// Whose `dot` it is, nobody knows where the trait is used.
#[differentiable]
trait Product {
    fn dot(&self, other: &Self) -> f64;
}

#[derive(Differentiable, Clone)]
struct Vector {
    x: f64,
}

#[differentiable]
impl Vector {
    // Nor is this an addition.
    fn add(&mut self, k: f64) {
        self.x += k;
    }

    fn mul_add(&self, other: &Vector, k: f64) -> f64 {
        self.x * other.x + k
    }
}

fn main() {}
