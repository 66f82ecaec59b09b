//! Arithmetic between integers. Nothing flows through it; it has rules because an integer may be part of a differentiable
//! struct.

use super::{Accumulate, Given, Like, Rule1, Rule2, Rule3, TangentOf};
use super::{abs, add, clamp, div, max, min, mul, neg, rem, rem_euclid, signum, sub};

macro_rules! integers {
    ($($integer:ident)*) => {$(
        one!(neg abs signum; $integer);
        two!(add sub mul div rem min max rem_euclid; $integer);
        three!(clamp; $integer);
    )*};
}

macro_rules! one {
    ($($op:ident)*; $integer:ident) => {$(
        one!(@ $op Like<$integer>);
        one!(@ $op &$integer);
    )*};
    (@ $op:ident $result:ty) => {
        impl<A: Given> Rule1<$op, A> for $result {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: $op, _: A, (): &(), _: &mut impl Accumulate<TangentOf<A>>) {}
        }
    };
}

macro_rules! two {
    ($($op:ident)*; $integer:ident) => {$(
        two!(@ $op Like<$integer>);
        two!(@ $op &$integer);
    )*};
    (@ $op:ident $result:ty) => {
        impl<A: Given, B: Given> Rule2<$op, A, B> for $result {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $op,
                _: A,
                _: B,
                (): &(),
                _: &mut impl Accumulate<TangentOf<A>>,
                _: &mut impl Accumulate<TangentOf<B>>,
            ) {
            }
        }
    };
}

macro_rules! three {
    ($($op:ident)*; $integer:ident) => {$(
        three!(@ $op Like<$integer>);
        three!(@ $op &$integer);
    )*};
    (@ $op:ident $result:ty) => {
        impl<A: Given, B: Given, C: Given> Rule3<$op, A, B, C> for $result {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback3(
                self,
                _: $op,
                _: A,
                _: B,
                _: C,
                (): &(),
                _: &mut impl Accumulate<TangentOf<A>>,
                _: &mut impl Accumulate<TangentOf<B>>,
                _: &mut impl Accumulate<TangentOf<C>>,
            ) {
            }
        }
    };
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
