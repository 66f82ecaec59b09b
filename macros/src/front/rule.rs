//! `#[derivative_of(f)]`: a rule written by hand, as a function with the shape of `f::vjp`.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{CapturedParam, ItemFn, Path, ReturnType, Token, Type, TypeImplTrait, TypeParamBound};

use super::args;
use super::function;
use crate::errors::Errors;
use crate::ir::signature::Signature;

/// What `#[derivative_of(…)]` was told.
#[derive(Default)]
pub(crate) struct Args {
    /// The function that the rule is for. None if it could not be read, which has been reported.
    pub(crate) function: Option<Path>,
    krate: Option<Path>,
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(input.error("name the function that the rule is for: `#[derivative_of(function)]`"));
        }
        let function = Some(input.parse()?);
        let mut krate = None;
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                krate = Some(args::parse_crate(input)?);
            }
        }
        Ok(Self { function, krate })
    }
}

/// A rule, taken apart.
pub(crate) struct Rule {
    /// The signature of the function that the rule is for.
    pub(crate) signature: Signature,
    /// The function's path.
    pub(crate) function: TokenStream,
    /// The name of the rule.
    pub(crate) rule: Ident,
    /// True if the rule's pullback borrows nothing and can be kept.
    pub(crate) captures: bool,
}

/// The function that the rule is for, as far as it is known: by its name, with the rule's parameters.
pub(crate) fn function_of(item: &ItemFn, args: &Args) -> Option<Signature> {
    let mut like = item.clone();
    like.sig.ident = args.function.as_ref()?.segments.last()?.ident.clone();
    like.sig.output = ReturnType::Default;
    let arguments = args::Args {
        checkpoints: None,
        wrt: None,
        forward: false,
        recursive: None,
        krate: args.krate.clone(),
    };
    Some(function::function(&like, &arguments).signature)
}

/// Takes the rule apart.
pub(crate) fn rule(item: &ItemFn, args: &Args, errors: &mut Errors) -> Option<Rule> {
    let shape = "a rule returns the value and its pullback, like `vjp`: `-> (Y, impl FnOnce(Y) -> X)`";
    let ReturnType::Type(_, ty) = &item.sig.output else {
        errors.add(&item.sig.ident, shape);
        return None;
    };
    let Some((output, pullback)) = value_and_pullback(ty) else {
        errors.add(ty, shape);
        return None;
    };
    let path = args.function.as_ref()?;
    let last = path.segments.last()?;
    let mut like = item.clone();
    like.sig.ident = last.ident.clone();
    like.sig.output = syn::parse_quote!(-> #output);
    let arguments = args::Args {
        checkpoints: None,
        wrt: None,
        forward: false,
        recursive: None,
        krate: args.krate.clone(),
    };
    super::validate::validate(&like, &arguments, errors);
    if !errors.is_empty() {
        return None;
    }
    let signature = function::function(&like, &arguments).signature;
    let by_reference = signature.parameters.iter().any(|parameter| parameter.by_reference);
    Some(Rule {
        captures: !by_reference || captures_no_lifetime(pullback),
        signature,
        function: path.to_token_stream(),
        rule: item.sig.ident.clone(),
    })
}

fn value_and_pullback(ty: &Type) -> Option<(&Type, &TypeImplTrait)> {
    let Type::Tuple(tuple) = ty else { return None };
    let (Some(value), Some(Type::ImplTrait(pullback)), 2) =
        (tuple.elems.first(), tuple.elems.last(), tuple.elems.len())
    else {
        return None;
    };
    let is_function = pullback.bounds.iter().any(super::types::is_function_bound);
    is_function.then_some((value, pullback))
}

/// True for `impl FnOnce(…) -> … + use<T>`, which says that no lifetime is captured.
fn captures_no_lifetime(pullback: &TypeImplTrait) -> bool {
    pullback.bounds.iter().any(|bound| match bound {
        TypeParamBound::PreciseCapture(capture) => !capture
            .params
            .iter()
            .any(|parameter| matches!(parameter, CapturedParam::Lifetime(_))),
        _ => false,
    })
}
