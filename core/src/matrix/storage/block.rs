//! Memory on the heap that begins at a cache line.

use alloc::alloc::{alloc, alloc_zeroed, dealloc, handle_alloc_error};
use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

/// The length of a cache line in bytes.
const LINE: usize = 64;
/// What allocators give without being asked for more. An allocation that asks for a cache line takes many of them a
/// slower way, and leaves splinters of memory behind.
const USUAL: usize = 16;

/// A box for plain data, which need not be initialised. It begins at a cache line, so that vector units need not read
/// across two.
///
/// The allocation is a line longer than its content. The content begins at the first line behind its start, and the distance
/// between the two, of at least [`USUAL`] bytes, is stored right before the content.
#[doc(hidden)]
pub struct Block<A: Copy> {
    content: NonNull<MaybeUninit<A>>,
    owned: PhantomData<A>,
}

// SAFETY: a block owns its content, as a box does.
unsafe impl<A: Copy + Send> Send for Block<A> {}
// SAFETY: the same.
unsafe impl<A: Copy + Sync> Sync for Block<A> {}

impl<A: Copy> Block<A> {
    /// The allocation's layout. Too large a content does not compile.
    const LAYOUT: Layout = {
        assert!(align_of::<A>() <= LINE, "the content is aligned to a cache line");
        match Layout::from_size_align(size_of::<A>() + LINE, USUAL) {
            Ok(layout) => layout,
            Err(_) => panic!("a matrix is larger than the address space"),
        }
    };

    /// Content that is yet to be written.
    #[inline]
    pub(super) fn uninitialised() -> Self {
        // SAFETY: the layout is not empty.
        unsafe { Self::within(alloc(Self::LAYOUT)) }
    }

    /// Content whose bytes are all zero.
    #[inline]
    pub(super) fn zeroed() -> Self {
        // SAFETY: the layout is not empty.
        unsafe { Self::within(alloc_zeroed(Self::LAYOUT)) }
    }

    /// # Safety
    /// The allocation must be one of this type's layout, or null.
    #[inline]
    unsafe fn within(allocation: *mut u8) -> Self {
        if allocation.is_null() {
            handle_alloc_error(Self::LAYOUT);
        }
        let distance = LINE - allocation.addr() % LINE;
        // SAFETY: an allocation is a multiple of `USUAL`, so the distance is one from `USUAL` to `LINE`: the content fits behind
        // it, and the distance itself in front of the content.
        unsafe {
            let content = allocation.add(distance);
            content.cast::<usize>().sub(1).write(distance);
            Self {
                content: NonNull::new_unchecked(content.cast()),
                owned: PhantomData,
            }
        }
    }

    /// The content.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn content(&mut self) -> &mut MaybeUninit<A> {
        // SAFETY: the content is in the allocation, which lives as long as the block, is aligned, and nothing else refers to it.
        unsafe { self.content.as_mut() }
    }

    /// The content, shared.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn content_ref(&self) -> &MaybeUninit<A> {
        // SAFETY: the same, and it is not changed while it is shared.
        unsafe { self.content.as_ref() }
    }
}

impl<A: Copy> Drop for Block<A> {
    #[inline]
    fn drop(&mut self) {
        let content = self.content.as_ptr().cast::<u8>();
        // SAFETY: the distance to the allocation, which `within` has written in front of the content, and its layout.
        unsafe {
            let distance = content.cast::<usize>().sub(1).read();
            dealloc(content.sub(distance), Self::LAYOUT);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn check<A: Copy + PartialEq + core::fmt::Debug>(value: A) {
        let mut blocks: Vec<Block<A>> = (0..20).map(|_| Block::uninitialised()).collect();
        for block in &mut blocks {
            assert_eq!(block.content().as_ptr().addr() % LINE, 0);
            block.content().write(value);
        }
        // Every other one is freed, so that others take their place.
        let mut kept: Vec<_> = blocks
            .into_iter()
            .enumerate()
            .filter(|(i, _)| i % 2 == 0)
            .map(|(_, block)| block)
            .collect();
        kept.extend((0..20).map(|_| {
            let mut block = Block::uninitialised();
            block.content().write(value);
            block
        }));
        for block in &kept {
            // SAFETY: all were written.
            assert_eq!(unsafe { *block.content_ref().assume_init_ref() }, value);
        }
    }

    #[test]
    fn contents_of_all_sizes_are_kept_apart() {
        check([1_u8; 1]);
        check([2_u8; 15]);
        check([3.0_f32; 7]);
        check([4.0_f64; 1]);
        check([5.0_f64; 100]);
        check([6.0_f32; 10_000]);
        check([0.0_f32; 0]);
    }

    #[test]
    fn zeroed_content_is_zero() {
        let zeroed = Block::<[f64; 1000]>::zeroed();
        // SAFETY: all bytes are zero, which is a number.
        assert_eq!(unsafe { *zeroed.content_ref().assume_init_ref() }, [0.0; 1000]);
    }
}
