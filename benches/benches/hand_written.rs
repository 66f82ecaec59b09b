//! Generated gradients against the same gradients written by hand.
#![allow(missing_docs)]

use std::hint::black_box;

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
    let by_hand = || {
        let h = (&x * &mlp.w1).add_row(&mlp.b1).relu();
        let mut y = (&h * &mlp.w2).add_row(&mlp.b2);
        let loss = y.softmax_cross_entropy(&labels);
        y = y.softmax();
        loss + y.sum() + h.sum()
    };
    compare(
        &format!("{I}-{H}-{O}, batch {B}"),
        vec![
            contestant("forward only", by_hand),
            contestant("generated", || loss::value_and_grad_into(black_box(&mlp), &x, &labels, &mut gradient)),
        ],
    );
}

fn main() {
    mlp::<1, 784, 128, 10>();
    mlp::<32, 784, 128, 10>();
    mlp::<64, 784, 128, 10>();
}
