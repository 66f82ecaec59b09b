use tapeless::prelude::*;

struct Spring;

#[differentiable]
impl Spring {
    fn energy(x: f64) -> f64 {
        x * x
    }
}

fn main() {
    println!("{}", Spring::energy(3.0));
}
