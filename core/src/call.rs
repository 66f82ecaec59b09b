//! Calls of differentiable functions inside differentiable functions.
//!
//! `g(&h, w)` becomes a call of the derivative that hangs off the name `g`. Two things make this more than a method call.
//! A mistake in an argument must be reported once, although the arguments appear in the function and in its
//! derivative; and the caller, a macro, knows neither which parameters are references nor which are differentiable.

pub(crate) mod handed;
pub(crate) mod kind;
pub(crate) mod seed;

use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

use crate::accumulate::InactiveAccumulator;
use crate::accumulate::reset::ResetTo;
use crate::differentiable::{Differentiable, Leaf, LeafMut};
use crate::graph::Graph;

/// A function with a derivative.
///
/// `#[differentiable]` and `#[derivative_of]` implement it for the type that carries a function's derivatives.
#[diagnostic::on_unimplemented(
    message = "the function `{Self}` has no derivative",
    label = "no derivative is known for this function",
    note = "put `#[differentiable]` on it, attach a rule with `#[derivative_of]`, or stop the gradient with `stop_gradient(…)`"
)]
pub trait Function {
    /// The type whose methods are the derivatives.
    type Derivative;
    /// Its only value.
    const DERIVATIVE: Self::Derivative;
    /// The function's computational graph.
    fn graph() -> &'static Graph;
}

/// A function with derivatives along directions.
#[diagnostic::on_unimplemented(
    message = "the function `{Self}` has no forward mode",
    label = "its derivative along a direction is not known",
    note = "write `#[differentiable(forward)]` on it, or stop the gradient with `stop_gradient(…)`"
)]
pub trait Directional {
    /// The type whose methods are the derivatives.
    type Derivative;
    /// Its only value.
    const DERIVATIVE: Self::Derivative;
}

/// The type of one parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<T>(PhantomData<fn(T)>);

/// A list of parameters.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<H, T>(PhantomData<(H, T)>);

/// The end of a list of parameters.
#[derive(Clone, Copy, Debug)]
pub struct End;

/// The graph of a function, if it has one.
#[derive(Debug)]
pub struct GraphOf<F>(PhantomData<F>);

impl<F> GraphOf<F> {
    /// Of a function.
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<F> Default for GraphOf<F> {
    fn default() -> Self {
        Self::new()
    }
}

/// Method resolution takes the first that applies.
pub mod graphs {
    use super::*;

    static EMPTY: Graph = Graph {
        name: "",
        nodes: &[],
        regions: &[],
        results: &[],
    };

    /// The graph of a function.
    pub trait Known {
        /// It.
        fn graph(&self) -> &'static Graph;
    }
    impl<F: Function> Known for &GraphOf<F> {
        fn graph(&self) -> &'static Graph {
            F::graph()
        }
    }

    /// No graph.
    pub trait Unknown {
        /// An empty one.
        fn graph(&self) -> &'static Graph {
            &EMPTY
        }
    }
    impl<F> Unknown for GraphOf<F> {}
}

/// What is wrong with a call that has too many arguments.
#[derive(Clone, Copy, Debug)]
pub struct Missing;

impl<H, T> Parameters<H, T> {
    /// The first parameter.
    pub fn head(&self) -> Parameter<H> {
        Parameter(PhantomData)
    }
    /// The others.
    pub fn tail(&self) -> T
    where
        T: Default,
    {
        T::default()
    }
    /// There should be none left.
    pub fn end(&self) -> Bad {
        Bad
    }
}

impl<H, T> Default for Parameters<H, T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl Default for End {
    fn default() -> Self {
        Self
    }
}

impl End {
    /// There is none.
    pub fn head(&self) -> Parameter<Missing> {
        Parameter(PhantomData)
    }
    /// There are none.
    pub fn tail(&self) -> Self {
        Self
    }
    /// All parameters have an argument.
    pub fn end(&self) -> Good {
        Good
    }
}

/// Finds the parameters of a function item, after inference has found its generic arguments.
pub trait Tie<A> {
    /// The parameters.
    type Parameters: Default;
    /// The parameters.
    fn parameters(&self) -> Self::Parameters {
        Self::Parameters::default()
    }
}

macro_rules! list {
    () => { End };
    ($first:ident $($rest:ident)*) => { Parameters<$first, list!($($rest)*)> };
}

macro_rules! ties {
    ($($($argument:ident)*;)*) => {$(
        impl<F: Fn($($argument),*) -> Y, Y, $($argument),*> Tie<($($argument,)*)> for F {
            type Parameters = list!($($argument)*);
        }
    )*};
}

ties! {
    ;
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E G;
    A B C D E G H;
    A B C D E G H I;
    A B C D E G H I J;
    A B C D E G H I J K;
    A B C D E G H I J K L;
    A B C D E G H I J K L M;
    A B C D E G H I J K L M N;
    A B C D E G H I J K L M N O;
    A B C D E G H I J K L M N O P;
    A B C D E G H I J K L M N O P Q;
}

/// The argument fits its parameter.
#[derive(Clone, Copy, Debug)]
pub struct Good;

/// The argument does not fit, which the compiler has reported.
#[derive(Clone, Copy, Debug)]
pub struct Bad;

impl Good {
    /// All of them must fit.
    pub fn and<G>(self, other: G) -> G {
        other
    }
}

impl Bad {
    /// One that does not fit is enough.
    pub fn and<G>(self, _: G) -> Self {
        self
    }
}

/// A gate in front of a derivative: when the arguments of a call do not fit, the type of what it gives is left open, and the
/// compiler, which has reported the arguments, says nothing about what follows.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn gate<G: Gate<D, R>, D, R>(_: Option<G>, derivative: D) -> R {
    G::open(derivative)
}

/// See [`gate`].
pub trait Gate<D, R> {
    /// What comes out.
    fn open(derivative: D) -> R;
}

impl<D> Gate<D, D> for Good {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn open(derivative: D) -> D {
        derivative
    }
}

impl<D, R> Gate<D, R> for Bad {
    fn open(_: D) -> R {
        unreachable!("the arguments of a call do not fit")
    }
}

/// Whether an argument of type `A` fits a parameter of type `P`, also by a coercion.
#[derive(Debug)]
pub struct Probe<A, P>(PhantomData<(A, P)>);

impl<A, P> Probe<A, P> {
    /// A probe for an argument.
    pub fn new(_: A, _: Parameter<P>) -> Self {
        Self(PhantomData)
    }
}

/// The coercions. Method resolution takes the first that applies.
pub mod probes {
    use super::*;

    /// The same type.
    pub trait Same {
        /// It fits.
        fn fits(&self) -> Good {
            Good
        }
    }
    impl<T> Same for &&&&Probe<T, T> {}

    /// A mutable reference where a shared one is expected, or a reference to something that dereferences to what is expected.
    pub trait Reborrow {
        /// It fits.
        fn fits(&self) -> Good {
            Good
        }
    }
    impl<T: Deref + ?Sized> Reborrow for &&&Probe<&T, &T::Target> {}
    impl<T: DerefMut + ?Sized> Reborrow for &&&Probe<&mut T, &mut T::Target> {}

    /// A mutable reference where a shared one is expected.
    pub trait Share {
        /// It fits.
        fn fits(&self) -> Good {
            Good
        }
    }
    impl<T: ?Sized> Share for &&Probe<&mut T, &T> {}

    /// An array where a slice is expected.
    pub trait Unsize {
        /// It fits.
        fn fits(&self) -> Good {
            Good
        }
    }
    impl<T, const N: usize> Unsize for &Probe<&[T; N], &[T]> {}
    impl<T, const N: usize> Unsize for &Probe<&mut [T; N], &mut [T]> {}

    /// Anything else.
    pub trait Other {
        /// It does not fit.
        fn fits(&self) -> Bad {
            Bad
        }
    }
    impl<A, P> Other for Probe<A, P> {}
}

/// What tangents are pushed forward for. A function that cannot be differentiated twice finds out when code is generated.
pub trait Mode: Copy + 'static {
    /// True if the pullback of the tangent is called.
    const TWICE: bool;
}

/// For a derivative along a direction.
#[derive(Clone, Copy, Debug)]
pub struct Along;

/// For a Hessian times a vector.
#[derive(Clone, Copy, Debug)]
pub struct Twice;

impl Mode for Along {
    const TWICE: bool = false;
}

impl Mode for Twice {
    const TWICE: bool = true;
}

/// Stands where a pullback is handed nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unused;

/// An accumulator on its way into a pullback.
#[derive(Debug)]
pub struct Bar<'b, A>(pub &'b mut A);

/// The accumulator of a parameter that is not differentiable, and the type that has such accumulators.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ignore;

impl Differentiable for Ignore {
    type Tangent = ();
    type Shape = ();
    type Slot = ();
    type Accumulator<'a> = Self;
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
    fn accumulator((): &mut ()) -> Self {
        Self
    }
    fn overwrite((): &mut ()) -> Self {
        Self
    }
    fn add_to((): &mut ()) -> Self {
        Self
    }
    fn seed((): ()) {}
    fn transfer(_: &Self, _: &mut Self) {}
    fn finish(_: &mut Self, (): &()) {}
    fn take((): (), (): &()) {}
}

impl ResetTo<()> for Ignore {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn reset(&mut self, (): ()) {}
}

impl InactiveAccumulator for Ignore {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inactive() -> Self {
        Self
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn forget(&mut self) {}
}
