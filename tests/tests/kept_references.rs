//! What borrows from a parameter, and is in hand while derivatives flow: iterators that a loop carries, slices of slices,
//! cursors.

use tapeless::prelude::*;
use tapeless_tests::check;

// ----- carried by a loop

#[differentiable]
fn integers(x: f64, v: &[i32]) -> f64 {
    let mut it = v.iter();
    let mut s = 0.0;
    while let Some(k) = it.next() {
        s += x * *k as f64;
    }
    s
}

#[differentiable]
fn horner(x: f64, #[no_diff] v: &[f64]) -> f64 {
    let mut it = v.iter();
    let mut s = 1.0;
    while let Some(k) = it.next() {
        s = s * x + *k;
    }
    s
}

#[differentiable]
fn characters(x: f64, text: &str) -> f64 {
    let mut y = x;
    let mut it = text.chars().peekable();
    while let Some(c) = it.next() {
        if it.peek().is_none() {
            y *= x;
        }
        y += f64::from(c as u32 % 7) * x;
    }
    y
}

#[differentiable]
fn rest_of_a_slice(x: f64, v: &[i32]) -> f64 {
    let mut y = x;
    let mut rest = v;
    while let Some((first, others)) = rest.split_first() {
        y = y * x + f64::from(*first);
        rest = others;
    }
    y
}

#[differentiable]
fn of_a_value(x: f64, v: Vec<i32>) -> f64 {
    let mut rest = &v[..];
    let mut y = x;
    while !rest.is_empty() {
        y = y * x + f64::from(rest[0]);
        rest = &rest[1..];
    }
    y
}

#[differentiable]
fn of_a_local(x: f64, n: i32) -> f64 {
    let v: Vec<i32> = (0..n).collect();
    let mut it = v.iter();
    let mut y = x;
    while let Some(k) = it.next() {
        y = y * x + f64::from(*k);
    }
    y
}

#[differentiable]
fn of_a_local_behind_a_branch(x: f64, n: i32) -> f64 {
    let start = if x > 1.0 { x.sqrt() } else { x };
    let v: Vec<i32> = (0..n).collect();
    let mut it = v.iter();
    let mut y = start;
    while let Some(k) = it.next() {
        if y > 100.0 {
            return y * start;
        }
        y = y * x + f64::from(*k);
    }
    y
}

#[differentiable]
fn two_at_a_time(x: f64, v: &[i32]) -> f64 {
    let mut it = v.iter();
    let mut y = x;
    loop {
        let Some(k) = it.next() else { break };
        y = y * x + f64::from(*k);
        if let Some(m) = it.next() {
            y *= f64::from(*m);
        }
    }
    y
}

#[differentiable]
fn largest_so_far(x: f64, v: &[i32]) -> f64 {
    let mut best = &v[0];
    let mut y = x;
    for k in v {
        if k > best {
            best = k;
        }
        y = y * f64::from(*best) * x;
    }
    y
}

struct Cursor<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Cursor { text, position: 0 }
    }
}

impl Clone for Cursor<'_> {
    fn clone(&self) -> Self {
        Cursor { ..*self }
    }
}

impl Cursor<'_> {
    fn step(&mut self) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.position).copied();
        self.position += 1;
        byte
    }
}

#[differentiable]
fn parsed(x: f64, text: &str) -> f64 {
    let mut cursor = Cursor::new(text);
    let mut y = x;
    while let Some(byte) = cursor.step() {
        y = match byte {
            b'+' => y + x,
            b'*' => y * x,
            b's' => y.sin(),
            _ => y,
        };
    }
    y
}

#[differentiable(checkpoints = 3)]
fn many(x: f64, v: &[i32]) -> f64 {
    let mut it = v.iter().rev();
    let mut y = x;
    while let Some(k) = it.next() {
        y = (y * x + f64::from(*k)).sin();
    }
    y
}

#[differentiable]
fn nested(x: f64, v: &[Vec<i32>]) -> f64 {
    let mut rows = v.iter();
    let mut y = x;
    while let Some(row) = rows.next() {
        let mut it = row.iter();
        while let Some(k) = it.next() {
            y = (y * x + f64::from(*k)).cos();
        }
    }
    y
}

#[differentiable]
fn a_vector_comes_out(x: &[f64], v: &[usize]) -> Vec<f64> {
    let mut y = x.to_vec();
    let mut it = v.iter();
    while let Some(i) = it.next() {
        y[*i] = y[*i] * x[0] + 1.0;
    }
    y
}

#[differentiable]
fn writes(x: &mut [f64; 2], v: &[usize]) {
    let mut it = v.iter();
    while let Some(i) = it.next() {
        x[*i] *= x[0] + x[1];
    }
}

// ----- called by others

#[differentiable]
fn calls(x: f64, #[no_diff] v: &[f64], w: &[i32]) -> f64 {
    horner(x * x, v) * horner(x, &v[1..]) + integers(x, w) * integers(x.sin(), &w[..1])
}

#[differentiable]
fn calls_in_a_loop(x: f64, #[no_diff] v: &[f64], w: &[Vec<i32>]) -> f64 {
    let mut y = x;
    for (i, w) in w.iter().enumerate() {
        y = (horner(y * x, &v[i..]) + integers(x, w)).sin();
    }
    y
}

#[differentiable]
fn calls_with_vectors(x: &[f64], v: &[usize]) -> f64 {
    let y = a_vector_comes_out(x, v);
    let mut z = [y[0], y[1]];
    writes(&mut z, &v[1..]);
    z[0] * z[1]
}

struct Filter {
    weights: Vec<f64>,
    gain: f64,
}

#[derive(Differentiable, Clone)]
struct State {
    value: f64,
}

#[differentiable]
impl State {
    fn run(&self, #[no_diff] v: &[f64]) -> f64 {
        let mut it = v.iter();
        let mut y = self.value;
        while let Some(k) = it.next() {
            y = y * self.value + *k;
        }
        y
    }
    fn drive(&mut self, #[no_diff] v: &[f64]) -> f64 {
        let mut it = v.iter();
        while let Some(k) = it.next() {
            self.value = self.value.sin() + *k;
        }
        self.value
    }
    fn consumed(self, #[no_diff] v: &[f64]) -> f64 {
        let mut it = v.iter();
        let mut y = self.value;
        while let Some(k) = it.next() {
            y = y * self.value + *k;
        }
        y
    }
}

#[differentiable]
fn methods(x: f64, #[no_diff] v: &[f64]) -> f64 {
    let mut state = State { value: x };
    let a = state.run(v) * state.drive(&v[..2]);
    a * state.run(&v[1..]) + state.consumed(v)
}

// ----- slices and elements of what no derivative flows through

#[differentiable]
fn first(x: f64, #[no_diff] v: &[f64]) -> f64 {
    x * x * v[0]
}

#[differentiable]
fn filtered(x: f64, #[no_diff] filter: &Filter) -> f64 {
    x * filter.gain + first(x, &filter.weights)
}

#[differentiable]
fn parts(x: f64, #[no_diff] v: &[f64], n: usize) -> f64 {
    let k = n + 1;
    let tail = &v[k..];
    let end = &tail[1..];
    let mut m = 0;
    let early = first(x, &v[m..]);
    m += 1;
    let late = first(x, &v[m..]);
    early * late + first(x * x, v) * first(x, &v[1..]) + first(x.sin(), tail) * first(x, end)
}

#[differentiable]
fn parts_in_arms(x: f64, #[no_diff] v: &[f64], n: usize) -> f64 {
    let y = if x > 1.0 {
        let tail = &v[n..];
        first(x, tail)
    } else if n == 0 {
        return first(x, &v[2..]);
    } else {
        first(x * x, &v[..n])
    };
    y * first(y, &v[1..2])
}

#[differentiable]
fn elements(x: f64, #[no_diff] filters: &[Filter]) -> f64 {
    let filter = filters.first().unwrap();
    let last = filters.last().expect("one at least");
    let weights: &[f64] = &filter.weights;
    filtered(x, filter) * first(x, weights) * filtered(x, last) * last.gain
}

#[differentiable(checkpoints = all)]
fn all_rows(x: f64, #[no_diff] v: &[f64], n: usize) -> f64 {
    let mut y = 1.0;
    for i in 0..n {
        let row = &v[i * 2..i * 2 + 2];
        for (a, b) in row.iter().zip(v) {
            y = y * x + a * b * x;
        }
        y *= first(x, &row[1..]);
    }
    y
}

#[differentiable(checkpoints = all)]
fn all_products(x: &[f64], #[no_diff] v: &[f64]) -> f64 {
    let mut y = 1.0;
    for i in 0..2 {
        let row = &v[i * 2..i * 2 + 2];
        for (a, b) in row.iter().zip(x) {
            y = y * b + a * b;
        }
    }
    y
}

#[differentiable(checkpoints = all)]
fn all_of_an_iterator(x: f64, v: &[i32]) -> f64 {
    let mut it = v.iter();
    let mut y = x;
    while let Some(k) = it.next() {
        y = (y * x + f64::from(*k)).sin();
    }
    y
}

#[differentiable]
fn calls_all(x: f64, #[no_diff] v: &[f64], w: &[i32]) -> f64 {
    all_rows(x, v, 2) * all_of_an_iterator(x, &w[1..]) + all_products(&[x, x * x], v)
}

#[test]
fn carried() {
    for v in [&[][..], &[3], &[1, 2, 3], &[4, -1, 2, 2]] {
        check! { integers(0.7, v); }
        check! { rest_of_a_slice(0.7, v); }
        check! { two_at_a_time(0.7, v); }
        check! { all_of_an_iterator(0.7, v); }
        let owned = v.to_vec();
        assert_gradient!(of_a_value, 0.7, owned.clone());
    }
    for v in [&[][..], &[1.5], &[0.5, -2.0, 3.0]] {
        check! { horner(0.7, v); }
    }
    check! { largest_so_far(0.7, &[1, 3, 2, 5]); }
    for n in [0, 1, 5] {
        check! { of_a_local(0.7, n); }
        check! { of_a_local_behind_a_branch(0.7, n); }
        check! { of_a_local_behind_a_branch(9.0, n); }
    }
    for text in ["", "a", "some words"] {
        check! { characters(0.7, text); }
    }
    check! { parsed(0.7, "+*s**+s"); }
    let v: Vec<i32> = (0..200).map(|i| i * 37 % 11 - 5).collect();
    check! { many(0.7, &v); }
    check! { nested(0.7, &[vec![1, 2], vec![], vec![3]]); }
}

#[test]
fn vectors_and_writes() {
    let (y, pullback) = a_vector_comes_out::vjp(&[2.0, 3.0], &[0, 1, 0]);
    assert_eq!(y, [11.0, 7.0]);
    assert_eq!(pullback(vec![1.0, 1.0]), [16.0, 2.0]);
    let mut x = [2.0, 3.0];
    let ((), pullback) = writes::vjp(&mut x, &[0, 1]);
    assert_eq!(pullback((), [0.0, 1.0]), [21.0, 22.0]);
    assert_eq!(x, [10.0, 39.0]);
}

#[test]
fn called() {
    let v = [0.5, -2.0, 3.0];
    check! { calls(0.7, &v, &[4, 5]); }
    check! { calls_in_a_loop(0.7, &v, &[vec![1], vec![], vec![2, 3]]); }
    check! { calls_with_vectors(&[0.5, 0.25], &[0, 1, 1]); }
    check! { methods(0.7, &v); }
}

#[test]
fn computed_again() {
    let v = [0.5, -2.0, 3.0, 1.5];
    check! { parts(0.7, &v, 1); }
    for (x, n) in [(1.5, 1), (0.5, 0), (0.5, 2)] {
        check! { parts_in_arms(x, &v, n); }
    }
    let filter = |gain| Filter {
        weights: vec![gain + 1.0, 2.0],
        gain,
    };
    check! { elements(0.7, &[filter(0.5), filter(2.0)]); }
    check! { elements(0.7, &[filter(0.5)]); }
    for n in 0..3 {
        check! { all_rows(0.7, &v, n); }
    }
    check! { all_products(&[0.7, 1.2], &v); }
    check! { calls_all(0.7, &v, &[1, 2, 3]); }
}
