//! Methods that change an option, called like those of a user's own methods with `&mut self`; see also the methods of vectors.

use super::Active;
use super::tangents::with_tangents;
use crate::accumulate::{Accumulate, Accumulator};
use crate::call::kind::Kind;
use crate::call::{Bar, Mode, Unused};
use crate::differentiable::Differentiable;

/// The accumulator of an option.
type Options<'a, X> = Accumulator<'a, Option<<X as Differentiable>::Tangent>>;
/// The tangent of what is inside.
type Dot<V> = <<V as OptionChanges>::Element as Differentiable>::Tangent;

/// The methods. In the comments, `v` is the option before and `w` behind it.
pub trait OptionChanges: Sized {
    /// What is inside.
    type Element: Differentiable;

    /// The option.
    fn into_option(self) -> Option<Self::Element>;

    /// Original: `y = v.take()`.
    /// Adjoint: `v_bar += y_bar`.
    #[inline]
    fn __take_update(
        self,
        _: fn(&mut Option<Self::Element>) -> Option<Self::Element>,
    ) -> (
        (Option<Self::Element>, Option<Self::Element>),
        impl FnOnce(
            Unused,
            &(Option<Self::Element>, Option<Self::Element>),
            Bar<'_, (Options<'_, Self::Element>, Options<'_, Self::Element>)>,
            Bar<'_, Options<'_, Self::Element>>,
        ),
        (Active,),
    ) {
        let pullback = |_: Unused,
                        _: &(Option<Self::Element>, Option<Self::Element>),
                        bar: Bar<'_, (Options<'_, Self::Element>, Options<'_, Self::Element>)>,
                        own: Bar<'_, Options<'_, Self::Element>>| {
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
        inside: Self::Element,
        _: fn(&mut Option<Self::Element>, Self::Element) -> Option<Self::Element>,
    ) -> (
        (Option<Self::Element>, Option<Self::Element>),
        impl FnOnce(
            Unused,
            Unused,
            &(Option<Self::Element>, Option<Self::Element>),
            Bar<'_, (Options<'_, Self::Element>, Options<'_, Self::Element>)>,
            Bar<'_, Options<'_, Self::Element>>,
            Bar<'_, <Self::Element as Differentiable>::Accumulator<'_>>,
        ),
        (Active, Active),
    ) {
        let pullback = |_: Unused,
                        _: Unused,
                        _: &(Option<Self::Element>, Option<Self::Element>),
                        bar: Bar<'_, (Options<'_, Self::Element>, Options<'_, Self::Element>)>,
                        own: Bar<'_, Options<'_, Self::Element>>,
                        inside: Bar<'_, <Self::Element as Differentiable>::Accumulator<'_>>| {
            if let Some(cotangent) = bar.0.0.get() {
                own.0.add(cotangent.clone());
            }
            if let Some(Some(cotangent)) = bar.0.1.get() {
                Self::Element::transfer(&Self::Element::add_to(&mut cotangent.clone()), inside.0);
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
    type Element = X;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn into_option(self) -> Self {
        self
    }
}

/// The methods with tangents.
pub trait OptionTangents: OptionChanges + Differentiable<Tangent = Option<Dot<Self>>> {
    with_tangents! { Option;
        take: __take_update_tangent, __take_update() -> Option<Self::Element>, Option<Dot<Self>>;
        replace: __replace_update_tangent, __replace_update(inside: element) -> Option<Self::Element>, Option<Dot<Self>>;
    }
}

impl<X: Differentiable> OptionTangents for Option<X> {}
