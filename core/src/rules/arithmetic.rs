//! Operators between scalars, and conversions of scalars.

use super::{Accumulate, Given, Like, Rule1, Rule2, TangentOf};
use crate::scalar::Real;

/// Declares primitives: a unit struct for each, with its documentation.
macro_rules! primitives {
    ($($(#[$attribute:meta])* $name:ident;)*) => {$(
        $(#[$attribute])*
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug)]
        pub struct $name {}
    )*};
}
pub(crate) use primitives;

primitives! {
    /// Addition.
    ///
    /// Original: `y = a + b`.
    /// Adjoint: `a_bar += y_bar`, `b_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a + b }
    /// assert_eq!(f::grad(2.0, 3.0), (1.0, 1.0));
    /// ```
    add;

    /// Subtraction.
    ///
    /// Original: `y = a - b`.
    /// Adjoint: `a_bar += y_bar`, `b_bar -= y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a - b }
    /// assert_eq!(f::grad(2.0, 3.0), (1.0, -1.0));
    /// ```
    sub;

    /// Multiplication; of two matrices, the matrix product.
    ///
    /// Original: `y = a * b`.
    /// Adjoint: `a_bar += y_bar * b`, `b_bar += a * y_bar`; for matrices `a_bar += y_bar * bᵀ`, `b_bar += aᵀ * y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a * b }
    /// assert_eq!(f::grad(2.0, 3.0), (3.0, 2.0));
    /// ```
    mul;

    /// Division.
    ///
    /// Original: `y = a / b`.
    /// Adjoint: `a_bar += y_bar / b`, `b_bar -= y_bar * y / b`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a / b }
    /// assert_eq!(f::grad(3.0, 2.0), (0.5, -0.75));
    /// ```
    div;

    /// The remainder of the division that rounds towards zero.
    ///
    /// Original: `y = a % b`, that is `a - trunc(a / b) * b`.
    /// Adjoint: `a_bar += y_bar`, `b_bar -= y_bar * trunc(a / b)`. The jumps of `trunc` are ignored.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a % b }
    /// assert_eq!(f::grad(7.5, 2.0), (1.0, -3.0));
    /// ```
    rem;

    /// Negation.
    ///
    /// Original: `y = -a`.
    /// Adjoint: `a_bar -= y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64) -> f64 { -a }
    /// assert_eq!(f::grad(2.0), -1.0);
    /// ```
    neg;

    /// A cast with `as`, or a conversion with `from` or `into`.
    ///
    /// Original: `y = a as f32`.
    /// Adjoint: `a_bar += y_bar as f64`. From an integer, nothing flows.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64) -> f32 { 3.0 * a as f32 }
    /// assert_eq!(f::grad(2.0), 3.0_f64);
    /// ```
    cast;
}

impl<T: Real> Rule2<add, Like<T>, Like<T>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: add,
        _: Like<T>,
        _: Like<T>,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        b_bar: &mut impl Accumulate<T>,
    ) {
        a_bar.add(*y_bar);
        b_bar.add(*y_bar);
    }
}

impl<T: Real> Rule2<sub, Like<T>, Like<T>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: sub,
        _: Like<T>,
        _: Like<T>,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        b_bar: &mut impl Accumulate<T>,
    ) {
        a_bar.add(*y_bar);
        b_bar.add(-*y_bar);
    }
}

impl<T: Real> Rule2<mul, &T, &T> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: mul,
        a: &T,
        b: &T,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        b_bar: &mut impl Accumulate<T>,
    ) {
        a_bar.add(*y_bar * *b);
        b_bar.add(*a * *y_bar);
    }
}

impl<T: Real> Rule2<mul, Like<T>, &T> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: mul,
        _: Like<T>,
        b: &T,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        _: &mut impl Accumulate<T>,
    ) {
        a_bar.add(*y_bar * *b);
    }
}

impl<T: Real> Rule2<mul, &T, Like<T>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: mul,
        a: &T,
        _: Like<T>,
        y_bar: &T,
        _: &mut impl Accumulate<T>,
        b_bar: &mut impl Accumulate<T>,
    ) {
        b_bar.add(*a * *y_bar);
    }
}

impl<T: Real> Rule2<div, Like<T>, &T> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div,
        _: Like<T>,
        b: &T,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        _: &mut impl Accumulate<T>,
    ) {
        a_bar.add(*y_bar / *b);
    }
}

impl<T: Real> Rule2<div, Like<T>, &T> for &T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div,
        _: Like<T>,
        b: &T,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        b_bar: &mut impl Accumulate<T>,
    ) {
        let quotient = *y_bar / *b;
        a_bar.add(quotient);
        b_bar.add(-quotient * *self);
    }
}

impl<T: Real> Rule1<neg, Like<T>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(self, _: neg, _: Like<T>, y_bar: &T, a_bar: &mut impl Accumulate<T>) {
        a_bar.add(-*y_bar);
    }
}

macro_rules! casts {
    ($($from:ident to $($to:ident)*;)*) => {$($(
        impl Rule1<cast, Like<$from>> for Like<$to> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: cast, _: Like<$from>, y_bar: &$to, a_bar: &mut impl Accumulate<$from>) {
                a_bar.add(*y_bar as $from);
            }
        }
    )*)*};
}

casts! {
    f32 to f32 f64;
    f64 to f32 f64;
}

macro_rules! integer_casts {
    ($($from:ident)*) => {$(
        impl<T: Real> Rule1<cast, Like<$from>> for Like<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: cast, _: Like<$from>, _: &T, _: &mut impl Accumulate<()>) {}
        }
    )*};
}

integer_casts!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// Nothing flows through a cast of anything to an integer.
macro_rules! casts_to_integers {
    ($($to:ident)*) => {$(
        impl<A: Given> Rule1<cast, A> for Like<$to> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: cast, _: A, (): &(), _: &mut impl Accumulate<TangentOf<A>>) {}
        }
    )*};
}

casts_to_integers!(char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
