//! A mistake in a method with a forward mode, whose derivatives are used.

use tapeless::prelude::*;

#[derive(Differentiable, Clone, Copy)]
struct Disc {
    r: f64,
}

#[differentiable(forward)]
impl Disc {
    fn area(&self, k: f64) -> f64 {
        let sides = [self.r, k];
        *sides.iter().reduce(|a, b| if a > b { a } else { b }).unwrap()
    }
}

#[differentiable(forward)]
fn outer(disc: &Disc, x: f64) -> f64 {
    x * disc.area(x)
}

fn main() {
    let _ = Disc { r: 1.0 }.area_jvp(1.0, &DiscTangent { r: 1.0 }, 0.0);
    let _ = outer::hvp(&Disc { r: 1.0 }, 1.0, &DiscTangent { r: 1.0 }, 0.0);
}
