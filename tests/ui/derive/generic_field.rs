use tapeless::prelude::*;

struct Plain;

#[derive(Differentiable)]
struct Pair<T> {
    a: T,
    b: T,
}

#[differentiable]
fn sum(pair: Pair<Plain>, x: f64) -> f64 {
    x * 2.0
}

fn main() {
    println!("{}", sum(Pair { a: Plain, b: Plain }, 1.0));
}
