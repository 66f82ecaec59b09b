//! New arrays and vectors whose elements have no `Default`.

use std::array;

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone)]
struct Row {
    v: Vec<f64>,
}

#[derive(Differentiable, Clone, Copy, Default)]
struct Weight {
    w: f64,
}

#[differentiable]
fn transposed(a: &[[f64; 3]; 2]) -> f64 {
    let b: [[f64; 2]; 3] = array::from_fn(|j| array::from_fn(|i| a[i][j]));
    b[0][1] * b[2][0]
}

#[differentiable]
fn transpose<const A: usize, const B: usize>(a: &[[f64; B]; A]) -> [[f64; A]; B] {
    array::from_fn(|j| array::from_fn(|i| a[i][j]))
}

#[differentiable]
fn generic_size(a: &[[f64; 3]; 2]) -> f64 {
    let b = transpose(a);
    b[0][1] * b[2][0]
}

#[differentiable]
fn outer_product(a: &[f64; 40]) -> f64 {
    let b: [[f64; 40]; 40] = array::from_fn(|j| array::from_fn(|i| a[i] * a[j]));
    b[0][1] * b[2][39]
}

#[differentiable]
fn generic_elements<T: Real>(a: &[T; 3]) -> T {
    let b: [[T; 3]; 3] = array::from_fn(|i| array::from_fn(|j| a[i] * a[j]));
    let c = b.map(|r| r[0] * r[2]);
    let d: Vec<T> = c.iter().map(|x| *x * a[0]).collect();
    d[0] + d[1] + b[1][2]
}

#[differentiable]
fn structs(a: f64) -> f64 {
    let b: [Point; 3] = array::from_fn(|j| Point { x: a * j as f64, y: a });
    let c = array::from_fn::<Row, 4, _>(|j| Row {
        v: vec![a * j as f64; j],
    });
    b[1].x * b[2].x + b[0].y * c[2].v[1]
}

#[differentiable]
fn collected(a: &[f64]) -> f64 {
    let b: Vec<Point> = a.iter().zip(a).map(|(x, y)| Point { x: x * y, y: *x }).collect();
    let c: Vec<_> = b
        .iter()
        .filter(|p| p.x > 1.0)
        .map(|p| Point { x: p.x * p.x, y: p.y })
        .collect();
    let mut s = 1.0;
    for p in &c {
        s = s * p.x + p.y;
    }
    s
}

#[differentiable]
fn with_defaults(a: &[f64]) -> f64 {
    let b: Vec<_> = a
        .iter()
        .map(|x| {
            let mut v = Weight::default();
            v.w = *x;
            v
        })
        .collect();
    let d: Vec<f64> = b.into_iter().map(|v| v.w * v.w).collect();
    d.iter().sum()
}

#[differentiable]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for k in 0..n {
        let points: Vec<Point> = (0..k)
            .map(|i| Point {
                x: s * i as f64,
                y: s + x,
            })
            .collect();
        let pair: [Point; 2] = array::from_fn(|i| Point { x: s, y: i as f64 });
        for p in &points {
            s = (s + p.x * p.y).sin();
        }
        s += pair[1].x * pair[1].y * 0.1;
    }
    s
}

// ----- what runs once must not run twice

#[differentiable]
fn counted(x: f64) -> f64 {
    let mut k = 0;
    let mut count = |y: f64| {
        k += 1;
        y * f64::from(k)
    };
    let b: [f64; 3] = array::from_fn(|i| count(x * i as f64));
    let mut m = x;
    let mut grow = |y: f64| {
        m *= y;
        m
    };
    let c: Vec<f64> = (0..3).map(|i| grow(x + i as f64)).collect();
    b[1] * b[2] * c[2]
}

#[test]
fn elements() {
    let rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    let many: [f64; 40] = array::from_fn(|i| 1.0 + i as f64 / 10.0);
    check! {
        transposed(&rows);
        generic_size(&rows);
        outer_product(&many);
        structs(0.7);
        collected(&[0.5, 1.5, 2.0]);
        collected(&[]);
        with_defaults(&[0.5, 1.5]);
        with_defaults(&[]);
        counted(0.7);
    }
    assert_gradient!(generic_elements, &[0.5, 0.7, 0.9]);
    for n in [0, 1, 2, 5] {
        check! { in_a_loop(0.7, n); }
    }
}
