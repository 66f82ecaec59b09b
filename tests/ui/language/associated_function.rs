use tapeless::prelude::*;

struct Spring;

impl Spring {
    const STIFFNESS: f64 = 2.0;

    #[differentiable]
    fn energy(x: f64) -> f64 {
        0.5 * Self::STIFFNESS * x * x
    }
}

fn main() {
    println!("{}", Spring::energy(3.0));
}
