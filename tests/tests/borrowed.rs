//! What borrows variables through which nothing flows: items of loops, operands, references to constants.

use tapeless::prelude::*;
use tapeless_tests::check;

const ONE: f64 = 1.0;

#[differentiable]
fn local_copy(#[no_diff] v: [f64; 3], x: f64) -> f64 {
    let s = v;
    let mut w = x;
    for &y in &s {
        w *= x + y;
    }
    w
}

#[differentiable]
fn overwritten(#[no_diff] mut v: [f64; 3], x: f64) -> f64 {
    v[0] = 2.0;
    let mut w = x;
    for y in v.iter() {
        w *= x * *y;
    }
    v[1] = 5.0;
    for (i, y) in v.iter().enumerate().skip(1) {
        w = w * *y + i as f64;
    }
    w
}

#[differentiable]
fn vectors(x: f64, n: usize) -> f64 {
    let mut order: Vec<usize> = (0..n).collect();
    order.reverse();
    order.push(n);
    let mut w = x;
    for i in &order {
        for j in order.iter().take(*i) {
            w = (w * x + *j as f64).sin();
        }
    }
    w
}

#[differentiable]
fn filtered(x: f64) -> f64 {
    let mut k = 0;
    k += 1;
    (1_usize..4).filter(|w| *w > k).map(|s| s as f64 * x * x).sum::<f64>()
}

#[differentiable]
#[allow(unused_assignments)] // An overwritten variable is what it is about.
fn of_a_temporary(y: &f64, x: f64, #[no_diff] f: f64) -> f64 {
    let mut t = x;
    t = f;
    y / (&(t.sin() + 2.5))
}

#[differentiable]
fn product(#[no_diff] a: &f64, y: f64) -> f64 {
    *a * y
}

#[differentiable]
#[allow(unused_assignments)]
fn handed_over(y: f64, #[no_diff] f: f64) -> f64 {
    let mut t = y;
    t = 2.0 * f;
    product(&t.abs(), y) * product(&(t + 1.0), y)
}

#[differentiable]
fn reference_to_a_constant(x: f64) -> f64 {
    let w = &ONE;
    let mut y = x;
    while *w >= y {
        y += 1.0 + x;
    }
    let mut t = x;
    for _ in 0..3 {
        t = t * y + *w;
    }
    t * (1..3).filter(|_| *w >= x).map(|v| v as f64 * x).sum::<f64>()
}

#[test]
fn borrowed() {
    check! {
        local_copy([1.0, 2.0, 0.5], 1.2);
        overwritten([1.0, 2.0, 0.5], 1.2);
        filtered(1.2);
        of_a_temporary(&0.3, 0.4, 0.5);
        handed_over(1.2, -0.4);
        reference_to_a_constant(0.3);
        reference_to_a_constant(2.3);
    }
    for n in 0..4 {
        check! { vectors(0.7, n); }
    }
}
