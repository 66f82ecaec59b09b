//! A user's crate without a prelude: generated code finds all it needs by absolute paths.
#![no_implicit_prelude]

use ::tapeless::{Differentiable, Matrix, derivative_of, differentiable};

/// A struct.
#[derive(Differentiable, ::core::clone::Clone, ::core::fmt::Debug)]
pub struct Point<const N: usize> {
    /// Coordinates.
    pub x: [f64; N],
    /// Mass.
    pub mass: ::core::option::Option<f64>,
    /// Not differentiable.
    #[no_diff]
    pub count: usize,
}

/// A tuple struct.
#[derive(Differentiable, ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct Pair(pub f64, #[no_diff] pub f64);

/// Operators, functions and branches.
#[differentiable]
pub fn branches(x: f64, y: f64, n: u8) -> f64 {
    let mut s = x * y;
    if s > 0.0 {
        s = s.sin();
    } else if n > 3 {
        return y;
    }
    match n {
        0 => s,
        1 | 2 => -s,
        _ => s / y,
    }
}

/// References, closures and calls.
#[differentiable]
pub fn calls<const N: usize>(p: &Point<N>, q: Pair) -> f64 {
    let f = |a: f64| a * q.0;
    let (a, b) = pair(&p.x[0], q.1);
    branches(a, f(b), 1) + external(a) + p.x[N - 1]
}

#[differentiable]
fn pair(x: &f64, y: f64) -> (f64, f64) {
    (*x * y, *x + y)
}

/// Matrices.
#[differentiable]
pub fn matrices(a: &Matrix<2, 3, f64>, b: &Matrix<3, 2, f64>) -> f64 {
    (a * b).tanh().sum()
}

/// Slices, and iterators over them.
#[differentiable]
pub fn chains(x: &[f64], y: &[f64; 3]) -> f64 {
    use ::core::iter::Iterator;
    let largest = x.iter().max_by(|a, b| a.total_cmp(b)).unwrap_or(&0.5);
    let both: f64 = x.iter().chain(y).map(|v| v * largest).sum();
    let mut z = y.map(|y| y * y);
    for (z, x) in z.iter_mut().zip(x) {
        *z += x;
    }
    let kept: ::std::vec::Vec<f64> = x.iter().copied().filter(|x| *x > 0.0).collect();
    let parts: f64 = x.chunks(2).map(|c| norm(c) * norm(&c[..1])).product();
    both + norm(&z) + kept.iter().rev().fold(0.0, |a, b| a * 0.5 + b) + parts
}

#[differentiable]
fn norm(x: &[f64]) -> f64 {
    use ::core::iter::Iterator;
    x.iter().map(|x| x * x).sum()
}

fn external(x: f64) -> f64 {
    x * x
}

#[derivative_of(external)]
fn external_vjp(x: f64) -> (f64, impl ::core::ops::FnOnce(f64) -> f64) {
    (x * x, move |bar| bar * 2.0 * x)
}

#[cfg(test)]
mod tests {
    use super::{Pair, Point, branches, calls, chains, matrices};
    use ::tapeless::{Matrix, assert_gradient};

    #[test]
    fn derivatives_are_found() {
        let p = Point {
            x: [0.5, 1.5, 2.5],
            mass: ::core::option::Option::None,
            count: 1,
        };
        assert_gradient!(branches, 0.5, 0.7, 0);
        assert_gradient!(branches, 0.5, -0.7, 5);
        assert_gradient!(calls, &p, Pair(0.3, 0.4));
        let a = Matrix::from_rows([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
        assert_gradient!(matrices, &a, &a.transpose());
        assert_gradient!(chains, &[0.5, -0.7, 1.2], &[0.3, 0.1, 0.9]);
        ::std::assert_eq!(p.count, 1);
    }
}
