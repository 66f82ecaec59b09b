//! Gradients written by hand, over memory that is allocated once; the products of matrices are those of tapeless.

use std::hint::black_box;

use tapeless::expansion::{product, product_left_transposed, product_right_transposed};
use tapeless::prelude::*;

use crate::measure::{Contestant, contestant};
use crate::problems::{DT, PENDULUM, RATE, STEPS, Training, flat, point};

const NAME: &str = "by hand";

fn rosenbrock_gradient<const N: usize>(x: &[f64; N], gradient: &mut [f64; N]) -> f64 {
    gradient.fill(0.0);
    let mut sum = 0.0;
    for i in 0..N - 1 {
        let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
        sum += a * a + 100.0 * b * b;
        gradient[i] -= 2.0 * a + 400.0 * b * x[i];
        gradient[i + 1] += 200.0 * b;
    }
    sum
}

pub(crate) fn rosenbrock<const N: usize>() -> Option<Contestant<'static>> {
    let (x, mut gradient) = (point::<N>(), [0.0; N]);
    rosenbrock_gradient(&x, &mut gradient);
    Some(contestant(NAME, gradient.to_vec(), move || {
        let value = rosenbrock_gradient(black_box(&x), &mut gradient);
        black_box(&gradient);
        value
    }))
}

/// With sine and cosine of every step on a tape.
fn pendulum_gradient(
    [angle, velocity, gravity]: [f64; 3],
    steps: usize,
    tape: &mut Vec<(f64, f64)>,
) -> (f64, [f64; 3]) {
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
    (angle, [angle_bar, velocity_bar, gravity_bar])
}

pub(crate) fn pendulum() -> Option<Contestant<'static>> {
    let mut tape = Vec::new();
    let (_, gradient) = pendulum_gradient(PENDULUM, STEPS, &mut tape);
    Some(contestant(NAME, gradient.to_vec(), move || {
        pendulum_gradient(black_box(PENDULUM), STEPS, &mut tape)
    }))
}

/// What a step of the digits' training computes, allocated once.
struct Digits<const B: usize> {
    t: Training,
    h: Vec<f32>,
    y: Vec<f32>,
    dh: Vec<f32>,
    dw1: Vec<f32>,
    db1: Vec<f32>,
    dw2: Vec<f32>,
    db2: Vec<f32>,
}

impl<const B: usize> Digits<B> {
    fn new(t: Training) -> Self {
        Self {
            h: vec![0.0; B * t.hidden],
            y: vec![0.0; B * t.outputs],
            dh: vec![0.0; B * t.hidden],
            dw1: vec![0.0; t.w1.len()],
            db1: vec![0.0; t.hidden],
            dw2: vec![0.0; t.w2.len()],
            db2: vec![0.0; t.outputs],
            t,
        }
    }

    fn gradient(&mut self) -> f32 {
        let Self {
            t,
            h,
            y,
            dh,
            dw1,
            db1,
            dw2,
            db2,
        } = self;
        let (hidden, outputs) = (t.hidden, t.outputs);
        product::<B, 784, 128, f32>(&t.x, &t.w1, h, false);
        for row in h.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&t.b1).for_each(|(h, b)| *h = (*h + b).max(0.0));
        }
        product::<B, 128, 10, f32>(h, &t.w2, y, false);
        let mut loss = 0.0;
        for (row, label) in y.chunks_exact_mut(outputs).zip(&t.labels) {
            row.iter_mut().zip(&t.b2).for_each(|(y, b)| *y += b);
            let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let score = row[*label] - largest;
            row.iter_mut().for_each(|y| *y = (*y - largest).exp());
            let total: f32 = row.iter().sum();
            loss += total.ln() - score;
            row.iter_mut().for_each(|y| *y /= total * B as f32);
            row[*label] -= 1.0 / B as f32;
        }
        db2.fill(0.0);
        for row in y.chunks_exact(outputs) {
            db2.iter_mut().zip(row).for_each(|(b, y)| *b += y);
        }
        product_left_transposed::<128, B, 10, f32>(h, y, dw2, false);
        product_right_transposed::<B, 10, 128, f32>(y, &t.w2, dh, false);
        dh.iter_mut()
            .zip(h.iter())
            .for_each(|(dh, h)| *dh = if *h > 0.0 { *dh } else { 0.0 });
        db1.fill(0.0);
        for row in dh.chunks_exact(hidden) {
            db1.iter_mut().zip(row).for_each(|(b, dh)| *b += dh);
        }
        product_left_transposed::<784, B, 128, f32>(&t.x, dh, dw1, false);
        loss / B as f32
    }

    fn step(&mut self) -> f32 {
        let loss = self.gradient();
        descend(&mut self.t.w1, &self.dw1);
        descend(&mut self.t.b1, &self.db1);
        descend(&mut self.t.w2, &self.dw2);
        descend(&mut self.t.b2, &self.db2);
        loss
    }
}

fn descend(parameters: &mut [f32], gradient: &[f32]) {
    for (parameter, slope) in parameters.iter_mut().zip(gradient) {
        *parameter -= RATE as f32 * slope;
    }
}

pub(crate) fn digits<const B: usize>(training: &Training) -> Option<Contestant<'static>> {
    let mut digits = Digits::<B>::new(training.clone());
    digits.gradient();
    let gradient = flat([&digits.dw1, &digits.db1, &digits.dw2, &digits.db2]);
    Some(contestant(NAME, gradient, move || black_box(&mut digits).step()))
}

/// The parameters of 2-8-1.
struct Xor {
    w1: [f32; 16],
    b1: [f32; 8],
    w2: [f32; 8],
    b2: f32,
}

/// Every loop written out over arrays.
fn xor_gradient(mlp: &Xor, x: &[f32; 8], targets: &[f32; 4]) -> (f32, Xor) {
    let mut h = [[0.0_f32; 8]; 4];
    let mut bar = [0.0_f32; 4];
    let mut loss = 0.0;
    for i in 0..4 {
        for j in 0..8 {
            h[i][j] = (x[2 * i] * mlp.w1[j] + x[2 * i + 1] * mlp.w1[8 + j] + mlp.b1[j]).tanh();
        }
        let mut sum = mlp.b2;
        for j in 0..8 {
            sum += h[i][j] * mlp.w2[j];
        }
        let y = sum.sigmoid();
        let difference = y - targets[i];
        loss += difference * difference;
        bar[i] = 0.5 * difference * y * (1.0 - y);
    }
    let mut d = Xor {
        w1: [0.0; 16],
        b1: [0.0; 8],
        w2: [0.0; 8],
        b2: bar.iter().sum(),
    };
    for i in 0..4 {
        for j in 0..8 {
            d.w2[j] += h[i][j] * bar[i];
            let slope = bar[i] * mlp.w2[j] * (1.0 - h[i][j] * h[i][j]);
            d.b1[j] += slope;
            d.w1[j] += x[2 * i] * slope;
            d.w1[8 + j] += x[2 * i + 1] * slope;
        }
    }
    (loss * 0.25, d)
}

pub(crate) fn xor(training: &Training) -> Option<Contestant<'static>> {
    let array = "the sizes of 2-8-1";
    let x: [f32; 8] = training.x.clone().try_into().expect(array);
    let targets: [f32; 4] = training.targets.clone().try_into().expect(array);
    let mut mlp = Xor {
        w1: training.w1.clone().try_into().expect(array),
        b1: training.b1.clone().try_into().expect(array),
        w2: training.w2.clone().try_into().expect(array),
        b2: training.b2[0],
    };
    let (_, d) = xor_gradient(&mlp, &x, &targets);
    let gradient = flat([&d.w1, &d.b1, &d.w2, &[d.b2]]);
    Some(contestant(NAME, gradient, move || {
        let (loss, d) = xor_gradient(black_box(&mlp), black_box(&x), &targets);
        descend(&mut mlp.w1, &d.w1);
        descend(&mut mlp.b1, &d.b1);
        descend(&mut mlp.w2, &d.w2);
        mlp.b2 -= RATE as f32 * d.b2;
        loss
    }))
}
