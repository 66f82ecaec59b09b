//! A determinant by expansion along the first row, recursively. The gradient consists of the cofactors.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, expect_len, read, unknown};

/// The determinant of a square matrix, given row by row.
#[differentiable]
pub fn determinant(a: &[f64], size: usize) -> f64 {
    minor(a, size, 0, 0)
}

/// The determinant of the rows from `row` on, without the columns whose bits are set.
#[differentiable]
fn minor(a: &[f64], size: usize, row: usize, removed: u64) -> f64 {
    let mut sum = 0.0;
    let mut sign = 1.0;
    for column in 0..size {
        if removed & (1 << column) == 0 {
            sum += sign * product(a, size, row, column, removed);
            sign = -sign;
        }
    }
    sum
}

/// An element of the first of these rows times the determinant without its row and column.
#[differentiable]
fn product(a: &[f64], size: usize, row: usize, column: usize, removed: u64) -> f64 {
    let element = a[row * size + column];
    if row + 1 == size {
        return element;
    }
    element * minor(a, size, row + 1, removed | (1 << column))
}

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "A")]
    a: Vec<f64>,
    ell: usize,
}

/// Serves `primal` and `gradient`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (Input { a, ell }, repetitions) = read(input)?;
    if !(1..=63).contains(&ell) {
        return Err("`ell` must be from 1 to 63".to_owned());
    }
    expect_len("A", a.len(), ell * ell)?;
    match function {
        "primal" => repetitions.evaluate(|| determinant(&a, ell)),
        "gradient" => {
            let mut gradient = vec![0.0; a.len()];
            let durations = repetitions.measure(|| determinant::value_and_grad_into(&a, ell, &mut gradient));
            Evaluation::new(&gradient, durations)
        }
        _ => unknown(function),
    }
}
