//! Methods that are called in other ways than `x.m()`: as if they changed their receivers, and by a path.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::api::inline;
use super::protocol;
use crate::ir::signature::{Home, Parameter, Receiver, Signature};

/// These other forms. What stands in an implementation of a trait has them from the trait.
pub(super) fn forms(signature: &Signature) -> TokenStream {
    if signature.home() == Some(Home::TraitImpl) {
        return TokenStream::new();
    }
    let (update, call) = (update(signature), call(signature));
    quote!(#update #call)
}

/// `__area_update` for a method `area` that takes its receiver by value or by shared reference: the forward sweep, whose result
/// comes with the receiver. Its pullback finds the receiver there, so that nothing is copied.
// Original: fn area(&self, k: f64) -> f64
// Output:   fn __area_update(self, k: f64, …) -> ((f64, Self), impl FnOnce(…), kinds)
fn update(signature: &Signature) -> Option<TokenStream> {
    let receiver = signature.method.as_ref()?.receiver?;
    let (first, rest) = signature.parameters.split_first()?;
    // What is written to comes out beside the result, in an order of its own. Where a method takes both, it is called as it is.
    if signature.is_writing() || !first.active {
        return None;
    }
    let expansion = signature.expansion();
    let Signature {
        generics,
        predicates,
        captures,
        checked_output: output,
        erased_update: both,
        ..
    } = signature;
    let attributes = inline(signature);
    let visibility = signature.hidden_visibility();
    let (update, own) = (signature.named("__update"), &first.referent);
    let inputs = rest.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, &parameter.checked);
        quote!(#name: #ty)
    });
    let taken = taken(first, receiver);
    let types = rest.iter().map(|parameter| &parameter.checked);
    let result_bar = quote!(#expansion::Bar<'_, <#both as #expansion::Differentiable>::Accumulator<'_>>);
    let again: Vec<_> = rest
        .iter()
        .map(|parameter| protocol::again(signature, parameter))
        .collect();
    let bars: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| protocol::bar(signature, parameter))
        .collect();
    let kind = quote!(#expansion::Kind<#expansion::ByValue, #expansion::Differentiated>);
    let kinds: Vec<_> = rest
        .iter()
        .map(|parameter| protocol::kind(signature, parameter))
        .collect();
    let again_names: Vec<_> = (0..rest.len()).map(|index| format_ident!("__again_{index}")).collect();
    let bar_names: Vec<_> = (0..rest.len()).map(|index| format_ident!("__bar_{index}")).collect();
    let (own_bar, other_bars) = bars.split_first()?;
    let arguments: Vec<_> = [quote!(&__own)]
        .into_iter()
        .chain(rest.iter().map(|parameter| {
            let name = &parameter.name;
            quote!(#name)
        }))
        .collect();
    let split = signature.call_split(&arguments);
    let transfer = signature.differentiable(first);
    Some(quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #update #generics (self, #(#inputs,)* _: fn(#taken #(, #types)*) -> #output) -> (
            (#output, #own),
            impl ::core::ops::FnOnce(
                #expansion::Unused, #(#again,)* &#both, #result_bar, #(#bars),*
            ) + use<#captures>,
            (#kind, #(#kinds,)*),
        )
        where #predicates
        {
            let __own = self;
            let (__result, __pullback, _) = #split;
            (
                (__result, __own),
                move |
                    _: #expansion::Unused,
                    #(#again_names: #again,)*
                    __result: &#both,
                    __result_bar: #result_bar,
                    __own_bar: #own_bar
                    #(, #bar_names: #other_bars)*
                | {
                    __pullback(
                        &__result.1,
                        #(#again_names,)*
                        &__result.0,
                        #expansion::Bar(&mut __result_bar.0.0),
                        #expansion::Bar(&mut *__own_bar.0)
                        #(, #bar_names)*
                    );
                    #transfer::transfer(&__result_bar.0.1, __own_bar.0);
                },
                (<#kind>::new(), #(<#kinds>::new(),)*),
            )
        }
    })
}

/// `__area_call` for a method `area` that does not change its receiver: the forward sweep, as `Shape::area(x, k)` calls it.
// Original: fn area(self, k: f64) -> f64
// Output:   fn __area_call(own: Self, k: f64, …) -> (f64, impl FnOnce(…), kinds)
fn call(signature: &Signature) -> Option<TokenStream> {
    let receiver = signature.method.as_ref()?.receiver?;
    let (first, rest) = signature.parameters.split_first()?;
    let captured = receiver == Receiver::Value && !first.erased.to_string().contains('\'');
    if first.written || (receiver == Receiver::Value && !captured) {
        return None;
    }
    let expansion = signature.expansion();
    let Signature {
        generics,
        predicates,
        captures,
        checked_output: output,
        erased_output: erased,
        ..
    } = signature;
    let attributes = inline(signature);
    let (call, visibility) = (signature.named("__call"), signature.hidden_visibility());
    let inputs = rest.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, &parameter.checked);
        quote!(#name: #ty)
    });
    let own = match receiver {
        Receiver::Value => first.referent.clone(),
        Receiver::Reference => first.checked.clone(),
    };
    let types = rest.iter().map(|parameter| &parameter.checked);
    let own_again = match receiver {
        Receiver::Value => quote!(#expansion::Unused),
        Receiver::Reference => protocol::again(signature, first),
    };
    let again: Vec<_> = rest
        .iter()
        .map(|parameter| protocol::again(signature, parameter))
        .collect();
    let bars: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| protocol::bar(signature, parameter))
        .collect();
    let result_bar = protocol::result_bar(signature);
    let mut kinds: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| protocol::kind(signature, parameter))
        .collect();
    let again_names: Vec<_> = (0..rest.len()).map(|index| format_ident!("__again_{index}")).collect();
    let bar_names: Vec<_> = (0..bars.len()).map(|index| format_ident!("__bar_{index}")).collect();
    let names = rest.iter().map(|parameter| &parameter.name);
    let handed = match receiver {
        Receiver::Value => quote!(&__own),
        Receiver::Reference => quote!(__own),
    };
    let arguments: Vec<_> = [handed].into_iter().chain(names.map(|name| quote!(#name))).collect();
    let split = signature.call_split(&arguments);
    let body = match receiver {
        // The same once more: rustc does not see that the types of one are those of the other.
        Receiver::Reference => quote! {
            let (__result, __pullback, __kinds) = #split;
            (
                __result,
                move |__own: #own_again, #(#again_names: #again,)* __result: &#erased, __result_bar: #result_bar, #(#bar_names: #bars),*| {
                    __pullback(__own, #(#again_names,)* __result, __result_bar, #(#bar_names),*)
                },
                __kinds,
            )
        },
        Receiver::Value => {
            let differentiated = if first.active {
                quote!(Differentiated)
            } else {
                quote!(Ignored)
            };
            kinds[0] = quote!(#expansion::Kind<#expansion::ByValue, #expansion::#differentiated>);
            quote! {
                let (__result, __pullback, _) = #split;
                (
                    __result,
                    move |_: #own_again, #(#again_names: #again,)* __result: &#erased, __result_bar: #result_bar, #(#bar_names: #bars),*| {
                        __pullback(&__own, #(#again_names,)* __result, __result_bar, #(#bar_names),*)
                    },
                    (#(<#kinds>::new(),)*),
                )
            }
        }
    };
    Some(quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #call #generics (__own: #own, #(#inputs,)* _: fn(#own #(, #types)*) -> #output) -> (
            #output,
            impl ::core::ops::FnOnce(#own_again, #(#again,)* &#erased, #result_bar, #(#bars),*) + use<#captures>,
            (#(#kinds,)*),
        )
        where #predicates
        {
            #body
        }
    })
}

/// `__zeros_call` for an associated function with nothing to differentiate with respect to: the function, and a pullback that does
/// nothing.
// Original: fn zeros(n: usize) -> Self
// Output:   fn __zeros_call(n: usize, …) -> (Self, impl FnOnce(…), kinds)
pub(crate) fn constant(signature: &Signature) -> TokenStream {
    let names = protocol::PullbackNames {
        result: format_ident!("__result"),
        result_bar: format_ident!("__result_bar"),
        bars: (0..signature.parameters.len())
            .map(|index| format_ident!("__bar_{index}"))
            .collect(),
    };
    let Signature { name, turbofish, .. } = signature;
    let arguments = signature.parameters.iter().map(|parameter| &parameter.name);
    let value = quote!(Self::#name #turbofish (#(#arguments),*));
    let split = protocol::split(signature, &names, &TokenStream::new(), &value, &TokenStream::new());
    super::carrier(signature, &split)
}

/// The receiver as the method itself takes it.
fn taken(first: &Parameter, receiver: Receiver) -> TokenStream {
    let own = &first.referent;
    match receiver {
        Receiver::Value => quote!(#own),
        Receiver::Reference if first.written => quote!(&mut #own),
        Receiver::Reference => quote!(&#own),
    }
}
