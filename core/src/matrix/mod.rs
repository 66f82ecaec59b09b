//! [`Matrix`]: a matrix whose shape is part of its type.

#[cfg(feature = "approx")]
mod approx;
mod construct;
mod convert;
mod elementwise;
mod format;
pub(crate) mod kernel;
pub(crate) mod losses;
mod operators;
pub(crate) mod product;
pub(crate) mod reductions;
#[cfg(feature = "serde")]
mod serde;
pub(crate) mod shape;
mod storage;

use core::mem::MaybeUninit;
use core::ops::{Index, IndexMut};

pub use construct::Construct;
pub use convert::ShapeError;
pub use elementwise::Paired;
pub use losses::Targets;
pub use operators::{EqualShapes, Minus, Over, Plus, Shapes, Times};
pub use product::{Inner, InnerDimensions};
pub use reductions::{AddRow, IsRow, RowShape};
pub use shape::{Border, ColumnsAdd, Dim, EqualBorders, Fits, OnTop, RowsAdd, SameCount, SideBySide};
#[cfg(feature = "alloc")]
pub use storage::Heap;
pub use storage::{Inline, Join, Storage};

use crate::chunk::MatrixChunk;
use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent, one_piece};
use crate::lanes::{self, Each, Pair};
use crate::scalar::Real;

/// A matrix of `N` rows and `M` columns of scalars `T`, row after row.
///
/// The shape is part of the type, so that a product of matrices that do not fit, or a sum of two shapes, does not compile.
/// `S` says where the elements live: [`Inline`], in the value itself, or [`Heap`], in a box.
///
/// ```
/// use tapeless::prelude::*;
///
/// let a = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// let b = Matrix::from_rows([[1.0], [0.0], [-1.0]]);
/// let c: Matrix<2, 1, f64> = a * b;
/// assert_eq!(c, Matrix::from_rows([[-2.0], [-2.0]]));
/// ```
///
/// ```compile_fail
/// use tapeless::prelude::*;
///
/// let a = Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// let c = a * a; // 3 columns, 2 rows
/// ```
///
/// Every method has a derivative and can stand in a `#[differentiable]` function.
#[repr(C)]
pub struct Matrix<const N: usize, const M: usize, T: Real = f32, S: Storage = Inline> {
    buffer: S::Buffer<T, N, M>,
}

/// A matrix whose elements live on the heap, for shapes too large for the stack.
///
/// ```
/// use tapeless::prelude::*;
///
/// let weights = HeapMatrix::<1024, 1024>::identity();
/// let x = HeapMatrix::<1, 1024>::filled(2.0);
/// assert_eq!(&x * &weights, x);
/// ```
#[cfg(feature = "alloc")]
pub type HeapMatrix<const N: usize, const M: usize, T = f32> = Matrix<N, M, T, Heap>;

impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
    /// The number of rows.
    pub const ROWS: usize = N;
    /// The number of columns.
    pub const COLUMNS: usize = M;

    /// The number of rows and of columns.
    #[must_use]
    pub const fn shape(&self) -> (usize, usize) {
        (N, M)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn array(&self) -> &[[T; M]; N] {
        S::rows(&self.buffer)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn array_mut(&mut self) -> &mut [[T; M]; N] {
        S::rows_mut(&mut self.buffer)
    }

    /// The elements, row after row.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn as_slice(&self) -> &[T] {
        self.array().as_flattened()
    }

    /// The elements, row after row, to be changed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.array_mut().as_flattened_mut()
    }

    /// The elements, row after row.
    pub fn iter(&self) -> core::slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// The elements, row after row, to be changed.
    pub fn iter_mut(&mut self) -> core::slice::IterMut<'_, T> {
        self.as_mut_slice().iter_mut()
    }

    /// The rows, from top to bottom.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// let sums: Vec<f64> = m.rows().map(|row| row.iter().sum()).collect();
    /// assert_eq!(sums, [3.0, 7.0]);
    /// ```
    pub fn rows(&self) -> core::slice::Iter<'_, [T; M]> {
        self.array().iter()
    }

    /// The columns, from left to right.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(m.columns().nth(1), Some(Matrix::from_rows([[2.0], [4.0]])));
    /// ```
    pub fn columns(&self) -> impl ExactSizeIterator<Item = Matrix<N, 1, T, S>> + '_ {
        (0..M).map(|j| self.column(j))
    }

    /// One row. [Rule](crate::rules::row).
    ///
    /// # Panics
    /// If there is no row `i`.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(m.row(1), Matrix::from_rows([[3.0, 4.0]]));
    /// ```
    #[must_use]
    pub fn row(&self, i: usize) -> Matrix<1, M, T, S> {
        assert!(i < N, "row {i} of a matrix with {N} rows");
        let mut row = Matrix::zeroed();
        row.array_mut()[0] = self.array()[i];
        row
    }

    /// One column. [Rule](crate::rules::column).
    ///
    /// # Panics
    /// If there is no column `j`.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(m.column(0), Matrix::from_rows([[1.0], [3.0]]));
    /// ```
    #[must_use]
    pub fn column(&self, j: usize) -> Matrix<N, 1, T, S> {
        assert!(j < M, "column {j} of a matrix with {M} columns");
        let mut column = Matrix::zeroed();
        for (target, source) in column.array_mut().iter_mut().zip(self.array()) {
            target[0] = source[j];
        }
        column
    }

    /// All elements zero, for any storage.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn zeroed() -> Self {
        Self { buffer: S::zeroed() }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn filled_with(value: T) -> Self {
        // SAFETY: `fill` writes all elements.
        unsafe { Self::written(|slots| slots.as_flattened_mut().fill(MaybeUninit::new(value))) }
    }

    /// The function applied to each element.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn mapped(&self, function: impl Each<T>) -> Self {
        // SAFETY: `map` writes all elements.
        unsafe { Self::written(|slots| lanes::map(self.as_slice(), slots.as_flattened_mut(), function)) }
    }

    /// The function applied to corresponding elements of two slices.
    ///
    /// # Panics
    /// If they have another length than the matrix.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn zipped(left: &[T], right: &[T], function: impl Pair<T>) -> Self {
        // SAFETY: `zip` writes all elements.
        unsafe { Self::written(|slots| lanes::zip(left, right, slots.as_flattened_mut(), function)) }
    }

    /// A matrix whose elements `write` writes.
    ///
    /// # Safety
    /// It must write all of them.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) unsafe fn written(write: impl FnOnce(&mut [[MaybeUninit<T>; M]; N])) -> Self {
        // SAFETY: the caller's promise: all elements are written in the next step.
        let mut matrix = unsafe { Self::blank() };
        // SAFETY: nothing is initialised yet.
        write(unsafe { matrix.slots() });
        matrix
    }

    /// A matrix whose elements are yet to be written.
    ///
    /// # Safety
    /// They must be, by way of [`Matrix::slots`], before anything else is done with the matrix but to move it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) unsafe fn blank() -> Self {
        // SAFETY: the caller's promise.
        let buffer = unsafe { S::blank() };
        Self { buffer }
    }

    /// The elements, to be written.
    ///
    /// # Safety
    /// Initialised elements must stay so.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) unsafe fn slots(&mut self) -> &mut [[MaybeUninit<T>; M]; N] {
        // SAFETY: the caller's promise.
        unsafe { S::slots(&mut self.buffer) }
    }

    /// From all elements, row after row.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn collected(elements: impl Iterator<Item = T>) -> Self {
        // SAFETY: `fill` writes all elements.
        unsafe { Self::written(|slots| storage::fill(slots, elements)) }
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Clone for Matrix<N, M, T, S> {
    #[inline]
    fn clone(&self) -> Self {
        self.stored()
    }

    #[inline]
    fn clone_from(&mut self, other: &Self) {
        self.as_mut_slice().copy_from_slice(other.as_slice());
    }
}

impl<const N: usize, const M: usize, T: Real> Copy for Matrix<N, M, T, Inline> {}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> PartialEq<Matrix<N, M, T, S2>>
    for Matrix<N, M, T, S>
{
    fn eq(&self, other: &Matrix<N, M, T, S2>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Default for Matrix<N, M, T, S> {
    fn default() -> Self {
        Self::zeroed()
    }
}

/// The element in row `i` and column `j`.
///
/// # Panics
/// If there is no such element.
impl<const N: usize, const M: usize, T: Real, S: Storage> Index<(usize, usize)> for Matrix<N, M, T, S> {
    type Output = T;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.array()[i][j]
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> IndexMut<(usize, usize)> for Matrix<N, M, T, S> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.array_mut()[i][j]
    }
}

impl<'a, const N: usize, const M: usize, T: Real, S: Storage> IntoIterator for &'a Matrix<N, M, T, S> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, const N: usize, const M: usize, T: Real, S: Storage> IntoIterator for &'a mut Matrix<N, M, T, S> {
    type Item = &'a mut T;
    type IntoIter = core::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Differentiable for Matrix<N, M, T, S> {
    type Tangent = Self;
    type Shape = ();
    type Chunk<const K: usize> = MatrixChunk<N, M, K, T, S>;
    one_piece!();

    fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K> {
        MatrixChunk::zero()
    }
    fn leaf_count(&self) -> usize {
        1
    }
    fn leaf(&self, index: usize) -> Leaf<'_> {
        assert_eq!(index, 0, "a matrix is a single leaf");
        T::slice_leaf(self.as_slice())
    }
    fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
        assert_eq!(index, 0, "a matrix is a single leaf");
        T::slice_leaf_mut(self.as_mut_slice())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape(&self) {}
    #[inline]
    fn zero((): &()) -> Self {
        Self::zeroed()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Tangent for Matrix<N, M, T, S> {
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        lanes::map_add(other.as_slice(), self.as_mut_slice(), |y| y);
    }

    #[inline]
    fn clear(&mut self, _: impl FnOnce() -> Self) {
        self.as_mut_slice().fill(T::ZERO);
    }
}
