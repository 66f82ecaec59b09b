//! Softmax and losses.

use super::elementwise::Paired;
use super::{Matrix, Storage};
use crate::scalar::Real;

impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
    /// The softmax of each row: eˣ divided by the sum of eˣ over the row, computed without overflow.
    /// [Rule](crate::rules::softmax).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let p = Matrix::<1, 3, f64>::from_rows([[3.1, -4.4, 2.8]]).softmax();
    /// assert!((p[(0, 0)] - 0.574).abs() < 5e-4);
    /// assert!((p.sum() - 1.0).abs() < 1e-15);
    /// ```
    #[must_use]
    #[inline]
    pub fn softmax(&self) -> Self {
        let mut result = self.clone();
        result.array_mut().iter_mut().for_each(softmax);
        result
    }

    /// The logarithm of the softmax of each row, computed without overflow. [Rule](crate::rules::log_softmax).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let m = Matrix::<1, 3, f64>::from_rows([[1000.0, 1001.0, 1002.0]]);
    /// assert!((m.log_softmax() - m.softmax().ln()).abs().max() < 1e-12);
    /// ```
    #[must_use]
    #[inline]
    pub fn log_softmax(&self) -> Self {
        let mut result = self.clone();
        for row in result.array_mut() {
            let normalizer = log_sum_exp(row);
            row.iter_mut().for_each(|x| *x -= normalizer);
        }
        result
    }

    /// The mean squared error, Σ (x - t)² / (N M), against targets of the same shape.
    /// [Rule](crate::rules::mean_squared_error).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let x = Matrix::from_rows([[1.0, 2.0]]);
    /// assert_eq!(x.mean_squared_error(&Matrix::from_rows([[0.0, 4.0]])), 2.5);
    /// ```
    #[must_use]
    #[inline]
    pub fn mean_squared_error<Right>(&self, targets: Right) -> <Self as Paired<Right>>::Scalar
    where
        Self: Paired<Right>,
    {
        let square = |x: <Self as Paired<Right>>::Element, t| (x - t) * (x - t);
        self.summed(targets, square, |sum| sum / Real::from_usize(N * M))
    }

    /// The cross-entropy of the softmax of each row against targets, - Σ t ln(softmax(x)), averaged over the rows.
    ///
    /// The targets are class labels, `[usize; N]`, or a matrix with a distribution, such as a one-hot row, for each row.
    /// [Rule](crate::rules::softmax_cross_entropy).
    ///
    /// # Panics
    /// If a label is not below `M`.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let logits = Matrix::<2, 3, f64>::from_rows([[3.1, -4.4, 2.8], [0.0, 1.0, 0.0]]);
    /// let by_label = logits.softmax_cross_entropy(&[0, 1]);
    /// let by_row = logits.softmax_cross_entropy(&Matrix::from_rows([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]));
    /// assert!((by_label - by_row).abs() < 1e-15);
    /// ```
    #[must_use]
    #[inline]
    pub fn softmax_cross_entropy<Target: Targets<Self>>(&self, targets: Target) -> Target::Loss {
        targets.cross_entropy(self)
    }
}

/// Replaces a row by its softmax.
#[inline(always)]
pub(crate) fn softmax<const M: usize, T: Real>(row: &mut [T; M]) {
    let largest = largest(row);
    row.iter_mut().for_each(|x| *x = (*x - largest).exp());
    let total = super::reductions::sum(row.iter().copied());
    row.iter_mut().for_each(|x| *x /= total);
}

#[inline(always)]
fn largest<const M: usize, T: Real>(row: &[T; M]) -> T {
    row.iter().fold(-T::INFINITY, |largest, x| largest.max(*x))
}

/// ln Σ eˣ over a row.
#[inline(always)]
pub(crate) fn log_sum_exp<const M: usize, T: Real>(row: &[T; M]) -> T {
    let largest = largest(row);
    largest + super::reductions::sum(row.iter().map(|x| (*x - largest).exp())).ln()
}

/// Targets of a classification: class labels, or a distribution for each row, for a matrix of scores.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the targets of `{Scores}`",
    label = "expected a class label for each row, `[usize; N]`, or a matrix of the same shape"
)]
pub trait Targets<Scores> {
    /// The type of the loss.
    type Loss;
    /// The cross-entropy of the softmax of the scores, averaged over the rows.
    fn cross_entropy(&self, scores: &Scores) -> Self::Loss;
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Targets<Matrix<N, M, T, S>> for [usize; N] {
    type Loss = T;

    #[inline]
    fn cross_entropy(&self, scores: &Matrix<N, M, T, S>) -> T {
        let losses = scores.rows().zip(self).map(|(row, label)| {
            assert!(*label < M, "class label {label} of {M} classes");
            log_sum_exp(row) - row[*label]
        });
        losses.sum::<T>() / T::from_usize(N)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> Targets<Matrix<N, M, T, S>>
    for Matrix<N, M, T, S2>
{
    type Loss = T;

    #[inline]
    fn cross_entropy(&self, scores: &Matrix<N, M, T, S>) -> T {
        let losses = scores.rows().zip(self.rows()).map(|(row, targets)| {
            let normalizer = log_sum_exp(row);
            row.iter().zip(targets).map(|(x, t)| *t * (normalizer - *x)).sum::<T>()
        });
        losses.sum::<T>() / T::from_usize(N)
    }
}

impl<Scores, Target: Targets<Scores>> Targets<Scores> for &Target {
    type Loss = Target::Loss;

    #[inline(always)]
    fn cross_entropy(&self, scores: &Scores) -> Self::Loss {
        (**self).cross_entropy(scores)
    }
}
