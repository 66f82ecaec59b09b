//! Integers and the like, handed by mutable reference to functions with derivatives: states of generators, counters, flags.

use tapeless::prelude::*;
use tapeless_tests::check;

#[differentiable]
fn noisy(x: f64, seed: &mut u64) -> f64 {
    *seed = (*seed * 7 + 3) % 11;
    x * *seed as f64
}

#[differentiable]
fn both(x: f64, y: &mut f64, seed: &mut u64) -> f64 {
    *seed += 1;
    *y *= x;
    x * *seed as f64
}

#[derive(Differentiable, Clone)]
struct Gain {
    k: f64,
}

#[differentiable]
impl Gain {
    fn noisy(&self, seed: &mut u64) -> f64 {
        *seed += 2;
        self.k * *seed as f64
    }
    fn drift(&mut self, seed: &mut u64) {
        *seed += 2;
        self.k *= *seed as f64;
    }
}

#[differentiable]
fn local(x: f64) -> f64 {
    let mut seed = 5_u64;
    noisy(x, &mut seed) * noisy(x, &mut seed) + seed as f64 * x
}

#[differentiable]
fn in_a_loop(x: f64, n: usize) -> f64 {
    let mut seed = 5;
    let mut y = x;
    for _ in 0..n {
        y = (y * 0.9 + 0.01 * noisy(x, &mut seed)).sin();
        if seed % 2 == 0 {
            seed += 3;
        }
    }
    y * seed as f64
}

#[differentiable(checkpoints = 2)]
fn from_states(x: f64, n: usize) -> f64 {
    let mut seed = 5;
    let mut y = x;
    for _ in 0..n {
        y = (y * 0.9 + 0.01 * noisy(x, &mut seed)).sin();
        if seed % 2 == 0 {
            seed += 3;
        }
    }
    y * seed as f64
}

#[differentiable(checkpoints = all)]
fn on_the_heap(x: f64, n: usize) -> f64 {
    let mut seed = 5;
    let mut y = x;
    for _ in 0..n {
        y = (y * 0.9 + 0.01 * noisy(x, &mut seed)).sin();
        if seed % 2 == 0 {
            seed += 3;
        }
    }
    y * seed as f64
}

#[differentiable]
fn handed_on(x: f64, seed: &mut u64) -> f64 {
    let a = noisy(x, seed);
    let b = noisy(x * a, &mut *seed);
    *seed += 1;
    a * b
}

#[differentiable]
fn handed_on_in_a_loop(x: f64, seed: &mut u64) -> f64 {
    let mut y = x;
    for _ in 0..5 {
        y = (y * noisy(x, seed)).sin();
    }
    y
}

#[differentiable]
fn through_several(x: f64) -> f64 {
    let mut seed = 2;
    handed_on(x, &mut seed) * handed_on_in_a_loop(x, &mut seed) * seed as f64
}

#[differentiable]
fn beside_others(x: f64) -> f64 {
    let mut seed = 2;
    let gain = Gain { k: x };
    let mut y = x;
    let a = both(x, &mut y, &mut seed);
    a * y * gain.noisy(&mut seed) * gain.noisy(&mut seed)
}

#[differentiable]
fn temporaries(x: f64, n: u64) -> f64 {
    noisy(x, &mut (2 + 1)) * noisy(x * x, &mut 7) * noisy(x, &mut (n as u64 + 1))
}

#[differentiable]
fn by_a_method(x: f64) -> f64 {
    let mut seed = 2;
    let mut gain = Gain { k: x };
    gain.drift(&mut seed);
    gain.drift(&mut seed);
    gain.k * seed as f64
}

#[differentiable]
fn in_branches(x: f64, mut seed: u64) -> f64 {
    if x > 0.0 {
        seed += 1;
        let a = noisy(x, &mut seed);
        if seed > 3 {
            return a * noisy(a, &mut seed);
        }
    }
    let mut pair = [x, x * x];
    for v in pair.iter_mut() {
        *v *= noisy(*v, &mut seed);
    }
    pair[0] * pair[1] * seed as f64
}

#[differentiable]
fn step(x: f64, n: &mut usize, up: &mut bool) -> f64 {
    *up = !*up;
    *n *= 2;
    x.powi(*n as i32)
}

#[differentiable]
fn flags(x: f64, mut n: usize, b: bool) -> f64 {
    fn next(n: &mut usize) -> f64 {
        *n += 1;
        *n as f64
    }
    let mut up = b;
    let y = step(x, &mut n, &mut up) * next(&mut n);
    if up { y * x } else { y }
}

#[test]
fn integers() {
    check! {
        local(0.7);
        through_several(0.2);
        beside_others(0.7);
        temporaries(0.7, 3);
        by_a_method(0.7);
        in_branches(0.2, 1);
        in_branches(0.2, 8);
        in_branches(-0.2, 8);
        flags(0.7, 2, true);
        flags(0.7, 1, false);
    }
    for n in [0, 1, 7, 300] {
        check! { in_a_loop(0.7, n); }
        assert_eq!(from_states::grad(0.7, n).to_bits(), on_the_heap::grad(0.7, n).to_bits());
        assert_eq!(in_a_loop::grad(0.7, n).to_bits(), on_the_heap::grad(0.7, n).to_bits());
    }
}

#[test]
fn what_is_written_comes_out() {
    let (mut a, mut b) = (2, 2);
    let value = handed_on(0.5, &mut a);
    assert_eq!(handed_on::value_and_grad(0.5, &mut b).0.to_bits(), value.to_bits());
    assert_eq!(a, b);
}
