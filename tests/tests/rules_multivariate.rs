//! The rules of operators and functions of two and three scalars: against central differences where they are smooth,
//! and exactly at ties, zeros, infinities and NaN; with one operand constant as with both differentiated.

use tapeless::prelude::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
/// Its square is infinite in single precision.
const HUGE: f64 = (1_u128 << 100) as f64;

/// The same number, where NaN equals NaN and zero its negative.
fn same(x: f64, y: f64) -> bool {
    x == y || (x.is_nan() && y.is_nan())
}

/// Functions of two scalars that are methods.
mod functions {
    macro_rules! methods {
        ($($name:ident)*) => {$(
            pub mod $name {
                use tapeless::prelude::*;

                #[differentiable]
                pub fn both<T: Real>(a: T, b: T) -> T {
                    a.$name(b)
                }
                #[differentiable]
                pub fn left<T: Real>(a: T, #[no_diff] b: T) -> T {
                    a.$name(b)
                }
                #[differentiable]
                pub fn right<T: Real>(#[no_diff] a: T, b: T) -> T {
                    a.$name(b)
                }
                #[differentiable]
                pub fn twice<T: Real>(x: T) -> T {
                    x.$name(x)
                }
            }
        )*};
    }
    methods!(rem_euclid div_euclid powf log hypot atan2 max min copysign leaky_relu);

    /// The operators.
    macro_rules! operators {
        ($($name:ident $operator:tt;)*) => {$(
            pub mod $name {
                use tapeless::prelude::*;

                #[differentiable]
                pub fn both<T: Real>(a: T, b: T) -> T {
                    a $operator b
                }
                #[differentiable]
                pub fn left<T: Real>(a: T, #[no_diff] b: T) -> T {
                    a $operator b
                }
                #[differentiable]
                pub fn right<T: Real>(#[no_diff] a: T, b: T) -> T {
                    a $operator b
                }
                #[differentiable]
                pub fn twice<T: Real>(x: T) -> T {
                    x $operator x
                }
            }
        )*};
    }
    operators! {
        add +;
        sub -;
        mul *;
        div /;
        rem %;
    }
}

macro_rules! binary {
    ($(
        $name:ident: smooth [$($point:expr),*],
        edges [$(($edge:expr, $slopes:expr)),* $(,)?];
    )*) => {$(
        mod $name {
            use super::functions::$name::{both, left, right, twice};
            use super::*;

            const SMOOTH: &[(f64, f64)] = &[$($point),*];
            #[allow(clippy::type_complexity)]
            const EDGES: &[((f64, f64), (f64, f64))] = &[$(($edge, $slopes)),*];

            #[test]
            fn interior() {
                for (a, b) in SMOOTH {
                    assert_gradient!(both, *a, *b);
                    assert_gradient!(both, *a as f32, *b as f32);
                    assert_gradient!(left, *a, *b);
                    assert_gradient!(right, *a, *b);
                }
            }

            #[test]
            fn edges() {
                for ((a, b), expected) in EDGES {
                    let found = both::grad(*a, *b);
                    let fits = same(found.0, expected.0) && same(found.1, expected.1);
                    assert!(fits, "at ({a}, {b}): {found:?}, not {expected:?}");
                    let found = both::grad(*a as f32, *b as f32);
                    let fits = same(found.0.into(), expected.0 as f32 as f64) && same(found.1.into(), expected.1 as f32 as f64);
                    assert!(fits, "f32 at ({a}, {b}): {found:?}, not {expected:?}");
                }
            }

            /// A constant operand, and the same operand twice, change nothing about what flows.
            #[test]
            fn activity() {
                for (a, b) in SMOOTH.iter().chain(EDGES.iter().map(|(point, _)| point)) {
                    let found = both::grad(*a, *b);
                    assert!(same(left::grad(*a, *b), found.0), "left at ({a}, {b})");
                    assert!(same(right::grad(*a, *b), found.1), "right at ({a}, {b})");
                    let (to_a, to_b) = both::grad(*a, *a);
                    assert!(same(twice::grad(*a), to_a + to_b), "twice at {a}");
                }
            }
        }
    )*};
}

binary! {
    add: smooth [(1.5, -2.5), (0.0, 0.0)], edges [((INF, 1.0), (1.0, 1.0)), ((NAN, 1.0), (1.0, 1.0))];
    sub: smooth [(1.5, -2.5), (0.0, 0.0)], edges [((INF, 1.0), (1.0, -1.0)), ((NAN, 1.0), (1.0, -1.0))];
    mul: smooth [(1.5, -2.5), (0.0, 0.0)], edges [((INF, 0.0), (0.0, INF)), ((NAN, 2.0), (2.0, NAN))];
    div: smooth [(1.5, -2.5), (0.0, 0.5)], edges [
        ((1.0, 2.0), (0.5, -0.25)),
        ((1.0, 0.0), (INF, -INF)),
        ((1.0, INF), (0.0, 0.0)),
        ((0.0, 0.0), (INF, NAN)),
        ((NAN, 2.0), (0.5, NAN)),
    ];
    rem: smooth [(7.3, 2.5), (-7.3, 2.5), (7.3, -2.5), (1.1, 3.0)], edges [
        ((7.0, 2.0), (1.0, -3.0)),
        ((-7.0, 2.0), (1.0, 3.0)),
        ((6.0, 2.0), (1.0, -3.0)),
        ((1.0, INF), (1.0, 0.0)),
    ];
    rem_euclid: smooth [(7.3, 2.5), (-7.3, 2.5), (7.3, -2.5), (-7.3, -2.5)], edges [
        ((7.0, 2.0), (1.0, -3.0)),
        ((-7.0, 2.0), (1.0, 4.0)),
        ((7.0, -2.0), (1.0, 3.0)),
        ((6.0, 2.0), (1.0, -3.0)),
    ];
    div_euclid: smooth [(7.3, 2.5), (-7.3, 2.5), (7.3, -2.5)], edges [
        ((6.0, 2.0), (0.0, 0.0)),
        ((6.0, 0.0), (0.0, 0.0)),
        ((NAN, 2.0), (0.0, 0.0)),
    ];
    powf: smooth [(1.5, -2.5), (0.5, 0.3), (3.0, 2.0), (0.7, 1e-3)], edges [
        ((2.0, 1.0), (1.0, 2.0 * std::f64::consts::LN_2)),
        // d/dx is 0 where the exponent is 0.
        ((3.0, 0.0), (0.0, 1.098_612_288_668_109_8)),
        ((0.0, 0.0), (0.0, 0.0)),
        // d/dp is 0 where the base is 0.
        ((0.0, 1.0), (1.0, 0.0)),
        ((-0.0, 1.0), (1.0, 0.0)),
        ((0.0, 2.0), (0.0, 0.0)),
        ((0.0, 0.5), (INF, 0.0)),
        ((0.0, -1.0), (-INF, 0.0)),
        // The plain formula elsewhere.
        ((-2.0, 2.0), (-4.0, NAN)),
        ((1.0, INF), (INF, 0.0)),
        ((NAN, 2.0), (NAN, NAN)),
        ((2.0, NAN), (NAN, NAN)),
    ];
    log: smooth [(1.5, 2.5), (0.5, 0.3), (30.0, 10.0)], edges [
        ((0.0, 2.0), (INF, INF)),
        ((1.0, 2.0), (1.0 / std::f64::consts::LN_2, 0.0)),
        ((NAN, 2.0), (NAN, NAN)),
    ];
    hypot: smooth [(1.5, -2.5), (-0.5, 0.3)], edges [
        ((3.0, -4.0), (0.6, -0.8)),
        ((0.0, 0.0), (0.0, 0.0)),
        ((-0.0, 0.0), (0.0, 0.0)),
        ((2.0, 0.0), (1.0, 0.0)),
        ((NAN, 1.0), (NAN, NAN)),
        ((3.0 * HUGE, 4.0 * HUGE), (0.6, 0.8)),
    ];
    atan2: smooth [(1.5, -2.5), (-0.5, 0.3), (0.0, 1.0), (-1.0, 0.0)], edges [
        ((0.0, 0.0), (0.0, 0.0)),
        ((0.0, 2.0), (0.5, 0.0)),
        ((0.0, -2.0), (-0.5, 0.0)),
        ((2.0, 0.0), (0.0, -0.5)),
        ((1.0, INF), (0.0, 0.0)),
        ((-INF, 1.0), (0.0, 0.0)),
        ((INF, INF), (0.0, 0.0)),
        ((0.0, HUGE), (1.0 / HUGE, 0.0)),
        ((NAN, 1.0), (NAN, NAN)),
    ];
    max: smooth [(1.5, -2.5), (-0.5, 0.3)], edges [
        ((1.0, 1.0), (0.5, 0.5)),
        ((0.0, -0.0), (0.5, 0.5)),
        ((INF, INF), (0.5, 0.5)),
        ((-INF, 1.0), (0.0, 1.0)),
        ((NAN, 1.0), (0.0, 1.0)),
        ((1.0, NAN), (1.0, 0.0)),
    ];
    min: smooth [(1.5, -2.5), (-0.5, 0.3)], edges [
        ((1.0, 1.0), (0.5, 0.5)),
        ((0.0, -0.0), (0.5, 0.5)),
        ((-INF, -INF), (0.5, 0.5)),
        ((-INF, 1.0), (1.0, 0.0)),
        ((NAN, 1.0), (0.0, 1.0)),
        ((1.0, NAN), (1.0, 0.0)),
    ];
    copysign: smooth [(1.5, -2.5), (-0.5, 0.3), (2.0, 3.0), (-2.0, -3.0)], edges [
        ((2.0, 0.0), (1.0, 0.0)),
        ((2.0, -0.0), (-1.0, 0.0)),
        ((0.0, -2.0), (0.0, 0.0)),
        ((-INF, 1.0), (-1.0, 0.0)),
    ];
    leaky_relu: smooth [(1.5, 0.1), (-0.5, 0.3), (-2.0, -3.0)], edges [
        ((0.0, 0.25), (0.25, 0.0)),
        ((-0.0, 0.25), (0.25, 0.0)),
        ((INF, 0.25), (1.0, 0.0)),
        ((-INF, 0.25), (0.25, -INF)),
    ];
}

mod unary_operators {
    use super::*;

    #[differentiable]
    fn negated<T: Real>(x: T) -> T {
        -x
    }
    #[differentiable]
    fn narrowed(x: f64) -> f32 {
        x as f32
    }
    #[differentiable]
    fn widened(x: f32) -> f64 {
        f64::from(x) + x as f64
    }

    #[test]
    fn are_linear() {
        for x in [-2.0, 0.0, 3.0, INF, NAN] {
            assert_eq!((negated::grad(x), negated::grad(x as f32)), (-1.0, -1.0));
            assert_eq!((narrowed::grad(x), widened::grad(x as f32)), (1.0, 2.0));
        }
    }
}

mod powi {
    use super::*;

    #[differentiable]
    fn power<T: Real>(x: T, n: i32) -> T {
        x.powi(n)
    }

    #[test]
    fn interior() {
        for n in [-3, -1, 0, 1, 2, 3, 4, 7] {
            for x in [-1.5, -0.7, 0.7, 1.5] {
                assert_gradient!(power, x, n);
                assert_gradient!(power, x as f32, n);
            }
        }
    }

    #[test]
    fn edges() {
        let cases = [
            (0.0, 0, 0.0),
            (0.0, 1, 1.0),
            (-0.0, 2, 0.0),
            (0.0, 3, 0.0),
            (0.0, -1, -INF),
            (2.0, -1, -0.25),
            (INF, 0, 0.0),
            (INF, 2, INF),
            (INF, -1, 0.0),
            (-INF, 3, INF),
            (NAN, 0, 0.0),
            (NAN, 1, 1.0),
            (NAN, 2, NAN),
            (1.0, i32::MAX, f64::from(i32::MAX)),
            (1.0, i32::MIN, f64::from(i32::MIN)),
        ];
        for (x, n, expected) in cases {
            assert!(same(power::grad(x, n), expected), "{x} to the power {n}");
            let found = f64::from(power::grad(x as f32, n));
            assert!(same(found, f64::from(expected as f32)), "f32 {x} to the power {n}");
        }
    }
}

mod ternary {
    use super::*;

    #[differentiable]
    fn mul_add<T: Real>(a: T, b: T, c: T) -> T {
        a.mul_add(b, c)
    }
    #[differentiable]
    fn clamp<T: Real>(x: T, low: T, high: T) -> T {
        x.clamp(low, high)
    }
    #[differentiable]
    fn clamp_to_constants<T: Real>(x: T) -> T {
        x.clamp(-T::ONE, T::ONE)
    }

    #[test]
    fn interior() {
        assert_gradient!(mul_add, 1.5, -2.5, 0.5);
        assert_gradient!(mul_add, 1.5_f32, -2.5, 0.5);
        for x in [-1.5, 0.3, 1.5] {
            assert_gradient!(clamp, x, -1.0, 1.0);
            assert_gradient!(clamp, x as f32, -1.0, 1.0);
            assert_gradient!(clamp_to_constants, x);
        }
    }

    #[test]
    fn edges() {
        // As max and then min: half of what flows at a tie.
        let cases = [
            ((1.0, -1.0, 1.0), (0.5, 0.0, 0.5)),
            ((-1.0, -1.0, 1.0), (0.5, 0.5, 0.0)),
            ((INF, -1.0, 1.0), (0.0, 0.0, 1.0)),
            ((-INF, -1.0, 1.0), (0.0, 1.0, 0.0)),
            ((0.5, -INF, INF), (1.0, 0.0, 0.0)),
            ((1.0, 1.0, 1.0), (0.25, 0.25, 0.5)),
        ];
        for ((x, low, high), expected) in cases {
            assert_eq!(clamp::grad(x, low, high), expected, "{x} within {low} and {high}");
        }
        assert_eq!(clamp::grad(1.0_f32, -1.0, 1.0), (0.5, 0.0, 0.5));
        assert_eq!(clamp_to_constants::grad(-1.0_f32), 0.5);
        assert_eq!(mul_add::grad(0.0, INF, NAN), (INF, 0.0, 1.0));
    }
}
