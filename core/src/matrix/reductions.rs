//! Sums, means, extrema, norms; sums along rows and columns; the bias that is added to each row.

use super::{Join, Matrix, Storage};
use crate::lanes;
use crate::scalar::Real;

impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
    /// The sum of all elements. [Rule](crate::rules::sum).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]).sum(), 10.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn sum(&self) -> T {
        lanes::sum(self.as_slice())
    }

    /// The mean of all elements; NaN if there are none. [Rule](crate::rules::mean).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]).mean(), 2.5);
    /// ```
    #[must_use]
    #[inline]
    pub fn mean(&self) -> T {
        self.sum() / T::from_usize(N * M)
    }

    /// The sum of the rows, a row of `M` elements. [Rule](crate::rules::sum_rows).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(m.sum_rows(), Matrix::from_rows([[4.0, 6.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn sum_rows(&self) -> Matrix<1, M, T, S> {
        let mut result: Matrix<1, M, T, S> = Matrix::zeroed();
        lanes::sum_rows(self.array(), &mut result.array_mut()[0], false);
        result
    }

    /// The sum of the columns, a column of `N` elements. [Rule](crate::rules::sum_columns).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(m.sum_columns(), Matrix::from_rows([[3.0], [7.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn sum_columns(&self) -> Matrix<N, 1, T, S> {
        let mut result: Matrix<N, 1, T, S> = Matrix::zeroed();
        for (target, row) in result.array_mut().iter_mut().zip(self.rows()) {
            target[0] = lanes::sum(row);
        }
        result
    }

    /// The largest element; -∞ if there are none. [Rule](crate::rules::max).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[1.0, 7.0], [3.0, 4.0]]).max(), 7.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn max(&self) -> T {
        lanes::max(self.as_slice())
    }

    /// The smallest element; ∞ if there are none. [Rule](crate::rules::min).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[1.0, 7.0], [3.0, 4.0]]).min(), 1.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn min(&self) -> T {
        self.iter().fold(T::INFINITY, |smallest, x| smallest.min(*x))
    }

    /// The Euclidean (Frobenius) norm, √ Σ x², also where the squares would overflow or vanish.
    /// [Rule](crate::rules::norm).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[3.0, 4.0]]).norm(), 5.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn norm(&self) -> T {
        let square = self.norm_squared();
        if square.is_finite() && square >= T::MIN_POSITIVE / T::EPSILON {
            square.sqrt()
        } else {
            self.scaled_norm(square)
        }
    }

    /// The norm by way of elements that are scaled to at most one, where the sum of squares is out of range.
    #[cold]
    fn scaled_norm(&self, square: T) -> T {
        let largest = self.iter().fold(T::ZERO, |largest, x| largest.max(x.abs()));
        if square.is_nan() || largest == T::ZERO || largest.is_infinite() {
            return square.sqrt();
        }
        let squares = lanes::sum_of(self.as_slice(), self.as_slice(), |x, y| (x / largest) * (y / largest));
        largest * squares.sqrt()
    }

    /// The square of the Euclidean (Frobenius) norm, Σ x². [Rule](crate::rules::norm_squared).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[3.0, 4.0]]).norm_squared(), 25.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn norm_squared(&self) -> T {
        lanes::sum_of(self.as_slice(), self.as_slice(), |x, y| x * y)
    }

    /// The matrix with `row` added to each of its rows: how a bias is added to a batch. [Rule](crate::rules::add_row).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// let bias = Matrix::from_rows([[10.0, 20.0]]);
    /// assert_eq!(m.add_row(&bias), Matrix::from_rows([[11.0, 22.0], [13.0, 24.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn add_row<Row>(&self, row: Row) -> <Self as AddRow<Row>>::Output
    where
        Self: AddRow<Row>,
    {
        self.plus_row(row)
    }
}

impl<const N: usize, T: Real, S: Storage> Matrix<N, N, T, S> {
    /// The trace: the sum of the diagonal. [Rule](crate::rules::trace).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]).trace(), 5.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn trace(&self) -> T {
        (0..N).map(|i| self[(i, i)]).sum()
    }
}

/// A row that fits a matrix: the number of its rows is one, and it has as many columns.
#[derive(Clone, Copy, Debug)]
pub struct RowShape<const ROWS: usize, const COLUMNS: usize, const EXPECTED: usize>;

/// A matrix is a row of the right length.
#[diagnostic::on_unimplemented(
    message = "cannot add `{Row}` to each row of `{Matrix}`: it must have one row and as many columns",
    label = "not a row of this length"
)]
pub trait IsRow<Row, Matrix> {
    /// The type of a result, which exists only if the shapes fit.
    type Checked<R>;
    /// The result.
    fn checked<R>(result: R) -> Self::Checked<R>;
}

impl<const M: usize, Row, Matrix> IsRow<Row, Matrix> for RowShape<1, M, M> {
    type Checked<R> = R;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn checked<R>(result: R) -> R {
        result
    }
}

/// What can be added to each row of a matrix.
#[diagnostic::on_unimplemented(
    message = "cannot add `{Row}` to each row of `{Self}`",
    label = "expected a matrix of one row and as many columns"
)]
pub trait AddRow<Row> {
    /// The type of the result.
    type Output;
    /// The result.
    fn plus_row(&self, row: Row) -> Self::Output;
}

macro_rules! add_row {
    ($($Row:ty),*) => {$(
        impl<const N: usize, const M: usize, const R: usize, const M2: usize, T: Real, S: Storage, S2: Storage>
            AddRow<$Row> for Matrix<N, M, T, S>
        where
            S: Join<S2>,
            RowShape<R, M2, M>: IsRow<Matrix<R, M2, T, S2>, Self>,
        {
            type Output = <RowShape<R, M2, M> as IsRow<Matrix<R, M2, T, S2>, Self>>::Checked<
                Matrix<N, M, T, S::Output>,
            >;

            #[inline]
            fn plus_row(&self, row: $Row) -> Self::Output {
                // The bounds of this trait leave no other shape than a row of M elements.
                let row = row.as_slice().first_chunk::<M>().expect("a row of as many elements");
                // SAFETY: `add_row` writes all elements.
                let result = unsafe {
                    Matrix::<N, M, T, S::Output>::written(|slots| lanes::add_row(self.array(), row, slots))
                };
                <RowShape<R, M2, M>>::checked(result)
            }
        }
    )*};
}

add_row!(Matrix<R, M2, T, S2>, &Matrix<R, M2, T, S2>);
