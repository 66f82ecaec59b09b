use tapeless::prelude::*;

#[derive(Differentiable, Clone)]
struct Point {
    x: f64,
}

#[differentiable]
fn f(x: Vec<f64>) -> f64 {
    let points: Vec<Point> = x.into_iter().map(|x| Point { x }).collect();
    points[0].x
}

fn main() {}
