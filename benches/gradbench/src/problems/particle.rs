//! A particle's way past two charges, one of which is to be placed such that it lands as near as possible to the origin. The way depends on
//! derivatives of the potential, and is differentiated itself.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, read, unknown};
use crate::minimise::{Mode, argmin};

/// The potential of two charges, at (10, 10 − w) and (10, 0).
#[differentiable(forward)]
pub fn potential(x: f64, y: f64, w: f64) -> f64 {
    (x - 10.0).hypot(y - (10.0 - w)).recip() + (x - 10.0).hypot(y).recip()
}

/// How steep the potential is along x and y.
fn slope(x: f64, y: f64, w: f64, mode: Mode) -> [f64; 2] {
    match mode {
        Mode::Forward => {
            let (_, along_x) = potential::jvp(x, y, w, 1.0, 0.0, 0.0);
            let (_, along_y) = potential::jvp(x, y, w, 0.0, 1.0, 0.0);
            [along_x, along_y]
        }
        Mode::Reverse => {
            let (along_x, along_y, _) = potential::grad(x, y, w);
            [along_x, along_y]
        }
    }
}

/// The derivative of a gradient along a direction is the Hessian times that direction, and the Hessian is symmetric.
#[derivative_of(slope)]
#[expect(clippy::type_complexity, reason = "the type that a rule must have")]
fn slope_vjp(
    x: f64,
    y: f64,
    w: f64,
    #[no_diff] mode: Mode,
) -> ([f64; 2], impl FnOnce([f64; 2]) -> (f64, f64, f64)) {
    (slope(x, y, w, mode), move |bar| potential::hvp(x, y, w, bar[0], bar[1], 0.0))
}

/// The square of the place where the particle lands.
#[differentiable(forward)]
pub fn miss(w: f64, #[no_diff] mode: Mode) -> f64 {
    const STEP: f64 = 0.1;
    let (mut x, mut y) = (0.0, 8.0);
    let (mut velocity_x, mut velocity_y) = (0.75, 0.0);
    loop {
        let slope = slope(x, y, w, mode);
        x += STEP * velocity_x;
        y += STEP * velocity_y;
        if y <= 0.0 {
            let after = -y / velocity_y;
            x += after * velocity_x;
            return x * x;
        }
        velocity_x -= STEP * slope[0];
        velocity_y -= STEP * slope[1];
    }
}

#[derive(Deserialize)]
struct Input {
    w: f64,
}

/// Serves `ff`, `fr`, `rf` and `rr`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (Input { w }, repetitions) = read(input)?;
    let Some((outer, inner)) = Mode::pair(function) else {
        return unknown(function);
    };
    let slope = |w: &[f64; 1]| match outer {
        Mode::Forward => [miss::jvp(w[0], inner, 1.0).1],
        Mode::Reverse => [miss::grad(w[0], inner)],
    };
    repetitions.evaluate(|| argmin([w], |w| miss(w[0], inner), slope)[0])
}
