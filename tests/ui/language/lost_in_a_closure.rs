use tapeless::prelude::*;

#[differentiable]
fn f(x: [f64; 3]) -> f64 {
    let mut s = 0.0;
    let _ = x.iter().try_for_each(|v| {
        s += v * v;
        Some(())
    });
    s + x[0]
}

fn main() {
    println!("{:?}", f::grad([1.0; 3]));
}
