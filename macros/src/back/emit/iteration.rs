//! Loops: forward, and back through their iterations.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use super::forward::Outcome;
use super::reverse::Path;
use crate::ir::adjoint::{Adjoint, AdjointLoop, Step};
use crate::ir::{Carried, Id, Iterations, Loop, Place, Region, Statement, ValueKind};
use crate::passes::needs::Needs;
use crate::passes::record;

impl Emitter<'_> {
    // ----- forward

    // Output: let mut s = before; let mut count = 0; for item in items { (s,) = { … }; count += 1; } let after = s;
    pub(super) fn loop_statement(&self, inner: &Loop, adjoint: Option<&Adjoint>) -> TokenStream {
        let step = step(adjoint, inner.number);
        let carried = self.present(inner);
        let starts: Vec<_> = carried.iter().map(|carried| self.binding(carried.start)).collect();
        let befores = carried.iter().map(|carried| self.owned(&carried.before));
        let declared = quote!(#(let mut #starts = #befores;)*);
        let (state, counter, count) = match step {
            Some(_) => {
                let count = self.invented("count", inner.number, "loop");
                let state = self.invented("state", inner.number, "loop");
                let needed = inner.carried.iter().filter(|carried| self.is_restored(inner, carried));
                let needed = needed.map(|carried| self.state_of(carried.start));
                let state = quote!(let #state = (#(#needed,)*););
                (state, quote!(let mut #count = 0_usize;), quote!(#count += 1;))
            }
            None => Default::default(),
        };
        let body = self.iteration(inner, None);
        let (ends, exit) = self.handed_on_pattern(inner);
        let taken: Vec<_> = carried.iter().map(|carried| self.binding(carried.end)).collect();
        let leave = inner.exit.map(|exit| {
            let exit = self.binding(exit);
            quote!(if #exit { break; })
        });
        let inside = quote! {
            let ((#(#ends,)* #exit), _) = { #body };
            #(#starts = #taken;)*
            #count
            #leave
        };
        let repeated = match &inner.iterations {
            Iterations::Forever => quote!(loop { #inside }),
            Iterations::Each { items, pattern, .. } => {
                let items = self.opaque(items);
                quote!(for #pattern in #items { #inside })
            }
        };
        let afters = carried.iter().map(|carried| self.binding(carried.after));
        let after = quote!(#(let #afters = #starts;)*);
        let likes = self.likes(carried.iter().map(|carried| carried.after));
        let kept = step.map(|_| {
            let (kept, count) = (
                self.loop_name(inner.number),
                self.invented("count", inner.number, "loop"),
            );
            let state = self.invented("state", inner.number, "loop");
            quote!(let #kept = (#count, #state);)
        });
        quote!(#declared #state #counter #repeated #after #likes #kept)
    }

    /// A copy of what a carried variable begins with.
    fn state_of(&self, id: Id) -> TokenStream {
        let (expansion, name) = (self.expansion(), self.binding(id));
        if self.is_tangent(id) {
            return quote!(::core::clone::Clone::clone(&#name));
        }
        quote!(#expansion::Own(&#name).owned())
    }

    /// What is kept of a loop: how many iterations there were, and the state that the first one began with.
    pub(super) fn loop_name(&self, number: usize) -> Ident {
        self.invented("kept", number, "loop")
    }

    /// The body of the loop as the inside of a block: what it hands on, and what is kept of it.
    fn iteration(&self, inner: &Loop, adjoint: Option<&Adjoint>) -> TokenStream {
        let ends: Vec<_> = inner
            .carried
            .iter()
            .map(|carried| carried.end)
            .chain(inner.exit)
            .collect();
        self.ends.borrow_mut().push(ends);
        let body = self.region(&inner.body, &[], adjoint, Outcome::Result);
        self.ends.borrow_mut().pop();
        body
    }

    /// The pattern for what an iteration hands on.
    fn handed_on_pattern(&self, inner: &Loop) -> (Vec<TokenStream>, TokenStream) {
        let name = |id: Id| {
            let name = self.binding(id);
            if self.is_absent(id) { quote!(_) } else { quote!(#name) }
        };
        let exit = inner.exit.map(|exit| {
            let exit = name(exit);
            quote!(#exit,)
        });
        (
            inner.carried.iter().map(|carried| name(carried.end)).collect(),
            exit.unwrap_or_default(),
        )
    }

    /// The carried variables that are there when the loop is run, also when it is run again inside another one.
    fn present<'l>(&self, inner: &'l Loop) -> Vec<&'l Carried> {
        inner
            .carried
            .iter()
            .filter(|carried| !self.is_absent(carried.end))
            .collect()
    }

    // ----- running iterations again

    /// True if the value is not there because nothing needs it in the iterations that are run again.
    pub(super) fn is_absent(&self, id: Id) -> bool {
        match &*self.again.borrow() {
            None => false,
            Some(needs) => {
                !self.program.value(id).active && !needs.contains(id) && !self.reads.reads(self.aliases.resolve(id))
            }
        }
    }

    /// True if an iteration is run again and the value comes from outside the loop, so that it goes by the name that it was
    /// kept under.
    pub(super) fn is_outside(&self, id: Id) -> bool {
        self.again
            .borrow()
            .as_ref()
            .is_some_and(|needs| !needs.inside.contains(&id))
    }

    /// The carried variables that must be restored before an iteration is run again, when it begins.
    fn state(&self, inner: &Loop) -> Vec<Ident> {
        let needed = inner.carried.iter().filter(|carried| self.is_restored(inner, carried));
        needed.map(|carried| self.binding(carried.start)).collect()
    }

    fn is_restored(&self, inner: &Loop, carried: &Carried) -> bool {
        let needs = self.reads.needs.get(&inner.number);
        needs.is_some_and(|needs| needs.contains(carried.start))
            || self.reads.reads(self.aliases.resolve(carried.start))
    }

    // ----- reverse

    // Output: reverse(count, state, |index, state| { … next state }, |index, state| { …; steps back })
    pub(super) fn adjoint_loop(&self, step: &AdjointLoop, region: &Region) -> TokenStream {
        let inner = region.statements.iter().find_map(|statement| match statement {
            Statement::Loop(inner) if inner.number == step.number => Some(&**inner),
            _ => None,
        });
        let (Some(inner), Some(needs)) = (inner, self.reads.needs.get(&step.number)) else {
            return TokenStream::new();
        };
        let krate = &self.signature.krate;
        let kept = self.loop_name(inner.number);
        let active: Vec<_> = inner
            .carried
            .iter()
            .filter(|carried| self.program.value(carried.end).active)
            .collect();
        let mut begin = TokenStream::new();
        let mut finish = TokenStream::new();
        for carried in &active {
            let (slot, after_bar) = (self.carried_slot(carried), self.bar(carried.after));
            let like = self.like(&Place::whole(carried.after));
            begin.extend(quote! {
                let mut #slot = #like.slot();
                #like.transfer(&*#after_bar, &mut #like.accumulator(&mut #slot));
            });
            if let Some(place) = carried
                .before
                .place()
                .filter(|_| self.program.is_active(&carried.before))
            {
                let to = self.bar_place(place);
                finish.extend(quote! {
                    #like.transfer(&#like.accumulator(&mut #slot), &mut *(&mut #to).__lend());
                });
            }
        }
        let state = self.state(inner);
        let (advance, back) = self.rerun(needs, || (self.advance(inner), self.back(inner, step, &active)));
        quote! {
            #begin
            {
                let (__count, __state) = #kept;
                #krate::checkpoint::reverse(
                    __count,
                    __state,
                    |__index: usize, (#(#state,)*)| { #advance },
                    |__index: usize, (#(#state,)*)| { #back },
                );
            }
            #finish
        }
    }

    /// Emits code that runs iterations again.
    fn rerun<R>(&self, needs: &Needs, emit: impl FnOnce() -> R) -> R {
        let outer = self.again.replace(Some(needs.clone()));
        let result = emit();
        self.again.replace(outer);
        result
    }

    /// One iteration from one state to the next.
    fn advance(&self, inner: &Loop) -> TokenStream {
        let restored: Vec<_> = inner
            .carried
            .iter()
            .filter(|carried| self.is_restored(inner, carried))
            .collect();
        if restored.is_empty() {
            return quote!(());
        }
        let begin = self.begin(inner);
        let body = self.iteration(inner, None);
        let (ends, exit) = self.handed_on_pattern(inner);
        let next = restored.iter().map(|carried| self.binding(carried.end));
        let ignored = exit_ignored(&exit);
        quote! {
            #begin
            let ((#(#ends,)* #ignored), _) = { #body };
            (#(#next,)*)
        }
    }

    /// One iteration again, and back through it.
    fn back(&self, inner: &Loop, step: &AdjointLoop, active: &[&Carried]) -> TokenStream {
        let begin = self.begin(inner);
        let body = self.iteration(inner, Some(&step.body));
        let (ends, exit) = self.handed_on_pattern(inner);
        let ignored = exit_ignored(&exit);
        let kept = self.kept_pattern(&record::kept(&self.reads, &inner.body, &[], &step.body));
        let mut cotangents = TokenStream::new();
        let mut carried_on = TokenStream::new();
        for carried in active {
            let (slot, like) = (self.carried_slot(carried), self.like(&Place::whole(carried.after)));
            let (end_slot, end_bar) = (self.of_value("slot", carried.end), self.bar(carried.end));
            let start_bar = self.bar(carried.start);
            cotangents.extend(quote! {
                let mut #end_slot = ::core::mem::take(&mut #slot);
                let #end_bar = &mut #like.accumulator(&mut #end_slot);
            });
            carried_on.extend(quote!(#like.transfer(&*#start_bar, &mut #like.accumulator(&mut #slot));));
        }
        // The steps themselves see what has been run again under its own names.
        let steps = self.adjoint_steps(&step.body, &inner.body, Path::Any);
        quote! {
            #begin
            let ((#(#ends,)* #ignored), __kept) = { #body };
            let #kept = __kept;
            #cotangents
            #steps
            #carried_on
        }
    }

    /// What an iteration begins with: stand-ins for what need not be restored, and the item.
    fn begin(&self, inner: &Loop) -> TokenStream {
        let expansion = self.expansion();
        let stand_ins = self
            .present(inner)
            .into_iter()
            .filter(|carried| !self.is_restored(inner, carried))
            .map(|carried| {
                let start = self.binding(carried.start);
                let after = self.primal_of(&Place::whole(carried.after));
                quote!(let #start = #expansion::Own(#after).owned();)
            });
        let item = match &inner.iterations {
            Iterations::Each {
                items,
                pattern,
                bindings,
            } if bindings.iter().any(|id| !self.is_absent(*id)) => {
                let items = self.opaque(items);
                quote!(let #pattern = #expansion::item(#items, __index);)
            }
            _ => TokenStream::new(),
        };
        quote!(#(#stand_ins)* #item)
    }

    fn carried_slot(&self, carried: &Carried) -> Ident {
        self.of_value("carried", carried.after)
    }

    /// True if the value is what a carried variable holds at the start or the end of an iteration. It is at hand in the reverse
    /// sweep.
    pub(super) fn is_carried(&self, id: Id) -> bool {
        matches!(self.program.value(id).kind, ValueKind::Carried)
    }
}

/// Whether an iteration was the last one does not matter when it is run again.
fn exit_ignored(exit: &TokenStream) -> TokenStream {
    if exit.is_empty() { quote!() } else { quote!(_,) }
}

/// The step that goes back through a loop.
fn step(adjoint: Option<&Adjoint>, number: usize) -> Option<&AdjointLoop> {
    adjoint?.steps.iter().find_map(|step| match step {
        Step::Loop(inner) if inner.number == number => Some(inner),
        _ => None,
    })
}
