//! Derivatives along directions, and Hessians times vectors, of methods, and through calls of them.

use tapeless::prelude::*;

/// Checks a method's `jvp` against its gradient, and its `hvp` against differences of gradients.
fn assert_close(left: f64, right: f64, tolerance: f64) {
    assert!(
        (left - right).abs() <= tolerance * (1.0 + right.abs()),
        "{left} instead of {right}"
    );
}

mod own {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Spring {
        stiffness: f64,
        length: f64,
        #[no_diff]
        order: i32,
    }

    #[differentiable(forward)]
    impl Spring {
        fn energy(&self, x: f64) -> f64 {
            self.stiffness * (x - self.length).powi(self.order)
        }

        fn stiff(self) -> f64 {
            self.stiffness * self.stiffness * self.length
        }

        fn order(&self) -> i32 {
            self.order
        }

        fn new(stiffness: f64, length: f64) -> Self {
            Self {
                stiffness: stiffness * length,
                length,
                order: 3,
            }
        }

        fn stretched(self, by: f64) -> Self {
            Self {
                length: self.length * by,
                ..self
            }
        }

        fn depth(&self, x: f64, n: usize) -> f64 {
            if n == 0 {
                return x * self.length;
            }
            self.depth(x * self.stiffness, n - 1) * x
        }

        fn power(x: f64, n: usize) -> f64 {
            if n == 0 { x } else { x.sin() * Self::power(x, n - 1) }
        }

        fn both(&self, x: f64) -> [f64; 2] {
            [self.energy(x), self.length * x]
        }

        fn polar(x: [f64; 2]) -> [f64; 2] {
            [x[0] * x[1].cos(), x[0] * x[1].sin()]
        }
    }

    #[differentiable(forward)]
    fn calls(spring: &Spring, x: f64, y: f64) -> f64 {
        let e = spring.energy(x * y);
        let n = spring.order();
        let mut other = Spring::new(x, y).stretched(2.0 * x);
        let b = other.energy(y);
        other.length *= b;
        let [c, d] = Spring::both(spring, y);
        e * b + other.stiff() * n as f64 + other.energy(x) + c * d + Spring::energy(&other, e) + Spring::stiff(other)
    }

    #[differentiable(forward)]
    fn recursive(spring: &Spring, x: f64, n: usize) -> f64 {
        spring.depth(x, n) + Spring::power(x, n) * spring.length
    }

    #[test]
    fn agree() {
        let spring = Spring {
            stiffness: 1.3,
            length: 0.4,
            order: 3,
        };
        let along = SpringTangent {
            stiffness: 0.7,
            length: -0.3,
        };
        assert_hvp!(calls, &spring, 0.8, 1.1; &along, 0.3, -0.5);
        for n in 0..4 {
            assert_hvp!(recursive, &spring, 0.8, n; &along, 0.3);
        }
    }

    #[test]
    fn methods_have_them_too() {
        let spring = Spring {
            stiffness: 1.3,
            length: 0.4,
            order: 3,
        };
        let along = SpringTangent {
            stiffness: 0.7,
            length: -0.3,
        };
        let (value, dot) = spring.energy_jvp(0.9, &along, 0.5);
        let (own, x) = spring.energy_grad(0.9);
        assert_eq!(value, spring.energy(0.9));
        assert_close(dot, own.inner_product(&along) + x * 0.5, 1e-12);
        let (own, x) = spring.energy_hvp(0.9, &along, 0.5);
        let shifted = |h: f64| {
            let spring = Spring {
                stiffness: spring.stiffness + 0.7 * h,
                length: spring.length - 0.3 * h,
                ..spring
            };
            spring.energy_grad(0.9 + 0.5 * h)
        };
        let ((own_1, x_1), (own_0, x_0)) = (shifted(1e-5), shifted(-1e-5));
        assert_close(own.stiffness, (own_1.stiffness - own_0.stiffness) / 2e-5, 1e-8);
        assert_close(own.length, (own_1.length - own_0.length) / 2e-5, 1e-8);
        assert_close(x, (x_1 - x_0) / 2e-5, 1e-8);
        assert_eq!(
            spring.energy_grad_and_hvp(0.9, &along, 0.5),
            (spring.energy_grad(0.9), (own, x))
        );
        let (value, dot) = spring.stiff_jvp(&along);
        assert_eq!(value, spring.stiff());
        assert_close(dot, spring.stiff_grad().inner_product(&along), 1e-12);
        assert_eq!(spring.stiff_hvp(&along).length, 2.0 * 1.3 * 0.7);
        let (made, dot) = Spring::new_jvp(2.0, 3.0, 1.0, 0.5);
        assert_eq!((made, dot.stiffness, dot.length), (Spring::new(2.0, 3.0), 4.0, 0.5));
        assert_eq!(Spring::polar_jacobian([2.0, 0.0]), [[1.0, 0.0], [0.0, 2.0]]);
        let (value, dot) = Spring::power_jvp(0.7, 2, 0.5);
        assert_eq!(value, Spring::power(0.7, 2));
        assert_close(dot, 0.5 * Spring::power_grad(0.7, 2), 1e-12);
    }
}

mod generic {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Affine<T, const N: usize> {
        w: [T; N],
        b: T,
    }

    #[differentiable(forward)]
    impl<T: Real, const N: usize> Affine<T, N> {
        fn apply(&self, x: &[T; N]) -> T {
            let mut sum = self.b;
            for i in 0..N {
                sum += self.w[i] * x[i] * x[i];
            }
            sum.tanh()
        }

        fn scaled<const M: usize>(&self, k: T) -> T {
            let mut y = self.b;
            for _ in 0..M {
                y = y * k + self.w[0];
            }
            y
        }
    }

    #[differentiable(forward)]
    fn net<T: Real>(a: Affine<T, 2>, x: [T; 2], k: T) -> T {
        a.apply(&x) * a.apply(&[k, x[0]]) + a.scaled::<3>(k * x[1])
    }

    #[test]
    fn agree() {
        let a = Affine { w: [0.4, -0.7], b: 0.2 };
        let along = || AffineTangent { w: [0.3, 1.1], b: -0.6 };
        assert_hvp!(net, a, [0.8, 0.5], 1.2; along(), [0.2, -0.4], 0.9);
    }
}

mod traits {
    use super::*;

    #[differentiable(forward)]
    trait Shape {
        fn area(&self, k: f64) -> f64;
        fn twice(&self, k: f64) -> f64 {
            self.area(k) * 2.0 * k
        }
        fn name(&self) -> &'static str;
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Disc {
        r: f64,
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Square {
        a: f64,
    }

    #[differentiable(forward)]
    impl Shape for Disc {
        fn area(&self, k: f64) -> f64 {
            self.r * self.r * k * k * k
        }
        fn name(&self) -> &'static str {
            "disc"
        }
    }

    #[differentiable(forward)]
    impl Shape for Square {
        fn area(&self, k: f64) -> f64 {
            (self.a * k).sin()
        }
        fn twice(&self, k: f64) -> f64 {
            self.area(k) * 3.0
        }
        fn name(&self) -> &'static str {
            "square"
        }
    }

    #[differentiable(forward)]
    fn total<S: Shape + Differentiable>(shape: &S, x: f64, y: f64) -> f64 {
        let n = shape.name().len();
        shape.area(x * y) * shape.twice(y) * n as f64
    }

    #[differentiable(forward)]
    fn concrete(r: f64, a: f64) -> f64 {
        let disc = Disc { r };
        let mut square = Square { a: a * r };
        let first = square.area(a);
        square.a *= first;
        total(&disc, a, r) + square.twice(first) + Shape::area(&disc, a)
    }

    #[test]
    fn agree() {
        assert_hvp!(total, &Disc { r: 0.7 }, 0.8, 1.1; &DiscTangent { r: 0.4 }, 0.3, -0.5);
        assert_hvp!(total, &Square { a: 0.7 }, 0.8, 1.1; &SquareTangent { a: 0.4 }, 0.3, -0.5);
        assert_hvp!(concrete, 0.8, 1.1; 0.3, -0.5);
        let (value, dot) = Disc { r: 0.7 }.twice_jvp(1.2, &DiscTangent { r: 0.4 }, 0.3);
        let (own, k) = Disc { r: 0.7 }.twice_grad(1.2);
        assert_eq!(value, Disc { r: 0.7 }.twice(1.2));
        assert_close(dot, own.r * 0.4 + k * 0.3, 1e-12);
    }
}

/// Fields of the receiver as arguments of its own method, with a tangent and without.
mod fields_of_the_receiver {
    use tapeless::prelude::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Spring {
        stiffness: f64,
        #[no_diff]
        lengths: [f64; 2],
    }

    #[differentiable(forward)]
    impl Spring {
        fn force(self, by: f64) -> f64 {
            self.stiffness * by
        }
    }

    #[differentiable(forward)]
    fn without(spring: Spring, k: f64) -> f64 {
        spring.force(spring.lengths[1]) * k
    }

    #[differentiable(forward)]
    fn with(spring: Spring, k: f64) -> f64 {
        spring.force(spring.stiffness) * k
    }

    #[test]
    fn along_and_twice() {
        let spring = Spring {
            stiffness: 3.0,
            lengths: [5.0, 7.0],
        };
        let along = SpringTangent { stiffness: 1.0 };
        assert_eq!(without::jvp(spring, 2.0, along.clone(), 1.0), (42.0, 14.0 + 21.0));
        assert_eq!(
            without::hvp(spring, 2.0, along.clone(), 1.0),
            (SpringTangent { stiffness: 7.0 }, 7.0)
        );
        assert_eq!(with::jvp(spring, 2.0, along.clone(), 1.0), (18.0, 12.0 + 9.0));
        assert_eq!(
            with::hvp(spring, 2.0, along, 1.0),
            (SpringTangent { stiffness: 4.0 + 6.0 }, 6.0)
        );
    }
}

/// A value that can be copied, of a type whose tangent cannot be: what a method gives is also what it leaves.
mod given_and_left {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Level {
        x: f64,
    }

    #[differentiable(forward)]
    impl Level {
        fn raised(&mut self, by: f64, n: Option<i32>) -> Level {
            match n {
                Some(1..=2) => *self,
                other => {
                    let Some(m) = other else {
                        return *self;
                    };
                    *self = Level {
                        x: self.x * self.x * by * f64::from(m),
                    };
                    *self
                }
            }
        }
    }

    #[differentiable(forward)]
    fn twice(x: f64, k: f64, n: i32) -> f64 {
        let mut level = Level { x };
        let given = level.raised(k, (n >= 0).then_some(n));
        level.x += k;
        given.x * level.x
    }

    #[test]
    fn along_and_twice() {
        for n in [-1, 1, 3] {
            assert_gradient!(twice, 1.5, 0.8, n);
            assert_hvp!(twice, 1.5, 0.8, n; 0.3, -0.7);
        }
        assert_eq!(twice(1.5, 0.8, 3), 5.4 * (5.4 + 0.8));
    }
}
