//! Loops over the elements of one or two slices.

use core::mem::MaybeUninit;

use super::{Loop, run};
use crate::scalar::Real;

/// A function of one number. Of a closure, or of an elementary function.
pub(crate) trait Each<T> {
    /// Its value.
    fn at<const FUSED: bool>(&self, x: T) -> T;
}

impl<T, F: Fn(T) -> T> Each<T> for F {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at<const FUSED: bool>(&self, x: T) -> T {
        self(x)
    }
}

/// A function of two numbers.
pub(crate) trait Pair<T> {
    /// Its value.
    fn at<const FUSED: bool>(&self, x: T, y: T) -> T;
}

impl<T, F: Fn(T, T) -> T> Pair<T> for F {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at<const FUSED: bool>(&self, x: T, y: T) -> T {
        self(x, y)
    }
}

pub(super) struct Map<'a, T, F> {
    pub(super) source: &'a [T],
    pub(super) target: &'a mut [MaybeUninit<T>],
    pub(super) function: F,
}

impl<T: Real, F: Each<T>> Loop for Map<'_, T, F> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        for (target, x) in self.target.iter_mut().zip(self.source) {
            target.write(self.function.at::<FUSED>(*x));
        }
    }
}

pub(super) struct MapAdd<'a, T, F> {
    pub(super) source: &'a [T],
    pub(super) target: &'a mut [T],
    pub(super) function: F,
}

impl<T: Real, F: Each<T>> Loop for MapAdd<'_, T, F> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        for (target, x) in self.target.iter_mut().zip(self.source) {
            *target += self.function.at::<FUSED>(*x);
        }
    }
}

pub(super) struct Zip<'a, T, F> {
    pub(super) left: &'a [T],
    pub(super) right: &'a [T],
    pub(super) target: &'a mut [MaybeUninit<T>],
    pub(super) function: F,
}

impl<T: Real, F: Pair<T>> Loop for Zip<'_, T, F> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        for (target, (x, y)) in self.target.iter_mut().zip(self.left.iter().zip(self.right)) {
            target.write(self.function.at::<FUSED>(*x, *y));
        }
    }
}

pub(super) struct ZipAdd<'a, T, F> {
    pub(super) left: &'a [T],
    pub(super) right: &'a [T],
    pub(super) target: &'a mut [T],
    pub(super) function: F,
}

impl<T: Real, F: Pair<T>> Loop for ZipAdd<'_, T, F> {
    type Output = ();
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<const FUSED: bool>(self) {
        for (target, (x, y)) in self.target.iter_mut().zip(self.left.iter().zip(self.right)) {
            *target += self.function.at::<FUSED>(*x, *y);
        }
    }
}

/// Elements that need not be initialised, to be written.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn slots<T>(target: &mut [T]) -> &mut [MaybeUninit<T>] {
    // SAFETY: the layout is the same, and the loops here write nothing that is not initialised.
    unsafe { &mut *(core::ptr::from_mut(target) as *mut [MaybeUninit<T>]) }
}

/// `target = function(source)`. Writes all elements.
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn map<T: Real>(source: &[T], target: &mut [MaybeUninit<T>], function: impl Each<T>) {
    assert_eq!(source.len(), target.len(), "the lengths of slices");
    let elements = source.len();
    run(
        elements,
        Map {
            source,
            target,
            function,
        },
    );
}

/// `target += function(source)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn map_add<T: Real>(source: &[T], target: &mut [T], function: impl Each<T>) {
    let elements = source.len();
    run(
        elements,
        MapAdd {
            source,
            target,
            function,
        },
    );
}

/// `target = function(left, right)`. Writes all elements.
///
/// # Panics
/// If the lengths differ.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn zip<T: Real>(left: &[T], right: &[T], target: &mut [MaybeUninit<T>], function: impl Pair<T>) {
    assert!(
        left.len() == target.len() && right.len() == target.len(),
        "the lengths of slices"
    );
    let elements = left.len();
    run(
        elements,
        Zip {
            left,
            right,
            target,
            function,
        },
    );
}

/// `target += function(left, right)`.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn zip_add<T: Real>(left: &[T], right: &[T], target: &mut [T], function: impl Pair<T>) {
    let elements = left.len();
    run(
        elements,
        ZipAdd {
            left,
            right,
            target,
            function,
        },
    );
}
