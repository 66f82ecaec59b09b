//! Methods that change the size or the order of a vector: their forward sweeps and pullbacks, called like those of a user's own
//! methods with `&mut self`.
//!
//! A forward sweep takes the vector by value and gives it back behind the method's result. Its pullback is given the result
//! again, the cotangents of both its parts, and an accumulator for each argument.

use alloc::vec::Vec;

use super::Active;
use crate::accumulate::slices::SliceAccumulator;
use crate::accumulate::{Accumulate, Accumulator};
use crate::call::kind::{ByReference, ByValue, DifferentiatedSlice, Ignored, Kind};
use crate::call::{Bar, Ignore, Unused};
use crate::differentiable::{Differentiable, Tangent};

/// The accumulator of a vector.
pub(super) type Vectors<'a, X> = Accumulator<'a, Vec<<X as Differentiable>::Tangent>>;
/// A position or a length, which is not differentiated with respect to.
pub(super) type Number = Kind<ByValue, Ignored>;

/// Zero for each of the elements.
fn zeros<X: Differentiable>(elements: &[X]) -> Vec<X::Tangent> {
    elements.iter().map(|element| X::zero(&element.shape())).collect()
}

/// Zero for each element of a vector of which the parts are left over.
fn zeros_of_both<X: Differentiable>(elements: &[X], others: &[X::Shape]) -> Vec<X::Tangent> {
    let mut zeros = zeros(elements);
    zeros.extend(others.iter().map(X::zero));
    zeros
}

fn shapes<X: Differentiable>(elements: &[X]) -> Vec<X::Shape> {
    elements.iter().map(X::shape).collect()
}

/// Adds cotangents to others, one to one.
fn add<T: Tangent>(sums: &mut [T], cotangents: &[T]) {
    for (sum, cotangent) in sums.iter_mut().zip(cotangents) {
        sum.accumulate(cotangent);
    }
}

/// Adds a cotangent that is at hand to an accumulator.
fn contribute<X: Differentiable>(cotangent: &X::Tangent, to: &mut X::Accumulator<'_>) {
    X::transfer(&X::add_to(&mut cotangent.clone()), to);
}

/// The methods. In the comments, `v` is the vector before and `w` behind it.
pub trait VectorChanges: Sized {
    /// An element.
    type Element: Differentiable;

    /// The vector.
    fn into_vector(self) -> Vec<Self::Element>;

    /// Original: `y = v.pop()`.
    /// Adjoint: `v_bar += w_bar` with `y_bar` behind it.
    #[inline]
    fn __pop_update(
        self,
        _: fn(&mut Vec<Self::Element>) -> Option<Self::Element>,
    ) -> (
        (Option<Self::Element>, Vec<Self::Element>),
        impl FnOnce(
            Unused,
            &(Option<Self::Element>, Vec<Self::Element>),
            Bar<
                '_,
                (
                    Accumulator<'_, Option<<Self::Element as Differentiable>::Tangent>>,
                    Vectors<'_, Self::Element>,
                ),
            >,
            Bar<'_, Vectors<'_, Self::Element>>,
        ),
        (Active,),
    ) {
        let mut vector = self.into_vector();
        let popped = vector.pop();
        let pullback = |_: Unused,
                        result: &(Option<Self::Element>, Vec<Self::Element>),
                        bar: Bar<
            '_,
            (
                Accumulator<'_, Option<<Self::Element as Differentiable>::Tangent>>,
                Vectors<'_, Self::Element>,
            ),
        >,
                        own: Bar<'_, Vectors<'_, Self::Element>>| {
            let (popped, rest) = (bar.0.0.get(), bar.0.1.get());
            if popped.is_none() && rest.is_none() {
                return;
            }
            let last: Vec<_> = result.0.iter().map(Self::Element::shape).collect();
            let Some(sums) = own.0.live(|| zeros_of_both(&result.1, &last)) else {
                return;
            };
            add(sums, rest.map_or(&[], Vec::as_slice));
            if let (Some(sum), Some(Some(cotangent))) = (sums.get_mut(result.1.len()), popped) {
                sum.accumulate(cotangent);
            }
        };
        ((popped, vector), pullback, (Active::new(),))
    }

    /// Original: `v.truncate(length)`.
    /// Adjoint: `v_bar += w_bar`, with zero behind it.
    #[inline]
    fn __truncate_update(
        self,
        length: usize,
        _: fn(&mut Vec<Self::Element>, usize),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
        ),
        (Active, Number),
    ) {
        let mut vector = self.into_vector();
        let removed = vector.get(length..).map(shapes).unwrap_or_default();
        vector.truncate(length);
        let pullback = move |_: Unused,
                             _: Unused,
                             result: &((), Vec<Self::Element>),
                             bar: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             _: Bar<'_, Ignore>| {
            if let Some(rest) = bar.0.1.get()
                && let Some(sums) = own.0.live(|| zeros_of_both(&result.1, &removed))
            {
                add(sums, rest);
            }
        };
        (((), vector), pullback, (Active::new(), Number::new()))
    }

    /// Original: `v.clear()`.
    /// Adjoint: nothing flows.
    #[inline]
    fn __clear_update(
        self,
        _: fn(&mut Vec<Self::Element>),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
        ),
        (Active,),
    ) {
        let mut vector = self.into_vector();
        vector.clear();
        let pullback = |_: Unused,
                        _: &((), Vec<Self::Element>),
                        _: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                        _: Bar<'_, Vectors<'_, Self::Element>>| {};
        (((), vector), pullback, (Active::new(),))
    }

    /// Original: `y = v.remove(index)`.
    /// Adjoint: `v_bar += w_bar` with `y_bar` at `index`.
    #[inline]
    #[track_caller]
    fn __remove_update(
        self,
        index: usize,
        _: fn(&mut Vec<Self::Element>, usize) -> Self::Element,
    ) -> (
        (Self::Element, Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &(Self::Element, Vec<Self::Element>),
            Bar<
                '_,
                (
                    <Self::Element as Differentiable>::Accumulator<'_>,
                    Vectors<'_, Self::Element>,
                ),
            >,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
        ),
        (Active, Number),
    ) {
        let mut vector = self.into_vector();
        let removed = vector.remove(index);
        let pullback = move |_: Unused,
                             _: Unused,
                             result: &(Self::Element, Vec<Self::Element>),
                             bar: Bar<
            '_,
            (
                <Self::Element as Differentiable>::Accumulator<'_>,
                Vectors<'_, Self::Element>,
            ),
        >,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             _: Bar<'_, Ignore>| {
            let zeros = || {
                let mut zeros = zeros(&result.1);
                zeros.insert(index, Self::Element::zero(&result.0.shape()));
                zeros
            };
            let Some(sums) = own.0.live(zeros) else { return };
            if let Some(rest) = bar.0.1.get() {
                add(&mut sums[..index], &rest[..index]);
                add(&mut sums[index + 1..], &rest[index..]);
            }
            Self::Element::transfer(&bar.0.0, &mut Self::Element::add_to(&mut sums[index]));
        };
        ((removed, vector), pullback, (Active::new(), Number::new()))
    }

    /// Original: `y = v.swap_remove(index)`.
    /// Adjoint: `v_bar += w_bar` with `y_bar` at `index`, and what was there at the end.
    #[inline]
    #[track_caller]
    fn __swap_remove_update(
        self,
        index: usize,
        _: fn(&mut Vec<Self::Element>, usize) -> Self::Element,
    ) -> (
        (Self::Element, Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &(Self::Element, Vec<Self::Element>),
            Bar<
                '_,
                (
                    <Self::Element as Differentiable>::Accumulator<'_>,
                    Vectors<'_, Self::Element>,
                ),
            >,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
        ),
        (Active, Number),
    ) {
        let mut vector = self.into_vector();
        let removed = vector.swap_remove(index);
        let pullback = move |_: Unused,
                             _: Unused,
                             result: &(Self::Element, Vec<Self::Element>),
                             bar: Bar<
            '_,
            (
                <Self::Element as Differentiable>::Accumulator<'_>,
                Vectors<'_, Self::Element>,
            ),
        >,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             _: Bar<'_, Ignore>| {
            let last = result.1.len();
            let zeros = || {
                let mut zeros = zeros(&result.1);
                zeros.push(Self::Element::zero(&result.0.shape()));
                zeros.swap(index, last);
                zeros
            };
            let Some(sums) = own.0.live(zeros) else { return };
            // As behind the swap, and back.
            sums.swap(index, last);
            add(sums, bar.0.1.get().map_or(&[], Vec::as_slice));
            Self::Element::transfer(&bar.0.0, &mut Self::Element::add_to(&mut sums[last]));
            sums.swap(index, last);
        };
        ((removed, vector), pullback, (Active::new(), Number::new()))
    }

    /// Original: `v.insert(index, x)`.
    /// Adjoint: `x_bar += w_bar[index]`, `v_bar += w_bar` without it.
    #[inline]
    #[track_caller]
    fn __insert_update(
        self,
        index: usize,
        element: Self::Element,
        _: fn(&mut Vec<Self::Element>, usize, Self::Element),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            Unused,
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
            Bar<'_, <Self::Element as Differentiable>::Accumulator<'_>>,
        ),
        (Active, Number, Active),
    ) {
        let mut vector = self.into_vector();
        vector.insert(index, element);
        let pullback =
            move |_: Unused,
                  _: Unused,
                  _: Unused,
                  result: &((), Vec<Self::Element>),
                  bar: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                  own: Bar<'_, Vectors<'_, Self::Element>>,
                  _: Bar<'_, Ignore>,
                  element: Bar<'_, <Self::Element as Differentiable>::Accumulator<'_>>| {
                let Some(cotangents) = bar.0.1.get() else { return };
                contribute::<Self::Element>(&cotangents[index], element.0);
                let zeros = || {
                    let mut zeros = zeros(&result.1[..index]);
                    zeros.extend(self::zeros(&result.1[index + 1..]));
                    zeros
                };
                if let Some(sums) = own.0.live(zeros) {
                    add(&mut sums[..index], &cotangents[..index]);
                    add(&mut sums[index..], &cotangents[index + 1..]);
                }
            };
        (((), vector), pullback, (Active::new(), Number::new(), Active::new()))
    }

    /// Original: `v.resize(length, x)`.
    /// Adjoint: `v_bar += w_bar` as far as it goes, `x_bar` the sum of the rest.
    #[inline]
    fn __resize_update(
        self,
        length: usize,
        element: Self::Element,
        _: fn(&mut Vec<Self::Element>, usize, Self::Element),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            Unused,
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
            Bar<'_, <Self::Element as Differentiable>::Accumulator<'_>>,
        ),
        (Active, Number, Active),
    )
    where
        Self::Element: Clone,
    {
        let mut vector = self.into_vector();
        let before = vector.len();
        let removed = vector.get(length..).map(shapes).unwrap_or_default();
        vector.resize(length, element);
        let pullback =
            move |_: Unused,
                  _: Unused,
                  _: Unused,
                  result: &((), Vec<Self::Element>),
                  bar: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                  own: Bar<'_, Vectors<'_, Self::Element>>,
                  _: Bar<'_, Ignore>,
                  element: Bar<'_, <Self::Element as Differentiable>::Accumulator<'_>>| {
                let Some(cotangents) = bar.0.1.get() else { return };
                let stays = before.min(cotangents.len());
                for cotangent in &cotangents[stays..] {
                    contribute::<Self::Element>(cotangent, element.0);
                }
                if let Some(sums) = own.0.live(|| zeros_of_both(&result.1[..stays], &removed)) {
                    add(sums, &cotangents[..stays]);
                }
            };
        (((), vector), pullback, (Active::new(), Number::new(), Active::new()))
    }

    /// Original: `v.extend_from_slice(&x)`.
    /// Adjoint: `v_bar += w_bar` as far as it goes, `x_bar += ` the rest.
    #[inline]
    fn __extend_from_slice_update(
        self,
        slice: &[Self::Element],
        _: fn(&mut Vec<Self::Element>, &[Self::Element]),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            &[Self::Element],
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, SliceAccumulator<'_, <Self::Element as Differentiable>::Tangent>>,
        ) + use<Self>,
        (Active, Kind<ByReference, DifferentiatedSlice>),
    )
    where
        Self::Element: Clone,
    {
        let mut vector = self.into_vector();
        let before = vector.len();
        vector.extend_from_slice(slice);
        let pullback =
            move |_: Unused,
                  slice: &[Self::Element],
                  result: &((), Vec<Self::Element>),
                  bar: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                  own: Bar<'_, Vectors<'_, Self::Element>>,
                  other: Bar<'_, SliceAccumulator<'_, <Self::Element as Differentiable>::Tangent>>| {
                let Some(cotangents) = bar.0.1.get() else { return };
                if let Some(sums) = own.0.live(|| zeros(&result.1[..before])) {
                    add(sums, &cotangents[..before]);
                }
                if let Some(sums) = other.0.live::<Self::Element>(|| shapes(slice)) {
                    add(sums, &cotangents[before..]);
                }
            };
        (((), vector), pullback, (Active::new(), Kind::new()))
    }

    /// Original: `v.append(&mut x)`.
    /// Adjoint: `v_bar += w_bar` as far as it goes, `x_bar += ` the rest.
    #[inline]
    fn __append_update(
        self,
        mut other: Vec<Self::Element>,
        _: fn(&mut Vec<Self::Element>, Vec<Self::Element>) -> ((), Vec<Self::Element>),
    ) -> (
        ((), Vec<Self::Element>, Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &((), Vec<Self::Element>, Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>, Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Vectors<'_, Self::Element>>,
        ),
        (Active, Active),
    ) {
        let mut vector = self.into_vector();
        let before = vector.len();
        vector.append(&mut other);
        let pullback = move |_: Unused,
                             _: Unused,
                             result: &((), Vec<Self::Element>, Vec<Self::Element>),
                             bar: Bar<'_, ((), Vectors<'_, Self::Element>, Vectors<'_, Self::Element>)>,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             other: Bar<'_, Vectors<'_, Self::Element>>| {
            let Some(cotangents) = bar.0.1.get() else { return };
            if let Some(sums) = own.0.live(|| zeros(&result.1[..before])) {
                add(sums, &cotangents[..before]);
            }
            if let Some(sums) = other.0.live(|| zeros(&result.1[before..])) {
                add(sums, &cotangents[before..]);
            }
        };
        (((), vector, other), pullback, (Active::new(), Active::new()))
    }

    /// Original: `y = v.split_off(at)`.
    /// Adjoint: `v_bar += w_bar` with `y_bar` behind it.
    #[inline]
    #[track_caller]
    fn __split_off_update(
        self,
        at: usize,
        _: fn(&mut Vec<Self::Element>, usize) -> Vec<Self::Element>,
    ) -> (
        (Vec<Self::Element>, Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &(Vec<Self::Element>, Vec<Self::Element>),
            Bar<'_, (Vectors<'_, Self::Element>, Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
        ),
        (Active, Number),
    ) {
        let mut vector = self.into_vector();
        let split = vector.split_off(at);
        let pullback = move |_: Unused,
                             _: Unused,
                             result: &(Vec<Self::Element>, Vec<Self::Element>),
                             bar: Bar<'_, (Vectors<'_, Self::Element>, Vectors<'_, Self::Element>)>,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             _: Bar<'_, Ignore>| {
            let (split, rest) = (bar.0.0.get(), bar.0.1.get());
            if split.is_none() && rest.is_none() {
                return;
            }
            if let Some(sums) = own.0.live(|| zeros_of_both(&result.1, &shapes(&result.0))) {
                add(sums, rest.map_or(&[], Vec::as_slice));
                add(&mut sums[at..], split.map_or(&[], Vec::as_slice));
            }
        };
        ((split, vector), pullback, (Active::new(), Number::new()))
    }

    /// Original: `v.rotate_left(count)`.
    /// Adjoint: `v_bar += w_bar`, rotated back.
    #[inline]
    #[track_caller]
    fn __rotate_left_update(
        self,
        count: usize,
        _: fn(&mut Vec<Self::Element>, usize),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
        ),
        (Active, Number),
    ) {
        let mut vector = self.into_vector();
        vector.rotate_left(count);
        let pullback = move |_: Unused,
                             _: Unused,
                             _: &((), Vec<Self::Element>),
                             bar: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             _: Bar<'_, Ignore>| {
            if let Some(cotangents) = bar.0.1.get() {
                let mut cotangents = cotangents.clone();
                cotangents.rotate_right(count);
                own.0.add(cotangents);
            }
        };
        (((), vector), pullback, (Active::new(), Number::new()))
    }

    /// Original: `v.rotate_right(count)`.
    /// Adjoint: `v_bar += w_bar`, rotated back.
    #[inline]
    #[track_caller]
    fn __rotate_right_update(
        self,
        count: usize,
        _: fn(&mut Vec<Self::Element>, usize),
    ) -> (
        ((), Vec<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &((), Vec<Self::Element>),
            Bar<'_, ((), Vectors<'_, Self::Element>)>,
            Bar<'_, Vectors<'_, Self::Element>>,
            Bar<'_, Ignore>,
        ),
        (Active, Number),
    ) {
        let mut vector = self.into_vector();
        vector.rotate_right(count);
        let pullback = move |_: Unused,
                             _: Unused,
                             _: &((), Vec<Self::Element>),
                             bar: Bar<'_, ((), Vectors<'_, Self::Element>)>,
                             own: Bar<'_, Vectors<'_, Self::Element>>,
                             _: Bar<'_, Ignore>| {
            if let Some(cotangents) = bar.0.1.get() {
                let mut cotangents = cotangents.clone();
                cotangents.rotate_left(count);
                own.0.add(cotangents);
            }
        };
        (((), vector), pullback, (Active::new(), Number::new()))
    }
}

impl<X: Differentiable> VectorChanges for Vec<X> {
    type Element = X;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn into_vector(self) -> Vec<X> {
        self
    }
}
