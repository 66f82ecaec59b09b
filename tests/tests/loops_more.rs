//! Loops under stress: many trip counts and kinds of state, nested, left early, and with constant memory.

// The form that is differentiated is the subject, also where another is shorter.
#![allow(
    clippy::assign_op_pattern,
    clippy::many_single_char_names,
    clippy::explicit_counter_loop
)]

use tapeless::prelude::*;

/// From none to many, around the numbers of checkpoints.
const COUNTS: &[usize] = &[0, 1, 2, 7, 8, 9, 23, 24, 25, 63, 64, 65, 66, 1000];

/// Checks a function at the given arguments: its value, and its gradient against central differences.
macro_rules! check {
    ($($name:ident($($argument:expr),*);)*) => {$({
        let value = f64::from($name($($argument),*));
        let (found, _) = $name::value_and_grad($($argument),*);
        let found = f64::from(found);
        assert!(value.to_bits() == found.to_bits(), "{}: {value} {found}", stringify!($name));
        assert_gradient!($name, $($argument),*);
    })*};
}

/// Checks that numbers agree up to rounding.
fn assert_close(found: f64, expected: f64) {
    let allowed = 1e-12 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= allowed, "{found} instead of {expected}");
}

/// What is carried from one iteration to the next.
mod states {
    use super::*;

    #[differentiable]
    fn scalar(mut x: f64, p: f64, n: usize) -> f64 {
        for _ in 0..n {
            x = 0.9 * x.sin() + p;
        }
        x
    }

    #[differentiable]
    fn single(mut x: f32, p: f32, n: usize) -> f32 {
        for _ in 0..n {
            x = 0.5 * x.sin() + p;
        }
        x
    }

    #[differentiable]
    fn array_of_4(x: [f64; 4], p: f64, n: usize) -> f64 {
        let mut a = x;
        for _ in 0..n {
            let [q, r, s, t] = a;
            a = [(r * p).sin(), s.cos() * p, q + 0.1 * t.tanh(), (q * r * s).sin()];
        }
        a[0] * a[1] + a[2] * a[3]
    }

    #[differentiable]
    fn tuple(x: f64, y: f64, n: usize) -> f64 {
        let mut pair = (x, (y, 0.5));
        for i in 0..n {
            let (a, (b, c)) = pair;
            pair = (
                (b * a).sin(),
                (a * 0.9 + c * 0.1, if i % 2 == 0 { b.cos() } else { c * x }),
            );
        }
        pair.0 + pair.1.0 * pair.1.1
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Body {
        position: f64,
        velocity: f64,
        steps: usize,
    }

    #[differentiable]
    fn structure(body: Body, k: f64, n: usize) -> f64 {
        let mut b = body;
        for _ in 0..n {
            let v = b.velocity - 0.01 * k * b.position.sin();
            b = Body {
                position: b.position + 0.01 * v,
                velocity: v,
                steps: b.steps + 1,
            };
        }
        b.position * b.velocity + b.steps as f64 * k
    }

    #[differentiable]
    fn inline_matrix(w: &Matrix<2, 2, f64>, x: Matrix<1, 2, f64>, n: usize) -> f64 {
        let mut h = x;
        for _ in 0..n {
            h = (h * *w).tanh() + x * 0.1;
        }
        h.norm_squared()
    }

    #[differentiable]
    fn heap_matrix(w: &HeapMatrix<2, 2, f64>, x: HeapMatrix<1, 2, f64>, n: usize) -> f64 {
        let mut h = x;
        for _ in 0..n {
            h = (&h * w).tanh();
        }
        h.norm_squared()
    }

    #[differentiable]
    fn option(x: f64, n: usize) -> f64 {
        let mut state = Some(x);
        let mut sum = 0.0;
        for i in 0..n {
            state = match state {
                Some(y) if i % 5 == 4 => {
                    sum += y * y;
                    None
                }
                Some(y) => Some((y * 1.1).sin() + 0.3),
                None => Some(x + sum.sin()),
            };
        }
        match state {
            Some(y) => y * sum + y,
            None => sum * x,
        }
    }

    #[differentiable]
    fn option_of_a_parameter(x: Option<f64>, p: f64, n: usize) -> f64 {
        let mut state = x;
        for i in 0..n {
            if let Some(y) = state {
                state = if i % 3 == 2 { None } else { Some(y * p + 0.1) };
            } else {
                state = Some(p);
            }
        }
        if let Some(y) = state { y * y } else { p }
    }

    #[test]
    fn agree_with_differences() {
        for &n in COUNTS {
            check! {
                scalar(0.3, 0.4, n);
                single(0.3, 0.4, n);
                array_of_4([0.1, 0.2, 0.3, 0.4], 1.1, n);
                tuple(0.4, 0.6, n);
                structure(Body { position: 0.4, velocity: 0.1, steps: 2 }, 1.3, n);
                inline_matrix(&Matrix::from_rows([[0.9, 0.4], [-0.3, 0.8]]), Matrix::from_rows([[0.7, 0.8]]), n);
                heap_matrix(&HeapMatrix::from_rows([[0.9, 0.4], [-0.3, 0.8]]), HeapMatrix::from_rows([[0.7, 0.8]]), n);
                option(0.7, n);
                option_of_a_parameter(Some(0.7), 0.8, n);
                option_of_a_parameter(None, 0.8, n);
            }
        }
    }

    #[differentiable]
    fn rotated(x: &[f64; 100], angle: f64, n: usize) -> f64 {
        let mut a = *x;
        for _ in 0..n {
            let before = a;
            let mut next = [angle.cos(); 100];
            next = [before[1] * angle.sin() + next[2] * 0.5; 100];
            a = [next[3] * before[99] * 0.01 + before[50] * 0.9 + 0.1; 100];
        }
        a[7] * a[8] + x[3]
    }

    #[test]
    fn large_state_agrees_with_differences() {
        let x: [f64; 100] = std::array::from_fn(|i| (i as f64 * 0.37).sin());
        for n in [0, 1, 2, 7, 8, 9, 10, 65] {
            check! { rotated(&x, 0.4, n); }
        }
    }

    #[differentiable]
    fn power(x: f64, n: usize) -> f64 {
        let mut y = 1.0;
        for _ in 0..n {
            y = y * x;
        }
        y
    }

    #[test]
    fn power_is_the_analytic_one() {
        for &n in COUNTS {
            let x = 1.003;
            assert_close(power::grad(x, n), n as f64 * x.powi(n as i32 - 1));
        }
    }
}

mod nesting {
    use super::*;

    #[differentiable]
    fn four_deep(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            let mut a = y * 0.5;
            for j in 0..i + 1 {
                let mut b = a + x;
                for k in 0..j + 1 {
                    let mut c = b.sin();
                    for l in 0..k + 1 {
                        c = (c * a + l as f64 * y).cos();
                        b += 0.1 * c;
                    }
                    a += c * 0.1;
                }
                y = (y + b).sin();
            }
        }
        y
    }

    #[differentiable]
    fn branches(x: f64, y: f64, n: usize) -> f64 {
        let mut s = x;
        if y > 0.0 {
            for i in 0..n {
                if s > 0.5 {
                    let mut k = 0;
                    while k < i % 4 {
                        s = s * 0.8 - 0.1 * y;
                        k += 1;
                    }
                } else {
                    match i % 3 {
                        0 => {
                            for _ in 0..2 {
                                s += y * s.cos();
                            }
                        }
                        1 => s += 0.3 * x,
                        _ => {}
                    }
                }
            }
        } else {
            for _ in 0..n {
                s *= y;
            }
        }
        s
    }

    #[differentiable]
    fn inner(x: f64, y: f64, n: usize) -> f64 {
        let mut s = x;
        for i in 0..n {
            s = (s * y + i as f64).sin();
            if s < -0.95 {
                return s * y;
            }
        }
        s
    }

    #[differentiable]
    fn middle(x: f64, n: usize) -> (f64, f64) {
        let mut pair = (x, 1.0);
        for i in 0..n {
            pair = (inner(pair.0, pair.1, i), pair.1 * 0.9 + 0.1 * x);
        }
        pair
    }

    #[differentiable]
    fn calls(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            let (a, b) = middle(y, i);
            y = a + b * 0.5;
        }
        y
    }

    #[differentiable]
    fn after_each_other(x: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = y.sin() + 0.5;
        }
        let z = y * x;
        for i in 0..n {
            y = y * z.cos() + 0.1 * i as f64;
        }
        while y > 1.0 {
            y = y.sqrt() - 0.1 * z;
        }
        y + z
    }

    #[differentiable]
    fn in_an_expression(x: f64, n: usize) -> f64 {
        let a = x * {
            let mut s = 1.0;
            for i in 0..n {
                s += x / (i + 1) as f64;
            }
            s
        } + loop {
            break x.sin();
        };
        let f = |y: f64| {
            let mut s = y;
            for _ in 0..n {
                s = s.cos() * x;
            }
            s
        };
        a * f(a) + f(x)
    }

    #[test]
    fn agree_with_differences() {
        for n in [0, 1, 2, 4] {
            check! { four_deep(0.3, n); }
        }
        for n in [0, 1, 2, 7, 12] {
            check! {
                branches(0.3, 0.7, n); branches(0.9, 0.2, n); branches(0.9, -0.2, n);
                inner(0.3, 0.8, n);
                calls(0.3, n);
                after_each_other(0.7, n);
                in_an_expression(0.7, n);
            }
        }
    }
}

mod carried {
    use super::*;

    #[differentiable]
    fn unused(x: f64, y: f64, n: usize) -> f64 {
        let mut s = x;
        let mut never_read = y;
        let mut only_itself = y;
        for _ in 0..n {
            s = s.sin() + x;
            never_read = s * y;
            only_itself = only_itself * only_itself + s;
        }
        let _ = (never_read, only_itself);
        s
    }

    #[differentiable]
    fn overwritten_first(x: f64, n: usize) -> f64 {
        let mut t = x * 100.0;
        let mut s = 0.0;
        for i in 0..n {
            t = x * i as f64;
            s += t.sin() * t;
            t = s;
        }
        s + t
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Mode {
        Up,
        Down(usize),
    }

    #[differentiable]
    fn inactive(x: f64, n: usize) -> f64 {
        let mut flag = false;
        let mut count = 0_usize;
        let mut mode = Mode::Up;
        let mut text = String::new();
        let mut order = Vec::new();
        let mut y = x;
        for i in 0..n {
            flag = !flag;
            count += if flag { 2 } else { 1 };
            mode = match mode {
                Mode::Up if count > 3 => Mode::Down(2),
                Mode::Up => Mode::Up,
                Mode::Down(0) => Mode::Up,
                Mode::Down(k) => Mode::Down(k - 1),
            };
            text.push('a');
            order.push(i * count);
            y = match mode {
                Mode::Up => y * x + 0.1 * count as f64,
                Mode::Down(k) => (y * k as f64).sin() + x,
            };
            y = y.sin() + text.len() as f64 * 0.01 * x;
            if let Some(last) = order.last() {
                y += 0.001 * x * *last as f64;
            }
        }
        y * order.len() as f64 + if flag { x } else { x * x }
    }

    #[differentiable]
    fn shadowed(x: f64, n: usize) -> f64 {
        let mut y = x;
        for x in 0..n {
            let y_before = y;
            let y = (y * 0.5).sin() + x as f64;
            let x = y * y_before;
            {
                let y = x * 2.0;
                let _ = y;
            }
            let _ = x;
        }
        for i in 0..n {
            y = y.sin() + i as f64;
            for i in 0..i {
                y += x * i as f64;
            }
            let i = y * 0.1;
            y += i * x;
        }
        y
    }

    #[differentiable]
    fn fibonacci(x: f64, y: f64, n: usize) -> f64 {
        let (mut a, mut b) = (x, y);
        for _ in 0..n {
            (a, b) = (b, (a + b) * 0.6);
        }
        a * b
    }

    #[differentiable]
    fn rotation(x: f64, y: f64, z: f64, n: usize) -> f64 {
        let (mut a, mut b, mut c) = (x, y, z);
        for _ in 0..n {
            (a, b, c) = (b, c, (a * b).sin() + c * 0.5);
        }
        a * b + c
    }

    #[differentiable]
    fn declared_late(x: f64, n: usize) -> f64 {
        let mut last;
        let mut sum = 0.0;
        last = x;
        for i in 0..n {
            let y;
            if i % 2 == 0 {
                y = last * x;
            } else {
                y = last + x;
            }
            last = y.sin();
            sum += y;
        }
        sum * last
    }

    #[differentiable]
    fn becomes_active(x: f64, n: usize) -> f64 {
        let mut a = 1.0;
        let mut b = 2.0;
        let mut c = 3.0;
        for _ in 0..n {
            c = b * 0.5;
            b = a + 0.5;
            a = x * 0.9;
        }
        a * b * c
    }

    #[differentiable]
    fn becomes_inactive(x: f64, n: usize) -> f64 {
        let mut a = x;
        for i in 0..n {
            a = if i + 1 == n { 0.25 } else { a * x };
        }
        a + x
    }

    #[differentiable]
    fn stopped(x: f64, n: usize) -> f64 {
        let mut a = x;
        for _ in 0..n {
            let held = 2.0;
            a = a.sin() * held + stop_gradient(0.5);
        }
        a
    }

    #[test]
    fn agree_with_differences() {
        for &n in &COUNTS[..13] {
            check! {
                unused(0.3, 0.2, n);
                overwritten_first(0.03, n);
                inactive(0.4, n);
                shadowed(0.4, n.min(10));
                fibonacci(0.4, 0.7, n);
                rotation(0.4, 0.7, -0.2, n);
                declared_late(0.4, n);
                becomes_active(0.4, n);
                becomes_inactive(0.4, n);
                stopped(0.4, n);
            }
        }
    }
}

mod exits {
    use super::*;

    #[differentiable]
    fn break_in_an_arm(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            y = match i {
                3 if y > 0.8 => break,
                5 => {
                    y = y * 2.0;
                    continue;
                }
                9 => {
                    y = y.cos();
                    break;
                }
                _ => (y * 1.1).sin() + x * 0.1,
            };
        }
        y * x
    }

    #[differentiable]
    fn different_values(x: f64, y: f64, n: usize) -> f64 {
        let mut s = x;
        for i in 0..n {
            if s > 2.0 {
                return s * s;
            }
            if i == 6 {
                return y.exp();
            }
            if i == 40 {
                return 3.0;
            }
            let t = s * y;
            if t < -1.0 {
                return if t < -2.0 { t } else { x };
            }
            s += t;
        }
        s.sin()
    }

    #[differentiable]
    fn float_condition(x: f64) -> f64 {
        let mut t = 0.0;
        let mut y = 1.0;
        while t < 1.0 {
            y += 0.1 * (x * y - t);
            t += 0.1;
        }
        y
    }

    #[differentiable]
    fn condition_on_active(x: f64, y: f64) -> f64 {
        let (mut a, mut b) = (x, y);
        while (a - b).abs() > 1e-13 {
            (a, b) = ((a + b) / 2.0, (a * b).sqrt());
        }
        a
    }

    #[differentiable]
    fn condition_with_a_block(x: f64) -> f64 {
        let mut y = x;
        while {
            y = y * 1.3;
            y < 4.0
        } {
            y = y + x;
        }
        y
    }

    #[differentiable]
    fn values_of_nested_loops(x: f64) -> f64 {
        let mut y = x;
        let z = 'outer: loop {
            let w = loop {
                y = y * 1.2 + 0.1;
                if y > 9.0 {
                    break 'outer y * x;
                }
                if y > 2.0 {
                    break y.sqrt();
                }
            };
            y += w;
        };
        z + y
    }

    #[differentiable]
    fn break_pair(x: f64, n: usize) -> f64 {
        let mut i = 0;
        let mut y = x;
        let (a, b) = loop {
            if i == n {
                break (y, x * y);
            }
            if y > 6.0 {
                break (1.0, y);
            }
            i += 1;
            y = y * 1.2 + 0.1 * x;
        };
        a * b + y
    }

    #[differentiable]
    fn counts_iterations(x: f64, limit: f64) -> f64 {
        let mut n = 0;
        let mut y = x;
        while y < limit {
            y = y * y + 0.2;
            n += 1;
        }
        y * n as f64
    }

    #[differentiable]
    fn first_iteration(x: f64, n: usize) -> f64 {
        for i in 0..n {
            return x * i as f64 + x * x;
        }
        x
    }

    #[differentiable]
    fn let_else(x: f64, items: &[Option<usize>; 5]) -> f64 {
        let mut y = x;
        for item in items.iter() {
            let Some(k) = item else { continue };
            let 1..=8 = *k else { break };
            y = y.sin() * *k as f64 + x;
        }
        y
    }

    #[differentiable]
    fn question(x: f64, n: usize) -> Option<f64> {
        let mut y = x;
        for _ in 0..n {
            y = y * 1.4;
            if y > 5.0 {
                return None;
            }
        }
        Some(y * x)
    }

    #[differentiable]
    fn uses_question(x: f64, n: usize) -> f64 {
        let mut s = x;
        for i in 0..n {
            match question(x, i) {
                Some(y) => s += y,
                None => break,
            }
        }
        s
    }

    #[test]
    fn agree_with_differences() {
        for n in [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 70] {
            check! {
                break_in_an_arm(0.7, n); break_in_an_arm(0.1, n);
                different_values(0.3, 0.1, n); different_values(0.3, 0.9, n); different_values(-3.0, 0.9, n);
                different_values(-1.5, 0.9, n);
                break_pair(0.7, n);
                first_iteration(0.7, n);
                uses_question(0.7, n);
            }
        }
        check! {
            float_condition(0.7);
            condition_on_active(1.0, 2.0);
            condition_with_a_block(0.7); condition_with_a_block(7.0);
            values_of_nested_loops(0.7); values_of_nested_loops(10.0);
            counts_iterations(0.9, 0.5); counts_iterations(0.9, 100.0);
            let_else(0.7, &[Some(1), None, Some(3), Some(9), Some(2)]); let_else(0.7, &[None; 5]);
        }
    }

    #[test]
    fn mean_is_the_analytic_one() {
        // The arithmetic-geometric mean is homogeneous of degree one: x M_x + y M_y = M.
        let (m, (dx, dy)) = condition_on_active::value_and_grad(1.0, 2.0);
        assert_close(dx + 2.0 * dy, m);
    }
}

mod elements {
    use super::*;

    #[differentiable]
    fn none(x: &[f64; 0], y: f64) -> f64 {
        let mut s = y;
        for value in x {
            s = s * value;
        }
        for value in x.iter() {
            s += value;
        }
        s * y
    }

    #[differentiable]
    fn pairs(x: &[(f64, f64); 3], y: f64) -> f64 {
        let mut s = y;
        for (a, b) in x {
            s = (s * a).sin() + b;
        }
        for &(a, b) in x.iter().rev() {
            s = s * b + a;
        }
        s
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Gaussian {
        mean: f64,
        scale: f64,
    }

    #[differentiable]
    fn structs(mixture: &[Gaussian; 3], x: f64) -> f64 {
        let mut density = 0.0;
        for Gaussian { mean, scale } in mixture {
            let z = (x - mean) / scale;
            density += (-0.5 * z * z).exp() / scale;
        }
        for (k, g) in mixture.iter().enumerate() {
            if k == 1 {
                continue;
            }
            density *= 1.0 + 0.1 * g.mean * g.scale;
        }
        density.ln()
    }

    #[differentiable]
    fn field(p: &(f64, [f64; 3]), q: [[f64; 2]; 2]) -> f64 {
        let mut s = p.0;
        for v in &p.1 {
            s = s.cos() * v;
        }
        for row in &q {
            for v in row {
                s += v * v * s;
            }
        }
        for row in q {
            s += row[0] * row[1];
        }
        s
    }

    #[differentiable]
    fn slice(x: &[f64; 6]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() - 1 {
            let d = x[i + 1] - x[i];
            s += d * d * (1.0 + s);
        }
        s
    }

    #[differentiable]
    fn local_array(x: f64, n: usize) -> f64 {
        let a = [x, x * x, x.sin()];
        let mut s = 0.0;
        for _ in 0..n {
            for (i, v) in a.iter().enumerate() {
                s = (s + v * i as f64).sin();
            }
        }
        s
    }

    #[test]
    fn agree_with_differences() {
        let mixture = [(0.1, 0.8), (0.6, 1.2), (-0.4, 0.5)].map(|(mean, scale)| Gaussian { mean, scale });
        check! {
            none(&[], 0.7);
            pairs(&[(0.1, 0.2), (0.3, 0.4), (0.5, 0.6)], 0.7);
            structs(&mixture, 0.3);
            field(&(0.3, [0.1, 0.2, 0.3]), [[0.1, 0.2], [0.3, 0.4]]);
            slice(&[0.1, 0.4, 0.2, 0.6, 0.5, 0.9]);
            local_array(0.7, 0); local_array(0.7, 1); local_array(0.7, 9);
        }
    }
}

/// Elements and fields that iterations overwrite.
mod writes {
    use super::*;

    #[differentiable]
    fn recurrence(x: f64, n: usize) -> f64 {
        let mut a = [0.0; 8];
        a[0] = x;
        a[1] = x * x;
        for i in 2..n {
            a[i % 8] = (a[(i - 1) % 8] * 1.1).sin() + a[(i - 2) % 8] * x;
        }
        a[0] + a[3] * a[7]
    }

    #[differentiable]
    fn prefix_sums(x: &[f64; 5]) -> f64 {
        let mut sums = *x;
        for i in 1..5 {
            sums[i] += sums[i - 1] * x[i];
        }
        for i in (0..4).rev() {
            sums[i] *= sums[i + 1];
        }
        sums[0]
    }

    #[differentiable]
    fn bubbles(x: &[f64; 5]) -> f64 {
        let mut a = *x;
        for i in 0..5 {
            for j in 0..4 - i {
                if a[j] > a[j + 1] {
                    let held = a[j];
                    a[j] = a[j + 1];
                    a[j + 1] = held;
                }
            }
        }
        a[0] + 2.0 * a[1] + 3.0 * a[2] + 4.0 * a[3] * a[4]
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Particle {
        position: [f64; 2],
        velocity: [f64; 2],
        mass: f64,
    }

    #[differentiable]
    fn particles(start: [Particle; 2], n: usize) -> f64 {
        let mut p = start;
        for _ in 0..n {
            for d in 0..2 {
                let force = 0.1 * (p[1].position[d] - p[0].position[d]).sin();
                p[0].velocity[d] += force / p[0].mass;
                p[1].velocity[d] -= force / p[1].mass;
            }
            for i in 0..2 {
                for d in 0..2 {
                    p[i].position[d] += p[i].velocity[d] * 0.1;
                }
            }
        }
        p[0].position[0] * p[1].position[1] + p[0].velocity[1]
    }

    #[differentiable]
    fn product(a: &[[f64; 2]; 2], b: &[[f64; 2]; 2], n: usize) -> f64 {
        let mut c = *b;
        for _ in 0..n {
            let before = c;
            for i in 0..2 {
                for j in 0..2 {
                    let mut sum = 0.0;
                    for k in 0..2 {
                        sum += a[i][k] * before[k][j];
                    }
                    c[i][j] = sum;
                }
            }
        }
        c[0][0] * c[1][1] - c[0][1]
    }

    #[differentiable]
    fn entries(m: &Matrix<2, 2, f64>, n: usize) -> f64 {
        let mut a = *m;
        for k in 0..n {
            let (i, j) = (k % 2, (k / 2) % 2);
            a[(i, j)] = (a[(i, j)] * a[(j, i)]).sin() + a[(0, 1)] * 0.5;
        }
        a.sum() * a[(1, 1)]
    }

    #[differentiable]
    fn left_in_the_middle(x: &[f64; 4], limit: f64) -> f64 {
        let mut a = *x;
        let mut i = 0;
        while i < 9 {
            a[i % 4] *= 1.5;
            i += 1;
            if a[i % 4] > limit {
                a[0] = a[1];
                break;
            }
            if i % 3 == 0 {
                continue;
            }
            a[(i + 1) % 4] = a[i % 4] - limit;
        }
        a[0] * a[1] + a[2] * a[3]
    }

    #[differentiable]
    fn fields(x: f64, y: f64, n: usize) -> f64 {
        let mut pair = (x, [y, x * y]);
        for i in 0..n {
            pair.0 = pair.1[i % 2].sin();
            pair.1[(i + 1) % 2] += pair.0 * y;
            if i % 3 == 1 {
                pair.1 = [pair.0, pair.1[0]];
            }
        }
        pair.0 * pair.1[0] + pair.1[1]
    }

    #[test]
    fn agree_with_differences() {
        let square = [[0.9, 0.4], [-0.3, 0.8]];
        let particle = |x: f64| Particle {
            position: [x, 0.5 - x],
            velocity: [0.1 * x, 0.2],
            mass: 1.0 + x,
        };
        check! {
            prefix_sums(&[0.3, 0.7, -0.4, 1.2, 0.9]);
            bubbles(&[0.3, 0.7, -0.4, 1.2, 0.9]); bubbles(&[5.0, 4.0, 3.0, 2.0, 1.0]);
            left_in_the_middle(&[0.3, 0.7, 0.4, 1.2], 1.1); left_in_the_middle(&[0.3, 0.7, 0.4, 1.2], 5.0);
            left_in_the_middle(&[0.3, 0.7, 0.4, 1.2], 0.1);
        }
        for n in [0, 1, 2, 3, 7, 12, 30, 66] {
            check! {
                recurrence(0.7, n);
                particles([particle(0.1), particle(0.7)], n);
                product(&square, &[[0.1, 0.2], [0.3, 0.4]], n);
                entries(&Matrix::from_rows(square), n);
                fields(0.4, 0.6, n);
            }
        }
    }
}

mod entries {
    use super::*;

    #[differentiable]
    fn logistic(r: f64, x: f64, n: usize) -> (f64, f64) {
        let mut x = x;
        let mut sum = 0.0;
        for _ in 0..n {
            x = r * x * (1.0 - x);
            sum += x;
        }
        (x, sum)
    }

    #[test]
    fn pullbacks_of_pairs_are_linear() {
        for &n in &COUNTS[..12] {
            let pull = |seed| logistic::vjp(2.9, 0.3, n).1(seed);
            let (a, b, both) = (pull((1.0, 0.0)), pull((0.0, 1.0)), pull((2.0, -3.0)));
            assert_close(both.0, 2.0 * a.0 - 3.0 * b.0);
            assert_close(both.1, 2.0 * a.1 - 3.0 * b.1);
            // The cotangents, by hand.
            let mut slopes = [(0.0, 1.0); 2];
            let mut x = 0.3;
            let (mut sum_r, mut sum_x) = (0.0, 0.0);
            for _ in 0..n {
                let (r_slope, x_slope) = slopes[0];
                slopes[0] = (
                    x * (1.0 - x) + 2.9 * (1.0 - 2.0 * x) * r_slope,
                    2.9 * (1.0 - 2.0 * x) * x_slope,
                );
                x = 2.9 * x * (1.0 - x);
                sum_r += slopes[0].0;
                sum_x += slopes[0].1;
            }
            assert_close(a.0, slopes[0].0);
            assert_close(a.1, slopes[0].1);
            assert_close(b.0, sum_r);
            assert_close(b.1, sum_x);
        }
    }

    #[differentiable]
    fn of_references(x: &f64, p: &[f64; 2], n: usize) -> f64 {
        let mut y = *x;
        for i in 0..n {
            y = (y * p[i % 2]).sin() + x;
        }
        y
    }

    #[test]
    fn buffers_are_overwritten() {
        let p = [0.4, 0.9];
        let (mut dx, mut dp) = (7.5, [7.5; 2]);
        let value = of_references::value_and_grad_into(&0.3, &p, 12, &mut dx, &mut dp);
        let (expected, (ex, ep)) = of_references::value_and_grad(&0.3, &p, 12);
        assert_eq!((value, dx, dp), (expected, ex, ep));
        check! { of_references(&0.3, &p, 0); of_references(&0.3, &p, 1); of_references(&0.3, &p, 66); }
    }

    #[differentiable(wrt(p))]
    fn narrowed(x: f64, p: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = (y * x).sin() * p;
        }
        y
    }

    #[test]
    fn narrowed_gradients_are_parts_of_the_whole() {
        let h = 1e-6;
        for n in [0, 1, 5, 66] {
            let expected = (narrowed(0.9, 1.1 + h, n) - narrowed(0.9, 1.1 - h, n)) / (2.0 * h);
            let found = narrowed::grad(0.9, 1.1, n);
            assert!((found - expected).abs() < 1e-7 * expected.abs().max(1.0));
        }
    }

    #[differentiable]
    fn generic<T: Real>(x: T, n: usize) -> T {
        let mut y = x;
        for _ in 0..n {
            y = y.sin() * x;
        }
        y
    }

    #[test]
    fn generic_functions_agree() {
        for &n in COUNTS {
            let (double, single) = (generic::grad(0.9_f64, n), generic::grad(0.9_f32, n));
            assert!((double - f64::from(single)).abs() < 1e-4, "{n}: {double} {single}");
        }
    }
}
