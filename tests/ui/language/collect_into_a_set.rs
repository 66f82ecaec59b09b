use tapeless::prelude::*;
use std::collections::LinkedList;

#[differentiable]
fn f(x: &[f64]) -> f64 {
    let list = x.iter().map(|x| 2.0 * x).collect::<LinkedList<f64>>();
    list.into_iter().sum()
}

fn main() {}
