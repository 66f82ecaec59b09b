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

/// differentiable
#[proc_macro_attribute]
pub fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    let args = syn::parse_macro_input!(args as front::args::Args);
    let item = syn::parse_macro_input!(item as syn::ItemFn);
    pipeline::differentiable(&args, &item).into()
}

/// derivative_of
#[proc_macro_attribute]
pub fn derivative_of(args: TokenStream, item: TokenStream) -> TokenStream {
    let args = syn::parse_macro_input!(args as front::rule::Args);
    let item = syn::parse_macro_input!(item as syn::ItemFn);
    pipeline::derivative_of(&args, &item).into()
}

/// derive
#[proc_macro_derive(Differentiable, attributes(no_diff, differentiable))]
pub fn derive_differentiable(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    derive::derive(&input).into()
}
