use tapeless::prelude::*;

#[derive(Differentiable)]
struct Spring {
    k: f64,
}

#[differentiable]
impl Spring {
    #[differentiable]
    fn energy(self: Box<Self>, x: f64) -> f64 {
        0.5 * self.k * x * x
    }
}

fn main() {}
