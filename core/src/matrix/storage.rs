//! Where the elements of a matrix live.

#[cfg(feature = "alloc")]
mod block;

use core::fmt::Debug;
use core::mem::MaybeUninit;

#[cfg(feature = "alloc")]
pub(super) use block::Block;

use crate::scalar::Real;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Inline {}
    #[cfg(feature = "alloc")]
    impl Sealed for super::Heap {}
}

/// Where the elements of a matrix live: [`Inline`] or [`Heap`].
pub trait Storage: sealed::Sealed + Copy + Debug + Default + PartialEq + Eq + Send + Sync + 'static {
    /// The elements. All of them are initialised, except between [`Storage::blank`] and the first writing.
    #[doc(hidden)]
    type Buffer<T: Real, const N: usize, const M: usize>: Send + Sync;

    /// A buffer whose elements are yet to be written.
    ///
    /// # Safety
    /// They must be, by way of [`Storage::slots`], before anything else is done with the buffer but to move it.
    #[doc(hidden)]
    unsafe fn blank<T: Real, const N: usize, const M: usize>() -> Self::Buffer<T, N, M>;
    /// The elements, to be written.
    ///
    /// # Safety
    /// Initialised elements must stay so.
    #[doc(hidden)]
    unsafe fn slots<T: Real, const N: usize, const M: usize>(
        buffer: &mut Self::Buffer<T, N, M>,
    ) -> &mut [[MaybeUninit<T>; M]; N];
    /// A buffer with all elements zero.
    #[doc(hidden)]
    fn zeroed<T: Real, const N: usize, const M: usize>() -> Self::Buffer<T, N, M>;
    #[doc(hidden)]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> &[[T; M]; N];
    #[doc(hidden)]
    fn rows_mut<T: Real, const N: usize, const M: usize>(buffer: &mut Self::Buffer<T, N, M>) -> &mut [[T; M]; N];
}

/// In the value itself: on the stack, or wherever the value is put. Needs no allocator, and such a matrix is `Copy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inline;

/// In a box, for matrices too large for the stack.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap;

/// Elements in place, which can be moved to where they belong before they are written: results of operations are not
/// copied.
#[doc(hidden)]
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct InPlace<A: Copy>(MaybeUninit<A>);

impl<A: Copy> InPlace<A> {
    /// Around initialised elements.
    pub(super) const fn new(elements: A) -> Self {
        Self(MaybeUninit::new(elements))
    }
}

impl Storage for Inline {
    type Buffer<T: Real, const N: usize, const M: usize> = InPlace<[[T; M]; N]>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn blank<T: Real, const N: usize, const M: usize>() -> Self::Buffer<T, N, M> {
        InPlace(MaybeUninit::uninit())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn slots<T: Real, const N: usize, const M: usize>(
        buffer: &mut Self::Buffer<T, N, M>,
    ) -> &mut [[MaybeUninit<T>; M]; N] {
        // SAFETY: the same layout; the caller leaves initialised what is.
        unsafe { &mut *buffer.0.as_mut_ptr().cast() }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zeroed<T: Real, const N: usize, const M: usize>() -> Self::Buffer<T, N, M> {
        InPlace::new([[T::ZERO; M]; N])
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> &[[T; M]; N] {
        // SAFETY: whoever calls `blank` promises to have written all elements by now.
        unsafe { buffer.0.assume_init_ref() }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rows_mut<T: Real, const N: usize, const M: usize>(buffer: &mut Self::Buffer<T, N, M>) -> &mut [[T; M]; N] {
        // SAFETY: the same.
        unsafe { buffer.0.assume_init_mut() }
    }
}

#[cfg(feature = "alloc")]
impl Storage for Heap {
    type Buffer<T: Real, const N: usize, const M: usize> = Block<[[T; M]; N]>;

    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn blank<T: Real, const N: usize, const M: usize>() -> Self::Buffer<T, N, M> {
        Block::uninitialised()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    unsafe fn slots<T: Real, const N: usize, const M: usize>(
        buffer: &mut Self::Buffer<T, N, M>,
    ) -> &mut [[MaybeUninit<T>; M]; N] {
        // SAFETY: the same layout; the caller leaves initialised what is.
        unsafe { &mut *buffer.content().as_mut_ptr().cast() }
    }
    #[inline]
    fn zeroed<T: Real, const N: usize, const M: usize>() -> Self::Buffer<T, N, M> {
        // A number whose bits are all zero is zero.
        Block::zeroed()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> &[[T; M]; N] {
        // SAFETY: whoever calls `blank` promises to have written all elements by now.
        unsafe { buffer.content_ref().assume_init_ref() }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rows_mut<T: Real, const N: usize, const M: usize>(buffer: &mut Self::Buffer<T, N, M>) -> &mut [[T; M]; N] {
        // SAFETY: the same.
        unsafe { buffer.content().assume_init_mut() }
    }
}

/// Writes all elements of a buffer.
///
/// # Panics
/// If the iterator gives too few.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn fill<T: Real, const N: usize, const M: usize>(
    slots: &mut [[MaybeUninit<T>; M]; N],
    elements: impl Iterator<Item = T>,
) {
    let mut written = 0;
    for (slot, element) in slots.as_flattened_mut().iter_mut().zip(elements) {
        slot.write(element);
        written += 1;
    }
    assert!(written == N * M, "an iterator gives all elements of a matrix");
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
