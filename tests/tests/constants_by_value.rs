//! Constants that are made for a call, where the function takes them by value or by reference.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct W {
    v: Vec<f64>,
    k: f64,
}

fn made(n: usize) -> Vec<f64> {
    vec![2.0; n]
}

#[differentiable(forward)]
fn first_of(x: f64, w: Vec<f64>) -> f64 {
    x * w[0]
}

#[differentiable(forward)]
fn of_first(w: Vec<f64>, x: f64) -> f64 {
    x * w[0]
}

#[differentiable(forward)]
fn length_of(x: f64, w: String) -> f64 {
    x * w.len() as f64
}

#[differentiable(forward)]
fn by_reference(x: f64, w: &Vec<f64>, u: &[f64]) -> f64 {
    x * w[0] * u[0]
}

#[differentiable(forward)]
fn first_if_any(x: f64, w: Option<Vec<f64>>) -> f64 {
    x * w.map_or(1.0, |w| w[0])
}

#[differentiable(forward)]
fn of_struct(x: f64, w: W) -> f64 {
    x * w.v[0] * w.k
}

#[differentiable(forward)]
fn vectors_and_texts(x: &[f64], k: f64) -> f64 {
    first_of(x[0] * k, vec![1.0, 2.0]) + length_of(x[1], String::from("ab")) + length_of(x[1] * k, "abc".to_string())
}

#[differentiable(forward)]
fn made_by_functions(x: &[f64], k: f64) -> f64 {
    first_of(x[0] * k, made(2))
        + by_reference(x[1] * k, &vec![1.0, 2.0], &[3.0])
        + by_reference(x[1] * k, &made(3), &made(2))
}

#[differentiable(forward)]
fn in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..3 {
        s += first_of(x[i] * s, vec![1.0, 2.0]) * first_of(s, made(1));
    }
    s
}

#[differentiable(forward)]
fn options(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..3 {
        s += first_if_any(x[i] * s, Some(vec![1.0, 2.0]));
        s += first_if_any(x[i], None)
    }
    s
}

#[differentiable(forward)]
fn clones(x: &[f64], k: f64) -> f64 {
    let w = made(3);
    let mut s = k;
    for i in 0..3 {
        s += first_of(x[i] * s, w.clone()) + first_of(s, if i == 0 { vec![0.5] } else { w.clone() });
    }
    s
}

#[differentiable(forward)]
fn structs(x: &[f64], k: f64) -> f64 {
    of_struct(x[0] * k, W { v: vec![1.5], k: 2.0 })
        + of_struct(k, W { v: x.to_vec(), k: 2.0 })
        + of_first(x.to_vec(), k)
        + of_first(vec![2.0], k)
}

#[differentiable(forward)]
fn structs_twice(x: &[f64], k: f64) -> f64 {
    let w = W { v: vec![1.5], k: 2.0 };
    let v = of_first(vec![x[0], 1.0], x[1]);
    of_struct(x[0] * k, w.clone()) + of_struct(k * v, w)
}

modes_agree! {
    vectors_and_texts
    made_by_functions
    in_a_loop
    options
    clones
    structs
    structs_twice
}
