//! Closures that write to what no derivative flows through, and results without a type beside what is written.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable]
fn counted(x: f64) -> f64 {
    let mut k = 0;
    let mut next = || {
        k += 1;
        k
    };
    x * f64::from(next()) * f64::from(next()) + x
}

#[differentiable]
fn generator(x: f64, n: usize) -> f64 {
    let mut seed = 1_u64;
    let mut next = || {
        seed = (seed * 7 + 3) % 11;
        seed as f64 * 0.1
    };
    let mut y = x;
    for _ in 0..n {
        y = (y + next()).sin();
    }
    y + next() * x
}

#[differentiable]
fn conditions(x: f64) -> f64 {
    let mut k = 0;
    let mut is_large = |y: f64| {
        k += 1;
        y > 1.0
    };
    if is_large(x) {
        return x;
    }
    let mut s = 0.0;
    loop {
        let done = is_large(s);
        if done {
            break;
        }
        s += x * x;
    }
    s * f64::from(k)
}

#[differentiable]
fn halved(x: &mut f64) -> Option<f64> {
    if *x > 1.0 {
        return None;
    }
    *x *= 0.5;
    match *x > 0.2 {
        true => Some(*x * *x),
        false => {
            *x += 1.0;
            None
        }
    }
}

#[differentiable]
fn nothing(x: &mut f64) -> Option<f64> {
    {
        *x += 1.0;
        None
    }
}

#[differentiable]
fn options(x: f64) -> f64 {
    let mut y = x;
    let a = halved(&mut y).unwrap_or(1.0);
    let b = nothing(&mut y).unwrap_or(x);
    a * y * b * halved(&mut y).unwrap_or(x)
}

#[test]
fn closures() {
    check! {
        counted(0.7);
        conditions(0.7);
        conditions(1.5);
    }
    for n in [0, 1, 5, 100] {
        check! { generator(0.7, n); }
    }
}

#[test]
fn results_without_a_type() {
    check! {
        options(0.7);
        options(0.3);
        options(1.3);
    }
}
