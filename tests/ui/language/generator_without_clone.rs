use tapeless::prelude::*;

struct Generator(u64);

impl Generator {
    fn next(&mut self) -> f64 {
        self.0 += 1;
        self.0 as f64
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    let mut generator = Generator(42);
    let u = generator.next();
    x * u
}

fn main() {}
