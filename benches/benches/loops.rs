//! Generated gradients of loops against the function itself and against gradients written by hand.
#![allow(missing_docs, clippy::many_single_char_names, clippy::needless_range_loop)]

use std::hint::black_box;

use tapeless::prelude::*;
use tapeless_benches::{compare, contestant};

/// Asserts that two gradients are the same but for rounding.
#[track_caller]
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1.0_f64, |scale, one| scale.max(one.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * scale, "{found} {expected}");
    }
}

/// A pendulum, step by step: the state is a pair, and each step takes a sine.
mod pendulum {
    use super::*;

    const DT: f64 = 1e-4;

    #[differentiable]
    fn f(angle: f64, velocity: f64, gravity: f64, steps: usize) -> f64 {
        let (mut angle, mut velocity) = (angle, velocity);
        for _ in 0..steps {
            velocity -= DT * gravity * angle.sin();
            angle += DT * velocity;
        }
        angle
    }

    #[inline(never)]
    fn primal(angle: f64, velocity: f64, gravity: f64, steps: usize) -> f64 {
        f(angle, velocity, gravity, steps)
    }

    #[inline(never)]
    fn generated(angle: f64, velocity: f64, gravity: f64, steps: usize) -> [f64; 4] {
        let (value, (a, v, g)) = f::value_and_grad(angle, velocity, gravity, steps);
        [value, a, v, g]
    }

    /// With sine and cosine of every step on a tape that is allocated once.
    #[inline(never)]
    fn hand(angle: f64, velocity: f64, gravity: f64, steps: usize, tape: &mut Vec<(f64, f64)>) -> [f64; 4] {
        let (mut angle, mut velocity) = (angle, velocity);
        tape.clear();
        for _ in 0..steps {
            let (sin, cos) = angle.sin_cos();
            tape.push((sin, cos));
            velocity -= DT * gravity * sin;
            angle += DT * velocity;
        }
        let (mut angle_bar, mut velocity_bar, mut gravity_bar) = (1.0, 0.0, 0.0);
        for (sin, cos) in tape.iter().rev() {
            velocity_bar += DT * angle_bar;
            gravity_bar -= DT * sin * velocity_bar;
            angle_bar -= DT * gravity * cos * velocity_bar;
        }
        [angle, angle_bar, velocity_bar, gravity_bar]
    }

    pub(super) fn run() {
        let mut tape = Vec::new();
        for steps in [1_000, 10_000, 1_000_000] {
            assert_close(
                &generated(0.5, 0.1, 9.81, steps),
                &hand(0.5, 0.1, 9.81, steps, &mut tape),
            );
            compare(
                &format!("pendulum, {steps} steps"),
                vec![
                    contestant("the function", || primal(black_box(0.5), 0.1, black_box(9.81), steps)),
                    contestant("by hand, with a tape", || {
                        hand(black_box(0.5), 0.1, black_box(9.81), steps, &mut tape)
                    }),
                    contestant("generated", || generated(black_box(0.5), 0.1, black_box(9.81), steps)),
                ],
            );
        }
    }
}

/// A scalar that is mapped again and again, cheaply.
mod logistic {
    use super::*;

    #[differentiable]
    fn f(rate: f64, x: f64, steps: usize) -> f64 {
        let mut x = x;
        for _ in 0..steps {
            x = rate * x * (1.0 - x);
        }
        x
    }

    #[inline(never)]
    fn primal(rate: f64, x: f64, steps: usize) -> f64 {
        f(rate, x, steps)
    }

    #[inline(never)]
    fn generated(rate: f64, x: f64, steps: usize) -> [f64; 3] {
        let (value, (rate, x)) = f::value_and_grad(rate, x, steps);
        [value, rate, x]
    }

    #[inline(never)]
    fn hand(rate: f64, mut x: f64, steps: usize, tape: &mut Vec<f64>) -> [f64; 3] {
        tape.clear();
        for _ in 0..steps {
            tape.push(x);
            x = rate * x * (1.0 - x);
        }
        let (mut rate_bar, mut x_bar) = (0.0, 1.0);
        for x in tape.iter().rev() {
            rate_bar += x_bar * x * (1.0 - x);
            x_bar *= rate * (1.0 - 2.0 * x);
        }
        [x, rate_bar, x_bar]
    }

    pub(super) fn run() {
        let mut tape = Vec::new();
        for steps in [64, 1000] {
            assert_close(&generated(3.2, 0.3, steps), &hand(3.2, 0.3, steps, &mut tape));
            compare(
                &format!("logistic map, {steps} steps"),
                vec![
                    contestant("the function", || primal(black_box(3.2), black_box(0.3), steps)),
                    contestant("by hand, with a tape", || {
                        hand(black_box(3.2), black_box(0.3), steps, &mut tape)
                    }),
                    contestant("generated", || generated(black_box(3.2), black_box(0.3), steps)),
                ],
            );
        }
    }
}

/// Sums over elements: nothing but the sum is carried.
mod sums {
    use super::*;

    const N: usize = 1000;

    #[differentiable]
    fn dot(x: &[f64; N], y: &[f64; N]) -> f64 {
        let mut sum = 0.0;
        for (x, y) in x.iter().zip(y) {
            sum += x * y;
        }
        sum
    }

    #[differentiable]
    fn dot_by_index(x: &[f64; N], y: &[f64; N]) -> f64 {
        let mut sum = 0.0;
        for i in 0..N {
            sum += x[i] * y[i];
        }
        sum
    }

    #[differentiable]
    fn dot_of_slices(x: &[f64], y: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            sum += x[i] * y[i];
        }
        sum
    }

    /// The gradient of a dot product is the other vector.
    #[inline(never)]
    fn hand(x: &[f64; N], y: &[f64; N], dx: &mut [f64; N], dy: &mut [f64; N]) -> f64 {
        let mut sum = 0.0;
        for i in 0..N {
            sum += x[i] * y[i];
            dx[i] = y[i];
            dy[i] = x[i];
        }
        sum
    }

    pub(super) fn run() {
        let x: [f64; N] = std::array::from_fn(|i| (i as f64 * 0.37).sin());
        let y: [f64; N] = std::array::from_fn(|i| (i as f64 * 0.73).cos());
        let (mut dx, mut dy) = ([7.5; N], [7.5; N]);
        let (mut ex, mut ey) = ([0.0; N], [0.0; N]);
        hand(&x, &y, &mut ex, &mut ey);
        dot::value_and_grad_into(&x, &y, &mut dx, &mut dy);
        assert_close(&[dx, dy].concat(), &[ex, ey].concat());
        dot_by_index::value_and_grad_into(&x, &y, &mut dx, &mut dy);
        assert_close(&[dx, dy].concat(), &[ex, ey].concat());
        let (mut sx, mut sy) = (dx.to_vec(), dy.to_vec());
        let (mut ix, mut iy) = (dx, dy);
        dot_of_slices::value_and_grad_into(&x, &y, &mut sx, &mut sy);
        assert_close(&[&sx[..], &sy].concat(), &[ex, ey].concat());
        compare(
            "dot product of 1000",
            vec![
                contestant("the function", || dot(black_box(&x), black_box(&y))),
                contestant("by hand", || hand(black_box(&x), black_box(&y), &mut ex, &mut ey)),
                contestant("generated, iterators", || {
                    dot::value_and_grad_into(black_box(&x), black_box(&y), &mut dx, &mut dy)
                }),
                contestant("generated, indices", || {
                    dot_by_index::value_and_grad_into(black_box(&x), black_box(&y), &mut ix, &mut iy)
                }),
                contestant("generated, slices", || {
                    dot_of_slices::value_and_grad_into(black_box(&x), black_box(&y), &mut sx, &mut sy)
                }),
            ],
        );
    }
}

/// A linear system solved by elimination, in place: three nested loops, every step overwrites what later ones read.
mod elimination {
    use super::*;

    const N: usize = 8;
    type Square = [[f64; N]; N];

    #[differentiable]
    fn f(a: &Square, b: &[f64; N]) -> f64 {
        let (mut a, mut x) = (*a, *b);
        for k in 0..N {
            for i in k + 1..N {
                let factor = a[i][k] / a[k][k];
                for j in k + 1..N {
                    a[i][j] -= factor * a[k][j];
                }
                x[i] -= factor * x[k];
            }
        }
        for k in (0..N).rev() {
            for j in k + 1..N {
                x[k] -= a[k][j] * x[j];
            }
            x[k] /= a[k][k];
        }
        let mut sum = 0.0;
        for i in 0..N {
            sum += x[i] * x[i];
        }
        sum
    }

    #[inline(never)]
    fn primal(a: &Square, b: &[f64; N]) -> f64 {
        f(a, b)
    }

    #[inline(never)]
    fn generated(a: &Square, b: &[f64; N], a_bar: &mut Square, b_bar: &mut [f64; N]) -> f64 {
        f::value_and_grad_into(a, b, a_bar, b_bar)
    }

    /// With the factors kept: b̄ solves the transposed system for x̄, and ā = -b̄ xᵀ.
    #[inline(never)]
    fn hand(a: &Square, b: &[f64; N], a_bar: &mut Square, b_bar: &mut [f64; N]) -> f64 {
        let (mut lu, mut x) = (*a, *b);
        for k in 0..N {
            for i in k + 1..N {
                let factor = lu[i][k] / lu[k][k];
                lu[i][k] = factor;
                for j in k + 1..N {
                    lu[i][j] -= factor * lu[k][j];
                }
                x[i] -= factor * x[k];
            }
        }
        for k in (0..N).rev() {
            for j in k + 1..N {
                x[k] -= lu[k][j] * x[j];
            }
            x[k] /= lu[k][k];
        }
        *b_bar = x.map(|x| 2.0 * x);
        for k in 0..N {
            b_bar[k] /= lu[k][k];
            for j in k + 1..N {
                b_bar[j] -= lu[k][j] * b_bar[k];
            }
        }
        for k in (0..N).rev() {
            for i in k + 1..N {
                b_bar[k] -= lu[i][k] * b_bar[i];
            }
        }
        for i in 0..N {
            for j in 0..N {
                a_bar[i][j] = -b_bar[i] * x[j];
            }
        }
        x.iter().map(|x| x * x).sum()
    }

    pub(super) fn run() {
        let a: Square = std::array::from_fn(|i| {
            std::array::from_fn(|j| f64::from(u8::from(i == j)) * 4.0 + ((i * N + j) as f64).sin())
        });
        let b = std::array::from_fn(|i| (i as f64).cos());
        let (mut a_bar, mut b_bar) = ([[7.5; N]; N], [7.5; N]);
        let (mut a_expected, mut b_expected) = ([[0.0; N]; N], [0.0; N]);
        let value = generated(&a, &b, &mut a_bar, &mut b_bar);
        let expected = hand(&a, &b, &mut a_expected, &mut b_expected);
        assert_close(&[value], &[expected]);
        assert_close(a_bar.as_flattened(), a_expected.as_flattened());
        assert_close(&b_bar, &b_expected);
        compare(
            "linear system, 8 unknowns",
            vec![
                contestant("the function", || primal(black_box(&a), black_box(&b))),
                contestant("by hand", || {
                    hand(black_box(&a), black_box(&b), &mut a_expected, &mut b_expected)
                }),
                contestant("generated", || {
                    generated(black_box(&a), black_box(&b), &mut a_bar, &mut b_bar)
                }),
            ],
        );
    }
}

fn main() {
    pendulum::run();
    logistic::run();
    sums::run();
    elimination::run();
}
