//! Functions that call themselves.

use tapeless::prelude::*;

#[differentiable]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * power(x, n - 1) }
}

#[differentiable]
fn until(x: f64) -> f64 {
    if x > 10.0 {
        return x.ln();
    }
    until(x * x + 0.5) * 0.5
}

#[differentiable]
fn fibonacci(x: f64, n: u32) -> f64 {
    match n {
        0 => x,
        1 => x * x,
        n => fibonacci(x, n - 1) + x * fibonacci(x, n - 2),
    }
}

#[differentiable]
fn pairwise(x: &[f64; 8], from: usize, to: usize) -> f64 {
    if to - from == 1 {
        x[from] * x[from]
    } else {
        let middle = (from + to) / 2;
        pairwise(x, from, middle) * 0.5 + pairwise(x, middle, to)
    }
}

#[differentiable]
fn generic<T: Real>(x: T, n: usize) -> T {
    if n == 0 { x } else { generic(x.sin() * x, n - 1) }
}

#[test]
fn gradients_agree_with_differences() {
    assert_gradient!(power, 1.3, 0);
    assert_gradient!(power, 1.3, 5);
    assert_gradient!(until, 20.0);
    assert_gradient!(until, 1.2);
    assert_gradient!(fibonacci, 0.7, 6);
    assert_gradient!(pairwise, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], 0, 8);
    assert_gradient!(generic, 0.7, 3);
    assert_eq!(power::grad(2.0, 10), 10.0 * 512.0);
}

#[differentiable]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut sum = x;
    for i in 0..n {
        sum += x * in_a_loop(x * 0.5, i) * sum;
    }
    sum
}

#[differentiable]
fn minors(a: &[[f64; 3]; 3], columns: [bool; 3], row: usize) -> f64 {
    let mut sum = 0.0;
    let mut sign = 1.0;
    if row == 3 {
        return 1.0;
    }
    for j in 0..3 {
        if columns[j] {
            let mut rest = columns;
            rest[j] = false;
            sum += sign * a[row][j] * minors(a, rest, row + 1);
            sign = -sign;
        }
    }
    sum
}

#[test]
fn calls_in_loops_agree_with_differences() {
    for n in 0..5 {
        assert_gradient!(in_a_loop, 0.7, n);
    }
    let a = [[2.0, 0.5, 1.0], [0.3, 1.5, -0.4], [0.1, 0.8, 3.0]];
    assert_gradient!(minors, &a, [true; 3], 0);
}
