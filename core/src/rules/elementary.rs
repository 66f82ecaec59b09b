//! The elementary functions of one variable, of a scalar or of each element of a matrix.

use super::arithmetic::primitives;
use super::{Accumulate, Like, Rule1};
use crate::scalar::Real;
use crate::special;

/// An elementary function whose rule reads the operand, `given`, or the result, whichever is cheaper.
pub trait Elementary {
    /// What flows to the operand: `y_bar` times the derivative.
    fn pull<T: Real>(given: T, y_bar: T) -> T;
}

/// Declares elementary functions: name, whether the rule reads `x` or `y`, what flows back, and an example: at which
/// point the derivative is what number (from mpmath with 40 digits).
macro_rules! elementary {
    ($(
        $(#[$attribute:meta])*
        $name:ident($given:ident, $bar:ident) $adjoint:literal => $pull:expr, at $point:literal: $derivative:literal;
    )*) => {$(
        primitives! {
            $(#[$attribute])*
            ///
            #[doc = concat!("Original: `y = x.", stringify!($name), "()`.")]
            #[doc = concat!("Adjoint: `x_bar += ", $adjoint, "`.")]
            /// ```
            /// use tapeless::prelude::*;
            /// #[differentiable]
            #[doc = concat!("fn f(x: f64) -> f64 { x.", stringify!($name), "() }")]
            #[doc = concat!("assert!((f::grad(", $point, ") - ", $derivative, ").abs() < 1e-13);")]
            /// ```
            $name;
        }

        impl Elementary for $name {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn pull<T: Real>($given: T, $bar: T) -> T {
                $pull
            }
        }

        scalar_rule!($given $name);
    )*};
}

macro_rules! scalar_rule {
    (x $name:ident) => {
        impl<T: Real> Rule1<$name, &T> for Like<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: $name, x: &T, y_bar: &T, x_bar: &mut impl Accumulate<T>) {
                x_bar.add($name::pull(*x, *y_bar));
            }
        }
        impl ReadsOperand for $name {}
    };
    (y $name:ident) => {
        impl<T: Real> Rule1<$name, Like<T>> for &T {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: $name, _: Like<T>, y_bar: &T, x_bar: &mut impl Accumulate<T>) {
                x_bar.add($name::pull(*self, *y_bar));
            }
        }
        impl ReadsResult for $name {}
    };
}

/// The elementary functions whose rules read the operand.
pub trait ReadsOperand: Elementary {}
/// The elementary functions whose rules read the result.
pub trait ReadsResult: Elementary {}

fn real<T: Real>(value: f64) -> T {
    T::from_f64(value)
}

elementary! {
    /// Sine.
    sin(x, bar) "y_bar * cos(x)" => bar * x.cos(), at "0.5": "0.877_582_561_890_372_8";
    /// Cosine.
    cos(x, bar) "-y_bar * sin(x)" => -bar * x.sin(), at "0.5": "-0.479_425_538_604_203";
    /// Tangent.
    tan(y, bar) "y_bar * (1 + y²)" => bar * (T::ONE + y * y), at "0.5": "1.298_446_410_409_524_8";
    /// Inverse sine. Infinite at ±1.
    asin(x, bar) "y_bar / √(1 - x²)" => bar / ((T::ONE - x) * (T::ONE + x)).sqrt(), at "0.5": "1.154_700_538_379_251_5";
    /// Inverse cosine. Infinite at ±1.
    acos(x, bar) "-y_bar / √(1 - x²)" => -bar / ((T::ONE - x) * (T::ONE + x)).sqrt(), at "0.5": "-1.154_700_538_379_251_5";
    /// Inverse tangent.
    atan(x, bar) "y_bar / (1 + x²)" => bar / (T::ONE + x * x), at "0.5": "0.8";
    /// Hyperbolic sine.
    sinh(x, bar) "y_bar * cosh(x)" => bar * x.cosh(), at "0.5": "1.127_625_965_206_380_7";
    /// Hyperbolic cosine.
    cosh(x, bar) "y_bar * sinh(x)" => bar * x.sinh(), at "0.5": "0.521_095_305_493_747_4";
    /// Hyperbolic tangent.
    tanh(y, bar) "y_bar * (1 - y²)" => bar * (T::ONE - y * y), at "0.5": "0.786_447_732_965_927_4";
    /// Inverse hyperbolic sine.
    asinh(x, bar) "y_bar / √(1 + x²)" => bar / x.hypot(T::ONE), at "0.5": "0.894_427_190_999_915_9";
    /// Inverse hyperbolic cosine. Infinite at 1.
    acosh(x, bar) "y_bar / √(x² - 1)" => bar / ((x - T::ONE).sqrt() * (x + T::ONE).sqrt()), at "1.5": "0.894_427_190_999_915_9";
    /// Inverse hyperbolic tangent. Infinite at ±1.
    atanh(x, bar) "y_bar / (1 - x²)" => bar / ((T::ONE - x) * (T::ONE + x)), at "0.5": "1.333_333_333_333_333_3";
    /// Exponential function.
    exp(y, bar) "y_bar * y" => bar * y, at "0.5": "1.648_721_270_700_128_2";
    /// Power of two.
    exp2(y, bar) "y_bar * y * ln(2)" => bar * y * real(core::f64::consts::LN_2), at "0.5": "0.980_258_143_468_547_2";
    /// Exponential function minus one.
    exp_m1(y, bar) "y_bar * (y + 1)" => bar * (y + T::ONE), at "0.5": "1.648_721_270_700_128_2";
    /// Natural logarithm. Infinite at 0.
    ln(x, bar) "y_bar / x" => bar / x, at "0.5": "2.0";
    /// Natural logarithm of one plus the operand. Infinite at -1.
    ln_1p(x, bar) "y_bar / (1 + x)" => bar / (T::ONE + x), at "0.5": "0.666_666_666_666_666_6";
    /// Logarithm to base two. Infinite at 0.
    log2(x, bar) "y_bar / (x ln(2))" => bar / (x * real(core::f64::consts::LN_2)), at "0.5": "2.885_390_081_777_926_8";
    /// Logarithm to base ten. Infinite at 0.
    log10(x, bar) "y_bar / (x ln(10))" => bar / (x * real(core::f64::consts::LN_10)), at "0.5": "0.868_588_963_806_503_6";
    /// Square root. Infinite at 0, as the limit says, also at the zero that has a sign.
    sqrt(y, bar) "y_bar / 2y" => bar * real(0.5) / y.abs(), at "0.5": "0.707_106_781_186_547_6";
    /// Cube root. Infinite at 0.
    cbrt(y, bar) "y_bar / 3y²" => bar / (real::<T>(3.0) * y * y), at "0.5": "0.529_133_683_989_399_9";
    /// Reciprocal. Infinite at 0.
    recip(y, bar) "-y_bar * y²" => -bar * y * y, at "0.5": "-4.0";
    /// Absolute value. Not differentiable at 0; the derivative there is 0.
    abs(x, bar) "y_bar * sign(x)" => {
        if x > T::ZERO { bar } else if x < T::ZERO { -bar } else { x.abs() }
    }, at "-0.5": "-1.0";
    /// Logistic function.
    sigmoid(y, bar) "y_bar * y * (1 - y)" => bar * y * (T::ONE - y), at "0.5": "0.235_003_712_201_594_5";
    /// Smooth ramp.
    softplus(x, bar) "y_bar * σ(x)" => bar * x.sigmoid(), at "0.5": "0.622_459_331_201_854_6";
    /// Rectifier. Not differentiable at 0; the derivative there is 0.
    relu(y, bar) "y_bar where y > 0" => if y > T::ZERO { bar } else { T::ZERO }, at "0.5": "1.0";
    /// Exponential linear unit.
    elu(y, bar) "y_bar where y > 0, y_bar * (y + 1) elsewhere" => {
        if y > T::ZERO { bar } else { bar * (y + T::ONE) }
    }, at "-0.5": "0.606_530_659_712_633_4";
    /// Gaussian error linear unit.
    gelu(x, bar) "y_bar * (Φ(x) + x φ(x))" => {
        let bend = if x.is_infinite() { T::ZERO } else { x * special::normal_density(x) };
        bar * (special::normal_distribution(x) + bend)
    }, at "0.5": "0.867_495_124_656_162_9";
    /// Sigmoid linear unit.
    silu(x, bar) "y_bar * σ(x) * (1 + x (1 - σ(x)))" => {
        let s = x.sigmoid();
        let bend = if x.is_infinite() { T::ZERO } else { x * s * (-x).sigmoid() };
        bar * (s + bend)
    }, at "0.5": "0.739_961_187_302_651_8";
    /// Error function.
    erf(x, bar) "y_bar * 2/√π * exp(-x²)" => {
        bar * real(core::f64::consts::FRAC_2_SQRT_PI) * (-x * x).exp()
    }, at "0.5": "0.878_782_578_935_444_8";
    /// Complementary error function.
    erfc(x, bar) "-y_bar * 2/√π * exp(-x²)" => {
        -bar * real(core::f64::consts::FRAC_2_SQRT_PI) * (-x * x).exp()
    }, at "0.5": "-0.878_782_578_935_444_8";
    /// Logarithm of the gamma function. NaN at 0, -1, -2, …
    ln_gamma(x, bar) "y_bar * ψ(x)" => bar * x.digamma(), at "0.5": "-1.963_510_026_021_423_5";
    /// Digamma function. NaN at 0, -1, -2, …
    digamma(x, bar) "y_bar * ψ′(x)" => bar * x.trigamma(), at "0.5": "4.934_802_200_544_679";
}

/// Declares elementary functions whose derivative is constant almost everywhere: nothing is read.
macro_rules! constant_slope {
    ($(
        $(#[$attribute:meta])*
        $name:ident($bar:ident) $adjoint:literal => $pull:expr, at $point:literal: $derivative:literal;
    )*) => {$(
        primitives! {
            $(#[$attribute])*
            ///
            #[doc = concat!("Original: `y = x.", stringify!($name), "()`.")]
            #[doc = concat!("Adjoint: `x_bar += ", $adjoint, "`.")]
            /// ```
            /// use tapeless::prelude::*;
            /// #[differentiable]
            #[doc = concat!("fn f(x: f64) -> f64 { x.", stringify!($name), "() }")]
            #[doc = concat!("assert!((f::grad(", $point, ") - ", $derivative, ").abs() < 1e-13);")]
            /// ```
            $name;
        }

        impl ConstantSlope for $name {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn pull<T: Real>($bar: T) -> Option<T> {
                $pull
            }
        }

        impl<T: Real> Rule1<$name, Like<T>> for Like<T> {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn __pullback1(self, _: $name, _: Like<T>, y_bar: &T, x_bar: &mut impl Accumulate<T>) {
                if let Some(contribution) = $name::pull(*y_bar) {
                    x_bar.add(contribution);
                }
            }
        }
    )*};
}

/// An elementary function whose derivative is constant almost everywhere.
pub trait ConstantSlope {
    /// What flows to the operand; nothing where the function is piecewise constant.
    fn pull<T: Real>(y_bar: T) -> Option<T>;
}

constant_slope! {
    /// Sign. Piecewise constant; the jump at 0 is ignored.
    signum(_bar) "0" => None, at "0.5": "0.0";
    /// Rounding down. Piecewise constant; the jumps are ignored.
    floor(_bar) "0" => None, at "0.5": "0.0";
    /// Rounding up. Piecewise constant; the jumps are ignored.
    ceil(_bar) "0" => None, at "0.5": "0.0";
    /// Rounding, halves away from zero. Piecewise constant; the jumps are ignored.
    round(_bar) "0" => None, at "0.3": "0.0";
    /// Rounding, halves to even. Piecewise constant; the jumps are ignored.
    round_ties_even(_bar) "0" => None, at "0.3": "0.0";
    /// Rounding towards zero. Piecewise constant; the jumps are ignored.
    trunc(_bar) "0" => None, at "0.5": "0.0";
    /// The part behind the point. The jumps are ignored.
    fract(bar) "y_bar" => Some(bar), at "0.5": "1.0";
    /// Radians to degrees.
    to_degrees(bar) "y_bar * 180/π" => Some(bar.to_degrees()), at "0.5": "57.295_779_513_082_32";
    /// Degrees to radians.
    to_radians(bar) "y_bar * π/180" => Some(bar.to_radians()), at "0.5": "0.017_453_292_519_943_295";
}

primitives! {
    /// Sine and cosine together.
    ///
    /// Original: `(s, c) = x.sin_cos()`.
    /// Adjoint: `x_bar += s_bar * c - c_bar * s`.
    /// ```
    /// use tapeless::prelude::*;
    /// #[differentiable]
    /// fn f(x: f64) -> f64 {
    ///     let (s, c) = x.sin_cos();
    ///     2.0 * s * c
    /// }
    /// assert!((f::grad(0.5) - 2.0 * 1.0_f64.cos()).abs() < 1e-13);
    /// ```
    sin_cos;
}

impl<T: Real> Rule1<sin_cos, Like<T>> for &(T, T) {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn __pullback1(self, _: sin_cos, _: Like<T>, y_bar: &(T, T), x_bar: &mut impl Accumulate<T>) {
        x_bar.add(y_bar.0 * self.1 - y_bar.1 * self.0);
    }
}
