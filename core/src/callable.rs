//! Functions as values.

use crate::call::kind::{ByReference, ByValue, Differentiated, Ignored, Kind};
use crate::call::{Bar, Ignore, Mode, Unused};
use crate::differentiable::Differentiable;

/// A differentiable function as a value, to be handed to another one.
///
/// Every `#[differentiable]` function all of whose parameters are taken by value implements it, for the type that carries its
/// derivatives: `square {}` is the function `square` as a value. The arguments of a function with several parameters are a
/// tuple. A differentiable function that takes a `Callable` is differentiated through it; the function itself has no
/// derivative, it is a constant.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn square(x: f64) -> f64 { x * x }
///
/// /// The midpoint rule.
/// #[differentiable]
/// fn integrate<F: Callable<f64, Output = f64>>(f: F, a: f64, b: f64) -> f64 {
///     let h = (b - a) / 100.0;
///     let mut sum = 0.0;
///     for i in 0..100 {
///         sum += f.call(a + (i as f64 + 0.5) * h) * h;
///     }
///     sum
/// }
///
/// // The derivative of an integral with respect to its ends is the integrand there.
/// let (da, db) = integrate::grad(square {}, 1.0, 2.0);
/// assert!((da + 1.0).abs() < 1e-3 && (db - 4.0).abs() < 1e-3);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a differentiable function of `{Args}`",
    label = "not a differentiable function of such arguments",
    note = "a `#[differentiable]` function `f` that takes its parameters by value is handed on as `f {{}}`"
)]
pub trait Callable<Args: Differentiable>: Copy {
    /// The type of the result.
    type Output: Differentiable;

    /// The value of the function.
    fn call(&self, args: Args) -> Self::Output;

    /// The forward sweep and its pullback, for generated code.
    #[doc(hidden)]
    #[expect(clippy::type_complexity, reason = "an opaque type has no name")]
    fn __call_split(
        &self,
        args: Args,
        value: fn(&Self, Args) -> Self::Output,
    ) -> (
        Self::Output,
        impl FnOnce(
            &Self,
            Unused,
            &Self::Output,
            Bar<'_, <Self::Output as Differentiable>::Accumulator<'_>>,
            Bar<'_, Ignore>,
            Bar<'_, Args::Accumulator<'_>>,
        ) + use<Self, Args>,
        (Kind<ByReference, Ignored>, Kind<ByValue, Differentiated>),
    );

    /// The same with tangents, for generated code. A function without `#[differentiable(forward)]` has none, which is found out
    /// where it is used.
    #[doc(hidden)]
    #[expect(clippy::type_complexity, reason = "an opaque type has no name")]
    fn __call_split_tangent<M: Mode>(
        &self,
        _: M,
        _: Args,
        _: Unused,
        _: Option<&Args::Tangent>,
        _: fn(&Self, Args) -> Self::Output,
    ) -> (
        (Self::Output, <Self::Output as Differentiable>::Tangent),
        impl FnOnce(
            &Self,
            Unused,
            Unused,
            Unused,
            &(Self::Output, <Self::Output as Differentiable>::Tangent),
            Bar<
                '_,
                (
                    <Self::Output as Differentiable>::Accumulator<'_>,
                    <<Self::Output as Differentiable>::Tangent as Differentiable>::Accumulator<'_>,
                ),
            >,
            Bar<'_, Ignore>,
            Bar<'_, Args::Accumulator<'_>>,
            Bar<'_, Ignore>,
            Bar<'_, <Args::Tangent as Differentiable>::Accumulator<'_>>,
        ) + use<Self, Args, M>,
        (
            Kind<ByReference, Ignored>,
            Kind<ByValue, Differentiated>,
            Kind<ByReference, Ignored>,
            Kind<ByValue, Differentiated>,
        ),
    ) {
        const {
            panic!(
                "the function that is handed over has no forward mode, which the derivative along a direction needs: write `#[differentiable(forward)]` on it"
            )
        }
        #[expect(unreachable_code, reason = "for the type of the pullback")]
        (
            unreachable!(),
            |_: &Self, _, _, _, _: &_, _: Bar<'_, _>, _: Bar<'_, _>, _: Bar<'_, _>, _: Bar<'_, _>, _: Bar<'_, _>| {},
            (Kind::new(), Kind::new(), Kind::new(), Kind::new()),
        )
    }
}
