//! The protocol between a function's derivative and its callers: the signature of `__split` and of the pullback.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::api::inline;
use crate::ir::Extent;
use crate::ir::signature::{Parameter, Receiver, Signature};

/// The names that the inside of a pullback uses.
pub(super) struct PullbackNames {
    /// The result.
    pub(super) result: Ident,
    /// The accumulator with the result's cotangent.
    pub(super) result_bar: Ident,
    /// The accumulators of the parameters.
    pub(super) bars: Vec<Ident>,
}

impl PullbackNames {
    /// Names for the inside of a pullback that is not made from a program.
    pub(super) fn invented(signature: &Signature) -> Self {
        Self {
            result: format_ident!("__result"),
            result_bar: format_ident!("__result_bar"),
            bars: (0..signature.parameters.len())
                .map(|index| format_ident!("__bar_{index}"))
                .collect(),
        }
    }
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
    let opened = opened(names);
    let kinds = kinds(signature);
    let (given, given_again) = (given_tangents(signature, false), given_tangents(signature, true));
    let receiver = receiver(signature);
    quote! {
        #header {
            #receiver
            #given
            #forward
            (#result, move |#arguments| { #opened #given_again #reverse }, #kinds)
        }
    }
}

/// `__kinds`: what each parameter is.
pub(super) fn kinds_function(signature: &Signature) -> TokenStream {
    let types = signature.parameters.iter().map(|parameter| kind(signature, parameter));
    let kinds = kinds(signature);
    quote! {
        #[doc(hidden)]
        #[inline]
        pub fn __kinds(&self) -> (#(#types,)*) { #kinds }
    }
}

/// Zero in the place of tangents that are not given.
// Output: let zero; let x_dot = match x_dot { Some(x_dot) => x_dot, None => { zero = …; &zero } };
pub(super) fn given_tangents(signature: &Signature, again: bool) -> TokenStream {
    let tangents = signature.parameters.iter().filter(|parameter| parameter.active);
    tangents
        .filter_map(|parameter| {
            let name = &parameter.name;
            let of = parameter.tangent_of.as_ref()?;
            let original = signature.parameters.iter().find(|original| original.name == *of)?;
            let ty = signature.differentiable(original);
            let zero = format_ident!("__{}_zero", name);
            match (parameter.by_reference, again) {
                (true, _) => {
                    let zero = quote!(#zero);
                    let borrowed = original.borrowed_tangent(&zero);
                    Some(quote! {
                        let #zero;
                        let #name = match #name {
                            ::core::option::Option::Some(#name) => #name,
                            ::core::option::Option::None => { #zero = #ty::zero_tangent(#of); #borrowed }
                        };
                    })
                }
                (false, false) => {
                    // A method's callers hand over references.
                    let own = match signature.method {
                        Some(_) => quote!(::core::clone::Clone::clone(#name)),
                        None => quote!(#name),
                    };
                    Some(quote! {
                        let #name = match #name {
                            ::core::option::Option::Some(#name) => #own,
                            ::core::option::Option::None => #ty::zero_tangent(&#of),
                        };
                    })
                }
                (false, true) => None,
            }
        })
        .collect()
}

/// What a parameter that takes a tangent is given: nothing stands for zero.
fn tangent_input(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let (expansion, ty) = (signature.expansion(), &parameter.checked);
    match (parameter.active, parameter.by_reference || signature.method.is_some()) {
        (false, _) => quote!(#expansion::Unused),
        (true, true) => quote!(::core::option::Option<&#ty>),
        (true, false) => quote!(::core::option::Option<#ty>),
    }
}

/// Takes the accumulators out of their wrappers.
pub(super) fn opened(names: &PullbackNames) -> TokenStream {
    let bars = [&names.result_bar].into_iter().chain(&names.bars);
    bars.map(|bar| quote!(let #bar = #bar.0;)).collect()
}

/// The parameters of the forward sweep.
pub(super) fn inputs(signature: &Signature) -> Vec<TokenStream> {
    let receiver = signature.method.as_ref().map(|method| method.receiver.is_some());
    let carrier = receiver.is_none().then(|| quote!(self));
    let parameters = signature.parameters.iter().enumerate().map(|(index, parameter)| {
        let (name, ty) = (&parameter.name, &parameter.checked);
        if parameter.tangent_of.is_some() {
            let ty = tangent_input(signature, parameter);
            return quote!(#name: #ty);
        }
        match (index, receiver, parameter.written) {
            (0, Some(true), true) => quote!(self),
            (0, Some(true), false) => quote!(&self),
            _ => quote!(#name: #ty),
        }
    });
    let mode = signature.pair.is_some().then(|| quote!(__mode: __Mode));
    // Behind what is written to, so that a method and a function of a type are called alike by a path.
    let written = signature.parameters.first().is_some_and(|first| first.written);
    let own = usize::from(receiver != Some(false) || written);
    let mut inputs: Vec<_> = carrier.into_iter().chain(parameters).collect();
    inputs.splice(own..own, mode);
    inputs
}

/// The receiver under the name that the code has for it.
pub(super) fn receiver(signature: &Signature) -> Option<TokenStream> {
    signature.method.as_ref()?.receiver?;
    let first = &signature.parameters.first()?.name;
    Some(quote!(let #first = self;))
}

/// The signature of the forward sweep.
pub(super) fn header(signature: &Signature) -> TokenStream {
    let Signature {
        generics,
        predicates,
        captures,
        checked_output: output,
        parameters,
        method,
        ..
    } = signature;
    let attributes = inline(signature);
    let (split, visibility) = (signature.split_name(), signature.hidden_visibility());
    let inputs = inputs(signature);
    // A method's callers say what its value is, see `Emitter::method_call`.
    let plain = method.as_ref().map(|_| plain(signature));
    let pullback = pullback(signature);
    let kinds = parameters.iter().map(|parameter| kind(signature, parameter));
    quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #split #generics (#(#inputs,)* #plain) -> (
            #output,
            impl ::core::ops::FnOnce(#pullback) + use<#captures>,
            (#(#kinds,)*),
        )
        where #predicates
    }
}

/// `__again`, with the given body; `kept` are the arguments by value.
pub(super) fn run_again<'s>(
    signature: &'s Signature,
    kept: impl Iterator<Item = (Ident, &'s TokenStream)>,
    body: &TokenStream,
) -> TokenStream {
    let Signature {
        generics,
        predicates,
        captures,
        checked_output: output,
        parameters,
        ..
    } = signature;
    let (attributes, again, visibility) = (
        inline(signature),
        signature.named("__again"),
        signature.hidden_visibility(),
    );
    let pullback = pullback(signature);
    let kept = kept.map(|(name, ty)| quote!(#name: #ty,));
    let kinds = parameters.iter().map(|parameter| kind(signature, parameter));
    quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #again #generics (#(#kept)* __value: #output) -> (
            #output,
            impl ::core::ops::FnOnce(#pullback) + use<#captures>,
            (#(#kinds,)*),
        )
        where #predicates
        {
            #body
        }
    }
}

/// The signature of `__joint`.
pub(super) fn joint_header(signature: &Signature, names: &PullbackNames) -> TokenStream {
    let Signature {
        generics,
        predicates,
        checked_output: output,
        parameters,
        ..
    } = signature;
    let attributes = inline(signature);
    let inputs = inputs(signature);
    let (joint, visibility) = (signature.joint_name(), signature.hidden_visibility());
    let bars = parameters.iter().zip(&names.bars).map(|(parameter, name)| {
        let ty = bar(signature, parameter);
        quote!(#name: #ty)
    });
    let (result_bar, result_type) = (&names.result_bar, result_bar(signature));
    quote! {
        #[doc(hidden)]
        #attributes
        #visibility fn #joint #generics (#(#inputs,)* #result_bar: #result_type, #(#bars),*) -> #output
        where #predicates
    }
}

/// The type of a method as it is called. What is written to comes out with the result; only the first parameter, the receiver
/// mostly, is written to in its place.
fn plain(signature: &Signature) -> TokenStream {
    let Signature {
        method,
        parameters,
        checked_output: output,
        checked_value: value,
        ..
    } = signature;
    if let Some(value) = &signature.paired_value {
        // With tangents, what is written to comes in and out as a value.
        let receiver = method.as_ref().and_then(|method| method.receiver);
        let own = parameters.iter().filter(|parameter| parameter.tangent_of.is_none());
        let types = own.enumerate().map(|(index, parameter)| match receiver {
            Some(Receiver::Value) if index == 0 => &parameter.referent,
            _ => &parameter.checked,
        });
        let result = match parameters.first().filter(|first| first.written) {
            // Whose kind says that it is written to, see `Emitter::without_forward_mode`.
            Some(first) => {
                let kind = kind(signature, first);
                quote!((#value, #kind))
            }
            None => quote!(#value),
        };
        return quote!(_: fn(#(#types),*) -> #result,);
    }
    let Some((first, rest)) = parameters.split_first().filter(|(first, _)| first.written) else {
        let receiver = method.as_ref().and_then(|method| method.receiver);
        let types = parameters.iter().enumerate().map(|(index, parameter)| match receiver {
            // Taken by reference here, but not by the method.
            Some(Receiver::Value) if index == 0 => &parameter.referent,
            _ => &parameter.checked,
        });
        return quote!(_: fn(#(#types),*) -> #output,);
    };
    let own = &first.checked;
    let types = rest.iter().map(|parameter| &parameter.checked);
    let written: Vec<_> = rest
        .iter()
        .filter(|parameter| parameter.written)
        .map(|parameter| &parameter.checked)
        .collect();
    if written.is_empty() {
        quote!(_: fn(&mut #own #(, #types)*) -> #value,)
    } else {
        quote!(_: fn(&mut #own #(, #types)*) -> (#value, #(#written),*),)
    }
}

/// What the pullback takes: the arguments by reference again, the result and its cotangent, an accumulator each.
fn pullback(signature: &Signature) -> TokenStream {
    let output = &signature.erased_output;
    let again = signature.parameters.iter().map(|parameter| again(signature, parameter));
    let bars = signature.parameters.iter().map(|parameter| bar(signature, parameter));
    let result = result_bar(signature);
    quote! {
        #(#again,)*
        &#output,
        #result,
        #(#bars),*
    }
}

/// The type of the result's accumulator.
pub(super) fn result_bar(signature: &Signature) -> TokenStream {
    let (expansion, ty) = (signature.expansion(), signature.differentiable_output());
    let span = Extent::of(&signature.output).first;
    if let Some(accumulator) = &signature.result_accumulator {
        return quote!(#expansion::Bar<'_, #accumulator>);
    }
    if let Some([value, tangent]) = &signature.pair {
        // Not as the accumulator of a pair: what is behind a constant is not seen through there.
        let part = |ty| quote_spanned!(span=> <#ty as #expansion::Differentiable>::Accumulator<'_>);
        let (value, tangent) = (part(value), part(tangent));
        return quote_spanned!(span=> #expansion::Bar<'_, (#value, #tangent)>);
    }
    quote_spanned!(span=> #expansion::Bar<'_, #ty::Accumulator<'_>>)
}

/// The arguments of a function that is called more than once.
pub(super) fn cloned_arguments(signature: &Signature) -> Vec<TokenStream> {
    let expansion = signature.expansion();
    let cloned = |parameter: &Parameter| {
        let name = &parameter.name;
        if parameter.is_handed_again() {
            quote!(#name)
        } else {
            quote!(#expansion::Own(&#name).owned())
        }
    };
    signature.parameters.iter().map(cloned).collect()
}

pub(super) fn arguments(signature: &Signature, names: &PullbackNames) -> TokenStream {
    let output = &signature.erased_output;
    let again = signature.parameters.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, again(signature, parameter));
        if parameter.is_handed_again() {
            quote!(#name: #ty)
        } else {
            quote!(_: #ty)
        }
    });
    let bars = signature
        .parameters
        .iter()
        .zip(&names.bars)
        .map(|(parameter, bar_name)| {
            let ty = bar(signature, parameter);
            quote!(#bar_name: #ty)
        });
    let PullbackNames { result, result_bar, .. } = names;
    let result_type = self::result_bar(signature);
    quote! {
        #(#again,)*
        #result: &#output,
        #result_bar: #result_type,
        #(#bars),*
    }
}

/// What each parameter is, as a value.
pub(super) fn kinds(signature: &Signature) -> TokenStream {
    let kinds = signature.parameters.iter().map(|parameter| {
        let ty = kind(signature, parameter);
        quote!(<#ty>::new())
    });
    quote!((#(#kinds,)*))
}

pub(super) fn kind(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let expansion = signature.expansion();
    let reference = if parameter.is_handed_again() {
        quote!(ByReference)
    } else {
        quote!(ByValue)
    };
    let differentiated = match (parameter.active, parameter.is_slice()) {
        (true, true) => quote!(DifferentiatedSlice),
        (true, false) => quote!(Differentiated),
        (false, _) => quote!(Ignored),
    };
    quote!(#expansion::Kind<#expansion::#reference, #expansion::#differentiated>)
}

pub(super) fn again(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let (expansion, ty) = (signature.expansion(), &parameter.erased);
    if parameter.tangent_of.is_some() && parameter.by_reference {
        tangent_input(signature, parameter)
    } else if parameter.is_handed_again() {
        quote!(&#ty)
    } else {
        quote!(#expansion::Unused)
    }
}

pub(super) fn bar(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let expansion = signature.expansion();
    if parameter.active {
        let ty = signature.differentiable(parameter);
        quote_spanned!(parameter.span=> #expansion::Bar<'_, #ty::Accumulator<'_>>)
    } else {
        quote!(#expansion::Bar<'_, #expansion::Ignore>)
    }
}
