//! The scalars: [`Real`], which `f32` and `f64` implement, with every function that has a derivative.

use core::fmt::{Debug, Display, LowerExp};
use core::iter::{Product, Sum};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use crate::accumulate::{ScalarAccumulator, ScalarSlot};
use crate::chunk::Partials;
use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent};
use crate::matrix::kernel::Task;
use crate::special;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl<T: super::Real, const K: usize> Sealed for crate::dual::Dual<T, K> {}
}

/// A real number in floating point: `f32` or `f64`.
///
/// Functions that are generic over their scalar take `T: Real`; every method here can stand in the body of a
/// `#[differentiable]` function. The functions that `f32` and `f64` have themselves behave as documented there; with
/// the feature `libm` they also exist without the standard library. [The rules](crate::rules) state the derivative of
/// each.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn damped<T: Real>(x: T, rate: T) -> T {
///     (-rate * x).exp() * x.cos()
/// }
/// assert_eq!(damped::grad(0.0_f32, 2.0), (-2.0, 0.0));
/// assert_eq!(damped::grad(0.0_f64, 2.0), (-2.0, 0.0));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a real scalar",
    label = "expected `f32`, `f64` or a type parameter bounded by `Real`"
)]
pub trait Real:
    sealed::Sealed
    + Copy
    + Debug
    + Display
    + LowerExp
    + Default
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + RemAssign
    + Sum
    + Product
    + Tangent
    + crate::lanes::Lanes
    + for<'a> Differentiable<
        Tangent = Self,
        Shape = (),
        Slot = ScalarSlot<Self>,
        Accumulator<'a> = ScalarAccumulator<'a, Self>,
    >
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// The ratio of a circle's circumference to its diameter.
    const PI: Self;
    /// The distance from one to the next larger number.
    const EPSILON: Self;
    /// The smallest positive number with full precision.
    const MIN_POSITIVE: Self;
    /// Positive infinity.
    const INFINITY: Self;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number in double precision.
    fn to_f64(self) -> f64;
    /// The nearest number of this type.
    #[must_use]
    fn from_usize(value: usize) -> Self {
        Self::from_f64(value as f64)
    }
    /// True for "not a number".
    fn is_nan(self) -> bool;
    /// True for all but the infinities and "not a number".
    fn is_finite(self) -> bool;
    /// True for the two infinities.
    fn is_infinite(self) -> bool;

    /// Sine of an angle in radians.
    #[must_use]
    fn sin(self) -> Self;
    /// Cosine of an angle in radians.
    #[must_use]
    fn cos(self) -> Self;
    /// Tangent of an angle in radians.
    #[must_use]
    fn tan(self) -> Self;
    /// Inverse sine, in radians from -π/2 to π/2.
    #[must_use]
    fn asin(self) -> Self;
    /// Inverse cosine, in radians from 0 to π.
    #[must_use]
    fn acos(self) -> Self;
    /// Inverse tangent, in radians from -π/2 to π/2.
    #[must_use]
    fn atan(self) -> Self;
    /// Hyperbolic sine.
    #[must_use]
    fn sinh(self) -> Self;
    /// Hyperbolic cosine.
    #[must_use]
    fn cosh(self) -> Self;
    /// Hyperbolic tangent.
    #[must_use]
    fn tanh(self) -> Self;
    /// Inverse hyperbolic sine.
    #[must_use]
    fn asinh(self) -> Self;
    /// Inverse hyperbolic cosine.
    #[must_use]
    fn acosh(self) -> Self;
    /// Inverse hyperbolic tangent.
    #[must_use]
    fn atanh(self) -> Self;
    /// `e` to the power of the number.
    #[must_use]
    fn exp(self) -> Self;
    /// Two to the power of the number.
    #[must_use]
    fn exp2(self) -> Self;
    /// `exp(x) - 1`, accurate near zero.
    #[must_use]
    fn exp_m1(self) -> Self;
    /// Natural logarithm.
    #[must_use]
    fn ln(self) -> Self;
    /// `ln(1 + x)`, accurate near zero.
    #[must_use]
    fn ln_1p(self) -> Self;
    /// Logarithm to the given base.
    #[must_use]
    fn log(self, base: Self) -> Self;
    /// Logarithm to base two.
    #[must_use]
    fn log2(self) -> Self;
    /// Logarithm to base ten.
    #[must_use]
    fn log10(self) -> Self;
    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// Cube root.
    #[must_use]
    fn cbrt(self) -> Self;
    /// The number to the power of an integer.
    #[must_use]
    fn powi(self, exponent: i32) -> Self;
    /// The number to the power of a number.
    #[must_use]
    fn powf(self, exponent: Self) -> Self;
    /// One divided by the number.
    #[must_use]
    fn recip(self) -> Self;
    /// Absolute value.
    #[must_use]
    fn abs(self) -> Self;
    /// Sign: one or minus one, also of the zeros.
    #[must_use]
    fn signum(self) -> Self;
    /// Length of the hypotenuse of a right triangle whose legs are the two numbers.
    #[must_use]
    fn hypot(self, other: Self) -> Self;
    /// Angle of the point (x, y) = (`other`, `self`), in radians from -π to π.
    #[must_use]
    fn atan2(self, other: Self) -> Self;
    /// `self * factor + summand`, rounded once.
    #[must_use]
    fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// The larger of the two; a NaN is ignored if the other is a number.
    #[must_use]
    fn max(self, other: Self) -> Self;
    /// The smaller of the two; a NaN is ignored if the other is a number.
    #[must_use]
    fn min(self, other: Self) -> Self;
    /// The number held within bounds.
    ///
    /// # Panics
    /// If `low > high` or a bound is NaN.
    #[must_use]
    fn clamp(self, low: Self, high: Self) -> Self;
    /// The largest integer that is not larger.
    #[must_use]
    fn floor(self) -> Self;
    /// The smallest integer that is not smaller.
    #[must_use]
    fn ceil(self) -> Self;
    /// The nearest integer, halves away from zero.
    #[must_use]
    fn round(self) -> Self;
    /// The nearest integer, halves to the even one.
    #[must_use]
    fn round_ties_even(self) -> Self;
    /// The integer part, towards zero.
    #[must_use]
    fn trunc(self) -> Self;
    /// The part behind the point, with the number's sign.
    #[must_use]
    fn fract(self) -> Self;
    /// The least non-negative remainder of `self / divisor`.
    #[must_use]
    fn rem_euclid(self, divisor: Self) -> Self;
    /// The quotient that belongs to [`Real::rem_euclid`].
    #[must_use]
    fn div_euclid(self, divisor: Self) -> Self;
    /// The magnitude of `self` with the sign of `sign`.
    #[must_use]
    fn copysign(self, sign: Self) -> Self;
    /// Degrees for an angle in radians.
    #[must_use]
    fn to_degrees(self) -> Self;
    /// Radians for an angle in degrees.
    #[must_use]
    fn to_radians(self) -> Self;
    /// Sine and cosine of an angle in radians.
    #[must_use]
    fn sin_cos(self) -> (Self, Self);

    /// The logistic function 1 / (1 + e⁻ˣ), without overflow.
    #[must_use]
    #[inline]
    fn sigmoid(self) -> Self {
        if Self::ROUNDED_ONCE {
            return Self::from_f64(self.to_f64().sigmoid());
        }
        let decay = (-self.abs()).exp();
        let upper = Self::ONE / (Self::ONE + decay);
        if self < Self::ZERO { decay * upper } else { upper }
    }
    /// The smooth ramp ln(1 + eˣ), without overflow.
    #[must_use]
    #[inline]
    fn softplus(self) -> Self {
        if Self::ROUNDED_ONCE {
            return Self::from_f64(self.to_f64().softplus());
        }
        self.relu() + (-self.abs()).exp().ln_1p()
    }
    /// The rectifier: the number where it is positive, zero elsewhere. NaN stays NaN.
    #[must_use]
    #[inline]
    fn relu(self) -> Self {
        if self <= Self::ZERO { Self::ZERO } else { self }
    }
    /// The rectifier that lets `slope` times a negative number through.
    #[must_use]
    #[inline]
    fn leaky_relu(self, slope: Self) -> Self {
        if self < Self::ZERO { slope * self } else { self }
    }
    /// The exponential linear unit: x where positive, eˣ - 1 elsewhere (Clevert, Unterthiner, Hochreiter 2015, α = 1).
    #[must_use]
    #[inline]
    fn elu(self) -> Self {
        if self < Self::ZERO { self.exp_m1() } else { self }
    }
    /// The Gaussian error linear unit x·Φ(x), exact, with Φ the standard normal distribution function (Hendrycks and
    /// Gimpel 2016).
    #[must_use]
    #[inline]
    fn gelu(self) -> Self {
        if self.is_infinite() {
            self.relu()
        } else {
            self * special::normal_distribution(self)
        }
    }
    /// The sigmoid linear unit x·σ(x), also called swish.
    #[must_use]
    #[inline]
    fn silu(self) -> Self {
        if Self::ROUNDED_ONCE {
            return Self::from_f64(self.to_f64().silu());
        }
        if self.is_infinite() {
            self.relu()
        } else {
            self * self.sigmoid()
        }
    }
    /// The error function 2/√π ∫₀ˣ exp(-t²) dt.
    #[must_use]
    fn erf(self) -> Self;
    /// The complementary error function 1 - erf(x), accurate for large x.
    #[must_use]
    fn erfc(self) -> Self;
    /// The natural logarithm of |Γ(x)|.
    #[must_use]
    fn ln_gamma(self) -> Self;
    /// The digamma function ψ(x), the derivative of ln Γ(x).
    #[must_use]
    #[inline]
    fn digamma(self) -> Self {
        Self::from_f64(special::digamma(self.to_f64()))
    }

    /// The trigamma function ψ′(x), the derivative of the digamma function.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    fn trigamma(self) -> Self {
        Self::from_f64(special::trigamma(self.to_f64()))
    }
    /// The tetragamma function ψ″(x).
    #[doc(hidden)]
    #[must_use]
    #[inline]
    fn tetragamma(self) -> Self {
        Self::from_f64(special::tetragamma(self.to_f64()))
    }
    // Where only one operand varies: of dual numbers, the other one's partial derivatives do not matter.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add_constant(self, constant: Self) -> Self {
        self + constant
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_add(self, other: Self) -> Self {
        self + other
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub_constant(self, constant: Self) -> Self {
        self - constant
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_sub(self, other: Self) -> Self {
        self - other
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_constant(self, constant: Self) -> Self {
        self * constant
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_mul(self, other: Self) -> Self {
        self * other
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div_constant(self, constant: Self) -> Self {
        self / constant
    }
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn constant_div(self, other: Self) -> Self {
        self / other
    }
    /// Its chunk: the derivatives along `K` directions.
    #[doc(hidden)]
    fn chunk_of<const K: usize>(partials: &Partials<Self, K>) -> &Self::Chunk<K>;
    #[doc(hidden)]
    fn chunk_of_mut<const K: usize>(partials: &mut Partials<Self, K>) -> &mut Self::Chunk<K>;
    #[doc(hidden)]
    fn partials_of<const K: usize>(chunk: &Self::Chunk<K>) -> &Partials<Self, K>;
    #[doc(hidden)]
    fn matrix_product(task: &Task<Self>);
    #[doc(hidden)]
    fn slice_leaf(slice: &[Self]) -> Leaf<'_>;
    #[doc(hidden)]
    fn slice_leaf_mut(slice: &mut [Self]) -> LeafMut<'_>;
}

/// `x` to the power of an integer by repeated squaring.
#[cfg(not(feature = "std"))]
fn power<T: Real>(x: T, exponent: i32) -> T {
    let mut result = T::ONE;
    let mut square = x;
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    if exponent < 0 { T::ONE / result } else { result }
}

macro_rules! real {
    ($float:ident, $variant:ident, unary { $($name:ident: $libm:ident,)* }, binary { $($name2:ident: $libm2:ident,)* },
     gamma: $lgamma_r:ident, sincos: $sincos:ident, rint: $rint:ident, fma: $fma:ident, erf: $erf:ident, erfc: $erfc:ident, product: $product:ident) => {
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const PI: Self = core::$float::consts::PI;
            const EPSILON: Self = $float::EPSILON;
            const MIN_POSITIVE: Self = $float::MIN_POSITIVE;
            const INFINITY: Self = $float::INFINITY;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn from_f64(value: f64) -> Self {
                value as $float
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn is_infinite(self) -> bool {
                self.is_infinite()
            }
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn $name(self) -> Self {
                    #[cfg(feature = "std")]
                    return $float::$name(self);
                    #[cfg(not(feature = "std"))]
                    return libm::$libm(self);
                }
            )*
            $(
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn $name2(self, other: Self) -> Self {
                    #[cfg(feature = "std")]
                    return $float::$name2(self, other);
                    #[cfg(not(feature = "std"))]
                    return libm::$libm2(self, other);
                }
            )*
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn log(self, base: Self) -> Self {
                Real::ln(self) / Real::ln(base)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn powi(self, exponent: i32) -> Self {
                #[cfg(feature = "std")]
                return $float::powi(self, exponent);
                #[cfg(not(feature = "std"))]
                return power(self, exponent);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn recip(self) -> Self {
                $float::recip(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn signum(self) -> Self {
                $float::signum(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn mul_add(self, factor: Self, summand: Self) -> Self {
                #[cfg(feature = "std")]
                return $float::mul_add(self, factor, summand);
                #[cfg(not(feature = "std"))]
                return libm::$fma(self, factor, summand);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn max(self, other: Self) -> Self {
                $float::max(self, other)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn min(self, other: Self) -> Self {
                $float::min(self, other)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn clamp(self, low: Self, high: Self) -> Self {
                $float::clamp(self, low, high)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn round_ties_even(self) -> Self {
                #[cfg(feature = "std")]
                return $float::round_ties_even(self);
                #[cfg(not(feature = "std"))]
                return libm::$rint(self);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn fract(self) -> Self {
                self - Real::trunc(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn rem_euclid(self, divisor: Self) -> Self {
                let remainder = self % divisor;
                if remainder < 0.0 { remainder + $float::abs(divisor) } else { remainder }
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn div_euclid(self, divisor: Self) -> Self {
                let quotient = Real::trunc(self / divisor);
                match (self % divisor < 0.0, divisor > 0.0) {
                    (false, _) => quotient,
                    (true, true) => quotient - 1.0,
                    (true, false) => quotient + 1.0,
                }
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn copysign(self, sign: Self) -> Self {
                $float::copysign(self, sign)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn to_degrees(self) -> Self {
                $float::to_degrees(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn to_radians(self) -> Self {
                $float::to_radians(self)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn sin_cos(self) -> (Self, Self) {
                #[cfg(feature = "std")]
                return $float::sin_cos(self);
                #[cfg(not(feature = "std"))]
                return libm::$sincos(self);
            }
            #[inline]
            fn erf(self) -> Self {
                libm::$erf(self)
            }
            #[inline]
            fn erfc(self) -> Self {
                libm::$erfc(self)
            }
            #[inline]
            fn ln_gamma(self) -> Self {
                libm::$lgamma_r(self).0
            }

            fn matrix_product(task: &Task<Self>) {
                crate::matrix::kernel::$product(task);
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn chunk_of<const K: usize>(partials: &Partials<Self, K>) -> &Self::Chunk<K> {
                partials
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn chunk_of_mut<const K: usize>(partials: &mut Partials<Self, K>) -> &mut Self::Chunk<K> {
                partials
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn partials_of<const K: usize>(chunk: &Self::Chunk<K>) -> &Partials<Self, K> {
                chunk
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn slice_leaf(slice: &[Self]) -> Leaf<'_> {
                Leaf::$variant(slice)
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn slice_leaf_mut(slice: &mut [Self]) -> LeafMut<'_> {
                LeafMut::$variant(slice)
            }
        }
    };
}

real!(
    f32, F32,
    unary {
        sin: sinf, cos: cosf, tan: tanf, asin: asinf, acos: acosf, atan: atanf,
        sinh: sinhf, cosh: coshf, tanh: tanhf, asinh: asinhf, acosh: acoshf, atanh: atanhf,
        exp: expf, exp2: exp2f, exp_m1: expm1f, ln: logf, ln_1p: log1pf, log2: log2f, log10: log10f,
        sqrt: sqrtf, cbrt: cbrtf, floor: floorf, ceil: ceilf, round: roundf, trunc: truncf,
    },
    binary { powf: powf, hypot: hypotf, atan2: atan2f, },
    gamma: lgammaf_r, sincos: sincosf, rint: rintf, fma: fmaf, erf: erff, erfc: erfcf, product: product_f32
);
real!(
    f64, F64,
    unary {
        sin: sin, cos: cos, tan: tan, asin: asin, acos: acos, atan: atan,
        sinh: sinh, cosh: cosh, tanh: tanh, asinh: asinh, acosh: acosh, atanh: atanh,
        exp: exp, exp2: exp2, exp_m1: expm1, ln: log, ln_1p: log1p, log2: log2, log10: log10,
        sqrt: sqrt, cbrt: cbrt, floor: floor, ceil: ceil, round: round, trunc: trunc,
    },
    binary { powf: pow, hypot: hypot, atan2: atan2, },
    gamma: lgamma_r, sincos: sincos, rint: rint, fma: fma, erf: erf, erfc: erfc, product: product_f64
);
