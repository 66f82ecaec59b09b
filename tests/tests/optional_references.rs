//! References that there may be or not: variables that hold them, and what is inside an option by reference.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct Cfg {
    w: Option<Vec<f64>>,
    b: Option<f64>,
}

#[differentiable(forward)]
fn found(x: &[f64], k: f64) -> f64 {
    let opt: Option<&f64> = x.iter().find(|v| **v > 1.0);
    let other = x.iter().find(|&&v| v > 100.0);
    opt.map(|v| v * k).unwrap_or(0.0) + other.map_or(k, |v| *v)
}

#[differentiable(forward)]
fn by_reference(x: &[f64], k: f64) -> f64 {
    let o = x.get(1).cloned();
    *o.as_ref().unwrap() * k + o.as_ref().unwrap()
}

#[differentiable(forward)]
fn copied(x: &[f64], k: f64) -> f64 {
    let o = x.last().cloned();
    o.as_ref().copied().unwrap_or(1.0) * k
}

#[differentiable(forward)]
fn or_a_constant(x: &[f64], k: f64) -> f64 {
    let o = x.last().cloned();
    o.as_ref().unwrap_or(&0.0) * k
}

#[differentiable(forward)]
fn asked_first(x: &[f64], k: f64) -> f64 {
    let o = x.last().cloned();
    if o.as_ref().is_some_and(|v| *v > 0.0) {
        let v = o.as_ref().unwrap();
        v * k
    } else {
        k
    }
}

#[differentiable(forward)]
fn expected(x: &[f64], k: f64) -> f64 {
    let o = x.last().cloned();
    o.as_ref().expect("no") * k
}

#[differentiable(forward)]
fn the_last(x: &[f64], k: f64) -> f64 {
    let o = x.last();
    o.unwrap() * k
}

#[differentiable(forward)]
fn the_largest(x: &[f64], k: f64) -> f64 {
    let o = x.iter().max_by(|a, b| a.total_cmp(b));
    let m = o.unwrap();
    x.iter().map(|v| (v - m).exp() * k).sum()
}

#[differentiable(forward)]
fn through_the_reference(x: &[f64], k: f64) -> f64 {
    let o = Some(k * x[0]);
    let mut s = k;
    if let Some(&m) = o.as_ref() {
        s += m * m;
    }
    s * x[0]
}

#[differentiable(forward)]
fn two_at_once(x: &[f64], k: f64) -> f64 {
    let o = x.get(2);
    let p = x.first();
    if let (Some(a), Some(b)) = (o, p) {
        a * b * k
    } else {
        0.0
    }
}

#[differentiable(forward)]
fn with_a_guard(x: &[f64], k: f64) -> f64 {
    let o = x.get(2);
    match o {
        Some(&a) if a > 5.0 => a,
        Some(&a) => a * k,
        None => 0.0,
    }
}

#[differentiable(forward)]
fn or_else(x: &[f64], k: f64) -> f64 {
    let o = x.iter().rev().find(|v| **v > 1.0);
    let Some(v) = o else { return k };
    if o.is_some() && o.is_some_and(|v| *v > 0.5) {
        v * k
    } else {
        k
    }
}

#[differentiable(forward)]
fn a_position(x: &[f64], k: f64) -> f64 {
    let idx = [1usize, 3];
    let last = idx.last();
    let mut s = k;
    if let Some(&i) = last {
        s += x[i] * s;
    }
    let o = last.copied().unwrap_or(0);
    s * x[o]
}

#[differentiable(forward)]
fn the_range(x: &[f64], k: f64) -> f64 {
    let v: Vec<f64> = x.iter().map(|a| a * k).collect();
    let lo = v.iter().min_by(|a, b| a.partial_cmp(b).unwrap());
    let hi = v.iter().max_by(|a, b| a.partial_cmp(b).unwrap());
    hi.unwrap() - lo.unwrap() + lo.copied().unwrap_or(0.0) * hi.cloned().unwrap()
}

#[differentiable(forward)]
fn fields(x: &[f64], k: f64) -> f64 {
    let c = Cfg {
        w: Some(x.to_vec()),
        b: Some(k),
    };
    let w = c.w.as_ref().unwrap();
    let mut s = c.b.unwrap_or(0.0);
    for v in w {
        s += *v * s;
    }
    s + c.w.as_ref().unwrap()[1] * c.w.as_ref().map_or(0.0, |w| w[0]) + c.w.as_ref().expect("w").iter().sum::<f64>()
}

#[differentiable(forward)]
fn in_a_tuple(x: &[f64], k: f64) -> f64 {
    let o = x.last().cloned();
    if let (Some(a), Some(b)) = (o.as_ref(), o.as_ref()) {
        a * *b * k
    } else {
        0.0
    }
}

modes_agree!(found by_reference copied or_a_constant asked_first expected the_last the_largest through_the_reference two_at_once with_a_guard or_else a_position the_range fields in_a_tuple);
