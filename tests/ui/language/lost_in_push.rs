use tapeless::prelude::*;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut v = Vec::new();
    v.push(x);
    v[0] * x
}

fn main() {
    println!("{}", f::grad(1.0));
}
