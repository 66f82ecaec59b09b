//! Matrices from and to arrays and slices, and between storages.

use core::error::Error;
use core::fmt::{self, Display, Formatter};

use super::{Inline, Matrix, Storage};
use crate::scalar::Real;

/// A slice does not have as many elements as the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// The number of rows of the matrix.
    pub rows: usize,
    /// The number of columns of the matrix.
    pub columns: usize,
    /// The number of elements of the slice.
    pub found: usize,
}

impl Display for ShapeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rows, columns, found } = self;
        let expected = rows * columns;
        write!(
            f,
            "a {rows} × {columns} matrix has {expected} elements, but the slice has {found}"
        )
    }
}

impl Error for ShapeError {}

impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
    /// From the elements, row after row.
    ///
    /// # Errors
    /// If the slice does not have `N * M` elements.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m: Matrix<2, 2> = Matrix::from_slice(&[1.0, 2.0, 3.0, 4.0])?;
    /// assert_eq!(m[(1, 0)], 3.0);
    /// assert!(Matrix::<2, 2>::from_slice(&[1.0]).is_err());
    /// # Ok::<(), tapeless::ShapeError>(())
    /// ```
    pub fn from_slice(elements: &[T]) -> Result<Self, ShapeError> {
        if elements.len() != N * M {
            return Err(ShapeError {
                rows: N,
                columns: M,
                found: elements.len(),
            });
        }
        Ok(Self::collected(elements.iter().copied()))
    }

    /// The same matrix on the heap. [Rule](crate::rules::to_heap).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0]]);
    /// assert_eq!(m.to_heap().to_inline(), m);
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_heap(&self) -> Matrix<N, M, T, super::Heap> {
        self.stored()
    }

    /// The same matrix inline. [Rule](crate::rules::to_inline).
    #[must_use]
    pub fn to_inline(&self) -> Matrix<N, M, T, Inline> {
        self.stored()
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn stored<S2: Storage>(&self) -> Matrix<N, M, T, S2> {
        // SAFETY: as many elements are written as there are.
        unsafe {
            Matrix::written(|slots| {
                slots.as_flattened_mut().write_copy_of_slice(self.as_slice());
            })
        }
    }

    /// The rows as an array.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[1.0, 2.0]]).to_rows(), [[1.0, 2.0]]);
    /// ```
    #[must_use]
    pub fn to_rows(&self) -> [[T; M]; N] {
        *self.array()
    }
}

impl<const N: usize, const M: usize, T: Real> From<[[T; M]; N]> for Matrix<N, M, T, Inline> {
    fn from(rows: [[T; M]; N]) -> Self {
        Self::from_rows(rows)
    }
}

impl<const N: usize, const M: usize, T: Real> From<Matrix<N, M, T, Inline>> for [[T; M]; N] {
    fn from(matrix: Matrix<N, M, T, Inline>) -> Self {
        matrix.to_rows()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> TryFrom<&[T]> for Matrix<N, M, T, S> {
    type Error = ShapeError;

    fn try_from(elements: &[T]) -> Result<Self, ShapeError> {
        Self::from_slice(elements)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> AsRef<[T]> for Matrix<N, M, T, S> {
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> AsMut<[T]> for Matrix<N, M, T, S> {
    fn as_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}
