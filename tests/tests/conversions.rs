//! Arrays, slices and vectors, made of one another; slices as arguments.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct S {
    v: Vec<f64>,
    k: f64,
}

#[differentiable(forward)]
fn squares(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum()
}

#[differentiable(forward)]
fn product(v: [f64; 2]) -> f64 {
    v[0] * v[1]
}

#[differentiable(forward)]
fn as_slices(x: &[f64], k: f64) -> f64 {
    let v = x.to_vec();
    let w = v.as_slice();
    let u = x.to_owned();
    w[0] * k
        + u[1]
            * match v.as_slice() {
                [a, b, ..] => a * b,
                _ => 0.0,
            }
}

#[differentiable(forward)]
fn vectors_of_arrays(x: &[f64], k: f64) -> f64 {
    let v = Vec::from([x[0], k]);
    let w = Vec::from(x);
    let u: Vec<f64> = [x[0], k].into();
    v[0] * w[1] * v[1] + u[1]
}

#[differentiable(forward)]
fn arrays_of_slices(x: &[f64], k: f64) -> f64 {
    let a: [f64; 2] = x[..2].try_into().unwrap();
    let b: [f64; 2] = x[1..3].try_into().expect("two");
    product(a) * k + product(b) * b[0]
}

#[differentiable(forward)]
fn concatenated(x: &[f64], k: f64) -> f64 {
    let v = x.to_vec();
    let c = [v.as_slice(), &[k, k * k]].concat();
    let d = [&x[..2], &x[1..]].concat();
    c.iter().zip(&d).map(|(a, b)| a * b).sum()
}

#[differentiable(forward)]
fn slices_of_fields(x: &[f64], k: f64) -> f64 {
    let s = S { v: x.to_vec(), k };
    squares(s.v.as_slice()) + s.v.as_slice().iter().sum::<f64>() * k
}

#[differentiable(forward)]
fn mutable_slices(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    for y in v.as_mut_slice() {
        *y *= k;
    }
    v.as_mut_slice()[0] += k;
    squares(&v)
}

#[differentiable(forward)]
fn rest_of_a_struct(x: &[f64], k: f64) -> f64 {
    let mut s = S {
        v: x.to_vec(),
        ..S { v: vec![], k: 2.0 * k }
    };
    s.k += 1.0;
    s.v[0] * s.k
}

#[differentiable(forward)]
fn whole_slice_of_field(x: &[f64], k: f64) -> f64 {
    let s = S { v: x.to_vec(), k };
    squares(&s.v[..]) + k
}

#[differentiable(forward)]
fn tail_of_field(x: &[f64], k: f64) -> f64 {
    let s = S { v: x.to_vec(), k };
    squares(&s.v[1..]) + k
}

#[differentiable(forward)]
fn tail_of_row(x: &[f64], k: f64) -> f64 {
    let s = vec![x.to_vec()];
    squares(&s[0][1..]) + k
}

#[differentiable(forward)]
fn field_as_slice(x: &[f64], k: f64) -> f64 {
    let s = S { v: x.to_vec(), k };
    squares(&s.v) + k
}

#[differentiable(forward)]
fn named_tail_of_field(x: &[f64], k: f64) -> f64 {
    let s = S { v: x.to_vec(), k };
    let v = &s.v[1..];
    squares(v) + k
}

#[differentiable(forward)]
fn tail_of_tuple_field(x: &[f64], k: f64) -> f64 {
    let s = (x.to_vec(), k);
    squares(&s.0[1..]) + k
}

#[derive(Differentiable, Clone, Debug)]
struct I {
    v: Vec<usize>,
    w: Vec<f64>,
    #[no_diff]
    u: Vec<f64>,
    k: f64,
}

#[differentiable(forward)]
fn indexed(x: &[f64], v: &[usize], u: &[f64]) -> f64 {
    v.iter().map(|i| x[*i] * x[*i]).sum::<f64>() * u[0]
}

#[differentiable(forward)]
fn indexed_by_constants(x: &[f64], #[no_diff] v: &[usize], #[no_diff] u: &[f64]) -> f64 {
    v.iter().map(|i| x[*i] * x[*i]).sum::<f64>() * u[0]
}

#[differentiable(forward)]
fn tails_in_a_loop(x: &[f64], k: f64) -> f64 {
    let s = I {
        v: vec![1, 0, 2],
        w: x.to_vec(),
        u: vec![3.0, 2.0],
        k,
    };
    let mut t = k;
    for i in 0..2 {
        t += squares(&s.w[s.v[i]..]) * t * s.u[i] * s.k;
    }
    t
}

#[differentiable(forward)]
fn tails_of_constants(x: &[f64], k: f64) -> f64 {
    let q = vec![1usize, 0];
    let r = vec![2.0, 3.0];
    let mut s = 0.0;
    for i in 0..2 {
        s += indexed_by_constants(x, &q[1..], &r[i..]) * (s + k) * r[0];
    }
    s
}

#[differentiable(forward)]
fn tails_of_constants_of_iterations(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for i in 0..2 {
        let q = vec![1usize, 0];
        let r = vec![2.0, 3.0];
        let t = &r[i..];
        s += indexed_by_constants(x, &q[1..], &r[i..]) * (s + k) * indexed_by_constants(x, &q[i..], t);
    }
    s
}

#[differentiable(forward)]
fn tails_in_nested_loops(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let q = [1usize, 0];
    let r = [2.0, 3.0, 4.0];
    for i in 0..2 {
        for j in 0..2 {
            let t = &r[i + j..];
            s += indexed_by_constants(x, &q[j..], t) * s * t[0];
        }
    }
    s
}

#[differentiable(forward)]
fn tails_overwritten(x: &[f64], k: f64) -> f64 {
    let mut q = vec![1usize, 0];
    let mut r = vec![2.0, 3.0];
    let t = &r[1..];
    let a = indexed_by_constants(x, &q[1..], t) * t[0] * k;
    r[1] = 7.0;
    q[1] = 2;
    let b = indexed_by_constants(x, &q[1..], &r[1..]) * k;
    q.push(3);
    r = vec![0.5];
    a * b + indexed_by_constants(x, &q[2..], &r[..])
}

#[differentiable(forward)]
fn tails_overwritten_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut q = vec![1usize, 0];
    let mut r = [2.0, 3.0];
    let mut s = k;
    for i in 0..3 {
        s += indexed_by_constants(x, &q[1..], &r[1..]) * s;
        r[1] += i as f64;
        q[1] = i;
        r = [r[1], r[0] + 1.0];
    }
    s
}

#[differentiable(forward)]
fn tails_assigned_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let mut q = vec![0usize];
    for i in 0..3 {
        let t = &q[..];
        let u = [1.5, i as f64];
        s += indexed_by_constants(x, t, &u[..]) * s;
        q = vec![i, 1];
        let w = &q[1..];
        s *= indexed_by_constants(x, w, &u[1..]) + 1.0;
    }
    s
}

#[differentiable(forward)]
fn tails_rotated(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let mut u = [0.5, 0.25, 0.125];
    let mut q = vec![0usize, 1, 2];
    let r = if k > 0.0 { vec![1.0, 2.0] } else { vec![3.0, 1.0] };
    while s < 4.0 {
        for j in 0..2 {
            let first = indexed_by_constants(x, &q[j..], &u[1..]);
            s += 1.0 + first * s * indexed_by_constants(x, &q, &r[1..]);
            q.swap(j, 2);
        }
        u.rotate_left(1);
    }
    s
}

modes_agree! {
    tails_overwritten
    tails_overwritten_in_a_loop
    tails_assigned_in_a_loop
    tails_rotated
    as_slices
    vectors_of_arrays
    arrays_of_slices
    concatenated
    slices_of_fields
    mutable_slices
    rest_of_a_struct
    whole_slice_of_field
    tail_of_field
    tail_of_row
    field_as_slice
    named_tail_of_field
    tail_of_tuple_field
    tails_in_a_loop
    tails_of_constants
    tails_of_constants_of_iterations
    tails_in_nested_loops
}
