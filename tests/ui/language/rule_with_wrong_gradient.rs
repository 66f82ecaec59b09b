use tapeless::prelude::*;

fn product(x: f64, y: f64) -> f64 {
    x * y
}

#[derivative_of(product)]
fn product_rule(x: f64, y: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * y, move |bar| bar * y)
}

fn main() {
    println!("{:?}", product::grad(1.0, 2.0));
}
