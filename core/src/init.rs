//! Random weights to begin a training with, by `rand` (feature `rand`).
//!
//! How large the first weights are decides whether signals die out or explode on their way through many layers. The
//! four distributions here keep the variance of the signals alike from layer to layer: Glorot's, forth and back, where
//! the activation is about linear around zero (`tanh`, `sigmoid`, softmax); He's, forth, where it is a rectifier.
//!
//! A layer is `x * w`: `x` has a row for each sample, and a weight matrix of `N` rows and `M` columns turns `N` inputs
//! into `M` outputs. So fan-in is `N` and fan-out is `M`. Biases begin at zero.
//!
//! | | distribution | |
//! |---|---|---|
//! | [`glorot_uniform`] | uniform from -a to a | a = √(6 / (N + M)) |
//! | [`glorot_normal`] | normal, mean 0 | σ = √(2 / (N + M)) |
//! | [`he_uniform`] | uniform from -a to a | a = √(6 / N) |
//! | [`he_normal`] | normal, mean 0 | σ = √(2 / N) |
//!
//! Elements are drawn row after row, in double precision. The same generator with the same seed gives the same matrix,
//! up to rounding also in the other precision.
//!
//! ```
//! use rand::{SeedableRng, rngs::StdRng};
//! use tapeless::{init, prelude::*};
//!
//! #[derive(Differentiable)]
//! struct Mlp {
//!     w1: HeapMatrix<784, 128>,
//!     b1: Matrix<1, 128>,
//!     w2: Matrix<128, 10>,
//!     b2: Matrix<1, 10>,
//! }
//!
//! let mut rng = StdRng::seed_from_u64(7);
//! let mlp = Mlp {
//!     w1: init::he_normal(&mut rng), // relu follows
//!     b1: Matrix::zeros(),
//!     w2: init::glorot_uniform(&mut rng), // softmax follows
//!     b2: Matrix::zeros(),
//! };
//! # assert!(mlp.w1.norm() > 0.0 && mlp.w2.norm() > 0.0);
//! ```

use rand::Rng;
use rand_distr::{Distribution, StandardNormal, Uniform};

use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

/// Uniform from -a to a with a = √(6 / (N + M)): variance 2 / (N + M).
///
/// Glorot, Bengio: *Understanding the difficulty of training deep feedforward neural networks* (2010), equation 16.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use tapeless::{init, prelude::*};
/// let w: Matrix<4, 2> = init::glorot_uniform(&mut StdRng::seed_from_u64(1));
/// assert!(w.iter().all(|x| x.abs() <= 1.0));
/// ```
#[must_use]
pub fn glorot_uniform<const N: usize, const M: usize, T: Real, S: Storage>(
    rng: &mut (impl Rng + ?Sized),
) -> Matrix<N, M, T, S> {
    uniform(6.0 / (N + M) as f64, rng)
}

/// Normal with mean 0 and variance 2 / (N + M).
///
/// Glorot, Bengio: *Understanding the difficulty of training deep feedforward neural networks* (2010), equation 12.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use tapeless::{init, prelude::*};
/// let w: Matrix<50, 50> = init::glorot_normal(&mut StdRng::seed_from_u64(1));
/// let variance = w.norm_squared() / 2500.0;
/// assert!((variance - 0.02).abs() < 0.002);
/// ```
#[must_use]
pub fn glorot_normal<const N: usize, const M: usize, T: Real, S: Storage>(
    rng: &mut (impl Rng + ?Sized),
) -> Matrix<N, M, T, S> {
    normal(2.0 / (N + M) as f64, rng)
}

/// Uniform from -a to a with a = √(6 / N): variance 2 / N.
///
/// He, Zhang, Ren, Sun: *Delving Deep into Rectifiers* (2015), equation 10, as a uniform distribution of that variance.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use tapeless::{init, prelude::*};
/// let w: Matrix<6, 2> = init::he_uniform(&mut StdRng::seed_from_u64(1));
/// assert!(w.iter().all(|x| x.abs() <= 1.0));
/// ```
#[must_use]
pub fn he_uniform<const N: usize, const M: usize, T: Real, S: Storage>(
    rng: &mut (impl Rng + ?Sized),
) -> Matrix<N, M, T, S> {
    uniform(6.0 / N as f64, rng)
}

/// Normal with mean 0 and variance 2 / N.
///
/// He, Zhang, Ren, Sun: *Delving Deep into Rectifiers* (2015), equation 10.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use tapeless::{init, prelude::*};
/// let w: Matrix<50, 50> = init::he_normal(&mut StdRng::seed_from_u64(1));
/// let variance = w.norm_squared() / 2500.0;
/// assert!((variance - 0.04).abs() < 0.004);
/// ```
#[must_use]
pub fn he_normal<const N: usize, const M: usize, T: Real, S: Storage>(
    rng: &mut (impl Rng + ?Sized),
) -> Matrix<N, M, T, S> {
    normal(2.0 / N as f64, rng)
}

/// Uniform from -a to a, for a given a².
fn uniform<const N: usize, const M: usize, T: Real, S: Storage>(
    square: f64,
    rng: &mut (impl Rng + ?Sized),
) -> Matrix<N, M, T, S> {
    let bound = T::from_f64(Real::sqrt(square));
    let unit = Uniform::new(-1.0, 1.0).expect("-1 is less than 1");
    drawn(|| T::from_f64(unit.sample(rng)) * bound)
}

/// Normal with mean 0 and a given variance.
fn normal<const N: usize, const M: usize, T: Real, S: Storage>(
    variance: f64,
    rng: &mut (impl Rng + ?Sized),
) -> Matrix<N, M, T, S> {
    let deviation = T::from_f64(Real::sqrt(variance));
    drawn(|| {
        let unit: f64 = StandardNormal.sample(rng);
        T::from_f64(unit) * deviation
    })
}

fn drawn<const N: usize, const M: usize, T: Real, S: Storage>(draw: impl FnMut() -> T) -> Matrix<N, M, T, S> {
    Matrix::collected(core::iter::repeat_with(draw).take(N * M))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::Inline;

    const ROWS: usize = 60;
    const COLUMNS: usize = 140;

    type Weights<T, S> = Matrix<ROWS, COLUMNS, T, S>;

    /// The distribution of 8400 elements: mean, variance and bound.
    fn check<T: Real, S: Storage>(draw: impl Fn(&mut StdRng) -> Weights<T, S>, variance: f64, bound: Option<f64>) {
        let weights = draw(&mut StdRng::seed_from_u64(3));
        let count = (ROWS * COLUMNS) as f64;
        let mean = weights.mean().to_f64();
        // Five standard deviations of the mean.
        assert!(mean.abs() < 5.0 * Real::sqrt(variance / count), "mean {mean}");
        let found = weights.norm_squared().to_f64() / count;
        // The sample variance of a normal distribution deviates by √(2 / count), of a uniform one by less.
        let allowed = 5.0 * variance * Real::sqrt(2.0 / count);
        assert!((found - variance).abs() < allowed, "variance {found}, not {variance}");
        let largest = weights.abs().max().to_f64();
        match bound {
            // Of so many, one is near the bound.
            Some(bound) => assert!(
                largest <= bound * (1.0 + 1e-7) && largest > 0.99 * bound,
                "{largest} {bound}"
            ),
            // And one beyond three standard deviations, which a uniform distribution never is.
            None => assert!(largest > 3.0 * Real::sqrt(variance), "{largest}"),
        }

        assert_eq!(weights, draw(&mut StdRng::seed_from_u64(3)), "the same seed");
        assert_ne!(weights, draw(&mut StdRng::seed_from_u64(4)), "another seed");
    }

    fn check_all<T: Real, S: Storage>() {
        let (rows, both) = (ROWS as f64, (ROWS + COLUMNS) as f64);
        check::<T, S>(|rng| glorot_uniform(rng), 2.0 / both, Some(Real::sqrt(6.0 / both)));
        check::<T, S>(|rng| glorot_normal(rng), 2.0 / both, None);
        check::<T, S>(|rng| he_uniform(rng), 2.0 / rows, Some(Real::sqrt(6.0 / rows)));
        check::<T, S>(|rng| he_normal(rng), 2.0 / rows, None);
    }

    #[test]
    fn elements_have_the_distribution() {
        check_all::<f32, Inline>();
        check_all::<f64, Inline>();
        #[cfg(feature = "alloc")]
        check_all::<f32, crate::Heap>();
        #[cfg(feature = "alloc")]
        check_all::<f64, crate::Heap>();
    }

    #[test]
    fn precision_and_storage_change_nothing_but_rounding() {
        let rng = || StdRng::seed_from_u64(9);
        let double: Matrix<3, 4, f64> = he_normal(&mut rng());
        let single: Matrix<3, 4, f32> = he_normal(&mut rng());
        for (x, y) in double.iter().zip(&single) {
            assert!((x - f64::from(*y)).abs() < 1e-6);
        }
        #[cfg(feature = "alloc")]
        assert_eq!(he_normal::<3, 4, f64, crate::Heap>(&mut rng()), double);
    }
}
