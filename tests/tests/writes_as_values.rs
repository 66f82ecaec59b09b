//! Writes where an expression stands, whose value is `()`: bodies of closures without braces, arms, tails.

use tapeless::prelude::*;
use tapeless_tests::modes_agree;

#[differentiable(forward)]
fn a_closure(x: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    let mut add = |v: f64| sum += v * k;
    add(x[0]);
    add(k);
    sum * sum
}

#[differentiable(forward)]
fn in_a_loop(x: &[f64], k: f64) -> f64 {
    let mut sum = 0.0;
    let mut add = |v: f64| sum += v * k;
    for v in x {
        add(*v);
    }
    add(k);
    sum * sum
}

#[differentiable(forward)]
fn an_element(x: &[f64], k: f64) -> f64 {
    let mut v = vec![0.0; 2];
    let mut set = |i: usize, a: f64| v[i] = a * k;
    set(0, x[1]);
    set(1, k);
    v[0] * v[1]
}

#[differentiable(forward)]
fn an_element_changed(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    let mut set = |i: usize, a: f64| v[i] *= a;
    set(0, x[1]);
    set(1, k);
    v[0] * v[1]
}

#[differentiable(forward)]
fn for_each(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    x.iter().for_each(|v| s += v * s);
    s
}

#[differentiable(forward)]
fn for_each_element(x: &[f64], k: f64) -> f64 {
    let mut v = x.to_vec();
    v.iter_mut().for_each(|a| *a = *a * k);
    v.iter_mut().zip(x).for_each(|(a, b)| *a += b * k);
    v[0] * v[1]
}

#[differentiable(forward)]
fn arms_and_tails(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let mut t = 0.0;
    match x[0] > 0.0 {
        true => s += x[1],
        false => s -= x[2],
    }
    if k > 0.0 {
        t += s
    } else {
        t -= s
    }
    let u = {
        t *= 2.0;
        t
    };
    s * t * u
}

#[differentiable(forward)]
fn a_method(x: &[f64], k: f64) -> f64 {
    let mut s = vec![k];
    let mut push = |v: f64| s.push(v * k);
    push(x[0]);
    push(x[1]);
    s[0] * s[1] * s[2]
}

#[differentiable(forward)]
fn as_values(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let () = s *= x[0];
    (s += x[1]);
    {
        s -= x[2]
    };
    let _ = s += k;
    let r = (s *= 2.0, s);
    r.1 * s
}

#[differentiable(forward)]
fn with_and_without_a_value(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    let mut f = |v| {
        s = s * v;
        s
    };
    let a = f(x[0]) + f(x[1]);
    let mut g = |v: f64| -> () { s -= v };
    g(a);
    s
}

#[differentiable(forward)]
fn add_square(x: &mut f64, by: f64) {
    *x += by * by
}

#[differentiable(forward)]
fn add_one_of(t: &mut f64, k: usize, x: f64) {
    match k {
        0 => *t += x,
        1 => *t *= x,
        _ => (),
    }
}

#[differentiable(forward)]
fn tails_of_functions(x: &[f64], k: f64) -> f64 {
    let mut s = k;
    add_square(&mut s, x[0]);
    for i in 0..3 {
        add_one_of(&mut s, i, x[i]);
    }
    s * k
}

#[derive(Differentiable, Clone, Debug)]
struct Counted {
    sum: f64,
    count: usize,
}

#[differentiable(forward)]
impl Counted {
    fn take_in(&mut self, x: f64) {
        self.sum += x * x;
        self.count += 1
    }
    fn scale(&mut self, k: f64) {
        self.sum *= k
    }
}

#[differentiable(forward)]
fn tails_of_methods(x: &[f64], k: f64) -> f64 {
    let mut counted = Counted { sum: k, count: 0 };
    for v in x {
        counted.take_in(*v);
        counted.scale(k);
    }
    counted.sum / counted.count as f64
}

modes_agree!(a_closure in_a_loop an_element an_element_changed for_each for_each_element arms_and_tails a_method as_values tails_of_functions tails_of_methods with_and_without_a_value);
