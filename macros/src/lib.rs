//! The compiler of tapeless: from a function to its derivatives, from a struct to its tangent.
//!
//! A part of the crate `tapeless`, which re-exports what is here and is all that users name. `ARCHITECTURE.md` in the repository says how it works.

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

/// Generates the derivatives of a function: `grad`, `value_and_grad`, `value_and_grad_into`, `vjp` and `graph`.
///
/// `#[differentiable(wrt(x, y), crate = path)]`; both arguments may be left out. The crate `tapeless`, which re-exports it, documents it
/// with examples.
#[proc_macro_attribute]
pub fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::differentiable(args.into(), item.into()).into()
}

/// Gives another function its derivatives by a rule written by hand, a function that returns value and pullback.
///
/// `#[derivative_of(function, crate = path)]`; the second argument may be left out. The crate `tapeless`, which re-exports it, documents it
/// with examples.
#[proc_macro_attribute]
pub fn derivative_of(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::derivative_of(args.into(), item.into()).into()
}

/// Generates the tangent type of a struct: `STangent` for `S`.
///
/// Fields marked `#[no_diff]` are left out. `#[differentiable(crate = path)]` on the struct names the crate. The crate `tapeless`, which re-exports
/// it, documents it with examples.
#[proc_macro_derive(Differentiable, attributes(no_diff, differentiable))]
pub fn derive_differentiable(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    derive::derive(&input).into()
}
