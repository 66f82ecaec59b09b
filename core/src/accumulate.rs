//! Accumulators: where cotangents flow.
//!
//! A rule does not return the cotangents of its operands, it adds them to accumulators. An accumulator starts empty: the
//! first contribution is assigned, later ones are added, and one that is still empty at the end is a symbolic zero, so
//! that no zero is ever added and no zero matrix is ever filled. After inlining, nothing of this is left in scalar code.

pub(crate) mod fields;
pub(crate) mod reset;
#[cfg(feature = "alloc")]
pub(crate) mod slices;
pub(crate) mod unbox;

use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use crate::differentiable::{Differentiable, Tangent};
use crate::rules::IndexRule;
use crate::scalar::Real;

/// The accumulator of a cotangent that moves as one piece, such as that of a scalar, a matrix or an array.
#[derive(Debug)]
pub enum Accumulator<'a, T> {
    /// Nobody asks for this cotangent: contributions are thrown away.
    Inactive,
    /// A local one; `None` until the first contribution.
    Slot(&'a mut Option<T>),
    /// The caller's buffer, whose contents the first contribution replaces.
    Stale(&'a mut T),
    /// A place that already holds a value to be added to.
    Live(&'a mut T),
}

/// Takes contributions to a cotangent of type `T`.
pub trait Accumulate<T: Tangent> {
    /// False if contributions are thrown away, so that computing them can be spared.
    fn is_active(&self) -> bool;

    /// Adds a contribution.
    fn add(&mut self, contribution: T);

    /// Adds a contribution, in whichever of three ways fits: `create` one where nothing is stored yet, `overwrite` a
    /// buffer whose contents mean nothing, or `add` to what is there.
    fn contribute(&mut self, create: impl FnOnce() -> T, overwrite: impl FnOnce(&mut T), add: impl FnOnce(&mut T));

    /// Adds a contribution that `write` makes of a value whose contents mean nothing: where nothing is stored yet, of one
    /// that `blank` gives, in its place.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute_written(&mut self, blank: impl FnOnce() -> T, write: impl Fn(&mut T), add: impl FnOnce(&mut T)) {
        let create = || {
            let mut value = blank();
            write(&mut value);
            value
        };
        self.contribute(create, &write, add);
    }

    /// The stored value, made zero first if there is none; nothing if inactive.
    fn live(&mut self, zero: impl FnOnce() -> T) -> Option<&mut T>;

    /// What has been contributed so far; nothing is a symbolic zero.
    fn get(&self) -> Option<&T>;
}

impl<T: Tangent> Accumulate<T> for Accumulator<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        !matches!(self, Self::Inactive)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, contribution: T) {
        match self {
            Self::Inactive => {}
            Self::Slot(Some(value)) => value.accumulate(&contribution),
            Self::Live(value) => value.accumulate(&contribution),
            Self::Slot(slot) => **slot = Some(contribution),
            Self::Stale(value) => {
                **value = contribution;
                self.mark_live();
            }
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(&mut self, create: impl FnOnce() -> T, overwrite: impl FnOnce(&mut T), add: impl FnOnce(&mut T)) {
        match self {
            Self::Inactive => {}
            Self::Slot(Some(value)) => add(value),
            Self::Live(value) => add(value),
            Self::Slot(slot) => **slot = Some(create()),
            Self::Stale(value) => {
                overwrite(value);
                self.mark_live();
            }
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute_written(&mut self, blank: impl FnOnce() -> T, write: impl Fn(&mut T), add: impl FnOnce(&mut T)) {
        match self {
            Self::Inactive => {}
            Self::Slot(Some(value)) => add(value),
            Self::Live(value) => add(value),
            Self::Slot(slot) => write(slot.insert(blank())),
            Self::Stale(value) => {
                write(value);
                self.mark_live();
            }
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(&mut self, zero: impl FnOnce() -> T) -> Option<&mut T> {
        if let Self::Stale(value) = self {
            value.clear(zero);
            self.mark_live();
            return self.live_value();
        }
        match self {
            Self::Slot(slot) => Some(slot.get_or_insert_with(zero)),
            _ => self.live_value(),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&T> {
        match self {
            Self::Inactive | Self::Stale(_) => None,
            Self::Slot(slot) => slot.as_ref(),
            Self::Live(value) => Some(value),
        }
    }
}

impl<T> Accumulator<'_, T> {
    /// The buffer now holds a value.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mark_live(&mut self) {
        if let Self::Stale(value) = core::mem::replace(self, Self::Inactive) {
            *self = Self::Live(value);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live_value(&mut self) -> Option<&mut T> {
        match self {
            Self::Live(value) => Some(value),
            _ => None,
        }
    }

    /// Fills the caller's buffer with zero if nothing was contributed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn finish(&mut self, zero: impl FnOnce() -> T)
    where
        T: Tangent,
    {
        if let Self::Stale(value) = self {
            value.clear(zero);
            self.mark_live();
        }
    }
}

/// Owns the cotangent of a scalar variable.
///
/// It begins as negative zero, the one number to which any other can be added without changing that: the first
/// contribution is added like all others, and the optimiser leaves nothing of it.
#[derive(Clone, Copy, Debug)]
pub struct ScalarSlot<T> {
    value: T,
    /// False is a symbolic zero.
    touched: bool,
}

impl<T: Real> Default for ScalarSlot<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn default() -> Self {
        Self {
            value: -T::ZERO,
            touched: false,
        }
    }
}

impl<T: Real> ScalarSlot<T> {
    /// A slot that holds a cotangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(value: T) -> Self {
        Self { value, touched: true }
    }

    /// The cotangent; zero if nothing was contributed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn take(self) -> T {
        self.value + T::ZERO
    }
}

/// The accumulator of a scalar's cotangent. Whatever it stands for, a contribution is one addition: rules of scalars are many
/// and small, and functions are inlined into each other only while their code is short.
#[derive(Debug)]
pub enum ScalarAccumulator<'a, T> {
    /// Nobody asks for this cotangent: contributions are thrown away.
    Inactive,
    /// A local one.
    Slot(&'a mut ScalarSlot<T>),
    /// A place that is added to: the caller's buffer, or part of another cotangent.
    Place(&'a mut T),
}

impl<'a, T: Real> ScalarAccumulator<'a, T> {
    /// Over the caller's buffer, which holds nothing of value yet.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn overwrite(buffer: &'a mut T) -> Self {
        *buffer = -T::ZERO;
        Self::Place(buffer)
    }

    /// Makes the caller's buffer a proper zero if nothing was contributed.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn finish(&mut self) {
        if let Self::Place(value) = self {
            **value += T::ZERO;
        }
    }
}

impl<T: Real> Accumulate<T> for ScalarAccumulator<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        !matches!(self, Self::Inactive)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, contribution: T) {
        match self {
            Self::Inactive => {}
            Self::Slot(slot) => {
                slot.value += contribution;
                slot.touched = true;
            }
            Self::Place(value) => **value += contribution,
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(&mut self, create: impl FnOnce() -> T, _: impl FnOnce(&mut T), _: impl FnOnce(&mut T)) {
        if self.is_active() {
            self.add(create());
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(&mut self, _: impl FnOnce() -> T) -> Option<&mut T> {
        match self {
            Self::Inactive => None,
            Self::Slot(slot) => {
                slot.touched = true;
                Some(&mut slot.value)
            }
            Self::Place(value) => Some(value),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&T> {
        match self {
            Self::Inactive => None,
            Self::Slot(slot) => slot.touched.then_some(&slot.value),
            Self::Place(value) => Some(value),
        }
    }
}

impl<T: Real> InactiveAccumulator for ScalarAccumulator<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn may_have_flowed(&self) -> bool {
        self.get().is_some()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() -> Self {
        Self::Inactive
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {
        match self {
            Self::Inactive => {}
            Self::Slot(slot) => **slot = ScalarSlot::default(),
            Self::Place(value) => **value = -T::ZERO,
        }
    }
}

impl<T> Lend for ScalarAccumulator<'_, T> {
    type Lent<'b>
        = &'b mut Self
    where
        Self: 'b;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend(&mut self) -> Self::Lent<'_> {
        self
    }
}

/// An accumulator type that has a kind that throws contributions away.
pub trait InactiveAccumulator: Sized {
    /// It.
    fn inactive() -> Self;

    /// Forgets what has flowed: the value that it flowed from has been overwritten.
    fn forget(&mut self);

    /// False if nothing has flowed; true if something may have.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn may_have_flowed(&self) -> bool {
        true
    }
}

impl<T: Tangent> InactiveAccumulator for Accumulator<'_, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn may_have_flowed(&self) -> bool {
        self.get().is_some()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() -> Self {
        Self::Inactive
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {
        match self {
            Self::Inactive | Self::Stale(_) => {}
            Self::Slot(slot) => **slot = None,
            Self::Live(value) => value.fill_zero(),
        }
    }
}

impl InactiveAccumulator for () {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {}
}

/// The accumulator of an operand that no derivative is asked for. Its rules compile to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inactive;

impl<T: Tangent> Accumulate<T> for Inactive {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        false
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, _: T) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(&mut self, _: impl FnOnce() -> T, _: impl FnOnce(&mut T), _: impl FnOnce(&mut T)) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(&mut self, _: impl FnOnce() -> T) -> Option<&mut T> {
        None
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&T> {
        None
    }
}

/// The accumulator of a `#[no_diff]` field of type `F`.
#[derive(Clone, Copy, Debug)]
pub struct NoDiff<F> {
    field: PhantomData<fn() -> F>,
}

impl<F> Default for NoDiff<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn default() -> Self {
        Self { field: PhantomData }
    }
}

impl<F> InactiveAccumulator for NoDiff<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() -> Self {
        Self::default()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {}
}

impl<F, T: Tangent> Accumulate<T> for NoDiff<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        false
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, _: T) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(&mut self, _: impl FnOnce() -> T, _: impl FnOnce(&mut T), _: impl FnOnce(&mut T)) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(&mut self, _: impl FnOnce() -> T) -> Option<&mut T> {
        None
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&T> {
        None
    }
}

/// The accumulator of what a `#[no_diff]` field of type `F` would have in the tangent.
#[derive(Clone, Copy, Debug)]
pub struct NoTangent<F>(NoDiff<F>);

impl<F> Default for NoTangent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn default() -> Self {
        Self(NoDiff::default())
    }
}

impl<F> InactiveAccumulator for NoTangent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() -> Self {
        Self::default()
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {}
}

impl<F, T: Tangent> Accumulate<T> for NoTangent<F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        false
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, _: T) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(&mut self, _: impl FnOnce() -> T, _: impl FnOnce(&mut T), _: impl FnOnce(&mut T)) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(&mut self, _: impl FnOnce() -> T) -> Option<&mut T> {
        None
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&T> {
        None
    }
}

impl<F: Differentiable> Lend for NoTangent<F> {
    type Lent<'b>
        = Owned<<F::Tangent as Differentiable>::Accumulator<'static>>
    where
        Self: 'b;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend(&mut self) -> Self::Lent<'_> {
        Owned(<F::Tangent as Differentiable>::inactive())
    }
}

/// Hands an accumulator to a nested call, which takes the accumulator type of its parameter: a `#[no_diff]` field, whose
/// own is [`NoDiff`], lends an inactive one.
pub trait Lend {
    /// What is lent.
    type Lent<'b>: DerefMut
    where
        Self: 'b;
    /// Lends it.
    fn lend(&mut self) -> Self::Lent<'_>;
}

impl<T> Lend for Accumulator<'_, T> {
    type Lent<'b>
        = &'b mut Self
    where
        Self: 'b;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend(&mut self) -> Self::Lent<'_> {
        self
    }
}

impl<F: Differentiable> Lend for NoDiff<F> {
    type Lent<'b>
        = Owned<F::Accumulator<'static>>
    where
        Self: 'b;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lend(&mut self) -> Self::Lent<'_> {
        Owned(F::inactive())
    }
}

/// The accumulator of a part, reached by an index.
pub trait ElementAccumulator<X: IndexRule<I> + ?Sized, I> {
    /// It. `shape` is that of the whole, for where nothing has flowed to it yet.
    fn element(
        &mut self,
        shape: impl FnOnce() -> X::Shape,
        index: I,
    ) -> <X::Element as Differentiable>::Accumulator<'_>;
}

impl<X: IndexRule<I> + ?Sized, I, B: Accumulate<X::Tangent>> ElementAccumulator<X, I> for B {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn element(
        &mut self,
        shape: impl FnOnce() -> X::Shape,
        index: I,
    ) -> <X::Element as Differentiable>::Accumulator<'_> {
        match self.live(|| X::zero(&shape())) {
            Some(tangent) => X::element(tangent, index),
            None => X::Element::inactive(),
        }
    }
}

impl<F: Differentiable> NoTangent<F> {
    /// An inactive accumulator, where a field's own is asked for; see `LendSelf`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __lend(&mut self) -> Owned<<F::Tangent as Differentiable>::Accumulator<'static>> {
        Owned(<F::Tangent as Differentiable>::inactive())
    }
}

impl<F: Differentiable> NoDiff<F> {
    /// An inactive accumulator, where a field's own is asked for; see `LendSelf`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn __lend(&mut self) -> Owned<F::Accumulator<'static>> {
        Owned(F::inactive())
    }
}

/// A value where generated code expects a reference.
#[derive(Clone, Copy, Debug)]
pub struct Owned<T>(pub T);

impl<T> Deref for Owned<T> {
    type Target = T;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Owned<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// The accumulator of a value whose tangent is `()`.
impl Accumulate<()> for () {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_active(&self) -> bool {
        false
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(&mut self, (): ()) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribute(&mut self, _: impl FnOnce(), _: impl FnOnce(&mut ()), _: impl FnOnce(&mut ())) {}
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn live(&mut self, _: impl FnOnce()) -> Option<&mut ()> {
        None
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get(&self) -> Option<&()> {
        None
    }
}
