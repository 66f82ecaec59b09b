use tapeless::prelude::*;

#[differentiable]
fn sum(x: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for value in x {
        sum += value;
    }
    sum
}

fn main() {
    println!("{:?}", sum::grad(&[1.0, 2.0, 3.0]));
}
