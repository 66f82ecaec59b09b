//! Not yet.

use serde_json::value::RawValue;

use crate::evaluation::{Evaluation, unknown};

/// Serves nothing.
pub fn evaluate(function: &str, _: &RawValue) -> Result<Evaluation, String> {
    unknown(function)
}
