//! What generated code names. Not part of the public interface: it may change with any version.

pub use self::items::{Again, item};
pub use crate::accumulate::fields::{Fields, Nested, fields, part};
pub use crate::accumulate::reset::{LeaveNothing, Overwritten, OverwrittenParts, ResetTo, Resets, leave, leave_part};
#[cfg(feature = "alloc")]
pub use crate::accumulate::slices::{LendSlice, Slice, SliceAccumulator, overwrite_slice};
pub use crate::accumulate::unbox::{Boxed, Contained, Itself, Unbox, Unboxed, contents};
pub use crate::accumulate::{
    Accumulate, Accumulator, ElementAccumulator, Inactive, InactiveAccumulator, Lend, NoDiff, NoTangent, Owned,
    ScalarAccumulator,
};
pub use crate::call::handed::{OwnBars, handed, lent, not_handed};
pub use crate::call::kind::{
    ByReference, ByValue, Differentiated, DifferentiatedSlice, Ignored, Kind, MayChange, ReceiverKind, Unchanged,
};
pub use crate::call::seed::Seed;
pub use crate::call::{
    Along, Bad, Bar, Directional, Function, Good, GraphOf, Ignore, Missing, Mode, Parameter, Probe, Tie, Twice, Unused,
    gate, graphs, probes,
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
pub use crate::given::{Given, Like, Shaped};
pub use crate::jacobian::{Derivatives, Rows, hessian};
/// The products, for benchmarks against code written by hand on the same kernels.
pub use crate::matrix::product::{product, product_left_transposed, product_right_transposed};
pub use crate::operators::tangents::{ForwardOperators, OwnTangent1, OwnTangent2, tangent_rule_of};
pub use crate::operators::{
    Compound, CotangentOf, Operation1, Operation2, Operators, OwnRule1, OwnRule2, OwnType, Receives, rule_of,
};
pub use crate::rules::{self as ops, Apply1, Apply2, Apply3, IndexRule, Part, Payload, Rule1, Rule2, Rule3};
pub use crate::scalar::Real;
pub use crate::takes::{Assigns, Takes, arguments};
#[cfg(feature = "alloc")]
pub use alloc::vec::Vec;

pub mod items;
pub mod methods;

use core::marker::PhantomData;

use crate::accumulate;

/// Accumulators of structs and enums.
pub trait OwnAccumulator {}

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

/// False: the code behind it is there for its types.
#[cfg_attr(not(debug_assertions), inline(always))]
#[must_use]
pub const fn never() -> bool {
    false
}

/// The accumulator of an element of the given value, of which there may be a [`Like`] instead.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn element<'b, G, I>(
    given: &G,
    bar: &'b mut impl ElementAccumulator<G::Value, I>,
    index: I,
) -> <<G::Value as IndexRule<I>>::Element as Differentiable>::Accumulator<'b>
where
    G: Shaped<Value: IndexRule<I>> + ?Sized,
{
    bar.element(|| given.shape_of_value(), index)
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
