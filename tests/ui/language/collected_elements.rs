use tapeless::prelude::*;

#[derive(Differentiable, Clone)]
struct Point {
    x: f64,
}

#[differentiable]
fn f(x: &[f64]) -> f64 {
    let points: Vec<Point> = x.iter().map(|x| Point { x: *x }).collect();
    points[0].x
}

fn main() {}
