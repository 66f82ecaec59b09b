//! Generated gradients against the same gradients written by hand.
#![allow(missing_docs)]

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
fn loss<const B: usize, const I: usize, const H: usize, const O: usize>(
    mlp: &Mlp<I, H, O, Heap>,
    #[no_diff] x: &HeapMatrix<B, I>,
    labels: &[usize; B],
) -> f32 {
    let h = (x * &mlp.w1).add_row(&mlp.b1).relu();
    let y = (h * &mlp.w2).add_row(&mlp.b2);
    y.softmax_cross_entropy(labels)
}

/// The same step written by hand: every buffer is allocated once.
struct Hand<const B: usize, const I: usize, const H: usize, const O: usize> {
    h: HeapMatrix<B, H>,
    y: HeapMatrix<B, O>,
    dh: HeapMatrix<B, H>,
    gradient: MlpTangent<I, H, O, Heap>,
}

impl<const B: usize, const I: usize, const H: usize, const O: usize> Hand<B, I, H, O> {
    fn new() -> Self {
        Self {
            h: HeapMatrix::zeros(),
            y: HeapMatrix::zeros(),
            dh: HeapMatrix::zeros(),
            gradient: MlpTangent {
                w1: HeapMatrix::zeros(),
                b1: HeapMatrix::zeros(),
                w2: HeapMatrix::zeros(),
                b2: HeapMatrix::zeros(),
            },
        }
    }

    fn step(&mut self, mlp: &Mlp<I, H, O, Heap>, x: &HeapMatrix<B, I>, labels: &[usize; B]) -> f32 {
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

fn mlp<const B: usize, const I: usize, const H: usize, const O: usize>() {
    let mlp: Mlp<I, H, O, Heap> = Mlp {
        w1: HeapMatrix::from_fn(|i, j| ((i * 7 + j * 13) % 17) as f32 * 0.01 - 0.08),
        b1: HeapMatrix::zeros(),
        w2: HeapMatrix::from_fn(|i, j| ((i * 5 + j * 3) % 19) as f32 * 0.01 - 0.09),
        b2: HeapMatrix::zeros(),
    };
    let x: HeapMatrix<B, I> = HeapMatrix::from_fn(|i, j| ((i * 31 + j * 17) % 23) as f32 / 23.0);
    let labels: [usize; B] = std::array::from_fn(|i| i % O);
    let mut gradient = mlp.zero_tangent();
    let mut hand = Hand::<B, I, H, O>::new();
    let value = loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient);
    assert!((value - hand.step(&mlp, &x, &labels)).abs() < 1e-4);
    assert!((&gradient.w1 - &hand.gradient.w1).abs().max() < 1e-5);
    compare(
        &format!("{I}-{H}-{O}, batch {B}"),
        vec![
            contestant("by hand", || hand.step(black_box(&mlp), &x, &labels)),
            contestant("generated", || {
                loss::value_and_grad_into(black_box(&mlp), &x, &labels, &mut gradient)
            }),
        ],
    );
}

fn main() {
    mlp::<1, 784, 128, 10>();
    mlp::<32, 784, 128, 10>();
    mlp::<64, 784, 128, 10>();
}
