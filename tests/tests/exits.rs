//! Ways out of the middle: `?`, labelled blocks, `return` in closures; and what is inside an `Option` or a `Result`.

use tapeless::check::{compare, numerical_gradient};
use tapeless::prelude::*;
use tapeless_tests::check;

mod question {
    use super::*;

    #[differentiable]
    fn root(x: f64) -> Option<f64> {
        if x < 0.0 { None } else { Some(x.sqrt()) }
    }

    #[differentiable]
    fn checked(x: f64, y: f64) -> Result<f64, String> {
        if y == 0.0 {
            return Err("division by zero".to_owned());
        }
        Ok(x / y)
    }

    #[differentiable]
    fn chained(x: f64, y: f64) -> Option<f64> {
        let a = root(x)?;
        let b = root(a - y)? * root(y)?;
        Some(a * b + x)
    }

    #[differentiable]
    fn in_a_loop(x: f64, n: usize) -> Option<f64> {
        let mut s = x;
        for i in 0..n {
            s = root(s - 0.1 * i as f64)? + x;
            if i == 3 {
                s *= root(x)?;
            }
        }
        Some(s)
    }

    #[differentiable]
    fn result(x: f64, y: f64) -> Result<f64, String> {
        let q = checked(x, y)?;
        let r = checked(q, x - 1.0)?;
        Ok(q * r)
    }

    /// The error has a type only behind the loop.
    #[differentiable]
    fn within(x: f64, n: usize) -> Result<f64, String> {
        let mut s = x;
        for _ in 0..n {
            let q = checked(s, 2.0)?;
            s = q * q * 0.1 + checked(x, 1.0)?;
        }
        Ok(s * x)
    }

    #[differentiable]
    fn within_or(x: f64, n: usize) -> f64 {
        match within(x, n) {
            Ok(v) => v * x,
            Err(_) => x * 7.0,
        }
    }

    #[derive(Debug)]
    #[allow(dead_code)]
    struct Failure(String);

    impl From<String> for Failure {
        fn from(message: String) -> Self {
            Failure(message)
        }
    }

    #[differentiable]
    fn lookup(xs: &[f64], i: usize, y: f64) -> Option<f64> {
        if i >= xs.len() {
            return None;
        }
        Some(xs[i] * y)
    }

    #[differentiable]
    fn spline(xs: &[f64], ys: &[f64], x: f64) -> Option<f64> {
        let i = xs.iter().position(|k| *k > x)?;
        if i == 0 {
            return None;
        }
        let t = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
        let left = lookup(ys, i - 1, 1.0 - t)?;
        Some(left + lookup(ys, i, t)?)
    }

    #[differentiable]
    fn pair(x: f64, y: f64) -> Option<(f64, f64)> {
        let a = root(x)?;
        Some((a, a * y))
    }

    #[differentiable]
    fn uses_pair(x: f64, y: f64) -> f64 {
        match pair(x, y) {
            Some((a, b)) => a * b,
            None => y,
        }
    }

    #[differentiable]
    fn scalar(x: f64, y: f64) -> f64 {
        let Some(a) = chained(x, y) else { return y * y };
        match result(a, y) {
            Ok(r) => r * x,
            Err(_) => a,
        }
    }

    #[differentiable]
    fn unwraps(x: f64, y: f64, n: usize) -> f64 {
        let a = root(x).unwrap();
        let b = checked(a, y).expect("y is not zero");
        let c = root(-x).unwrap_or(y * 2.0);
        let d = root(x).unwrap_or(y * 2.0);
        let e = root(-y).unwrap_or_else(|| x * y);
        let f = root(y).unwrap_or_else(|| x * y);
        let g = root(y).map_or(x, |r| r * x * r);
        let h = root(-y).map_or(x * x, |r| r * x);
        let i = in_a_loop(x, n).unwrap_or(0.0);
        a + b * c + d * e + f * g * h + i
    }

    #[differentiable]
    fn of_parameters(a: Option<f64>, b: Option<f64>, x: f64) -> f64 {
        let y = a.unwrap_or(x);
        let z = b.map_or(x * x, |b| b * y);
        y * z
    }

    #[test]
    fn gradients() {
        for n in 0..4 {
            check! { within_or(1.3, n); }
        }

        for (x, y) in [(2.0, 0.5), (2.0, 1.2), (0.04, 0.1), (3.0, -1.0), (0.7, 2.0)] {
            check! {
                scalar(x, y);
                uses_pair(x, y);
            }
        }
        check! {
            uses_pair(-1.0, 0.3);
            scalar(-1.0, 0.3);
        }
        for n in 0..6 {
            check! { unwraps(1.4, 0.8, n); }
        }
        check! {
            of_parameters(Some(0.3), None, 1.7);
            of_parameters(None, Some(0.4), 1.7);
            of_parameters(None, None, 1.7);
            of_parameters(Some(0.3), Some(0.4), 1.7);
        }
    }

    #[test]
    fn pullbacks() {
        for n in 0..6 {
            let (value, pullback) = in_a_loop::vjp(1.3, n);
            assert_eq!(value, in_a_loop(1.3, n));
            let slope = numerical_gradient(|x: &f64| in_a_loop(*x, n).unwrap_or(0.0), &1.3);
            let gradient = pullback(value.map(|_| 2.0));
            compare(&gradient, &(2.0 * slope), 1e-6).unwrap();
        }
        let (xs, ys) = (vec![0.0, 1.0, 2.0, 4.0], vec![1.0, -1.0, 0.5, 3.0]);
        for x in [0.3, 1.5, 3.9] {
            let (value, pullback) = spline::vjp(&xs, &ys, x);
            assert_eq!(value, spline(&xs, &ys, x));
            let gradient = pullback(Some(1.0));
            let expected = numerical_gradient(
                |(xs, ys, x): &(Vec<f64>, Vec<f64>, f64)| spline(xs, ys, *x).unwrap(),
                &(xs.clone(), ys.clone(), x),
            );
            compare(&gradient, &expected, 1e-6).unwrap();
        }
        let (value, pullback) = spline::vjp(&xs, &ys, 5.0);
        assert_eq!(value, None);
        assert_eq!(pullback(None), (vec![0.0; 4], vec![0.0; 4], 0.0));
        let (value, pullback) = result::vjp(2.0, 0.0);
        assert!(value.is_err());
        let _ = pullback;
    }
}

mod blocks {
    use super::*;

    #[differentiable]
    fn valued(x: f64, y: f64) -> f64 {
        let a = 'a: {
            if x > 1.0 {
                break 'a x * y;
            }
            let z = x + y;
            if z > 1.0 {
                break 'a z * z;
            }
            z.sin()
        };
        a * x
    }

    #[differentiable]
    fn nested(x: f64, n: usize) -> f64 {
        let mut s = x;
        for i in 0..n {
            let step = 'outer: {
                let inner = 'inner: {
                    if i == 1 {
                        break 'outer s * s;
                    }
                    if s > 2.0 {
                        break 'inner x;
                    }
                    s + x
                };
                s *= 0.5;
                inner * s
            };
            s += step * 0.3;
        }
        s
    }

    #[differentiable]
    fn effect(x: f64, n: usize) -> f64 {
        let mut s = x;
        'done: {
            s *= 2.0;
            if n == 0 {
                break 'done;
            }
            s = s.sin();
            for i in 0..n {
                s += x;
                if i == 2 {
                    break 'done;
                }
            }
            s *= x;
        }
        s * s
    }

    #[differentiable]
    fn leaves(x: f64, n: usize) -> f64 {
        let y = 'a: {
            if n == 0 {
                return x * x * x;
            }
            if n == 1 {
                break 'a x.exp();
            }
            x
        };
        y * x
    }

    #[test]
    fn gradients() {
        for (x, y) in [(1.4, 0.3), (0.8, 0.9), (0.3, 0.2)] {
            check! { valued(x, y); }
        }
        for n in 0..6 {
            check! {
                nested(0.9, n);
                nested(2.9, n);
                effect(0.4, n);
                leaves(0.7, n);
            }
        }
    }
}

mod closures {
    use super::*;

    #[differentiable]
    fn early(x: f64, y: f64) -> f64 {
        let pick = |a: f64| {
            if a > 1.0 {
                return a * y;
            }
            let b = a + x;
            b * b
        };
        pick(x) + pick(y) * pick(x * y)
    }

    #[differentiable]
    fn in_a_loop(x: f64, n: usize) -> f64 {
        let mut s = x;
        let f = |a: f64, i: usize| {
            for j in 0..i {
                if a * j as f64 > 1.5 {
                    return a * j as f64 * x;
                }
            }
            a.sin()
        };
        for i in 0..n {
            s = f(s, i) + 0.1 * x;
        }
        s
    }

    #[test]
    fn gradients() {
        for (x, y) in [(1.4, 0.3), (0.8, 0.9), (0.3, 2.2)] {
            check! { early(x, y); }
        }
        for n in 0..6 {
            check! { in_a_loop(0.9, n); }
        }
    }
}

/// All of them, in methods and with mutable references.
mod together {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Table {
        xs: Vec<f64>,
        scale: f64,
    }

    #[differentiable]
    impl Table {
        fn find(&self, i: usize) -> Option<f64> {
            if i >= self.xs.len() {
                None
            } else {
                Some(self.xs[i] * self.scale)
            }
        }
        fn sum(&self, n: usize) -> Option<f64> {
            let mut total = self.scale;
            for i in 0..n {
                total += self.find(i)? * total;
            }
            Some(total)
        }
        fn shrink(&mut self, n: usize) -> Option<f64> {
            for i in 0..n {
                let x = self.find(i)?;
                self.scale *= 0.9;
                self.xs[i] = x * x;
            }
            self.sum(n)
        }
    }

    #[differentiable]
    fn uses(xs: Vec<f64>, scale: f64, n: usize) -> f64 {
        let mut table = Table { xs, scale };
        let first = table.sum(n).unwrap_or(scale);
        let second = table.shrink(n).unwrap_or(first);
        first * second + table.scale + table.find(0).unwrap_or(2.0)
    }

    #[test]
    fn gradients() {
        for n in 0..5 {
            check! {
                uses(vec![0.3, 0.5, 0.7], 1.2, n);
                uses(vec![], 1.2, n);
            }
        }
    }
}
