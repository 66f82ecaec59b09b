//! A user's crate with every lint turned into an error: generated code causes none.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unused,
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    closure_returning_async_block,
    deprecated_in_future,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    if_let_rescope,
    impl_trait_overcaptures,
    keyword_idents_2024,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    tail_expr_drop_order,
    trivial_casts,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused_crate_dependencies,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::empty_structs_with_brackets,
    clippy::expect_used,
    clippy::missing_docs_in_private_items,
    clippy::multiple_inherent_impl,
    clippy::panic,
    clippy::pattern_type_mismatch,
    clippy::pub_use,
    clippy::pub_without_shorthand,
    clippy::ref_patterns,
    clippy::same_name_method,
    clippy::semicolon_outside_block,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    rustdoc::all
)]
#![deny(impl_trait_redundant_captures, unit_bindings)]
#![expect(clippy::redundant_pub_crate, reason = "`unreachable_pub` asks for it")]

use tapeless::prelude::*;

/// A spring.
#[derive(Differentiable, Clone, Debug, PartialEq)]
pub struct Spring<'n> {
    /// Stiffness in N/m.
    pub stiffness: f64,
    /// Length at rest in m.
    pub length: f64,
    /// Its name.
    #[no_diff]
    name: &'n str,
    /// What was before.
    history: [f64; 2],
}

/// Layers of a network.
#[derive(Differentiable, Clone, Debug)]
pub struct Layer<const N: usize, const M: usize, T: Real> {
    /// Weights.
    pub weights: Matrix<N, M, T>,
    /// Bias.
    pub bias: Option<T>,
}

/// A pair.
#[derive(Differentiable, Clone, Copy, Debug, PartialEq, Default)]
pub struct Pair(f32, #[no_diff] u8);

impl<'n> Spring<'n> {
    /// A spring.
    #[must_use]
    pub const fn new(stiffness: f64, length: f64, name: &'n str) -> Self {
        Self {
            stiffness,
            length,
            name,
            history: [0.0; 2],
        }
    }

    /// The spring's name.
    #[must_use]
    pub const fn name(&self) -> &'n str {
        self.name
    }
}

/// The energy of a spring in J.
#[differentiable]
#[must_use]
#[inline]
pub fn energy(spring: &Spring<'_>, x: f64) -> f64 {
    let stretch = x - spring.length;
    (0.5 * spring.stiffness * stretch).mul_add(stretch, spring.history[0])
}

/// With branches.
#[differentiable]
#[must_use]
pub fn branches(x: f64, y: f64, n: u8) -> f64 {
    let mut sum = x.mul_add(y, 1.0);
    if sum > 0.0 {
        sum *= y;
    } else if n > 3 {
        return y;
    }
    match n {
        0 => sum,
        1 | 2 => sum.sin(),
        _ => {
            let power = sum.exp();
            power.mul_add(power, x)
        }
    }
}

/// With an unused parameter and several results.
#[differentiable]
#[must_use]
pub fn several(x: f64, _unused: f64, a: &[f64; 3]) -> (f64, [f64; 2]) {
    let f = |b: f64| b * x;
    (f(a[0]), [f(a[1]).cos(), a[2]])
}

/// Generic.
#[differentiable]
pub fn generic<const N: usize, const M: usize, T: Real>(layer: &Layer<N, M, T>, x: &Matrix<M, 1, T>) -> T {
    (layer.weights * x).relu().sum()
}

/// Calls others.
#[differentiable(wrt(x))]
#[must_use]
pub fn calls(x: f64, y: f64) -> f64 {
    let (first, [second, third]) = several(x, y, &[x, y, x * y]);
    branches(first, second, 2) * third.powi(2) + external(third, &[x, y]) + energy(&Spring::new(1.0, 2.0, "a"), x)
}

/// A function without a derivative of its own.
#[must_use]
pub fn external(x: f64, y: &[f64; 2]) -> f64 {
    x * y[0] * y[1]
}

/// The rule of [`external`].
#[derivative_of(external)]
fn external_vjp(x: f64, y: &[f64; 2]) -> (f64, impl FnOnce(f64) -> (f64, [f64; 2]) + use<>) {
    let [a, b] = *y;
    (x * a * b, move |bar| (bar * a * b, [bar * x * b, bar * x * a]))
}

/// Nothing in here is public.
mod private {
    use tapeless::prelude::*;

    /// A private struct.
    #[derive(Differentiable, Clone, Copy, Debug)]
    struct Hidden {
        /// A private field.
        value: f64,
    }

    /// Of a private struct.
    #[differentiable]
    fn of_hidden(hidden: Hidden, scale: f64) -> f64 {
        hidden.value * scale
    }

    /// For the crate.
    #[differentiable]
    pub(crate) fn uses_hidden(x: f64) -> f64 {
        of_hidden(Hidden { value: x }, x)
    }

    /// For the parent.
    #[differentiable]
    pub(super) fn for_parent(x: f32) -> f32 {
        x.sqrt()
    }
}

/// Uses them.
#[must_use]
pub fn all(x: f64) -> f64 {
    let mut spring = Spring::new(x, 1.0, "left");
    let mut gradient = spring.zero_tangent();
    let mut dx = 0.0;
    let value = energy::value_and_grad_into(&spring, x, &mut gradient, &mut dx);
    spring.advance(&gradient);
    let (y, pullback) = several::vjp(x, 1.0, &[1.0, 2.0, 3.0]);
    let (bar, _, _) = pullback((1.0, [1.0, 1.0]));
    let layer = Layer {
        weights: Matrix::<2, 3, f64>::ones(),
        bias: None,
    };
    let (layer_bar, _) = generic::grad(&layer, &Matrix::ones());
    value
        + dx
        + y.0
        + bar
        + calls::grad(x, x)
        + private::uses_hidden::grad(x)
        + f64::from(private::for_parent::grad(2.0))
        + layer_bar.weights.sum()
        + branches::value_and_grad(x, 1.0, 0).0
}
