//! Layers far larger than a stack: 1024×1024 weights, a batch of 512, trained in a thread of 2 MiB.

use tapeless::prelude::*;

const BATCH: usize = 512;
const WIDTH: usize = 1024;
const STACK: usize = 2 << 20;

#[derive(Differentiable, Clone, Debug)]
struct Mlp {
    w1: HeapMatrix<WIDTH, WIDTH>,
    b1: HeapMatrix<1, WIDTH>,
    w2: HeapMatrix<WIDTH, WIDTH>,
    b2: HeapMatrix<1, WIDTH>,
}

#[differentiable]
fn loss(mlp: &Mlp, #[no_diff] x: &HeapMatrix<BATCH, WIDTH>, labels: &[usize; BATCH]) -> f32 {
    let hidden = (x * &mlp.w1).add_row(&mlp.b1).relu();
    (hidden * &mlp.w2).add_row(&mlp.b2).softmax_cross_entropy(labels)
}

/// Numbers that look random, in -1 … 1.
fn number(i: usize, j: usize) -> f32 {
    let mixed = (i * 7919 + j * 104_729 + 17) as u32;
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519);
    (mixed >> 8) as f32 / (1 << 23) as f32 - 1.0
}

/// Initialises, takes steps, and gives the losses.
fn train(steps: usize) -> Vec<f32> {
    let scale = (3.0 / WIDTH as f32).sqrt();
    let mut mlp = Mlp {
        w1: HeapMatrix::from_fn(|i, j| scale * number(i, j)),
        b1: HeapMatrix::zeros(),
        w2: HeapMatrix::from_fn(|i, j| scale * number(j + 5, i)),
        b2: HeapMatrix::zeros(),
    };
    let x = HeapMatrix::from_fn(|i, j| number(i + 3, j + 11));
    let labels: [usize; BATCH] = std::array::from_fn(|i| i * 31 % WIDTH);
    let mut gradient = mlp.zero_tangent();
    let mut losses = Vec::new();
    for _ in 0..steps {
        losses.push(loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient));
        gradient.scale(-2.0);
        mlp.advance(&gradient);
    }
    losses.push(loss::value_and_grad(&mlp, &x, &labels).0);
    losses
}

/// What the work gives, done in a thread with a small stack.
fn on_a_small_stack<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    thread.expect("a thread starts").join().expect("the stack suffices")
}

#[test]
fn layers_train() {
    let losses = on_a_small_stack(|| train(2));
    assert!(losses.is_sorted_by(|before, after| after < before), "{losses:?}");
}

type Large = HeapMatrix<WIDTH, WIDTH>;

#[test]
fn matrices_are_made_copied_and_compared() {
    on_a_small_stack(|| {
        let ones = Large::ones();
        let mut copy = ones.clone();
        assert_eq!(copy, ones);
        copy.clone_from(&Large::identity());
        assert_eq!(copy, Large::identity());
        assert_eq!(copy.zero_tangent(), Large::zeros());
        assert_eq!(Large::try_from(ones.as_slice()), Ok(ones));
    });
}

#[differentiable]
fn identity(w: &Large) -> Large {
    w.clone()
}

#[differentiable]
fn moved_in_a_branch(w: Large, flag: bool) -> f32 {
    let v = if flag { w } else { w.relu() * 2.0 };
    v.sum()
}

#[differentiable]
fn copied_and_added(w: &Large, v: &[Large; 2]) -> f32 {
    let a = identity(w);
    let b = (a.tanh() + identity(&a)).hadamard(&v[1]);
    b.transpose().softmax().max() + b.trace() + v[0][(3, 4)]
}

#[test]
fn whatever_moves_cotangents_stays_on_the_heap() {
    on_a_small_stack(|| {
        assert_eq!(moved_in_a_branch::grad(Large::ones(), true), Large::ones());
        assert_eq!(moved_in_a_branch::grad(Large::ones(), false), Large::filled(2.0));
        let (dw, [first, second]) = copied_and_added::grad(&Large::ones(), &[Large::ones(), Large::ones()]);
        assert!(dw.trace() > 1.0);
        assert_eq!(first.sum(), 1.0);
        assert!(second.trace() > 1.0);
        let ones = Large::ones();
        let (value, pullback) = identity::vjp(&ones);
        assert_eq!(pullback(value), ones);
    });
}
