//! The elementary functions of a scalar.

use super::arithmetic::primitives;
use super::{Accumulate, Like, Rule1};
use crate::scalar::Real;

primitives! {
    /// Sine.
    sin;
    /// exp
    exp;
}
impl<T: Real> Rule1<sin, &T> for Like<T> {
    #[inline(always)]
    fn pullback(self, x: &T, y_bar: &T, x_bar: &mut impl Accumulate<T>) {
        x_bar.add(*y_bar * x.cos());
    }
}
impl<T: Real> Rule1<exp, Like<T>> for &T {
    #[inline(always)]
    fn pullback(self, _: Like<T>, y_bar: &T, x_bar: &mut impl Accumulate<T>) {
        x_bar.add(*y_bar * *self);
    }
}
