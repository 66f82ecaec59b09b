use tapeless::prelude::*;

#[differentiable(wrt(k))]
fn scale(x: &mut f64, k: f64) -> f64 {
    *x *= k;
    *x
}

fn main() {
    let mut x = 1.0;
    scale(&mut x, 2.0);
}
