use tapeless::prelude::*;

fn later(x: f64) -> f64 {
    x
}

#[differentiable]
fn doubled(x: f64) -> f64 {
    let function = later;
    function(x) * 2.0
}

fn main() {
    println!("{}", doubled::grad(3.0));
}
