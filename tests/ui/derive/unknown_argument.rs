use tapeless::prelude::*;

#[derive(Differentiable)]
#[differentiable(krate = tapeless)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable]
fn sum(point: Point) -> f64 {
    point.x + point.y
}

fn main() {
    println!("{}", sum(Point { x: 1.0, y: 2.0 }));
}
