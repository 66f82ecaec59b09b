use tapeless::prelude::*;

fn checked(x: f64) -> Option<f64> {
    (x > 0.0).then_some(x)
}

#[differentiable]
fn root(x: f64) -> Option<f64> {
    let x = checked(x)?;
    Some(x.sqrt())
}

fn main() {
    println!("{:?}", root::vjp(3.0).0);
}
