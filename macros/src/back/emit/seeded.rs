//! Calls that go forward and back at once, since the cotangent of their result is known.

use std::collections::HashSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use crate::ir::adjoint::{Pullback, Target};
use crate::ir::{Callee, Id, Let, Op, Operand, Place, Projection, ValueKind};
use crate::passes::record;
use crate::passes::reverse::defined_by;
use crate::passes::seeds::{Link, Seed, Site, Source};

/// Where the cotangent of an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    /// Nowhere.
    Nowhere,
    /// To the argument's own accumulator, which is there already.
    Own,
    /// To a slot with this number, from where it goes on when its turn comes.
    Slot(usize),
}

impl Emitter<'_> {
    /// The cotangent of the call's result, if the code being emitted has it before the call.
    pub(super) fn seed_of(&self, result: Id) -> Option<&Seed> {
        self.seeds.get(&result).filter(|_| self.joint.get())
    }

    /// The call, forward and back; what has flowed to its arguments takes the place of the pullback.
    // Original: y = g(&h, w); s += c * y
    // Output:   seed = s_bar * c; slots = (…); y = g.__joint(&h, w, seed, h_bar, slots.0); (y, slots, ())
    pub(super) fn seeded_call(&self, callee: &Callee, operands: &[Operand], result: Id, seed: &Seed) -> TokenStream {
        let expansion = self.expansion();
        let (cotangent, slots) = (self.of_value("cotangent", result), self.of_value("slots", result));
        let (derivative, kinds) = (self.of_value("derivative", result), self.of_value("kinds", result));
        let seed_value = self.seed_value(seed, result);
        let channels = self.channels(operands, seed);
        let likes = operands.iter().zip(&channels).filter_map(|(operand, channel)| {
            let place = operand.place().filter(|_| matches!(channel, Channel::Slot(_)))?;
            let place = self.forward_place(place);
            Some(quote!(#place.__like().slot()))
        });
        let likes = quote!((#(#likes,)*));
        let arguments: Vec<_> = operands.iter().map(|operand| self.owned(operand)).collect();
        let step = Pullback {
            result,
            arguments: operands
                .iter()
                .map(|operand| (operand.clone(), Target::Direct))
                .collect(),
            written: Vec::new(),
        };
        let bars = operands
            .iter()
            .zip(&channels)
            .enumerate()
            .map(|(index, (operand, channel))| {
                let position = Literal::usize_unsuffixed(index);
                let reference = record::reference_given(self.program, &step, index);
                match (channel, operand.place()) {
                    (Channel::Own, Some(place)) => {
                        let (bar, like) = (self.bar_place(place), self.like(place));
                        let bar = quote!((&mut #bar).__lend());
                        self.lent_as(&quote!(#kinds.#position), &bar, place, reference, &like)
                    }
                    (Channel::Slot(number), Some(place)) => {
                        let number = Literal::usize_unsuffixed(*number);
                        let value = self.forward_place(place);
                        let like = quote!(#value.__like());
                        let bar = quote!((&mut #like.accumulator(&mut #slots.#number)).__lend());
                        self.lent_as(&quote!(#kinds.#position), &bar, place, reference, &like)
                    }
                    _ => quote!(#expansion::Bar(&mut #expansion::inactive())),
                }
            });
        let bars: Vec<_> = bars.collect();
        let turbofish = &callee.turbofish;
        self.with_derivative(callee, operands, false, |function| {
            quote! {{
                let #derivative = #function;
                let #kinds = #derivative.__kinds();
                let mut #cotangent = #seed_value;
                let mut #slots = #likes;
                let __value = #derivative.__joint #turbofish (
                    #(#arguments,)*
                    #expansion::Bar(&mut #cotangent.accumulator()),
                    #(#bars),*
                );
                (__value, #slots, ())
            }}
        })
    }

    /// What is left to do for it on the way back.
    pub(super) fn flow_from_slots(&self, step: &Pullback, seed: &Seed) -> TokenStream {
        let operands: Vec<_> = step.arguments.iter().map(|(operand, _)| operand.clone()).collect();
        let channels = self.channels(&operands, seed);
        let (pullback, slots) = (self.pullback_name(step.result), self.of_value("slots", step.result));
        let flows: TokenStream = operands
            .iter()
            .zip(channels)
            .filter_map(|(operand, channel)| match (channel, operand.place()) {
                (Channel::Slot(number), Some(place)) => {
                    let number = Literal::usize_unsuffixed(number);
                    let (like, bar) = (self.like(place), self.bar_place(place));
                    Some(quote!(#like.transfer(&#like.accumulator(&mut #slots.#number), &mut *(&mut #bar).__lend());))
                }
                _ => None,
            })
            .collect();
        if flows.is_empty() {
            return flows;
        }
        quote! {
            let mut #slots = #pullback;
            #flows
        }
    }

    /// The accumulators that the call, if it goes forward and back at once, needs before their turn.
    pub(super) fn declared_for_seeded(&self, step: &Let) -> TokenStream {
        let Some(seed) = self.seed_of(step.value).filter(|seed| seed.site == Site::Body) else {
            return TokenStream::new();
        };
        let Op::Call(_) = &step.op else {
            return TokenStream::new();
        };
        let channels = self.channels(&step.operands, seed);
        let roots = step.operands.iter().zip(channels).filter_map(|(operand, channel)| {
            let root = self.program.underlying(operand.place()?).root;
            let declares = channel == Channel::Own && !self.program.parameters.contains(&root);
            (declares && self.declared_early.borrow_mut().insert(root)).then_some(root)
        });
        let roots: Vec<_> = roots.collect();
        self.declare(&roots)
    }

    /// Where the cotangents of the arguments go.
    fn channels(&self, operands: &[Operand], seed: &Seed) -> Vec<Channel> {
        let mut taken: HashSet<Id> = HashSet::new();
        let mut slots = 0;
        operands
            .iter()
            .map(|operand| {
                let Some(place) = operand.place().filter(|_| self.program.is_active(operand)) else {
                    return Channel::Nowhere;
                };
                let place = self.program.underlying(place);
                if self.is_at_hand(&place, seed.site) && taken.insert(place.root) {
                    return Channel::Own;
                }
                slots += 1;
                Channel::Slot(slots - 1)
            })
            .collect()
    }

    /// True if the accumulator of the place is there when the call is made, and nothing that flows to it is forgotten before
    /// its turn.
    fn is_at_hand(&self, place: &Place, site: Site) -> bool {
        let root = place.root;
        let value = self.program.value(root);
        let is_direct = place
            .projections
            .iter()
            .all(|part| !matches!(part, Projection::Payload | Projection::Part(_)));
        let others = (0..self.program.values.len()).map(Id);
        if !is_direct
            || others
                .into_iter()
                .any(|other| other != root && self.aliases.accumulator(other) == root)
            || self.aliases.accumulator(root) != root
            || self.aliases.cells.contains(root)
        {
            return false;
        }
        if matches!(value.kind, ValueKind::Parameter { .. }) {
            let parameters = self.program.parameters.iter().zip(&self.signature.parameters);
            return parameters
                .into_iter()
                .any(|(id, parameter)| *id == root && !parameter.written);
        }
        let is_in_body = |count: usize| {
            let statements = &self.program.body.statements[..count];
            value.active && statements.iter().any(|statement| defined_by(statement).contains(&root))
        };
        let is_whole = place
            .projections
            .iter()
            .all(|part| matches!(part, Projection::Dereference(_)));
        match site {
            Site::Body => is_whole && is_in_body(self.program.body.statements.len()),
            Site::Loop => is_whole && self.fused_from.is_some_and(is_in_body),
            Site::Arm => false,
        }
    }

    /// The cotangent of the call's result.
    // Output: match s_bar.__cotangent() { Some(bar) => Seed::of({ let s_seed = *bar; …; y_seed }), None => Seed::nothing() }
    fn seed_value(&self, seed: &Seed, result: Id) -> TokenStream {
        let expansion = self.expansion();
        let source = match seed.source {
            Source::Result => {
                let bar = self.bar(self.program.result);
                quote!(#bar)
            }
            Source::Carried(after) => {
                let (like, slot) = (self.like(&Place::whole(after)), self.of_value("carried", after));
                quote!(#like.accumulator(&mut #slot))
            }
        };
        let known = self.of_value("known", result);
        let mut steps = TokenStream::new();
        // What flows into each value, by the value.
        let mut flows: Vec<(Id, TokenStream)> = vec![(seed.arrives, quote!(*#known))];
        let flow_into = |id: Id, flows: &[(Id, TokenStream)]| {
            let parts = flows.iter().filter(|(to, _)| *to == id).map(|(_, flow)| flow);
            quote!(#(#parts)+*)
        };
        self.rehearses.set(true);
        for link in seed.links.iter().rev() {
            let (from, to) = match link {
                Link::Same { from, to } => (*from, *to),
                Link::Operation { step, position } => match step.operands[*position].whole() {
                    Some(from) => (from, step.value),
                    None => continue,
                },
            };
            let flow = flow_into(to, &flows);
            if flow.is_empty() {
                continue;
            }
            let name = self.of_value("seed", to);
            steps.extend(quote!(let #name = #flow;));
            let through = match link {
                Link::Same { .. } => quote!(#name),
                Link::Operation { step, position } => self.through_operation(step, *position, &quote!(#name)),
            };
            flows.push((from, through));
        }
        self.rehearses.set(false);
        let flow = flow_into(result, &flows);
        quote! {
            match #source.__cotangent() {
                ::core::option::Option::Some(#known) => #expansion::Seed::of({ #steps #flow }),
                ::core::option::Option::None => #expansion::Seed::nothing(),
            }
        }
    }

    /// The cotangent of an operand of an operation that is linear in it.
    fn through_operation(&self, step: &Let, position: usize, bar: &TokenStream) -> TokenStream {
        let Op::Primitive { name, .. } = &step.op else {
            return bar.clone();
        };
        let other = |position: usize| self.operand(&step.operands[position]);
        match (&name[..], position) {
            ("neg", _) | ("sub", 1) => quote!((-#bar)),
            ("mul", 0) => {
                let other = other(1);
                quote!((#bar * #other))
            }
            ("mul", _) => {
                let other = other(0);
                quote!((#other * #bar))
            }
            ("div", _) => {
                let other = other(1);
                quote!((#bar / #other))
            }
            _ => bar.clone(),
        }
    }
}
