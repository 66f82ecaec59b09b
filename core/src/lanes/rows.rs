//! Loops over rows of the same length: softmax, cross-entropy, sums of rows, the bias.

// Loops over constant indices: with iterators, partial results would not stay in registers.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use super::reductions::{WIDTH, largest, total, total_of};
use super::{Loop, run};
use crate::scalar::Real;

/// Up to this many elements are worked on together: whole rows, if they are short.
const BLOCK: usize = 256;

/// How many rows are worked on together.
const fn rows_together(columns: usize) -> usize {
    if columns == 0 || columns > BLOCK {
        1
    } else {
        BLOCK / columns
    }
}

struct Softmax<'a, T, const M: usize>(&'a mut [[T; M]]);

impl<T: Real, const M: usize> Loop for Softmax<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for rows in self.0.chunks_mut(const { rows_together(M) }) {
            for row in &mut *rows {
                let largest = largest(row);
                row.iter_mut().for_each(|x| *x -= largest);
            }
            for x in rows.as_flattened_mut() {
                *x = x.lane_exp::<FUSED>();
            }
            for row in rows {
                let total = total(row);
                row.iter_mut().for_each(|x| *x /= total);
            }
        }
    }
}

/// Replaces each row by its softmax.
#[inline(always)]
pub(crate) fn softmax<T: Real, const M: usize>(rows: &mut [[T; M]]) {
    run(rows.len() * M, Softmax(rows));
}

/// ln Σ eˣ of each of the rows that are worked on together.
#[inline(always)]
fn normalizers_together<const FUSED: bool, T: Real, const M: usize>(rows: &[[T; M]]) -> [T; BLOCK] {
    let mut normalizers = [T::ZERO; BLOCK];
    if M == 0 || M > BLOCK {
        for (row, normalizer) in rows.iter().zip(&mut normalizers) {
            let largest = largest(row);
            let mut sum = T::ZERO;
            for part in row.chunks(BLOCK) {
                let mut block = [T::ZERO; BLOCK];
                for (target, x) in block.iter_mut().zip(part) {
                    *target = (*x - largest).lane_exp::<FUSED>();
                }
                sum += total(&block[..part.len()]);
            }
            *normalizer = largest + sum.lane_ln::<FUSED>();
        }
        return normalizers;
    }
    let mut block = [T::ZERO; BLOCK];
    let block = &mut block[..rows.len() * M];
    let mut maxima = [T::ZERO; BLOCK];
    for ((row, target), maximum) in rows.iter().zip(block.chunks_exact_mut(M)).zip(&mut maxima) {
        *maximum = largest(row);
        target
            .iter_mut()
            .zip(row)
            .for_each(|(target, x)| *target = *x - *maximum);
    }
    for x in &mut *block {
        *x = x.lane_exp::<FUSED>();
    }
    for (row, sum) in block.chunks_exact(M).zip(&mut normalizers) {
        *sum = total(row);
    }
    for (normalizer, maximum) in normalizers[..rows.len()].iter_mut().zip(&maxima) {
        *normalizer = *maximum + normalizer.lane_ln::<FUSED>();
    }
    normalizers
}

/// Visits each row with its index and ln Σ eˣ over it.
#[inline(always)]
fn normalized<const FUSED: bool, T: Real, const M: usize>(rows: &[[T; M]], mut visit: impl FnMut(usize, T)) {
    let together = const { rows_together(M) };
    for (start, rows) in rows.chunks(together).enumerate() {
        let normalizers = normalizers_together::<FUSED, T, M>(rows);
        for (i, normalizer) in normalizers[..rows.len()].iter().enumerate() {
            visit(start * together + i, *normalizer);
        }
    }
}

struct ToNormalized<'a, T, const M: usize> {
    rows: &'a mut [[T; M]],
    factor: T,
}

impl<T: Real, const M: usize> Loop for ToNormalized<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for rows in self.rows.chunks_mut(const { rows_together(M) }) {
            let normalizers = normalizers_together::<FUSED, T, M>(rows);
            for (row, normalizer) in rows.iter_mut().zip(normalizers) {
                row.iter_mut().for_each(|x| *x = (*x - normalizer) * self.factor);
            }
        }
    }
}

/// Replaces each row by the logarithm of its softmax, times a factor.
#[inline(always)]
pub(crate) fn log_softmax<T: Real, const M: usize>(rows: &mut [[T; M]], factor: T) {
    run(rows.len() * M, ToNormalized { rows, factor });
}

struct SoftmaxPulled<'a, T, const M: usize> {
    rows: &'a mut [[T; M]],
    bars: &'a [[T; M]],
}

impl<T: Real, const M: usize> Loop for SoftmaxPulled<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for (row, bars) in self.rows.iter_mut().zip(self.bars) {
            let mean = total_of(M, |j| row[j] * bars[j]);
            for (y, bar) in row.iter_mut().zip(bars) {
                *y *= *bar - mean;
            }
        }
    }
}

/// Replaces each row of a softmax by the cotangent of its operand, given its own.
#[inline(always)]
pub(crate) fn softmax_pulled<T: Real, const M: usize>(rows: &mut [[T; M]], bars: &[[T; M]]) {
    run(rows.len() * M, SoftmaxPulled { rows, bars });
}

struct LogSoftmaxPulled<'a, T, const M: usize> {
    rows: &'a mut [[T; M]],
    bars: &'a [[T; M]],
}

impl<T: Real, const M: usize> Loop for LogSoftmaxPulled<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for y in self.rows.as_flattened_mut() {
            *y = y.lane_exp::<FUSED>();
        }
        for (row, bars) in self.rows.iter_mut().zip(self.bars) {
            let total = total(bars);
            for (y, bar) in row.iter_mut().zip(bars) {
                *y = *bar - *y * total;
            }
        }
    }
}

/// Replaces each row of a logarithm of a softmax by the cotangent of its operand, given its own.
#[inline(always)]
pub(crate) fn log_softmax_pulled<T: Real, const M: usize>(rows: &mut [[T; M]], bars: &[[T; M]]) {
    run(rows.len() * M, LogSoftmaxPulled { rows, bars });
}

struct LabelLosses<'a, T, const M: usize> {
    scores: &'a [[T; M]],
    labels: &'a [usize],
}

impl<T: Real, const M: usize> Loop for LabelLosses<'_, T, M> {
    type Output = T;
    #[inline(always)]
    fn run<const FUSED: bool>(self) -> T {
        let mut total = T::ZERO;
        normalized::<FUSED, T, M>(self.scores, |i, normalizer| {
            let label = self.labels[i];
            assert!(label < M, "class label {label} of {M} classes");
            total += normalizer - self.scores[i][label];
        });
        total
    }
}

/// The sum of the cross-entropies of the softmax of each row against the label of its class.
///
/// # Panics
/// If a label is not below `M`.
#[inline(always)]
pub(crate) fn label_losses<T: Real, const M: usize>(scores: &[[T; M]], labels: &[usize]) -> T {
    run(scores.len() * M, LabelLosses { scores, labels })
}

struct Losses<'a, T, const M: usize> {
    scores: &'a [[T; M]],
    targets: &'a [[T; M]],
}

impl<T: Real, const M: usize> Loop for Losses<'_, T, M> {
    type Output = T;
    #[inline(always)]
    fn run<const FUSED: bool>(self) -> T {
        let mut total = T::ZERO;
        normalized::<FUSED, T, M>(self.scores, |i, normalizer| {
            let mut loss = T::ZERO;
            for (x, t) in self.scores[i].iter().zip(&self.targets[i]) {
                loss += *t * (normalizer - *x);
            }
            total += loss;
        });
        total
    }
}

/// The sum of the cross-entropies of the softmax of each row against a distribution.
#[inline(always)]
pub(crate) fn losses<T: Real, const M: usize>(scores: &[[T; M]], targets: &[[T; M]]) -> T {
    run(scores.len() * M, Losses { scores, targets })
}

struct LabelSlopes<'a, T, const M: usize> {
    rows: &'a mut [[T; M]],
    labels: &'a [usize],
    factor: T,
}

impl<T: Real, const M: usize> Loop for LabelSlopes<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        Softmax(&mut *self.rows).run::<FUSED>();
        for (row, label) in self.rows.iter_mut().zip(self.labels) {
            row[*label] -= T::ONE;
        }
        self.rows.as_flattened_mut().iter_mut().for_each(|x| *x *= self.factor);
    }
}

/// Replaces each row of scores by `factor` times the gradient of [`label_losses`].
#[inline(always)]
pub(crate) fn label_slopes<T: Real, const M: usize>(rows: &mut [[T; M]], labels: &[usize], factor: T) {
    run(rows.len() * M, LabelSlopes { rows, labels, factor });
}

struct Slopes<'a, T, const M: usize> {
    rows: &'a mut [[T; M]],
    targets: &'a [[T; M]],
    factor: T,
}

impl<T: Real, const M: usize> Loop for Slopes<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        Softmax(&mut *self.rows).run::<FUSED>();
        for (row, targets) in self.rows.iter_mut().zip(self.targets) {
            let total = total(targets);
            for (x, t) in row.iter_mut().zip(targets) {
                *x = self.factor * (*x * total - *t);
            }
        }
    }
}

/// Replaces each row of scores by `factor` times the gradient of [`losses`].
#[inline(always)]
pub(crate) fn slopes<T: Real, const M: usize>(rows: &mut [[T; M]], targets: &[[T; M]], factor: T) {
    run(rows.len() * M, Slopes { rows, targets, factor });
}

struct SumRows<'a, T, const M: usize> {
    rows: &'a [[T; M]],
    target: &'a mut [T; M],
    add: bool,
}

impl<T: Real, const M: usize> SumRows<'_, T, M> {
    /// As many columns as stay in registers, at a time.
    #[inline(always)]
    fn columns<const COUNT: usize>(&mut self, start: usize) {
        let mut sums = [T::ZERO; COUNT];
        for row in self.rows {
            let row: &[T; COUNT] = row[start..].first_chunk().expect("so many columns");
            for c in 0..COUNT {
                sums[c] += row[c];
            }
        }
        let target: &mut [T; COUNT] = self.target[start..].first_chunk_mut().expect("so many columns");
        for c in 0..COUNT {
            target[c] = if self.add { target[c] + sums[c] } else { sums[c] };
        }
    }
}

impl<T: Real, const M: usize> Loop for SumRows<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(mut self) {
        let mut start = 0;
        while start + 64 <= M {
            self.columns::<64>(start);
            start += 64;
        }
        while start + WIDTH <= M {
            self.columns::<WIDTH>(start);
            start += WIDTH;
        }
        while start < M {
            self.columns::<1>(start);
            start += 1;
        }
    }
}

/// The sum of rows, which replaces a row or is added to it.
#[inline(always)]
pub(crate) fn sum_rows<T: Real, const M: usize>(rows: &[[T; M]], target: &mut [T; M], add: bool) {
    run(rows.len() * M, SumRows { rows, target, add });
}

struct AddRow<'a, T, const M: usize> {
    rows: &'a [[T; M]],
    row: &'a [T; M],
    target: &'a mut [[MaybeUninit<T>; M]],
}

impl<T: Real, const M: usize> Loop for AddRow<'_, T, M> {
    type Output = ();
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        for (target, source) in self.target.iter_mut().zip(self.rows) {
            for ((target, x), y) in target.iter_mut().zip(source).zip(self.row) {
                target.write(*x + *y);
            }
        }
    }
}

/// `target = rows + row`, for each of the rows. Writes all elements.
///
/// # Panics
/// If the numbers of rows differ.
#[inline(always)]
pub(crate) fn add_row<T: Real, const M: usize>(rows: &[[T; M]], row: &[T; M], target: &mut [[MaybeUninit<T>; M]]) {
    assert_eq!(rows.len(), target.len(), "the numbers of rows");
    run(rows.len() * M, AddRow { rows, row, target });
}
