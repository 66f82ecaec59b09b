//! The kernels of the matrix product: tiles of the result that stay in registers, compiled for each vector unit.
//!
//! Nothing is allocated: where columns of the right factor are worth copying together, they are copied to the stack.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use crate::scalar::Real;

/// The steps along the inner dimension for which columns are copied at a time.
const DEPTH: usize = 256;

/// A factor of a product: its first element, and the distances between rows and between columns.
#[derive(Clone, Copy, Debug)]
pub struct Factor<T> {
    start: *const T,
    row: usize,
    column: usize,
}

/// The product to be computed: `target (+)= left * right`.
#[derive(Clone, Copy, Debug)]
pub struct Task<T> {
    rows: usize,
    inner: usize,
    columns: usize,
    left: Factor<T>,
    right: Factor<T>,
    target: *mut T,
    add: bool,
}

impl<T: Real> Task<T> {
    /// `target (+)= left * right` for matrices stored row after row; a factor that is `transposed` is stored as its
    /// transpose.
    ///
    /// # Panics
    /// If a slice has another length than its matrix.
    pub(crate) fn new(
        (rows, inner, columns): (usize, usize, usize),
        (left, left_transposed): (&[T], bool),
        (right, right_transposed): (&[T], bool),
        target: &mut [T],
        add: bool,
    ) -> Self {
        assert_eq!(left.len(), rows * inner, "the left factor's size");
        assert_eq!(right.len(), inner * columns, "the right factor's size");
        assert_eq!(target.len(), rows * columns, "the product's size");
        let factor = |slice: &[T], rows: usize, columns: usize, transposed: bool| {
            let (row, column) = if transposed { (1, rows) } else { (columns, 1) };
            Factor { start: slice.as_ptr(), row, column }
        };
        Self {
            rows,
            inner,
            columns,
            left: factor(left, rows, inner, left_transposed),
            right: factor(right, inner, columns, right_transposed),
            target: target.as_mut_ptr(),
            add,
        }
    }
}

/// `a * b + c`, rounded once if the processor does so in one instruction.
#[inline(always)]
fn multiply_add<const FUSED: bool, T: Real>(a: T, b: T, c: T) -> T {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// One tile of the result, `ROWS` by `WIDTH`: `right` has its rows `stride` apart and its columns side by side.
///
/// # Safety
/// `inner` steps from `left` and `right`, and the tile at `target` with rows `columns` apart, must be inside the matrices.
#[inline(always)]
unsafe fn tile<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(
    task: &Task<T>,
    inner: usize,
    mut left: *const T,
    mut right: *const T,
    stride: usize,
    target: *mut T,
    add: bool,
) {
    let mut sums = [[T::ZERO; WIDTH]; ROWS];
    for _ in 0..inner {
        // SAFETY: the caller vouches for `inner` steps; WIDTH columns lie side by side.
        let row: [T; WIDTH] = unsafe { right.cast::<[T; WIDTH]>().read() };
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: the tile's rows are rows of the left factor.
            let factor = unsafe { *left.add(r * task.left.row) };
            for (sum, element) in sums.iter_mut().zip(row) {
                *sum = multiply_add::<FUSED, T>(factor, element, *sum);
            }
        }
        // Wrapping: after the last step, the pointers may be past the end of their matrices.
        left = left.wrapping_add(task.left.column);
        right = right.wrapping_add(stride);
    }
    for (r, sums) in sums.iter().enumerate() {
        // SAFETY: the tile is inside the target, which nothing else refers to.
        let row = unsafe { &mut *target.add(r * task.columns).cast::<[T; WIDTH]>() };
        if add {
            row.iter_mut().zip(sums).for_each(|(element, sum)| *element += *sum);
        } else {
            *row = *sums;
        }
    }
}

/// `WIDTH` columns of the result, from top to bottom.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn strip<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(
    task: &Task<T>,
    inner: usize,
    left: *const T,
    right: *const T,
    stride: usize,
    target: *mut T,
    add: bool,
) {
    let mut row = 0;
    macro_rules! tiles {
        ($height:expr) => {
            while row + $height <= task.rows {
                let left = left.wrapping_add(row * task.left.row);
                let target = target.wrapping_add(row * task.columns);
                // SAFETY: these rows are inside the matrices; the rest is the caller's promise.
                unsafe { tile::<FUSED, { $height }, WIDTH, T>(task, inner, left, right, stride, target, add) };
                row += $height;
            }
        };
    }
    tiles!(ROWS);
    tiles!(4);
    tiles!(2);
    tiles!(1);
}

/// The whole product, in strips of `WIDTH` columns.
///
/// # Safety
/// The pointers of the task must be those of matrices of its sizes, the target's not aliased.
#[inline(always)]
unsafe fn run<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(task: &Task<T>) {
    let scattered = task.right.column != 1;
    // Copying columns together pays if many rows of tiles go over them.
    let copied = scattered || task.rows > 2 * ROWS;
    let mut panel = MaybeUninit::<[[T; WIDTH]; DEPTH]>::uninit();
    let panel = panel.as_mut_ptr().cast::<T>();
    let mut column = 0;
    while column < task.columns {
        let width = WIDTH.min(task.columns - column);
        let target = task.target.wrapping_add(column);
        let right = task.right.start.wrapping_add(column * task.right.column);
        if !copied {
            // SAFETY: the columns lie side by side in the right factor.
            unsafe { narrow::<FUSED, ROWS, WIDTH, T>(task, task.inner, task.left.start, right, task.right.row, target, width, task.add) };
            column += width;
            continue;
        }
        let mut step = 0;
        while step < task.inner {
            let depth = DEPTH.min(task.inner - step);
            let left = task.left.start.wrapping_add(step * task.left.column);
            let from = right.wrapping_add(step * task.right.row);
            // SAFETY: `depth` rows of `width` columns are inside the right factor and fit the panel.
            unsafe {
                copy::<WIDTH, T>(task, from, depth, width, panel);
                narrow::<FUSED, ROWS, WIDTH, T>(task, depth, left, panel, WIDTH, target, width, task.add || step > 0);
            }
            step += depth;
        }
        column += width;
    }
}

/// Copies `depth` rows of `width` columns of the right factor to a panel whose rows are `WIDTH` apart.
///
/// # Safety
/// They must be inside the factor, and `panel` must have room for `depth` rows.
#[inline(always)]
unsafe fn copy<const WIDTH: usize, T: Real>(
    task: &Task<T>,
    from: *const T,
    depth: usize,
    width: usize,
    panel: *mut T,
) {
    let Factor { row, column, .. } = task.right;
    if column == 1 && width == WIDTH {
        for step in 0..depth {
            // SAFETY: WIDTH columns lie side by side, and the panel has room.
            unsafe {
                let columns = from.add(step * row).cast::<[T; WIDTH]>().read();
                panel.add(step * WIDTH).cast::<[T; WIDTH]>().write(columns);
            }
        }
        return;
    }
    for offset in 0..width {
        for step in 0..depth {
            // SAFETY: one element each, inside the factor and the panel.
            unsafe { panel.add(step * WIDTH + offset).write(*from.add(step * row + offset * column)) };
        }
    }
}

/// A strip of `width` columns, at most `WIDTH`, as one or in narrower strips.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn narrow<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(
    task: &Task<T>,
    inner: usize,
    left: *const T,
    right: *const T,
    stride: usize,
    target: *mut T,
    width: usize,
    add: bool,
) {
    let mut done = 0;
    macro_rules! strips {
        ($width:expr) => {
            while done + $width <= width {
                let (right, target) = (right.wrapping_add(done), target.wrapping_add(done));
                // SAFETY: these columns are inside the matrices; the rest is the caller's promise.
                unsafe { strip::<FUSED, ROWS, { $width }, T>(task, inner, left, right, stride, target, add) };
                done += $width;
            }
        };
    }
    strips!(WIDTH);
    strips!(16);
    strips!(8);
    strips!(4);
    strips!(1);
}

/// The product for one scalar type: the kernel for the best vector unit of the processor.
macro_rules! kernels {
    ($float:ident, $entry:ident, $baseline:literal, $avx2:ident $avx2_width:literal, $avx512:ident $avx512_width:literal) => {
        /// Runs the task on the best vector unit that the processor has.
        pub(crate) fn $entry(task: &Task<$float>) {
            if task.inner == 0 {
                // Nothing to add up: `run` would not touch the target.
                if !task.add {
                    for index in 0..task.rows * task.columns {
                        // SAFETY: the target has this many elements.
                        unsafe { task.target.add(index).write(0.0) };
                    }
                }
                return;
            }
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            {
                use std::arch::is_x86_feature_detected;
                if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                    // SAFETY: the processor has these instructions; the task was made from slices of its sizes.
                    return unsafe { $avx512(task) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the processor has these instructions; the task was made from slices of its sizes.
                    return unsafe { $avx2(task) };
                }
            }
            // SAFETY: the task was made from slices of its sizes.
            unsafe { run::<{ cfg!(target_arch = "aarch64") }, 4, $baseline, $float>(task) }
        }

        /// # Safety
        /// As for [`run`].
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        #[target_feature(enable = "avx2,fma")]
        unsafe fn $avx2(task: &Task<$float>) {
            // SAFETY: the caller's promise.
            unsafe { run::<true, 6, $avx2_width, $float>(task) }
        }

        /// # Safety
        /// As for [`run`].
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        #[target_feature(enable = "avx512f,avx512vl,fma")]
        unsafe fn $avx512(task: &Task<$float>) {
            // SAFETY: the caller's promise.
            unsafe { run::<true, 6, $avx512_width, $float>(task) }
        }
    };
}

kernels!(f32, product_f32, 8, avx2_f32 16, avx512_f32 64);
kernels!(f64, product_f64, 4, avx2_f64 8, avx512_f64 32);
