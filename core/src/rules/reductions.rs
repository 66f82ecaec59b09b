//! Reductions of a matrix: sums, means, extrema, norms, inner products; the bias that is added to each row.

use super::arithmetic::primitives;
use super::matrix::{flow, flow_constant};
use super::{Accumulate, Like, Rule1, Rule2, max, min};
use crate::lanes;
use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

primitives! {
    /// Product of corresponding elements.
    ///
    /// Original: `y = a.hadamard(&b)`.
    /// Adjoint: `a_bar += y_bar ∘ b`, `b_bar += y_bar ∘ a`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: Matrix<1, 2>, b: Matrix<1, 2>) -> f32 { a.hadamard(&b).sum() }
    /// let (a, b) = (Matrix::from_rows([[1.0, 2.0]]), Matrix::from_rows([[3.0, 4.0]]));
    /// assert_eq!(f::grad(a, b), (b, a));
    /// ```
    hadamard;

    /// Sum of all elements.
    ///
    /// Original: `y = x.sum()`.
    /// Adjoint: `x_bar += y_bar`, in each element.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>) -> f32 { x.sum() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::ones());
    /// ```
    sum;

    /// Mean of all elements.
    ///
    /// Original: `y = x.mean()`.
    /// Adjoint: `x_bar += y_bar / (N M)`, in each element.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>) -> f32 { x.mean() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::filled(0.5));
    /// ```
    mean;

    /// Sum of the rows.
    ///
    /// Original: `y = x.sum_rows()`.
    /// Adjoint: each row of `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<2, 2>) -> f32 { x.sum_rows()[(0, 1)] }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 1.0], [0.0, 1.0]]));
    /// ```
    sum_rows;

    /// Sum of the columns.
    ///
    /// Original: `y = x.sum_columns()`.
    /// Adjoint: each column of `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<2, 2>) -> f32 { x.sum_columns()[(1, 0)] }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 0.0], [1.0, 1.0]]));
    /// ```
    sum_columns;

    /// Trace.
    ///
    /// Original: `y = x.trace()`.
    /// Adjoint: the diagonal of `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<2, 2>) -> f32 { x.trace() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::identity());
    /// ```
    trace;

    /// Euclidean norm.
    ///
    /// Original: `y = x.norm()`.
    /// Adjoint: `x_bar += y_bar x / y`. Not differentiable at 0; the derivative there is 0.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>) -> f32 { x.norm() }
    /// assert_eq!(f::grad(Matrix::from_rows([[3.0, 4.0]])), Matrix::from_rows([[0.6, 0.8]]));
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::zeros());
    /// ```
    norm;

    /// Square of the Euclidean norm.
    ///
    /// Original: `y = x.norm_squared()`.
    /// Adjoint: `x_bar += 2 y_bar x`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>) -> f32 { x.norm_squared() }
    /// assert_eq!(f::grad(Matrix::from_rows([[3.0, 4.0]])), Matrix::from_rows([[6.0, 8.0]]));
    /// ```
    norm_squared;

    /// Sum of the products of corresponding elements.
    ///
    /// Original: `y = a.dot(&b)`.
    /// Adjoint: `a_bar += y_bar b`, `b_bar += y_bar a`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: Matrix<1, 2>, b: Matrix<1, 2>) -> f32 { a.dot(&b) }
    /// let (a, b) = (Matrix::from_rows([[1.0, 2.0]]), Matrix::from_rows([[3.0, 4.0]]));
    /// assert_eq!(f::grad(a, b), (b, a));
    /// ```
    dot;

    /// A row added to each row: the bias of an affine layer.
    ///
    /// Original: `y = x.add_row(&b)`.
    /// Adjoint: `x_bar += y_bar`, `b_bar += y_bar.sum_rows()`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<3, 2>, b: Matrix<1, 2>) -> f32 { x.add_row(&b).sum() }
    /// assert_eq!(f::grad(Matrix::zeros(), Matrix::zeros()), (Matrix::ones(), Matrix::filled(3.0)));
    /// ```
    add_row;
}

/// Declares the rule of a reduction that reads nothing.
macro_rules! reduction {
    ($($name:ident -> $Result:ty: |$y_bar:ident, $x_bar:ident| $body:expr;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<$name, Like<Matrix<N, M, T, S>>>
            for Like<$Result>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(
                self,
                _: $name,
                _: Like<Matrix<N, M, T, S>>,
                $y_bar: &$Result,
                $x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
            ) {
                $body
            }
        }
    )*};
}

reduction! {
    sum -> T: |y_bar, x_bar| flow_constant(x_bar, *y_bar);
    mean -> T: |y_bar, x_bar| flow_constant(x_bar, *y_bar / T::from_usize(N * M));
    sum_rows -> Matrix<1, M, T, S>: |y_bar, x_bar| x_bar.contribute(
        || {
            let mut target = Matrix::zeroed();
            target.array_mut().fill(y_bar.array()[0]);
            target
        },
        |target| target.array_mut().fill(y_bar.array()[0]),
        |target| add_to_rows(target, y_bar),
    );
    sum_columns -> Matrix<N, 1, T, S>: |y_bar, x_bar| {
        let write = |target: &mut Matrix<N, M, T, S>| {
            target.array_mut().iter_mut().zip(y_bar.as_slice()).for_each(|(row, bar)| row.fill(*bar));
        };
        x_bar.contribute(
            || {
                let mut target = Matrix::zeroed();
                write(&mut target);
                target
            },
            write,
            |target| {
                for (row, bar) in target.array_mut().iter_mut().zip(y_bar.as_slice()) {
                    row.iter_mut().for_each(|x| *x += *bar);
                }
            },
        );
    };
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn add_to_rows<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>(
    target: &mut Matrix<N, M, T, S>,
    row: &Matrix<1, M, T, S2>,
) {
    for target in target.array_mut() {
        target.iter_mut().zip(row.as_slice()).for_each(|(x, bar)| *x += *bar);
    }
}

impl<const N: usize, T: Real, S: Storage> Rule1<trace, Like<Matrix<N, N, T, S>>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: trace,
        _: Like<Matrix<N, N, T, S>>,
        y_bar: &T,
        x_bar: &mut impl Accumulate<Matrix<N, N, T, S>>,
    ) {
        if let Some(target) = x_bar.live(Matrix::zeroed) {
            (0..N).for_each(|i| target[(i, i)] += *y_bar);
        }
    }
}

/// The extrema: what flows back goes to the first element that attains them.
macro_rules! extremum {
    ($($name:ident)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<$name, &Matrix<N, M, T, S>> for &T {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(
                self,
                _: $name,
                x: &Matrix<N, M, T, S>,
                y_bar: &T,
                x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
            ) {
                if let Some(index) = x.iter().position(|x| x == self)
                    && let Some(target) = x_bar.live(Matrix::zeroed)
                {
                    target.as_mut_slice()[index] += *y_bar;
                }
            }
        }
    )*};
}

extremum!(max min);

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<norm, &Matrix<N, M, T, S>> for &T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(self, _: norm, x: &Matrix<N, M, T, S>, y_bar: &T, x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>) {
        if *self == T::ZERO {
            return flow_constant(x_bar, T::ZERO);
        }
        // Each quotient is at most one, which the reciprocal of a small norm is not.
        flow(x_bar, x.as_slice(), |x| *y_bar * (x / *self));
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<norm_squared, &Matrix<N, M, T, S>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: norm_squared,
        x: &Matrix<N, M, T, S>,
        y_bar: &T,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        let factor = *y_bar + *y_bar;
        flow(x_bar, x.as_slice(), |x| factor * x);
    }
}

/// The inner product, given what the rule reads of each operand.
macro_rules! dots {
    ($($Left:ty, $Right:ty: $a:ident, $b:ident, $y_bar:ident, $a_bar:ident, $b_bar:ident => $body:block;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> Rule2<dot, $Left, $Right> for Like<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: dot,
                $a: $Left,
                $b: $Right,
                $y_bar: &T,
                $a_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
                $b_bar: &mut impl Accumulate<Matrix<N, M, T, S2>>,
            ) $body
        }
    )*};
}

dots! {
    &Matrix<N, M, T, S>, &Matrix<N, M, T, S2>: a, b, y_bar, a_bar, b_bar => {
        flow(a_bar, b.as_slice(), |b| *y_bar * b);
        flow(b_bar, a.as_slice(), |a| *y_bar * a);
    };
    Like<Matrix<N, M, T, S>>, &Matrix<N, M, T, S2>: _a, b, y_bar, a_bar, _b_bar => {
        flow(a_bar, b.as_slice(), |b| *y_bar * b);
    };
    &Matrix<N, M, T, S>, Like<Matrix<N, M, T, S2>>: a, _b, y_bar, _a_bar, b_bar => {
        flow(b_bar, a.as_slice(), |a| *y_bar * a);
    };
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<add_row, Like<Matrix<N, M, T, S>>, Like<Matrix<1, M, T, S2>>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: add_row,
        _: Like<Matrix<N, M, T, S>>,
        _: Like<Matrix<1, M, T, S2>>,
        y_bar: &Matrix<N, M, T, S3>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<1, M, T, S2>>,
    ) {
        flow(x_bar, y_bar.as_slice(), |bar| bar);
        let run = |target: &mut Matrix<1, M, T, S2>, add| {
            lanes::sum_rows(y_bar.array(), &mut target.array_mut()[0], add);
        };
        b_bar.contribute_written(Matrix::zeroed, |target| run(target, false), |target| run(target, true));
    }
}
