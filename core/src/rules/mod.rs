//! The rules: the adjoint of every primitive operation.
//!
//! A primitive is named by a type of the same name, such as [`mul`] for `x * y` and [`sin`] for `x.sin()`. Its rule is an
//! implementation of [`Rule1`], [`Rule2`] or [`Rule3`], by the number of operands, for the result: given the
//! result's cotangent `y_bar`, it adds what flows to each operand to that operand's accumulator. What a rule reads is
//! given by reference; of the rest it is given only a [`Like`].
//!
//! # Where a function is not differentiable
//!
//! | at | the derivative is |
//! |---|---|
//! | [`relu`] at 0, [`abs`] at 0, [`norm`] at 0, [`hypot`] at the origin | 0 |
//! | [`max`], [`min`], [`clamp`] of two equal numbers | ½ for each |
//! | [`max`] and [`min`] of a matrix with equal extrema | 1 for the first, 0 for the others |
//! | x.[`powf`]\(p) | 0 to x where p = 0, 0 to p where x = 0, the plain formula elsewhere |
//! | [`sqrt`] at 0 | +∞, as the limit says |
//! | [`floor`], [`signum`] and others that jump | 0, also at the jump |
//!
//! Where one of these says 0, or an operand is not the one that is taken, even an infinite cotangent is stopped:
//! `x.relu().sqrt()` has the derivative 0 where `x` is negative, not NaN.
//!
//! # Accuracy
//!
//! The derivatives of the elementary functions are accurate to a few units in the last place, far into the tails; near
//! a zero of the derivative, to a few units of the precision of 1. Those of [`tanh`], [`sigmoid`], [`exp_m1`] and [`elu`]
//! are computed from the result, which is at hand: where it nears 1 or -1, they are accurate to one unit of the precision
//! of 1.

mod apply;
mod arithmetic;
mod elementary;
mod integers;
mod losses;
mod matrix;
mod multivariate;

mod reductions;
mod shapes;
mod structure;
#[cfg(feature = "alloc")]
mod vectors;

#[doc(hidden)]
pub use apply::{Apply1, Apply2, Apply3};
pub use arithmetic::*;
pub use elementary::*;
pub use losses::*;
pub use multivariate::*;
pub use reductions::*;
pub use shapes::*;
pub use structure::{__rewrapped, IndexRule, Part, Payload};
#[cfg(feature = "alloc")]
pub use vectors::*;

pub(crate) use multivariate::through_powi;

use crate::accumulate::Accumulate;
use crate::given::{Given, Like, TangentOf};

/// The adjoint of an operation `Op` on one operand; the implementor is the result.
#[diagnostic::on_unimplemented(
    message = "`{Op}` has no derivative rule for `{A}` with result `{Self}`",
    label = "no derivative is known for this operation"
)]
pub trait Rule1<Op, A: Given>: Given {
    /// Adds to `a_bar` what flows to the operand from the result's cotangent `y_bar`.
    fn __pullback1(self, op: Op, a: A, y_bar: &TangentOf<Self>, a_bar: &mut impl Accumulate<TangentOf<A>>);
}

/// The adjoint of an operation `Op` on two operands; the implementor is the result.
#[diagnostic::on_unimplemented(
    message = "`{Op}` has no derivative rule for `{A}` and `{B}` with result `{Self}`",
    label = "no derivative is known for this operation"
)]
pub trait Rule2<Op, A: Given, B: Given>: Given {
    /// Adds to `a_bar` and `b_bar` what flows to the operands from the result's cotangent `y_bar`.
    fn __pullback2(
        self,
        op: Op,
        a: A,
        b: B,
        y_bar: &TangentOf<Self>,
        a_bar: &mut impl Accumulate<TangentOf<A>>,
        b_bar: &mut impl Accumulate<TangentOf<B>>,
    );
}

/// The adjoint of an operation `Op` on three operands; the implementor is the result.
#[diagnostic::on_unimplemented(
    message = "`{Op}` has no derivative rule for `{A}`, `{B}` and `{C}` with result `{Self}`",
    label = "no derivative is known for this operation"
)]
pub trait Rule3<Op, A: Given, B: Given, C: Given>: Given {
    /// Adds to `a_bar`, `b_bar` and `c_bar` what flows to the operands from the result's cotangent `y_bar`.
    fn __pullback3(
        self,
        op: Op,
        a: A,
        b: B,
        c: C,
        y_bar: &TangentOf<Self>,
        a_bar: &mut impl Accumulate<TangentOf<A>>,
        b_bar: &mut impl Accumulate<TangentOf<B>>,
        c_bar: &mut impl Accumulate<TangentOf<C>>,
    );
}
