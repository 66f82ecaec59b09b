//! Functions of hundreds of operations in a row: what they declare together, and accumulators of their own.

use tapeless::prelude::*;

/// A function that does the same for each of the numbers.
macro_rules! long {
    ($name:ident: $($k:tt)*) => {
        #[differentiable]
        fn $name(x: f64, p: &[f64; 2], _unused: f64) -> f64 {
            let mut s = x;
            let mut best = p[0];
            $(
                let v = (s * p[1] + f64::from($k)).sin();
                let w: f64 = v - x * 0.3;
                if v > best {
                    best = v * w;
                } else {
                    s += p[0];
                }
                s = (s * 0.5 + w) / (1.0 + v * v);
            )*
            s * best
        }
    };
}

long!(branches: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40);

/// The same without branches, so that all stands in one region.
macro_rules! straight {
    ($name:ident: $($k:tt)*) => {
        #[differentiable]
        fn $name(x: f64, p: &[f64; 2], _unused: f64) -> f64 {
            let mut s = x;
            let mut v = [p[0], p[1], x];
            $(
                let w = (s * v[$k % 3] + f64::from($k)).sin();
                v[($k + 1) % 3] = w - x * 0.3;
                s = -(s * 0.5 + w) / (1.0 + v[1] * v[1]);
            )*
            s * v[0] + v[2]
        }
    };
}

straight!(in_one: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50);

/// A call of it, in a loop.
#[differentiable]
fn twice(x: f64, p: &[f64; 2]) -> f64 {
    let mut s = x;
    for _ in 0..2 {
        s = in_one(s, p, x) + 0.2 * in_one(x, p, s);
    }
    s
}

/// As many operations before a loop of sums, and in the body of a loop that is run again, where not everything is needed again.
macro_rules! around_a_loop {
    ($before:ident $inside:ident: $($k:tt)*) => {
        #[differentiable]
        fn $before(x: f64, xs: &[f64]) -> f64 {
            let mut s = x;
            $(
                let w = (s * x + f64::from($k)).sin();
                s = s * 0.5 + w / (1.0 + w * w);
            )*
            let mut sum = 0.0;
            for v in xs {
                sum += v * s.sin();
            }
            sum
        }

        #[differentiable]
        fn $inside(x: f64, xs: &[f64]) -> f64 {
            let mut s = x;
            let mut linear = 0.0;
            for v in xs {
                $(
                    let w = (s * v + f64::from($k)).sin();
                    linear += w * 2.0 + x;
                    s = s * 0.5 + w / (1.0 + w * w);
                )*
            }
            s + linear
        }
    };
}

around_a_loop!(before_a_loop in_a_loop: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60);

#[test]
fn loops_agree_with_differences() {
    for x in [-0.7, 0.4] {
        for xs in [&[][..], &[0.3], &[0.3, -0.2, 1.1]] {
            assert_gradient!(before_a_loop, x, xs);
            assert_gradient!(in_a_loop, x, xs);
        }
    }
}

#[test]
fn they_agree_with_differences() {
    for x in [-0.7, 0.0, 0.4, 1.9] {
        for p in [[0.3, 0.8], [-1.1, 0.2]] {
            assert_gradient!(branches, x, &p, 1.0);
            assert_gradient!(in_one, x, &p, 1.0);
            assert_gradient!(twice, x, &p);
            let (mut x_bar, mut p_bar, mut unused_bar) = (f64::NAN, [f64::NAN; 2], f64::NAN);
            let value = in_one::value_and_grad_into(x, &p, 1.0, &mut x_bar, &mut p_bar, &mut unused_bar);
            assert_eq!(value, in_one(x, &p, 1.0));
            assert_eq!((x_bar, p_bar, unused_bar), in_one::grad(x, &p, 1.0));
            assert_eq!(unused_bar, 0.0);
        }
    }
}
