//! What the arguments of a primitive may be.
//!
//! `x.max(1)` is a mistake that the compiler reports in the function. In its derivative, where the same call appears again,
//! nothing more must be said: behind a call whose arguments do not fit, the [gate](crate::call::gate) stays closed.

use core::marker::PhantomData;
use core::ops::{AddAssign, DivAssign, MulAssign, RemAssign, SubAssign};

use crate::call::{Bad, Good};
use crate::matrix::{Matrix, Storage};
use crate::rules;
use crate::scalar::Real;

/// A type whose operation `Op` takes these arguments.
pub trait Accepts<Op, Arguments> {}

/// A type that has the operation `Op`, with some arguments.
pub trait Knows<Op> {}

macro_rules! accepts {
    (scalars $($name:ident($($argument:ty),*);)*) => {$(
        impl<T: Real> Accepts<rules::$name, ($(&$argument,)*)> for T {}
        impl<T: Real> Knows<rules::$name> for T {}
    )*};
    (matrices $($name:ident($($argument:ty),*);)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Accepts<rules::$name, ($(&$argument,)*)>
            for Matrix<N, M, T, S>
        {
        }
        impl<const N: usize, const M: usize, T: Real, S: Storage> Knows<rules::$name> for Matrix<N, M, T, S> {}
    )*};
}

accepts! {
    scalars
    powi(i32);
    powf(T);
    log(T);
    hypot(T);
    atan2(T);
    max(T);
    min(T);
    copysign(T);
    rem_euclid(T);
    div_euclid(T);
    leaky_relu(T);
    mul_add(T, T);
    clamp(T, T);
}

accepts! {
    matrices
    powi(i32);
    powf(T);
    log(T);
    leaky_relu(T);
    clamp(T, T);
    row(usize);
    column(usize);
    block(usize, usize);
}

/// Matrices that can be joined.
macro_rules! joined {
    ($($Right:ty, $Below:ty;)*) => {$(
        impl<const N: usize, const M: usize, const B: usize, T: Real, S: Storage, S2: Storage>
            Accepts<rules::hcat, (&$Right,)> for Matrix<N, M, T, S>
        {
        }
        impl<const N: usize, const M: usize, const B: usize, T: Real, S: Storage, S2: Storage>
            Accepts<rules::vcat, (&$Below,)> for Matrix<N, M, T, S>
        {
        }
    )*};
}

joined! {
    Matrix<N, B, T, S2>, Matrix<B, M, T, S2>;
    &Matrix<N, B, T, S2>, &Matrix<B, M, T, S2>;
}
impl<const N: usize, const M: usize, T: Real, S: Storage> Knows<rules::hcat> for Matrix<N, M, T, S> {}
impl<const N: usize, const M: usize, T: Real, S: Storage> Knows<rules::vcat> for Matrix<N, M, T, S> {}

/// The operation, the type it is called on, and the types of its arguments.
#[derive(Debug)]
pub struct Takes<Op, A, Arguments>(PhantomData<(Op, A, Arguments)>);

impl<Op, A, Arguments> Takes<Op, A, Arguments> {
    /// For a value and arguments.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(_: Op, _: &A, _: Arguments) -> Self {
        Self(PhantomData)
    }
}

/// A compound assignment, `left op= right`.
#[derive(Debug)]
pub struct Assigns<Op, A, B>(PhantomData<(Op, A, B)>);

impl<Op, A, B> Assigns<Op, A, B> {
    /// For a value on both sides.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(_: Op, _: &A, _: &B) -> Self {
        Self(PhantomData)
    }
}

/// Whether the arguments fit. Method resolution takes the first that applies.
pub mod arguments {
    use super::*;

    /// They do.
    pub trait Fitting {
        /// They do.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn fits(&self) -> Good {
            Good
        }
    }
    impl<Op, A: Accepts<Op, Arguments>, Arguments> Fitting for &&Takes<Op, A, Arguments> {}

    macro_rules! assigns {
        ($($name:ident $Trait:ident;)*) => {$(
            impl<A: $Trait<B>, B> Fitting for &&Assigns<rules::$name, A, B> {}
        )*};
    }
    assigns! {
        add AddAssign;
        sub SubAssign;
        mul MulAssign;
        div DivAssign;
        rem RemAssign;
    }

    /// They do not, which the compiler has reported.
    pub trait Unfitting {
        /// They do not.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn fits(&self) -> Bad {
            Bad
        }
    }
    impl<Op, A: Knows<Op>, Arguments> Unfitting for &Takes<Op, A, Arguments> {}
    impl<Op, A, B> Unfitting for &Assigns<Op, A, B> {}

    /// The operation is none of ours.
    pub trait Foreign {
        /// Whether there is a rule, its use will tell.
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn fits(&self) -> Good {
            Good
        }
    }
    impl<Op, A, Arguments> Foreign for Takes<Op, A, Arguments> {}
}
