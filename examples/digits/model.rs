//! The network: 64 pixels, 64 hidden units, 10 scores, with every shape in its type.

use rand::Rng;
use tapeless::init;
use tapeless::prelude::*;
use tapeless_examples::data::{CLASSES, Digit, PIXELS};

/// Hidden units.
pub(crate) const HIDDEN: usize = 64;
/// The largest mini-batch. The rows of a [`Batch`] are fixed when the program is compiled; it need not fill them all.
pub(crate) const BATCH: usize = 64;

/// A multi-layer perceptron with one hidden layer, 64-64-10.
#[derive(Differentiable, Clone, Debug, PartialEq)]
pub(crate) struct Mlp {
    /// The weights from the pixels to the hidden units.
    pub(crate) w1: Matrix<PIXELS, HIDDEN>,
    /// The biases of the hidden units.
    pub(crate) b1: Matrix<1, HIDDEN>,
    /// The weights from the hidden units to the scores.
    pub(crate) w2: Matrix<HIDDEN, CLASSES>,
    /// The biases of the scores.
    pub(crate) b2: Matrix<1, CLASSES>,
}

impl Mlp {
    /// Random weights, of the size that suits what follows them, and biases of zero.
    pub(crate) fn random(rng: &mut impl Rng) -> Self {
        Self {
            w1: init::he_uniform(rng), // a rectifier follows
            b1: Matrix::zeros(),
            w2: init::glorot_uniform(rng), // the softmax follows
            b2: Matrix::zeros(),
        }
    }
}

/// A score for each class, for each row of pixels.
#[differentiable]
pub(crate) fn scores(mlp: &Mlp, #[no_diff] pixels: &Matrix<BATCH, PIXELS>) -> Matrix<BATCH, CLASSES> {
    let hidden = (pixels * mlp.w1).add_row(mlp.b1).relu();
    (hidden * mlp.w2).add_row(mlp.b2)
}

/// How wrong the network is about a batch: the cross-entropy between its probabilities and the labels, averaged over
/// the digits of the batch.
///
/// A row without a digit has no target either, all zeros, and adds nothing to the cross-entropy. It does count in the
/// average over the rows, so the average over the digits is larger by `BATCH` / `digits`.
#[differentiable]
pub(crate) fn loss(
    mlp: &Mlp,
    #[no_diff] pixels: &Matrix<BATCH, PIXELS>,
    #[no_diff] targets: &Matrix<BATCH, CLASSES>,
    digits: usize,
) -> f32 {
    let scores = scores(mlp, pixels);
    scores.softmax_cross_entropy(targets) * (BATCH as f32 / digits as f32)
}

/// Up to `BATCH` digits, a row each.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The pixels of each digit; zeros in rows without one.
    pub(crate) pixels: Matrix<BATCH, PIXELS>,
    /// A one in the column of the digit's label; zeros in rows without one.
    pub(crate) targets: Matrix<BATCH, CLASSES>,
    /// How many rows have a digit.
    pub(crate) digits: usize,
}

impl Batch {
    /// # Panics
    /// If there are more digits than rows.
    pub(crate) fn new<'d>(digits: impl ExactSizeIterator<Item = &'d Digit>) -> Self {
        assert!(digits.len() <= BATCH, "a batch has {BATCH} rows, not {}", digits.len());
        let mut batch = Self {
            pixels: Matrix::zeros(),
            targets: Matrix::zeros(),
            digits: digits.len(),
        };
        for (row, digit) in digits.enumerate() {
            batch.pixels.as_mut_slice()[row * PIXELS..][..PIXELS].copy_from_slice(&digit.pixels);
            batch.targets[(row, digit.label)] = 1.0;
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;

    use super::*;

    fn digits(count: usize) -> Vec<Digit> {
        let digit = |i: usize| Digit {
            pixels: std::array::from_fn(|pixel| ((i * 31 + pixel * 7) % 17) as f32 / 16.0),
            label: i % CLASSES,
        };
        (0..count).map(digit).collect()
    }

    fn network() -> Mlp {
        Mlp::random(&mut Xoshiro256PlusPlus::seed_from_u64(7))
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let digits = digits(5);
        let Batch {
            pixels,
            targets,
            digits,
        } = Batch::new(digits.iter());
        assert_gradient!(loss, &network(), &pixels, &targets, digits);
    }

    /// The batch of three is computed in 64 rows; its loss and gradient are still the averages over three digits.
    #[test]
    fn rows_without_a_digit_count_for_nothing() {
        let (mlp, digits) = (network(), digits(3));
        let of = |batch: Batch| loss::value_and_grad(&mlp, &batch.pixels, &batch.targets, batch.digits);
        let (value, gradient) = of(Batch::new(digits.iter()));
        let mut mean_value = 0.0;
        let mut mean_gradient = mlp.zero_tangent();
        for digit in &digits {
            let (value, mut gradient) = of(Batch::new([digit].into_iter()));
            mean_value += value / 3.0;
            gradient.scale(1.0 / 3.0);
            mean_gradient.accumulate(&gradient);
        }
        assert!((value - mean_value).abs() < 1e-5, "{value} {mean_value}");
        tapeless::check::compare(&gradient, &mean_gradient, 1e-5).unwrap();
    }

    #[test]
    #[should_panic(expected = "a batch has 64 rows, not 65")]
    fn a_batch_has_so_many_rows() {
        let _ = Batch::new(digits(BATCH + 1).iter());
    }
}
