//! Mutable references through which nothing flows, in loops: generators of random numbers, counters.

use tapeless::prelude::*;

/// Checks a function of `x` and of what is behind a mutable reference: its value, its derivative, and what it leaves there.
macro_rules! check {
    ($function:ident, $x:expr, $state:expr $(, $rest:expr)*) => {{
        let (x, state) = ($x, $state);
        let at = |x: f64| $function(x, &mut state.clone() $(, $rest)*);
        let (mut left, mut found_left, mut pulled_left) = (state.clone(), state.clone(), state.clone());
        let value = $function(x, &mut left $(, $rest)*);
        let (found, gradient) = $function::value_and_grad(x, &mut found_left $(, $rest)*);
        assert_eq!((value, &left), (found, &found_left), "{}", stringify!($function));
        let (found, pullback) = $function::vjp(x, &mut pulled_left $(, $rest)*);
        assert_eq!((value, gradient), (found, pullback(1.0)), "{}", stringify!($function));
        assert_eq!(left, pulled_left, "{}", stringify!($function));
        let difference = (at(x + 1e-6) - at(x - 1e-6)) / 2e-6;
        let off = (gradient - difference).abs();
        assert!(off <= 1e-6 * (1.0 + difference.abs()), "{}: {gradient} {difference}", stringify!($function));
    }};
}

fn next(seed: &mut u64) -> f64 {
    *seed = (*seed * 7 + 3) % 101;
    *seed as f64 / 101.0
}

#[derive(Clone, Debug, PartialEq)]
struct Lcg {
    state: u64,
    drawn: usize,
}

impl Lcg {
    fn next(&mut self) -> f64 {
        self.drawn += 1;
        next(&mut self.state)
    }
}

#[differentiable]
fn handed_on(x: f64, seed: &mut u64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y *= x + next(seed);
    }
    y
}

#[differentiable]
fn written_in_place(x: f64, seed: &mut u64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        *seed += 1;
        y = (y * x * (*seed % 3) as f64).sin() + x;
    }
    y
}

#[differentiable]
fn by_a_method(x: f64, #[no_diff] generator: &mut Lcg, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while i < n {
        let u = generator.next();
        if u > 0.9 {
            generator.drawn += 10;
            return y * x;
        }
        for _ in 0..generator.drawn % 3 {
            y = (y * (x + generator.next())).cos();
        }
        i += 1;
    }
    y + generator.state as f64 * x
}

#[differentiable]
fn end_of_a_range(x: f64, n: &mut usize) -> f64 {
    let mut sum = x * (0..*n).map(|i| x * i as f64).sum::<f64>();
    for i in 0..*n {
        sum = sum * x + i as f64;
    }
    *n += 1;
    sum
}

#[differentiable]
fn two(x: f64, seed: &mut u64, count: &mut usize) -> f64 {
    let mut y = x;
    for i in 0..6 {
        if next(seed) < 0.5 {
            *count += 1;
            continue;
        }
        y *= x + next(&mut *seed) * *count as f64;
        if i == 4 {
            return y;
        }
    }
    y
}

fn draw(seed: &mut u64) -> usize {
    (next(seed) * 5.0) as usize
}

#[differentiable]
fn number_of_iterations(x: f64) -> f64 {
    let mut seed = 5;
    let mut y = x;
    for _ in 0..draw(&mut seed) {
        for i in draw(&mut seed)..6 {
            y = (y * x).sin() + i as f64;
        }
    }
    y * seed as f64
}

#[test]
fn generators() {
    for n in [0, 1, 2, 5, 70] {
        check!(handed_on, 0.9, 5_u64, n);
        check!(written_in_place, 0.9, 5_u64, n);
        check!(by_a_method, 0.9, Lcg { state: 5, drawn: 0 }, n);
        check!(by_a_method, 0.9, Lcg { state: 77, drawn: 1 }, n);
    }
    for n in [0_usize, 1, 4] {
        check!(end_of_a_range, 0.9, n);
    }
    assert_gradient!(number_of_iterations, 0.9);
    for seed in 0..9_u64 {
        let (mut a, mut b) = ((seed, 3), (seed, 3));
        let value = two(0.9, &mut a.0, &mut a.1);
        let (found, gradient) = two::value_and_grad(0.9, &mut b.0, &mut b.1);
        assert_eq!((value, a), (found, b));
        let at = |x: f64| two(x, &mut { seed }, &mut { 3 });
        let difference = (at(0.9 + 1e-6) - at(0.9 - 1e-6)) / 2e-6;
        assert!(
            (gradient - difference).abs() <= 1e-6 * (1.0 + difference.abs()),
            "{gradient} {difference}"
        );
    }
}
