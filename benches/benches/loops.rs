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

    macro_rules! steps {
        ($name:ident, $attribute:meta) => {
            #[$attribute]
            fn $name(angle: f64, velocity: f64, gravity: f64, steps: usize) -> f64 {
                let (mut angle, mut velocity) = (angle, velocity);
                for _ in 0..steps {
                    velocity -= DT * gravity * angle.sin();
                    angle += DT * velocity;
                }
                angle
            }
        };
    }
    steps!(f, differentiable);
    steps!(places, differentiable(checkpoints = 128));
    steps!(all, differentiable(checkpoints = all));

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
                    contestant("generated, 128 states", || {
                        places::value_and_grad(black_box(0.5), 0.1, black_box(9.81), steps)
                    }),
                    contestant("generated, all kept", || {
                        all::value_and_grad(black_box(0.5), 0.1, black_box(9.81), steps)
                    }),
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

    #[inline(never)]
    fn by_iterators(x: &[f64; N], y: &[f64; N], dx: &mut [f64; N], dy: &mut [f64; N]) -> f64 {
        dot::value_and_grad_into(x, y, dx, dy)
    }

    #[inline(never)]
    fn by_indices(x: &[f64; N], y: &[f64; N], dx: &mut [f64; N], dy: &mut [f64; N]) -> f64 {
        dot_by_index::value_and_grad_into(x, y, dx, dy)
    }

    #[inline(never)]
    fn of_slices(x: &[f64], y: &[f64], dx: &mut [f64], dy: &mut [f64]) -> f64 {
        dot_of_slices::value_and_grad_into(x, y, dx, dy)
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
                    by_iterators(black_box(&x), black_box(&y), &mut dx, &mut dy)
                }),
                contestant("generated, indices", || {
                    by_indices(black_box(&x), black_box(&y), &mut ix, &mut iy)
                }),
                contestant("generated, slices", || {
                    of_slices(black_box(&x), black_box(&y), &mut sx, &mut sy)
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

/// The mixture-model objective: the logarithm of a sum of exponentials for each of many points.
mod mixture {
    use super::*;

    const POINTS: usize = 1000;
    const D: usize = 10;
    const K: usize = 5;

    #[differentiable]
    fn f(weights: &[f64], means: &[[f64; D]], widths: &[[f64; D]], #[no_diff] points: &[[f64; D]]) -> f64 {
        let mut logs = [0.0; K];
        for k in 0..K {
            let mut log = 0.0;
            for j in 0..D {
                log += widths[k][j];
            }
            logs[k] = log;
        }
        let mut inverse = [[0.0; D]; K];
        for k in 0..K {
            for j in 0..D {
                inverse[k][j] = widths[k][j].exp();
            }
        }
        let mut sum = 0.0;
        for point in points {
            let mut terms = [0.0; K];
            let mut largest = f64::NEG_INFINITY;
            for k in 0..K {
                let mut square = 0.0;
                for j in 0..D {
                    let y = inverse[k][j] * (point[j] - means[k][j]);
                    square += y * y;
                }
                terms[k] = weights[k] + logs[k] - 0.5 * square;
                largest = largest.max(terms[k]);
            }
            let mut total = 0.0;
            for k in 0..K {
                total += (terms[k] - largest).exp();
            }
            sum += total.ln() + largest;
        }
        sum
    }

    #[inline(never)]
    fn primal(weights: &[f64], means: &[[f64; D]], widths: &[[f64; D]], points: &[[f64; D]]) -> f64 {
        f(weights, means, widths, points)
    }

    /// Forward and back for each point at once, with what the exponentials and the differences were.
    #[inline(never)]
    fn hand(
        weights: &[f64],
        means: &[[f64; D]],
        widths: &[[f64; D]],
        points: &[[f64; D]],
        (weights_bar, means_bar, widths_bar): (&mut [f64], &mut [[f64; D]], &mut [[f64; D]]),
    ) -> f64 {
        let inverse: [[f64; D]; K] = std::array::from_fn(|k| widths[k].map(f64::exp));
        let logs: [f64; K] = std::array::from_fn(|k| widths[k].iter().sum());
        weights_bar.fill(0.0);
        means_bar.fill([0.0; D]);
        let (mut inverse_bar, mut logs_bar) = ([[0.0; D]; K], [0.0; K]);
        let mut sum = 0.0;
        for point in points {
            let (mut terms, mut ys) = ([0.0; K], [[0.0; D]; K]);
            for k in 0..K {
                let mut square = 0.0;
                for j in 0..D {
                    ys[k][j] = inverse[k][j] * (point[j] - means[k][j]);
                    square += ys[k][j] * ys[k][j];
                }
                terms[k] = weights[k] + logs[k] - 0.5 * square;
            }
            let largest = terms.iter().fold(f64::NEG_INFINITY, |most, term| most.max(*term));
            let exps = terms.map(|term| (term - largest).exp());
            let total: f64 = exps.iter().sum();
            sum += total.ln() + largest;
            for k in 0..K {
                let term_bar = exps[k] / total;
                weights_bar[k] += term_bar;
                logs_bar[k] += term_bar;
                for j in 0..D {
                    let y_bar = -term_bar * ys[k][j];
                    inverse_bar[k][j] += y_bar * (point[j] - means[k][j]);
                    means_bar[k][j] -= y_bar * inverse[k][j];
                }
            }
        }
        for k in 0..K {
            for j in 0..D {
                widths_bar[k][j] = logs_bar[k] + inverse_bar[k][j] * inverse[k][j];
            }
        }
        sum
    }

    pub(super) fn run() {
        let rows = |count: usize, seed: f64| -> Vec<[f64; D]> {
            (0..count)
                .map(|i| std::array::from_fn(|j| ((i * D + j) as f64 * seed).sin()))
                .collect()
        };
        let (points, means, widths) = (rows(POINTS, 0.37), rows(K, 0.73), rows(K, 0.19));
        let weights: Vec<f64> = (0..K).map(|k| (k as f64).cos()).collect();
        let (mut dw, mut dm, mut ds) = (weights.clone(), means.clone(), widths.clone());
        let (mut ew, mut em, mut es) = (weights.clone(), means.clone(), widths.clone());
        let value = f::value_and_grad_into(&weights, &means, &widths, &points, &mut dw, &mut dm, &mut ds);
        let expected = hand(&weights, &means, &widths, &points, (&mut ew, &mut em, &mut es));
        assert_close(&[value], &[expected]);
        assert_close(&dw, &ew);
        assert_close(dm.as_flattened(), em.as_flattened());
        assert_close(ds.as_flattened(), es.as_flattened());
        compare(
            "mixture model, 1000 points",
            vec![
                contestant("the function", || {
                    primal(black_box(&weights), black_box(&means), &widths, &points)
                }),
                contestant("by hand", || {
                    hand(
                        black_box(&weights),
                        black_box(&means),
                        &widths,
                        &points,
                        (&mut ew, &mut em, &mut es),
                    )
                }),
                contestant("generated", || {
                    f::value_and_grad_into(
                        black_box(&weights),
                        black_box(&means),
                        &widths,
                        &points,
                        &mut dw,
                        &mut dm,
                        &mut ds,
                    )
                }),
            ],
        );
    }
}

/// The cost of k-means: the squared distance of each point to its nearest centre.
mod kmeans {
    use super::*;

    const D: usize = 8;
    const K: usize = 10;

    #[differentiable]
    fn f(centres: &[[f64; D]], #[no_diff] points: &[[f64; D]]) -> f64 {
        let mut sum = 0.0;
        for point in points {
            let mut least = f64::INFINITY;
            for centre in centres {
                let mut square = 0.0;
                for j in 0..D {
                    let d = point[j] - centre[j];
                    square += d * d;
                }
                least = least.min(square);
            }
            sum += least;
        }
        sum
    }

    #[inline(never)]
    fn primal(centres: &[[f64; D]], points: &[[f64; D]]) -> f64 {
        f(centres, points)
    }

    #[inline(never)]
    fn hand(centres: &[[f64; D]], points: &[[f64; D]], bar: &mut [[f64; D]]) -> f64 {
        bar.fill([0.0; D]);
        let mut sum = 0.0;
        for point in points {
            let (mut least, mut nearest) = (f64::INFINITY, 0);
            for (k, centre) in centres.iter().enumerate() {
                let mut square = 0.0;
                for j in 0..D {
                    let d = point[j] - centre[j];
                    square += d * d;
                }
                if square < least {
                    (least, nearest) = (square, k);
                }
            }
            sum += least;
            for j in 0..D {
                bar[nearest][j] -= 2.0 * (point[j] - centres[nearest][j]);
            }
        }
        sum
    }

    pub(super) fn run() {
        let rows = |count: usize, seed: f64| -> Vec<[f64; D]> {
            (0..count)
                .map(|i| std::array::from_fn(|j| ((i * D + j) as f64 * seed).sin()))
                .collect()
        };
        let (points, centres) = (rows(1000, 0.37), rows(K, 0.73));
        let (mut bar, mut expected) = (centres.clone(), centres.clone());
        f::value_and_grad_into(&centres, &points, &mut bar);
        hand(&centres, &points, &mut expected);
        assert_close(bar.as_flattened(), expected.as_flattened());
        compare(
            "k-means cost, 1000 points",
            vec![
                contestant("the function", || primal(black_box(&centres), black_box(&points))),
                contestant("by hand", || {
                    hand(black_box(&centres), black_box(&points), &mut expected)
                }),
                contestant("generated", || {
                    f::value_and_grad_into(black_box(&centres), black_box(&points), &mut bar)
                }),
            ],
        );
    }
}

/// Runge-Kutta steps for a differential equation of two unknowns.
mod rk4 {
    use super::*;

    const DT: f64 = 0.01;

    #[differentiable]
    fn slope(x: f64, y: f64, mu: f64) -> (f64, f64) {
        (y, mu * (1.0 - x * x) * y - x)
    }

    #[differentiable]
    fn f(x: f64, y: f64, mu: f64, steps: usize) -> f64 {
        let (mut x, mut y) = (x, y);
        for _ in 0..steps {
            let a = slope(x, y, mu);
            let b = slope(x + 0.5 * DT * a.0, y + 0.5 * DT * a.1, mu);
            let c = slope(x + 0.5 * DT * b.0, y + 0.5 * DT * b.1, mu);
            let d = slope(x + DT * c.0, y + DT * c.1, mu);
            x += DT / 6.0 * (a.0 + 2.0 * b.0 + 2.0 * c.0 + d.0);
            y += DT / 6.0 * (a.1 + 2.0 * b.1 + 2.0 * c.1 + d.1);
        }
        x * x + y
    }

    #[inline(never)]
    fn primal(x: f64, y: f64, mu: f64, steps: usize) -> f64 {
        f(x, y, mu, steps)
    }

    #[inline(never)]
    fn generated(x: f64, y: f64, mu: f64, steps: usize) -> [f64; 4] {
        let (value, (x, y, mu)) = f::value_and_grad(x, y, mu, steps);
        [value, x, y, mu]
    }

    /// With the places where the slope was taken on a tape.
    #[inline(never)]
    fn hand(x: f64, y: f64, mu: f64, steps: usize, tape: &mut Vec<[(f64, f64); 4]>) -> [f64; 4] {
        let (mut x, mut y) = (x, y);
        tape.clear();
        let slope = |(x, y): (f64, f64)| (y, mu * (1.0 - x * x) * y - x);
        for _ in 0..steps {
            let a = slope((x, y));
            let at_b = (x + 0.5 * DT * a.0, y + 0.5 * DT * a.1);
            let b = slope(at_b);
            let at_c = (x + 0.5 * DT * b.0, y + 0.5 * DT * b.1);
            let c = slope(at_c);
            let at_d = (x + DT * c.0, y + DT * c.1);
            let d = slope(at_d);
            tape.push([(x, y), at_b, at_c, at_d]);
            x += DT / 6.0 * (a.0 + 2.0 * b.0 + 2.0 * c.0 + d.0);
            y += DT / 6.0 * (a.1 + 2.0 * b.1 + 2.0 * c.1 + d.1);
        }
        let (mut x_bar, mut y_bar, mut mu_bar) = (2.0 * x, 1.0, 0.0);
        for places in tape.iter().rev() {
            let weights = [1.0, 2.0, 2.0, 1.0].map(|weight| weight * DT / 6.0);
            let lengths = [0.5 * DT, 0.5 * DT, DT];
            let (end_x, end_y) = (x_bar, y_bar);
            let mut next = (0.0, 0.0);
            for stage in (0..4).rev() {
                let (x, y) = places[stage];
                let (mut k_x, mut k_y) = (weights[stage] * end_x, weights[stage] * end_y);
                if stage < 3 {
                    k_x += lengths[stage] * next.0;
                    k_y += lengths[stage] * next.1;
                }
                mu_bar += (1.0 - x * x) * y * k_y;
                next = (-(2.0 * mu * x * y + 1.0) * k_y, k_x + mu * (1.0 - x * x) * k_y);
                x_bar += next.0;
                y_bar += next.1;
            }
        }
        [x * x + y, x_bar, y_bar, mu_bar]
    }

    pub(super) fn run() {
        let mut tape = Vec::new();
        assert_close(&generated(0.5, 0.1, 1.2, 1000), &hand(0.5, 0.1, 1.2, 1000, &mut tape));
        compare(
            "Runge-Kutta, 1000 steps",
            vec![
                contestant("the function", || primal(black_box(0.5), 0.1, black_box(1.2), 1000)),
                contestant("by hand, with a tape", || {
                    hand(black_box(0.5), 0.1, black_box(1.2), 1000, &mut tape)
                }),
                contestant("generated", || generated(black_box(0.5), 0.1, black_box(1.2), 1000)),
            ],
        );
    }
}

/// A recurrent cell with gates, over many steps.
mod recurrent {
    use super::*;

    const H: usize = 8;

    #[derive(Differentiable, Clone, Debug)]
    struct Gates {
        input: [[f64; H]; 3],
        hidden: [[f64; H]; 3],
        bias: [[f64; H]; 3],
    }

    macro_rules! cell {
        ($name:ident, $attribute:meta) => {
            #[$attribute]
            fn $name(gates: &Gates, #[no_diff] inputs: &[f64]) -> f64 {
                let (mut hidden, mut cell) = ([0.0; H], [0.0; H]);
                for input in inputs {
                    for j in 0..H {
                        let k = (j + 1) % H;
                        let keep = gates.input[0][j] * input + gates.hidden[0][j] * hidden[k] + gates.bias[0][j];
                        let take = gates.input[1][j] * input + gates.hidden[1][j] * hidden[k] + gates.bias[1][j];
                        let new = gates.input[2][j] * input + gates.hidden[2][j] * hidden[k] + gates.bias[2][j];
                        cell[j] = cell[j] * keep.sigmoid() + take.sigmoid() * new.tanh();
                        hidden[j] = cell[j].tanh();
                    }
                }
                let mut sum = 0.0;
                for j in 0..H {
                    sum += hidden[j] * hidden[j];
                }
                sum
            }
        };
    }
    cell!(standard, differentiable);
    cell!(places, differentiable(checkpoints = 64));
    cell!(all, differentiable(checkpoints = all));

    pub(super) fn run() {
        let rows = |seed: f64| std::array::from_fn(|i| std::array::from_fn(|j| ((i * H + j) as f64 * seed).sin()));
        let gates = Gates {
            input: rows(0.37),
            hidden: rows(0.73),
            bias: rows(0.19),
        };
        let inputs: Vec<f64> = (0..1000).map(|i| (i as f64 * 0.1).sin()).collect();
        let expected = standard::grad(&gates, &inputs);
        assert_eq!(places::grad(&gates, &inputs), expected);
        assert_eq!(all::grad(&gates, &inputs), expected);
        compare(
            "recurrent cell, 1000 steps",
            vec![
                contestant("the function", || standard(black_box(&gates), black_box(&inputs))),
                contestant("generated", || standard::grad(black_box(&gates), black_box(&inputs))),
                contestant("generated, 64 states", || {
                    places::grad(black_box(&gates), black_box(&inputs))
                }),
                contestant("generated, all kept", || {
                    all::grad(black_box(&gates), black_box(&inputs))
                }),
            ],
        );
    }
}

/// Squares in place.
mod squares {
    use super::*;

    #[differentiable]
    fn f(x: &[f64; 1000]) -> f64 {
        let mut v = *x;
        for i in 0..1000 {
            v[i] = v[i] * v[i];
        }
        let mut sum = 0.0;
        for i in 0..1000 {
            sum += v[i];
        }
        sum
    }

    #[inline(never)]
    fn primal(x: &[f64; 1000]) -> f64 {
        f(x)
    }

    #[inline(never)]
    fn generated(x: &[f64; 1000], bar: &mut [f64; 1000]) -> f64 {
        f::value_and_grad_into(x, bar)
    }

    #[inline(never)]
    fn hand(x: &[f64; 1000], bar: &mut [f64; 1000]) -> f64 {
        let mut sum = 0.0;
        for i in 0..1000 {
            sum += x[i] * x[i];
            bar[i] = 2.0 * x[i];
        }
        sum
    }

    pub(super) fn run() {
        let x: [f64; 1000] = std::array::from_fn(|i| (i as f64 * 0.37).sin());
        let (mut bar, mut expected) = (x, x);
        generated(&x, &mut bar);
        hand(&x, &mut expected);
        assert_close(&bar, &expected);
        compare(
            "squares in place, 1000",
            vec![
                contestant("the function", || primal(black_box(&x))),
                contestant("by hand", || hand(black_box(&x), &mut expected)),
                contestant("generated", || generated(black_box(&x), &mut bar)),
            ],
        );
    }
}

fn main() {
    pendulum::run();
    logistic::run();
    sums::run();
    squares::run();
    elimination::run();
    mixture::run();
    kmeans::run();
    rk4::run();
    recurrent::run();
}
