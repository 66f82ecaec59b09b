//! A saddle point: the least of greatest values. The search for the greatest is differentiated, which takes derivatives itself.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, read, unknown};
use crate::minimise::{Mode, PATIENCE, SMALL, argmin};

/// x₁² + y₁² − (x₂² + y₂²).
#[differentiable(forward)]
pub fn height(a: &[f64; 2], b: &[f64; 2]) -> f64 {
    (a[0] * a[0] + a[1] * a[1]) - (b[0] * b[0] + b[1] * b[1])
}

/// How steep that is in the second point.
fn slope(a: &[f64; 2], b: &[f64; 2], mode: Mode) -> [f64; 2] {
    match mode {
        Mode::Forward => {
            [[1.0, 0.0], [0.0, 1.0]].map(|direction| height::jvp(a, b, &[0.0, 0.0], &direction).1)
        }
        Mode::Reverse => height::grad(a, b).1,
    }
}

/// The derivative of a gradient along a direction is the Hessian times that direction, and the Hessian is symmetric.
#[derivative_of(slope)]
#[expect(clippy::type_complexity, reason = "the type that a rule must have")]
fn slope_vjp(
    a: &[f64; 2],
    b: &[f64; 2],
    #[no_diff] mode: Mode,
) -> ([f64; 2], impl FnOnce([f64; 2]) -> ([f64; 2], [f64; 2])) {
    (slope(a, b, mode), move |bar| height::hvp(a, b, &[0.0, 0.0], &bar))
}

#[differentiable(forward)]
fn norm(x: &[f64; 2]) -> f64 {
    (x[0] * x[0] + x[1] * x[1]).sqrt()
}

/// The greatest height over all second points, found by steepest ascent from the start: as `argmin` does it.
#[differentiable(forward, wrt(a))]
pub fn greatest(a: &[f64; 2], start: &[f64; 2], #[no_diff] mode: Mode) -> f64 {
    let mut b = *start;
    let mut value = height(a, &b);
    let mut gradient = slope(a, &b, mode);
    let (mut rate, mut steps) = (1e-5, 0);
    loop {
        if norm(&gradient) <= SMALL {
            return value;
        }
        if steps == PATIENCE {
            rate *= 2.0;
            steps = 0;
            continue;
        }
        let next = [b[0] + rate * gradient[0], b[1] + rate * gradient[1]];
        if norm(&[b[0] - next[0], b[1] - next[1]]) <= SMALL {
            return value;
        }
        let next_value = height(a, &next);
        if next_value > value {
            b = next;
            value = next_value;
            gradient = slope(a, &b, mode);
            steps += 1;
        } else {
            rate /= 2.0;
            steps = 0;
        }
    }
}

#[derive(Deserialize)]
struct Input {
    start: [f64; 2],
}

/// Serves `ff`, `fr`, `rf` and `rr`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (Input { start }, repetitions) = read(input)?;
    let Some((outer, inner)) = Mode::pair(function) else {
        return unknown(function);
    };
    let outer_slope = |a: &[f64; 2]| match outer {
        Mode::Forward => {
            [[1.0, 0.0], [0.0, 1.0]].map(|direction| greatest::jvp(a, &start, inner, &direction).1)
        }
        Mode::Reverse => greatest::grad(a, &start, inner),
    };
    repetitions.evaluate(|| {
        let a = argmin(start, |a| greatest(a, &start, inner), outer_slope);
        let b = argmin(start, |b| -height(&a, b), |b| slope(&a, b, inner).map(|slope| -slope));
        [a[0], a[1], b[0], b[1]]
    })
}
