//! Parts of tangents, as generated code names them.

use core::marker::PhantomData;
use core::ops::Index;

use super::{TangentOf, Zip};
use crate::accumulate::reset::{Resets, leave};
use crate::accumulate::{NoTangent, Owned};
use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent};
use crate::expansion::methods::Payload;
use crate::matrix::{Matrix, Storage};
use crate::rules::{self, IndexRule};
use crate::scalar::Real;

/// A field of a tangent: by its position, or by a hash of the name of the struct's field.
pub trait Member<const KEY: u64> {
    /// Its type.
    type Part;
    /// What points to it, to be changed.
    type PartMut<'b>
    where
        Self: 'b;
    /// The part.
    fn part(&self) -> &Self::Part;
    /// The part, to be changed.
    fn part_mut(&mut self) -> Self::PartMut<'_>;
}

/// Stands for the tangent of a field of type `F` that has none.
#[derive(Debug)]
pub struct Absent<F>(PhantomData<fn() -> F>);

impl<F> Absent<F> {
    /// It.
    pub const NOTHING: Self = Self(PhantomData);
}

impl<F, X: Differentiable + ?Sized> TangentOf<X> for Absent<F> {
    const VARIES: bool = false;
    type Pointer<'a>
        = Owned<X::Tangent>
    where
        Self: 'a;
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

/// A type whose parts are of this type too.
#[derive(Debug)]
pub struct Anything;

impl<I> Index<I> for Anything {
    type Output = Self;
    fn index(&self, _: I) -> &Self {
        self
    }
}

/// Its fields are absent too, whatever they are called.
impl<F, const KEY: u64> Member<KEY> for Absent<F> {
    type Part = Absent<Anything>;
    type PartMut<'b>
        = Owned<Absent<Anything>>
    where
        Self: 'b;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn part(&self) -> &Self::Part {
        const { &Absent::NOTHING }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn part_mut(&mut self) -> Self::PartMut<'_> {
        Owned(Absent::NOTHING)
    }
}

/// Its parts are absent too.
impl<I, F: Index<I>> Index<I> for Absent<F>
where
    F::Output: Sized + 'static,
{
    type Output = Absent<F::Output>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn index(&self, _: I) -> &Self::Output {
        const { &Absent::NOTHING }
    }
}

impl<F: Payload> Payload for Absent<F>
where
    F::Payload: 'static,
{
    type Payload = Absent<F::Payload>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __payload(&self) -> &Self::Payload {
        const { &Absent::NOTHING }
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __has_payload(&self) -> bool {
        true
    }
}

impl<I, F: IndexRule<I>> IndexRule<I> for Absent<F>
where
    F::Element: Sized,
{
    type Element = Absent<F::Element>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element((): &mut (), _: I) -> NoTangent<F::Element> {
        NoTangent::default()
    }
}

/// Differentiable in the trivial way.
impl<F> Differentiable for Absent<F> {
    type Tangent = ();
    type Shape = ();
    type Slot = ();
    type Accumulator<'a> = NoTangent<F>;
    type Chunk<const K: usize> = ();

    fn zero_chunk<const K: usize>(&self) {}

    fn leaf_count(&self) -> usize {
        0
    }
    fn leaf(&self, _: usize) -> Leaf<'_> {
        panic!("a value without a tangent has no leaf")
    }
    fn leaf_mut(&mut self, _: usize) -> LeafMut<'_> {
        panic!("a value without a tangent has no leaf")
    }
    fn shape(&self) {}
    fn zero((): &()) {}
    fn accumulator((): &mut ()) -> NoTangent<F> {
        NoTangent::default()
    }
    fn overwrite((): &mut ()) -> NoTangent<F> {
        NoTangent::default()
    }
    fn add_to((): &mut ()) -> NoTangent<F> {
        NoTangent::default()
    }
    fn seed((): ()) {}
    fn transfer(_: &Self::Accumulator<'_>, _: &mut Self::Accumulator<'_>) {}
    fn finish(_: &mut Self::Accumulator<'_>, (): &()) {}
    fn take((): (), (): &()) {}
}

/// A part of a tangent, to be written to.
pub trait Put<T> {
    /// What it is when it is zero.
    type Zero;
    /// Writes it.
    fn put(&mut self, tangent: T);
    /// Writes it, and leaves the size of what was there.
    fn put_leaving(&mut self, tangent: T, resets: &mut Resets<Self::Zero>);
}

/// A part of a tangent that becomes zero.
pub trait Clear {
    /// Makes it so.
    fn clear(&mut self);
}

impl<T: Tangent> Clear for T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clear(&mut self) {
        self.fill_zero();
    }
}

impl<F> Clear for Absent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clear(&mut self) {}
}

impl<T: Tangent> Put<T> for T {
    type Zero = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put(&mut self, tangent: T) {
        *self = tangent;
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put_leaving(&mut self, tangent: T, resets: &mut Resets<T>) {
        leave(self, resets);
        *self = tangent;
    }
}

impl<F, T> Put<T> for Absent<F> {
    type Zero = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put(&mut self, _: T) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn put_leaving(&mut self, _: T, _: &mut Resets<()>) {}
}

/// An element of a tangent, to be written to.
pub trait At<I> {
    /// Its type.
    type Part;
    /// Writes it, if it is there.
    fn at(&mut self, index: I, write: impl FnOnce(&mut Self::Part));
}

impl<T, const N: usize> At<usize> for [T; N] {
    type Part = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, index: usize, write: impl FnOnce(&mut T)) {
        write(&mut self[index]);
    }
}

#[cfg(feature = "alloc")]
impl<T> At<usize> for alloc::vec::Vec<T> {
    type Part = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, index: usize, write: impl FnOnce(&mut T)) {
        write(&mut self[index]);
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> At<(usize, usize)> for Matrix<N, M, T, S> {
    type Part = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, index: (usize, usize), write: impl FnOnce(&mut T)) {
        write(&mut self[index]);
    }
}

impl<T> At<rules::Payload> for Option<T> {
    type Part = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, _: rules::Payload, write: impl FnOnce(&mut T)) {
        self.as_mut().map(write);
    }
}

impl<I, F: Index<I>> At<I> for Absent<F>
where
    F::Output: Sized,
{
    type Part = Absent<F::Output>;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, _: I, _: impl FnOnce(&mut Self::Part)) {}
}

/// Writes to what is given.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn written<T>(part: &mut T, write: impl FnOnce(&mut T)) {
    write(part);
}

macro_rules! tuples {
    ($(($($X:ident $position:tt),+);)+) => {$(
        tuples!(@each ($($X),+); $($X $position),+);
    )+};
    (@each $all:tt; $($X:ident $position:tt),+) => {$(
        tuples!(@one $all; $X $position);
    )+};
    (@one ($($X:ident),+); $Y:ident $position:tt) => {
        impl<$($X),+> Member<$position> for ($($X,)+) {
            type Part = $Y;
            type PartMut<'b> = &'b mut $Y where Self: 'b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn part(&self) -> &$Y {
                &self.$position
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn part_mut(&mut self) -> &mut $Y {
                &mut self.$position
            }
        }
    };
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
}
