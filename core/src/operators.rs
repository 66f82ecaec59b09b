//! Operators of the user's own types, and methods of theirs that are named like operations of numbers and matrices.
//!
//! The macro does not know types: `a * b` is a product, whatever `a` and `b` are. Where they may be of a type of the
//! user's own, the forward sweep asks an [`Operation2`] which rule there is, and the compiler's method resolution answers:
//! [`Operands2`], a copy of the operands, if the type brings a rule, and [`ByRule`], which holds nothing, if not. The
//! reverse sweep then calls `__pullback2` on the answer.
//!
//! `#[differentiable]` on an `impl` of an operator implements [`OwnRule1`] or [`OwnRule2`].

pub(crate) mod tangents;

use core::marker::PhantomData;

use crate::accumulate::{Accumulate, Accumulator, Inactive, NoDiff, NoTangent, ScalarAccumulator};
use crate::differentiable::{Differentiable, Tangent};
use crate::given::{Given, Like, TangentOf};
use crate::matrix::{Matrix, Storage};
use crate::rules::{Rule1, Rule2};
use crate::scalar::Real;

// ----- what a type brings

/// The derivative of the operation `Op` on one operand of the user's own type.
pub trait OwnRule1<Op>: Differentiable + Clone {
    /// The type of the result.
    type Output: Differentiable;
    /// The operand's cotangent, from that of the result.
    fn cotangent(self, y_bar: <Self::Output as Differentiable>::Tangent) -> Self::Tangent;
}

/// The derivative of the operation `Op` on two operands, of which one at least is of the user's own type.
pub trait OwnRule2<Op, B: Differentiable + Clone>: Differentiable + Clone {
    /// The type of the result.
    type Output: Differentiable;
    /// The operands' cotangents, from that of the result.
    fn cotangents(self, b: B, y_bar: <Self::Output as Differentiable>::Tangent) -> (Self::Tangent, B::Tangent);
}

/// A compound assignment, `a += b`, as an operation of two operands, whose result is what `a` is afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Compound<Op>(pub Op);

/// A type that derives `Differentiable`.
pub trait OwnType {}

/// Types whose operators and conversions have derivatives by rules.
#[diagnostic::on_unimplemented(
    message = "operators and conversions of `{Self}` have no derivative",
    label = "no derivative is known for this operation on `{Self}`",
    note = "put `#[differentiable]` on the `impl` of the operator, or on one of a method, `a.plus(b)`, and call that"
)]
pub trait Operators<Y> {}

// ----- which rule there is

/// An operation on one operand.
#[derive(Debug)]
pub struct Operation1<'a, Op, A>(PhantomData<Op>, &'a A);

/// An operation on two operands.
#[derive(Debug)]
pub struct Operation2<'a, Op, A, B>(PhantomData<Op>, &'a A, &'a B);

impl<'a, Op, A> Operation1<'a, Op, A> {
    /// Of this operand.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(_: Op, a: &'a A) -> Self {
        Self(PhantomData, a)
    }
}

impl<'a, Op, A, B> Operation2<'a, Op, A, B> {
    /// Of these operands.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(_: Op, a: &'a A, b: &'a B) -> Self {
        Self(PhantomData, a, b)
    }
}

/// The operand of an operation that its type brings a rule for.
#[derive(Clone, Debug)]
pub struct Operands1<Op, A>(PhantomData<Op>, A);

/// The operands of an operation that their types bring a rule for.
#[derive(Clone, Debug)]
pub struct Operands2<Op, A, B>(PhantomData<Op>, A, B);

/// An operation of numbers or matrices, whose rule is this crate's.
#[derive(Clone, Copy, Debug)]
pub struct ByRule;

/// An operation on a type of the user's own that brings no rule.
#[derive(Debug)]
pub struct WithoutRule<T>(PhantomData<T>);

/// Which rule there is. Method resolution takes the first that applies, for `&&&` an operation.
pub mod rule_of {
    use super::*;

    /// A rule that a type brings.
    pub trait Own {
        /// What the rule is given.
        type Operands;
        /// A copy of the operands.
        fn __rule(&self) -> Self::Operands;
    }
    impl<Op, A: OwnRule1<Op>> Own for &&Operation1<'_, Op, A> {
        type Operands = Operands1<Op, A>;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __rule(&self) -> Operands1<Op, A> {
            Operands1(PhantomData, self.1.clone())
        }
    }
    impl<Op, A: OwnRule2<Op, B>, B: Differentiable + Clone> Own for &&Operation2<'_, Op, A, B> {
        type Operands = Operands2<Op, A, B>;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __rule(&self) -> Operands2<Op, A, B> {
            Operands2(PhantomData, self.1.clone(), self.2.clone())
        }
    }

    /// The first operand is of the user's own type, which brings no rule.
    pub trait NoneOfFirst<A> {
        /// The type.
        fn __rule(&self) -> WithoutRule<A> {
            WithoutRule(PhantomData)
        }
    }
    impl<Op, A: OwnType> NoneOfFirst<A> for &Operation1<'_, Op, A> {}
    impl<Op, A: OwnType, B> NoneOfFirst<A> for &Operation2<'_, Op, A, B> {}

    /// The second operand is.
    pub trait NoneOfSecond<B> {
        /// The type.
        fn __rule(&self) -> WithoutRule<B> {
            WithoutRule(PhantomData)
        }
    }
    impl<Op, A, B: OwnType> NoneOfSecond<B> for Operation2<'_, Op, A, B> {}

    /// An operation of numbers or matrices.
    pub trait Common: Sized {
        /// Nothing.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __rule(self) -> ByRule {
            ByRule
        }
    }
    impl<Op, A> Common for Operation1<'_, Op, A> {}
    impl<Op, A, B> Common for Operation2<'_, Op, A, B> {}
}

impl<Op, A> Clone for Operation1<'_, Op, A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Op, A> Copy for Operation1<'_, Op, A> {}
impl<Op, A, B> Clone for Operation2<'_, Op, A, B> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Op, A, B> Copy for Operation2<'_, Op, A, B> {}

// ----- whether there is one

impl ByRule {
    /// This crate's rules are looked for in the reverse sweep.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __known<Y: ?Sized>(&self, _: &Y) {}
}

impl<Op, A> Operands1<Op, A> {
    /// There is one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __known<Y: ?Sized>(&self, _: &Y) {}
}

impl<Op, A, B> Operands2<Op, A, B> {
    /// There is one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __known<Y: ?Sized>(&self, _: &Y) {}
}

impl<T> WithoutRule<T> {
    /// There is none. If there is no such operation either, which the compiler has reported, nothing more is said about it.
    pub fn __known<Y>(&self, _: &Y)
    where
        T: Operators<Y>,
    {
    }
}

// ----- the reverse sweep

impl ByRule {
    /// Adds to `a_bar` what flows to the operand from the result's cotangent `y_bar`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __pullback1<Op, Y: Rule1<Op, A>, A: Given>(
        &self,
        y: Y,
        op: Op,
        a: A,
        y_bar: &TangentOf<Y>,
        a_bar: &mut impl Accumulate<TangentOf<A>>,
    ) {
        y.__pullback1(op, a, y_bar, a_bar);
    }

    /// Adds to `a_bar` and `b_bar` what flows to the operands from the result's cotangent `y_bar`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __pullback2<Op, Y: Rule2<Op, A, B>, A: Given, B: Given>(
        &self,
        y: Y,
        op: Op,
        a: A,
        b: B,
        y_bar: &TangentOf<Y>,
        a_bar: &mut impl Accumulate<TangentOf<A>>,
        b_bar: &mut impl Accumulate<TangentOf<B>>,
    ) {
        y.__pullback2(op, a, b, y_bar, a_bar, b_bar);
    }
}

impl<Op, A: OwnRule1<Op>> Operands1<Op, A> {
    /// Adds to `a_bar` what flows to the operand from the result's cotangent `y_bar`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __pullback1<Y: Given<Value = A::Output>, O, G>(
        &self,
        y: Y,
        _: O,
        _: G,
        y_bar: &impl CotangentOf<A::Output>,
        a_bar: &mut impl Receives<A>,
    ) {
        a_bar.receive(self.1.clone().cotangent(y_bar.cotangent_of(&y.like())));
    }
}

impl<Op, A: OwnRule2<Op, B>, B: Differentiable + Clone> Operands2<Op, A, B> {
    /// Adds to `a_bar` and `b_bar` what flows to the operands from the result's cotangent `y_bar`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __pullback2<Y: Given<Value = A::Output>, O, G, H>(
        &self,
        y: Y,
        _: O,
        _: G,
        _: H,
        y_bar: &impl CotangentOf<A::Output>,
        a_bar: &mut impl Receives<A>,
        b_bar: &mut impl Receives<B>,
    ) {
        let (a, b) = (self.1.clone(), self.2.clone());
        let (a_cotangent, b_cotangent) = a.cotangents(b, y_bar.cotangent_of(&y.like()));
        a_bar.receive(a_cotangent);
        b_bar.receive(b_cotangent);
    }
}

impl<T> WithoutRule<T> {
    /// Nothing.
    pub fn __pullback1<Op, Y, A, C: ?Sized, P: ?Sized>(&self, _: Y, _: Op, _: A, _: &C, _: &mut P) {}

    /// Nothing.
    pub fn __pullback2<Op, Y, A, B, C: ?Sized, P: ?Sized, Q: ?Sized>(
        &self,
        _: Y,
        _: Op,
        _: A,
        _: B,
        _: &C,
        _: &mut P,
        _: &mut Q,
    ) {
    }
}

/// Where the cotangent of a `T` is, once it has flowed.
pub trait CotangentOf<T: Differentiable> {
    /// It, in one piece.
    fn cotangent_of(&self, like: &Like<T>) -> T::Tangent;
}

macro_rules! scalars {
    ($($scalar:ty)*) => {$(
        impl CotangentOf<$scalar> for $scalar {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn cotangent_of(&self, _: &Like<$scalar>) -> $scalar {
                *self
            }
        }
    )*};
}
scalars!(f32 f64);

impl<const N: usize, const M: usize, T: Real, S: Storage> CotangentOf<Self> for Matrix<N, M, T, S>
where
    Self: Differentiable<Tangent = Self>,
{
    fn cotangent_of(&self, _: &Like<Self>) -> Self {
        self.clone()
    }
}

/// Takes contributions to the cotangent of a `T`, in one piece.
pub trait Receives<T: Differentiable> {
    /// Adds one.
    fn receive(&mut self, cotangent: T::Tangent);
}

impl<T: Differentiable> Receives<T> for Accumulator<'_, T::Tangent> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn receive(&mut self, cotangent: T::Tangent) {
        self.add(cotangent);
    }
}

impl<T: Differentiable<Tangent = T> + Tangent + Real> Receives<T> for ScalarAccumulator<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn receive(&mut self, cotangent: T) {
        self.add(cotangent);
    }
}

macro_rules! nowhere {
    ($(($($parameter:ident)?) $Accumulator:ty;)*) => {$(
        impl<T: Differentiable, $($parameter)?> Receives<T> for $Accumulator {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn receive(&mut self, _: T::Tangent) {}
        }
    )*};
}
nowhere! {
    () Inactive;
    () ();
    (F) NoDiff<F>;
    (F) NoTangent<F>;
}
