//! Parts of tangents, as generated code names them.

use core::ops::{Index, IndexMut};

use super::{TangentOf, Zip};
use crate::accumulate::Owned;
use crate::differentiable::{Differentiable, Tangent};
use crate::expansion::methods::Payload;

/// A field of a tangent: by its position, or by a hash of the name of the struct's field.
pub trait Part<const KEY: u64> {
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

/// Stands for the tangent of a field that has none.
#[derive(Clone, Copy, Debug)]
pub struct Absent;

impl<X: Differentiable + ?Sized> TangentOf<X> for Absent {
    type Pointer<'a> = Owned<X::Tangent>;
    #[inline(always)]
    fn of<'a>(&'a self, value: &X) -> Owned<X::Tangent> {
        Owned(value.zero_tangent())
    }
    #[inline(always)]
    fn zipped(&self, value: &X) -> X::Dual
    where
        X: Zip,
    {
        value.constant()
    }
}

/// Its parts are absent too.
impl<I> Index<I> for Absent {
    type Output = Self;
    #[inline(always)]
    fn index(&self, _: I) -> &Self {
        self
    }
}

impl<I> IndexMut<I> for Absent {
    #[inline(always)]
    fn index_mut(&mut self, _: I) -> &mut Self {
        self
    }
}

impl Payload for Absent {
    type Payload = Self;
    #[inline(always)]
    fn __payload(&self) -> &Self {
        self
    }
}

impl<const KEY: u64> Part<KEY> for Absent {
    type Part = Self;
    type PartMut<'b> = &'b mut Self;
    #[inline(always)]
    fn part(&self) -> &Self {
        self
    }
    #[inline(always)]
    fn part_mut(&mut self) -> &mut Self {
        self
    }
}

/// A part of a tangent, to be written to.
pub trait Put<T> {
    /// Writes it.
    fn put(&mut self, tangent: T);
}

impl<T: Tangent> Put<T> for T {
    #[inline(always)]
    fn put(&mut self, tangent: T) {
        *self = tangent;
    }
}

impl<T> Put<T> for Absent {
    #[inline(always)]
    fn put(&mut self, _: T) {}
}

macro_rules! tuples {
    ($(($($X:ident $position:tt),+);)+) => {$(
        tuples!(@each ($($X),+); $($X $position),+);
    )+};
    (@each $all:tt; $($X:ident $position:tt),+) => {$(
        tuples!(@one $all; $X $position);
    )+};
    (@one ($($X:ident),+); $Y:ident $position:tt) => {
        impl<$($X),+> Part<$position> for ($($X,)+) {
            type Part = $Y;
            type PartMut<'b> = &'b mut $Y where Self: 'b;
            #[inline(always)]
            fn part(&self) -> &$Y {
                &self.$position
            }
            #[inline(always)]
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
