//! Gradients inside differentiable functions: which variable each derivative is taken with respect to, the steps of an
//! optimiser, arguments of every kind.

use tapeless::prelude::*;

mod which_variable {
    use super::*;

    #[differentiable(forward)]
    fn product(y: f64, x: f64) -> f64 {
        x * y
    }

    /// x · d/dy (x·y) = x²
    #[differentiable]
    fn outer(x: f64) -> f64 {
        x * product::grad(1.0, x).0
    }

    /// The same where the inner variable has the value, and the name, of the outer one.
    #[differentiable]
    fn same(x: f64) -> f64 {
        let y = x;
        x * product::grad(y, stop_gradient(y)).0
    }

    #[differentiable(forward)]
    fn sum(y: f64, #[no_diff] x: f64) -> f64 {
        x + y
    }

    /// x · d/dy (x + y) = x
    #[differentiable]
    fn one(x: f64) -> f64 {
        x * sum::grad(1.0, stop_gradient(x))
    }

    #[differentiable(forward)]
    fn exponential(y: f64, x: f64) -> f64 {
        (x * y).exp() * y
    }

    /// d/dx (x · ∂/∂y (y·eˣʸ)) at y = x², and with both derivatives used twice.
    #[differentiable]
    fn composed(x: f64) -> f64 {
        let (dy, dx) = exponential::grad(x * x, x);
        let dx_again = exponential::grad(dy, x).1;
        x * dy * dy + dx * dx_again
    }

    #[test]
    fn derivatives_do_not_mix() {
        assert_eq!(outer::grad(3.0), 6.0);
        assert_eq!(same::grad(3.0), 3.0);
        assert_eq!(one::grad(3.0), 1.0);
        for x in [-0.4, 0.0, 0.3, 0.6] {
            assert_gradient!(outer, x);
            assert_gradient!(composed, x);
        }
    }
}

mod optimiser {
    use super::*;

    #[differentiable(forward)]
    fn loss(w: &[f64; 2], k: f64) -> f64 {
        let r = w[0] * w[0] * k - w[1];
        r * r + (w[0] * w[1]).sin()
    }

    #[differentiable]
    fn descend(k: f64, rate: f64, n: usize) -> f64 {
        let mut w = [0.7, k];
        for _ in 0..n {
            let (g, _) = loss::grad(&w, k);
            w[0] -= rate * g[0];
            w[1] -= rate * g[1];
        }
        loss(&w, k)
    }

    /// With the value, in a branch in a loop, and an early end.
    #[differentiable]
    fn line_search(k: f64, n: usize) -> f64 {
        let mut w = [0.7, k];
        let mut s = 0.0;
        for i in 0..n {
            let (value, (g, g_k)) = loss::value_and_grad(&w, k);
            if value > 0.1 {
                w[i % 2] -= 0.1 * g[i % 2] * value;
            } else {
                w[0] += g_k;
                let w = [g_k, w[1]];
                s += loss::grad(&w, value).1;
            }
            if s > 5.0 {
                return s * w[1];
            }
            s += value * g_k;
        }
        s
    }

    #[test]
    fn steps_are_differentiated() {
        for k in [0.5, 1.3] {
            for n in 0..6 {
                assert_gradient!(descend, k, 0.05, n);
                assert_gradient!(line_search, k, n);
                assert_eq!(descend::value_and_grad(k, 0.05, n).0, descend(k, 0.05, n));
                assert_eq!(line_search::value_and_grad(k, n).0, line_search(k, n));
            }
        }
    }
}

mod arguments {
    use super::*;

    #[derive(Clone, Debug, Differentiable)]
    struct Spring {
        stiffness: f64,
        rest: f64,
        #[no_diff]
        count: f64,
    }

    #[differentiable(forward)]
    fn energy(spring: &Spring, x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 1..x.len() {
            sum += spring.stiffness * (x[i] - x[i - 1] - spring.rest).powi(4) * spring.count;
        }
        sum
    }

    #[differentiable]
    fn forces(stiffness: f64, x: &[f64]) -> f64 {
        let spring = Spring {
            stiffness,
            rest: stiffness * 0.1,
            count: 2.0,
        };
        let (by_spring, by_x) = energy::grad(&spring, x);
        by_x.iter().map(|force| force * force).sum::<f64>() + by_spring.stiffness * by_spring.rest
    }

    #[differentiable(forward)]
    fn quadratic(a: Matrix<2, 2, f64>, x: Matrix<2, 1, f64>) -> f64 {
        (a * x).norm_squared() * x[(0, 0)]
    }

    #[differentiable]
    fn curvature(t: f64) -> f64 {
        let a = Matrix::from([[t, 1.0], [0.5, t * t]]);
        let x = Matrix::from([[1.0], [t]]);
        let (by_a, by_x) = quadratic::grad(a, x);
        by_a.sum() * by_x[(1, 0)] + a[(1, 1)]
    }

    #[differentiable(forward)]
    fn generic<T: Real, const N: usize>(x: &[T; N], scale: T) -> T {
        let mut sum = scale;
        for i in 0..N {
            sum += x[i] * x[i] * x[i] * scale;
        }
        sum
    }

    #[differentiable]
    fn of_generic(x: f32) -> f32 {
        let (by_x, by_scale) = generic::grad::<f32, 2>(&[x, 0.5], x * x);
        by_x[0] * by_scale + by_x[1]
    }

    #[differentiable]
    fn in_a_chain(x: &[f64], k: f64) -> f64 {
        x.iter().map(|v| super::arguments::cubic::grad(v * k) * v).sum()
    }

    #[differentiable(forward)]
    pub(super) fn cubic(x: f64) -> f64 {
        x * x * x
    }

    #[derive(Clone, Debug, Differentiable)]
    struct Optimiser {
        momentum: f64,
        at: f64,
    }

    #[differentiable]
    impl Optimiser {
        fn step(&mut self, rate: f64) -> f64 {
            self.momentum = 0.9 * self.momentum - rate * cubic::grad(self.at);
            self.at += self.momentum;
            self.at
        }
    }

    #[differentiable]
    fn with_momentum(rate: f64) -> f64 {
        let mut optimiser = Optimiser { momentum: 0.0, at: 1.0 };
        let mut sum = 0.0;
        for _ in 0..4 {
            sum += optimiser.step(rate);
        }
        sum
    }

    #[test]
    fn of_every_kind() {
        assert_gradient!(forces, 0.8, &[0.3, 0.9, -0.2, 0.5]);
        assert_gradient!(in_a_chain, &[0.3, -0.9], 0.5);
        for t in [-0.7, 0.0, 1.2] {
            assert_gradient!(curvature, t);
            assert_gradient!(of_generic, t as f32);
            assert_gradient!(with_momentum, t * 0.1);
        }
    }
}

/// A module of the user's with a function called `grad`, imported.
mod named_grad {
    use super::*;

    mod physics {
        use tapeless::prelude::*;

        #[differentiable]
        pub fn grad(x: f64) -> f64 {
            x * x
        }
    }

    #[differentiable]
    fn f(x: f64) -> f64 {
        use physics::grad;
        grad(x) * x
    }

    #[test]
    fn is_a_function_like_others() {
        assert_gradient!(f, 1.3);
    }
}
