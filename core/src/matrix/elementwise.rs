//! Functions of each element, and of corresponding elements of two matrices.

use super::{EqualShapes, Join, Matrix, Shapes, Storage};
use crate::scalar::Real;

/// Declares functions of each element; in brackets, one that becomes vector instructions. It is used where each element is
/// that of the scalar function.
macro_rules! functions {
    ($($name:ident $(($lanes:ident))?: $what:literal;)*) => {
        impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
            $(
                #[doc = concat!($what, " of each element. [Rule](crate::rules::", stringify!($name), ").")]
                /// ```
                /// use tapeless::prelude::*;
                /// let m: Matrix<1, 2, f64> = Matrix::from_rows([[0.25, 1.5]]);
                #[doc = concat!("let y = m.", stringify!($name), "();")]
                #[doc = concat!("assert!((y[(0, 1)] - m[(0, 1)].", stringify!($name), "()).abs() < 1e-15 || y[(0, 1)].is_nan());")]
                /// ```
                #[must_use]
                #[inline]
                pub fn $name(&self) -> Self {
                    functions!(@ self $name $($lanes)?)
                }
            )*
        }
    };
    (@ $self:ident $name:ident) => { $self.mapped(|x: T| Real::$name(x)) };
    (@ $self:ident $name:ident $lanes:ident) => {
        if T::ROUNDED_ONCE {
            $self.mapped(crate::lanes::$lanes)
        } else {
            $self.mapped(|x: T| Real::$name(x))
        }
    };
}

functions! {
    sin: "Sine";
    cos: "Cosine";
    tan: "Tangent";
    asin: "Inverse sine";
    acos: "Inverse cosine";
    atan: "Inverse tangent";
    sinh: "Hyperbolic sine";
    cosh: "Hyperbolic cosine";
    tanh (Tanh): "Hyperbolic tangent";
    asinh: "Inverse hyperbolic sine";
    acosh: "Inverse hyperbolic cosine";
    atanh: "Inverse hyperbolic tangent";
    exp (Exp): "Exponential function";
    exp2: "Power of two";
    exp_m1 (ExpM1): "Exponential function minus one";
    ln (Ln): "Natural logarithm";
    ln_1p: "Natural logarithm of one plus the element";
    log2: "Logarithm to base two";
    log10: "Logarithm to base ten";
    sqrt: "Square root";
    cbrt: "Cube root";
    recip: "Reciprocal";
    abs: "Absolute value";
    signum: "Sign";
    floor: "The largest integer not above";
    ceil: "The smallest integer not below";
    round: "The nearest integer, halves away from zero,";
    round_ties_even: "The nearest integer, halves to even,";
    trunc: "The integer part";
    fract: "The part behind the point";
    to_degrees: "Degrees";
    to_radians: "Radians";
    sigmoid (Sigmoid): "Logistic function";
    softplus (Softplus): "Smooth ramp";
    relu: "Rectifier";
    elu (Elu): "Exponential linear unit";
    gelu: "Gaussian error linear unit";
    silu (Silu): "Sigmoid linear unit";
    erf: "Error function";
    erfc: "Complementary error function";
    ln_gamma: "Logarithm of the gamma function";
    digamma: "Digamma function";
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Matrix<N, M, T, S> {
    /// Each element to the power of an integer. [Rule](crate::rules::powi).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[2.0, -3.0]]).powi(3), Matrix::from_rows([[8.0, -27.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn powi(&self, exponent: i32) -> Self {
        self.mapped(|x: T| x.powi(exponent))
    }

    /// Each element to the power of a number. [Rule](crate::rules::powf).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[4.0, 9.0]]).powf(0.5), Matrix::from_rows([[2.0, 3.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn powf(&self, exponent: T) -> Self {
        self.mapped(|x: T| x.powf(exponent))
    }

    /// The logarithm of each element to a base. [Rule](crate::rules::log).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[8.0, 2.0]]).log(2.0), Matrix::from_rows([[3.0, 1.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn log(&self, base: T) -> Self {
        self.mapped(|x: T| x.log(base))
    }

    /// Each element, negative ones times `slope`. [Rule](crate::rules::leaky_relu).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[2.0, -2.0]]).leaky_relu(0.25), Matrix::from_rows([[2.0, -0.5]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn leaky_relu(&self, slope: T) -> Self {
        self.mapped(|x: T| x.leaky_relu(slope))
    }

    /// Each element held within bounds. [Rule](crate::rules::clamp).
    ///
    /// # Panics
    /// If `low > high` or a bound is NaN.
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// assert_eq!(Matrix::from_rows([[2.0, -2.0]]).clamp(-1.0, 1.0), Matrix::from_rows([[1.0, -1.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn clamp(&self, low: T, high: T) -> Self {
        self.mapped(|x: T| x.clamp(low, high))
    }

    /// The products of corresponding elements. [Rule](crate::rules::hadamard).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let a = Matrix::from_rows([[1.0, 2.0]]);
    /// let b = Matrix::from_rows([[3.0, 4.0]]);
    /// assert_eq!(a.hadamard(&b), Matrix::from_rows([[3.0, 8.0]]));
    /// ```
    #[must_use]
    #[inline]
    pub fn hadamard<Right>(&self, other: Right) -> <Self as Paired<Right>>::Elementwise
    where
        Self: Paired<Right>,
    {
        self.elementwise(other, |a, b| a * b)
    }

    /// The sum of the products of corresponding elements. [Rule](crate::rules::dot).
    ///
    /// ```
    /// use tapeless::prelude::*;
    /// let a = Matrix::from_rows([[1.0, 2.0]]);
    /// let b = Matrix::from_rows([[3.0, 4.0]]);
    /// assert_eq!(a.dot(&b), 11.0);
    /// ```
    #[must_use]
    #[inline]
    pub fn dot<Right>(&self, other: Right) -> <Self as Paired<Right>>::Scalar
    where
        Self: Paired<Right>,
    {
        self.summed(other, |a, b| a * b, |sum| sum)
    }
}

/// Another matrix of the same shape, by value or by reference.
#[diagnostic::on_unimplemented(
    message = "cannot combine `{Self}` with `{Right}`",
    label = "expected a matrix of the same shape"
)]
pub trait Paired<Right> {
    /// The type of the matrix of results.
    type Elementwise;
    /// The type of a sum of results.
    type Scalar;
    /// The type of the elements.
    type Element: Real;

    /// The results of a function of corresponding elements.
    fn elementwise(
        &self,
        right: Right,
        function: impl Fn(Self::Element, Self::Element) -> Self::Element,
    ) -> Self::Elementwise;

    /// A function of the sum of them.
    fn summed(
        &self,
        right: Right,
        function: impl Fn(Self::Element, Self::Element) -> Self::Element,
        finish: impl FnOnce(Self::Element) -> Self::Element,
    ) -> Self::Scalar;
}

macro_rules! paired {
    ($($Right:ty),*) => {$(
        impl<const N: usize, const M: usize, const N2: usize, const M2: usize, T: Real, S: Storage, S2: Storage>
            Paired<$Right> for Matrix<N, M, T, S>
        where
            S: Join<S2>,
            Shapes<N, M, N2, M2>: EqualShapes<Self, Matrix<N2, M2, T, S2>>,
        {
            type Elementwise = <Shapes<N, M, N2, M2> as EqualShapes<Self, Matrix<N2, M2, T, S2>>>::Checked<
                Matrix<N, M, T, S::Output>,
            >;
            type Scalar = <Shapes<N, M, N2, M2> as EqualShapes<Self, Matrix<N2, M2, T, S2>>>::Checked<T>;
            type Element = T;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn elementwise(&self, right: $Right, function: impl Fn(T, T) -> T) -> Self::Elementwise {
                let (left, right) = (self.as_slice(), right.as_slice());
                <Shapes<N, M, N2, M2>>::checked(Matrix::zipped(left, right, function))
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn summed(&self, right: $Right, function: impl Fn(T, T) -> T, finish: impl FnOnce(T) -> T) -> Self::Scalar {
                let sum = crate::lanes::sum_of(self.as_slice(), right.as_slice(), function);
                <Shapes<N, M, N2, M2>>::checked(finish(sum))
            }
        }
    )*};
}

paired!(Matrix<N2, M2, T, S2>, &Matrix<N2, M2, T, S2>);
