//! Every kernel against the product by its definition, for every small shape and around the borders of the tiles.
//!
//! The factors lie among NaN: one element read outside them spoils the result. The target lies among guards that must
//! be as before. The elements are small integers, so that the results are exact, in whatever order they are added up.

use std::vec::Vec;

use super::{Task, run};
use crate::scalar::Real;

/// How many numbers stand before and behind a matrix. Odd, so that rows begin anywhere in a cache line.
const GUARD: usize = 97;

/// A kernel, and what it is called.
struct Kernel<T> {
    name: &'static str,
    run: fn(&Task<T>),
}

/// Numbers among guards.
fn guarded<T: Real>(numbers: &[f64], guard: f64) -> Vec<T> {
    let guards = || std::iter::repeat_n(&guard, GUARD);
    let all = guards().chain(numbers).chain(guards());
    all.map(|x| T::from_f64(*x)).collect()
}

fn integers(count: usize, seed: usize) -> Vec<f64> {
    (0..count).map(|i| ((i * 37 + seed * 101) % 7) as f64 - 3.0).collect()
}

/// The product by its definition.
fn expected(
    (rows, inner, columns): (usize, usize, usize),
    (left, left_transposed): (&[f64], bool),
    (right, right_transposed): (&[f64], bool),
) -> Vec<f64> {
    let left = |i, k| {
        if left_transposed {
            left[k * rows + i]
        } else {
            left[i * inner + k]
        }
    };
    let right = |k, j| {
        if right_transposed {
            right[j * inner + k]
        } else {
            right[k * columns + j]
        }
    };
    (0..rows * columns)
        .map(|index| {
            (0..inner)
                .map(|k| left(index / columns, k) * right(k, index % columns))
                .sum()
        })
        .collect()
}

fn check<T: Real>(kernels: &[Kernel<T>], sizes: (usize, usize, usize)) {
    let (rows, inner, columns) = sizes;
    let (left, right) = (integers(rows * inner, 1), integers(inner * columns, 2));
    let start = integers(rows * columns, 3);
    let (left_guarded, right_guarded) = (guarded::<T>(&left, f64::NAN), guarded::<T>(&right, f64::NAN));
    let inside = |count: usize| GUARD..GUARD + count;
    for (left_transposed, right_transposed) in [(false, false), (false, true), (true, false), (true, true)] {
        let product = expected(sizes, (&left, left_transposed), (&right, right_transposed));
        for add in [false, true] {
            let sums = product.iter().zip(&start).map(|(x, y)| if add { x + y } else { *x });
            let wanted = guarded::<T>(&sums.collect::<Vec<_>>(), 12345.0);
            for kernel in kernels {
                let mut target = guarded::<T>(&start, 12345.0);
                (kernel.run)(&Task::new(
                    sizes,
                    (&left_guarded[inside(rows * inner)], left_transposed),
                    (&right_guarded[inside(inner * columns)], right_transposed),
                    &mut target[inside(rows * columns)],
                    add,
                ));
                assert!(
                    target == wanted,
                    "{} of {sizes:?}, transposed: {left_transposed} {right_transposed}, adding: {add}",
                    kernel.name
                );
            }
        }
    }
}

macro_rules! kernels {
    ($float:ident, $entry:ident, $baseline:literal, $avx2:ident, $avx512:ident) => {{
        let mut kernels: Vec<Kernel<$float>> = Vec::new();
        let mut add = |name, run| kernels.push(Kernel { name, run });
        add("the best kernel", super::$entry);
        // SAFETY: the task was made from slices of its sizes.
        add("the baseline", |task| unsafe {
            run::<false, 4, $baseline, $float>(task)
        });
        // SAFETY: the same.
        add("the fused baseline", |task| unsafe {
            run::<true, 4, $baseline, $float>(task)
        });
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        {
            use std::arch::is_x86_feature_detected;
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the processor has these instructions; the task was made from slices of its sizes.
                add("AVX2", |task| unsafe { super::$avx2(task) });
            }
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                // SAFETY: the same.
                add("AVX-512", |task| unsafe { super::$avx512(task) });
            }
        }
        kernels
    }};
}

fn check_all(rows: &[usize], inner: &[usize], columns: &[usize]) {
    let single = kernels!(f32, product_f32, 8, avx2_f32, avx512_f32);
    let double = kernels!(f64, product_f64, 4, avx2_f64, avx512_f64);
    for rows in rows {
        for inner in inner {
            // An empty inner dimension is the entry's to handle.
            let count = if *inner == 0 { 1 } else { usize::MAX };
            for columns in columns {
                let sizes = (*rows, *inner, *columns);
                check(&single[..count.min(single.len())], sizes);
                check(&double[..count.min(double.len())], sizes);
            }
        }
    }
}

#[test]
fn every_small_shape() {
    let all: Vec<usize> = (0..=9).collect();
    check_all(&all, &all, &all);
}

#[test]
fn around_the_borders_of_tiles() {
    // Tiles have 4 or 6 rows and 4 to 64 columns.
    check_all(
        &[1, 3, 5, 6, 7, 13],
        &[1, 8, 31],
        &[1, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97, 127, 128, 129],
    );
}

#[test]
fn around_the_depth_of_a_panel() {
    check_all(&[1, 2, 6, 13], &[255, 256, 257, 513], &[1, 7, 33, 65]);
}

#[test]
#[should_panic(expected = "the left factor's size")]
fn a_factor_of_another_size_is_refused() {
    Task::new((2, 2, 2), (&[0.0; 3], false), (&[0.0; 4], false), &mut [0.0; 4], false);
}
