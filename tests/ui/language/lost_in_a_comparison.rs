//! A comparison that adds up what it compares.

use tapeless::prelude::*;

#[differentiable]
fn f(x: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..x.len()).collect();
    let mut sum = 0.0;
    order.sort_by(|&i, &j| {
        sum += x[i];
        x[i].total_cmp(&x[j])
    });
    x[order[0]] * sum
}

fn main() {}
