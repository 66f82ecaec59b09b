//! Iterator chains, each against differences and against the same function written with loops, in both precisions.
//!
//! Without lints, which would take longer than the test: those of generated code are tried in `users/strict` and in the other tests.

#![cfg(not(clippy))]
#![allow(clippy::all)]

/// Value and gradient of a function of two slices agree with those of another one, and with differences.
macro_rules! agree {
    ($($chain:ident $loops:ident;)*) => {
        fn check() {
            for (x, y) in inputs() {
                $(
                    let (value, gradient) = $chain::value_and_grad(&x, &y);
                    let (expected, expected_gradient) = $loops::value_and_grad(&x, &y);
                    assert_eq!(value, $chain(&x, &y), "the value of {}", stringify!($chain));
                    assert!((value - expected).abs() <= 1e-5 * (1.0 + expected.abs()), "{}: {value} {expected} at {x:?}", stringify!($chain));
                    let pairs = gradient.0.iter().zip(&expected_gradient.0).chain(gradient.1.iter().zip(&expected_gradient.1));
                    for (a, b) in pairs {
                        assert!((a - b).abs() <= 2e-5 * (1.0 + b.abs()), "{}: {gradient:?} {expected_gradient:?} at {x:?} {y:?}", stringify!($chain));
                    }
                    let (mut dx, mut dy) = (vec![7.0; x.len()], vec![7.0; y.len()]);
                    assert_eq!($chain::value_and_grad_into(&x, &y, &mut dx, &mut dy), value);
                    assert_eq!((dx, dy), gradient, "{}", stringify!($chain));
                    if !x.is_empty() && !y.is_empty() {
                        assert_gradient!($chain, &x, &y);
                    }
                )*
            }
        }
    };
}

macro_rules! in_precision {
    ($module:ident, $T:ident) => {
        mod $module {
            use tapeless::prelude::*;

            fn inputs() -> Vec<(Vec<$T>, Vec<$T>)> {
                vec![
                    (vec![], vec![]),
                    (vec![0.7], vec![-0.4]),
                    (vec![1.0, 0.3, -0.6, 0.9, -1.2], vec![0.4, -0.8, 0.25, 1.4, 0.6]),
                    (vec![0.5, 1.5, -0.25], vec![0.2, 0.8, -0.3, 1.1]),
                    (vec![0.1, 0.9, 1.7, -0.2], vec![0.6]),
                ]
            }

            #[differentiable]
            fn dot(x: &[$T], y: &[$T]) -> $T {
                x.iter().zip(y).map(|(x, y)| x * y).sum()
            }
            #[differentiable]
            fn dot_ranges(x: &[$T], y: &[$T]) -> $T {
                (0..x.len().min(y.len())).map(|i| x[i] * y[i]).sum::<$T>()
            }
            #[differentiable]
            fn dot_function(x: &[$T], y: &[$T]) -> $T {
                std::iter::zip(x, y).map(|(x, y)| x * y).sum()
            }
            #[differentiable]
            fn dot_fold(x: &[$T], y: &[$T]) -> $T {
                x.iter().zip(y.iter()).fold(0.0, |sum, (x, y)| sum + x * y)
            }
            #[differentiable]
            fn dot_pair(x: &[$T], y: &[$T]) -> $T {
                x.iter().copied().zip(y.iter().copied()).map(|p| p.0 * p.1).sum()
            }
            #[differentiable]
            fn dot_for_each(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                x.iter().zip(y).for_each(|(x, y)| sum += x * y);
                sum
            }
            #[differentiable]
            fn dot_reversed(x: &[$T], y: &[$T]) -> $T {
                x.iter().zip(y).rev().map(|(x, y)| x * y).sum()
            }
            #[differentiable]
            fn dot_captured(x: &[$T], y: &[$T]) -> $T {
                let one = x.iter().sum::<$T>() * 0.0 + 1.0;
                let product = |(x, y): (&$T, &$T)| x * y * one;
                x.iter().zip(y).map(product).sum()
            }
            #[differentiable]
            fn dot_collected(x: &[$T], y: &[$T]) -> $T {
                let products: Vec<$T> = x.iter().zip(y).map(|(x, y)| x * y).collect();
                products.iter().sum()
            }
            #[differentiable]
            fn dot_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len().min(y.len()) {
                    sum += x[i] * y[i];
                }
                sum
            }

            #[differentiable]
            fn filtered(x: &[$T], y: &[$T]) -> $T {
                x.iter().filter(|x| **x > 0.2).map(|x| x.sin()).sum::<$T>()
                    + y.iter().filter(|&&y| y < 0.5).map(|y| y * y).sum::<$T>()
            }
            #[differentiable]
            fn filter_mapped(x: &[$T], y: &[$T]) -> $T {
                let first: $T = x
                    .iter()
                    .filter_map(|x| if *x > 0.2 { Some(x.sin()) } else { None })
                    .sum();
                let second: $T = y.iter().copied().filter(|y| *y < 0.5).map(|y| y * y).rev().sum();
                first + second
            }
            #[differentiable]
            fn filter_collected(x: &[$T], y: &[$T]) -> $T {
                let kept = x
                    .iter()
                    .filter(|x| **x > 0.2)
                    .map(|x| x.sin())
                    .collect::<Vec<_>>();
                let others = y.iter().filter(|y| **y < 0.5).cloned().collect::<Vec<$T>>();
                kept.iter().sum::<$T>() + others.iter().map(|y| y.powi(2)).sum::<$T>()
            }
            #[differentiable]
            fn filter_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    if x[i] > 0.2 {
                        sum += x[i].sin();
                    }
                }
                for i in 0..y.len() {
                    if y[i] < 0.5 {
                        sum += y[i] * y[i];
                    }
                }
                sum
            }

            #[differentiable]
            fn counted(x: &[$T], y: &[$T]) -> $T {
                let a: $T = x.iter().enumerate().map(|(i, x)| x * i as $T).sum();
                let b: $T = y
                    .iter()
                    .filter(|y| **y > 0.0)
                    .enumerate()
                    .map(|(i, y)| y.exp() * i as $T)
                    .sum();
                a + b
            }
            #[differentiable]
            fn counted_pairs(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for p in x.iter().enumerate() {
                    sum += p.0 as $T * p.1;
                }
                let mut count = 0;
                y.iter().filter(|y| **y > 0.0).for_each(|y| {
                    sum += y.exp() * count as $T;
                    count += 1;
                });
                sum
            }
            #[differentiable]
            fn counted_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    sum += x[i] * i as $T;
                }
                let mut count = 0;
                for i in 0..y.len() {
                    if y[i] > 0.0 {
                        sum += y[i].exp() * count as $T;
                        count += 1;
                    }
                }
                sum
            }

            #[differentiable]
            fn products(x: &[$T], y: &[$T]) -> $T {
                x.iter().product::<$T>() + y.iter().map(|y| 1.0 + y).product::<$T>()
            }
            #[differentiable]
            fn products_reduced(x: &[$T], y: &[$T]) -> $T {
                x.iter().copied().reduce(|a, x| a * x).unwrap_or(1.0)
                    + y.iter().map(|y| 1.0 + y).reduce(|a, b| a * b).unwrap_or(1.0)
            }
            #[differentiable]
            fn products_loop(x: &[$T], y: &[$T]) -> $T {
                let (mut a, mut b) = (1.0, 1.0);
                for x in x {
                    a *= x;
                }
                for y in y {
                    b *= 1.0 + y;
                }
                a + b
            }

            #[differentiable]
            fn largest(x: &[$T], y: &[$T]) -> $T {
                let m = x.iter().max_by(|a, b| a.total_cmp(b)).copied().unwrap_or(0.0);
                let n = y
                    .iter()
                    .copied()
                    .min_by(|a, b| a.partial_cmp(b).unwrap())
                    .unwrap_or(0.0);
                m * m * n
            }
            #[differentiable]
            fn largest_reference(x: &[$T], y: &[$T]) -> $T {
                let m = x.iter().max_by(|a, b| a.total_cmp(b)).unwrap_or(&0.0);
                let n = y
                    .iter()
                    .map(|y| y * 1.0)
                    .min_by(|a, b| a.total_cmp(b))
                    .unwrap_or_default();
                m * m * n
            }
            #[differentiable]
            fn largest_filtered(x: &[$T], y: &[$T]) -> $T {
                let m = x
                    .iter()
                    .filter(|x| x.is_finite())
                    .max_by(|a, b| a.total_cmp(b))
                    .map_or(0.0, |_| 1.0);
                let position = x
                    .iter()
                    .enumerate()
                    .max_by(|(_, a), (_, b)| a.total_cmp(b))
                    .map(|(i, _)| i)
                    .unwrap_or(0);
                let largest = if x.is_empty() { 0.0 } else { x[position] };
                let smallest = y
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| *i < 1000)
                    .min_by(|a, b| a.1.total_cmp(b.1))
                    .map(|p| *p.1)
                    .unwrap_or(0.0);
                m * largest * largest * smallest
            }
            #[differentiable]
            fn largest_folded(x: &[$T], y: &[$T]) -> $T {
                let m = x.iter().copied().fold($T::NEG_INFINITY, $T::max);
                let n = y.iter().fold($T::INFINITY, |a, b| a.min(*b));
                if x.is_empty() || y.is_empty() {
                    0.0
                } else {
                    m * m * n
                }
            }
            #[differentiable]
            fn largest_loop(x: &[$T], y: &[$T]) -> $T {
                if x.is_empty() || y.is_empty() {
                    return 0.0;
                }
                let (mut m, mut n) = (x[0], y[0]);
                for i in 0..x.len() {
                    if x[i] > m {
                        m = x[i];
                    }
                }
                for i in 0..y.len() {
                    if y[i] < n {
                        n = y[i];
                    }
                }
                m * m * n
            }

            #[differentiable]
            fn parts(x: &[$T], y: &[$T]) -> $T {
                let a: $T = x.iter().skip(1).take(2).map(|x| x.exp()).sum();
                let b: $T = x
                    .iter()
                    .rev()
                    .skip(1)
                    .step_by(2)
                    .zip(y.iter().rev())
                    .map(|(a, b)| a * b * b)
                    .sum();
                let c: $T = y.iter().take_while(|y| **y > -0.5).map(|y| y.sin()).sum();
                let d: $T = y.iter().skip_while(|y| **y > -0.5).map(|y| y.cos()).sum();
                let e: $T = x
                    .iter()
                    .filter(|x| **x > 0.0)
                    .skip(1)
                    .take(2)
                    .map(|x| x * x)
                    .sum();
                let f: $T = x
                    .iter()
                    .filter(|x| **x > 0.0)
                    .step_by(2)
                    .zip(y)
                    .map(|(x, y)| x * y)
                    .sum();
                let g: $T = x
                    .iter()
                    .zip(y.iter().filter(|y| **y > 0.0))
                    .map(|(x, y)| x - y * y)
                    .sum();
                let h: $T = x.iter().chain(y).map(|v| v * v * v).sum();
                a + b + c + d + e + f + g + h
            }
            #[differentiable]
            fn parts_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    if i >= 1 && i < 3 {
                        sum += x[i].exp();
                    }
                }
                let mut k = 0;
                while 2 * k + 1 < x.len() && k < y.len() {
                    let b = y[y.len() - 1 - k];
                    sum += x[x.len() - 2 - 2 * k] * b * b;
                    k += 1;
                }
                let mut passed = false;
                for i in 0..y.len() {
                    if y[i] <= -0.5 {
                        passed = true;
                    }
                    if passed {
                        sum += y[i].cos();
                    } else {
                        sum += y[i].sin();
                    }
                }
                let mut count = 0;
                let mut paired = 0;
                for i in 0..x.len() {
                    if x[i] > 0.0 {
                        if count >= 1 && count < 3 {
                            sum += x[i] * x[i];
                        }
                        if count % 2 == 0 && paired < y.len() {
                            sum += x[i] * y[paired];
                            paired += 1;
                        }
                        count += 1;
                    }
                }
                let mut count = 0;
                for i in 0..y.len() {
                    if y[i] > 0.0 && count < x.len() {
                        sum += x[count] - y[i] * y[i];
                        count += 1;
                    }
                }
                for v in x {
                    sum += v * v * v;
                }
                for v in y {
                    sum += v * v * v;
                }
                sum
            }

            #[differentiable]
            fn chosen(x: &[$T], y: &[$T]) -> $T {
                let a = x.iter().last().copied().unwrap_or(2.0);
                let b = x.iter().nth(1).map(|x| x * x).unwrap_or(0.5);
                let c = y.iter().next().unwrap_or(&3.0);
                let d = y.iter().find(|y| **y > 0.3).copied().unwrap_or_default();
                let e = x.iter().map(|x| x.sin()).last().unwrap_or(0.25);
                let f = y
                    .iter()
                    .filter(|y| **y > 0.0)
                    .nth(1)
                    .cloned()
                    .unwrap_or_else(|| 1.5);
                a * b + c * d + e * f
            }
            #[differentiable]
            fn chosen_loop(x: &[$T], y: &[$T]) -> $T {
                let a = if x.is_empty() { 2.0 } else { x[x.len() - 1] };
                let b = if x.len() < 2 { 0.5 } else { x[1] * x[1] };
                let c = if y.is_empty() { 3.0 } else { y[0] };
                let mut d = 0.0;
                for i in 0..y.len() {
                    if y[i] > 0.3 {
                        d = y[i];
                        break;
                    }
                }
                let e = if x.is_empty() { 0.25 } else { x[x.len() - 1].sin() };
                let mut f = 1.5;
                let mut count = 0;
                for i in 0..y.len() {
                    if y[i] > 0.0 {
                        if count == 1 {
                            f = y[i];
                        }
                        count += 1;
                    }
                }
                a * b + c * d + e * f
            }

            #[differentiable]
            fn windows(x: &[$T], y: &[$T]) -> $T {
                let a: $T = x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
                let b: $T = y.windows(3).map(|w| w.iter().product::<$T>()).sum();
                let c: $T = y.chunks(2).map(|c| c.iter().sum::<$T>().sin()).sum();
                let mut d = 0.0;
                for c in x.chunks_exact(2) {
                    d += c[0] * c[1];
                }
                for (i, c) in x.chunks(3).enumerate() {
                    for v in c {
                        d += v * v * i as $T;
                    }
                }
                a + b + c + d
            }
            #[differentiable]
            fn windows_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 1..x.len() {
                    sum += (x[i] - x[i - 1]).powi(2);
                }
                for i in 2..y.len() {
                    sum += y[i] * y[i - 1] * y[i - 2];
                }
                let mut i = 0;
                while i < y.len() {
                    sum += (if i + 1 < y.len() { y[i] + y[i + 1] } else { y[i] }).sin();
                    i += 2;
                }
                for i in 0..x.len() / 2 {
                    sum += x[2 * i] * x[2 * i + 1];
                }
                for i in 0..x.len() {
                    sum += x[i] * x[i] * (i / 3) as $T;
                }
                sum
            }

            #[differentiable]
            fn nested(x: &[$T], y: &[$T]) -> $T {
                let a: $T = x
                    .iter()
                    .map(|x| y.iter().map(|y| (x * y).sin()).sum::<$T>())
                    .sum();
                let b: $T = x.iter().flat_map(|x| y.iter().map(move |y| x * x * y)).sum();
                let c: $T = (0..x.len())
                    .flat_map(|i| (0..i).map(move |j| (i, j)))
                    .map(|(i, j)| x[i] * x[j])
                    .sum();
                let rows = vec![[0.5, 1.0], [2.0, 0.25]];
                let d: $T = rows
                    .iter()
                    .map(|row| row.iter().zip(y).map(|(w, y)| w * y).sum::<$T>().cos())
                    .sum();
                a + b + c + d
            }
            #[differentiable]
            fn nested_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    for j in 0..y.len() {
                        sum += (x[i] * y[j]).sin() + x[i] * x[i] * y[j];
                    }
                    for j in 0..i {
                        sum += x[i] * x[j];
                    }
                }
                let rows = [[0.5, 1.0], [2.0, 0.25]];
                for i in 0..2 {
                    let mut inner = 0.0;
                    for j in 0..y.len().min(2) {
                        inner += rows[i][j] * y[j];
                    }
                    sum += inner.cos();
                }
                sum
            }

            #[differentiable]
            fn scanned(x: &[$T], y: &[$T]) -> $T {
                let a: $T = x
                    .iter()
                    .scan(1.0, |state, x| {
                        *state *= x;
                        Some(*state)
                    })
                    .map(|s| s.sin())
                    .sum();
                let b: $T = y
                    .iter()
                    .map_while(|y| if *y > -0.5 { Some(y * y) } else { None })
                    .sum();
                let (sum, squares) = x
                    .iter()
                    .fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
                a + b + sum * squares
            }
            #[differentiable]
            fn scanned_loop(x: &[$T], y: &[$T]) -> $T {
                let (mut state, mut total) = (1.0, 0.0);
                for i in 0..x.len() {
                    state *= x[i];
                    total += state.sin();
                }
                for i in 0..y.len() {
                    if y[i] <= -0.5 {
                        break;
                    }
                    total += y[i] * y[i];
                }
                let (mut sum, mut squares) = (0.0, 0.0);
                for i in 0..x.len() {
                    sum += x[i];
                    squares += x[i] * x[i];
                }
                total + sum * squares
            }

            #[differentiable]
            fn square(x: $T) -> $T {
                x * x
            }
            #[differentiable]
            fn by_path(x: &[$T], y: &[$T]) -> $T {
                let twice = |x: $T| 2.0 * x;
                let a: $T = x.iter().copied().map($T::sin).map(square).map(twice).sum();
                let b: $T = y
                    .iter()
                    .cloned()
                    .map(|y| -> $T { y * y })
                    .inspect(|y| assert!(*y >= 0.0))
                    .sum();
                a + b + (0..3).map(|i| square(i as $T) * x.iter().sum::<$T>()).sum::<$T>()
            }
            #[differentiable]
            fn by_path_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    sum += 2.0 * x[i].sin() * x[i].sin() + 5.0 * x[i];
                }
                for i in 0..y.len() {
                    sum += y[i] * y[i];
                }
                sum
            }

            #[differentiable]
            fn written(x: &[$T], y: &[$T]) -> $T {
                let mut v: Vec<$T> = x.to_vec();
                for v in v.iter_mut() {
                    *v *= 2.0;
                }
                for (v, y) in v.iter_mut().zip(y) {
                    *v = *v * *v + y;
                }
                v.iter_mut().enumerate().for_each(|(i, v)| *v += i as $T);
                for v in &mut v {
                    if *v > 1.0 {
                        *v = v.sqrt();
                    }
                }
                v.iter().sum()
            }
            #[differentiable]
            fn written_loop(x: &[$T], y: &[$T]) -> $T {
                let mut sum = 0.0;
                for i in 0..x.len() {
                    let mut v = 2.0 * x[i];
                    if i < y.len() {
                        v = v * v + y[i];
                    }
                    v += i as $T;
                    sum += if v > 1.0 { v.sqrt() } else { v };
                }
                sum
            }

            agree! {
                dot dot_loop;
                dot_ranges dot_loop;
                dot_function dot_loop;
                dot_fold dot_loop;
                dot_pair dot_loop;
                dot_for_each dot_loop;
                dot_reversed dot_loop;
                dot_captured dot_loop;
                dot_collected dot_loop;
                filtered filter_loop;
                filter_mapped filter_loop;
                filter_collected filter_loop;
                counted counted_loop;
                counted_pairs counted_loop;
                products products_loop;
                products_reduced products_loop;
                largest largest_loop;
                largest_reference largest_loop;
                largest_filtered largest_loop;
                largest_folded largest_loop;
                parts parts_loop;
                chosen chosen_loop;
                windows windows_loop;
                nested nested_loop;
                scanned scanned_loop;
                by_path by_path_loop;
                written written_loop;
            }

            #[test]
            fn chains_are_loops() {
                check();
            }
        }
    };
}

in_precision!(double, f64);
in_precision!(single, f32);

mod others {
    use tapeless::prelude::*;

    #[differentiable]
    fn array_map(x: [f64; 3], k: f64) -> f64 {
        let v = x.map(|x| x * k);
        let w = v.map(f64::sin).map(|v| v * v);
        w[0] + w[1] * w[2] + v.iter().sum::<f64>()
    }

    #[differentiable]
    fn exponentials(x: &[f64; 3]) -> [f64; 3] {
        x.map(|x| x.exp())
    }

    #[differentiable]
    fn array_from_fn(x: &[f64]) -> f64 {
        let v: [f64; 3] = core::array::from_fn(|i| x[i] * x[0]);
        let w = std::array::from_fn::<f64, 2, _>(|i| v[i + 1].sin());
        v.iter().product::<f64>() + w[0] * w[1]
    }

    #[differentiable]
    fn neighbours(x: &[f64]) -> Vec<f64> {
        x.windows(2).map(|w| w[0] * w[1]).collect()
    }

    #[differentiable]
    fn vector_copy(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        v[0] *= 2.0;
        v.iter_mut().for_each(|v| *v = v.sin());
        v.iter().sum()
    }

    #[differentiable]
    fn grid(m: &[[f64; 3]; 2], k: f64) -> f64 {
        let mut a = *m;
        for row in a.iter_mut() {
            for x in row.iter_mut() {
                *x *= k;
            }
            row[0] += 1.0;
        }
        for (row, other) in a.iter_mut().zip(m) {
            for (x, y) in row.iter_mut().zip(other) {
                *x = *x * y;
            }
        }
        for (i, row) in a.iter_mut().enumerate() {
            row.iter_mut()
                .rev()
                .enumerate()
                .for_each(|(j, x)| *x += (i * j) as f64 * k);
        }
        a.iter().map(|r| r.iter().product::<f64>()).sum()
    }

    #[differentiable]
    fn pairs(x: &[f64], k: f64) -> f64 {
        let mut v = [(x[0], 1.0), (2.0, x[1]), (x[2], k)];
        for (a, b) in v.iter_mut() {
            *a *= *b;
            *b = *a + k;
        }
        for p in v.iter_mut().filter(|p| p.0 > 0.5) {
            p.0 = p.1 * p.0;
        }
        v.iter().map(|(a, b)| a * b).sum::<f64>() + v.iter().map(|p| p.0).product::<f64>()
    }

    #[differentiable]
    fn becomes_active(x: &[f64]) -> f64 {
        let mut v = [0.0; 4];
        let mut sum = 0.0;
        for k in 0..3 {
            sum += v.iter().map(|v| v * v).sum::<f64>();
            for (v, x) in v.iter_mut().zip(x) {
                *v += x * k as f64;
            }
            for v in v.iter_mut() {
                *v = *v * 0.5 + sum;
            }
        }
        sum + v[1]
    }

    fn thresholds(i: usize) -> Vec<f64> {
        vec![i as f64, 0.5]
    }

    #[differentiable]
    fn jumps(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for x in x.iter().filter(|x| **x > 0.3) {
            if *x < 0.5 {
                continue;
            }
            if *x > 1.9 {
                break;
            }
            sum += x;
        }
        'outer: for (i, x) in x.iter().enumerate() {
            for y in thresholds(i) {
                if *x > y {
                    continue 'outer;
                }
                sum += x * y;
            }
        }
        for x in x.iter().skip(1).chain(x) {
            sum += x * x;
        }
        sum
    }

    #[differentiable]
    fn returns(x: &[f64], t: f64) -> f64 {
        for (i, x) in x.iter().enumerate().skip(1) {
            if *x > t {
                return x * i as f64 * t;
            }
        }
        let total = x.iter().copied().reduce(f64::max);
        if let Some(total) = total { total * t } else { t }
    }

    #[differentiable]
    fn by_value(x: Vec<f64>, y: Vec<f64>) -> f64 {
        let mut sum: f64 = x.into_iter().map(|x| x * x).sum();
        for (i, y) in y.into_iter().enumerate() {
            sum += y * i as f64;
        }
        sum
    }

    #[differentiable]
    fn closure_twice(x: &[f64]) -> f64 {
        let f = |v: &f64| v * x[0];
        x.iter().map(f).sum::<f64>() * x.iter().map(f).product::<f64>()
    }

    #[differentiable]
    fn moved_closure(x: &[f64]) -> f64 {
        let mut k = x[0];
        let f = move |v: &f64| v * k;
        k = 2.0;
        x.iter().map(f).sum::<f64>() * k
    }

    #[differentiable]
    fn item_in_parts(x: &[f64]) -> f64 {
        let (i, v) = x.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        let smallest = x.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).unwrap().1;
        v * i as f64 + smallest * smallest
    }

    #[differentiable]
    fn literal_sources(n: usize, x: f64) -> f64 {
        let powers: f64 = (1..=n).rev().step_by(2).map(|k| x.powi(k as i32)).sum();
        let weighted: f64 = (0..n).zip([0.5, 2.0]).map(|(i, w)| w * x * i as f64).sum();
        let repeated: f64 = std::iter::repeat(x)
            .take(n)
            .zip(std::iter::once(x * x))
            .map(|(a, b)| a * b)
            .sum();
        powers
            + weighted
            + repeated
            + [x, x * x, 2.0].iter().product::<f64>()
            + [x, 2.0].into_iter().map(|v| v * v).sum::<f64>()
    }

    #[differentiable]
    fn shadows(x: &[f64]) -> f64 {
        let y = x
            .iter()
            .map(|x| {
                let x = x * x;
                let x = x + 1.0;
                x
            })
            .sum::<f64>();
        let x = x
            .iter()
            .map(|x| x * y)
            .filter(|x| *x > 0.1)
            .map(|x| x.ln())
            .sum::<f64>();
        x * y
    }

    #[differentiable]
    fn in_expressions(x: &[f64], y: f64) -> f64 {
        let scale = if x.iter().sum::<f64>() > y {
            x.iter().product::<f64>()
        } else {
            y
        };
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (x.len() - 1) as f64;
        scale * -x.iter().map(|x| x * y).sum::<f64>() + variance.sqrt().max(x.iter().copied().fold(0.0, f64::max))
    }

    #[differentiable]
    fn tied(x: &[f64]) -> f64 {
        let a = x.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
        let b = x.iter().copied().min_by(|a, b| a.total_cmp(b)).unwrap();
        let c = x.iter().map(|x| x * 1.0).max_by(|a, b| a.total_cmp(b)).unwrap();
        a + 10.0 * b + 100.0 * c
    }

    #[differentiable]
    fn tests(x: &[f64], k: f64) -> f64 {
        let mut seen = 0.0;
        let any = x.iter().any(|x| {
            seen += x * k;
            *x > 1.5
        });
        let count = x.iter().filter(|x| **x > 0.5).count();
        let all = x.iter().all(|x| *x > 0.0);
        let position = x.iter().position(|x| *x > 0.9).unwrap_or(0);
        seen * (count as f64 + any as u8 as f64) + all as u8 as f64 * x[position]
    }

    #[test]
    fn constructs_agree_with_differences() {
        let x = [1.0, 0.2, 0.7, 2.0, 0.4];
        let y = [0.93, 0.21, 0.72, 1.95, 0.41];
        assert_gradient!(array_map, [0.2, 0.5, 1.2], 0.7);
        let (value, pullback) = exponentials::vjp(&[0.2, 0.5, 1.2]);
        assert_eq!(pullback([1.0, 0.0, 2.0]), [value[0], 0.0, 2.0 * value[2]]);
        assert_gradient!(array_from_fn, &x);
        let (value, pullback) = neighbours::vjp(&x);
        assert_eq!(value, [0.2, 0.7 * 0.2, 1.4, 0.8]);
        assert_eq!(pullback(vec![1.0, 0.0, 0.0, 1.0]), [0.2, 1.0, 0.0, 0.4, 2.0]);
        assert_gradient!(vector_copy, &x);
        assert_gradient!(grid, &[[1.0, 0.3, 0.5], [0.2, 0.4, 0.6]], 0.7);
        assert_gradient!(pairs, &x, 0.7);
        assert_gradient!(becomes_active, &y);
        assert_gradient!(jumps, &y);
        assert_gradient!(returns, &x, 0.6);
        assert_gradient!(returns, &x, 3.0);
        assert_eq!(returns::grad(&[], 3.0), (vec![], 1.0));
        assert_gradient!(by_value, x.to_vec(), vec![0.2, 0.5]);
        assert_gradient!(closure_twice, &x);
        assert_gradient!(moved_closure, &x);
        assert_gradient!(item_in_parts, &x);
        assert_gradient!(literal_sources, 5, 0.8);
        assert_gradient!(literal_sources, 0, 0.8);
        assert_gradient!(shadows, &x);
        assert_gradient!(in_expressions, &x, 0.9);
        assert_gradient!(in_expressions, &x, 9.0);
        assert_gradient!(tests, &y, 0.9);
    }

    #[test]
    fn ties_go_where_std_says() {
        // The last of the largest, the first of the smallest.
        assert_eq!(tied::grad(&[1.0, 2.0, 1.0, 2.0]), [10.0, 0.0, 0.0, 101.0]);
    }

    #[test]
    fn an_empty_sum_has_the_sign_that_std_gives_it() {
        #[differentiable]
        fn sum(x: &[f64]) -> f64 {
            x.iter().sum()
        }
        let (value, gradient) = sum::value_and_grad(&[]);
        assert_eq!(value.to_bits(), sum(&[]).to_bits());
        assert!(gradient.is_empty());
    }

    #[test]
    #[should_panic(expected = "on a `None` value")]
    fn no_item_panics_as_in_the_function() {
        let _ = item_in_parts::grad(&[]);
    }
}

/// Programs as one writes them.
mod programs {
    use tapeless::prelude::*;

    #[differentiable]
    fn scale(v: &mut [f64], k: f64) {
        for x in v.iter_mut() {
            *x *= k;
        }
    }
    #[differentiable]
    fn square(v: &mut [f64]) {
        for x in v {
            *x = *x * *x;
        }
    }
    #[differentiable]
    fn in_out(x: &[f64], k: f64) -> f64 {
        let mut v = x.to_vec();
        scale(&mut v, k);
        square(&mut v);
        v.iter().sum()
    }
    #[derive(Differentiable, Clone, Debug)]
    struct Lin {
        w: [f64; 3],
        b: f64,
    }
    #[differentiable]
    impl Lin {
        fn apply(&self, xs: &[f64]) -> f64 {
            self.w.iter().zip(xs).map(|(w, x)| w * x).sum::<f64>() + self.b
        }
        fn loss(&self, data: &[[f64; 3]], ys: &[f64]) -> f64 {
            data.iter()
                .zip(ys)
                .map(|(x, y)| (self.apply(x) - y).powi(2))
                .sum::<f64>()
                / ys.len() as f64
        }
    }
    #[differentiable]
    fn results(x: &[f64; 3]) -> f64 {
        g(x).iter().map(|v| v * v).sum::<f64>() + h(x).into_iter().enumerate().map(|(i, v)| v * i as f64).sum::<f64>()
    }
    #[differentiable]
    fn g(x: &[f64; 3]) -> [f64; 3] {
        [x[0] * x[1], x[1] * x[2], x[2]]
    }
    #[differentiable]
    fn h(x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| x.exp()).collect()
    }
    #[differentiable]
    fn closures(x: &[f64]) -> f64 {
        let mut s = 0.0;
        let f = |v: &f64| {
            let t = v * v;
            if t > 1.0 { t } else { 0.5 * t }
        };
        for k in 0..3 {
            s += x.iter().map(&f).map(|t| t * k as f64 + s).sum::<f64>();
            let mut c = 0;
            while c < 2 {
                s *= x.iter().map(f).fold(1.0, |a, b| a * (1.0 + 0.01 * b));
                c += 1;
            }
        }
        s
    }
    #[differentiable]
    fn compare(x: &[f64]) -> f64 {
        x.iter().copied().max_by(f64::total_cmp).unwrap() * x.iter().min_by(|a, b| a.total_cmp(b)).unwrap()
    }
    #[differentiable]
    fn flats(m: &[[f64; 2]; 3]) -> f64 {
        m.iter().flat_map(|r| r.iter()).map(|x| x * x).sum::<f64>()
            + m.iter().flatten().copied().fold(1.0, |a, b| a * b)
            + m.iter().map(|row| row[0]).product::<f64>()
            + m.iter()
                .flatten()
                .enumerate()
                .map(|(i, x)| x * i as f64)
                .take(4)
                .sum::<f64>()
    }
    #[differentiable]
    fn casts(x: &[f64], n: usize) -> f32 {
        let a = (0..n as i32).map(|i| x[0].powi(i)).sum::<f64>() as f32;
        let k = (x[1] * 3.0) as usize;
        a + x.iter().take(k).zip(&[1.0, 2.0]).map(|(a, b)| a * b).sum::<f64>() as f32
            + (0..x[2] as usize).map(|i| x[i] as f32).sum::<f32>()
    }
    #[differentiable]
    fn constn<const N: usize>(x: [f64; N]) -> f64 {
        x.iter().enumerate().rev().map(|(i, x)| x * i as f64).sum::<f64>()
            + x.iter()
                .rev()
                .enumerate()
                .rev()
                .map(|(i, x)| x * x * i as f64)
                .sum::<f64>()
    }
    #[differentiable]
    fn cond(x: &[f64]) -> f64 {
        let mut v = x.to_vec();
        while v.iter().sum::<f64>() < 10.0 {
            for v in v.iter_mut() {
                *v *= 1.5;
            }
        }
        match v.iter().map(|v| v.sin()).sum::<f64>() {
            s if s > 0.0 => s * v[0],
            s => s,
        }
    }
    #[differentiable]
    fn options(x: &[f64]) -> f64 {
        let m = x.iter().copied().reduce(f64::max);
        let n = x.iter().map(|x| x * x).reduce(f64::min);
        m.unwrap_or(0.0) * n.unwrap()
            + if let Some(v) = x.iter().copied().find(|x| *x < 0.5) {
                v * v
            } else {
                1.0
            }
    }
    #[differentiable]
    fn maybe(x: &[f64]) -> Option<f64> {
        let m = x.iter().copied().reduce(f64::max)?;
        Some(m * x.iter().sum::<f64>())
    }
    #[differentiable]
    fn use_maybe(x: &[f64]) -> f64 {
        maybe(x).unwrap_or(1.0)
    }
    #[differentiable]
    fn kmeans(points: &[[f64; 2]], centers: &[[f64; 2]]) -> f64 {
        points
            .iter()
            .map(|p| {
                centers
                    .iter()
                    .map(|c| p.iter().zip(c).map(|(a, b)| (a - b).powi(2)).sum::<f64>())
                    .fold(f64::INFINITY, f64::min)
            })
            .sum()
    }
    #[differentiable]
    fn logsumexp(x: &[f64]) -> f64 {
        let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        m + x.iter().map(|x| (x - m).exp()).sum::<f64>().ln()
    }
    #[differentiable]
    fn poly(c: &[f64], x: f64) -> f64 {
        c.iter().rev().fold(0.0, |acc, c| acc * x + c)
    }
    #[differentiable]
    fn matvec(a: &Vec<Vec<f64>>, x: &[f64]) -> Vec<f64> {
        a.iter()
            .map(|row| row.iter().zip(x).map(|(a, x)| a * x).sum())
            .collect()
    }
    #[differentiable]
    fn quad(a: &Vec<Vec<f64>>, x: &[f64]) -> f64 {
        let y = matvec(a, x);
        y.iter().zip(x).map(|(y, x)| y * x).sum()
    }
    #[differentiable]
    fn vecs_of_arrays(x: &[f64]) -> f64 {
        let rows: Vec<[f64; 2]> = x.iter().map(|x| [*x, x * x]).collect();
        let pairs: Vec<(f64, f64)> = x.iter().map(|x| (x.sin(), 2.0)).collect();
        rows.iter().map(|[a, b]| a * b).sum::<f64>()
            + pairs.iter().map(|(a, b)| a * b).sum::<f64>()
            + pairs.iter().zip(&rows).map(|(p, r)| p.0 * r[1]).sum::<f64>()
    }
    #[differentiable]
    fn unzipped(x: &[f64]) -> f64 {
        let mut s = 0.0;
        for (i, (a, b)) in x.iter().zip(x.iter().skip(1)).enumerate() {
            s += a * b * i as f64;
        }
        for (a, &b) in x.iter().zip(x) {
            s += a * b;
        }
        for &x in x {
            s += x;
        }
        for x in x.iter().map(|x| x * x) {
            s += x;
        }
        for i in (0..x.len()).filter(|i| i % 2 == 0) {
            s += x[i];
        }
        for (&a, b) in x.iter().zip([1, 2, 3]) {
            s += a * b as f64;
        }
        s
    }

    #[test]
    fn agree_with_differences() {
        let x = [1.0, 0.2, 0.7, 2.0, 0.4];
        assert_gradient!(in_out, &x, 0.7);
        let l = Lin {
            w: [0.3, 0.2, 0.6],
            b: 0.1,
        };
        let gradient = l.loss_grad(&[[1.0, 2.0, 3.0], [0.4, 0.5, 0.6]], &[1.0, 2.0]);
        assert!((gradient.0.b - 0.28).abs() < 1e-12 && (gradient.2[0] + 1.6).abs() < 1e-12);
        assert_eq!(casts::vjp(&[0.5, 0.7, 2.3], 3).1(1.0), [4.0, 3.0, 0.0]);
        assert_gradient!(results, &[0.2, 0.4, 0.9]);
        assert_gradient!(closures, &[1.1, 0.2, 0.7]);
        assert_gradient!(compare, &x);
        assert_gradient!(flats, &[[0.2, 0.4], [0.6, 0.8], [1.2, 1.4]]);
        assert_gradient!(constn, [0.2, 0.4, 0.9]);
        assert_gradient!(cond, &x);
        assert_gradient!(options, &x);
        assert_gradient!(use_maybe, &x);
        assert_eq!(use_maybe::grad(&[]), []);
        assert_gradient!(kmeans, &[[0.2, 0.4], [0.6, 0.8], [1.2, 1.4]], &[[0.1, 0.2], [1.0, 1.1]]);
        assert_gradient!(logsumexp, &x);
        assert_gradient!(poly, &x, 0.8);
        assert_gradient!(quad, &vec![vec![1.0, 2.0], vec![0.3, 0.7]], &[0.4, 0.9]);
        assert_gradient!(vecs_of_arrays, &x);
        assert_gradient!(unzipped, &x);
    }
}

/// States, scratch space, indices from data.
mod states {
    use tapeless::prelude::*;

    #[derive(Differentiable, Clone, Debug)]
    struct Table {
        w: Vec<f64>,
        #[no_diff]
        ids: Vec<usize>,
        rows: Vec<[f64; 2]>,
    }
    #[differentiable]
    fn lookup(t: &Table, x: &[f64]) -> f64 {
        let n = t.ids.iter().sum::<usize>();
        let picked: f64 = t.ids.iter().map(|i| x[*i] * t.w[*i]).sum();
        let parts: f64 = t.rows.iter().map(|r| &r[1]).map(|v| v * v).sum();
        let mut s = picked + parts * n as f64;
        for (id, w) in t.ids.iter().zip(&t.w) {
            if *id > 0 {
                s += w * x[*id];
            }
        }
        for r in t.rows.iter().map(|r| &r[..1]) {
            s *= r[0];
        }
        s
    }
    #[differentiable]
    fn reassigned(x: [f64; 3]) -> f64 {
        let mut a = x;
        let mut s = 0.0;
        for v in a {
            a[0] += v;
            s += v * a[0];
        }
        for (i, v) in a.into_iter().enumerate() {
            a[(i + 1) % 3] *= v;
            s += a[i];
        }
        s + a.iter().product::<f64>()
    }
    #[differentiable]
    fn shared(x: &[f64]) -> f64 {
        let mut best = f64::NEG_INFINITY;
        let mut at = 0;
        x.iter().enumerate().for_each(|(i, v)| {
            if *v > best {
                best = *v;
                at = i;
            }
        });
        best * x[at]
            + x.iter()
                .fold((0.0, 1.0, 0_usize), |(s, p, n), v| (s + v, p * v, n + 1))
                .1
    }
    #[differentiable]
    fn lengths(x: &[f64], k: usize) -> f64 {
        x.iter().skip(k).step_by(2).map(|v| v * 2.0).sum::<f64>()
            + x.iter().take(k).rev().map(|v| v.exp()).sum::<f64>()
            + x.iter()
                .rev()
                .take(k)
                .chain(&x[..k])
                .zip(1..)
                .map(|(v, i)| v * i as f64)
                .sum::<f64>()
            + x[k..].iter().zip(x[..].iter()).map(|(a, b)| a * b).sum::<f64>()
            + x.iter().skip(100).sum::<f64>()
            + x.iter().take(0).product::<f64>()
    }
    #[differentiable]
    fn early(x: &[f64]) -> f64 {
        x.iter()
            .map(|v| {
                if *v < 0.5 {
                    return 0.1 * v;
                }
                v * v
            })
            .sum()
    }
    #[differentiable]
    fn chunked(x: &[f64], k: usize) -> f64 {
        x.chunks(k)
            .map(|c| c.iter().sum::<f64>() * c.len() as f64)
            .map(|s| s * s)
            .sum::<f64>()
            + x.windows(k)
                .rev()
                .enumerate()
                .map(|(i, w)| w[0] * w[k - 1] * i as f64)
                .sum::<f64>()
            + x.chunks_exact(k)
                .zip(x.chunks(k))
                .map(|(a, b)| a[0] * b[k - 1])
                .sum::<f64>()
    }
    #[differentiable]
    fn deep(x: &[f64], n: usize) -> f64 {
        let mut state = [0.1, 0.2, 0.3];
        for k in 0..n {
            let total: f64 = state.iter().sum();
            let next: [f64; 3] = core::array::from_fn(|i| (state[i] * total + x[(i + k) % x.len()]).tanh());
            for (s, n) in state.iter_mut().zip(next.iter()) {
                *s = 0.5 * *s + n;
            }
            if state.iter().any(|s| s.abs() > 5.0) {
                break;
            }
        }
        state.iter().map(|s| s * s).sum()
    }
    #[differentiable]
    fn scratch(x: &[f64], n: usize) -> f64 {
        let mut u: Vec<f64> = x.to_vec();
        for _ in 0..n {
            let old = u.clone();
            for (i, w) in old.windows(3).enumerate() {
                u[i + 1] = 0.25 * w[0] + 0.5 * w[1] + 0.25 * w[2];
            }
            let m = old.iter().copied().fold(0.0, f64::max);
            u.iter_mut().for_each(|v| *v /= 1.0 + m);
        }
        u.iter().zip(x).map(|(u, x)| (u - x).powi(2)).sum::<f64>()
    }

    #[differentiable]
    fn options_of_references(x: &[f64], t: f64) -> f64 {
        let Some(first) = x.first() else {
            return t;
        };
        let mut sum = first * t;
        if let Some(last) = x.last() {
            sum += last * last;
        }
        if let Some(&second) = x.get(1) {
            sum *= second;
        } else {
            sum *= t;
        }
        if let Some((i, v)) = x.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) {
            sum += v * i as f64;
        }
        if let Some(v) = x.iter().find(|v| **v > t) {
            sum += v.sin();
        } else {
            sum -= t;
        }
        if let Some(v) = x.iter().map(|v| v * v).min_by(|a, b| a.total_cmp(b)) {
            sum += v;
        }
        let Some(v) = x.iter().filter(|v| **v < t).nth(1).copied() else {
            return sum * t;
        };
        sum * v
    }

    #[test]
    fn agree_with_differences() {
        let t = Table {
            w: vec![0.3, 0.6, 0.2],
            ids: vec![2, 0, 1],
            rows: vec![[0.4, 0.5], [1.2, 0.7]],
        };
        let x = [1.0, 0.2, 0.7, 2.0, 0.41];
        assert_gradient!(lookup, &t, &x);
        assert_gradient!(reassigned, [0.3, 0.7, 1.1]);
        assert_gradient!(shared, &x);
        for k in 0..5 {
            assert_gradient!(lengths, &x, k);
        }
        assert_gradient!(early, &x);
        for k in 1..4 {
            assert_gradient!(chunked, &x[..4].to_vec(), k);
        }
        for k in 0..4 {
            assert_gradient!(deep, &x, k);
            assert_gradient!(scratch, &x, k);
        }
        for t in [0.3, 0.8, 5.0] {
            for n in 1..6 {
                assert_gradient!(options_of_references, &x[..n].to_vec(), t);
            }
        }
        assert_eq!(options_of_references::grad(&[], 5.0), (vec![], 1.0));
    }
}

/// Orders of indices by active keys, and what is computed with the elements in that order.
mod orders {
    use tapeless::prelude::*;

    #[differentiable]
    fn smallest(x: &[f64]) -> f64 {
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
        x[order[0]] * x[order[1]] + x[order[x.len() - 1]]
    }

    #[differentiable]
    fn again(x: &[f64], k: f64) -> f64 {
        let y: Vec<f64> = x.iter().map(|v| v * k).collect();
        let mut order = [0, 1, 2];
        let mut s = 0.0;
        for i in 0..3 {
            order.sort_unstable_by(|a, b| y[*b].partial_cmp(&y[*a]).unwrap());
            s = s * y[order[i]] + y[order[0]] * k;
            if s > 1.0 {
                order.sort_by_key(|i| (x[*i] * 10.0 + 0.5) as i64);
            }
        }
        s
    }

    /// Inclusive ranges, also backwards.
    #[differentiable]
    fn leaves(x: f64, n: usize) -> f64 {
        let up: Vec<f64> = (0..=n).map(|i| x * i as f64).collect();
        let down: Vec<f64> = (1..=n).rev().map(|i| x * x * i as f64).collect();
        up[0] + up[1] * down[0] + up[n]
    }

    #[test]
    fn agree_with_differences() {
        for x in [&[1.5, 0.3, 2.0][..], &[0.7, 0.2, 0.4, -1.0], &[-0.3, 0.9, 0.1]] {
            assert_gradient!(smallest, x);
            assert_gradient!(again, x, 0.8);
            assert_eq!(again::value_and_grad(x, 0.8).0, again(x, 0.8));
        }
        assert_gradient!(leaves, 0.6, 3);
    }
}

/// `match` on the element that a slice or a chain may have.
mod matched {
    use tapeless::prelude::*;

    #[differentiable]
    fn last(x: &[f64]) -> f64 {
        match x.last() {
            Some(v) => v * v,
            None => 0.0,
        }
    }

    #[differentiable]
    fn at(x: &[f64], i: usize) -> f64 {
        let mut s = 1.0;
        for j in 0..3 {
            s = match x.get(i + j) {
                None => {
                    s += 1.0;
                    s * 2.0
                }
                Some(v) => v * s * x[0],
            };
        }
        s
    }

    #[differentiable]
    fn largest(x: &[f64]) -> f64 {
        match x.iter().max_by(|a, b| a.total_cmp(b)) {
            Some(v) => {
                let w = v * x[0];
                w * v
            }
            _ => 0.0,
        }
    }

    #[test]
    fn agrees_with_differences() {
        for x in [&[1.5, 0.3, 2.0][..], &[0.7], &[-0.3, 0.9]] {
            assert_gradient!(last, x);
            assert_gradient!(largest, x);
            for i in 0..2 {
                assert_gradient!(at, x, i);
                assert_eq!(at::value_and_grad(x, i).0, at(x, i));
            }
        }
        assert_eq!(last::grad(&[]), []);
    }
}

/// `rev` behind what filters an iterator that touches no derivative, which does not know its length.
mod reversed_filters {
    use tapeless::assert_gradient;
    use tapeless::prelude::*;

    #[differentiable]
    fn of_a_range(x: f64, n: usize) -> f64 {
        let kept = (1..n).filter(|i| *i != 2);
        kept.map(|i| i as f64 * x).rev().fold(x, |a, b| b + b * a)
    }

    #[differentiable]
    fn in_place(x: f64, n: usize) -> f64 {
        (1..n)
            .filter(|i| *i != 2)
            .map(|i| i as f64 * x)
            .rev()
            .fold(x, |a, b| b + b * a)
    }

    #[differentiable]
    fn numbered(x: f64, k: &[usize]) -> f64 {
        let mut s = x;
        for (i, a) in k.iter().filter(|k| **k != 2).map(|k| *k as f64 * x).rev().enumerate() {
            s = s * a + i as f64;
        }
        s
    }

    #[differentiable]
    fn beside_another(x: f64, k: &[usize]) -> f64 {
        let reversed = k.iter().map(|k| *k as f64 * x).rev();
        reversed.zip([x, x * x, 1.0]).map(|(a, b)| a * b * a).sum::<f64>()
    }

    #[test]
    fn agree_with_differences() {
        for n in [1, 3, 6] {
            assert_gradient!(of_a_range, 0.7, n);
            assert_gradient!(in_place, 0.7, n);
        }
        for k in [&[][..], &[2], &[3, 2, 5, 1]] {
            assert_gradient!(numbered, 0.7, k);
            assert_gradient!(beside_another, 0.7, k);
        }
    }
}
