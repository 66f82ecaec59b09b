use tapeless::prelude::*;

mod forces {
    use tapeless::prelude::*;

    #[differentiable]
    pub fn gravity(x: f64) -> f64 {
        9.81 * x
    }
}

#[differentiable]
fn outer(x: f64) -> f64 {
    forces::gravitty(x) + 1.0
}

fn main() {
    println!("{}", outer::grad(1.0));
}
