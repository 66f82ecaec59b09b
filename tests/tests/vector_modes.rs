//! Several tangents at once: `jvp_many`, and the Jacobians that are made of them.

use tapeless::prelude::*;

/// Derivatives along three directions at once are those along each, bit for bit; and these are the products of the gradient and
/// the tangents. Behind the arguments stand the tangents of each: three of them, behind `&` if it is taken by reference.
macro_rules! lanes {
    ($($f:ident)::+; $($argument:expr),*; $($kind:tt $tangents:expr),*) => {{
        let (value, many) = $($f)::+::jvp_many($(again(&$argument),)* $($kind!($tangents)),*);
        for (lane, own) in many.iter().enumerate() {
            let (y, along) = $($f)::+::jvp($(again(&$argument),)* $($kind!(($tangents)[lane].clone())),*);
            assert_eq!(value, y, "the value");
            assert_eq!(*own, along, "lane {lane}");
            let (_, pullback) = $($f)::+::vjp($(again(&$argument)),*);
            let seed = seeded(&y);
            let expected = seed.inner_product(own);
            let gradient = pullback(seed);
            let found = products(&gradient, &($(($tangents)[lane].clone(),)*));
            assert!((found - expected).abs() <= 1e-5 * expected.abs().max(1.0), "lane {lane}: {found} {expected}");
        }
    }};
}

macro_rules! by_value {
    ($tangent:expr) => {
        $tangent
    };
}

macro_rules! by_reference {
    ($tangent:expr) => {
        &$tangent
    };
}

fn again<T: Clone>(argument: &T) -> T {
    argument.clone()
}

/// A cotangent whose scalars differ.
fn seeded<Y: Differentiable>(y: &Y) -> Y::Tangent {
    let mut seed = y.zero_tangent();
    for leaf in 0..seed.leaf_count() {
        for index in 0..seed.leaf(leaf).len() {
            seed.leaf_mut(leaf).set(index, 1.0 + 0.5 * (leaf + index) as f64);
        }
    }
    seed
}

/// The inner product of a gradient, of one parameter or several, with tangents in a tuple.
fn products(gradient: &impl Differentiable, tangents: &impl Differentiable) -> f64 {
    assert_eq!(gradient.leaf_count(), tangents.leaf_count());
    let leaf = |leaf| {
        let (left, right) = (gradient.leaf(leaf), tangents.leaf(leaf));
        (0..left.len())
            .map(|index| left.get(index) * right.get(index))
            .sum::<f64>()
    };
    (0..gradient.leaf_count()).map(leaf).sum()
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
pub struct Spring {
    stiffness: f64,
    #[no_diff]
    name: &'static str,
    ends: [[f64; 2]; 2],
    weights: Vec<f32>,
    steps: usize,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
pub struct Pair<A, B>(A, B);

#[derive(Differentiable, Clone, Debug, PartialEq)]
pub struct Nothing {
    #[no_diff]
    label: String,
}

mod functions {
    use super::*;

    #[differentiable(forward)]
    pub fn scalars(x: f64, n: i32, y: f64) -> f64 {
        let q = x / (1.0 + y * y) - 2.0 / x + 3.0 * y - (1.0 - x) + (y - 4.0) / 5.0;
        q.sin() * x.powi(n) + (x * y).exp() + x.max(y) + x.hypot(y) + x.clamp(0.0, y) + x.mul_add(y, 2.0)
    }

    #[differentiable(forward)]
    pub fn mixed(x: f32, y: f64) -> f64 {
        let (s, c) = x.sin_cos();
        f64::from(s) * y + (c * x) as f64 - (y as f32 * x) as f64
    }

    #[differentiable(forward)]
    pub fn generic<T: Real>(x: T, rate: T) -> T {
        let mut sum = T::ZERO;
        for k in 1..4 {
            sum += (-rate * x).exp() * T::from_usize(k) + x * x;
        }
        sum
    }

    #[differentiable(forward)]
    pub fn branchy(x: f64, y: f64) -> f64 {
        let mut s = x * y;
        let mut k = 0;
        while s < 10.0 {
            s = s * 1.5 + x * x;
            k += 1;
            if k == 4 {
                return s.sqrt() * y;
            }
            if s > 7.0 {
                break;
            }
        }
        match k {
            0 => s,
            1 if x > 0.0 => s * y,
            _ => s + y,
        }
    }

    #[differentiable(forward)]
    pub fn slices(xs: &[f64], ys: &[[f64; 2]]) -> Vec<f64> {
        let mut sums = vec![0.0; xs.len()];
        for i in 0..xs.len() {
            sums[i] = xs[i] * xs[0];
            for y in ys {
                sums[i] += y[0] * y[1] * xs[i];
            }
        }
        for i in 1..xs.len() {
            sums[i] = sums[i - 1] * sums[i];
        }
        sums
    }

    #[differentiable(forward)]
    pub fn arrays(a: [[f64; 2]; 2], v: &[f64; 2]) -> ([f64; 2], f64) {
        let mut r = [0.0; 2];
        for i in 0..2 {
            for j in 0..2 {
                r[i] += a[i][j] * v[j];
            }
        }
        let p = r[0] * r[1];
        (r, p)
    }

    #[differentiable(forward)]
    pub fn spring(spring: &Spring, x: f64) -> f64 {
        let moved = Spring {
            stiffness: spring.stiffness * x,
            ..spring.clone()
        };
        let [[a, b], [c, d]] = moved.ends;
        let length = (a - c).hypot(b - d);
        let mut sum = moved.stiffness * length;
        for k in 0..moved.steps {
            sum += moved.weights[k] as f64 * x;
        }
        sum
    }

    #[differentiable(forward)]
    pub fn made(x: f64, y: f64) -> Spring {
        let mut spring = Spring {
            stiffness: x,
            name: "made",
            ends: [[y, 1.0], [x * y, y]],
            weights: vec![1.0, 2.0],
            steps: 3,
        };
        spring.ends[1][0] = spring.ends[1][0] * y;
        spring
    }

    #[differentiable(forward)]
    pub fn pair(p: &Pair<f64, Pair<[f64; 2], f32>>) -> f64 {
        p.0 * p.1.0[0] + p.1.0[1] * p.1.1 as f64
    }

    #[differentiable(forward)]
    pub fn option(x: Option<f64>, y: f64) -> Option<f64> {
        let x = x?;
        if y < 0.0 {
            return None;
        }
        Some(x * y.sqrt())
    }

    #[differentiable(forward)]
    pub fn unused(x: f64, y: f64, _n: &Nothing) -> f64 {
        let _ = y;
        x * 2.0
    }

    #[differentiable(forward)]
    pub fn matrices(w: &Matrix<2, 3, f64>, x: &Matrix<3, 1, f64>, b: f64) -> Matrix<2, 1, f64> {
        let y = (w * x + b).tanh();
        let z = y * 2.0 - 0.5 * y;
        z * z.norm() + z[(0, 0)] * w[(1, 2)] / y.sum()
    }

    #[differentiable(forward)]
    pub fn loss(logits: &Matrix<2, 3>, labels: &[usize; 2]) -> f32 {
        logits.relu().softmax_cross_entropy(labels) + logits.transpose().mean() * logits.max()
    }

    #[differentiable(forward)]
    pub fn calls(x: f64, ys: &[f64]) -> f64 {
        let own = [x, x * x];
        let parts = slices(ys, &[own, [x, 1.0]]);
        recursive(x, 4) + parts[0] + scalars(x, 2, ys[0]) + by_rule(x)
    }

    #[differentiable(forward)]
    pub fn of_parts(x: f64, ys: &[f64]) -> f64 {
        let own = [[x, x * x], [x, 1.0]];
        let sums = slices(&ys[1..], &own);
        let others = slices(&own[0], &own[..1]);
        sums[0] * others[1] + ys[0]
    }

    #[differentiable(forward)]
    pub fn recursive(x: f64, n: u32) -> f64 {
        if n == 0 {
            x
        } else {
            x.sin() * recursive(x * 0.5, n - 1) + x
        }
    }

    pub fn cubed(x: f64) -> f64 {
        x * x * x
    }

    #[derivative_of(cubed)]
    fn cubed_rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
        (x * x * x, move |y_bar| 3.0 * x * x * y_bar)
    }

    #[differentiable(forward)]
    pub fn by_rule(x: f64) -> f64 {
        cubed(x) * x
    }

    #[differentiable(forward)]
    pub fn inner(x: f64, y: f64) -> f64 {
        x * x * y + y.sin()
    }

    /// The names are those of generated code.
    #[differentiable(forward)]
    pub fn names(__x_dot: f64, x: f64, __width: f64, chunk: f64) -> f64 {
        let __pair = __x_dot * x;
        let __chunk = __pair * __width + chunk;
        let x_dot = __chunk * x;
        x_dot * x_dot
    }
}

#[test]
fn along_several_directions_as_along_each() {
    lanes!(functions::scalars; 0.7, 3, 1.3; by_value [1.0, 0.0, -2.0], by_value [0.0, 1.0, 0.5]);
    lanes!(functions::scalars; 1.7, 2, 1.3; by_value [1.0, 0.0, -2.0], by_value [0.0, 1.0, 0.5]);
    lanes!(functions::mixed; 0.7_f32, 1.3; by_value [1.0_f32, 0.0, -2.0], by_value [0.0, 1.0, 0.5]);
    lanes!(functions::generic; 0.7_f64, 0.3_f64; by_value [1.0_f64, 0.0, -2.0], by_value [0.0, 1.0, 0.5]);
    lanes!(functions::generic; 0.7_f32, 0.3_f32; by_value [1.0_f32, 0.0, -2.0], by_value [0.0_f32, 1.0, 0.5]);
    for (x, y) in [(0.7, 1.3), (5.0, 2.5), (-0.4, 0.3), (1.9, 1.1), (-3.0, -2.0)] {
        lanes!(functions::branchy; x, y; by_value [1.0, 0.0, -2.0], by_value [0.0, 1.0, 0.5]);
    }
    lanes!(functions::names; 0.7, 0.3, 1.1, 2.0;
        by_value [1.0, 0.0, -2.0], by_value [0.0, 1.0, 0.5], by_value [0.0, 1.0, 0.5], by_value [2.0, 0.0, 0.5]);
}

#[test]
fn of_values_of_every_kind() {
    let (xs, ys) = (&[1.5, -0.5, 0.75][..], &[[1.0, 2.0], [0.5, -1.0]][..]);
    lanes!(functions::slices; xs, ys;
        by_reference [vec![1.0, 0.0, 0.0], vec![0.5, -1.0, 2.0], vec![0.0; 3]],
        by_reference [vec![[0.0; 2]; 2], vec![[1.0, 0.5]; 2], vec![[0.0, 1.0], [1.0, 0.0]]]);
    let none: (&[f64], &[[f64; 2]]) = (&[], &[]);
    assert_eq!(
        functions::slices::jvp_many(none.0, none.1, &[vec![], vec![]], &[vec![], vec![]]),
        (vec![], [vec![], vec![]])
    );
    lanes!(functions::arrays; [[1.0, 2.0], [3.0, -4.0]], &[0.5, 1.5];
        by_value [[[1.0, 0.0], [0.0, 0.0]], [[0.5, -1.0], [2.0, 1.0]], [[0.0; 2]; 2]],
        by_reference [[0.0, 1.0], [0.5, 0.25], [1.0, 0.0]]);
    let spring = Spring {
        stiffness: 2.0,
        name: "a",
        ends: [[0.0, 1.0], [2.0, -1.0]],
        weights: vec![0.5, 2.0],
        steps: 2,
    };
    let tangent = SpringTangent {
        stiffness: 1.0,
        ends: [[0.0, 1.0], [0.5, 0.0]],
        weights: vec![1.0, -1.0],
    };
    let mut twice = tangent.clone();
    twice.scale(2.0);
    lanes!(functions::spring; &spring, 0.8; by_reference [tangent.clone(), spring.zero_tangent(), twice.clone()], by_value [0.0, 1.0, -0.5]);
    lanes!(functions::made; 1.5, 0.4; by_value [1.0, 0.0, 2.0], by_value [0.0, 1.0, 0.5]);
    let pair = Pair(2.0, Pair([0.5, 1.5], 3.0_f32));
    let lane = |scale: f64| PairTangent(scale, PairTangent([1.0, -scale], scale as f32));
    lanes!(functions::pair; &pair; by_reference [lane(1.0), lane(0.0), lane(-2.0)]);
    lanes!(functions::option; Some(1.5), 4.0; by_value [Some(1.0), Some(0.0), Some(0.5)], by_value [0.0, 1.0, 2.0]);
    lanes!(functions::option; Some(1.5), -4.0; by_value [Some(1.0), Some(0.0), Some(0.5)], by_value [0.0, 1.0, 2.0]);
    lanes!(functions::option; None::<f64>, 4.0; by_value [None::<f64>, None, None], by_value [0.0, 1.0, 2.0]);
    let nothing = Nothing {
        label: "none".to_owned(),
    };
    lanes!(functions::unused; 1.5, 4.0, &nothing; by_value [1.0, 0.0, 0.5], by_value [0.0, 1.0, 2.0], by_reference [nothing.zero_tangent(), nothing.zero_tangent(), nothing.zero_tangent()]);
}

#[test]
fn of_matrices() {
    let w = Matrix::from_rows([[0.5, -1.0, 0.25], [1.0, 2.0, -0.5]]);
    let x = Matrix::from_rows([[0.5], [1.0], [-0.75]]);
    lanes!(functions::matrices; &w, &x, 0.3;
        by_reference [w, Matrix::zeros(), Matrix::from_rows([[0.0, 1.0, 0.0], [0.5, 0.0, 0.0]])],
        by_reference [Matrix::zeros(), x, Matrix::filled(0.5)],
        by_value [1.0, 0.0, -1.0]);
    let logits = Matrix::from_rows([[0.5, -1.0, 0.25], [1.0, 2.0, -0.5]]);
    lanes!(functions::loss; &logits, &[2, 0]; by_reference [logits, Matrix::zeros(), Matrix::filled(1.0)]);
}

#[test]
fn through_calls() {
    lanes!(functions::calls; 0.7, &[0.5, 1.5][..]; by_value [1.0, 0.0, 0.5], by_reference [vec![0.0, 0.0], vec![1.0, 0.5], vec![2.0, -1.0]]);
    lanes!(functions::recursive; 0.7, 3; by_value [1.0, 0.0, 0.5]);
    lanes!(functions::recursive; 0.7, 0; by_value [1.0, 0.0, 0.5]);
    lanes!(functions::by_rule; 0.7; by_value [1.0, 0.0, 0.5]);
    lanes!(functions::inner; 0.7, 2.0; by_value [1.0, 0.0, 0.5], by_value [1.0, 0.5, 0.0]);
}

#[test]
fn arrays_stand_for_slices_in_second_derivatives_too() {
    assert_hvp!(functions::of_parts, 0.7, &[0.5, 1.5, 0.8][..]; 0.5, &[1.0, -0.5, 0.25]);
}

/// What is constant has no partial derivatives to be multiplied with: not even where that would not be a number.
#[test]
fn constants_are_not_multiplied_by_zero() {
    #[differentiable(forward)]
    fn scaled(x: f64, c: f64) -> f64 {
        let k = stop_gradient(c);
        x * k + k * x - x / k + (x - k)
    }
    assert_eq!(
        scaled::jvp_many(f64::INFINITY, 2.0, [1.0, 2.0], [0.0, 0.0]).1,
        [4.5, 9.0]
    );
    assert_eq!(scaled::grad(f64::INFINITY, 2.0), (4.5, 0.0));
}

mod jacobians {
    use super::*;

    #[differentiable(forward)]
    fn few_rows(x: &[f64; 11]) -> [f64; 2] {
        let mut y = [1.0, 0.0];
        for i in 0..11 {
            y[0] *= x[i];
            y[1] += x[i].sin() * y[0];
        }
        y
    }

    #[differentiable(forward)]
    fn many_rows(x: &[f64], n: usize) -> Vec<f64> {
        let mut y = vec![0.0; n];
        for i in 0..n {
            for j in 0..x.len() {
                y[i] += x[j] * x[(i + j) % x.len()].cos();
            }
        }
        y
    }

    #[differentiable(forward)]
    fn of_struct(s: &Spring) -> [f64; 9] {
        let mut y = [s.stiffness; 9];
        for i in 0..9 {
            y[i] = y[i] * s.ends[i % 2][1] + s.ends[0][0] * s.weights[0] as f64;
        }
        y
    }

    #[differentiable(forward)]
    fn column(x: &Matrix<9, 1, f64>) -> Matrix<4, 1, f64> {
        let w = Matrix::<4, 9, f64>::from_fn(|i, j| (i * 9 + j) as f64 * 0.1);
        (w * x).tanh()
    }

    #[differentiable(forward)]
    fn scalar(x: f64) -> f64 {
        x.sin()
    }

    #[differentiable(forward)]
    fn nothing(x: [f64; 3]) -> [f64; 0] {
        let _ = x;
        let none: [f64; 0] = [];
        none
    }

    /// One row after the other, by reverse mode.
    fn rows(x: &[f64; 11]) -> [[f64; 11]; 2] {
        std::array::from_fn(|row| few_rows::vjp(x).1(std::array::from_fn(|i| f64::from(u8::from(i == row)))))
    }

    #[test]
    fn agree_with_gradients() {
        let x = std::array::from_fn(|i| 0.3 + 0.2 * i as f64);
        let (y, jacobian) = few_rows::value_and_jacobian(&x);
        assert_eq!(y, few_rows(&x));
        assert_eq!(jacobian, rows(&x));
        for (columns, n) in [
            (1, 1),
            (1, 9),
            (3, 2),
            (4, 40),
            (5, 40),
            (8, 40),
            (9, 40),
            (17, 60),
            (40, 3),
            (3, 0),
            (0, 3),
        ] {
            let x: Vec<_> = (0..columns).map(|i| 0.3 + 0.2 * i as f64).collect();
            if columns == 0 && n > 0 {
                continue;
            }
            let (y, jacobian) = many_rows::value_and_jacobian(&x, n);
            assert_eq!(y, many_rows(&x, n));
            assert_eq!(jacobian.len(), n);
            for (row, own) in jacobian.iter().enumerate() {
                let mut seed = vec![0.0; n];
                seed[row] = 1.0;
                let expected = many_rows::vjp(&x, n).1(seed);
                assert_eq!(own.len(), columns);
                for (own, expected) in own.iter().zip(&expected) {
                    assert!((own - expected).abs() < 1e-12, "{columns} {n}: {own} {expected}");
                }
            }
        }
        let x = Matrix::from_fn(|i, _| 0.1 * i as f64);
        let jacobian = column::jacobian(&x);
        for row in 0..4 {
            let mut seed = Matrix::zeros();
            seed[(row, 0)] = 1.0;
            let expected = column::vjp(&x).1(seed);
            for j in 0..9 {
                assert!((jacobian[(row, j)] - expected[(j, 0)]).abs() < 1e-12);
            }
        }
        assert_eq!(scalar::value_and_jacobian(0.5), (0.5_f64.sin(), 0.5_f64.cos()));
        assert_eq!(nothing::jacobian([1.0; 3]), [[0.0; 3]; 0]);
    }

    #[test]
    fn with_respect_to_a_struct() {
        let spring = Spring {
            stiffness: 2.0,
            name: "a",
            ends: [[0.5, 1.0], [2.0, -1.0]],
            weights: vec![0.5, 2.0],
            steps: 2,
        };
        let jacobian = of_struct::jacobian(&spring);
        for (i, row) in jacobian.iter().enumerate() {
            let expected = of_struct::vjp(&spring).1(std::array::from_fn(|k| f64::from(u8::from(k == i))));
            assert_eq!(*row, expected);
        }
    }

    #[test]
    fn are_written_where_one_wants_them() {
        let x = std::array::from_fn(|i| 0.3 + 0.2 * i as f64);
        let mut jacobian = [[f64::NAN; 11]; 2];
        assert_eq!(few_rows::value_and_jacobian_into(&x, &mut jacobian), few_rows(&x));
        assert_eq!(jacobian, few_rows::jacobian(&x));
        let x = [0.5, 1.5, 2.5];
        let mut jacobian = vec![vec![f64::NAN; 3]; 20];
        assert_eq!(
            many_rows::value_and_jacobian_into(&x, 20, &mut jacobian),
            many_rows(&x, 20)
        );
        assert_eq!(jacobian, many_rows::jacobian(&x, 20));
    }

    #[test]
    #[should_panic(expected = "the Jacobian to be overwritten belongs to values of other sizes")]
    fn of_another_size_are_refused() {
        many_rows::value_and_jacobian_into(&[0.5, 1.5], 3, &mut vec![vec![0.0; 2]; 2]);
    }

    #[test]
    #[should_panic(expected = "the Jacobian to be overwritten belongs to values of other sizes")]
    fn with_rows_of_another_size_are_refused() {
        many_rows::value_and_jacobian_into(&[0.5, 1.5], 3, &mut vec![vec![0.0; 3]; 3]);
    }
}
