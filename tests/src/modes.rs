//! One point and one direction, at which the modes of functions `fn(x: &[f64], k: f64) -> f64` are compared.

pub const X: [f64; 4] = [0.3, -0.7, 1.2, 0.5];
pub const K: f64 = 0.8;
pub const DIRECTION: [f64; 4] = [0.2, 0.5, -0.3, 0.9];
pub const K_DIRECTION: f64 = 0.7;
pub const STEP: f64 = 1e-6;

/// The point, so many steps along the direction.
#[must_use]
pub fn along(step: f64) -> (Vec<f64>, f64) {
    let x = X.iter().zip(&DIRECTION).map(|(x, d)| x + step * d).collect();
    (x, K + step * K_DIRECTION)
}

/// # Panics
///
/// If the numbers are not equal, but for what differences lose.
pub fn near(a: f64, b: f64, name: &str) {
    assert!((a - b).abs() < 1e-7 * (1.0 + b.abs()), "{name}: {a} is not {b}");
}

/// A test for each function: its gradient, its derivatives along one and along several directions, and its Hessian times a vector
/// agree with one another and with differences.
#[macro_export]
macro_rules! modes_agree {
    ($($f:ident)*) => {mod along_and_twice { use $crate::modes::{DIRECTION, K, K_DIRECTION, STEP, X, along, near}; $(
        #[test]
        fn $f() {
            let name = stringify!($f);
            let ((up, up_k), (down, down_k)) = (along(STEP), along(-STEP));
            let direction = DIRECTION.to_vec();

            let (gradient, gradient_k) = super::$f::grad(&X, K);
            let (value, slope) = super::$f::jvp(&X, K, &direction, K_DIRECTION);
            near(value, super::$f(&X, K), name);
            let product: f64 = gradient.iter().zip(&DIRECTION).map(|(g, d)| g * d).sum();
            near(slope, product + gradient_k * K_DIRECTION, name);
            near(slope, (super::$f(&up, up_k) - super::$f(&down, down_k)) / (2.0 * STEP), name);

            let unit = vec![0.0, 1.0, 0.0, 0.0];
            let (_, slopes) = super::$f::jvp_many::<2>(&X, K, &[direction.clone(), unit], [K_DIRECTION, 0.0]);
            near(slopes[0], slope, name);
            near(slopes[1], gradient[1], name);

            let (second, second_k) = super::$f::hvp(&X, K, &direction, K_DIRECTION);
            let ((first, first_k), (again, again_k)) = super::$f::grad_and_hvp(&X, K, &direction, K_DIRECTION);
            for i in 0..X.len() {
                near(first[i], gradient[i], name);
                near(again[i], second[i], name);
            }
            near(first_k, gradient_k, name);
            near(again_k, second_k, name);
            let (up, up_k) = super::$f::grad(&up, up_k);
            let (down, down_k) = super::$f::grad(&down, down_k);
            for i in 0..X.len() {
                near(second[i], (up[i] - down[i]) / (2.0 * STEP), name);
            }
            near(second_k, (up_k - down_k) / (2.0 * STEP), name);
        }
    )*}};
}
