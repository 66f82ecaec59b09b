//! Data and calls together: options, boxes, sizes that change, own methods, generators and calls that write, with variables
//! that are used twice, overwritten, shadowed and unused, in loops inside branches, and in callees.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable]
fn half(x: f64, o: Option<f64>) -> f64 {
    o.map(|v| v * v * x).unwrap_or(x)
}
#[differentiable]
fn opt(x: f64, y: Option<f64>, n: usize) -> f64 {
    let mut o = y.map(|v| v * x);
    let _unused = y.map(|v| v.exp());
    let mut s = half(x, o) + half(x * x, y);
    if x > 0.0 {
        for i in 0..n {
            let o2 = o.map(|v| v.sin() + x);
            s += o2.unwrap_or_else(|| x * i as f64) * half(s * 0.1, o2);
            if i % 2 == 0 {
                o = o2;
            } else {
                let o = o.and_then(|v| if v > 0.5 { Some(v * v) } else { None });
                s += o.unwrap_or(x);
            }
        }
        o = None;
    }
    s + o.map(|v| v * 3.0).unwrap_or_else(|| s * x)
}
#[derive(Differentiable, Clone, Debug)]
struct Link {
    v: f64,
    next: Option<Box<Link>>,
}
#[differentiable]
fn chain(c: &Link, x: f64, depth: usize) -> f64 {
    match &c.next {
        Some(n) if depth < 5 => chain(n, x * c.v, depth + 1) + c.v * c.v,
        _ => c.v * x,
    }
}
#[differentiable]
fn sq(a: f64) -> f64 {
    a * a
}
#[differentiable]
fn boxed(b: &Box<[f64; 2]>, x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        if i % 2 == 0 {
            s += b[0] * b[i % 2] * s.sin();
        } else {
            s = sq(b[1]) + s * 0.5;
        }
    }
    s
}
#[differentiable]
fn rows(x: f64, y: f64, n: usize) -> f64 {
    let mut rows: Vec<Vec<f64>> = vec![vec![x, y], vec![y]];
    let mut opts = [Some(x), None, Some(y)];
    let mut s = 0.0;
    for i in 0..n {
        let k = i % 2;
        if s < 3.0 {
            let t = x * rows[1 - k][0] + s * 0.1;
            rows[k].push(t);
            let rows2 = rows[k].clone();
            for v in &rows2 {
                s += v * v * 0.05;
            }
        } else {
            rows[k] = vec![s * 0.1; i % 3 + 1];
        }
        opts[i % 3] = if i % 2 == 0 {
            opts[(i + 1) % 3].map(|v| v * y)
        } else {
            Some(s * 0.2)
        };
        if let Some(v) = opts[i % 3] {
            s += v * 0.3;
        }
        rows.swap(0, 1);
    }
    rows[0] = vec![];
    s + rows[1].iter().map(|v| v * x).sum::<f64>() + opts[0].unwrap_or(y)
}
#[derive(Differentiable, Clone, Debug)]
struct Grid {
    v: Vec<f64>,
    scale: f64,
}
#[differentiable]
impl Grid {
    fn get(&self, i: usize) -> f64 {
        self.v[i] * self.scale
    }
    fn first(&self) -> f64 {
        self.get(0) * self.get(0)
    }
    fn total(&self) -> f64 {
        let mut s = 0.0;
        for i in 0..self.v.len() {
            s += self.get(i) * self.first();
        }
        s
    }
}
#[differentiable]
fn grid(g: &Grid, x: f64) -> f64 {
    let h: Grid = g.clone();
    let first = h.first();
    g.get(1) * x + first * g.total()
}
fn next(s: &mut u64) -> f64 {
    *s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*s >> 40) as f64 / 1e8
}
#[differentiable]
fn walk(x: f64, n: usize, #[no_diff] seed: &mut u64) -> f64 {
    let mut y = x;
    for i in 0..n {
        let r = next(seed);
        if r > 0.08 {
            y = (y * x + r).sin();
        } else {
            for _ in 0..i % 3 {
                y += x * next(seed);
            }
        }
    }
    y * x
}
#[differentiable]
fn upd(a: &mut Vec<f64>, b: &[f64], k: f64) -> f64 {
    for i in 0..a.len() {
        a[i] = a[i] * k + b[i];
    }
    a[0]
}
#[differentiable]
fn moves(x: &[f64], n: usize) -> f64 {
    let mut a = x.to_vec();
    let mut b = a.clone();
    let mut s = 0.0;
    for i in 0..n {
        let before = a.clone();
        s += upd(&mut a, &b, 0.5) * a[1];
        if i % 2 == 1 {
            let a = before;
            s += upd(&mut b, &a, s * 0.01);
        } else {
            b = before;
        }
        let (c, d) = (b.clone(), a.clone());
        if i == 3 {
            a = c;
            b = d;
        }
    }
    s + a[0] * b[1]
}

/// A link of a list, by its numbers.
fn list(numbers: &[f64]) -> Option<Box<Link>> {
    let (first, rest) = numbers.split_first()?;
    Some(Box::new(Link {
        v: *first,
        next: list(rest),
    }))
}

fn close(found: f64, right: f64, left: f64) {
    let difference = (right - left) / 2e-6;
    assert!(
        (found - difference).abs() < 1e-6 * (1.0 + difference.abs()),
        "{found} {difference}"
    );
}

#[test]
fn options_sizes_and_calls() {
    for n in 0..9 {
        check! {
            opt(0.7, Some(0.9), n);
            opt(0.7, None, n);
            opt(-0.7, Some(0.3), n);
            rows(0.8, 0.6, n);
            moves(&[0.4, -0.2, 0.9], n);
        }
    }
}

#[test]
fn contents_of_boxes() {
    let numbers = [1.5, -0.4, 2.0];
    let value = |numbers: &[f64], x: f64| chain(&list(numbers).expect("there are numbers"), x, 0);
    let (gradient, slope) = chain::grad(&list(&numbers).expect("there are numbers"), 0.3, 0);
    close(slope, value(&numbers, 0.3 + 1e-6), value(&numbers, 0.3 - 1e-6));
    let mut link = Some(Box::new(gradient));
    for index in 0..numbers.len() {
        let at = |step: f64| {
            let mut moved = numbers;
            moved[index] += step;
            value(&moved, 0.3)
        };
        let this = link.expect("as many as there are numbers");
        close(this.v, at(1e-6), at(-1e-6));
        link = this.next;
    }
    for n in 0..6 {
        let at = |b: [f64; 2], x: f64| boxed(&Box::new(b), x, n);
        let (b, x) = boxed::grad(&Box::new([0.3, 1.2]), 0.4, n);
        close(b[0], at([0.3 + 1e-6, 1.2], 0.4), at([0.3 - 1e-6, 1.2], 0.4));
        close(b[1], at([0.3, 1.2 + 1e-6], 0.4), at([0.3, 1.2 - 1e-6], 0.4));
        close(x, at([0.3, 1.2], 0.4 + 1e-6), at([0.3, 1.2], 0.4 - 1e-6));
    }
}

#[test]
fn own_methods() {
    let make = |a: f64, b: f64, scale: f64| Grid { v: vec![a, b], scale };
    let at = |a: f64, b: f64, scale: f64, x: f64| grid(&make(a, b, scale), x);
    let (gradient, x) = grid::grad(&make(1.0, 2.0, 0.5), 0.3);
    close(
        gradient.v[0],
        at(1.0 + 1e-6, 2.0, 0.5, 0.3),
        at(1.0 - 1e-6, 2.0, 0.5, 0.3),
    );
    close(
        gradient.v[1],
        at(1.0, 2.0 + 1e-6, 0.5, 0.3),
        at(1.0, 2.0 - 1e-6, 0.5, 0.3),
    );
    close(
        gradient.scale,
        at(1.0, 2.0, 0.5 + 1e-6, 0.3),
        at(1.0, 2.0, 0.5 - 1e-6, 0.3),
    );
    close(x, at(1.0, 2.0, 0.5, 0.3 + 1e-6), at(1.0, 2.0, 0.5, 0.3 - 1e-6));
}

#[test]
fn random_walks() {
    for n in [0, 1, 3, 10, 60] {
        let at = |x: f64| walk(x, n, &mut 7);
        let (mut expected, mut seed) = (7, 7);
        let value = walk(0.6, n, &mut expected);
        let (found, slope) = walk::value_and_grad(0.6, n, &mut seed);
        assert_eq!((found, seed), (value, expected));
        close(slope, at(0.6 + 1e-6), at(0.6 - 1e-6));
    }
}
