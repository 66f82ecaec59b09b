//! Softmax and losses.

use super::arithmetic::primitives;
use super::matrix::flow2;
use super::{Accumulate, Like, Rule1, Rule2};
use crate::lanes;
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

/// Adds to an accumulator what `change(i, rows)` makes of the rows of `source` from row `i` on.
#[cfg_attr(not(debug_assertions), inline(always))]
fn flow_rows<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    source: &[[T; M]; N],
    change: impl Fn(usize, &mut [[T; M]]),
) {
    bar.contribute_written(
        // SAFETY: all elements are written in the next step.
        || unsafe { Matrix::blank() },
        |target| {
            // SAFETY: as many elements are written as there are.
            let slots = unsafe { target.slots() };
            slots.as_flattened_mut().write_copy_of_slice(source.as_flattened());
            change(0, target.array_mut());
        },
        |target| {
            for (i, (target, row)) in target.array_mut().iter_mut().zip(source).enumerate() {
                let mut row = *row;
                change(i, core::slice::from_mut(&mut row));
                lanes::map_add(&row, target, |x| x);
            }
        },
    );
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<softmax, Like<Matrix<N, M, T, S>>>
    for &Matrix<N, M, T, S>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: softmax,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow_rows(x_bar, self.array(), |i, rows| {
            lanes::softmax_pulled(rows, &y_bar.array()[i..])
        });
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<log_softmax, Like<Matrix<N, M, T, S>>>
    for &Matrix<N, M, T, S>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: log_softmax,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow_rows(x_bar, self.array(), |i, rows| {
            lanes::log_softmax_pulled(rows, &y_bar.array()[i..])
        });
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Rule2<mean_squared_error, &Matrix<N, M, T, S>, &Matrix<N, M, T, S2>> for Like<T>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
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
        flow2(x_bar, x.as_slice(), t.as_slice(), |x: T, t: T| factor * (x - t));
        flow2(t_bar, x.as_slice(), t.as_slice(), |x: T, t: T| factor * (t - x));
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<softmax_cross_entropy, &Matrix<N, M, T, S>, &[usize; N]>
    for Like<T>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
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
        flow_rows(x_bar, x.array(), |i, rows| {
            lanes::label_slopes(rows, &labels[i..], factor)
        });
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Rule2<softmax_cross_entropy, &Matrix<N, M, T, S>, &Matrix<N, M, T, S2>> for Like<T>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
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
        flow_rows(x_bar, x.array(), |i, rows| {
            lanes::slopes(rows, &targets.array()[i..], factor)
        });
        flow_rows(t_bar, x.array(), |_, rows| lanes::log_softmax(rows, -factor));
    }
}
