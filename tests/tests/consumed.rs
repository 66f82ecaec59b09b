//! Loops and methods that consume what they are given, in sweeps that need it more than once.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Clone)]
struct I {
    idx: Vec<usize>,
}

#[differentiable(forward)]
fn owned_parameter(x: &[f64], w: Vec<usize>, k: f64) -> f64 {
    let mut s = k;
    for i in w {
        s += x[i] * s;
    }
    s
}

#[differentiable(forward)]
fn slice_parameter(x: &[f64], w: &[usize], k: f64) -> f64 {
    let mut s = k;
    for i in w {
        s += x[*i] * s;
    }
    s
}

#[differentiable(forward)]
fn vector_by_reference(x: &[f64], w: &Vec<usize>, k: f64) -> f64 {
    let mut s = k;
    for &i in w {
        s += x[i] * s;
    }
    s + w.into_iter().map(|&i| x[i] * k).sum::<f64>()
}

#[differentiable(forward)]
fn field_of_parameter(x: &[f64], #[no_diff] w: I, k: f64) -> f64 {
    let mut s = k;
    for i in w.idx {
        s += x[i] * s;
    }
    s
}

#[differentiable(forward)]
fn field_behind_reference<'a>(x: &[f64], #[no_diff] w: &'a I, k: f64) -> f64 {
    let mut s = k;
    for i in w.idx.clone() {
        s += x[i] * s;
    }
    for i in &w.idx {
        s *= x[*i];
    }
    s
}

#[differentiable(forward)]
fn parameters(x: &[f64], k: f64) -> f64 {
    let w = vec![0, 1];
    owned_parameter(x, w, k) + slice_parameter(x, &[2, 1], k)
}

#[differentiable(forward)]
fn references(x: &[f64], k: f64) -> f64 {
    vector_by_reference(x, &vec![0, 1], k)
}

#[differentiable(forward)]
fn field(x: &[f64], k: f64) -> f64 {
    let w = I { idx: vec![2, 0] };
    let mut s = k;
    for i in w.idx {
        s += x[i] * s;
    }
    s
}

#[differentiable(forward)]
fn array_twice(x: &[f64], k: f64) -> f64 {
    let w = [0.5, 2.0];
    let mut s = k;
    for (a, b) in x.iter().zip(w) {
        s += a * b * s;
    }
    for w in w {
        s *= w;
    }
    s
}

#[differentiable(forward)]
fn zipped(x: &[f64], k: f64) -> f64 {
    let w = vec![0.5, 2.0];
    let u = vec![1.5, 2.5];
    x.iter().zip(w).zip(u).map(|((a, b), c)| a * a * b * c * k).sum()
}

#[differentiable(forward)]
fn map_by_reference_and_by_value(x: &[f64], k: f64) -> f64 {
    let w: std::collections::BTreeMap<usize, f64> = [(0, 1.0), (1, 2.0)].into_iter().collect();
    let mut s = k;
    for (i, v) in &w {
        s += x[*i] * v * s;
    }
    for (i, v) in w {
        s *= x[i] + v;
    }
    s
}

#[differentiable(forward)]
fn clones_in_a_loop(x: &[f64], k: f64) -> f64 {
    let v = vec![0usize, 2];
    let mut s = k;
    for _ in 0..2 {
        let v = v.clone();
        for i in v {
            s += x[i] * s;
        }
    }
    s
}

#[differentiable(forward)]
fn made_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    for j in 0..3 {
        let v: Vec<usize> = (0..=j).collect();
        for i in v.into_iter().rev() {
            s += x[i] * s;
        }
    }
    s
}

#[differentiable(forward)]
fn pairs(x: &[f64], k: f64) -> f64 {
    let v = vec![(0usize, 1usize), (1, 2)];
    let mut s = k;
    for (i, j) in v {
        s += x[i] * s * x[j];
    }
    s
}

#[differentiable(forward)]
fn texts(x: &[f64], k: f64) -> f64 {
    let v = vec!["a".to_string(), "bb".to_string()];
    let mut s = k;
    for n in v {
        s += x[n.len()] * s;
    }
    s
}

#[differentiable(forward)]
fn option(x: &[f64], k: f64) -> f64 {
    let v = Some(2usize);
    let mut s = k;
    for n in v.into_iter() {
        s += x[n] * s;
    }
    s
}

#[differentiable(forward)]
fn slice_and_range(x: &[f64], k: f64) -> f64 {
    let v = &[2usize, 0][..];
    let mut s = k;
    for n in v {
        s += x[*n] * s;
    }
    let r = 0..2;
    for i in r {
        s *= x[i];
    }
    s
}

#[differentiable(forward)]
fn chained(x: &[f64], k: f64) -> f64 {
    let v = vec![0usize, 1];
    let w = vec![2usize];
    v.into_iter()
        .chain(w)
        .enumerate()
        .map(|(j, i)| x[i] * k * j as f64 + x[i] * x[j])
        .sum()
}

#[differentiable(forward)]
fn collected(x: &[f64], k: f64) -> f64 {
    let v = vec![0usize, 1];
    let w: Vec<f64> = v.into_iter().map(|i| x[i] * k).collect();
    w[0] * w[1]
}

#[differentiable(forward)]
fn left_early(x: &[f64], k: f64) -> f64 {
    let v = vec![0usize, 1, 2, 0];
    let mut s = k;
    'a: for i in v {
        if x[i] < 0.0 {
            continue;
        }
        for j in 0..2 {
            s += x[i] * s * x[j];
            if s > 1e3 {
                break 'a;
            }
        }
    }
    s
}

#[derive(Differentiable, Clone, Debug)]
struct S {
    v: Vec<f64>,
    k: f64,
}

#[derive(Differentiable, Clone, Copy, Debug)]
struct P {
    a: f64,
    k: f64,
}

#[differentiable(forward)]
impl S {
    fn next(self, a: f64) -> S {
        S {
            k: self.k * a + self.v[0],
            v: self.v,
        }
    }
    fn area(self) -> f64 {
        self.v[0] * self.k
    }
    fn size(&self) -> f64 {
        self.k * self.v[1]
    }
    fn bump(&mut self, a: f64) {
        self.k *= a;
        self.v[0] += a * a;
    }
    fn twice(&mut self) -> f64 {
        self.k *= 2.0;
        self.k * self.v[0]
    }
    fn with(mut self, a: f64) -> S {
        self.k += a * a;
        self.v[1] *= a;
        self
    }
}

#[differentiable(forward)]
impl P {
    fn step(self, a: f64) -> P {
        P {
            a: self.a * a + self.k,
            k: self.k * 0.5,
        }
    }
    fn grow(&mut self, x: f64) -> P {
        self.a += x * x;
        *self
    }
}

#[differentiable(forward)]
fn receiver_in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = S { v: x.to_vec(), k };
    for i in 0..3 {
        s = s.next(x[i]);
    }
    s.area()
}

#[differentiable(forward)]
fn builders_and_changes(x: &[f64], k: f64) -> f64 {
    let mut s = S { v: x.to_vec(), k };
    for i in 0..3 {
        s = s.next(x[i]).with(k);
        s.bump(x[0]);
        let t = s.twice();
        s.k += t * s.size();
    }
    s.area()
}

#[differentiable(forward)]
fn receiver_in_branches(x: &[f64], k: f64) -> f64 {
    let mut s = S { v: x.to_vec(), k };
    for i in 0..3 {
        s = if x[i] > 0.0 { s.next(x[i]) } else { s.with(k) };
    }
    s.area()
}

#[differentiable(forward)]
fn copied_receiver(x: &[f64], k: f64) -> f64 {
    let mut p = P { a: x[0], k };
    for i in 0..3 {
        p = p.step(x[i]);
        p.k += p.a;
    }
    p.a * p.k
}

#[differentiable(forward)]
fn changing_method_with_a_result(x: &[f64], k: f64) -> f64 {
    let mut p = P { a: x[0], k };
    for i in 0..3 {
        let q = p.grow(x[i]);
        p.k *= q.a;
    }
    p.a * p.k
}

#[differentiable(forward)]
fn receiver_in_a_while_loop(x: &[f64], k: f64) -> f64 {
    let mut s = S { v: x.to_vec(), k };
    let mut n = 0;
    while n < 4 && s.k < 50.0 {
        s = s.next(x[n]);
        n += 1;
    }
    let t = s.clone().area();
    s = s.with(t);
    s.next(k).area()
}

#[differentiable(forward)]
fn changing_method_whose_result_replaces(x: &[f64], k: f64) -> f64 {
    let mut p = P { a: x[0], k };
    let mut q = p;
    for i in 0..3 {
        p = p.grow(x[i] * p.k);
        p.k *= q.a;
        q = if x[i] > 0.0 { q.grow(p.a).step(k) } else { q.step(x[i]) };
        let r = q.grow(x[1]);
        q.k += r.a;
    }
    p.a * p.k * q.a * q.k
}

modes_agree! {
    changing_method_whose_result_replaces
    parameters
    references
    field
    array_twice
    zipped
    map_by_reference_and_by_value
    clones_in_a_loop
    made_in_a_loop
    pairs
    texts
    option
    slice_and_range
    chained
    collected
    left_early
    receiver_in_a_loop
    builders_and_changes
    receiver_in_branches
    copied_receiver
    changing_method_with_a_result
    receiver_in_a_while_loop
}
