//! `f32` and `f64`: their own tangents.

use super::{Differentiable, Leaf, LeafMut, Tangent, one_piece};
use crate::scalar::Real;

macro_rules! scalar {
    ($float:ident) => {
        impl Differentiable for $float {
            type Tangent = $float;
            type Shape = ();
            one_piece!();

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
