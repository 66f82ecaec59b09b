//! Options that are emptied and filled in their places: `take` and `replace`.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable]
fn local(x: f64) -> f64 {
    let mut o = Some(x);
    let a = o.take();
    a.unwrap_or(1.0) * x + o.unwrap_or(x * x)
}

#[differentiable]
fn element(x: f64) -> f64 {
    let mut o = [Some(x), None];
    let a = o[0].take();
    let b = o[1].replace(x * x);
    a.unwrap_or(1.0) * b.unwrap_or(x) + o[0].unwrap_or(x.sin()) * o[1].unwrap()
}

#[derive(Differentiable, Clone)]
struct Holder {
    v: f64,
    o: Option<f64>,
    row: Option<Vec<f64>>,
}

#[differentiable]
fn field(x: f64) -> f64 {
    let mut s = Holder {
        v: x,
        o: Some(x),
        row: Some(vec![x, x * x]),
    };
    let y = s.o.replace(x * x).unwrap();
    let z = s.o.take().unwrap();
    let row = s.row.take();
    if let Some(row) = row {
        s.v *= row[1];
    }
    y * z + s.v
}

#[differentiable]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut last: Option<f64> = None;
    let mut s = x;
    for i in 0..n {
        if let Some(y) = last.take() {
            s = s * x + y;
        } else {
            last = Some((s * 0.5 + i as f64).sin());
        }
    }
    s + last.replace(x).unwrap_or(x) * last.unwrap()
}

#[differentiable]
fn inactive(x: f64, text: &str) -> f64 {
    let mut seen = Some(3);
    let k = seen.take();
    let text = text.replace("a", "bc");
    let mut y = x;
    if let Some(k) = k {
        y *= f64::from(k);
    }
    if seen.is_none() {
        y += x;
    }
    y * text.len() as f64
}

// ----- methods of these names of one's own

#[derive(Differentiable, Clone, Copy)]
struct Own {
    a: f64,
}

#[differentiable]
impl Own {
    fn take(&self) -> f64 {
        self.a * 2.0
    }
    fn replace(&mut self, x: f64) -> f64 {
        let old = self.a;
        self.a = x;
        old
    }
}

#[differentiable]
fn own(x: f64) -> f64 {
    let mut c = Own { a: x };
    let d = Own { a: x * x };
    let y = c.replace(x * x);
    let cs = [c, d];
    let mut es = [d, c];
    es[0].a *= x;
    c.take() * d.take() * y * cs[1].take() * es[0].take() + c.a
}

#[test]
fn options() {
    check! {
        local(0.7);
        element(0.7);
        field(0.7);
        inactive(0.7, "aa");
        own(0.7);
    }
    for n in [0, 1, 2, 5, 40] {
        check! { in_a_loop(0.7, n); }
    }
}
