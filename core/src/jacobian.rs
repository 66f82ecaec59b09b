//! Jacobians and Hessians, put together from derivatives along directions and gradients.

use crate::chunk::Chunk;
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
    /// The number of its rows, where the type says it.
    const COUNT: Option<usize>;
    /// One without anything in it, with as many rows as the result has scalars.
    fn empty(&self, row: &X::Tangent) -> Self::Jacobian;
    /// True if the Jacobian has as many rows as the result has scalars, and these have the size of the one given.
    fn fits(&self, jacobian: &Self::Jacobian, row: &X::Tangent) -> bool;
    /// Sets an element.
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64);
}

/// Of a scalar, the gradient.
impl<T: Real, X: Differentiable + ?Sized> Rows<X> for T {
    type Jacobian = X::Tangent;
    const COUNT: Option<usize> = Some(1);
    fn empty(&self, row: &X::Tangent) -> X::Tangent {
        row.clone()
    }
    fn fits(&self, jacobian: &X::Tangent, row: &X::Tangent) -> bool {
        same_size(jacobian, row)
    }
    fn set(jacobian: &mut X::Tangent, _: usize, column: usize, value: f64) {
        set_scalar(jacobian, column, value);
    }
}

impl<T: Real, X: Differentiable + ?Sized, const M: usize> Rows<X> for [T; M] {
    type Jacobian = [X::Tangent; M];
    const COUNT: Option<usize> = Some(M);
    fn empty(&self, row: &X::Tangent) -> Self::Jacobian {
        core::array::from_fn(|_| row.clone())
    }
    fn fits(&self, jacobian: &Self::Jacobian, row: &X::Tangent) -> bool {
        jacobian.iter().all(|own| same_size(own, row))
    }
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64) {
        set_scalar(&mut jacobian[row], column, value);
    }
}

#[cfg(feature = "alloc")]
impl<T: Real, X: Differentiable + ?Sized> Rows<X> for alloc::vec::Vec<T> {
    type Jacobian = alloc::vec::Vec<X::Tangent>;
    const COUNT: Option<usize> = None;
    fn empty(&self, row: &X::Tangent) -> Self::Jacobian {
        self.iter().map(|_| row.clone()).collect()
    }
    fn fits(&self, jacobian: &Self::Jacobian, row: &X::Tangent) -> bool {
        jacobian.len() == self.len() && jacobian.iter().all(|own| same_size(own, row))
    }
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64) {
        set_scalar(&mut jacobian[row], column, value);
    }
}

impl<const N: usize, const M: usize, T: Real, S: Storage, S2: Storage> Rows<Matrix<N, 1, T, S2>>
    for Matrix<M, 1, T, S>
{
    type Jacobian = Matrix<M, N, T, S>;
    const COUNT: Option<usize> = Some(M);
    fn empty(&self, _: &Matrix<N, 1, T, S2>) -> Self::Jacobian {
        Matrix::zeroed()
    }
    fn fits(&self, _: &Self::Jacobian, _: &Matrix<N, 1, T, S2>) -> bool {
        true
    }
    fn set(jacobian: &mut Self::Jacobian, row: usize, column: usize, value: f64) {
        jacobian[(row, column)] = T::from_f64(value);
    }
}

/// What computes the derivatives of a function of an `X` at a point, of which each gives the function's value too.
#[derive(Debug)]
pub struct Derivatives<Four, Eight, Reverse> {
    /// Along four directions at once.
    pub four: Four,
    /// Along eight.
    pub eight: Eight,
    /// The gradient of one of the result's scalars, which the function chooses when it is given the value.
    pub reverse: Reverse,
}

/// The costs of one pass, as multiples of the function's own: forward with one, with up to four, and with up to eight
/// directions, and backward. They only decide which way is taken.
const COSTS: [usize; 4] = [2, 3, 4, 3];

impl<Four, Eight, Reverse> Derivatives<Four, Eight, Reverse> {
    /// The value, and the Jacobian.
    pub fn jacobian<X, Y>(self, x: &X) -> (Y, Y::Jacobian)
    where
        X: Differentiable + ?Sized,
        Y: Rows<X>,
        Four: FnMut(X::Chunk<4>) -> (Y, Y::Chunk<4>),
        Eight: FnMut(X::Chunk<8>) -> (Y, Y::Chunk<8>),
        Reverse: FnMut(&mut dyn FnMut(&Y) -> Y::Tangent) -> (Y, X::Tangent),
    {
        let zero = x.zero_tangent();
        let mut result = None;
        let value = self.compute(x, &zero, |value, set| {
            set(result.get_or_insert_with(|| value.empty(&zero)));
        });
        let jacobian = result.unwrap_or_else(|| value.empty(&zero));
        (value, jacobian)
    }

    /// The value; the Jacobian is written to the one given.
    ///
    /// # Panics
    /// If that has another size.
    pub fn jacobian_into<X, Y>(self, x: &X, jacobian: &mut Y::Jacobian) -> Y
    where
        X: Differentiable + ?Sized,
        Y: Rows<X>,
        Four: FnMut(X::Chunk<4>) -> (Y, Y::Chunk<4>),
        Eight: FnMut(X::Chunk<8>) -> (Y, Y::Chunk<8>),
        Reverse: FnMut(&mut dyn FnMut(&Y) -> Y::Tangent) -> (Y, X::Tangent),
    {
        let zero = x.zero_tangent();
        self.compute(x, &zero, |value: &Y, set| {
            assert!(
                value.fits(jacobian, &zero),
                "the Jacobian to be overwritten belongs to values of other sizes"
            );
            set(jacobian);
        })
    }

    /// Goes whichever way is cheaper. `write` is handed what sets some of the Jacobian's elements.
    fn compute<X, Y>(
        mut self,
        x: &X,
        zero: &X::Tangent,
        mut write: impl FnMut(&Y, &mut dyn FnMut(&mut Y::Jacobian)),
    ) -> Y
    where
        X: Differentiable + ?Sized,
        Y: Rows<X>,
        Four: FnMut(X::Chunk<4>) -> (Y, Y::Chunk<4>),
        Eight: FnMut(X::Chunk<8>) -> (Y, Y::Chunk<8>),
        Reverse: FnMut(&mut dyn FnMut(&Y) -> Y::Tangent) -> (Y, X::Tangent),
    {
        let columns = scalars(zero);
        let [_, four, eight, reverse] = COSTS;
        let forward = if columns <= 4 {
            four
        } else {
            columns.div_ceil(8) * eight
        };
        if Y::COUNT.is_some_and(|rows| rows * reverse < forward) {
            return self.backward(zero, &mut write);
        }
        let (value, first) = self.pass(x, zero, 0, columns);
        let rows = scalars(&value);
        // What has been done already is not counted.
        if rows * reverse < forward.saturating_sub(eight) {
            return self.backward(zero, &mut write);
        }
        let mut begin = 0;
        let mut lanes = Some(first);
        while begin < columns || begin == 0 {
            let lanes = match lanes.take() {
                Some(lanes) => lanes,
                None => self.pass(x, zero, begin, columns).1,
            };
            let width = lanes.width().min(columns - begin);
            write(&value, &mut |jacobian| {
                for lane in 0..width {
                    let derivative = lanes.lane(lane);
                    (0..rows).for_each(|row| Y::set(jacobian, row, begin + lane, scalar(&derivative, row)));
                }
            });
            begin += lanes.width();
        }
        value
    }

    /// The derivatives with respect to some of the scalars from the given one on.
    fn pass<X, Y>(&mut self, x: &X, zero: &X::Tangent, begin: usize, columns: usize) -> (Y, Lanes<Y>)
    where
        X: Differentiable + ?Sized,
        Y: Rows<X>,
        Four: FnMut(X::Chunk<4>) -> (Y, Y::Chunk<4>),
        Eight: FnMut(X::Chunk<8>) -> (Y, Y::Chunk<8>),
    {
        if columns - begin <= 4 {
            let (value, chunk) = (self.four)(units::<X, 4>(x, zero, begin, columns));
            (value, Lanes::Four(chunk))
        } else {
            let (value, chunk) = (self.eight)(units::<X, 8>(x, zero, begin, columns));
            (value, Lanes::Eight(chunk))
        }
    }

    /// One gradient after the other.
    fn backward<X, Y>(&mut self, zero: &X::Tangent, write: &mut impl FnMut(&Y, &mut dyn FnMut(&mut Y::Jacobian))) -> Y
    where
        X: Differentiable + ?Sized,
        Y: Rows<X>,
        Reverse: FnMut(&mut dyn FnMut(&Y) -> Y::Tangent) -> (Y, X::Tangent),
    {
        let columns = scalars(zero);
        let mut row = 0;
        loop {
            let mut rows = 0;
            let (value, gradient) = (self.reverse)(&mut |value| {
                rows = scalars(value);
                unit(&value.zero_tangent(), row)
            });
            if row < rows {
                write(&value, &mut |jacobian| {
                    (0..columns).for_each(|column| Y::set(jacobian, row, column, scalar(&gradient, column)));
                });
            }
            row += 1;
            if row >= rows {
                return value;
            }
        }
    }
}

/// The derivatives of a result along four or eight directions.
enum Lanes<Y: Differentiable> {
    Four(Y::Chunk<4>),
    Eight(Y::Chunk<8>),
}

impl<Y: Differentiable> Lanes<Y> {
    fn width(&self) -> usize {
        match self {
            Self::Four(_) => 4,
            Self::Eight(_) => 8,
        }
    }

    fn lane(&self, index: usize) -> Y::Tangent {
        match self {
            Self::Four(chunk) => chunk.lane(index),
            Self::Eight(chunk) => chunk.lane(index),
        }
    }
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
        (0..count).for_each(|column| <X::Tangent>::set(&mut result, row, column, scalar(&derivative, column)));
    }
    result
}

/// The number of scalars.
fn scalars<X: Differentiable + ?Sized>(value: &X) -> usize {
    (0..value.leaf_count()).map(|leaf| value.leaf(leaf).len()).sum()
}

/// The leaf with the scalar that has this position among all, and the position there.
fn place<X: Differentiable + ?Sized>(value: &X, mut index: usize) -> (usize, usize) {
    let mut leaf = 0;
    while index >= value.leaf(leaf).len() {
        index -= value.leaf(leaf).len();
        leaf += 1;
    }
    (leaf, index)
}

fn scalar<T: Tangent>(tangent: &T, index: usize) -> f64 {
    let (leaf, index) = place(tangent, index);
    tangent.leaf(leaf).get(index)
}

fn set_scalar<T: Tangent>(tangent: &mut T, index: usize, value: f64) {
    let (leaf, index) = place(tangent, index);
    tangent.leaf_mut(leaf).set(index, value);
}

fn same_size<T: Tangent>(left: &T, right: &T) -> bool {
    let lengths = |tangent: &T, leaf| tangent.leaf(leaf).len();
    left.leaf_count() == right.leaf_count()
        && (0..left.leaf_count()).all(|leaf| lengths(left, leaf) == lengths(right, leaf))
}

/// The tangent that changes one scalar.
fn unit<T: Tangent>(zero: &T, index: usize) -> T {
    let mut unit = zero.clone();
    if index < scalars(zero) {
        set_scalar(&mut unit, index, 1.0);
    }
    unit
}

/// The tangents that change one scalar each, from the given one on, as far as there are so many.
fn units<X: Differentiable + ?Sized, const K: usize>(
    x: &X,
    zero: &X::Tangent,
    begin: usize,
    columns: usize,
) -> X::Chunk<K> {
    let mut chunk = x.zero_chunk::<K>();
    for lane in 0..K.min(columns - begin) {
        chunk.set_lane(lane, &unit(zero, begin + lane));
    }
    chunk
}
