//! What flows to the contents of a box.
//!
//! Where a function takes `&T`, it may be given `&Box<T>`. The accumulator of the box then lends that of its contents.

use core::ops::{Deref, DerefMut};

#[cfg(feature = "alloc")]
use super::Accumulate;
use super::{Accumulator, Owned};
use crate::differentiable::Tangent;

/// Lends an accumulator of type `A`: its own, or, that of a box, that of the contents. `T` is the tangent.
pub trait Unbox<'b, T, A> {
    /// Lends it. `zero` is the cotangent where nothing has flowed yet.
    fn unbox(self, zero: impl FnOnce() -> T) -> Unboxed<'b, A>;
}

/// A lent accumulator.
#[derive(Debug)]
pub enum Unboxed<'b, A> {
    /// One that was there.
    There(&'b mut A),
    /// One that was made for this.
    Made(A),
}

impl<A> Deref for Unboxed<'_, A> {
    type Target = A;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn deref(&self) -> &A {
        match self {
            Self::There(bar) => bar,
            Self::Made(bar) => bar,
        }
    }
}

impl<A> DerefMut for Unboxed<'_, A> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn deref_mut(&mut self) -> &mut A {
        match self {
            Self::There(bar) => bar,
            Self::Made(bar) => bar,
        }
    }
}

impl<'b, T, A> Unbox<'b, T, A> for &'b mut A {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn unbox(self, _: impl FnOnce() -> T) -> Unboxed<'b, A> {
        Unboxed::There(self)
    }
}

impl<'b, T, A> Unbox<'b, T, A> for Owned<A> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn unbox(self, _: impl FnOnce() -> T) -> Unboxed<'b, A> {
        Unboxed::Made(self.0)
    }
}

#[cfg(feature = "alloc")]
pub use alloc::boxed::Box as Boxed;

/// Where there are no boxes: nothing.
#[cfg(not(feature = "alloc"))]
#[derive(Debug)]
pub struct Boxed<T>(core::convert::Infallible, core::marker::PhantomData<fn() -> T>);

/// The cotangent of the contents, if anybody asks for it.
#[inline]
pub fn contents<'b, T: Tangent>(
    bar: &'b mut Accumulator<'_, Boxed<T>>,
    zero: impl FnOnce() -> Boxed<T>,
) -> Option<&'b mut T> {
    #[cfg(feature = "alloc")]
    return bar.live(zero).map(|cotangent| &mut **cotangent);
    #[cfg(not(feature = "alloc"))]
    {
        let _ = (bar, zero);
        None
    }
}

/// What a method is called on, which may be a box with what it is a method of.
#[derive(Debug)]
pub struct Contained<'a, X: ?Sized>(pub &'a X);

#[cfg(feature = "alloc")]
impl<'a, X: ?Sized> Contained<'a, Boxed<X>> {
    /// What is in the box.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __contents(&self) -> &'a X {
        self.0
    }
}

/// What is no box.
pub trait Itself<'a, X: ?Sized> {
    /// It.
    fn __contents(&self) -> &'a X;
}

impl<'a, X: ?Sized> Itself<'a, X> for Contained<'a, X> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __contents(&self) -> &'a X {
        self.0
    }
}

#[cfg(feature = "alloc")]
mod boxes {
    use alloc::boxed::Box;

    use super::{Unbox, Unboxed};
    use crate::accumulate::{Accumulate, Accumulator, ScalarAccumulator};
    use crate::differentiable::Tangent;
    use crate::scalar::Real;

    impl<'b, T: Tangent> Unbox<'b, Box<T>, Accumulator<'b, T>> for &'b mut Accumulator<'_, Box<T>> {
        #[inline]
        fn unbox(self, zero: impl FnOnce() -> Box<T>) -> Unboxed<'b, Accumulator<'b, T>> {
            Unboxed::Made(match self.live(zero) {
                Some(cotangent) => Accumulator::Live(cotangent),
                None => Accumulator::Inactive,
            })
        }
    }

    impl<'b, T: Real> Unbox<'b, Box<T>, ScalarAccumulator<'b, T>> for &'b mut Accumulator<'_, Box<T>> {
        #[inline]
        fn unbox(self, zero: impl FnOnce() -> Box<T>) -> Unboxed<'b, ScalarAccumulator<'b, T>> {
            Unboxed::Made(match self.live(zero) {
                Some(cotangent) => ScalarAccumulator::Place(cotangent),
                None => ScalarAccumulator::Inactive,
            })
        }
    }
}
