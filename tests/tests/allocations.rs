//! Nothing is recorded at run time: how often a gradient asks the allocator for memory, counted.
//!
//! The allocator counts for each thread, so that tests that run at the same time do not disturb each other.

// The form that is differentiated is the subject, also where another is shorter.
#![allow(clippy::assign_op_pattern, clippy::op_ref)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use tapeless::prelude::*;

/// The system's allocator, with a count of the requests of each thread: allocations, and growing ones.
struct Counting;

/// What a thread has asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Requests {
    count: usize,
    bytes: usize,
}

thread_local! {
    static REQUESTS: Cell<Requests> = const { Cell::new(Requests { count: 0, bytes: 0 }) };
}

fn count(bytes: usize) {
    let before = REQUESTS.get();
    REQUESTS.set(Requests {
        count: before.count + 1,
        bytes: before.bytes + bytes,
    });
}

// SAFETY: every request is handed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often the work asks for memory.
fn allocations<R>(work: impl FnOnce() -> R) -> usize {
    requests(work).count
}

/// How often the work asks for memory, and for how much in all.
fn requests<R>(work: impl FnOnce() -> R) -> Requests {
    let before = REQUESTS.get();
    drop(black_box(work()));
    let after = REQUESTS.get();
    Requests {
        count: after.count - before.count,
        bytes: after.bytes - before.bytes,
    }
}

/// Asserts that the function itself and all its derivatives ask for no memory.
macro_rules! assert_no_allocation {
    ($($name:ident($($argument:expr),*);)*) => {$(
        assert_eq!(allocations(|| $name($($argument),*)), 0, "{}", stringify!($name));
        assert_eq!(allocations(|| $name::grad($($argument),*)), 0, "{}::grad", stringify!($name));
        assert_eq!(allocations(|| $name::value_and_grad($($argument),*)), 0, "{}::value_and_grad", stringify!($name));
        assert_eq!(
            allocations(|| {
                let (value, pullback) = $name::vjp($($argument),*);
                (value, pullback(1.0))
            }),
            0,
            "{}::vjp",
            stringify!($name)
        );
    )*};
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| Box::new(1)), 1);
    assert_eq!(allocations(|| vec![0_u8; 100]), 1);
    assert_eq!(allocations(HeapMatrix::<4, 4>::ones), 1);
    assert_eq!(allocations(|| 1 + 1), 0);
}

mod scalars {
    use super::*;

    #[differentiable]
    fn straight_line(x: f64, y: f64) -> f64 {
        let a = (x * y).sin() + x.exp();
        let b = a.powf(y).hypot(x) / (1.0 + x * x);
        a * b - b.ln() + x.max(y)
    }

    #[differentiable]
    fn branches(x: f64, y: f64) -> f64 {
        let mut s = x;
        if x > y {
            s = s * y;
        } else if y > 3.0 {
            s += y.exp();
        }
        s * if s > 0.0 { s.sqrt() } else { y }
    }

    #[differentiable]
    fn early_return(x: f64, n: usize) -> f64 {
        let y = x * x;
        if n == 0 {
            return y;
        }
        let z = match n {
            1 => return y.sin() * x,
            2 | 3 => y * 2.0,
            _ => y.exp(),
        };
        z * x
    }

    #[differentiable]
    fn inner(x: &f64, y: f64) -> f64 {
        if *x > y { x * y } else { y.sin() }
    }

    #[differentiable]
    fn nested_calls(x: f64, y: f64) -> f64 {
        let a = inner(&x, y);
        inner(&a, inner(&y, x)) * branches(a, y)
    }

    #[differentiable]
    fn closures(x: f64, y: f64) -> f64 {
        let scale = x * y;
        let f = |a: f64| a.sin() * scale;
        f(x) + f(y)
    }

    #[differentiable]
    fn arrays(a: [f64; 8], i: usize) -> f64 {
        let b = [a[i] * a[0], a[i + 1].sin(), a[7]];
        let [first, second, last] = b;
        first * last + second * a[i]
    }

    #[derive(Differentiable, Clone, Copy)]
    struct Body {
        position: [f64; 3],
        velocity: (f64, f64, f64),
        mass: Option<f64>,
    }

    #[differentiable]
    fn structs(body: &Body, t: f64) -> f64 {
        let (vx, vy, vz) = body.velocity;
        let moved = Body {
            position: [
                body.position[0] + vx * t,
                body.position[1] + vy * t,
                body.position[2] + vz * t,
            ],
            ..*body
        };
        let [x, y, z] = moved.position;
        (x * x + y * y + z * z).sqrt() * vx
    }

    #[test]
    fn allocate_nothing() {
        let body = Body {
            position: [1.0, 2.0, 3.0],
            velocity: (0.1, 0.2, 0.3),
            mass: Some(1.0),
        };
        assert_no_allocation! {
            straight_line(0.7, 1.3);
            branches(2.0, 1.0);
            branches(1.0, 4.0);
            branches(1.0, 2.0);
            early_return(1.5, 0);
            early_return(1.5, 1);
            early_return(1.5, 2);
            early_return(1.5, 9);
            nested_calls(0.5, 1.5);
            closures(0.5, 1.5);
            arrays([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], 3);
            structs(&body, 0.5);
        }
    }
}

mod inline_matrices {
    use super::*;

    #[derive(Differentiable, Clone)]
    struct Mlp<const I: usize, const H: usize, const O: usize> {
        w1: Matrix<I, H>,
        b1: Matrix<1, H>,
        w2: Matrix<H, O>,
        b2: Matrix<1, O>,
    }

    #[differentiable]
    fn loss<const B: usize, const I: usize, const H: usize, const O: usize>(
        mlp: &Mlp<I, H, O>,
        #[no_diff] x: &Matrix<B, I>,
        labels: &[usize; B],
    ) -> f32 {
        let hidden = (x * &mlp.w1).add_row(&mlp.b1).relu();
        (hidden * &mlp.w2).add_row(&mlp.b2).softmax_cross_entropy(labels)
    }

    #[differentiable]
    fn everything(a: Matrix<3, 4, f64>, b: Matrix<4, 3, f64>) -> f64 {
        let c = &a * &b;
        let d = (c.tanh() + c.transpose()).hadamard(&c) * 2.0;
        d.norm() + d.sum_rows().max() + d.softmax().trace() + d.mean_squared_error(&c)
    }

    fn mlp<const I: usize, const H: usize, const O: usize>() -> Mlp<I, H, O> {
        Mlp {
            w1: Matrix::from_fn(|i, j| ((i * 7 + j * 13) % 17) as f32 * 0.01 - 0.08),
            b1: Matrix::zeros(),
            w2: Matrix::from_fn(|i, j| ((i * 5 + j * 3) % 19) as f32 * 0.01 - 0.09),
            b2: Matrix::zeros(),
        }
    }

    /// A whole training step, the update included.
    fn step<const B: usize, const I: usize, const H: usize, const O: usize>(
        mlp: &mut Mlp<I, H, O>,
        x: &Matrix<B, I>,
        labels: &[usize; B],
    ) -> f32 {
        let mut gradient = mlp.zero_tangent();
        let value = loss::value_and_grad_into(mlp, x, labels, &mut gradient);
        gradient.scale(-0.1);
        mlp.advance(&gradient);
        value
    }

    #[test]
    fn allocate_nothing() {
        let small = mlp::<2, 8, 2>();
        let x = Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
        let digits = mlp::<64, 64, 10>();
        let images: Matrix<32, 64> = Matrix::from_fn(|i, j| ((i * 31 + j * 17) % 23) as f32 / 23.0);
        let labels: [usize; 32] = std::array::from_fn(|i| i % 10);
        let a: Matrix<3, 4, f64> = Matrix::from_fn(|i, j| (i + 2 * j) as f64 * 0.1);
        // Whatever a kernel sets up once, at the first product of large matrices, is not the gradient's.
        loss(&digits, &images, &labels);
        assert_no_allocation! {
            loss(&small, &x, &[0, 1, 1, 0]);
            loss(&digits, &images, &labels);
            everything(a, a.transpose());
        }
        let mut trained = digits.clone();
        assert_eq!(allocations(|| step(&mut trained, &images, &labels)), 0);
    }
}

/// On the heap, every matrix that the function makes asks for memory, when the function is evaluated and when it is
/// differentiated. The gradient asks for one more for the cotangent of each of these at most, and for none of its own:
/// it is written into the caller's buffers.
mod heap_matrices {
    use super::*;

    #[derive(Differentiable, Clone)]
    struct Mlp<const I: usize, const H: usize, const O: usize> {
        w1: HeapMatrix<I, H>,
        b1: HeapMatrix<1, H>,
        w2: HeapMatrix<H, O>,
        b2: HeapMatrix<1, O>,
    }

    #[differentiable]
    fn loss<const B: usize, const I: usize, const H: usize, const O: usize>(
        mlp: &Mlp<I, H, O>,
        #[no_diff] x: &HeapMatrix<B, I>,
        labels: &[usize; B],
    ) -> f32 {
        let hidden = (x * &mlp.w1).add_row(&mlp.b1).relu();
        (hidden * &mlp.w2).add_row(&mlp.b2).softmax_cross_entropy(labels)
    }

    /// The bytes of the matrices that one evaluation of the loss makes: each layer's product, that with the bias, and
    /// the first with the rectifier. Each is a cache line longer than its elements, to begin at one.
    const fn bytes(batch: usize, hidden: usize, outputs: usize) -> usize {
        4 * batch * (3 * hidden + 2 * outputs) + 5 * 64
    }

    fn mlp<const I: usize, const H: usize, const O: usize>() -> Mlp<I, H, O> {
        Mlp {
            w1: HeapMatrix::from_fn(|i, j| ((i * 7 + j * 13) % 17) as f32 * 0.01 - 0.08),
            b1: HeapMatrix::zeros(),
            w2: HeapMatrix::from_fn(|i, j| ((i * 5 + j * 3) % 19) as f32 * 0.01 - 0.09),
            b2: HeapMatrix::zeros(),
        }
    }

    #[test]
    fn a_training_step_allocates_nothing_for_the_gradient() {
        let mut mlp = mlp::<256, 128, 16>();
        let x = HeapMatrix::<32, 256>::from_fn(|i, j| ((i * 31 + j * 17) % 23) as f32 / 23.0);
        let labels: [usize; 32] = std::array::from_fn(|i| i % 16);
        let mut gradient = mlp.zero_tangent();
        // Whatever a kernel sets up once, at the first product of large matrices, is not the gradient's.
        loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient);

        let primal = requests(|| loss(&mlp, &x, &labels));
        let made = bytes(32, 128, 16);
        assert_eq!(primal, Requests { count: 5, bytes: made });
        let into = requests(|| loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient));
        assert!(
            into.count <= 10 && into.bytes <= 2 * made,
            "{into:?}, the primal {primal:?}"
        );
        assert_eq!(
            allocations(|| {
                gradient.scale(-0.1);
                mlp.advance(&gradient);
            }),
            0
        );
    }

    #[test]
    fn a_gradient_by_value_allocates_itself() {
        let mlp = mlp::<256, 128, 16>();
        let x = HeapMatrix::<32, 256>::from_fn(|i, j| ((i * 31 + j * 17) % 23) as f32 / 23.0);
        let labels: [usize; 32] = std::array::from_fn(|i| i % 16);
        let mut gradient = mlp.zero_tangent();
        let into = requests(|| loss::value_and_grad_into(&mlp, &x, &labels, &mut gradient));
        let by_value = requests(|| loss::grad(&mlp, &x, &labels));
        let gradient = requests(|| mlp.zero_tangent());
        assert_eq!(gradient.count, 4);
        assert_eq!(by_value.count, into.count + gradient.count);
        assert_eq!(by_value.bytes, into.bytes + gradient.bytes);
    }

    #[differentiable]
    fn energy(w: &HeapMatrix<64, 64>) -> f32 {
        w.norm_squared() + w.sum() * w.trace() + w.max()
    }

    #[differentiable]
    fn without_the_first(_w: &HeapMatrix<64, 64>, v: &HeapMatrix<64, 64>) -> f32 {
        v.sum()
    }

    #[test]
    fn what_makes_no_matrix_allocates_nothing() {
        let w = HeapMatrix::<64, 64>::from_fn(|i, j| (i * 64 + j) as f32 * 0.001);
        let mut gradient = w.zero_tangent();
        assert_eq!(allocations(|| energy(&w)), 0);
        assert_eq!(allocations(|| energy::value_and_grad_into(&w, &mut gradient)), 0);
        assert_eq!(allocations(|| energy::grad(&w)), 1);
        let mut other = w.clone();
        assert_eq!(
            allocations(|| without_the_first::value_and_grad_into(&w, &w, &mut gradient, &mut other)),
            0
        );
        assert_eq!((gradient, other), (HeapMatrix::zeros(), HeapMatrix::ones()));
    }
}

mod optimizers {
    use super::*;

    #[derive(Differentiable)]
    struct Parameters<S: Storage> {
        weights: Matrix<8, 4, f32, S>,
        layers: [Matrix<2, 2, f64, S>; 3],
        bias: Option<f64>,
    }

    #[differentiable]
    fn size_inline(parameters: &Parameters<Inline>) -> f32 {
        parameters.weights.norm_squared() + parameters.layers[1].norm_squared() as f32
    }

    #[differentiable]
    fn size_heap(parameters: &Parameters<Heap>) -> f32 {
        parameters.weights.norm_squared() + parameters.layers[1].norm_squared() as f32
    }

    fn parameters<S: Storage>() -> Parameters<S> {
        Parameters {
            weights: Construct::ones(),
            layers: std::array::from_fn(|_| Construct::ones()),
            bias: Some(1.0),
        }
    }

    /// Requests in the first step and in the second.
    fn steps<S: Storage>(
        optimizer: &mut dyn Optimizer<Parameters<S>>,
        gradient: fn(&Parameters<S>) -> ParametersTangent<S>,
    ) -> [usize; 2] {
        let mut parameters = parameters();
        [(), ()].map(|()| {
            let gradient = gradient(&parameters);
            allocations(|| optimizer.step(&mut parameters, &gradient))
        })
    }

    #[test]
    fn ask_for_memory_in_the_first_step_at_most() {
        let gradient = |parameters: &_| size_inline::grad(parameters);
        assert_eq!(steps(&mut Sgd::new(0.1), gradient), [0, 0]);
        assert_eq!(steps(&mut Sgd::new(0.1).momentum(0.9), gradient), [0, 0]);
        assert_eq!(steps(&mut Adam::new(0.1), gradient), [0, 0]);
        assert_eq!(steps(&mut AdamW::new(0.1), gradient), [0, 0]);

        // A tangent has four matrices.
        let gradient = |parameters: &_| size_heap::grad(parameters);
        assert_eq!(steps(&mut Sgd::new(0.1), gradient), [0, 0]);
        assert_eq!(steps(&mut Sgd::new(0.1).momentum(0.9).nesterov(), gradient), [4, 0]);
        assert_eq!(steps(&mut Adam::new(0.1), gradient), [8, 0]);
        assert_eq!(steps(&mut AdamW::new(0.1), gradient), [8, 0]);
    }
}

/// Slices, with buffers of the caller's.
mod slices {
    use super::*;

    #[differentiable]
    fn dot(x: &[f64], y: &[f64]) -> f64 {
        x.iter().zip(y).map(|(x, y)| x * y).sum()
    }

    #[differentiable]
    fn norm(x: &[f64]) -> f64 {
        x.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    #[differentiable]
    fn parts(x: &[f64], y: &[f64]) -> f64 {
        let corner = [x[0], y[0], x[1] * y[1]];
        let smooth: f64 = x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
        let blocks: f64 = y.chunks(3).map(|c| c.iter().product::<f64>()).sum();
        dot(&x[1..], &y[..3]) + norm(&corner) + norm(&x[..2]) * smooth + blocks
    }

    #[differentiable]
    fn choices(x: &[f64], y: &[f64]) -> f64 {
        let largest = x.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
        let smallest = y.iter().copied().fold(f64::INFINITY, f64::min);
        let positive: f64 = x.iter().filter(|x| **x > 0.0).map(|x| x.ln()).sum();
        let mut scaled = [0.0; 4];
        for (s, (x, y)) in scaled.iter_mut().zip(x.iter().zip(y)) {
            *s = x * y * smallest;
        }
        largest * positive + scaled.map(|s| s.sin()).iter().sum::<f64>()
    }

    #[test]
    fn allocate_nothing() {
        let (x, y) = ([0.5, 1.5, -0.3, 0.8], [0.2, -0.9, 1.1, 0.4]);
        let (mut dx, mut dy) = ([7.0; 4], [7.0; 4]);
        macro_rules! quiet {
            ($($f:ident)*) => {$(
                let expected = $f::grad(&x, &y);
                let count = allocations(|| $f::value_and_grad_into(black_box(&x), black_box(&y), &mut dx, &mut dy));
                assert_eq!(count, 0, "{}", stringify!($f));
                assert_eq!((dx.to_vec(), dy.to_vec()), expected);
            )*};
        }
        quiet!(dot parts choices);
        let count = allocations(|| norm::value_and_grad_into(&x, &mut dx));
        assert_eq!(count, 0);
    }
}

/// Several tangents at once, and Jacobians that are written where one wants them.
mod jacobians {
    use super::*;

    #[differentiable(forward)]
    fn polynomials(x: &[f64; 10]) -> [f64; 40] {
        let mut y = [1.0; 40];
        for i in 0..40 {
            for j in 0..10 {
                y[i] = y[i] * x[j] + x[(i + j) % 10].sin();
            }
        }
        y
    }

    #[test]
    fn allocate_nothing() {
        let x = std::array::from_fn(|i| 0.1 * i as f64);
        let directions: [[f64; 10]; 3] =
            std::array::from_fn(|lane| std::array::from_fn(|i| f64::from(u8::from(i == lane))));
        assert_eq!(allocations(|| polynomials::jvp_many(black_box(&x), &directions)), 0);
        let mut jacobian = [[f64::NAN; 10]; 40];
        assert_eq!(
            allocations(|| polynomials::value_and_jacobian_into(black_box(&x), &mut jacobian)),
            0
        );
        assert_eq!(jacobian, polynomials::jacobian(&x));
    }
}
