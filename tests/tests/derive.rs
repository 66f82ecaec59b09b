//! `#[derive(Differentiable)]`: structs of every size.

use tapeless::prelude::*;

/// More fields than a tuple that can be cloned has members.
#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Many {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
    #[no_diff]
    f: f64,
    g: f64,
    h: f64,
    i: f64,
    j: f64,
    k: f64,
    l: f64,
    m: Vec<f64>,
    n: Matrix<2, 2, f64>,
    o: Option<f64>,
    p: [f64; 3],
    q: usize,
    r: (f64, f64),
    s: f64,
    t: f64,
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Tuple(f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, f64);

fn many() -> Many {
    Many {
        a: 0.1,
        b: 0.2,
        c: 0.3,
        d: 0.4,
        e: 0.5,
        f: 0.6,
        g: 0.7,
        h: 0.8,
        i: 0.9,
        j: 1.0,
        k: 1.1,
        l: 1.2,
        m: vec![1.3, 1.4],
        n: Matrix::filled(1.5),
        o: Some(1.6),
        p: [1.7, 1.8, 1.9],
        q: 3,
        r: (2.0, 2.1),
        s: 2.2,
        t: 2.3,
    }
}

#[differentiable]
fn uses_many(x: &Many) -> f64 {
    let first = x.a * x.b + x.c * x.d + x.e * x.f + x.g * x.h + x.i * x.j + x.k * x.l;
    let second = x.m[0] * x.m[1] + x.n.norm_squared() + x.p[0] * x.p[2] + x.r.0 * x.r.1;
    first * x.s + second * x.t
}

#[differentiable]
fn uses_tuple(x: &Tuple) -> f64 {
    x.0 * x.13 + x.5 * x.12
}

#[differentiable]
fn makes_many(x: f64) -> f64 {
    let t = Tuple(x, x, x, x, x, x, x, x, x, x, x, x, x * x, 2.0 * x);
    uses_tuple(&t) + t.12
}

#[test]
fn a_struct_of_twenty_fields_is_differentiable() {
    let x = many();
    assert_gradient!(uses_many, &x);
    let zero = x.zero_tangent();
    assert_eq!((zero.m.len(), zero.o), (2, Some(0.0)));
    assert_eq!(zero.norm_squared(), 0.0);
    let mut moved = x.clone();
    moved.advance(&uses_many::grad(&x));
    assert_eq!((moved.f, moved.q), (x.f, x.q));
    assert!(moved.t > x.t);

    let x = Tuple(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0);
    assert_gradient!(uses_tuple, &x);
    assert_gradient!(makes_many, 1.5);
}
