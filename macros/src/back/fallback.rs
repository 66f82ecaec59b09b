//! What is emitted beside errors: the derivatives by name, with a type that rustc takes for the consequence of an error and
//! says nothing more about. So a mistake in a function is not followed by one at each call of its derivatives.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{FnArg, ItemFn};

use super::emit::{carrier, directional};
use crate::errors::Errors;
use crate::ir::signature::{Home, Signature};

/// The functions of the carrier that take the user's arguments.
const FUNCTIONS: &[&str] = &["grad", "value_and_grad", "vjp"];
/// The functions of the carrier that take more.
const OTHERS: &[&str] = &["value_and_grad_into", "jvp", "jvp_many", "hvp", "grad_and_hvp"];

/// The carrier for a function whose body cannot be differentiated: its derivatives' parameters are known.
// Output: impl f { pub fn grad(x: f64) -> [(); compile_error!("…")] { loop {} } … }
pub(crate) fn for_body(signature: &Signature, errors: &Errors) -> TokenStream {
    if signature.method.is_some() {
        return for_method(signature, errors);
    }
    let erroneous = erroneous(errors);
    let Signature {
        generics, predicates, ..
    } = signature;
    let inputs: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| {
            let (name, ty) = (&parameter.name, &parameter.ty);
            quote!(#name: #ty)
        })
        .collect();
    let functions = FUNCTIONS.iter().map(|name| {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        quote! {
            pub fn #name #generics (#(#inputs),*) -> #erroneous where #predicates { loop {} }
        }
    });
    let consts = consts(OTHERS, errors);
    let graph = graph(signature, errors);
    let tangents: Vec<_> = inputs.iter().map(|_| quote!(_: #erroneous)).collect();
    with_directions(
        signature,
        &quote! {
            #(#functions)*
            #consts
            #graph
            #[doc(hidden)]
            pub fn __split #generics (self, #(#inputs),*) -> #erroneous where #predicates { loop {} }
            #[doc(hidden)]
            pub fn __joint #generics (self, #(#inputs,)* _: #erroneous, #(#tangents),*) -> #erroneous where #predicates { loop {} }
            #[doc(hidden)]
            pub fn __split_tangent #generics (self, _: #erroneous, #(#inputs,)* #(#tangents),*) -> #erroneous where #predicates { loop {} }
            #[doc(hidden)]
            pub fn __chunk #generics (self, _: #erroneous, #(#inputs,)* #(#tangents),*) -> #erroneous where #predicates { loop {} }
        },
    )
}

/// The carrier for a function whose signature cannot be differentiated: its derivatives accept any arguments.
// Output: impl f { pub const grad: [(); compile_error!("…")] = …; … }
pub(crate) fn for_signature(item: &ItemFn, signature: &Signature, errors: &Errors) -> TokenStream {
    if signature.method.is_some() {
        return for_method(signature, errors);
    }
    let erroneous = erroneous(errors);
    let consts = consts(&[FUNCTIONS, OTHERS].concat(), errors);
    let graph = graph(signature, errors);
    let inputs: Vec<_> = item
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => {
                let ty = &typed.ty;
                Some(quote!(_: #ty))
            }
            FnArg::Receiver(_) => None,
        })
        .collect();
    let tangents: Vec<_> = inputs.iter().map(|_| quote!(_: #erroneous)).collect();
    let (generics, clause) = (&item.sig.generics, &item.sig.generics.where_clause);
    with_directions(
        signature,
        &quote! {
            #consts
            #graph
            #[doc(hidden)]
            pub fn __split #generics (self, #(#inputs),*) -> #erroneous #clause { loop {} }
            #[doc(hidden)]
            pub fn __joint #generics (self, #(#inputs,)* _: #erroneous, #(#tangents),*) -> #erroneous #clause { loop {} }
            #[doc(hidden)]
            pub fn __split_tangent #generics (self, _: #erroneous, #(#inputs,)* #(#tangents),*) -> #erroneous #clause { loop {} }
            #[doc(hidden)]
            pub fn __chunk #generics (self, _: #erroneous, #(#inputs,)* #(#tangents),*) -> #erroneous #clause { loop {} }
        },
    )
}

/// The functions beside a method that cannot be differentiated.
fn for_method(signature: &Signature, errors: &Errors) -> TokenStream {
    let erroneous = erroneous(errors);
    let Signature {
        generics,
        predicates,
        parameters,
        method,
        ..
    } = signature;
    let has_receiver = method.as_ref().is_some_and(|method| method.receiver.is_some());
    let inputs: Vec<_> = parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let ty = &parameter.ty;
            if has_receiver && index == 0 {
                quote!(self: #ty)
            } else {
                quote!(_: #ty)
            }
        })
        .collect();
    let visibility = signature.hidden_visibility();
    let own = signature.home() != Some(Home::TraitImpl);
    let functions = FUNCTIONS.iter().filter(|_| own).map(|name| {
        let name = signature.named(name);
        quote!(#visibility fn #name #generics (#(#inputs),*) -> #erroneous where #predicates { loop {} })
    });
    let others = OTHERS.iter().filter(|_| own && signature.forward).map(|name| {
        let name = signature.named(name);
        let tangents = signature.active().map(|_| quote!(_: #erroneous));
        quote!(#visibility fn #name #generics (#(#inputs,)* #(#tangents),*) -> #erroneous where #predicates { loop {} })
    });
    let (split, plain) = (signature.split_name(), parameters.iter().map(|parameter| &parameter.ty));
    let value = &signature.value;
    carrier(
        signature,
        &TokenStream::new(),
        &quote! {
            #(#functions)*
            #(#others)*
            #[doc(hidden)]
            #visibility fn #split #generics (#(#inputs,)* _: fn(#(#plain),*) -> #value) -> #erroneous where #predicates { loop {} }
        },
    )
}

/// The carrier of a function, which has a forward mode like one without mistakes.
fn with_directions(signature: &Signature, items: &TokenStream) -> TokenStream {
    let (carrier, directional) = (carrier(signature, &TokenStream::new(), items), directional(signature));
    quote!(#carrier #directional)
}

fn graph(signature: &Signature, errors: &Errors) -> TokenStream {
    let krate = &signature.krate;
    let parameters = consts(&["__PARAMETERS"], errors);
    let erroneous = erroneous(errors);
    quote! {
        #[doc(hidden)]
        pub fn __kinds(&self) -> #erroneous { loop {} }
        pub fn graph() -> &'static #krate::graph::Graph { loop {} }
        #parameters
    }
}

fn consts(names: &[&str], errors: &Errors) -> TokenStream {
    let (ty, value) = (erroneous(errors), errors.first());
    names
        .iter()
        .map(|name| {
            let name = Ident::new(name, proc_macro2::Span::call_site());
            quote!(pub const #name: #ty = #value;)
        })
        .collect()
}

/// A type that is an error itself. The messages are the first one again, at the same place, and merge with it.
fn erroneous(errors: &Errors) -> TokenStream {
    let error = errors.first();
    quote!([(); #error])
}
