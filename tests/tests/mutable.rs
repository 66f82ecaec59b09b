//! Parameters by mutable reference, local mutable references, and calls that hand them on.

use tapeless::check::{compare, numerical_gradient};
use tapeless::prelude::*;

/// Compares a gradient with differences of a function. The arguments are one value, a tuple of them if there are several.
#[track_caller]
fn agrees<X: Differentiable + Clone>(x: X, function: impl Fn(X) -> f64, both: impl Fn(X) -> (f64, X::Tangent)) {
    let (value, gradient) = both(x.clone());
    let expected = function(x.clone());
    assert!(value == expected, "{value} {expected}");
    let differences = numerical_gradient(|x: &X| function(x.clone()), &x);
    if let Err(mismatch) = compare(&gradient, &differences, 1e-6) {
        panic!("{mismatch}");
    }
}

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Ball {
    x: f64,
    v: [f64; 2],
    hits: usize,
}

const BALL: Ball = Ball {
    x: 0.7,
    v: [0.4, -1.2],
    hits: 0,
};

mod parameters {
    use super::*;

    #[differentiable]
    fn scale(x: &mut f64, k: f64) {
        *x *= k;
    }

    #[differentiable]
    fn scale_and_give(x: &mut f64, k: f64) -> f64 {
        *x = x.sin() * k;
        *x * *x
    }

    #[differentiable]
    fn step(b: &mut Ball, dt: f64) {
        b.x += b.v[0] * dt;
        for i in 0..2 {
            b.v[i] -= dt * b.x * b.v[1 - i];
        }
        if b.x > 1.0 {
            b.hits += 1;
            b.v[0] = -b.v[0];
        }
    }

    #[differentiable]
    fn early(b: &mut Ball, n: usize) -> f64 {
        if n == 0 {
            return b.x;
        }
        for i in 0..n {
            b.x *= b.v[0];
            if i == 2 {
                return b.x * b.v[1];
            }
        }
        b.v = [b.x, b.x * b.x];
        b.v[1]
    }

    #[differentiable]
    fn smooth(xs: &mut [f64], w: f64) -> f64 {
        let mut sum = 0.0;
        for i in 1..xs.len() {
            xs[i] = w * xs[i] + (1.0 - w) * xs[i - 1];
            sum += xs[i];
        }
        sum
    }

    #[differentiable]
    fn fill(xs: &mut [f64; 3], x: f64) {
        let new = [x, x * x, x.sin()];
        for (i, e) in new.iter().enumerate() {
            xs[i] = *e;
        }
    }

    #[differentiable]
    fn whole(b: &mut Ball, other: &Ball) {
        let old = *b;
        *b = Ball {
            x: old.x * other.x,
            ..*other
        };
        b.v[0] += old.v[1];
    }

    #[differentiable]
    fn several(a: &mut f64, b: &mut [f64; 2], c: &f64, d: f64) -> f64 {
        let t = *a;
        *a = b[0] * c + d;
        b[1] *= *a + t;
        t * b[1] * d
    }

    #[differentiable]
    fn untouched(a: &mut f64, b: f64) -> f64 {
        *a * b
    }

    #[differentiable]
    fn counted(x: f64, #[no_diff] log: &mut Vec<f64>, n: &mut usize) -> f64 {
        log.push(1.0);
        *n += 1;
        x * *n as f64
    }

    #[differentiable]
    fn growing(xs: &mut Vec<f64>, x: f64) -> f64 {
        xs.push(x * x);
        xs[0] *= x;
        xs[xs.len() - 1] * xs[0]
    }

    #[test]
    fn gradients() {
        agrees(
            (0.8, 1.3),
            |(mut x, k)| scale_and_give(&mut x, k),
            |(mut x, k)| scale_and_give::value_and_grad(&mut x, k),
        );
        for n in 0..5 {
            agrees(BALL, |mut b| early(&mut b, n), |mut b| early::value_and_grad(&mut b, n));
        }
        for n in 0..5 {
            let xs: Vec<f64> = (0..n).map(|i| (i as f64).cos()).collect();
            agrees(
                (xs, 0.3),
                |(mut xs, w)| smooth(&mut xs, w),
                |(mut xs, w)| smooth::value_and_grad(&mut xs, w),
            );
        }
        agrees(
            (0.5, [1.2, -0.7], 0.9, 2.0),
            |(mut a, mut b, c, d)| several(&mut a, &mut b, &c, d),
            |(mut a, mut b, c, d)| several::value_and_grad(&mut a, &mut b, &c, d),
        );
        agrees(
            (0.5, 2.0),
            |(mut a, b)| untouched(&mut a, b),
            |(mut a, b)| untouched::value_and_grad(&mut a, b),
        );
        agrees(
            (vec![0.5, 2.0], 1.5),
            |(mut xs, x)| growing(&mut xs, x),
            |(mut xs, x)| growing::value_and_grad(&mut xs, x),
        );
        let (mut log, mut n) = (vec![], 2);
        assert_eq!(counted::value_and_grad(1.5, &mut log, &mut n), (4.5, 3.0));
        assert_eq!((log.len(), n), (1, 3));
    }

    #[test]
    fn they_write_what_the_function_writes() {
        let (mut x, mut y) = (0.8, 0.8);
        scale_and_give(&mut x, 1.3);
        let _ = scale_and_give::grad(&mut y, 1.3);
        assert_eq!(x, y);
        let (mut dx, mut dk) = (9.0, 9.0);
        y = 0.8;
        scale_and_give::value_and_grad_into(&mut y, 1.3, &mut dx, &mut dk);
        assert_eq!(x, y);
        assert_eq!((dx, dk), scale_and_give::grad(&mut { 0.8 }, 1.3));
        let (mut a, mut b) = (vec![1.0, 2.0, 3.0], vec![1.0, 2.0, 3.0]);
        smooth(&mut a, 0.3);
        let (_, (mut xs_bar, mut w_bar)) = smooth::value_and_grad(&mut b, 0.3);
        assert_eq!(a, b);
        let before = (xs_bar.clone(), w_bar);
        xs_bar.fill(7.0);
        smooth::value_and_grad_into(&mut vec![1.0, 2.0, 3.0], 0.3, &mut xs_bar, &mut w_bar);
        assert_eq!(before, (xs_bar, w_bar));
    }

    /// Each cotangent of what comes out, against differences of the product with it.
    #[test]
    fn pullbacks() {
        let bars = [
            BallTangent { x: 1.0, v: [0.0, 0.0] },
            BallTangent { x: 0.0, v: [1.0, 0.0] },
            BallTangent { x: 0.0, v: [0.0, 1.0] },
            BallTangent { x: 0.5, v: [-2.0, 3.0] },
        ];
        for bar in bars {
            let along = |b: Ball| bar.x * b.x + bar.v[0] * b.v[0] + bar.v[1] * b.v[1];
            for dt in [0.1, 2.0] {
                agrees(
                    (BALL, dt),
                    |(mut b, dt)| {
                        step(&mut b, dt);
                        along(b)
                    },
                    |(mut b, dt)| {
                        let ((), pullback) = step::vjp(&mut b, dt);
                        let gradient = pullback((), bar.clone());
                        (along(b), gradient)
                    },
                );
            }
            agrees(
                (BALL, Ball { x: 1.5, ..BALL }),
                |(mut b, c)| {
                    whole(&mut b, &c);
                    along(b)
                },
                |(mut b, c)| {
                    let ((), pullback) = whole::vjp(&mut b, &c);
                    let gradient = pullback((), bar.clone());
                    (along(b), gradient)
                },
            );
            for n in 0..5 {
                agrees(
                    BALL,
                    |mut b| 0.3 * early(&mut b, n) + along(b),
                    |mut b| {
                        let (y, pullback) = early::vjp(&mut b, n);
                        let gradient = pullback(0.3, bar.clone());
                        (0.3 * y + along(b), gradient)
                    },
                );
            }
        }
        agrees(
            (0.5, [1.2, -0.7], 0.9, 2.0),
            |(mut a, mut b, c, d)| {
                let y = several(&mut a, &mut b, &c, d);
                2.0 * y + 3.0 * a + 0.5 * b[0] - b[1]
            },
            |(mut a, mut b, c, d)| {
                let (y, pullback) = several::vjp(&mut a, &mut b, &c, d);
                let gradient = pullback(2.0, 3.0, [0.5, -1.0]);
                (2.0 * y + 3.0 * a + 0.5 * b[0] - b[1], gradient)
            },
        );
        let mut x = 2.0;
        let ((), pullback) = scale::vjp(&mut x, 3.0);
        assert_eq!(pullback((), 1.0), (3.0, 2.0));
        assert_eq!(x, 6.0);
        let mut xs = [1.0, 2.0, 3.0];
        let ((), pullback) = fill::vjp(&mut xs, 0.5);
        assert_eq!(pullback((), [1.0, 10.0, 0.0]), ([0.0; 3], 11.0));
        assert_eq!(xs, [0.5, 0.25, 0.5_f64.sin()]);
    }

    // ----- calls

    #[differentiable]
    fn calls(x: f64, k: f64, n: usize) -> f64 {
        let mut y = x;
        let mut b = Ball { x, v: [k, x], hits: 0 };
        let mut xs = [[x, k], [k * x, 1.0]];
        for i in 0..n {
            scale(&mut y, k);
            scale(&mut b.v[i % 2], y);
            let z = scale_and_give(&mut xs[i % 2][1], b.x);
            step(&mut b, 0.1 * z);
            if i == 3 {
                scale(&mut b.x, 0.5);
            }
            b.x += early(&mut b, i) * 0.01;
        }
        y * b.x + b.v[0] * xs[0][1] + xs[1][1] * b.v[1] + b.hits as f64
    }

    #[differentiable]
    fn hands_on(b: &mut Ball, k: f64) -> f64 {
        step(b, k);
        scale(&mut b.x, k);
        // What is also written to otherwise is taken to be read here.
        let first = early(&mut *b, 2);
        let read = reads(b, k) * b.x;
        inner(&mut *b, first) * k + read
    }

    #[differentiable]
    fn reads(b: &Ball, k: f64) -> f64 {
        b.x * b.v[1] * k
    }

    #[differentiable]
    fn derivative(y: &[f64; 2], p: f64, out: &mut [f64; 2]) {
        out[0] = y[1];
        out[1] = -p * y[0];
    }

    #[differentiable]
    fn heun(y: &mut [f64; 2], p: f64, h: f64) {
        let mut first = [0.0; 2];
        let mut second = [0.0; 2];
        derivative(y, p, &mut first);
        let middle = [y[0] + h * first[0], y[1] + h * first[1]];
        derivative(&middle, p, &mut second);
        for i in 0..2 {
            y[i] += 0.5 * h * (first[i] + second[i]);
        }
    }

    #[differentiable]
    fn only_hands_on(b: &mut Ball, k: f64) -> f64 {
        let first = early(b, 2);
        inner(b, first) * k
    }

    #[differentiable]
    fn oscillates(x: f64, p: f64, n: usize) -> f64 {
        let mut y = [x, 0.0];
        for _ in 0..n {
            heun(&mut y, p, 0.1);
        }
        y[0] * y[1]
    }

    #[differentiable]
    fn inner(ball: &mut Ball, b: f64) -> f64 {
        ball.v[1] *= b;
        scale_and_give(&mut ball.v[1], b) + ball.x
    }

    #[differentiable]
    fn slices(x: f64, n: usize) -> f64 {
        let mut xs: Vec<f64> = vec![x; n];
        let total = smooth(&mut xs, x);
        let mut sum = total;
        for i in 0..n {
            sum += xs[i] * (i as f64);
        }
        sum
    }

    #[differentiable]
    fn recursive(b: &mut Ball, n: usize) -> f64 {
        if n == 0 {
            return b.x;
        }
        b.x = b.x.sin() + b.v[0];
        let rest = recursive(b, n - 1);
        b.v[0] *= rest;
        rest * b.x
    }

    #[differentiable]
    fn both(x: f64, y: f64) -> f64 {
        let mut a = x;
        let mut b = [y, x * y];
        let c = several(&mut a, &mut b, &y, x);
        let d = several(&mut b[1], &mut [a, c], &x, c);
        a * b[0] * b[1] + d + c
    }

    #[test]
    fn within_functions() {
        for n in 0..6 {
            assert_gradient!(calls, 0.8, 1.1, n);
            assert_eq!(calls::value_and_grad(0.8, 1.1, n).0, calls(0.8, 1.1, n));
            assert_gradient!(slices, 0.6, n);
            agrees(
                BALL,
                |mut b| recursive(&mut b, n) + b.v[0],
                |mut b| {
                    let (y, pullback) = recursive::vjp(&mut b, n);
                    let bar = BallTangent { x: 0.0, v: [1.0, 0.0] };
                    let gradient = pullback(1.0, bar);
                    (y + b.v[0], gradient)
                },
            );
        }
        agrees(
            (BALL, 0.3),
            |(mut b, k)| hands_on(&mut b, k),
            |(mut b, k)| hands_on::value_and_grad(&mut b, k),
        );
        agrees(
            (BALL, 0.3),
            |(mut b, k)| only_hands_on(&mut b, k),
            |(mut b, k)| only_hands_on::value_and_grad(&mut b, k),
        );
        for n in 0..4 {
            assert_gradient!(oscillates, 0.4, 1.7, n);
        }
        assert_gradient!(both, 0.4, 1.7);
    }
}

mod locals {
    use super::*;

    #[differentiable]
    fn field(mut b: Ball, k: f64) -> f64 {
        let p = &mut b.x;
        *p *= k;
        *p += p.sin();
        let v = &mut b.v;
        v[0] = v[1] * k;
        let w = &mut b.v[1];
        *w -= k;
        b.x * b.v[0] + b.v[1]
    }

    #[differentiable]
    fn rows(x: f64, n: usize) -> f64 {
        let mut a = [[x, 1.0, x * x], [2.0, x, 0.5]];
        let mut i = 0;
        for j in 0..n {
            let row = &mut a[i];
            i = 1 - i;
            row[j % 3] = row[(j + 1) % 3] * x;
            let e = &mut row[2];
            *e += x;
            if *e > 5.0 {
                *e = 1.0;
            }
        }
        let mut sum = 0.0;
        for row in &a {
            for e in row {
                sum += e * e;
            }
        }
        sum
    }

    #[differentiable]
    fn blocks(x: f64, y: f64) -> f64 {
        let mut a = x;
        {
            let p = &mut a;
            *p += y;
            {
                let a = &mut *p;
                *a *= y;
            }
        }
        let p = 3.0;
        a * p
    }

    #[differentiable]
    fn shadowed(x: f64) -> f64 {
        let mut p = x;
        let q = &mut p;
        *q *= 2.0;
        let mut p = p * x;
        let q = &mut p;
        *q *= 3.0;
        p
    }

    #[differentiable]
    fn handed(x: f64) -> f64 {
        let mut b = [x, x * x];
        let p = &mut b[1];
        double(p);
        double(&mut *p);
        let b_1 = &mut b;
        double(&mut b_1[0]);
        b[0] * b[1]
    }

    #[differentiable]
    fn double(x: &mut f64) {
        let y = x;
        *y *= 2.0;
    }

    #[differentiable]
    fn of_a_parameter(b: &mut Ball, k: f64) -> f64 {
        let v = &mut b.v;
        v[0] *= k;
        let x = &mut b.x;
        *x += k;
        let s = b;
        s.x *= s.v[0];
        s.x
    }

    #[test]
    fn gradients() {
        assert_gradient!(field, BALL, 1.3);
        for n in 0..7 {
            assert_gradient!(rows, 0.8, n);
        }
        assert_gradient!(blocks, 0.8, 1.7);
        assert_gradient!(shadowed, 0.8);
        assert_gradient!(handed, 0.8);
        agrees(
            (BALL, 1.4),
            |(mut b, k)| of_a_parameter(&mut b, k),
            |(mut b, k)| of_a_parameter::value_and_grad(&mut b, k),
        );
    }
}

/// Names like those that generated code has, and names of what is around.
mod names {
    use super::*;

    #[differentiable]
    fn after(x_after: &mut f64, x: &mut f64, t_1: f64) -> f64 {
        let this = *x * t_1;
        let value = *x_after;
        *x = value;
        *x_after = this;
        let inner = *x_after * *x;
        let index = &mut [inner, t_1];
        index[0] *= 2.0;
        index[0] * value
    }

    #[differentiable]
    fn place(result: &mut f64, seed: f64) -> f64 {
        let pullback = seed * *result;
        after(result, &mut { seed }, pullback) + *result
    }

    #[test]
    fn gradients() {
        agrees(
            (0.4, 0.7, 1.3),
            |(mut a, mut b, c)| after(&mut a, &mut b, c),
            |(mut a, mut b, c)| after::value_and_grad(&mut a, &mut b, c),
        );
        agrees(
            (0.4, 0.7),
            |(mut a, b)| place(&mut a, b),
            |(mut a, b)| place::value_and_grad(&mut a, b),
        );
    }
}

mod generic {
    use super::*;

    #[differentiable]
    fn advance<T: Real, const N: usize>(xs: &mut [T; N], dt: T) {
        for i in 0..N {
            xs[i] = xs[i] + dt * xs[(i + 1) % N];
        }
    }

    #[differentiable]
    fn swing<'a>(b: &'a mut Ball, others: &'a [f64]) -> f64 {
        for o in others {
            b.x += o * b.v[0];
        }
        b.x
    }

    #[differentiable]
    fn simulate(x: f64, dt: f64, n: usize) -> f64 {
        let mut xs = [x, x * x, 1.0];
        for _ in 0..n {
            advance(&mut xs, dt);
            advance::<f64, 3>(&mut xs, dt * x);
        }
        xs[0] * xs[1] + xs[2]
    }

    #[differentiable]
    fn single(x: f32, n: usize) -> f32 {
        let mut xs = [x, 0.5];
        for _ in 0..n {
            advance(&mut xs, x);
        }
        xs[0] * xs[1]
    }

    #[test]
    fn gradients() {
        for n in 0..4 {
            assert_gradient!(simulate, 0.7, 0.1, n);
            assert_gradient!(single, 0.7, n);
        }
        agrees(
            (BALL, vec![0.3, 0.2]),
            |(mut b, o)| swing(&mut b, &o),
            |(mut b, o)| swing::value_and_grad(&mut b, &o),
        );
    }
}

/// A parameter that is handed on as it is, and written to by `iter_mut`.
mod read_and_then_written {
    use tapeless::prelude::*;

    #[differentiable]
    fn product(b: &[f64]) -> f64 {
        b[0] * b[1]
    }

    #[differentiable]
    fn step(b: &mut Vec<f64>, k: f64) {
        let a = product(b);
        for v in b.iter_mut() {
            *v += a * k;
        }
    }

    #[differentiable]
    fn step_by_number(b: &mut [f64], k: f64) {
        let a = product(b);
        for (i, v) in b.iter_mut().enumerate() {
            *v += a * k * i as f64;
        }
    }

    #[differentiable]
    fn steps(k: f64) -> f64 {
        let mut b = vec![k, 2.0 * k];
        for _ in 0..3 {
            step(&mut b, k * 0.1);
            step_by_number(&mut b, k);
        }
        b[0] * b[1]
    }

    #[test]
    fn agrees_with_differences() {
        assert_gradient!(steps, 0.6);
        assert_eq!(steps::value_and_grad(0.6).0, steps(0.6));
    }
}
