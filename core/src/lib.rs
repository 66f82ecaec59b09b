//! Reverse-mode automatic differentiation at compile time, on stable Rust: no graph, no tape, no heap.
//!
//! The attribute [`#[differentiable]`](macro@differentiable) reads a function and generates its derivative as ordinary Rust, which
//! the compiler optimises like any other. Nothing is recorded when it runs. [`Matrix`] has its shape in its type, so that
//! a product of matrices that do not fit does not compile.
//!
//! # A first gradient
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[differentiable]
//! fn square(x: f64) -> f64 {
//!     x * x
//! }
//!
//! assert_eq!(square(3.0), 9.0); // the function itself, untouched
//! assert_eq!(square::grad(3.0), 6.0);
//! assert_eq!(square::value_and_grad(3.0), (9.0, 6.0));
//! ```
//!
//! The derivatives hang off the function's own name, and go wherever `use path::square` takes it.
//!
//! # Several parameters
//!
//! The gradient has an entry for each differentiable parameter, in order:
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[differentiable]
//! fn energy(x: f64, y: &f64, n: i32) -> f64 {
//!     (x * y).sin() + x.powi(n)
//! }
//!
//! let (dx, dy) = energy::grad(2.0, &0.5, 2);
//! assert_eq!(dx, 0.5 * 1.0_f64.cos() + 4.0);
//! assert_eq!(dy, 2.0 * 1.0_f64.cos());
//! ```
//!
//! A parameter may be a value or a reference. Integers, `bool` and strings are not differentiable; what else
//! is to be taken as a constant is marked `#[no_diff]`, or left out of `wrt`:
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[differentiable]
//! fn scaled(x: f64, #[no_diff] factor: f64) -> f64 {
//!     factor * x
//! }
//! assert_eq!(scaled::grad(2.0, 5.0), 5.0);
//!
//! #[differentiable(wrt(y))]
//! fn product(x: f64, y: f64) -> f64 {
//!     x * y
//! }
//! assert_eq!(product::grad(2.0, 5.0), 2.0);
//! ```
//!
//! For a function `f(a, b) -> Y`, with G for the gradient:
//!
//! | call | result | |
//! |---|---|---|
//! | `f::grad(a, b)` | G | Y is a scalar |
//! | `f::value_and_grad(a, b)` | (Y, G) | Y is a scalar |
//! | `f::value_and_grad_into(a, b, &mut da, &mut db)` | Y | Y is a scalar; the gradient overwrites the buffers |
//! | `f::vjp(a, b)` | (Y, pullback) | any Y; `pullback(y_bar)` is G |
//! | `f::jvp(a, b, a_dot, b_dot)` | (Y, tangent of Y) | any Y; the derivative along the tangents |
//! | `f::hvp(a, b, a_dot, b_dot)` | G | Y is a scalar; the Hessian times the tangents |
//! | `f::grad_and_hvp(a, b, a_dot, b_dot)` | (G, G) | Y is a scalar; the gradient, and the Hessian times the tangents |
//! | `f::jacobian(a)`, `f::value_and_jacobian(a)`, `f::hessian(a)` | an array or matrix | one differentiable parameter |
//! | `f::graph()` | [`&'static Graph`](graph::Graph) | the computational graph |
//!
//! The lines from `jvp` to `jacobian` need `#[differentiable(forward)]`.
//!
//! # Control flow
//!
//! A branch stays a branch: the derivative runs the arm that the function ran, and no other.
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[differentiable]
//! fn huber(x: f64) -> f64 {
//!     if x.abs() <= 1.0 {
//!         return 0.5 * x * x;
//!     }
//!     let slope = match x {
//!         x if x < 0.0 => -1.0,
//!         _ => 1.0,
//!     };
//!     slope * x - 0.5
//! }
//! assert_eq!(huber::grad(0.25), 0.25);
//! assert_eq!(huber::grad(-4.0), -1.0);
//! ```
//!
//! A differentiable function may call others, and [`stop_gradient`] cuts the flow. What cannot be differentiated is
//! an error at the place where it stands, never a silent zero. The readme's table
//! says what of the language can be used, and what not yet.
//!
//! A loop is differentiated without a tape: the reverse sweep runs its iterations again, from states that are kept in a
//! [fixed number of places](checkpoint) on the stack.
//!
//! ```
//! use tapeless::prelude::*;
//!
//! /// A pendulum after many small steps.
//! #[differentiable]
//! fn angle(start: f64, gravity: f64, steps: usize) -> f64 {
//!     let (mut angle, mut velocity) = (start, 0.0);
//!     for _ in 0..steps {
//!         velocity -= 0.001 * gravity * angle.sin();
//!         angle += 0.001 * velocity;
//!     }
//!     angle
//! }
//! assert_gradient!(angle, 0.5, 9.81, 10_000);
//! ```
//!
//! # Structs
//!
//! `#[derive(Differentiable)]` gives a struct a tangent type, its gradient's: `SpringTangent` for `Spring`, with the same
//! fields, except those that are not differentiable.
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[derive(Differentiable)]
//! struct Spring {
//!     stiffness: f64,
//!     length: f64,
//!     #[no_diff]
//!     name: &'static str,
//! }
//!
//! #[differentiable]
//! fn energy(spring: &Spring, x: f64) -> f64 {
//!     0.5 * spring.stiffness * (x - spring.length).powi(2)
//! }
//!
//! let spring = Spring { stiffness: 2.0, length: 1.0, name: "left" };
//! let (gradient, force) = energy::grad(&spring, 3.0);
//! assert_eq!(gradient, SpringTangent { stiffness: 2.0, length: -4.0 });
//! assert_eq!(force, 4.0);
//! # assert_eq!(spring.name, "left");
//! ```
//!
//! [`Differentiable`] has what can be done with the value, [`Tangent`] what can be done with the gradient.
//!
//! # Matrices, and training
//!
//! `Matrix<N, M>` has N rows and M columns of `f32`; `Matrix<N, M, f64>` those of `f64`. The elements are in the value
//! itself; those of a [`HeapMatrix`] are in a box, for shapes too large for the stack. [An optimiser](optim) follows
//! the gradient:
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[derive(Differentiable)]
//! struct Mlp {
//!     w1: Matrix<2, 8>,
//!     b1: Matrix<1, 8>,
//!     w2: Matrix<8, 2>,
//!     b2: Matrix<1, 2>,
//! }
//!
//! #[differentiable]
//! fn scores(mlp: &Mlp, x: &Matrix<4, 2>) -> Matrix<4, 2> {
//!     let hidden = (x * &mlp.w1).add_row(&mlp.b1).tanh();
//!     (&hidden * &mlp.w2).add_row(&mlp.b2)
//! }
//!
//! #[differentiable]
//! fn loss(mlp: &Mlp, #[no_diff] x: &Matrix<4, 2>, labels: &[usize; 4]) -> f32 {
//!     scores(mlp, x).softmax_cross_entropy(labels)
//! }
//!
//! // Exclusive or.
//! let x = Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let labels = [0, 1, 1, 0];
//! let mut mlp = Mlp {
//!     w1: Matrix::from_fn(|i, j| ((3 * i + j) as f32).sin()),
//!     b1: Matrix::zeros(),
//!     w2: Matrix::from_fn(|i, j| ((i + 5 * j) as f32).cos()),
//!     b2: Matrix::zeros(),
//! };
//! let mut optimizer = Adam::new(0.05);
//! for _ in 0..200 {
//!     let gradient = loss::grad(&mlp, &x, &labels);
//!     optimizer.step(&mut mlp, &gradient);
//! }
//! assert!(loss(&mlp, &x, &labels) < 0.01);
//! ```
//!
//! A mistake in a shape is one error, at the operator:
//!
//! ```compile_fail
//! use tapeless::prelude::*;
//!
//! let x = Matrix::<4, 2>::zeros();
//! let y = x * x; // cannot multiply `Matrix<4, 2>` by `Matrix<4, 2>`
//! ```
//!
//! # Rules by hand
//!
//! [`#[derivative_of]`](macro@derivative_of) gives a derivative to a function that has none, because it is in another crate, or because
//! there is a better one than what would be generated:
//!
//! ```
//! use tapeless::prelude::*;
//!
//! /// The root of y³ + y = x, by Newton's method.
//! fn root(x: f64) -> f64 {
//!     let mut y = 0.0_f64;
//!     for _ in 0..50 {
//!         y -= (y.powi(3) + y - x) / (3.0 * y * y + 1.0);
//!     }
//!     y
//! }
//!
//! #[derivative_of(root)]
//! fn root_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
//!     let y = root(x);
//!     (y, move |y_bar| y_bar / (3.0 * y * y + 1.0))
//! }
//!
//! #[differentiable]
//! fn f(x: f64) -> f64 {
//!     2.0 * root(x * x)
//! }
//! assert_gradient!(f, 1.5);
//! ```
//!
//! [`rules`] lists what every operator and method does, with its conventions where it is not differentiable.
//!
//! # Checking
//!
//! [`assert_gradient!`] compares a gradient with central differences, in a test of your own:
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[differentiable]
//! fn distance(a: &[f64; 2], b: &[f64; 2]) -> f64 {
//!     (a[0] - b[0]).hypot(a[1] - b[1])
//! }
//! assert_gradient!(distance, &[1.0, 2.0], &[4.0, 6.0]);
//! ```
//!
//! # Without the standard library
//!
//! The crate is `no_std`. Without `std`, the feature `libm` brings the mathematics, and nothing needs an
//! allocator: an [`Inline`] matrix, its gradient and an optimiser's state all live where you put them.
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `std` | yes | the standard library's mathematics, and the vector units that the processor turns out to have; includes `alloc` |
//! | `alloc` | with `std` | [`HeapMatrix`]; vectors, boxes and strings in differentiable values |
//! | `libm` | no | mathematics without the standard library; one of `std` and `libm` must be on |
//! | `rand` | no | [`init`]: random weights |
//! | `approx` | no | approximate comparison of matrices, by the crate `approx` |
//! | `serde` | no | matrices written and read, by the crate `serde` |
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;
// Generated code names `::tapeless`, also in here.
#[allow(unused_extern_crates)]
extern crate self as tapeless;

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("tapeless needs mathematics: turn on its feature `std`, or `libm` where there is no standard library");

mod accumulate;
mod attributes;
mod call;
mod callable;
mod changes;
pub mod check;
pub mod checkpoint;
mod chunk;
mod differentiable;
mod dual;
#[doc(hidden)]
pub mod expansion;
mod given;
pub mod graph;
#[cfg(feature = "rand")]
pub mod init;
mod jacobian;
mod lanes;
pub mod matrix;
mod operators;
pub mod optim;
pub mod prelude;
pub mod rules;
mod scalar;
mod special;
mod stop_gradient;
mod takes;

pub use attributes::{Differentiable, derivative_of, differentiable};
pub use callable::Callable;
pub use differentiable::*;
pub use matrix::{Construct, Inline, Matrix, ShapeError, Storage};
#[cfg(feature = "alloc")]
pub use matrix::{Heap, HeapMatrix};
pub use scalar::Real;
pub use stop_gradient::stop_gradient;
