//! Several tangents at once through operations, and to and from generated code.

use super::Chunk;
use crate::differentiable::Differentiable;
use crate::dual::{Absent, Zero, Zip};

/// How many directions there are.
#[derive(Clone, Copy, Debug)]
pub struct Width<const K: usize>;

/// What stands for the chunk of a value where there is one, and where there is none.
pub trait ChunkOf<X: Differentiable + ?Sized, const K: usize> {
    /// False if it is zero in any case.
    const VARIES: bool;
    /// The chunk of the value.
    fn owned(&self, value: &X) -> X::Chunk<K>;
    /// The value in dual numbers.
    fn widened(&self, value: &X) -> X::Wide<K>
    where
        X: Zip;
}

impl<X: Differentiable<Chunk<K> = C> + ?Sized, C: Chunk, const K: usize> ChunkOf<X, K> for C {
    const VARIES: bool = true;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn owned(&self, _: &X) -> C {
        self.clone()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn widened(&self, value: &X) -> X::Wide<K>
    where
        X: Zip,
    {
        value.widen(self)
    }
}

/// The chunk of something that does not change.
macro_rules! unchanging {
    ($([$($generic:ident)?] $type:ty;)*) => {$(
        impl<$($generic,)? X: Differentiable + ?Sized, const K: usize> ChunkOf<X, K> for $type {
            const VARIES: bool = false;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn owned(&self, value: &X) -> X::Chunk<K> {
                value.zero_chunk()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn widened(&self, value: &X) -> X::Wide<K>
            where
                X: Zip,
            {
                value.unchanging()
            }
        }
    )*};
}

unchanging! {
    [] Zero;
    [F] Absent<F>;
}

/// The chunk of a value, or zero where it has none.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn chunk_of<X: Differentiable + ?Sized, const K: usize>(
    _: Width<K>,
    value: &X,
    chunk: &impl ChunkOf<X, K>,
) -> X::Chunk<K> {
    chunk.owned(value)
}

/// A part of a chunk, to be written to.
pub trait PutChunk<C> {
    /// Writes it.
    fn put(&mut self, chunk: C);
}

impl<C: Chunk> PutChunk<C> for C {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put(&mut self, chunk: C) {
        *self = chunk;
    }
}

impl<F, C> PutChunk<C> for Absent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put(&mut self, _: C) {}
}

/// A part of a chunk that becomes zero.
pub trait ClearChunk {
    /// Makes it so.
    fn clear(&mut self);
}

impl<C: Chunk> ClearChunk for C {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clear(&mut self) {
        self.fill_zero();
    }
}

impl<F> ClearChunk for Absent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clear(&mut self) {}
}

/// The value and the chunk of a function for which there is only its derivative along one direction.
#[inline]
pub fn lane_by_lane<Y: Differentiable, const K: usize>(
    mut along: impl FnMut(usize) -> (Y, Y::Tangent),
) -> (Y, Y::Chunk<K>) {
    let (value, first) = along(0);
    let mut chunk = value.zero_chunk::<K>();
    chunk.set_lane(0, &first);
    for lane in 1..K {
        chunk.set_lane(lane, &along(lane).1);
    }
    (value, chunk)
}

/// Tangents side by side.
#[inline]
pub fn gathered<X: Differentiable + ?Sized, const K: usize>(value: &X, tangents: &[X::Tangent; K]) -> X::Chunk<K> {
    let mut chunk = value.zero_chunk::<K>();
    for (lane, tangent) in tangents.iter().enumerate() {
        chunk.set_lane(lane, tangent);
    }
    chunk
}

/// The tangent of a slice along one direction.
#[cfg(feature = "alloc")]
pub fn lane_of_slice<C: Chunk>(chunk: &[C], lane: usize) -> alloc::vec::Vec<C::Lane> {
    chunk.iter().map(|part| part.lane(lane)).collect()
}

/// A tangent alone.
#[inline]
pub fn alone<X: Differentiable + ?Sized>(value: &X, tangent: &X::Tangent) -> X::Chunk<1> {
    let mut chunk = value.zero_chunk::<1>();
    chunk.set_lane(0, tangent);
    chunk
}

/// The tangent of a slice alone.
///
/// # Panics
/// If the two differ in length.
#[cfg(feature = "alloc")]
pub fn slice_alone<X: Differentiable>(values: &[X], tangents: &[X::Tangent]) -> alloc::vec::Vec<X::Chunk<1>> {
    crate::differentiable::same_length(values.len(), tangents.len());
    let pairs = values.iter().zip(tangents);
    pairs.map(|(value, tangent)| alone(value, tangent)).collect()
}

/// Each of them.
#[inline]
pub fn scattered<C: Chunk, const K: usize>(chunk: &C) -> [C::Lane; K] {
    core::array::from_fn(|lane| chunk.lane(lane))
}
