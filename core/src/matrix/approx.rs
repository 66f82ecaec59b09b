//! Approximate comparison by the crate `approx` (feature `approx`).

use approx::{AbsDiffEq, RelativeEq, UlpsEq};

use super::{Matrix, Storage};
use crate::scalar::Real;

/// Corresponding elements differ by at most `epsilon`. The two may be stored differently.
///
/// ```
/// use approx::assert_abs_diff_eq;
/// use tapeless::prelude::*;
/// let m = Matrix::from_rows([[1.0, 2.0]]);
/// assert_abs_diff_eq!(m, m.to_heap() + 1e-9, epsilon = 1e-8);
/// ```
impl<const N: usize, const M: usize, T, S: Storage, S2: Storage> AbsDiffEq<Matrix<N, M, T, S2>> for Matrix<N, M, T, S>
where
    T: Real + AbsDiffEq<Epsilon: Copy>,
{
    type Epsilon = T::Epsilon;

    fn default_epsilon() -> T::Epsilon {
        T::default_epsilon()
    }

    fn abs_diff_eq(&self, other: &Matrix<N, M, T, S2>, epsilon: T::Epsilon) -> bool {
        self.iter().zip(other).all(|(x, y)| x.abs_diff_eq(y, epsilon))
    }
}

/// Corresponding elements differ by at most `epsilon`, or by at most `max_relative` times the larger magnitude.
///
/// ```
/// use approx::assert_relative_eq;
/// use tapeless::prelude::*;
/// let m = Matrix::from_rows([[1.0e6, 2.0]]);
/// assert_relative_eq!(m, m * (1.0 + 1e-9), max_relative = 1e-8);
/// ```
impl<const N: usize, const M: usize, T, S: Storage, S2: Storage> RelativeEq<Matrix<N, M, T, S2>> for Matrix<N, M, T, S>
where
    T: Real + RelativeEq<Epsilon: Copy>,
{
    fn default_max_relative() -> T::Epsilon {
        T::default_max_relative()
    }

    fn relative_eq(&self, other: &Matrix<N, M, T, S2>, epsilon: T::Epsilon, max_relative: T::Epsilon) -> bool {
        self.iter()
            .zip(other)
            .all(|(x, y)| x.relative_eq(y, epsilon, max_relative))
    }
}

/// Corresponding elements differ by at most `epsilon`, or are at most `max_ulps` numbers apart.
///
/// ```
/// use approx::assert_ulps_eq;
/// use tapeless::prelude::*;
/// let m = Matrix::from_rows([[0.1 + 0.2]]);
/// assert_ulps_eq!(m, Matrix::from_rows([[0.3]]), max_ulps = 1);
/// ```
impl<const N: usize, const M: usize, T, S: Storage, S2: Storage> UlpsEq<Matrix<N, M, T, S2>> for Matrix<N, M, T, S>
where
    T: Real + UlpsEq<Epsilon: Copy>,
{
    fn default_max_ulps() -> u32 {
        T::default_max_ulps()
    }

    fn ulps_eq(&self, other: &Matrix<N, M, T, S2>, epsilon: T::Epsilon, max_ulps: u32) -> bool {
        self.iter().zip(other).all(|(x, y)| x.ulps_eq(y, epsilon, max_ulps))
    }
}

#[cfg(test)]
mod tests {
    use approx::{AbsDiffEq, RelativeEq, UlpsEq, abs_diff_ne, relative_ne, ulps_ne};

    use crate::{Construct, Inline, Matrix, Real, Storage};

    fn check<T, S: Storage>()
    where
        T: Real + AbsDiffEq<Epsilon = T> + RelativeEq + UlpsEq,
    {
        let real = T::from_f64;
        let m: Matrix<2, 2, T, S> = Construct::from_fn(|i, j| T::from_usize(1 + 100 * i + 10 * j));
        // One element differs, the last: by 0.5 in 111.
        let mut other: Matrix<2, 2, T, Inline> = m.to_inline();
        other[(1, 1)] += real(0.5);

        assert!(m.abs_diff_eq(&m, real(0.0)));
        assert!(m.abs_diff_eq(&other, real(0.5)) && !m.abs_diff_eq(&other, real(0.49)));
        assert!(m.relative_eq(&other, real(0.0), real(0.005)) && !m.relative_eq(&other, real(0.0), real(0.004)));
        assert!(m.ulps_eq(&m, real(0.0), 0) && !m.ulps_eq(&other, real(0.0), 4));
        assert!(abs_diff_ne!(m, other) && relative_ne!(m, other) && ulps_ne!(m, other));

        let mut next = m.to_inline();
        next[(0, 0)] += T::EPSILON;
        assert!(m.ulps_eq(&next, real(0.0), 1) && !m.ulps_eq(&next, real(0.0), 0));

        next[(0, 0)] = real(f64::NAN);
        assert!(!next.abs_diff_eq(&next, T::INFINITY) && !next.relative_eq(&next, real(1.0), real(1.0)));
    }

    #[test]
    fn elements_are_compared_approximately() {
        check::<f32, Inline>();
        check::<f64, Inline>();
        #[cfg(feature = "alloc")]
        check::<f32, crate::Heap>();
        #[cfg(feature = "alloc")]
        check::<f64, crate::Heap>();
    }
}
