//! The function that the attribute stands on.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, FnArg, GenericParam, Generics, ItemFn, Lifetime, Pat, PatType, ReturnType, Type, TypeParam,
    WherePredicate,
};

use super::aliases;
use super::alternatives;
use super::args::Args;
use super::ascribe;
use super::changes::Changes;
use super::conversions;
use super::desugar;
use super::folds;
use super::lower;
use super::methods::Member;
use super::moving_references;
use super::mutable_patterns;
use super::named_iterators;
use super::optional_references;
use super::parts;
use super::resolve::{self, Names};
use super::slice_patterns;
use super::split_slices;
use super::types;
use super::written;
use crate::ir::signature::{Home, Method, Parameter, Signature};

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
    /// What is known of methods that change what they are called on.
    pub(crate) changes: Changes,
}

/// The user's function without the attributes that are this crate's own.
pub(crate) fn primal(item: &ItemFn) -> ItemFn {
    let mut item = item.clone();
    without_no_diff(&mut item.sig);
    item
}

/// Takes `#[no_diff]` off the parameters.
pub(crate) fn without_no_diff(signature: &mut syn::Signature) {
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input {
            typed.attrs.retain(|attribute| !is_no_diff(attribute));
        }
    }
}

/// True for `#[no_diff]`.
pub(crate) fn is_no_diff(attribute: &Attribute) -> bool {
    attribute.path().is_ident("no_diff")
}

/// Takes the function apart. Its signature has been validated.
pub(crate) fn function(item: &ItemFn, args: &Args) -> Function {
    function_within(item, args, &Generics::default(), None, Changes::default())
}

/// Takes a method apart.
pub(crate) fn method(member: &Member) -> Function {
    function_within(
        &member.item,
        &member.args,
        &member.generics,
        Some(member.method.clone()),
        member.changes.clone(),
    )
}

/// `around` are the generic parameters of the block that the function stands in.
fn function_within(
    item: &ItemFn,
    args: &Args,
    around: &Generics,
    method: Option<Method>,
    mut changes: Changes,
) -> Function {
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
    alternatives::split(&mut body);
    ascribe::ascribe(&mut body, &item.sig.output);
    resolve::resolve(&mut patterns, &mut body, &mut names);
    let arrays = parameters_where(&inputs, &patterns, |ty| matches!(ty, Type::Array(_)));
    folds::split(&mut body, &mut names);
    split_slices::desugar(&mut body, &mut names);
    slice_patterns::desugar(&mut body, &arrays);
    let vectors = parts::vectors(&body, parameters_where(&inputs, &patterns, types::is_vector));
    conversions::spell_out(&mut body, &vectors, &mut names);
    optional_references::copy_asked_for(&mut body, &vectors, &mut names);
    desugar::desugar(&mut body, &item.sig.output, &mut names);
    let flows: Vec<_> = inputs
        .iter()
        .map(|input| (*input, is_active(input, args, &item.sig.generics)))
        .collect();
    moving_references::settle(&mut body, &flows, &mut patterns, &mut names);
    let inactive: Vec<_> = flows
        .iter()
        .zip(&patterns)
        .filter(|((_, flows), _)| !flows)
        .filter_map(|(_, pattern)| name(pattern).cloned())
        .collect();
    named_iterators::inline(&mut body, &patterns, &inactive, &mut names);
    let written: Vec<_> = inputs
        .iter()
        .zip(&patterns)
        .filter(|(input, _)| is_written(input))
        .filter_map(|(_, pattern)| name(pattern).cloned())
        .collect();
    mutable_patterns::settle(&mut body, &written, &mut names);
    let vectors = parts::vectors(&body, parameters_where(&inputs, &patterns, types::is_vector));
    optional_references::own(&mut body, &vectors);
    parts::desugar(&mut body, &vectors, &mut names);
    aliases::follow(&mut body, &mut names);
    written::by_value(item, &mut body, &written);
    let mut types: Vec<_> = inputs
        .iter()
        .map(|input| named_type(&input.ty, &mut generics, &mut names))
        .collect();
    for ty in types.iter_mut().filter(|ty| !matches!(ty, Type::Reference(_))) {
        name_lifetimes(ty, &mut generics, &mut names);
    }
    let mut scope = around.clone();
    scope.params.extend(generics.params.iter().cloned());
    let mut captures = captures(&types, &scope);
    if method.as_ref().is_some_and(|method| method.home == Home::Trait) {
        captures = quote!(Self, #captures);
    }
    let mut checks = Checks {
        krate: args.crate_path(),
        carrier: method
            .as_ref()
            .map_or_else(|| item.sig.ident.clone(), |method| method.carrier.clone()),
        generics: scope,
        // A trait's methods have no carrier.
        is_asking: method.as_ref().is_none_or(|method| method.home == Home::Beside),
        list: Vec::new(),
    };
    for (input, pattern) in inputs.iter().zip(&patterns) {
        if let Pat::Ident(name) = pattern
            && super::changes::is_named(&input.ty)
        {
            changes.named.insert(name.ident.to_string());
        }
        if let Pat::Ident(name) = pattern
            && types::is_discrete(&input.ty)
        {
            changes.discrete.insert(name.ident.to_string());
        }
    }
    let mut parameters = Vec::new();
    let mut lowered = Vec::new();
    for ((input, ty), pattern) in inputs.into_iter().zip(types).zip(patterns) {
        let role = Role {
            active: is_active(input, args, &item.sig.generics),
            written: is_written(input),
        };
        let (parameter, lower) = parameter(&ty, pattern, role, &mut checks, &mut names);
        parameters.push(parameter);
        lowered.push(lower);
    }
    let signature = Signature {
        method,
        ..signature(item, args, generics, captures, parameters, checks)
    };
    Function {
        signature,
        parameters: lowered,
        body,
        names,
        changes,
    }
}

/// `'_` gets a name, so that a pullback can say that it captures it.
fn name_lifetimes(ty: &mut Type, generics: &mut Generics, names: &mut Names) {
    let fresh = || {
        let name = names.fresh("borrowed", proc_macro2::Span::call_site());
        Lifetime::new(&format!("'{name}"), proc_macro2::Span::call_site())
    };
    for name in types::name_lifetimes(ty, fresh) {
        generics.params.insert(0, syn::parse_quote!(#name));
    }
}

/// The types that must be differentiable, see [`Signature::checks`].
struct Checks {
    krate: TokenStream,
    carrier: Ident,
    generics: Generics,
    is_asking: bool,
    list: Vec<TokenStream>,
}

impl Checks {
    /// The type, by way of the constant that asks for it.
    fn checked(&mut self, ty: &Type) -> TokenStream {
        if !self.is_asking || types::is_known(ty) || types::mentions_generics(ty, &self.generics) {
            return ty.to_token_stream();
        }
        let erased = types::without_lifetimes(ty).to_token_stream();
        if !self.list.iter().any(|known| known.to_string() == erased.to_string()) {
            self.list.push(erased);
        }
        self.wrapped(ty)
    }

    /// The type, by way of the constant, if it asks for more than is known.
    fn wrapped(&self, ty: &Type) -> TokenStream {
        if types::is_known(ty) || types::mentions_generics(ty, &self.generics) {
            return ty.to_token_stream();
        }
        let (krate, carrier) = (&self.krate, &self.carrier);
        let span = crate::ir::Extent::of(&ty.to_token_stream()).first;
        quote_spanned!(span=> <#ty as #krate::expansion::If<{ #carrier::__DIFFERENTIABLE }>>::Type)
    }

    /// The same behind a reference.
    fn checked_reference(&mut self, ty: &Type) -> TokenStream {
        let Type::Reference(reference) = ty else {
            return self.checked(ty);
        };
        let referent = self.checked(&reference.elem);
        let (lifetime, mutability) = (&reference.lifetime, &reference.mutability);
        quote!(&#lifetime #mutability #referent)
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

/// What a parameter is to the derivatives.
#[derive(Clone, Copy)]
struct Role {
    active: bool,
    written: bool,
}

/// True for a parameter by mutable reference, unless nothing flows through it.
pub(crate) fn is_written(input: &PatType) -> bool {
    let written = matches!(&*input.ty, Type::Reference(reference) if reference.mutability.is_some());
    written && !input.attrs.iter().any(is_no_diff) && !types::is_discrete(&input.ty)
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

fn parameter(
    ty: &Type,
    pattern: Pat,
    Role { active, written }: Role,
    checks: &mut Checks,
    names: &mut Names,
) -> (Parameter, lower::Parameter) {
    let (referent, by_reference, mutable_reference) = match ty {
        Type::Reference(reference) if written => (owned(&reference.elem, &checks.krate), false, false),
        Type::Reference(reference) => ((*reference.elem).clone(), true, reference.mutability.is_some()),
        ty => (ty.clone(), false, false),
    };
    let slice = matches!(ty, Type::Reference(reference) if written && matches!(*reference.elem, Type::Slice(_)));
    let mutable = written || matches!(&pattern, Pat::Ident(name) if name.mutability.is_some());
    let (name, pattern) = match name(&pattern) {
        Some(name) => (name.clone(), None),
        None => (names.fresh("parameter", proc_macro2::Span::call_site()), Some(pattern)),
    };
    let described = Parameter {
        name: name.clone(),
        ty: ty.to_token_stream(),
        checked: if written {
            checks.checked(&referent)
        } else if active {
            checks.checked_reference(ty)
        } else {
            ty.to_token_stream()
        },
        erased: if active {
            checks.checked(&types::without_lifetimes(&referent))
        } else {
            types::without_lifetimes(&referent).to_token_stream()
        },
        unborrowed: if active {
            checks.checked(&types::unborrowed(&referent))
        } else {
            TokenStream::new()
        },
        referent: referent.to_token_stream(),
        span: crate::ir::Extent::of(&referent.to_token_stream()).first,
        numbers: types::is_of_numbers(&referent, &checks.generics),
        by_reference,
        active,
        discrete: types::is_discrete(ty),
        mutable: mutable_reference,
        tangent_of: None,
        written,
        slice,
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
            array: matches!(referent, Type::Array(_)),
        },
    )
}

/// The parameters whose types are such.
fn parameters_where(inputs: &[&PatType], patterns: &[Pat], are: impl Fn(&Type) -> bool) -> HashSet<String> {
    let inputs = inputs.iter().zip(patterns).filter(|(input, _)| are(&input.ty));
    inputs
        .filter_map(|(_, pattern)| Some(name(pattern)?.to_string()))
        .collect()
}

/// The type of a value that is made of what is behind a reference: of a slice, a vector.
fn owned(ty: &Type, krate: &TokenStream) -> Type {
    match ty {
        Type::Slice(slice) => {
            let element = &slice.elem;
            syn::parse_quote!(#krate::expansion::Vec<#element>)
        }
        ty => ty.clone(),
    }
}

fn signature(
    item: &ItemFn,
    args: &Args,
    generics: Generics,
    captures: TokenStream,
    parameters: Vec<Parameter>,
    mut checks: Checks,
) -> Signature {
    let pick = |names: &[&str]| -> TokenStream {
        let wanted = |attribute: &&Attribute| names.iter().any(|name| attribute.path().is_ident(name));
        item.attrs
            .iter()
            .filter(wanted)
            .map(ToTokens::to_token_stream)
            .collect()
    };
    let value: Type = match &item.sig.output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => (**ty).clone(),
    };
    let written: Vec<Type> = item
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) if is_written(typed) => match &*typed.ty {
                Type::Reference(reference) => Some(owned(&reference.elem, &checks.krate)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let output = if written.is_empty() {
        value.clone()
    } else {
        syn::parse_quote!((#value, #(#written),*))
    };
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let nameable = !generics.params.iter().any(|parameter| {
        matches!(parameter, GenericParam::Type(parameter) if !item.sig.generics.type_params().any(|own| own.ident == parameter.ident))
    });
    Signature {
        krate: args.crate_path(),
        checkpoints: args.checkpoints.unwrap_or_default(),
        visibility: item.vis.to_token_stream(),
        name: item.sig.ident.clone(),
        conditions: pick(CONDITIONS),
        type_attributes: pick(TYPE_ATTRIBUTES),
        function_attributes: pick(FUNCTION_ATTRIBUTES),
        predicates: quote!(#(#predicates,)*),
        forward: args.forward,
        recursive: args.recursive.is_some(),
        generic_names: arguments(&generics).cloned().collect(),
        turbofish: turbofish(&generics),
        captures,
        generics: {
            let parameters = generics.params.iter();
            quote!(<#(#parameters),*>)
        },
        parameters,
        checked_value: checks.checked(&value),
        erased_value: checks.checked(&types::without_lifetimes(&value)),
        value: value.into_token_stream(),
        checked_output: checks.checked(&output),
        erased_output: checks.checked(&types::without_lifetimes(&output)),
        erased_update: {
            let first = item.sig.inputs.first().and_then(|input| match input {
                FnArg::Typed(typed) => Some(&*typed.ty),
                FnArg::Receiver(_) => None,
            });
            let own = match first {
                Some(Type::Reference(reference)) => reference.elem.to_token_stream(),
                other => other.to_token_stream(),
            };
            let both = types::without_lifetimes(&syn::parse_quote!((#output, #own)));
            // In a trait, nothing is known of it.
            let in_trait = own.to_string() == "Self";
            if in_trait {
                both.to_token_stream()
            } else {
                checks.wrapped(&both)
            }
        },
        output: output.into_token_stream(),
        checks: checks.list,
        nameable,
        pair: None,
        paired_value: None,
        result_accumulator: None,
        method: None,
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

/// What a pullback captures: type and const parameters, and the lifetimes in parameters by value.
fn captures(types: &[Type], generics: &Generics) -> TokenStream {
    let by_value = |ty: &Type| !matches!(ty, Type::Reference(_)) && types::mentions_lifetime(ty);
    let lifetimes = generics
        .lifetimes()
        .filter(|_| types.iter().any(by_value))
        .map(|lifetime| &lifetime.lifetime);
    let names = arguments(generics);
    quote!(#(#lifetimes,)* #(#names),*)
}
