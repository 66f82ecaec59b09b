//! Generated gradients of networks against the same gradients written by hand.
// Loops over indices: as one writes them by hand.
#![allow(missing_docs, clippy::needless_range_loop, clippy::op_ref)]

use std::hint::black_box;

use tapeless::expansion::{product, product_left_transposed, product_right_transposed};
use tapeless::prelude::*;
use tapeless_benches::{compare, contestant};

#[derive(Differentiable, Clone)]
struct Mlp<const I: usize, const H: usize, const O: usize, S: Storage> {
    w1: Matrix<I, H, f32, S>,
    b1: Matrix<1, H, f32, S>,
    w2: Matrix<H, O, f32, S>,
    b2: Matrix<1, O, f32, S>,
}

#[differentiable]
fn heap_loss<const B: usize, const I: usize, const H: usize, const O: usize>(
    mlp: &Mlp<I, H, O, Heap>,
    #[no_diff] x: &HeapMatrix<B, I>,
    labels: &[usize; B],
) -> f32 {
    let h = (x * &mlp.w1).add_row(&mlp.b1).relu();
    let y = (h * &mlp.w2).add_row(&mlp.b2);
    y.softmax_cross_entropy(labels)
}

#[differentiable]
fn inline_loss<const B: usize, const I: usize, const H: usize, const O: usize>(
    mlp: &Mlp<I, H, O, Inline>,
    #[no_diff] x: &Matrix<B, I>,
    labels: &[usize; B],
) -> f32 {
    let h = (x * &mlp.w1).add_row(&mlp.b1).relu();
    let y = (h * &mlp.w2).add_row(&mlp.b2);
    y.softmax_cross_entropy(labels)
}

/// The same step written by hand: every buffer is allocated once.
struct Hand<const B: usize, const I: usize, const H: usize, const O: usize, S: Storage> {
    h: Matrix<B, H, f32, S>,
    y: Matrix<B, O, f32, S>,
    dh: Matrix<B, H, f32, S>,
    gradient: MlpTangent<I, H, O, S>,
}

impl<const B: usize, const I: usize, const H: usize, const O: usize, S: Storage> Hand<B, I, H, O, S> {
    fn new() -> Self {
        Self {
            h: Construct::zeros(),
            y: Construct::zeros(),
            dh: Construct::zeros(),
            gradient: MlpTangent {
                w1: Construct::zeros(),
                b1: Construct::zeros(),
                w2: Construct::zeros(),
                b2: Construct::zeros(),
            },
        }
    }

    fn step(&mut self, mlp: &Mlp<I, H, O, S>, x: &Matrix<B, I, f32, S>, labels: &[usize; B]) -> f32 {
        let Self { h, y, dh, gradient } = self;
        product::<B, I, H, f32>(x.as_slice(), mlp.w1.as_slice(), h.as_mut_slice(), false);
        for row in h.as_mut_slice().chunks_exact_mut(H) {
            row.iter_mut().zip(&mlp.b1).for_each(|(h, b)| *h = (*h + b).max(0.0));
        }
        product::<B, H, O, f32>(h.as_slice(), mlp.w2.as_slice(), y.as_mut_slice(), false);
        let mut loss = 0.0;
        for (row, label) in y.as_mut_slice().chunks_exact_mut(O).zip(labels) {
            row.iter_mut().zip(&mlp.b2).for_each(|(y, b)| *y += b);
            let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let score = row[*label] - largest;
            row.iter_mut().for_each(|y| *y = (*y - largest).exp());
            let total: f32 = row.iter().sum();
            loss += total.ln() - score;
            row.iter_mut().for_each(|y| *y /= total * B as f32);
            row[*label] -= 1.0 / B as f32;
        }
        gradient.b2.as_mut_slice().fill(0.0);
        for row in y.as_slice().chunks_exact(O) {
            gradient.b2.iter_mut().zip(row).for_each(|(b, y)| *b += y);
        }
        product_left_transposed::<H, B, O, f32>(h.as_slice(), y.as_slice(), gradient.w2.as_mut_slice(), false);
        product_right_transposed::<B, O, H, f32>(y.as_slice(), mlp.w2.as_slice(), dh.as_mut_slice(), false);
        dh.iter_mut()
            .zip(h.iter())
            .for_each(|(dh, h)| *dh = if *h > 0.0 { *dh } else { 0.0 });
        gradient.b1.as_mut_slice().fill(0.0);
        for row in dh.as_slice().chunks_exact(H) {
            gradient.b1.iter_mut().zip(row).for_each(|(b, dh)| *b += dh);
        }
        product_left_transposed::<I, B, H, f32>(x.as_slice(), dh.as_slice(), gradient.w1.as_mut_slice(), false);
        loss / B as f32
    }
}

fn network<const I: usize, const H: usize, const O: usize, S: Storage>() -> Mlp<I, H, O, S> {
    Mlp {
        w1: Construct::from_fn(|i, j| ((i * 7 + j * 13) % 17) as f32 * 0.01 - 0.08),
        b1: Construct::zeros(),
        w2: Construct::from_fn(|i, j| ((i * 5 + j * 3) % 19) as f32 * 0.01 - 0.09),
        b2: Construct::zeros(),
    }
}

/// Measures one step; `loss` is the generated function for the storage.
macro_rules! versus {
    ($loss:ident, $storage:ty, $title:literal, $batch:literal, $inputs:literal, $hidden:literal, $outputs:literal) => {{
        let mlp: Mlp<$inputs, $hidden, $outputs, $storage> = network();
        let x: Matrix<$batch, $inputs, f32, $storage> =
            Construct::from_fn(|i, j| ((i * 31 + j * 17) % 23) as f32 / 23.0);
        let labels: [usize; $batch] = std::array::from_fn(|i| i % $outputs);
        let mut gradient = mlp.zero_tangent();
        let mut hand = Hand::<$batch, $inputs, $hidden, $outputs, $storage>::new();
        let value = $loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient);
        assert!((value - hand.step(&mlp, &x, &labels)).abs() < 1e-4);
        assert!((&gradient.w1 - &hand.gradient.w1).abs().max() < 1e-5);
        assert!((&gradient.b2 - &hand.gradient.b2).abs().max() < 1e-5);
        compare(
            $title,
            vec![
                contestant("by hand", || hand.step(black_box(&mlp), black_box(&x), &labels)),
                contestant("generated", || {
                    $loss::value_and_grad_into(black_box(&mlp), black_box(&x), &labels, &mut gradient)
                }),
            ],
        );
    }};
}

mod xor {
    use super::*;

    type Inputs = Matrix<4, 2>;
    type Targets = Matrix<4, 1>;
    type Network = Mlp<2, 8, 1, Inline>;

    #[differentiable]
    fn loss(mlp: &Network, #[no_diff] x: &Inputs, #[no_diff] targets: &Targets) -> f32 {
        let h = (x * &mlp.w1).add_row(&mlp.b1).tanh();
        (h * &mlp.w2).add_row(&mlp.b2).sigmoid().mean_squared_error(targets)
    }

    /// Every loop written out over arrays.
    fn hand(mlp: &Network, x: &Inputs, targets: &Targets, gradient: &mut MlpTangent<2, 8, 1, Inline>) -> f32 {
        let (w1, b1, w2) = (mlp.w1.as_slice(), mlp.b1.as_slice(), mlp.w2.as_slice());
        let (x, targets) = (x.as_slice(), targets.as_slice());
        let mut h = [[0.0_f32; 8]; 4];
        let mut bar = [0.0_f32; 4];
        let mut loss = 0.0;
        for i in 0..4 {
            for j in 0..8 {
                h[i][j] = (x[2 * i] * w1[j] + x[2 * i + 1] * w1[8 + j] + b1[j]).tanh();
            }
            let mut sum = 0.0;
            for j in 0..8 {
                sum += h[i][j] * w2[j];
            }
            let y = (sum + mlp.b2[(0, 0)]).sigmoid();
            let difference = y - targets[i];
            loss += difference * difference;
            bar[i] = 0.5 * difference * y * (1.0 - y);
        }
        let (mut dw1, mut db1, mut dw2) = ([0.0_f32; 16], [0.0_f32; 8], [0.0_f32; 8]);
        for i in 0..4 {
            for j in 0..8 {
                dw2[j] += h[i][j] * bar[i];
                let d = bar[i] * w2[j] * (1.0 - h[i][j] * h[i][j]);
                db1[j] += d;
                dw1[j] += x[2 * i] * d;
                dw1[8 + j] += x[2 * i + 1] * d;
            }
        }
        gradient.w1.as_mut_slice().copy_from_slice(&dw1);
        gradient.b1.as_mut_slice().copy_from_slice(&db1);
        gradient.w2.as_mut_slice().copy_from_slice(&dw2);
        gradient.b2[(0, 0)] = bar.iter().sum();
        loss * 0.25
    }

    pub(super) fn run() {
        let mlp: Network = network();
        let x = Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
        let targets = Matrix::from_rows([[0.0], [1.0], [1.0], [0.0]]);
        let (mut generated, mut written) = (mlp.zero_tangent(), mlp.zero_tangent());
        let value = loss::value_and_grad_into(&mlp, &x, &targets, &mut generated);
        assert!((value - hand(&mlp, &x, &targets, &mut written)).abs() < 1e-6);
        assert!((generated.w1 - written.w1).abs().max() < 1e-6);
        assert!((generated.b2 - written.b2).abs().max() < 1e-6);
        compare(
            "2-8-1 (XOR), inline, batch 4",
            vec![
                contestant("by hand", || {
                    hand(black_box(&mlp), black_box(&x), &targets, &mut written)
                }),
                contestant("generated", || {
                    loss::value_and_grad_into(black_box(&mlp), black_box(&x), &targets, &mut generated)
                }),
            ],
        );
    }
}

fn main() {
    xor::run();
    versus!(
        inline_loss,
        Inline,
        "64-64-10 (digits), inline, batch 32",
        32,
        64,
        64,
        10
    );
    versus!(heap_loss, Heap, "64-64-10 (digits), heap, batch 32", 32, 64, 64, 10);
    versus!(heap_loss, Heap, "784-128-10, heap, batch 1", 1, 784, 128, 10);
    versus!(heap_loss, Heap, "784-128-10, heap, batch 32", 32, 784, 128, 10);
    versus!(heap_loss, Heap, "784-128-10, heap, batch 64", 64, 784, 128, 10);
}
