//! Loops that go forward and back in one pass.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::reverse::Path;
use crate::ir::adjoint::{AdjointLoop, Step};
use crate::ir::{End, Id, Iterations, Loop, Operand, Statement};
use crate::passes::reverse::defined_by;

impl Emitter<'_> {
    /// The forward sweep, with the loops at the end of the body that can be gone back through at once; and what is left of the
    /// reverse sweep.
    // Output: before; let (sum_bar,) = { after, for the types alone; back through it }; for item in items { forward; back } after
    pub(super) fn fused(&self) -> Option<(TokenStream, TokenStream)> {
        let body = &self.program.body;
        let from = self.fused_from?;
        let End::Leave(result) = &body.end else { return None };
        let (before, behind) = body.statements.split_at(from);
        let late: HashSet<Id> = behind.iter().flat_map(defined_by).collect();
        let Some(Statement::Loop(first)) = behind.first() else {
            return None;
        };
        let steps = &self.adjoint.steps;
        let last = steps.iter().position(|step| goes_back_through(step, first))?;
        let (late_steps, early_steps) = steps.split_at(last + 1);
        let is_late = |step: &&Step| match step {
            Step::Declare(id) => late.contains(id),
            _ => true,
        };
        let early: TokenStream = before
            .iter()
            .map(|statement| self.statement(statement, Some(self.adjoint)))
            .collect();
        // But those that calls among these statements have needed already.
        let early_declarations = self.steps(late_steps.iter().filter(|step| !is_late(step)), body, Path::Any);
        let loops: Vec<_> = behind.iter().filter_map(as_loop).collect();
        self.fused.borrow_mut().extend(loops.iter().map(|inner| inner.number));
        let rehearsal = self.rehearsal(behind, result, late_steps.iter().filter(is_late), &loops);
        let real: TokenStream = behind.iter().map(|statement| self.real(statement)).collect();
        let (name, value) = (&self.program.value(self.program.result).name, self.yielded(result));
        let forward = quote!(#early #early_declarations #rehearsal #real let #name = #value;);
        let reverse = self.steps(early_steps, body, Path::Any);
        Some((forward, reverse))
    }

    /// The way back from the result to what the loops carry. It takes the types of what is computed on the way, but no values.
    // Output: let (sum_carried,) = { let mut sum = before; if never() { for … } …; steps; (sum_carried,) };
    fn rehearsal<'s>(
        &self,
        statements: &[Statement],
        result: &Operand,
        steps: impl Iterator<Item = &'s Step>,
        loops: &[&Loop],
    ) -> TokenStream {
        self.rehearses.set(true);
        let forward: TokenStream = statements
            .iter()
            .map(|statement| match statement {
                Statement::Loop(inner) => self.never_run(inner),
                statement => self.statement(statement, None),
            })
            .collect();
        let (name, value) = (&self.program.value(self.program.result).name, self.yielded(result));
        let steps: TokenStream = steps
            .map(|step| match step {
                Step::Loop(inner) => loops
                    .iter()
                    .filter(|other| other.number == inner.number)
                    .map(|inner| self.through(inner))
                    .collect(),
                step => self.step(step, &self.program.body, Path::Any),
            })
            .collect();
        self.rehearses.set(false);
        let slots: Vec<_> = loops
            .iter()
            .flat_map(|inner| self.active(inner))
            .map(|carried| self.carried_slot(carried))
            .collect();
        // The loops' values stand in for themselves until they are there.
        let afters: Vec<_> = loops
            .iter()
            .flat_map(|inner| self.active(inner))
            .map(|carried| carried.after)
            .collect();
        let likes: Vec<_> = afters
            .iter()
            .filter(|id| self.reads.likes.contains(id))
            .map(|id| self.like_name(*id))
            .collect();
        let afters: Vec<_> = afters.into_iter().map(|id| self.binding(id)).collect();
        quote! {
            let (#(mut #slots,)* #(#afters,)* #(#likes,)* __result) = {
                #forward
                let __result = #value;
                {
                    let #name = &__result;
                    #steps
                    (#(#slots,)* #(#afters,)* #(#likes,)* __result)
                }
            };
            let #name = &__result;
        }
    }

    /// A loop that gives types to what it carries, and is not run.
    fn never_run(&self, inner: &Loop) -> TokenStream {
        let expansion = self.expansion();
        let body = self.plain(inner);
        let carried = self.handed(inner);
        let starts: Vec<_> = carried.iter().map(|carried| self.binding(carried.start)).collect();
        let befores = carried.iter().map(|carried| self.owned(&carried.before));
        let taken = carried.iter().map(|carried| self.binding(carried.end));
        let repeated = match &inner.iterations {
            Iterations::Forever => quote!(loop { #body #(#starts = #taken;)* break; }),
            Iterations::Each { items, pattern, .. } => {
                let items = self.items(items);
                quote!(for #pattern in #items { #body #(#starts = #taken;)* })
            }
        };
        let afters = carried.iter().map(|carried| self.binding(carried.after));
        let likes = self.likes(carried.iter().map(|carried| carried.after));
        quote! {
            #(let mut #starts = #befores;)*
            if #expansion::never() { #repeated }
            #(let #afters = #starts;)*
            #likes
        }
    }

    /// What flows into the sums flows through the loop as it is.
    fn through(&self, inner: &Loop) -> TokenStream {
        self.active(inner)
            .into_iter()
            .map(|carried| {
                let (begin, finish) = (self.begin_cotangent(carried), self.finish_cotangent(carried));
                quote!(#begin #finish)
            })
            .collect()
    }

    /// The statement itself; of a loop, each iteration forward and back.
    fn real(&self, statement: &Statement) -> TokenStream {
        let Statement::Loop(inner) = statement else {
            return self.statement(statement, None);
        };
        let step = self.adjoint.steps.iter().find_map(|step| match step {
            Step::Loop(step) if step.number == inner.number => Some(step),
            _ => None,
        });
        step.map(|step| self.forward_and_back(inner, step)).unwrap_or_default()
    }

    // Output: for item in items { let ((s_end,), kept) = { … }; back; s = s_end; } let after = s;
    fn forward_and_back(&self, inner: &Loop, step: &AdjointLoop) -> TokenStream {
        let carried = self.handed(inner);
        let starts: Vec<_> = carried.iter().map(|carried| self.binding(carried.start)).collect();
        let befores = carried.iter().map(|carried| self.owned(&carried.before));
        let (run, kept) = self.run_and_keep(inner, step);
        let back = self.back(inner, step, &self.active(inner));
        let taken = carried.iter().map(|carried| self.binding(carried.end));
        let leave = inner.exit.map(|exit| {
            let exit = self.binding(exit);
            quote!(if #exit { break; })
        });
        let inside = quote! {
            #run
            {
                let __kept = (__kept, #kept);
                #back
            }
            #(#starts = #taken;)*
            #leave
        };
        let repeated = match &inner.iterations {
            Iterations::Forever => quote!(loop { #inside }),
            Iterations::Each { items, pattern, .. } => {
                let items = self.items(items);
                quote!(for #pattern in #items { #inside })
            }
        };
        let afters = carried.iter().map(|carried| self.binding(carried.after));
        let likes = self.likes(carried.iter().map(|carried| carried.after));
        quote!(#(let mut #starts = #befores;)* #repeated #(let #afters = #starts;)* #likes)
    }
}

fn as_loop(statement: &Statement) -> Option<&Loop> {
    match statement {
        Statement::Loop(inner) => Some(inner),
        _ => None,
    }
}

fn goes_back_through(step: &Step, inner: &Loop) -> bool {
    matches!(step, Step::Loop(step) if step.number == inner.number)
}
