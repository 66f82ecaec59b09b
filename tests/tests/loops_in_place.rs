//! Loops that write to what they carry, in place; loops that are recorded, and that are not; loops that go forward and back at
//! once.
#![allow(clippy::needless_range_loop, clippy::manual_memcpy, clippy::assign_op_pattern)]

use tapeless::prelude::*;

/// Checks a function at the given arguments: the value, the gradient against differences, and both ways to get it against
/// each other, bit for bit.
macro_rules! check {
    ($($name:ident($($argument:expr),*);)*) => {$(
        #[allow(clippy::float_cmp)]
        {
            println!("{}", stringify!($name($($argument),*)));
            let value = $name($($argument),*);
            let (found, joint) = $name::value_and_grad($($argument),*);
            assert!(value.to_bits() == found.to_bits(), "{}: {value} {found}", stringify!($name));
            let (split_value, pullback) = $name::vjp($($argument),*);
            let split = pullback(1.0);
            assert!(value.to_bits() == split_value.to_bits(), "{}: {value} {split_value}", stringify!($name));
            let agree = tapeless::check::compare(&joint, &split, 1e-12);
            assert!(agree.is_ok(), "{}: {joint:?} {split:?}", stringify!($name));
            assert_gradient!($name, $($argument),*);
        }
    )*};
}

/// From none to many: around nothing, one, and whatever a store may hold.
const COUNTS: [usize; 12] = [0, 1, 2, 3, 7, 8, 9, 31, 63, 64, 65, 200];

#[differentiable]
fn aliasing(x: &[f64; 6], n: usize) -> f64 {
    let mut v = *x;
    for _ in 0..n {
        for i in 1..6 {
            v[i] = v[i - 1] * v[i] * 0.9 + 0.1;
        }
        v[0] = v[5] * 0.5 + v[0];
    }
    v[0] * v[1] + v[5]
}

#[differentiable]
fn own_elements(x: &[f64; 6], n: usize) -> f64 {
    let mut v = *x;
    for i in 0..n.min(6) {
        v[i] = v[i] * v[i];
        v[i] = v[i].sin() + x[i];
    }
    let mut sum = 0.0;
    for i in 0..6 {
        sum += v[i] * v[i] * i as f64;
    }
    sum
}

#[differentiable]
fn own_elements_backwards(x: &[f64; 6], rate: f64) -> f64 {
    let mut v = *x;
    for i in (1..6).rev().step_by(2) {
        if rate > 0.5 {
            v[i] *= rate * v[i];
        }
        v[i] += v[i] * rate;
    }
    v[1] * v[3] + v[5] * v[0] + v[2]
}

/// Not elements of their own: the index is not the number of the iteration.
#[differentiable]
fn shifted(x: &[f64; 6]) -> f64 {
    let mut v = *x;
    for i in 0..5 {
        let k = i + 1;
        v[k] = v[i] * v[k];
    }
    v[5] + v[3]
}

/// Indices from data, some of them twice.
#[differentiable]
fn scatter(x: &[f64; 4], at: &[usize]) -> f64 {
    let mut v = *x;
    for i in 0..at.len() {
        let k = at[i];
        v[k] = v[k] * v[(k + 1) % 4] + 0.3;
    }
    v[0] * v[1] + v[2] * v[3]
}

#[differentiable]
fn twice_in_an_iteration(x: &[f64; 4], n: usize) -> f64 {
    let mut v = *x;
    for i in 0..n {
        let k = i % 4;
        v[k] = v[k] * 1.1;
        v[k] = v[k] * v[(k + 1) % 4];
        v[(k + 2) % 4] = v[k].cos();
        v[k] += 0.25;
    }
    v[0] + v[1] * v[2] - v[3]
}

#[differentiable]
fn in_branches(x: &[f64; 4], n: usize) -> f64 {
    let mut v = *x;
    let mut s = 0.2;
    for i in 0..n {
        if v[i % 4] > 0.6 {
            v[i % 4] = v[i % 4] * 0.4;
            s += v[i % 4] * v[(i + 1) % 4];
        } else if i % 3 == 0 {
            v[(i + 1) % 4] = v[i % 4] + 0.5 * s;
        } else {
            s = s * 0.5;
        }
    }
    s * v[0] + v[1] * v[2] + v[3]
}

#[differentiable]
fn with_breaks(x: &[f64; 4], n: usize) -> f64 {
    let mut v = *x;
    'outer: for i in 0..n {
        for j in 0..4 {
            v[j] = v[j] * 1.05 + v[(j + 1) % 4] * 0.1;
            if v[j] > 3.0 {
                v[j] = v[j] * 0.5;
                if i % 2 == 0 {
                    continue 'outer;
                }
                break;
            }
            if i > 40 {
                v[0] = v[0] * v[1];
                break 'outer;
            }
        }
        v[3] = v[3].sin();
    }
    v[0] * v[1] + v[2] + v[3]
}

#[differentiable]
fn with_return(x: &[f64; 4], n: usize) -> f64 {
    let mut v = *x;
    for i in 0..n {
        v[i % 4] = v[i % 4] * 1.2 + 0.1 * v[(i + 3) % 4];
        if v[i % 4] > 2.0 {
            return v[i % 4] * v[(i + 1) % 4];
        }
        v[(i + 1) % 4] += v[i % 4] * 0.01;
    }
    v[0] * v[3]
}

#[differentiable]
fn while_it_is_small(x: &[f64; 3]) -> f64 {
    let mut v = *x;
    let mut i = 0;
    while v[0] < 10.0 {
        v[i % 3] = v[i % 3] * 1.3 + 0.05;
        v[0] += v[(i + 1) % 3] * 0.1;
        i += 1;
    }
    v[0] * v[1] * v[2]
}

/// An inner loop writes to an array from outside, and the count of its iterations differs.
#[differentiable]
fn triangle(a: &[[f64; 5]; 5], n: usize) -> f64 {
    let mut a = *a;
    for k in 0..n.min(5) {
        for i in k + 1..5 {
            let factor = a[i][k] / (a[k][k] + 3.0);
            for j in k..5 {
                a[i][j] -= factor * a[k][j];
            }
        }
    }
    let mut product = 1.0;
    for i in 0..5 {
        product *= a[i][i] + 2.0;
    }
    product
}

#[differentiable]
fn four_deep(x: &[[f64; 2]; 2], n: usize) -> f64 {
    let mut a = *x;
    let mut s = 0.1;
    for i in 0..n {
        for j in 0..2 {
            for k in 0..(i % 3) {
                for l in 0..2 {
                    a[j][l] = a[j][l] * 0.8 + s * a[1 - j][k % 2];
                    s = s * 0.9 + 0.1 * a[l][j];
                }
                s += a[j][k % 2];
            }
            a[j][0] = a[j][0].sin();
        }
    }
    a[0][0] * a[1][1] + a[0][1] + a[1][0] * s
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct State {
    position: [f64; 2],
    speed: (f64, f64),
    held: Option<f64>,
    #[no_diff]
    steps: usize,
}

#[differentiable]
fn fields(x: f64, n: usize) -> f64 {
    let mut state = State {
        position: [x, 0.5],
        speed: (0.1, x * x),
        held: None,
        steps: 0,
    };
    for i in 0..n {
        state.position[i % 2] += 0.1 * state.speed.0;
        state.speed.0 -= 0.1 * state.position[0].sin();
        state.speed.1 = state.speed.1 * 0.95 + state.speed.0 * state.position[1];
        state.held = match state.held {
            Some(z) if i % 4 == 3 => {
                state.speed.0 += z * 0.1;
                None
            }
            Some(z) => Some(z * 0.9),
            None => Some(state.speed.1),
        };
        state.steps += 1;
    }
    let rest = if let Some(z) = state.held { z } else { 1.0 };
    state.position[0] * state.position[1] + state.speed.0 * state.speed.1 * rest + state.steps as f64 * x
}

#[differentiable]
fn of_a_vector(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    for i in 0..n {
        let k = i % x.len();
        v[k] = v[k] * 0.6 + 0.2 * v[(k + 1) % x.len()] * v[k];
    }
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += v[i] * v[i];
    }
    sum
}

#[differentiable]
fn of_a_matrix(x: f64, n: usize) -> f64 {
    let mut m = Matrix::<2, 2, f64>::from([[1.0, 0.5], [0.25, 2.0]]);
    for i in 0..n {
        m[(i % 2, 1)] = m[(0, 1)] * x + m[(1, i % 2)] * 0.3;
        m[(1, 0)] *= 0.9 * m[(0, 0)];
    }
    m[(0, 0)] * m[(1, 1)] - m[(0, 1)] * m[(1, 0)]
}

/// Only filled: what is overwritten is of no use to anybody.
#[differentiable]
fn filled(x: &[f64; 5], n: usize) -> f64 {
    let mut table = [[0.0; 5]; 2];
    for i in 0..n.min(5) {
        for j in 0..2 {
            table[j][i] = x[i].exp() * (j as f64 + 1.0);
        }
    }
    let mut sum = 0.0;
    for i in 0..5 {
        sum += table[0][i] * table[1][4 - i];
    }
    sum
}

/// An array of its own for each iteration.
#[differentiable]
fn scratch(x: &[f64; 3], n: usize) -> f64 {
    let mut s = 0.3;
    for i in 0..n {
        let mut t = [s, x[i % 3], 0.5];
        for j in 0..3 {
            t[j] = t[j] * t[(j + 1) % 3] + 0.1 * s;
        }
        t[0] += t[2];
        s = t[0].sin() + t[1];
    }
    s
}

/// Older values of what is written are still read.
#[differentiable]
fn old_and_new(x: &[f64; 4], n: usize) -> f64 {
    let mut now = *x;
    let first = now;
    for i in 0..n {
        let before = now;
        for j in 0..4 {
            now[j] = before[(j + 1) % 4] * 0.6 + now[(j + 3) % 4] * first[j] * 0.3;
        }
        if i % 5 == 4 {
            now = before;
            now[0] *= 1.1;
        }
    }
    now[0] * now[1] + now[2] * now[3] * first[0]
}

/// Two arrays change places.
#[differentiable]
fn swapped(x: &[f64; 3], n: usize) -> f64 {
    let (mut a, mut b) = (*x, [0.1, 0.2, 0.3]);
    for i in 0..n {
        b[i % 3] = a[(i + 1) % 3] * b[i % 3] + a[i % 3];
        let t = a;
        a = b;
        b = t;
        b[0] = b[0] * 0.5;
    }
    a[0] * b[1] + a[1] * b[2] + a[2] * b[0]
}

/// A function of which a loop hands over the whole array.
#[differentiable]
fn total(v: &[f64; 4]) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        sum += v[i] * v[(i + 1) % 4];
    }
    sum
}

#[differentiable]
fn with_calls(x: &[f64; 4], n: usize) -> f64 {
    let mut v = *x;
    for i in 0..n {
        let t = total(&v);
        v[i % 4] = t.sin() * 0.5 + v[i % 4] * 0.5;
        v[(i + 1) % 4] += 0.1 * total(&v);
    }
    total(&v) + v[0]
}

/// Written before a loop, in it, and behind it.
#[differentiable]
fn around_a_loop(x: f64, n: usize) -> f64 {
    let mut v = [x, 2.0 * x, 0.5];
    v[0] = v[1] * v[0];
    let early = v[0] * v[1];
    for i in 0..n {
        v[i % 3] = v[i % 3] * v[(i + 1) % 3] * 0.9 + 0.2;
    }
    v[1] = v[0] * v[2] + early;
    let late = v[1].sin();
    for i in 0..n {
        v[(i + 1) % 3] = v[i % 3] * late;
    }
    v[2] = v[2] + v[0] * v[1];
    v[2] * early
}

/// The path by way of a branch that leaves.
#[differentiable]
fn left_early(x: f64, n: usize) -> f64 {
    let mut v = [x; 3];
    if n % 2 == 1 {
        for i in 0..n {
            v[i % 3] = v[i % 3] * v[(i + 1) % 3] + 0.1;
        }
        if v[0] > 0.5 {
            return v[0] * v[1];
        }
        v[2] = v[0] + v[1];
    }
    v[1] *= v[2];
    v[0] * v[1]
}

#[test]
fn arrays_written_in_place() {
    let x4 = [0.3, 0.9, -0.4, 0.7];
    let x6 = [0.3, 0.9, -0.4, 0.7, 1.1, -0.2];
    check! {
        own_elements_backwards(&x6, 0.7);
        own_elements_backwards(&x6, 0.3);
        shifted(&x6);
        scatter(&x4, &[]);
        scatter(&x4, &[2]);
        scatter(&x4, &[1, 1, 0, 3, 1, 2, 2, 0]);
        while_it_is_small(&[0.4, 0.8, 0.2]);
    }
    let a = std::array::from_fn(|i| std::array::from_fn(|j| ((i * 5 + j) as f64 * 0.7).sin()));
    for n in 0..6 {
        check! {
            triangle(&a, n);
            filled(&[0.3, 0.9, -0.4, 0.7, 1.1], n);
            own_elements(&x6, n);
        }
    }
    for n in COUNTS {
        check! {
            aliasing(&x6, n);
            twice_in_an_iteration(&x4, n);
            in_branches(&x4, n);
            with_breaks(&x4, n);
            with_return(&x4, n);
            four_deep(&[[0.3, 0.2], [-0.5, 0.4]], n.min(9));
            fields(0.4, n.min(65));
            of_a_vector(&[0.3, 0.8, 0.5], n);
            of_a_matrix(0.4, n);
            scratch(&[0.3, 0.9, -0.4], n);
            old_and_new(&x4, n);
            swapped(&[0.3, 0.9, -0.4], n);
            with_calls(&x4, n);
            around_a_loop(0.4, n);
            left_early(0.6, n);
        }
    }
}

// ----- loops whose records do not all fit

#[differentiable]
fn long(x: f64, rate: f64, n: usize) -> f64 {
    let mut x = x;
    for i in 0..n {
        x = rate * x * (1.0 - x) + if i % 2 == 0 { 0.01 * rate } else { 0.0 };
    }
    x
}

/// Each record is larger than all the room that there is.
#[differentiable]
fn large_records(x: f64, n: usize) -> f64 {
    let mut s = x;
    for _ in 0..n {
        let mut t = [[0.0; 60]; 60];
        for i in 1..60 {
            t[i][0] = s * 0.1 + t[i - 1][0] * t[i - 1][0];
        }
        s = t[59][0].sin() + 0.5 * s;
    }
    s
}

/// Inner loops that are sometimes short and sometimes too long to be recorded.
#[differentiable]
fn uneven(x: f64, n: usize, long: usize) -> f64 {
    let mut s = x;
    let mut v = [x, 0.3, 0.2];
    for i in 0..n {
        let m = if i % 5 == 2 { long } else { 3 };
        for j in 0..m {
            s = s * 0.999 + 0.001 * v[j % 3].sin();
            v[j % 3] = v[j % 3] * 0.998 + 0.003 * s;
            for k in 0..(j % 3) {
                v[k] = v[k] * 0.99 + 0.01 * s * v[(k + 1) % 3];
            }
        }
        v[i % 3] += 0.1 * s;
    }
    s * v[0] + v[1] * v[2]
}

#[test]
fn loops_of_any_length() {
    for n in [100, 681, 682, 683, 1364, 2048, 2049, 2050, 5000] {
        let (value, (x_bar, rate_bar)) = long::value_and_grad(0.3, 3.2, n);
        // Forward mode by hand.
        let (mut x, mut x_dot) = (0.3_f64, [1.0_f64, 0.0]);
        for i in 0..n {
            for (direction, dot) in x_dot.iter_mut().enumerate() {
                let rate_dot = if direction == 1 { 1.0 } else { 0.0 };
                let own = rate_dot * x * (1.0 - x) + 3.2 * *dot * (1.0 - 2.0 * x);
                *dot = own + if i % 2 == 0 { 0.01 * rate_dot } else { 0.0 };
            }
            x = 3.2 * x * (1.0 - x) + if i % 2 == 0 { 0.01 * 3.2 } else { 0.0 };
        }
        assert_eq!(value.to_bits(), x.to_bits());
        for (found, expected) in [x_bar, rate_bar].into_iter().zip(x_dot) {
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                "{n}: {found} {expected}"
            );
        }
    }
    for n in [0, 1, 2, 5, 20] {
        check! { large_records(0.4, n); }
    }
    for (n, long) in [(1, 5000), (3, 4000), (8, 2000), (30, 700), (60, 100)] {
        check! { uneven(0.4, n, long); }
    }
}

// ----- forward and back at once

#[differentiable]
fn mean_of_squares(x: &[f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    let mut count = 0;
    for value in x {
        sum += (value * scale).sin() * value;
        count += 1;
    }
    let n = x.len() as f64;
    if count > 100 { sum } else { 0.5 * sum / n }
}

#[differentiable]
fn several_sums(x: &[f64; 5], scale: f64) -> f64 {
    let start = scale * scale;
    let mut sum = start;
    for i in 0..5 {
        sum += x[i] * x[i];
        sum -= scale * x[i];
    }
    let weight = 0.25;
    let mut other = 1.0;
    for i in 0..5 {
        if x[i] > 0.0 {
            other = x[i].exp() + other;
        } else {
            for j in 0..i {
                other -= x[i] * x[j];
            }
        }
    }
    for i in 0..5 {
        sum = sum + weight * x[i] * start;
    }
    weight * (sum - other) + scale * start
}

/// The first cotangent depends on the second sum.
#[differentiable]
fn variance(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i];
    }
    let mean = sum / x.len() as f64;
    let mut squares = 0.0;
    for i in 0..x.len() {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    squares / (x.len() - 1) as f64
}

/// What looks like a sum, and is none.
#[differentiable]
fn no_sums(x: &[f64; 4]) -> f64 {
    let mut doubled = 0.0;
    let mut negated = 0.0;
    let mut halved = 0.0;
    let mut replaced = 0.0;
    let mut leaked = 0.0;
    let mut used = 0.0;
    for i in 0..4 {
        doubled = doubled + doubled + x[i];
        negated = x[i] - negated;
        halved = halved * 0.5 + x[i];
        if x[i] > 0.5 {
            replaced = x[i];
        } else {
            replaced += x[i];
        }
        leaked += used;
        used += x[i];
    }
    doubled + 2.0 * negated + 3.0 * halved + 4.0 * replaced + 5.0 * leaked + 6.0 * used
}

#[differentiable]
fn of_the_sum(x: &[f64; 4]) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        sum += x[i] * x[i];
    }
    sum * sum + sum.sqrt()
}

#[differentiable]
fn log_sum_exp(terms: &[f64; 3]) -> f64 {
    let mut largest = terms[0];
    for i in 1..3 {
        largest = largest.max(terms[i]);
    }
    let mut sum = 0.0;
    for i in 0..3 {
        sum += (terms[i] - largest).exp();
    }
    sum.ln() + largest
}

#[differentiable]
fn mixture(x: &[f64; 6], means: &[f64; 3], weights: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for i in 0..6 {
        let mut terms = [0.0; 3];
        for k in 0..3 {
            let d = x[i] - means[k];
            terms[k] = weights[k] - 0.5 * d * d;
        }
        sum += log_sum_exp(&terms);
    }
    sum - 6.0 * log_sum_exp(weights)
}

#[differentiable]
fn stopped(x: &[f64; 6]) -> f64 {
    let mut sum = 0.0;
    for i in 0..6 {
        if x[i] > 1.0 {
            break;
        }
        if i == 1 {
            continue;
        }
        sum += x[i] * x[i] * x[i];
    }
    sum
}

#[differentiable]
fn while_sum(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    let mut i = 0;
    while i < n {
        sum += (x * i as f64).cos();
        i += 1;
    }
    -sum
}

#[test]
fn sums_go_forward_and_back_at_once() {
    let x4 = [0.3, 0.9, -0.4, 0.7];
    let x6 = [0.3, 0.9, -0.4, 0.7, 1.1, -0.2];
    check! {
        mean_of_squares(&[0.3], 0.7);
        mean_of_squares(&[0.3, -0.8, 0.4], 0.7);
        several_sums(&[0.3, 0.9, -0.4, 0.7, -1.1], 0.6);
        variance(&[0.3, 0.5, 1.2, -0.8]);
        no_sums(&x4);
        of_the_sum(&x4);
        mixture(&x6, &[0.1, 0.5, -0.3], &[0.2, 0.4, 0.1]);
        stopped(&x6);
        stopped(&[1.3, 0.2, 0.1, 0.4, 0.5, 0.6]);
        while_sum(0.4, 0);
        while_sum(0.4, 1);
        while_sum(0.4, 9);
    }
    // No iteration at all: what does not go through the loops is there all the same.
    assert_eq!(mean_of_squares::value_and_grad(&[], 0.7).1.0, Vec::<f64>::new());
}

/// A loop in a loop overwrites what nothing reads, and what it leaves is handed on.
mod overwritten_and_handed_on {
    use super::*;

    #[derive(Differentiable, Clone, Copy, Debug, PartialEq)]
    struct Inside(f64);
    #[differentiable]
    fn overwritten(mut this: Inside, q: f64) -> f64 {
        let mut _seed = 0.0;
        let mut k = 0;
        while k < 3 {
            k += 1;
            _seed += this.0.tanh();
            for _ in 0..2 {
                this.0 = q;
            }
        }
        this.0
    }
    #[differentiable]
    fn on_a_branch(mut this: Inside, q: f64) -> f64 {
        let mut _seed = 0.0;
        let mut k = 0;
        while k < 3 {
            k += 1;
            _seed += this.0.tanh();
            if q > 0.0 {
                for _ in 0..2 {
                    this.0 = q;
                }
            }
        }
        this.0
    }
    #[differentiable]
    fn into_a_tuple(mut this: Inside, q: f64) -> f64 {
        let mut _seed = 0.0;
        let mut k = 0;
        let mut z = (Inside(q), 1.0);
        while k < 3 {
            k += 1;
            _seed += this.0.tanh();
            for _ in 0..2 {
                this.0 = q;
            }
            z = (this, q);
        }
        this.0 * z.0.0
    }
    #[differentiable]
    fn chosen(mut this: Inside, q: f64) -> f64 {
        let mut _seed = 0.0;
        let mut k = 0;
        while k < 3 {
            k += 1;
            _seed += this.0.tanh();
            let mut that = this;
            for _ in 0..2 {
                that.0 = q;
            }
            this = if q > 1.0 { that } else { Inside(q) };
        }
        this.0
    }
    #[differentiable]
    fn of_an_array(mut this: [f64; 2], q: f64) -> f64 {
        let mut seed = 0.0;
        let mut k = 0;
        while k < 3 {
            k += 1;
            seed += this[0].tanh();
            for c in 0..2 {
                this[c] = q;
            }
            if seed > 100.0 {
                break;
            }
        }
        this[0] * seed
    }

    #[test]
    fn agree_with_differences() {
        check! {
            overwritten(Inside(0.4), 1.5);
            on_a_branch(Inside(0.4), 1.5); on_a_branch(Inside(0.4), -1.5);
            into_a_tuple(Inside(0.4), 1.5);
            chosen(Inside(0.4), 1.5); chosen(Inside(0.4), 0.5);
            of_an_array([0.4, 0.3], 1.5);
        }
    }
}
