//! Back through the iterations of a loop.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use super::reverse::Path;
use crate::ir::adjoint::AdjointLoop;
use crate::ir::signature::Checkpoints;
use crate::ir::{Carried, Loop, Place, Region, Statement};
use crate::passes::record;

impl Emitter<'_> {
    /// The reverse sweep through a loop.
    pub(super) fn adjoint_loop(&self, step: &AdjointLoop, region: &Region) -> TokenStream {
        let inner = region.statements.iter().find_map(|statement| match statement {
            Statement::Loop(inner) if inner.number == step.number => Some(&**inner),
            _ => None,
        });
        let (Some(inner), Some(needs)) = (inner, self.reads.needs.get(&step.number)) else {
            return TokenStream::new();
        };
        let active: Vec<_> = inner
            .carried
            .iter()
            .filter(|carried| self.program.value(carried.end).active && !self.aliases.cells.contains(carried.start))
            .collect();
        let begin: TokenStream = active.iter().map(|carried| self.begin_cotangent(carried)).collect();
        let finish: TokenStream = active.iter().map(|carried| self.finish_cotangent(carried)).collect();
        let cells: TokenStream = self.own_cells(inner).map(|carried| self.finish_cell(carried)).collect();
        // The stores of the loops inside are used by all iterations of the outermost one.
        let outermost = self.again.borrow().is_none() && !self.joint.get();
        let stores = (outermost && !self.keeps_all()).then(|| self.stores(inner, step));
        let back = if self.keeps_all() {
            self.rerun(needs, || self.back_through_all(inner, step, &active))
        } else if self.is_carrying(inner) {
            self.rerun(needs, || self.back_by_plan(inner, step, &active, outermost))
        } else {
            self.rerun(needs, || self.back_one_by_one(inner, step, &active))
        };
        let back = self.unless_nothing_flows(inner, step, &active, &quote!(#stores #back));
        quote! {
            #begin
            { #back }
            #finish
            #cells
        }
    }

    /// Code that goes back through the loop, left out where no cotangent has come to what it carries: all that flows in a loop
    /// flows from there. Where iterations left something behind, or wrote to what was there before, it must be undone all the
    /// same.
    // Output: if may_have_flowed(s_carried) { … }
    fn unless_nothing_flows(
        &self,
        inner: &Loop,
        step: &AdjointLoop,
        active: &[&Carried],
        code: &TokenStream,
    ) -> TokenStream {
        let cells = inner
            .carried
            .iter()
            .any(|carried| self.aliases.cells.contains(carried.start));
        if cells || active.is_empty() || self.is_carrying(inner) || !self.carrying_loops_inside(inner, step).is_empty()
        {
            return code.clone();
        }
        let flows = active.iter().map(|carried| {
            let (slot, like) = (self.carried_slot(carried), self.like(&Place::whole(carried.after)));
            let expansion = self.expansion();
            quote!(#expansion::InactiveAccumulator::may_have_flowed(&#like.accumulator(&mut #slot)))
        });
        quote!(if #(#flows)||* { #code })
    }

    /// The carried variables whose cotangents are handed from one iteration to the one before.
    pub(super) fn active<'l>(&self, inner: &'l Loop) -> Vec<&'l Carried> {
        let carried = inner.carried.iter();
        carried
            .filter(|carried| self.program.value(carried.end).active && !self.aliases.cells.contains(carried.start))
            .collect()
    }

    /// Room for what iterations leave behind, for the loop and all inside.
    // Output: let store = &mut Store::new();
    fn stores(&self, inner: &Loop, step: &AdjointLoop) -> TokenStream {
        let own = self.is_carrying(inner).then_some(inner);
        let loops = own.into_iter().chain(self.carrying_loops_inside(inner, step));
        loops.map(|inner| self.stores_of(inner)).collect()
    }

    // Output: let store = &mut Store::new(); let states = &mut Store::new();
    pub(super) fn stores_of(&self, inner: &Loop) -> TokenStream {
        let krate = &self.signature.krate;
        let (store, states) = (self.store_name(inner), self.states_name(inner));
        let (record_words, state_words) = if self.calls_itself() {
            (RECORD_WORDS / 32, STATE_WORDS / 32)
        } else {
            (RECORD_WORDS, STATE_WORDS)
        };
        let (places, words) = match self.signature.checkpoints {
            Checkpoints::Standard => (4, state_words),
            Checkpoints::Places(places) => (places, 0),
            Checkpoints::All => return quote!(let mut #store = #krate::checkpoint::HeapStore::new();),
        };
        quote! {
            let #store = &mut #krate::checkpoint::Store::<_, 1, #record_words>::new();
            let #states = &mut #krate::checkpoint::Store::<_, #places, #words>::new();
        }
    }

    /// Iterations all of which are on the heap.
    // Output: for index in (0..count).rev() { let kept = store.pop(); … }
    fn back_through_all(&self, inner: &Loop, step: &AdjointLoop, active: &[&Carried]) -> TokenStream {
        let (kept, store) = (self.loop_name(inner.number), self.store_name(inner));
        let (item, back) = (self.item(inner), self.back(inner, step, active));
        quote! {
            for __index in (0..#kept.1).rev() {
                #item
                let __kept = #store.pop();
                #back
            }
        }
    }

    /// Room for what the iterations of a loop leave behind.
    pub(super) fn store_name(&self, inner: &Loop) -> Ident {
        self.invented("store", inner.number, "loop")
    }

    /// Room for states of a loop, among them, where it is recorded on the way forward, the one from which on it is not.
    pub(super) fn states_name(&self, inner: &Loop) -> Ident {
        self.invented("states", inner.number, "loop")
    }

    /// Iterations that need nothing of each other: each is run again when its turn comes.
    // Output: for index in (0..count).rev() { … }
    fn back_one_by_one(&self, inner: &Loop, step: &AdjointLoop, active: &[&Carried]) -> TokenStream {
        let kept = self.loop_name(inner.number);
        let load = if self.independent.contains(&inner.number) {
            let names: Vec<_> = self
                .restored(inner)
                .into_iter()
                .map(|carried| self.binding(carried.start))
                .collect();
            let loaded: Vec<_> = (0..names.len())
                .map(|position| quote::format_ident!("__loaded_{position}"))
                .collect();
            quote!(let (__count, (#(#loaded,)*)) = #kept; #(#names = #loaded;)*)
        } else {
            quote!(let __count = #kept;)
        };
        let begin = self.begin(inner);
        let (run, kept) = self.run_and_keep(inner, step);
        let back = self.back(inner, step, active);
        quote! {
            #load
            for __index in (0..__count).rev() {
                #begin
                #run
                let __kept = (__kept, #kept);
                #back
            }
        }
    }

    /// Iterations that begin with what the one before has left.
    // Output: loop { match plan.next() { Load(state) => …, Save => …, Advance(range) => …, Record(range) => …, Back(range) => …, Done => break } }
    fn back_by_plan(&self, inner: &Loop, step: &AdjointLoop, active: &[&Carried], outermost: bool) -> TokenStream {
        let krate = &self.signature.krate;
        let action = quote!(#krate::checkpoint::Action);
        let (kept, store) = (self.loop_name(inner.number), self.store_name(inner));
        let plan = self.invented("plan", inner.number, "loop");
        let present = self.invented("present", inner.number, "loop");
        let handed = self.restored(inner).into_iter();
        let handed = handed.filter(|carried| !self.aliases.cells.contains(carried.start));
        let names: Vec<_> = handed.map(|carried| self.binding(carried.start)).collect();
        let in_place = self.restored(inner).into_iter();
        let in_place = in_place.filter(|carried| self.aliases.cells.contains(carried.start));
        let in_place: Vec<_> = in_place.map(|carried| self.binding(carried.start)).collect();
        let load = self.load(inner);
        let state = self.state(inner);
        let take = quote! {
            let (#(mut #names,)*) = match #present.take() {
                ::core::option::Option::Some(__state) => __state,
                ::core::option::Option::None => ::core::unreachable!("a state has been loaded"),
            };
        };
        let put = quote!(#present = ::core::option::Option::Some((#(#names,)*)););
        let (advance, record) = (self.advance(inner), self.advance_and_record(inner, step));
        let (item, back) = (self.item(inner), self.back(inner, step, active));
        let inside = self.carrying_loops_inside(inner, step);
        let exact = inside.is_empty();
        let stores: Vec<_> = inside
            .into_iter()
            .flat_map(|inner| [self.store_name(inner), self.states_name(inner)])
            .collect();
        let length = quote::format_ident!("__length_{}", inner.number);
        let lengths: Vec<_> = (0..stores.len())
            .map(|position| quote::format_ident!("__length_{}_{position}", inner.number))
            .collect();
        let states = self.states_name(inner);
        let begun = if outermost {
            quote! {
                let (__count, __state) = #kept;
                if __count > 0 {
                    #states.push((0, __state));
                }
                let __before = 0;
            }
        } else if !self.nested.contains(&inner.number) {
            // Where most are yet to be recorded, these make room for them.
            quote! {
                let (mut __before, __count) = #kept;
                if __before < __count && __count > 2 * __before {
                    #states.truncate(1);
                    #store.truncate(0);
                    #(#stores.truncate(0);)*
                    __before = 0;
                }
            }
        } else {
            quote!(let (__before, __count) = #kept;)
        };
        quote! {
            #begun
            let mut #plan = #krate::checkpoint::Plan::new(
                #states,
                __before,
                __count,
                #store.capacity() - #store.len(),
                #exact,
            ) #(.with_copies_of(&#in_place))*;
            let mut #present = ::core::option::Option::None;
            let mut __action = #plan.first();
            loop {
                match __action {
                    #action::Load(__state) => { #load }
                    #action::Save => {
                        #take
                        #plan.save(#state);
                        #put
                    }
                    #action::Advance(__range) => {
                        #take
                        for __index in __range { #advance }
                        #put
                    }
                    #action::Record(__range) => {
                        #take
                        let #length = #store.len();
                        #(let #lengths = #stores.len();)*
                        #(#stores.mark();)*
                        for __index in __range {
                            if #store.len() > #length && !(#store.has_room() #(&& #stores.fits_another())*) {
                                break;
                            }
                            #record
                        }
                        if !#plan.recorded(#store.len() - #length) {
                            #store.truncate(#length);
                            #(#stores.truncate(#lengths);)*
                        }
                        #put
                    }
                    #action::Back(__range) => {
                        let __first = __range.start;
                        for __index in __range.rev() {
                            #item
                            let __kept = #store.pop();
                            #back
                        }
                        if __first == 0 {
                            break;
                        }
                    }
                    #action::Done => break,
                }
                __action = #plan.next();
            }
        }
    }

    /// Goes on from the state `__state`.
    // Output: let (cell, s) = __state; …
    fn load(&self, inner: &Loop) -> TokenStream {
        let present = self.invented("present", inner.number, "loop");
        let mut patterns = Vec::new();
        let mut cells = TokenStream::new();
        let mut handed = Vec::new();
        for (position, carried) in self.restored(inner).into_iter().enumerate() {
            let name = self.binding(carried.start);
            if self.aliases.cells.contains(carried.start) {
                let loaded = quote::format_ident!("__loaded_{position}");
                patterns.push(quote!(#loaded));
                cells.extend(quote!(#name = #loaded;));
            } else {
                patterns.push(quote!(#name));
                handed.push(name);
            }
        }
        quote! {
            let (#(#patterns,)*) = __state;
            #cells
            #present = ::core::option::Option::Some((#(#handed,)*));
        }
    }

    /// Back through one iteration, of which `__kept` was kept.
    pub(super) fn back(&self, inner: &Loop, step: &AdjointLoop, active: &[&Carried]) -> TokenStream {
        let of_body = self.kept_pattern(&record::kept(
            &self.reads,
            self.aliases,
            &inner.body,
            &self.items_alike(inner),
            &step.body,
        ));
        let of_carried = self.kept_pattern(&record::kept_of_carried(&self.reads, self.aliases, inner));
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
            let (#of_body, #of_carried) = __kept;
            #cotangents
            #steps
            #carried_on
        }
    }

    // ----- cotangents

    // Output: let mut slot = …; transfer(after_bar, slot);
    pub(super) fn begin_cotangent(&self, carried: &Carried) -> TokenStream {
        let (slot, after_bar) = (self.carried_slot(carried), self.bar(carried.after));
        let like = self.like(&Place::whole(carried.after));
        quote! {
            let mut #slot = #like.slot();
            #like.transfer(&*#after_bar, &mut #like.accumulator(&mut #slot));
        }
    }

    // Output: transfer(slot, before_bar);
    pub(super) fn finish_cotangent(&self, carried: &Carried) -> TokenStream {
        let Some(place) = carried
            .before
            .place()
            .filter(|_| self.program.is_active(&carried.before))
        else {
            return TokenStream::new();
        };
        let (slot, like) = (self.carried_slot(carried), self.like(&Place::whole(carried.after)));
        let to = self.bar_place(place);
        quote!(#like.transfer(&#like.accumulator(&mut #slot), &mut *(&mut #to).__lend());)
    }

    // Output: transfer(cell_bar, before_bar);
    fn finish_cell(&self, carried: &Carried) -> TokenStream {
        let Some(place) = carried
            .before
            .place()
            .filter(|_| self.program.is_active(&carried.before))
        else {
            return TokenStream::new();
        };
        let (cell, like) = (self.bar(carried.after), self.like(&Place::whole(carried.after)));
        let to = self.bar_place(place);
        quote!(#like.transfer(&*#cell, &mut *(&mut #to).__lend());)
    }

    pub(super) fn carried_slot(&self, carried: &Carried) -> Ident {
        self.of_value("carried", carried.after)
    }
}

/// How many words of eight bytes the records of a loop's iterations may take up.
const RECORD_WORDS: usize = 4096;

/// How many words of eight bytes the saved states of a loop may take up beside four of them.
const STATE_WORDS: usize = 512;
