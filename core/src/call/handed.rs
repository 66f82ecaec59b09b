//! Tangents and accumulators on their way into a call, as whoever is called takes them: the caller, a macro, does not know how.

use super::{Bar, Unused};

/// The tangent of an argument, as a method takes it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn handed<T: Handed<P>, P>(tangent: T) -> P {
    tangent.handed()
}

/// Nothing in the place of a tangent.
#[cfg_attr(not(debug_assertions), inline(always))]
#[must_use]
pub fn not_handed<P: Default>() -> P {
    P::default()
}

/// What may be handed over as the tangent of an argument: a method's caller, a macro, does not know how that is taken.
pub trait Handed<P> {
    /// The same, as it is taken.
    fn handed(self) -> P;
}

impl<'x, T> Handed<Option<&'x T>> for &'x T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn handed(self) -> Option<&'x T> {
        Some(self)
    }
}

impl<'x, T: Elements + ?Sized> Handed<Option<&'x [T::Element]>> for &'x T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn handed(self) -> Option<&'x [T::Element]> {
        Some(self.elements())
    }
}

impl<T: ?Sized> Handed<Unused> for &T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn handed(self) -> Unused {
        Unused
    }
}

/// The accumulator of a call's result, as the pullback takes it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn lent<B: Lent<P>, P>(bar: B) -> P {
    bar.lent()
}

/// The accumulator of the result of a call with tangents, which may have a pullback that does nothing.
pub trait Lent<P> {
    /// The same, as it is taken.
    fn lent(self) -> P;
}

impl<'b, A> Lent<Bar<'b, A>> for &'b mut A {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lent(self) -> Bar<'b, A> {
        Bar(self)
    }
}

impl<A> Lent<Unused> for &mut A {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lent(self) -> Unused {
        Unused
    }
}

impl<'b, Y, A, Z, B> Lent<OwnBars<'b, A, B>> for &'b mut ((Y, A), (Z, B)) {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lent(self) -> OwnBars<'b, A, B> {
        OwnBars(&mut self.0.1, &mut self.1.1)
    }
}

/// The accumulators of a receiver that comes out beside a result, and of its tangent.
#[derive(Debug)]
pub struct OwnBars<'b, A, B>(pub &'b mut A, pub &'b mut B);

/// What lends its elements as a slice.
pub trait Elements {
    /// The type of an element.
    type Element;
    /// The elements.
    fn elements(&self) -> &[Self::Element];
}

impl<T> Elements for [T] {
    type Element = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn elements(&self) -> &[T] {
        self
    }
}

impl<T, const N: usize> Elements for [T; N] {
    type Element = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn elements(&self) -> &[T] {
        self
    }
}

#[cfg(feature = "alloc")]
impl<T> Elements for alloc::vec::Vec<T> {
    type Element = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn elements(&self) -> &[T] {
        self
    }
}

#[cfg(feature = "alloc")]
impl<X: Elements + ?Sized> Elements for alloc::boxed::Box<X> {
    type Element = X::Element;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn elements(&self) -> &[X::Element] {
        (**self).elements()
    }
}
