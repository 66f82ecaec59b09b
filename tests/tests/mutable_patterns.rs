//! Patterns that bind mutable references to parts of structs, tuples and arrays, and to what variants hold.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
struct P {
    x: f64,
    y: f64,
}

#[derive(Differentiable, Clone, Debug)]
enum Part {
    Leaf(f64),
    Pair { left: f64, right: f64 },
    Many(Vec<f64>),
    Point(P),
    Inner(Option<f64>),
    Nothing,
}

#[derive(Differentiable, Clone, Debug)]
struct Holder {
    part: Part,
    other: f64,
    list: Vec<Part>,
    o: Option<Vec<f64>>,
    t: (f64, Option<f64>),
}

#[differentiable(forward)]
impl Part {
    fn grow(&mut self, k: f64) -> f64 {
        match self {
            Part::Leaf(v) => {
                *v *= k;
                *v
            }
            Part::Pair { left, right } if *left > *right => {
                *left -= k;
                *right * k
            }
            Part::Pair { left, right } => {
                let both = *left + *right;
                *right = both * k;
                both
            }
            Part::Many(v) => {
                v.push(k);
                for a in v.iter_mut() {
                    *a *= k;
                }
                v[0]
            }
            Part::Point(p) => {
                p.x += p.y * k;
                std::mem::swap(&mut p.x, &mut p.y);
                p.x
            }
            Part::Inner(Some(v)) => {
                *v = v.sin() * k;
                *v
            }
            Part::Inner(None) => {
                *self = Part::Leaf(k);
                k
            }
            Part::Nothing => 0.0,
        }
    }
    fn sum(&self) -> f64 {
        match self {
            Part::Leaf(v) => *v,
            Part::Pair { left, right } => left * right,
            Part::Many(v) => v.iter().sum(),
            Part::Point(p) => p.x - p.y * p.y,
            Part::Inner(o) => o.unwrap_or(2.0),
            Part::Nothing => 1.0,
        }
    }
}

#[differentiable(forward)]
fn h_parts(x: &[f64], k: f64) -> Vec<Part> {
    vec![
        Part::Leaf(x[0]),
        Part::Pair {
            left: x[1],
            right: x[2],
        },
        Part::Pair { left: x[2], right: k },
        Part::Many(vec![x[3], k]),
        Part::Point(P { x: x[0], y: x[1] }),
        Part::Inner(Some(x[2])),
        Part::Inner(None),
        Part::Nothing,
    ]
}

#[differentiable(forward)]
fn every_variant(x: &[f64], k: f64) -> f64 {
    let mut parts = h_parts(x, k);
    let mut s = 0.0;
    for p in &mut parts {
        s += Part::grow(p, k);
        let more = Part::grow(p, x[0]);
        s += more * s;
    }
    s + parts.iter().map(|p| p.sum()).product::<f64>()
}

#[differentiable(forward)]
fn a_loop(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[0]);
    let mut s = 0.0;
    while let Some(v) = &mut o {
        *v *= k;
        s += *v;
        if s > 0.4 {
            break;
        }
        if *v < 0.1 {
            *v += 1.0;
            continue;
        }
        *v += s;
    }
    s * o.unwrap_or(k)
}

#[differentiable(forward)]
fn h_early(o: &mut Option<f64>, k: f64) -> f64 {
    if let Some(v) = o {
        *v *= k;
        if *v > 0.3 {
            return *v * 2.0;
        }
        *v += 1.0;
    }
    o.unwrap_or(k)
}

#[differentiable(forward)]
fn early_returns(x: &[f64], k: f64) -> f64 {
    let (mut a, mut b, mut c) = (Some(x[0]), Some(x[2]), None);
    let s = h_early(&mut a, k) + h_early(&mut b, k) * h_early(&mut c, k);
    s * a.unwrap() * b.unwrap()
}

#[differentiable(forward)]
fn h_try(o: &mut Option<f64>, r: Result<f64, String>) -> Result<f64, String> {
    if let Some(v) = o {
        *v *= 2.0;
        let q = r?;
        *v += q;
        return Ok(*v);
    }
    Ok(1.0)
}

#[differentiable(forward)]
fn questions(x: &[f64], k: f64) -> f64 {
    let mut a = Some(x[0]);
    let s = h_try(&mut a, Ok(k)).unwrap_or(0.0);
    let e = Err("no".to_string());
    let t = h_try(&mut a, e).unwrap_or(x[1]);
    s * t * a.unwrap()
}

#[differentiable(forward)]
fn fields(x: &[f64], k: f64) -> f64 {
    let mut h = Holder {
        part: Part::Leaf(x[0]),
        other: k,
        list: h_parts(x, k),
        o: Some(vec![x[1], k]),
        t: (x[2], Some(x[3])),
    };
    if let Part::Leaf(v) = &mut h.part {
        *v *= h.other;
        h.other += *v;
    }
    if let Some(w) = &mut h.o {
        w[0] *= h.other;
        w.push(h.t.0);
    }
    if let (a, Some(b)) = &mut h.t {
        *a *= *b;
        *b += *a;
    }
    for p in h.list.iter_mut() {
        if let Part::Pair { left, right: _ } = p {
            h.other += *left;
        }
        if let Part::Pair { left, right } = p {
            *left *= h.other;
            *right += *left;
        }
    }
    h.o.unwrap().iter().sum::<f64>() * h.t.0 * h.t.1.unwrap() + h.part.sum() + h.list[1].sum() * h.other
}

#[differentiable(forward)]
fn elements(x: &[f64], k: f64) -> f64 {
    let mut v = [Some(x[0]), None, Some(x[1])];
    for i in 0..3 {
        if let Some(a) = &mut v[i] {
            *a *= k * i as f64;
        }
        match v[i].as_mut() {
            Some(a) => *a += 1.0,
            None => v[i] = Some(k),
        }
    }
    v[0].unwrap() * v[1].unwrap() + v[2].unwrap()
}

#[differentiable(forward)]
fn results(x: &[f64], k: f64) -> f64 {
    let mut r: Result<f64, String> = Ok(x[0]);
    match &mut r {
        Ok(v) => *v *= k,
        Err(e) => assert!(e.is_empty()),
    }
    if let Ok(ref mut v) = r {
        *v += *v * k;
    }
    r.unwrap_or(0.0)
}

#[differentiable(forward)]
fn a_value(x: &[f64], k: f64) -> f64 {
    let mut p = Part::Pair { left: x[0], right: k };
    let y = match &mut p {
        Part::Pair { left, right } => {
            let before = *left;
            *left *= *right;
            before
        }
        Part::Leaf(v) => *v,
        other => {
            *other = Part::Nothing;
            0.0
        }
    };
    y * p.sum()
}

#[differentiable(forward)]
fn structs_and_arrays(x: &[f64], k: f64) -> f64 {
    let mut ps = [P { x: x[0], y: k }, P { x: x[1], y: x[2] }];
    let [P { x: a, .. }, P { y: b, .. }] = &mut ps;
    *a *= *b;
    *b += *a;
    let P { x, y } = &mut ps[1];
    *x -= *y;
    for (i, P { x, y }) in ps.iter_mut().enumerate() {
        *x *= *y + i as f64;
    }
    ps[0].x * ps[1].x + ps[1].y
}

#[differentiable(forward)]
fn two_of_them(x: &[f64], k: f64) -> f64 {
    let mut a = Some(x[0]);
    let mut b = Some(k);
    if let Some(p) = &mut a {
        if let Some(q) = &mut b {
            *p *= *q;
            *q += *p;
        }
    }
    a.unwrap() * b.unwrap()
}

#[differentiable(forward)]
fn or_else(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[0]);
    let Some(v) = &mut o else { return k };
    *v *= k;
    *v += 1.0;
    o.unwrap() * k
}

#[derive(Differentiable, Clone, Debug)]
enum Shape {
    Circle { r: f64 },
    Rect(f64, f64),
    Empty,
}

#[differentiable(forward)]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Self::Circle { r } => r * r,
            Self::Rect(w, h) => w * h,
            Self::Empty => 0.0,
        }
    }
}

#[differentiable(forward)]
fn h_grow(s: &mut Shape, k: f64) {
    match s {
        Shape::Circle { r } => *r *= k,
        Shape::Rect(w, h) => {
            *w *= k;
            *h += *w;
        }
        Shape::Empty => {}
    }
}

#[differentiable(forward)]
fn a_function(x: &[f64], k: f64) -> f64 {
    let mut s = Shape::Circle { r: x[0] };
    h_grow(&mut s, k);
    let mut t = Shape::Rect(x[1], x[2]);
    h_grow(&mut t, k);
    s.area() * t.area()
}

#[differentiable(forward)]
fn an_enum(x: &[f64], k: f64) -> f64 {
    let mut s = Shape::Rect(x[0], k);
    match &mut s {
        Shape::Circle { r } => *r *= k,
        Shape::Rect(w, h) => {
            *w *= k;
            *h += *w;
        }
        Shape::Empty => {}
    }
    s.area()
}

#[differentiable(forward)]
fn by_ref_mut(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[0]);
    if let Some(ref mut v) = o {
        *v *= k;
    }
    o.unwrap() * k
}

#[differentiable(forward)]
fn by_as_mut(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[0]);
    if let Some(v) = o.as_mut() {
        *v *= k;
    }
    o.unwrap() * k
}

#[differentiable(forward)]
fn a_struct(x: &[f64], k: f64) -> f64 {
    let mut p = P { x: x[0], y: k };
    let P { x: a, y: b } = &mut p;
    *a *= *b;
    *b += *a;
    p.x * p.y
}

#[differentiable(forward)]
fn a_tuple(x: &[f64], k: f64) -> f64 {
    let mut t = (x[0], k);
    let (a, b) = &mut t;
    *a *= *b;
    *b += *a;
    t.0 * t.1
}

#[differentiable(forward)]
fn items(x: &[f64], k: f64) -> f64 {
    let mut v = [P { x: x[0], y: k }, P { x: x[1], y: x[2] }];
    for P { x, y } in &mut v {
        *x *= *y;
    }
    for P { x, y } in v.iter_mut() {
        *y *= *x;
    }
    v[0].x * v[1].y + v[0].y
}

#[differentiable(forward)]
fn rows(x: &[f64], k: f64) -> f64 {
    let mut m = [[x[0], k], [x[1], x[2]]];
    let [a, b] = &mut m;
    a[0] = b[1] * 2.0;
    b[0] *= a[0];
    m[0][0] * m[1][0]
}

#[derive(Differentiable, Clone, Debug)]
struct B {
    o: Option<P>,
    s: Vec<Shape>,
}

#[differentiable(forward)]
impl B {
    fn go(&mut self, k: f64) {
        if let Some(p) = &mut self.o {
            p.x *= k;
            p.y += p.x;
        }
        for s in &mut self.s {
            match s {
                Shape::Circle { r } => *r += k,
                Shape::Rect(w, _) => *w *= k,
                Shape::Empty => *s = Shape::Circle { r: k },
            }
        }
    }
}

#[differentiable(forward)]
fn methods(x: &[f64], k: f64) -> f64 {
    let mut b = B {
        o: Some(P { x: x[0], y: x[1] }),
        s: vec![Shape::Circle { r: x[2] }, Shape::Rect(x[3], k), Shape::Empty],
    };
    b.go(k);
    b.go(x[0]);
    let p = b.o.unwrap();
    p.x * p.y + b.s.iter().map(|s| s.area()).sum::<f64>()
}

modes_agree!(every_variant a_loop early_returns questions fields elements results a_value structs_and_arrays two_of_them or_else a_function an_enum by_ref_mut by_as_mut a_struct a_tuple items rows methods);
