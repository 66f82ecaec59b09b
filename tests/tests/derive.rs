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

/// Fields of a field without a tangent, whose type may have no tangent either.
mod constant_fields {
    use tapeless::prelude::*;

    #[derive(Clone, Copy, Debug)]
    struct Config {
        rate: f64,
        count: usize,
        table: [f64; 2],
    }

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Point(f64, f64);

    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Model {
        #[no_diff]
        origin: Point,
        x: f64,
        #[no_diff]
        config: Config,
        nested: (Point, Point),
    }

    #[differentiable(forward)]
    fn direct(m: &Model) -> f64 {
        m.origin.0 * m.x + m.config.rate * m.x * m.config.count as f64 + m.nested.1.0 * m.nested.0.1 * m.x
    }

    #[differentiable(forward)]
    fn by_reference(m: Model) -> f64 {
        let (rate, origin) = (&m.config.rate, &m.origin);
        (*(&m.origin.0)) / (2.5 - m.x.sin()) + m.x * rate + origin.1 * m.nested.1.1
    }

    #[differentiable]
    fn element(m: &Model, i: usize) -> f64 {
        m.config.table[i] * m.x * m.x
    }

    fn model(x: f64) -> Model {
        Model {
            origin: Point(1.5, 2.0),
            x,
            config: Config {
                rate: 2.0,
                count: 3,
                table: [0.5, 0.25],
            },
            nested: (Point(0.1, 0.2), Point(0.3, 0.4)),
        }
    }

    #[test]
    fn agree_with_differences() {
        let difference = |f: &dyn Fn(&Model) -> f64| (f(&model(0.5 + 1e-6)) - f(&model(0.5 - 1e-6))) / 2e-6;
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-7, "{a} {b}");
        let gradient = direct::grad(&model(0.5));
        close(gradient.x, difference(&direct));
        close(gradient.nested.1.0, 0.2 * 0.5);
        let gradient = by_reference::grad(model(0.5));
        close(gradient.x, difference(&|m| by_reference(*m)));
        close(gradient.nested.1.1, 2.0);
        close(element::grad(&model(0.5), 1).x, difference(&|m| element(m, 1)));
    }

    #[test]
    fn go_forward() {
        let m = model(0.5);
        let mut along = m.zero_tangent();
        along.x = 1.0;
        assert_eq!(direct::jvp(&m, &along).1, direct::grad(&m).x);
        assert_eq!(by_reference::jvp(m, along.clone()).1, by_reference::grad(m).x);
        let second = by_reference::hvp(m, along).x;
        let slope = |x: f64| by_reference::grad(model(x)).x;
        assert!((second - (slope(0.5 + 1e-6) - slope(0.5 - 1e-6)) / 2e-6).abs() < 1e-6);
    }
}
