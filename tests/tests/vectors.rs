//! Methods that change the size or the order of a vector.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable]
fn popped(x: f64) -> f64 {
    let mut stack = vec![x];
    stack.push(x * x);
    let mut s = 0.0;
    while let Some(v) = stack.pop() {
        s = s * v + v;
    }
    s
}

#[differentiable]
fn several(x: f64) -> f64 {
    let mut v = vec![x, x * x];
    let y = v.pop().unwrap();
    v.insert(0, y * x);
    v.resize(4, x);
    v.truncate(3);
    v.resize(2, 0.0);
    v.insert(2, x.sin());
    let k = v.remove(1);
    v.rotate_left(1);
    v.insert(1, k);
    v.rotate_right(2);
    k * v[0] + v[1] * v[2]
}

#[differentiable]
fn joined(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    v.extend_from_slice(x);
    v.extend_from_slice(&[x[0] * x[1], 2.0]);
    let w = vec![x[1]];
    v.extend_from_slice(&w);
    let mut t = v.split_off(2);
    t.append(&mut v);
    v.clear();
    v.push(x[0]);
    t.swap_remove(0) * t.swap_remove(1) * v[0] + t.iter().sum::<f64>() * t[2]
}

#[differentiable]
fn to_the_last(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut s = 1.0;
    let last = v.len();
    let _ = v.split_off(last);
    v.append(&mut Vec::new());
    v.extend_from_slice(&[]);
    v.truncate(100);
    while !v.is_empty() {
        s = s * x[0] + v.swap_remove(v.len() - 1);
    }
    s
}

#[differentiable]
fn notation(x: f64, text: &str) -> f64 {
    let mut stack: Vec<f64> = Vec::new();
    for c in text.chars() {
        match c {
            'x' => stack.push(x),
            '+' | '*' => {
                let b = stack.pop().unwrap();
                let a = stack.pop().unwrap();
                stack.push(if c == '+' { a + b } else { a * b });
            }
            's' => {
                let a = stack.pop().unwrap();
                stack.push(a.sin());
            }
            _ => {}
        }
    }
    stack.pop().unwrap()
}

// ----- in fields, behind references, in vectors

#[derive(Differentiable, Clone)]
struct Holder {
    v: Vec<f64>,
    k: f64,
}

#[differentiable]
fn in_a_field(x: f64) -> f64 {
    let mut s = Holder {
        v: vec![x, x * x],
        k: x,
    };
    let a = s.v.pop().unwrap();
    let b = match s.v.pop() {
        Some(b) => b,
        None => 0.0,
    };
    if let Some(c) = s.v.pop() {
        return c;
    }
    a * b * s.k
}

#[differentiable]
fn behind_a_reference(s: &mut Holder) -> f64 {
    let y = s.v.pop().unwrap_or(1.0);
    s.v.insert(0, y * s.k);
    s.v.truncate(1);
    y * s.v[0]
}

#[differentiable]
fn handed(x: f64) -> f64 {
    let mut s = Holder {
        v: vec![x, x * x],
        k: x,
    };
    behind_a_reference(&mut s) * s.v[0]
}

#[differentiable]
fn top(v: &mut Vec<f64>) -> f64 {
    match v.pop() {
        Some(y) => y * y,
        None => 1.0,
    }
}

#[differentiable]
fn tops(x: f64) -> f64 {
    let mut v = vec![x, x.sin()];
    top(&mut v) * top(&mut v) * top(&mut v) + v.len() as f64
}

#[differentiable]
fn rows(x: f64) -> f64 {
    let mut g = vec![vec![x], vec![x, x * x]];
    let a = g[1].pop().unwrap();
    g[0].insert(0, a);
    let r = g.pop().unwrap();
    g.push(vec![r[0], x]);
    let t = g.remove(0);
    g.insert(0, vec![t[0] * x; 3]);
    g.rotate_left(1);
    t[0] * t[1] * g[0][1] * g[0][0] * g[1][2]
}

#[differentiable]
fn rows_that_go(x: f64) -> f64 {
    let mut g = vec![vec![x], vec![x, x * x], vec![]];
    g.truncate(2);
    let last = g.swap_remove(0);
    g.resize(3, vec![x.exp()]);
    g.swap_remove(1);
    last[0] * g[0][1] * g[1][0]
}

impl Holder {
    fn rest(&self) -> usize {
        self.v.len()
    }
}

#[differentiable]
impl Holder {
    fn following(&mut self) -> f64 {
        match self.v.pop() {
            Some(y) => y * self.k,
            None => self.k,
        }
    }
}

#[differentiable]
fn by_a_method(x: f64) -> f64 {
    let mut s = Holder {
        v: vec![x, x * x],
        k: x,
    };
    let mut y = 1.0;
    while s.rest() > 0 {
        y = y * x + s.following();
    }
    y * s.following()
}

// ----- in loops

#[differentiable]
fn tree(x: f64) -> f64 {
    let mut stack = vec![(x, 1_usize)];
    let mut s = 0.0;
    while let Some((v, depth)) = stack.pop() {
        s += v.sin() * depth as f64;
        if depth < 4 {
            stack.push((v * x, depth + 1));
            stack.push((v + x, depth + 2));
        }
    }
    s
}

#[differentiable]
fn mixed(x: f64, n: usize) -> f64 {
    let mut stack = vec![x];
    let mut s = 0.0;
    for i in 0..n {
        if i % 3 == 2 {
            if let Some(y) = stack.pop() {
                s = s * y + y.sin();
            }
        } else {
            stack.push((s * x + i as f64).cos());
        }
        if i % 5 == 4 {
            stack.insert(0, x);
            stack.rotate_right(1);
        }
        if i % 7 == 6 {
            stack.clear();
            stack.extend_from_slice(&[x, s]);
        }
    }
    for y in &stack {
        s += y * x;
    }
    s
}

#[differentiable(checkpoints = 1)]
fn mixed_from_one_state(x: f64, n: usize) -> f64 {
    let mut stack = vec![x];
    let mut s = 0.0;
    for i in 0..n {
        if i % 3 == 2 {
            s = s * x + stack.pop().unwrap_or(0.5);
        } else {
            stack.push((s * x + i as f64).cos());
        }
    }
    s
}

#[differentiable(checkpoints = all)]
fn mixed_on_the_heap(x: f64, n: usize) -> f64 {
    let mut stack = vec![x];
    let mut s = 0.0;
    for i in 0..n {
        if i % 3 == 2 {
            s = s * x + stack.pop().unwrap_or(0.5);
        } else {
            stack.push((s * x + i as f64).cos());
        }
    }
    s
}

#[differentiable]
fn sliding(x: &[f64], width: usize) -> f64 {
    let mut window = Vec::new();
    let mut s = 0.0;
    for v in x {
        window.push(*v);
        if window.len() > width {
            window.remove(0);
        }
        s += window.iter().map(|w| w * w).sum::<f64>() * v;
    }
    s
}

// ----- iterators

#[differentiable]
fn extended(x: &[f64]) -> f64 {
    let mut v = vec![x[0]];
    v.extend((0..3).map(|i| x[0] * i as f64));
    v.extend(x.iter());
    v.extend(x.iter().copied());
    v.extend(x.iter().rev().map(|a| a * a));
    let w = [x[0], 2.0];
    v.extend(&w);
    v.extend(x.iter().skip(1).chain(&w));
    v.iter().enumerate().map(|(i, a)| a * a * i as f64).sum()
}

// ----- vectors through which nothing flows, and other collections

#[differentiable]
fn tasks(x: f64, n: usize) -> f64 {
    let mut todo = vec![n];
    let mut y = x;
    while let Some(k) = todo.pop() {
        y = y * x + k as f64;
        if k > 1 {
            todo.push(k / 2);
            todo.push(k - 2);
        }
    }
    todo.clear();
    todo.insert(0, 2);
    y * todo[0] as f64
}

#[differentiable]
fn other_collections(x: f64) -> f64 {
    let mut map = std::collections::BTreeMap::new();
    map.insert(1, 3);
    let mut queue = std::collections::VecDeque::new();
    queue.push_back(2);
    let mut y = x;
    while let Some(k) = queue.pop_front() {
        y = y * x * f64::from(k) * f64::from(map[&1]);
        if k < 5 {
            queue.push_back(k + 2);
            map.insert(1, k);
        }
    }
    map.remove(&1);
    let mut text = String::new();
    text.insert(0, 'c');
    text.clear();
    y
}

// ----- methods of these names of one's own

#[derive(Differentiable, Clone)]
struct Own {
    v: Vec<f64>,
    top: f64,
}

#[differentiable]
impl Own {
    fn pop(&mut self) -> f64 {
        self.top *= 2.0;
        self.top
    }
    fn clear(&mut self) {
        self.top = 0.5;
    }
    fn insert(&mut self, i: usize, x: f64) {
        self.v[i] += x;
    }
}

#[differentiable]
fn own(x: f64) -> f64 {
    let mut s = Own { v: vec![x], top: x };
    let y = s.pop();
    s.insert(0, y);
    let z = s.pop();
    own_behind_a_reference(&mut s) * z * s.v[0] + y
}

#[differentiable]
fn own_behind_a_reference(s: &mut Own) -> f64 {
    let y = s.pop();
    s.insert(0, y);
    s.clear();
    y * s.v[0] * s.pop()
}

#[test]
fn vectors() {
    check! {
        popped(1.3);
        several(0.7);
        joined(&[2.0, 3.0, 4.0]);
        to_the_last(&[2.0, 3.0, 4.0]);
        to_the_last(&[2.0]);
        notation(0.7, "xxx*s+x*");
        notation(0.7, "x");
    }
}

#[test]
fn parts() {
    check! {
        in_a_field(1.3);
        handed(1.3);
        tops(1.3);
        rows(1.3);
        rows_that_go(1.3);
        by_a_method(1.3);
        own(1.3);
    }
}

#[test]
fn loops() {
    check! {
        tree(0.7);
        tasks(0.7, 5);
        other_collections(0.7);
    }
    for n in [0, 1, 3, 8, 40, 300] {
        check! {
            mixed(0.7, n);
            mixed_from_one_state(0.7, n);
            mixed_on_the_heap(0.7, n);
        }
    }
    for width in 0..4 {
        check! {
            sliding(&[0.5, 2.0, -1.0], width);
            sliding(&[0.5], width);
        }
    }
    check! { extended(&[0.7, 0.3]); extended(&[0.7]); }
}

#[test]
fn sweeps_are_the_same_whatever_is_kept() {
    for n in [3, 40, 300] {
        assert_eq!(
            mixed_from_one_state::grad(0.7, n).to_bits(),
            mixed_on_the_heap::grad(0.7, n).to_bits()
        );
    }
}
