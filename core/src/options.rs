//! Methods that change an option, called like those of a user's own methods with `&mut self`; see also the methods of vectors.

#![allow(
    clippy::type_complexity,
    reason = "the types of pullbacks must be written out where they are promised"
)]

use crate::accumulate::{Accumulate, Accumulator};
use crate::call::kind::{ByValue, Differentiated, Kind};
use crate::call::{Bar, Unused};
use crate::differentiable::Differentiable;

/// The accumulator of an option.
type Options<'a, X> = Accumulator<'a, Option<<X as Differentiable>::Tangent>>;
/// A value that is differentiated with respect to.
type Active = Kind<ByValue, Differentiated>;

/// The methods. In the comments, `v` is the option before and `w` behind it.
pub trait OptionChanges: Sized {
    /// What is inside.
    type Inside: Differentiable;

    /// The option.
    fn into_option(self) -> Option<Self::Inside>;

    /// Original: `y = v.take()`.
    /// Adjoint: `v_bar += y_bar`.
    #[inline]
    fn __take_update(
        self,
        _: fn(&mut Option<Self::Inside>) -> Option<Self::Inside>,
    ) -> (
        (Option<Self::Inside>, Option<Self::Inside>),
        impl FnOnce(
            Unused,
            &(Option<Self::Inside>, Option<Self::Inside>),
            Bar<'_, (Options<'_, Self::Inside>, Options<'_, Self::Inside>)>,
            Bar<'_, Options<'_, Self::Inside>>,
        ),
        (Active,),
    ) {
        let pullback = |_: Unused,
                        _: &(Option<Self::Inside>, Option<Self::Inside>),
                        bar: Bar<'_, (Options<'_, Self::Inside>, Options<'_, Self::Inside>)>,
                        own: Bar<'_, Options<'_, Self::Inside>>| {
            if let Some(cotangent) = bar.0.0.get() {
                own.0.add(cotangent.clone());
            }
        };
        ((self.into_option(), None), pullback, (Active::new(),))
    }

    /// Original: `y = v.replace(x)`.
    /// Adjoint: `v_bar += y_bar`, `x_bar += w_bar`.
    #[inline]
    fn __replace_update(
        self,
        inside: Self::Inside,
        _: fn(&mut Option<Self::Inside>, Self::Inside) -> Option<Self::Inside>,
    ) -> (
        (Option<Self::Inside>, Option<Self::Inside>),
        impl FnOnce(
            Unused,
            Unused,
            &(Option<Self::Inside>, Option<Self::Inside>),
            Bar<'_, (Options<'_, Self::Inside>, Options<'_, Self::Inside>)>,
            Bar<'_, Options<'_, Self::Inside>>,
            Bar<'_, <Self::Inside as Differentiable>::Accumulator<'_>>,
        ),
        (Active, Active),
    ) {
        let pullback = |_: Unused,
                        _: Unused,
                        _: &(Option<Self::Inside>, Option<Self::Inside>),
                        bar: Bar<'_, (Options<'_, Self::Inside>, Options<'_, Self::Inside>)>,
                        own: Bar<'_, Options<'_, Self::Inside>>,
                        inside: Bar<'_, <Self::Inside as Differentiable>::Accumulator<'_>>| {
            if let Some(cotangent) = bar.0.0.get() {
                own.0.add(cotangent.clone());
            }
            if let Some(Some(cotangent)) = bar.0.1.get() {
                Self::Inside::transfer(&Self::Inside::add_to(&mut cotangent.clone()), inside.0);
            }
        };
        (
            (self.into_option(), Some(inside)),
            pullback,
            (Active::new(), Active::new()),
        )
    }
}

impl<X: Differentiable> OptionChanges for Option<X> {
    type Inside = X;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn into_option(self) -> Self {
        self
    }
}
