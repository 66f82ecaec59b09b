//! The matrix product, also with transposed factors: one internal function for each, so that kernels can be replaced.

use core::mem::MaybeUninit;

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
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn checked<R>(result: R) -> R {
        result
    }
}

/// Up to this many multiplications, plain loops beat the kernels: the compiler unrolls them.
const UNROLLED: usize = 512;

/// Declares products: with the names of a function that overwrites its target or adds to it, and of one whose target need not
/// be initialised, all of whose elements it writes; where the element of each factor for step `k` of element (i, j) is.
macro_rules! products {
    ($(
        $what:literal $add:ident $write:ident $left_transposed:literal $right_transposed:literal
        <$N:ident, $D:ident, $M:ident>($i:ident, $j:ident, $k:ident) $left_at:expr, $right_at:expr;
    )*) => {$(
        #[doc = concat!("`target (+)= ", $what, ".")]
        #[cfg_attr(not(debug_assertions), inline(always))]
        pub fn $add<const $N: usize, const $D: usize, const $M: usize, T: Real>(
            left: &[T],
            right: &[T],
            target: &mut [T],
            add: bool,
        ) {
            let sizes = ($N, $D, $M);
            let (left, right) = ((left, $left_transposed), (right, $right_transposed));
            if $N * $D * $M > UNROLLED {
                return T::matrix_product(&Task::new(sizes, left, right, target, add));
            }
            unrolled(sizes, left.0, right.0, |$i, $j, $k| ($left_at, $right_at), |index, sum| {
                target[index] = if add { target[index] + sum } else { sum };
            });
        }

        #[doc = concat!("`target = ", $what, ". Writes all elements.")]
        #[cfg_attr(not(debug_assertions), inline(always))]
        pub(crate) fn $write<const $N: usize, const $D: usize, const $M: usize, T: Real>(
            left: &[T],
            right: &[T],
            target: &mut [MaybeUninit<T>],
        ) {
            let sizes = ($N, $D, $M);
            let (left, right) = ((left, $left_transposed), (right, $right_transposed));
            if $N * $D * $M > UNROLLED {
                return T::matrix_product(&Task::to_be_written(sizes, left, right, target));
            }
            assert_eq!(target.len(), $N * $M, "the product's size");
            unrolled(sizes, left.0, right.0, |$i, $j, $k| ($left_at, $right_at), |index, sum| {
                target[index].write(sum);
            });
        }
    )*};
}

products! {
    "left * right`, for an `N` by `D` and a `D` by `M` matrix"
        product product_to false false <N, D, M>(i, j, k) i * D + k, k * M + j;
    "left * rightᵀ`, for an `N` by `D` and an `M` by `D` matrix"
        product_right_transposed product_right_transposed_to false true <N, D, M>(i, j, k) i * D + k, j * D + k;
    "leftᵀ * right`, for a `D` by `N` and a `D` by `M` matrix"
        product_left_transposed product_left_transposed_to true false <N, D, M>(i, j, k) k * N + i, k * M + j;
}

/// The product in plain loops: `at(i, j, k)` says where the factors of an element's summand are, and `store` takes each
/// element's place and value.
#[cfg_attr(not(debug_assertions), inline(always))]
fn unrolled<T: Real>(
    (rows, inner, columns): (usize, usize, usize),
    left: &[T],
    right: &[T],
    at: impl Fn(usize, usize, usize) -> (usize, usize),
    mut store: impl FnMut(usize, T),
) {
    let left = &left[..rows * inner];
    let right = &right[..inner * columns];
    for i in 0..rows {
        for j in 0..columns {
            let mut sum = T::ZERO;
            for k in 0..inner {
                let (left_at, right_at) = at(i, j, k);
                sum += left[left_at] * right[right_at];
            }
            store(i * columns + j, sum);
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
