//! What does not depend on a loop goes before it.
//!
//! A loop that adds up goes forward and back in one pass if nothing but sums follows it. A call behind it that has nothing to
//! do with it might as well come first.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::cells;
use crate::ir::{Branch, End, Head, Iterations, Let, Loop, Op, Opaque, Program, Region, Statement, ValueKind, View};

/// Moves calls at the end of the body before the loops that they do not depend on.
// Input:  s = loop { … }; y = g(&x); t = s - y; leave t
// Output: y = g(&x); s = loop { … }; t = s - y; leave t
pub(crate) fn reorder(program: &mut Program) {
    if !matches!(program.body.end, End::Leave(_)) {
        return;
    }
    let statements = &program.body.statements;
    let is_open = |statement: &&Statement| matches!(statement, Statement::Let(_) | Statement::Loop(_));
    let count = statements.iter().rev().take_while(is_open).count();
    let tail = &statements[statements.len() - count..];
    let Some(first) = tail
        .iter()
        .position(|statement| matches!(statement, Statement::Loop(_)))
    else {
        return;
    };
    let first = statements.len() - count + first;
    let loops = statements[first..].iter().filter_map(|statement| match statement {
        Statement::Loop(inner) => Some(inner),
        _ => None,
    });
    if !loops.into_iter().all(|inner| is_silent_loop(inner)) {
        return;
    }
    // What the loops, and what stays behind them, define.
    let mut late = HashSet::new();
    let (mut before, mut behind) = (statements[..first].to_vec(), Vec::new());
    for statement in &statements[first..] {
        match statement {
            Statement::Loop(inner) => {
                late.extend(inner.carried.iter().map(|carried| carried.after));
            }
            Statement::Let(step) if is_call(program, step) && cells::read_by(program, statement).is_disjoint(&late) => {
                before.push(statement.clone());
                continue;
            }
            Statement::Let(step) => {
                late.insert(step.value);
                if let Op::Opaque { writes, .. } = &step.op {
                    late.extend(writes.iter().map(|write| write.after));
                }
            }
            _ => {}
        }
        behind.push(statement.clone());
    }
    before.append(&mut behind);
    program.body.statements = before;
}

/// True for what can be moved, and need be: other operations may follow the loops as they are.
fn is_call(program: &Program, step: &Let) -> bool {
    match &step.op {
        Op::Call(callee) => callee.written.is_empty(),
        Op::Opaque { code, writes, .. } => {
            writes.is_empty() && calls(code.tokens.clone()) && !may_consume(program, code)
        }
        _ => false,
    }
}

/// True if the code might move a variable away that something else reads.
fn may_consume(program: &Program, code: &Opaque) -> bool {
    code.mentions.iter().any(|(name, id)| {
        let is_reference = matches!(
            program.value(*id).kind,
            ValueKind::Parameter { by_reference: true }
                | ValueKind::View {
                    view: View::Borrowed,
                    ..
                }
        );
        !is_reference && !is_borrowed(code.tokens.clone(), name)
    })
}

/// True if the name only stands behind `&`.
fn is_borrowed(tokens: TokenStream, name: &Ident) -> bool {
    let mut behind = false;
    tokens.into_iter().all(|tree| {
        let borrowed = std::mem::take(&mut behind);
        match &tree {
            TokenTree::Ident(other) => other != name || borrowed,
            TokenTree::Group(group) => is_borrowed(group.stream(), name),
            TokenTree::Punct(punct) => {
                behind = punct.as_char() == '&';
                true
            }
            TokenTree::Literal(_) => true,
        }
    })
}

/// True if no code in the region does more than reading: what comes behind it can be done first.
fn is_silent(region: &Region) -> bool {
    let statements = region.statements.iter().all(|statement| match statement {
        Statement::Let(Let {
            op: Op::Opaque { code, .. },
            ..
        }) => only_reads(code),
        Statement::Let(_) | Statement::Bind(_) => true,
        Statement::Verbatim(verbatim) => only_reads(&verbatim.code),
        Statement::Branch(branch) => is_silent_branch(branch),
        Statement::Loop(inner) => is_silent_loop(inner),
    });
    statements
        && match &region.end {
            End::Split(branch, rest) => is_silent_branch(branch) && is_silent(rest),
            End::Tail(branch) => is_silent_branch(branch),
            End::Yield(_) | End::Next(_) | End::Leave(_) | End::Diverge => true,
        }
}

fn is_silent_loop(inner: &Loop) -> bool {
    let items = match &inner.iterations {
        Iterations::Each { items, .. } => only_reads(items),
        Iterations::Forever => true,
    };
    items && is_silent(&inner.body)
}

fn is_silent_branch(branch: &Branch) -> bool {
    let head = match &branch.head {
        Head::If(condition) => only_reads(condition),
        Head::Match(_) | Head::MatchTuple(_) => true,
    };
    head && branch
        .arms
        .iter()
        .all(|arm| arm.guard.iter().all(only_reads) && is_silent(&arm.region))
}

fn only_reads(code: &Opaque) -> bool {
    !calls(code.tokens.clone())
}

/// True if the tokens contain a call or a macro, other than those that make a vector or ask for a length.
fn calls(tokens: TokenStream) -> bool {
    let mut name = None;
    for tree in tokens {
        match &tree {
            TokenTree::Group(group) => {
                let harmless =
                    |name: &String| matches!(name.as_str(), "len" | "vec" | "as" | "in" | "if" | "match" | "return");
                let is_call =
                    group.delimiter() == Delimiter::Parenthesis && name.as_ref().is_some_and(|name| !harmless(name));
                if is_call || calls(group.stream()) {
                    return true;
                }
                name = None;
            }
            TokenTree::Ident(ident) => name = Some(ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '!' => {
                if name.take().is_some_and(|name| name != "vec") {
                    return true;
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => name = None,
        }
    }
    false
}
