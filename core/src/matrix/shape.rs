//! Matrices turned, joined, cut and reshaped.
//!
//! What const generics cannot say on stable, that the columns of two matrices add up to the columns of a third, goes
//! through `typenum`. Its numbers end at 1024; for larger sizes each operation has a variant, `…_large`, whose sizes are
//! checked when code is generated for it.

use core::ops::{Add, Mul};

use typenum::{B1, Const, Eq, IsEqual, IsLessOrEqual, LeEq, Prod, Sum, ToUInt};

use super::{Join, Matrix, Storage};
use crate::scalar::Real;

/// A number of rows or columns, as it is shown in messages.
#[derive(Clone, Copy, Debug)]
pub struct Dim<const N: usize>;

/// The `typenum` number of a dimension.
type Number<const N: usize> = <Const<N> as ToUInt>::Output;

/// The columns of two matrices add up to those of the result.
#[diagnostic::on_unimplemented(
    message = "columns do not add up: {A} and {B} side by side are not {AB}",
    label = "the joined matrix must have as many columns as both together",
    note = "write the joined width in the result's type: `let c: Matrix<N, {{A + B}}> = a.hcat(&b)`"
)]
pub trait ColumnsAdd<A, B, AB> {}
impl<A, B, AB> ColumnsAdd<A, B, AB> for B1 {}

/// The rows of two matrices add up to those of the result.
#[diagnostic::on_unimplemented(
    message = "rows do not add up: {A} and {B} on top of each other are not {AB}",
    label = "the joined matrix must have as many rows as both together",
    note = "write the joined height in the result's type: `let c: Matrix<{{A + B}}, M> = a.vcat(&b)`"
)]
pub trait RowsAdd<A, B, AB> {}
impl<A, B, AB> RowsAdd<A, B, AB> for B1 {}

/// Two shapes have the same number of elements.
#[diagnostic::on_unimplemented(
    message = "cannot reshape {N} rows of {M} to {N2} rows of {M2}: the number of elements differs",
    label = "the new shape must have as many elements"
)]
pub trait SameCount<N, M, N2, M2> {}
impl<N, M, N2, M2> SameCount<N, M, N2, M2> for B1 {}

/// A block is not larger than the matrix.
#[diagnostic::on_unimplemented(
    message = "a block of {R} does not fit into {N}",
    label = "the block must not be larger than the matrix"
)]
pub trait Fits<R, N> {}
impl<R, N> Fits<R, N> for B1 {}

impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
    /// The transpose. [Rule](crate::rules::transpose).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0, 3.0]]);
    /// assert_eq!(m.transpose(), Matrix::from_rows([[1.0], [2.0], [3.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn transpose(&self) -> Matrix<M, N, T, S> {
        let mut result: Matrix<M, N, T, S> = Matrix::zeroed();
        for (j, row) in result.array_mut().iter_mut().enumerate() {
            row.iter_mut().zip(self.rows()).for_each(|(x, source)| *x = source[j]);
        }
        result
    }

    /// This matrix and, to its right, another one with as many rows. [Rule](crate::rules::hcat).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let a = Matrix::from_rows([[1.0, 2.0]]);
    /// let b = Matrix::from_rows([[3.0]]);
    /// let c: Matrix<1, 3, f64> = a.hcat(&b);
    /// assert_eq!(c, Matrix::from_rows([[1.0, 2.0, 3.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn hcat<Right, const MB: usize>(&self, other: Right) -> <Self as SideBySide<Right, MB>>::Output
    where
        Self: SideBySide<Right, MB>,
    {
        self.join(other)
    }

    /// [`hcat`](Self::hcat) for any size, checked when code is generated.
    #[must_use]
    #[inline]
    pub fn hcat_large<const B: usize, const MB: usize, S2: Storage>(
        &self,
        other: &Matrix<N, B, T, S2>,
    ) -> Matrix<N, MB, T, S::Output>
    where
        S: Join<S2>,
    {
        const { assert!(M + B == MB, "hcat: the columns do not add up") };
        side_by_side(self, other)
    }

    /// This matrix and, below it, another one with as many columns. [Rule](crate::rules::vcat).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let a = Matrix::from_rows([[1.0], [2.0]]);
    /// let b = Matrix::from_rows([[3.0]]);
    /// let c: Matrix<3, 1, f64> = a.vcat(&b);
    /// assert_eq!(c, Matrix::from_rows([[1.0], [2.0], [3.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn vcat<Below, const NB: usize>(&self, other: Below) -> <Self as OnTop<Below, NB>>::Output
    where
        Self: OnTop<Below, NB>,
    {
        self.join(other)
    }

    /// [`vcat`](Self::vcat) for any size, checked when code is generated.
    #[must_use]
    #[inline]
    pub fn vcat_large<const B: usize, const NB: usize, S2: Storage>(
        &self,
        other: &Matrix<B, M, T, S2>,
    ) -> Matrix<NB, M, T, S::Output>
    where
        S: Join<S2>,
    {
        const { assert!(N + B == NB, "vcat: the rows do not add up") };
        on_top(self, other)
    }

    /// The same elements, row after row, in another shape. [Rule](crate::rules::reshape).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0, 3.0, 4.0]]);
    /// let square: Matrix<2, 2, f64> = m.reshape();
    /// assert_eq!(square, Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn reshape<const N2: usize, const M2: usize>(&self) -> Matrix<N2, M2, T, S>
    where
        Const<N>: ToUInt,
        Const<M>: ToUInt,
        Const<N2>: ToUInt,
        Const<M2>: ToUInt,
        Number<N>: Mul<Number<M>>,
        Number<N2>: Mul<Number<M2>>,
        Prod<Number<N>, Number<M>>: IsEqual<Prod<Number<N2>, Number<M2>>>,
        Eq<Prod<Number<N>, Number<M>>, Prod<Number<N2>, Number<M2>>>: SameCount<Dim<N>, Dim<M>, Dim<N2>, Dim<M2>>,
    {
        reshaped(self)
    }

    /// [`reshape`](Self::reshape) for any size, checked when code is generated.
    #[must_use]
    #[inline]
    pub fn reshape_large<const N2: usize, const M2: usize>(&self) -> Matrix<N2, M2, T, S> {
        const { assert!(N * M == N2 * M2, "reshape: the number of elements differs") };
        reshaped(self)
    }

    /// The block of `R` rows and `C` columns whose first element is in row `i` and column `j`. [Rule](crate::rules::block).
    ///
    /// # Panics
    /// If the block reaches over the end of the matrix.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(m.block::<2, 1>(0, 2), Matrix::from_rows([[3.0], [6.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn block<const R: usize, const C: usize>(&self, i: usize, j: usize) -> Matrix<R, C, T, S>
    where
        Const<N>: ToUInt,
        Const<M>: ToUInt,
        Const<R>: ToUInt,
        Const<C>: ToUInt,
        Number<R>: IsLessOrEqual<Number<N>>,
        Number<C>: IsLessOrEqual<Number<M>>,
        LeEq<Number<R>, Number<N>>: Fits<Dim<R>, Dim<N>>,
        LeEq<Number<C>, Number<M>>: Fits<Dim<C>, Dim<M>>,
    {
        block_at(self, i, j)
    }

    /// [`block`](Self::block) for any size, checked when code is generated.
    ///
    /// # Panics
    /// If the block reaches over the end of the matrix.
    #[must_use]
    #[inline]
    pub fn block_large<const R: usize, const C: usize>(&self, i: usize, j: usize) -> Matrix<R, C, T, S> {
        const { assert!(R <= N && C <= M, "block: larger than the matrix") };
        block_at(self, i, j)
    }
}

/// Two matrices have as many rows, or as many columns.
#[derive(Clone, Copy, Debug)]
pub struct Border<const LEFT: usize, const RIGHT: usize>;

/// The borders of two matrices that are joined have the same length.
#[diagnostic::on_unimplemented(
    message = "cannot join `{Left}` and `{Right}`: side by side they need as many rows, on top of each other as many columns",
    label = "the borders differ"
)]
pub trait EqualBorders<Left, Right> {
    /// The type of a result, which exists only if the borders fit.
    type Checked<R>;
    /// The result.
    fn checked<R>(result: R) -> Self::Checked<R>;
}

impl<const L: usize, Left, Right> EqualBorders<Left, Right> for Border<L, L> {
    type Checked<R> = R;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn checked<R>(result: R) -> R {
        result
    }
}

/// What can stand to the right of a matrix, in a joined matrix of `MB` columns.
#[diagnostic::on_unimplemented(
    message = "cannot join `{Self}` and `{Right}` to {MB} columns",
    label = "expected a matrix with as many rows"
)]
pub trait SideBySide<Right, const MB: usize> {
    /// The type of the joined matrix.
    type Output;
    /// The joined matrix.
    fn join(&self, right: Right) -> Self::Output;
}

/// What can stand below a matrix, in a joined matrix of `NB` rows.
#[diagnostic::on_unimplemented(
    message = "cannot join `{Self}` and `{Below}` to {NB} rows",
    label = "expected a matrix with as many columns"
)]
pub trait OnTop<Below, const NB: usize> {
    /// The type of the joined matrix.
    type Output;
    /// The joined matrix.
    fn join(&self, below: Below) -> Self::Output;
}

macro_rules! joins {
    ($($Right:ty, $Below:ty;)*) => {$(
        impl<
            const N: usize, const M: usize, const N2: usize, const B: usize, const MB: usize,
            T: Real, S: Join<S2>, S2: Storage,
        > SideBySide<$Right, MB> for Matrix<N, M, T, S>
        where
            Border<N, N2>: EqualBorders<Self, Matrix<N2, B, T, S2>>,
            Const<M>: ToUInt,
            Const<B>: ToUInt,
            Const<MB>: ToUInt,
            Number<M>: Add<Number<B>>,
            Sum<Number<M>, Number<B>>: IsEqual<Number<MB>>,
            Eq<Sum<Number<M>, Number<B>>, Number<MB>>: ColumnsAdd<Dim<M>, Dim<B>, Dim<MB>>,
        {
            type Output = <Border<N, N2> as EqualBorders<Self, Matrix<N2, B, T, S2>>>::Checked<
                Matrix<N, MB, T, S::Output>,
            >;

            #[inline]
            fn join(&self, right: $Right) -> Self::Output {
                <Border<N, N2>>::checked(side_by_side(self, &right))
            }
        }

        impl<
            const N: usize, const M: usize, const M2: usize, const B: usize, const NB: usize,
            T: Real, S: Join<S2>, S2: Storage,
        > OnTop<$Below, NB> for Matrix<N, M, T, S>
        where
            Border<M, M2>: EqualBorders<Self, Matrix<B, M2, T, S2>>,
            Const<N>: ToUInt,
            Const<B>: ToUInt,
            Const<NB>: ToUInt,
            Number<N>: Add<Number<B>>,
            Sum<Number<N>, Number<B>>: IsEqual<Number<NB>>,
            Eq<Sum<Number<N>, Number<B>>, Number<NB>>: RowsAdd<Dim<N>, Dim<B>, Dim<NB>>,
        {
            type Output = <Border<M, M2> as EqualBorders<Self, Matrix<B, M2, T, S2>>>::Checked<
                Matrix<NB, M, T, S::Output>,
            >;

            #[inline]
            fn join(&self, below: $Below) -> Self::Output {
                <Border<M, M2>>::checked(on_top(self, &below))
            }
        }
    )*};
}

joins! {
    Matrix<N2, B, T, S2>, Matrix<B, M2, T, S2>;
    &Matrix<N2, B, T, S2>, &Matrix<B, M2, T, S2>;
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn side_by_side<
    const N: usize,
    const N2: usize,
    const A: usize,
    const B: usize,
    const AB: usize,
    T: Real,
    S: Join<S2>,
    S2: Storage,
>(
    left: &Matrix<N, A, T, S>,
    right: &Matrix<N2, B, T, S2>,
) -> Matrix<N, AB, T, S::Output> {
    let mut result: Matrix<N, AB, T, S::Output> = Matrix::zeroed();
    for (row, (left, right)) in result.array_mut().iter_mut().zip(left.rows().zip(right.rows())) {
        row[..A].copy_from_slice(left);
        row[A..].copy_from_slice(right);
    }
    result
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn on_top<
    const A: usize,
    const B: usize,
    const AB: usize,
    const M: usize,
    const M2: usize,
    T: Real,
    S: Join<S2>,
    S2: Storage,
>(
    top: &Matrix<A, M, T, S>,
    bottom: &Matrix<B, M2, T, S2>,
) -> Matrix<AB, M, T, S::Output> {
    Matrix::collected(top.iter().chain(bottom.as_slice()).copied())
}

#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn reshaped<const N: usize, const M: usize, const N2: usize, const M2: usize, T: Real, S: Storage>(
    matrix: &Matrix<N, M, T, S>,
) -> Matrix<N2, M2, T, S> {
    Matrix::collected(matrix.iter().copied())
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn block_at<const N: usize, const M: usize, const R: usize, const C: usize, T: Real, S: Storage>(
    matrix: &Matrix<N, M, T, S>,
    i: usize,
    j: usize,
) -> Matrix<R, C, T, S> {
    assert!(
        i <= N - R && j <= M - C,
        "a {R} × {C} block at ({i}, {j}) reaches over the end of a {N} × {M} matrix"
    );
    let mut result: Matrix<R, C, T, S> = Matrix::zeroed();
    for (target, source) in result.array_mut().iter_mut().zip(&matrix.array()[i..i + R]) {
        target.copy_from_slice(&source[j..j + C]);
    }
    result
}
