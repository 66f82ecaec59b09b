use tapeless::prelude::*;

#[derive(Differentiable)]
struct Spring {
    k: f64,
}

#[differentiable(wrt(x))]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.k * x * x
    }
}

fn main() {}
