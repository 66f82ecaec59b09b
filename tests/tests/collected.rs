//! Collections and folds whose types come from where they go.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct S {
    v: Vec<f64>,
    k: f64,
}

#[differentiable(forward)]
impl S {
    fn new(v: Vec<f64>, k: f64) -> S {
        S { v, k }
    }
}

#[differentiable(forward)]
fn squares(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum()
}

#[differentiable(forward)]
fn squares_of_vector(v: Vec<f64>) -> f64 {
    v.iter().map(|x| x * x).sum()
}

#[differentiable(forward)]
fn assigned(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v = v.iter().map(|v| v * k).collect();
    v = v.into_iter().map(|v| v * v).collect();
    v.iter().sum()
}

#[differentiable(forward)]
fn fields_and_arguments(x: &[f64], k: f64) -> f64 {
    let s = S {
        k,
        v: x.iter().map(|v| v * k).collect(),
    };
    let t = S::new(x.iter().map(|v| v * v).collect(), k);
    s.v.iter().zip(&t.v).map(|(a, b)| a * b).sum::<f64>() * s.k * t.k
}

#[differentiable(forward)]
fn by_value_and_by_reference(x: &[f64], k: f64) -> f64 {
    squares_of_vector(x.iter().map(|v| v * k).collect()) + squares(&x.iter().map(|v| v * k).collect::<Vec<_>>())
}

#[differentiable(forward)]
fn rows(x: &[f64], k: f64) -> f64 {
    let m: Vec<Vec<f64>> = (0..3).map(|i| (0..2).map(|j| x[i] * x[j] * k).collect()).collect();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for i in 0..3 {
        rows.push(m[i].iter().map(|v| v * x[i]).collect());
    }
    rows.iter().flatten().sum()
}

#[differentiable(forward)]
fn in_option_and_tuple(x: &[f64], k: f64) -> f64 {
    let o = Some(x.iter().map(|v| v * k).collect());
    let v: Vec<f64> = o.unwrap();
    let (a, b): (Vec<f64>, f64) = (x.iter().map(|v| v * k).collect(), k);
    v[0] * a[1] * b
}

#[differentiable(forward)]
fn sums_in_fields(x: &[f64], k: f64) -> f64 {
    let s = S {
        k: x.iter().sum(),
        v: vec![x.iter().product(), x.iter().map(|v| v * k).sum()],
    };
    s.v[0] * s.v[1] * s.k
}

#[differentiable(forward)]
fn sums_assigned(x: &[f64], k: f64) -> f64 {
    let t: f64;
    t = x.iter().sum();
    let mut u = [0.0; 2];
    u[0] = x.iter().map(|v| v * k).sum();
    u[1] = x.iter().product();
    t * u[0] + u[1]
}

#[differentiable(forward)]
fn sums_as_arguments(x: &[f64], k: f64) -> f64 {
    let m: Vec<f64> = (0..2).map(|i| (0..2).map(|j| x[i] * x[j] * k).sum()).collect();
    m[0] * m[1] + square((0..2).map(|i| x[i]).sum())
}

#[differentiable(forward)]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable(forward)]
fn mean_of_squares(x: &[f64], k: f64) -> f64 {
    let (s, c) = x.iter().fold((0.0, 0), |(s, c), &v| {
        let w = v * k;
        (s + w * w, c + 1)
    });
    s / c as f64
}

#[differentiable(forward)]
fn branches_in_a_fold(x: &[f64], k: f64) -> f64 {
    let (s, mut c): (f64, f64) = x.iter().fold(
        (0.0, 1.0),
        |(s, c), v| if *v > 0.0 { (s + v * c, c) } else { (s, c * v) },
    );
    c *= k;
    s / c
}

#[differentiable(forward)]
fn welford(x: &[f64], k: f64) -> f64 {
    let (m, v) = x.iter().enumerate().fold((k, 0.0), |(m, v), (i, y)| {
        let d = y - m;
        let n = (i + 1) as f64;
        (m + d / n, v + d * (y - m))
    });
    m * v
}

#[differentiable(forward)]
fn fibonacci(x: &[f64], k: f64) -> f64 {
    let (a, b) = (0..5).fold((k, x[0]), |(a, b), _| (b, a + b * x[1]));
    a * b
}

#[differentiable(forward)]
fn extent(x: &[f64], k: f64) -> f64 {
    let (lo, hi) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &v| {
        (lo.min(v), hi.max(v))
    });
    (hi - lo) * k
}

#[differentiable(forward)]
fn largest_and_where(x: &[f64], k: f64) -> f64 {
    let (best, at) = x.iter().enumerate().fold(
        (f64::MIN, 0),
        |(best, at), (i, &v)| if v > best { (v, i) } else { (best, at) },
    );
    best * k * (at + 1) as f64
}

#[differentiable(forward)]
fn counted(x: &[f64], k: f64) -> f64 {
    let (mut n, mut s) = (0, 0.0);
    for v in x {
        if *v > 0.0 {
            n += 1;
            s += v * k;
        }
    }
    s / n as f64
}

#[differentiable(forward)]
fn choice_with_a_number(x: &[f64], k: f64) -> f64 {
    let (v, i) = if x[0] > x[1] { (x[0], 2) } else { (x[1], 1) };
    v * k * i as f64
}

#[differentiable(forward)]
fn match_with_a_number(x: &[f64], k: f64) -> f64 {
    let (v, i) = match x.len() {
        0 => (0.0, 0),
        n => (x[0] * k, n),
    };
    v * i as f64
}

/// The partial products, and the last of them with the start added.
#[differentiable(forward)]
fn partial_products(x: &[f64], k: f64) -> (Vec<f64>, f64) {
    x.iter().fold((vec![], k), |(mut all, last), v| {
        let next = last * v;
        all.push(next);
        (all, next + last)
    })
}

#[differentiable(forward)]
fn of_a_folding_function(x: &[f64], k: f64) -> f64 {
    let (once, end) = partial_products(x, k);
    let (twice, last) = partial_products(&once, end);
    twice[0] * twice[1] * last + once[1]
}

#[differentiable(forward)]
fn folds_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut sum = k;
    for i in 0..x.len() {
        sum = x[..=i].iter().fold(sum, |mut sum, v| {
            sum *= v;
            sum + k
        });
    }
    sum
}

#[differentiable(forward)]
fn fold_of_a_struct(x: &[f64], k: f64) -> f64 {
    let end = x.iter().fold(S { v: vec![], k }, |mut s, c| {
        s.v.push(s.k * c);
        s.k += c;
        s
    });
    end.v[0] * end.k + end.v[1]
}

#[differentiable(forward)]
fn folds_in_a_fold(x: &[f64], k: f64) -> f64 {
    (0..3).fold(k, |sum, _| (0..2).fold(sum, |sum, j| sum * x[j] + k))
}

modes_agree! {
    of_a_folding_function
    folds_in_a_loop
    fold_of_a_struct
    folds_in_a_fold
    assigned
    fields_and_arguments
    by_value_and_by_reference
    rows
    in_option_and_tuple
    sums_in_fields
    sums_assigned
    sums_as_arguments
    mean_of_squares
    branches_in_a_fold
    welford
    fibonacci
    extent
    largest_and_where
    counted
    choice_with_a_number
    match_with_a_number
}
