//! Optimisers: how parameters follow their gradient.
//!
//! Each works on any [`Differentiable`] value, usually a struct with `#[derive(Differentiable)]`, and changes every
//! scalar in it; what is `#[no_diff]` stays as it is. What an optimiser remembers from step to step, such as velocities,
//! is a tangent of the parameters: inline parameters need no allocator, and parameters on the heap are allocated for
//! in the first step only.
//!
//! ```
//! use tapeless::prelude::*;
//!
//! #[derive(Differentiable)]
//! struct Line {
//!     slope: f64,
//!     intercept: f64,
//! }
//!
//! #[differentiable]
//! fn loss(line: &Line, #[no_diff] points: &[(f64, f64); 3]) -> f64 {
//!     let [a, b, c] = points;
//!     let at = |x: f64| line.slope * x + line.intercept;
//!     (at(a.0) - a.1).powi(2) + (at(b.0) - b.1).powi(2) + (at(c.0) - c.1).powi(2)
//! }
//!
//! let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)];
//! let mut line = Line { slope: 0.0, intercept: 0.0 };
//! let mut optimizer = Sgd::new(0.05).momentum(0.9);
//! for _ in 0..500 {
//!     let gradient = loss::grad(&line, &points);
//!     optimizer.step(&mut line, &gradient);
//! }
//! assert!((line.slope - 2.0).abs() < 1e-6 && (line.intercept - 1.0).abs() < 1e-6);
//! ```
//!
//! The learning rate may be changed between steps, which is all that a schedule is:
//!
//! ```
//! use tapeless::prelude::*;
//!
//! let mut x = 5.0;
//! let mut optimizer = Sgd::new(0.3);
//! for epoch in 0..100 {
//!     optimizer.set_learning_rate(0.3 / (1.0 + 0.1 * f64::from(epoch)));
//!     let gradient = 2.0 * x;
//!     optimizer.step(&mut x, &gradient);
//! }
//! assert!(x.abs() < 1e-3);
//! ```

mod adam;
mod leaves;
mod sgd;

pub use adam::{Adam, AdamW};
pub use sgd::Sgd;

use crate::differentiable::Differentiable;

/// A way to follow the gradient with respect to parameters of type `P`.
///
/// It can be made into an object, so that a program can choose its optimiser when it runs:
///
/// ```
/// use tapeless::prelude::*;
///
/// let mut optimizers: [Box<dyn Optimizer<f64>>; 2] = [Box::new(Sgd::new(0.1)), Box::new(Adam::new(0.1))];
/// for optimizer in &mut optimizers {
///     let mut x = 1.0;
///     optimizer.step(&mut x, &2.0);
///     assert!(x < 1.0);
/// }
/// ```
pub trait Optimizer<P: Differentiable> {
    /// Takes one step, downhill: changes the parameters so that a function with this gradient becomes smaller.
    ///
    /// # Panics
    /// If the gradient, or what is remembered from earlier steps, belongs to parameters of another size or variant: a
    /// vector of another length, an option that is `None` in one and `Some` in the other.
    fn step(&mut self, parameters: &mut P, gradient: &P::Tangent);

    /// The learning rate: the factor of each step.
    fn learning_rate(&self) -> f64;

    /// Changes the learning rate, from the next step on.
    fn set_learning_rate(&mut self, learning_rate: f64);

    /// Forgets all earlier steps: the next is as the first. The learning rate stays as it is.
    fn reset(&mut self);
}

#[cfg(test)]
mod tests;
