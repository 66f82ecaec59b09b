//! Values that are piecewise constant: integers, `bool`, `char`, strings. Their tangent is `()`.

use core::marker::PhantomData;

use super::{Differentiable, Leaf, LeafMut, Tangent};
use crate::accumulate::NoDiff;

/// The machinery of a type whose tangent is `()`.
macro_rules! inactive {
    ($($(#[$attribute:meta])* $type:ty,)*) => {$(
        $(#[$attribute])*
        impl Differentiable for $type {
            type Tangent = ();
            type Shape = ();
            type Slot = ();
            type Accumulator<'a> = ();
            type Chunk<const K: usize> = ();

            fn zero_chunk<const K: usize>(&self) {}

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn leaf_count(&self) -> usize {
                0
            }
            fn leaf(&self, _: usize) -> Leaf<'_> {
                no_leaf()
            }
            fn leaf_mut(&mut self, _: usize) -> LeafMut<'_> {
                no_leaf()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn shape(&self) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zero(_: &()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn accumulator(_: &mut ()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn overwrite(_: &mut ()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn add_to(_: &mut ()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn seed(_: ()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn transfer(_: &(), _: &mut ()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn finish(_: &mut (), _: &()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn take(_: (), _: &()) {}
        }
    )*};
}

inactive! {
    (), bool, char, &str,
    i8, i16, i32, i64, i128, isize,
    u8, u16, u32, u64, u128, usize,
    core::cmp::Ordering,
    #[cfg(feature = "alloc")]
    alloc::string::String,
}

impl Tangent for () {}

fn no_leaf() -> ! {
    panic!("a value without a tangent has no leaf")
}

/// The type of a field that has no tangent, in a variant of an enum: its accumulator is [`NoDiff`].
#[derive(Clone, Copy, Debug)]
pub struct LeftOut<F>(PhantomData<fn() -> F>);

impl<F> Differentiable for LeftOut<F> {
    type Tangent = ();
    type Shape = ();
    type Slot = ();
    type Accumulator<'a> = NoDiff<F>;
    type Chunk<const K: usize> = ();

    fn zero_chunk<const K: usize>(&self) {}

    fn leaf_count(&self) -> usize {
        0
    }
    fn leaf(&self, _: usize) -> Leaf<'_> {
        no_leaf()
    }
    fn leaf_mut(&mut self, _: usize) -> LeafMut<'_> {
        no_leaf()
    }
    fn shape(&self) {}
    fn zero((): &()) {}
    fn accumulator((): &mut ()) -> NoDiff<F> {
        NoDiff::default()
    }
    fn overwrite((): &mut ()) -> NoDiff<F> {
        NoDiff::default()
    }
    fn add_to((): &mut ()) -> NoDiff<F> {
        NoDiff::default()
    }
    fn seed((): ()) {}
    fn transfer(_: &NoDiff<F>, _: &mut NoDiff<F>) {}
    fn finish(_: &mut NoDiff<F>, (): &()) {}
    fn take((): (), (): &()) {}
}
