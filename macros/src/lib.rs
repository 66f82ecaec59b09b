//! The compiler of tapeless.
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

/// Generates the derivatives of a function.
///
/// The crate `tapeless` documents what it accepts and what it generates.
#[proc_macro_attribute]
pub fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::differentiable(args.into(), item.into()).into()
}

/// Gives another function its derivatives by a rule written by hand.
#[proc_macro_attribute]
pub fn derivative_of(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::derivative_of(args.into(), item.into()).into()
}

/// Generates the tangent type of a struct.
#[proc_macro_derive(Differentiable, attributes(no_diff, differentiable))]
pub fn derive_differentiable(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    derive::derive(&input).into()
}
