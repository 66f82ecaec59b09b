//! Generated gradients of scalar functions against the same gradients written by hand.
#![allow(missing_docs, clippy::many_single_char_names)]

use std::hint::black_box;

use tapeless::prelude::*;
use tapeless_benches::{compare, contestant};

/// Asserts that two gradients are the same but for rounding.
#[track_caller]
fn assert_close<const N: usize>(found: (f64, [f64; N]), expected: (f64, [f64; N])) {
    let pairs = found.1.iter().zip(&expected.1).chain([(&found.0, &expected.0)]);
    for (found, expected) in pairs {
        assert!(
            (found - expected).abs() <= 1e-9 * (1.0 + expected.abs()),
            "{found} {expected}"
        );
    }
}

/// Measures many evaluations at different points, so that nothing is known beforehand and nothing can be hoisted.
macro_rules! versus {
    ($title:literal, $points:expr, |$point:pat_param| $generated:expr, $hand:expr) => {{
        let points = $points;
        for $point in &points {
            assert_close($generated, $hand);
        }
        compare(
            $title,
            vec![
                contestant("by hand", || {
                    let mut sum = 0.0;
                    for $point in black_box(&points) {
                        let (value, gradient) = $hand;
                        sum += value + gradient.iter().sum::<f64>();
                    }
                    sum
                }),
                contestant("generated", || {
                    let mut sum = 0.0;
                    for $point in black_box(&points) {
                        let (value, gradient) = $generated;
                        sum += value + gradient.iter().sum::<f64>();
                    }
                    sum
                }),
            ],
        );
    }};
}

/// A thousand points whose coordinates look random, in 0 … 1.
fn points<const N: usize>() -> Vec<[f64; N]> {
    let mut state = 17_u64;
    let mut number = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..1000).map(|_| std::array::from_fn(|_| number())).collect()
}

mod rosenbrock {
    use super::*;

    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let a = 1.0 - x;
        let b = y - x * x;
        a * a + 100.0 * b * b
    }

    #[inline(never)]
    fn generated(x: f64, y: f64) -> (f64, [f64; 2]) {
        let (value, (dx, dy)) = f::value_and_grad(x, y);
        (value, [dx, dy])
    }

    #[inline(never)]
    fn hand(x: f64, y: f64) -> (f64, [f64; 2]) {
        let a = 1.0 - x;
        let b = y - x * x;
        let db = 200.0 * b;
        (a * a + 100.0 * b * b, [-2.0 * a - 2.0 * x * db, db])
    }

    pub(super) fn run() {
        versus!("Rosenbrock", points::<2>(), |[x, y]| generated(*x, *y), hand(*x, *y));
    }
}

mod branches {
    use super::*;

    #[differentiable]
    fn f(x: f64, y: f64) -> f64 {
        let mut s = x * y + 0.25;
        if x > y {
            s = s * s - y;
        } else if y > 0.75 {
            return 3.0 * x * x + y;
        }
        let t = if s > 0.5 { s * x } else { s + x * x };
        t * t - y
    }

    #[inline(never)]
    fn generated(x: f64, y: f64) -> (f64, [f64; 2]) {
        let (value, (dx, dy)) = f::value_and_grad(x, y);
        (value, [dx, dy])
    }

    #[inline(never)]
    fn hand(x: f64, y: f64) -> (f64, [f64; 2]) {
        let first = x * y + 0.25;
        let larger = x > y;
        let s = if larger {
            first * first - y
        } else if y > 0.75 {
            return (3.0 * x * x + y, [6.0 * x, 1.0]);
        } else {
            first
        };
        let high = s > 0.5;
        let t = if high { s * x } else { s + x * x };
        let dt = 2.0 * t;
        let (ds, mut dx) = if high { (dt * x, dt * s) } else { (dt, 2.0 * dt * x) };
        let mut dy = -1.0;
        let dfirst = if larger {
            dy -= ds;
            2.0 * ds * first
        } else {
            ds
        };
        dx += dfirst * y;
        dy += dfirst * x;
        (t * t - y, [dx, dy])
    }

    pub(super) fn run() {
        versus!(
            "polynomial with branches",
            points::<2>(),
            |[x, y]| generated(*x, *y),
            hand(*x, *y)
        );
    }
}

mod chain {
    use super::*;

    #[differentiable]
    fn f(x: f64) -> f64 {
        let a = x.sin().exp();
        let b = a.sin().exp();
        let c = b.sin().exp();
        let d = c.sin().exp();
        let e = d.sin().exp();
        e.sin().exp()
    }

    #[inline(never)]
    fn generated(x: f64) -> (f64, [f64; 1]) {
        let (value, dx) = f::value_and_grad(x);
        (value, [dx])
    }

    #[inline(never)]
    fn hand(x: f64) -> (f64, [f64; 1]) {
        let a = x.sin().exp();
        let b = a.sin().exp();
        let c = b.sin().exp();
        let d = c.sin().exp();
        let e = d.sin().exp();
        let f = e.sin().exp();
        (
            f,
            [f * e.cos() * e * d.cos() * d * c.cos() * c * b.cos() * b * a.cos() * a * x.cos()],
        )
    }

    pub(super) fn run() {
        versus!(
            "chain of sines and exponentials",
            points::<1>(),
            |[x]| generated(*x),
            hand(*x)
        );
    }
}

/// The price of a European call (Black and Scholes 1973) and its greeks.
mod black_scholes {
    use super::*;

    #[differentiable]
    fn normal(x: f64) -> f64 {
        0.5 * Real::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
    }

    #[differentiable]
    fn call(spot: f64, strike: f64, rate: f64, volatility: f64, time: f64) -> f64 {
        let deviation = volatility * time.sqrt();
        let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * time) / deviation;
        let d2 = d1 - deviation;
        spot * normal(d1) - strike * (-rate * time).exp() * normal(d2)
    }

    #[inline(never)]
    fn generated(p: &[f64; 5]) -> (f64, [f64; 5]) {
        let (value, (spot, strike, rate, volatility, time)) = call::value_and_grad(p[0], p[1], p[2], p[3], p[4]);
        (value, [spot, strike, rate, volatility, time])
    }

    fn density(x: f64) -> f64 {
        0.398_942_280_401_432_7 * (-0.5 * x * x).exp()
    }

    /// Reverse sweep by hand, the rules of each line as one would write them.
    #[inline(never)]
    fn hand(p: &[f64; 5]) -> (f64, [f64; 5]) {
        let [spot, strike, rate, volatility, time] = *p;
        let root = time.sqrt();
        let deviation = volatility * root;
        let moneyness = spot / strike;
        let drift = rate + 0.5 * volatility * volatility;
        let d1 = (moneyness.ln() + drift * time) / deviation;
        let d2 = d1 - deviation;
        let (n1, n2) = (normal(d1), normal(d2));
        let discount = (-rate * time).exp();
        let value = spot * n1 - strike * discount * n2;
        let d2_bar = -strike * discount * density(d2);
        let d1_bar = spot * density(d1) + d2_bar;
        let scaled = d1_bar / deviation;
        let deviation_bar = -d2_bar - scaled * d1;
        let drift_bar = scaled * time;
        let moneyness_bar = scaled / moneyness / strike;
        let discount_bar = -strike * n2 * discount;
        (
            value,
            [
                n1 + moneyness_bar,
                -discount * n2 - moneyness_bar * moneyness,
                drift_bar - discount_bar * time,
                drift_bar * volatility + deviation_bar * root,
                scaled * drift - discount_bar * rate + deviation_bar * volatility * 0.5 / root,
            ],
        )
    }

    pub(super) fn run() {
        let points: Vec<[f64; 5]> = points()
            .into_iter()
            .map(|[a, b, c, d, e]| [80.0 + 40.0 * a, 80.0 + 40.0 * b, 0.1 * c, 0.1 + 0.4 * d, 0.1 + 2.0 * e])
            .collect();
        versus!("Black-Scholes greeks", points, |p| generated(p), hand(p));
    }
}

/// The potential of three charges in the plane.
mod charges {
    use super::*;

    #[derive(Differentiable, Clone, Copy)]
    struct Charge {
        x: f64,
        y: f64,
        #[no_diff]
        charge: f64,
    }

    #[differentiable]
    fn pair(a: &Charge, b: &Charge) -> f64 {
        let dx = a.x - b.x;
        let dy = a.y - b.y;
        a.charge * b.charge / (dx * dx + dy * dy + 0.01).sqrt()
    }

    #[differentiable]
    fn energy(bodies: &[Charge; 3]) -> f64 {
        pair(&bodies[0], &bodies[1]) + pair(&bodies[1], &bodies[2]) + pair(&bodies[0], &bodies[2])
    }

    fn bodies(p: &[f64; 6]) -> [Charge; 3] {
        let body = |i: usize, charge| Charge {
            x: p[2 * i],
            y: p[2 * i + 1],
            charge,
        };
        [body(0, 1.0), body(1, -2.0), body(2, 0.5)]
    }

    #[inline(never)]
    fn generated(p: &[f64; 6]) -> (f64, [f64; 6]) {
        let (value, [a, b, c]) = energy::value_and_grad(&bodies(p));
        (value, [a.x, a.y, b.x, b.y, c.x, c.y])
    }

    #[inline(never)]
    fn hand(p: &[f64; 6]) -> (f64, [f64; 6]) {
        let [a, b, c] = bodies(p);
        let mut gradient = [0.0; 6];
        let mut value = 0.0;
        for (i, j, one, other) in [(0, 1, a, b), (1, 2, b, c), (0, 2, a, c)] {
            let (dx, dy) = (one.x - other.x, one.y - other.y);
            let square = dx * dx + dy * dy + 0.01;
            let distance = square.sqrt();
            let energy = one.charge * other.charge / distance;
            let factor = -energy / square;
            value += energy;
            gradient[2 * i] += factor * dx;
            gradient[2 * i + 1] += factor * dy;
            gradient[2 * j] -= factor * dx;
            gradient[2 * j + 1] -= factor * dy;
        }
        (value, gradient)
    }

    pub(super) fn run() {
        versus!("potential of three charges", points::<6>(), |p| generated(p), hand(p));
    }
}

/// A match over cases, an optional integer, a struct by reference.
mod cases {
    use super::*;

    #[derive(Differentiable, Clone, Copy)]
    struct Wave {
        amplitude: f64,
        frequency: f64,
    }

    #[differentiable]
    fn f(wave: &Wave, x: f64, kind: u8, power: Option<i32>) -> f64 {
        let phase = wave.frequency * x;
        let shape = match kind {
            0 => phase * phase,
            1 | 2 => phase.sqrt() * x,
            3..=5 => 1.0 / (1.0 + phase),
            _ => phase,
        };
        let scaled = wave.amplitude * shape;
        if let Some(n) = power { scaled.powi(n) } else { scaled }
    }

    #[inline(never)]
    fn generated(p: &[f64; 4]) -> (f64, [f64; 3]) {
        let (wave, kind, power) = arguments(p);
        let (value, (wave, x)) = f::value_and_grad(&wave, p[2], kind, power);
        (value, [wave.amplitude, wave.frequency, x])
    }

    #[inline(always)]
    fn arguments(p: &[f64; 4]) -> (Wave, u8, Option<i32>) {
        let wave = Wave {
            amplitude: p[0],
            frequency: p[1],
        };
        (wave, (p[3] * 8.0) as u8, (p[3] > 0.5).then_some(2))
    }

    #[inline(never)]
    fn hand(p: &[f64; 4]) -> (f64, [f64; 3]) {
        let (wave, kind, power) = arguments(p);
        let x = p[2];
        let phase = wave.frequency * x;
        let (shape, slope, direct) = match kind {
            0 => (phase * phase, 2.0 * phase, 0.0),
            1 | 2 => {
                let root = phase.sqrt();
                (root * x, 0.5 * x / root, root)
            }
            3..=5 => {
                let shape = 1.0 / (1.0 + phase);
                (shape, -shape * shape, 0.0)
            }
            _ => (phase, 1.0, 0.0),
        };
        let scaled = wave.amplitude * shape;
        let (value, scaled_bar) = match power {
            Some(n) => (scaled.powi(n), f64::from(n) * scaled.powi(n - 1)),
            None => (scaled, 1.0),
        };
        let shape_bar = scaled_bar * wave.amplitude;
        let phase_bar = shape_bar * slope;
        (
            value,
            [
                scaled_bar * shape,
                phase_bar * x,
                phase_bar * wave.frequency + shape_bar * direct,
            ],
        )
    }

    pub(super) fn run() {
        versus!(
            "match over cases, struct, option",
            points::<4>(),
            |p| generated(p),
            hand(p)
        );
    }
}

/// The distance on a sphere by the haversine formula.
mod haversine {
    use super::*;

    #[differentiable]
    fn f(latitude1: f64, longitude1: f64, latitude2: f64, longitude2: f64) -> f64 {
        let s = (0.5 * (latitude2 - latitude1)).sin();
        let t = (0.5 * (longitude2 - longitude1)).sin();
        let a = s * s + latitude1.cos() * latitude2.cos() * t * t;
        2.0 * 6371.0 * a.sqrt().asin()
    }

    #[inline(never)]
    fn generated(p: &[f64; 4]) -> (f64, [f64; 4]) {
        let (value, (a, b, c, d)) = f::value_and_grad(p[0], p[1], p[2], p[3]);
        (value, [a, b, c, d])
    }

    #[inline(never)]
    fn hand(p: &[f64; 4]) -> (f64, [f64; 4]) {
        let (u, v) = (0.5 * (p[2] - p[0]), 0.5 * (p[3] - p[1]));
        let (s, t) = (u.sin(), v.sin());
        let (c1, c2) = (p[0].cos(), p[2].cos());
        let c = c1 * c2;
        let a = s * s + c * t * t;
        let root = a.sqrt();
        let a_bar = 6371.0 / (root * ((1.0 - root) * (1.0 + root)).sqrt());
        let u_bar = a_bar * s * u.cos();
        let v_bar = a_bar * c * t * v.cos();
        let c_bar = a_bar * t * t;
        (
            2.0 * 6371.0 * root.asin(),
            [
                -u_bar - c_bar * c2 * p[0].sin(),
                -v_bar,
                u_bar - c_bar * c1 * p[2].sin(),
                v_bar,
            ],
        )
    }

    pub(super) fn run() {
        versus!("distance on a sphere", points::<4>(), |p| generated(p), hand(p));
    }
}

fn main() {
    rosenbrock::run();
    branches::run();
    chain::run();
    black_scholes::run();
    charges::run();
    cases::run();
    haversine::run();
}
