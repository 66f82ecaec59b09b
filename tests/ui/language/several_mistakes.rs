use tapeless::prelude::*;

#[differentiable]
fn f(xs: [f64; 3]) -> f64 {
    let mut sum = 0.0;
    for x in xs.iter().cycle().take(2) {
        sum += x;
    }
    let first = dbg!(xs[0]);
    sum + xs[0].nothing()
}

fn main() {}
