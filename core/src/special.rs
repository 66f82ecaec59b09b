//! Special functions that neither the standard library nor `libm` has.

use crate::scalar::Real;

/// The distribution function Φ of the standard normal distribution.
#[inline]
pub(crate) fn normal_distribution<T: Real>(x: T) -> T {
    let half = T::from_f64(0.5);
    half * (-x * T::from_f64(core::f64::consts::FRAC_1_SQRT_2)).erfc()
}

/// The density φ of the standard normal distribution.
#[inline]
pub(crate) fn normal_density<T: Real>(x: T) -> T {
    let root = T::from_f64(0.398_942_280_401_432_7);
    root * (T::from_f64(-0.5) * x * x).exp()
}

/// From here on the asymptotic series below has double precision.
const ASYMPTOTIC: f64 = 10.0;

/// The digamma function: recurrence up to where the asymptotic series holds, reflection for negative arguments
/// (Abramowitz and Stegun 6.3.5, 6.3.7, 6.3.18). NaN at the poles 0, -1, -2, …
pub(crate) fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == Real::floor(x) {
            return f64::NAN;
        }
        return digamma(1.0 - x) - core::f64::consts::PI / Real::tan(angle_past_pole(x));
    }
    let mut shifted = x;
    let mut result = 0.0;
    while shifted < ASYMPTOTIC {
        result -= 1.0 / shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    // B₂ₖ / 2k for k = 1 … 7.
    let series = square
        * (1.0 / 12.0
            - square
                * (1.0 / 120.0
                    - square
                        * (1.0 / 252.0
                            - square
                                * (1.0 / 240.0
                                    - square * (1.0 / 132.0 - square * (691.0 / 32760.0 - square / 12.0))))));
    result + Real::ln(shifted) - 0.5 * inverse - series
}

/// π times the distance from the nearest pole, which unlike π x is accurate near it on both sides; it differs from π x by
/// a multiple of π.
fn angle_past_pole(x: f64) -> f64 {
    core::f64::consts::PI * (x - Real::round(x))
}

/// The trigamma function, the derivative of [`digamma`] (Abramowitz and Stegun 6.4.6, 6.4.7, 6.4.12). NaN at the poles.
pub(crate) fn trigamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == Real::floor(x) {
            return f64::NAN;
        }
        let ratio = core::f64::consts::PI / Real::sin(angle_past_pole(x));
        return ratio * ratio - trigamma(1.0 - x);
    }
    let mut shifted = x;
    let mut result = 0.0;
    while shifted < ASYMPTOTIC {
        result += 1.0 / (shifted * shifted);
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    // B₂ₖ for k = 1 … 7.
    let series = square
        * (1.0 / 6.0
            - square
                * (1.0 / 30.0
                    - square
                        * (1.0 / 42.0
                            - square
                                * (1.0 / 30.0
                                    - square * (5.0 / 66.0 - square * (691.0 / 2730.0 - square * (7.0 / 6.0)))))));
    result + inverse + 0.5 * square + inverse * series
}

/// The tetragamma function, the derivative of [`trigamma`] (Abramowitz and Stegun 6.4.6, 6.4.7, 6.4.13). NaN at the poles.
pub(crate) fn tetragamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == Real::floor(x) {
            return f64::NAN;
        }
        let angle = angle_past_pole(x);
        let ratio = core::f64::consts::PI / Real::sin(angle);
        return tetragamma(1.0 - x) - 2.0 * ratio * ratio * ratio * Real::cos(angle);
    }
    let mut shifted = x;
    let mut result = 0.0;
    while shifted < ASYMPTOTIC {
        result -= 2.0 / (shifted * shifted * shifted);
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    // (2k + 1) B₂ₖ for k = 1 … 7.
    let series = square
        * (0.5
            - square
                * (1.0 / 6.0
                    - square
                        * (1.0 / 6.0
                            - square * (0.3 - square * (5.0 / 6.0 - square * (691.0 / 210.0 - square * 17.5))))));
    result - square - inverse * square - square * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-13 * (1.0 + expected.abs()),
            "{found} {expected}"
        );
    }

    // Reference values from mpmath with 50 digits.
    #[test]
    fn digamma_has_known_values() {
        close(digamma(1.0), -0.577_215_664_901_532_9);
        close(digamma(0.5), -1.963_510_026_021_423_5);
        close(digamma(10.0), 2.251_752_589_066_721);
        close(digamma(0.001), -1_000.575_571_931_810_3);
        close(digamma(-0.5), 0.036_489_973_978_576_52);
        close(digamma(-3.25), 4.466_275_872_350_28);
        close(digamma(123.456), 4.811_829_323_828_985);
        assert!(digamma(0.0).is_nan() && digamma(-2.0).is_nan());
    }

    #[test]
    fn trigamma_has_known_values() {
        close(trigamma(1.0), 1.644_934_066_848_226_4);
        close(trigamma(0.5), 4.934_802_200_544_679);
        close(trigamma(10.0), 0.105_166_335_681_685_74);
        close(trigamma(-0.5), 8.934_802_200_544_68);
        close(trigamma(-3.25), 19.474_085_068_082_155);
        assert!(trigamma(-1.0).is_nan());
    }

    #[test]
    fn tetragamma_has_known_values() {
        close(tetragamma(1.0), -2.404_113_806_319_188_6);
        close(tetragamma(0.5), -16.828_796_644_234_32);
        assert!(tetragamma(-2.0).is_nan());
    }

    #[test]
    fn tetragamma_is_the_derivative_of_trigamma() {
        for x in [0.3, 2.5, 7.0, 25.0, -0.5, -3.25, -1.75] {
            let h = 1e-4;
            let slope = (trigamma(x + h) - trigamma(x - h)) / (2.0 * h);
            let curved = 1e-5 * (1.0 + tetragamma(x).abs() + trigamma(x).powi(2));
            assert!((slope - tetragamma(x)).abs() < curved, "{x} {slope} {}", tetragamma(x));
        }
    }
}
