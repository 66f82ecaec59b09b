use tapeless::prelude::*;

#[derivative_of]
fn cube_rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * x * x, move |bar| 3.0 * x * x * bar)
}

fn main() {
    println!("{}", cube_rule(1.0).0);
}
