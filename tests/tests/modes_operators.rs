//! Derivatives along directions, and Hessians times vectors, of functions with operators of the user's own types.

use std::ops::{Add, AddAssign, Div, Index, Mul, MulAssign, Neg, Sub};

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

/// Not quite a complex number: some of its operators are bent.
#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct Pair {
    x: f64,
    y: f64,
}

#[differentiable(forward)]
impl Mul for Pair {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            x: self.x * other.x - self.y * other.y,
            y: self.x * other.y + self.y * other.x,
        }
    }
}

#[differentiable(forward)]
impl Mul<f64> for Pair {
    type Output = Pair;
    fn mul(self, factor: f64) -> Pair {
        Pair {
            x: self.x * factor,
            y: self.y * factor,
        }
    }
}

#[differentiable(forward)]
impl Mul<Pair> for f64 {
    type Output = Pair;
    fn mul(self, pair: Pair) -> Pair {
        Pair {
            x: self * pair.x,
            y: self * pair.y,
        }
    }
}

#[differentiable(forward)]
impl Mul<usize> for Pair {
    type Output = Pair;
    fn mul(self, count: usize) -> Pair {
        Pair {
            x: self.x * count as f64,
            y: self.y * self.y * count as f64,
        }
    }
}

#[differentiable(forward)]
impl<'a> Add<&'a Pair> for &'a Pair {
    type Output = Pair;
    fn add(self, other: &'a Pair) -> Pair {
        Pair {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

#[differentiable(forward)]
impl Sub for Pair {
    type Output = Self;
    fn sub(self, other: Self) -> Self::Output {
        Pair {
            x: self.x - other.x,
            y: self.y * other.x - other.y,
        }
    }
}

/// Nothing flows to the divisor.
#[differentiable(forward)]
impl Div<f64> for Pair {
    type Output = Pair;
    fn div(self, #[no_diff] divisor: f64) -> Pair {
        Pair {
            x: self.x / divisor,
            y: self.y * self.y / divisor,
        }
    }
}

#[differentiable(forward)]
impl Neg for Pair {
    type Output = Pair;
    fn neg(self) -> Pair {
        Pair {
            x: -self.x,
            y: -self.y * self.x,
        }
    }
}

#[differentiable(forward)]
impl AddAssign for Pair {
    fn add_assign(&mut self, other: Self) {
        self.x += other.x;
        self.y += other.y * self.x;
    }
}

#[differentiable(forward)]
impl MulAssign<f64> for Pair {
    fn mul_assign(&mut self, factor: f64) {
        self.x *= factor;
        self.y *= factor * factor;
    }
}

#[differentiable(forward)]
impl Pair {
    fn dot(&self, other: &Pair) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// A method of its own, by operators.
    fn squared(&self) -> Pair {
        *self * *self
    }
}

fn pair(x: f64, y: f64) -> Pair {
    Pair { x, y }
}

#[differentiable(forward)]
fn product(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = Pair { x: x[2], y: k };
    let p = v * w;
    p.x * p.y
}

#[differentiable(forward)]
fn with_itself(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let p = v * v * k;
    p.x * p.y
}

#[differentiable(forward)]
fn by_references(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = Pair { x: x[2], y: k };
    let p = k * (&v + &w);
    p.x * p.y * p.y
}

#[differentiable(forward)]
fn of_one_operand(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = -v * 2.0;
    w.x * v.y * w.y * k
}

#[differentiable(forward)]
fn compound(x: &[f64], k: f64) -> f64 {
    let mut v = Pair { x: x[0], y: x[1] };
    let w = Pair { x: x[2], y: k };
    v += w;
    v += v * w;
    v *= x[3];
    v.x * v.y
}

#[differentiable(forward)]
fn a_method_like_an_operation(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = Pair { x: x[2], y: k * k };
    v.dot(&w) * w.dot(&w)
}

#[differentiable(forward)]
fn a_method_by_operators(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = v.squared();
    w.x * w.y * k
}

#[differentiable(forward)]
fn in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut v = Pair { x: x[0], y: x[1] };
    let w = Pair { x: x[2], y: k };
    for i in 0..4 {
        v = &(v * w) + &(v * i);
    }
    v.x * v.y * 1e-2
}

#[differentiable(forward, checkpoints = 2)]
fn in_a_long_loop(x: &[f64], k: f64) -> f64 {
    let mut v = Pair { x: x[0], y: x[1] };
    let w = Pair { x: x[2] * 0.5, y: k };
    for _ in 0..30 {
        v = v * w * 0.9 - w;
    }
    v.x * v.y
}

#[differentiable(forward)]
fn in_a_vector(x: &[f64], k: f64) -> f64 {
    let mut pairs = vec![Pair { x: x[0], y: x[1] }; 3];
    for i in 0..3 {
        pairs[i] = pairs[i] * pairs[(i + 1) % 3];
        pairs[i] += Pair { x: k, y: x[2] };
    }
    pairs[0].dot(&pairs[1]) + pairs[2].x
}

#[differentiable(forward)]
fn with_a_constant(x: &[f64], k: f64) -> f64 {
    let v = pair(1.0, 2.0);
    let mut s = pair(0.0, 0.0);
    for a in x {
        s = &s + &(v * *a * *a);
    }
    if s.x > k { s.x * s.y } else { k * k * s.x }
}

#[differentiable(forward)]
fn over_a_constant(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] } / 3.0;
    v.x * v.y * k
}

#[differentiable(forward)]
fn step(v: Pair, w: Pair) -> Pair {
    v * w - w
}

#[differentiable(forward)]
fn in_a_call(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = step(v, Pair { x: x[2], y: k });
    w.dot(&v) * w.x
}

#[differentiable(forward)]
fn on_a_branch(x: &[f64], k: f64) -> f64 {
    let v = Pair { x: x[0], y: x[1] };
    let w = if k > 0.5 { v * v } else { -v };
    let u = if x[0] > 0.0 { Some(w * k) } else { None };
    let Some(u) = u else {
        return k;
    };
    u.x * u.y
}

mod generic {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    pub(super) struct Vector<T: Real, const N: usize> {
        pub(super) elements: [T; N],
    }

    impl<T: Real, const N: usize> Index<usize> for Vector<T, N> {
        type Output = T;
        fn index(&self, index: usize) -> &T {
            &self.elements[index]
        }
    }

    #[differentiable(forward)]
    impl<T: Real, const N: usize> Mul<T> for Vector<T, N> {
        type Output = Self;
        fn mul(self, factor: T) -> Self {
            let mut scaled = self.elements;
            for i in 0..N {
                scaled[i] = self.elements[i] * factor;
            }
            Self { elements: scaled }
        }
    }

    #[differentiable(forward)]
    impl<T: Real, const N: usize> Add for Vector<T, N> {
        type Output = Vector<T, N>;
        fn add(self, other: Self) -> Vector<T, N> {
            let mut sum = self.elements;
            for i in 0..N {
                sum[i] += other.elements[i] * other.elements[i];
            }
            Vector { elements: sum }
        }
    }
}

#[differentiable(forward)]
fn of_a_generic_type(x: &[f64], k: f64) -> f64 {
    let v = generic::Vector {
        elements: [x[0], x[1], x[2]],
    };
    let w = v * k + v;
    w.elements[0] * w.elements[1] * w.elements[2] * x[3]
}

#[derive(Differentiable, Clone, Debug)]
struct Pose {
    turn: Matrix<2, 2, f64>,
    at: Matrix<2, 1, f64>,
    #[no_diff]
    name: &'static str,
}

#[differentiable(forward)]
impl Mul<&Pose> for &Pose {
    type Output = Pose;
    fn mul(self, other: &Pose) -> Pose {
        Pose {
            turn: self.turn * other.turn,
            at: self.turn * other.at + self.at,
            name: "product",
        }
    }
}

#[differentiable(forward)]
fn of_matrices(x: &[f64], k: f64) -> f64 {
    let pose = Pose {
        turn: Matrix::from_rows([[x[0], k], [-k, x[1]]]),
        at: Matrix::from_rows([[x[2]], [x[3]]]),
        name: "pose",
    };
    let twice = &pose * &pose;
    let thrice = &twice * &pose;
    thrice.at[(0, 0)] * thrice.turn[(1, 0)] + thrice.at[(1, 0)]
}

modes_agree!(
    product with_itself by_references of_one_operand compound a_method_like_an_operation a_method_by_operators in_a_loop
    in_a_long_loop in_a_vector with_a_constant over_a_constant in_a_call on_a_branch of_a_generic_type of_matrices
);

#[test]
fn what_has_no_tangent_goes_along() {
    let pose = Pose {
        turn: Matrix::identity(),
        at: Matrix::from_rows([[1.0], [2.0]]),
        name: "pose",
    };
    assert_eq!((&pose * &pose).name, "product");
}

/// What the operator takes as a constant is one in forward mode too.
#[differentiable(forward)]
fn over(a: f64, divisor: f64) -> f64 {
    let v = Pair { x: a, y: a } / divisor;
    v.x * v.y
}

#[test]
fn a_divisor_is_a_constant() {
    let (a, divisor) = (2.0, 4.0);
    assert_eq!(over::grad(a, divisor), (3.0 * a * a / (divisor * divisor), 0.0));
    assert_eq!(over::jvp(a, divisor, 1.0, 0.0).1, 3.0 * a * a / (divisor * divisor));
    assert_eq!(over::jvp(a, divisor, 0.0, 1.0).1, 0.0);
    assert_eq!(over::hvp(a, divisor, 1.0, 1.0), (6.0 * a / (divisor * divisor), 0.0));
}

#[differentiable(forward)]
fn complex_square(z: [f64; 2]) -> [f64; 2] {
    let z = Pair { x: z[0], y: z[1] };
    let square = z * z;
    [square.x, square.y]
}

#[test]
fn a_jacobian_through_operators() {
    // Cauchy and Riemann.
    assert_eq!(complex_square::jacobian([3.0, 2.0]), [[6.0, -4.0], [4.0, 6.0]]);
}

/// In a function of the type itself.
#[differentiable(forward)]
fn of_pairs(v: Pair, w: Pair) -> Pair {
    v * w
}

#[test]
fn operands_are_parameters() {
    let (v, w) = (pair(1.0, 2.0), pair(3.0, 5.0));
    let (v_dot, w_dot) = (PairTangent { x: 1.0, y: 0.5 }, PairTangent { x: -1.0, y: 2.0 });
    let (value, tangent) = of_pairs::jvp(v, w, v_dot, w_dot);
    assert_eq!(value, v * w);
    assert_eq!(
        tangent,
        PairTangent {
            x: 3.0 - 2.5 - 1.0 - 4.0,
            y: 5.0 + 1.5 + 2.0 - 2.0,
        }
    );
}
