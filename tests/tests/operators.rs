//! Operators of the user's own types, and methods of theirs that are named like operations of numbers and matrices: gradients agree
//! with central differences.

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Rem, Sub, SubAssign};

use tapeless::assert_gradient;
use tapeless::prelude::*;

/// In three dimensions.
#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiable]
impl Vec3 {
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    fn dot(self, other: Vec3) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    fn cross(self, other: Self) -> Self {
        Self::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    fn norm(&self) -> f64 {
        self.dot(*self).sqrt()
    }

    fn max(self, other: &Vec3) -> Vec3 {
        Vec3::new(self.x.max(other.x), self.y.max(other.y), self.z.max(other.z))
    }
}

#[differentiable]
impl Add for Vec3 {
    type Output = Self;
    fn add(self, other: Self) -> Self::Output {
        Self::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

#[differentiable]
impl Sub for Vec3 {
    type Output = Vec3;
    fn sub(self, Vec3 { x, y, z }: Vec3) -> Vec3 {
        Vec3::new(self.x - x, self.y - y, self.z - z)
    }
}

#[differentiable]
impl Mul<f64> for Vec3 {
    type Output = Vec3;
    fn mul(self, factor: f64) -> Vec3 {
        Vec3::new(self.x * factor, self.y * factor, self.z * factor)
    }
}

#[differentiable]
impl Mul<Vec3> for f64 {
    type Output = Vec3;
    fn mul(self, vector: Vec3) -> Vec3 {
        vector * self
    }
}

#[differentiable]
impl Div<f64> for Vec3 {
    type Output = Vec3;
    fn div(mut self, by: f64) -> Vec3 {
        let factor = by.recip();
        self.x *= factor;
        self.y *= factor;
        self.z *= factor;
        self
    }
}

#[differentiable]
impl Neg for Vec3 {
    type Output = Vec3;
    fn neg(self) -> Vec3 {
        Vec3::new(-self.x, -self.y, -self.z)
    }
}

#[differentiable]
impl AddAssign for Vec3 {
    fn add_assign(&mut self, other: Vec3) {
        self.x += other.x;
        self.y += other.y;
        self.z += other.z;
    }
}

#[differentiable]
impl SubAssign<f64> for Vec3 {
    fn sub_assign(&mut self, shift: f64) {
        *self = Vec3::new(self.x - shift, self.y - shift, self.z);
    }
}

#[differentiable]
impl MulAssign<f64> for Vec3 {
    fn mul_assign(&mut self, factor: f64) {
        if factor == 0.0 {
            return;
        }
        *self = *self * factor;
    }
}

const GRAVITY: Vec3 = Vec3 {
    x: 0.1,
    y: 0.2,
    z: -9.81,
};

const A: Vec3 = Vec3 {
    x: 0.3,
    y: -1.2,
    z: 0.8,
};
const B: Vec3 = Vec3 {
    x: 1.1,
    y: 0.4,
    z: -0.6,
};

mod vectors {
    use super::*;

    #[differentiable]
    fn reflected(d: Vec3, n: Vec3) -> f64 {
        let n = n / n.norm();
        let r = d - n * (2.0 * d.dot(n));
        r.dot(GRAVITY) + (-r).cross(d).norm()
    }

    #[differentiable]
    fn constants(a: Vec3, t: f64) -> f64 {
        let fall = GRAVITY * t;
        let back = t * GRAVITY;
        let sum = fall + a + GRAVITY - back;
        sum.dot(GRAVITY) + GRAVITY.dot(a)
    }

    /// Used twice, shadowed, unused, overwritten.
    #[differentiable]
    fn names(a: Vec3, b: Vec3) -> f64 {
        let c = a + a;
        let c = c - a * 0.5;
        let _unused = c + b;
        let mut d = c;
        d = d + d;
        let e = d;
        d = b;
        d.dot(e) + e.max(&b).x
    }

    #[differentiable]
    fn assigned(a: Vec3, b: Vec3, k: f64) -> f64 {
        let mut sum = a;
        sum += b * k;
        sum *= k;
        sum -= k;
        let mut many = [sum, b];
        many[1] += sum;
        many[0] *= 2.0;
        many[0] += many[1];
        sum *= 0.0;
        many[0].dot(sum) + many[1].norm()
    }

    #[differentiable]
    fn in_branches(a: Vec3, b: Vec3, k: i32) -> f64 {
        let c = if k > 1 {
            a + b
        } else if k == 1 {
            -a
        } else {
            return (a * 2.0).norm();
        };
        match k {
            2 => (c - b * 0.3).dot(c),
            _ => c.cross(b).norm(),
        }
    }

    #[test]
    fn agree_with_differences() {
        assert_gradient!(reflected, A, B);
        assert_gradient!(constants, A, 0.7);
        assert_gradient!(names, A, B);
        assert_gradient!(assigned, A, B, 1.3);
        for k in 0..4 {
            assert_gradient!(in_branches, A, B, k);
        }
    }
}

mod loops {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Body {
        mass: f64,
        at: Vec3,
        velocity: Vec3,
    }

    #[differentiable]
    fn accelerations(bodies: &[Body]) -> Vec<Vec3> {
        let mut all = vec![Vec3::new(0.0, 0.0, 0.0); bodies.len()];
        for i in 0..bodies.len() {
            for j in 0..bodies.len() {
                if i == j {
                    continue;
                }
                let d = bodies[j].at - bodies[i].at;
                let r = (d.dot(d) + 0.01).sqrt();
                all[i] += d * (bodies[j].mass / (r * r * r));
            }
        }
        all
    }

    fn bodies() -> Vec<Body> {
        let body = |mass, at, velocity| Body { mass, at, velocity };
        vec![body(1.0, A, B * 0.1), body(0.5, B, A * 0.2), body(0.3, -A, -B)]
    }

    macro_rules! simulations {
        ($($name:ident: $checkpoints:tt,)*) => {$(
            #[differentiable(checkpoints = $checkpoints)]
            fn $name(bodies: &[Body], dt: f64, steps: usize) -> f64 {
                let mut bodies = bodies.to_vec();
                for _ in 0..steps {
                    let pulls = accelerations(&bodies);
                    for (body, pull) in bodies.iter_mut().zip(&pulls) {
                        body.velocity += *pull * dt;
                        body.at += body.velocity * dt;
                    }
                }
                bodies.iter().map(|body| 0.5 * body.mass * body.velocity.dot(body.velocity)).sum::<f64>() + bodies[0].at.norm()
            }
        )*};
    }
    simulations! {
        one: 1,
        three: 3,
        every: all,
    }

    /// The sum is not one of numbers: each term must find the sum as it was.
    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Log(f64);

    #[differentiable]
    impl Add for Log {
        type Output = Log;
        fn add(self, other: Log) -> Log {
            let m = self.0.max(other.0);
            Log(m + ((self.0 - m).exp() + (other.0 - m).exp()).ln())
        }
    }

    #[differentiable]
    fn log_sum(x: &[f64]) -> f64 {
        let mut sum = Log(0.5);
        for v in x {
            sum = sum + Log(*v);
        }
        sum.0
    }

    /// What follows a loop that only adds up, which could go forward and back in one pass otherwise.
    #[differentiable]
    fn behind_a_sum(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in x {
            sum += v * v;
        }
        let power = Log(1.5) * sum;
        power.0
    }

    /// Reads its right operand, which the product of numbers does not if the left one is constant.
    #[differentiable]
    impl Mul<f64> for Log {
        type Output = Log;
        fn mul(self, k: f64) -> Log {
            Log(self.0 * k * k * k)
        }
    }

    #[differentiable(checkpoints = 2)]
    fn running(x: &[f64], k: f64) -> f64 {
        let mut sum = Log(k);
        let mut total = 0.0;
        let mut i = 0;
        while i < x.len() {
            sum = sum + Log(x[i] * k);
            total += sum.0 * x[i];
            if total > 50.0 {
                break;
            }
            i += 1;
        }
        total + sum.0.sin()
    }

    #[test]
    fn agree_with_differences() {
        assert_gradient!(tolerance = 1e-5; one, &bodies()[..], 0.05, 9_usize);
        assert_gradient!(tolerance = 1e-5; three, &bodies()[..], 0.05, 9_usize);
        assert_gradient!(tolerance = 1e-5; every, &bodies()[..], 0.05, 9_usize);
        let x = [0.3, -0.7, 1.2, 0.5, 0.9, 0.1];
        assert_gradient!(log_sum, &x[..]);
        assert_gradient!(behind_a_sum, &x[..]);
        assert_gradient!(running, &x[..], 0.8);
        assert_gradient!(running, &x[..], 8.0);
    }
}

mod generic {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Complex<T> {
        re: T,
        im: T,
    }

    #[differentiable]
    impl<T: Real> Mul for Complex<T> {
        type Output = Self;
        fn mul(self, other: Self) -> Self {
            Self {
                re: self.re * other.re - self.im * other.im,
                im: self.re * other.im + self.im * other.re,
            }
        }
    }

    #[differentiable]
    impl<T: Real> Mul<T> for Complex<T> {
        type Output = Complex<T>;
        fn mul(self, factor: T) -> Complex<T> {
            Complex {
                re: self.re * factor,
                im: self.im * factor,
            }
        }
    }

    #[differentiable]
    impl<T> Add for Complex<T>
    where
        T: Real,
    {
        type Output = Complex<T>;
        fn add(self, other: Complex<T>) -> Complex<T> {
            Complex::<T> {
                re: self.re + other.re,
                im: self.im + other.im,
            }
        }
    }

    #[differentiable]
    impl<T: Real> Complex<T> {
        fn exp(self) -> Self {
            Self {
                re: self.im.cos(),
                im: self.im.sin(),
            } * self.re.exp()
        }

        fn abs(self) -> T {
            self.re.hypot(self.im)
        }

        /// To an integer power, like the method of numbers.
        fn powi(self, n: i32) -> Self {
            let mut power = self;
            for _ in 1..n {
                power = power * self;
            }
            power
        }
    }

    #[differentiable]
    fn mandelbrot(re: f64, im: f64) -> f64 {
        let c = Complex { re, im };
        let mut z = c;
        let mut n = 0;
        while z.abs() < 2.0 && n < 12 {
            z = z * z + c;
            n += 1;
        }
        z.abs().ln() + n as f64
    }

    #[differentiable]
    fn elementary(re: f64, im: f64) -> f64 {
        let z = Complex { re, im };
        let w = z.exp() * z.powi(3) + z * im;
        w.re * w.im + w.abs()
    }

    #[differentiable]
    fn single(re: f32, im: f32) -> f32 {
        let z = Complex { re, im };
        (z * z + z * 2.0).abs()
    }

    #[test]
    fn agree_with_differences() {
        for (re, im) in [(0.1, 0.2), (-0.7, 0.5), (1.0, 1.0), (0.3, -0.6)] {
            assert_gradient!(mandelbrot, re, im);
            assert_gradient!(elementary, re, im);
        }
        let (re, im) = single::grad(0.5, 0.25);
        let w = (0.5_f64 * 0.5 - 0.25 * 0.25 + 1.0, 2.0 * 0.5 * 0.25 + 0.5);
        let abs = w.0.hypot(w.1);
        let expected = ((w.0 * 3.0 + w.1 * 0.5) / abs, (-w.0 * 0.5 + w.1 * 3.0) / abs);
        assert!((f64::from(re) - expected.0).abs() < 1e-5 && (f64::from(im) - expected.1).abs() < 1e-5);
    }
}

mod by_reference {
    use super::*;

    /// Not `Copy`.
    #[derive(Differentiable, Clone, Debug)]
    struct Polynomial {
        coefficients: Vec<f64>,
    }

    #[differentiable]
    impl Mul<&Polynomial> for &Polynomial {
        type Output = Polynomial;
        fn mul(self, other: &Polynomial) -> Polynomial {
            let mut coefficients = vec![0.0; self.coefficients.len() + other.coefficients.len() - 1];
            for (i, a) in self.coefficients.iter().enumerate() {
                for (j, b) in other.coefficients.iter().enumerate() {
                    coefficients[i + j] += a * b;
                }
            }
            Polynomial { coefficients }
        }
    }

    #[differentiable]
    impl<'a> Rem<&'a f64> for &'a Polynomial {
        type Output = f64;
        fn rem(self, x: &'a f64) -> f64 {
            self.coefficients.iter().rev().fold(0.0, |value, c| value * x + c)
        }
    }

    #[differentiable]
    fn product(p: &Polynomial, q: &Polynomial) -> f64 {
        let r = p * q;
        let s = &r * p;
        s.coefficients.iter().map(|c| c.sin()).sum()
    }

    #[test]
    fn agree_with_differences() {
        let p = Polynomial {
            coefficients: vec![1.0, -0.5, 0.25],
        };
        let q = Polynomial {
            coefficients: vec![0.3, 0.7],
        };
        assert_gradient!(product, &p, &q);
        assert!((&p % &2.0 - 1.0).abs() < 1e-12);
    }
}

mod of_traits {
    use super::*;

    trait Metric {
        fn norm(&self) -> f64;
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    enum Shape {
        Square(f64),
        Box { width: f64, height: f64 },
    }

    #[differentiable]
    impl Metric for Shape {
        fn norm(&self) -> f64 {
            match self {
                Shape::Square(side) => side * side,
                Shape::Box { width, height } => width * height,
            }
        }
    }

    /// Fields without a derivative, and a whole number for an operand.
    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Repeated {
        value: f64,
        #[no_diff]
        times: f64,
    }

    #[differentiable]
    impl Mul<usize> for Repeated {
        type Output = Repeated;
        fn mul(self, times: usize) -> Repeated {
            Repeated {
                value: self.value * self.value * times as f64,
                times: self.times + 1.0,
            }
        }
    }

    #[differentiable]
    fn of_struct(r: Repeated, n: usize) -> f64 {
        let twice = r * n * 2;
        twice.value * twice.times
    }

    /// What is multiplied by is a constant.
    #[differentiable]
    impl Mul<f64> for Repeated {
        type Output = Repeated;
        fn mul(self, #[no_diff] factor: f64) -> Repeated {
            Repeated {
                value: self.value * factor,
                ..self
            }
        }
    }

    #[differentiable]
    fn of_constants(r: Repeated, k: f64) -> f64 {
        (r * k).value * k
    }

    #[differentiable]
    fn of_shape(s: &Shape, a: Vec3) -> f64 {
        s.norm() * Vec3::dot(a, a) + a.mul(2.0).x
    }

    #[test]
    fn agree_with_differences() {
        assert_gradient!(of_shape, &Shape::Square(2.0), A);
        let shape = Shape::Box {
            width: 2.0,
            height: 3.0,
        };
        assert_gradient!(of_shape, &shape, A);
        let r = Repeated { value: 0.7, times: 2.0 };
        let (r_bar, k_bar) = of_constants::grad(r, 0.5);
        assert!((r_bar.value - 0.25).abs() < 1e-12 && (k_bar - 0.35).abs() < 1e-12);
        let differences = |h: f64| of_struct(Repeated { value: 0.7 + h, ..r }, 3);
        let expected = (differences(1e-6) - differences(-1e-6)) / 2e-6;
        assert!((of_struct::grad(r, 3).value - expected).abs() < 1e-5);
    }
}

mod made_by_macros {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Vector<const N: usize> {
        c: [f64; N],
    }

    #[differentiable]
    impl<const N: usize> Add for Vector<N> {
        type Output = Self;
        fn add(mut self, other: Self) -> Self {
            for i in 0..N {
                self.c[i] += other.c[i];
            }
            self
        }
    }

    #[differentiable]
    impl<const N: usize> Mul<f64> for Vector<N> {
        type Output = Self;
        fn mul(self, factor: f64) -> Self {
            let c: [f64; N] = self.c;
            Self {
                c: c.map(|v| v * factor),
            }
        }
    }

    #[differentiable]
    impl<const N: usize> Sub for Vector<N> {
        type Output = Vector<N>;
        fn sub(self, other: Vector<N>) -> Vector<N> {
            self + other * -1.0
        }
    }

    /// Not marked: the one by value is.
    impl<'a, const N: usize> Add<&'a Vector<N>> for &'a Vector<N> {
        type Output = Vector<N>;
        fn add(self, other: Self) -> Vector<N> {
            *self + *other
        }
    }

    #[differentiable]
    impl<const N: usize> Vector<N> {
        fn dot(&self, other: &Self) -> f64 {
            (0..N).map(|i| self.c[i] * other.c[i]).sum()
        }

        fn norm(&self) -> f64 {
            self.dot(self).sqrt()
        }
    }

    #[differentiable]
    fn of_vectors(a: Vector<3>, b: Vector<3>, k: f64) -> f64 {
        let d = a - b * k;
        let e = a + d;
        (e * d.norm()).dot(&b)
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Quaternion {
        w: f64,
        v: [f64; 3],
    }

    macro_rules! by_element {
        ($($Trait:ident $method:ident $operator:tt;)*) => {$(
            #[differentiable]
            impl $Trait for Quaternion {
                type Output = Quaternion;
                fn $method(self, other: Quaternion) -> Quaternion {
                    let (a, b) = (self.v, other.v);
                    Quaternion {
                        w: self.w $operator other.w,
                        v: [a[0] $operator b[0], a[1] $operator b[1], a[2] $operator b[2]],
                    }
                }
            }
        )*};
    }
    by_element! {
        Add add +;
        Sub sub -;
    }

    #[differentiable]
    impl Mul for Quaternion {
        type Output = Quaternion;
        fn mul(self, other: Quaternion) -> Quaternion {
            let (a, b) = (self.v, other.v);
            Quaternion {
                w: self.w * other.w - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
                v: [
                    self.w * b[0] + other.w * a[0] + a[1] * b[2] - a[2] * b[1],
                    self.w * b[1] + other.w * a[1] + a[2] * b[0] - a[0] * b[2],
                    self.w * b[2] + other.w * a[2] + a[0] * b[1] - a[1] * b[0],
                ],
            }
        }
    }

    #[differentiable]
    fn of_quaternions(a: Quaternion, b: Quaternion) -> f64 {
        let mut q = a;
        for _ in 0..3 {
            q = q * b + a - q;
        }
        let r = q * a;
        r.w + r.v.iter().sum::<f64>()
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Curve {
        points: Vec<Vector<2>>,
    }

    #[differentiable]
    impl Curve {
        /// By de Casteljau's algorithm.
        fn at(&self, t: f64) -> Vector<2> {
            let mut p = self.points.clone();
            let n = p.len();
            for k in 1..n {
                for i in 0..n - k {
                    p[i] = p[i] * (1.0 - t) + p[i + 1] * t;
                }
            }
            p[0]
        }
    }

    #[differentiable]
    fn of_curves(curve: &Curve, t: f64) -> f64 {
        let q = curve.at(t);
        let sum = curve.points.iter().fold(Vector { c: [0.0; 2] }, |sum, p| sum + *p * t);
        q.c[0] * q.c[1] + sum.norm()
    }

    #[test]
    fn agree_with_differences() {
        let vector = |a, b, c| Vector { c: [a, b, c] };
        assert_gradient!(of_vectors, vector(0.3, 0.4, -0.5), vector(1.0, -0.2, 0.7), 0.8);
        assert_eq!(&vector(1.0, 2.0, 3.0) + &vector(1.0, 1.0, 1.0), vector(2.0, 3.0, 4.0));
        let quaternion = |w, a, b, c| Quaternion { w, v: [a, b, c] };
        assert_gradient!(
            of_quaternions,
            quaternion(0.9, 0.1, -0.2, 0.3),
            quaternion(0.8, 0.3, 0.2, -0.1)
        );
        let point = |a, b| Vector { c: [a, b] };
        let points = vec![point(0.0, 0.1), point(0.3, 1.0), point(1.0, 0.8), point(1.2, -0.4)];
        assert_gradient!(of_curves, &Curve { points }, 0.35);
    }
}

/// Operators that are linear in nothing, with operands used twice, overwritten, shadowed, unused, in branches in loops, and in callees.
mod adversarial {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct V {
        x: f64,
        y: f64,
    }
    #[differentiable]
    impl Add for V {
        type Output = V;
        fn add(self, o: V) -> V {
            if self.x > o.x {
                return V {
                    x: self.x * o.y,
                    y: self.y,
                };
            }
            V {
                x: self.x + o.x * self.y,
                y: o.y.sin(),
            }
        }
    }
    #[differentiable]
    impl Mul<f64> for V {
        type Output = V;
        fn mul(self, k: f64) -> V {
            let mut r = self;
            for _ in 0..2 {
                r.x *= k;
                r.y += r.x;
            }
            r
        }
    }
    #[differentiable]
    impl AddAssign for V {
        fn add_assign(&mut self, o: V) {
            let t = self.x;
            self.x = self.y * o.x;
            self.y = t + o.y;
            if self.x > 2.0 {
                return;
            }
            self.y *= 1.5;
        }
    }
    #[differentiable]
    impl Neg for V {
        type Output = V;
        fn neg(self) -> V {
            V {
                x: -self.y,
                y: self.x * self.x,
            }
        }
    }
    #[differentiable]
    impl V {
        fn dot(self, o: V) -> f64 {
            self.x * o.x * o.x + self.y * o.y
        }
        fn norm(&self) -> f64 {
            self.dot(*self).abs().sqrt()
        }
    }
    #[differentiable]
    fn callee(a: &V, b: V, k: f64) -> V {
        let c = *a + b;
        let c = c + c;
        if k > 0.0 { -c } else { c * k }
    }
    #[differentiable]
    fn callee_mut(a: &mut V, b: V) {
        *a += b;
        *a = *a + b;
        a.x *= 2.0;
    }
    #[differentiable]
    fn in_a_branch_in_a_loop(a: V, b: V, k: f64) -> f64 {
        let mut s = a;
        let _unused = a + b;
        for i in 0..3 {
            if k > 0.5 {
                for j in 0..2 {
                    s = s + b;
                    s += a * 0.3;
                    if j == 1 && i == 2 {
                        continue;
                    }
                    s = callee(&s, s, k);
                    if s.x.abs() > 50.0 {
                        break;
                    }
                }
            } else {
                let s2 = s;
                let s = s2 + s2;
                callee_mut(&mut { s }, b);
            }
        }
        let a = s;
        a.dot(s) + a.norm()
    }
    #[differentiable]
    fn elements(a: V, b: V, k: f64) -> f64 {
        let mut v = vec![a, b, a];
        for i in 0..v.len() {
            let t = v[i];
            v[i] += t;
            callee_mut(&mut v[i], b);
            v[i] = v[(i + 1) % 3] + v[i];
        }
        v[0] = b;
        let w = [v[1], v[2]];
        (w[0] + w[1]).dot(v[0]) * k
    }
    #[differentiable(checkpoints = 1)]
    fn checkpointed(a: V, b: V, k: f64) -> f64 {
        let mut s = a;
        let mut n = 0;
        while n < 7 {
            n += 1;
            let t = match n % 3 {
                0 => s + b,
                1 => -s,
                _ => {
                    s += b;
                    s
                }
            };
            s = t * 0.4;
        }
        s.x + s.y * k
    }
    #[differentiable]
    fn in_closures(a: V, b: V, k: f64) -> f64 {
        let f = |p: V| p + b * k;
        let o = Some(a).map(|p| f(p) + p);
        o.map_or(0.0, |p| p.dot(b))
    }
    #[differentiable]
    fn in_chains(a: V, b: V, k: f64) -> f64 {
        let pts = [a, b, a + b];
        let m = pts.iter().fold(V { x: 0.1, y: 0.2 }, |s, p| s + *p);
        let z: f64 = pts.iter().map(|p| p.norm() * k).sum();
        let y: Vec<V> = pts.iter().map(|p| *p + m).collect();
        z + m.dot(y[1])
    }
    #[differentiable]
    fn rec(a: V, n: usize) -> V {
        if n == 0 {
            return a;
        }
        rec(a * 0.5, n - 1) + a
    }
    #[differentiable]
    fn in_recursion(a: V, b: V, k: f64) -> f64 {
        rec(a, 4).dot(rec(b, 2)) * k
    }
    #[derive(Differentiable, Clone, Debug)]
    struct W {
        p: V,
        q: (V, V),
        k: f64,
    }
    #[differentiable]
    fn fields(a: V, b: V, k: f64) -> f64 {
        let mut w = W { p: a, q: (b, a), k };
        w.p += w.q.0;
        w.q.1 = w.p + w.q.0 * w.k;
        w.p.x *= w.q.1.x;
        let W { p, q: (r, s), .. } = w;
        (p + r).dot(s) + w.p.x * w.p.y * w.p.x + w.q.0.x / w.q.1.y
    }

    #[test]
    fn agree_with_differences() {
        let (a, b) = (V { x: 0.7, y: -0.4 }, V { x: 0.3, y: 1.2 });
        macro_rules! agree {
            ($($function:ident)*) => {$(
                for k in [0.8, 0.2, -0.6] {
                    assert_gradient!(tolerance = 1e-5; $function, a, b, k);
                    assert_gradient!(tolerance = 1e-5; $function, b, a, k);
                }
            )*};
        }
        agree!(in_a_branch_in_a_loop elements checkpointed in_closures in_chains in_recursion fields);
    }
}
