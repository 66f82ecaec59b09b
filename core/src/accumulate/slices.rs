//! The accumulator of a slice.
//!
//! A slice has no place of its own: what flows to it goes to part of a vector, of an array or of the caller's buffer. So its
//! accumulator is over a slice of cotangents, whoever owns them.

use alloc::vec::Vec;
use core::ops::{DerefMut, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use super::reset::ResetTo;
use super::{Accumulate, Accumulator, ElementAccumulator, InactiveAccumulator, Lend, Owned};
use crate::differentiable::{Differentiable, Tangent};
use crate::given::Like;

/// Takes contributions to the cotangents of a slice's elements.
#[derive(Debug)]
pub enum SliceAccumulator<'a, T> {
    /// Nobody asks for this cotangent.
    Inactive,
    /// A local one; `None` until the first contribution.
    Slot(&'a mut Option<Vec<T>>),
    /// The caller's buffer, whose contents the first contribution replaces.
    Stale(&'a mut [T]),
    /// Elements that are added to.
    Live(&'a mut [T]),
}

impl<'a, T: Tangent> SliceAccumulator<'a, T> {
    /// The stored cotangents, made zero first if there are none; nothing if inactive.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn live<X: Differentiable<Tangent = T>>(&mut self, shape: impl FnOnce() -> Vec<X::Shape>) -> Option<&mut [T]> {
        if matches!(self, Self::Stale(_)) {
            self.finish::<X>(&shape());
            return self.live_values();
        }
        match self {
            Self::Inactive | Self::Stale(_) => None,
            Self::Slot(slot) => Some(slot.get_or_insert_with(|| shape().iter().map(X::zero).collect())),
            Self::Live(values) => Some(values),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live_values(&mut self) -> Option<&mut [T]> {
        match self {
            Self::Live(values) => Some(values),
            _ => None,
        }
    }

    /// What has been contributed so far; nothing is a symbolic zero.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&[T]> {
        match self {
            Self::Inactive | Self::Stale(_) => None,
            Self::Slot(slot) => slot.as_deref(),
            Self::Live(values) => Some(values),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mark_live(&mut self) {
        if let Self::Stale(values) = core::mem::replace(self, Self::Inactive) {
            *self = Self::Live(values);
        }
    }

    /// Fills the caller's buffer with zero if nothing was contributed.
    ///
    /// # Panics
    /// If the buffer has another length than the slice.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn finish<X: Differentiable<Tangent = T>>(&mut self, shape: &[X::Shape]) {
        if let Self::Stale(values) = self {
            fits(values.len(), shape.len());
            for (value, shape) in values.iter_mut().zip(shape) {
                *value = X::zero(shape);
            }
            self.mark_live();
        }
    }

    /// Adds to `to` what has flowed into this one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn transfer(&self, to: &mut SliceAccumulator<'_, T>) {
        let Some(values) = self.get() else { return };
        match to {
            SliceAccumulator::Inactive => {}
            SliceAccumulator::Slot(slot) => match slot {
                Some(sums) => add(sums, values),
                None => **slot = Some(values.to_vec()),
            },
            SliceAccumulator::Live(sums) => add(sums, values),
            SliceAccumulator::Stale(buffer) => {
                fits(buffer.len(), values.len());
                buffer.clone_from_slice(values);
                to.mark_live();
            }
        }
    }

    /// The accumulator of some of the elements.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn part<X: Differentiable<Tangent = T>>(
        &mut self,
        shape: impl FnOnce() -> Vec<X::Shape>,
        range: impl core::slice::SliceIndex<[T], Output = [T]>,
    ) -> SliceAccumulator<'_, T> {
        match self.live::<X>(shape) {
            Some(values) => SliceAccumulator::Live(&mut values[range]),
            None => SliceAccumulator::Inactive,
        }
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn add<T: Tangent>(sums: &mut [T], values: &[T]) {
    crate::differentiable::same_length(sums.len(), values.len());
    sums.iter_mut()
        .zip(values)
        .for_each(|(sum, value)| sum.accumulate(value));
}

/// The caller's buffer must have the length of the argument.
#[cfg_attr(not(debug_assertions), inline(always))]
fn fits(buffer: usize, argument: usize) {
    assert!(
        buffer == argument,
        "the buffer for the gradient with respect to a slice has {buffer} elements, and the slice has {argument}"
    );
}

/// The tangent of a slice, and the slice of the same elements.
pub trait Slice {
    /// The slice.
    type Slice: ?Sized;
    /// An element.
    type Element;
}

impl<T> Slice for Vec<T> {
    type Slice = [T];
    type Element = T;
}

/// An accumulator over the caller's buffer, for the gradient with respect to a slice.
///
/// # Panics
/// If the buffer has another length than the slice.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn overwrite_slice<'a, X: Differentiable>(
    buffer: &'a mut [X::Tangent],
    slice: &[X],
) -> SliceAccumulator<'a, X::Tangent> {
    fits(buffer.len(), slice.len());
    SliceAccumulator::Stale(buffer)
}

impl<T: Tangent> InactiveAccumulator for SliceAccumulator<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() -> Self {
        Self::Inactive
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {
        match self {
            Self::Inactive | Self::Stale(_) => {}
            Self::Slot(slot) => **slot = None,
            Self::Live(values) => values.iter_mut().for_each(Tangent::fill_zero),
        }
    }
}

impl<T: Tangent> ResetTo<Vec<T>> for SliceAccumulator<'_, T> {
    #[inline]
    fn reset(&mut self, _: Vec<T>) {
        // The length of a slice does not change.
        self.forget();
    }
}

impl<T> Lend for SliceAccumulator<'_, T> {
    type Lent<'b>
        = &'b mut Self
    where
        Self: 'b;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend(&mut self) -> &mut Self {
        self
    }
}

/// Where the cotangents of a slice's elements flow: the accumulator of a slice, or of the vector or array that it is.
pub trait LendSlice<V: Differentiable + ?Sized> {
    /// The accumulator of the slice.
    type Slice: DerefMut;
    /// The accumulator, of the same elements.
    fn lend_slice(self, like: &Like<V>) -> Self::Slice;
}

impl<'b, 'a, X: Differentiable> LendSlice<[X]> for &'b mut SliceAccumulator<'a, X::Tangent> {
    type Slice = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend_slice(self, _: &Like<[X]>) -> Self {
        self
    }
}

impl<'b, X: Differentiable> LendSlice<Vec<X>> for &'b mut Accumulator<'_, Vec<X::Tangent>> {
    type Slice = Owned<SliceAccumulator<'b, X::Tangent>>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend_slice(self, like: &Like<Vec<X>>) -> Self::Slice {
        Owned(match self {
            Accumulator::Slot(slot) => SliceAccumulator::Slot(slot),
            other => match other.live(|| Vec::<X>::zero(like.shape())) {
                Some(values) => SliceAccumulator::Live(values),
                None => SliceAccumulator::Inactive,
            },
        })
    }
}

impl<'b, X: Differentiable, const N: usize> LendSlice<[X; N]> for &'b mut Accumulator<'_, [X::Tangent; N]> {
    type Slice = Owned<SliceAccumulator<'b, X::Tangent>>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend_slice(self, like: &Like<[X; N]>) -> Self::Slice {
        Owned(match self.live(|| <[X; N]>::zero(like.shape())) {
            Some(values) => SliceAccumulator::Live(values),
            None => SliceAccumulator::Inactive,
        })
    }
}

/// Of a field that is left out: it lends an accumulator that throws contributions away.
impl<X: Differentiable> LendSlice<Vec<X>> for Owned<Accumulator<'static, Vec<X::Tangent>>> {
    type Slice = Owned<SliceAccumulator<'static, X::Tangent>>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend_slice(self, _: &Like<Vec<X>>) -> Self::Slice {
        Owned(SliceAccumulator::Inactive)
    }
}

impl<X: Differentiable, const N: usize> LendSlice<[X; N]> for Owned<Accumulator<'static, [X::Tangent; N]>> {
    type Slice = Owned<SliceAccumulator<'static, X::Tangent>>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend_slice(self, _: &Like<[X; N]>) -> Self::Slice {
        Owned(SliceAccumulator::Inactive)
    }
}

impl<X: Differentiable> ElementAccumulator<[X], usize> for SliceAccumulator<'_, X::Tangent> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(&mut self, shape: impl FnOnce() -> Vec<X::Shape>, index: usize) -> X::Accumulator<'_> {
        match self.live::<X>(shape) {
            Some(values) => X::add_to(&mut values[index]),
            None => X::inactive(),
        }
    }
}

macro_rules! parts {
    ($($range:ty)*) => {$(
        impl<X: Differentiable> ElementAccumulator<[X], $range> for SliceAccumulator<'_, X::Tangent> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn element(
                &mut self,
                shape: impl FnOnce() -> Vec<X::Shape>,
                index: $range,
            ) -> SliceAccumulator<'_, X::Tangent> {
                self.part::<X>(shape, index)
            }
        }
    )*};
}
parts!(Range<usize> RangeFrom<usize> RangeTo<usize> RangeInclusive<usize> RangeToInclusive<usize> RangeFull);
