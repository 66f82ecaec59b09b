//! The primitives by name, for operands of any scalar: on dual numbers, they push tangents forward.
//!
//! `y_dot = push(op, a, b, a_dot, b_dot)` is the tangent of the operation on the dual numbers `(a, a_dot)` and `(b, b_dot)`.
//! Its adjoint is the operation's rule on dual numbers: the part of what flows to an operand that is the derivative flows to
//! the operand itself, the rest to its tangent.

use super::*;
use crate::chunk::Partials;
use crate::dual::Dual;
use crate::lanes;
use crate::matrix::product::product;
use crate::matrix::{Inline, Matrix, Storage};
use crate::scalar::Real;

/// An operation on one operand; the implementor is the result.
#[diagnostic::on_unimplemented(
    message = "`{Op}` has no derivative rule for `{A}` with result `{Self}`",
    label = "no derivative is known for this operation"
)]
pub trait Apply1<Op, A>: Sized {
    /// The result.
    fn apply(a: &A) -> Self;
}

/// An operation on two operands; the implementor is the result.
#[diagnostic::on_unimplemented(
    message = "`{Op}` has no derivative rule for `{A}` and `{B}` with result `{Self}`",
    label = "no derivative is known for this operation"
)]
pub trait Apply2<Op, A, B>: Sized {
    /// The result.
    fn apply(a: &A, b: &B) -> Self;
    /// The result where only the first operand varies.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_first(a: &A, b: &B) -> Self {
        Self::apply(a, b)
    }
    /// The result where only the second one does.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_second(a: &A, b: &B) -> Self {
        Self::apply(a, b)
    }
}

/// An operation on three operands; the implementor is the result.
#[diagnostic::on_unimplemented(
    message = "`{Op}` has no derivative rule for `{A}`, `{B}` and `{C}` with result `{Self}`",
    label = "no derivative is known for this operation"
)]
pub trait Apply3<Op, A, B, C>: Sized {
    /// The result.
    fn apply(a: &A, b: &B, c: &C) -> Self;
}

// ----- functions of one number, and of each element

macro_rules! unary {
    ($($name:ident)*) => {$(
        impl<T: Real> Apply1<$name, T> for T {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(x: &T) -> T {
                Real::$name(*x)
            }
        }
        impl<const N: usize, const M: usize, T: Real, S: Storage> Apply1<$name, Matrix<N, M, T, S>>
            for Matrix<N, M, T, S>
        {
            #[inline]
            fn apply(x: &Self) -> Self {
                x.mapped(|x: T| Real::$name(x))
            }
        }
    )*};
}

unary! {
    sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 exp_m1 ln ln_1p log2 log10 sqrt cbrt recip abs
    sigmoid softplus relu elu gelu silu erf erfc ln_gamma digamma
    signum floor ceil round round_ties_even trunc fract to_degrees to_radians
}

impl<T: Real> Apply1<neg, T> for T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply(x: &T) -> T {
        -*x
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply1<neg, Matrix<N, M, T, S>> for Matrix<N, M, T, S> {
    #[inline]
    fn apply(x: &Self) -> Self {
        x.mapped(|x: T| -x)
    }
}

impl<T: Real> Apply1<sin_cos, T> for (T, T) {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply(x: &T) -> (T, T) {
        x.sin_cos()
    }
}

// ----- functions of several numbers

macro_rules! binary {
    ($($name:ident($a:ident, $b:ident) => $value:expr $(, first $first:ident, second $second:ident)?;)*) => {$(
        impl<T: Real> Apply2<$name, T, T> for T {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply($a: &T, $b: &T) -> T {
                let ($a, $b) = (*$a, *$b);
                $value
            }
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn apply_first(a: &T, b: &T) -> T {
                    a.$first(*b)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn apply_second(a: &T, b: &T) -> T {
                    a.$second(*b)
                }
            )?
        }
    )*};
}

binary! {
    add(a, b) => a + b, first add_constant, second constant_add;
    sub(a, b) => a - b, first sub_constant, second constant_sub;
    mul(a, b) => a * b, first mul_constant, second constant_mul;
    div(a, b) => a / b, first div_constant, second constant_div;
    rem(a, b) => a % b;
    powf(a, b) => Real::powf(a, b);
    log(a, b) => Real::log(a, b);
    hypot(a, b) => Real::hypot(a, b);
    atan2(a, b) => Real::atan2(a, b);
    max(a, b) => Real::max(a, b);
    min(a, b) => Real::min(a, b);
    copysign(a, b) => Real::copysign(a, b);
    rem_euclid(a, b) => Real::rem_euclid(a, b);
    div_euclid(a, b) => Real::div_euclid(a, b);
    leaky_relu(a, b) => Real::leaky_relu(a, b);
}

impl<T: Real> Apply2<powi, T, i32> for T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply(x: &T, n: &i32) -> T {
        x.powi(*n)
    }
}

impl<T: Real> Apply3<mul_add, T, T, T> for T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply(a: &T, b: &T, c: &T) -> T {
        a.mul_add(*b, *c)
    }
}

impl<T: Real> Apply3<clamp, T, T, T> for T {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply(x: &T, low: &T, high: &T) -> T {
        x.clamp(*low, *high)
    }
}

// ----- matrices

macro_rules! elementwise {
    ($($name:ident $function:expr;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
            Apply2<$name, Matrix<N, M, T, S>, Matrix<N, M, T, S2>> for Matrix<N, M, T, S3>
        {
            #[inline]
            fn apply(a: &Matrix<N, M, T, S>, b: &Matrix<N, M, T, S2>) -> Self {
                Matrix::zipped(a.as_slice(), b.as_slice(), $function)
            }
        }
    )*};
}

elementwise! {
    add |a: T, b: T| a + b;
    sub |a: T, b: T| a - b;
    hadamard |a: T, b: T| a * b;
}

/// A matrix and a scalar, in both orders.
macro_rules! with_scalar {
    ($($name:ident $function:expr;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<$name, Matrix<N, M, T, S>, T>
            for Matrix<N, M, T, S>
        {
            #[inline]
            fn apply(m: &Self, s: &T) -> Self {
                let (function, s): (fn(T, T) -> T, T) = ($function, *s);
                m.mapped(|x: T| function(x, s))
            }
        }
        impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<$name, T, Matrix<N, M, T, S>>
            for Matrix<N, M, T, S>
        {
            #[inline]
            fn apply(s: &T, m: &Self) -> Self {
                let (function, s): (fn(T, T) -> T, T) = ($function, *s);
                m.mapped(|x: T| function(s, x))
            }
        }
    )*};
}

with_scalar! {
    add |a, b| a + b;
    sub |a, b| a - b;
    mul |a, b| a * b;
    div |a, b| a / b;
}

impl<const N: usize, const D: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Apply2<mul, Matrix<N, D, T, S>, Matrix<D, M, T, S2>> for Matrix<N, M, T, S3>
{
    #[inline]
    fn apply(a: &Matrix<N, D, T, S>, b: &Matrix<D, M, T, S2>) -> Self {
        let mut result = Matrix::zeroed();
        product::<N, D, M, T>(a.as_slice(), b.as_slice(), result.as_mut_slice(), false);
        result
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<powi, Matrix<N, M, T, S>, i32> for Matrix<N, M, T, S> {
    #[inline]
    fn apply(x: &Self, n: &i32) -> Self {
        x.mapped(|x: T| x.powi(*n))
    }
}

macro_rules! with_parameter {
    ($($name:ident)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<$name, Matrix<N, M, T, S>, T>
            for Matrix<N, M, T, S>
        {
            #[inline]
            fn apply(x: &Self, p: &T) -> Self {
                x.mapped(|x: T| Real::$name(x, *p))
            }
        }
    )*};
}

with_parameter!(powf log leaky_relu);

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply3<clamp, Matrix<N, M, T, S>, T, T>
    for Matrix<N, M, T, S>
{
    #[inline]
    fn apply(x: &Self, low: &T, high: &T) -> Self {
        x.mapped(|x: T| Real::clamp(x, *low, *high))
    }
}

/// Operations on one matrix, as the methods that they are.
macro_rules! reductions {
    ($($name:ident -> $Result:ty;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Apply1<$name, Matrix<N, M, T, S>> for $Result {
            #[inline]
            fn apply(x: &Matrix<N, M, T, S>) -> Self {
                x.$name()
            }
        }
    )*};
}

reductions! {
    sum -> T;
    mean -> T;
    max -> T;
    min -> T;
    norm -> T;
    norm_squared -> T;
    sum_rows -> Matrix<1, M, T, S>;
    sum_columns -> Matrix<N, 1, T, S>;
    softmax -> Matrix<N, M, T, S>;
    log_softmax -> Matrix<N, M, T, S>;
    transpose -> Matrix<M, N, T, S>;
    to_inline -> Matrix<N, M, T, Inline>;
}
#[cfg(feature = "alloc")]
reductions! {
    to_heap -> Matrix<N, M, T, crate::matrix::Heap>;
}

impl<const N: usize, T: Real, S: Storage> Apply1<trace, Matrix<N, N, T, S>> for T {
    #[inline]
    fn apply(x: &Matrix<N, N, T, S>) -> T {
        x.trace()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Apply2<dot, Matrix<N, M, T, S>, Matrix<N, M, T, S2>> for T
{
    #[inline]
    fn apply(a: &Matrix<N, M, T, S>, b: &Matrix<N, M, T, S2>) -> T {
        lanes::sum_of(a.as_slice(), b.as_slice(), |a, b| a * b)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Apply2<add_row, Matrix<N, M, T, S>, Matrix<1, M, T, S2>> for Matrix<N, M, T, S3>
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, row: &Matrix<1, M, T, S2>) -> Self {
        let elements = x.rows().flat_map(|x| x.iter().zip(row));
        Matrix::collected(elements.map(|(x, b)| *x + *b))
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Apply2<mean_squared_error, Matrix<N, M, T, S>, Matrix<N, M, T, S2>> for T
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, t: &Matrix<N, M, T, S2>) -> T {
        lanes::sum_of(x.as_slice(), t.as_slice(), |x, t| (x - t) * (x - t)) / T::from_usize(N * M)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<softmax_cross_entropy, Matrix<N, M, T, S>, [usize; N]>
    for T
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, labels: &[usize; N]) -> T {
        x.softmax_cross_entropy(labels)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage>
    Apply2<softmax_cross_entropy, Matrix<N, M, T, S>, Matrix<N, M, T, S2>> for T
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, targets: &Matrix<N, M, T, S2>) -> T {
        x.softmax_cross_entropy(targets)
    }
}

// ----- parts, and other shapes

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<row, Matrix<N, M, T, S>, usize>
    for Matrix<1, M, T, S>
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, i: &usize) -> Self {
        x.row(*i)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply2<column, Matrix<N, M, T, S>, usize>
    for Matrix<N, 1, T, S>
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, j: &usize) -> Self {
        x.column(*j)
    }
}

impl<const N: usize, const M: usize, const R: usize, const C: usize, T: Real, S: Storage>
    Apply3<block, Matrix<N, M, T, S>, usize, usize> for Matrix<R, C, T, S>
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>, i: &usize, j: &usize) -> Self {
        Matrix::collected((0..R * C).map(|index| x[(i + index / C, j + index % C)]))
    }
}

impl<
    const N: usize,
    const K: usize,
    const A: usize,
    const B: usize,
    const AB: usize,
    T: Real,
    S: Storage,
    S2: Storage,
    S3: Storage,
> Apply2<hcat, Matrix<N, A, T, S>, Matrix<K, B, T, S2>> for Matrix<N, AB, T, S3>
{
    #[inline]
    fn apply(a: &Matrix<N, A, T, S>, b: &Matrix<K, B, T, S2>) -> Self {
        let rows = a.rows().zip(b.rows());
        Matrix::collected(rows.flat_map(|(a, b)| a.iter().chain(b)).copied())
    }
}

impl<
    const A: usize,
    const B: usize,
    const AB: usize,
    const M: usize,
    const K: usize,
    T: Real,
    S: Storage,
    S2: Storage,
    S3: Storage,
> Apply2<vcat, Matrix<A, M, T, S>, Matrix<B, K, T, S2>> for Matrix<AB, M, T, S3>
{
    #[inline]
    fn apply(a: &Matrix<A, M, T, S>, b: &Matrix<B, K, T, S2>) -> Self {
        Matrix::collected(a.iter().chain(b).copied())
    }
}

impl<const N: usize, const M: usize, const N2: usize, const M2: usize, T: Real, S: Storage>
    Apply1<reshape, Matrix<N, M, T, S>> for Matrix<N2, M2, T, S>
{
    #[inline]
    fn apply(x: &Matrix<N, M, T, S>) -> Self {
        Matrix::collected(x.iter().copied())
    }
}

macro_rules! from_arrays {
    ($($name:ident $Storage:ty;)*) => {$(
        impl<const N: usize, const M: usize, T: Real> Apply1<$name, [[T; M]; N]> for Matrix<N, M, T, $Storage> {
            #[inline]
            fn apply(rows: &[[T; M]; N]) -> Self {
                Matrix::collected(rows.as_flattened().iter().copied())
            }
        }
    )*};
}

from_arrays! {
    from_rows Inline;
    cast Inline;
}
#[cfg(feature = "alloc")]
from_arrays! {
    from_rows crate::matrix::Heap;
}

impl<const N: usize, const M: usize, T: Real> Apply1<cast, Matrix<N, M, T, Inline>> for [[T; M]; N] {
    #[inline]
    fn apply(x: &Matrix<N, M, T, Inline>) -> Self {
        x.to_rows()
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Apply1<filled, T> for Matrix<N, M, T, S> {
    #[inline]
    fn apply(x: &T) -> Self {
        Matrix::filled_with(*x)
    }
}

// ----- conversions, and integers

macro_rules! casts {
    ($($from:ident to $($to:ident)*;)*) => {$($(
        impl<const K: usize> Apply1<cast, Dual<$from, K>> for Dual<$to, K> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(x: &Dual<$from, K>) -> Self {
                Dual {
                    value: x.value as $to,
                    partials: Partials(x.partials.0.map(|partial| partial as $to)),
                }
            }
        }

        impl Rule1<cast, Like<Dual<$from>>> for Like<Dual<$to>> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(
                self,
                _: cast,
                _: Like<Dual<$from>>,
                y_bar: &Dual<$to>,
                a_bar: &mut impl Accumulate<Dual<$from>>,
            ) {
                a_bar.add(Dual {
                    value: y_bar.value as $from,
                    partials: Partials([y_bar.partials.0[0] as $from]),
                });
            }
        }
    )*)*};
}

casts! {
    f32 to f32 f64;
    f64 to f32 f64;
}

/// Integers have no tangent: their values do not matter here, nor do those that a number gets from them.
macro_rules! integers {
    ($($integer:ident)*) => {$(
        integers!(@one $integer: neg abs signum);
        integers!(@two $integer: add sub mul div rem min max rem_euclid);
        impl<A, B, C> Apply3<clamp, A, B, C> for $integer {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(_: &A, _: &B, _: &C) -> Self {
                0
            }
        }
    )*};
    (@one $integer:ident: $($name:ident)*) => {$(
        impl<A> Apply1<$name, A> for $integer {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(_: &A) -> Self {
                0
            }
        }
    )*};
    (@two $integer:ident: $($name:ident)*) => {$(
        impl<A, B> Apply2<$name, A, B> for $integer {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(_: &A, _: &B) -> Self {
                0
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! from_integers {
    ($($integer:ident)*) => {$(
        impl<T: Real> Apply1<cast, $integer> for T {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(_: &$integer) -> T {
                T::ZERO
            }
        }
    )*};
}

from_integers!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! to_integers {
    ($($integer:ident)*) => {$(
        impl<A> Apply1<cast, A> for $integer {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn apply(_: &A) -> Self {
                Self::default()
            }
        }
    )*};
}

to_integers!(char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
