//! What a rule is given of a result or an operand: its value, or only what it is like.

use crate::differentiable::Differentiable;

/// Stands in for a value of type `T` whose value no rule asks for: it knows the type and the size.
#[derive(Debug)]
pub struct Like<T: Differentiable + ?Sized> {
    shape: T::Shape,
}

impl<T: Differentiable + ?Sized> Clone for Like<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn clone(&self) -> Self {
        Self {
            shape: self.shape.clone(),
        }
    }
}

impl<T: Differentiable + ?Sized> Copy for Like<T> where T::Shape: Copy {}

impl<T: Differentiable + ?Sized> Like<T> {
    /// Like this value.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn of(value: &T) -> Self {
        Self { shape: value.shape() }
    }

    /// Like any value of this shape.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn of_shape(shape: &T::Shape) -> Self {
        Self { shape: shape.clone() }
    }

    /// What a zero tangent of the value is made from.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn shape(&self) -> &T::Shape {
        &self.shape
    }

    /// What the value's tangent is like.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent(&self) -> Like<T::Tangent> {
        Like::of(&T::zero(&self.shape))
    }

    /// An empty slot for the value's cotangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn slot(&self) -> T::Slot {
        T::Slot::default()
    }

    /// An accumulator over such a slot.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn accumulator<'a>(&self, slot: &'a mut T::Slot) -> T::Accumulator<'a> {
        T::accumulator(slot)
    }

    /// Adds to `to` what has flowed into `from`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn transfer(&self, from: &T::Accumulator<'_>, to: &mut T::Accumulator<'_>) {
        T::transfer(from, to);
    }
}

/// A result or an operand as a rule is given it: `&T` where the rule reads the value, [`Like<T>`] where it does not.
pub trait Given {
    /// The type of the value.
    type Value: Differentiable + ?Sized;

    /// What the value is like.
    fn like(&self) -> Like<Self::Value>;
}

impl<T: Differentiable + ?Sized> Given for &T {
    type Value = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn like(&self) -> Like<T> {
        Like::of(self)
    }
}

impl<T: Differentiable + ?Sized> Given for Like<T> {
    type Value = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn like(&self) -> Like<T> {
        self.clone()
    }
}

/// What knows the size of a value, which it tells where it is asked: the value, or a [`Like`]. Of vectors of vectors, it is collected
/// row by row.
pub trait Shaped {
    /// The type of the value.
    type Value: Differentiable + ?Sized;

    /// What a zero tangent of the value is made from.
    fn shape_of_value(&self) -> <Self::Value as Differentiable>::Shape;
}

impl<T: Differentiable + ?Sized> Shaped for T {
    type Value = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape_of_value(&self) -> T::Shape {
        self.shape()
    }
}

impl<T: Differentiable + ?Sized> Shaped for Like<T> {
    type Value = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn shape_of_value(&self) -> T::Shape {
        self.shape.clone()
    }
}

/// The tangent type of what is given.
pub(crate) type TangentOf<G> = <<G as Given>::Value as Differentiable>::Tangent;
