//! A differential equation, and the gradient of the last component of its solution.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, read, unknown};

/// The right-hand side: y₀′ = x₀, yᵢ′ = xᵢ yᵢ₋₁.
#[differentiable]
fn slope(x: &[f64], y: &[f64], k: &mut [f64]) {
    k[0] = x[0];
    for i in 1..x.len() {
        k[i] = x[i] * y[i - 1];
    }
}

/// y + hk.
#[differentiable]
fn moved(y: &[f64], h: f64, k: &[f64], z: &mut [f64]) {
    for i in 0..y.len() {
        z[i] = y[i] + h * k[i];
    }
}

/// The solution at time 2, by so many steps of the classical Runge-Kutta method from zero. The vectors are on the heap anyhow: so is
/// what the steps keep.
#[differentiable(checkpoints = all)]
pub fn primal(x: &[f64], steps: usize) -> Vec<f64> {
    let n = x.len();
    let h = 2.0 / steps as f64;
    let mut y = vec![0.0; n];
    let mut z = vec![0.0; n];
    let (mut k1, mut k2, mut k3, mut k4) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for _ in 0..steps {
        slope(x, &y, &mut k1);
        moved(&y, h / 2.0, &k1, &mut z);
        slope(x, &z, &mut k2);
        moved(&y, h / 2.0, &k2, &mut z);
        slope(x, &z, &mut k3);
        moved(&y, h, &k3, &mut z);
        slope(x, &z, &mut k4);
        for i in 0..n {
            y[i] += h * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]) / 6.0;
        }
    }
    y
}

/// Its last component.
#[differentiable]
pub fn last(x: &[f64], steps: usize) -> f64 {
    let y = primal(x, steps);
    y[x.len() - 1]
}

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    s: usize,
}

/// Serves `primal` and `gradient`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (Input { x, s }, repetitions) = read(input)?;
    if x.is_empty() || s == 0 {
        return Err("`x` must not be empty, and `s` must be positive".to_owned());
    }
    match function {
        "primal" => repetitions.evaluate(|| primal(&x, s)),
        "gradient" => {
            let mut gradient = vec![0.0; x.len()];
            let durations = repetitions.measure(|| last::value_and_grad_into(&x, s, &mut gradient));
            Evaluation::new(&gradient, durations)
        }
        _ => unknown(function),
    }
}
