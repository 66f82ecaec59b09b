//! A particle's way past two charges, one of which is to be placed such that it lands as near as possible to the origin. The way depends on
//! derivatives of the potential, and is differentiated itself.

use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, unknown};
use crate::minimise::Mode;

/// The potential of two charges, at (10, 10 − w) and (10, 0).
#[differentiable]
pub fn potential(x: f64, y: f64, w: f64) -> f64 {
    (x - 10.0).hypot(y - (10.0 - w)).recip() + (x - 10.0).hypot(y).recip()
}

/// Serves nothing yet: all needs derivatives of derivatives.
pub fn evaluate(function: &str, _: &RawValue) -> Result<Evaluation, String> {
    match Mode::pair(function) {
        Some(_) => Err(format!("`{function}` needs second derivatives, which are not served yet")),
        None => unknown(function),
    }
}
