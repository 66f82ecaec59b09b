use tapeless::prelude::*;

#[derive(Differentiable, Clone)]
struct Filter {
    state: f64,
}

#[differentiable]
impl Filter {
    fn step(&mut self, x: f64) -> f64 {
        self.state += x;
        self.state
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    let mut filters = [Filter { state: x }, Filter { state: 1.0 }];
    let y = filters[0].step(x);
    y * filters[0].state
}

fn main() {}
