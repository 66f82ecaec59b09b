//! Softmax and losses.

use super::arithmetic::primitives;
use super::matrix::flow2;
use super::{Accumulate, Like, Rule1, Rule2};
use crate::matrix::losses::{log_sum_exp, softmax as softmax_row};
use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

primitives! {
    /// Softmax of each row.
    ///
    /// Original: `y = x.softmax()`.
    /// Adjoint: each row of `x_bar += y ∘ (y_bar - y_bar · y)`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2, f64>) -> f64 { x.softmax()[(0, 0)] }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.25, -0.25]]));
    /// ```
    softmax;

    /// Logarithm of the softmax of each row.
    ///
    /// Original: `y = x.log_softmax()`.
    /// Adjoint: each row of `x_bar += y_bar - eʸ Σ y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2, f64>) -> f64 { x.log_softmax()[(0, 0)] }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.5, -0.5]]));
    /// ```
    log_softmax;

    /// Mean squared error.
    ///
    /// Original: `y = x.mean_squared_error(&t)`.
    /// Adjoint: `x_bar += 2 y_bar (x - t) / (N M)`, `t_bar -=` the same.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>, t: Matrix<1, 2>) -> f32 { x.mean_squared_error(&t) }
    /// let (dx, dt) = f::grad(Matrix::from_rows([[1.0, 2.0]]), Matrix::from_rows([[0.0, 4.0]]));
    /// assert_eq!(dx, Matrix::from_rows([[1.0, -2.0]]));
    /// assert_eq!(dt, -dx);
    /// ```
    mean_squared_error;

    /// Cross-entropy of the softmax of each row, averaged over the rows.
    ///
    /// Original: `y = x.softmax_cross_entropy(&t)`.
    /// Adjoint: each row of `x_bar += y_bar (softmax(x) Σ t - t) / N`, `t_bar -= y_bar log_softmax(x) / N`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2, f64>, label: [usize; 1]) -> f64 { x.softmax_cross_entropy(&label) }
    /// assert_eq!(f::grad(Matrix::zeros(), [0]), Matrix::from_rows([[-0.5, 0.5]]));
    /// ```
    softmax_cross_entropy;
}

/// Adds to an accumulator a matrix that is computed row by row: `function(i, row)` fills row `i`.
#[inline(always)]
fn flow_rows<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    function: impl Fn(usize, &mut [T; M]),
) {
    let write = |target: &mut Matrix<N, M, T, S>| {
        target
            .array_mut()
            .iter_mut()
            .enumerate()
            .for_each(|(i, row)| function(i, row));
    };
    bar.contribute(
        || {
            let mut target = Matrix::zeroed();
            write(&mut target);
            target
        },
        write,
        |target| {
            for (i, target) in target.array_mut().iter_mut().enumerate() {
                let mut row = [T::ZERO; M];
                function(i, &mut row);
                target
                    .iter_mut()
                    .zip(row)
                    .for_each(|(x, contribution)| *x += contribution);
            }
        },
    );
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<softmax, Like<Matrix<N, M, T, S>>>
    for &Matrix<N, M, T, S>
{
    #[inline(always)]
    fn __pullback1(
        self,
        _: softmax,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow_rows(x_bar, |i, target| {
            let (y, bar) = (&self.array()[i], &y_bar.array()[i]);
            let mean: T = y.iter().zip(bar).map(|(y, bar)| *y * *bar).sum();
            for (target, (y, bar)) in target.iter_mut().zip(y.iter().zip(bar)) {
                *target = *y * (*bar - mean);
            }
        });
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<log_softmax, Like<Matrix<N, M, T, S>>>
    for &Matrix<N, M, T, S>
{
    #[inline(always)]
    fn __pullback1(
        self,
        _: log_softmax,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow_rows(x_bar, |i, target| {
            let (y, bar) = (&self.array()[i], &y_bar.array()[i]);
            let total: T = bar.iter().copied().sum();
            for (target, (y, bar)) in target.iter_mut().zip(y.iter().zip(bar)) {
                *target = *bar - y.exp() * total;
            }
        });
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Rule2<mean_squared_error, &Matrix<N, M, T, S>, &Matrix<N, M, T, S2>> for Like<T>
{
    #[inline(always)]
    fn __pullback2(
        self,
        _: mean_squared_error,
        x: &Matrix<N, M, T, S>,
        t: &Matrix<N, M, T, S2>,
        y_bar: &T,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        t_bar: &mut impl Accumulate<Matrix<N, M, T, S2>>,
    ) {
        let factor = (*y_bar + *y_bar) / T::from_usize(N * M);
        flow2(x_bar, x.as_slice(), t.as_slice(), |x, t| factor * (x - t));
        flow2(t_bar, x.as_slice(), t.as_slice(), |x, t| factor * (t - x));
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<softmax_cross_entropy, &Matrix<N, M, T, S>, &[usize; N]>
    for Like<T>
{
    #[inline(always)]
    fn __pullback2(
        self,
        _: softmax_cross_entropy,
        x: &Matrix<N, M, T, S>,
        labels: &[usize; N],
        y_bar: &T,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<[(); N]>,
    ) {
        let factor = *y_bar / T::from_usize(N);
        flow_rows(x_bar, |i, target| {
            *target = x.array()[i];
            softmax_row(target);
            target[labels[i]] -= T::ONE;
            target.iter_mut().for_each(|x| *x *= factor);
        });
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Rule2<softmax_cross_entropy, &Matrix<N, M, T, S>, &Matrix<N, M, T, S2>> for Like<T>
{
    #[inline(always)]
    fn __pullback2(
        self,
        _: softmax_cross_entropy,
        x: &Matrix<N, M, T, S>,
        targets: &Matrix<N, M, T, S2>,
        y_bar: &T,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        t_bar: &mut impl Accumulate<Matrix<N, M, T, S2>>,
    ) {
        let factor = *y_bar / T::from_usize(N);
        flow_rows(x_bar, |i, target| {
            let t = &targets.array()[i];
            let total: T = t.iter().copied().sum();
            *target = x.array()[i];
            softmax_row(target);
            target
                .iter_mut()
                .zip(t)
                .for_each(|(x, t)| *x = factor * (*x * total - *t));
        });
        flow_rows(t_bar, |i, target| {
            let row = &x.array()[i];
            let normalizer = log_sum_exp(row);
            target
                .iter_mut()
                .zip(row)
                .for_each(|(target, x)| *target = factor * (normalizer - *x));
        });
    }
}
