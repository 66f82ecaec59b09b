//! Numerical differentiation, to check a gradient against.
//!
//! [`assert_gradient!`](crate::assert_gradient) is for tests; the functions here are what it is made of.

use core::fmt::{self, Display, Formatter};

use crate::differentiable::{Differentiable, Leaf, Tangent};
use crate::scalar::Real;

/// The gradient of a function of one value by central differences, (f(x + h) - f(x - h)) / 2h in each scalar, with
/// h = ∛ε max(|x|, 1) for the scalar's machine precision ε: the step for which the errors of truncation and of rounding
/// balance.
///
/// ```
/// use tapeless::check::numerical_gradient;
///
/// let gradient = numerical_gradient(|x: &[f64; 2]| x[0] * x[1].sin(), &[2.0, 0.5]);
/// assert!((gradient[0] - 0.5_f64.sin()).abs() < 1e-9);
/// assert!((gradient[1] - 2.0 * 0.5_f64.cos()).abs() < 1e-9);
/// ```
pub fn numerical_gradient<X: Differentiable + Clone, Y: Real>(mut function: impl FnMut(&X) -> Y, x: &X) -> X::Tangent {
    let mut gradient = x.zero_tangent();
    for leaf in 0..x.leaf_count() {
        for index in 0..x.leaf(leaf).len() {
            let slope = slope(&mut function, x, leaf, index);
            gradient.leaf_mut(leaf).set(index, slope);
        }
    }
    gradient
}

/// The derivative with respect to one scalar of the value.
fn slope<X: Differentiable + Clone, Y: Real>(
    function: &mut impl FnMut(&X) -> Y,
    x: &X,
    leaf: usize,
    index: usize,
) -> f64 {
    let center = x.leaf(leaf).get(index);
    let step = precision(x.leaf(leaf)).max(Y::EPSILON.to_f64());
    let step = Real::cbrt(step) * Real::abs(center).max(1.0);
    let mut at = |offset: f64| {
        let mut moved = x.clone();
        moved.leaf_mut(leaf).set(index, center + offset);
        // Where the value really is: the step is rounded to the scalar's precision.
        (moved.leaf(leaf).get(index), function(&moved).to_f64())
    };
    let (upper, above) = at(step);
    let (lower, below) = at(-step);
    (above - below) / (upper - lower)
}

/// The machine precision of a leaf's scalars.
fn precision(leaf: Leaf<'_>) -> f64 {
    match leaf {
        Leaf::F32(_) => f64::from(f32::EPSILON),
        Leaf::F64(_) => f64::EPSILON,
    }
}

/// Two gradients differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mismatch {
    /// The leaf in which they differ most.
    pub leaf: usize,
    /// The scalar in the leaf.
    pub index: usize,
    /// The derivative that was checked.
    pub found: f64,
    /// The derivative by central differences.
    pub expected: f64,
    /// The difference that was allowed.
    pub allowed: f64,
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            leaf,
            index,
            found,
            expected,
            allowed,
        } = self;
        write!(
            f,
            "scalar {index} of leaf {leaf}: the gradient has {found}, central differences {expected}; allowed are {allowed:e}"
        )
    }
}

impl core::error::Error for Mismatch {}

/// The tolerance that [`compare`] uses if none is given: what central differences achieve for well-behaved functions.
#[must_use]
pub fn default_tolerance<X: Differentiable>(x: &X) -> f64 {
    let single = (0..x.leaf_count()).any(|leaf| matches!(x.leaf(leaf), Leaf::F32(_)));
    if single { 1e-2 } else { 1e-6 }
}

/// Compares two gradients scalar by scalar. The difference may be `tolerance` times the larger of one and the magnitude
/// of the largest derivative. NaN equals NaN.
///
/// # Errors
/// The scalar in which they differ most.
///
/// ```
/// use tapeless::check::compare;
/// assert!(compare(&[1.0, 2.0], &[1.0, 2.0 + 1e-9], 1e-6).is_ok());
/// assert_eq!(compare(&[1.0, 2.0], &[1.0, 3.0], 1e-6).unwrap_err().index, 1);
/// ```
pub fn compare<T: Tangent>(found: &T, expected: &T, tolerance: f64) -> Result<(), Mismatch> {
    let leaves: Leaves<'_> = &|leaf| (found.leaf(leaf), expected.leaf(leaf));
    compare_leaves(found.leaf_count(), leaves, tolerance)
}

/// The leaf with a given number of both gradients.
type Leaves<'l> = &'l dyn Fn(usize) -> (Leaf<'l>, Leaf<'l>);

fn compare_leaves(count: usize, leaves: Leaves<'_>, tolerance: f64) -> Result<(), Mismatch> {
    let mut scale = 1.0_f64;
    for_each_pair(count, leaves, |_, _, _, expected| {
        if expected.is_finite() {
            scale = scale.max(expected.abs());
        }
    });
    let allowed = tolerance * scale;
    let mut worst: Option<(f64, Mismatch)> = None;
    for_each_pair(count, leaves, |leaf, index, found, expected| {
        let difference = if found == expected || (found.is_nan() && expected.is_nan()) {
            0.0
        } else if found.is_nan() || expected.is_nan() {
            f64::INFINITY
        } else {
            (found - expected).abs()
        };
        if difference > allowed && worst.is_none_or(|(largest, _)| difference > largest) {
            worst = Some((
                difference,
                Mismatch {
                    leaf,
                    index,
                    found,
                    expected,
                    allowed,
                },
            ));
        }
    });
    worst.map_or(Ok(()), |(_, mismatch)| Err(mismatch))
}

/// Calls a function with leaf, index and both scalars.
fn for_each_pair(count: usize, leaves: Leaves<'_>, mut function: impl FnMut(usize, usize, f64, f64)) {
    for leaf in 0..count {
        let (left, right) = leaves(leaf);
        assert_eq!(
            left.len(),
            right.len(),
            "the gradients belong to values of different sizes"
        );
        (0..left.len()).for_each(|index| function(leaf, index, left.get(index), right.get(index)));
    }
}

/// Asserts that the gradient of a differentiable function agrees with central differences.
///
/// The arguments are those of the function: by value or by reference, in the same order. With `tolerance = …` in front,
/// another tolerance is used than that of [`check::compare`](crate::check::compare).
///
/// # Panics
/// If they differ, with the parameter and the scalar in which they differ most.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn f(x: f64, y: &[f64; 2], n: i32) -> f64 { x.powi(n) * y[0] + y[1].sin() }
///
/// assert_gradient!(f, 1.5, &[0.5, 2.0], 3);
/// assert_gradient!(tolerance = 1e-4; f, 1.5, &[0.5, 2.0], 3);
/// ```
///
/// ```should_panic
/// use tapeless::prelude::*;
///
/// fn square(x: f64) -> f64 { x * x }
///
/// #[derivative_of(square)]
/// fn square_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) { (x * x, move |y_bar| y_bar * x) }
///
/// assert_gradient!(square, 3.0); // the rule forgets the factor 2
/// ```
#[macro_export]
macro_rules! assert_gradient {
    (tolerance = $tolerance:expr; $($function:ident)::+, $($argument:expr),+ $(,)?) => {
        $crate::__assert_gradient!(
            ($($function)::+) (::core::option::Option::Some($tolerance)) ()
            (a0 v0 a1 v1 a2 v2 a3 v3 a4 v4 a5 v5 a6 v6 a7 v7 a8 v8 a9 v9 a10 v10 a11 v11) ($($argument,)+)
        )
    };
    ($($function:ident)::+, $($argument:expr),+ $(,)?) => {
        $crate::__assert_gradient!(
            ($($function)::+) (::core::option::Option::None) ()
            (a0 v0 a1 v1 a2 v2 a3 v3 a4 v4 a5 v5 a6 v6 a7 v7 a8 v8 a9 v9 a10 v10 a11 v11) ($($argument,)+)
        )
    };
}

/// Gives each argument two names, then does the work of [`assert_gradient!`](crate::assert_gradient).
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_gradient {
    (
        ($($function:tt)+) $tolerance:tt ($($done:tt)*)
        ($name:ident $value:ident $($names:ident)*) ($argument:expr, $($arguments:expr,)*)
    ) => {
        $crate::__assert_gradient!(
            ($($function)+) $tolerance ($($done)* ($name $value $argument))
            ($($names)*) ($($arguments,)*)
        )
    };
    (
        ($($function:ident)::+) ($tolerance:expr) ($(($name:ident $value:ident $argument:expr))*)
        ($($names:ident)*) ()
    ) => {{
        #[allow(unused_imports)]
        use $crate::check::arguments::traits::*;
        // A match, so that temporaries among the arguments live to its end.
        match ($($crate::check::arguments::Argument::new($argument),)*) { ($($name,)*) => {
        let values = ($((&&&$name).value(),)*);
        let found = {
            let ($($value,)*) = &values;
            $($function)::+::grad($((&&&$name).pass($value)),*)
        };
        let expected = $crate::check::numerical_gradient(
            |values: &_| {
                let ($($value,)*) = values;
                $($function)::+($((&&&$name).pass($value)),*)
            },
            &values,
        );
        let counts = {
            let ($($value,)*) = &values;
            [$((&&&$name).leaves($value)),*]
        };
        $crate::check::arguments::verify(
            $($function)::+::__PARAMETERS,
            &counts,
            &found,
            &expected,
            $tolerance.unwrap_or_else(|| $crate::check::default_tolerance(&values)),
        );
        } }
    }};
}

#[doc(hidden)]
pub mod arguments;
#[doc(hidden)]
pub mod directions;
