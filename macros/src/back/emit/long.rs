//! Long functions, of hundreds of operations in a row.
//!
//! What stands behind a `let` is a scope inside the scopes before it. Compilers go down them by recursion, and what they write for
//! debuggers grows with their depth; and optimisers compare what is written through an argument with everything between. Where
//! that would take longer than the rest, the values are declared together, and the closure's accumulators are its own.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use crate::ir::{Id, Let, Op, Region, Statement};

/// How many statements, or values, make a region or a function long.
const LONG: usize = 256;

/// How many values or accumulators are declared in one statement.
pub(super) const DECLARED_TOGETHER: usize = 32;

impl Emitter<'_> {
    /// Declares the results of the operations in a long region: which, and how.
    // Output: let (t_1, t_1_like, t_2, …);
    pub(super) fn declare_first(&self, region: &Region) -> (Vec<Id>, TokenStream) {
        if region.statements.len() < LONG {
            return (Vec::new(), TokenStream::new());
        }
        let values: Vec<_> = region
            .statements
            .iter()
            .filter(|statement| !self.is_left_out(statement))
            .filter_map(plain)
            .filter(|id| self.aliases.like(*id) == *id)
            .collect();
        let groups = values.chunks(DECLARED_TOGETHER).map(|values| {
            let names = values.iter().map(|id| self.binding(*id));
            let likes = values.iter().filter(|id| self.reads.likes.contains(id));
            let likes = likes.map(|id| self.like_name(*id));
            quote!(let (#(#names,)* #(#likes,)*);)
        });
        let declarations = groups.collect();
        (values, declarations)
    }

    pub(super) fn is_declared_first(&self, id: Id) -> bool {
        self.declared_first.borrow().contains(&id)
    }

    /// Gives a value that is declared already what it stands for.
    // Output: t_1 = …; t_1_like = t_1.__like();
    pub(super) fn assignment(&self, id: Id, value: &TokenStream) -> TokenStream {
        let name = self.binding(id);
        let like = self.reads.likes.contains(&id).then(|| {
            let like = self.like_name(id);
            quote!(#like = #name.__like();)
        });
        quote!(#name = #value; #like)
    }

    /// The code of a pullback, on accumulators of its own if it is long; on those of slices if it has loops, so that they are in
    /// registers there.
    // Output: let x_given = x_bar; let x_bar = &mut replace(x_given, inactive()); …; *x_given = replace(x_bar, inactive());
    pub(super) fn on_own_accumulators(&self, code: &TokenStream) -> TokenStream {
        let expansion = self.expansion();
        let is_long = self.program.values.len() >= LONG;
        let loops = !self.loops().is_empty();
        let parameters = self.program.parameters.iter().zip(&self.signature.parameters);
        let parameters = parameters
            .filter(|(_, parameter)| is_long || loops && parameter.is_slice())
            .map(|(id, _)| *id);
        let result = Some(self.program.result).filter(|_| is_long);
        let active = result
            .into_iter()
            .chain(parameters)
            .filter(|id| self.program.value(*id).active);
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        for id in active {
            let (bar, given) = (self.bar(id), self.of_value("given", id));
            let inactive = quote!(#expansion::InactiveAccumulator::inactive());
            before.extend(quote!(let #given = #bar; let #bar = &mut ::core::mem::replace(&mut *#given, #inactive);));
            after.extend(quote!(*#given = ::core::mem::replace(&mut *#bar, #inactive);));
        }
        quote!(#before #code #after)
    }
}

/// The result of an operation that nothing but its expression gives a type.
fn plain(statement: &Statement) -> Option<Id> {
    match statement {
        Statement::Let(Let {
            op: Op::Primitive { .. },
            value,
            ascription: None,
            ..
        }) => Some(*value),
        _ => None,
    }
}
