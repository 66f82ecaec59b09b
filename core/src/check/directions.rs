//! Derivatives along a direction, against gradients: [`assert_hvp!`](crate::assert_hvp).

use crate::differentiable::{Differentiable, Tangent};
use crate::scalar::Real;

/// Asserts that `jvp`, `hvp` and `grad_and_hvp` of a differentiable function agree with its gradient: the derivative along the
/// tangents with the inner product of gradient and tangents, the Hessian times the tangents with central differences of gradients.
///
/// The arguments are those of the function; behind the semicolon stands a tangent for each differentiable parameter, all
/// as for [`jvp`](macro@crate::differentiable). With `tolerance = …` in front, another tolerance is used than that of
/// [`check::compare`](crate::check::compare).
///
/// # Panics
/// If they differ.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable(forward)]
/// fn f(x: f64, y: &[f64; 2], n: i32) -> f64 { x.powi(n) * y[0] + y[1].sin() }
///
/// assert_hvp!(f, 1.5, &[0.5, 2.0], 3; 1.0, &[-0.5, 0.25]);
/// ```
#[macro_export]
macro_rules! assert_hvp {
    (tolerance = $tolerance:expr; $($function:ident)::+, $($argument:expr),+; $($tangent:expr),+ $(,)?) => {
        $crate::__assert_hvp!(
            ($($function)::+) (::core::option::Option::Some($tolerance)) ()
            (a0 v0 a1 v1 a2 v2 a3 v3 a4 v4 a5 v5 a6 v6 a7 v7 a8 v8 a9 v9 a10 v10 a11 v11) ($($argument,)+) ($($tangent,)+)
        )
    };
    ($($function:ident)::+, $($argument:expr),+; $($tangent:expr),+ $(,)?) => {
        $crate::__assert_hvp!(
            ($($function)::+) (::core::option::Option::None) ()
            (a0 v0 a1 v1 a2 v2 a3 v3 a4 v4 a5 v5 a6 v6 a7 v7 a8 v8 a9 v9 a10 v10 a11 v11) ($($argument,)+) ($($tangent,)+)
        )
    };
}

/// Gives each argument two names, then does the work of [`assert_hvp!`](crate::assert_hvp).
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_hvp {
    (
        ($($function:tt)+) $tolerance:tt ($($done:tt)*)
        ($name:ident $value:ident $($names:ident)*) ($argument:expr, $($arguments:expr,)*) $tangents:tt
    ) => {
        $crate::__assert_hvp!(
            ($($function)+) $tolerance ($($done)* ($name $value $argument))
            ($($names)*) ($($arguments,)*) $tangents
        )
    };
    (
        ($($function:ident)::+) ($tolerance:expr) ($(($name:ident $value:ident $argument:expr))*)
        ($($names:ident)*) () ($($tangent:expr,)*)
    ) => {{
        #[allow(unused_imports)]
        use $crate::check::arguments::traits::*;
        // A match, so that temporaries among the arguments live to its end.
        match ($($crate::check::arguments::Argument::new($argument),)*) { ($($name,)*) => {
        let values = ($((&&&$name).value(),)*);
        let tangents = ($((&&&$crate::check::arguments::Argument::new($tangent)).value(),)*);
        let gradient = |values: &_| {
            let ($($value,)*) = values;
            $($function)::+::grad($((&&&$name).pass($value)),*)
        };
        let ((_, slope), product, both) = {
            let ($($value,)*) = &values;
            (
                $($function)::+::jvp($((&&&$name).pass($value),)* $($tangent),*),
                $($function)::+::hvp($((&&&$name).pass($value),)* $($tangent),*),
                $($function)::+::grad_and_hvp($((&&&$name).pass($value),)* $($tangent),*),
            )
        };
        let counts = {
            let ($($value,)*) = &values;
            [$((&&&$name).leaves($value).unwrap_or(0)),*]
        };
        $crate::check::directions::verify(
            $($function)::+::__PARAMETERS,
            &counts,
            &values,
            &tangents,
            gradient,
            slope,
            &product,
            &both,
            $tolerance.unwrap_or_else(|| $crate::check::default_tolerance(&values)),
        );
        } }
    }};
}

/// Compares derivatives along a direction with gradients.
///
/// # Panics
/// If they differ.
#[doc(hidden)]
#[track_caller]
pub fn verify<X: Differentiable + Clone, G: Tangent>(
    parameters: &[(&str, bool)],
    counts: &[usize],
    values: &X,
    tangents: &impl Differentiable,
    gradient: impl Fn(&X) -> G,
    slope: impl Real,
    product: &G,
    both: &(G, G),
    tolerance: f64,
) {
    let first = gradient(values);
    let (slope, expected) = (slope.to_f64(), inner_product(&first, tangents));
    let allowed = tolerance * Real::abs(expected).max(1.0);
    assert!(
        Real::abs(slope - expected) <= allowed || (slope.is_nan() && expected.is_nan()),
        "wrong derivative along the tangents: `jvp` gives {slope}, the gradient times the tangents {expected}"
    );
    let precision = if tolerance > 1e-5 {
        f32::EPSILON.into()
    } else {
        f64::EPSILON
    };
    let step = Real::cbrt(precision);
    let (above, below) = (
        gradient(&moved(parameters, counts, values, tangents, step)),
        gradient(&moved(parameters, counts, values, tangents, -step)),
    );
    let mut expected = above;
    for leaf in 0..expected.leaf_count() {
        for index in 0..expected.leaf(leaf).len() {
            let difference = expected.leaf(leaf).get(index) - below.leaf(leaf).get(index);
            expected.leaf_mut(leaf).set(index, difference / (2.0 * step));
        }
    }
    if let Err(mismatch) = super::compare(product, &expected, tolerance) {
        panic!("wrong Hessian times tangents: {mismatch}");
    }
    for (part, expected) in [(&both.0, &first), (&both.1, product)] {
        if let Err(mismatch) = super::compare(part, expected, tolerance) {
            panic!("`grad_and_hvp` does not give what `grad` and `hvp` give: {mismatch}");
        }
    }
}

/// The inner product of a gradient and tangents, leaf by leaf.
fn inner_product(gradient: &impl Differentiable, tangents: &impl Differentiable) -> f64 {
    assert_eq!(
        gradient.leaf_count(),
        tangents.leaf_count(),
        "a tangent for each differentiable parameter"
    );
    let mut sum = 0.0;
    for leaf in 0..gradient.leaf_count() {
        let (left, right) = (gradient.leaf(leaf), tangents.leaf(leaf));
        assert_eq!(
            left.len(),
            right.len(),
            "the tangents belong to values of different sizes"
        );
        sum += (0..left.len())
            .map(|index| left.get(index) * right.get(index))
            .sum::<f64>();
    }
    sum
}

/// The values, moved by `step` times the tangents.
fn moved<X: Differentiable + Clone>(
    parameters: &[(&str, bool)],
    counts: &[usize],
    values: &X,
    tangents: &impl Differentiable,
    step: f64,
) -> X {
    let mut moved = values.clone();
    let (mut first, mut of_tangents) = (0, 0);
    for ((_, differentiated), count) in parameters.iter().zip(counts) {
        if *differentiated {
            for leaf in 0..*count {
                let tangent = tangents.leaf(of_tangents + leaf);
                moved.leaf_mut(first + leaf).add(tangent, step);
            }
            of_tangents += count;
        }
        first += count;
    }
    moved
}
