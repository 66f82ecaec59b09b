//! The function as a value that another one can be handed.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::api::inline;
use super::modes::tangent_names;
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
    let along = signature
        .forward
        .then(|| along(signature, &args, &pattern, names.len()));
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
            #along
        }
    })
}

/// The same with tangents.
// Output: fn __call_split_tangent(&self, mode, (x, n): (f64, usize), nothing, dots: Option<&(f64, ())>, …) -> …
fn along(signature: &Signature, args: &TokenStream, pattern: &TokenStream, count: usize) -> TokenStream {
    let expansion = signature.expansion();
    let (output, captured) = (&signature.checked_value, &signature.generic_names);
    let doubled = signature.with_tangents(&tangent_names(signature));
    let attributes = inline(signature);
    let part = |whole: TokenStream, index: usize| {
        let position = Literal::usize_unsuffixed(index);
        match count {
            1 => whole,
            _ => quote!(#whole.#position),
        }
    };
    let parameters = || signature.parameters.iter().enumerate();
    let values = (0..count).map(|index| {
        let name = format_ident!("__{index}");
        quote!(#name)
    });
    let dots = parameters().map(|(index, parameter)| {
        let dot = part(quote!(__dots), index);
        match parameter.active {
            true => quote!(__dots.map(|__dots| ::core::clone::Clone::clone(&#dot))),
            false => quote!(#expansion::Unused),
        }
    });
    // A single one is the whole itself, which is a reference already.
    let dots = dots.map(|dot| match count {
        1 if signature.parameters[0].active => quote!(__dots.map(::core::clone::Clone::clone)),
        _ => dot,
    });
    let arguments: Vec<_> = values.chain(dots).collect();
    let split = doubled.call_split_tangent(&quote!(__mode), &arguments);
    let unused = (0..2 * count).map(|_| quote!(#expansion::Unused));
    let bars = ["__bars", "__dot_bars"].into_iter().flat_map(|bars| {
        let bars = Ident::new(bars, proc_macro2::Span::call_site());
        let expansion = expansion.clone();
        parameters().map(move |(index, parameter)| {
            let bar = part(quote!(#bars), index);
            match (parameter.active, count) {
                (false, _) => quote!(#expansion::Bar(&mut #expansion::Ignore)),
                (true, 1) => quote!(#expansion::Bar(#bars)),
                (true, _) => quote!(#expansion::Bar(&mut #bar)),
            }
        })
    });
    let tangent = |ty: &TokenStream| quote!(<#ty as #expansion::Differentiable>::Tangent);
    let accumulator = |ty: &TokenStream| quote!(<#ty as #expansion::Differentiable>::Accumulator<'_>);
    let (output_dot, args_dot) = (tangent(output), tangent(args));
    let [output_bar, output_dot_bar, args_bar, args_dot_bar] = [output, &output_dot, args, &args_dot].map(accumulator);
    let pair = quote!((#output, #output_dot));
    let kind = |reference: &str, differentiated: &str| {
        let [reference, differentiated] =
            [reference, differentiated].map(|name| Ident::new(name, proc_macro2::Span::call_site()));
        quote!(#expansion::Kind<#expansion::#reference, #expansion::#differentiated>)
    };
    let (own_kind, args_kind) = (kind("ByReference", "Ignored"), kind("ByValue", "Differentiated"));
    quote! {
        #attributes
        fn __call_split_tangent<__Mode: #expansion::Mode>(
            &self,
            __mode: __Mode,
            #pattern: #args,
            _: #expansion::Unused,
            __dots: ::core::option::Option<&#args_dot>,
            _: fn(&Self, #args) -> #output,
        ) -> (
            #pair,
            impl ::core::ops::FnOnce(
                &Self,
                #expansion::Unused,
                #expansion::Unused,
                #expansion::Unused,
                &#pair,
                #expansion::Bar<'_, (#output_bar, #output_dot_bar)>,
                #expansion::Bar<'_, #expansion::Ignore>,
                #expansion::Bar<'_, #args_bar>,
                #expansion::Bar<'_, #expansion::Ignore>,
                #expansion::Bar<'_, #args_dot_bar>,
            ) + use<#(#captured,)* __Mode>,
            (#own_kind, #args_kind, #own_kind, #args_kind),
        ) {
            let (__value, __pullback, _) = #split;
            (
                __value,
                move |
                    _: &Self,
                    _: #expansion::Unused,
                    _: #expansion::Unused,
                    _: #expansion::Unused,
                    __value: &#pair,
                    __bar: #expansion::Bar<'_, (#output_bar, #output_dot_bar)>,
                    _: #expansion::Bar<'_, #expansion::Ignore>,
                    __bars: #expansion::Bar<'_, #args_bar>,
                    _: #expansion::Bar<'_, #expansion::Ignore>,
                    __dot_bars: #expansion::Bar<'_, #args_dot_bar>,
                | {
                    let (__bars, __dot_bars) = (__bars.0, __dot_bars.0);
                    __pullback(#(#unused,)* __value, __bar, #(#bars),*)
                },
                (
                    #expansion::Kind::new(),
                    #expansion::Kind::new(),
                    #expansion::Kind::new(),
                    #expansion::Kind::new(),
                ),
            )
        }
    }
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
