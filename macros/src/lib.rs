//! The compiler of tapeless: from a function to its derivatives, from a struct to its tangent.
//!
//! A part of the crate `tapeless`, which re-exports and documents what is here, and is all that users name. `ARCHITECTURE.md` in the repository says how it works.

mod back;
mod derive;
mod errors;
mod front;
mod ir;
mod passes;
mod pipeline;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// In short: `#[differentiable]` or `#[differentiable(wrt(x, y), crate = path)]` on a function generates its derivatives: `grad`, `value_and_grad`,
/// `value_and_grad_into`, `vjp` and `graph`.
#[proc_macro_attribute]
pub fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::differentiable(args.into(), item.into()).into()
}

/// In short: `#[derivative_of(function)]` or `#[derivative_of(function, crate = path)]` on a function that returns a value and its pullback makes
/// it the rule of the function named.
#[proc_macro_attribute]
pub fn derivative_of(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::derivative_of(args.into(), item.into()).into()
}

/// In short: `#[derive(Differentiable)]` on a struct `S`, with `#[no_diff]` on fields to be left out, generates its tangent type `STangent`.
#[proc_macro_derive(Differentiable, attributes(no_diff, differentiable))]
pub fn derive_differentiable(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    derive::derive(&input).into()
}
