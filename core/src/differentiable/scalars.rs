//! `f32` and `f64`: their own tangents.

use super::{Differentiable, Leaf, LeafMut, Tangent};
use crate::accumulate::{Accumulate as _, ScalarAccumulator, ScalarSlot};
use crate::chunk::Partials;
use crate::scalar::Real;

macro_rules! scalar {
    ($float:ident) => {
        impl Differentiable for $float {
            type Tangent = $float;
            type Shape = ();
            type Slot = ScalarSlot<$float>;
            type Accumulator<'a> = ScalarAccumulator<'a, $float>;
            type Chunk<const K: usize> = Partials<$float, K>;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zero_chunk<const K: usize>(&self) -> Partials<$float, K> {
                Partials::ZERO
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_> {
                ScalarAccumulator::Slot(slot)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn overwrite(buffer: &mut $float) -> Self::Accumulator<'_> {
                ScalarAccumulator::overwrite(buffer)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn add_to(tangent: &mut $float) -> Self::Accumulator<'_> {
                ScalarAccumulator::Place(tangent)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn seed(tangent: $float) -> Self::Slot {
                ScalarSlot::new(tangent)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>) {
                if let Some(cotangent) = from.get() {
                    to.add(*cotangent);
                }
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn finish(accumulator: &mut Self::Accumulator<'_>, (): &()) {
                accumulator.finish();
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn take(slot: Self::Slot, (): &()) -> $float {
                slot.take()
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zero_tangent(&self) -> $float {
                0.0
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn advance(&mut self, step: &$float) {
                *self += *step;
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn leaf_count(&self) -> usize {
                1
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn leaf(&self, index: usize) -> Leaf<'_> {
                assert_eq!(index, 0, "a scalar is a single leaf");
                Real::slice_leaf(core::slice::from_ref(self))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
                assert_eq!(index, 0, "a scalar is a single leaf");
                Real::slice_leaf_mut(core::slice::from_mut(self))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn leaf_of_slice(slice: &[Self]) -> Option<Leaf<'_>> {
                Some(Real::slice_leaf(slice))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn leaf_of_slice_mut(slice: &mut [Self]) -> Option<LeafMut<'_>> {
                Some(Real::slice_leaf_mut(slice))
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn shape(&self) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zero(_: &()) -> $float {
                0.0
            }
        }

        impl Tangent for $float {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn accumulate(&mut self, other: &$float) {
                *self += *other;
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn scale(&mut self, factor: f64) {
                *self *= factor as $float;
            }
        }
    };
}

scalar!(f32);
scalar!(f64);
