use tapeless::prelude::*;

#[differentiable]
fn f(x: [f64; 3]) -> f64 {
    let mut s = 0.0;
    x.iter().for_each(|v| s += v * v);
    s + x[0]
}

fn main() {
    println!("{:?}", f::grad([1.0; 3]));
}
