//! The function that other derivatives call: the forward sweep, and its pullback as a closure.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::Emitter;
use super::call::has_type;
use super::protocol::{self, PullbackNames};
use crate::ir::{Branch, End, Operand, OperandKind, Region};

impl Emitter<'_> {
    /// The forward sweep and its pullback: `(y, pullback, kinds)`.
    pub(super) fn split(&self) -> TokenStream {
        let signature = self.signature;
        if self.is_deferred() {
            return self.deferred();
        }
        let (imports, items) = (self.imports(), &self.program.items);
        let forward = self.forward_body();
        if !self.ends() {
            let (header, receiver) = (protocol::header(signature), protocol::receiver(signature));
            return quote!(#header { #receiver #imports #items #forward ::core::unreachable!() });
        }
        let (likes, records) = (self.parameter_likes(), self.records());
        let result = &self.program.value(self.program.result).name;
        let ascription = self.result_ascription();
        let stores = self.keeps_all().then(|| self.all_stores());
        let (expansion, room) = (self.expansion(), self.room_for_sizes());
        let forward = quote!(#imports #items #likes #stores #room #forward #ascription #records);
        // A mismatch of the result's type is the user's function's to report.
        let names = PullbackNames {
            result: result.clone(),
            result_bar: self.bar(self.program.result),
            bars: self.program.parameters.iter().map(|id| self.bar(*id)).collect(),
        };
        protocol::split(
            signature,
            &names,
            &forward,
            &quote!(#expansion::same(#result)),
            &self.on_own_accumulators(&self.reverse_body()),
        )
    }
}

impl Emitter<'_> {
    /// The type of the result, where nothing else gives it: `None` may get its type from there only, and so may the error of an
    /// `Ok`; a literal would be an `f64`.
    pub(super) fn result_ascription(&self) -> Option<TokenStream> {
        let result = &self.program.value(self.program.result).name;
        let output = &self.signature.checked_output;
        let idle = !self.program.value(self.program.result).active;
        let single = output.to_string() == "f32";
        let untyped = idle && (!self.program.tangents.is_empty() || leaves_untyped(&self.program.body, single))
            || mentions_result(output);
        untyped.then(|| quote!(let #result: #output = #result;))
    }
}

/// True for `Result<T, E>` and what contains it.
pub(super) fn mentions_result(ty: &TokenStream) -> bool {
    ty.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(name) => name.to_string().ends_with("Result"),
        TokenTree::Group(group) => mentions_result(&group.stream()),
        _ => false,
    })
}

/// True if the region returns `None`, or a number without a type where one of single precision is wanted.
fn leaves_untyped(region: &Region, single: bool) -> bool {
    let arms = |branch: &Branch| branch.arms.iter().any(|arm| leaves_untyped(&arm.region, single));
    let is_number = |operand: &Operand| match &operand.kind {
        OperandKind::Constant(tokens) => tokens.to_string().contains('.'),
        _ => false,
    };
    match &region.end {
        End::Leave(operand) => !has_type(operand) || (single && is_number(operand)),
        End::Split(branch, rest) => arms(branch) || leaves_untyped(rest, single),
        End::Tail(branch) => arms(branch),
        End::Yield(_) | End::Next(_) | End::Diverge => false,
    }
}
