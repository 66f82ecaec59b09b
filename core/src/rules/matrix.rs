//! Operators on matrices, and functions of each element.

use core::mem::MaybeUninit;

use super::elementary::{ConstantSlope, ReadsOperand, ReadsResult};
use super::multivariate::through_powi;
use super::{
    Accumulate, Like, Rule1, Rule2, Rule3, add, clamp, div, hadamard, leaky_relu, log, mul, neg, powf, powi, sub,
};
use crate::lanes::{self, Each, Pair};
use crate::matrix::product::{
    product_left_transposed, product_left_transposed_to, product_right_transposed, product_right_transposed_to,
};
use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

/// Adds to an accumulator: `write` writes the elements of a contribution, `add` adds them to those that are there.
///
/// # Safety
/// `write` must write all elements.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) unsafe fn flow_written<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    write: impl Fn(&mut [[MaybeUninit<T>; M]; N]),
    add: impl FnOnce(&mut Matrix<N, M, T, S>),
) {
    bar.contribute_written(
        // SAFETY: all elements are written in the next step.
        || unsafe { Matrix::blank() },
        // SAFETY: the caller's promise.
        |target| write(unsafe { target.slots() }),
        add,
    );
}

/// Adds `function(x)` for each element of `source` to an accumulator.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn flow<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    source: &[T],
    function: impl Each<T> + Copy,
) {
    // SAFETY: `map` writes all elements.
    unsafe {
        flow_written(
            bar,
            |slots| lanes::map(source, slots.as_flattened_mut(), function),
            |target| lanes::map_add(source, target.as_mut_slice(), function),
        );
    }
}

/// Adds `function(x, y)` for corresponding elements to an accumulator.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn flow2<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    left: &[T],
    right: &[T],
    function: impl Pair<T> + Copy,
) {
    // SAFETY: `zip` writes all elements.
    unsafe {
        flow_written(
            bar,
            |slots| lanes::zip(left, right, slots.as_flattened_mut(), function),
            |target| lanes::zip_add(left, right, target.as_mut_slice(), function),
        );
    }
}

/// Adds the same number to each element of an accumulator.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn flow_constant<const N: usize, const M: usize, T: Real, S: Storage>(
    bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    value: T,
) {
    bar.contribute(
        || Matrix::filled_with(value),
        |target| target.as_mut_slice().fill(value),
        |target| target.iter_mut().for_each(|x| *x += value),
    );
}

/// Adds a sum to a scalar's accumulator, if it is active.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn flow_sum<T: Real>(bar: &mut impl Accumulate<T>, total: impl FnOnce() -> T) {
    if bar.is_active() {
        bar.add(total());
    }
}

// ----- sums

macro_rules! linear {
    ($($name:ident($sign:expr);)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
            Rule2<$name, Like<Matrix<N, M, T, S>>, Like<Matrix<N, M, T, S2>>> for Like<Matrix<N, M, T, S3>>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                _: Like<Matrix<N, M, T, S>>,
                _: Like<Matrix<N, M, T, S2>>,
                y_bar: &Matrix<N, M, T, S3>,
                a_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
                b_bar: &mut impl Accumulate<Matrix<N, M, T, S2>>,
            ) {
                flow(a_bar, y_bar.as_slice(), |bar| bar);
                flow(b_bar, y_bar.as_slice(), $sign);
            }
        }

        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<$name, Like<Matrix<N, M, T, S>>, Like<T>>
            for Like<Matrix<N, M, T, S>>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                _: Like<Matrix<N, M, T, S>>,
                _: Like<T>,
                y_bar: &Matrix<N, M, T, S>,
                a_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
                b_bar: &mut impl Accumulate<T>,
            ) {
                flow(a_bar, y_bar.as_slice(), |bar| bar);
                flow_sum(b_bar, || $sign(y_bar.sum()));
            }
        }

        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<$name, Like<T>, Like<Matrix<N, M, T, S>>>
            for Like<Matrix<N, M, T, S>>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                _: Like<T>,
                _: Like<Matrix<N, M, T, S>>,
                y_bar: &Matrix<N, M, T, S>,
                a_bar: &mut impl Accumulate<T>,
                b_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
            ) {
                flow_sum(a_bar, || y_bar.sum());
                flow(b_bar, y_bar.as_slice(), $sign);
            }
        }
    )*};
}

linear! {
    add(|bar: T| bar);
    sub(|bar: T| -bar);
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule1<neg, Like<Matrix<N, M, T, S>>>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: neg,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow(x_bar, y_bar.as_slice(), |bar: T| -bar);
    }
}

// ----- products

/// `a_bar += y_bar * bᵀ`
#[cfg_attr(not(debug_assertions), inline(always))]
fn to_left<const N: usize, const D: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>(
    y_bar: &Matrix<N, M, T, S3>,
    b: &Matrix<D, M, T, S2>,
    a_bar: &mut impl Accumulate<Matrix<N, D, T, S>>,
) {
    let (y_bar, b) = (y_bar.as_slice(), b.as_slice());
    // SAFETY: a product that is not added to its target writes all elements.
    unsafe {
        flow_written(
            a_bar,
            |slots| product_right_transposed_to::<N, M, D, T>(y_bar, b, slots.as_flattened_mut()),
            |target| product_right_transposed::<N, M, D, T>(y_bar, b, target.as_mut_slice(), true),
        );
    }
}

/// `b_bar += aᵀ * y_bar`
#[cfg_attr(not(debug_assertions), inline(always))]
fn to_right<const N: usize, const D: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>(
    a: &Matrix<N, D, T, S>,
    y_bar: &Matrix<N, M, T, S3>,
    b_bar: &mut impl Accumulate<Matrix<D, M, T, S2>>,
) {
    let (a, y_bar) = (a.as_slice(), y_bar.as_slice());
    // SAFETY: a product that is not added to its target writes all elements.
    unsafe {
        flow_written(
            b_bar,
            |slots| product_left_transposed_to::<D, N, M, T>(a, y_bar, slots.as_flattened_mut()),
            |target| product_left_transposed::<D, N, M, T>(a, y_bar, target.as_mut_slice(), true),
        );
    }
}

impl<const N: usize, const D: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<mul, &Matrix<N, D, T, S>, &Matrix<D, M, T, S2>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: mul,
        a: &Matrix<N, D, T, S>,
        b: &Matrix<D, M, T, S2>,
        y_bar: &Matrix<N, M, T, S3>,
        a_bar: &mut impl Accumulate<Matrix<N, D, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<D, M, T, S2>>,
    ) {
        to_left(y_bar, b, a_bar);
        to_right(a, y_bar, b_bar);
    }
}

impl<const N: usize, const D: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<mul, Like<Matrix<N, D, T, S>>, &Matrix<D, M, T, S2>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: mul,
        _: Like<Matrix<N, D, T, S>>,
        b: &Matrix<D, M, T, S2>,
        y_bar: &Matrix<N, M, T, S3>,
        a_bar: &mut impl Accumulate<Matrix<N, D, T, S>>,
        _: &mut impl Accumulate<Matrix<D, M, T, S2>>,
    ) {
        to_left(y_bar, b, a_bar);
    }
}

impl<const N: usize, const D: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<mul, &Matrix<N, D, T, S>, Like<Matrix<D, M, T, S2>>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: mul,
        a: &Matrix<N, D, T, S>,
        _: Like<Matrix<D, M, T, S2>>,
        y_bar: &Matrix<N, M, T, S3>,
        _: &mut impl Accumulate<Matrix<N, D, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<D, M, T, S2>>,
    ) {
        to_right(a, y_bar, b_bar);
    }
}

/// `m_bar += y_bar * s`
#[cfg_attr(not(debug_assertions), inline(always))]
fn to_scaled<const N: usize, const M: usize, T: Real, S: Storage>(
    y_bar: &Matrix<N, M, T, S>,
    s: T,
    m_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
) {
    flow(m_bar, y_bar.as_slice(), |bar| bar * s);
}

/// The sum of the products of corresponding elements.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inner_product<T: Real>(left: &[T], right: &[T]) -> T {
    lanes::sum_of(left, right, |x, y| x * y)
}

/// The product of a matrix and a scalar, in either order, given what the rule reads of each.
macro_rules! scaled {
    ($($matrix:ty, $scalar:ty: $m:ident, $s:ident, $y_bar:ident, $m_bar:ident, $s_bar:ident => $body:block;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<mul, $matrix, $scalar>
            for Like<Matrix<N, M, T, S>>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: mul,
                $m: $matrix,
                $s: $scalar,
                $y_bar: &Matrix<N, M, T, S>,
                $m_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
                $s_bar: &mut impl Accumulate<T>,
            ) $body
        }

        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<mul, $scalar, $matrix>
            for Like<Matrix<N, M, T, S>>
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: mul,
                $s: $scalar,
                $m: $matrix,
                $y_bar: &Matrix<N, M, T, S>,
                $s_bar: &mut impl Accumulate<T>,
                $m_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
            ) $body
        }
    )*};
}

scaled! {
    &Matrix<N, M, T, S>, &T: m, s, y_bar, m_bar, s_bar => {
        to_scaled(y_bar, *s, m_bar);
        flow_sum(s_bar, || inner_product(y_bar.as_slice(), m.as_slice()));
    };
    Like<Matrix<N, M, T, S>>, &T: _m, s, y_bar, m_bar, _s_bar => {
        to_scaled(y_bar, *s, m_bar);
    };
    &Matrix<N, M, T, S>, Like<T>: m, _s, y_bar, _m_bar, s_bar => {
        flow_sum(s_bar, || inner_product(y_bar.as_slice(), m.as_slice()));
    };
}

// ----- quotients

// Original: y = m / s
impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<div, Like<Matrix<N, M, T, S>>, &T>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div,
        _: Like<Matrix<N, M, T, S>>,
        s: &T,
        y_bar: &Matrix<N, M, T, S>,
        m_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<T>,
    ) {
        flow(m_bar, y_bar.as_slice(), |bar| bar / *s);
    }
}

// Original: y = m / s
// Adjoint:  m_bar += y_bar / s, s_bar -= Σ y_bar y / s
impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<div, Like<Matrix<N, M, T, S>>, &T>
    for &Matrix<N, M, T, S>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div,
        _: Like<Matrix<N, M, T, S>>,
        s: &T,
        y_bar: &Matrix<N, M, T, S>,
        m_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        s_bar: &mut impl Accumulate<T>,
    ) {
        flow(m_bar, y_bar.as_slice(), |bar| bar / *s);
        flow_sum(s_bar, || -inner_product(y_bar.as_slice(), self.as_slice()) / *s);
    }
}

// Original: y = s / m
impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<div, Like<T>, &Matrix<N, M, T, S>>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div,
        _: Like<T>,
        m: &Matrix<N, M, T, S>,
        y_bar: &Matrix<N, M, T, S>,
        s_bar: &mut impl Accumulate<T>,
        _: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow_sum(s_bar, || {
            lanes::sum_of(y_bar.as_slice(), m.as_slice(), |bar, x| bar / x)
        });
    }
}

// Original: y = s / m
// Adjoint:  s_bar += Σ y_bar / m, m_bar -= y_bar y / m
impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<div, Like<T>, &Matrix<N, M, T, S>>
    for &Matrix<N, M, T, S>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div,
        _: Like<T>,
        m: &Matrix<N, M, T, S>,
        y_bar: &Matrix<N, M, T, S>,
        s_bar: &mut impl Accumulate<T>,
        m_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow_sum(s_bar, || {
            lanes::sum_of(y_bar.as_slice(), m.as_slice(), |bar, x| bar / x)
        });
        if m_bar.is_active() {
            let mut quotient = y_bar.clone();
            quotient.iter_mut().zip(m.as_slice()).for_each(|(bar, x)| *bar /= *x);
            flow2(m_bar, quotient.as_slice(), self.as_slice(), |quotient: T, y: T| {
                -quotient * y
            });
        }
    }
}

// ----- products of corresponding elements

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<hadamard, &Matrix<N, M, T, S>, &Matrix<N, M, T, S2>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: hadamard,
        a: &Matrix<N, M, T, S>,
        b: &Matrix<N, M, T, S2>,
        y_bar: &Matrix<N, M, T, S3>,
        a_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<N, M, T, S2>>,
    ) {
        flow2(a_bar, y_bar.as_slice(), b.as_slice(), |bar, b| bar * b);
        flow2(b_bar, y_bar.as_slice(), a.as_slice(), |bar, a| bar * a);
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<hadamard, Like<Matrix<N, M, T, S>>, &Matrix<N, M, T, S2>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: hadamard,
        _: Like<Matrix<N, M, T, S>>,
        b: &Matrix<N, M, T, S2>,
        y_bar: &Matrix<N, M, T, S3>,
        a_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<Matrix<N, M, T, S2>>,
    ) {
        flow2(a_bar, y_bar.as_slice(), b.as_slice(), |bar, b| bar * b);
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage, S3: Storage>
    Rule2<hadamard, &Matrix<N, M, T, S>, Like<Matrix<N, M, T, S2>>> for Like<Matrix<N, M, T, S3>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: hadamard,
        a: &Matrix<N, M, T, S>,
        _: Like<Matrix<N, M, T, S2>>,
        y_bar: &Matrix<N, M, T, S3>,
        _: &mut impl Accumulate<Matrix<N, M, T, S>>,
        b_bar: &mut impl Accumulate<Matrix<N, M, T, S2>>,
    ) {
        flow2(b_bar, y_bar.as_slice(), a.as_slice(), |bar, a| bar * a);
    }
}

// ----- functions of each element

impl<Op: ReadsOperand, const N: usize, const M: usize, T: Real, S: Storage> Rule1<Op, &Matrix<N, M, T, S>>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: Op,
        x: &Matrix<N, M, T, S>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow2(x_bar, x.as_slice(), y_bar.as_slice(), Op::pull);
    }
}

impl<Op: ReadsResult, const N: usize, const M: usize, T: Real, S: Storage> Rule1<Op, Like<Matrix<N, M, T, S>>>
    for &Matrix<N, M, T, S>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: Op,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        flow2(x_bar, self.as_slice(), y_bar.as_slice(), Op::pull);
    }
}

impl<Op: ConstantSlope, const N: usize, const M: usize, T: Real, S: Storage> Rule1<Op, Like<Matrix<N, M, T, S>>>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(
        self,
        _: Op,
        _: Like<Matrix<N, M, T, S>>,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
    ) {
        if Op::pull(T::ONE).is_some() {
            flow(x_bar, y_bar.as_slice(), |bar| Op::pull(bar).unwrap_or(T::ZERO));
        }
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<powi, &Matrix<N, M, T, S>, &i32>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: powi,
        x: &Matrix<N, M, T, S>,
        n: &i32,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        _: &mut impl Accumulate<()>,
    ) {
        flow2(x_bar, x.as_slice(), y_bar.as_slice(), |x, bar| through_powi(x, *n, bar));
    }
}

/// A function of each element and a scalar, by way of the rule for scalars.
macro_rules! with_scalar {
    ($($name:ident($($given:ident)?);)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> Rule2<$name, &Matrix<N, M, T, S>, &T>
            for with_scalar!(@ $($given)?)
        {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                x: &Matrix<N, M, T, S>,
                p: &T,
                y_bar: &Matrix<N, M, T, S>,
                x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
                p_bar: &mut impl Accumulate<T>,
            ) {
                let mut slopes = Matrix::<N, M, T, S>::zeroed();
                let mut total = T::ZERO;
                for index in 0..N * M {
                    let (mut of_x, mut of_p) = (None, None);
                    let mut element_bar = crate::accumulate::Accumulator::Slot(&mut of_x);
                    let mut parameter_bar = crate::accumulate::Accumulator::Slot(&mut of_p);
                    Rule2::__pullback2(
                        with_scalar!(@value self index $($given)?),
                        $name {},
                        &x.as_slice()[index],
                        p,
                        &y_bar.as_slice()[index],
                        &mut element_bar,
                        &mut parameter_bar,
                    );
                    slopes.as_mut_slice()[index] = of_x.unwrap_or(T::ZERO);
                    total += of_p.unwrap_or(T::ZERO);
                }
                flow(x_bar, slopes.as_slice(), |slope| slope);
                flow_sum(p_bar, || total);
            }
        }
    )*};
    (@ result) => { &Matrix<N, M, T, S> };
    (@) => { Like<Matrix<N, M, T, S>> };
    (@value $self:ident $index:ident result) => { &$self.as_slice()[$index] };
    (@value $self:ident $index:ident) => { Like::<T>::of(&T::ZERO) };
}

with_scalar! {
    powf(result);
    log(result);
    leaky_relu();
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Rule3<clamp, &Matrix<N, M, T, S>, &T, &T>
    for Like<Matrix<N, M, T, S>>
{
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback3(
        self,
        _: clamp,
        x: &Matrix<N, M, T, S>,
        low: &T,
        high: &T,
        y_bar: &Matrix<N, M, T, S>,
        x_bar: &mut impl Accumulate<Matrix<N, M, T, S>>,
        low_bar: &mut impl Accumulate<T>,
        high_bar: &mut impl Accumulate<T>,
    ) {
        let mut slopes = Matrix::<N, M, T, S>::zeroed();
        let (mut below, mut above) = (T::ZERO, T::ZERO);
        for ((slope, x), bar) in slopes.iter_mut().zip(x.as_slice()).zip(y_bar.as_slice()) {
            let slots = &mut (None, None, None);
            Rule3::__pullback3(
                Like::<T>::of(x),
                clamp {},
                x,
                low,
                high,
                bar,
                &mut crate::accumulate::Accumulator::Slot(&mut slots.0),
                &mut crate::accumulate::Accumulator::Slot(&mut slots.1),
                &mut crate::accumulate::Accumulator::Slot(&mut slots.2),
            );
            *slope = slots.0.unwrap_or(T::ZERO);
            below += slots.1.unwrap_or(T::ZERO);
            above += slots.2.unwrap_or(T::ZERO);
        }
        flow(x_bar, slopes.as_slice(), |slope| slope);
        flow_sum(low_bar, || below);
        flow_sum(high_bar, || above);
    }
}
