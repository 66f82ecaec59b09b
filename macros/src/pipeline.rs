//! The passes in order.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ItemFn;

use crate::back::{emit, fallback, graph};
use crate::errors::Errors;
use crate::front::args::Args;
use crate::front::{function, lower, rule, validate};
use crate::ir::verify;
use crate::passes::{activity, reverse, simplify};

/// `#[differentiable]` on a function: the function, and its derivatives or what is wrong with it.
pub(crate) fn differentiable(args: &Args, item: &ItemFn) -> TokenStream {
    let primal = function::primal(item).into_token_stream();
    let mut errors = Errors::default();
    let derivatives = derivatives(args, item, &mut errors);
    let errors = errors.to_tokens();
    quote!(#primal #derivatives #errors)
}

/// `#[derivative_of]` on a function: the rule, and the derivatives that it gives another function.
pub(crate) fn derivative_of(args: &rule::Args, item: &ItemFn) -> TokenStream {
    let mut errors = Errors::default();
    let own = function::primal(item).into_token_stream();
    let derivatives = rule::rule(item, args, &mut errors)
        .map(|rule| emit::rule(&rule.signature, &rule.function, &rule.rule, rule.captures));
    let errors = errors.to_tokens();
    quote!(#own #derivatives #errors)
}

fn derivatives(args: &Args, item: &ItemFn, errors: &mut Errors) -> TokenStream {
    validate::validate(item, args, errors);
    let mut function = function::function(item, args);
    if !errors.is_empty() {
        return fallback::fallback(&function.signature);
    }
    let mut program = lower::lower(&function.parameters, &function.body, &mut function.names, errors);
    if !errors.is_empty() {
        return fallback::fallback(&function.signature);
    }
    debug_assert_eq!(verify::verify(&program), Ok(()));
    simplify::simplify(&mut program);
    debug_assert_eq!(verify::verify(&program), Ok(()));
    activity::activity(&mut program);
    let (adjoint, aliases) = reverse::reverse(&program);
    let graph = graph::graph(&function.signature, &program);
    emit::emit(&function.signature, &program, &adjoint, &aliases, &graph)
}
