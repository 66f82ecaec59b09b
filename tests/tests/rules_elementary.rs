//! The rules of the elementary functions: against central differences where they are smooth, and exactly at the
//! edges: zeros with either sign, poles, jumps, kinks, infinities, NaN.
//!
//! To add a function: its name, points where it is smooth, and edges with the derivative there. Each is tested for `f32`
//! and `f64`, as a function of a scalar and of each element of a matrix, inline and on the heap.
//!
//! Without lints, which would take longer than the test: those of generated code are tried in `users/strict` and in the other tests.

#![cfg(not(clippy))]

use tapeless::prelude::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The same number, where NaN equals NaN and zero its negative.
fn same(x: f64, y: f64) -> bool {
    x == y || (x.is_nan() && y.is_nan())
}

macro_rules! elementary {
    ($($name:ident: smooth [$($point:expr),*], edges [$(($edge:expr, $slope:expr)),* $(,)?];)*) => {
        $(
            mod $name {
                use super::*;

                const SMOOTH: &[f64] = &[$($point),*];
                const EDGES: &[(f64, f64)] = &[$(($edge, $slope)),*];
                const COUNT: usize = SMOOTH.len() + EDGES.len();

                #[differentiable]
                fn scalar<T: Real>(x: T) -> T {
                    x.$name()
                }

                #[test]
                fn interior() {
                    for x in SMOOTH {
                        assert_gradient!(scalar, *x);
                        assert_gradient!(scalar, *x as f32);
                        // The precisions agree.
                        let single = f64::from(scalar::grad(*x as f32));
                        let double = scalar::grad(f64::from(*x as f32));
                        assert!((single - double).abs() <= 1e-6 * double.abs().max(1.0), "{x}: {single} {double}");
                    }
                }

                #[test]
                fn edges() {
                    for (x, expected) in EDGES {
                        let found = scalar::grad(*x);
                        assert!(same(found, *expected), "at {x}: {found}, not {expected}");
                        let found = scalar::grad(*x as f32);
                        assert!(same(found.into(), f64::from(*expected as f32)), "f32 at {x}: {found}, not {expected}");
                    }
                }

                elementary!(@matrix $name; inline_f32, f32, Inline; inline_f64, f64, Inline);
                elementary!(@matrix $name; heap_f32, f32, Heap; heap_f64, f64, Heap);
            }
        )*
    };
    (@matrix $name:ident; $($test:ident, $float:ident, $Storage:ident);*) => {$(
        /// Each element has the scalar's derivative, times its cotangent.
        #[test]
        fn $test() {
            type Points = Matrix<1, COUNT, $float, $Storage>;

            #[differentiable]
            fn elements(x: &Points) -> Points {
                x.$name()
            }

            let points = SMOOTH.iter().chain(EDGES.iter().map(|(x, _)| x));
            let points: Vec<$float> = points.map(|x| *x as $float).collect();
            let points = Points::from_slice(&points).unwrap();
            let weights: Points = Construct::from_fn(|_, j| 0.5 + j as $float);
            let (values, pullback) = elements::vjp(&points);
            let cotangents = pullback(weights.clone());
            for j in 0..COUNT {
                let (x, weight) = (points[(0, j)], weights[(0, j)]);
                let (value, pullback) = scalar::vjp(x);
                assert!(same(values[(0, j)].into(), value.into()), "value at {x}");
                let (found, expected) = (cotangents[(0, j)], pullback(weight));
                assert!(same(found.into(), expected.into()), "at {x}: {found}, not {expected}");
            }
        }
    )*};
}

elementary! {
    sin: smooth [-7.0, -2.5, -0.3, 0.0, 0.7, 3.0], edges [(0.0, 1.0), (INF, NAN), (-INF, NAN), (NAN, NAN)];
    cos: smooth [-7.0, -2.5, -0.3, 0.1, 0.7, 3.0], edges [(0.0, 0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)];
    tan: smooth [-1.2, -0.3, 0.1, 0.7, 2.0, 4.0], edges [(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (NAN, NAN)];
    asin: smooth [-0.9, -0.3, 0.0, 0.5], edges [(0.0, 1.0), (1.0, INF), (-1.0, INF), (2.0, NAN), (-INF, NAN), (NAN, NAN)];
    acos: smooth [-0.9, -0.3, 0.0, 0.5], edges [(0.0, -1.0), (1.0, -INF), (-1.0, -INF), (2.0, NAN), (INF, NAN), (NAN, NAN)];
    atan: smooth [-20.0, -0.9, 0.0, 0.5, 3.0], edges [(0.0, 1.0), (1.0, 0.5), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    sinh: smooth [-3.0, -0.9, 0.0, 0.5, 2.0], edges [(0.0, 1.0), (INF, INF), (-INF, INF), (NAN, NAN)];
    cosh: smooth [-3.0, -0.9, 0.1, 0.5, 2.0], edges [(0.0, 0.0), (INF, INF), (-INF, -INF), (NAN, NAN)];
    tanh: smooth [-3.0, -0.9, 0.1, 0.5, 2.0], edges [(0.0, 1.0), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    asinh: smooth [-30.0, -0.9, 0.1, 0.5, 2.0], edges [(0.0, 1.0), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    acosh: smooth [1.2, 2.0, 30.0], edges [(1.0, INF), (0.5, NAN), (INF, 0.0), (-INF, NAN), (NAN, NAN)];
    atanh: smooth [-0.9, -0.3, 0.0, 0.5], edges [(0.0, 1.0), (1.0, INF), (-1.0, INF), (NAN, NAN)];
    exp: smooth [-3.0, -0.9, 0.0, 0.5, 2.0], edges [(0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN)];
    exp2: smooth [-3.0, -0.9, 0.0, 0.5, 2.0], edges [(INF, INF), (-INF, 0.0), (NAN, NAN)];
    exp_m1: smooth [-3.0, -0.9, 0.0, 0.5, 2.0], edges [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN)];
    ln: smooth [0.2, 0.9, 1.0, 7.0], edges [(1.0, 1.0), (0.0, INF), (INF, 0.0), (NAN, NAN)];
    ln_1p: smooth [-0.7, -0.1, 0.0, 7.0], edges [(0.0, 1.0), (-1.0, INF), (NAN, NAN)];
    log2: smooth [0.2, 0.9, 1.0, 7.0], edges [(0.0, INF), (INF, 0.0), (NAN, NAN)];
    log10: smooth [0.2, 0.9, 1.0, 7.0], edges [(0.0, INF), (INF, 0.0), (NAN, NAN)];
    sqrt: smooth [0.2, 0.9, 1.0, 7.0], edges [(4.0, 0.25), (0.0, INF), (-0.0, INF), (INF, 0.0), (-1.0, NAN), (NAN, NAN)];
    cbrt: smooth [-7.0, -0.2, 0.2, 1.0, 7.0], edges [(0.0, INF), (-0.0, INF), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    recip: smooth [-7.0, -0.2, 0.2, 1.0, 7.0], edges [(2.0, -0.25), (0.0, -INF), (-0.0, -INF), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    abs: smooth [-7.0, -0.2, 0.2, 7.0], edges [(0.0, 0.0), (-0.0, 0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN)];
    signum: smooth [-7.0, -0.2, 0.2, 7.0], edges [(0.0, 0.0), (-0.0, 0.0), (INF, 0.0), (-INF, 0.0), (NAN, 0.0)];
    floor: smooth [-7.2, -0.2, 0.2, 7.6], edges [(0.0, 0.0), (1.0, 0.0), (INF, 0.0), (-INF, 0.0), (NAN, 0.0)];
    ceil: smooth [-7.2, -0.2, 0.2, 7.6], edges [(0.0, 0.0), (1.0, 0.0), (INF, 0.0), (-INF, 0.0), (NAN, 0.0)];
    round: smooth [-7.2, -0.2, 0.2, 7.6], edges [(0.5, 0.0), (1.5, 0.0), (INF, 0.0), (-INF, 0.0), (NAN, 0.0)];
    round_ties_even: smooth [-7.2, -0.2, 0.2, 7.6], edges [(0.5, 0.0), (1.5, 0.0), (INF, 0.0), (-INF, 0.0), (NAN, 0.0)];
    trunc: smooth [-7.2, -0.2, 0.2, 7.6], edges [(0.0, 0.0), (1.0, 0.0), (INF, 0.0), (-INF, 0.0), (NAN, 0.0)];
    fract: smooth [-7.2, -0.2, 0.2, 7.6], edges [(0.0, 1.0), (1.0, 1.0), (-1.0, 1.0)];
    to_degrees: smooth [-7.2, 0.0, 7.6], edges [(0.0, 180.0 / std::f64::consts::PI)];
    to_radians: smooth [-7.2, 0.0, 7.6], edges [(0.0, std::f64::consts::PI / 180.0)];
    sigmoid: smooth [-5.0, -0.2, 0.0, 0.2, 5.0], edges [(0.0, 0.25), (-0.0, 0.25), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    softplus: smooth [-5.0, -0.2, 0.0, 0.2, 5.0], edges [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN)];
    relu: smooth [-5.0, -0.2, 0.2, 5.0], edges [(0.0, 0.0), (-0.0, 0.0), (INF, 1.0), (-INF, 0.0)];
    elu: smooth [-5.0, -0.2, 0.2, 5.0], edges [(0.0, 1.0), (-0.0, 1.0), (INF, 1.0), (-INF, 0.0), (NAN, NAN)];
    gelu: smooth [-5.0, -0.2, 0.0, 0.2, 5.0], edges [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (1e30, 1.0), (-1e30, 0.0), (NAN, NAN)];
    silu: smooth [-5.0, -0.2, 0.0, 0.2, 5.0], edges [(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (1e30, 1.0), (-1e30, 0.0), (NAN, NAN)];
    erf: smooth [-2.0, -0.2, 0.0, 0.2, 1.5], edges [(0.0, std::f64::consts::FRAC_2_SQRT_PI), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    erfc: smooth [-2.0, -0.2, 0.0, 0.2, 1.5], edges [(0.0, -std::f64::consts::FRAC_2_SQRT_PI), (INF, 0.0), (-INF, 0.0), (NAN, NAN)];
    ln_gamma: smooth [-1.5, -0.4, 0.5, 1.0, 5.0, 30.0], edges [(0.0, NAN), (-1.0, NAN), (-2.0, NAN), (INF, INF), (-INF, NAN), (NAN, NAN)];
    digamma: smooth [-1.5, -0.4, 0.5, 1.0, 5.0, 30.0], edges [(0.0, NAN), (-1.0, NAN), (-2.0, NAN), (INF, 0.0), (-INF, NAN), (NAN, NAN)];
}

#[differentiable]
fn sine_and_cosine<T: Real>(x: T) -> T {
    let (sine, cosine) = x.sin_cos();
    sine * sine * cosine
}

#[differentiable]
fn only_sine<T: Real>(x: T) -> T {
    x.sin_cos().0
}

#[differentiable]
fn only_cosine<T: Real>(x: T) -> T {
    let (_, cosine) = x.sin_cos();
    cosine
}

#[test]
fn sine_and_cosine_together() {
    for x in [-2.5, -0.3, 0.1, 0.7, 3.0] {
        assert_gradient!(sine_and_cosine, x);
        assert_gradient!(sine_and_cosine, x as f32);
        assert_gradient!(only_sine, x);
        assert_gradient!(only_cosine, x);
    }
    assert_eq!((only_sine::grad(0.0), only_cosine::grad(0.0)), (1.0, 0.0));
    assert!(sine_and_cosine::grad(INF).is_nan());
}

mod infinite_cotangents {
    use super::*;

    #[differentiable]
    fn of_abs<T: Real>(x: T) -> T {
        x.abs().sqrt()
    }
    #[differentiable]
    fn of_relu<T: Real>(x: T) -> T {
        x.relu().sqrt()
    }
    #[differentiable]
    fn of_floor<T: Real>(x: T) -> T {
        x.floor().sqrt()
    }
    #[differentiable]
    fn of_powi<T: Real>(x: T) -> T {
        (x.powi(0) - T::ONE).sqrt()
    }
    #[differentiable]
    fn of_max<T: Real>(x: T) -> T {
        x.max(T::ZERO).sqrt()
    }
    #[differentiable]
    fn of_clamp<T: Real>(x: T) -> T {
        x.clamp(T::ZERO, T::ONE).sqrt()
    }

    /// A derivative of 0 stops even an infinite cotangent: no NaN comes from an arm that was not taken.
    #[test]
    fn are_stopped() {
        assert_eq!(of_abs::grad(0.0), 0.0);
        assert_eq!(of_relu::grad(-1.0), 0.0);
        assert_eq!(of_relu::grad(0.0), 0.0);
        assert_eq!(of_floor::grad(0.5), 0.0);
        assert_eq!(of_powi::grad(3.0), 0.0);
        assert_eq!(of_max::grad(-1.0), 0.0);
        assert_eq!(of_max::grad(-1.0_f32), 0.0);
        assert_eq!(of_clamp::grad(-1.0), 0.0);
    }
}
