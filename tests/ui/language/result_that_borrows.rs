use tapeless::prelude::*;

#[derive(Differentiable)]
struct Model<'n> {
    weight: f64,
    #[no_diff]
    name: &'n str,
}

#[differentiable]
fn scaled<'n>(model: &Model<'n>, x: f64) -> Model<'n> {
    Model { weight: model.weight * x, name: model.name }
}

fn main() {
    let model = Model { weight: 1.0, name: "model" };
    println!("{}", scaled::vjp(&model, 2.0).0.weight);
}
