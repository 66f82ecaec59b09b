//! Slices and vectors as parameters and inside functions.

use tapeless::prelude::*;

#[differentiable]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[i];
    }
    sum
}

#[differentiable]
fn norm(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in x {
        sum += x * x;
    }
    sum.sqrt()
}

#[differentiable]
fn weighted(x: &[f32], w: &[f32], k: &[usize]) -> f32 {
    let mut sum = 0.0;
    for (i, (x, w)) in x.iter().zip(w).enumerate() {
        sum += x.sin() * w * k[i] as f32;
    }
    sum
}

#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = 1.0 - x[i];
        let b = x[i + 1] - x[i] * x[i];
        sum += a * a + 100.0 * b * b;
    }
    sum
}

#[differentiable]
fn calls(x: &[f64], y: &[f64]) -> f64 {
    dot(x, y) / (norm(x) * norm(y))
}

#[differentiable]
fn of_vectors(x: &Vec<f64>, y: &[f64]) -> f64 {
    dot(x, y) + norm(x)
}

#[test]
fn gradients_of_slices_are_vectors() {
    let (x, y) = ([1.0, 2.0, 3.0], [0.5, -1.0, 2.0]);
    let (dx, dy): (Vec<f64>, Vec<f64>) = dot::grad(&x, &y);
    assert_eq!((dx, dy), (y.to_vec(), x.to_vec()));
    assert_gradient!(dot, &x, &y);
    assert_gradient!(norm, &x);
    assert_gradient!(weighted, &[0.1, 0.2], &[1.0, 2.0], &[3, 4]);
    assert_gradient!(rosenbrock, &[-1.2, 1.0, 0.3, 0.8]);
    assert_gradient!(calls, &x, &y);
    assert_gradient!(of_vectors, &x.to_vec(), &y);
    assert_eq!(norm::grad(&[0.0, 4.0]), [0.0, 1.0]);
    assert_eq!(dot::grad(&[], &[]), (vec![], vec![]));
    let (mut dx, mut dy) = (vec![7.0; 3], vec![7.0; 3]);
    assert_eq!(dot::value_and_grad_into(&x, &y, &mut dx, &mut dy), 4.5);
    assert_eq!((dx, dy), (y.to_vec(), x.to_vec()));
}
