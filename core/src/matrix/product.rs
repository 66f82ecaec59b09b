//! The matrix product, also with transposed factors: one internal function for each, so that kernels can be replaced.

use super::kernel::Task;
use crate::scalar::Real;

/// The inner dimensions of a product.
#[derive(Clone, Copy, Debug)]
pub struct Inner<const LEFT: usize, const RIGHT: usize>;

/// The inner dimensions of a product agree.
#[diagnostic::on_unimplemented(
    message = "cannot multiply `{Left}` by `{Right}`: the left side's columns must equal the right side's rows",
    label = "inner dimensions differ"
)]
pub trait InnerDimensions<Left, Right> {
    /// The type of a result, which exists only if the shapes fit.
    type Checked<R>;
    /// The result.
    fn checked<R>(result: R) -> Self::Checked<R>;
}

impl<const D: usize, Left, Right> InnerDimensions<Left, Right> for Inner<D, D> {
    type Checked<R> = R;
    #[inline(always)]
    fn checked<R>(result: R) -> R {
        result
    }
}

/// Up to this many multiplications, plain loops beat the kernels: the compiler unrolls them.
const UNROLLED: usize = 512;

/// `target (+)= left * right`, for an `N` by `D` and a `D` by `M` matrix.
#[inline(always)]
pub fn product<const N: usize, const D: usize, const M: usize, T: Real>(
    left: &[T],
    right: &[T],
    target: &mut [T],
    add: bool,
) {
    if N * D * M > UNROLLED {
        return T::matrix_product(&Task::new((N, D, M), (left, false), (right, false), target, add));
    }
    let left = &left[..N * D];
    let right = &right[..D * M];
    let target = &mut target[..N * M];
    for i in 0..N {
        for j in 0..M {
            let mut sum = if add { target[i * M + j] } else { T::ZERO };
            for k in 0..D {
                sum += left[i * D + k] * right[k * M + j];
            }
            target[i * M + j] = sum;
        }
    }
}

/// `target (+)= left * rightᵀ`, for an `N` by `D` and an `M` by `D` matrix.
#[inline(always)]
pub fn product_right_transposed<const N: usize, const D: usize, const M: usize, T: Real>(
    left: &[T],
    right: &[T],
    target: &mut [T],
    add: bool,
) {
    if N * D * M > UNROLLED {
        return T::matrix_product(&Task::new((N, D, M), (left, false), (right, true), target, add));
    }
    let left = &left[..N * D];
    let right = &right[..D * M];
    let target = &mut target[..N * M];
    for i in 0..N {
        for j in 0..M {
            let mut sum = if add { target[i * M + j] } else { T::ZERO };
            for k in 0..D {
                sum += left[i * D + k] * right[j * D + k];
            }
            target[i * M + j] = sum;
        }
    }
}

/// `target (+)= leftᵀ * right`, for a `D` by `N` and a `D` by `M` matrix.
#[inline(always)]
pub fn product_left_transposed<const N: usize, const D: usize, const M: usize, T: Real>(
    left: &[T],
    right: &[T],
    target: &mut [T],
    add: bool,
) {
    if N * D * M > UNROLLED {
        return T::matrix_product(&Task::new((N, D, M), (left, true), (right, false), target, add));
    }
    let left = &left[..N * D];
    let right = &right[..D * M];
    let target = &mut target[..N * M];
    for i in 0..N {
        for j in 0..M {
            let mut sum = if add { target[i * M + j] } else { T::ZERO };
            for k in 0..D {
                sum += left[k * N + i] * right[k * M + j];
            }
            target[i * M + j] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The product by its definition, in double precision.
    fn expected(
        n: usize,
        d: usize,
        m: usize,
        a: impl Fn(usize, usize) -> f64,
        b: impl Fn(usize, usize) -> f64,
    ) -> Vec<f64> {
        let sum = |i, j| (0..d).map(|k| a(i, k) * b(k, j)).sum();
        (0..n * m).map(|index| sum(index / m, index % m)).collect()
    }

    fn numbers(count: usize, seed: usize) -> Vec<f64> {
        (0..count)
            .map(|i| ((i * 37 + seed * 101) % 29) as f64 / 7.0 - 2.0)
            .collect()
    }

    fn check<const N: usize, const D: usize, const M: usize>() {
        let (a, b) = (numbers(N * D, 1), numbers(D * M, 2));
        let start = numbers(N * M, 3);
        let plain = expected(N, D, M, |i, k| a[i * D + k], |k, j| b[k * M + j]);
        let right = expected(N, D, M, |i, k| a[i * D + k], |k, j| b[j * D + k]);
        let left = expected(N, D, M, |i, k| a[k * N + i], |k, j| b[k * M + j]);
        for add in [false, true] {
            let run = |kernel: fn(&[f64], &[f64], &mut [f64], bool),
                       single: fn(&[f32], &[f32], &mut [f32], bool),
                       expected: &[f64]| {
                let mut target = start.clone();
                kernel(&a, &b, &mut target, add);
                let narrow = |values: &[f64]| values.iter().map(|x| *x as f32).collect::<Vec<_>>();
                let mut target32 = narrow(&start);
                single(&narrow(&a), &narrow(&b), &mut target32, add);
                for index in 0..N * M {
                    let wanted = expected[index] + if add { start[index] } else { 0.0 };
                    let tolerance = 1e-12 * (1 + D) as f64;
                    assert!(
                        (target[index] - wanted).abs() <= tolerance,
                        "{N} {D} {M}: {} {wanted}",
                        target[index]
                    );
                    let tolerance = 1e-5 * (1 + D) as f64;
                    assert!(
                        (f64::from(target32[index]) - wanted).abs() <= tolerance,
                        "{N} {D} {M}: {} {wanted}",
                        target32[index]
                    );
                }
            };
            run(product::<N, D, M, f64>, product::<N, D, M, f32>, &plain);
            run(
                product_right_transposed::<N, D, M, f64>,
                product_right_transposed::<N, D, M, f32>,
                &right,
            );
            run(
                product_left_transposed::<N, D, M, f64>,
                product_left_transposed::<N, D, M, f32>,
                &left,
            );
        }
    }

    use std::vec::Vec;

    #[test]
    fn products_agree_with_the_definition() {
        check::<1, 1, 1>();
        check::<2, 3, 4>();
        check::<1, 784, 30>();
        check::<784, 1, 30>();
        check::<7, 300, 71>();
        check::<13, 17, 129>();
        check::<33, 64, 10>();
        check::<20, 257, 64>();
        check::<5, 600, 3>();
        check::<40, 513, 67>();
    }

    #[test]
    fn an_empty_inner_dimension_gives_zeros() {
        check::<3, 0, 2>();
        check::<40, 0, 40>();
    }
}
