//! The arguments of [`assert_gradient!`](crate::assert_gradient): by value or by reference, differentiable or not.

use crate::differentiable::{Differentiable, Leaf, LeafMut, Tangent};

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
}

impl<T: Differentiable + Clone> ByReference for &&Argument<&T> {
    type Value = T;
    fn value(&self) -> T {
        self.0.clone()
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
}

impl<T: Differentiable + Clone> ByValue for &Argument<T> {
    type Value = T;
    fn value(&self) -> T {
        self.0.clone()
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
/// If they differ.
#[track_caller]
pub fn verify(
    parameters: &[(&str, bool)],
    counts: &[usize],
    found: &impl Tangent,
    expected: &impl Tangent,
    tolerance: f64,
) {
    let mut first_found = 0;
    let mut first_expected = 0;
    for ((name, differentiated), count) in parameters.iter().zip(counts) {
        if *differentiated {
            let leaves = |leaf| (found.leaf(first_found + leaf), expected.leaf(first_expected + leaf));
            if let Err(mismatch) = super::compare_leaves(*count, &leaves, tolerance) {
                panic!("wrong gradient with respect to `{name}`: {mismatch}");
            }
            first_found += count;
        }
        first_expected += count;
    }
}
