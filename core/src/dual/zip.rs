//! Values and their tangents, put together to values of dual numbers, and taken apart again.

use core::ops::Deref;

use super::Dual;
use crate::accumulate::{Accumulate, Owned};
use crate::chunk::{MatrixChunk, Partials};
use crate::differentiable::{Differentiable, Tangent};
use crate::given::Like;
use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

/// What an operation that has a rule works on, or gives: a value that has a counterpart in dual numbers.
pub trait Zip: Differentiable {
    /// The counterpart.
    type Dual: Differentiable<Shape = Self::Shape>;

    /// The value together with its tangent.
    fn zip(&self, tangent: &Self::Tangent) -> Self::Dual;
    /// The value, which does not change.
    fn constant(&self) -> Self::Dual;
    /// The tangent of a result.
    fn tangent(dual: Self::Dual) -> Self::Tangent;
    /// A cotangent, as one of dual numbers.
    fn lift(cotangent: &Self::Tangent) -> <Self::Dual as Differentiable>::Tangent;
    /// The two parts of a cotangent.
    fn split(cotangent: <Self::Dual as Differentiable>::Tangent) -> (Self::Tangent, Self::Tangent);

    /// The counterpart along several directions.
    type Wide<const K: usize>;
    /// The value together with its chunk.
    fn widen<const K: usize>(&self, chunk: &Self::Chunk<K>) -> Self::Wide<K>;
    /// The value, which does not change.
    fn unchanging<const K: usize>(&self) -> Self::Wide<K>;
    /// The chunk of a result.
    fn narrowed<const K: usize>(wide: Self::Wide<K>) -> Self::Chunk<K>;
}

impl<T: Real> Zip for T {
    type Dual = Dual<T>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zip(&self, tangent: &T) -> Dual<T> {
        Dual {
            value: *self,
            partials: Partials([*tangent]),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant(&self) -> Dual<T> {
        Dual::constant(*self)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tangent(dual: Dual<T>) -> T {
        dual.partials.0[0]
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lift(cotangent: &T) -> Dual<T> {
        Dual::constant(*cotangent)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn split(cotangent: Dual<T>) -> (T, T) {
        (cotangent.value, cotangent.partials.0[0])
    }

    type Wide<const K: usize> = Dual<T, K>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn widen<const K: usize>(&self, chunk: &T::Chunk<K>) -> Dual<T, K> {
        Dual {
            value: *self,
            partials: *T::partials_of(chunk),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn unchanging<const K: usize>(&self) -> Dual<T, K> {
        Dual::constant(*self)
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn narrowed<const K: usize>(wide: Dual<T, K>) -> T::Chunk<K> {
        T::chunk_of(&wide.partials).clone()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Zip for Matrix<N, M, T, S> {
    type Dual = Matrix<N, M, Dual<T>, S>;
    #[inline]
    fn zip(&self, tangent: &Self) -> Self::Dual {
        Matrix::collected(self.iter().zip(tangent).map(|(value, tangent)| value.zip(tangent)))
    }
    #[inline]
    fn constant(&self) -> Self::Dual {
        Matrix::collected(self.iter().map(T::constant))
    }
    #[inline]
    fn tangent(dual: Self::Dual) -> Self {
        Matrix::collected(dual.iter().map(|element| element.partials.0[0]))
    }
    #[inline]
    fn lift(cotangent: &Self) -> Self::Dual {
        cotangent.constant()
    }
    #[inline]
    fn split(cotangent: Self::Dual) -> (Self, Self) {
        (
            Matrix::collected(cotangent.iter().map(|element| element.value)),
            Matrix::collected(cotangent.iter().map(|element| element.partials.0[0])),
        )
    }

    type Wide<const K: usize> = Matrix<N, M, Dual<T, K>, S>;
    #[inline]
    fn widen<const K: usize>(&self, chunk: &Self::Chunk<K>) -> Self::Wide<K> {
        let elements = self.iter().zip(&chunk.0);
        Matrix::collected(elements.map(|(value, wide)| Dual {
            value: *value,
            partials: wide.partials,
        }))
    }
    #[inline]
    fn unchanging<const K: usize>(&self) -> Self::Wide<K> {
        Matrix::collected(self.iter().map(|value| Dual::constant(*value)))
    }
    #[inline]
    fn narrowed<const K: usize>(wide: Self::Wide<K>) -> Self::Chunk<K> {
        MatrixChunk(wide)
    }
}

impl<X: Zip, const N: usize> Zip for [X; N] {
    type Dual = [X::Dual; N];
    #[inline]
    fn zip(&self, tangent: &Self::Tangent) -> Self::Dual {
        core::array::from_fn(|index| self[index].zip(&tangent[index]))
    }
    #[inline]
    fn constant(&self) -> Self::Dual {
        self.each_ref().map(X::constant)
    }
    #[inline]
    fn tangent(dual: Self::Dual) -> Self::Tangent {
        dual.map(X::tangent)
    }
    #[inline]
    fn lift(cotangent: &Self::Tangent) -> <Self::Dual as Differentiable>::Tangent {
        cotangent.each_ref().map(X::lift)
    }
    #[inline]
    fn split(cotangent: <Self::Dual as Differentiable>::Tangent) -> (Self::Tangent, Self::Tangent) {
        let mut upper = cotangent.map(|cotangent| {
            let (lower, upper) = X::split(cotangent);
            (Some(lower), Some(upper))
        });
        let missing = || unreachable!("each part is taken once");
        (
            core::array::from_fn(|index| upper[index].0.take().unwrap_or_else(missing)),
            core::array::from_fn(|index| upper[index].1.take().unwrap_or_else(missing)),
        )
    }

    type Wide<const K: usize> = [X::Wide<K>; N];
    #[inline]
    fn widen<const K: usize>(&self, chunk: &Self::Chunk<K>) -> Self::Wide<K> {
        core::array::from_fn(|index| self[index].widen(&chunk[index]))
    }
    #[inline]
    fn unchanging<const K: usize>(&self) -> Self::Wide<K> {
        self.each_ref().map(X::unchanging)
    }
    #[inline]
    fn narrowed<const K: usize>(wide: Self::Wide<K>) -> Self::Chunk<K> {
        wide.map(X::narrowed)
    }
}

impl<A: Zip, B: Zip> Zip for (A, B) {
    type Dual = (A::Dual, B::Dual);
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zip(&self, tangent: &Self::Tangent) -> Self::Dual {
        (self.0.zip(&tangent.0), self.1.zip(&tangent.1))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant(&self) -> Self::Dual {
        (self.0.constant(), self.1.constant())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tangent(dual: Self::Dual) -> Self::Tangent {
        (A::tangent(dual.0), B::tangent(dual.1))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lift(cotangent: &Self::Tangent) -> <Self::Dual as Differentiable>::Tangent {
        (A::lift(&cotangent.0), B::lift(&cotangent.1))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn split(cotangent: <Self::Dual as Differentiable>::Tangent) -> (Self::Tangent, Self::Tangent) {
        let (a, b) = (A::split(cotangent.0), B::split(cotangent.1));
        ((a.0, b.0), (a.1, b.1))
    }

    type Wide<const K: usize> = (A::Wide<K>, B::Wide<K>);
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn widen<const K: usize>(&self, chunk: &Self::Chunk<K>) -> Self::Wide<K> {
        (self.0.widen(&chunk.0), self.1.widen(&chunk.1))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn unchanging<const K: usize>(&self) -> Self::Wide<K> {
        (self.0.unchanging(), self.1.unchanging())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn narrowed<const K: usize>(wide: Self::Wide<K>) -> Self::Chunk<K> {
        (A::narrowed(wide.0), B::narrowed(wide.1))
    }
}

/// Types whose tangent is `()` are their own counterparts.
macro_rules! discrete {
    ($($type:ident)*) => {$(
        impl Zip for $type {
            type Dual = $type;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zip(&self, (): &()) -> $type {
                *self
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn constant(&self) -> $type {
                *self
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn tangent(_: $type) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn lift((): &()) {}
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn split((): ()) -> ((), ()) {
                ((), ())
            }
            type Wide<const K: usize> = $type;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn widen<const K: usize>(&self, (): &()) -> $type {
                *self
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn unchanging<const K: usize>(&self) -> $type {
                *self
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn narrowed<const K: usize>(_: $type) {}
        }
    )*};
}

discrete!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// What stands for the tangent of a value where there is one, and where there is none.
pub trait TangentOf<X: Differentiable + ?Sized> {
    /// False if it is zero in any case.
    const VARIES: bool;
    /// What points to it.
    type Pointer<'a>: Deref<Target = X::Tangent>
    where
        Self: 'a;
    /// The tangent of the value.
    fn of<'a>(&'a self, value: &X) -> Self::Pointer<'a>;
    /// The value in dual numbers.
    fn zipped(&self, value: &X) -> X::Dual
    where
        X: Zip;
}

impl<X: Differentiable<Tangent = T> + ?Sized, T: Tangent> TangentOf<X> for T {
    const VARIES: bool = true;
    type Pointer<'a> = &'a T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of<'a>(&'a self, _: &X) -> &'a T {
        self
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zipped(&self, value: &X) -> X::Dual
    where
        X: Zip,
    {
        value.zip(self)
    }
}

/// The tangent of something that does not change.
#[derive(Clone, Copy, Debug)]
pub struct Zero;

impl<X: Differentiable + ?Sized> TangentOf<X> for Zero {
    const VARIES: bool = false;
    type Pointer<'a> = Owned<X::Tangent>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(&self, value: &X) -> Owned<X::Tangent> {
        Owned(value.zero_tangent())
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zipped(&self, value: &X) -> X::Dual
    where
        X: Zip,
    {
        value.constant()
    }
}

/// Takes what flows to an operand in dual numbers, to hand it on in two parts.
#[derive(Debug)]
pub struct Sink<X: Zip>(Option<<X::Dual as Differentiable>::Tangent>);

impl<X: Zip> Sink<X> {
    /// For an operand like this one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(_: &Like<X>) -> Self {
        Self(None)
    }

    /// Adds one part to the accumulator of the operand's tangent, the other to that of the operand.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn flow(self, x_bar: &mut impl Accumulate<X::Tangent>, x_dot_bar: &mut impl Accumulate<X::Tangent>) {
        if let Some(cotangent) = self.0 {
            let (to_tangent, to_value) = X::split(cotangent);
            x_dot_bar.add(to_tangent);
            x_bar.add(to_value);
        }
    }
}

impl<X: Zip> Accumulate<<X::Dual as Differentiable>::Tangent> for Sink<X> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        true
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, contribution: <X::Dual as Differentiable>::Tangent) {
        match &mut self.0 {
            Some(value) => value.accumulate(&contribution),
            None => self.0 = Some(contribution),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(
        &mut self,
        create: impl FnOnce() -> <X::Dual as Differentiable>::Tangent,
        _: impl FnOnce(&mut <X::Dual as Differentiable>::Tangent),
        add: impl FnOnce(&mut <X::Dual as Differentiable>::Tangent),
    ) {
        match &mut self.0 {
            Some(value) => add(value),
            None => self.0 = Some(create()),
        }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(
        &mut self,
        zero: impl FnOnce() -> <X::Dual as Differentiable>::Tangent,
    ) -> Option<&mut <X::Dual as Differentiable>::Tangent> {
        Some(self.0.get_or_insert_with(zero))
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&<X::Dual as Differentiable>::Tangent> {
        self.0.as_ref()
    }
}

impl<X: Zip> Like<X> {
    /// What the value in dual numbers is like.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn dual(&self) -> Like<X::Dual> {
        Like::of_shape(self.shape())
    }
}

/// A cotangent, as one of dual numbers.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn lifted<X: Zip>(_: &Like<X>, cotangent: &X::Tangent) -> <X::Dual as Differentiable>::Tangent {
    X::lift(cotangent)
}

/// The tangent of a value, or zero where it has none.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn tangent_of<X: Differentiable + ?Sized>(value: &X, tangent: &impl TangentOf<X>) -> X::Tangent {
    (*tangent.of(value)).clone()
}

/// The tangent of a function's result, each component of which is the inner product of a gradient and the tangents of the
/// parameters: `along` gives that for a seed.
#[inline]
pub fn tangent_by_rule<Y: Differentiable>(value: &Y, mut along: impl FnMut(Y::Tangent) -> f64) -> Y::Tangent {
    let zero = value.zero_tangent();
    let mut tangent = zero.clone();
    for leaf in 0..zero.leaf_count() {
        for index in 0..zero.leaf(leaf).len() {
            let mut seed = zero.clone();
            seed.leaf_mut(leaf).set(index, 1.0);
            tangent.leaf_mut(leaf).set(index, along(seed));
        }
    }
    tangent
}
