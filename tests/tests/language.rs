//! Every construct of the language that can be differentiated: the value is the function's, and the gradient agrees with
//! central differences.

use tapeless::prelude::*;
use tapeless_tests::check;

mod expressions {
    use super::*;

    #[differentiable]
    fn operators(x: f64, y: f64) -> f64 {
        -x * y + x / y - (x - y) % 2.5 + 2.0 * (x + 1.0)
    }

    #[differentiable]
    fn same_variable(x: f64) -> f64 {
        x * x + x / x - x - x * (x * x)
    }

    #[differentiable]
    fn unused(x: f64, y: f64) -> f64 {
        let _dead = y * x;
        x + 1.0
    }

    #[differentiable]
    fn blocks(x: f64) -> f64 {
        let y = {
            let x = x * 2.0;
            let x = x.sin();
            x * x
        };
        x + {
            let x = y;
            x * 3.0
        }
    }

    #[differentiable]
    fn shadowing(x: f64) -> f64 {
        let x = x * x;
        let x = x + 1.0;
        let y = x;
        let x = y * 2.0;
        x * y
    }

    #[differentiable]
    fn constants(x: f64) -> f64 {
        const FACTOR: f64 = 3.0;
        static OFFSET: f64 = 0.5;
        x * FACTOR + OFFSET * x.powi(2) + std::f64::consts::PI * x
    }

    #[differentiable]
    fn casts(x: f64, n: usize) -> f64 {
        let single = x as f32;
        x * n as f64 + f64::from(single) * (n + 1) as f64 + x * f64::from(3_u8)
    }

    #[differentiable]
    fn associated(x: f64, y: f64) -> f64 {
        f64::sin(x) + f64::max(x, y) + f64::powi(y, 3) + <f64>::hypot(x, y)
    }

    #[differentiable]
    fn references(x: f64, y: &f64) -> f64 {
        let r = &x;
        let s = &r;
        *r * *y + **s + y * 2.0 + (&x) * (&x)
    }

    #[differentiable]
    fn closures(x: f64, y: f64) -> f64 {
        let scale = 2.0;
        let square = |a: f64| a * a * scale;
        let add = |a, b| a + b * y;
        let moved = move |a: f64| a * x;
        add(square(x), square(y)) + (|a: f64| a.sin())(x) + moved(y)
    }

    #[differentiable]
    fn nested_closures(x: f64) -> f64 {
        let f = |a: f64| {
            let g = |b: f64| b * a;
            g(a) + g(2.0)
        };
        let x = f(x);
        f(x) + x
    }

    #[differentiable]
    fn statements(x: f64, n: i32) -> f64 {
        assert!(x < 1e9, "{x} is too large");
        debug_assert!(n >= 0);
        let text = format!("{x:.1} {n}");
        let width = text.len() as f64;
        let _ = n;
        let mut count = 0;
        for i in 0..n {
            count += i;
        }
        if n > 100 {
            println!("{x} {count}");
            panic!("too many: {x}");
        }
        x * f64::from(count) + width * 0.0
    }

    #[differentiable]
    fn mutable(x: f64, y: f64) -> f64 {
        let mut a = x;
        a *= y;
        a += x;
        a -= 3.0 * y;
        a /= x;
        a %= 100.0;
        let mut b = 1.0;
        b = b * a;
        b = b + a;
        let c;
        c = b * x;
        a = 2.0;
        a * c
    }

    #[differentiable]
    fn swap_values(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, y);
        (a, b) = (b * 2.0, a);
        a.sin() * b
    }

    #[test]
    fn agree_with_differences() {
        check! {
            operators(1.3, 0.7);
            operators(-5.3, 2.7);
            same_variable(1.7);
            unused(1.0, 2.0);
            blocks(0.4);
            shadowing(0.9);
            constants(1.1);
            associated(0.3, 1.2);
            references(1.2, &3.4);
            closures(0.5, 1.5);
            nested_closures(0.8);
            statements(2.0, 5);
            mutable(1.5, 2.5);
            swap_values(0.5, 2.0);
        }
        assert_gradient!(tolerance = 0.05; casts, 1.5, 3);
        assert_eq!(casts::grad(1.5, 3), 3.0 + 4.0 + 3.0);
    }
}

mod control {
    use super::*;

    #[differentiable]
    fn conditional(x: f64, y: f64) -> f64 {
        if x > y {
            x * y
        } else if x < 0.0 {
            let z = x.exp();
            z * z + y
        } else {
            y.sin()
        }
    }

    #[differentiable]
    fn conditional_statement(x: f64, flag: bool) -> f64 {
        let mut s = x;
        let mut t = 1.0;
        if flag {
            s = s * s;
            t = s * x;
        }
        if !flag {
            t *= 3.0;
        } else {
            s += t;
        }
        s * t
    }

    #[differentiable]
    fn early(x: f64, y: f64) -> f64 {
        if x < 0.0 {
            return -x * y;
        }
        let z = x * y;
        if z > 10.0 {
            return z.ln();
        }
        if z < 1.0 {
            if y > 5.0 {
                return 7.0;
            }
            let w = z * z;
            if w < 0.1 {
                return w * x;
            }
        }
        z + x
    }

    #[differentiable]
    fn early_in_value(x: f64, n: u8) -> f64 {
        let y = match n {
            0 => return x * 2.0,
            1 => x.sin(),
            2 => {
                if x > 1.0 {
                    return x.powi(3);
                }
                x * 5.0
            }
            _ => 1.0,
        };
        y * y + x
    }

    #[differentiable]
    fn matches(x: f64, n: i32) -> f64 {
        match n {
            0 => x,
            1 | 2 => x * x,
            3..=5 => x.sin(),
            n if n < 0 => x * f64::from(n),
            _ => {
                let y = x.exp();
                y * y
            }
        }
    }

    #[derive(Clone, Copy, PartialEq)]
    #[allow(dead_code)]
    enum Kind {
        Linear,
        Power(i32),
        Scaled { factor: f64 },
    }

    #[differentiable]
    fn enums(x: f64, #[no_diff] kind: Kind) -> f64 {
        match kind {
            Kind::Linear => x,
            Kind::Power(n) => x.powi(n),
            Kind::Scaled { factor } if factor > 10.0 => x,
            Kind::Scaled { factor } => x * factor,
        }
    }

    #[differentiable]
    fn match_active(x: f64, y: f64) -> f64 {
        let a = match (x, y) {
            (a, b) if a < b => a * b,
            (a, _) => a.sin(),
        };
        let b = match x {
            v if v < 0.0 => -v,
            v => v * v,
        };
        a * b
    }

    #[differentiable]
    fn compare(x: f64, y: f64) -> f64 {
        match x.partial_cmp(&y) {
            Some(std::cmp::Ordering::Less) => x,
            Some(_) => y * y,
            None => 0.0,
        }
    }

    #[differentiable]
    fn patterns_in_conditions(x: f64, option: Option<i32>) -> f64 {
        let a = if let Some(n) = option { x * f64::from(n) } else { x };
        let Some(m) = option else {
            return a;
        };
        a * f64::from(m)
    }

    #[differentiable]
    fn diverging(x: f64, n: usize) -> f64 {
        let factor = match n {
            0 => 1.0,
            1 => 2.0,
            _ => unreachable!("{n}"),
        };
        let y = if n > 5 { panic!("no") } else { x * x };
        y * factor
    }

    #[differentiable]
    fn branch_without_derivative(x: f64, n: usize) -> f64 {
        let k = if n > 3 { 2.0 } else { 3.0 };
        let mut m = 0;
        if x > 1.0 {
            m = 5;
        }
        x * k + x * f64::from(m)
    }

    #[differentiable]
    fn inactive_arm(x: f64) -> f64 {
        let y = if x > 0.0 { x } else { 0.0 };
        let z = if x > 10.0 { 1.0 } else { y * y };
        z + y
    }

    #[test]
    fn agree_with_differences() {
        check! {
            conditional(2.0, 1.0);
            conditional(-2.0, 1.0);
            conditional(0.5, 1.0);
            conditional_statement(1.5, true);
            conditional_statement(1.5, false);
            early(-1.0, 2.0);
            early(3.0, 4.0);
            early(0.1, 6.0);
            early(0.1, 2.0);
            early(0.4, 2.0);
            early(1.0, 2.0);
            early_in_value(1.5, 0);
            early_in_value(1.5, 1);
            early_in_value(1.5, 2);
            early_in_value(0.5, 2);
            early_in_value(0.5, 3);
            matches(1.5, 0);
            matches(1.5, 2);
            matches(1.5, 4);
            matches(1.5, -3);
            matches(1.5, 9);
            enums(1.5, Kind::Linear);
            enums(1.5, Kind::Power(3));
            enums(1.5, Kind::Scaled { factor: 20.0 });
            enums(1.5, Kind::Scaled { factor: 2.0 });
            match_active(1.0, 2.0);
            match_active(-1.0, -2.0);
            compare(1.0, 2.0);
            compare(2.0, 1.0);
            patterns_in_conditions(1.5, Some(3));
            patterns_in_conditions(1.5, None);
            diverging(1.5, 0);
            diverging(1.5, 1);
            branch_without_derivative(1.5, 1);
            branch_without_derivative(0.5, 5);
            inactive_arm(1.5);
            inactive_arm(-1.5);
            inactive_arm(15.0);
        }
    }
}

mod data {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Point {
        x: f64,
        y: f64,
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Scene {
        camera: Point,
        scale: f64,
        #[no_diff]
        rate: f64,
        count: usize,
        points: [Point; 2],
        weights: Matrix<2, 2, f64>,
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Wrapper(f64, #[no_diff] f64, [f64; 2]);

    fn scene() -> Scene {
        Scene {
            camera: Point { x: 1.0, y: 2.0 },
            scale: 0.5,
            rate: 3.0,
            count: 2,
            points: [Point { x: 0.1, y: 0.2 }, Point { x: 0.3, y: -0.4 }],
            weights: Matrix::from_rows([[1.0, 2.0], [3.0, 4.0]]),
        }
    }

    #[differentiable]
    fn fields(p: Point) -> f64 {
        p.x * p.y + p.x * p.x
    }

    #[differentiable]
    fn by_reference(p: &Point, q: &Point) -> f64 {
        let dx = p.x - q.x;
        let dy = p.y - q.y;
        (dx * dx + dy * dy).sqrt()
    }

    #[differentiable]
    fn nested(scene: &Scene, i: usize) -> f64 {
        let p = &scene.points[i];
        let q = scene.points[0];
        let w = &scene.weights;
        let n = scene.count as f64;
        p.x * scene.camera.y + q.y * scene.scale * scene.rate + w[(1, i)] * p.y + (w * w).sum() * n
    }

    #[differentiable]
    fn construct(x: f64, y: f64) -> f64 {
        let p = Point { x: x * y, y };
        let q = Point { x: y, ..p };
        let w = Wrapper(p.x, 2.0, [q.y, x]);
        let Wrapper(a, b, [c, d]) = w;
        let pair = (a * b, c);
        let array = [pair.0, pair.1, d, q.x];
        array[0] * array[1] + array[2] * array[3]
    }

    #[differentiable]
    fn arrays(a: [f64; 4], i: usize) -> f64 {
        let [first, second, ..] = a;
        let doubled = [a[i], a[i + 1], first * second, a[i]];
        let j = i + 1;
        doubled[j] * doubled[0] + doubled[2] * a[3]
    }

    #[differentiable]
    fn repeated(x: f64) -> f64 {
        let a = [x * 2.0; 3];
        a[0] * a[1] + a[2]
    }

    #[differentiable]
    fn tuples((a, b): (f64, f64), Point { x, y }: Point) -> f64 {
        let (c, (d, _)) = (a * x, (b, y));
        c * d + y
    }

    #[differentiable]
    fn rectangular(m: [[f64; 2]; 3]) -> f64 {
        m[0][1] * m[2][0] + m[1][1] * m[1][1]
    }

    #[differentiable]
    fn sine_and_cosine(x: f64) -> f64 {
        let (s, c) = x.sin_cos();
        s * c + s
    }

    #[differentiable]
    fn one_of_two(x: f64) -> f64 {
        let (_, c) = x.sin_cos();
        c
    }

    #[differentiable]
    fn option_field(x: f64, n: Option<usize>) -> f64 {
        x * n.unwrap_or(2) as f64
    }

    #[derive(Differentiable, Clone, Debug)]
    struct Layer<const N: usize, T: Real> {
        weights: [T; N],
        bias: Option<T>,
    }

    #[differentiable]
    fn generic_struct<const N: usize, T: Real>(layer: &Layer<N, T>, x: T) -> T {
        layer.weights[0] * x + layer.weights[N - 1] * x * x
    }

    #[test]
    fn agree_with_differences() {
        let p = Point { x: 1.5, y: -0.5 };
        let layer = Layer {
            weights: [1.0, 2.0, 3.0],
            bias: Some(1.0),
        };
        check! {
            fields(p);
            by_reference(&p, &Point { x: 0.3, y: 0.7 });
            nested(&scene(), 0);
            nested(&scene(), 1);
            construct(1.5, 0.5);
            arrays([1.0, 2.0, 3.0, 4.0], 0);
            arrays([1.0, 2.0, 3.0, 4.0], 1);
            repeated(1.5);
            tuples((1.0, 2.0), p);
            rectangular([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
            sine_and_cosine(0.5);
            one_of_two(0.5);
            option_field(2.0, Some(3));
            option_field(2.0, None);
            generic_struct(&layer, 2.0);
        }
        let gradient = nested::grad(&scene(), 1);
        assert_eq!(gradient.camera.x, 0.0);
        let (layer_gradient, _) = generic_struct::grad(&layer, 2.0);
        assert_eq!(layer_gradient.bias, Some(0.0));
    }
}

mod calls {
    use super::*;

    mod inner {
        use tapeless::prelude::*;

        #[differentiable]
        pub(super) fn square(x: f64) -> f64 {
            x * x
        }

        #[differentiable]
        pub(super) fn scaled(x: f64, #[no_diff] factor: f64, n: i32) -> f64 {
            x * factor * f64::from(n)
        }
    }
    use inner::square;

    #[differentiable]
    fn product(a: &f64, b: f64) -> f64 {
        a * b
    }

    #[differentiable]
    fn pair(x: f64, y: f64) -> (f64, f64) {
        (x * y, x + y)
    }

    #[differentiable]
    fn through_paths(x: f64, y: f64) -> f64 {
        let a = square(x) + inner::square(y) + self::inner::square(x * y);
        a * product(&x, y) + product(&a, 2.0) + inner::scaled(y, 2.5, 3)
    }

    #[differentiable]
    fn same_argument(x: f64) -> f64 {
        product(&x, x) + product(&(x * x), x)
    }

    #[differentiable]
    fn several_results(x: f64) -> f64 {
        let (a, b) = pair(x, 2.0 * x);
        let c = pair(a, b).0;
        a * b + c
    }

    #[differentiable]
    fn in_branches(x: f64, y: f64) -> f64 {
        let mut s = square(x);
        if x > y {
            s = product(&s, square(y));
        } else if y > 10.0 {
            return square(y);
        }
        square(s) + 1.0
    }

    #[differentiable]
    fn local_functions(x: f64) -> f64 {
        #[differentiable]
        fn cube(x: f64) -> f64 {
            x * square(x)
        }
        cube(x) * 2.0
    }

    #[differentiable]
    fn generic_square<T: Real>(x: T) -> T {
        x * x
    }

    #[differentiable]
    fn norm<const N: usize>(x: &Matrix<1, N, f64>) -> f64 {
        x.norm()
    }

    #[differentiable]
    fn calls_generic<T: Real>(x: T, y: T) -> T {
        generic_square(x) * generic_square::<T>(y) + x
    }

    #[differentiable]
    fn calls_with_shape(m: &Matrix<1, 3, f64>) -> f64 {
        norm(m) + norm::<3>(&(m * 2.0))
    }

    #[differentiable]
    fn with_fields(p: &(f64, [f64; 2])) -> f64 {
        product(&p.0, p.1[0]) + product(&p.1[1], p.1[0])
    }

    #[differentiable]
    fn stopped(x: f64) -> f64 {
        x * stop_gradient(x) + stop_gradient(x * x)
    }

    fn external(x: f64, y: &f64) -> f64 {
        x.powi(3) * y
    }

    #[derivative_of(external)]
    fn external_vjp(x: f64, y: &f64) -> (f64, impl FnOnce(f64) -> (f64, f64)) {
        let y = *y;
        (external(x, &y), move |bar| (bar * 3.0 * x * x * y, bar * x.powi(3)))
    }

    #[differentiable]
    fn with_rule(x: f64, y: f64) -> f64 {
        external(x * y, &y) + external(2.0, &x)
    }

    #[differentiable]
    fn to_a_constant(x: f64) -> f64 {
        inner::scaled(1.0, x, 3)
    }

    #[differentiable(wrt(y))]
    fn only_one(x: f64, y: f64) -> f64 {
        square(x) * square(y)
    }

    #[differentiable]
    fn calls_only_one(x: f64) -> f64 {
        only_one(x, x)
    }

    #[test]
    fn agree_with_differences() {
        let m = Matrix::from_rows([[1.0, 2.0, 2.0]]);
        check! {
            through_paths(1.5, 0.5);
            same_argument(1.5);
            several_results(1.5);
            in_branches(1.5, 0.5);
            in_branches(0.5, 1.5);
            in_branches(0.5, 11.0);
            local_functions(1.5);
            calls_generic(1.5_f64, 2.0);
            calls_with_shape(&m);
            with_fields(&(1.5, [2.0, 3.0]));
            with_rule(1.5, 2.0);
            external(1.5, &2.0);
            only_one(1.5, 2.0);
        }
    }

    #[test]
    fn a_stopped_gradient_does_not_flow() {
        assert_eq!(stopped::grad(3.0), 3.0);
        assert_eq!(calls_only_one::grad(2.0), 16.0);
        assert_eq!(inner::scaled::grad(2.0, 3.0, 4), 12.0);
        assert_eq!(to_a_constant::grad(2.0), 0.0);
    }
}
