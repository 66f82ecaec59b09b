//! The function that the attribute stands on.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, FnArg, GenericParam, Generics, ItemFn, Pat, PatType, ReturnType, Type, TypeParam, WherePredicate,
};

use super::args::Args;
use super::lower;
use super::resolve::{self, Names};
use super::types;
use crate::ir::signature::{Parameter, Signature};

/// Attributes that apply to whatever is generated.
const CONDITIONS: &[&str] = &["cfg", "cfg_attr"];
/// Attributes that are carried to the derivatives.
const FUNCTION_ATTRIBUTES: &[&str] = &["inline", "cold", "track_caller", "target_feature"];
/// Attributes that are carried to the type that carries the derivatives.
const TYPE_ATTRIBUTES: &[&str] = &["deprecated"];

/// A function, ready for lowering.
pub(crate) struct Function {
    pub(crate) signature: Signature,
    pub(crate) parameters: Vec<lower::Parameter>,
    pub(crate) body: syn::Block,
    pub(crate) names: Names,
}

/// The user's function without the attributes that are this crate's own.
pub(crate) fn primal(item: &ItemFn) -> ItemFn {
    let mut item = item.clone();
    for input in &mut item.sig.inputs {
        if let FnArg::Typed(typed) = input {
            typed.attrs.retain(|attribute| !is_no_diff(attribute));
        }
    }
    item
}

/// True for `#[no_diff]`.
pub(crate) fn is_no_diff(attribute: &Attribute) -> bool {
    attribute.path().is_ident("no_diff")
}

/// Takes the function apart. Its signature has been validated.
pub(crate) fn function(item: &ItemFn, args: &Args) -> Function {
    let mut names = Names::default();
    names.reserve(item.to_token_stream());
    let mut generics = item.sig.generics.clone();
    let inputs: Vec<_> = item
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let mut patterns: Vec<Pat> = inputs.iter().map(|input| (*input.pat).clone()).collect();
    let mut body = (*item.block).clone();
    resolve::resolve(&mut patterns, &mut body, &mut names);
    let mut parameters = Vec::new();
    let mut lowered = Vec::new();
    for (input, pattern) in inputs.into_iter().zip(patterns) {
        let ty = named_type(&input.ty, &mut generics, &mut names);
        let active = is_active(input, args, &item.sig.generics);
        let (parameter, lower) = parameter(&ty, pattern, active, &mut names);
        parameters.push(parameter);
        lowered.push(lower);
    }
    let signature = signature(item, args, generics, parameters);
    Function {
        signature,
        parameters: lowered,
        body,
        names,
    }
}

/// `impl Trait` gets a name, so that generated code can mention the type.
fn named_type(ty: &Type, generics: &mut Generics, names: &mut Names) -> Type {
    match ty {
        Type::ImplTrait(implementor) => {
            let name = names.fresh("Impl", proc_macro2::Span::call_site());
            let bounds = &implementor.bounds;
            let parameter: TypeParam = syn::parse_quote!(#name: #bounds);
            generics.params.push(GenericParam::Type(parameter));
            syn::parse_quote!(#name)
        }
        Type::Reference(reference) => {
            let mut reference = reference.clone();
            *reference.elem = named_type(&reference.elem, generics, names);
            Type::Reference(reference)
        }
        ty => ty.clone(),
    }
}

fn is_active(input: &PatType, args: &Args, generics: &Generics) -> bool {
    if input.attrs.iter().any(is_no_diff) || types::is_discrete(&input.ty) || is_function(&input.ty, generics) {
        return false;
    }
    match (&args.wrt, name(&input.pat)) {
        (Some(wrt), Some(name)) => wrt.contains(name),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// True for a type parameter that stands for a function.
fn is_function(ty: &Type, generics: &Generics) -> bool {
    let ty = match ty {
        Type::Reference(reference) => &*reference.elem,
        ty => ty,
    };
    if let Type::ImplTrait(implementor) = ty {
        return implementor.bounds.iter().any(types::is_function_bound);
    }
    let Type::Path(path) = ty else { return false };
    let Some(name) = path.path.get_ident() else {
        return false;
    };
    let in_list = generics
        .type_params()
        .any(|parameter| parameter.ident == *name && parameter.bounds.iter().any(types::is_function_bound));
    let in_clause = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .any(|predicate| {
            matches!(predicate, WherePredicate::Type(predicate)
            if matches!(&predicate.bounded_ty, Type::Path(path) if path.path.is_ident(name))
                && predicate.bounds.iter().any(types::is_function_bound))
        });
    in_list || in_clause
}

/// The parameter's name, if its pattern is one.
pub(crate) fn name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => Some(&name.ident),
        _ => None,
    }
}

fn parameter(ty: &Type, pattern: Pat, active: bool, names: &mut Names) -> (Parameter, lower::Parameter) {
    let (referent, by_reference, mutable_reference) = match ty {
        Type::Reference(reference) => ((*reference.elem).clone(), true, reference.mutability.is_some()),
        ty => (ty.clone(), false, false),
    };
    let mutable = matches!(&pattern, Pat::Ident(name) if name.mutability.is_some());
    let (name, pattern) = match name(&pattern) {
        Some(name) => (name.clone(), None),
        None => (names.fresh("parameter", proc_macro2::Span::call_site()), Some(pattern)),
    };
    let described = Parameter {
        name: name.clone(),
        ty: ty.to_token_stream(),
        erased: types::without_lifetimes(&referent).to_token_stream(),
        referent: referent.to_token_stream(),
        span: crate::ir::Extent::of(&referent.to_token_stream()).first,
        by_reference,
        active,
        mutable: mutable_reference,
    };
    let active = active && !mutable_reference;
    (
        described,
        lower::Parameter {
            name,
            pattern,
            mutable,
            by_reference,
            active,
        },
    )
}

fn signature(item: &ItemFn, args: &Args, generics: Generics, parameters: Vec<Parameter>) -> Signature {
    let pick = |names: &[&str]| -> TokenStream {
        let wanted = |attribute: &&Attribute| names.iter().any(|name| attribute.path().is_ident(name));
        item.attrs
            .iter()
            .filter(wanted)
            .map(ToTokens::to_token_stream)
            .collect()
    };
    let output = match &item.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let nameable = !generics.params.iter().any(|parameter| {
        matches!(parameter, GenericParam::Type(parameter) if !item.sig.generics.type_params().any(|own| own.ident == parameter.ident))
    });
    Signature {
        krate: args.crate_path(),
        visibility: item.vis.to_token_stream(),
        name: item.sig.ident.clone(),
        conditions: pick(CONDITIONS),
        type_attributes: pick(TYPE_ATTRIBUTES),
        function_attributes: pick(FUNCTION_ATTRIBUTES),
        predicates: quote!(#(#predicates,)*),
        turbofish: turbofish(&generics),
        captures: captures(item, &generics),
        generics: {
            let parameters = generics.params.iter();
            quote!(<#(#parameters),*>)
        },
        parameters,
        output,
        nameable,
    }
}

fn turbofish(generics: &Generics) -> TokenStream {
    let names: Vec<_> = arguments(generics).collect();
    if names.is_empty() {
        TokenStream::new()
    } else {
        quote!(::<#(#names),*>)
    }
}

fn arguments(generics: &Generics) -> impl Iterator<Item = &Ident> {
    generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    })
}

fn captures(item: &ItemFn, generics: &Generics) -> TokenStream {
    let by_value = |input: &FnArg| {
        matches!(input, FnArg::Typed(typed)
        if !matches!(&*typed.ty, Type::Reference(_)) && types::mentions_lifetime(&typed.ty))
    };
    let lifetimes = generics
        .lifetimes()
        .filter(|_| item.sig.inputs.iter().any(by_value))
        .map(|lifetime| &lifetime.lifetime);
    let names = arguments(generics);
    quote!(#(#lifetimes,)* #(#names),*)
}
