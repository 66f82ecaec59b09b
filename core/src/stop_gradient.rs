//! [`stop_gradient`]: where the flow of derivatives ends.

/// Returns its argument. In a differentiable function, nothing flows back through it: the result counts as a constant.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn f(x: f64) -> f64 {
///     x * stop_gradient(x)
/// }
/// assert_eq!(f(3.0), 9.0);
/// assert_eq!(f::grad(3.0), 3.0); // not 6: one of the factors is a constant
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn stop_gradient<T>(value: T) -> T {
    value
}
