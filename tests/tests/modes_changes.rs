//! Derivatives along directions, and Hessians times vectors, of functions that change the size of vectors and options in their
//! place.

use tapeless::prelude::*;
use tapeless_tests::{modes::near, modes_agree};

#[differentiable(forward)]
fn cleared(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.clear();
    v.push(x[2]);
    v.push(k);
    v[0] * v[1]
}

#[differentiable(forward)]
fn truncated(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.truncate(1);
    v.push(x[2]);
    v.push(k);
    v[0] * v[1] * v[2]
}

#[differentiable(forward)]
fn popped(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let mut s = 0.0;
    while let Some(a) = v.pop() {
        s += a * a * k * (v.len() as f64 + 1.0);
    }
    s
}

#[differentiable(forward)]
fn popped_and_unwrapped(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.push(k);
    let a = v.pop().unwrap();
    let b = v.pop().unwrap_or(1.0);
    a * b * v[0]
}

#[differentiable(forward)]
fn popped_from_nothing(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.clear();
    v.pop().unwrap_or(k * x[0]) * k
}

#[differentiable(forward)]
fn removed(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let a = v.remove(1);
    a * a * v[1] * k + v[0]
}

#[differentiable(forward)]
fn swap_removed(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let a = v.swap_remove(0);
    a * a * v[0] * k + v[1] * v[2]
}

#[differentiable(forward)]
fn inserted(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.insert(1, k);
    v[1] * v[2] * k
}

#[differentiable(forward)]
fn inserted_among_constants(x: &[f64], k: f64) -> f64 {
    let mut v = vec![1.0, 2.0, 3.0];
    v.insert(1, k);
    v.extend_from_slice(&[4.0, 5.0]);
    v.rotate_right(2);
    let a = v.remove(0);
    v[3] * a * v[3] * x[1]
}

#[differentiable(forward)]
fn a_constant_inserted(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.insert(1, 2.0);
    v.resize(6, 3.0);
    v[1] * v[2] * k * v[5]
}

#[differentiable(forward)]
fn resized(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.resize(6, k);
    let a = v[5] * v[1];
    v.resize(1, x[0]);
    a * v[0]
}

#[differentiable(forward)]
fn extended(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.extend_from_slice(&x[1..]);
    let w = vec![k; 2];
    v.extend_from_slice(&w);
    v[5] * v[1] * v[7]
}

#[differentiable(forward)]
fn appended(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let mut w = vec![k, k * k];
    v.append(&mut w);
    w.push(k);
    v[5] * v[1] * v[4] + w[0]
}

#[differentiable(forward)]
fn split(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let w = v.split_off(1);
    v[0] * w[1] * w[2] * k + w[0] * w[0]
}

#[differentiable(forward)]
fn rotated(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.rotate_left(1);
    let a = v[0] * v[1] * v[1];
    v.rotate_right(2);
    a * k * v[0]
}

#[differentiable(forward)]
fn kept(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.retain(|a| *a > 0.0);
    v[0] * v[1] * v[1] * k
}

#[differentiable(forward)]
fn sorted(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.push(k);
    v.sort_by(|a, b| a.total_cmp(b));
    v[0] * v[1] * v[4] + v[2] * v[3]
}

#[differentiable(forward)]
fn a_queue(x: &[f64], k: f64) -> f64 {
    let mut q = vec![k, k * x[0]];
    let mut s = 0.0;
    for i in 0..4 {
        let a = q.remove(0);
        q.push(a * x[i] + q[0]);
        s += a * q[1];
    }
    s
}

#[differentiable(forward)]
fn on_a_branch(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    if x[0] > 0.0 {
        v.clear();
        v.resize(3, k);
    } else {
        v.truncate(1);
    }
    v[0] * v[1] * v[2]
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct Point {
    a: f64,
    b: f64,
}

#[differentiable(forward)]
fn of_structs(x: &[f64], k: f64) -> f64 {
    let mut v = vec![Point { a: x[0], b: k }; 2];
    v.insert(0, Point { a: k, b: x[1] });
    let p = v.swap_remove(1);
    v.truncate(2);
    v[0].b *= p.a;
    let q = v.pop().unwrap();
    q.a * v[0].b * v[0].a + p.b
}

#[differentiable(forward)]
fn of_positions(x: &[f64], k: f64) -> f64 {
    let mut at = vec![0usize, 1, 2];
    at.push(3);
    let i = at.pop().unwrap();
    at.insert(0, 3);
    at.truncate(2);
    x[i] * x[at[0]] * x[at[1]] * k
}

#[differentiable(forward)]
fn of_vectors(x: &[f64], k: f64) -> f64 {
    let mut v = vec![vec![x[0], k], vec![x[1]]];
    v[0].push(x[2]);
    v[1].insert(0, k * k);
    let w = v.pop().unwrap();
    v.push(vec![w[0] * w[1]]);
    v[1][0] * v[0][2] * v[0][0]
}

#[differentiable(forward)]
fn a_part_emptied(x: &[f64], k: f64) -> f64 {
    let mut v = vec![vec![x[0]]; 2];
    let y = v[0][0] * k;
    v[0].clear();
    v[0].push(y);
    v[0][0] * y * v[1][0]
}

#[differentiable(forward)]
fn parts_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut v = vec![Vec::new(), vec![k]];
    for i in 0..4 {
        let j = i % 2;
        v[j].push(x[i] * k);
        if i == 2 {
            v[1] = vec![x[0] * x[1], k, k];
        }
    }
    v[0][0] * v[0][1] + v[1][0] * v[1][2] * v[1][3]
}

#[differentiable(forward)]
fn a_constant_part(x: &[f64], k: f64) -> f64 {
    let mut v = vec![vec![x[0]]];
    let y = v[0][0];
    v[0] = vec![2.0, 3.0];
    v[0][1] *= k;
    v[0][1] * v[0][0] * y * y * x[1]
}

#[differentiable(forward)]
fn taken(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[1] * k);
    let a = o.take().unwrap();
    if o.is_some() { 0.0 } else { a * a * x[0] }
}

#[differentiable(forward)]
fn replaced(x: &[f64], k: f64) -> f64 {
    let mut o = Some(x[1]);
    let a = o.replace(k * x[2]).unwrap_or(0.0);
    let b = o.replace(2.0).unwrap_or(0.0);
    a * b * o.unwrap()
}

#[differentiable(forward)]
fn an_option_in_a_vector(x: &[f64], k: f64) -> f64 {
    let mut v = vec![Some(x[0]), None];
    let y = v[0].unwrap() * k;
    v[0] = None;
    v[1] = Some(y * y);
    v[0].unwrap_or(y) * v[1].unwrap() * x[2]
}

#[derive(Differentiable, Clone, Debug)]
struct Half {
    a: Vec<f64>,
    #[no_diff]
    b: Vec<f64>,
}

#[differentiable(forward)]
fn parts_without_tangents(x: &[f64], k: f64) -> f64 {
    let mut s = vec![Half {
        a: vec![x[0]],
        b: vec![1.0],
    }];
    s[0].b = vec![2.0, 3.0];
    s[0].a = vec![4.0, k];
    s[0].a[0] = x[1] * k;
    s[0].b[0] = 4.0;
    s[0].a[0] * s[0].a[1] * s[0].b[0] * s[0].b[1] * k
}

modes_agree!(
    cleared truncated popped popped_and_unwrapped popped_from_nothing removed swap_removed inserted inserted_among_constants
    a_constant_inserted resized extended appended split rotated kept sorted a_queue on_a_branch of_structs of_positions of_vectors
    a_part_emptied parts_in_a_loop a_constant_part taken replaced an_option_in_a_vector parts_without_tangents
);

#[differentiable(forward)]
fn turned(x: [f64; 3]) -> [f64; 2] {
    let mut v = vec![x[0], x[1]];
    v.insert(1, x[2] * x[0]);
    v.rotate_left(1);
    let a = v.pop().unwrap();
    [a * v[0], v[1] * v[1] * a]
}

#[test]
fn several_directions() {
    let x = [0.3, -0.7, 1.2];
    let jacobian = turned::jacobian(x);
    let directions = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let (_, columns) = turned::jvp_many::<3>(x, directions);
    for (j, direction) in directions.into_iter().enumerate() {
        let (_, column) = turned::jvp(x, direction);
        assert_eq!(columns[j], column);
        for i in 0..2 {
            near(jacobian[i][j], column[i], "turned");
        }
    }
    near(jacobian[0][0], 2.0 * x[0] * x[2], "turned");
}

/// A direction that is zero, which generated code says by giving none.
#[differentiable(forward)]
fn along_nothing(x: f64, #[no_diff] n: usize) -> f64 {
    let mut v = vec![1.0; n];
    let last = v.pop().unwrap();
    let rest = v.split_off(1);
    v.extend_from_slice(&rest);
    v[0] * last * x * x
}

#[test]
fn constants_have_no_tangent() {
    assert_eq!(along_nothing::jvp(3.0, 4, 1.0).1, 6.0);
    assert_eq!(along_nothing::hvp(3.0, 4, 1.0), 2.0);
}
