//! Softmax and losses.

use super::elementwise::Paired;
use super::{Matrix, Storage};
use crate::lanes;
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
        lanes::softmax(result.array_mut());
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
        lanes::log_softmax(result.array_mut(), T::ONE);
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
        lanes::label_losses(scores.array(), self) / T::from_usize(N)
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> Targets<Matrix<N, M, T, S>>
    for Matrix<N, M, T, S2>
{
    type Loss = T;

    #[inline]
    fn cross_entropy(&self, scores: &Matrix<N, M, T, S>) -> T {
        lanes::losses(scores.array(), self.array()) / T::from_usize(N)
    }
}

impl<Scores, Target: Targets<Scores>> Targets<Scores> for &Target {
    type Loss = Target::Loss;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cross_entropy(&self, scores: &Scores) -> Self::Loss {
        (**self).cross_entropy(scores)
    }
}
