//! Variables that refer to one place after another.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct Q {
    x: f64,
    y: f64,
}

#[differentiable(forward)]
fn without_the_first(x: &[f64], k: f64) -> f64 {
    let mut rest = x;
    let mut s = k;
    while !rest.is_empty() {
        s += rest[0] * s;
        rest = &rest[1..];
    }
    s
}

#[differentiable(forward)]
fn by_patterns(x: &[f64], k: f64) -> f64 {
    let mut rest = x;
    let mut s = k;
    while let [first, tail @ ..] = rest {
        s += first * s;
        rest = tail;
    }
    s
}

#[differentiable(forward)]
fn by_split_first(x: &[f64], k: f64) -> f64 {
    let mut rest = &x[..];
    let mut s = k;
    while let Some((first, tail)) = rest.split_first() {
        s += first * s;
        rest = tail;
    }
    s
}

#[differentiable(forward)]
fn by_split_last(x: &[f64], k: f64) -> f64 {
    let mut rest = x;
    let mut s = k;
    while let Some((last, init)) = rest.split_last() {
        s += last * s;
        rest = init;
    }
    s
}

#[differentiable(forward)]
fn by_split_at(x: &[f64], k: f64) -> f64 {
    let mut v = x;
    let mut s = k;
    for _ in 0..2 {
        let (a, b) = v.split_at(1);
        s = s * a[0] + b[0];
        v = b;
    }
    s
}

#[differentiable(forward)]
fn on_a_branch(x: &[f64], k: f64) -> f64 {
    let mut v = &x[1..];
    if k > 0.0 {
        v = &x[2..];
    }
    v[0] * k
}

#[differentiable(forward)]
fn an_iterator_stays(x: &[f64], k: f64) -> f64 {
    let v = x.to_vec();
    let mut y = &v[..2];
    let it = y.iter();
    y = &v[2..];
    let s: f64 = it.map(|v| v * k).sum();
    s * y[0]
}

#[differentiable(forward)]
fn a_name_stays(x: &[f64], k: f64) -> f64 {
    let a = [x[0], x[1]];
    let b = [k, x[2]];
    let mut y = &a;
    let e = &y[1];
    y = &b;
    *e * y[0]
}

#[differentiable(forward)]
fn the_largest(x: &[f64], k: f64) -> f64 {
    let mut best = &x[0];
    for v in x {
        if *v > *best {
            best = v;
        }
    }
    *best * k
}

#[differentiable(forward)]
fn the_smallest_and_the_largest(x: &[f64], k: f64) -> f64 {
    let mut lo = &x[0];
    let mut hi = lo;
    for v in x {
        if v < lo {
            lo = v;
        }
        if v > hi {
            hi = v;
        }
    }
    (hi - lo) * k * *hi
}

#[differentiable(forward)]
fn chosen(x: &[f64], k: f64) -> f64 {
    let r = if k > 0.0 { &x[1..] } else { &x[2..] };
    r[0] * k
}

#[differentiable(forward)]
fn chosen_or_all(x: &[f64], k: f64) -> f64 {
    let w = if k > 0.0 { x } else { &x[1..] };
    w[0] * k
}

#[differentiable(forward)]
fn chosen_by_a_match(x: &[f64], k: f64) -> f64 {
    let v = x.to_vec();
    let w: &[f64] = match v.len() {
        4 => &v[1..],
        _ => &v,
    };
    w[0] * k * w.len() as f64
}

#[differentiable(forward)]
fn the_first_and_the_rest(x: &[f64], k: f64) -> f64 {
    let (first, rest) = x.split_first().unwrap();
    let mut s = *first * k;
    for r in rest {
        s = s * r + 1.0;
    }
    s
}

#[differentiable(forward)]
fn if_there_is_one(x: &[f64], k: f64) -> f64 {
    if let Some((first, rest)) = x.split_first() {
        first * k + rest.iter().sum::<f64>()
    } else {
        0.0
    }
}

#[differentiable(forward)]
fn recursive_from_the_end(x: &[f64], k: f64) -> f64 {
    match x.split_last() {
        None => 0.0,
        Some((last, rest)) => last * k * recursive_from_the_end(rest, k) + rest.len() as f64 * last,
    }
}

#[differentiable(forward)]
fn recursive_from_the_beginning(x: &[f64], k: f64) -> f64 {
    let Some((&first, rest)) = x.split_first() else {
        return k;
    };
    first * recursive_from_the_beginning(rest, k * first) + k
}

#[differentiable(forward)]
fn a_parameter(mut x: &[f64], k: f64) -> f64 {
    let mut s = k;
    while !x.is_empty() {
        s += x[0] * s;
        x = &x[1..];
    }
    s
}

#[differentiable(forward)]
fn two_of_one(x: &[f64], k: f64) -> f64 {
    let mut a = &x[..2];
    let mut b = &x[2..];
    let mut s = k;
    for _ in 0..2 {
        s += a[0] * b[0] * s;
        a = &a[1..];
        b = &b[..=0];
    }
    s
}

#[differentiable(forward)]
fn of_several_things(x: &[f64], k: f64) -> f64 {
    let v = x.to_vec();
    let w = vec![k, x[0], x[1]];
    let mut r = &v[..];
    let mut s = k;
    for i in 0..3 {
        s += r[0] * s;
        r = if i % 2 == 0 { &w[i..] } else { &v[i..] };
    }
    s
}

#[differentiable(forward)]
fn a_window(x: &[f64], k: f64) -> f64 {
    let mut window = &x[0..2];
    let best = k;
    for i in 1..3 {
        let cand = &x[i..i + 2];
        if cand[0] * cand[1] > window[0] * window[1] {
            window = cand;
        }
    }
    window.iter().sum::<f64>() * best
}

#[differentiable(forward)]
fn a_struct(x: &[f64], k: f64) -> f64 {
    let pts = vec![Q { x: x[0], y: k }, Q { x: x[2], y: x[1] }];
    let mut best = &pts[0];
    for p in &pts {
        if p.x > best.x {
            best = p;
        }
    }
    best.x * best.y + best.y
}

#[differentiable(forward)]
fn patterns_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut rest = x;
    let mut s = k;
    loop {
        match rest {
            [] => break,
            [a] => {
                s += a;
                break;
            }
            [a, b, tail @ ..] => {
                s = s * a + b;
                rest = tail;
            }
        }
    }
    s
}

#[differentiable(forward)]
fn from_both_ends(x: &[f64], k: f64) -> f64 {
    let mut rest = x;
    let mut s = k;
    while let [a, b, ..] = rest {
        s += a * b * s;
        rest = &rest[1..];
    }
    while let [init @ .., last] = rest {
        s *= last;
        rest = init;
    }
    s
}

/// What a slice of a slice cannot have.
#[differentiable]
fn too_far(x: &[f64]) -> f64 {
    let mut part = &x[..2];
    part = &part[1..];
    part = &part[..2];
    part[1]
}

#[test]
#[should_panic(expected = "a slice ends where")]
fn a_slice_of_a_slice_ends_with_it() {
    let _ = too_far::grad(&[1.0, 2.0, 3.0]);
}

/// Nothing flows through what moves here.
#[differentiable(forward)]
fn constants(x: &[f64], k: f64) -> f64 {
    let positions = [2_usize, 0, 3];
    let mut rest = &positions[..];
    let mut largest = &positions[0];
    let mut s = k;
    while let [i, tail @ ..] = rest {
        s += x[*i] * s;
        rest = tail;
        if i > largest {
            largest = i;
        }
    }
    s * x[*largest]
}

modes_agree!(constants without_the_first by_patterns by_split_first by_split_last by_split_at on_a_branch an_iterator_stays a_name_stays the_largest the_smallest_and_the_largest chosen chosen_or_all chosen_by_a_match the_first_and_the_rest if_there_is_one recursive_from_the_end recursive_from_the_beginning a_parameter two_of_one of_several_things a_window a_struct patterns_in_a_loop from_both_ends);
