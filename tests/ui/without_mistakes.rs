//! No mistake: with this, the programs beside it are built and not only checked, so that what is found out where code is generated
//! is said.

use tapeless::prelude::*;

#[differentiable(forward)]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {
    assert_eq!(square::jvp(3.0, 1.0), (9.0, 6.0));
}
