//! Loops over rows of the same length: softmax, cross-entropy, sums of rows, the bias.

// Loops over constant indices: with iterators, partial results would not stay in registers.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use super::reductions::{WIDTH, largest, total, total_of};
use super::{Each, Exp, Ln, Loop, run};
use crate::scalar::Real;

/// Up to this many elements are worked on together: whole rows, if they are short.
const BLOCK: usize = 256;

/// How many rows are worked on together.
const fn rows_together(columns: usize) -> usize {
    match columns {
        // Eight rows at a time have elements for whole vectors.
        1..=BLOCK if BLOCK / columns >= 8 => BLOCK / columns / 8 * 8,
        1..=BLOCK => BLOCK / columns,
        _ => 1,
    }
}

/// A row, from which the compiler cannot tell the next: where rows are short, it would work on several at a time, with
/// gathers and scatters, which take longer.
#[cfg_attr(not(debug_assertions), inline(always))]
fn alone<Row>(row: Row) -> Row {
    core::hint::black_box(row)
}

/// Replaces each element by the value of a function: all in whole vectors, also the last, for functions of many
/// instructions.
#[cfg_attr(not(debug_assertions), inline(always))]
fn apply<const FUSED: bool, T: Real>(elements: &mut [T], function: impl Each<T>) {
    let whole = |chunk: &mut [T; WIDTH]| {
        for c in 0..WIDTH {
            chunk[c] = function.at::<FUSED>(chunk[c]);
        }
    };
    let (chunks, rest) = elements.as_chunks_mut::<WIDTH>();
    chunks.iter_mut().for_each(whole);
    if !rest.is_empty() {
        let mut padded = [T::ZERO; WIDTH];
        padded.iter_mut().zip(&*rest).for_each(|(padded, x)| *padded = *x);
        whole(&mut padded);
        rest.iter_mut().zip(padded).for_each(|(x, padded)| *x = padded);
    }
}

pub(super) struct Softmax<'a, T, const M: usize>(pub(super) &'a mut [[T; M]]);

impl<T: Real, const M: usize> Loop for Softmax<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        for rows in self.0.chunks_mut(const { rows_together(M) }) {
            for row in rows.iter_mut().map(alone) {
                let largest = largest(row);
                row.iter_mut().for_each(|x| *x -= largest);
            }
            apply::<FUSED, T>(rows.as_flattened_mut(), Exp);
            for row in rows.iter_mut().map(alone) {
                let total = total(row);
                row.iter_mut().for_each(|x| *x /= total);
            }
        }
    }
}

/// Replaces each row by its softmax.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn softmax<T: Real, const M: usize>(rows: &mut [[T; M]]) {
    run(rows.len() * M, Softmax(rows));
}

/// ln Σ eˣ of each of the rows that are worked on together, at most [`BLOCK`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn normalizers<const FUSED: bool, T: Real, const M: usize>(rows: &[[T; M]], results: &mut [T; BLOCK]) {
    let results = &mut results[..rows.len()];
    if M == 0 || M > BLOCK {
        for (row, result) in rows.iter().zip(results) {
            let largest = largest(row);
            let mut sum = T::ZERO;
            for part in row.chunks(BLOCK) {
                let mut block = [T::ZERO; BLOCK];
                let block = &mut block[..part.len()];
                block
                    .iter_mut()
                    .zip(part)
                    .for_each(|(target, x)| *target = *x - largest);
                apply::<FUSED, T>(block, Exp);
                sum += total(block);
            }
            *result = largest + sum.lane_ln::<FUSED>();
        }
        return;
    }
    // What is behind the elements in use, up to a whole vector, is computed and not used.
    let mut block = [T::ZERO; BLOCK];
    for ((row, target), result) in rows.iter().map(alone).zip(block.chunks_exact_mut(M)).zip(&mut *results) {
        let largest = largest(row);
        target
            .iter_mut()
            .zip(row)
            .for_each(|(target, x)| *target = *x - largest);
        *result = largest;
    }
    apply::<FUSED, T>(&mut block[..(rows.len() * M).next_multiple_of(WIDTH)], Exp);
    let mut sums = [T::ZERO; BLOCK];
    for (row, sum) in block.chunks_exact(M).map(alone).zip(&mut sums[..rows.len()]) {
        *sum = total(row.first_chunk::<M>().expect("a row"));
    }
    apply::<FUSED, T>(&mut sums[..rows.len().next_multiple_of(WIDTH)], Ln);
    results.iter_mut().zip(sums).for_each(|(result, sum)| *result += sum);
}

/// Visits each row with its index and ln Σ eˣ over it.
#[cfg_attr(not(debug_assertions), inline(always))]
fn normalized<const FUSED: bool, T: Real, const M: usize>(rows: &[[T; M]], mut visit: impl FnMut(usize, T)) {
    let together = const { rows_together(M) };
    let mut results = [T::ZERO; BLOCK];
    for (start, rows) in rows.chunks(together).enumerate() {
        normalizers::<FUSED, T, M>(rows, &mut results);
        for (i, normalizer) in results[..rows.len()].iter().enumerate() {
            visit(start * together + i, *normalizer);
        }
    }
}

pub(super) struct ToNormalized<'a, T, const M: usize> {
    pub(super) rows: &'a mut [[T; M]],
    pub(super) factor: T,
}

impl<T: Real, const M: usize> Loop for ToNormalized<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        let mut results = [T::ZERO; BLOCK];
        for rows in self.rows.chunks_mut(const { rows_together(M) }) {
            normalizers::<FUSED, T, M>(rows, &mut results);
            for (row, normalizer) in rows.iter_mut().zip(&results) {
                row.iter_mut().for_each(|x| *x = (*x - *normalizer) * self.factor);
            }
        }
    }
}

/// Replaces each row by the logarithm of its softmax, times a factor.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_softmax<T: Real, const M: usize>(rows: &mut [[T; M]], factor: T) {
    run(rows.len() * M, ToNormalized { rows, factor });
}

pub(super) struct SoftmaxPulled<'a, T, const M: usize> {
    pub(super) rows: &'a mut [[T; M]],
    pub(super) bars: &'a [[T; M]],
}

impl<T: Real, const M: usize> Loop for SoftmaxPulled<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        for (row, bars) in self.rows.iter_mut().map(alone).zip(self.bars) {
            let mean = total_of(M, |j| row[j] * bars[j]);
            for (y, bar) in row.iter_mut().zip(bars) {
                *y *= *bar - mean;
            }
        }
    }
}

/// Replaces each row of a softmax by the cotangent of its operand, given its own.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn softmax_pulled<T: Real, const M: usize>(rows: &mut [[T; M]], bars: &[[T; M]]) {
    run(rows.len() * M, SoftmaxPulled { rows, bars });
}

pub(super) struct LogSoftmaxPulled<'a, T, const M: usize> {
    pub(super) rows: &'a mut [[T; M]],
    pub(super) bars: &'a [[T; M]],
}

impl<T: Real, const M: usize> Loop for LogSoftmaxPulled<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        apply::<FUSED, T>(self.rows.as_flattened_mut(), Exp);
        for (row, bars) in self.rows.iter_mut().map(alone).zip(self.bars) {
            let total = total(bars);
            for (y, bar) in row.iter_mut().zip(bars) {
                *y = *bar - *y * total;
            }
        }
    }
}

/// Replaces each row of a logarithm of a softmax by the cotangent of its operand, given its own.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_softmax_pulled<T: Real, const M: usize>(rows: &mut [[T; M]], bars: &[[T; M]]) {
    run(rows.len() * M, LogSoftmaxPulled { rows, bars });
}

pub(super) struct LabelLosses<'a, T, const M: usize> {
    pub(super) scores: &'a [[T; M]],
    pub(super) labels: &'a [usize],
}

impl<T: Real, const M: usize> Loop for LabelLosses<'_, T, M> {
    type Output = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
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
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn label_losses<T: Real, const M: usize>(scores: &[[T; M]], labels: &[usize]) -> T {
    run(scores.len() * M, LabelLosses { scores, labels })
}

pub(super) struct Losses<'a, T, const M: usize> {
    pub(super) scores: &'a [[T; M]],
    pub(super) targets: &'a [[T; M]],
}

impl<T: Real, const M: usize> Loop for Losses<'_, T, M> {
    type Output = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
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
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn losses<T: Real, const M: usize>(scores: &[[T; M]], targets: &[[T; M]]) -> T {
    run(scores.len() * M, Losses { scores, targets })
}

pub(super) struct LabelSlopes<'a, T, const M: usize> {
    pub(super) rows: &'a mut [[T; M]],
    pub(super) labels: &'a [usize],
    pub(super) factor: T,
}

impl<T: Real, const M: usize> Loop for LabelSlopes<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        Softmax(&mut *self.rows).run::<FUSED>();
        for (row, label) in self.rows.iter_mut().zip(self.labels) {
            row[*label] -= T::ONE;
        }
        self.rows.as_flattened_mut().iter_mut().for_each(|x| *x *= self.factor);
    }
}

/// Replaces each row of scores by `factor` times the gradient of [`label_losses`].
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn label_slopes<T: Real, const M: usize>(rows: &mut [[T; M]], labels: &[usize], factor: T) {
    run(rows.len() * M, LabelSlopes { rows, labels, factor });
}

pub(super) struct Slopes<'a, T, const M: usize> {
    pub(super) rows: &'a mut [[T; M]],
    pub(super) targets: &'a [[T; M]],
    pub(super) factor: T,
}

impl<T: Real, const M: usize> Loop for Slopes<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        Softmax(&mut *self.rows).run::<FUSED>();
        for (row, targets) in self.rows.iter_mut().map(alone).zip(self.targets) {
            let total = total(targets);
            for (x, t) in row.iter_mut().zip(targets) {
                *x = self.factor * (*x * total - *t);
            }
        }
    }
}

/// Replaces each row of scores by `factor` times the gradient of [`losses`].
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn slopes<T: Real, const M: usize>(rows: &mut [[T; M]], targets: &[[T; M]], factor: T) {
    run(rows.len() * M, Slopes { rows, targets, factor });
}

pub(super) struct SumRows<'a, T, const M: usize> {
    pub(super) rows: &'a [[T; M]],
    pub(super) target: &'a mut [T; M],
    pub(super) add: bool,
}

impl<T: Real, const M: usize> SumRows<'_, T, M> {
    /// As many columns as stay in registers, at a time.
    #[cfg_attr(not(debug_assertions), inline(always))]
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
    #[cfg_attr(not(debug_assertions), inline(always))]
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
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sum_rows<T: Real, const M: usize>(rows: &[[T; M]], target: &mut [T; M], add: bool) {
    run(rows.len() * M, SumRows { rows, target, add });
}

pub(super) struct AddRow<'a, T, const M: usize> {
    pub(super) rows: &'a [[T; M]],
    pub(super) row: &'a [T; M],
    pub(super) target: &'a mut [[MaybeUninit<T>; M]],
}

impl<T: Real, const M: usize> Loop for AddRow<'_, T, M> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
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
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn add_row<T: Real, const M: usize>(rows: &[[T; M]], row: &[T; M], target: &mut [[MaybeUninit<T>; M]]) {
    assert_eq!(rows.len(), target.len(), "the numbers of rows");
    run(rows.len() * M, AddRow { rows, row, target });
}
