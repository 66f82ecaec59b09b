//! A user's crate that calls everything there is; edition 2021 and edition 2024 compile the same source.

use tapeless::prelude::*;

mod borrowing;

/// Parameters of a model.
#[derive(Differentiable, Clone, Debug, PartialEq)]
pub struct Model<'n, const H: usize, T: Real> {
    /// Weights.
    pub weights: Matrix<2, H, T>,
    /// Bias.
    pub bias: [T; H],
    /// Scale.
    pub scale: Option<T>,
    /// What it is called.
    #[no_diff]
    pub name: &'n str,
}

/// By value.
#[differentiable]
pub fn by_value(x: f64, y: f64) -> f64 {
    (x * y).sin() + x * x
}

/// By reference, with lifetimes elided.
#[differentiable]
pub fn by_reference(x: &f64, y: &[f64; 2]) -> f64 {
    x * y[0] + y[1]
}

/// With lifetimes.
#[differentiable]
pub fn with_lifetimes<'a, 'b: 'a>(x: &'a [f64; 2], y: &'b [f64; 2], _name: &'a str) -> f64 {
    let p = &x[0];
    let q = &y[1];
    p * q + *p
}

/// With everything generic.
#[differentiable]
pub fn generic<'m, const H: usize, T>(model: &'m Model<'static, H, T>, x: &'m Matrix<1, 2, T>) -> T
where
    T: Real,
{
    let hidden = (x * &model.weights).tanh();
    hidden.sum() * model.bias[H - 1]
}

/// `impl Trait` parameters.
#[differentiable]
pub fn impl_trait(x: f64, factor: impl Fn(f64) -> f64, #[no_diff] n: impl Into<i32> + Copy) -> f64 {
    let _ = &factor;
    x.powi(n.into())
}

/// Narrowed.
#[differentiable(wrt(y))]
pub fn narrowed(x: f64, y: f64, #[no_diff] z: f64) -> f64 {
    x * y * z + stop_gradient(x)
}

/// Without a derivative of its own.
pub fn external<'a>(x: f64, y: &'a [f64; 2]) -> f64 {
    x * y[0] * y[1]
}

#[derivative_of(external)]
fn external_vjp<'a>(x: f64, y: &'a [f64; 2]) -> (f64, impl FnOnce(f64) -> (f64, [f64; 2])) {
    let [a, b] = *y;
    (x * a * b, move |bar| (bar * a * b, [bar * x * b, bar * x * a]))
}

/// Calls the others, with local functions, modules and closures.
#[differentiable]
pub fn calls(x: f64, y: &[f64; 2]) -> f64 {
    #[differentiable]
    fn local<T: Real>(a: &T, b: T) -> T {
        *a * b
    }
    let twice = |a: f64| a * 2.0;
    let a = by_value(x, y[0]);
    let b = by_reference(&a, y) + with_lifetimes(y, &[x, a], "name");
    local(&b, external(a, y)) + twice(narrowed(3.0, b, 0.5))
}

/// The gradient of a heap matrix, computed in a buffer.
#[differentiable]
pub fn heap<const N: usize>(w: &HeapMatrix<N, N, f64>, #[no_diff] x: &HeapMatrix<N, N, f64>) -> f64 {
    (w * x).norm_squared()
}

/// A pullback that outlives the arguments it came from.
pub fn returned_pullback(x: f64) -> impl FnOnce(f64) -> (f64, f64) {
    let y = x * 2.0;
    by_value::vjp(x, y).1
}

/// A pullback of a function of references: it owns what it needs.
pub fn pullback_of_references(x: f64) -> (f64, [f64; 2]) {
    let y = [x, 2.0];
    let (_, pullback) = by_reference::vjp(&x, &y);
    pullback(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model<'static, 2, f64> {
        Model {
            weights: Matrix::from_rows([[0.1, 0.2], [0.3, 0.4]]),
            bias: [0.5, 0.6],
            scale: None,
            name: "model",
        }
    }

    #[test]
    fn gradients_agree_with_differences() {
        let model = model();
        assert_gradient!(by_value, 1.5, 0.5);
        assert_gradient!(by_reference, &1.5, &[0.5, 2.0]);
        assert_gradient!(with_lifetimes, &[1.0, 2.0], &[3.0, 4.0], "name");
        assert_gradient!(generic, &model, &Matrix::from_rows([[1.0, 2.0]]));
        assert_gradient!(narrowed, 1.5, 0.5, 2.0);
        assert_gradient!(external, 1.5, &[0.5, 2.0]);
        assert_gradient!(calls, 1.5, &[0.5, 2.0]);
        assert_eq!(impl_trait::grad(2.0, |a| a, 3), 12.0);
    }

    #[test]
    fn buffers_are_overwritten() {
        let (mut dx, mut dy) = (7.0, [7.0; 2]);
        let value = calls::value_and_grad_into(1.5, &[0.5, 2.0], &mut dx, &mut dy);
        assert_eq!((value, (dx, dy)), calls::value_and_grad(1.5, &[0.5, 2.0]));
        let w = HeapMatrix::<3, 3, f64>::identity();
        let mut dw = HeapMatrix::<3, 3, f64>::ones();
        heap::value_and_grad_into(&w, &w, &mut dw);
        assert_eq!(dw, heap::grad(&w, &w));
    }

    #[test]
    fn pullbacks_can_be_returned() {
        assert_eq!(returned_pullback(1.5)(1.0), by_value::grad(1.5, 3.0));
        assert_eq!(pullback_of_references(1.5), (1.5, [1.5, 1.0]));
    }
}
