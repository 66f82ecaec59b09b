//! The function as a value that another one can be handed.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::api::inline;
use crate::ir::signature::{Parameter, Signature};

/// The implementation of `Callable` for the type that carries the derivatives, if the arguments can be a value.
// Input:  fn f(x: f64, n: usize) -> f64
// Output: impl Callable<(f64, usize)> for f { … }
pub(crate) fn callable(signature: &Signature) -> Option<TokenStream> {
    let Signature {
        krate,
        name,
        conditions,
        generics,
        predicates,
        turbofish,
        parameters,
        checked_value: output,
        ..
    } = signature;
    let fits = |parameter: &Parameter| !parameter.by_reference && !parameter.mutable && !parameter.written;
    let owned = !mentions_lifetime(generics) && !parameters.iter().any(|parameter| mentions_lifetime(&parameter.ty));
    let is_value = signature.nameable
        && owned
        && (1..=12).contains(&parameters.len())
        && parameters
            .iter()
            .all(|parameter| fits(parameter) && (parameter.active || parameter.discrete))
        && signature
            .generic_names
            .iter()
            .all(|name| parameters.iter().any(|parameter| mentions(&parameter.ty, name)));
    if !is_value {
        return None;
    }
    let expansion = signature.expansion();
    let types: Vec<_> = parameters.iter().map(|parameter| &parameter.checked).collect();
    let names: Vec<_> = (0..parameters.len()).map(|index| format_ident!("__{index}")).collect();
    let (args, pattern) = match (&types[..], &names[..]) {
        ([ty], [name]) => (quote!(#ty), quote!(#name)),
        _ => {
            let plain = parameters.iter().map(|parameter| &parameter.ty);
            let plain = quote!((#(#plain,)*));
            let checked = quote!((#(#types,)*));
            // As a whole: rustc does not see through a tuple of types that are each written by way of a constant.
            let args = if plain.to_string() == checked.to_string() {
                plain
            } else {
                quote!(<#plain as #expansion::If<{ #name::__DIFFERENTIABLE }>>::Type)
            };
            (args, quote!((#(#names,)*)))
        }
    };
    let unused = names.iter().map(|_| quote!(#expansion::Unused));
    let bars = parameters.iter().enumerate().map(|(index, parameter)| {
        let position = Literal::usize_unsuffixed(index);
        match (parameter.active, names.len()) {
            (false, _) => quote!(#expansion::Bar(&mut #expansion::Ignore)),
            (true, 1) => quote!(#expansion::Bar(__bars)),
            (true, _) => quote!(#expansion::Bar(&mut __bars.#position)),
        }
    });
    let accumulator = |ty: &TokenStream| quote!(<#ty as #expansion::Differentiable>::Accumulator<'_>);
    let (output_bar, args_bar) = (accumulator(output), accumulator(&args));
    let (attributes, allow) = (inline(signature), crate::back::lints::allow());
    let split = signature.call_split(&names.iter().map(|name| quote!(#name)).collect::<Vec<_>>());
    let captured = &signature.generic_names;
    Some(quote! {
        #conditions
        #allow
        impl ::core::clone::Clone for #name {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn clone(&self) -> Self {
                *self
            }
        }

        #conditions
        #allow
        impl ::core::marker::Copy for #name {}

        #conditions
        #allow
        impl #generics #krate::Callable<#args> for #name where #predicates {
            type Output = #output;
            #attributes
            fn call(&self, #pattern: #args) -> #output {
                #name #turbofish (#(#names),*)
            }
            #attributes
            fn __call_split(
                &self,
                #pattern: #args,
                _: fn(&Self, #args) -> #output,
            ) -> (
                #output,
                impl ::core::ops::FnOnce(
                    &Self,
                    #expansion::Unused,
                    &#output,
                    #expansion::Bar<'_, #output_bar>,
                    #expansion::Bar<'_, #expansion::Ignore>,
                    #expansion::Bar<'_, #args_bar>,
                ) + use<#(#captured),*>,
                (
                    #expansion::Kind<#expansion::ByReference, #expansion::Ignored>,
                    #expansion::Kind<#expansion::ByValue, #expansion::Differentiated>,
                ),
            ) {
                let (__value, __pullback, _) = #split;
                (
                    __value,
                    move |
                        _: &Self,
                        _: #expansion::Unused,
                        __value: &#output,
                        __bar: #expansion::Bar<'_, #output_bar>,
                        _: #expansion::Bar<'_, #expansion::Ignore>,
                        __bars: #expansion::Bar<'_, #args_bar>,
                    | {
                        let __bars = __bars.0;
                        __pullback(#(#unused,)* __value, __bar, #(#bars),*)
                    },
                    (#expansion::Kind::new(), #expansion::Kind::new()),
                )
            }
        }
    })
}

fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

/// True if there is a lifetime, or a reference that has one.
fn mentions_lifetime(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '\'' | '&'),
        TokenTree::Group(group) => mentions_lifetime(&group.stream()),
        _ => false,
    })
}
