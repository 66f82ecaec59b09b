//! Memory for what iterations leave behind: a stack of values of one type.

use core::mem::MaybeUninit;

/// A stack of values in place: `FIXED` of them, and as many more as fit into `WORDS` words of eight bytes.
///
/// ```
/// use tapeless::checkpoint::Store;
///
/// let mut store = Store::<u64, 1, 2>::new();
/// while store.has_room() {
///     store.push(store.len() as u64);
/// }
/// assert_eq!(store.len(), 3);
/// assert_eq!(store.pop(), 2);
/// ```
#[derive(Debug)]
#[repr(C)]
pub struct Store<T, const FIXED: usize, const WORDS: usize> {
    /// Room for values, which goes on in what follows.
    first: [MaybeUninit<T>; FIXED],
    more: [MaybeUninit<u64>; WORDS],
    /// The values below this index, and no others, are there.
    len: usize,
    /// How many there were when [`Store::fits_another`] was asked last.
    mark: usize,
}

impl<T, const FIXED: usize, const WORDS: usize> Default for Store<T, FIXED, WORDS> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const FIXED: usize, const WORDS: usize> Store<T, FIXED, WORDS> {
    /// How many values there is room for. Values without a size take up no room, but are counted.
    pub const CAPACITY: usize = if size_of::<T>() == 0 {
        usize::MAX
    } else if align_of::<T>() > align_of::<u64>() {
        FIXED
    } else {
        FIXED + WORDS * size_of::<u64>() / size_of::<T>()
    };

    /// Without values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn new() -> Self {
        Self {
            first: [const { MaybeUninit::uninit() }; FIXED],
            more: [const { MaybeUninit::uninit() }; WORDS],
            len: 0,
            mark: 0,
        }
    }

    /// The number of values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True if there are no values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many values there is room for.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn capacity(&self) -> usize {
        Self::CAPACITY
    }

    /// True if there is room for one more value.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn has_room(&self) -> bool {
        self.len < Self::CAPACITY
    }

    /// True if there is room for one more value, and some is left for others.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn has_spare_room(&self) -> bool {
        self.len < Self::CAPACITY - Self::CAPACITY / 16 - 1
    }

    /// Counts from the present number of values on, see [`Store::fits_another`].
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub const fn mark(&mut self) {
        self.mark = self.len;
    }

    /// True if there is room for one more value, and for as many as have come since this was asked last, or since
    /// [`Store::mark`], and some is left for others.
    ///
    /// ```
    /// let mut store = tapeless::checkpoint::Store::<u64, 1, 10>::new();
    /// store.mark();
    /// let mut iterations = 0;
    /// while store.fits_another() {
    ///     (0..3).for_each(|value| store.push(value));
    ///     iterations += 1;
    /// }
    /// assert_eq!(iterations, 3);
    /// ```
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn fits_another(&mut self) -> bool {
        let used = self.len.saturating_sub(self.mark);
        self.mark = self.len;
        self.has_spare_room() && used < Self::CAPACITY - Self::CAPACITY / 16 - 1 - self.len
    }

    /// Puts a value on top.
    ///
    /// # Panics
    /// If there is no room.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn push(&mut self, value: T) {
        assert!(self.has_room(), "there is room for another value");
        let place = self.place(self.len);
        // SAFETY: the place is inside this store, in front of `len`, aligned, and holds no value, see `len` and `place`.
        unsafe { place.write(value) };
        self.len += 1;
    }

    /// Takes the value on top away.
    ///
    /// # Panics
    /// If there is none.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn pop(&mut self) -> T {
        assert!(self.len > 0, "there is a value");
        self.len -= 1;
        let place = self.place(self.len);
        // SAFETY: a value has been written there, and by the new length it is there no more.
        unsafe { place.read() }
    }

    /// The value on top.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn last(&mut self) -> Option<&mut T> {
        let place = self.place(self.len.checked_sub(1)?);
        // SAFETY: a value has been written there; it is borrowed as the store is.
        Some(unsafe { &mut *place })
    }

    /// Drops the values from this index on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        if core::mem::needs_drop::<T>() {
            while self.len > len {
                drop(self.pop());
            }
        }
        self.len = self.len.min(len);
    }

    /// The place of the value with this index, which must be less than the capacity.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn place(&mut self, index: usize) -> *mut T {
        debug_assert!(index < Self::CAPACITY, "the index is inside the store");
        // One row of values from the beginning of the store on, wherever the first part ends: so that their places need no
        // distinction. The parts lie in this order, with no more between them than a word's alignment takes; where that is not
        // enough for a value, `CAPACITY` ends with the first part.
        core::ptr::from_mut(self).cast::<T>().wrapping_add(index)
    }
}

impl<T, const FIXED: usize, const WORDS: usize> Drop for Store<T, FIXED, WORDS> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn drop(&mut self) {
        self.truncate(0);
    }
}

/// A stack of values on the heap: there is always room.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct HeapStore<T> {
    values: alloc::vec::Vec<T>,
}

#[cfg(feature = "alloc")]
impl<T> Default for HeapStore<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "alloc")]
impl<T> HeapStore<T> {
    /// Without values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn new() -> Self {
        Self {
            values: alloc::vec::Vec::new(),
        }
    }

    /// The number of values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.values.len()
    }

    /// True if there are no values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// As many as there are numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn capacity(&self) -> usize {
        usize::MAX
    }

    /// True.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn has_room(&self) -> bool {
        true
    }

    /// True.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn has_spare_room(&self) -> bool {
        true
    }

    /// True.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn has_much_room(&self) -> bool {
        true
    }

    /// Puts a value on top.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn push(&mut self, value: T) {
        self.values.push(value);
    }

    /// Takes the value on top away.
    ///
    /// # Panics
    /// If there is none.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn pop(&mut self) -> T {
        match self.values.pop() {
            Some(value) => value,
            None => panic!("there is a value"),
        }
    }

    /// Drops the values from this index on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::rc::Rc;
    use std::string::String;

    use super::*;

    #[test]
    fn values_come_back_in_reverse_order() {
        let mut store = Store::<(u8, String), 2, 20>::new();
        for number in 0..store.capacity() {
            assert!(store.has_room());
            store.push((number as u8, std::format!("{number}")));
        }
        assert!(!store.has_room());
        for number in (0..store.capacity()).rev() {
            assert_eq!(store.last().map(|(last, _)| *last), Some(number as u8));
            assert_eq!(store.pop(), (number as u8, std::format!("{number}")));
        }
        assert!(store.last().is_none());
    }

    #[test]
    fn values_of_any_size_lie_side_by_side() {
        fn filled<T: Copy + PartialEq + core::fmt::Debug>(value: impl Fn(u8) -> T) {
            let mut store = Store::<T, 3, 7>::new();
            let count = store.capacity();
            for number in 0..count {
                store.push(value(number as u8));
            }
            // What stands behind the values has not been written to.
            assert_eq!(store.len(), count);
            for number in (0..count).rev() {
                assert_eq!(store.pop(), value(number as u8));
            }
        }
        filled(|number| number);
        filled(|number| [number; 3]);
        filled(|number| (u32::from(number), number));
        filled(|number| [u64::from(number); 5]);
        filled(|number| (u128::from(number), number));
    }

    #[test]
    fn what_is_left_is_dropped_once() {
        let value = Rc::new(());
        let mut store = Store::<Rc<()>, 1, 4>::new();
        for _ in 0..5 {
            store.push(Rc::clone(&value));
        }
        assert_eq!(Rc::strong_count(&value), 6);
        store.truncate(3);
        assert_eq!(Rc::strong_count(&value), 4);
        drop(store.pop());
        drop(store);
        assert_eq!(Rc::strong_count(&value), 1);
    }

    #[test]
    fn alignment_and_size_decide_on_the_room() {
        #[repr(align(64))]
        struct Wide(u8);
        let mut wide = Store::<Wide, 2, 100>::new();
        assert_eq!(wide.capacity(), 2);
        wide.push(Wide(3));
        wide.push(Wide(4));
        assert!(!wide.has_room());
        assert_eq!((wide.pop().0, wide.pop().0), (4, 3));
        let mut empty = Store::<(), 0, 0>::new();
        for _ in 0..100 {
            empty.push(());
        }
        assert_eq!(empty.len(), 100);
        empty.pop();
        assert_eq!(Store::<[u64; 3], 1, 8>::new().capacity(), 3);
    }

    #[test]
    #[should_panic(expected = "there is room")]
    fn a_full_store_takes_nothing() {
        let mut store = Store::<u64, 1, 1>::new();
        for number in 0..3 {
            store.push(number);
        }
    }
}
