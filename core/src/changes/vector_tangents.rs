//! Methods that change the size or the order of a vector, with tangents.

use alloc::vec::Vec;

use super::Active;
use super::tangents::with_tangents;
use super::vectors::{Number, VectorChanges, Vectors};
use crate::accumulate::Accumulator;
use crate::accumulate::slices::SliceAccumulator;
use crate::call::kind::{ByReference, DifferentiatedSlice, Kind};
use crate::call::{Bar, Ignore, Mode, Unused};
use crate::differentiable::Differentiable;

/// The tangent of an element.
type Dot<V> = <<V as VectorChanges>::Element as Differentiable>::Tangent;
/// What comes of `append`: nothing, and both vectors.
type Appended<X> = ((), Vec<X>, Vec<X>);
/// Its accumulators.
type AppendedBars<'a, X> = ((), Vectors<'a, X>, Vectors<'a, X>);

/// The methods with tangents.
pub trait VectorTangents: VectorChanges + Differentiable<Tangent = Vec<Dot<Self>>> {
    with_tangents! { Vec;
        pop: __pop_update_tangent, __pop_update() -> Option<Self::Element>, Option<Dot<Self>>;
        truncate: __truncate_update_tangent, __truncate_update(length: number) -> (), ();
        clear: __clear_update_tangent, __clear_update() -> (), ();
        remove: __remove_update_tangent, __remove_update(index: number) -> Self::Element, Dot<Self>;
        swap_remove: __swap_remove_update_tangent, __swap_remove_update(index: number) -> Self::Element, Dot<Self>;
        insert: __insert_update_tangent, __insert_update(index: number, element: element) -> (), ();
        resize: __resize_update_tangent, __resize_update(length: number, element: element) -> (), ();
        extend_from_slice: __extend_from_slice_update_tangent, __extend_from_slice_update(slice: slice) -> (), ();
        split_off: __split_off_update_tangent, __split_off_update(at: number) -> Vec<Self::Element>, Vec<Dot<Self>>;
        rotate_left: __rotate_left_update_tangent, __rotate_left_update(count: number) -> (), ();
        rotate_right: __rotate_right_update_tangent, __rotate_right_update(count: number) -> (), ();
    }

    /// `append` with tangents: it writes to two vectors.
    #[inline]
    fn __append_update_tangent<M: Mode>(
        self,
        _: M,
        other: Vec<Self::Element>,
        own_dot: Option<&Vec<Dot<Self>>>,
        other_dot: Option<&Vec<Dot<Self>>>,
        _: fn(Vec<Self::Element>, Vec<Self::Element>) -> (Appended<Self::Element>, Active),
    ) -> (
        (Appended<Self::Element>, Appended<Dot<Self>>),
        impl FnOnce(
            Unused,
            Unused,
            Unused,
            Unused,
            &(Appended<Self::Element>, Appended<Dot<Self>>),
            Bar<'_, (AppendedBars<'_, Self::Element>, AppendedBars<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Vectors<'_, Self::Element>>,
        ) + use<Self, M>,
        (Active, Active, Active, Active),
    ) {
        let own_dot = match own_dot {
            Some(dot) => dot.clone(),
            None => self.zero_tangent(),
        };
        let other_dot = match other_dot {
            Some(dot) => dot.clone(),
            None => other.zero_tangent(),
        };
        let (three, pullback, _) = self.__append_update(other, |_, other| ((), other));
        let (three_dot, pullback_dot, _) = own_dot.__append_update(other_dot, |_, other| ((), other));
        let both = move |_: Unused,
                         _: Unused,
                         _: Unused,
                         _: Unused,
                         result: &(Appended<Self::Element>, Appended<Dot<Self>>),
                         bar: Bar<'_, (AppendedBars<'_, Self::Element>, AppendedBars<'_, Self::Element>)>,
                         own: Bar<'_, Vectors<'_, Self::Element>>,
                         other: Bar<'_, Vectors<'_, Self::Element>>,
                         own_dot: Bar<'_, Vectors<'_, Self::Element>>,
                         other_dot: Bar<'_, Vectors<'_, Self::Element>>| {
            pullback(Unused, Unused, &result.0, Bar(&mut bar.0.0), own, other);
            pullback_dot(Unused, Unused, &result.1, Bar(&mut bar.0.1), own_dot, other_dot);
        };
        (
            (three, three_dot),
            both,
            (Active::new(), Active::new(), Active::new(), Active::new()),
        )
    }
}

impl<X: Differentiable> VectorTangents for Vec<X> {}
