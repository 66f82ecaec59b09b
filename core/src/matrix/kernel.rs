//! The kernels of the matrix product: tiles of the result that stay in registers, compiled for each vector unit.
//!
//! Nothing is allocated: where columns of the right factor are worth copying together, they are copied to the stack.

// Loops over constant indices: with iterators, the tiles would not stay in registers.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use crate::lanes::{multiply_add, slots};
use crate::scalar::Real;

/// The steps along the inner dimension for which columns are copied at a time.
const DEPTH: usize = 256;

/// Columns that have been copied together, from the start of a cache line on.
#[repr(C, align(64))]
struct Panel<T, const WIDTH: usize>([[T; WIDTH]; DEPTH]);

/// A factor of a product: its first element, and the distances between rows and between columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Factor<T> {
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

impl<T> Factor<T> {
    /// Whether `rows` by `columns` elements from `from` on are among the factor's `count` elements. For debug assertions.
    fn holds(&self, from: *const T, rows: usize, columns: usize, count: usize) -> bool {
        let first = (from.addr() - self.start.addr()) / size_of::<T>();
        rows == 0 || columns == 0 || first + (rows - 1) * self.row + (columns - 1) * self.column < count
    }
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
        let written = Self::to_be_written(
            (rows, inner, columns),
            (left, left_transposed),
            (right, right_transposed),
            slots(target),
        );
        Self { add, ..written }
    }

    /// `target = left * right`, for a target that need not be initialised.
    ///
    /// # Panics
    /// If a slice has another length than its matrix.
    pub(crate) fn to_be_written(
        (rows, inner, columns): (usize, usize, usize),
        (left, left_transposed): (&[T], bool),
        (right, right_transposed): (&[T], bool),
        target: &mut [MaybeUninit<T>],
    ) -> Self {
        assert_eq!(left.len(), rows * inner, "the left factor's size");
        assert_eq!(right.len(), inner * columns, "the right factor's size");
        assert_eq!(target.len(), rows * columns, "the product's size");
        let factor = |slice: &[T], rows: usize, columns: usize, transposed: bool| {
            let (row, column) = if transposed { (1, rows) } else { (columns, 1) };
            Factor {
                start: slice.as_ptr(),
                row,
                column,
            }
        };
        Self {
            rows,
            inner,
            columns,
            left: factor(left, rows, inner, left_transposed),
            right: factor(right, inner, columns, right_transposed),
            target: target.as_mut_ptr().cast(),
            add: false,
        }
    }

    /// Whether `rows` by `columns` elements from `from` on are among the target's. For debug assertions.
    fn target_holds(&self, from: *const T, rows: usize, columns: usize) -> bool {
        let first = (from.addr() - self.target.addr()) / size_of::<T>();
        rows == 0 || columns == 0 || first + (rows - 1) * self.columns + columns <= self.rows * self.columns
    }
}

/// One tile of the result, `ROWS` by `WIDTH`, of which the first `width` columns are stored: `right` has its rows
/// `stride` apart and its columns side by side.
///
/// # Safety
/// `inner` steps from `left` and `right`, and the stored tile at `target`, must be inside the matrices; `right` must have
/// `WIDTH` columns, be they of the matrix or of a panel.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn tile<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(
    task: &Task<T>,
    inner: usize,
    mut left: *const T,
    mut right: *const T,
    stride: usize,
    target: *mut T,
    width: usize,
    add: bool,
) {
    debug_assert!(
        task.left.holds(left, ROWS, inner, task.rows * task.inner),
        "a tile's rows"
    );
    debug_assert!(task.target_holds(target, ROWS, width), "a tile of the result");
    let mut sums = [[T::ZERO; WIDTH]; ROWS];
    for _ in 0..inner {
        // SAFETY: the caller vouches for `inner` steps; WIDTH columns lie side by side.
        let row: [T; WIDTH] = unsafe { right.cast::<[T; WIDTH]>().read() };
        for r in 0..ROWS {
            // SAFETY: the tile's rows are rows of the left factor.
            let factor = unsafe { *left.add(r * task.left.row) };
            for c in 0..WIDTH {
                sums[r][c] = multiply_add::<FUSED, T>(factor, row[c], sums[r][c]);
            }
        }
        // Wrapping: after the last step, the pointers may be past the end of their matrices.
        left = left.wrapping_add(task.left.column);
        right = right.wrapping_add(stride);
    }
    for r in 0..ROWS {
        let target = target.wrapping_add(r * task.columns);
        // SAFETY: the stored tile is inside the target, which nothing else refers to.
        unsafe { store(sums[r], target, width, add) };
    }
}

/// Stores the first `width` sums, or adds them to what is there.
///
/// # Safety
/// `target` must point to `width` elements that nothing else refers to, initialised if they are added to.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn store<const WIDTH: usize, T: Real>(sums: [T; WIDTH], target: *mut T, width: usize, add: bool) {
    if width < WIDTH {
        // SAFETY: the caller's promise.
        return unsafe { store_part(sums.as_slice(), target, width, add) };
    }
    if add {
        // SAFETY: the caller's promise: the elements are initialised.
        let row = unsafe { &mut *target.cast::<[T; WIDTH]>() };
        for c in 0..WIDTH {
            row[c] += sums[c];
        }
    } else {
        // SAFETY: the caller's promise.
        unsafe { target.cast::<[T; WIDTH]>().write(sums) };
    }
}

/// [`store`] for less than the whole width. Kept apart, so that whole tiles stay in registers.
///
/// # Safety
/// As for [`store`].
#[inline(never)]
unsafe fn store_part<T: Real>(sums: &[T], target: *mut T, width: usize, add: bool) {
    for (c, sum) in sums.iter().enumerate().take(width) {
        let element = target.wrapping_add(c);
        // SAFETY: the caller's promise: one of the elements, initialised if it is added to.
        unsafe { element.write(if add { element.read() + *sum } else { *sum }) };
    }
}

/// `width` columns of the result, computed as `WIDTH`, from top to bottom.
///
/// # Safety
/// As for [`tile`].
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn strip<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(
    task: &Task<T>,
    inner: usize,
    left: *const T,
    right: *const T,
    stride: usize,
    target: *mut T,
    width: usize,
    add: bool,
) {
    let mut row = 0;
    macro_rules! tiles {
        ($height:expr) => {
            while task.rows - row >= $height {
                let left = left.wrapping_add(row * task.left.row);
                let target = target.wrapping_add(row * task.columns);
                // SAFETY: these rows are inside the matrices; the rest is the caller's promise.
                unsafe { tile::<FUSED, { $height }, WIDTH, T>(task, inner, left, right, stride, target, width, add) };
                row += $height;
            }
        };
    }
    tiles!(ROWS);
    tiles!(4);
    tiles!(2);
    tiles!(1);
}

/// The whole product, in strips of at most `WIDTH` columns.
///
/// # Safety
/// The pointers of the task must be those of matrices of its sizes, the target's not aliased.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn run<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(task: &Task<T>) {
    let scattered = task.right.column != 1;
    if scattered && task.rows <= FEW && task.left.column == 1 && task.right.row == 1 {
        // SAFETY: the caller's promise; rows and columns lie side by side.
        return unsafe { inner_products::<FUSED, WIDTH, T>(task) };
    }
    // Copying columns together pays if many rows of tiles go over them.
    let copied = scattered || task.rows > 2 * ROWS;
    let mut panel = MaybeUninit::<Panel<T, WIDTH>>::uninit();
    let panel = panel.as_mut_ptr().cast::<T>();
    let mut column = 0;
    while column < task.columns {
        let width = WIDTH.min(task.columns - column);
        let target = task.target.wrapping_add(column);
        let right = task.right.start.wrapping_add(column * task.right.column);
        if !copied && width == WIDTH {
            let (left, stride) = (task.left.start, task.right.row);
            debug_assert!(
                task.right.holds(right, task.inner, WIDTH, task.inner * task.columns),
                "a strip's columns"
            );
            // SAFETY: WIDTH columns lie side by side in the right factor.
            unsafe { strip::<FUSED, ROWS, WIDTH, T>(task, task.inner, left, right, stride, target, width, task.add) };
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
                padded::<FUSED, ROWS, WIDTH, T>(task, depth, left, panel, target, width, task.add || step > 0);
            }
            step += depth;
        }
        column += width;
    }
}

/// Copies `depth` rows of `width` columns of the right factor to a panel whose rows are `WIDTH` long, with zeros behind.
///
/// # Safety
/// They must be inside the factor, and `panel` must have room for `depth` rows.
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn copy<const WIDTH: usize, T: Real>(task: &Task<T>, from: *const T, depth: usize, width: usize, panel: *mut T) {
    let Factor { row, column, .. } = task.right;
    debug_assert!(
        task.right.holds(from, depth, width, task.inner * task.columns),
        "copied columns"
    );
    debug_assert!(depth <= DEPTH && width <= WIDTH, "the panel has room");
    if width < WIDTH {
        for index in 0..depth * WIDTH {
            // SAFETY: the panel has room.
            unsafe { panel.add(index).write(T::ZERO) };
        }
    }
    if column == 1 {
        for step in 0..depth {
            // SAFETY: `width` columns lie side by side, and the panel has room.
            unsafe {
                panel
                    .add(step * WIDTH)
                    .copy_from_nonoverlapping(from.add(step * row), width)
            };
        }
        return;
    }
    for offset in 0..width {
        for step in 0..depth {
            // SAFETY: one element each, inside the factor and the panel.
            unsafe {
                panel
                    .add(step * WIDTH + offset)
                    .write(*from.add(step * row + offset * column))
            };
        }
    }
}

/// `width` columns of the result from a panel, as the narrowest strip that they fit.
///
/// # Safety
/// As for [`tile`].
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn padded<const FUSED: bool, const ROWS: usize, const WIDTH: usize, T: Real>(
    task: &Task<T>,
    inner: usize,
    left: *const T,
    panel: *const T,
    target: *mut T,
    width: usize,
    add: bool,
) {
    macro_rules! strips {
        ($($width:literal)*) => {
            $(if width <= $width && $width < WIDTH {
                // SAFETY: the panel has WIDTH columns; the rest is the caller's promise.
                return unsafe { strip::<FUSED, ROWS, $width, T>(task, inner, left, panel, WIDTH, target, width, add) };
            })*
        };
    }
    strips!(1 4 8 16 32);
    // SAFETY: the panel has WIDTH columns; the rest is the caller's promise.
    unsafe { strip::<FUSED, ROWS, WIDTH, T>(task, inner, left, panel, WIDTH, target, width, add) };
}

/// Up to this many rows, a product with a transposed right factor is computed as inner products.
const FEW: usize = 2;

/// The product element by element, where rows of the left and columns of the right factor lie side by side.
///
/// # Safety
/// As for [`run`].
#[cfg_attr(not(debug_assertions), inline(always))]
unsafe fn inner_products<const FUSED: bool, const WIDTH: usize, T: Real>(task: &Task<T>) {
    for i in 0..task.rows {
        for j in 0..task.columns {
            // SAFETY: a row and a column, side by side, and an element of the target.
            unsafe {
                let left = core::slice::from_raw_parts(task.left.start.add(i * task.left.row), task.inner);
                let right = core::slice::from_raw_parts(task.right.start.add(j * task.right.column), task.inner);
                let sum = inner_product::<FUSED, WIDTH, T>(left, right);
                store([sum], task.target.add(i * task.columns + j), 1, task.add);
            }
        }
    }
}

/// The inner product of two slices of the same length, in `WIDTH` partial sums.
#[cfg_attr(not(debug_assertions), inline(always))]
fn inner_product<const FUSED: bool, const WIDTH: usize, T: Real>(left: &[T], right: &[T]) -> T {
    let mut sums = [T::ZERO; WIDTH];
    let (left_chunks, left_rest) = left.as_chunks::<WIDTH>();
    let (right_chunks, right_rest) = right.as_chunks::<WIDTH>();
    for (left, right) in left_chunks.iter().zip(right_chunks) {
        for c in 0..WIDTH {
            sums[c] = multiply_add::<FUSED, T>(left[c], right[c], sums[c]);
        }
    }
    for (c, (left, right)) in left_rest.iter().zip(right_rest).enumerate() {
        sums[c] = multiply_add::<FUSED, T>(*left, *right, sums[c]);
    }
    let mut count = WIDTH;
    while count > 1 {
        count /= 2;
        for c in 0..count {
            sums[c] += sums[c + count];
        }
    }
    sums[0]
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

/// Runs the task without regard to what the processor has, for numbers that are no vector unit's.
pub(crate) fn product_plain<T: Real>(task: &Task<T>) {
    if task.inner == 0 {
        if !task.add {
            for index in 0..task.rows * task.columns {
                // SAFETY: the target has this many elements.
                unsafe { task.target.add(index).write(T::ZERO) };
            }
        }
        return;
    }
    // SAFETY: the task was made from slices of its sizes.
    unsafe { run::<false, 4, 4, T>(task) }
}

kernels!(f32, product_f32, 8, avx2_f32 16, avx512_f32 64);
kernels!(f64, product_f64, 4, avx2_f64 8, avx512_f64 32);

#[cfg(test)]
mod tests;
