//! A square, and its derivative.

use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, Repetitions, unknown};

/// x².
#[differentiable]
pub fn square(x: f64) -> f64 {
    x * x
}

/// Serves `square` and `double`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let x: f64 = serde_json::from_str(input.get()).map_err(|error| format!("the input cannot be read: {error}"))?;
    match function {
        "square" => Repetitions::ONCE.evaluate(|| square(x)),
        "double" => Repetitions::ONCE.evaluate(|| square::grad(x)),
        _ => unknown(function),
    }
}
