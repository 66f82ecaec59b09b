//! [`Chunk`]: the tangents of a value along several directions, side by side.
//!
//! With these, one run of a function gives its derivatives along all of them: the function itself is computed once, and what is
//! computed for each direction lies side by side in memory, where it becomes vector instructions.

mod composite;
mod matrix;
mod push;

pub(crate) use matrix::MatrixChunk;
pub use push::{ChunkOf, ClearChunk, PutChunk, Width, alone, chunk_of, gathered, lane_by_lane, scattered};
#[cfg(feature = "alloc")]
pub use push::{lane_of_slice, slice_alone};

use crate::scalar::Real;

/// The tangents of a value along several directions: its lanes.
pub trait Chunk: Clone + 'static {
    /// One of them.
    type Lane;
    /// The tangent along one direction.
    fn lane(&self, index: usize) -> Self::Lane;
    /// Sets that.
    fn set_lane(&mut self, index: usize, tangent: &Self::Lane);
    /// All become zero.
    fn fill_zero(&mut self);
}

/// The derivatives of a scalar along `K` directions.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
pub struct Partials<T, const K: usize>(pub [T; K]);

impl<T: Real, const K: usize> Partials<T, K> {
    /// Of a number that does not change.
    pub const ZERO: Self = Self([T::ZERO; K]);
}

impl<T: Real, const K: usize> Chunk for Partials<T, K> {
    type Lane = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(&self, index: usize) -> T {
        self.0[index]
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn set_lane(&mut self, index: usize, tangent: &T) {
        self.0[index] = *tangent;
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill_zero(&mut self) {
        *self = Self::ZERO;
    }
}

/// Tangents that are not interleaved: of values whose tangents differ in kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart<D, const K: usize>(pub [D; K]);

impl<D: Clone + crate::differentiable::Tangent, const K: usize> Chunk for Apart<D, K> {
    type Lane = D;
    #[inline]
    fn lane(&self, index: usize) -> D {
        self.0[index].clone()
    }
    #[inline]
    fn set_lane(&mut self, index: usize, tangent: &D) {
        self.0[index].clone_from(tangent);
    }
    #[inline]
    fn fill_zero(&mut self) {
        self.0.iter_mut().for_each(D::fill_zero);
    }
}
