use tapeless::prelude::*;

static mut LAST: f64 = 0.0;

#[differentiable]
fn remember(x: f64) -> f64 {
    unsafe { LAST = x };
    x * x
}

fn main() {
    println!("{}", remember::grad(3.0));
}
