use tapeless::prelude::*;

#[differentiable]
fn factorial(n: u32) -> u32 {
    if n == 0 { 1 } else { n * factorial(n - 1) }
}

fn main() {
    println!("{:?}", factorial::grad(3));
}
