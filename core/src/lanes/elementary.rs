//! Elementary functions without branches: range reduction and a power series, in double precision.
//!
//! Those of `f32` are computed in double precision too and rounded once, which leaves them within 0.51 units in the last
//! place. Those of `f64` are within two.
//!
//! Sources: the exponential series (Abramowitz and Stegun 4.2.1), its argument reduced by multiples of ln 2 in two parts
//! (Cody and Waite, Software Manual for the Elementary Functions, 1980, chapter 6); the logarithm by the series of the inverse
//! hyperbolic tangent (Abramowitz and Stegun 4.1.27), its leading terms arranged as in FDLIBM (Sun Microsystems, 1993). The
//! formulas for the others are their definitions.

use super::multiply_add;
use crate::scalar::Real;

/// The elementary functions of a scalar, each without a branch, so that a loop over it becomes vector instructions.
///
/// On processors without double precision in hardware, they are those of the mathematics library.
pub trait Lanes: Copy {
    /// Whether the functions are computed in a higher precision and rounded once. Then they are the nearest number but where the
    /// exact value lies right between two, and stand for the mathematics library's everywhere: these may differ from them in
    /// the last place.
    const ROUNDED_ONCE: bool;
    /// eˣ.
    fn lane_exp<const FUSED: bool>(self) -> Self;
    /// eˣ - 1.
    fn lane_exp_m1<const FUSED: bool>(self) -> Self;
    /// ln x.
    fn lane_ln<const FUSED: bool>(self) -> Self;
    /// tanh x.
    fn lane_tanh<const FUSED: bool>(self) -> Self;
    /// The logistic function.
    fn lane_sigmoid<const FUSED: bool>(self) -> Self;
    /// ln(1 + eˣ).
    fn lane_softplus<const FUSED: bool>(self) -> Self;
    /// x for positive numbers, eˣ - 1 for others.
    fn lane_elu<const FUSED: bool>(self) -> Self;
    /// x times the logistic function of x.
    fn lane_silu<const FUSED: bool>(self) -> Self;
}

/// Whether the processor computes in double precision; 32-bit ones may do it in software.
const DOUBLES: bool = cfg!(target_pointer_width = "64");

/// Numbers of terms of the exponential series, and of the inverse hyperbolic tangent's for arguments up to ⅓, and up to
/// 3 - √8.
macro_rules! lanes {
    ($float:ident, $rounded_once:expr, $exponential:literal, $third:literal, $eighth:literal) => {
        impl Lanes for $float {
            const ROUNDED_ONCE: bool = $rounded_once;
            lanes!(@ $float, lane_exp, exp, |x| exp::<FUSED, $exponential>(x));
            lanes!(@ $float, lane_exp_m1, exp_m1, |x| exp_m1::<FUSED, $exponential>(x));
            lanes!(@ $float, lane_ln, ln, |x| ln::<FUSED, $eighth>(x));
            lanes!(@ $float, lane_tanh, tanh, |x| tanh::<FUSED, $exponential>(x));
            lanes!(@ $float, lane_sigmoid, sigmoid, |x| sigmoid::<FUSED, $exponential>(x));
            lanes!(@ $float, lane_softplus, softplus, |x| softplus::<FUSED, $exponential, $third>(x));
            lanes!(@ $float, lane_elu, elu, |x| elu::<FUSED, $exponential>(x));
            lanes!(@ $float, lane_silu, silu, |x| silu::<FUSED, $exponential>(x));
        }
    };
    (@ $float:ident, $lane:ident, $scalar:ident, |$x:ident| $value:expr) => {
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $lane<const FUSED: bool>(self) -> Self {
            if DOUBLES {
                let $x = self.to_f64();
                Real::from_f64($value)
            } else {
                Real::$scalar(self)
            }
        }
    };
}

lanes!(f32, DOUBLES, 9, 9, 6);
lanes!(f64, false, 14, 16, 11);

/// Declares a function of each element of a slice.
macro_rules! functions {
    ($($Name:ident $lane:ident;)*) => {$(
        #[doc = concat!("[`Lanes::", stringify!($lane), "`] of each element.")]
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $Name;

        impl<T: Lanes> super::Each<T> for $Name {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn at<const FUSED: bool>(&self, x: T) -> T {
                x.$lane::<FUSED>()
            }
        }
    )*};
}

functions! {
    Exp lane_exp;
    ExpM1 lane_exp_m1;
    Ln lane_ln;
    Tanh lane_tanh;
    Sigmoid lane_sigmoid;
    Softplus lane_softplus;
    Elu lane_elu;
    Silu lane_silu;
}

/// A number to which an integer below 2⁵¹ can be added so that the sum's lowest bits are that integer: 1.5 · 2⁵².
const ALIGN: f64 = 6_755_399_441_055_744.0;
/// The upper part of ln 2, with so many zeros at the end that its product with an exponent is exact.
const LN_2_UPPER: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
/// The rest of ln 2.
const LN_2_LOWER: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// The bits of the mantissa of a double.
const MANTISSA: u32 = 52;
/// What is added to an exponent to store it.
const BIAS: u64 = 1023;

/// Above, eˣ is infinite; below, it is zero, also after rounding.
const RANGE: (f64, f64) = (-746.0, 710.0);

/// 1/1!, 1/2!, …
const INVERSE_FACTORIALS: [f64; 14] = {
    let mut terms = [1.0; 14];
    let mut factorial = 1.0;
    let mut k = 0;
    while k < 14 {
        factorial *= (k + 1) as f64;
        terms[k] = 1.0 / factorial;
        k += 1;
    }
    terms
};

/// 1/3, 1/5, …
const INVERSE_ODD: [f64; 16] = {
    let mut terms = [1.0; 16];
    let mut k = 0;
    while k < 16 {
        terms[k] = 1.0 / (2 * k + 3) as f64;
        k += 1;
    }
    terms
};

/// The first `TERMS` terms of a power series.
#[cfg_attr(not(debug_assertions), inline(always))]
fn series<const FUSED: bool, const TERMS: usize>(terms: &[f64], x: f64) -> f64 {
    let mut sum = terms[TERMS - 1];
    let mut k = TERMS - 1;
    while k > 0 {
        k -= 1;
        sum = multiply_add::<FUSED, f64>(sum, x, terms[k]);
    }
    sum
}

/// x = n ln 2 + r, with |r| at most ½ ln 2: gives n, as the bits of a two's complement, and (eʳ - 1) / r, and r.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduced<const FUSED: bool, const TERMS: usize>(x: f64) -> (u64, f64, f64) {
    let aligned = multiply_add::<FUSED, f64>(x, core::f64::consts::LOG2_E, ALIGN);
    let n = aligned - ALIGN;
    let r = multiply_add::<FUSED, f64>(-n, LN_2_UPPER, x);
    let r = multiply_add::<FUSED, f64>(-n, LN_2_LOWER, r);
    let bits = aligned.to_bits().wrapping_sub(ALIGN.to_bits());
    (bits, series::<FUSED, TERMS>(&INVERSE_FACTORIALS, r), r)
}

/// 2 to a power, given the power plus [`BIAS`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn power_of_two(biased: u64) -> f64 {
    f64::from_bits(biased << MANTISSA)
}

/// The number within a range. NaN stays NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn within(x: f64, (low, high): (f64, f64)) -> f64 {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn exp<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    let (n, quotient, r) = reduced::<FUSED, TERMS>(within(x, RANGE));
    let near_one = multiply_add::<FUSED, f64>(quotient, r, 1.0);
    // In two steps, since 2ⁿ itself may be out of range; only the last of them rounds.
    let both = n.wrapping_add(2 * BIAS);
    let half = both >> 1;
    near_one * power_of_two(half) * power_of_two(both.wrapping_sub(half))
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn exp_m1<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    // Below -100, the result rounds to -1.
    let (n, quotient, r) = reduced::<FUSED, TERMS>(within(x, (-100.0, RANGE.1)));
    // Half of it, since 2ⁿ itself may be out of range.
    let scale = power_of_two(n.wrapping_add(BIAS - 1));
    let half = multiply_add::<FUSED, f64>(scale, quotient * r, scale - 0.5);
    (half + half).copysign(x)
}

/// ln(1 + x) + `lower`, for x from √½ - 1 to 1, as x minus this:
/// with s = x / (2 + x) and z = s², ln(1 + x) = 2 s (1 + z/3 + z²/5 + …) = x - (x²/2 - s (x²/2 + 2 z/3 + 2 z²/5 + …)).
#[cfg_attr(not(debug_assertions), inline(always))]
fn below_x<const FUSED: bool, const TERMS: usize>(x: f64, lower: f64) -> f64 {
    let s = x / (2.0 + x);
    let z = s * s;
    let rest = 2.0 * (z * series::<FUSED, TERMS>(&INVERSE_ODD, z));
    let square = 0.5 * x * x;
    square - multiply_add::<FUSED, f64>(s, square + rest, lower)
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn ln<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    const RAISE: f64 = (1_u64 << 54) as f64;
    let subnormal = x < f64::MIN_POSITIVE;
    let bits = if subnormal { x * RAISE } else { x }.to_bits();
    // x = 2ᵏ m, with m from √½ to √2.
    let root = core::f64::consts::FRAC_1_SQRT_2.to_bits();
    let shifted = bits.wrapping_add(1.0_f64.to_bits() - root);
    let mantissa = f64::from_bits((shifted & ((1 << MANTISSA) - 1)) + root);
    // The stored exponent, as a number: it becomes the lowest bits of 2⁵².
    const INTEGER: f64 = (1_u64 << MANTISSA) as f64;
    let exponent = f64::from_bits(INTEGER.to_bits() | (shifted >> MANTISSA));
    let k = exponent - (INTEGER + if subnormal { BIAS as f64 + 54.0 } else { BIAS as f64 });
    let f = mantissa - 1.0;
    let below = below_x::<FUSED, TERMS>(f, k * LN_2_LOWER);
    let value = multiply_add::<FUSED, f64>(k, LN_2_UPPER, f - below);
    let value = if x < f64::INFINITY { value } else { x };
    let value = if x > 0.0 { value } else { f64::NEG_INFINITY };
    if x >= 0.0 { value } else { f64::NAN }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn tanh<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    let decay = exp_m1::<FUSED, TERMS>(-2.0 * x.abs());
    (-decay / (decay + 2.0)).copysign(x)
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn sigmoid<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    let decay = exp::<FUSED, TERMS>(-x.abs());
    let upper = 1.0 / (1.0 + decay);
    if x < 0.0 { decay * upper } else { upper }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn softplus<const FUSED: bool, const TERMS: usize, const TERMS_LN: usize>(x: f64) -> f64 {
    let ramp = if x <= 0.0 { 0.0 } else { x };
    let decay = exp::<FUSED, TERMS>(-x.abs());
    ramp + (decay - below_x::<FUSED, TERMS_LN>(decay, 0.0))
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn elu<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    let below = exp_m1::<FUSED, TERMS>(x);
    if x < 0.0 { below } else { x }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn silu<const FUSED: bool, const TERMS: usize>(x: f64) -> f64 {
    let value = x * sigmoid::<FUSED, TERMS>(x);
    if x == f64::NEG_INFINITY { 0.0 } else { value }
}
