//! Elements of arrays and vectors.

use crate::differentiable::Differentiable;

/// A type whose elements are read by `value[index]`.
///
/// Original: `y = a[i]`.
/// Adjoint: `a_bar[i] += y_bar`.
/// ```
/// use tapeless::prelude::*;
/// #[differentiable]
/// fn f(a: [f64; 3], i: usize) -> f64 { a[i] * a[0] }
/// assert_eq!(f::grad([2.0, 3.0, 5.0], 2), [5.0, 0.0, 2.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "an element of `{Self}` at `{I}` has no derivative",
    label = "no derivative is known for this element"
)]
pub trait IndexRule<I>: Differentiable {
    /// The type of an element.
    type Element: Differentiable + ?Sized;

    /// The accumulator of an element of the cotangent.
    fn element(cotangent: &mut Self::Tangent, index: I) -> <Self::Element as Differentiable>::Accumulator<'_>;
}

impl<X: Differentiable, const N: usize> IndexRule<usize> for [X; N] {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self::Tangent, index: usize) -> X::Accumulator<'_> {
        X::add_to(&mut cotangent[index])
    }
}

/// The index of what is inside a `Some` or an `Ok`.
#[derive(Clone, Copy, Debug)]
pub struct Payload;

impl<X: Differentiable> IndexRule<Payload> for Option<X> {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self::Tangent, _: Payload) -> X::Accumulator<'_> {
        let payload = cotangent.as_mut();
        X::add_to(payload.unwrap_or_else(|| unreachable!("the cotangent of a `Some` is a `Some`")))
    }
}

impl<X: Differentiable, E> IndexRule<Payload> for Result<X, E> {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self::Tangent, _: Payload) -> X::Accumulator<'_> {
        let payload = cotangent.as_mut();
        X::add_to(payload.unwrap_or_else(|| unreachable!("the cotangent of an `Ok` is a `Some`")))
    }
}

/// Puts something else inside an option or a result, where there was something.
///
/// Original: `y = x.map(|_| v)`.
/// Adjoint: `v_bar += y_bar.unwrap()`.
#[doc(hidden)]
#[allow(non_camel_case_types)]
#[derive(Clone, Copy, Debug)]
pub struct __rewrapped {}

#[cfg(feature = "alloc")]
impl<X: Differentiable> IndexRule<usize> for [X] {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self::Tangent, index: usize) -> X::Accumulator<'_> {
        X::add_to(&mut cotangent[index])
    }
}

#[cfg(feature = "alloc")]
impl<X: Differentiable> IndexRule<usize> for alloc::vec::Vec<X> {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self::Tangent, index: usize) -> X::Accumulator<'_> {
        X::add_to(&mut cotangent[index])
    }
}

/// What is inside a box, by the same index.
#[cfg(feature = "alloc")]
impl<I, X: IndexRule<I>> IndexRule<I> for alloc::boxed::Box<X> {
    type Element = X::Element;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(cotangent: &mut Self::Tangent, index: I) -> <X::Element as Differentiable>::Accumulator<'_> {
        X::element(cotangent, index)
    }
}

/// The index of a field of an enum's variant, by a key made of their names.
#[derive(Clone, Copy, Debug)]
pub struct Part<const KEY: u64>;

/// Slices of slices. What flows to one flows to its elements in the whole.
///
/// Original: `y = &a[i..j]`.
/// Adjoint: `a_bar[i..j] += y_bar`.
#[cfg(feature = "alloc")]
mod slices {
    use core::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

    use super::{Differentiable, IndexRule};
    use crate::accumulate::slices::SliceAccumulator;

    macro_rules! slices {
        ($($range:ty)*) => {$(
            slices!(@ $range, [X: Differentiable] [X]);
            slices!(@ $range, [X: Differentiable] alloc::vec::Vec<X>);
            slices!(@ $range, [X: Differentiable, const N: usize] [X; N]);
        )*};
        (@ $range:ty, [$($generics:tt)*] $whole:ty) => {
            impl<$($generics)*> IndexRule<$range> for $whole {
                type Element = [X];
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn element(cotangent: &mut Self::Tangent, index: $range) -> SliceAccumulator<'_, X::Tangent> {
                    SliceAccumulator::Live(&mut cotangent[index])
                }
            }
        };
    }
    slices!(Range<usize> RangeFrom<usize> RangeTo<usize> RangeInclusive<usize> RangeToInclusive<usize> RangeFull);
}
