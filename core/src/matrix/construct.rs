//! Matrices made from numbers.

use super::storage::InPlace;
use super::{Inline, Matrix, Storage};
use crate::scalar::Real;

/// Constructors for every storage: `HeapMatrix::<2, 3>::zeros()`.
///
/// A plain `Matrix::<2, 3>::zeros()` is inline; it is a method of [`Matrix`] itself.
pub trait Construct<const N: usize, const M: usize, T: Real>: Sized {
    /// All elements zero.
    #[must_use]
    fn zeros() -> Self {
        Self::filled(T::ZERO)
    }
    /// All elements one.
    #[must_use]
    fn ones() -> Self {
        Self::filled(T::ONE)
    }
    /// Ones on the diagonal, zeros elsewhere.
    #[must_use]
    fn identity() -> Self {
        Self::from_fn(|i, j| if i == j { T::ONE } else { T::ZERO })
    }
    /// All elements alike.
    #[must_use]
    fn filled(value: T) -> Self;
    /// The element in row `i` and column `j` from `function(i, j)`, row after row.
    #[must_use]
    fn from_fn(function: impl FnMut(usize, usize) -> T) -> Self;
    /// From an array of rows.
    #[must_use]
    fn from_rows(rows: [[T; M]; N]) -> Self {
        Self::from_fn(|i, j| rows[i][j])
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Construct<N, M, T> for Matrix<N, M, T, S> {
    #[inline]
    fn zeros() -> Self {
        Self::zeroed()
    }

    #[inline]
    fn filled(value: T) -> Self {
        Self::filled_with(value)
    }

    #[inline]
    fn from_fn(mut function: impl FnMut(usize, usize) -> T) -> Self {
        let mut matrix = Self::zeroed();
        for (i, row) in matrix.array_mut().iter_mut().enumerate() {
            for (j, element) in row.iter_mut().enumerate() {
                *element = function(i, j);
            }
        }
        matrix
    }
}

impl<const N: usize, const M: usize, T: Real> Matrix<N, M, T, Inline> {
    /// All elements zero.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m: Matrix<2, 3> = Matrix::zeros();
    /// assert_eq!(m.sum(), 0.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn zeros() -> Self {
        Construct::zeros()
    }

    /// All elements one.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m: Matrix<2, 3> = Matrix::ones();
    /// assert_eq!(m.sum(), 6.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn ones() -> Self {
        Construct::ones()
    }

    /// Ones on the diagonal, zeros elsewhere.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m: Matrix<2, 2> = Matrix::identity();
    /// assert_eq!(m, Matrix::from_rows([[1.0, 0.0], [0.0, 1.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn identity() -> Self {
        Construct::identity()
    }

    /// All elements alike. [Rule](crate::rules::filled).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::<2, 3>::filled(0.5);
    /// assert_eq!(m.sum(), 3.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn filled(value: T) -> Self {
        Construct::filled(value)
    }

    /// The element in row `i` and column `j` from `function(i, j)`, row after row.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m: Matrix<2, 2> = Matrix::from_fn(|i, j| (10 * i + j) as f32);
    /// assert_eq!(m, Matrix::from_rows([[0.0, 1.0], [10.0, 11.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn from_fn(function: impl FnMut(usize, usize) -> T) -> Self {
        Construct::from_fn(function)
    }

    /// From an array of rows. [Rule](crate::rules::from_rows).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(m[(1, 0)], 3.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn from_rows(rows: [[T; M]; N]) -> Self {
        Self {
            buffer: InPlace::new(rows),
        }
    }
}
