//! The accepted subset: what a differentiable function's signature may be. One `check_` function a rule.

use syn::{FnArg, ItemFn, ReturnType, Safety, Type};

use super::args::Args;
use super::function::{is_no_diff, name};
use super::types;
use crate::errors::Errors;

/// Checks the signature.
pub(crate) fn validate(item: &ItemFn, args: &Args, errors: &mut Errors) {
    check_not_asynchronous(item, errors);
    check_safe(item, errors);
    check_not_variadic(item, errors);
    check_result(item, errors);
    check_mutable_references(item, args, errors);
    check_inner_references(item, errors);
    check_implementors(item, errors);
    check_wrt(item, args, errors);
    check_differentiable_parameter(item, args, errors);
    check_recursive(args, errors);
}

fn check_recursive(args: &Args, errors: &mut Errors) {
    if let Some(token) = args.recursive.as_ref().filter(|_| args.forward) {
        errors.add(
            token,
            "a function with `recursive` cannot have `forward`, too; write functions that call each other as one function with a parameter that says which",
        );
    }
}

fn check_not_asynchronous(item: &ItemFn, errors: &mut Errors) {
    if let Some(token) = &item.sig.asyncness {
        errors.add(
            token,
            "an `async` function cannot be differentiated; compute in a plain function and await around it",
        );
    }
}

fn check_safe(item: &ItemFn, errors: &mut Errors) {
    if let Safety::Unsafe(token) = &item.sig.safety {
        errors.add(token, "an `unsafe` function cannot be differentiated; wrap it in a safe function and attach a rule with `#[derivative_of]`");
    }
}

fn check_not_variadic(item: &ItemFn, errors: &mut Errors) {
    if let Some(variadic) = &item.sig.variadic {
        errors.add(
            variadic,
            "a variadic function cannot be differentiated; list the parameters",
        );
    }
}

fn check_result(item: &ItemFn, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &item.sig.output else {
        return;
    };
    match &**ty {
        Type::Reference(_) => errors.add(ty, "a result by reference cannot be differentiated; return the value"),
        Type::ImplTrait(_) => errors.add(ty, "an `impl Trait` result cannot be differentiated; name the type"),
        ty if types::mentions_lifetime(ty) => errors.add(
            ty,
            "a result that borrows cannot be differentiated; return what it borrows from, or own it",
        ),
        Type::Never(_) => errors.add(ty, "a function that does not return has no derivative"),
        _ => {}
    }
}

fn check_mutable_references(item: &ItemFn, args: &Args, errors: &mut Errors) {
    for input in &item.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        if typed.attrs.iter().any(is_no_diff) || types::is_discrete(&typed.ty) {
            continue;
        }
        if let Type::Reference(reference) = &*typed.ty
            && let Some(token) = &reference.mutability
        {
            match (name(&typed.pat), &args.wrt) {
                (None, _) => errors.add(
                    &typed.pat,
                    "a parameter that is written to needs a name; take it apart in the function",
                ),
                (Some(name), Some(wrt)) if !wrt.contains(name) => errors.add(
                    token,
                    format!("`{name}` is written to, so that derivatives flow through it; name it in `wrt`, or mark it `#[no_diff]`"),
                ),
                _ => {}
            }
        }
    }
}

fn check_inner_references(item: &ItemFn, errors: &mut Errors) {
    for typed in differentiable_inputs(item) {
        let ty = match &*typed.ty {
            Type::Reference(reference) => &*reference.elem,
            ty => ty,
        };
        if let Some(reference) = types::reference_inside(ty) {
            errors.add(
                reference,
                "a reference inside a parameter's type cannot be differentiated; make it a parameter of its own",
            );
        }
    }
}

/// What an `impl Trait` stands for is known to the caller only.
fn check_implementors(item: &ItemFn, errors: &mut Errors) {
    for typed in differentiable_inputs(item) {
        let ty = match &*typed.ty {
            Type::Reference(reference) => &*reference.elem,
            ty => ty,
        };
        let Type::ImplTrait(implementor) = ty else { continue };
        if !implementor.bounds.iter().any(types::is_differentiable_bound) {
            errors.add(
                ty,
                "nothing says that this type is differentiable; add `Real` or `Differentiable` to its bounds, or mark the parameter `#[no_diff]`",
            );
        }
    }
}

/// The parameters that are differentiable as far as the signature shows.
fn differentiable_inputs(item: &ItemFn) -> impl Iterator<Item = &syn::PatType> {
    item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) if !typed.attrs.iter().any(is_no_diff) && !types::is_discrete(&typed.ty) => Some(typed),
        _ => None,
    })
}

fn check_wrt(item: &ItemFn, args: &Args, errors: &mut Errors) {
    for wanted in args.wrt.iter().flatten() {
        let found = item.sig.inputs.iter().find_map(|input| match input {
            FnArg::Typed(typed) if name(&typed.pat) == Some(wanted) => Some(typed),
            _ => None,
        });
        match found {
            None => errors.add(wanted, format!("`{}` has no parameter `{wanted}`", item.sig.ident)),
            Some(typed) if types::is_discrete(&typed.ty) => {
                errors.add(
                    wanted,
                    format!("`{wanted}` is not differentiable: its type has no tangent"),
                );
            }
            Some(typed) if typed.attrs.iter().any(is_no_diff) => {
                errors.add(
                    wanted,
                    format!("`{wanted}` is marked `#[no_diff]`; leave out one of the two"),
                );
            }
            Some(_) => {}
        }
    }
}

fn check_differentiable_parameter(item: &ItemFn, args: &Args, errors: &mut Errors) {
    if !errors.is_empty() || args.wrt.is_some() {
        return;
    }
    let differentiable = item.sig.inputs.iter().any(|input| {
        matches!(input, FnArg::Typed(typed)
            if !typed.attrs.iter().any(is_no_diff) && !types::is_discrete(&typed.ty))
    });
    if !differentiable {
        errors.add(
            &item.sig.ident,
            format!("`{}` has no parameter to differentiate with respect to", item.sig.ident),
        );
    }
}
