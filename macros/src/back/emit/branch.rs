//! Branches in the forward sweep, and regions: what comes out of them, and what is kept.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::Emitter;
use super::forward::{Outcome, ends, step};
use crate::ir::adjoint::Adjoint;
use crate::ir::{Arm, Branch, End, Head, Id, Opaque, Operand, OperandKind, Region};
use crate::passes::record;

impl Emitter<'_> {
    pub(super) fn branch_statement(&self, branch: &Branch, adjoint: Option<&Adjoint>) -> TokenStream {
        let kept = self.kept_name(branch.number);
        self.results.borrow_mut().push(branch.results.clone());
        let value = self.branch(branch, adjoint, Outcome::Yields);
        self.results.borrow_mut().pop();
        let results = branch.results.iter().map(|id| self.pattern(*id));
        let others = branch.results.iter().copied();
        let likes = self.likes(others.filter(|id| !self.aliases.cells.contains(*id)));
        quote!(let ((#(#results,)*), #kept) = #value; #likes)
    }

    /// A branch some of whose arms leave, and what comes out of it and the code behind it.
    pub(super) fn split_branch(
        &self,
        branch: &Branch,
        rest: &Region,
        adjoint: Option<&Adjoint>,
        outcome: Outcome,
    ) -> (TokenStream, TokenStream) {
        let expansion = self.expansion();
        let (kept, flow) = (
            self.kept_name(branch.number),
            self.invented("flow", branch.number, "arm"),
        );
        self.results.borrow_mut().push(branch.results.clone());
        let value = self.branch(branch, adjoint, Outcome::Flow);
        self.results.borrow_mut().pop();
        let results = branch.results.iter().map(|id| self.pattern(*id));
        let rest_adjoint = step(adjoint, branch.number).and_then(|step| step.rest.as_ref());
        let rest_value = self.region(rest, &branch.results, rest_adjoint, outcome);
        let left = wrap_result(outcome, &quote!(__left), &expansion);
        let rest_kept = self.rest_name(branch.number);
        let statements = quote! {
            let (#flow, #kept) = #value;
            let (#flow, #rest_kept) = match #flow {
                #expansion::Flow::Leave(__left) => (#left, ::core::option::Option::None),
                #expansion::Flow::Stay((#(#results,)*)) => {
                    let (__value, __kept) = #rest_value;
                    (__value, ::core::option::Option::Some(__kept))
                }
            };
        };
        (statements, quote!(#flow))
    }

    /// The branch as an expression: what comes out, and what is kept of the arm that ran.
    pub(super) fn branch(&self, branch: &Branch, adjoint: Option<&Adjoint>, outcome: Outcome) -> TokenStream {
        let step = step(adjoint, branch.number);
        let ending: Vec<_> = (0..branch.arms.len())
            .filter(|index| ends(&branch.arms[*index].region))
            .collect();
        let arms: Vec<_> = branch
            .arms
            .iter()
            .enumerate()
            .map(|(index, arm)| {
                let adjoint = step.and_then(|step| step.arms[index].as_ref());
                let position = ending.iter().position(|other| *other == index);
                let position = position
                    .filter(|_| step.is_some())
                    .map(|position| (position, ending.len()));
                self.arm(arm, adjoint, position, outcome)
            })
            .collect();
        match &branch.head {
            Head::If(condition) => {
                let [then, otherwise] = &arms[..] else {
                    return TokenStream::new();
                };
                if is_chain(condition) {
                    let (bindings, condition) = (self.rebindings(&condition.mentions, &[]), &condition.tokens);
                    return quote!({ #bindings if #condition { #then } else { #otherwise } });
                }
                let condition = self.opaque(condition);
                quote!(if #condition { #then } else { #otherwise })
            }
            Head::Match(_) | Head::MatchTuple(_) => {
                let scrutinee = match &branch.head {
                    Head::MatchTuple(parts) => {
                        let parts = parts.iter().map(|part| self.scrutinee(part));
                        quote!((#(#parts,)*))
                    }
                    Head::Match(scrutinee) => self.scrutinee(scrutinee),
                    Head::If(_) => TokenStream::new(),
                };
                // A case that is not covered is the user's function's to report.
                let uncovered = quote!(_ => ::core::unreachable!(),);
                let arms = branch.arms.iter().zip(&arms).map(|(arm, code)| {
                    let pattern = &arm.pattern;
                    let guard = arm.guard.iter().map(|guard| {
                        let guard = self.opaque(guard);
                        quote!(if #guard)
                    });
                    quote!(#pattern #(#guard)* => { #code })
                });
                quote!(match #scrutinee { #(#arms)* #uncovered })
            }
        }
    }

    fn scrutinee(&self, scrutinee: &Operand) -> TokenStream {
        match scrutinee.place() {
            Some(place)
                if matches!(scrutinee.kind, OperandKind::Place(_)) && !self.program.value(place.root).varies =>
            {
                self.spanned_place(place, scrutinee.extent.first)
            }
            _ => self.operand(scrutinee),
        }
    }

    fn arm(
        &self,
        arm: &Arm,
        adjoint: Option<&Adjoint>,
        position: Option<(usize, usize)>,
        outcome: Outcome,
    ) -> TokenStream {
        let value = self.region(&arm.region, &arm.bindings, adjoint, outcome);
        if !ends(&arm.region) {
            return value;
        }
        let kept = match position {
            Some((position, count)) => choice(&self.expansion(), position, count, &quote!(__kept)),
            None => quote!(()),
        };
        quote! {
            let (__value, __kept) = { #value };
            (__value, #kept)
        }
    }

    /// A region as the inside of a block: what comes out, and what is kept.
    pub(super) fn region(
        &self,
        region: &Region,
        bindings: &[Id],
        adjoint: Option<&Adjoint>,
        outcome: Outcome,
    ) -> TokenStream {
        let likes = self.likes(bindings.iter().copied().filter(|id| !self.is_view(*id)));
        let statements = self.statements(region, adjoint);
        let statements = quote!(#likes #statements);
        let expansion = self.expansion();
        let (end, value) = match &region.end {
            End::Next(operands) => {
                let ends = self.ends.borrow().last().cloned().unwrap_or_default();
                let values = self.handed_on(operands, &ends);
                let value = wrap_result(outcome, &values, &expansion);
                (quote!(let __out = #value;), quote!(__out))
            }
            End::Yield(operands) => {
                let results = self.results.borrow().last().cloned().unwrap_or_default();
                let values = self.handed_on(operands, &results);
                let value = if outcome == Outcome::Flow {
                    quote!(#expansion::Flow::Stay(#values))
                } else {
                    values
                };
                (quote!(let __out = #value;), quote!(__out))
            }
            End::Leave(operand) => {
                let value = wrap_result(outcome, &self.yielded(operand), &expansion);
                (quote!(let __out = #value;), quote!(__out))
            }
            End::Diverge if self.again.borrow().is_some() => {
                return quote!(#statements ::core::unreachable!("this has not happened"));
            }
            End::Diverge => return statements,
            End::Split(branch, rest) => self.split_branch(branch, rest, adjoint, outcome),
            End::Tail(branch) => {
                let (kept, flow) = (
                    self.kept_name(branch.number),
                    self.invented("flow", branch.number, "arm"),
                );
                let value = self.branch(branch, adjoint, outcome);
                (quote!(let (#flow, #kept) = #value;), quote!(#flow))
            }
        };
        let kept = adjoint.map(|adjoint| record::kept(&self.reads, self.aliases, region, bindings, adjoint));
        let kept = kept.map_or_else(|| quote!(()), |kept| self.keep(&kept));
        let block = quote!({ #statements #end (#value, #kept) });
        block
    }
}

/// True if the condition contains patterns.
fn is_chain(condition: &Opaque) -> bool {
    let mut tokens = condition.tokens.clone().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(name) if name == "let"))
}

/// The value or pattern for one of several arms.
pub(super) fn choice(expansion: &TokenStream, position: usize, count: usize, inside: &TokenStream) -> TokenStream {
    match (position, count) {
        (_, 0 | 1) => inside.clone(),
        (0, _) => quote!(#expansion::Either::Left(#inside)),
        _ => {
            let inner = choice(expansion, position - 1, count - 1, inside);
            quote!(#expansion::Either::Right(#inner))
        }
    }
}

fn wrap_result(outcome: Outcome, value: &TokenStream, expansion: &TokenStream) -> TokenStream {
    if outcome == Outcome::Flow {
        quote!(#expansion::Flow::Leave(#value))
    } else {
        value.clone()
    }
}
