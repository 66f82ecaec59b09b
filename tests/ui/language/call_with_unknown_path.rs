use tapeless::prelude::*;

#[differentiable]
fn outer(x: f64) -> f64 {
    missing::function(x) + 1.0
}

fn main() {
    println!("{}", outer::grad(1.0));
}
