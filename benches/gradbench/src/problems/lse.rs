//! The logarithm of a sum of exponentials, and its gradient, the softmax.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, read, unknown};

/// ln Σ exp xᵢ, without overflow.
#[differentiable]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let mut greatest = f64::NEG_INFINITY;
    for x in x {
        greatest = greatest.max(*x);
    }
    let mut sum = 0.0;
    for x in x {
        sum += (x - greatest).exp();
    }
    greatest + sum.ln()
}

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
}

/// Serves `primal` and `gradient`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (Input { x }, repetitions) = read(input)?;
    match function {
        "primal" => repetitions.evaluate(|| log_sum_exp(&x)),
        "gradient" => {
            let mut gradient = vec![0.0; x.len()];
            let durations = repetitions.measure(|| log_sum_exp::value_and_grad_into(&x, &mut gradient));
            Evaluation::new(&gradient, durations)
        }
        _ => unknown(function),
    }
}
