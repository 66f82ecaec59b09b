use tapeless::prelude::*;

#[differentiable]
fn scale(x: &mut f64, factor: f64) -> f64 {
    *x *= factor;
    *x
}

fn main() {
    let gradient = scale::grad(&mut 3.0, 2.0);
    println!("{gradient:?}");
}
