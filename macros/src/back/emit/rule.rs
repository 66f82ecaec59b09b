//! `#[derivative_of]`: the derivatives of a function by a rule written by hand.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::protocol::{self, PullbackNames};
use super::{api, carrier, chunk, directional, joint, modes};
use crate::back::graph;
use crate::ir::signature::Signature;

/// The type that carries the derivatives of `function`, by way of the rule.
// Input:  #[derivative_of(f)] fn rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) { … }
// Output: struct f {}  impl f { grad, …, __split }
pub(crate) fn rule(signature: &Signature, function: &TokenStream, rule: &Ident, captures: bool) -> TokenStream {
    let split = split(signature, function, rule, captures);
    let (functions, modes) = (api::api(signature, false), rule_modes(signature, rule));
    let graph = graph::rule(signature, &signature.name.to_string());
    let joint = joint::by_split(signature);
    let carrier = carrier(
        signature,
        &TokenStream::new(),
        &quote!(#functions #graph #split #joint #modes),
    );
    let directional = directional(signature);
    quote!(#carrier #directional)
}

/// Forward, by way of the rule: one component of the result's tangent is the gradient of that component times the tangents of
/// the parameters. The rule does not say what its own derivative is.
fn rule_modes(signature: &Signature, rule: &Ident) -> TokenStream {
    let (kinds, functions) = (
        protocol::kinds_function(signature),
        modes::functions(signature, false, false),
    );
    let names = modes::tangent_names(signature);
    let expansion = signature.expansion();
    let turbofish = &signature.turbofish;
    let active: Vec<_> = signature
        .parameters
        .iter()
        .zip(&names)
        .filter(|(parameter, _)| parameter.active)
        .collect();
    let count = active.len();
    let products = active.into_iter().enumerate().map(|(index, (parameter, tangent))| {
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let part = if count == 1 {
            quote!(__gradient)
        } else {
            quote!(__gradient.#index)
        };
        let tangent = match (parameter.is_slice(), parameter.by_reference) {
            (true, _) => quote!(&#expansion::to_vec(#tangent)),
            (false, true) => quote!(#tangent),
            (false, false) => quote!(&#tangent),
        };
        quote!(#expansion::Tangent::inner_product(&#part, #tangent))
    });
    let arguments = protocol::cloned_arguments(signature);
    let forward = quote! {
        let (__value, _) = #rule #turbofish (#(#arguments),*);
        let __tangent = #expansion::tangent_by_rule(&__value, |__seed| {
            let (_, __pullback) = #rule #turbofish (#(#arguments),*);
            let __gradient = __pullback(__seed);
            0.0 #(+ #products)*
        });
    };
    let message = format!(
        "`{}` has a rule of its own, which says nothing about its second derivative: `hvp` goes through it, which is not possible",
        signature.name
    );
    let doubled = signature.with_tangents(&names);
    let split = protocol::split(
        &doubled,
        &PullbackNames::invented(&doubled),
        &forward,
        &quote!((__value, __tangent)),
        &quote!(const { ::core::assert!(!<__Mode as #expansion::Mode>::TWICE, #message) }),
    );
    let chunk = chunk::lane_by_lane(signature);
    quote!(#kinds #split #functions #chunk)
}

fn split(signature: &Signature, function: &TokenStream, rule: &Ident, captures: bool) -> TokenStream {
    let expansion = signature.expansion();
    let Signature {
        turbofish,
        checked_output: output,
        parameters,
        ..
    } = signature;
    let arguments: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
    let kept: Vec<_> = parameters
        .iter()
        .filter(|parameter| !parameter.is_handed_again())
        .map(|parameter| &parameter.name)
        .collect();
    let names = PullbackNames::invented(signature);
    // A rule that borrows its arguments cannot be kept: it runs in the reverse sweep, where they are handed over again.
    let (forward, pullback) = if captures {
        (
            quote!(let (__value, __pullback) = #rule #turbofish (#(#arguments),*);),
            quote!(),
        )
    } else {
        (
            quote! {
                let __value: #output = {
                    #(let #kept = #expansion::Own(&#kept).owned();)*
                    #function(#(#arguments),*)
                };
            },
            quote!(let (_, __pullback) = #rule #turbofish (#(#arguments),*);),
        )
    };
    let flows = flows(signature, &names);
    let reverse = quote! {
        let __like = #expansion::Like::of(__result);
        let mut __slot = __like.slot();
        __like.transfer(__result_bar, &mut __like.accumulator(&mut __slot));
        #pullback
        let __gradient = __pullback(<#output as #expansion::Differentiable>::take(__slot, __like.shape()));
        #flows
    };
    protocol::split(signature, &names, &forward, &quote!(__value), &reverse)
}

/// Adds the rule's result, `__gradient`, to the accumulators.
pub(super) fn flows(signature: &Signature, names: &PullbackNames) -> TokenStream {
    let expansion = signature.expansion();
    let bars = signature.parameters.iter().zip(&names.bars);
    let active: Vec<_> = bars.filter(|(parameter, _)| parameter.active).collect();
    let count = active.len();
    let flows = active.into_iter().enumerate().map(|(index, (parameter, bar))| {
        let ty = &parameter.erased;
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let cotangent = if count == 1 {
            quote!(__gradient)
        } else {
            quote!(__gradient.#index)
        };
        quote! {{
            let mut __slot = <#ty as #expansion::Differentiable>::seed(#cotangent);
            <#ty as #expansion::Differentiable>::transfer(
                &<#ty as #expansion::Differentiable>::accumulator(&mut __slot),
                #bar,
            );
        }}
    });
    quote!(#(#flows)*)
}
