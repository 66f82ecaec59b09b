use tapeless::prelude::*;

struct Length(f64);

impl Length {
    fn len(&self) -> f64 {
        self.0
    }
}

#[derive(Differentiable)]
struct Rod {
    #[no_diff]
    length: f64,
    mass: f64,
}

impl Rod {
    fn len(&self) -> f64 {
        self.length
    }
}

#[differentiable]
fn f(rod: &Rod) -> f64 {
    rod.len() * rod.mass
}

fn main() {}
