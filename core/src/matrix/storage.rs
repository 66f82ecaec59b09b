//! Where the elements of a matrix live.

use core::fmt::Debug;
use core::mem::MaybeUninit;

use crate::scalar::Real;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Inline {}
    #[cfg(feature = "alloc")]
    impl Sealed for super::Heap {}
}

/// Where the elements of a matrix live: [`Inline`] or [`Heap`].
pub trait Storage: sealed::Sealed + Copy + Debug + Default + PartialEq + Eq + Send + Sync + 'static {
    #[doc(hidden)]
    type Buffer<T: Real, const N: usize, const M: usize>: Send + Sync;

    /// A buffer whose elements `write` writes.
    ///
    /// # Safety
    /// It must write all of them.
    #[doc(hidden)]
    unsafe fn written<T: Real, const N: usize, const M: usize>(
        write: impl FnOnce(&mut [[MaybeUninit<T>; M]; N]),
    ) -> Self::Buffer<T, N, M>;
    /// A buffer whose elements, row after row, the iterator gives.
    ///
    /// # Panics
    /// If it gives too few.
    #[doc(hidden)]
    #[inline(always)]
    fn collected<T: Real, const N: usize, const M: usize>(elements: impl Iterator<Item = T>) -> Self::Buffer<T, N, M> {
        // SAFETY: `fill` writes all elements.
        unsafe { Self::written(|slots| fill(slots, elements)) }
    }
    /// A buffer with all elements alike.
    #[doc(hidden)]
    fn filled<T: Real, const N: usize, const M: usize>(value: T) -> Self::Buffer<T, N, M>;
    /// A buffer with the same elements.
    #[doc(hidden)]
    fn copied<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> Self::Buffer<T, N, M>;
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

impl Storage for Inline {
    type Buffer<T: Real, const N: usize, const M: usize> = [[T; M]; N];

    #[inline(always)]
    unsafe fn written<T: Real, const N: usize, const M: usize>(
        write: impl FnOnce(&mut [[MaybeUninit<T>; M]; N]),
    ) -> [[T; M]; N] {
        let mut buffer = MaybeUninit::<[[T; M]; N]>::uninit();
        // SAFETY: uninitialised elements may be uninitialised.
        let slots = unsafe { &mut *buffer.as_mut_ptr().cast::<[[MaybeUninit<T>; M]; N]>() };
        write(slots);
        // SAFETY: the caller's promise: all elements are written.
        unsafe { buffer.assume_init() }
    }

    #[inline(always)]
    fn filled<T: Real, const N: usize, const M: usize>(value: T) -> [[T; M]; N] {
        [[value; M]; N]
    }
    #[inline(always)]
    fn copied<T: Real, const N: usize, const M: usize>(buffer: &[[T; M]; N]) -> [[T; M]; N] {
        *buffer
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

/// Elements that begin at a cache line, so that the vector units need not read across two.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[repr(C, align(64))]
pub struct Aligned<A>(A);

#[cfg(feature = "alloc")]
impl Storage for Heap {
    type Buffer<T: Real, const N: usize, const M: usize> = alloc::boxed::Box<Aligned<[[T; M]; N]>>;

    #[inline(always)]
    unsafe fn written<T: Real, const N: usize, const M: usize>(
        write: impl FnOnce(&mut [[MaybeUninit<T>; M]; N]),
    ) -> Self::Buffer<T, N, M> {
        let mut buffer = alloc::boxed::Box::<Aligned<[[T; M]; N]>>::new_uninit();
        // SAFETY: uninitialised elements may be uninitialised; they are the first field.
        let slots = unsafe { &mut *buffer.as_mut_ptr().cast::<[[MaybeUninit<T>; M]; N]>() };
        write(slots);
        // SAFETY: the caller's promise: all elements are written.
        unsafe { buffer.assume_init() }
    }

    #[inline]
    fn filled<T: Real, const N: usize, const M: usize>(value: T) -> Self::Buffer<T, N, M> {
        if value.to_bits_are_zero() {
            // SAFETY: a floating-point number whose bits are all zero is zero.
            return unsafe { alloc::boxed::Box::new_zeroed().assume_init() };
        }
        Self::collected(core::iter::repeat_n(value, N * M))
    }
    /// From box to box: the clone of a box may pass over the stack.
    #[inline]
    fn copied<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> Self::Buffer<T, N, M> {
        let mut copy = alloc::boxed::Box::<Aligned<[[T; M]; N]>>::new_uninit();
        // SAFETY: both boxes hold one such value, they do not overlap, and its elements are `Copy`.
        unsafe {
            copy.as_mut_ptr().copy_from_nonoverlapping(&raw const **buffer, 1);
            copy.assume_init()
        }
    }
    #[inline(always)]
    fn rows<T: Real, const N: usize, const M: usize>(buffer: &Self::Buffer<T, N, M>) -> &[[T; M]; N] {
        &buffer.0
    }
    #[inline(always)]
    fn rows_mut<T: Real, const N: usize, const M: usize>(buffer: &mut Self::Buffer<T, N, M>) -> &mut [[T; M]; N] {
        &mut buffer.0
    }
}

/// Writes all elements of a buffer.
///
/// # Panics
/// If the iterator gives too few.
#[inline(always)]
fn fill<T: Real, const N: usize, const M: usize>(
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
