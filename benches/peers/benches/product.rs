//! The kernels of the matrix product against the crates `gemm` and `matrixmultiply`: the product, and the two products
//! with a transposed factor that its adjoint is made of.
#![allow(missing_docs)]

use std::hint::black_box;

use tapeless::expansion::{Accumulator, Inactive, Like, Rule2, ops};
use tapeless::prelude::*;
use tapeless_benches::{compare, contestant};

/// A factor: its elements, and the distances between rows and between columns.
type Factor<'f> = (&'f [f32], usize, usize);

fn gemm_crate((n, d, m): (usize, usize, usize), left: Factor<'_>, right: Factor<'_>, target: &mut [f32]) {
    let stride = |x: usize| isize::try_from(x).expect("a small stride");
    // SAFETY: the slices hold matrices of these sizes and strides.
    unsafe {
        gemm::gemm(
            n,
            m,
            d,
            target.as_mut_ptr(),
            1,
            stride(m),
            false,
            left.0.as_ptr(),
            stride(left.2),
            stride(left.1),
            right.0.as_ptr(),
            stride(right.2),
            stride(right.1),
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

fn matrixmultiply_crate((n, d, m): (usize, usize, usize), left: Factor<'_>, right: Factor<'_>, target: &mut [f32]) {
    let stride = |x: usize| isize::try_from(x).expect("a small stride");
    // SAFETY: the slices hold matrices of these sizes and strides.
    unsafe {
        matrixmultiply::sgemm(
            n,
            d,
            m,
            1.0,
            left.0.as_ptr(),
            stride(left.1),
            stride(left.2),
            right.0.as_ptr(),
            stride(right.1),
            stride(right.2),
            0.0,
            target.as_mut_ptr(),
            stride(m),
            1,
        );
    }
}

fn shape<const N: usize, const D: usize, const M: usize>() {
    let fill = |i: usize, j: usize| ((i * 31 + j * 17) % 23) as f32 / 23.0;
    let a: HeapMatrix<N, D> = HeapMatrix::from_fn(fill);
    let b: HeapMatrix<D, M> = HeapMatrix::from_fn(fill);
    let y: HeapMatrix<N, M> = HeapMatrix::from_fn(fill);
    let mut ya = y.clone();
    let mut yb = y.clone();
    compare(
        &format!("{N}x{D} * {D}x{M}"),
        vec![
            contestant("tapeless", || &a * black_box(&b)),
            contestant("gemm", || {
                gemm_crate(
                    (N, D, M),
                    (a.as_slice(), D, 1),
                    (black_box(&b).as_slice(), M, 1),
                    ya.as_mut_slice(),
                )
            }),
            contestant("matrixmultiply", || {
                matrixmultiply_crate(
                    (N, D, M),
                    (a.as_slice(), D, 1),
                    (black_box(&b).as_slice(), M, 1),
                    yb.as_mut_slice(),
                )
            }),
        ],
    );
    let (mut da, mut da2, mut da3) = (a.clone(), a.clone(), a.clone());
    compare(
        &format!("{N}x{M} * ({D}x{M})ᵀ"),
        vec![
            contestant("tapeless", || {
                Rule2::__pullback2(
                    Like::of(&y),
                    ops::mul {},
                    Like::of(&a),
                    black_box(&b),
                    &y,
                    &mut Accumulator::Stale(&mut da),
                    &mut Inactive,
                );
            }),
            contestant("gemm", || {
                gemm_crate(
                    (N, M, D),
                    (y.as_slice(), M, 1),
                    (black_box(&b).as_slice(), 1, M),
                    da2.as_mut_slice(),
                )
            }),
            contestant("matrixmultiply", || {
                matrixmultiply_crate(
                    (N, M, D),
                    (y.as_slice(), M, 1),
                    (black_box(&b).as_slice(), 1, M),
                    da3.as_mut_slice(),
                )
            }),
        ],
    );
    let (mut db, mut db2, mut db3) = (b.clone(), b.clone(), b.clone());
    compare(
        &format!("({N}x{D})ᵀ * {N}x{M}"),
        vec![
            contestant("tapeless", || {
                Rule2::__pullback2(
                    Like::of(&y),
                    ops::mul {},
                    &a,
                    Like::of(&b),
                    black_box(&y),
                    &mut Inactive,
                    &mut Accumulator::Stale(&mut db),
                );
            }),
            contestant("gemm", || {
                gemm_crate(
                    (D, N, M),
                    (a.as_slice(), 1, D),
                    (black_box(&y).as_slice(), M, 1),
                    db2.as_mut_slice(),
                )
            }),
            contestant("matrixmultiply", || {
                matrixmultiply_crate(
                    (D, N, M),
                    (a.as_slice(), 1, D),
                    (black_box(&y).as_slice(), M, 1),
                    db3.as_mut_slice(),
                )
            }),
        ],
    );
}

fn main() {
    shape::<3, 3, 3>();
    shape::<4, 2, 8>();
    shape::<1, 784, 128>();
    shape::<10, 784, 30>();
    shape::<32, 64, 64>();
    shape::<64, 784, 128>();
    shape::<64, 128, 10>();
    shape::<512, 1024, 1024>();
}
