//! Scratch space that iterations fill anew, calls behind loops, and loops whose records find no room.

use tapeless::prelude::*;
use tapeless::{assert_gradient, assert_hvp};

#[differentiable(forward)]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut greatest = f64::NEG_INFINITY;
    for x in x {
        greatest = greatest.max(*x);
    }
    let mut sum = 0.0;
    for x in x {
        sum += (x - greatest).exp();
    }
    greatest + sum.ln()
}

fn constant(data: &[f64]) -> f64 {
    data.iter().sum::<f64>() * 0.125
}

/// Scratch space in a vector; a call of a differentiable function and one of another behind the loop.
#[differentiable(forward, wrt(x))]
fn mixture(x: &[f64], data: &[f64]) -> f64 {
    let k = x.len();
    let mut beta = vec![0.0; k];
    let mut likelihood = 0.0;
    for i in 0..data.len() {
        for c in 0..k {
            let distance = data[i] - x[c];
            beta[c] = x[c] * 0.25 - distance * distance;
        }
        likelihood += log_sum_exp(&beta);
    }
    likelihood - data.len() as f64 * log_sum_exp(x) + constant(data)
}

/// In an array, filled and changed again, with branches that read it.
#[differentiable(forward)]
fn changed_again(x: &[f64], n: usize) -> f64 {
    let mut scratch = [0.0; 3];
    let mut sum = 1.0;
    for i in 0..n {
        for c in 0..3 {
            scratch[c] = x[c] * (c as f64 + sum * 0.1);
        }
        if i % 2 == 1 {
            scratch[1] *= scratch[0];
        }
        sum += scratch[1].sin() * scratch[2];
    }
    sum
}

/// Filled in part: the rest comes from the iteration before.
#[differentiable(forward)]
fn filled_in_part(x: &[f64], n: usize) -> f64 {
    let mut scratch = vec![1.0; 3];
    let mut sum = 0.0;
    for i in 0..n {
        for c in 0..2 {
            scratch[c] = x[c] * scratch[2] + i as f64;
        }
        scratch[2] += scratch[0] * 0.5;
        sum += scratch[0] * scratch[1] * scratch[2];
    }
    sum
}

/// Two of three filled, and the third changed.
#[differentiable(forward)]
fn changed_beyond(x: &[f64], n: usize) -> f64 {
    let mut scratch = vec![1.0; 3];
    let mut sum = 0.0;
    for i in 0..n {
        for c in 0..2 {
            scratch[c] = x[c] * (i + 1) as f64;
        }
        scratch[2] += scratch[0] * 0.5;
        sum += scratch[0] * scratch[1] * scratch[2];
    }
    sum
}

/// Read before it is filled.
#[differentiable(forward)]
fn read_before(x: &[f64], n: usize) -> f64 {
    let mut scratch = vec![1.0; 2];
    let mut sum = 0.0;
    for i in 0..n {
        sum += scratch[0] * scratch[1] * x[2];
        for c in 0..2 {
            scratch[c] = x[c] * (i + 1) as f64;
        }
    }
    sum
}

/// Used behind the loop too.
#[differentiable(forward)]
fn used_behind(x: &[f64], n: usize) -> f64 {
    let mut scratch = vec![0.5; 2];
    let mut sum = 0.0;
    for i in 0..n {
        for c in 0..2 {
            scratch[c] = x[c] * (i + c) as f64;
        }
        sum += scratch[0] * scratch[1];
    }
    sum + scratch[0] * x[2] + scratch[1].sin()
}

#[test]
fn scratch_space() {
    let x = [0.3, -0.7, 1.1];
    let data = [0.5, -1.5, 2.0, 0.1];
    let direction = vec![0.2, 1.0, -0.6];
    for n in 0..=4 {
        assert_gradient!(mixture, &x, &data[..n]);
        assert_hvp!(mixture, &x, &data[..n]; &direction);
        assert_gradient!(changed_again, &x, n);
        assert_hvp!(changed_again, &x, n; &direction);
        assert_gradient!(filled_in_part, &x, n);
        assert_hvp!(filled_in_part, &x, n; &direction);
        assert_gradient!(changed_beyond, &x, n);
        assert_hvp!(changed_beyond, &x, n; &direction);
        assert_gradient!(read_before, &x, n);
        assert_hvp!(read_before, &x, n; &direction);
        assert_gradient!(used_behind, &x, n);
        assert_hvp!(used_behind, &x, n; &direction);
    }
}

/// What a call by mutable reference leaves is handed on without copies, also where two variables change places.
#[differentiable]
fn step(y: &[f64], z: &mut [f64], rate: f64) {
    for i in 0..y.len() {
        z[i] = y[i] + rate * (y[(i + 1) % y.len()] * 0.5).sin();
    }
}

#[differentiable]
fn there_and_back(x: &[f64], rate: f64, n: usize) -> f64 {
    let mut y = x.to_vec();
    let mut z = vec![0.0; x.len()];
    let mut seen = 0.0;
    for i in 0..n {
        step(&y, &mut z, rate);
        if i % 3 == 2 {
            step(&z, &mut y, -rate * 0.5);
        }
        std::mem::swap(&mut y, &mut z);
        seen += y[0] * z[1];
    }
    seen + y[1] * z[0]
}

#[test]
fn vectors_by_mutable_reference() {
    for n in [0, 1, 2, 3, 7, 40] {
        assert_gradient!(there_and_back, &[0.4, -0.2, 0.9], 0.05, n);
    }
}

#[differentiable]
fn steps(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        let mut inner = 1.0;
        for j in 0..5 {
            inner = (inner * 0.5 + y * 0.1 * (j + i) as f64 / (n + 5) as f64).sin();
        }
        y += inner * 0.01 - y * y * 0.001;
    }
    y
}

macro_rules! with_places {
    ($($name:ident: $checkpoints:tt;)*) => {$(
        #[differentiable(checkpoints = $checkpoints)]
        fn $name(x: f64, n: usize) -> f64 {
            let mut y = x;
            for i in 0..n {
                let mut inner = 1.0;
                for j in 0..5 {
                    inner = (inner * 0.5 + y * 0.1 * (j + i) as f64 / (n + 5) as f64).sin();
                }
                y += inner * 0.01 - y * y * 0.001;
            }
            y
        }
    )*};
}
with_places! { one: 1; two: 2; three: 3; eight: 8; everything: all; }

/// Loops that fit, that nearly fit, that fit half, and that do not: all give the same, whatever is recorded when.
#[test]
fn records_that_find_no_room() {
    for n in [0, 1, 2, 5, 50, 90, 120, 150, 180, 250, 300, 400, 700, 1500, 5000] {
        let expected = everything::value_and_grad(0.7, n);
        assert_eq!(steps::value_and_grad(0.7, n), expected, "{n} steps");
        assert_eq!(two::value_and_grad(0.7, n), expected, "{n} steps, two places");
        assert_eq!(three::value_and_grad(0.7, n), expected, "{n} steps, three places");
        assert_eq!(eight::value_and_grad(0.7, n), expected, "{n} steps, eight places");
        if n <= 700 {
            assert_eq!(one::value_and_grad(0.7, n), expected, "{n} steps, one place");
        }
    }
    assert_gradient!(steps, 0.7, 300);
}

macro_rules! nests {
    ($($name:ident($($checkpoints:tt)?);)*) => {$(
        #[differentiable($(checkpoints = $checkpoints)?)]
        fn $name(x: f64, n: usize, layers: usize, width: usize) -> f64 {
            let mut state = [x, x * 0.5, -x];
            let mut total = 0.0;
            for t in 0..n {
                let mut value = x * (t + 1) as f64 * 0.1;
                for layer in 0..layers {
                    for j in 0..width {
                        let c = state[j % 3] * (value + layer as f64 * 0.01).sin() + 0.1;
                        state[j % 3] = c.tanh();
                        value = value * 0.5 + c * state[(j + 1) % 3];
                    }
                }
                total += value * state[t % 3];
            }
            total
        }
    )*};
}
nests! { nest(); nest_two(2); nest_three(3); nest_everything(all); }

/// The records of one iteration alone may be more than there is room for, at any depth.
#[test]
fn nests_whose_records_find_no_room() {
    for n in [1, 2, 3, 7, 40] {
        for layers in [0, 1, 2, 5, 6, 7, 12, 40, 100] {
            for width in [0, 1, 3, 14, 90] {
                let expected = nest_everything::value_and_grad(0.7, n, layers, width);
                let shape = (n, layers, width);
                assert_eq!(nest::value_and_grad(0.7, n, layers, width), expected, "{shape:?}");
                if n * layers * width <= 4000 {
                    assert_eq!(
                        nest_two::value_and_grad(0.7, n, layers, width),
                        expected,
                        "{shape:?}, two places"
                    );
                    assert_eq!(
                        nest_three::value_and_grad(0.7, n, layers, width),
                        expected,
                        "{shape:?}, three places"
                    );
                }
            }
        }
    }
}

/// In a function that calls itself there is less room.
#[differentiable]
fn nest_in_recursion(x: f64, depth: usize, n: usize) -> f64 {
    if depth == 0 {
        return x.sin();
    }
    let mut y = x;
    for t in 0..n {
        let mut z = 0.5;
        for layer in 0..n {
            for j in 0..5 {
                z = (z * x + y * 0.1 + (t + layer * j) as f64 * 0.01).sin();
            }
        }
        y = y * 0.9 + z * 0.1;
    }
    y * nest_in_recursion(x * 0.5 + y * 0.1, depth - 1, n)
}

#[test]
fn nests_in_recursion() {
    for depth in 0..4 {
        for n in [0, 1, 2, 5, 9] {
            assert_gradient!(nest_in_recursion, 0.6, depth, n);
        }
    }
}
