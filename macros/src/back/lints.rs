//! Lints that have nothing to say about generated code.

use proc_macro2::TokenStream;
use quote::quote;

/// For everything that is generated.
pub(crate) fn allow() -> TokenStream {
    quote! {
        #[automatically_derived]
        #[allow(
            warnings,
            unused,
            nonstandard_style,
            rust_2018_idioms,
            missing_docs,
            missing_debug_implementations,
            missing_copy_implementations,
            single_use_lifetimes,
            trivial_casts,
            trivial_numeric_casts,
            unit_bindings,
            impl_trait_redundant_captures,
            unreachable_pub,
            unused_lifetimes,
            unused_qualifications,
            unused_results,
            let_underscore_drop,
            explicit_outlives_requirements,
            variant_size_differences,
            deprecated,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
    }
}
