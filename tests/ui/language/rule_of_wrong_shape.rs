use tapeless::prelude::*;

fn cube(x: f64) -> f64 {
    x * x * x
}

#[derivative_of(cube)]
fn cube_rule(x: f64) -> f64 {
    3.0 * x * x
}

#[differentiable]
fn outer(x: f64) -> f64 {
    cube(x) + 1.0
}

fn main() {
    println!("{}", outer::grad(1.0));
}
