//! Accumulators of the fields of what is behind a pattern, and of the fields of fields.
//!
//! A struct's accumulator has a field for each of the struct's, and generated code names it: `bar.x`. Where what has the fields may
//! be in a box, or may be a `#[no_diff]` field, it goes by way of [`fields`] and [`part`].

use super::{NoDiff, NoTangent, Owned};
use crate::differentiable::Differentiable;
use crate::given::Like;

/// An accumulator with one for each field of a value, which is a struct, a tuple, or in a box. `T` is the tangent, and `X` that of what
/// has the fields.
pub trait Fields<T, X> {
    /// What has the fields.
    type Opened<'b>
    where
        Self: 'b;
    /// It. `zero` is the cotangent where nothing has flowed yet.
    fn open(&mut self, zero: impl FnOnce() -> T) -> Self::Opened<'_>;
}

/// What has the fields.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn fields<'b, V, X, B>(like: &Like<V>, bar: &'b mut B) -> B::Opened<'b>
where
    V: Differentiable + ?Sized,
    B: Fields<V::Tangent, X>,
{
    bar.open(|| V::zero(like.shape()))
}

/// An accumulator with one for each field of a value, of which nothing may be asked for: the value may be a `#[no_diff]` field of
/// a type whose fields have no accumulators.
pub trait Nested {
    /// What has the fields, as far as types are concerned.
    type Holder;
    /// The accumulator of a field, of type `R`.
    type Part<'b, R>
    where
        Self: 'b,
        R: 'b;
    /// The accumulator of a field.
    fn part<'b, R: 'b>(&'b mut self, field: impl FnOnce(&'b mut Self::Holder) -> &'b mut R) -> Self::Part<'b, R>
    where
        Self::Holder: 'b;
}

/// The accumulator of a field.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn part<'b, B: Nested, R: 'b>(bar: &'b mut B, field: impl FnOnce(&'b mut B::Holder) -> &'b mut R) -> B::Part<'b, R>
where
    B::Holder: 'b,
{
    bar.part(field)
}

macro_rules! inactive {
    ($($Accumulator:ident)*) => {$(
        impl<F> Nested for $Accumulator<F> {
            type Holder = F;
            type Part<'b, R>
                = Owned<$Accumulator<R>>
            where
                Self: 'b,
                R: 'b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn part<'b, R: 'b>(&'b mut self, _: impl FnOnce(&'b mut F) -> &'b mut R) -> Owned<$Accumulator<R>>
            where
                F: 'b,
            {
                Owned($Accumulator::default())
            }
        }
    )*};
}
inactive!(NoDiff NoTangent);

macro_rules! tuples {
    ($(($($T:ident $A:ident),+))*) => {$(
        impl<$($A),+> Nested for ($($A,)+) {
            type Holder = Self;
            type Part<'b, R>
                = &'b mut R
            where
                Self: 'b,
                R: 'b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn part<'b, R: 'b>(&'b mut self, field: impl FnOnce(&'b mut Self) -> &'b mut R) -> &'b mut R
            where
                Self: 'b,
            {
                field(self)
            }
        }
        impl<$($T, $A),+> Fields<($($T,)+), ($($T,)+)> for ($($A,)+) {
            type Opened<'b>
                = &'b mut Self
            where
                Self: 'b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn open(&mut self, _: impl FnOnce() -> ($($T,)+)) -> &mut Self {
                self
            }
        }
    )*};
}
tuples! {
    (T1 A1)
    (T1 A1, T2 A2)
    (T1 A1, T2 A2, T3 A3)
    (T1 A1, T2 A2, T3 A3, T4 A4)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9, T10 A10)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9, T10 A10, T11 A11)
    (T1 A1, T2 A2, T3 A3, T4 A4, T5 A5, T6 A6, T7 A7, T8 A8, T9 A9, T10 A10, T11 A11, T12 A12)
}
