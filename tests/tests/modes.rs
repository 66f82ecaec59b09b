//! The further modes: derivatives along a direction, Hessians times vectors.

use tapeless::prelude::*;

mod scalars {
    use super::*;

    #[differentiable(forward)]
    fn energy(x: f64, y: f64) -> f64 {
        (x * y).sin() + x * x / (1.0 + y * y)
    }

    #[differentiable(forward)]
    fn single(x: f32, y: f32) -> f32 {
        (x * y).exp() - x.powi(3) * y
    }

    #[differentiable(forward)]
    fn generic<T: Real>(x: T, rate: T) -> T {
        (-rate * x).exp() * x.cos() + T::from_f64(0.5) * x
    }

    #[differentiable(forward)]
    fn branchy(x: f64, y: f64) -> f64 {
        let mut s = x * y;
        if s > 0.0 {
            s = s * x;
        } else if y > 3.0 {
            return y * y * x;
        }
        s += x.exp();
        s
    }

    #[differentiable(forward)]
    fn literal(x: f32) -> f32 {
        let s = if x > 1.0 { 0.5 } else { x * x };
        if x < -1.0 {
            return 2.0;
        }
        s * x
    }

    #[differentiable(forward)]
    fn constant(x: f32) -> f32 {
        let _ = x;
        2.5
    }

    #[differentiable(forward)]
    fn wide(x: f64, y: f64, z: f64) -> f64 {
        let a = x.powf(y) + y.log(x) + x.hypot(z) + z.atan2(x);
        let b = x.max(z) * y.min(z) + x.clamp(0.1, 5.0) * z + x.mul_add(y, z);
        let (s, c) = (x * z).sin_cos();
        let d = (x % 0.7) * z + x.rem_euclid(0.9) * y + z.abs() * x.signum() + x.copysign(-z);
        a * b + s * c * y + d + x.leaky_relu(0.1) * y + (z - 3.0).leaky_relu(y)
    }

    #[differentiable(forward)]
    fn elementary(x: f64) -> f64 {
        let a = x.sin() + x.cos() * x.tan() + x.asin() * x.acos() + x.atan() + x.sinh() * x.cosh() + x.tanh();
        let b = x.asinh() + (1.0 + x).acosh() * x.atanh() + x.exp() + x.exp2() * x.exp_m1() + x.ln() * x.ln_1p();
        let c = x.log2() + x.log10() * x.sqrt() + x.cbrt() * x.recip() + x.abs() + x.fract() * x.to_degrees();
        a * b + b * c + c * a
    }

    #[differentiable(forward)]
    #[allow(unstable_name_collisions)]
    fn special(x: f64) -> f64 {
        let a = x.sigmoid() * x.softplus() + x.relu() * x.elu() + x.gelu() * x.silu();
        let b = x.erf() + x.erfc() * x.ln_gamma() + x.digamma() * x;
        a * b + (-x).elu() * (-x).silu()
    }

    #[differentiable(forward)]
    fn casts(x: f64, y: f32, n: i32) -> f64 {
        let z = (x as f32) * y;
        f64::from(z * y) * x + x * n as f64 + x.powi(n)
    }

    #[differentiable(forward)]
    fn no_diff(x: f64, #[no_diff] y: f64) -> f64 {
        x * x * y + y * y
    }

    #[test]
    fn agree() {
        assert_hvp!(energy, 0.7, 1.3; 1.0, -0.5);
        assert_hvp!(single, 0.7_f32, 1.3_f32; 1.0_f32, -0.5_f32);
        assert_hvp!(generic, 0.7, 1.3; 1.0, -0.5);
        assert_hvp!(generic, 0.7_f32, 1.3_f32; 1.0_f32, -0.5_f32);
        for (x, y) in [(0.7, 1.3), (-0.7, 1.3), (-0.7, 4.0)] {
            assert_hvp!(branchy, x, y; 0.3, -0.5);
        }
        for x in [2.0, 0.5, -0.5, -2.0] {
            assert_hvp!(literal, x; 1.0_f32);
        }
        assert_hvp!(constant, 1.0; 1.0_f32);
        assert_hvp!(tolerance = 1e-5; wide, 1.3, 2.1, 0.6; 0.7, -0.4, 1.1);
        assert_hvp!(tolerance = 1e-5; elementary, 0.4; 1.0);
        assert_hvp!(tolerance = 1e-5; special, 0.8; 1.0);
        assert_hvp!(tolerance = 1e-5; special, 2.3; -0.5);
        assert_hvp!(tolerance = 1e-2; casts, 0.8, 1.2_f32, 3; 1.0, 0.5_f32);
        assert_hvp!(no_diff, 0.8, 1.2; 0.5);
    }

    #[test]
    fn values_are_the_functions() {
        assert_eq!(energy::jvp(0.7, 1.3, 1.0, 0.0).0, energy(0.7, 1.3));
        assert_eq!(literal::jvp(2.0, 1.0), (literal(2.0), 0.5));
        assert_eq!(constant::jvp(2.0, 1.0), (2.5, 0.0));
    }
}

mod loops {
    use super::*;

    #[differentiable(forward)]
    fn power(x: f64, n: usize) -> f64 {
        let mut y = 1.0;
        for _ in 0..n {
            y *= x;
        }
        y
    }

    #[differentiable(forward)]
    fn pendulum(angle: f64, length: f64, steps: usize) -> f64 {
        let (mut a, mut v) = (angle, 0.0);
        for _ in 0..steps {
            v -= 0.01 * 9.81 / length * a.sin();
            a += 0.01 * v;
        }
        a
    }

    #[differentiable(forward)]
    fn newton(x: f32) -> f32 {
        let mut y = x;
        while (y * y - x).abs() > 1e-3 {
            y = 0.5 * (y + x / y);
        }
        y
    }

    #[differentiable(forward)]
    fn leaving(x: f64, limit: f64) -> f64 {
        let mut s = x;
        let mut count = 0;
        let last = loop {
            s = s * s + x;
            count += 1;
            if s > limit {
                break s * 0.5;
            }
            if count > 20 {
                return s * x * limit;
            }
            if count % 3 == 0 {
                continue;
            }
            s += 0.1 * x;
        };
        last * s
    }

    #[differentiable(forward)]
    fn nested(x: f64, y: f64, n: usize) -> f64 {
        let mut total = 0.0;
        for i in 0..n {
            let mut inner = x;
            for j in 0..=i {
                inner = (inner * y + j as f64).sin();
            }
            total += inner * x;
        }
        total
    }

    #[differentiable(forward)]
    fn best(x: f64, y: f64, n: usize) -> f64 {
        let mut best = None;
        for k in 0..n {
            let value = (x * k as f64).sin() * y;
            best = match best {
                Some(b) if b > value => Some(b),
                _ => Some(value),
            };
        }
        if let Some(best) = best { best * x } else { y * y }
    }

    #[differentiable(forward)]
    fn arrays(x: f64, n: usize) -> f64 {
        let mut pair = (x, (x * x, 0.5));
        let mut a = [0.0; 3];
        for i in 0..n {
            a[i % 3] += pair.0 * x;
            let (p, (q, r)) = pair;
            pair = (
                (q * p).sin(),
                (p * 0.9 + r * 0.1, if i % 2 == 0 { q.cos() } else { r * x }),
            );
        }
        a[0] * a[1] + a[2] * pair.1.1
    }

    #[test]
    fn agree() {
        for n in [0, 1, 2, 5] {
            assert_hvp!(power, 1.3, n; 0.7);
        }
        for n in [0, 1, 7, 100, 300] {
            assert_hvp!(pendulum, 0.5, 1.2, n; 0.7, -0.3);
        }
        assert_hvp!(tolerance = 2e-2; newton, 2.0; 1.0_f32);
        for (x, limit) in [(0.9, 10.0), (0.1, 3.0), (2.0, 1.0)] {
            assert_hvp!(tolerance = 1e-5; leaving, x, limit; 0.7, -0.3);
        }
        for n in [0, 1, 4] {
            assert_hvp!(nested, 0.8, 1.1, n; 0.7, -0.3);
            assert_hvp!(best, 0.8, 1.1, n; 0.7, -0.3);
            assert_hvp!(arrays, 0.8, n; 0.7);
        }
        assert_hvp!(arrays, 0.8, 9; 0.7);
    }
}

mod data {
    use super::*;

    #[differentiable(forward)]
    fn rosenbrock(x: &[f64; 4]) -> f64 {
        let mut sum = 0.0;
        for i in 0..3 {
            let (a, b) = (x[i], x[i + 1]);
            sum += 100.0 * (b - a * a).powi(2) + (1.0 - a).powi(2);
        }
        sum
    }

    #[differentiable(forward)]
    fn slices(xs: &[f64], ys: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (x, y) in xs.iter().zip(ys) {
            sum += x * y * y;
        }
        sum * sum
    }

    #[differentiable(forward)]
    fn writes(x: [f64; 3], y: f64) -> f64 {
        let mut a = x;
        let mut m = [[y; 2]; 2];
        a[1] *= y;
        a[2] = 0.5;
        m[0][1] = a[0] * a[1];
        m[1][0] += m[0][1];
        a[0] = m[1][0] * a[1];
        a[0] * a[1] * a[2] + m[1][1] * m[0][0]
    }

    #[differentiable(forward)]
    fn options(x: f64, y: Option<f64>) -> f64 {
        let z = if x > 0.0 { y } else { None };
        match z {
            Some(z) => z * z * x,
            None => x.sin(),
        }
    }

    #[differentiable(forward)]
    fn vectors(xs: &[f64], x: f64) -> f64 {
        let mut v = vec![0.0; xs.len()];
        for i in 0..xs.len() {
            v[i] = xs[i];
        }
        for i in 1..xs.len() {
            v[i] = v[i - 1] * v[i] + 0.1 * x;
        }
        v[xs.len() - 1] * v[0]
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Spring {
        stiffness: f64,
        #[no_diff]
        order: i32,
        length: f64,
        #[no_diff]
        table: [f64; 2],
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Wrapper(#[no_diff] f64, f64, Matrix<2, 2, f64>);

    #[differentiable(forward)]
    fn springs(spring: &Spring, x: f64) -> f64 {
        let longer = Spring {
            length: spring.length * x,
            ..*spring
        };
        let mut changed = longer;
        changed.stiffness *= 2.0;
        changed.table[0] = 1.0;
        let other = Spring {
            stiffness: x,
            order: 3,
            length: changed.stiffness,
            table: [0.0; 2],
        };
        let order = spring.order as f64;
        changed.stiffness * (x - longer.length).powi(spring.order) * order + other.length * spring.table[1] * x
    }

    #[differentiable(forward)]
    fn wrapped(w: Wrapper, x: f64) -> f64 {
        let Wrapper(a, b, ref m) = w;
        let other = Wrapper(a, b * x, *m * x);
        (other.2 * *m).sum() * other.1 * w.0 + a * b
    }

    #[test]
    fn agree() {
        assert_hvp!(rosenbrock, &[0.5, -0.3, 1.2, 0.8]; &[1.0, 0.5, -0.7, 0.2]);
        assert_hvp!(slices, &vec![0.5, -0.3, 1.2], &vec![1.0, 2.0, 3.0]; &vec![1.0, 0.5, -0.7], &vec![0.2, 0.3, 0.4]);
        let nothing = Vec::<f64>::new();
        assert_hvp!(slices, &nothing, &nothing; &nothing, &nothing);
        assert_hvp!(writes, [0.5, 1.5, 2.5], 0.7; [0.1, 0.2, 0.3], -0.6);
        assert_hvp!(options, 0.5, Some(1.5); 0.3, Some(-0.7));
        assert_hvp!(options, -0.5, Some(1.5); 0.3, Some(-0.7));
        assert_hvp!(vectors, &vec![0.5, -0.3, 1.2], 0.7; &vec![1.0, 0.5, -0.7], 1.0);
        let spring = Spring {
            stiffness: 2.0,
            order: 3,
            length: 1.5,
            table: [0.5, 0.25],
        };
        let along = SpringTangent {
            stiffness: 0.5,
            length: -0.25,
        };
        assert_hvp!(springs, &spring, 0.8; &along, 1.0);
        let wrapper = Wrapper(0.5, 1.5, Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]));
        let along = || WrapperTangent(0.3, Matrix::from_rows([[0.1, -0.2], [0.3, 0.4]]));
        assert_hvp!(wrapped, wrapper, 0.8; along(), 1.0);
    }
}

mod matrices {
    use super::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Mlp {
        w1: Matrix<3, 4, f64>,
        b1: Matrix<1, 4, f64>,
        w2: Matrix<4, 2, f64>,
    }

    #[differentiable(forward)]
    fn forward(mlp: &Mlp, x: &Matrix<5, 3, f64>) -> Matrix<5, 2, f64> {
        let hidden = (x * &mlp.w1).add_row(&mlp.b1).tanh();
        hidden * &mlp.w2
    }

    #[differentiable(forward)]
    fn loss(mlp: &Mlp, x: &Matrix<5, 3, f64>, labels: &[usize; 5]) -> f64 {
        let scores = forward(mlp, x);
        scores.softmax_cross_entropy(labels) + 0.1 * mlp.w1.norm_squared()
    }

    #[differentiable(forward)]
    fn wide(a: &Matrix<2, 3, f64>, b: Matrix<3, 2, f64>, s: f64) -> f64 {
        let c = a * &b;
        let d = (c * s + c / s - c.transpose()).hadamard(&c) + s;
        let e = d.softmax().sum_rows() + d.log_softmax().row(1) + b.sum_columns().transpose().block::<1, 2>(0, 1);
        let f: Matrix<1, 4, f64> = e.hcat(&d.column(1).transpose());
        let g: Matrix<2, 2, f64> = f.reshape();
        let h: Matrix<4, 2, f64> = g.vcat(&Matrix::from_rows([[s, 1.0], [s * s, d[(0, 1)]]]));
        let k = h.powi(2) + h.exp() * s + h.abs().powf(1.5) + h.clamp(-0.5, 0.5) + h.leaky_relu(s) + 2.0 / (h + 9.0);
        k.mean()
            + k.max() * k.min()
            + k.norm()
            + c.trace()
            + c.dot(&d)
            + Matrix::<2, 2, f64>::filled(s).norm_squared()
            + c.mean_squared_error(&d)
    }

    #[differentiable(forward)]
    fn heap(a: &HeapMatrix<2, 3, f64>, b: &Matrix<3, 2, f64>) -> f64 {
        let c = a * b;
        (c.sigmoid() + c.to_inline().to_heap()).norm()
    }

    #[differentiable(forward)]
    fn large(a: &HeapMatrix<12, 13, f64>, b: &HeapMatrix<13, 14, f64>) -> f64 {
        (a * b).tanh().sum()
    }

    fn matrix<const N: usize, const M: usize>(seed: f64) -> Matrix<N, M, f64> {
        Matrix::from_fn(|i, j| (seed + 1.7 * i as f64 + 0.9 * j as f64).sin())
    }

    fn mlp(seed: f64) -> Mlp {
        Mlp {
            w1: matrix(seed),
            b1: matrix(seed + 0.3),
            w2: matrix(seed + 0.6),
        }
    }

    fn tangent(seed: f64) -> MlpTangent {
        MlpTangent {
            w1: matrix(seed),
            b1: matrix(seed + 0.3),
            w2: matrix(seed + 0.6),
        }
    }

    #[test]
    fn agree() {
        let labels = [0, 1, 1, 0, 1];
        assert_hvp!(loss, &mlp(0.5), &matrix(1.5), &labels; &tangent(2.5), &matrix::<5, 3>(3.5));
        assert_hvp!(tolerance = 1e-5; wide, &matrix(0.1), matrix(0.7), 1.3; &matrix::<2, 3>(2.1), matrix::<3, 2>(1.7), 0.4);
        assert_hvp!(heap, &matrix(0.1).to_heap(), &matrix(0.7); &matrix::<2, 3>(1.1).to_heap(), &matrix::<3, 2>(1.7));
        assert_hvp!(large, &matrix(0.1).to_heap(), &matrix(0.7).to_heap(); &matrix::<12, 13>(1.1).to_heap(), &matrix::<13, 14>(1.7).to_heap());
    }

    #[test]
    fn jvp_of_a_matrix_is_the_transpose_of_vjp() {
        let (net, x, along, dx) = (mlp(0.5), matrix(1.5), tangent(2.5), matrix(3.5));
        let w = matrix(4.5);
        let (y, dot) = forward::jvp(&net, &x, &along, &dx);
        assert_eq!(y, forward(&net, &x));
        let (_, pullback) = forward::vjp(&net, &x);
        let (to_net, to_x) = pullback(w);
        let (left, right) = (
            dot.inner_product(&w),
            to_net.inner_product(&along) + to_x.inner_product(&dx),
        );
        assert!((left - right).abs() < 1e-12, "{left} {right}");
    }
}

mod calls {
    use super::*;

    #[differentiable(forward)]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiable(forward)]
    fn scaled(x: &f64, factor: f64, n: usize) -> f64 {
        x.powi(2) * factor + n as f64 * factor
    }

    #[differentiable(forward)]
    fn chain(x: f64, y: f64) -> f64 {
        let a = square(x * y);
        let b = scaled(&a, y, 3) + scaled(&x, 2.0, 1) + scaled(&1.5, y * y, 2);
        square(b).sin() * a
    }

    #[differentiable(forward)]
    fn factorial(x: f64, n: usize) -> f64 {
        if n == 0 {
            1.0
        } else {
            (x + n as f64) * factorial(x * 0.5, n - 1)
        }
    }

    #[differentiable(forward)]
    fn tree(xs: &[f64; 3], depth: usize, y: f64) -> f64 {
        if depth == 0 {
            return xs[0] * y;
        }
        let left = tree(xs, depth - 1, y * xs[1]);
        left * tree(xs, depth - 1, left + xs[2])
    }

    #[differentiable(forward)]
    fn pair(x: f64, y: f64) -> (f64, [f64; 2]) {
        (x * y, [x.sin(), y * y])
    }

    #[differentiable(forward)]
    fn parts(x: f64, y: f64) -> f64 {
        let (a, [b, c]) = pair(x, y);
        let (d, _) = pair(a, 2.0);
        a * b + c * d
    }

    #[differentiable(forward)]
    fn closures(x: f64, y: f64) -> f64 {
        let f = |z: f64| z * z * y;
        f(x) + f(x * y)
    }

    fn cube(x: f64) -> f64 {
        x * x * x
    }

    #[derivative_of(cube)]
    fn cube_rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
        (cube(x), move |bar| 3.0 * x * x * bar)
    }

    fn turned(x: &[f64; 2], angle: f64) -> [f64; 2] {
        let (s, c) = angle.sin_cos();
        [c * x[0] - s * x[1], s * x[0] + c * x[1]]
    }

    #[derivative_of(turned)]
    fn turned_rule(x: &[f64; 2], angle: f64) -> ([f64; 2], impl FnOnce([f64; 2]) -> ([f64; 2], f64)) {
        let (s, c) = angle.sin_cos();
        let y = turned(x, angle);
        (y, move |bar: [f64; 2]| {
            (
                [c * bar[0] + s * bar[1], c * bar[1] - s * bar[0]],
                y[0] * bar[1] - y[1] * bar[0],
            )
        })
    }

    #[differentiable(forward)]
    fn by_rule(x: f64, y: f64) -> f64 {
        let t = turned(&[x, y], x * y);
        cube(x * y) + t[0] * t[1]
    }

    #[test]
    fn agree() {
        assert_hvp!(chain, 0.8, 0.6; 0.3, -0.5);
        for n in [0, 1, 4] {
            assert_hvp!(factorial, 0.8, n; 0.3);
            assert_hvp!(tree, &[0.5, 0.8, 0.3], n.min(2), 0.7; &[0.3, -0.5, 0.1], 0.9);
        }
        assert_hvp!(parts, 0.8, 0.6; 0.3, -0.5);
        assert_hvp!(closures, 0.8, 0.6; 0.3, -0.5);
    }

    #[test]
    fn rules_by_hand_are_pushed_forward() {
        let (value, dot) = by_rule::jvp(0.8, 0.6, 0.3, -0.5);
        let gradient = by_rule::grad(0.8, 0.6);
        assert_eq!(value, by_rule(0.8, 0.6));
        assert!((dot - 0.3 * gradient.0 + 0.5 * gradient.1).abs() < 1e-12);
        assert_eq!(cube::jvp(2.0, 0.5), (8.0, 6.0));
    }
}

#[test]
fn hessians_are_symmetric() {
    #[differentiable(forward)]
    fn f(x: &[f64; 3]) -> f64 {
        (x[0] * x[1]).sin() * x[2].exp() + x[1].powi(3) * x[0]
    }
    let x = [0.4, 0.9, -0.3];
    let (u, v) = ([1.0, -0.5, 0.25], [0.3, 0.7, -1.1]);
    let (left, right) = (f::hvp(&x, &u).inner_product(&v), f::hvp(&x, &v).inner_product(&u));
    assert!((left - right).abs() < 1e-14, "{left} {right}");
}

mod jacobians {
    use super::*;

    #[differentiable(forward)]
    fn polar(x: [f64; 2]) -> [f64; 2] {
        let (s, c) = x[1].sin_cos();
        [x[0] * c, x[0] * s]
    }

    #[differentiable(forward)]
    fn wide(x: &[f64; 3], scale: usize) -> [f64; 2] {
        [x[0] * x[1] * scale as f64, x[2].exp()]
    }

    #[differentiable(forward)]
    fn tall(x: f32) -> [f32; 3] {
        [x, x * x, x * x * x]
    }

    #[differentiable(forward)]
    fn column(x: &Matrix<3, 1, f64>) -> Matrix<2, 1, f64> {
        Matrix::from_rows([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) * x.hadamard(x)
    }

    #[differentiable(forward)]
    fn quadratic(x: &Matrix<2, 1, f64>) -> f64 {
        (Matrix::from_rows([[2.0, 1.0], [1.0, 3.0]]) * x).dot(x)
    }

    #[differentiable(forward)]
    fn slice(xs: &[f64]) -> f64 {
        let mut product = 1.0;
        for x in xs {
            product *= x;
        }
        product
    }

    #[differentiable(forward)]
    fn each(xs: &[f64]) -> Vec<f64> {
        let mut ys = vec![0.0; xs.len()];
        for i in 0..xs.len() {
            ys[i] = xs[i] * xs[0];
        }
        ys
    }

    #[test]
    fn have_the_right_elements() {
        let (s, c) = 0.5_f64.sin_cos();
        assert_eq!(polar::jacobian([2.0, 0.5]), [[c, -2.0 * s], [s, 2.0 * c]]);
        assert_eq!(wide::jacobian(&[2.0, 3.0, 0.0], 2), [[6.0, 4.0, 0.0], [0.0, 0.0, 1.0]]);
        assert_eq!(tall::jacobian(2.0), [1.0, 4.0, 12.0]);
        let x = Matrix::from_rows([[1.0], [2.0], [0.5]]);
        assert_eq!(
            column::jacobian(&x),
            Matrix::from_rows([[2.0, 8.0, 3.0], [8.0, 20.0, 6.0]])
        );
        assert_eq!(
            quadratic::hessian(&Matrix::filled(0.3)),
            Matrix::from_rows([[4.0, 2.0], [2.0, 6.0]])
        );
        assert_eq!(slice::jacobian(&[2.0, 3.0, 5.0]), [15.0, 10.0, 6.0]);
        assert_eq!(
            slice::hessian(&[2.0, 3.0, 5.0]),
            [[0.0, 5.0, 3.0], [5.0, 0.0, 2.0], [3.0, 2.0, 0.0]]
        );
        assert_eq!(each::jacobian(&[2.0, 3.0]), [[4.0, 0.0], [3.0, 2.0]]);
        assert!(each::jacobian(&[]).is_empty() && slice::hessian(&[]).is_empty());
    }
}
