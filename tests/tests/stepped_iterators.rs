//! Iterators that are asked for one item after the other, and iterators and ranges that are made before what they are made of changes.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[differentiable(forward)]
fn the_first_and_the_rest(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter();
    let mut s = *it.next().unwrap();
    for v in it {
        s = s * v + k;
    }
    s
}

#[differentiable(forward)]
fn while_there_is_one(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter();
    let mut s = k;
    while let Some(v) = it.next() {
        s = s * v + 1.0;
    }
    s
}

#[differentiable(forward)]
fn two_at_a_time(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter().copied();
    let mut s = k;
    while let Some(v) = it.next() {
        let Some(w) = it.next() else { break };
        s = s * v + w;
    }
    s
}

#[differentiable(forward)]
fn in_a_tuple(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter();
    let (a, b) = (it.next().unwrap(), it.next().unwrap());
    a * b * k + it.map(|v| v * v).sum::<f64>()
}

#[differentiable(forward)]
fn matched(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter().enumerate();
    let mut s = k;
    loop {
        match it.next() {
            Some((i, v)) => s += *v * s * i as f64,
            None => break,
        }
    }
    s
}

#[differentiable(forward)]
fn chunks(x: &[f64], k: f64) -> f64 {
    let mut it = x.chunks(2);
    let mut s = k;
    while let Some(c) = it.next() {
        s += c[0] * c[1] * s;
    }
    s
}

#[differentiable(forward)]
fn in_loops(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter();
    let mut s = k;
    for i in 0..2 {
        if let Some(v) = it.next() {
            s *= v;
            if i == 0 {
                if let Some(w) = it.next() {
                    s += w * w;
                }
            }
        }
    }
    s + it.count() as f64 * k
}

#[differentiable(forward)]
fn an_optional_first(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter();
    let first = it.next().copied().unwrap_or(0.0);
    it.fold(first, |a, v| a.max(*v) * k)
}

#[differentiable(forward)]
fn positions(x: &[f64], k: f64) -> f64 {
    let ks = [1usize, 3, 2];
    let mut it = ks.iter();
    let mut s = k;
    while let Some(&i) = it.next() {
        s += x[i] * s;
    }
    s
}

#[differentiable(forward)]
fn pairs(x: &[f64], k: f64) -> f64 {
    let mut it = x.iter().zip(x[1..].iter());
    let mut s = k;
    if let Some((a, b)) = it.next() {
        s += a * b;
    } else if let Some((a, b)) = it.next() {
        s -= a * b;
    }
    while let Some((a, b)) = it.next() {
        s *= a + b;
    }
    s
}

#[differentiable(forward)]
fn side_by_side(x: &[f64], k: f64) -> f64 {
    let y = [k, x[0], x[1]];
    let mut a = x.iter();
    let mut s = 0.0;
    let mut b = y.iter().rev();
    while let (Some(p), Some(q)) = (a.next(), b.next()) {
        s += p * q;
    }
    s
}

#[differentiable(forward)]
fn the_rest_of_the_longer(x: &[f64], k: f64) -> f64 {
    let y = [k, x[0], x[1], x[2] * k, x[3], k * k];
    let mut a = x.iter();
    let mut s = 0.0;
    let mut b = y.iter();
    while let (Some(p), Some(q)) = (a.next(), b.next()) {
        s += p * q;
    }
    s * b.map(|v| v * v).sum::<f64>()
}

#[differentiable(forward)]
fn with_a_label(x: &[f64], k: f64) -> f64 {
    let y = [k, x[0]];
    let mut a = x.iter();
    let mut s = 0.0;
    let mut b = y.iter();
    'l: while let (Some(p), Some(q)) = (a.next(), b.next()) {
        s += p * q;
        for _ in 0..2 {
            if s > 100.0 {
                break 'l;
            }
        }
    }
    s * a.map(|v| v * v).sum::<f64>()
}

#[differentiable(forward)]
fn a_range_twice(x: &[f64], k: f64) -> f64 {
    let r = 0..x.len();
    let mut s = k;
    for i in r.clone() {
        s += x[i] * s;
    }
    for i in r {
        s -= x[i];
    }
    s
}

#[differentiable(forward)]
fn a_range_of_before(x: &[f64], k: f64) -> f64 {
    let mut n = 2;
    let r = 0..n;
    n += 2;
    let mut s = k;
    for j in r {
        s += x[j] * s;
    }
    s * n as f64
}

#[differentiable(forward)]
fn parts_of_a_range(x: &[f64], k: f64) -> f64 {
    let r = 1..3;
    let s: f64 = x[r.clone()].iter().sum();
    let t: f64 = r.clone().map(|i| x[i] * k).product();
    s * t + r.start as f64 * k + r.len() as f64 * x[r.end]
}

#[differentiable(forward)]
fn an_index_changes(x: &[f64], k: f64) -> f64 {
    let rows = [[x[0], x[1]], [x[2], x[3]]];
    let mut i = 0;
    let it = rows[i].iter();
    i += 1;
    let s: f64 = it.map(|v| v * k).sum();
    s * i as f64
}

#[differentiable(forward)]
fn a_beginning_changes(x: &[f64], k: f64) -> f64 {
    let mut i = 0;
    let it = x[i..].iter();
    i += 2;
    let s: f64 = it.map(|v| v * k).sum();
    s * i as f64
}

#[differentiable(forward)]
fn both_indices_change(x: &[f64], k: f64) -> f64 {
    let rows = [[x[0], x[1]], [x[2], x[3]]];
    let mut i = 0;
    let it = rows[i].iter().zip(&rows[i + 1]);
    i += 1;
    let s: f64 = it.map(|(v, w)| v * k * w).sum();
    s * i as f64
}

#[differentiable(forward)]
fn a_slice_of_before(x: &[f64], k: f64) -> f64 {
    let mut i = 1;
    let s = &x[i..];
    i += 1;
    s[0] * s[1] * x[i] * k
}

#[differentiable(forward)]
fn halves_of_before(x: &[f64], k: f64) -> f64 {
    let mut i = 1;
    let (l, r) = x.split_at(i);
    i += 1;
    l[0] * r[0] * x[i] * k
}

#[differentiable(forward)]
fn a_closure_that_moves(x: &[f64], k: f64) -> f64 {
    let mut i = 1;
    let f = move |v: f64| v * v * i as f64;
    i += 1;
    f(x[0]) * f(k) * i as f64
}

#[differentiable(forward)]
fn a_closure_that_copies(x: &[f64], k: f64) -> f64 {
    let mut v = [1.0, 2.0];
    let f = move |a: f64| a * v[0] * v[1];
    v[0] = x[1];
    let g = |a: f64| a * v[0] * v[1];
    f(x[0]) * g(k)
}

#[differentiable(forward)]
fn chunks_of_before(x: &[f64], k: f64) -> f64 {
    let mut i = 0;
    let c = x.chunks(i + 1);
    i += 2;
    let w = x.windows(i);
    let mut s = k;
    for a in c {
        s += a[0] * s;
    }
    for a in w {
        s += a[0] * a[1];
    }
    s
}

#[differentiable(forward)]
fn a_factor_changes(x: &[f64], k: f64) -> f64 {
    let mut b = k;
    let it = x.iter().map(|v| v * k);
    b *= x[0];
    let s: f64 = it.sum();
    s * b
}

modes_agree!(the_first_and_the_rest while_there_is_one two_at_a_time in_a_tuple matched chunks in_loops an_optional_first positions pairs side_by_side the_rest_of_the_longer with_a_label a_range_twice a_range_of_before parts_of_a_range an_index_changes a_beginning_changes both_indices_change a_slice_of_before halves_of_before a_closure_that_moves a_closure_that_copies chunks_of_before a_factor_changes);
