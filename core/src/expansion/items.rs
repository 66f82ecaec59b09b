//! What loops iterate over, as often as the sweeps go through them.

use core::iter::Cloned;

/// What a loop takes its items from. The loop of the user's function consumes it; here it stays, for the other sweeps.
#[derive(Debug)]
pub struct Again<'a, T>(pub &'a T);

/// Collections that give references to their items too. This is tried first.
pub trait ElementsAgain<'a> {
    /// What gives the items.
    type Items;
    /// Copies of the items, one after another.
    fn __items(&self) -> Self::Items;
}

impl<'a, T, I> ElementsAgain<'a> for &&Again<'a, T>
where
    T: IntoIterator<Item = I>,
    &'a T: IntoIterator<Item = &'a I>,
    I: Clone + 'a,
{
    type Items = Cloned<<&'a T as IntoIterator>::IntoIter>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __items(&self) -> Self::Items {
        self.0.into_iter().cloned()
    }
}

/// Whatever else can be cloned.
pub trait CloneAgain<T> {
    /// A clone.
    fn __items(&self) -> T;
}

impl<T: IntoIterator + Clone> CloneAgain<T> for &Again<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __items(&self) -> T {
        self.0.clone()
    }
}

/// References to slices, which are kept as they are and taken for what they refer to.
pub trait SliceAgain<T> {
    /// The slice.
    fn __items(&self) -> T;
}

impl<T: IntoIterator + Clone> SliceAgain<T> for Again<'_, &T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __items(&self) -> T {
        (*self.0).clone()
    }
}

/// The item with the given index of what a loop iterates over.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn item<I: IntoIterator>(items: I, index: usize) -> I::Item {
    match items.into_iter().nth(index) {
        Some(item) => item,
        None => unreachable!("a loop has had this iteration"),
    }
}
