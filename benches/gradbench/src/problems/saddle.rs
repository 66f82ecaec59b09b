//! A saddle point: the least of greatest values. The search for the greatest is differentiated, which takes derivatives itself.

use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, unknown};
use crate::minimise::Mode;

/// x₁² + y₁² − (x₂² + y₂²).
#[differentiable]
pub fn height(a: &[f64; 2], b: &[f64; 2]) -> f64 {
    (a[0] * a[0] + a[1] * a[1]) - (b[0] * b[0] + b[1] * b[1])
}

/// Serves nothing yet: all needs derivatives of derivatives.
pub fn evaluate(function: &str, _: &RawValue) -> Result<Evaluation, String> {
    match Mode::pair(function) {
        Some(_) => Err(format!("`{function}` needs second derivatives, which are not served yet")),
        None => unknown(function),
    }
}
