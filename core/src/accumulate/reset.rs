//! Cotangents of parts whose size or variant changes.
//!
//! A write to an element may put something of another size in its place. Behind the write, the element's cotangent has the size
//! of the new contents; going back, it begins anew with the size of the old ones. So the forward sweep leaves a zero of that size
//! for each write, last in, first out. What has one size only, such as a scalar, leaves nothing.

use core::marker::PhantomData;

use super::{Accumulate, Accumulator, InactiveAccumulator, NoDiff, NoTangent, ScalarAccumulator};
use crate::differentiable::{Differentiable, Tangent};
use crate::scalar::Real;

/// An accumulator of cotangents of type `T`, of any size.
pub trait ResetTo<T>: InactiveAccumulator {
    /// Forgets what has flowed, and takes up the size of the given zero.
    fn reset(&mut self, zero: T);
}

impl<T: Tangent> ResetTo<T> for Accumulator<'_, T> {
    #[inline]
    fn reset(&mut self, zero: T) {
        match self {
            Self::Live(value) => **value = zero,
            _ => self.forget(),
        }
    }
}

impl<T: Real> ResetTo<T> for ScalarAccumulator<'_, T>
where
    Self: Accumulate<T>,
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn reset(&mut self, _: T) {
        self.forget();
    }
}

impl ResetTo<()> for () {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn reset(&mut self, (): ()) {}
}

impl<F> ResetTo<()> for NoDiff<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn reset(&mut self, (): ()) {}
}

impl<F> ResetTo<()> for NoTangent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn reset(&mut self, (): ()) {}
}

/// The zeros that writes at one place of the program leave.
#[derive(Debug)]
pub struct Resets<T> {
    #[cfg(feature = "alloc")]
    zeros: alloc::vec::Vec<T>,
    of: PhantomData<fn() -> T>,
}

impl<T> Default for Resets<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn default() -> Self {
        Self {
            #[cfg(feature = "alloc")]
            zeros: alloc::vec::Vec::new(),
            of: PhantomData,
        }
    }
}

impl<T> Resets<T> {
    /// The cotangent of the part that the last write of which this was not yet said overwrote.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn reset(&mut self, bar: &mut impl ResetTo<T>) {
        #[cfg(feature = "alloc")]
        if let Some(zero) = self.zeros.pop() {
            return bar.reset(zero);
        }
        bar.forget();
    }
}

/// The parts that writes at one place of the program overwrote, if they may have had other sizes.
#[derive(Debug)]
pub struct OverwrittenParts<X> {
    #[cfg(feature = "alloc")]
    parts: alloc::vec::Vec<X>,
    of: PhantomData<fn() -> X>,
}

impl<X> Default for OverwrittenParts<X> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn default() -> Self {
        Self {
            #[cfg(feature = "alloc")]
            parts: alloc::vec::Vec::new(),
            of: PhantomData,
        }
    }
}

impl<X> OverwrittenParts<X> {
    /// Undoes the last write of which this was not yet said, if it may have changed the size.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn put_back(&mut self, part: &mut X) {
        #[cfg(feature = "alloc")]
        if let Some(before) = self.parts.pop() {
            *part = before;
        }
        let _ = part;
    }
}

/// A part that is about to be overwritten.
#[derive(Debug)]
pub struct Overwritten<'a, X>(pub &'a X);

impl<X: Differentiable> Overwritten<'_, X> {
    /// Leaves a zero of its size, if there are several.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __leave(&self, resets: &mut Resets<X::Tangent>) {
        leave(self.0, resets);
    }

    /// Leaves a copy, if there are several sizes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __leave_part(&self, parts: &mut OverwrittenParts<X>)
    where
        X: Clone,
    {
        leave_part(self.0, parts);
    }
}

/// Leaves a zero of the size of a part that is about to be overwritten, if there are several.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn leave<X: Differentiable>(part: &X, resets: &mut Resets<X::Tangent>) {
    #[cfg(feature = "alloc")]
    if size_of::<X::Shape>() > 0 {
        resets.zeros.push(part.zero_tangent());
    }
    let _ = (part, resets);
}

/// Leaves a copy of a part that is about to be overwritten, if there are several sizes.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn leave_part<X: Differentiable + Clone>(part: &X, parts: &mut OverwrittenParts<X>) {
    #[cfg(feature = "alloc")]
    if size_of::<X::Shape>() > 0 {
        parts.parts.push(part.clone());
    }
    let _ = (part, parts);
}

/// A part without a tangent.
pub trait LeaveNothing {
    /// Does nothing.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __leave(&self, _: &mut Resets<()>) {}
    /// Does nothing.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __leave_part<X>(&self, _: &mut OverwrittenParts<X>) {}
}

impl<X> LeaveNothing for Overwritten<'_, X> {}
