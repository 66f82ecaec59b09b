//! Chunks of matrices: in each element, all directions side by side.

use core::ops::{Index, IndexMut};

use super::Chunk;
use crate::dual::{At, Dual};
use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

/// The tangents of a matrix along `K` directions.
#[derive(Clone)]
pub struct MatrixChunk<const N: usize, const M: usize, const K: usize, T: Real, S: Storage>(
    /// In dual numbers, so that the operations on matrices work on it; the values among them do not matter.
    pub(crate) Matrix<N, M, Dual<T, K>, S>,
);

impl<const N: usize, const M: usize, const K: usize, T: Real, S: Storage> MatrixChunk<N, M, K, T, S> {
    /// Of a matrix that does not change.
    #[must_use]
    pub fn zero() -> Self {
        Self(Matrix::zeroed())
    }
}

impl<const N: usize, const M: usize, const K: usize, T: Real, S: Storage> Chunk for MatrixChunk<N, M, K, T, S> {
    type Lane = Matrix<N, M, T, S>;
    fn lane(&self, index: usize) -> Self::Lane {
        Matrix::collected(self.0.iter().map(|element| element.partials.0[index]))
    }
    fn set_lane(&mut self, index: usize, tangent: &Self::Lane) {
        for (element, tangent) in self.0.iter_mut().zip(tangent) {
            element.partials.0[index] = *tangent;
        }
    }
    fn fill_zero(&mut self) {
        self.0.as_mut_slice().fill(Dual::ZERO);
    }
}

impl<const N: usize, const M: usize, const K: usize, T: Real, S: Storage> Index<(usize, usize)>
    for MatrixChunk<N, M, K, T, S>
{
    type Output = T::Chunk<K>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn index(&self, index: (usize, usize)) -> &T::Chunk<K> {
        T::chunk_of(&self.0[index].partials)
    }
}

impl<const N: usize, const M: usize, const K: usize, T: Real, S: Storage> IndexMut<(usize, usize)>
    for MatrixChunk<N, M, K, T, S>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn index_mut(&mut self, index: (usize, usize)) -> &mut T::Chunk<K> {
        T::chunk_of_mut(&mut self.0[index].partials)
    }
}

impl<const N: usize, const M: usize, const K: usize, T: Real, S: Storage> At<(usize, usize)>
    for MatrixChunk<N, M, K, T, S>
{
    type Part = T::Chunk<K>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, index: (usize, usize), write: impl FnOnce(&mut Self::Part)) {
        write(T::chunk_of_mut(&mut self.0[index].partials));
    }
}
