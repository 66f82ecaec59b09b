use tapeless::prelude::*;

#[differentiable]
fn area(x: f64) -> f64 {
    let y = {
        use std::f64::consts::*;
        x * PI
    };
    y * x
}

fn main() {
    println!("{}", area::grad(1.0));
}
