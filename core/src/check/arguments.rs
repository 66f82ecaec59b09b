//! The arguments of [`assert_gradient!`](crate::assert_gradient): by value or by reference, differentiable or not.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent};

/// The traits below, for their methods alone.
pub mod traits {
    #[cfg(feature = "alloc")]
    pub use super::BySlice as _;
    pub use super::{ByReference as _, ByValue as _, Constant as _};
}

/// An argument as it was written.
#[derive(Debug)]
pub struct Argument<A>(A);

impl<A> Argument<A> {
    /// The argument.
    pub fn new(argument: A) -> Self {
        Self(argument)
    }
}

/// A reference to a differentiable value.
pub trait ByReference {
    /// The value.
    type Value;
    /// A copy of the value.
    fn value(&self) -> Self::Value;
    /// A value as the argument.
    fn pass<'v>(&self, value: &'v Self::Value) -> &'v Self::Value {
        value
    }
    /// The number of leaves, if they can be varied.
    fn leaves(&self, value: &Self::Value) -> Option<usize>;
}

impl<T: Differentiable + Clone> ByReference for &&Argument<&T> {
    type Value = T;
    fn value(&self) -> T {
        self.0.clone()
    }
    fn leaves(&self, value: &T) -> Option<usize> {
        Some(value.leaf_count())
    }
}

/// A slice of differentiable values.
#[cfg(feature = "alloc")]
pub trait BySlice {
    /// An element.
    type Element;
    /// A copy of the elements.
    fn value(&self) -> Vec<Self::Element>;
    /// Elements as the argument.
    fn pass<'v>(&self, value: &'v Vec<Self::Element>) -> &'v [Self::Element] {
        value
    }
    /// The number of leaves, if they can be varied.
    #[expect(clippy::ptr_arg, reason = "the macro hands over what `value` gave")]
    fn leaves(&self, value: &Vec<Self::Element>) -> Option<usize>;
}

#[cfg(feature = "alloc")]
impl<X: Differentiable + Clone> BySlice for &&Argument<&[X]>
where
    Vec<X>: Differentiable,
{
    type Element = X;
    fn value(&self) -> Vec<X> {
        self.0.to_vec()
    }
    fn leaves(&self, value: &Vec<X>) -> Option<usize> {
        Some(value.leaf_count())
    }
}

/// A differentiable value.
pub trait ByValue {
    /// The value.
    type Value: Clone;
    /// A copy of the value.
    fn value(&self) -> Self::Value;
    /// A value as the argument.
    fn pass(&self, value: &Self::Value) -> Self::Value {
        value.clone()
    }
    /// The number of leaves, if they can be varied.
    fn leaves(&self, value: &Self::Value) -> Option<usize>;
}

impl<T: Differentiable + Clone> ByValue for &Argument<T> {
    type Value = T;
    fn value(&self) -> T {
        self.0.clone()
    }
    fn leaves(&self, value: &T) -> Option<usize> {
        Some(value.leaf_count())
    }
}

/// Anything else: it is handed on.
pub trait Constant {
    /// The argument.
    type Argument: Clone;
    /// A value without a tangent.
    fn value(&self) -> Fixed<Self::Argument>;
    /// The argument.
    fn pass(&self, value: &Fixed<Self::Argument>) -> Self::Argument {
        value.0.clone()
    }
    /// The number of leaves, if they can be varied: they cannot.
    fn leaves(&self, _: &Fixed<Self::Argument>) -> Option<usize> {
        None
    }
}

impl<T: Clone> Constant for Argument<T> {
    type Argument = T;
    fn value(&self) -> Fixed<T> {
        Fixed(self.0.clone())
    }
}

/// A value without a tangent.
#[derive(Clone, Debug)]
pub struct Fixed<T>(T);

impl<T> Differentiable for Fixed<T> {
    type Tangent = ();
    type Shape = ();
    type Slot = ();
    type Accumulator<'a> = ();
    type Chunk<const K: usize> = ();

    fn zero_chunk<const K: usize>(&self) {}

    fn leaf_count(&self) -> usize {
        0
    }
    fn leaf(&self, _: usize) -> Leaf<'_> {
        panic!("a value without a tangent has no leaf")
    }
    fn leaf_mut(&mut self, _: usize) -> LeafMut<'_> {
        panic!("a value without a tangent has no leaf")
    }
    fn shape(&self) {}
    fn zero((): &()) {}
    fn accumulator((): &mut ()) {}
    fn overwrite((): &mut ()) {}
    fn add_to((): &mut ()) {}
    fn seed((): ()) {}
    fn transfer((): &(), (): &mut ()) {}
    fn finish((): &mut (), (): &()) {}
    fn take((): (), (): &()) {}
}

/// Compares a gradient with the derivatives with respect to all arguments, of which some are not differentiated.
///
/// # Panics
/// If they differ, or if an argument that is differentiated cannot be varied.
#[track_caller]
pub fn verify(
    parameters: &[(&str, bool)],
    counts: &[Option<usize>],
    found: &impl Tangent,
    expected: &impl Tangent,
    tolerance: f64,
) {
    let mut first_found = 0;
    let mut first_expected = 0;
    for ((name, differentiated), count) in parameters.iter().zip(counts) {
        let count = match count {
            None if *differentiated => panic!(
                "the gradient with respect to `{name}` cannot be checked: its argument is neither a value nor a reference to one, or cannot be cloned"
            ),
            count => count.unwrap_or(0),
        };
        if *differentiated {
            let leaves = |leaf| (found.leaf(first_found + leaf), expected.leaf(first_expected + leaf));
            if let Err(mismatch) = super::compare_leaves(count, &leaves, tolerance) {
                panic!("wrong gradient with respect to `{name}`: {mismatch}");
            }
            first_found += count;
        }
        first_expected += count;
    }
}

#[cfg(test)]
mod tests {
    use super::verify;

    /// A gradient that nothing is compared with would always agree.
    #[test]
    #[should_panic(expected = "the gradient with respect to `x` cannot be checked")]
    fn what_cannot_be_varied_is_refused() {
        verify(&[("x", true)], &[None], &1.0, &(), 1e-6);
    }

    #[test]
    #[should_panic(expected = "wrong gradient with respect to `x`")]
    fn a_wrong_gradient_is_found() {
        verify(&[("x", true)], &[Some(1)], &1.0, &2.0, 1e-6);
    }
}
