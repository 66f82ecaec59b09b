use tapeless::prelude::*;

#[derive(Differentiable)]
enum Shape {
    Circle(f64),
    Square(f64),
}

#[derive(Differentiable)]
struct Scene {
    shape: Shape,
    scale: f64,
}

#[differentiable]
fn area(scene: &Scene) -> f64 {
    scene.scale * 2.0
}

fn main() {
    let scene = Scene { shape: Shape::Circle(1.0), scale: 2.0 };
    println!("{}", area::grad(&scene).scale);
}
