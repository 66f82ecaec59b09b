//! Vectors that are made of slices.

use alloc::vec::Vec;

use super::arithmetic::primitives;
use super::{Accumulate, Like, Rule1};
use crate::differentiable::{Differentiable, Tangent};

primitives! {
    /// A vector with the elements of a slice.
    ///
    /// Original: `y = x.to_vec()`.
    /// Adjoint: `x_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: &[f64]) -> f64 {
    ///     let mut y = x.to_vec();
    ///     y[0] *= y[1];
    ///     y[0]
    /// }
    /// assert_eq!(f::grad(&[2.0, 3.0]), [3.0, 2.0]);
    /// ```
    to_vec;

    /// A vector with one more element.
    ///
    /// Original: `v.push(x)`.
    /// Adjoint: `x_bar += v_bar[n]`, `v_bar` without its last element.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64) -> f64 {
    ///     let mut v = vec![x];
    ///     v.push(x * x);
    ///     v[0] * v[1]
    /// }
    /// assert_eq!(f::grad(2.0), 12.0);
    /// ```
    push;
}

// What flows to the element is taken from the vector's accumulator, like that of any element.
impl<X: Differentiable> Rule1<push, Like<Vec<X>>> for Like<Vec<X>> {
    #[inline]
    fn __pullback1(
        self,
        _: push,
        _: Like<Vec<X>>,
        y_bar: &Vec<X::Tangent>,
        v_bar: &mut impl Accumulate<Vec<X::Tangent>>,
    ) {
        let Some((_, rest)) = y_bar.split_last() else { return };
        v_bar.contribute(
            || rest.to_vec(),
            |buffer| {
                buffer.clear();
                buffer.extend_from_slice(rest);
            },
            |value| {
                value
                    .iter_mut()
                    .zip(rest)
                    .for_each(|(value, cotangent)| value.accumulate(cotangent))
            },
        );
    }
}

macro_rules! to_vec {
    ($($Slice:ty),*) => {$(
        impl<X: Differentiable> Rule1<to_vec, Like<$Slice>> for Like<Vec<X>> {
            #[inline]
            fn __pullback1(
                self,
                _: to_vec,
                _: Like<$Slice>,
                y_bar: &Vec<X::Tangent>,
                x_bar: &mut impl Accumulate<Vec<X::Tangent>>,
            ) {
                x_bar.contribute(
                    || y_bar.clone(),
                    |buffer| buffer.clone_from(y_bar),
                    |value| value.accumulate(y_bar),
                );
            }
        }
    )*};
}
to_vec!([X], Vec<X>);

impl<X: Differentiable, const N: usize> Rule1<to_vec, Like<[X; N]>> for Like<Vec<X>> {
    #[inline]
    fn __pullback1(
        self,
        _: to_vec,
        _: Like<[X; N]>,
        y_bar: &Vec<X::Tangent>,
        x_bar: &mut impl Accumulate<[X::Tangent; N]>,
    ) {
        let array = || core::array::from_fn(|index| y_bar[index].clone());
        x_bar.contribute(array, |buffer| *buffer = array(), |value| value.accumulate(&array()));
    }
}
