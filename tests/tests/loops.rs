//! Loops: the value is the function's, and the gradient agrees with central differences.

use tapeless::prelude::*;
use tapeless_tests::check;

mod ranges {
    use super::*;

    #[differentiable]
    fn power(x: f64, n: usize) -> f64 {
        let mut y = 1.0;
        for _ in 0..n {
            y *= x;
        }
        y
    }

    #[differentiable]
    fn harmonic(x: f64, n: usize) -> f64 {
        let mut sum = 0.0;
        for k in 1..=n {
            sum += (x * k as f64).sin() / k as f64;
        }
        sum
    }

    #[differentiable]
    fn horner(x: f64, coefficients: &[f64; 4]) -> f64 {
        let mut y = 0.0;
        for i in (0..4).rev() {
            y = y * x + coefficients[i];
        }
        y
    }

    #[differentiable]
    fn step_by(x: f64, a: &[f64; 7]) -> f64 {
        let mut y = x;
        for i in (0..7).step_by(3) {
            y = (y * a[i]).tanh() + a[6 - i];
        }
        y
    }

    #[differentiable]
    fn pendulum(mut angle: f64, mut velocity: f64, gravity: f64, steps: usize) -> f64 {
        let dt = 0.01;
        for _ in 0..steps {
            angle += dt * velocity;
            velocity -= dt * gravity * angle.sin();
        }
        angle * angle + velocity * velocity
    }

    #[differentiable]
    fn nested(x: f64, n: usize) -> f64 {
        let mut total = 0.0;
        for i in 0..n {
            let mut product = x;
            for j in 0..i {
                product = product * x.cos() + j as f64;
                total += product * 0.1;
            }
            total = total.sin() + product;
        }
        total
    }

    #[differentiable]
    fn carried_integer(x: f64, n: usize) -> f64 {
        let mut k = 1;
        let mut y = x;
        for i in 0..n {
            k = (k * 3 + i) % 7;
            y = y * x.sin() + k as f64 * 0.1;
        }
        y * k as f64
    }

    #[differentiable]
    fn with_branches(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            if i % 2 == 0 {
                y = y.sin() + x;
            } else if y > 0.5 {
                y *= 0.5;
            }
        }
        y
    }

    #[differentiable]
    fn unused_result(x: f64, n: usize) -> f64 {
        let mut y = x;
        let mut z = x;
        for _ in 0..n {
            z = z * y;
            y = y.cos();
        }
        let _ = z;
        x * x
    }

    #[test]
    fn agree_with_differences() {
        check! {
            power(1.3, 0); power(1.3, 1); power(1.3, 5); power(0.0, 3);
            harmonic(0.7, 0); harmonic(0.7, 9);
            horner(0.7, &[1.0, 2.0, -3.0, 0.5]);
            step_by(0.7, &[1.0, 2.0, -3.0, 0.5, 0.1, 0.2, 0.3]);
            pendulum(0.5, 0.1, 9.81, 0); pendulum(0.5, 0.1, 9.81, 1); pendulum(0.5, 0.1, 9.81, 300);
            nested(0.7, 0); nested(0.7, 1); nested(0.7, 5);
            carried_integer(0.7, 4);
            with_branches(0.7, 6);
            unused_result(0.7, 3);
        }
    }
}

mod conditions {
    use super::*;

    #[differentiable]
    fn newton_square_root(x: f64) -> f64 {
        let mut y = x;
        while (y * y - x).abs() > 1e-12 {
            y = 0.5 * (y + x / y);
        }
        y
    }

    #[differentiable]
    fn counted(x: f64, n: usize) -> f64 {
        let mut i = 0;
        let mut y = x;
        while i < n {
            y += (x * y).sin();
            i += 1;
        }
        y
    }

    #[differentiable]
    fn endless(x: f64) -> f64 {
        let mut y = x;
        loop {
            y = y * y + 0.1;
            if y > 2.0 {
                break;
            }
        }
        y
    }

    #[differentiable]
    fn with_value(x: f64) -> f64 {
        let mut y = x;
        let z = loop {
            y *= 1.5;
            if y > 10.0 {
                break y * x;
            }
        };
        z + y
    }

    #[differentiable]
    fn continues(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            if i == 2 {
                continue;
            }
            if y > 3.0 {
                y -= x;
                continue;
            }
            y = y * x + i as f64;
            if i == 7 {
                break;
            }
        }
        y
    }

    #[differentiable]
    fn returns(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            y *= x;
            if y > 4.0 {
                return y * i as f64;
            }
        }
        y.sin()
    }

    #[differentiable]
    fn only_returns(x: f64) -> f64 {
        let mut y = x;
        loop {
            y = y + x * y;
            if y > 5.0 {
                return y.ln();
            }
        }
    }

    #[differentiable]
    fn labelled(x: f64, n: usize) -> f64 {
        let mut y = x;
        'outer: for i in 0..n {
            for j in 0..n {
                y = y * 1.1 + x * (i + j) as f64;
                if y > 30.0 {
                    break 'outer;
                }
                if j > i {
                    continue 'outer;
                }
            }
            y = y.sqrt();
        }
        y
    }

    #[differentiable]
    fn returns_from_within(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            let mut z = x;
            while z < 3.0 {
                z = z * 1.5 + 0.01 * i as f64;
                if z * y > 8.0 {
                    return z * y;
                }
            }
            y += z;
        }
        y
    }

    #[differentiable]
    fn while_let(x: f64, stack: [Option<usize>; 3]) -> f64 {
        let mut y = x;
        let mut i = 0;
        while let Some(k) = stack[i] {
            y *= k as f64 * x;
            i += 1;
        }
        y
    }

    #[differentiable]
    fn diverging_arm(x: f64, n: usize) -> f64 {
        let mut sum = 0.0;
        for i in 0..n {
            let y = match i % 3 {
                0 => x * x,
                1 => continue,
                _ => x.sin(),
            };
            sum += y * i as f64;
        }
        sum
    }

    #[test]
    fn agree_with_differences() {
        check! {
            newton_square_root(2.0); newton_square_root(9.0);
            counted(0.7, 0); counted(0.7, 5);
            endless(1.2); endless(3.0);
            with_value(1.2);
            continues(1.2, 0); continues(1.2, 3); continues(1.2, 12); continues(0.3, 12);
            returns(1.5, 2); returns(1.5, 10);
            only_returns(0.7);
            labelled(1.2, 0); labelled(1.2, 2); labelled(1.2, 5);
            returns_from_within(1.2, 1); returns_from_within(1.2, 5); returns_from_within(4.0, 2);
            while_let(0.7, [Some(2), Some(3), None]); while_let(0.7, [None, None, None]);
            diverging_arm(0.7, 8);
        }
    }
}

mod elements {
    use super::*;

    #[differentiable]
    fn sum_of_squares(x: &[f64; 5]) -> f64 {
        let mut sum = 0.0;
        for value in x {
            sum += value * value;
        }
        sum
    }

    #[differentiable]
    fn by_value(x: [f64; 3]) -> f64 {
        let mut product = 1.0;
        for value in x {
            product *= value.cos();
        }
        product
    }

    #[differentiable]
    fn dot(x: &[f64; 4], y: &[f64; 4]) -> f64 {
        let mut sum = 0.0;
        for (x, y) in x.iter().zip(y) {
            sum += x * y;
        }
        sum
    }

    #[differentiable]
    fn weighted(x: &[f64; 4], weights: &[f64; 4]) -> f64 {
        let mut sum = 0.0;
        for (i, (&x, w)) in x.iter().zip(weights.iter()).enumerate() {
            sum += x.sin() * w * i as f64;
        }
        sum
    }

    #[differentiable]
    fn out_of_a_reference(q: &[f64; 4]) -> f64 {
        let mut r = 0.0;
        for z in *q {
            r += z * z;
        }
        let p = |(s, t): (f64, f64)| s * t;
        if r > 1.0 {
            return p((r, q[0]));
        }
        p((q[1], r))
    }

    #[differentiable]
    fn half_of_a_pair(x: &[f64; 4], y: &[f64; 4]) -> f64 {
        let mut s = 0.0;
        for (a, ..) in x.iter().zip(y) {
            s += a * a;
        }
        for (.., b) in x.iter().zip(y) {
            s += b.sin();
        }
        s
    }

    #[differentiable]
    fn backwards(x: &[f64; 4], s: f64) -> f64 {
        let mut y = s;
        for x in x.iter().rev() {
            y = y * s + x;
        }
        y
    }

    #[differentiable]
    fn with_inactive(x: &[f64; 4], k: &[usize; 4]) -> f64 {
        let mut y = 1.0;
        for (x, k) in x.iter().zip(k.iter()) {
            y += x * *k as f64 * y;
        }
        y
    }

    #[differentiable]
    fn by_index(x: &[f64; 4], order: [usize; 3]) -> f64 {
        let mut y = 1.0;
        for k in order {
            y = (y * x[k]).sin() + x[k + 1];
        }
        y
    }

    #[differentiable]
    fn matrix_entries(m: &Matrix<2, 3, f64>) -> f64 {
        let mut y = 0.0;
        for i in 0..2 {
            for j in 0..3 {
                y += m[(i, j)] * (i + 2 * j) as f64 * m[(0, j)];
            }
        }
        y
    }

    #[differentiable]
    fn matrix_state(w: &Matrix<2, 2, f64>, x: Matrix<1, 2, f64>, n: usize) -> f64 {
        let mut h = x;
        for _ in 0..n {
            h = (h * *w).tanh();
        }
        h.sum()
    }

    #[differentiable]
    fn heap_state(w: &HeapMatrix<2, 2, f64>, x: HeapMatrix<1, 2, f64>, n: usize) -> f64 {
        let mut h = x;
        for _ in 0..n {
            h = (&h * w).tanh();
        }
        h.sum()
    }

    #[differentiable]
    fn square(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    fn calls(x: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y = square(y) * 0.5 + square(x);
        }
        y
    }

    #[test]
    fn agree_with_differences() {
        let x = [0.1, 0.2, 0.3, 0.4];
        let y = [1.1, 1.2, -1.3, 1.4];
        check! {
            sum_of_squares(&[1.0, 2.0, 3.0, 4.0, 5.0]);
            by_value([0.1, 0.2, 0.3]);
            dot(&x, &y); weighted(&x, &y); half_of_a_pair(&x, &y); out_of_a_reference(&x); out_of_a_reference(&y); backwards(&x, 0.7);
            with_inactive(&x, &[1, 2, 3, 4]);
            by_index(&x, [2, 0, 1]);
            matrix_entries(&Matrix::from_rows([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]));
            matrix_state(&Matrix::from_rows([[0.1, 0.2], [0.4, 0.5]]), Matrix::from_rows([[0.7, 0.8]]), 4);
            heap_state(&HeapMatrix::from_rows([[0.1, 0.2], [0.4, 0.5]]), HeapMatrix::from_rows([[0.7, 0.8]]), 4);
            calls(0.7, 3);
        }
    }
}

mod bounds {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Sized {
        x: f64,
        n: usize,
    }

    #[differentiable]
    fn length(x: &[f64; 6]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() {
            s += x[i] * x[i];
        }
        for i in (1..x.len() - 1).rev().step_by(2) {
            s *= x[i];
        }
        s
    }

    #[differentiable]
    fn vector(x: &Vec<f64>) -> f64 {
        let mut s = 1.0;
        for i in 0..x.len() {
            s *= x[i].sin();
        }
        for x in x {
            s += x * x;
        }
        s
    }

    #[differentiable]
    fn field(p: &Sized) -> f64 {
        let mut s = 0.0;
        for i in 0..p.n {
            s += p.x * i as f64;
        }
        s
    }

    #[differentiable]
    fn value_from_within(x: f64) -> f64 {
        let mut y = x;
        let z = 'outer: loop {
            loop {
                y *= 1.5;
                if y > 10.0 {
                    break 'outer x * y;
                }
            }
        };
        z + y
    }

    #[differentiable]
    fn writing_condition(x: f64) -> f64 {
        let mut y = x;
        while {
            y = y * 1.3;
            y < 4.0
        } {
            y = y + x;
        }
        y
    }

    #[allow(unused_assignments)]
    #[differentiable]
    fn writing_branch(x: f64) -> f64 {
        let mut s = 0.0;
        if {
            s = x;
            s > 1.0
        } {
            s * x
        } else {
            x
        }
    }

    #[differentiable]
    fn counting_condition(x: f64, mut n: usize) -> f64 {
        let y = if {
            n += 1;
            n > 3
        } {
            x * n as f64
        } else {
            x * x * n as f64
        };
        y * n as f64
    }

    #[differentiable]
    fn borrowed_from_inactive(x: f64, n: usize) -> f64 {
        let mut v = Vec::new();
        v.push(n);
        if let Some(last) = v.last() { x * *last as f64 } else { x }
    }

    #[differentiable]
    fn takes_a_reference(n: &Option<usize>, a: f64) -> f64 {
        match n {
            Some(n) => a * *n as f64,
            None => a * a,
        }
    }

    #[differentiable]
    fn passes_a_reference_to_none(x: f64) -> f64 {
        takes_a_reference(&None, x) * takes_a_reference(&Some(3), x)
    }

    #[test]
    fn agree_with_differences() {
        check! {
            length(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
            vector(&vec![0.1, 0.2, 0.3]);
            field(&Sized { x: 1.5, n: 4 });
            value_from_within(1.2);
            writing_condition(1.2);
            writing_branch(0.5); writing_branch(1.5);
            borrowed_from_inactive(1.5, 3);
            counting_condition(1.5, 1); counting_condition(1.5, 5);
            passes_a_reference_to_none(1.5);
        }
    }
}

mod options {
    use super::*;

    #[differentiable]
    fn nothing(x: f64) -> Option<f64> {
        let _ = x;
        None
    }

    #[differentiable]
    fn of_nothing(x: f64) -> f64 {
        if let Some(y) = nothing(x) { y } else { x * x }
    }

    #[test]
    fn agree_with_differences() {
        check! {
            of_nothing(1.5);
        }
    }
}
