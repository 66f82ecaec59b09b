//! Joint mode: the forward and the reverse sweep in one function, for a cotangent that is known from the start.
//!
//! `__split` returns a closure, which would have to carry all that iterations leave behind. Here they leave it on the stack on their only
//! way forward, and only what finds no room there is run again.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use super::protocol::{self, PullbackNames};
use crate::ir::signature::{Home, Signature};
use crate::ir::{Branch, End, Loop, Region, Statement};
use crate::passes::record;

impl Emitter<'_> {
    /// True if the function has something to gain from joint mode: a loop, a pullback that runs it anew, or a call that can go
    /// back at once.
    pub(super) fn has_joint(&self) -> bool {
        let in_trait = matches!(self.signature.home(), Some(Home::Trait | Home::TraitImpl));
        self.ends() && !in_trait && (self.is_deferred() || !self.loops().is_empty() || !self.seeds.is_empty())
    }

    /// `__joint`: the value; the cotangents go to the accumulators.
    // Output: pub fn __joint(self, x: f64, y_bar: …, x_bar: …) -> f64 { … }
    pub(super) fn joint(&self) -> TokenStream {
        if !self.has_joint() {
            return match self.signature.method {
                None => by_split(self.signature),
                Some(_) => TokenStream::new(),
            };
        }
        self.joint.set(true);
        let (imports, items) = (self.imports(), &self.program.items);
        let fused = self.fused();
        let is_fused = fused.is_some();
        let (forward, steps) = match fused {
            Some(both) => both,
            None => {
                let stores = self.all_stores();
                self.stores_due.replace(stores);
                (self.forward_body(), self.reverse_steps())
            }
        };
        let stores = is_fused.then(|| self.all_stores());
        let (likes, records) = (self.parameter_likes(), self.records());
        self.joint.set(false);
        self.fused.borrow_mut().clear();
        self.declared_early.borrow_mut().clear();
        let room = self.room_for_sizes();
        let (expansion, ascription) = (self.expansion(), self.result_ascription());
        let result = &self.program.value(self.program.result).name;
        let names = PullbackNames {
            result: result.clone(),
            result_bar: self.bar(self.program.result),
            bars: self.program.parameters.iter().map(|id| self.bar(*id)).collect(),
        };
        let header = protocol::joint_header(self.signature, &names);
        let receiver = protocol::receiver(self.signature);
        let given = protocol::given_tangents(self.signature, false);
        let opened = protocol::opened(&names);
        let both = self.on_own_accumulators(&quote! {
            #likes
            #stores
            #room
            #forward
            #ascription
            #records
            let __result = #result;
            {
                let #result = &__result;
                #steps
            }
        });
        quote! {
            #header {
                #receiver
                #given
                #imports
                #items
                #opened
                #both
                #expansion::same(__result)
            }
        }
    }

    /// The loops that the reverse sweep goes back through.
    pub(super) fn loops(&self) -> Vec<&Loop> {
        let mut loops = Vec::new();
        record::loops_of(&self.program.body, self.adjoint, &mut loops);
        loops
    }

    /// Room for what the iterations of all loops leave behind.
    pub(super) fn all_stores(&self) -> TokenStream {
        let loops = self.loops().into_iter();
        loops
            .filter(|inner| self.is_carrying(inner) && !self.fused.borrow().contains(&inner.number))
            .map(|inner| self.stores_of(inner))
            .collect()
    }

    /// The names of the stores on the heap, which the pullback takes along.
    pub(super) fn heap_stores(&self) -> Vec<Ident> {
        if !self.keeps_all() {
            return Vec::new();
        }
        self.loops().into_iter().map(|inner| self.store_name(inner)).collect()
    }
}

/// `__joint` by way of `__split`.
// Output: fn __joint(self, x: f64, y_bar: …, x_bar: …) -> f64 { let (y, pullback, _) = f.__split(x); pullback(x, &y, y_bar, x_bar); y }
pub(super) fn by_split(signature: &Signature) -> TokenStream {
    let expansion = signature.expansion();
    let names = PullbackNames::invented(signature);
    let header = protocol::joint_header(signature, &names);
    let given: Vec<_> = signature
        .parameters
        .iter()
        .map(|parameter| {
            let name = &parameter.name;
            quote!(#name)
        })
        .collect();
    let again = signature.parameters.iter().map(|parameter| {
        let name = &parameter.name;
        if parameter.is_handed_again() {
            quote!(#name)
        } else {
            quote!(#expansion::Unused)
        }
    });
    let (split, PullbackNames { result_bar, bars, .. }) = (signature.call_split(&given), &names);
    quote! {
        #header {
            let (__value, __pullback, _) = #split;
            __pullback(#(#again,)* &__value, #result_bar, #(#bars),*);
            __value
        }
    }
}

/// True if there is a loop in the branch.
pub(super) fn has_loop(branch: &Branch) -> bool {
    fn region_has_loop(region: &Region) -> bool {
        let in_statements = region.statements.iter().any(|statement| match statement {
            Statement::Loop(_) => true,
            Statement::Branch(branch) => has_loop(branch),
            _ => false,
        });
        in_statements
            || match &region.end {
                End::Split(branch, rest) => has_loop(branch) || region_has_loop(rest),
                End::Tail(branch) => has_loop(branch),
                _ => false,
            }
    }
    branch.arms.iter().any(|arm| region_has_loop(&arm.region))
}
