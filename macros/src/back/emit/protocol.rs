//! The protocol between a function's derivative and its callers: the signature of `__split` and of the pullback.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::api::{inline, input};
use crate::ir::signature::{Parameter, Signature};

/// The names that the inside of a pullback uses.
pub(super) struct PullbackNames {
    /// The result.
    pub(super) result: Ident,
    /// The accumulator with the result's cotangent.
    pub(super) result_bar: Ident,
    /// The accumulators of the parameters.
    pub(super) bars: Vec<Ident>,
}

/// `__split`, with the given forward code, result, and code of the pullback.
// Output: pub fn __split(self, x: f64, …) -> (f64, impl FnOnce(…) + use<>, (Kind<…>, …)) { … }
pub(super) fn split(
    signature: &Signature,
    names: &PullbackNames,
    forward: &TokenStream,
    result: &TokenStream,
    reverse: &TokenStream,
) -> TokenStream {
    let header = header(signature);
    let arguments = arguments(signature, names);
    let kinds = signature.parameters.iter().map(|parameter| {
        let ty = kind(signature, parameter);
        quote!(<#ty>::new())
    });
    quote! {
        #header {
            #forward
            (#result, move |#arguments| { #reverse }, (#(#kinds,)*))
        }
    }
}

/// The signature of `__split`.
pub(super) fn header(signature: &Signature) -> TokenStream {
    let Signature { generics, predicates, captures, output, parameters, .. } = signature;
    let attributes = inline(signature);
    let inputs = parameters.iter().map(input);
    let pullback = pullback(signature);
    let kinds = parameters.iter().map(|parameter| kind(signature, parameter));
    quote! {
        #[doc(hidden)]
        #attributes
        pub fn __split #generics (self, #(#inputs),*) -> (
            #output,
            impl ::core::ops::FnOnce(#pullback) + use<#captures>,
            (#(#kinds,)*),
        )
        where #predicates
    }
}

/// What the pullback takes: the arguments by reference again, the result and its cotangent, an accumulator each.
fn pullback(signature: &Signature) -> TokenStream {
    let expansion = signature.expansion();
    let output = &signature.output;
    let again = signature.parameters.iter().map(|parameter| again(signature, parameter));
    let bars = signature.parameters.iter().map(|parameter| bar(signature, parameter));
    quote! {
        #(#again,)*
        &#output,
        &mut <#output as #expansion::Differentiable>::Accumulator<'_>,
        #(#bars),*
    }
}

fn arguments(signature: &Signature, names: &PullbackNames) -> TokenStream {
    let expansion = signature.expansion();
    let output = &signature.output;
    let again = signature.parameters.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, again(signature, parameter));
        if parameter.is_handed_again() { quote!(#name: #ty) } else { quote!(_: #ty) }
    });
    let bars = signature.parameters.iter().zip(&names.bars).map(|(parameter, bar_name)| {
        let ty = bar(signature, parameter);
        quote!(#bar_name: #ty)
    });
    let PullbackNames { result, result_bar, .. } = names;
    quote! {
        #(#again,)*
        #result: &#output,
        #result_bar: &mut <#output as #expansion::Differentiable>::Accumulator<'_>,
        #(#bars),*
    }
}

fn kind(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let expansion = signature.expansion();
    let reference = if parameter.is_handed_again() { quote!(ByReference) } else { quote!(ByValue) };
    let differentiated = if parameter.active { quote!(Differentiated) } else { quote!(Ignored) };
    quote!(#expansion::Kind<#expansion::#reference, #expansion::#differentiated>)
}

fn again(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let (expansion, ty) = (signature.expansion(), &parameter.erased);
    if parameter.is_handed_again() { quote!(&#ty) } else { quote!(#expansion::Unused) }
}

fn bar(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let (expansion, ty) = (signature.expansion(), &parameter.erased);
    if parameter.active {
        quote!(&mut <#ty as #expansion::Differentiable>::Accumulator<'_>)
    } else {
        quote!(&mut #expansion::Ignore)
    }
}
