//! Sizes that overwritten parts had, for their cotangents.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use crate::ir::adjoint::{Adjoint, Step};
use crate::ir::{Id, Operand, Projection};

impl Emitter<'_> {
    /// The names of what the forward sweep leaves of sizes, for each write.
    pub(super) fn resets(&self) -> Vec<Ident> {
        self.resets.iter().map(|id| self.of_value("resets", *id)).collect()
    }

    /// The name of what the forward sweep leaves of the sizes that a write finds, if the part may have another one before: an
    /// element, whose cotangent lies in that of the whole.
    pub(super) fn resets_of(&self, id: Id) -> Option<Ident> {
        self.resets.contains(&id).then(|| self.of_value("resets", id))
    }

    /// The names of what the forward sweep leaves of overwritten parts, for their sizes.
    pub(super) fn overwritten_parts(&self) -> Vec<Ident> {
        self.resets
            .iter()
            .filter_map(|id| self.overwritten_parts_of(*id))
            .collect()
    }

    /// The same for one write.
    pub(super) fn overwritten_parts_of(&self, id: Id) -> Option<Ident> {
        let undone = self.resets.contains(&id) && self.reads.undoes_size(id);
        undone.then(|| self.of_value("parts", id))
    }

    /// What the forward sweep leaves these in.
    // Output: let mut resets = Resets::default(); …
    pub(super) fn room_for_sizes(&self) -> TokenStream {
        let (expansion, resets, parts) = (self.expansion(), self.resets(), self.overwritten_parts());
        quote! {
            #(let mut #resets = <#expansion::Resets<_> as ::core::default::Default>::default();)*
            #(let mut #parts = #expansion::OverwrittenParts::default();)*
        }
    }

    /// The same, unless the write is run again for the reverse sweep, which has what the first run left.
    pub(super) fn resets_left(&self, id: Id) -> Option<Ident> {
        let again = self.again.borrow().is_some();
        self.resets_of(id).filter(|_| !again)
    }

    /// Leaves the size of a part that is about to be overwritten, where the reverse sweep goes back through the write.
    // Output: Overwritten(&x.path).__leave(&mut resets);
    pub(super) fn leave_size(&self, id: Id, part: &TokenStream, value: &Operand) -> TokenStream {
        let Some(resets) = self.resets_left(id) else {
            return TokenStream::new();
        };
        let expansion = self.expansion();
        let parts = self.overwritten_parts_of(id);
        if self.program.is_active(value) {
            let part_left = parts.map(|parts| quote!(#expansion::leave_part(&#part, &mut #parts);));
            return quote!(#expansion::leave(&#part, &mut #resets); #part_left);
        }
        // It may be a field that has no tangent.
        let part_left = parts.map(|parts| quote!(#expansion::Overwritten(&#part).__leave_part(&mut #parts);));
        quote!(#expansion::Overwritten(&#part).__leave(&mut #resets); #part_left)
    }
}

/// The writes to elements that the reverse sweep goes back through, by the values that they give.
pub(super) fn resets(adjoint: &Adjoint) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    forgotten(adjoint, &mut found);
    found
}

fn forgotten(adjoint: &Adjoint, found: &mut BTreeSet<Id>) {
    let is_element = |projection: &Projection| matches!(projection, Projection::Index(_) | Projection::Element(_));
    for step in &adjoint.steps {
        match step {
            Step::Forget(place) if place.projections.iter().any(is_element) => {
                found.insert(place.root);
            }
            Step::Branch(branch) => {
                let arms = branch.rest.iter().chain(branch.arms.iter().flatten());
                arms.for_each(|adjoint| forgotten(adjoint, found));
            }
            Step::Loop(inner) => forgotten(&inner.body, found),
            _ => {}
        }
    }
}
