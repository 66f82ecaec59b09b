//! A user's crate that calls the dependency by another name.
//!
//! There is a module `tapeless` here too, so that a generated path that forgot the name would find the wrong one.

use automatic::prelude::*;

/// Not the crate.
pub mod tapeless {}

/// A struct.
#[derive(Differentiable, Clone, Debug)]
#[differentiable(crate = automatic)]
pub struct Point {
    /// Abscissa.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
}

/// By a path in the crate's own module.
pub mod again {
    pub use ::automatic as engine;
}

/// The dot product of a point with itself.
#[differentiable(crate = automatic)]
pub fn square(p: &Point) -> f64 {
    p.x * p.x + p.y * p.y
}

/// Calls the other.
#[differentiable(wrt(x), crate = "crate::again::engine")]
pub fn calls(x: f64, y: f64) -> f64 {
    if x > y { square(&Point { x, y }) } else { external(x) }
}

/// A function with a rule.
pub fn external(x: f64) -> f64 {
    x * 3.0
}

#[derivative_of(external, crate = automatic)]
fn external_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
    (x * 3.0, |bar| bar * 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_found() {
        assert_eq!(calls::grad(2.0, 1.0), 4.0);
        assert_eq!(calls::grad(1.0, 2.0), 3.0);
        assert_gradient!(square, &Point { x: 1.0, y: 2.0 });
    }
}
