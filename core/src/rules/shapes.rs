//! Matrices turned, joined, cut, reshaped, moved, and made from numbers.

use super::arithmetic::primitives;
use super::matrix::{flow, flow_sum};
use super::{Accumulate, IndexRule, Like, Rule1, Rule2, Rule3, cast};
use crate::matrix::{Inline, Matrix, Storage};
use crate::scalar::Real;

primitives! {
    /// Transpose.
    ///
    /// Original: `y = x.transpose()`.
    /// Adjoint: `x_bar += y_bar.transpose()`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>) -> f32 { x.transpose()[(1, 0)] }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 1.0]]));
    /// ```
    transpose;

    /// Two matrices side by side.
    ///
    /// Original: `y = a.hcat(&b)`.
    /// Adjoint: `a_bar +=` the left columns of `y_bar`, `b_bar +=` the right ones.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: Matrix<1, 1>, b: Matrix<1, 2>) -> f32 {
    ///     let joined: Matrix<1, 3> = a.hcat(&b);
    ///     joined[(0, 2)]
    /// }
    /// let (da, db) = f::grad(Matrix::zeros(), Matrix::zeros());
    /// assert_eq!((da, db), (Matrix::zeros(), Matrix::from_rows([[0.0, 1.0]])));
    /// ```
    hcat;

    /// Two matrices on top of each other.
    ///
    /// Original: `y = a.vcat(&b)`.
    /// Adjoint: `a_bar +=` the upper rows of `y_bar`, `b_bar +=` the lower ones.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: Matrix<1, 1>, b: Matrix<2, 1>) -> f32 {
    ///     let joined: Matrix<3, 1> = a.vcat(&b);
    ///     joined[(0, 0)]
    /// }
    /// let (da, db) = f::grad(Matrix::zeros(), Matrix::zeros());
    /// assert_eq!((da, db), (Matrix::ones(), Matrix::zeros()));
    /// ```
    vcat;

    /// The same elements in another shape.
    ///
    /// Original: `y = x.reshape()`.
    /// Adjoint: `x_bar += y_bar.reshape()`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 4>) -> f32 {
    ///     let square: Matrix<2, 2> = x.reshape();
    ///     square[(1, 0)]
    /// }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 0.0, 1.0, 0.0]]));
    /// ```
    reshape;

    /// A block.
    ///
    /// Original: `y = x.block(i, j)`.
    /// Adjoint: that block of `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<2, 2>) -> f32 { x.block::<1, 2>(1, 0).sum() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 0.0], [1.0, 1.0]]));
    /// ```
    block;

    /// A row.
    ///
    /// Original: `y = x.row(i)`.
    /// Adjoint: row `i` of `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<2, 2>) -> f32 { x.row(1).sum() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 0.0], [1.0, 1.0]]));
    /// ```
    row;

    /// A column.
    ///
    /// Original: `y = x.column(j)`.
    /// Adjoint: column `j` of `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<2, 2>) -> f32 { x.column(1).sum() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::from_rows([[0.0, 1.0], [0.0, 1.0]]));
    /// ```
    column;

    /// The same matrix on the heap.
    ///
    /// Original: `y = x.to_heap()`.
    /// Adjoint: `x_bar += y_bar`.
    /// ```
    /// # #[cfg(feature = "alloc")] {
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: Matrix<1, 2>) -> f32 { x.to_heap().sum() }
    /// assert_eq!(f::grad(Matrix::zeros()), Matrix::ones());
    /// # }
    /// ```
    to_heap;

    /// The same matrix inline.
    ///
    /// Original: `y = x.to_inline()`.
    /// Adjoint: `x_bar += y_bar`.
    /// ```
    /// # #[cfg(feature = "alloc")] {
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: &HeapMatrix<1, 2>) -> f32 { x.to_inline().sum() }
    /// assert_eq!(f::grad(&HeapMatrix::zeros()), HeapMatrix::<1, 2>::ones());
    /// # }
    /// ```
    to_inline;

    /// A matrix from an array of rows.
    ///
    /// Original: `y = Matrix::from_rows(x)`.
    /// Adjoint: `x_bar += y_bar`, element by element.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 {
    ///     let rotation = Matrix::from_rows([[a, -b], [b, a]]);
    ///     (rotation * Matrix::from_rows([[1.0], [2.0]])).sum()
    /// }
    /// assert_eq!(f::grad(1.0, 0.0), (3.0, -1.0));
    /// ```
    from_rows;

    /// A matrix with all elements alike.
    ///
    /// Original: `y = Matrix::filled(x)`.
    /// Adjoint: `x_bar += Σ y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64) -> f64 { Matrix::<2, 3, f64>::filled(x).sum() }
    /// assert_eq!(f::grad(1.0), 6.0);
    /// ```
    filled;
}

impl<const N: usize, const M: usize, T: Real, S: Storage> IndexRule<(usize, usize)> for Matrix<N, M, T, S> {
    type Element = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self, (i, j): (usize, usize)) -> crate::accumulate::ScalarAccumulator<'_, T> {
        crate::accumulate::ScalarAccumulator::Place(&mut cotangent[(i, j)])
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<transpose, Like<Matrix<N, M, T, S>>>
    for Like<Matrix<M, N, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: transpose,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<M, N, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        if x_bar.is_active() {
            x_bar.add(y_bar.transpose());
        }
    }
}

// The right matrix has as many rows: where it has not, the operation itself is the error.
impl<
    const N: usize,
    const K: usize,
    const A: usize,
    const B: usize,
    const AB: usize,
    T: Real,
    S: Storage,
    S2: Storage,
    S3: Storage,
> Rule2<hcat, Like<Matrix<N, A, T, S>>, Like<Matrix<K, B, T, S2>>> for Like<Matrix<N, AB, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: hcat,
        _: Like<Matrix<N, A, T, S>>,
        _: Like<Matrix<K, B, T, S2>>,
        y_bar: &Matrix<N, AB, T, S3>,
        a_bar: &mut impl Accumulate<Matrix<N, A, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<K, B, T, S2>>,
    ) {
        flow_part(a_bar, |i, j| y_bar[(i, j)]);
        flow_part(b_bar, |i, j| y_bar[(i, A + j)]);
    }
}

// The lower matrix has as many columns: where it has not, the operation itself is the error.
impl<
    const A: usize,
    const B: usize,
    const AB: usize,
    const M: usize,
    const K: usize,
    T: Real,
    S: Storage,
    S2: Storage,
    S3: Storage,
> Rule2<vcat, Like<Matrix<A, M, T, S>>, Like<Matrix<B, K, T, S2>>> for Like<Matrix<AB, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: vcat,
        _: Like<Matrix<A, M, T, S>>,
        _: Like<Matrix<B, K, T, S2>>,
        y_bar: &Matrix<AB, M, T, S3>,
        a_bar: &mut impl Accumulate<Matrix<A, M, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<B, K, T, S2>>,
    ) {
        flow(a_bar, &y_bar.as_slice()[..A * M], |bar| bar);
        flow(b_bar, &y_bar.as_slice()[A * M..], |bar| bar);
    }
}

/// Adds `function(i, j)` to each element of an accumulator.
#[cfg_attr(not(debug_assertions), inline(always))]
fn flow_part<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    function: impl Fn(usize, usize) -> T,
) {
    if let Some(target) = bar.live(Matrix::zeroed) {
        for (i, row) in target.array_mut().iter_mut().enumerate() {
            row.iter_mut().enumerate().for_each(|(j, x)| *x += function(i, j));
        }
    }
}

impl<const N: usize, const M: usize, const N2: usize, const M2: usize, T: Real, S: Storage>
    Rule1<reshape, Like<Matrix<N, M, T, S>>> for Like<Matrix<N2, M2, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: reshape,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N2, M2, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow(x_bar, y_bar.as_slice(), |bar| bar);
    }
}

impl<const N: usize, const M: usize, const R: usize, const C: usize, T: Real, S: Storage>
    Rule3<block, Like<Matrix<N, M, T, S>>, &usize, &usize> for Like<Matrix<R, C, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback3(
        self,
        _: block,
        _: Like<Matrix<N, M, T, S>>,
        i: &usize,
        j: &usize,
        y_bar: &Matrix<R, C, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<()>,
        _: &mut impl Accumulate<()>,
    ) {
        if let Some(target) = x_bar.live(Matrix::zeroed) {
            for (target, source) in target.array_mut()[*i..].iter_mut().zip(y_bar.rows()) {
                target[*j..].iter_mut().zip(source).for_each(|(x, bar)| *x += *bar);
            }
        }
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<row, Like<Matrix<N, M, T, S>>, &usize>
    for Like<Matrix<1, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: row,
        _: Like<Matrix<N, M, T, S>>,
        i: &usize,
        y_bar: &Matrix<1, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<()>,
    ) {
        if let Some(target) = x_bar.live(Matrix::zeroed) {
            target.array_mut()[*i]
                .iter_mut()
                .zip(y_bar.as_slice())
                .for_each(|(x, bar)| *x += *bar);
        }
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<column, Like<Matrix<N, M, T, S>>, &usize>
    for Like<Matrix<N, 1, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: column,
        _: Like<Matrix<N, M, T, S>>,
        j: &usize,
        y_bar: &Matrix<N, 1, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<()>,
    ) {
        if let Some(target) = x_bar.live(Matrix::zeroed) {
            target
                .array_mut()
                .iter_mut()
                .zip(y_bar.as_slice())
                .for_each(|(row, bar)| row[*j] += *bar);
        }
    }
}

/// The same elements elsewhere.
macro_rules! moved {
    ($($name:ident to $S2:ty $(, $generic:ident)?;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<$name, Like<Matrix<N, M, T, S>>>
            for Like<Matrix<N, M, T, $S2>>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(
                self,
                _: $name,
                _: Like<Matrix<N, M, T, S>>,
                y_bar: &Matrix<N, M, T, $S2>,
                x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
            ) {
                flow(x_bar, y_bar.as_slice(), |bar| bar);
            }
        }
    )*};
}

moved! {
    to_inline to Inline;
}
#[cfg(feature = "alloc")]
moved! {
    to_heap to crate::matrix::Heap;
}

/// From an array of rows.
macro_rules! from_arrays {
    ($($name:ident $Storage:ident;)*) => {$(
        impl<const N: usize, const M: usize, T: Real> Rule1<$name, Like<[[T; M]; N]>> for Like<Matrix<N, M, T, $Storage>> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(
                self,
                _: $name,
                _: Like<[[T; M]; N]>,
                y_bar: &Matrix<N, M, T, $Storage>,
                x_bar: &mut impl Accumulate<[[T; M]; N]>,
            ) {
                if x_bar.is_active() {
                    x_bar.add(y_bar.to_rows());
                }
            }
        }
    )*};
}

from_arrays! {
    from_rows Inline;
    cast Inline;
}
#[cfg(feature = "alloc")]
use crate::matrix::Heap;
#[cfg(feature = "alloc")]
from_arrays! {
    from_rows Heap;
}

impl<const N: usize, const M: usize, T: Real> Rule1<cast, Like<Matrix<N, M, T, Inline>>> for Like<[[T; M]; N]> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: cast,
        _: Like<Matrix<N, M, T, Inline>>,
        y_bar: &[[T; M]; N],
        x_bar: &mut impl Accumulate<Matrix<N, M, T, Inline>>,
    ) {
        flow(x_bar, y_bar.as_flattened(), |bar| bar);
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<filled, Like<T>> for Like<Matrix<N, M, T, S>> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(self, _: filled, _: Like<T>, y_bar: &Matrix<N, M, T, S>, x_bar: &mut impl Accumulate<T>) {
        flow_sum(x_bar, || y_bar.sum());
    }
}
