//! Conditions in whose course something is written to: by methods with `&mut self`, functions, closures, and vectors' methods.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[derive(Differentiable, Clone, Debug)]
struct State {
    x: f64,
    n: usize,
    rest: Vec<f64>,
}

#[differentiable(forward)]
impl State {
    fn advance(&mut self, k: f64) -> bool {
        self.x *= k + self.rest[1] * 0.2;
        self.n += 1;
        self.n < 4
    }

    fn count(&mut self, k: f64) -> usize {
        self.x += k * k;
        self.n += 1;
        self.n
    }

    fn grow(&mut self, k: f64) -> f64 {
        self.x = self.x * k + 0.4;
        self.n += 1;
        self.x
    }

    fn next(&mut self, k: f64) -> Option<f64> {
        self.x *= k;
        self.n += 1;
        if self.n < 4 { Some(self.x) } else { None }
    }

    fn above(&self, k: f64) -> bool {
        self.x > k
    }

    fn by_numbers(&mut self, k: f64) -> f64 {
        while self.grow(k) < 1.2 && self.n < 10 {
            self.x += k * self.rest[0];
        }
        if self.x < self.grow(k) || self.above(k) {
            self.x * 2.0
        } else {
            self.x
        }
    }

    fn by_options(&mut self, k: f64) -> f64 {
        while self.next(k).is_some() {
            self.x += k;
        }
        if self.next(k).is_none() && self.rest.pop().is_some() {
            self.x *= self.rest[2];
        }
        self.x
    }
}

fn state(x: &[f64]) -> State {
    State {
        x: x[0],
        n: 0,
        rest: x.to_vec(),
    }
}

#[differentiable(forward)]
fn begun(x: &[f64]) -> State {
    State {
        x: x[0],
        n: 0,
        rest: x.to_vec(),
    }
}

#[differentiable(forward)]
fn the_only_evidence(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    while s.advance(k) {}
    s.x * s.x
}

#[differentiable(forward)]
fn a_branch(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    if !s.advance(k) {
        s.x *= 3.0;
    } else if s.count(k) == 2 {
        s.x *= x[1];
    } else {
        s.x = k;
    }
    if 3 > s.count(k) { k } else { s.x * s.x * k }
}

#[differentiable(forward)]
fn not_evaluated(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    if s.n > 0 && s.advance(k) || s.x < 0.2 || s.advance(k * k) && !s.advance(x[2]) {
        s.x *= 5.0;
    }
    let later = s.advance(x[3]) || s.advance(100.0);
    if later { s.x * s.x } else { 1.0 }
}

#[differentiable(forward)]
fn a_loop(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    while s.n < 7 && s.advance(k) {
        s.x += k;
        if s.n == 2 {
            continue;
        }
        s.x *= 1.5;
    }
    s.x * s.rest[1]
}

#[differentiable(forward)]
fn comparisons_of_numbers(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    s.by_numbers(k)
}

#[differentiable(forward)]
fn options(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    s.by_options(k) * s.x
}

#[differentiable(forward)]
fn step(s: &mut State, k: f64) -> bool {
    s.x = s.x * s.x + k;
    s.n += 1;
    s.n < 3
}

#[differentiable(forward)]
fn by_functions(x: &[f64], k: f64) -> f64 {
    let mut s = begun(x);
    while step(&mut s, k) && s.x < 9.0 {
        s.x *= x[2];
    }
    let twice = !step(&mut s, k) && s.n == 4;
    if twice { s.x } else { k }
}

#[differentiable(forward)]
fn by_vectors(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let mut s = k;
    while v.len() > 1 && v.pop().unwrap_or(1.0) < 2.0 {
        s *= v[0] + k;
    }
    let mut held = Some(s);
    if held.take().is_some() && held.is_none() {
        s * s
    } else {
        k
    }
}

#[differentiable(forward)]
fn by_closures(x: &[f64], k: f64) -> f64 {
    let mut total = x[0];
    let mut add = |a: f64| {
        total += a * k;
        total > 2.0
    };
    let mut i = 0;
    while !add(x[i]) && i < 3 {
        i += 1;
    }
    let mut scaled = |a: f64| {
        total *= a;
        total
    };
    if scaled(k) > 0.1 { total * x[1] } else { total }
}

modes_agree!(
    the_only_evidence a_branch not_evaluated a_loop comparisons_of_numbers options by_functions by_vectors by_closures
);

#[test]
fn conditions_are_evaluated_once() {
    // The function itself and the value that comes with its gradient agree with code without the attribute.
    let x = [0.3, -0.7, 1.2, 0.5];
    let mut s = state(&x);
    while s.n < 7 && s.advance(0.8) {
        s.x += 0.8;
        if s.n == 2 {
            continue;
        }
        s.x *= 1.5;
    }
    let expected = s.x * s.rest[1];
    assert_eq!(a_loop(&x, 0.8), expected);
    assert_eq!(a_loop::value_and_grad(&x, 0.8).0, expected);
}
