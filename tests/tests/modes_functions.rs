//! Derivatives along directions through functions as values, and through gradients of functions.

use tapeless::prelude::*;

mod values {
    use super::*;

    #[differentiable(forward)]
    fn square(x: f64) -> f64 {
        x * x * x.sin()
    }

    #[differentiable(forward)]
    fn bent(x: f64, y: f64, n: usize) -> f64 {
        (x * y).powi(n as i32) + y
    }

    #[differentiable(forward)]
    fn scale<T: Real>(x: T) -> T {
        x * x.exp()
    }

    #[differentiable(forward)]
    fn integrate<F: Callable<f64, Output = f64>>(f: F, a: f64, b: f64, n: usize) -> f64 {
        let h = (b - a) / n as f64;
        let mut sum = 0.0;
        for i in 0..n {
            sum += f.call(a + (i as f64 + 0.5) * h) * h;
        }
        sum
    }

    #[differentiable(forward)]
    fn twice(f: &impl Callable<(f64, f64, usize), Output = f64>, x: f64, y: f64) -> f64 {
        let z = f.call((x, y, 2));
        f.call((z, x, 3)) * f.call((2.0, y, 1))
    }

    #[differentiable(forward)]
    fn all(x: f64, y: f64) -> f64 {
        integrate(square {}, x, y, 3) * twice(&bent {}, x, y) + integrate(scale {}, x, 1.0, 2)
    }

    #[differentiable]
    fn plain(x: f64) -> f64 {
        x * x
    }

    #[test]
    fn agree() {
        assert_hvp!(all, 0.7, 1.3; 0.4, -0.6);
        let (value, dot) = integrate::jvp(square {}, 0.0, 1.0, 4, 0.0, 1.0);
        assert_eq!(value, integrate(square {}, 0.0, 1.0, 4));
        assert!((dot - integrate::grad(square {}, 0.0, 1.0, 4).1).abs() < 1e-12);
        assert_eq!(integrate::grad(plain {}, 0.0, 1.0, 1), (0.25, 0.75));
    }
}

mod gradients {
    use super::*;

    #[differentiable(forward)]
    fn inner(x: f64, y: f64) -> f64 {
        (x * y).sin() + x * x * y
    }

    #[differentiable(forward)]
    fn cost(x: &[f64], k: f64) -> f64 {
        let mut sum = 0.0;
        for i in 1..x.len() {
            sum += (x[i] - x[i - 1] * k).powi(4);
        }
        sum
    }

    #[differentiable(forward)]
    fn slope(x: f64, y: f64) -> f64 {
        let (dx, dy) = inner::grad(x * y, y);
        let (value, (ex, _)) = inner::value_and_grad(x, 2.0 * y);
        dx * dy + value * ex
    }

    #[differentiable(forward)]
    fn descent(x: &[f64], rate: f64, n: usize) -> f64 {
        let mut x = x.to_vec();
        for _ in 0..n {
            let (gradient, k) = cost::grad(&x, rate);
            for i in 0..x.len() {
                x[i] -= rate * gradient[i] * k;
            }
        }
        cost(&x, 1.0)
    }

    /// The derivative along a direction is the inner product with the gradient, which goes through the same gradients in reverse.
    #[test]
    fn agree() {
        let (value, dot) = slope::jvp(0.7, 1.3, 0.4, -0.6);
        let (dx, dy) = slope::grad(0.7, 1.3);
        assert_eq!(value, slope(0.7, 1.3));
        assert!((dot - (dx * 0.4 - dy * 0.6)).abs() < 1e-12);
        let (x, along) = (vec![0.4, 0.9, 0.2], vec![0.3, -0.7, 0.5]);
        for n in 0..4 {
            let (value, dot) = descent::jvp(&x, 0.01, n, &along, 0.4);
            let (dx, rate) = descent::grad(&x, 0.01, n);
            assert_eq!(value, descent(&x, 0.01, n));
            assert!((dot - (dx.inner_product(&along) + rate * 0.4)).abs() < 1e-12);
        }
    }

    /// d/dx (x · d/dy (x·y)): the inner derivative's direction is not the outer one's.
    #[test]
    fn perturbations_are_told_apart() {
        #[differentiable(forward)]
        fn product(x: f64, y: f64) -> f64 {
            x * y
        }
        #[differentiable(forward)]
        fn outer(x: f64) -> f64 {
            x * product::grad(x, 3.0).1
        }
        assert_eq!(outer::jvp(2.0, 1.0), (4.0, 4.0));
        assert_eq!(outer::grad(2.0), 4.0);
    }
}
