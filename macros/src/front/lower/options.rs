//! Methods of `Option` and `Result` that give what is inside.

use quote::quote_spanned;
use syn::Expr;

use super::Lowering;
use super::statement::extent;
use crate::ir::{Operand, OperandKind, Projection};

impl Lowering<'_> {
    /// `option.unwrap()` and its kin. None if it is none of these.
    pub(super) fn unwrapped(&mut self, call: &syn::ExprMethodCall) -> Option<Operand> {
        let arguments: Vec<_> = call.args.iter().collect();
        match (call.method.to_string().as_str(), &arguments[..]) {
            ("unwrap", []) | ("expect", [_]) => {
                let operand = self.taken_apart(&call.receiver);
                let operand = self.in_place(&call.receiver, operand);
                let mut place = operand.place()?.clone();
                place.projections.push(Projection::Payload);
                Some(Operand {
                    kind: OperandKind::Place(place),
                    extent: extent(call),
                })
            }
            ("unwrap_or", [other]) => {
                let at = call.method.span();
                let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("other", at));
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    let #otherwise = #other;
                    if #source.__has_payload() { #source.unwrap() } else { #otherwise }
                }})
            }
            ("unwrap_or_else", [otherwise]) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { #source.unwrap() } else { (#otherwise)() }
                }})
            }
            ("map_or", [other, function]) => {
                let at = call.method.span();
                let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("other", at));
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    let #otherwise = #other;
                    if #source.__has_payload() { (#function)(#source.unwrap()) } else { #otherwise }
                }})
            }
            _ => None,
        }
    }

    fn block_of(&mut self, tokens: &proc_macro2::TokenStream) -> Option<Operand> {
        let block: Expr = syn::parse2(tokens.clone()).ok()?;
        Some(self.expression(&block))
    }
}
