//! Methods that are called in other ways than `x.m()`: as if they changed their receivers, and by a path.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::api::inline;
use super::{modes, protocol};
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
    let kind = unchanged(signature);
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
    let names = protocol::PullbackNames::invented(signature);
    let Signature { name, turbofish, .. } = signature;
    let arguments = signature.parameters.iter().map(|parameter| &parameter.name);
    let value = quote!(Self::#name #turbofish (#(#arguments),*));
    let split = protocol::split(signature, &names, &TokenStream::new(), &value, &TokenStream::new());
    super::carrier(signature, &TokenStream::new(), &split)
}

/// The same with tangents.
pub(super) fn tangent_forms(signature: &Signature) -> TokenStream {
    let receiver = signature.method.as_ref().and_then(|method| method.receiver);
    let Some((first, _)) = signature.parameters.split_first() else {
        return TokenStream::new();
    };
    let Some(receiver) = receiver.filter(|_| signature.home() != Some(Home::TraitImpl) && !first.written) else {
        return TokenStream::new();
    };
    let doubled = signature.with_tangents(&modes::tangent_names(signature));
    let update = (!signature.is_writing() && first.active).then(|| update_tangent(signature, &doubled));
    let captured = !first.erased.to_string().contains('\'');
    let call = (receiver == Receiver::Reference || captured).then(|| call_tangent(signature, &doubled, receiver));
    quote!(#update #call)
}

/// What the pullback of such a form takes for each parameter but the result and its accumulator, in generated closures.
struct Taken {
    /// Names of what is handed again, and its types.
    again: Vec<(Ident, TokenStream)>,
    /// The same of the accumulators.
    bars: Vec<(Ident, TokenStream)>,
    kinds: Vec<TokenStream>,
}

/// The same for all parameters. Those at the given places are values, which the pullback is not handed again.
fn pullback_of(doubled: &Signature, values: &[usize]) -> Taken {
    let expansion = doubled.expansion();
    let parameters = || doubled.parameters.iter().enumerate();
    let is_value = |index: usize| values.contains(&index);
    Taken {
        again: parameters()
            .map(|(index, parameter)| {
                let ty = if is_value(index) {
                    quote!(#expansion::Unused)
                } else {
                    protocol::again(doubled, parameter)
                };
                (format_ident!("__again_{index}"), ty)
            })
            .collect(),
        bars: parameters()
            .map(|(index, parameter)| (format_ident!("__bar_{index}"), protocol::bar(doubled, parameter)))
            .collect(),
        kinds: parameters()
            .map(|(index, parameter)| match (is_value(index), parameter.active) {
                (false, _) => protocol::kind(doubled, parameter),
                (true, true) => quote!(#expansion::Kind<#expansion::ByValue, #expansion::Differentiated>),
                (true, false) => quote!(#expansion::Kind<#expansion::ByValue, #expansion::Ignored>),
            })
            .collect(),
    }
}

// Original: fn area(&self, k: f64) -> f64
// Output:   fn __area_update_tangent(self, mode, k: f64, self_dot, k_dot, …) -> (((f64, Self), tangents), impl FnOnce(…), kinds)
fn update_tangent(signature: &Signature, doubled: &Signature) -> TokenStream {
    let expansion = signature.expansion();
    let Signature {
        generics,
        predicates,
        captures,
        erased_output: pair,
        ..
    } = doubled;
    let count = signature.parameters.len();
    let first = &signature.parameters[0];
    let (own, output, value) = (&first.referent, &signature.checked_output, &signature.erased_output);
    let (attributes, unchanged) = (inline(signature), unchanged(signature));
    let visibility = signature.hidden_visibility();
    let update = signature.named("__update_tangent");
    let inputs = protocol::inputs(doubled).split_off(2);
    let types = signature.parameters[1..].iter().map(|parameter| &parameter.checked);
    let Taken { again, bars, kinds } = pullback_of(doubled, &[0, count]);
    let tangent = |ty: &TokenStream| quote!(<#ty as #expansion::Differentiable>::Tangent);
    let bar = |ty: &TokenStream| quote!(<#ty as #expansion::Differentiable>::Accumulator<'_>);
    let (dot, own_dot) = (tangent(value), tangent(own));
    let both = quote!(((#value, #own), (#dot, #own_dot)));
    let result_bar = {
        let parts = [value, own, &dot, &own_dot].map(bar);
        let [value, own, dot, own_dot] = &parts;
        quote!(#expansion::Bar<'_, ((#value, #own), (#dot, #own_dot))>)
    };
    let names = |parameters: &[Parameter]| -> Vec<TokenStream> {
        let names = parameters.iter().map(|parameter| &parameter.name);
        names.map(|name| quote!(#name)).collect()
    };
    let mut arguments = names(&doubled.parameters);
    let own_tangent = arguments[count].clone();
    arguments[0] = quote!(&__own);
    arguments[count] = quote!(::core::option::Option::Some(&__own_dot));
    let split = doubled.call_split_tangent(&quote!(__mode), &arguments);
    let handed = again.iter().enumerate().map(|(index, (name, _))| match index {
        0 => quote!(&__result.0.1),
        _ if index == count => quote!(::core::option::Option::Some(&__result.1.1)),
        _ => quote!(#name),
    });
    let given_bars = bars.iter().enumerate().map(|(index, (name, _))| match index {
        0 => quote!(#expansion::Bar(&mut *#name.0)),
        _ if index == count => quote!(#expansion::Bar(&mut *#name.0)),
        _ => quote!(#name),
    });
    let (again_names, again_types): (Vec<_>, Vec<_>) = again.iter().cloned().unzip();
    let (bar_names, bar_types): (Vec<_>, Vec<_>) = bars.iter().cloned().unzip();
    let (own_bar, own_dot_bar) = (&bar_names[0], &bar_names[count]);
    let transfer = signature.differentiable(first);
    let [transfer_dot, value_transfer, value_transfer_dot] =
        [&own_dot, value, &dot].map(|ty| quote!(<#ty as #expansion::Differentiable>));
    quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #update #generics (
            self, __mode: __Mode, #(#inputs,)* _: fn(#own #(, #types)*) -> ((#output, #own), #unchanged)
        ) -> (
            #both,
            impl ::core::ops::FnOnce(#(#again_types,)* &#both, #result_bar, #(#bar_types),*) + use<#captures>,
            (#(#kinds,)*),
        )
        where #predicates for<'__tapeless_clone> #value: ::core::clone::Clone
        {
            let __own = self;
            let __own_dot = match #own_tangent {
                ::core::option::Option::Some(__dot) => ::core::clone::Clone::clone(__dot),
                ::core::option::Option::None => #transfer::zero_tangent(&__own),
            };
            let (__pair, __pullback, _) = #split;
            // The pullback wants the pair, the caller what it puts together of it.
            let __kept: #pair = ::core::clone::Clone::clone(&__pair);
            (
                ((__pair.0, __own), (__pair.1, __own_dot)),
                move |#(#again_names: #again_types,)* __result: &#both, __result_bar: #result_bar, #(#bar_names: #bar_types),*| {
                    let (mut __slot, mut __dot_slot) = ::core::default::Default::default();
                    let mut __bars = (
                        #value_transfer::accumulator(&mut __slot),
                        #value_transfer_dot::accumulator(&mut __dot_slot),
                    );
                    #value_transfer::transfer(&__result_bar.0.0.0, &mut __bars.0);
                    #value_transfer_dot::transfer(&__result_bar.0.1.0, &mut __bars.1);
                    __pullback(#(#handed,)* &__kept, #expansion::Bar(&mut __bars), #(#given_bars),*);
                    #transfer::transfer(&__result_bar.0.0.1, #own_bar.0);
                    #transfer_dot::transfer(&__result_bar.0.1.1, #own_dot_bar.0);
                },
                (#(<#kinds>::new(),)*),
            )
        }
    }
}

// Original: fn area(self, k: f64) -> f64
// Output:   fn __area_call_tangent(mode, own: Self, k: f64, self_dot, k_dot, …) -> ((f64, f64), impl FnOnce(…), kinds)
fn call_tangent(signature: &Signature, doubled: &Signature, receiver: Receiver) -> TokenStream {
    let Signature {
        generics,
        predicates,
        captures,
        checked_output: output,
        erased_output: pair,
        ..
    } = doubled;
    let count = signature.parameters.len();
    let first = &signature.parameters[0];
    let (own, value) = match receiver {
        Receiver::Value => (&first.referent, &signature.checked_output),
        Receiver::Reference => (&first.checked, &signature.checked_output),
    };
    let attributes = inline(signature);
    let visibility = signature.hidden_visibility();
    let call = signature.named("__call_tangent");
    let inputs = protocol::inputs(doubled).split_off(2);
    let types = signature.parameters[1..].iter().map(|parameter| &parameter.checked);
    let by_value: &[usize] = match receiver {
        Receiver::Value => &[0, count],
        Receiver::Reference => &[],
    };
    let Taken { again, bars, kinds } = pullback_of(doubled, by_value);
    let mut arguments: Vec<_> = doubled
        .parameters
        .iter()
        .map(|parameter| {
            let name = &parameter.name;
            quote!(#name)
        })
        .collect();
    let own_tangent = arguments[count].clone();
    let is_owned = receiver == Receiver::Value;
    arguments[0] = if is_owned { quote!(&__own) } else { quote!(__own) };
    let transfer = signature.differentiable(first);
    let kept = (is_owned && first.active).then(|| {
        quote! {
            let __own_dot = match #own_tangent {
                ::core::option::Option::Some(__dot) => ::core::clone::Clone::clone(__dot),
                ::core::option::Option::None => #transfer::zero_tangent(&__own),
            };
        }
    });
    if kept.is_some() {
        arguments[count] = quote!(::core::option::Option::Some(&__own_dot));
    }
    let split = doubled.call_split_tangent(&quote!(__mode), &arguments);
    let handed = again.iter().enumerate().map(|(index, (name, _))| match index {
        0 if is_owned => quote!(&__own),
        _ if index == count && kept.is_some() => quote!(::core::option::Option::Some(&__own_dot)),
        _ => quote!(#name),
    });
    let (again_names, again_types): (Vec<_>, Vec<_>) = again.iter().cloned().unzip();
    let (bar_names, bar_types): (Vec<_>, Vec<_>) = bars.iter().cloned().unzip();
    let result_bar = protocol::result_bar(doubled);
    quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #call #generics (
            __mode: __Mode, __own: #own, #(#inputs,)* _: fn(#own #(, #types)*) -> #value
        ) -> (
            #output,
            impl ::core::ops::FnOnce(#(#again_types,)* &#pair, #result_bar, #(#bar_types),*) + use<#captures>,
            (#(#kinds,)*),
        )
        where #predicates
        {
            #kept
            let (__result, __pullback, _) = #split;
            (
                __result,
                move |#(#again_names: #again_types,)* __result: &#pair, __result_bar: #result_bar, #(#bar_names: #bar_types),*| {
                    __pullback(#(#handed,)* __result, __result_bar, #(#bar_names),*)
                },
                (#(<#kinds>::new(),)*),
            )
        }
    }
}

/// The kind of a receiver that is handed over as if it were written to, and is not.
fn unchanged(signature: &Signature) -> TokenStream {
    let expansion = signature.expansion();
    quote!(#expansion::Kind<#expansion::ByValue<#expansion::Unchanged>, #expansion::Differentiated>)
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
