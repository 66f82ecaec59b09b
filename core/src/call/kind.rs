//! What a parameter is: how the caller hands over its argument, tangent and accumulator.

use core::marker::PhantomData;

use super::handed::Elements;
use super::{Ignore, Unused};
use crate::accumulate::Owned;
#[cfg(feature = "alloc")]
use crate::accumulate::slices::LendSlice;
use crate::accumulate::unbox::{Unbox, Unboxed};
use crate::differentiable::Differentiable;
use crate::given::Like;

/// What a parameter is, for the reverse sweep of its caller: by reference or not, differentiable or not.
#[derive(Clone, Copy, Debug)]
pub struct Kind<R, D>(PhantomData<(R, D)>);

impl<R, D> Kind<R, D> {
    /// The kind.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R, D> Default for Kind<R, D> {
    fn default() -> Self {
        Self::new()
    }
}

/// The parameter is a reference: its pullback is handed the same place again.
#[derive(Clone, Copy, Debug)]
pub struct ByReference;

/// The parameter is a value, which its pullback owns. It is `Unchanged` behind the call, or nothing is known of that.
#[derive(Clone, Copy, Debug)]
pub struct ByValue<C = MayChange>(PhantomData<C>);

/// The call may write to the argument.
#[derive(Clone, Copy, Debug)]
pub struct MayChange;

/// The call does not write to the argument.
#[derive(Clone, Copy, Debug)]
pub struct Unchanged;

/// The kind of a method's receiver, where it is called as if it were written to.
pub trait ReceiverKind {
    /// True if the method may write to it.
    const CHANGES: bool;
}

impl<R, D> ReceiverKind for Kind<R, D>
where
    R: ReceiverKind,
{
    const CHANGES: bool = R::CHANGES;
}

impl ReceiverKind for ByReference {
    const CHANGES: bool = true;
}

impl ReceiverKind for ByValue<MayChange> {
    const CHANGES: bool = true;
}

impl ReceiverKind for ByValue<Unchanged> {
    const CHANGES: bool = false;
}

/// The parameter is differentiable.
#[derive(Clone, Copy, Debug)]
pub struct Differentiated;

/// The parameter is a slice of something differentiable.
#[derive(Clone, Copy, Debug)]
pub struct DifferentiatedSlice;

/// The parameter is not.
#[derive(Clone, Copy, Debug)]
pub struct Ignored;

impl<D> Kind<ByReference, D> {
    /// The place that the argument refers to.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn again<'x, T: ?Sized>(&self, place: &'x T) -> &'x T {
        place
    }
}

impl<C, D> Kind<ByValue<C>, D> {
    /// Nothing.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn again<T: ?Sized>(&self, _: &T) -> Unused {
        Unused
    }
}

impl Kind<ByReference, Differentiated> {
    /// The tangent of the argument.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent<'x, T>(&self, tangent: &'x T) -> Option<&'x T> {
        Some(tangent)
    }
    /// No tangent: zero.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent<T>(&self) -> Option<T> {
        None
    }
    /// The tangent of the argument, again.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent_again<'x, T>(&self, tangent: &'x T) -> Option<&'x T> {
        Some(tangent)
    }
    /// No tangent, again.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent_again<T>(&self) -> Option<T> {
        None
    }
}

impl Kind<ByReference, DifferentiatedSlice> {
    /// The tangent of the argument: of a vector or an array, as a slice.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent<'x, T: Elements + ?Sized>(&self, tangent: &'x T) -> Option<&'x [T::Element]> {
        Some(tangent.elements())
    }
    /// No tangent: zero.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent<T: ?Sized>(&self) -> Option<&'static T> {
        None
    }
    /// The tangent of the argument, again.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent_again<'x, T: Elements + ?Sized>(&self, tangent: &'x T) -> Option<&'x [T::Element]> {
        Some(tangent.elements())
    }
    /// No tangent, again.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent_again<T: ?Sized>(&self) -> Option<&'static T> {
        None
    }
}

impl<C> Kind<ByValue<C>, Differentiated> {
    /// The tangent of the argument.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent<T: Clone>(&self, tangent: &T) -> Option<T> {
        Some(tangent.clone())
    }
    /// No tangent: zero.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent<T>(&self) -> Option<T> {
        None
    }
    /// The pullback owns it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent_again<T: ?Sized>(&self, _: &T) -> Unused {
        Unused
    }
    /// The pullback owns it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent_again(&self) -> Unused {
        Unused
    }
}

impl<R> Kind<R, Ignored> {
    /// Nobody asks for the tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent<T: ?Sized>(&self, _: &T) -> Unused {
        Unused
    }
    /// There is none.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent(&self) -> Unused {
        Unused
    }
    /// Nobody asks for the tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent_again<T: ?Sized>(&self, _: &T) -> Unused {
        Unused
    }
    /// There is none.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn no_tangent_again(&self) -> Unused {
        Unused
    }
}

impl<R> Kind<R, Differentiated> {
    /// The accumulator of the argument.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend<B>(&self, bar: B) -> B {
        bar
    }
    /// The accumulator of an argument by reference.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend_reference<B, L>(&self, bar: B, _: L) -> B {
        bar
    }
}

impl<R> Kind<R, Differentiated> {
    /// The accumulator of an argument by reference, which may be a box with what is wanted.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend_unboxed<'b, B, V, A>(&self, bar: B, like: impl FnOnce() -> Like<V>) -> Unboxed<'b, A>
    where
        B: Unbox<'b, V::Tangent, A>,
        V: Differentiable + ?Sized,
    {
        bar.unbox(|| V::zero(like().shape()))
    }
}

impl<R> Kind<R, Ignored> {
    /// No accumulator.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend_unboxed<B, L>(&self, _: B, _: L) -> Owned<Ignore> {
        Owned(Ignore)
    }
}

#[cfg(feature = "alloc")]
impl<R> Kind<R, DifferentiatedSlice> {
    /// The accumulator of the argument, which may be a vector or an array.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend_unboxed<B: LendSlice<V>, V: Differentiable + ?Sized>(
        &self,
        bar: B,
        like: impl FnOnce() -> Like<V>,
    ) -> B::Slice {
        bar.lend_slice(&like())
    }

    /// The accumulator of the argument, which may be a vector or an array.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend_reference<B: LendSlice<V>, V: Differentiable + ?Sized>(
        &self,
        bar: B,
        like: impl FnOnce() -> Like<V>,
    ) -> B::Slice {
        bar.lend_slice(&like())
    }
}

impl<R> Kind<R, Ignored> {
    /// No accumulator.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend<B>(&self, _: B) -> Owned<Ignore> {
        Owned(Ignore)
    }
    /// No accumulator.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn lend_reference<B, L>(&self, _: B, _: L) -> Owned<Ignore> {
        Owned(Ignore)
    }
}
