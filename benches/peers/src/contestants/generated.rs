//! tapeless.

use std::hint::black_box;

use tapeless::optim::{Optimizer, Sgd};
use tapeless::prelude::*;

use crate::measure::{Contestant, contestant};
use crate::problems::{DT, PENDULUM, RATE, STEPS, Training, flat, point};

const NAME: &str = "tapeless";

#[differentiable]
fn rosenbrock_value<const N: usize>(x: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 0..N - 1 {
        let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
        sum += a * a + 100.0 * b * b;
    }
    sum
}

pub(crate) fn rosenbrock<const N: usize>() -> Option<Contestant<'static>> {
    let (x, mut gradient) = (point::<N>(), [0.0; N]);
    rosenbrock_value::value_and_grad_into(&x, &mut gradient);
    Some(contestant(NAME, gradient.to_vec(), move || {
        let value = rosenbrock_value::value_and_grad_into(black_box(&x), &mut gradient);
        black_box(&gradient);
        value
    }))
}

#[differentiable]
fn pendulum_value(angle: f64, velocity: f64, gravity: f64, steps: usize) -> f64 {
    let (mut angle, mut velocity) = (angle, velocity);
    for _ in 0..steps {
        velocity -= DT * gravity * angle.sin();
        angle += DT * velocity;
    }
    angle
}

pub(crate) fn pendulum() -> Option<Contestant<'static>> {
    let [angle, velocity, gravity] = PENDULUM;
    let (_, slopes) = pendulum_value::value_and_grad(angle, velocity, gravity, STEPS);
    let gradient = vec![slopes.0, slopes.1, slopes.2];
    Some(contestant(NAME, gradient, || {
        let [angle, velocity, gravity] = black_box(PENDULUM);
        pendulum_value::value_and_grad(angle, velocity, gravity, STEPS)
    }))
}

#[derive(Differentiable, Clone)]
struct Mlp<const I: usize, const H: usize, const O: usize, S: Storage> {
    w1: Matrix<I, H, f32, S>,
    b1: Matrix<1, H, f32, S>,
    w2: Matrix<H, O, f32, S>,
    b2: Matrix<1, O, f32, S>,
}

/// A matrix of the numbers, row by row.
fn matrix<const R: usize, const C: usize, S: Storage>(numbers: &[f32]) -> Matrix<R, C, f32, S> {
    Construct::from_fn(|i, j| numbers[i * C + j])
}

impl<const I: usize, const H: usize, const O: usize, S: Storage> Mlp<I, H, O, S> {
    fn new(training: &Training) -> Self {
        Self {
            w1: matrix(&training.w1),
            b1: matrix(&training.b1),
            w2: matrix(&training.w2),
            b2: matrix(&training.b2),
        }
    }
}

impl<const I: usize, const H: usize, const O: usize, S: Storage> MlpTangent<I, H, O, S> {
    fn flat(&self) -> Vec<f64> {
        flat([
            self.w1.as_slice(),
            self.b1.as_slice(),
            self.w2.as_slice(),
            self.b2.as_slice(),
        ])
    }
}

#[differentiable]
fn digits_loss<const B: usize>(
    mlp: &Mlp<784, 128, 10, Heap>,
    #[no_diff] x: &HeapMatrix<B, 784>,
    labels: &[usize; B],
) -> f32 {
    let h = (x * &mlp.w1).add_row(&mlp.b1).relu();
    let y = (h * &mlp.w2).add_row(&mlp.b2);
    y.softmax_cross_entropy(labels)
}

pub(crate) fn digits<const B: usize>(training: &Training) -> Option<Contestant<'static>> {
    let mut mlp = Mlp::new(training);
    let x: HeapMatrix<B, 784> = matrix(&training.x);
    let labels: [usize; B] = training.labels.clone().try_into().expect("a label for each row");
    let mut gradient = mlp.zero_tangent();
    digits_loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient);
    let mut sgd = Sgd::new(RATE);
    Some(contestant(NAME, gradient.flat(), move || {
        let loss = digits_loss::value_and_grad_into(black_box(&mlp), black_box(&x), &labels, &mut gradient);
        sgd.step(&mut mlp, &gradient);
        loss
    }))
}

#[differentiable]
fn xor_loss(mlp: &Mlp<2, 8, 1, Inline>, #[no_diff] x: &Matrix<4, 2>, #[no_diff] targets: &Matrix<4, 1>) -> f32 {
    let h = (x * &mlp.w1).add_row(&mlp.b1).tanh();
    (h * &mlp.w2).add_row(&mlp.b2).sigmoid().mean_squared_error(targets)
}

pub(crate) fn xor(training: &Training) -> Option<Contestant<'static>> {
    let mut mlp = Mlp::new(training);
    let x: Matrix<4, 2> = matrix(&training.x);
    let targets: Matrix<4, 1> = matrix(&training.targets);
    let mut gradient = mlp.zero_tangent();
    xor_loss::value_and_grad_into(&mlp, &x, &targets, &mut gradient);
    let mut sgd = Sgd::new(RATE);
    Some(contestant(NAME, gradient.flat(), move || {
        let loss = xor_loss::value_and_grad_into(black_box(&mlp), black_box(&x), &targets, &mut gradient);
        sgd.step(&mut mlp, &gradient);
        loss
    }))
}
