//! Names for parts and slices, which are references: loops over what they refer to, and further names for them.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[differentiable(forward)]
fn a_slice(x: &[f64], k: f64) -> f64 {
    let rest = &x[1..];
    let mut s = k;
    for r in rest {
        s += *r * s;
    }
    s
}

#[differentiable(forward)]
fn a_slice_of_a_pattern(x: &[f64], k: f64) -> f64 {
    let [first, rest @ ..] = x else { return k };
    let mut s = k * first;
    for r in rest {
        s += *r * s;
    }
    s
}

#[differentiable(forward)]
fn a_slice_of_an_arm(x: &[f64], k: f64) -> f64 {
    match x {
        [] => k,
        [a] => *a * k,
        [a, rest @ ..] => {
            let mut s = *a;
            for r in rest {
                s += *r * k * s;
            }
            s
        }
    }
}

#[differentiable(forward)]
fn halves(x: &[f64], k: f64) -> f64 {
    let (left, right) = x.split_at(2);
    let mut s = k;
    for a in left {
        for b in right {
            s += *a * *b * k;
        }
    }
    s
}

#[derive(Differentiable, Clone, Debug)]
struct Model {
    weights: Vec<f64>,
    rows: Vec<[f64; 2]>,
    scale: f64,
}

#[differentiable(forward)]
fn model(x: &[f64], k: f64) -> Model {
    Model {
        weights: vec![x[0], x[1] * k],
        rows: vec![[x[2], x[3]], [k, x[1]]],
        scale: x[0] * k,
    }
}

#[differentiable(forward)]
fn field(model: &Model, k: f64) -> f64 {
    let weights = &model.weights;
    let mut s = k;
    for w in weights {
        s += *w * s;
    }
    s + weights[0] * model.scale
}

#[differentiable(forward)]
fn fields_of_a_pattern(model: &Model, k: f64) -> f64 {
    let Model { weights, scale, .. } = model;
    let again = weights;
    let factor = scale;
    let mut s = k;
    for w in weights {
        s += *w * s * *factor;
    }
    for w in again {
        s *= w + *scale;
    }
    s
}

#[differentiable(forward)]
fn rows(model: &Model, k: f64) -> f64 {
    let mut s = k;
    for row in &model.rows {
        for v in row {
            s += *v * s;
        }
        let same = row;
        let [a, b] = same;
        for v in same.iter() {
            s += *a * *b * *v;
        }
    }
    s
}

#[differentiable(forward)]
fn of_models(x: &[f64], k: f64) -> f64 {
    let model = model(x, k);
    let shown = &model;
    field(shown, k) * fields_of_a_pattern(&model, k) + rows(shown, k)
}

#[differentiable(forward)]
fn another_name(x: &[f64], k: f64) -> f64 {
    let rest = &x[1..];
    let same = rest;
    let whole = x;
    let mut s = k;
    for (i, r) in same.iter().enumerate() {
        s += *r * s * whole[i];
    }
    for r in same {
        s += r * s * *r;
    }
    for r in whole {
        s += *r * rest[0];
    }
    s
}

#[differentiable(forward)]
fn values_stay_values(x: &[f64], k: f64) -> f64 {
    let v = [x[0], x[1] * k];
    let w = v;
    let mut s = k;
    for a in w {
        s += a * s;
    }
    let (v, w) = (w, [k, s]);
    for (a, b) in v.into_iter().zip(w) {
        s *= a + b;
    }
    s
}

#[differentiable(forward)]
fn to_be_written_to(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let rest = &mut v[1..];
    let mut s = k;
    for r in rest {
        *r *= k;
        s += *r * s;
    }
    s * v[1] * v[0]
}

#[differentiable(forward)]
fn an_option(x: &[f64], k: f64) -> f64 {
    let held = Some((x[0], k));
    let mut s = k;
    if let Some(pair) = &held {
        let same = pair;
        let (a, b) = same;
        s += same.0 * pair.1 + *a * *b;
    }
    let index = Some(3_usize);
    if let Some(&i) = index.as_ref() {
        s *= x[i];
    }
    s
}

#[differentiable(forward)]
fn scaled_by(a: f64, b: &[f64]) -> Vec<f64> {
    vec![a * b[0], a * b[1]]
}

#[differentiable(forward)]
fn scaled_by_constants(#[no_diff] c: &[f64; 2], n: usize, k: f64) -> f64 {
    let out = scaled_by(k, c);
    out[0] * out[1] * n as f64
}

#[differentiable(forward)]
fn constants_as_slices(x: &[f64], k: f64) -> f64 {
    let data = [([0.1, 0.2], 1.0), ([0.5, -0.3], 0.0)];
    let mut loss = 0.0;
    for (input, target) in &data {
        let out = scaled_by(k, input);
        loss += (out[0] - target).powi(2) * x[0];
    }
    let rows = [[0.1, 0.2], [0.5, -0.3]];
    for row in rows.iter() {
        loss += scaled_by(x[1], row)[1];
    }
    for n in [2_usize, 3] {
        loss += scaled_by_constants(&[0.2, 0.3], n, k * x[0]);
    }
    for n in &[2_usize, 3] {
        loss *= scaled_by_constants(&rows[0], *n, k * x[0]);
    }
    loss
}

#[differentiable(forward)]
fn option_behind_a_parameter(&b: &Option<f64>, c: f64) -> f64 {
    let mut t = c;
    for _ in 0..2 {
        let mut s: Option<f64> = b;
        if let Some(x) = s {
            s = None;
            t *= x;
        }
        t *= s.unwrap_or(2.0);
    }
    t
}

#[differentiable(forward)]
fn number_behind_a_parameter(&b: &f64, &n: &usize, &[d, e]: &[f64; 2], c: f64) -> f64 {
    let mut t = c;
    for _ in 0..n {
        let mut s: f64 = b;
        s *= t * d;
        t += s * n as f64 * e;
    }
    t
}

#[differentiable(forward)]
fn behind_parameters_in_loops(x: &[f64], k: f64) -> f64 {
    option_behind_a_parameter(&Some(x[0]), k) * number_behind_a_parameter(&x[1], &2, &[x[2], k], x[3])
}

modes_agree!(
    a_slice a_slice_of_a_pattern a_slice_of_an_arm halves of_models another_name values_stay_values to_be_written_to an_option constants_as_slices behind_parameters_in_loops
);
