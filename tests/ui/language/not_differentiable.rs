use tapeless::prelude::*;

struct Point {
    x: f64,
}

#[differentiable]
fn f(point: &Point) -> f64 {
    point.x * 2.0
}

fn main() {}
