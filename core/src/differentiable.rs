//! [`Differentiable`]: values that have a tangent type, and the vector space of their tangents.

mod composite;
mod inactive;
mod one_piece;
mod scalars;

#[doc(hidden)]
pub use inactive::LeftOut;
pub(crate) use one_piece::one_piece;

use core::fmt::Debug;

use crate::accumulate::InactiveAccumulator;
use crate::accumulate::reset::ResetTo;
use crate::chunk::Chunk;
use crate::given::Like;

/// A value with respect to which one can differentiate.
///
/// Scalars, matrices, and arrays, tuples and options of differentiable values are differentiable; a struct becomes so by
/// `#[derive(Differentiable)]`. Integers, `bool`, `char` and strings are too, in the trivial way: their tangent is `()`,
/// and nothing flows through them.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[derive(Differentiable, Clone, Debug)]
/// struct Spring {
///     stiffness: f64,
///     length: f64,
///     #[no_diff]
///     name: &'static str,
/// }
///
/// #[differentiable]
/// fn energy(spring: &Spring, x: f64) -> f64 {
///     0.5 * spring.stiffness * (x - spring.length).powi(2)
/// }
///
/// let mut spring = Spring { stiffness: 2.0, length: 1.0, name: "left" };
/// let (gradient, force) = energy::grad(&spring, 3.0);
/// assert_eq!(gradient, SpringTangent { stiffness: 2.0, length: -4.0 });
/// assert_eq!(force, 4.0);
///
/// spring.advance(&gradient);
/// assert_eq!(spring.stiffness, 4.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not differentiable",
    label = "no tangent type is known for `{Self}`",
    note = "add `#[derive(Differentiable)]` to a struct of your own, or mark the parameter or field `#[no_diff]`"
)]
pub trait Differentiable {
    /// The type of small changes of this value, and of gradients with respect to it.
    type Tangent: Tangent;

    /// The tangent that changes nothing.
    fn zero_tangent(&self) -> Self::Tangent {
        Self::zero(&self.shape())
    }

    /// Moves the value by a tangent: `self += step`.
    ///
    /// # Panics
    /// If the tangent belongs to a value of another size or variant.
    fn advance(&mut self, step: &Self::Tangent) {
        for index in 0..self.leaf_count() {
            self.leaf_mut(index).add(step.leaf(index), 1.0);
        }
    }

    /// The number of leaves: the runs of scalars that the value consists of, in a fixed order.
    fn leaf_count(&self) -> usize;

    /// The leaf with the given index.
    ///
    /// # Panics
    /// If there is none.
    fn leaf(&self, index: usize) -> Leaf<'_>;

    /// The leaf with the given index, to be changed. The value and its tangent have the same leaves.
    ///
    /// # Panics
    /// If there is none.
    fn leaf_mut(&mut self, index: usize) -> LeafMut<'_>;

    /// All scalars of a slice of such values as one leaf, where they lie side by side in memory.
    #[doc(hidden)]
    fn leaf_of_slice(_slice: &[Self]) -> Option<Leaf<'_>>
    where
        Self: Sized,
    {
        None
    }
    #[doc(hidden)]
    fn leaf_of_slice_mut(_slice: &mut [Self]) -> Option<LeafMut<'_>>
    where
        Self: Sized,
    {
        None
    }

    /// What a zero tangent is made from: nothing for a static shape, the length for a vector.
    #[doc(hidden)]
    type Shape: Clone;
    /// Owns the cotangent of a local variable; empty at first.
    #[doc(hidden)]
    type Slot: Default;
    /// Where contributions to the cotangent go.
    #[doc(hidden)]
    type Accumulator<'a>: ResetTo<Self::Tangent>;

    /// Its tangents along several directions.
    #[doc(hidden)]
    type Chunk<const K: usize>: Chunk<Lane = Self::Tangent>;
    /// Those that change nothing.
    #[doc(hidden)]
    fn zero_chunk<const K: usize>(&self) -> Self::Chunk<K>;

    /// What the value is like.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn like(&self) -> Like<Self> {
        Like::of(self)
    }
    #[doc(hidden)]
    fn shape(&self) -> Self::Shape;
    #[doc(hidden)]
    fn zero(shape: &Self::Shape) -> Self::Tangent;
    /// An accumulator over a local slot.
    #[doc(hidden)]
    fn accumulator(slot: &mut Self::Slot) -> Self::Accumulator<'_>;
    /// An accumulator over the caller's buffer, which holds nothing of value yet.
    #[doc(hidden)]
    fn overwrite(buffer: &mut Self::Tangent) -> Self::Accumulator<'_>;
    /// An accumulator that adds to what is there.
    #[doc(hidden)]
    fn add_to(tangent: &mut Self::Tangent) -> Self::Accumulator<'_>;
    /// An accumulator that throws contributions away.
    #[doc(hidden)]
    fn inactive<'a>() -> Self::Accumulator<'a> {
        InactiveAccumulator::inactive()
    }
    /// A slot that holds the given cotangent.
    #[doc(hidden)]
    fn seed(tangent: Self::Tangent) -> Self::Slot;
    /// Adds to `to` what has flowed into `from`.
    #[doc(hidden)]
    fn transfer(from: &Self::Accumulator<'_>, to: &mut Self::Accumulator<'_>);
    /// Fills with zero what nobody contributed to.
    #[doc(hidden)]
    fn finish(accumulator: &mut Self::Accumulator<'_>, shape: &Self::Shape);
    /// The cotangent in a slot, zero where nobody contributed.
    #[doc(hidden)]
    fn take(slot: Self::Slot, shape: &Self::Shape) -> Self::Tangent;
}

/// A vector: a tangent of some [`Differentiable`] value, which can be added and scaled.
///
/// ```
/// use tapeless::prelude::*;
///
/// let mut velocity = [1.0, -2.0];
/// velocity.scale(0.5);
/// velocity.accumulate(&[1.0, 1.0]);
/// assert_eq!(velocity, [1.5, 0.0]);
/// assert_eq!(velocity.inner_product(&[2.0, 5.0]), 3.0);
/// ```
pub trait Tangent: Differentiable<Tangent = Self> + Sized + Clone + Debug + PartialEq + 'static {
    /// Adds another tangent of the same value: `self += other`.
    fn accumulate(&mut self, other: &Self) {
        self.advance(other);
    }

    /// Multiplies by a number, in the precision of the leaves.
    fn scale(&mut self, factor: f64) {
        for index in 0..self.leaf_count() {
            self.leaf_mut(index).scale(factor);
        }
    }

    /// Becomes zero, whatever it held, in place.
    #[doc(hidden)]
    #[inline]
    fn fill_zero(&mut self) {
        for index in 0..self.leaf_count() {
            match self.leaf_mut(index) {
                LeafMut::F32(slice) => slice.fill(0.0),
                LeafMut::F64(slice) => slice.fill(0.0),
            }
        }
    }

    /// Becomes zero, in place where its size is known; `zero` gives one of the right size.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clear(&mut self, zero: impl FnOnce() -> Self) {
        *self = zero();
    }

    /// The sum of the products of corresponding scalars.
    fn inner_product(&self, other: &Self) -> f64 {
        (0..self.leaf_count())
            .map(|index| self.leaf(index).inner_product(other.leaf(index)))
            .sum()
    }

    /// The square of the Euclidean length.
    fn norm_squared(&self) -> f64 {
        self.inner_product(self)
    }
}

/// A run of scalars inside a [`Differentiable`] value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leaf<'a> {
    /// Single precision.
    F32(&'a [f32]),
    /// Double precision.
    F64(&'a [f64]),
}

/// A run of scalars inside a [`Differentiable`] value, to be changed.
#[derive(Debug, PartialEq)]
pub enum LeafMut<'a> {
    /// Single precision.
    F32(&'a mut [f32]),
    /// Double precision.
    F64(&'a mut [f64]),
}

impl Leaf<'_> {
    /// The number of scalars.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::F32(slice) => slice.len(),
            Self::F64(slice) => slice.len(),
        }
    }

    /// True if there are no scalars.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One of the scalars.
    ///
    /// # Panics
    /// If there is none with this index.
    #[must_use]
    pub fn get(&self, index: usize) -> f64 {
        match self {
            Self::F32(slice) => f64::from(slice[index]),
            Self::F64(slice) => slice[index],
        }
    }

    fn inner_product(self, other: Leaf<'_>) -> f64 {
        match (self, other) {
            (Self::F32(a), Leaf::F32(b)) => {
                same_length(a.len(), b.len());
                a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
            }
            (Self::F64(a), Leaf::F64(b)) => {
                same_length(a.len(), b.len());
                a.iter().zip(b).map(|(x, y)| x * y).sum()
            }
            _ => precision_differs(),
        }
    }
}

impl LeafMut<'_> {
    /// Adds `factor * step` to each scalar.
    ///
    /// # Panics
    /// If the leaves differ in length or precision.
    pub fn add(self, step: Leaf<'_>, factor: f64) {
        match (self, step) {
            (Self::F32(a), Leaf::F32(b)) => {
                same_length(a.len(), b.len());
                let factor = factor as f32;
                a.iter_mut().zip(b).for_each(|(x, y)| *x += factor * y);
            }
            (Self::F64(a), Leaf::F64(b)) => {
                same_length(a.len(), b.len());
                a.iter_mut().zip(b).for_each(|(x, y)| *x += factor * y);
            }
            _ => precision_differs(),
        }
    }

    /// Multiplies each scalar by a number.
    pub fn scale(self, factor: f64) {
        match self {
            Self::F32(slice) => slice.iter_mut().for_each(|x| *x *= factor as f32),
            Self::F64(slice) => slice.iter_mut().for_each(|x| *x *= factor),
        }
    }

    /// Changes one of the scalars.
    ///
    /// # Panics
    /// If there is none with this index.
    pub fn set(self, index: usize, value: f64) {
        match self {
            Self::F32(slice) => slice[index] = value as f32,
            Self::F64(slice) => slice[index] = value,
        }
    }
}

pub(crate) fn same_length(left: usize, right: usize) {
    assert_eq!(left, right, "the tangent belongs to a value of another size");
}

pub(crate) fn precision_differs() -> ! {
    panic!("the tangent belongs to a value of another precision")
}
