//! `f32` and `f64`: their own tangents.

use super::{Differentiable, Leaf, LeafMut, Tangent};
use crate::accumulate::{Accumulate as _, ScalarAccumulator, ScalarSlot};
use crate::scalar::Real;

macro_rules! scalar {
    ($float:ident) => {
        impl Differentiable for $float {
            type Tangent = $float;
            type Shape = ();
            type Slot = ScalarSlot<$float>;
            type Accumulator<'a> = ScalarAccumulator<'a, $float>;

            #[inline(always)]
            fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_> {
                ScalarAccumulator::Slot(slot)
            }
            #[inline(always)]
            fn overwrite(buffer: &mut $float) -> Self::Accumulator<'_> {
                ScalarAccumulator::overwrite(buffer)
            }
            #[inline(always)]
            fn add_to(tangent: &mut $float) -> Self::Accumulator<'_> {
                ScalarAccumulator::Place(tangent)
            }
            #[inline(always)]
            fn seed(tangent: $float) -> Self::Slot {
                ScalarSlot::new(tangent)
            }
            #[inline(always)]
            fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>) {
                if let Some(cotangent) = from.get() {
                    to.add(*cotangent);
                }
            }
            #[inline(always)]
            fn finish(accumulator: &mut Self::Accumulator<'_>, (): &()) {
                accumulator.finish();
            }
            #[inline(always)]
            fn take(slot: Self::Slot, (): &()) -> $float {
                slot.take()
            }

            #[inline(always)]
            fn zero_tangent(&self) -> $float {
                0.0
            }
            #[inline(always)]
            fn advance(&mut self, step: &$float) {
                *self += *step;
            }
            #[inline(always)]
            fn leaf_count(&self) -> usize {
                1
            }
            #[inline(always)]
            fn leaf(&self, index: usize) -> Leaf<'_> {
                assert_eq!(index, 0, "a scalar is a single leaf");
                Real::slice_leaf(core::slice::from_ref(self))
            }
            #[inline(always)]
            fn leaf_mut(&mut self, index: usize) -> LeafMut<'_> {
                assert_eq!(index, 0, "a scalar is a single leaf");
                Real::slice_leaf_mut(core::slice::from_mut(self))
            }
            #[inline(always)]
            fn leaf_of_slice(slice: &[Self]) -> Option<Leaf<'_>> {
                Some(Real::slice_leaf(slice))
            }
            #[inline(always)]
            fn leaf_of_slice_mut(slice: &mut [Self]) -> Option<LeafMut<'_>> {
                Some(Real::slice_leaf_mut(slice))
            }
            #[inline(always)]
            fn shape(&self) {}
            #[inline(always)]
            fn zero(_: &()) -> $float {
                0.0
            }
        }

        impl Tangent for $float {
            #[inline(always)]
            fn accumulate(&mut self, other: &$float) {
                *self += *other;
            }
            #[inline(always)]
            fn scale(&mut self, factor: f64) {
                *self *= factor as $float;
            }
        }
    };
}

scalar!(f32);
scalar!(f64);
