//! Functions of two and three scalars.

use super::arithmetic::primitives;
use super::{Accumulate, Like, Rule2, Rule3, rem};
use crate::scalar::Real;

primitives! {
    /// Power with an integer exponent.
    ///
    /// Original: `y = x.powi(n)`.
    /// Adjoint: `x_bar += y_bar * n * x.powi(n - 1)`; 0 where `n = 0`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64) -> f64 { x.powi(3) }
    /// assert_eq!(f::grad(2.0), 12.0);
    /// ```
    powi;

    /// Power with a real exponent.
    ///
    /// Original: `y = x.powf(p)`.
    /// Adjoint: `x_bar += y_bar * p * x.powf(p - 1)`, 0 where `p = 0`; `p_bar += y_bar * y * ln(x)`, 0 where `x = 0`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64, p: f64) -> f64 { x.powf(p) }
    /// assert_eq!(f::grad(2.0, 3.0), (12.0, 8.0 * 2.0_f64.ln()));
    /// assert_eq!(f::grad(0.0, 1.0), (1.0, 0.0));
    /// ```
    powf;

    /// Logarithm to a base.
    ///
    /// Original: `y = x.log(b)`.
    /// Adjoint: `x_bar += y_bar / (x ln(b))`, `b_bar -= y_bar * y / (b ln(b))`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64, b: f64) -> f64 { x.log(b) }
    /// let (dx, db) = f::grad(8.0, 2.0);
    /// assert!((dx - 0.125 / 2.0_f64.ln()).abs() < 1e-15);
    /// assert!((db + 1.5 / 2.0_f64.ln()).abs() < 1e-15);
    /// ```
    log;

    /// Hypotenuse.
    ///
    /// Original: `y = a.hypot(b)`.
    /// Adjoint: `a_bar += y_bar * a / y`, `b_bar += y_bar * b / y`. Not differentiable at the origin; the derivative there is 0.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a.hypot(b) }
    /// assert_eq!(f::grad(3.0, 4.0), (0.6, 0.8));
    /// assert_eq!(f::grad(0.0, 0.0), (0.0, 0.0));
    /// ```
    hypot;

    /// Angle of a point.
    ///
    /// Original: `y = a.atan2(b)`.
    /// Adjoint: `a_bar += y_bar * b / (a² + b²)`, `b_bar -= y_bar * a / (a² + b²)`. Not differentiable at the origin; the
    /// derivative there is 0, as it is at infinity. The jump on the negative half of the second axis is ignored.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a.atan2(b) }
    /// assert_eq!(f::grad(0.0, 2.0), (0.5, 0.0));
    /// ```
    atan2;

    /// Maximum of two numbers; also [of all elements of a matrix](crate::Matrix::max).
    ///
    /// Original: `y = a.max(b)`.
    /// Adjoint: `y_bar` flows to the larger operand; at a tie, half of it to each. A NaN operand gets nothing.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a.max(b) }
    /// assert_eq!(f::grad(2.0, 3.0), (0.0, 1.0));
    /// assert_eq!(f::grad(2.0, 2.0), (0.5, 0.5));
    /// ```
    max;

    /// Minimum of two numbers; also [of all elements of a matrix](crate::Matrix::min).
    ///
    /// Original: `y = a.min(b)`.
    /// Adjoint: `y_bar` flows to the smaller operand; at a tie, half of it to each. A NaN operand gets nothing.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a.min(b) }
    /// assert_eq!(f::grad(2.0, 3.0), (1.0, 0.0));
    /// ```
    min;

    /// Magnitude of one number, sign of another.
    ///
    /// Original: `y = a.copysign(s)`.
    /// Adjoint: `a_bar += y_bar` if the signs agree, `-= y_bar` if not; 0 where `a = 0`. Nothing flows to `s`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, s: f64) -> f64 { a.copysign(s) }
    /// assert_eq!(f::grad(2.0, -3.0), (-1.0, 0.0));
    /// ```
    copysign;

    /// Euclidean remainder.
    ///
    /// Original: `y = a.rem_euclid(b)`.
    /// Adjoint: `a_bar += y_bar`, `b_bar -= y_bar * a.div_euclid(b)`. The jumps are ignored.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a.rem_euclid(b) }
    /// assert_eq!(f::grad(-7.5, 2.0), (1.0, 4.0));
    /// ```
    rem_euclid;

    /// Euclidean quotient.
    ///
    /// Original: `y = a.div_euclid(b)`.
    /// Adjoint: nothing flows: piecewise constant. The jumps are ignored.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64) -> f64 { a.div_euclid(b) }
    /// assert_eq!(f::grad(-7.5, 2.0), (0.0, 0.0));
    /// ```
    div_euclid;

    /// Rectifier with a slope for negative numbers.
    ///
    /// Original: `y = x.leaky_relu(s)`.
    /// Adjoint: `x_bar += y_bar` where `x > 0`, `s * y_bar` elsewhere; `s_bar += x * y_bar` where `x < 0`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64, s: f64) -> f64 { x.leaky_relu(s) }
    /// assert_eq!(f::grad(-2.0, 0.25), (0.25, -2.0));
    /// ```
    leaky_relu;

    /// Product and sum, rounded once.
    ///
    /// Original: `y = a.mul_add(b, c)`.
    /// Adjoint: `a_bar += y_bar * b`, `b_bar += y_bar * a`, `c_bar += y_bar`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(a: f64, b: f64, c: f64) -> f64 { a.mul_add(b, c) }
    /// assert_eq!(f::grad(2.0, 3.0, 5.0), (3.0, 2.0, 1.0));
    /// ```
    mul_add;

    /// Restriction to an interval.
    ///
    /// Original: `y = x.clamp(low, high)`, that is `x.max(low).min(high)`, with the rules of these.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64, low: f64, high: f64) -> f64 { x.clamp(low, high) }
    /// assert_eq!(f::grad(0.5, 0.0, 1.0), (1.0, 0.0, 0.0));
    /// assert_eq!(f::grad(1.5, 0.0, 1.0), (0.0, 0.0, 1.0));
    /// assert_eq!(f::grad(1.0, 0.0, 1.0), (0.5, 0.0, 0.5));
    /// ```
    clamp;
}

/// A function of two scalars whose rule reads both.
macro_rules! binary {
    ($($name:ident($a:ident, $b:ident, $y_bar:ident) => ($to_a:expr, $to_b:expr);)*) => {$(
        impl<T: Real> Rule2<$name, &T, &T> for Like<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                $a: &T,
                $b: &T,
                $y_bar: &T,
                a_bar: &mut impl Accumulate<T>,
                b_bar: &mut impl Accumulate<T>,
            ) {
                let ($a, $b, $y_bar) = (*$a, *$b, *$y_bar);
                if a_bar.is_active() {
                    a_bar.add($to_a);
                }
                if b_bar.is_active() {
                    b_bar.add($to_b);
                }
            }
        }
    )*};
}

binary! {
    atan2(a, b, y_bar) => (over_square(b, a, y_bar), -over_square(a, b, y_bar));
    leaky_relu(x, s, y_bar) => (
        if x > T::ZERO { y_bar } else { s * y_bar },
        if x < T::ZERO { x * y_bar } else { T::ZERO }
    );
}

/// A function of two scalars whose rule reads both and the result.
macro_rules! binary_with_result {
    ($($name:ident($a:ident, $b:ident, $y:ident, $y_bar:ident) => ($to_a:expr, $to_b:expr);)*) => {$(
        impl<T: Real> Rule2<$name, &T, &T> for &T {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                $a: &T,
                $b: &T,
                $y_bar: &T,
                a_bar: &mut impl Accumulate<T>,
                b_bar: &mut impl Accumulate<T>,
            ) {
                let ($a, $b, $y, $y_bar) = (*$a, *$b, *self, *$y_bar);
                if a_bar.is_active() {
                    a_bar.add($to_a);
                }
                if b_bar.is_active() {
                    b_bar.add($to_b);
                }
            }
        }
    )*};
}

// The quotient that the remainder belongs to is the one that it was taken with: `a / b` itself may round up to the next one.
binary_with_result! {
    rem(a, b, y, y_bar) => (y_bar, -y_bar * ((a - y) / b).round());
    rem_euclid(a, b, y, y_bar) => (y_bar, -y_bar * ((a - y) / b).round());
    powf(x, p, y, y_bar) => (
        if p == T::ZERO { T::ZERO } else { y_bar * p * x.powf(p - T::ONE) },
        if x == T::ZERO { T::ZERO } else { y_bar * y * x.ln() }
    );
    log(x, b, y, y_bar) => (y_bar / (x * b.ln()), -y_bar * y / (b * b.ln()));
    hypot(a, b, y, y_bar) => (
        if y == T::ZERO { T::ZERO } else { y_bar * (a / y) },
        if y == T::ZERO { T::ZERO } else { y_bar * (b / y) }
    );
}

/// `y_bar * a / (a² + b²)`, without overflow; 0 at the origin and at infinity.
#[cfg_attr(not(debug_assertions), inline(always))]
fn over_square<T: Real>(a: T, b: T, y_bar: T) -> T {
    let length = a.hypot(b);
    if length == T::ZERO || length.is_infinite() {
        T::ZERO
    } else {
        y_bar * (a / length / length)
    }
}

/// The larger or smaller of two numbers.
macro_rules! extremum {
    ($($name:ident: $share:ident;)*) => {$(
        impl<T: Real> Rule2<$name, &T, &T> for Like<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback2(
                self,
                _: $name,
                a: &T,
                b: &T,
                y_bar: &T,
                a_bar: &mut impl Accumulate<T>,
                b_bar: &mut impl Accumulate<T>,
            ) {
                give(a_bar, $share(*a, *b, *y_bar));
                give(b_bar, $share(*b, *a, *y_bar));
            }
        }
    )*};
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn give<T: Real>(bar: &mut impl Accumulate<T>, share: Option<T>) {
    if bar.is_active()
        && let Some(share) = share
    {
        bar.add(share);
    }
}

extremum! {
    max: share_of_maximum;
    min: share_of_minimum;
}

/// The share of the first in what flows back from the maximum of two. To what is not taken nothing flows, not even zero: what it was
/// computed from need not be gone back through.
#[cfg_attr(not(debug_assertions), inline(always))]
fn share_of_maximum<T: Real>(a: T, b: T, y_bar: T) -> Option<T> {
    if a > b || (b.is_nan() && !a.is_nan()) {
        Some(y_bar)
    } else if a == b || (a.is_nan() && b.is_nan()) {
        Some(y_bar * T::from_f64(0.5))
    } else {
        None
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn share_of_minimum<T: Real>(a: T, b: T, y_bar: T) -> Option<T> {
    share_of_maximum(-a, -b, y_bar)
}

impl<T: Real> Rule2<copysign, &T, &T> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: copysign,
        a: &T,
        sign: &T,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        _: &mut impl Accumulate<T>,
    ) {
        a_bar.add(through_copysign(*a, *sign, *y_bar));
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn through_copysign<T: Real>(a: T, sign: T, y_bar: T) -> T {
    if a == T::ZERO {
        T::ZERO
    } else {
        y_bar * T::ONE.copysign(a) * T::ONE.copysign(sign)
    }
}

impl<T: Real> Rule2<div_euclid, Like<T>, Like<T>> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: div_euclid,
        _: Like<T>,
        _: Like<T>,
        _: &T,
        _: &mut impl Accumulate<T>,
        _: &mut impl Accumulate<T>,
    ) {
    }
}

/// What flows to `x` from the cotangent of its power with an integer exponent.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn through_powi<T: Real>(x: T, n: i32, y_bar: T) -> T {
    match n {
        0 => T::ZERO,
        1 => y_bar,
        2 => y_bar * (x + x),
        _ => y_bar * (T::from_f64(f64::from(n)) * x.powi(n.saturating_sub(1))),
    }
}

impl<T: Real> Rule2<powi, &T, &i32> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback2(
        self,
        _: powi,
        x: &T,
        n: &i32,
        y_bar: &T,
        x_bar: &mut impl Accumulate<T>,
        _: &mut impl Accumulate<()>,
    ) {
        x_bar.add(through_powi(*x, *n, *y_bar));
    }
}

impl<T: Real> Rule3<mul_add, &T, &T, &T> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback3(
        self,
        _: mul_add,
        a: &T,
        b: &T,
        _: &T,
        y_bar: &T,
        a_bar: &mut impl Accumulate<T>,
        b_bar: &mut impl Accumulate<T>,
        c_bar: &mut impl Accumulate<T>,
    ) {
        a_bar.add(*y_bar * *b);
        b_bar.add(*a * *y_bar);
        c_bar.add(*y_bar);
    }
}

impl<T: Real> Rule3<clamp, &T, &T, &T> for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback3(
        self,
        _: clamp,
        x: &T,
        low: &T,
        high: &T,
        y_bar: &T,
        x_bar: &mut impl Accumulate<T>,
        low_bar: &mut impl Accumulate<T>,
        high_bar: &mut impl Accumulate<T>,
    ) {
        // m = max(x, low), y = min(m, high).
        let m = x.max(*low);
        give(high_bar, share_of_minimum(*high, m, *y_bar));
        if let Some(m_bar) = share_of_minimum(m, *high, *y_bar) {
            give(x_bar, share_of_maximum(*x, *low, m_bar));
            give(low_bar, share_of_maximum(*low, *x, m_bar));
        }
    }
}
