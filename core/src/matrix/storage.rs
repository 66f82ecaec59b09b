//! Where the elements of a matrix live.

use core::fmt::Debug;

use crate::scalar::Real;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Inline {}
    #[cfg(feature = "alloc")]
    impl Sealed for super::Heap {}
}

/// Where the elements of a matrix live: [`Inline`] or [`Heap`].
pub trait Storage: sealed::Sealed + Copy + Debug + Default + Send + Sync + 'static {
    #[doc(hidden)]
    type Buffer<T: Real, const N: usize, const M: usize>: Clone + Send + Sync;

    /// A buffer with all elements alike.
    #[doc(hidden)]
    fn filled<T: Real, const N: usize, const M: usize>(value: T) -> Self::Buffer<T, N, M>;
    #[doc(hidden)]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> &[[T; M]; N];
    #[doc(hidden)]
    fn rows_mut<T: Real, const N: usize, const M: usize>(
        buffer: &mut Self::Buffer<T, N, M>,
    ) -> &mut [[T; M]; N];
}

/// In the value itself: on the stack, or wherever the value is put. Needs no allocator, and such a matrix is `Copy`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inline;

/// In a box, for matrices too large for the stack.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Heap;

impl Storage for Inline {
    type Buffer<T: Real, const N: usize, const M: usize> = [[T; M]; N];

    #[inline(always)]
    fn filled<T: Real, const N: usize, const M: usize>(value: T) -> [[T; M]; N] {
        [[value; M]; N]
    }
    #[inline(always)]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &[[T; M]; N]) -> &[[T; M]; N] {
        buffer
    }
    #[inline(always)]
    fn rows_mut<T: Real, const N: usize, const M: usize>(buffer: &mut [[T; M]; N]) -> &mut [[T; M]; N] {
        buffer
    }
}

#[cfg(feature = "alloc")]
impl Storage for Heap {
    type Buffer<T: Real, const N: usize, const M: usize> = alloc::boxed::Box<[[T; M]; N]>;

    #[inline]
    fn filled<T: Real, const N: usize, const M: usize>(value: T) -> Self::Buffer<T, N, M> {
        // By way of a vector: the elements never pass over the stack, also without optimisation.
        let rows = alloc::vec![[value; M]; N].into_boxed_slice();
        rows.try_into().unwrap_or_else(|_| unreachable!("a vector of N rows is an array of N rows"))
    }
    #[inline(always)]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> &[[T; M]; N] {
        buffer
    }
    #[inline(always)]
    fn rows_mut<T: Real, const N: usize, const M: usize>(
        buffer: &mut Self::Buffer<T, N, M>,
    ) -> &mut [[T; M]; N] {
        buffer
    }
}

/// The storage of an operation's result: on the heap if an operand is.
pub trait Join<S: Storage>: Storage {
    /// Where the result lives.
    type Output: Storage;
}

impl Join<Inline> for Inline {
    type Output = Inline;
}
#[cfg(feature = "alloc")]
impl Join<Inline> for Heap {
    type Output = Heap;
}
#[cfg(feature = "alloc")]
impl Join<Heap> for Inline {
    type Output = Heap;
}
#[cfg(feature = "alloc")]
impl Join<Heap> for Heap {
    type Output = Heap;
}
