//! The same in forward mode: the operation as a function with `#[differentiable(forward)]`, by way of [`Callable`].
//!
//! Where tangents are pushed forward, `__tangent_rule` says which rule there is, and that pushes: [`TangentsOf2`] those of the
//! user's own types, [`TangentsByRule`] those of numbers and matrices. What it keeps for the reverse sweep, [`Kept2`] or
//! [`ByRule`], brings the operands into the form that its rule takes, dual numbers or nothing, and goes back.

use core::marker::PhantomData;

use super::{ByRule, CotangentOf, Operation1, Operation2, OwnRule1, OwnRule2, OwnType, Receives};
use crate::accumulate::Inactive;
use crate::call::{Along, Bar, Ignore, Mode, Twice, Unused};
use crate::callable::Callable;
use crate::chunk::Chunk;
use crate::chunk::{ChunkOf, Width};
use crate::differentiable::Differentiable;

use crate::dual::{Sink, TangentOf, Zip, lifted};
use crate::expansion::methods::{Push, PushChunk};
use crate::given::Like;
use crate::rules::{Apply1, Apply2};

type Dot<X> = <X as Differentiable>::Tangent;

// ----- what a type brings

/// The derivative of an operation on one operand along directions.
pub trait OwnTangent1<Op>: OwnRule1<Op> {
    /// The operation as a function.
    fn function() -> impl Callable<Self, Output = <Self as OwnRule1<Op>>::Output>;
}

/// The derivative of an operation on two operands along directions.
pub trait OwnTangent2<Op, B: Differentiable + Clone>: OwnRule2<Op, B> {
    /// The operation as a function.
    fn function() -> impl Callable<(Self, B), Output = <Self as OwnRule2<Op, B>>::Output>;
}

/// Types whose operators have derivatives along directions.
#[diagnostic::on_unimplemented(
    message = "operators of `{Self}` have no forward mode",
    label = "no derivative along a direction is known for this operation on `{Self}`",
    note = "write `#[differentiable(forward)]` on the `impl` of the operator"
)]
pub trait ForwardOperators<Y> {}

// ----- which rule there is

/// An operation that its type brings a rule for.
#[derive(Debug)]
pub struct TangentsOf1<'a, Op, A>(PhantomData<Op>, &'a A);

/// The same of two operands.
#[derive(Debug)]
pub struct TangentsOf2<'a, Op, A, B>(PhantomData<Op>, &'a A, &'a B);

/// An operation of numbers or matrices, whose rule is this crate's.
#[derive(Clone, Copy, Debug)]
pub struct TangentsByRule;

/// An operation on a type of the user's own, `A`, that brings no rule for tangents.
#[derive(Debug)]
pub struct WithoutTangents<A>(PhantomData<A>);

/// Stands for a type that brings no rule at all, which has been said where the value was computed.
#[derive(Debug)]
pub struct Reported;

#[diagnostic::do_not_recommend]
impl<Y> ForwardOperators<Y> for Reported {}

/// Which rule there is. Method resolution takes the first that applies, for `&&&&` an operation.
pub mod tangent_rule_of {
    use super::*;

    /// A rule that a type brings.
    pub trait Own<'a> {
        /// The rule.
        type Rule;
        /// It.
        fn __tangent_rule(&self) -> Self::Rule;
    }
    impl<'a, Op, A: OwnTangent1<Op>> Own<'a> for &&&Operation1<'a, Op, A> {
        type Rule = TangentsOf1<'a, Op, A>;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __tangent_rule(&self) -> Self::Rule {
            TangentsOf1(PhantomData, self.1)
        }
    }
    impl<'a, Op, A: OwnTangent2<Op, B>, B: Differentiable + Clone> Own<'a> for &&&Operation2<'a, Op, A, B> {
        type Rule = TangentsOf2<'a, Op, A, B>;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __tangent_rule(&self) -> Self::Rule {
            TangentsOf2(PhantomData, self.1, self.2)
        }
    }

    /// A rule without tangents.
    pub trait WithoutForward<A> {
        /// None.
        fn __tangent_rule(&self) -> WithoutTangents<A> {
            WithoutTangents(PhantomData)
        }
    }
    impl<Op, A: OwnRule1<Op>> WithoutForward<A> for &&Operation1<'_, Op, A> {}
    impl<Op, A: OwnRule2<Op, B>, B: Differentiable + Clone> WithoutForward<A> for &&Operation2<'_, Op, A, B> {}

    /// The first operand is of the user's own type, which brings no rule.
    pub trait NoneOfFirst {
        /// None.
        fn __tangent_rule(&self) -> WithoutTangents<Reported> {
            WithoutTangents(PhantomData)
        }
    }
    impl<Op, A: OwnType> NoneOfFirst for &Operation1<'_, Op, A> {}
    impl<Op, A: OwnType, B> NoneOfFirst for &Operation2<'_, Op, A, B> {}

    /// The second operand is.
    pub trait NoneOfSecond {
        /// None.
        fn __tangent_rule(&self) -> WithoutTangents<Reported> {
            WithoutTangents(PhantomData)
        }
    }
    impl<Op, A, B: OwnType> NoneOfSecond for Operation2<'_, Op, A, B> {}

    /// An operation of numbers or matrices.
    pub trait Common: Sized {
        /// This crate's rule.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __tangent_rule(self) -> TangentsByRule {
            TangentsByRule
        }
    }
    impl<Op, A> Common for Operation1<'_, Op, A> {}
    impl<Op, A, B> Common for Operation2<'_, Op, A, B> {}
}

// ----- forward

impl TangentsByRule {
    /// The tangent of the result.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __push1<Y, Op, A>(&self, y: &Y, op: Op, a: &A, a_dot: &impl TangentOf<A>) -> Dot<Y>
    where
        Y: Zip,
        A: Zip,
        Y::Dual: Apply1<Op, A::Dual>,
    {
        y.__push1(op, a, a_dot)
    }

    /// The same of two operands.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __push2<Y, Op, A, B>(
        &self,
        y: &Y,
        op: Op,
        a: &A,
        a_dot: &impl TangentOf<A>,
        b: &B,
        b_dot: &impl TangentOf<B>,
    ) -> Dot<Y>
    where
        Y: Zip,
        A: Zip,
        B: Zip,
        Y::Dual: Apply2<Op, A::Dual, B::Dual>,
    {
        y.__push2(op, a, a_dot, b, b_dot)
    }

    /// The tangents of the result along several directions.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __push_chunk1<Y, Op, A, const K: usize>(
        &self,
        y: &Y,
        width: Width<K>,
        op: Op,
        a: &A,
        a_dot: &impl ChunkOf<A, K>,
    ) -> Y::Chunk<K>
    where
        Y: Zip,
        A: Zip,
        Y::Wide<K>: Apply1<Op, A::Wide<K>>,
    {
        y.__push_chunk1(width, op, a, a_dot)
    }

    /// The same of two operands.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[allow(clippy::too_many_arguments, reason = "those of the operation, each with its chunk")]
    pub fn __push_chunk2<Y, Op, A, B, const K: usize>(
        &self,
        y: &Y,
        width: Width<K>,
        op: Op,
        a: &A,
        a_dot: &impl ChunkOf<A, K>,
        b: &B,
        b_dot: &impl ChunkOf<B, K>,
    ) -> Y::Chunk<K>
    where
        Y: Zip,
        A: Zip,
        B: Zip,
        Y::Wide<K>: Apply2<Op, A::Wide<K>, B::Wide<K>>,
    {
        y.__push_chunk2(width, op, a, a_dot, b, b_dot)
    }

    /// What the reverse sweep needs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __kept1<D>(&self, _: &D) -> ByRule {
        ByRule
    }

    /// The same of two operands.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __kept2<D, E>(&self, _: &D, _: &E) -> ByRule {
        ByRule
    }
}

/// The function's tangent.
#[inline]
fn along<M: Mode, F: Callable<Args>, Args: Differentiable>(
    mode: M,
    function: F,
    args: Args,
    dots: &Dot<Args>,
) -> Dot<F::Output> {
    let (pair, ..) =
        function.__call_split_tangent(mode, args, Unused, Some(dots), |function, args| function.call(args));
    pair.1
}

impl<Op, A: OwnTangent1<Op>> TangentsOf1<'_, Op, A> {
    /// The tangent of the result.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __push1<Y, O, X>(&self, _: &Y, _: O, _: &X, a_dot: &impl TangentOf<A>) -> Dot<A::Output> {
        along(Along, A::function(), self.1.clone(), &a_dot.of(self.1))
    }

    /// The tangents of the result along several directions.
    pub fn __push_chunk1<O, X, const K: usize>(
        &self,
        y: &A::Output,
        _: Width<K>,
        _: O,
        _: &X,
        a_dot: &impl ChunkOf<A, K>,
    ) -> <A::Output as Differentiable>::Chunk<K> {
        let a_dot = a_dot.owned(self.1);
        let mut chunk = y.zero_chunk::<K>();
        for lane in 0..K {
            chunk.set_lane(lane, &along(Along, A::function(), self.1.clone(), &a_dot.lane(lane)));
        }
        chunk
    }

    /// What the reverse sweep needs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __kept1(&self, a_dot: &impl TangentOf<A>) -> Kept1<Op, A> {
        Kept1(PhantomData, self.1.clone(), a_dot.of(self.1).clone())
    }
}

impl<Op, A: OwnTangent2<Op, B>, B: Differentiable + Clone> TangentsOf2<'_, Op, A, B> {
    /// The tangent of the result.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __push2<Y, O, V, W>(
        &self,
        _: &Y,
        _: O,
        _: &V,
        a_dot: &impl TangentOf<A>,
        _: &W,
        b_dot: &impl TangentOf<B>,
    ) -> Dot<A::Output> {
        let dots = (a_dot.of(self.1).clone(), b_dot.of(self.2).clone());
        along(Along, A::function(), (self.1.clone(), self.2.clone()), &dots)
    }

    /// The tangents of the result along several directions.
    #[allow(clippy::too_many_arguments, reason = "those of the operation, each with its chunk")]
    pub fn __push_chunk2<O, V, W, const K: usize>(
        &self,
        y: &A::Output,
        _: Width<K>,
        _: O,
        _: &V,
        a_dot: &impl ChunkOf<A, K>,
        _: &W,
        b_dot: &impl ChunkOf<B, K>,
    ) -> <A::Output as Differentiable>::Chunk<K> {
        let (a_dot, b_dot) = (a_dot.owned(self.1), b_dot.owned(self.2));
        let mut chunk = y.zero_chunk::<K>();
        for lane in 0..K {
            let dots = (a_dot.lane(lane), b_dot.lane(lane));
            let operands = (self.1.clone(), self.2.clone());
            chunk.set_lane(lane, &along(Along, A::function(), operands, &dots));
        }
        chunk
    }

    /// What the reverse sweep needs.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __kept2(&self, a_dot: &impl TangentOf<A>, b_dot: &impl TangentOf<B>) -> Kept2<Op, A, B> {
        Kept2(
            PhantomData,
            (self.1.clone(), self.2.clone()),
            (a_dot.of(self.1).clone(), b_dot.of(self.2).clone()),
        )
    }
}

impl<T> WithoutTangents<T> {
    /// Nothing.
    pub fn __push1<Y: Differentiable, O, A, D>(&self, y: &Y, _: O, _: &A, _: &D) -> Dot<Y>
    where
        T: ForwardOperators<Y>,
    {
        y.zero_tangent()
    }

    /// Nothing.
    pub fn __push2<Y: Differentiable, O, A, D, B, E>(&self, y: &Y, _: O, _: &A, _: &D, _: &B, _: &E) -> Dot<Y>
    where
        T: ForwardOperators<Y>,
    {
        y.zero_tangent()
    }

    /// Nothing.
    pub fn __push_chunk1<Y: Differentiable, O, A, D, const K: usize>(
        &self,
        y: &Y,
        _: Width<K>,
        _: O,
        _: &A,
        _: &D,
    ) -> Y::Chunk<K> {
        y.zero_chunk()
    }

    /// Nothing.
    #[allow(clippy::too_many_arguments, reason = "those of the operation, each with its chunk")]
    pub fn __push_chunk2<Y: Differentiable, O, A, D, B, E, const K: usize>(
        &self,
        y: &Y,
        _: Width<K>,
        _: O,
        _: &A,
        _: &D,
        _: &B,
        _: &E,
    ) -> Y::Chunk<K> {
        y.zero_chunk()
    }

    /// Nothing.
    pub fn __kept1<D>(&self, _: &D) -> NothingKept {
        NothingKept
    }

    /// Nothing.
    pub fn __kept2<D, E>(&self, _: &D, _: &E) -> NothingKept {
        NothingKept
    }
}

// ----- the reverse sweep

/// The operand of an operation that its type brings a rule for, and its tangent.
#[derive(Clone, Debug)]
pub struct Kept1<Op, A: Differentiable>(PhantomData<Op>, A, Dot<A>);

/// The operands of an operation that their types bring a rule for, and their tangents.
#[derive(Clone, Debug)]
pub struct Kept2<Op, A: Differentiable, B: Differentiable>(PhantomData<Op>, (A, B), (Dot<A>, Dot<B>));

/// Nothing is kept where there is no rule.
#[derive(Clone, Copy, Debug)]
pub struct NothingKept;

impl ByRule {
    /// A value in dual numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __zipped<X: Zip>(&self, value: &X, dot: &impl TangentOf<X>) -> X::Dual {
        dot.zipped(value)
    }

    /// What a value in dual numbers is like.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __dual<X: Zip>(&self, like: &Like<X>) -> Like<X::Dual> {
        like.dual()
    }

    /// The cotangent of the result's tangent, as one of dual numbers.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __lifted<Y: Zip>(&self, like: &Like<Y>, cotangent: &Dot<Y>) -> Dot<Y::Dual> {
        lifted(like, cotangent)
    }

    /// Takes what flows to an operand.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __sink<X: Zip>(&self, like: &Like<X>) -> Sink<X> {
        Sink::new(like)
    }
}

/// What the user's own rules and no rules are given: nothing but the cotangent.
macro_rules! as_it_is {
    ($([$($parameter:ident $(: $bound:path)?),*] $type:ty;)*) => {$(
        impl<$($parameter $(: $bound)?),*> $type {
            /// Nothing.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn __zipped<X: ?Sized, D: ?Sized>(&self, _: &X, _: &D) {}

            /// Nothing.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn __dual<X: ?Sized>(&self, _: &X) {}

            /// The cotangent of the result's tangent.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn __lifted<'b, Y: ?Sized, C: ?Sized>(&self, _: &Y, cotangent: &'b C) -> &'b C {
                cotangent
            }

            /// Takes what flows to an operand.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn __sink<X: Differentiable>(&self, _: &Like<X>) -> Halves<X> {
                Halves(None)
            }
        }
    )*};
}

as_it_is! {
    [Op, A: Differentiable] Kept1<Op, A>;
    [Op, A: Differentiable, B: Differentiable] Kept2<Op, A, B>;
    [] NothingKept;
}

/// What flows to the function's arguments and to their tangents, from the cotangent of its result's tangent.
#[inline]
fn back<F: Callable<Args>, Args: Differentiable>(
    function: F,
    args: Args,
    dots: &Dot<Args>,
    y_dot_bar: &impl CotangentOf<Dot<F::Output>>,
) -> (Dot<Args>, Dot<Args>) {
    let (args_shape, dots_shape) = (args.shape(), dots.shape());
    let (pair, pullback, _) =
        function.__call_split_tangent(Twice, args, Unused, Some(dots), |function, args| function.call(args));
    let mut y_slot = <F::Output as Differentiable>::Slot::default();
    let mut y_dot_slot = Dot::<F::Output>::seed(y_dot_bar.cotangent_of(&Like::of(&pair.1)));
    let (mut args_slot, mut dots_slot) = (Args::Slot::default(), <Dot<Args> as Differentiable>::Slot::default());
    {
        let mut bars = (
            F::Output::accumulator(&mut y_slot),
            Dot::<F::Output>::accumulator(&mut y_dot_slot),
        );
        let (mut args_bar, mut dots_bar) = (
            Args::accumulator(&mut args_slot),
            Dot::<Args>::accumulator(&mut dots_slot),
        );
        pullback(
            &function,
            Unused,
            Unused,
            Unused,
            &pair,
            Bar(&mut bars),
            Bar(&mut Ignore),
            Bar(&mut args_bar),
            Bar(&mut Ignore),
            Bar(&mut dots_bar),
        );
    }
    (
        Args::take(args_slot, &args_shape),
        Dot::<Args>::take(dots_slot, &dots_shape),
    )
}

impl<Op, A: OwnTangent1<Op>> Kept1<Op, A> {
    /// Adds to `a_sink` what flows to the operand and its tangent from the cotangent of the result's.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __pullback1<Y, O, G>(
        &self,
        _: Y,
        _: O,
        _: G,
        y_dot_bar: &&impl CotangentOf<Dot<A::Output>>,
        a_sink: &mut impl TakesHalves<A>,
    ) {
        let (a, a_dot) = back(A::function(), self.1.clone(), &self.2, *y_dot_bar);
        a_sink.take(a, a_dot);
    }
}

impl<Op, A: OwnTangent2<Op, B>, B: Differentiable + Clone> Kept2<Op, A, B> {
    /// Adds to `a_sink` and `b_sink` what flows to the operands and their tangents from the cotangent of the result's.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[allow(clippy::too_many_arguments, reason = "those of a rule")]
    pub fn __pullback2<Y, O, G, H>(
        &self,
        _: Y,
        _: O,
        _: G,
        _: H,
        y_dot_bar: &&impl CotangentOf<Dot<A::Output>>,
        a_sink: &mut impl TakesHalves<A>,
        b_sink: &mut impl TakesHalves<B>,
    ) {
        let ((a, b), (a_dot, b_dot)) = back(A::function(), self.1.clone(), &self.2, *y_dot_bar);
        a_sink.take(a, a_dot);
        b_sink.take(b, b_dot);
    }
}

impl NothingKept {
    /// Nothing.
    pub fn __pullback1<Y, O, G, C, S>(&self, _: Y, _: O, _: G, _: &C, _: &mut S) {}

    /// Nothing.
    #[allow(clippy::too_many_arguments, reason = "those of a rule")]
    pub fn __pullback2<Y, O, G, H, C, S, T>(&self, _: Y, _: O, _: G, _: H, _: &C, _: &mut S, _: &mut T) {}
}

/// What flows to an operand, and to its tangent.
#[derive(Debug)]
pub struct Halves<X: Differentiable>(Option<(Dot<X>, Dot<X>)>);

impl<X: Differentiable> Halves<X> {
    /// Adds one part to the accumulator of the operand's tangent, the other to that of the operand.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn flow(self, x_bar: &mut impl Receives<X>, x_dot_bar: &mut impl Receives<Dot<X>>) {
        if let Some((cotangent, of_tangent)) = self.0 {
            x_dot_bar.receive(of_tangent);
            x_bar.receive(cotangent);
        }
    }
}

/// Takes what flows to an operand of type `X`, and to its tangent.
pub trait TakesHalves<X: Differentiable> {
    /// Takes them.
    fn take(&mut self, cotangent: Dot<X>, of_tangent: Dot<X>);
}

impl<X: Differentiable> TakesHalves<X> for Halves<X> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn take(&mut self, cotangent: Dot<X>, of_tangent: Dot<X>) {
        self.0 = Some((cotangent, of_tangent));
    }
}

impl<X: Differentiable> TakesHalves<X> for Inactive {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn take(&mut self, _: Dot<X>, _: Dot<X>) {}
}
