//! The methods that generated code calls on values of any type.

#[cfg(feature = "alloc")]
use core::cmp::Ordering;

use super::*;

pub use crate::changes::options::{OptionChanges, OptionTangents};
#[cfg(feature = "alloc")]
pub use crate::changes::vector_tangents::VectorTangents;
#[cfg(feature = "alloc")]
pub use crate::changes::vectors::VectorChanges;

/// Vectors need an allocator.
#[cfg(not(feature = "alloc"))]
pub trait VectorChanges {}
/// Vectors need an allocator.
#[cfg(not(feature = "alloc"))]
pub trait VectorTangents {}

/// An operand of an operator: by value if it can be copied, by reference if not.
pub trait Operand: Copy {
    /// The operand.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __operand(self) -> Self {
        self
    }
}
impl<T: Copy> Operand for T {}

/// What a variable refers to, or the variable, if it holds a value: asked of a reference to it.
pub trait Referent<'x> {
    /// What is there.
    type Place: ?Sized;
    /// A reference to it.
    fn __referent(self) -> &'x Self::Place;
}
impl<'x, T: ?Sized> Referent<'x> for &'_ &'x T {
    type Place = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __referent(self) -> &'x T {
        self
    }
}

/// What is behind a reference: a clone of it, or the reference if it cannot be cloned.
pub trait Behind: Clone {
    /// The clone.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __behind(&self) -> Self {
        self.clone()
    }
}
impl<T: Clone> Behind for T {}

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
    /// An option with nothing inside.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __nothing(&self) -> Option<Self::Payload>
    where
        Self::Payload: Sized,
    {
        None
    }
    /// The default of what could be inside.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __default_payload(&self) -> Self::Payload
    where
        Self::Payload: Default,
    {
        Default::default()
    }
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
        T: Operators<Y>,
    {
    }
    /// Of two.
    fn __pullback2<Op, A, B, Y, P, Q>(self, _: Op, _: A, _: B, _: Y, _: P, _: Q)
    where
        T: Operators<Y>,
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

/// The positions of a slice's elements in an order, or of those that something is true of.
#[cfg(feature = "alloc")]
pub trait Arranged<T> {
    /// In the order of a comparison; equal ones as they were.
    fn __order_by(&self, compare: impl FnMut(&T, &T) -> Ordering) -> Vec<usize>;
    /// In the order of a comparison.
    fn __order_unstable_by(&self, compare: impl FnMut(&T, &T) -> Ordering) -> Vec<usize>;
    /// In the order of their keys; equal ones as they were.
    fn __order_by_key<K: Ord>(&self, key: impl FnMut(&T) -> K) -> Vec<usize>;
    /// In the order of their keys.
    fn __order_unstable_by_key<K: Ord>(&self, key: impl FnMut(&T) -> K) -> Vec<usize>;
    /// Those for which the function says so.
    fn __kept(&self, keep: impl FnMut(&T) -> bool) -> Vec<usize>;
}
#[cfg(feature = "alloc")]
impl<T> Arranged<T> for [T] {
    fn __order_by(&self, mut compare: impl FnMut(&T, &T) -> Ordering) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.len()).collect();
        order.sort_by(|i, j| compare(&self[*i], &self[*j]));
        order
    }
    fn __order_unstable_by(&self, mut compare: impl FnMut(&T, &T) -> Ordering) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.len()).collect();
        order.sort_unstable_by(|i, j| compare(&self[*i], &self[*j]));
        order
    }
    fn __order_by_key<K: Ord>(&self, mut key: impl FnMut(&T) -> K) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.len()).collect();
        order.sort_by_key(|i| key(&self[*i]));
        order
    }
    fn __order_unstable_by_key<K: Ord>(&self, mut key: impl FnMut(&T) -> K) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.len()).collect();
        order.sort_unstable_by_key(|i| key(&self[*i]));
        order
    }
    fn __kept(&self, mut keep: impl FnMut(&T) -> bool) -> Vec<usize> {
        (0..self.len()).filter(|i| keep(&self[*i])).collect()
    }
}
/// Vectors need an allocator.
#[cfg(not(feature = "alloc"))]
pub trait Arranged {}

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
