//! Parts of slices that have names: their tangents are found once, where the part is.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct Pair {
    x: f64,
    #[no_diff]
    weight: f64,
    y: [f64; 2],
}

#[differentiable(forward)]
fn of_a_part(x: &[f64], k: f64) -> f64 {
    let middle = &x[1..3];
    let last = &middle[1..];
    middle[0] * last[0] * k + middle[1].sin()
}

#[differentiable(forward)]
fn rows(x: &[f64], k: f64) -> f64 {
    let mut s = 0.0;
    for row in x.chunks(2) {
        for (a, b) in row.iter().zip([0.5, 2.0].iter()) {
            s += a * a * b * k;
        }
    }
    s
}

#[differentiable(forward)]
fn beside_constants(x: &[f64], k: f64) -> f64 {
    let constants = [1.5, -0.5, 2.5, 0.25, 9.0];
    let mut most = f64::NEG_INFINITY;
    for constants in constants.chunks(2) {
        for part in x.chunks(2) {
            let mut s = 0.0;
            for (c, v) in constants.iter().zip(part) {
                s += (c - v) * (c - v) * k;
            }
            if s > most {
                most = s;
            }
        }
    }
    most * most
}

#[differentiable(forward)]
fn longer_than_its_companion(x: &[f64], k: f64) -> f64 {
    let few = [2.0, 3.0];
    let many = [2.0, 3.0, 4.0, 5.0, 6.0];
    let mut s = k;
    for (c, v) in few.iter().zip(x) {
        s += c * v * v;
    }
    for (c, v) in many.iter().zip(x) {
        s += c * v * s;
    }
    for (i, (c, v)) in many.iter().zip(x).enumerate() {
        s += c * v * i as f64;
    }
    s
}

#[differentiable(forward)]
fn in_one_arm(x: &[f64], k: f64) -> f64 {
    let n = x.len() / 2;
    if k > 0.0 {
        let part = &x[..n];
        part[0] * part[1] * k
    } else {
        let part = &x[n..];
        part[0].exp() * k
    }
}

#[differentiable(forward)]
fn under_the_same_name(x: &[f64], k: f64) -> f64 {
    let x = &x[1..];
    let x = &x[..2];
    let mut s = x[0] * k;
    for x in x.windows(2) {
        let x = &x[1..];
        s += x[0] * x[0];
    }
    s * x[1]
}

#[differentiable(forward)]
fn bounds_that_move(x: &[f64], k: f64) -> f64 {
    let (mut from, mut to) = (0, x.len());
    let mut s = 1.0;
    while from < to {
        let part = &x[from..to];
        s += part[0] * part[part.len() - 1] * k * s;
        from += 1;
        to -= 1;
    }
    s
}

#[differentiable(forward)]
fn of_a_copy(x: &[f64], k: f64) -> f64 {
    let mut own = x.to_vec();
    own[0] *= k;
    let part = &own[..2];
    let before = part[0] * part[1];
    own[0] = 0.5;
    let part = &own[..2];
    before + part[0] * part[1] * part[1]
}

#[differentiable(forward)]
fn of_pairs(pairs: &[Pair], k: f64) -> f64 {
    let tail = &pairs[1..];
    let mut s = 0.0;
    for pair in tail {
        s += pair.weight * pair.x * pair.y[1] * k;
        let y = &pair.y[..1];
        s += y[0] * y[0] * s;
    }
    s
}

#[differentiable(forward)]
fn pairs(x: &[f64], k: f64) -> f64 {
    let pairs = [
        Pair {
            x: x[0],
            weight: 2.0,
            y: [x[1], x[2]],
        },
        Pair {
            x: x[1],
            weight: 0.5,
            y: [x[0], x[3]],
        },
        Pair {
            x: k,
            weight: 1.5,
            y: [x[2] * x[2], x[0]],
        },
    ];
    of_pairs(&pairs, k)
}

#[differentiable(forward)]
fn of_rows(table: &[[f64; 2]], k: f64) -> f64 {
    let lower = &table[1..];
    lower[0][1] * lower[0][0] * k
}

#[differentiable(forward)]
fn rows_of_arrays(x: &[f64], k: f64) -> f64 {
    of_rows(&[[x[0], x[1]], [x[2], x[3]]], k) * x[0]
}

#[differentiable(forward)]
fn of_vectors(table: &[Vec<f64>], k: f64) -> f64 {
    let mut s = 0.0;
    for row in &table[..2] {
        let tail = &row[1..];
        s += tail[0] * row[0] * k;
    }
    s
}

#[differentiable(forward)]
fn rows_of_vectors(x: &[f64], k: f64) -> f64 {
    of_vectors(&[vec![x[0], x[1]], vec![x[2], x[3]], vec![k]], k)
}

#[differentiable(forward)]
fn squares(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v * v).sum()
}

#[differentiable(forward)]
fn handed_on(x: &[f64], k: f64) -> f64 {
    let part = &x[1..];
    squares(part) * k + squares(&part[1..])
}

#[differentiable(forward)]
fn of_names_like_generated_ones(x: &[f64], k: f64) -> f64 {
    let part_dot = &x[2..];
    let part = &x[..2];
    let __part_dot = part[0] * k;
    part[1] * part_dot[0] * __part_dot
}

modes_agree!(of_a_part rows beside_constants longer_than_its_companion in_one_arm under_the_same_name bounds_that_move of_a_copy pairs rows_of_arrays rows_of_vectors handed_on of_names_like_generated_ones);
