use tapeless::prelude::*;

#[derive(Differentiable)]
struct Vector {
    x: f64,
}

#[differentiable]
impl Vector {
    fn dot(&self, other: &Vector) -> f64 {
        self.x * other.x
    }
}

fn main() {}
