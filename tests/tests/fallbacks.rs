//! What takes the place of a value that is not there: closures of nothing, and of the error.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[differentiable(forward)]
fn result(x: f64) -> Result<f64, String> {
    if x > 100.0 { Err("a".to_string()) } else { Ok(x * x) }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum E {
    A(usize),
    B,
}

#[differentiable(forward)]
fn by_number(x: f64, n: usize) -> Result<f64, E> {
    if n > 3 {
        Err(E::A(n))
    } else if n == 3 {
        Err(E::B)
    } else {
        Ok(x * x)
    }
}

#[differentiable(forward)]
fn option(x: f64, n: usize) -> Option<f64> {
    if n > 3 { None } else { Some(x * x) }
}

#[differentiable(forward)]
fn of_text_errors(x: &[f64], k: f64) -> f64 {
    result(x[0]).unwrap_or_else(|_| 0.0) * k
        + result(k * 1000.0).unwrap_or_else(|e| e.len() as f64 * x[1])
        + result(x[2]).unwrap_or_else(|e| panic!("{e}"))
}

#[differentiable(forward)]
fn of_nothing(x: &[f64], k: f64) -> f64 {
    option(x[0], 2).unwrap_or_else(|| panic!("no")) * k
        + option(x[1], 4).unwrap_or_else(|| k * x[2])
        + option(x[1], 4).unwrap_or_else(|| {
            let a = k * x[0];
            a * a
        })
}

#[differentiable(forward)]
fn matched_errors(x: &[f64], k: f64) -> f64 {
    by_number(x[0], 4).unwrap_or_else(|e| match e {
        E::A(n) => x[0] * n as f64,
        E::B => k,
    }) * k
        + by_number(x[1], 3).unwrap_or_else(|e| match e {
            E::A(n) => x[0] * n as f64,
            E::B => k * k,
        })
        + by_number(x[2], 1).unwrap_or_else(|_| 1.0)
}

#[differentiable(forward)]
fn either_closure(x: &[f64], k: f64) -> f64 {
    by_number(x[0], 4).map_or_else(|e| if e == E::B { 1.0 } else { k * x[1] }, |v| v * k)
        + by_number(x[0], 2).map_or_else(|_| k, |v| v * k * k)
        + option(x[1], 7).map_or_else(|| k * k, |v| v * x[2])
}

#[differentiable(forward)]
fn another_one(x: &[f64], k: f64) -> f64 {
    by_number(x[0], 4)
        .or_else(|e| if e == E::B { Err(e) } else { by_number(x[1] * k, 0) })
        .unwrap()
        + option(x[0], 9)
            .or_else(|| option(k, 1))
            .unwrap_or_else(|| unreachable!())
}

#[differentiable(forward)]
fn in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        s += option(x[i % 3] * s, i).unwrap_or_else(|| x[0] * s);
        s *= by_number(x[i % 3], i).unwrap_or_else(|_| x[0]);
    }
    s
}

#[differentiable(forward)]
fn by_path(x: &[f64], k: f64) -> f64 {
    option(x[0], 7).unwrap_or_else(f64::default) + result(x[1]).ok().unwrap_or_else(|| k)
}

#[differentiable(forward)]
fn nested(x: f64, n: usize) -> Option<Option<f64>> {
    if n > 3 {
        None
    } else if n == 3 {
        Some(None)
    } else {
        Some(Some(x * x))
    }
}

#[differentiable(forward)]
fn flattened(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        if let Some(v) = nested(x[0] * s, i).flatten() {
            s += v;
        }
        s *= nested(s, i).flatten().unwrap_or(x[1]);
    }
    s
}

#[differentiable(forward)]
fn zipped(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        if let Some((v, w)) = option(x[0] * s, i).zip(option(k, i + 1)) {
            s += v * w;
        }
        let p = option(x[1], i).zip(option(s, 0));
        s += match p {
            Some((a, b)) => a * b,
            None => k,
        };
    }
    s
}

#[differentiable(forward)]
fn made_optional(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..5 {
        if let Some(v) = by_number(x[0] * s, i).ok() {
            s += v;
        }
        let z = by_number(s, i).ok();
        s += z.map_or(x[1], |z| z * k)
    }
    s
}

#[differentiable(forward)]
fn first_that_maps(x: &[f64], k: f64) -> f64 {
    let scaled = x.iter().find_map(|v| if *v > 1.0 { Some(v * k) } else { None });
    let numbered = x
        .iter()
        .enumerate()
        .find_map(|(i, v)| (*v > 1.0).then(|| v * k * i as f64));
    let none = x.iter().find_map(|v| (*v > 100.0).then_some(*v)).unwrap_or(k * k);
    scaled.unwrap_or(k) + numbered.map_or(k, |n| n * n) + none
}

modes_agree! {
    first_that_maps
    of_text_errors
    of_nothing
    matched_errors
    either_closure
    another_one
    in_a_loop
    by_path
    flattened
    zipped
    made_optional
}
