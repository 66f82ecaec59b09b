//! Linear least squares: the polynomial that is nearest to the sign on [−1, 1].

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, read, unknown};

/// Half the sum of the squares of sign(t) − Σ xⱼ tʲ, at n equidistant t.
#[differentiable]
pub fn half_square_distance(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        let t = -1.0 + 2.0 * i as f64 / (n - 1) as f64;
        let mut residual = sign(t);
        let mut power = 1.0;
        for coefficient in x {
            residual -= coefficient * power;
            power *= t;
        }
        sum += residual * residual;
    }
    0.5 * sum
}

fn sign(t: f64) -> f64 {
    if t == 0.0 { 0.0 } else { t.signum() }
}

#[derive(Deserialize)]
struct Input {
    x: Vec<f64>,
    n: usize,
}

/// Serves `primal` and `gradient`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (Input { x, n }, repetitions) = read(input)?;
    if n < 2 {
        return Err("`n` must be at least 2".to_owned());
    }
    match function {
        "primal" => repetitions.evaluate(|| half_square_distance(&x, n)),
        "gradient" => {
            let mut gradient = vec![0.0; x.len()];
            let durations = repetitions.measure(|| half_square_distance::value_and_grad_into(&x, n, &mut gradient));
            Evaluation::new(&gradient, durations)
        }
        _ => unknown(function),
    }
}
