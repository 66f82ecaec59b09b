//! References to elements that there may be: asked for with `?`, matched on together, and with guards.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[differentiable(forward)]
fn first(v: &[f64]) -> Option<f64> {
    let m = v.first()?;
    Some(m * m)
}

#[differentiable(forward)]
fn element_and_largest(v: &[f64], i: usize) -> Option<f64> {
    let m = *v.get(i)?;
    let n = v.iter().max_by(|a, b| a.total_cmp(b))?;
    Some(m * n)
}

#[differentiable(forward)]
fn or_error(v: &[f64], i: usize) -> Result<f64, String> {
    let m = *v.get(i).ok_or("none")?;
    let n = v.last().ok_or_else(|| "empty".to_string())?;
    Ok(m * n)
}

#[differentiable(forward)]
fn row(v: &[Vec<f64>], i: usize) -> Option<f64> {
    let row = v.get(i)?;
    let mut s = 0.0;
    for (j, x) in row.iter().enumerate() {
        s += x * x * j as f64;
    }
    let &f = row.first()?;
    Some(s * f + row[0])
}

#[differentiable(forward)]
fn by_match(v: &[f64], i: usize) -> Option<f64> {
    let m = match v.get(i) {
        Some(m) => m,
        None => return None,
    };
    let n = match v.last() {
        Some(n) => *n,
        None => panic!(),
    };
    Some(m * n)
}

#[differentiable(forward)]
fn until_none(v: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..9 {
        let x = match v.get(i) {
            Some(x) => x,
            None => break,
        };
        s += x * s;
    }
    s
}

#[derive(Differentiable, Clone, Debug)]
struct S {
    v: Vec<f64>,
    k: f64,
}

#[differentiable(forward)]
impl S {
    fn top(&self) -> Option<f64> {
        let t = self.v.last()?;
        Some(t * self.k)
    }
    fn at(&self, i: usize) -> Option<f64> {
        let t = self.v.get(i)?;
        let u = self.v.iter().copied().reduce(f64::max)?;
        Some(t * self.k * u)
    }
}

#[differentiable(forward)]
fn options(x: &[f64], k: f64) -> f64 {
    first(x).unwrap_or(0.0) * k + element_and_largest(x, 1).unwrap() + element_and_largest(x, 9).unwrap_or(k)
}

#[differentiable(forward)]
fn results(x: &[f64], k: f64) -> f64 {
    or_error(x, 1).unwrap() * k + or_error(x, 17).unwrap_or(k * k)
}

#[differentiable(forward)]
fn rows(x: &[f64], k: f64) -> f64 {
    let rows = vec![x.to_vec(), vec![k, k * x[0]]];
    row(&rows, 0).unwrap() + row(&rows, 1).unwrap() * k + row(&rows, 2).unwrap_or(k)
}

#[differentiable(forward)]
fn by_matches(x: &[f64], k: f64) -> f64 {
    by_match(x, 0).unwrap() * k + by_match(x, 30).unwrap_or(k) + until_none(x, k)
}

#[differentiable(forward)]
fn fields(x: &[f64], k: f64) -> f64 {
    let s = S { v: x.to_vec(), k };
    s.top().unwrap() + s.at(0).unwrap() * k + s.at(10).unwrap_or(k)
}

#[differentiable(forward)]
fn guard_on_a_copy(x: &[f64], k: f64) -> f64 {
    let o = x.get(1).cloned();
    match o.as_ref() {
        Some(v) if *v > 0.0 => v * k,
        Some(v) => v * v,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn guard_on_a_temporary(x: &[f64], k: f64) -> f64 {
    match x.get(1).cloned().as_ref() {
        Some(v) if *v > 0.0 => v * k,
        Some(v) => v * v,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn two_copies(x: &[f64], k: f64) -> f64 {
    let o = x.get(1).cloned();
    let p = x.first().cloned();
    match (o.as_ref(), p.as_ref()) {
        (Some(v), Some(w)) => v * k * w,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn two_temporaries(x: &[f64], k: f64) -> f64 {
    match (x.get(1).cloned().as_ref(), x.first().cloned().as_ref()) {
        (Some(v), Some(w)) => v * k * w,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn if_let_of_copies(x: &[f64], k: f64) -> f64 {
    let o = x.get(1).cloned();
    let p = x.first().cloned();
    if let (Some(v), Some(w)) = (o.as_ref(), p.as_ref()) {
        v * k * w
    } else {
        0.0
    }
}

#[differentiable(forward)]
fn if_let_of_temporaries(x: &[f64], k: f64) -> f64 {
    if let (Some(v), Some(w)) = (x.get(1).cloned().as_ref(), x.first().cloned().as_ref()) {
        v * k * w
    } else {
        0.0
    }
}

#[differentiable(forward)]
fn let_else_of_copies(x: &[f64], k: f64) -> f64 {
    let o = x.get(1).cloned();
    let p = x.first().cloned();
    let (Some(v), Some(w)) = (o.as_ref(), p.as_ref()) else {
        return 0.0;
    };
    v * k * w
}

#[differentiable(forward)]
fn neighbours(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        s += match (x.get(i), x.get(i + 1)) {
            (Some(a), Some(b)) => a * b * s,
            (Some(a), None) => a * s,
            _ => k,
        };
    }
    s
}

#[differentiable(forward)]
fn let_else_of_ends(x: &[f64], k: f64) -> f64 {
    let (Some(v), Some(w)) = (x.first(), x.last()) else {
        return 0.0;
    };
    v * k * w
}

#[differentiable(forward)]
fn neighbours_by_value(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        s += match (x.get(i), x.get(i + 1)) {
            (Some(&a), Some(b)) if a > 0.0 => a * b * s,
            (Some(&a), Some(&b)) => a * b,
            (Some(a), None) => a * s,
            _ => k,
        };
        if let (Some(a), Some(&b)) = (x.get(i), x.first()) {
            s *= a + b;
        }
    }
    s
}

#[differentiable(forward)]
fn rows_with_guards(x: &[f64], k: f64) -> f64 {
    let rows = vec![x.to_vec(), vec![k]];
    match (rows.first(), rows.get(1)) {
        (Some(r), Some(q)) if r[0] > 0.0 && q.len() == 1 => r[1] * q[0],
        (Some(r), _) => r[0],
        _ => k,
    }
}

#[differentiable(forward)]
fn jumps_in_arms(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        match x.get(i) {
            Some(&v) if v > 0.0 => s += v * s,
            Some(v) if *v < -5.0 => continue,
            Some(v) => s *= v,
            None => break,
        }
    }
    s
}

#[differentiable(forward)]
fn guard(x: &[f64], k: f64) -> f64 {
    match x.get(1) {
        Some(v) if *v > 0.0 => v * k,
        Some(v) => v * v,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn found_with_a_guard(x: &[f64], k: f64) -> f64 {
    match x.iter().find(|v| **v > 1.0) {
        Some(v) if *v > 2.0 => v * k,
        Some(v) => v * v,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn position_with_a_guard(x: &[f64], k: f64) -> f64 {
    match x.iter().position(|v| *v > 1.0) {
        Some(v) if v > 2 => k,
        Some(v) => x[v] * k,
        _ => 0.0,
    }
}

#[differentiable(forward)]
fn mixed_if_let(x: &[f64], k: f64) -> f64 {
    if let (Some(a), Some(&b)) = (x.get(1), x.first()) {
        a * b
    } else {
        k
    }
}

#[differentiable(forward)]
fn mixed_match(x: &[f64], k: f64) -> f64 {
    match (x.get(1), x.first()) {
        (Some(&a), Some(b)) => a * b * k,
        (Some(a), None) => a * k,
        _ => k,
    }
}

#[differentiable(forward)]
fn mixed_guard(x: &[f64], k: f64) -> f64 {
    match (x.get(1), x.first()) {
        (Some(a), Some(b)) if *a > 0.0 => a * b * k,
        (Some(a), None) => a * k,
        _ => k,
    }
}

#[differentiable(forward)]
fn value_in_a_guard(x: &[f64], k: f64) -> f64 {
    match (x.get(1), x.first()) {
        (Some(&a), Some(b)) if a > 0.0 => a * b * k,
        (Some(a), None) => a * k,
        _ => k,
    }
}

#[differentiable(forward)]
fn values_with_a_guard(x: &[f64], k: f64) -> f64 {
    match x.get(1) {
        Some(&v) if v > 0.0 => v * k,
        Some(&v) => v,
        None => k,
    }
}

#[differentiable(forward)]
fn value_or_reference(x: &[f64], k: f64) -> f64 {
    match x.get(1) {
        Some(&v) if v > 0.0 => v * k,
        Some(v) => *v,
        None => k,
    }
}

#[differentiable(forward)]
fn values(x: &[f64], k: f64) -> f64 {
    match x.get(1) {
        Some(&v) => v * k,
        None => k,
    }
}

#[differentiable(forward)]
fn let_else_by_value(x: &[f64], k: f64) -> f64 {
    let (Some(&v), Some(w)) = (x.first(), x.last()) else {
        return 0.0;
    };
    assert!(v < 100.0, "{v} {}", v);
    v * k * w
}

modes_agree! {
    options
    results
    rows
    by_matches
    fields
    guard_on_a_copy
    guard_on_a_temporary
    two_copies
    two_temporaries
    if_let_of_copies
    if_let_of_temporaries
    let_else_of_copies
    neighbours
    let_else_of_ends
    neighbours_by_value
    rows_with_guards
    jumps_in_arms
    guard
    found_with_a_guard
    position_with_a_guard
    mixed_if_let
    mixed_match
    mixed_guard
    value_in_a_guard
    values_with_a_guard
    value_or_reference
    values
    let_else_by_value
}
