//! What generated code names. Not part of the public interface: it may change with any version.

pub use crate::accumulate::reset::{LeaveNothing, Overwritten, OverwrittenParts, ResetTo, Resets, leave, leave_part};
#[cfg(feature = "alloc")]
pub use crate::accumulate::slices::{LendSlice, Slice, SliceAccumulator, overwrite_slice};
pub use crate::accumulate::unbox::{Boxed, Contained, Itself, Unbox, Unboxed, contents};
pub use crate::accumulate::{
    Accumulate, Accumulator, ElementAccumulator, Inactive, InactiveAccumulator, Lend, NoDiff, NoTangent, Owned,
    ScalarAccumulator,
};
pub use crate::call::handed::{OwnBars, handed, lent, not_handed};
pub use crate::call::{
    Along, Bad, Bar, ByReference, ByValue, Differentiated, DifferentiatedSlice, Directional, Function, Good, GraphOf,
    Ignore, Ignored, Kind, Missing, Mode, Parameter, Probe, Tie, Twice, Unused, gate, graphs, probes,
};
pub use crate::chunk::{
    Apart, Chunk, ChunkOf, ClearChunk, PutChunk, Width, alone, chunk_of, gathered, lane_by_lane, scattered,
};
#[cfg(feature = "alloc")]
pub use crate::chunk::{lane_of_slice, slice_alone};
pub use crate::differentiable::{Differentiable, Leaf, LeafMut, LeftOut, Tangent};
pub use crate::dual::{
    Absent, At, Clear, Member, Put, Sink, TangentOf, Zero, Zip, lifted, tangent_by_rule, tangent_of, written,
};
pub use crate::given::{Given, Like};
pub use crate::jacobian::{Derivatives, Rows, hessian};
/// The products, for benchmarks against code written by hand on the same kernels.
pub use crate::matrix::product::{product, product_left_transposed, product_right_transposed};
pub use crate::rules::{self as ops, Apply1, Apply2, Apply3, IndexRule, Part, Payload, Rule1, Rule2, Rule3};
pub use crate::scalar::Real;
pub use crate::takes::{Assigns, Takes, arguments};
#[cfg(feature = "alloc")]
pub use alloc::vec::Vec;

use core::marker::PhantomData;

use crate::accumulate;

/// Accumulators of structs and enums.
pub trait OwnAccumulator {}

/// Types whose operators and conversions have derivatives by rules.
#[diagnostic::on_unimplemented(
    message = "operators and conversions of `{Self}` have no derivative",
    label = "no derivative is known for this operation on `{Self}`",
    note = "write a method, `a.plus(b)`, with `#[differentiable]` on its `impl` block, and call that"
)]
pub trait Operators {}

/// A function that makes an array or a vector, to be asked for one whose elements mean nothing yet.
#[derive(Debug)]
pub struct Made<F>(F);

/// Arrays and vectors of what has a default.
pub trait MadeOfDefaults {
    /// One; the length is that of a vector.
    fn made_of_defaults(length: usize) -> Self;
}

impl<T: Default, const N: usize> MadeOfDefaults for [T; N] {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn made_of_defaults(_: usize) -> Self {
        core::array::from_fn(|_| T::default())
    }
}

#[cfg(feature = "alloc")]
impl<T: Default> MadeOfDefaults for Vec<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn made_of_defaults(length: usize) -> Self {
        core::iter::repeat_with(T::default).take(length).collect()
    }
}

/// Numbers, and arrays of them.
pub trait MadeOfZeros {
    /// Zero everywhere.
    const ZEROS: Self;
}

impl MadeOfZeros for f32 {
    const ZEROS: Self = 0.0;
}

impl MadeOfZeros for f64 {
    const ZEROS: Self = 0.0;
}

impl<T: MadeOfZeros, const N: usize> MadeOfZeros for [T; N] {
    const ZEROS: Self = [T::ZEROS; N];
}

/// The methods that generated code calls on values of any type.
pub mod methods {
    use super::*;

    pub use crate::options::OptionChanges;
    #[cfg(feature = "alloc")]
    pub use crate::vectors::VectorChanges;

    /// Vectors need an allocator.
    #[cfg(not(feature = "alloc"))]
    pub trait VectorChanges {}

    /// An operand of an operator: by value if it can be copied, by reference if not.
    pub trait Operand: Copy {
        /// The operand.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __operand(self) -> Self {
            self
        }
    }
    impl<T: Copy> Operand for T {}

    /// What is inside a `Some` or an `Ok`.
    pub trait Payload {
        /// Its type.
        type Payload;
        /// What is inside.
        ///
        /// # Panics
        /// If there is nothing, like `unwrap`, for which this stands; a pattern has found something.
        fn __payload(&self) -> &Self::Payload;
        /// True if there is something.
        fn __has_payload(&self) -> bool;
    }
    impl<T> Payload for Option<T> {
        type Payload = T;
        #[cfg_attr(not(debug_assertions), inline(always))]
        #[track_caller]
        fn __payload(&self) -> &T {
            match self {
                Some(payload) => payload,
                None => panic!("called `Option::unwrap()` on a `None` value"),
            }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __has_payload(&self) -> bool {
            self.is_some()
        }
    }
    impl<T, E> Payload for Result<T, E> {
        type Payload = T;
        #[cfg_attr(not(debug_assertions), inline(always))]
        #[track_caller]
        fn __payload(&self) -> &T {
            match self {
                Ok(payload) => payload,
                Err(_) => panic!("called `Result::unwrap()` on an `Err` value"),
            }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __has_payload(&self) -> bool {
            self.is_ok()
        }
    }

    /// Options and results whose contents are replaced.
    pub trait Rewrap {
        /// The same type with something else inside.
        type With<U>;
        /// What is wrong.
        type Error: Clone;
        /// Something else inside.
        ///
        /// # Panics
        /// If there was nothing; a test has found something.
        fn __rewrapped<U>(&self, payload: U) -> Self::With<U>;
        /// Nothing inside, of another type than this, where nothing is.
        ///
        /// # Panics
        /// If there is something.
        fn __emptied<U>(&self) -> Self::With<U>;
        /// What is wrong.
        ///
        /// # Panics
        /// If nothing is.
        fn __error(&self) -> Self::Error;
    }
    impl<T> Rewrap for Option<T> {
        type With<U> = Option<U>;
        type Error = ();
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __rewrapped<U>(&self, payload: U) -> Option<U> {
            Some(payload)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __emptied<U>(&self) -> Option<U> {
            None
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __error(&self) {}
    }
    impl<T, E: Clone> Rewrap for Result<T, E> {
        type With<U> = Result<U, E>;
        type Error = E;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __rewrapped<U>(&self, payload: U) -> Result<U, E> {
            Ok(payload)
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __emptied<U>(&self) -> Result<U, E> {
            Err(self.__error())
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __error(&self) -> E {
            match self {
                Ok(_) => unreachable!("a test has found an error"),
                Err(error) => error.clone(),
            }
        }
    }

    /// An accumulator where one is asked for. A field that is left out has an inactive one instead, see [`NoDiff`].
    pub trait LendSelf {
        /// The accumulator itself.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __lend(&mut self) -> &mut Self {
            self
        }
    }
    impl<T> LendSelf for T {}

    /// A field of an enum's variant.
    pub trait Parted {
        /// The field.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __part<const KEY: u64>(&self) -> &<Self as PartOf<KEY>>::Part
        where
            Self: PartOf<KEY>,
        {
            self.part()
        }
    }
    impl<T: ?Sized> Parted for T {}

    /// The last use of a value.
    pub trait Moved: Sized {
        /// The value.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __moved(self) -> Self {
            self
        }
    }
    impl<T> Moved for T {}

    /// A value whose type has a default.
    pub trait Defaulted: Default {
        /// The default.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __default(&self) -> Self {
            Self::default()
        }
    }
    impl<T: Default> Defaulted for T {}

    /// The cotangent of a value whose operators have no derivative. It is there so that they are what is reported.
    pub trait OwnCotangent: OwnAccumulator {
        /// It.
        fn __cotangent(&self) -> Option<&Self> {
            Some(self)
        }
    }
    impl<T: OwnAccumulator> OwnCotangent for T {}

    /// What is found where there is no rule.
    pub trait OwnOperator<T>: Sized {
        /// Of one operand.
        fn __pullback1<Op, A, Y, P>(self, _: Op, _: A, _: Y, _: P)
        where
            T: Operators,
        {
        }
        /// Of two.
        fn __pullback2<Op, A, B, Y, P, Q>(self, _: Op, _: A, _: B, _: Y, _: P, _: Q)
        where
            T: Operators,
        {
        }
    }
    impl<T: Differentiable> OwnOperator<T> for &Like<T> {}

    /// A function that makes an array or a vector.
    pub trait Maker: Sized {
        /// It, with other methods.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __maker(self) -> Made<Self> {
            Made(self)
        }
    }
    impl<F: FnOnce() -> R, R> Maker for F {}

    /// Elements that mean nothing yet, by default. These three are tried one after another.
    pub trait BlankByDefault<R> {
        /// An array, or a vector of that length.
        fn __blank(&self, length: usize) -> R;
    }
    impl<F: FnOnce() -> R, R: MadeOfDefaults> BlankByDefault<R> for &&Made<F> {
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __blank(&self, length: usize) -> R {
            R::made_of_defaults(length)
        }
    }

    /// The same for arrays of numbers, however long.
    pub trait BlankOfZeros<R> {
        /// The array.
        fn __blank(&self, length: usize) -> R;
    }
    impl<F: FnOnce() -> R, R: MadeOfZeros> BlankOfZeros<R> for &Made<F> {
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __blank(&self, _: usize) -> R {
            R::ZEROS
        }
    }

    /// The same for any others: as the function makes them.
    pub trait BlankByFunction<R> {
        /// The array or the vector.
        fn __blank(&self, length: usize) -> R;
    }
    impl<F: Fn() -> R, R> BlankByFunction<R> for Made<F> {
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __blank(&self, _: usize) -> R {
            (self.0)()
        }
    }

    /// What a method is called on, by reference.
    pub trait Receiver {
        /// It.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __receiver(&self) -> &Self {
            self
        }
    }
    impl<T> Receiver for T {}

    /// A differentiable value, behind however many references.
    pub trait Primal: Differentiable {
        /// The value.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __primal(&self) -> &Self {
            self
        }
        /// What the value is like.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __like(&self) -> Like<Self> {
            Like::of(self)
        }
        /// The value in dual numbers.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __zipped(&self, tangent: &impl TangentOf<Self>) -> Self::Dual
        where
            Self: Zip,
        {
            tangent.zipped(self)
        }
        /// The tangent of the value, if it does not vary.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __zero(&self) -> Self::Tangent {
            self.zero_tangent()
        }
    }
    impl<T: Differentiable + ?Sized> Primal for T {}

    /// The result of a primitive, which knows its tangent.
    pub trait Push: Differentiable {
        /// The tangent of an operation on one operand.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __push1<Op, A>(&self, _: Op, a: &A, a_dot: &impl TangentOf<A>) -> Self::Tangent
        where
            Self: Zip,
            A: Zip,
            Self::Dual: Apply1<Op, A::Dual>,
        {
            Self::tangent(Apply1::<Op, _>::apply(&a_dot.zipped(a)))
        }
        /// The tangent of an operation on two operands.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __push2<Op, A, B>(
            &self,
            _: Op,
            a: &A,
            a_dot: &impl TangentOf<A>,
            b: &B,
            b_dot: &impl TangentOf<B>,
        ) -> Self::Tangent
        where
            Self: Zip,
            A: Zip,
            B: Zip,
            Self::Dual: Apply2<Op, A::Dual, B::Dual>,
        {
            Self::tangent(apply2::<Op, _, _, _>(
                &a_dot.zipped(a),
                &b_dot.zipped(b),
                [varies(a, a_dot), varies(b, b_dot)],
            ))
        }
        /// The tangent of an operation on three operands.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __push3<Op, A, B, C>(
            &self,
            _: Op,
            a: &A,
            a_dot: &impl TangentOf<A>,
            b: &B,
            b_dot: &impl TangentOf<B>,
            c: &C,
            c_dot: &impl TangentOf<C>,
        ) -> Self::Tangent
        where
            Self: Zip,
            A: Zip,
            B: Zip,
            C: Zip,
            Self::Dual: Apply3<Op, A::Dual, B::Dual, C::Dual>,
        {
            Self::tangent(Apply3::<Op, _, _, _>::apply(
                &a_dot.zipped(a),
                &b_dot.zipped(b),
                &c_dot.zipped(c),
            ))
        }
    }
    impl<T: Differentiable + ?Sized> Push for T {}

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn varies<X: Differentiable, D: TangentOf<X>>(_: &X, _: &D) -> bool {
        D::VARIES
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chunk_varies<X: Differentiable, D: ChunkOf<X, K>, const K: usize>(_: &X, _: &D) -> bool {
        D::VARIES
    }

    /// An operation on dual numbers, of which both may vary, or one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply2<Op, A, B, Y: Apply2<Op, A, B>>(a: &A, b: &B, varies: [bool; 2]) -> Y {
        match varies {
            [true, false] => Y::apply_first(a, b),
            [false, true] => Y::apply_second(a, b),
            _ => Y::apply(a, b),
        }
    }

    /// The result of a primitive, which knows its chunk.
    pub trait PushChunk: Differentiable {
        /// The chunk of the value, if it does not vary.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __zero_chunk<const K: usize>(&self, _: Width<K>) -> Self::Chunk<K> {
            self.zero_chunk()
        }
        /// The chunk of an operation on one operand.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __push_chunk1<Op, A, const K: usize>(
            &self,
            _: Width<K>,
            _: Op,
            a: &A,
            a_dot: &impl ChunkOf<A, K>,
        ) -> Self::Chunk<K>
        where
            Self: Zip,
            A: Zip,
            Self::Wide<K>: Apply1<Op, A::Wide<K>>,
        {
            Self::narrowed(Apply1::<Op, _>::apply(&a_dot.widened(a)))
        }
        /// The chunk of an operation on two operands.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __push_chunk2<Op, A, B, const K: usize>(
            &self,
            _: Width<K>,
            _: Op,
            a: &A,
            a_dot: &impl ChunkOf<A, K>,
            b: &B,
            b_dot: &impl ChunkOf<B, K>,
        ) -> Self::Chunk<K>
        where
            Self: Zip,
            A: Zip,
            B: Zip,
            Self::Wide<K>: Apply2<Op, A::Wide<K>, B::Wide<K>>,
        {
            Self::narrowed(apply2::<Op, _, _, _>(
                &a_dot.widened(a),
                &b_dot.widened(b),
                [chunk_varies(a, a_dot), chunk_varies(b, b_dot)],
            ))
        }
        /// The chunk of an operation on three operands.
        #[cfg_attr(not(debug_assertions), inline(always))]
        #[allow(clippy::too_many_arguments)]
        fn __push_chunk3<Op, A, B, C, const K: usize>(
            &self,
            _: Width<K>,
            _: Op,
            a: &A,
            a_dot: &impl ChunkOf<A, K>,
            b: &B,
            b_dot: &impl ChunkOf<B, K>,
            c: &C,
            c_dot: &impl ChunkOf<C, K>,
        ) -> Self::Chunk<K>
        where
            Self: Zip,
            A: Zip,
            B: Zip,
            C: Zip,
            Self::Wide<K>: Apply3<Op, A::Wide<K>, B::Wide<K>, C::Wide<K>>,
        {
            Self::narrowed(Apply3::<Op, _, _, _>::apply(
                &a_dot.widened(a),
                &b_dot.widened(b),
                &c_dot.widened(c),
            ))
        }
    }
    impl<T: Differentiable + ?Sized> PushChunk for T {}

    /// A value to be kept for the reverse sweep.
    pub trait Record: Differentiable + Sized {
        /// The value itself.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __record(self) -> Self {
            self
        }
    }
    impl<T: Differentiable> Record for T {}

    /// A reference to be kept for the reverse sweep.
    pub trait RecordReference {
        /// What it refers to.
        type Value;
        /// A copy of what it refers to.
        fn __record(self) -> Self::Value;
    }
    impl<T: Clone> RecordReference for &T {
        type Value = T;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __record(self) -> T {
            self.clone()
        }
    }

    /// The cotangent of an operation's result.
    pub trait Cotangent {
        /// What points to it.
        type Pointer<'b>
        where
            Self: 'b;
        /// The cotangent, if anything has flowed.
        fn __cotangent(&self) -> Option<Self::Pointer<'_>>;
    }
    impl<T: Tangent> Cotangent for Accumulator<'_, T> {
        type Pointer<'b>
            = &'b T
        where
            Self: 'b;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __cotangent(&self) -> Option<&T> {
            self.get()
        }
    }
    impl<T: Real> Cotangent for ScalarAccumulator<'_, T> {
        type Pointer<'b>
            = &'b T
        where
            Self: 'b;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __cotangent(&self) -> Option<&T> {
            self.get()
        }
    }
    impl<T: Real> Cotangent for (ScalarAccumulator<'_, T>, ScalarAccumulator<'_, T>) {
        type Pointer<'b>
            = Owned<(T, T)>
        where
            Self: 'b;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __cotangent(&self) -> Option<Owned<(T, T)>> {
            match (self.0.get(), self.1.get()) {
                (None, None) => None,
                (a, b) => Some(Owned((a.copied().unwrap_or(T::ZERO), b.copied().unwrap_or(T::ZERO)))),
            }
        }
    }
    impl Cotangent for () {
        type Pointer<'b> = &'b ();
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn __cotangent(&self) -> Option<&()> {
            None
        }
    }
}

/// A value used where it is moved, while it is still needed.
#[derive(Debug)]
pub struct Own<'a, T>(pub &'a T);

impl<T> Own<'_, T> {
    /// A clone.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn owned(&self) -> T
    where
        T: Clone,
    {
        self.0.clone()
    }
}

/// What was kept of the arm of a branch that ran.
#[derive(Debug)]
pub enum Either<A, B> {
    /// The first arm.
    Left(A),
    /// One of the others.
    Right(B),
}

/// How control goes on behind a branch some of whose arms leave.
#[derive(Debug)]
pub enum Flow<R, V> {
    /// The function returns.
    Leave(R),
    /// The code behind the branch runs.
    Stay(V),
}

/// An accumulator that throws contributions away, of the type that is asked for.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn inactive<A: accumulate::InactiveAccumulator>() -> A {
    A::inactive()
}

/// The item with the given index of what a loop iterates over.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn item<I: IntoIterator>(items: I, index: usize) -> I::Item {
    match items.into_iter().nth(index) {
        Some(item) => item,
        None => unreachable!("a loop has had this iteration"),
    }
}

/// False: the code behind it is there for its types.
#[cfg_attr(not(debug_assertions), inline(always))]
#[must_use]
pub const fn never() -> bool {
    false
}

/// The accumulator of an element.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn element<'b, X, I>(
    like: &Like<X>,
    bar: &'b mut impl ElementAccumulator<X, I>,
    index: I,
) -> <X::Element as Differentiable>::Accumulator<'b>
where
    X: IndexRule<I> + ?Sized,
{
    bar.element(like, index)
}

/// A type whose values can be one element over and over again.
pub trait Repeated: Differentiable {
    /// The type of an element.
    type Element: Differentiable;
    /// The elements of a tangent.
    fn elements(tangent: &Self::Tangent) -> &[<Self::Element as Differentiable>::Tangent];
}

impl<X: Differentiable, const N: usize> Repeated for [X; N] {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn elements(tangent: &[X::Tangent; N]) -> &[X::Tangent] {
        tangent
    }
}

#[cfg(feature = "alloc")]
impl<X: Differentiable> Repeated for Vec<X> {
    type Element = X;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn elements(tangent: &Vec<X::Tangent>) -> &[X::Tangent] {
        tangent
    }
}

/// Adds the cotangents of all elements of an array to one accumulator.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn gather<R: Repeated>(
    _: &Like<R>,
    bar: &Accumulator<'_, R::Tangent>,
    x_bar: &mut <R::Element as Differentiable>::Accumulator<'_>,
) {
    if let Some(cotangents) = bar.get() {
        for cotangent in R::elements(cotangents) {
            let mut slot = R::Element::seed(cotangent.clone());
            R::Element::transfer(&R::Element::accumulator(&mut slot), x_bar);
        }
    }
}

/// A value through which nothing flows, whatever it was computed from.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn discrete<T: Discrete>(value: T) -> T {
    value
}

/// Types whose values are piecewise constant functions of anything.
#[diagnostic::on_unimplemented(
    message = "this value of type `{Self}` depends on an active value, but its derivative is lost here",
    label = "not piecewise constant",
    note = "only integers, `bool` and the like may be computed by code that has no derivative; use `stop_gradient(…)` on what it reads if the derivative is not wanted"
)]
pub trait Discrete {}

macro_rules! discrete {
    ($($type:ty)*) => {$(impl Discrete for $type {})*};
}
macro_rules! discrete_results {
    ($($type:ty)*) => {$(impl DiscreteResult for $type {})*};
}
discrete_results!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize core::cmp::Ordering);
impl<T: Discrete> DiscreteResult for Option<T> {}
impl<T: Discrete + ?Sized> DiscreteResult for &T {}
#[cfg(feature = "alloc")]
discrete_results!(alloc::string::String);
discrete!(() bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize core::cmp::Ordering core::num::FpCategory str);
#[cfg(feature = "alloc")]
discrete!(alloc::string::String);
impl<T: Discrete + ?Sized> Discrete for &T {}
impl<T: Discrete> Discrete for Option<T> {}
impl<T: Discrete> Discrete for [T] {}
#[cfg(feature = "alloc")]
impl<T: Discrete> Discrete for alloc::vec::Vec<T> {}
impl<T: Discrete, const N: usize> Discrete for [T; N] {}
impl<A: Discrete, B: Discrete> Discrete for (A, B) {}
impl<A: Discrete, B: Discrete, C: Discrete> Discrete for (A, B, C) {}

/// The value of a method that has no derivative: fine if nothing can flow through it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn without_derivative<T: DiscreteResult>(value: T) -> T {
    value
}

/// Results of methods without a derivative.
#[diagnostic::on_unimplemented(
    message = "this method has no derivative",
    label = "no derivative is known for this method, whose result is of type `{Self}`",
    note = "call a `#[differentiable]` function instead, attach a rule to one with `#[derivative_of]`, or stop the gradient with `stop_gradient(…)`"
)]
pub trait DiscreteResult {}

/// Results of methods and associated functions without a derivative that are called as if they had one.
#[diagnostic::on_unimplemented(
    message = "this function has no derivative",
    label = "no derivative is known for this function, whose result is of type `{Self}`",
    note = "a method that changes an element of an array or a vector is called by its path, `Type::method(&mut a[i])`, and so is one with a name that the standard library has",
    note = "put `#[differentiable]` on its `impl` block, call a `#[differentiable]` function instead, attach a rule to one with `#[derivative_of]`, or stop the gradient with `stop_gradient(…)`"
)]
pub trait DiscreteValue {
    /// The type itself. Where the trait is not implemented this is an error, and nothing more is said about what has the type.
    type Itself: for<'a> Differentiable<Accumulator<'a> = ()>;
    /// The value itself.
    fn itself(self) -> Self::Itself;
}

/// Gradients of functions without second derivatives, called in functions that are to be differentiated.
#[diagnostic::on_unimplemented(
    message = "the gradient of this function has no derivative",
    label = "no second derivatives are known for this function",
    note = "write `#[differentiable(forward)]` on the function, or stop the gradient with `stop_gradient(…)`"
)]
pub trait TwiceDifferentiable {
    /// What has the type, so that nothing more is said about it.
    type Itself: for<'a> Differentiable<Accumulator<'a> = ()>;
    /// The value itself.
    fn itself(self) -> Self::Itself;
}

/// The same for any value, where what is wrong with it is said elsewhere.
pub trait AnyValue {
    /// The type itself.
    type Itself;
    /// The value itself.
    fn itself(self) -> Self::Itself;
}

impl<T> AnyValue for T {
    type Itself = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn itself(self) -> T {
        self
    }
}

macro_rules! discrete_values {
    ($($type:ty)*) => {$(
        impl DiscreteValue for $type {
            type Itself = Self;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn itself(self) -> Self {
                self
            }
        }
    )*};
}
discrete_values!(() bool char &str i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize core::cmp::Ordering);
#[cfg(feature = "alloc")]
discrete_values!(alloc::string::String);

/// An enum one of whose variants has a field with this key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to have this variant with this field",
    label = "no such part is known",
    note = "put `#[derive(Differentiable)]` on the enum, and name its variants as `Enum::Variant`"
)]
pub trait PartOf<const KEY: u64> {
    /// The field's type.
    type Part;
    /// The field.
    fn part(&self) -> &Self::Part;
}

/// A pattern has found another variant, or the tangent is one of a value of another variant.
///
/// # Panics
/// Always.
#[cold]
pub fn another_variant() -> ! {
    panic!("the tangent belongs to a value of another size or variant")
}

/// The type itself, written by way of a constant: if the constant is an error, so is the type.
pub trait If<const CHECKED: bool> {
    /// The type.
    type Type: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, const CHECKED: bool> If<CHECKED> for T {
    type Type = T;
}

/// The type of a result that has a gradient.
#[diagnostic::on_unimplemented(
    message = "a gradient needs a scalar result, and `{Self}` is not a scalar",
    label = "the function's result is not a scalar",
    note = "`vjp` pulls back a cotangent of any result"
)]
pub trait ScalarResult: Differentiable {
    /// A slot that holds the derivative of the result with respect to itself.
    fn one() -> Self::Slot;
    /// A slot that holds the derivative of the result's tangent with respect to itself.
    fn one_along() -> <Self::Tangent as Differentiable>::Slot;
    /// The seed of a Hessian times a vector: nothing flows to the result, one to its tangent.
    fn second_order(pair: &(Self, Self::Tangent)) -> (Self::Slot, <Self::Tangent as Differentiable>::Slot)
    where
        Self: Sized;
}

#[diagnostic::do_not_recommend]
impl<T: Real> ScalarResult for T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn one() -> accumulate::ScalarSlot<T> {
        accumulate::ScalarSlot::new(T::ONE)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn one_along() -> accumulate::ScalarSlot<T> {
        accumulate::ScalarSlot::new(T::ONE)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn second_order(_: &(T, T)) -> (accumulate::ScalarSlot<T>, accumulate::ScalarSlot<T>) {
        (accumulate::ScalarSlot::default(), accumulate::ScalarSlot::new(T::ONE))
    }
}

/// The accumulator of a value over a slot.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn accumulator_of<'a, X: Differentiable>(_: &X, slot: &'a mut X::Slot) -> X::Accumulator<'a> {
    X::accumulator(slot)
}

/// The type of a value as its operation gave it.
///
/// A result or an ascribed variable has the type that the user wrote. Where that is a mistake, the compiler has reported it;
/// the reverse sweep goes on with the type that the operation has, and finds nothing more to report.
#[derive(Debug)]
pub struct Type<T>(PhantomData<fn() -> T>);

impl<T> Clone for Type<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Type<T> {}

/// The type of a value.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn type_of<T>(_: &T) -> Type<T> {
    Type(PhantomData)
}

/// A value and its accumulator, as its operation gave the value.
///
/// # Panics
/// If the types differ, which no program that compiles can bring about.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn actual<'r, 'a, A: Differentiable, R: Differentiable>(
    _: Type<A>,
    value: &'r R,
    bar: &'r mut R::Accumulator<'a>,
) -> (&'r A, &'r mut A::Accumulator<'a>) {
    assert_same::<A, R>();
    let (value, bar) = (core::ptr::from_ref(value), core::ptr::from_mut(bar));
    // SAFETY: both types are the same but for lifetimes, see `same`; so are their accumulators. The references live no longer
    // than those that came in.
    unsafe { (&*value.cast::<A>(), &mut *bar.cast::<A::Accumulator<'a>>()) }
}

/// What a value is like, and its accumulator, as its operation gave the value.
///
/// # Panics
/// If the types differ, which no program that compiles can bring about.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn actual_like<'r, 'a, A: Differentiable, R: Differentiable>(
    _: Type<A>,
    like: &Like<R>,
    bar: &'r mut R::Accumulator<'a>,
) -> (Like<A>, &'r mut A::Accumulator<'a>) {
    assert_same::<A, R>();
    let bar = core::ptr::from_mut(bar);
    // SAFETY: both types are the same but for lifetimes, see `same`; so are their accumulators. The reference lives no longer
    // than the one that came in.
    (same(like.clone()), unsafe { &mut *bar.cast::<A::Accumulator<'a>>() })
}

fn assert_same<T, R>() {
    assert!(
        typeid::of::<T>() == typeid::of::<R>(),
        "a value in a derivative has another type than in the function"
    );
}

/// The identity, typed so loosely that a mismatch that the compiler already reported elsewhere is not reported again.
///
/// # Panics
/// If the types differ, which no program that compiles can bring about.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn same<T, R>(value: T) -> R {
    assert_same::<T, R>();
    let value = core::mem::ManuallyDrop::new(value);
    // SAFETY: both types have the same `TypeId`, so they are the same but for lifetimes. Generated code calls this with the
    // result of a function and its declared type; where their lifetimes do not agree, the function itself, whose body is
    // the same code, does not compile.
    unsafe { core::mem::transmute_copy(&value) }
}

/// The graph of a method: its nodes are not drawn.
pub fn no_graph() -> &'static crate::graph::Graph {
    use crate::call::graphs::Unknown as _;
    crate::call::GraphOf::<()>::new().graph()
}

/// The elements of a slice that a function writes to.
#[cfg(feature = "alloc")]
pub fn to_vec<T: Clone>(slice: &[T]) -> Vec<T> {
    slice.to_vec()
}
