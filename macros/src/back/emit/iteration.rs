//! Loops in the forward sweep, and iterations that are run again.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use super::forward::Outcome;
use crate::ir::adjoint::{Adjoint, AdjointLoop, Step};
use crate::ir::signature::Checkpoints;
use crate::ir::{Carried, Id, Iterations, Loop, Place};
use crate::passes::needs::{self, Needs};
use crate::passes::record;

/// What the forward sweep keeps of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeps {
    /// Nothing.
    Nothing,
    /// How many iterations there were.
    Count,
    /// That, and the state that the first one began with.
    State,
    /// What each iteration left behind, in the loop's store, while there is room; then as with `State`.
    Records,
}

impl Emitter<'_> {
    // Output: let mut s = before; let mut count = 0; for item in items { (s,) = { … }; count += 1; } let after = s;
    pub(super) fn loop_statement(&self, inner: &Loop, adjoint: Option<&Adjoint>) -> TokenStream {
        let step = step(adjoint, inner.number);
        let keeps = match step {
            None => Keeps::Nothing,
            Some(_) if self.keeps_all() => Keeps::Records,
            Some(_) if !self.is_carrying(inner) && !self.independent.contains(&inner.number) => Keeps::Count,
            Some(_) if self.independent.contains(&inner.number) => Keeps::State,
            Some(_) if self.again.borrow().is_none() && !self.joint.get() => Keeps::State,
            Some(_) => Keeps::Records,
        };
        let cells = self.cells_before(inner);
        let carried = self.handed(inner);
        let starts: Vec<_> = carried.iter().map(|carried| self.binding(carried.start)).collect();
        let befores = carried.iter().map(|carried| self.owned(&carried.before));
        let count = self.invented("count", inner.number, "loop");
        let state_kept = self.invented("state", inner.number, "loop");
        let recorded = self.invented("recorded", inner.number, "loop");
        let begun = match keeps {
            Keeps::Nothing => TokenStream::new(),
            Keeps::Count => quote!(let mut #count = 0_usize;),
            Keeps::State => {
                let state = self.state(inner);
                quote!(let (#state_kept, mut #count) = (#state, 0_usize);)
            }
            Keeps::Records => quote!(let (mut #recorded, mut #count) = (0_usize, 0_usize);),
        };
        let counted = (keeps != Keeps::Nothing).then(|| quote!(#count += 1;));
        let inside = match (keeps, step) {
            (Keeps::Records, Some(step)) => self.recorded_or_not(inner, step),
            _ => self.plain(inner),
        };
        let taken = carried.iter().map(|carried| self.binding(carried.end));
        let leave = inner.exit.map(|exit| {
            let exit = self.binding(exit);
            quote!(if #exit { break; })
        });
        let inside = quote!(#inside #(#starts = #taken;)* #counted #leave);
        let repeated = match &inner.iterations {
            Iterations::Forever => quote!(loop { #inside }),
            Iterations::Each { items, pattern, .. } => {
                let items = self.items(items);
                quote!(for #pattern in #items { #inside })
            }
        };
        let afters = carried.iter().map(|carried| self.binding(carried.after));
        let likes = self.likes(carried.iter().map(|carried| carried.after));
        let cell_likes = self.cell_likes(inner);
        let kept = self.loop_name(inner.number);
        let kept = match keeps {
            Keeps::Nothing => TokenStream::new(),
            Keeps::Count => quote!(let #kept = #count;),
            Keeps::State => quote!(let #kept = (#count, #state_kept);),
            Keeps::Records => quote!(let #kept = (#recorded, #count);),
        };
        quote!(#cells #(let mut #starts = #befores;)* #begun #repeated #(let #afters = #starts;)* #likes #cell_likes #kept)
    }

    /// A copy of what a carried variable begins with.
    fn state_of(&self, id: Id) -> TokenStream {
        let (expansion, name) = (self.expansion(), self.binding(id));
        if self.is_tangent(id) {
            return quote!(::core::clone::Clone::clone(&#name));
        }
        quote!(#expansion::Own(&#name).owned())
    }

    /// What is kept of a loop.
    pub(super) fn loop_name(&self, number: usize) -> Ident {
        self.invented("kept", number, "loop")
    }

    /// An iteration, and what it hands on.
    // Output: let ((s_end, exit), _) = { … };
    pub(super) fn plain(&self, inner: &Loop) -> TokenStream {
        let body = self.iteration(inner, None);
        let (ends, exit) = self.handed_on_pattern(inner);
        quote!(let ((#(#ends,)* #exit), _) = { #body };)
    }

    /// An iteration of which everything is kept while there is room. The state that the first one behind that begins with is
    /// saved.
    // Output: if recorded == count && !store.has_spare_room() { states.push((count, state)); }
    //         let (s_end, exit) = if recorded == count && states … { … store.push(kept); … } else { … };
    fn recorded_or_not(&self, inner: &Loop, step: &AdjointLoop) -> TokenStream {
        let (store, states) = (self.store_name(inner), self.states_name(inner));
        let recorded = self.invented("recorded", inner.number, "loop");
        let count = self.invented("count", inner.number, "loop");
        if self.keeps_all() {
            let record = self.record(inner, step);
            return quote!(#record #recorded += 1;);
        }
        let state = self.state(inner);
        let (record, plain) = (self.record(inner, step), self.plain(inner));
        let (patterns, exit) = self.handed_on_pattern(inner);
        let ends = inner.carried.iter().map(|carried| {
            let end = self.pattern(carried.end);
            if end.to_string() == "_" { quote!(()) } else { end }
        });
        let ends: Vec<_> = ends.collect();
        let inside = self.carrying_loops_inside(inner, step);
        let inside: Vec<_> = inside
            .into_iter()
            .flat_map(|inner| [self.store_name(inner), self.states_name(inner)])
            .collect();
        // From the state that the first iteration begins with, all can be recorded anew.
        let (first, save) = if self.nested.contains(&inner.number) {
            (TokenStream::new(), quote!(#states.push((#count, #state));))
        } else {
            let first = quote! {
                if #count == 0 {
                    #states.push((0, #state));
                }
            };
            let save = quote! {
                if #count > 0 && #states.has_room() {
                    #states.push((#count, #state));
                } else {
                    #store.truncate(0);
                    #(#inside.truncate(0);)*
                    #recorded = 0;
                }
            };
            (first, save)
        };
        quote! {
            #first
            let mut __records = #recorded == #count;
            if __records && !(#store.has_spare_room() #(&& #inside.fits_another())*) {
                #save
                __records = false;
            }
            let (#(#patterns,)* #exit) = if __records {
                #record
                #recorded += 1;
                (#(#ends,)* #exit)
            } else {
                #plain
                (#(#ends,)* #exit)
            };
        }
    }

    /// True if the user wants every iteration kept on the heap.
    pub(super) fn keeps_all(&self) -> bool {
        self.signature.checkpoints == Checkpoints::All
    }

    /// True if iterations are recorded: they begin with what the one before has left, or it pays not to run them twice.
    pub(super) fn is_carrying(&self, inner: &Loop) -> bool {
        if self.keeps_all() {
            return true;
        }
        if self.reads.is_free(self.aliases, inner) {
            // Where nothing is recorded on the way forward, they are run twice all the same.
            return self
                .expensive
                .get(&inner.number)
                .is_some_and(|nested| *nested || self.joint.get());
        }
        !self.independent.contains(&inner.number)
    }

    /// The loops inside whose iterations begin with what the one before has left.
    pub(super) fn carrying_loops_inside<'l>(&self, inner: &'l Loop, step: &AdjointLoop) -> Vec<&'l Loop> {
        let mut inside = Vec::new();
        record::loops_of(&inner.body, &step.body, &mut inside);
        inside.retain(|inner| self.is_carrying(inner));
        inside
    }

    /// An iteration of which everything is kept.
    // Output: let ((s_end, exit), kept) = { … }; store.push((kept, (s_start, s_end)));
    pub(super) fn record(&self, inner: &Loop, step: &AdjointLoop) -> TokenStream {
        let store = self.store_name(inner);
        let (run, kept) = self.run_and_keep(inner, step);
        quote!(#run #store.push((__kept, #kept));)
    }

    /// An iteration of which everything is kept: of its body as `__kept`, and of what it began and ended with.
    pub(super) fn run_and_keep(&self, inner: &Loop, step: &AdjointLoop) -> (TokenStream, TokenStream) {
        let body = self.iteration(inner, Some(&step.body));
        let (ends, exit) = self.handed_on_pattern(inner);
        let kept = record::kept_of_carried(&self.reads, self.aliases, inner);
        // What an iteration begins with may be moved in it.
        let is_start = |id: &crate::ir::Id| inner.carried.iter().any(|carried| carried.start == *id);
        let begun = self.likes(kept.likes.iter().copied().filter(is_start));
        let likes = self.likes(kept.likes.iter().copied().filter(|id| !is_start(id)));
        let kept = self.kept_parts(&kept, |id| self.state_of(id));
        (
            quote!(#begun let ((#(#ends,)* #exit), __kept) = { #body }; #likes),
            quote!((#(#kept,)*)),
        )
    }

    /// The body of the loop as the inside of a block: what it hands on, and what is kept of it.
    pub(super) fn iteration(&self, inner: &Loop, adjoint: Option<&Adjoint>) -> TokenStream {
        self.ends.borrow_mut().push(inner.handed_on());
        let passing = if adjoint.is_none() {
            needs::defined_within(inner)
        } else {
            HashSet::new()
        };
        let outer = self.passing.replace(passing);
        let body = self.region(&inner.body, &self.items_alike(inner), adjoint, Outcome::Result);
        self.passing.replace(outer);
        self.ends.borrow_mut().pop();
        body
    }

    /// What the pattern of the items binds, as far as it is asked what it is like.
    pub(super) fn items_alike(&self, inner: &Loop) -> Vec<Id> {
        let bindings = inner.bindings().iter().copied();
        bindings.filter(|id| self.reads.likes.contains(id)).collect()
    }

    /// The pattern for what an iteration hands on.
    fn handed_on_pattern(&self, inner: &Loop) -> (Vec<TokenStream>, TokenStream) {
        let exit = inner.exit.map(|exit| {
            let exit = self.pattern(exit);
            quote!(#exit,)
        });
        let ends = inner.carried.iter().map(|carried| self.pattern(carried.end));
        (ends.collect(), exit.unwrap_or_default())
    }

    /// The carried variables that are handed from one iteration to the next: they are there when the loop is run, also when it
    /// is run again inside another one, and are not written to in place.
    pub(super) fn handed<'l>(&self, inner: &'l Loop) -> Vec<&'l Carried> {
        let carried = inner.carried.iter();
        carried
            .filter(|carried| !self.is_absent(carried.end) && !self.aliases.cells.contains(carried.start))
            .collect()
    }

    // ----- cells

    /// The carried variables that are written to in place, and are not part of a cell from outside.
    pub(super) fn own_cells<'l>(&self, inner: &'l Loop) -> impl Iterator<Item = &'l Carried> {
        inner.carried.iter().filter(|carried| {
            let before = carried.before.whole();
            self.aliases.cells.contains(carried.start)
                && !before.is_some_and(|before| self.aliases.cells.are_one(before, carried.start))
        })
    }

    /// The cells that begin with the loop.
    fn cells_before(&self, inner: &Loop) -> TokenStream {
        self.own_cells(inner)
            .filter(|carried| self.is_there(carried.start) || self.is_copied(carried.start))
            .map(|carried| {
                let (name, before) = (self.binding(carried.start), self.owned(&carried.before));
                quote!(let mut #name = #before;)
            })
            .collect()
    }

    /// True if a cell is not there, but goes into something that is, of which only the type and the size matter.
    fn is_copied(&self, id: Id) -> bool {
        let cells = &self.aliases.cells;
        self.copies.iter().any(|(from, to)| {
            cells.are_one(*from, id)
                && !cells.are_one(*to, id)
                && !self.is_absent(*to)
                && (!cells.contains(*to) || self.is_there(*to))
        })
    }

    /// What they are like.
    fn cell_likes(&self, inner: &Loop) -> TokenStream {
        let cells = self.own_cells(inner);
        cells
            .filter(|carried| self.reads.likes.contains(&carried.after))
            .map(|carried| {
                if self.is_there(carried.start) {
                    return self.like_statement(carried.after);
                }
                let like = self.like_name(carried.after);
                let before = carried.before.place().map(|place| self.forward_place(place));
                quote!(let #like = #before.__like();)
            })
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

    /// The carried variables that must be restored before an iteration is run again.
    pub(super) fn restored<'l>(&self, inner: &'l Loop) -> Vec<&'l Carried> {
        let carried = inner.carried.iter();
        carried
            .filter(|carried| self.reads.is_restored(self.aliases, inner, carried))
            .collect()
    }

    /// A copy of what an iteration begins with.
    pub(super) fn state(&self, inner: &Loop) -> TokenStream {
        let restored = self.restored(inner);
        let parts = restored.iter().map(|carried| self.state_of(carried.start));
        quote!((#(#parts,)*))
    }

    /// Emits code that runs iterations again.
    pub(super) fn rerun<R>(&self, needs: &Needs, emit: impl FnOnce() -> R) -> R {
        let outer = self.again.replace(Some(needs.clone()));
        let result = emit();
        self.again.replace(outer);
        result
    }

    /// One iteration from one state to the next.
    pub(super) fn advance(&self, inner: &Loop) -> TokenStream {
        let (begin, body) = (self.begin(inner), self.iteration(inner, None));
        let (ends, exit) = self.handed_on_pattern(inner);
        let next = self.next_state(inner);
        let ignored = exit_ignored(&exit);
        quote! {
            #begin
            let ((#(#ends,)* #ignored), _) = { #body };
            #next
        }
    }

    /// One iteration from one state to the next, of which everything is kept.
    pub(super) fn advance_and_record(&self, inner: &Loop, step: &AdjointLoop) -> TokenStream {
        let (begin, record, next) = (self.begin(inner), self.record(inner, step), self.next_state(inner));
        quote!(#begin #record #next)
    }

    fn next_state(&self, inner: &Loop) -> TokenStream {
        let restored = self.restored(inner).into_iter();
        let handed = restored.filter(|carried| !self.aliases.cells.contains(carried.start));
        handed
            .map(|carried| {
                let (start, end) = (self.binding(carried.start), self.binding(carried.end));
                quote!(#start = #end;)
            })
            .collect()
    }

    /// What an iteration begins with: stand-ins for what need not be restored, and the item.
    pub(super) fn begin(&self, inner: &Loop) -> TokenStream {
        let expansion = self.expansion();
        let stand_ins = self
            .handed(inner)
            .into_iter()
            .filter(|carried| !self.reads.is_restored(self.aliases, inner, carried))
            .map(|carried| {
                let start = self.binding(carried.start);
                let after = self.primal_of(&Place::whole(carried.after));
                quote!(let #start = #expansion::Own(#after).owned();)
            });
        let item = self.item(inner);
        quote!(#(#stand_ins)* #item)
    }

    /// The item with the number `__index`.
    pub(super) fn item(&self, inner: &Loop) -> TokenStream {
        let expansion = self.expansion();
        match &inner.iterations {
            Iterations::Each {
                items,
                pattern,
                bindings,
            } if bindings.iter().any(|id| !self.is_absent(*id)) => {
                let items = self.items(items);
                quote!(let #pattern = #expansion::item(#items, __index);)
            }
            _ => TokenStream::new(),
        }
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
