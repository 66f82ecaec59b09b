//! Traits with differentiable methods, and functions as values.

use tapeless::prelude::*;

mod shapes {
    use tapeless::prelude::*;

    /// What has an area.
    #[differentiable]
    pub trait Shape: Clone {
        /// Declared.
        fn area(&self, k: f64) -> f64;
        /// Provided.
        fn twice(&self, k: f64) -> f64 {
            2.0 * self.area(k * k)
        }
        /// Without a derivative.
        fn name(&self) -> String {
            "shape".to_owned()
        }
        /// A discrete result.
        fn corners(&self) -> usize;
        /// The same type again.
        fn scaled(&self, k: f64) -> Self;
        /// In place.
        fn grow(&mut self, k: f64);
    }

    #[derive(Clone, Debug, Differentiable)]
    pub struct Disc {
        pub r: f64,
    }

    #[differentiable]
    impl Shape for Disc {
        fn area(&self, k: f64) -> f64 {
            3.0 * self.r * self.r * k
        }
        fn corners(&self) -> usize {
            0
        }
        fn scaled(&self, k: f64) -> Self {
            Self { r: self.r * k }
        }
        fn grow(&mut self, k: f64) {
            self.r += k;
        }
    }

    #[derive(Clone, Debug, Differentiable)]
    pub struct Rect<T: Real> {
        pub a: T,
        pub b: f64,
    }

    #[differentiable]
    impl Shape for Rect<f64> {
        fn area(&self, k: f64) -> f64 {
            self.a * self.b * k
        }
        fn twice(&self, k: f64) -> f64 {
            self.area(k) + self.a
        }
        fn corners(&self) -> usize {
            4
        }
        fn scaled(&self, k: f64) -> Self {
            Rect {
                a: self.a * k,
                b: self.b,
            }
        }
        fn grow(&mut self, k: f64) {
            self.a += k;
            self.b *= k;
        }
    }
}

use shapes::{Disc, Rect, Shape};

#[differentiable]
fn total<S: Shape + Differentiable, Q: Shape + Differentiable>(s: &S, q: &Q, k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        sum += s.twice(k) * q.area(k) + (i * 2) as f64 + s.corners() as f64;
    }
    let mut grown = s.scaled(k);
    for _ in 0..2 {
        grown.grow(k);
    }
    sum + grown.area(2.0)
}

#[differentiable]
fn concrete(r: f64, k: f64) -> f64 {
    let disc = Disc { r };
    total(&disc, &disc, k) + disc.twice(k)
}

#[test]
fn generic_functions_over_a_trait_agree_with_differences() {
    let (disc, rect) = (Disc { r: 1.3 }, Rect { a: 0.7, b: 1.1 });
    assert_gradient!(total, &disc, &rect, 0.8);
    assert_gradient!(total, &rect, &disc, 0.8);
    assert_gradient!(total, &rect, &rect, -0.8);
    assert_gradient!(concrete, 1.2, 0.7);
}

#[test]
#[allow(clippy::float_cmp)]
fn a_trait_provides_the_derivatives_of_its_methods() {
    let (disc, rect) = (Disc { r: 2.0 }, Rect { a: 2.0, b: 1.0 });
    let (tangent, k) = disc.area_grad(3.0);
    assert_eq!((tangent.r, k), (36.0, 12.0));
    let (value, (tangent, k)) = disc.twice_value_and_grad(3.0);
    assert_eq!((value, tangent.r, k), (216.0, 216.0, 144.0));
    let (value, (tangent, k)) = rect.twice_value_and_grad(3.0);
    assert_eq!((value, tangent.a, tangent.b, k), (8.0, 4.0, 6.0, 2.0));
    let (_, pullback) = disc.scaled_vjp(3.0);
    let mut seed = disc.zero_tangent();
    seed.r = 1.0;
    let (tangent, k) = pullback(seed.clone());
    assert_eq!((tangent.r, k), (3.0, 2.0));
    let mut grown = disc.clone();
    let ((), pullback) = grown.grow_vjp(0.5);
    let (tangent, k) = pullback((), seed);
    assert_eq!((grown.r, tangent.r, k), (2.5, 1.0, 1.0));
    assert_eq!(disc.name(), "shape");
}

#[differentiable]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[differentiable]
fn wave(x: f64, y: f64, n: usize) -> f64 {
    (-x * y).exp() * n as f64
}

#[differentiable]
fn generic<T: Real>(x: T) -> T {
    x.sin() * x
}

#[differentiable]
fn trace<const N: usize>(m: Matrix<N, N, f64>) -> f64 {
    (&m * &m).trace()
}

#[differentiable]
fn integrate<F: Callable<f64, Output = f64>>(f: F, a: f64, b: f64) -> f64 {
    let h = (b - a) / 20.0;
    let mut sum = 0.0;
    for i in 0..20 {
        sum += f.call(a + (i as f64 + 0.5) * h) * h;
    }
    sum
}

#[differentiable]
fn newton(f: impl Callable<(f64, f64), Output = f64>, slope: impl Callable<f64, Output = f64>, x: f64, p: f64) -> f64 {
    let mut x = x;
    for _ in 0..4 {
        x -= f.call((x, p)) / slope.call(x);
    }
    x
}

#[differentiable]
fn square_less(x: f64, p: f64) -> f64 {
    x * x - p
}

#[differentiable]
fn double(x: f64) -> f64 {
    2.0 * x
}

#[differentiable]
fn both(f: &impl Callable<(f64, f64, usize), Output = f64>, g: impl Callable<f64, Output = f64>, x: f64) -> f64 {
    f.call((x, x * 2.0, 3)) * g.call(x) + integrate(cube {}, 0.0, x)
}

#[differentiable]
fn outer(x: f64) -> f64 {
    both(&wave {}, generic {}, x) + integrate(generic {}, x, 2.0 * x)
}

#[differentiable]
fn of_matrix<F: Callable<Matrix<2, 2, f64>, Output = f64>>(f: F, m: Matrix<2, 2, f64>) -> f64 {
    f.call(m) * 2.0
}

#[test]
fn functions_as_values_agree_with_differences() {
    assert_gradient!(integrate, cube {}, 0.3, 1.2);
    assert_gradient!(integrate, generic {}, 0.3, 1.2);
    assert_gradient!(both, &wave {}, generic {}, 0.7);
    assert_gradient!(outer, 0.7);
    assert_gradient!(newton, square_less {}, double {}, 1.3, 2.0);
    assert_gradient!(of_matrix, trace {}, Matrix::from_rows([[1.0, 2.0], [3.0, 0.5]]));
}

#[test]
fn the_derivative_of_a_root_is_that_of_the_implicit_function() {
    let (dx, dp) = newton::grad(square_less {}, double {}, 1.4, 2.0);
    assert!(dx.abs() < 1e-6, "where the iteration begins does not matter");
    assert!((dp - 0.5 / 2.0_f64.sqrt()).abs() < 1e-6);
}
