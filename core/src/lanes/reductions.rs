//! Sums and extrema of slices.

// Loops over constant indices: with iterators, partial results would not stay in registers.
#![allow(clippy::needless_range_loop)]

use super::{Loop, Pair};
use crate::scalar::Real;

/// How many partial results a reduction has.
pub(super) const WIDTH: usize = 16;

/// Combines partial results to one.
#[cfg_attr(not(debug_assertions), inline(always))]
fn combined<T: Real>(mut partial: [T; WIDTH], combine: impl Fn(T, T) -> T) -> T {
    let mut count = WIDTH;
    while count > 1 {
        count /= 2;
        for c in 0..count {
            partial[c] = combine(partial[c], partial[c + count]);
        }
    }
    partial[0]
}

/// The reduction of `count` numbers, in several partial results: faster, and more accurate, than one after the other.
#[cfg_attr(not(debug_assertions), inline(always))]
fn reduced<T: Real>(count: usize, start: T, number: impl Fn(usize) -> T, combine: impl Fn(T, T) -> T) -> T {
    let mut result = start;
    let whole = count - count % WIDTH;
    if whole > 0 {
        let mut partial = [start; WIDTH];
        let mut index = 0;
        while index < whole {
            for c in 0..WIDTH {
                partial[c] = combine(partial[c], number(index + c));
            }
            index += WIDTH;
        }
        result = combined(partial, &combine);
    }
    for index in whole..count {
        result = combine(result, number(index));
    }
    result
}

/// The largest of the elements that are numbers; -∞ if there are none.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn largest<T: Real>(slice: &[T]) -> T {
    // Not `max`: this is one instruction.
    reduced(
        slice.len(),
        -T::INFINITY,
        |i| slice[i],
        |x, y| if y > x { y } else { x },
    )
}

/// The sum of the elements.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn total<T: Real>(slice: &[T]) -> T {
    total_of(slice.len(), |i| slice[i])
}

/// The sum of so many numbers.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn total_of<T: Real>(count: usize, number: impl Fn(usize) -> T) -> T {
    reduced(count, T::ZERO, number, |x, y| x + y)
}

pub(super) struct Sum<'a, T>(pub(super) &'a [T]);

impl<T: Real> Loop for Sum<'_, T> {
    type Output = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) -> T {
        total(self.0)
    }
}

/// The sum of the elements.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sum<T: Real>(slice: &[T]) -> T {
    super::run(slice.len(), Sum(slice))
}

pub(super) struct SumOf<'a, T, F> {
    pub(super) left: &'a [T],
    pub(super) right: &'a [T],
    pub(super) function: F,
}

impl<T: Real, F: Pair<T>> Loop for SumOf<'_, T, F> {
    type Output = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) -> T {
        let Self { left, right, function } = self;
        let count = left.len().min(right.len());
        let (left, right) = (&left[..count], &right[..count]);
        total_of(count, |i| function.at::<FUSED>(left[i], right[i]))
    }
}

/// The sum of a function of corresponding elements.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sum_of<T: Real>(left: &[T], right: &[T], function: impl Pair<T>) -> T {
    super::run(left.len(), SumOf { left, right, function })
}

pub(super) struct Largest<'a, T>(pub(super) &'a [T]);

impl<T: Real> Loop for Largest<'_, T> {
    type Output = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) -> T {
        largest(self.0)
    }
}

/// The largest of the elements that are numbers; -∞ if there are none.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn max<T: Real>(slice: &[T]) -> T {
    super::run(slice.len(), Largest(slice))
}
