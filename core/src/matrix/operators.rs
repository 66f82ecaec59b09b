//! Operators between matrices, and between matrices and scalars.
//!
//! Each operator is implemented once for any right-hand side that a trait of ours accepts, so that a mistake is explained
//! in terms of shapes.

use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::product::{InnerDimensions, product_to};
use super::{Inner, Join, Matrix, Storage};
use crate::scalar::Real;

/// The shapes of two matrices.
#[derive(Clone, Copy, Debug)]
pub struct Shapes<const N: usize, const M: usize, const N2: usize, const M2: usize>;

/// Two shapes are the same.
#[diagnostic::on_unimplemented(
    message = "cannot combine `{Left}` and `{Right}`: their shapes must be equal",
    label = "the shapes differ"
)]
pub trait EqualShapes<Left, Right> {
    /// The type of a result, which exists only if the shapes fit.
    type Checked<R>;
    /// The result.
    fn checked<R>(result: R) -> Self::Checked<R>;
}

impl<const N: usize, const M: usize, Left, Right> EqualShapes<Left, Right> for Shapes<N, M, N, M> {
    type Checked<R> = R;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn checked<R>(result: R) -> R {
        result
    }
}

/// Declares the trait of a right-hand side and implements an operator for all of them.
macro_rules! operator {
    (
        $(#[$attribute:meta])*
        $Trait:ident, $method:ident, $Operator:ident, $operate:ident
    ) => {
        $(#[$attribute])*
        pub trait $Trait<Right> {
            /// The type of the result.
            type Output;
            /// The result.
            fn $method(&self, right: Right) -> Self::Output;
        }

        impl<const N: usize, const M: usize, T: Real, S: Storage, Right> $Operator<Right> for Matrix<N, M, T, S>
        where
            Self: $Trait<Right>,
        {
            type Output = <Self as $Trait<Right>>::Output;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $operate(self, right: Right) -> Self::Output {
                self.$method(right)
            }
        }

        impl<'a, const N: usize, const M: usize, T: Real, S: Storage, Right> $Operator<Right>
            for &'a Matrix<N, M, T, S>
        where
            Matrix<N, M, T, S>: $Trait<Right>,
        {
            type Output = <Matrix<N, M, T, S> as $Trait<Right>>::Output;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn $operate(self, right: Right) -> Self::Output {
                self.$method(right)
            }
        }
    };
}

operator! {
    /// What can be added to a matrix: a matrix of the same shape, or a scalar, which is added to each element.
    #[diagnostic::on_unimplemented(
        message = "cannot add `{Right}` to `{Self}`",
        label = "expected a matrix of the same shape, or a scalar of the matrix's own type"
    )]
    Plus, plus, Add, add
}
operator! {
    /// What can be subtracted from a matrix: a matrix of the same shape, or a scalar, from each element.
    #[diagnostic::on_unimplemented(
        message = "cannot subtract `{Right}` from `{Self}`",
        label = "expected a matrix of the same shape, or a scalar of the matrix's own type"
    )]
    Minus, minus, Sub, sub
}
operator! {
    /// What a matrix can be multiplied by: a matrix with as many rows as it has columns, or a scalar.
    #[diagnostic::on_unimplemented(
        message = "cannot multiply `{Self}` by `{Right}`",
        label = "expected a matrix with as many rows as the left side has columns, or a scalar of the matrix's own type"
    )]
    Times, times, Mul, mul
}
operator! {
    /// What a matrix can be divided by: a scalar.
    #[diagnostic::on_unimplemented(
        message = "cannot divide `{Self}` by `{Right}`",
        label = "expected a scalar of the matrix's own type"
    )]
    Over, over, Div, div
}

/// Sums and differences of matrices, for a right side by value and by reference.
macro_rules! elementwise {
    ($($Trait:ident $method:ident $operator:tt;)*) => {$(
        elementwise!(@ $Trait $method $operator, Matrix<N2, M2, T, S2>);
        elementwise!(@ $Trait $method $operator, &Matrix<N2, M2, T, S2>);
    )*};
    (@ $Trait:ident $method:ident $operator:tt, $Right:ty) => {
        impl<const N: usize, const M: usize, const N2: usize, const M2: usize, T: Real, S: Storage, S2: Storage>
            $Trait<$Right> for Matrix<N, M, T, S>
        where
            S: Join<S2>,
            Shapes<N, M, N2, M2>: EqualShapes<Self, Matrix<N2, M2, T, S2>>,
        {
            type Output = <Shapes<N, M, N2, M2> as EqualShapes<Self, Matrix<N2, M2, T, S2>>>::Checked<
                Matrix<N, M, T, S::Output>,
            >;

            #[inline]
            fn $method(&self, right: $Right) -> Self::Output {
                let (left, right) = (self.as_slice(), right.as_slice());
                <Shapes<N, M, N2, M2>>::checked(Matrix::zipped(left, right, |a, b| a $operator b))
            }
        }
    };
}

elementwise! {
    Plus plus +;
    Minus minus -;
}

/// The matrix product, for a right side by value and by reference.
macro_rules! products {
    ($($Right:ty),*) => {$(
        impl<const N: usize, const D: usize, const D2: usize, const M: usize, T: Real, S: Storage, S2: Storage>
            Times<$Right> for Matrix<N, D, T, S>
        where
            S: Join<S2>,
            Inner<D, D2>: InnerDimensions<Self, Matrix<D2, M, T, S2>>,
        {
            type Output = <Inner<D, D2> as InnerDimensions<Self, Matrix<D2, M, T, S2>>>::Checked<
                Matrix<N, M, T, S::Output>,
            >;

            #[inline]
            fn times(&self, right: $Right) -> Self::Output {
                // SAFETY: a product that is not added to its target writes all elements.
                <Inner<D, D2>>::checked(unsafe {
                    Matrix::written(|slots| product_to::<N, D, M, T>(self.as_slice(), right.as_slice(), slots.as_flattened_mut()))
                })
            }
        }
    )*};
}

products!(Matrix<D2, M, T, S2>, &Matrix<D2, M, T, S2>);

/// Operators with a scalar on the right.
macro_rules! scalar_right {
    ($($Trait:ident $method:ident $operator:tt;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> $Trait<T> for Matrix<N, M, T, S> {
            type Output = Matrix<N, M, T, S>;

            #[inline]
            fn $method(&self, right: T) -> Self::Output {
                self.mapped(|x: T| x $operator right)
            }
        }

        impl<const N: usize, const M: usize, T: Real, S: Storage> $Trait<&T> for Matrix<N, M, T, S> {
            type Output = Matrix<N, M, T, S>;

            #[inline]
            fn $method(&self, right: &T) -> Self::Output {
                self.$method(*right)
            }
        }
    )*};
}

scalar_right! {
    Plus plus +;
    Minus minus -;
    Times times *;
    Over over /;
}

/// Operators with a scalar on the left.
macro_rules! scalar_left {
    ($($float:ident: $($Operator:ident $operate:ident $operator:tt),*;)*) => {$($(
        impl<const N: usize, const M: usize, S: Storage> $Operator<Matrix<N, M, $float, S>> for $float {
            type Output = Matrix<N, M, $float, S>;

            #[inline]
            fn $operate(self, right: Matrix<N, M, $float, S>) -> Self::Output {
                right.mapped(|x: $float| self $operator x)
            }
        }

        impl<const N: usize, const M: usize, S: Storage> $Operator<&Matrix<N, M, $float, S>> for $float {
            type Output = Matrix<N, M, $float, S>;

            #[inline]
            fn $operate(self, right: &Matrix<N, M, $float, S>) -> Self::Output {
                right.mapped(|x: $float| self $operator x)
            }
        }
    )*)*};
}

scalar_left! {
    f32: Add add +, Sub sub -, Mul mul *, Div div /;
    f64: Add add +, Sub sub -, Mul mul *, Div div /;
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Neg for Matrix<N, M, T, S> {
    type Output = Self;

    #[inline]
    fn neg(mut self) -> Self {
        self.as_mut_slice().iter_mut().for_each(|x| *x = -*x);
        self
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage> Neg for &Matrix<N, M, T, S> {
    type Output = Matrix<N, M, T, S>;

    #[inline]
    fn neg(self) -> Self::Output {
        self.mapped(|x: T| -x)
    }
}

/// Sums and differences in place.
macro_rules! assign {
    ($($Operator:ident $operate:ident $operator:tt;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> $Operator<Matrix<N, M, T, S2>>
            for Matrix<N, M, T, S>
        {
            #[inline]
            fn $operate(&mut self, right: Matrix<N, M, T, S2>) {
                self.$operate(&right);
            }
        }

        impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> $Operator<&Matrix<N, M, T, S2>>
            for Matrix<N, M, T, S>
        {
            #[inline]
            fn $operate(&mut self, right: &Matrix<N, M, T, S2>) {
                for (x, y) in self.as_mut_slice().iter_mut().zip(right.as_slice()) {
                    *x $operator *y;
                }
            }
        }
    )*};
}

assign! {
    AddAssign add_assign +=;
    SubAssign sub_assign -=;
}

/// Operations with a scalar in place.
macro_rules! assign_scalar {
    ($($Operator:ident $operate:ident $operator:tt;)*) => {$(
        impl<const N: usize, const M: usize, T: Real, S: Storage> $Operator<T> for Matrix<N, M, T, S> {
            #[inline]
            fn $operate(&mut self, right: T) {
                self.as_mut_slice().iter_mut().for_each(|x| *x $operator right);
            }
        }
    )*};
}

assign_scalar! {
    AddAssign add_assign +=;
    SubAssign sub_assign -=;
    MulAssign mul_assign *=;
    DivAssign div_assign /=;
}
