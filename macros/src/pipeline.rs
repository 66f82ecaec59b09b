//! The passes in order.

use proc_macro2::{Ident, TokenStream};
use syn::ItemFn;

use crate::back::{emit, fallback, graph};
use crate::errors::Errors;
use crate::front::args::Args;
use crate::front::function::Function;
use crate::front::methods::Member;
use crate::front::{attributed, function, held, lower, rule, validate};
use crate::ir::adjoint::Adjoint;
use crate::ir::signature::Home;
use crate::ir::{Program, verify};
use crate::passes::reverse::Aliases;
use crate::passes::{activity, own, record, reorder, reverse, scratch, simplify};

/// `#[differentiable]` on a function or an `impl` block: the item, and its derivatives or what is wrong with it.
pub(crate) fn differentiable(args: TokenStream, item: TokenStream) -> TokenStream {
    if let Ok(declaration) = syn::parse2(item.clone()) {
        return attributed::declaration(args, &declaration, method_derivatives);
    }
    match syn::parse2(item.clone()) {
        Ok(block) => attributed::block(args, &block, method_derivatives),
        Err(_) => attributed::attributed(args, item, "differentiable", Args::default, derivatives),
    }
}

/// `#[derivative_of]` on a function: the rule, and the derivatives that it gives another function.
pub(crate) fn derivative_of(args: TokenStream, item: TokenStream) -> TokenStream {
    attributed::attributed(args, item, "derivative_of", rule::Args::default, rule_derivatives)
}

fn derivatives(args: &Args, item: &ItemFn, errors: &mut Errors) -> TokenStream {
    validate::validate(item, args, errors);
    function_derivatives(item, function::function(item, args), errors)
}

fn method_derivatives(member: &Member, errors: &mut Errors) -> TokenStream {
    if member.constant {
        return emit::constant(&function::method(member).signature);
    }
    if member.method.home != Home::Beside
        && let Some(token) = &member.args.recursive
    {
        errors.add(
            token,
            "methods of traits cannot be `recursive`; let them call functions that are",
        );
    }
    validate::validate(&member.item, &member.args, errors);
    let function = function::method(member);
    if errors.is_empty() && !member.has_body {
        return emit::declare(&function.signature);
    }
    function_derivatives(&member.item, function, errors)
}

fn function_derivatives(item: &ItemFn, mut function: Function, errors: &mut Errors) -> TokenStream {
    if !errors.is_empty() {
        return fallback::for_signature(item, &function.signature, errors);
    }
    let Some(lowered) = sweeps(&mut function, errors) else {
        return fallback::for_body(&function.signature, errors);
    };
    let (mut program, adjoint, aliases) = match needed_again(&function, &lowered) {
        references if references.is_empty() => lowered,
        references => {
            held::hold(
                &mut function.body,
                &references,
                &mut function.names,
                &mut function.changes,
            );
            match sweeps(&mut function, errors) {
                Some(lowered) => lowered,
                None => return fallback::for_body(&function.signature, errors),
            }
        }
    };
    let graph = graph::graph(&function.signature, &program);
    let modes = emit::modes(&function.signature, &program);
    aliases.cells.rename(&mut program);
    emit::emit(&function.signature, &program, &adjoint, &aliases, &graph, &modes)
}

/// The function's program, and the reverse sweep over it.
fn sweeps(function: &mut Function, errors: &mut Errors) -> Option<(Program, Adjoint, Aliases)> {
    let changes = function.changes.clone();
    let mut program = lower::lower(
        &function.parameters,
        &function.body,
        changes,
        function.signature.expansion(),
        &mut function.names,
        errors,
    );
    if !errors.is_empty() {
        return None;
    }
    debug_assert_eq!(verify::verify(&program), Ok(()));
    simplify::simplify(&mut program);
    debug_assert_eq!(verify::verify(&program), Ok(()));
    scratch::scratch(&mut program);
    reorder::reorder(&mut program);
    debug_assert_eq!(verify::verify(&program), Ok(()));
    activity::activity(&mut program);
    own::own(&mut program, &function.signature);
    let (adjoint, aliases) = reverse::reverse(&program);
    Some((program, adjoint, aliases))
}

/// The parameters by mutable reference, of those through which nothing flows, that iterations need when they are run again.
fn needed_again(function: &Function, (program, adjoint, aliases): &(Program, Adjoint, Aliases)) -> Vec<Ident> {
    let parameters = function.signature.parameters.iter().zip(&program.parameters);
    let mut references = parameters.filter(|(parameter, _)| parameter.mutable).peekable();
    if references.peek().is_none() {
        return Vec::new();
    }
    let reads = record::reads(program, aliases, adjoint);
    references
        .filter(|(_, id)| reads.keeps(**id))
        .map(|(parameter, _)| parameter.name.clone())
        .collect()
}

fn rule_derivatives(args: &rule::Args, item: &ItemFn, errors: &mut Errors) -> TokenStream {
    match rule::rule(item, args, errors) {
        Some(rule) => emit::rule(&rule.signature, &rule.function, &rule.rule, rule.captures),
        None => rule::function_of(item, args)
            .map(|function| fallback::for_signature(item, &function, errors))
            .unwrap_or_default(),
    }
}
