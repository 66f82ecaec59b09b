//! Jacobians and Hessians, put together from derivatives along directions and gradients.

use crate::differentiable::{Differentiable, Tangent};
use crate::matrix::{Matrix, Storage};
use crate::scalar::Real;

/// The result of a function of an `X` that has a Jacobian: a scalar, an array, a vector or a column of scalars.
///
/// The Jacobian has a row for each scalar of the result, which is a tangent of `X`; where both are columns, it is a matrix.
#[diagnostic::on_unimplemented(
    message = "no type of Jacobian is known for a result of type `{Self}`",
    label = "expected scalars, arrays, slices or columns of scalars of one type",
    note = "`jvp` and `vjp` give the Jacobian's columns and rows for any types"
)]
pub trait Rows<X: Differentiable + ?Sized>: Differentiable + Clone {
    /// The type of the Jacobian.
    type Jacobian;
    /// One without anything in it, with as many rows as the result has scalars.
    fn empty(&self, row: &X::Tangent) -> Self::Jacobian;
    /// Sets an element.
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64);
}

/// Of a scalar, the gradient.
impl<T: Real, X: Differentiable + ?Sized> Rows<X> for T {
    type Jacobian = X::Tangent;
    fn empty(&self, row: &X::Tangent) -> X::Tangent {
        row.clone()
    }
    fn set(jacobian: &mut X::Tangent, _: usize, column: usize, value: f64) {
        jacobian.leaf_mut(0).set(column, value);
    }
}

impl<T: Real, X: Differentiable + ?Sized, const M: usize> Rows<X> for [T; M] {
    type Jacobian = [X::Tangent; M];
    fn empty(&self, row: &X::Tangent) -> Self::Jacobian {
        core::array::from_fn(|_| row.clone())
    }
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64) {
        jacobian[row].leaf_mut(0).set(column, value);
    }
}

#[cfg(feature = "alloc")]
impl<T: Real, X: Differentiable + ?Sized> Rows<X> for alloc::vec::Vec<T> {
    type Jacobian = alloc::vec::Vec<X::Tangent>;
    fn empty(&self, row: &X::Tangent) -> Self::Jacobian {
        self.iter().map(|_| row.clone()).collect()
    }
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64) {
        jacobian[row].leaf_mut(0).set(column, value);
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> Rows<Matrix<N, 1, T, S2>>
    for Matrix<M, 1, T, S>
{
    type Jacobian = Matrix<M, N, T, S>;
    fn empty(&self, _: &Matrix<N, 1, T, S2>) -> Self::Jacobian {
        Matrix::zeroed()
    }
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64) {
        jacobian[(row, column)] = T::from_f64(value);
    }
}

/// The Jacobian of a function at a point, given a zero tangent of that, the function's value, and what computes derivatives
/// along a direction and gradients of the result's scalars: whichever of them is asked for less often.
pub fn jacobian<X: Differentiable + ?Sized, Y: Rows<X>>(
    zero: &X::Tangent,
    value: &Y,
    mut jvp: impl FnMut(X::Tangent) -> Y::Tangent,
    mut vjp: impl FnMut(Y::Tangent) -> X::Tangent,
) -> Y::Jacobian {
    let mut result = value.empty(zero);
    let (rows, columns) = (scalars(value), scalars(zero));
    if columns <= rows {
        for column in 0..columns {
            let derivative = jvp(unit(zero, column));
            (0..rows).for_each(|row| Y::set(&mut result, row, column, derivative.leaf(0).get(row)));
        }
    } else {
        for row in 0..rows {
            let gradient = vjp(unit(&value.zero_tangent(), row));
            (0..columns).for_each(|column| Y::set(&mut result, row, column, gradient.leaf(0).get(column)));
        }
    }
    result
}

/// The Hessian of a function at a point, given a zero tangent of that, and what multiplies the Hessian by a tangent.
pub fn hessian<X: Differentiable + ?Sized>(
    zero: &X::Tangent,
    mut hvp: impl FnMut(X::Tangent) -> X::Tangent,
) -> <X::Tangent as Rows<X>>::Jacobian
where
    X::Tangent: Rows<X>,
{
    let mut result = zero.empty(zero);
    let count = scalars(zero);
    for row in 0..count {
        let derivative = hvp(unit(zero, row));
        (0..count).for_each(|column| <X::Tangent>::set(&mut result, row, column, derivative.leaf(0).get(column)));
    }
    result
}

/// The number of scalars of a value whose scalars lie side by side.
fn scalars<X: Differentiable + ?Sized>(value: &X) -> usize {
    assert_eq!(
        value.leaf_count(),
        1,
        "the scalars of a value that has a Jacobian lie side by side"
    );
    value.leaf(0).len()
}

/// The tangent that changes one scalar.
fn unit<T: Tangent>(zero: &T, index: usize) -> T {
    let mut unit = zero.clone();
    unit.leaf_mut(0).set(index, 1.0);
    unit
}
