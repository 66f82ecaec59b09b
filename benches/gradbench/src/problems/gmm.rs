//! The fit of a mixture of Gaussian distributions to points.

use std::f64::consts::{LN_2, PI, TAU};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tapeless::prelude::*;

use super::lse::log_sum_exp;
use crate::evaluation::{Evaluation, expect_len, flattened, read, rows, unknown};

/// A mixture of Gaussian distributions, what belongs to each of them one after another.
#[derive(Differentiable, Clone, Debug)]
pub struct Mixture {
    /// Logarithms of the weights, but for a common constant.
    pub alpha: Vec<f64>,
    /// Means.
    pub mu: Vec<f64>,
    /// Logarithms of the diagonals of the roots of the precision matrices.
    pub q: Vec<f64>,
    /// Those roots below the diagonal, column by column.
    pub l: Vec<f64>,
}

/// What the mixture is fitted to.
#[derive(Clone, Debug)]
pub struct Data {
    /// The dimension.
    pub d: usize,
    /// Distributions.
    pub k: usize,
    /// Points.
    pub n: usize,
    /// Degrees of freedom of the prior, less the dimension and one.
    pub m: usize,
    /// The scale of the prior.
    pub gamma: f64,
    /// The points, one after another.
    pub x: Vec<f64>,
}

/// The squared distance of `x` from the mean, in the metric whose root has this diagonal, and these rows below it.
#[differentiable(wrt(mean, diagonal, rows))]
fn mahalanobis(x: &[f64], mean: &[f64], diagonal: &[f64], rows: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let start = (i * i - i) / 2;
        let row = &rows[start..start + i];
        let mut y = diagonal[i] * (x[i] - mean[i]);
        for j in 0..i {
            y += row[j] * (x[j] - mean[j]);
        }
        sum += y * y;
    }
    sum
}

/// The logarithm of the likelihood of the data, with a Wishart prior.
#[differentiable(wrt(mixture))]
pub fn objective(mixture: &Mixture, #[no_diff] data: &Data) -> f64 {
    let &Data { d, k, n, m, gamma, .. } = data;
    let triangle = d * (d - 1) / 2;
    let mut diagonals = vec![0.0; k * d];
    // The roots below the diagonal, row by row.
    let mut rows = vec![0.0; k * triangle];
    let mut logarithms = vec![0.0; k];
    let mut prior = 0.0;
    for c in 0..k {
        let mut sum = 0.0;
        let mut squares = 0.0;
        for j in 0..d {
            let diagonal = mixture.q[c * d + j].exp();
            diagonals[c * d + j] = diagonal;
            sum += mixture.q[c * d + j];
            squares += diagonal * diagonal;
        }
        let mut entry = c * triangle;
        for j in 0..d {
            for i in j + 1..d {
                rows[c * triangle + (i * i - i) / 2 + j] = mixture.l[entry];
                squares += mixture.l[entry] * mixture.l[entry];
                entry += 1;
            }
        }
        logarithms[c] = mixture.alpha[c] + sum;
        prior += m as f64 * sum - 0.5 * gamma * gamma * squares;
    }
    let mut likelihood = 0.0;
    let mut beta = vec![0.0; k];
    for i in 0..n {
        let x = &data.x[i * d..(i + 1) * d];
        for c in 0..k {
            let (mean, diagonal) = (&mixture.mu[c * d..(c + 1) * d], &diagonals[c * d..(c + 1) * d]);
            let below = &rows[c * triangle..(c + 1) * triangle];
            beta[c] = logarithms[c] - 0.5 * mahalanobis(x, mean, diagonal, below);
        }
        likelihood += log_sum_exp(&beta);
    }
    likelihood - n as f64 * log_sum_exp(&mixture.alpha) + prior + constant(data)
}

/// What does not depend on the mixture.
fn constant(data: &Data) -> f64 {
    let &Data { d, k, n, m, gamma, .. } = data;
    let degrees = d as f64 + m as f64 + 1.0;
    let (d, k, n) = (d as f64, k as f64, n as f64);
    let normaliser = degrees * d * (gamma.ln() - 0.5 * LN_2) - ln_gamma(d, 0.5 * degrees);
    k * normaliser - 0.5 * n * d * TAU.ln()
}

/// The logarithm of the multivariate gamma function.
fn ln_gamma(d: f64, a: f64) -> f64 {
    let mut sum = 0.25 * d * (d - 1.0) * PI.ln();
    for j in 0..d as usize {
        sum += Real::ln_gamma(a - 0.5 * j as f64);
    }
    sum
}

#[derive(Deserialize)]
struct Input {
    d: usize,
    k: usize,
    n: usize,
    m: usize,
    gamma: f64,
    x: Vec<Vec<f64>>,
    alpha: Vec<f64>,
    mu: Vec<Vec<f64>>,
    q: Vec<Vec<f64>>,
    l: Vec<Vec<f64>>,
}

impl Input {
    fn validated(self) -> Result<(Mixture, Data), String> {
        let Self { d, k, n, m, gamma, x, alpha, mu, q, l } = self;
        if d == 0 || k == 0 {
            return Err("`d` and `k` must be positive".to_owned());
        }
        expect_len("x", x.len(), n)?;
        let x = flattened("x", &x, d)?;
        expect_len("alpha", alpha.len(), k)?;
        for (name, rows) in [("mu", &mu), ("q", &q), ("l", &l)] {
            expect_len(name, rows.len(), k)?;
        }
        // With a mean of this length, the product fits a number.
        let (mu, q) = (flattened("mu", &mu, d)?, flattened("q", &q, d)?);
        let l = flattened("l", &l, d * (d - 1) / 2)?;
        Ok((Mixture { alpha, mu, q, l }, Data { d, k, n, m, gamma, x }))
    }
}

#[derive(Serialize)]
struct Gradient<'g> {
    alpha: &'g [f64],
    mu: Vec<&'g [f64]>,
    q: Vec<&'g [f64]>,
    l: Vec<&'g [f64]>,
}

/// Serves `objective` and `jacobian`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (input, repetitions) = read::<Input>(input)?;
    let (mixture, data) = input.validated()?;
    match function {
        "objective" => repetitions.evaluate(|| objective(&mixture, &data)),
        "jacobian" => {
            let mut gradient = mixture.zero_tangent();
            let durations = repetitions.measure(|| objective::value_and_grad_into(&mixture, &data, &mut gradient));
            let output = Gradient {
                alpha: &gradient.alpha,
                mu: rows(&gradient.mu, data.k),
                q: rows(&gradient.q, data.k),
                l: rows(&gradient.l, data.k),
            };
            Evaluation::new(&output, durations)
        }
        _ => unknown(function),
    }
}
