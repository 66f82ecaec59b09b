use tapeless::prelude::*;

fn set(v: &mut f64, x: f64) {
    *v = x;
}

#[differentiable]
fn f(x: f64) -> f64 {
    let mut v = 0.0;
    set(&mut v, x);
    v * x
}

fn main() {
    println!("{}", f::grad(1.0));
}
