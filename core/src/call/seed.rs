//! Cotangents that are known before the call that they are of.

use crate::accumulate::{ScalarAccumulator, ScalarSlot};
use crate::scalar::Real;

/// The cotangent of the result of a call that goes forward and back at once.
#[derive(Debug)]
pub struct Seed<T>(ScalarSlot<T>);

impl<T: Real> Seed<T> {
    /// A cotangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn of(cotangent: T) -> Self {
        Self(ScalarSlot::new(cotangent))
    }

    /// Nothing flows back: zero, whatever it is multiplied by.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn nothing() -> Self {
        Self(ScalarSlot::default())
    }

    /// The accumulator that the callee finds it in.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn accumulator(&mut self) -> ScalarAccumulator<'_, T> {
        ScalarAccumulator::Slot(&mut self.0)
    }
}
