//! `#[derivative_of]`: the derivatives of a function by a rule written by hand.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::protocol::{self, PullbackNames};
use super::{api, carrier};
use crate::back::graph;
use crate::ir::signature::Signature;

/// The type that carries the derivatives of `function`, by way of the rule.
// Input:  #[derivative_of(f)] fn rule(x: f64) -> (f64, impl FnOnce(f64) -> f64) { … }
// Output: struct f {}  impl f { grad, …, __split }
pub(crate) fn rule(signature: &Signature, function: &TokenStream, rule: &Ident, captures: bool) -> TokenStream {
    let split = split(signature, function, rule, captures);
    let functions = api::api(signature, false);
    let graph = graph::rule(signature, &signature.name.to_string());
    carrier(signature, &quote!(#functions #graph #split))
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
    let names = PullbackNames {
        result: format_ident!("__result"),
        result_bar: format_ident!("__result_bar"),
        bars: parameters
            .iter()
            .map(|parameter| format_ident!("__{}_bar", parameter.name))
            .collect(),
    };
    // A rule that borrows its arguments cannot be kept: it runs in the reverse sweep, where they are handed over again.
    let (forward, pullback) = if captures {
        (
            quote!(let (__value, __pullback) = #rule #turbofish (#(#arguments),*);),
            quote!(),
        )
    } else {
        (
            quote! {
                use #expansion::methods::CloneOwned as _;
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

/// Adds the rule's result to the accumulators.
fn flows(signature: &Signature, names: &PullbackNames) -> TokenStream {
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
