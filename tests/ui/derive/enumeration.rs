use tapeless::prelude::*;

#[derive(Differentiable)]
enum Shape {
    Circle(f64),
}

fn main() {}
