//! `#[differentiable]` on `impl` blocks: the values are the methods', and the gradients agree with central differences.

use tapeless::check::{compare, numerical_gradient};
use tapeless::prelude::*;

/// Compares the derivative of a method with differences of it. The arguments are one value, a tuple of them if there are several.
#[track_caller]
fn agrees<X: Differentiable + Clone>(x: X, function: impl Fn(X) -> f64, both: impl Fn(X) -> (f64, X::Tangent)) {
    let (value, gradient) = both(x.clone());
    let expected = function(x.clone());
    assert!(value == expected, "{value} {expected}");
    let differences = numerical_gradient(|x: &X| function(x.clone()), &x);
    if let Err(mismatch) = compare(&gradient, &differences, 1e-6) {
        panic!("{mismatch}");
    }
}

mod receivers {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    pub struct Point {
        pub x: f64,
        pub y: f64,
    }

    #[differentiable]
    impl Point {
        pub const ORIGIN: Point = Point { x: 0.0, y: 0.0 };

        pub fn new(x: f64, y: f64) -> Self {
            Self { x, y }
        }

        pub fn polar(radius: f64, angle: f64) -> Point {
            Point::new(radius * angle.cos(), radius * angle.sin())
        }

        pub fn diagonal(x: f64) -> Self {
            Self::new(x, x * x)
        }

        pub fn square_norm(&self) -> f64 {
            self.x * self.x + self.y * self.y
        }

        pub fn scaled(self, factor: f64) -> Self {
            Self {
                x: self.x * factor,
                y: self.y * factor,
            }
        }

        pub fn turned(mut self, angle: f64) -> Point {
            let (s, c) = (angle.sin(), angle.cos());
            let x = self.x;
            self.x = c * x - s * self.y;
            self.y = s * x + c * self.y;
            self
        }

        pub fn inner(&self, other: &Point) -> f64 {
            self.x * other.x + self.y * other.y
        }

        pub fn inner_owned(self, other: Self) -> f64 {
            self.inner(&other) + 0.1 * self.square_norm()
        }

        pub fn shift(&mut self, by: &Point) {
            self.x += by.x;
            self.y += by.y * self.x;
        }

        pub fn grow(&mut self, factor: f64) -> f64 {
            self.x *= factor;
            self.y = self.y * self.x;
            self.x + self.y
        }

        pub fn twice(&mut self, factor: f64) -> f64 {
            let first = self.grow(factor);
            self.grow(first * 0.3) * first
        }

        pub fn is_far(&self) -> bool {
            self.x > 10.0
        }

        pub fn quadrant(self) -> usize {
            match (self.x > 0.0, self.y > 0.0) {
                (true, true) => 1,
                (false, true) => 2,
                (false, false) => 3,
                (true, false) => 4,
            }
        }

        pub fn coordinates(&self) -> [&f64; 2] {
            [&self.x, &self.y]
        }

        pub fn largest(&mut self) -> &mut f64 {
            if self.x > self.y { &mut self.x } else { &mut self.y }
        }

        pub fn name() -> &'static str {
            "point"
        }

        pub fn energy(&self, k: f64) -> f64 {
            if self.is_far() {
                return k;
            }
            let weight = self.quadrant() as f64;
            0.5 * k * self.square_norm() * weight + Self::ORIGIN.x
        }
    }

    #[differentiable]
    pub fn chain(p: Point, angle: f64) -> f64 {
        p.scaled(2.0)
            .turned(angle)
            .scaled(angle)
            .inner(&p.turned(1.0).scaled(0.5))
    }

    #[differentiable]
    pub fn constructors(r: f64, angle: f64) -> f64 {
        let p = Point::polar(r, angle);
        let q = <Point>::diagonal(p.x);
        let fixed = Point::new(1.0, 2.0);
        p.inner(&q) + Point::square_norm(&q) + q.inner(&fixed) + fixed.inner(&p) + fixed.square_norm()
    }

    #[differentiable]
    pub fn updates(p: Point, factor: f64, n: usize) -> f64 {
        let mut q = p;
        let mut sum = 0.0;
        for i in 0..n {
            q.shift(&p);
            if i % 2 == 0 {
                sum += q.grow(factor);
            } else {
                q.grow(0.9);
                q = q.turned(factor * 0.1);
            }
            if sum > 50.0 {
                break;
            }
        }
        let sum = sum + q.twice(factor);
        sum * q.square_norm() + p.x
    }

    #[differentiable]
    pub fn by_path(p: Point, factor: f64) -> f64 {
        let mut q = p;
        Point::shift(&mut q, &p);
        let value = Point::grow(&mut q, factor);
        value * Point::inner(&p, &q) + Point::scaled(q, factor).x
    }

    #[test]
    fn directly() {
        let p = Point { x: 0.7, y: -1.3 };
        agrees(p, |p| p.square_norm(), |p| p.square_norm_value_and_grad());
        agrees(
            (p, p.turned(0.4)),
            |(p, q)| p.inner(&q),
            |(p, q)| p.inner_value_and_grad(&q),
        );
        agrees(
            (p, p.turned(0.4)),
            |(p, q)| p.inner_owned(q),
            |(p, q)| p.inner_owned_value_and_grad(q),
        );
        agrees((p, 1.2), |(p, k)| p.energy(k), |(p, k)| p.energy_value_and_grad(k));
        agrees((p, 1.2), |(mut p, k)| p.grow(k), |(mut p, k)| p.grow_value_and_grad(k));
        agrees(
            (p, 1.2),
            |(mut p, k)| p.twice(k),
            |(mut p, k)| p.twice_value_and_grad(k),
        );
        let mut buffer = PointTangent { x: 9.0, y: 9.0 };
        assert_eq!(p.square_norm_value_and_grad_into(&mut buffer), p.square_norm());
        assert_eq!((buffer.x, buffer.y), (1.4, -2.6));
        assert_eq!(p.square_norm_grad().x, 1.4);
        assert_eq!(Point::square_norm_grad(&p).x, 1.4);
        assert!(Point::square_norm_graph().to_string().contains("square_norm"));
        assert_eq!(Point::name(), "point");
        assert_eq!(p.coordinates(), [&0.7, &-1.3]);
        let mut q = p;
        *q.largest() = 2.0;
        assert_eq!(q.x, 2.0);
    }

    #[test]
    fn pullbacks() {
        let p = Point { x: 0.7, y: -1.3 };
        let (q, pullback) = p.scaled_vjp(3.0);
        assert_eq!(q, p.scaled(3.0));
        let (p_bar, factor_bar) = pullback(PointTangent { x: 1.0, y: 10.0 });
        assert_eq!((p_bar.x, p_bar.y, factor_bar), (3.0, 30.0, 0.7 - 13.0));
        let (q, pullback) = Point::new_vjp(1.0, 2.0);
        assert_eq!(q, Point::new(1.0, 2.0));
        assert_eq!(pullback(PointTangent { x: 3.0, y: 4.0 }), (3.0, 4.0));
        let mut q = p;
        let ((), pullback) = q.shift_vjp(&p);
        let mut expected = p;
        expected.shift(&p);
        let (own, by) = pullback((), PointTangent { x: 2.0, y: 5.0 });
        // x' = x + a; y' = y + b x'
        let b = -1.3;
        assert_eq!((own.x, own.y), (2.0 + 5.0 * b, 5.0));
        assert_eq!((by.x, by.y), (2.0 + 5.0 * b, 5.0 * 1.4));
        assert_eq!(q, expected);
    }

    #[test]
    fn within_functions() {
        let p = Point { x: 0.7, y: -1.3 };
        assert_gradient!(chain, p, 0.6);
        assert_gradient!(constructors, 1.3, 0.4);
        for n in 0..7 {
            assert_gradient!(updates, p, 1.1, n);
            assert_eq!(updates::value_and_grad(p, 1.1, n).0, updates(p, 1.1, n));
        }
        assert_gradient!(by_path, p, 1.1);
    }
}

mod generics {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    pub struct Poly<const N: usize> {
        pub c: [f64; N],
    }

    #[differentiable]
    impl<const N: usize> Poly<N> {
        pub fn at(&self, x: f64) -> f64 {
            let mut y = 0.0;
            for i in (0..N).rev() {
                y = y * x + self.c[i];
            }
            y
        }

        pub fn scale(mut self, by: f64) -> Self {
            for i in 0..N {
                self.c[i] *= by;
            }
            self
        }

        pub fn bump(&mut self, i: usize, by: f64) {
            self.c[i % N] += by * self.c[0];
        }
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Pair<T> {
        pub a: T,
        pub b: T,
    }

    #[differentiable]
    impl<T: Real> Pair<T> {
        pub fn product(&self) -> T {
            self.a * self.b
        }
        pub fn swapped(self) -> Self {
            Pair { a: self.b, b: self.a }
        }
        pub fn with(self, a: T) -> Pair<T> {
            Self { a, ..self }
        }
        pub fn weighted<U: Copy + Into<f64>>(&self, #[no_diff] weight: U) -> f64
        where
            T: Into<f64>,
        {
            let _ = self.product();
            weight.into()
        }
    }

    #[differentiable]
    impl Pair<f64> {
        pub fn blend<const K: usize>(&self, t: f64) -> f64 {
            let mut s = self.a * (1.0 - t) + self.b * t;
            for _ in 0..K {
                s = s * t + self.product();
            }
            s
        }
    }

    #[differentiable]
    pub fn uses(c: [f64; 3], x: f64) -> f64 {
        let mut p = Poly { c }.scale(x);
        p.bump(1, x);
        p.bump(5, 2.0);
        let pair = Pair { a: x, b: c[1] };
        p.at(x) * pair.swapped().with(p.at(0.5)).product() + pair.blend::<3>(x) + Pair::<f64>::product(&pair)
    }

    #[differentiable]
    pub fn single(x: f32, y: f32) -> f32 {
        let pair = Pair { a: x, b: y };
        pair.with(x * x).product() + pair.swapped().a.sin()
    }

    #[test]
    fn gradients() {
        assert_gradient!(uses, [0.3, -0.8, 1.4], 0.7);
        assert_gradient!(single, 0.5, 1.5);
        let p = Poly {
            c: [1.0, 2.0, 3.0, 4.0],
        };
        agrees((p, 0.3), |(p, x)| p.at(x), |(p, x)| p.at_value_and_grad(x));
        agrees((Poly { c: [] }, 0.3), |(p, x)| p.at(x), |(p, x)| p.at_value_and_grad(x));
        let pair = Pair { a: 0.4, b: 1.7 };
        agrees(pair, |p| p.product(), |p| p.product_value_and_grad());
        agrees(
            (pair, 0.3),
            |(p, t)| p.blend::<2>(t),
            |(p, t)| p.blend_value_and_grad::<2>(t),
        );
        let (value, gradient) = Pair { a: 2.0f32, b: 3.0 }.product_value_and_grad();
        assert_eq!((value, gradient.a, gradient.b), (6.0, 3.0, 2.0));
    }
}

mod recursion {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Series {
        pub x: f64,
        pub decay: f64,
    }

    #[differentiable]
    impl Series {
        pub fn series(&self, n: usize) -> f64 {
            if n == 0 {
                return self.x;
            }
            self.x.sin() * self.decay + self.series(n - 1) * self.decay * 0.5
        }
        pub fn power(self, n: u32) -> f64 {
            if n == 0 { 1.0 } else { self.x * self.power(n - 1) }
        }
        pub fn shrink(&mut self, n: usize) -> f64 {
            if n == 0 {
                return self.x;
            }
            self.x *= self.decay;
            self.decay += 0.1 * self.x;
            self.shrink(n - 1) * self.decay + self.x
        }
        pub fn root(x: f64, n: usize) -> f64 {
            if n == 0 {
                x
            } else {
                Self::root(x.sqrt() + x, n - 1) * Series::root(x, 0)
            }
        }
    }

    #[test]
    fn gradients() {
        let s = Series { x: 0.8, decay: 1.1 };
        for n in 0..5 {
            agrees(s, |s| s.series(n), |s| s.series_value_and_grad(n));
            agrees(s, |s| s.power(n as u32), |s| s.power_value_and_grad(n as u32));
            agrees(s, |mut s| s.shrink(n), |mut s| s.shrink_value_and_grad(n));
            agrees(0.7, |x| Series::root(x, n), |x| Series::root_value_and_grad(x, n));
        }
    }
}

mod attributes {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    pub struct Model {
        pub w: f64,
        #[no_diff]
        pub name: String,
    }

    #[differentiable]
    impl Model {
        /// With respect to `x` alone.
        #[differentiable(wrt(x))]
        pub fn input(&self, x: f64) -> f64 {
            self.w * x * x
        }
        #[differentiable]
        pub fn plain(&self, x: f64) -> f64 {
            self.w * x
        }
        #[no_diff]
        pub fn constant(&self) -> f64 {
            self.w
        }
        #[no_diff]
        pub fn log(&self, mut f: impl FnMut(&str)) {
            f(&self.name);
        }
        pub fn noisy(&self, x: f64, #[no_diff] noise: f64, n: usize) -> f64 {
            self.w * x + noise * n as f64 * x * x
        }
        pub fn length(&self) -> usize {
            self.name.len()
        }
        pub fn name(&self) -> &str {
            &self.name
        }
        fn hidden(&self) -> f64 {
            self.w.exp()
        }
        pub(crate) fn seen(&self) -> f64 {
            self.hidden() * self.length() as f64
        }
        #[inline(always)]
        #[must_use]
        #[allow(clippy::needless_pass_by_value)]
        pub fn attributed(&self) -> f64 {
            self.w
        }
    }

    #[test]
    fn gradients() {
        let m = Model {
            w: 1.5,
            name: "abc".into(),
        };
        assert_eq!(m.input_value_and_grad(2.0), (6.0, 6.0));
        agrees(
            (m.clone(), 0.3),
            |(m, x)| m.plain(x),
            |(m, x)| m.plain_value_and_grad(x),
        );
        agrees(
            (m.clone(), 0.3),
            |(m, x)| m.noisy(x, 0.1, 2),
            |(m, x)| m.noisy_value_and_grad(x, 0.1, 2),
        );
        agrees(m.clone(), |m| m.hidden(), |m| m.hidden_value_and_grad());
        agrees(m.clone(), |m| m.seen(), |m| m.seen_value_and_grad());
        agrees(m.clone(), |m| m.attributed(), |m| m.attributed_value_and_grad());
        m.log(|name| assert_eq!(name, m.name()));
        assert_eq!(m.constant(), 1.5);
    }
}

mod traits {
    use super::*;

    #[differentiable]
    pub trait Shape {
        const SIDES: usize;
        type Unit;
        fn area(&self) -> f64;
        fn grown(self, by: f64) -> Self;
        fn stretch(&mut self, by: f64);
    }

    #[differentiable]
    pub trait Mix<T: Differentiable> {
        fn mix(&self, other: &T, t: f64) -> f64;
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Square(pub f64);

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub struct Rectangle {
        pub w: f64,
        pub h: f64,
    }

    #[differentiable]
    impl Shape for Square {
        const SIDES: usize = 4;
        type Unit = f64;
        fn area(&self) -> f64 {
            self.0 * self.0
        }
        fn grown(self, by: f64) -> Self {
            Square(self.0 + by)
        }
        fn stretch(&mut self, by: f64) {
            self.0 *= by;
        }
    }

    #[differentiable]
    impl Shape for Rectangle {
        const SIDES: usize = 4;
        type Unit = f64;
        fn area(&self) -> f64 {
            self.w * self.h * Self::SIDES as f64
        }
        fn grown(self, by: f64) -> Self {
            Self {
                w: self.w + by,
                h: self.h - by,
            }
        }
        fn stretch(&mut self, by: f64) {
            self.w *= by;
            self.h += by * self.w;
        }
    }

    #[differentiable]
    impl Mix<Square> for Rectangle {
        fn mix(&self, other: &Square, t: f64) -> f64 {
            self.area() * t + other.area() * (1.0 - t)
        }
    }

    #[differentiable]
    pub fn uses(s: Square, r: Rectangle, t: f64) -> f64 {
        let mut big = r.grown(t);
        big.stretch(s.0);
        let mut square = s.grown(big.w);
        square.stretch(t);
        big.area() * square.area() + big.mix(&square, t) + s.area() + r.area()
    }

    #[test]
    fn gradients() {
        let (s, r) = (Square(0.8), Rectangle { w: 1.2, h: 0.5 });
        assert_gradient!(uses, s, r, 0.3);
        agrees(r, |r| r.area(), |r| r.area_value_and_grad());
        agrees(
            (r, s, 0.3),
            |(r, s, t)| r.mix(&s, t),
            |(r, s, t)| r.mix_value_and_grad(&s, t),
        );
    }
}

mod visibility {
    pub mod inner {
        use tapeless::prelude::*;

        #[derive(Differentiable, Clone, Copy, Debug)]
        pub struct Spring {
            pub k: f64,
            pub(super) rest: f64,
        }

        #[differentiable]
        impl Spring {
            pub fn new(k: f64, rest: f64) -> Self {
                Self { k, rest }
            }
            fn stretch(&self, x: f64) -> f64 {
                x - self.rest
            }
            pub fn energy(&self, x: f64) -> f64 {
                0.5 * self.k * self.stretch(x) * self.stretch(x)
            }
        }

        #[differentiable]
        pub fn force(s: &Spring, x: f64) -> f64 {
            s.k * s.stretch(x)
        }
    }

    use super::*;
    use inner::Spring as S;

    #[differentiable]
    fn total(k: f64, rest: f64, x: f64) -> f64 {
        let s = S::new(k, rest);
        let t = inner::Spring::new(x, s.energy(x));
        inner::force(&t, k) + t.energy(rest) + crate::visibility::inner::Spring::energy(&s, t.k)
    }

    #[test]
    fn gradients() {
        assert_gradient!(total, 1.2, 0.4, 0.9);
    }
}
