use tapeless::prelude::*;

#[derive(Differentiable)]
struct Pair {
    a: f64,
    b: f64,
}

#[differentiable]
fn twice(pair: Pair) -> f64 {
    let first = pair;
    let second = pair;
    first.a * second.b
}

fn main() {
    println!("{}", twice(Pair { a: 1.0, b: 2.0 }));
}
