//! Methods of `Option` and `Result` that give what is inside.

use quote::{ToTokens, quote_spanned};
use syn::Expr;

use super::Lowering;

use super::statement::{extent, strip};
use crate::front::iterators::is_iterator;
use crate::front::mentions;
use crate::ir::{Operand, OperandKind, Projection};

impl Lowering<'_> {
    /// `option.unwrap()` and its kin. None if it is none of these.
    pub(super) fn unwrapped(&mut self, call: &syn::ExprMethodCall) -> Option<Operand> {
        let arguments: Vec<_> = call.args.iter().collect();
        match (call.method.to_string().as_str(), &arguments[..]) {
            ("unwrap", []) | ("expect", [_]) => {
                let (receiver, borrow) = borrowed(&call.receiver);
                let operand = self.taken_apart(receiver);
                let operand = self.in_place(receiver, operand);
                let mut place = operand.place()?.clone();
                place.projections.push(Projection::Payload);
                Some(Operand {
                    kind: match borrow {
                        Some(and) => OperandKind::Borrow(and.into_token_stream(), place),
                        None => OperandKind::Place(place),
                    },
                    extent: extent(call),
                })
            }
            ("unwrap_or", [other]) => {
                let at = call.method.span();
                let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("other", at));
                let (receiver, borrow) = borrowed(&call.receiver);
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    let #otherwise = #other;
                    if #source.__has_payload() { #borrow #source.unwrap() } else { #otherwise }
                }})
            }
            ("copied" | "cloned", []) => {
                let (receiver, borrow) = borrowed(&call.receiver);
                borrow?;
                let at = call.method.span();
                self.block_of(&quote_spanned!(at=> { #receiver.clone() }))
            }
            ("unwrap_or_else", [otherwise]) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let (receiver, other) = (&call.receiver, self.without_payload(otherwise, &source));
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { #source.unwrap() } else #other
                }})
            }
            ("map_or", [other, function]) => {
                let at = call.method.span();
                let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("other", at));
                let (receiver, borrow) = borrowed(&call.receiver);
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    let #otherwise = #other;
                    if #source.__has_payload() { (#function)(#borrow #source.unwrap()) } else { #otherwise }
                }})
            }
            ("map_or_else", [otherwise, function]) if is_function(function) && is_function(otherwise) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let other = self.without_payload(otherwise, &source);
                let (receiver, borrow) = borrowed(&call.receiver);
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { (#function)(#borrow #source.unwrap()) } else #other
                }})
            }
            ("then_some", [value]) => {
                let at = call.method.span();
                let (condition, payload) = (self.names.fresh("condition", at), self.names.fresh("payload", at));
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #condition: bool = #receiver;
                    let #payload = #value;
                    if #condition { ::core::option::Option::Some(#payload) } else { ::core::option::Option::None }
                }})
            }
            // An ordering has a `then`, too, of another one.
            ("then", [function]) if matches!(strip(function), Expr::Closure(_)) => {
                let at = call.method.span();
                let condition = self.names.fresh("condition", at);
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #condition: bool = #receiver;
                    if #condition { ::core::option::Option::Some((#function)()) } else { ::core::option::Option::None }
                }})
            }
            ("unwrap_or_default", []) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { #source.unwrap() } else { #source.__default_payload() }
                }})
            }
            ("filter", [function]) if is_function(function) && !is_iterator(&call.receiver) => {
                let at = call.method.span();
                let (source, payload) = (self.names.fresh("option", at), self.names.fresh("payload", at));
                let (receiver, kept) = (&call.receiver, applied(function, &payload));
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() && { let #payload = &#source.unwrap(); #kept } {
                        #source
                    } else {
                        #source.__nothing()
                    }
                }})
            }
            ("or", [other]) => {
                let at = call.method.span();
                let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("other", at));
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    let #otherwise = #other;
                    if #source.__has_payload() { #source } else { #otherwise }
                }})
            }
            ("or_else", [otherwise]) if is_function(otherwise) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let (receiver, other) = (&call.receiver, self.without_payload(otherwise, &source));
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { #source } else #other
                }})
            }
            ("map", [function]) if is_function(function) && !is_iterator(&call.receiver) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let (receiver, borrow) = borrowed(&call.receiver);
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() {
                        #source.__rewrapped((#function)(#borrow #source.unwrap()))
                    } else {
                        #source.__emptied()
                    }
                }})
            }
            ("and_then", [function]) if is_function(function) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let (receiver, borrow) = borrowed(&call.receiver);
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { (#function)(#borrow #source.unwrap()) } else { #source.__emptied() }
                }})
            }
            ("flatten", []) if !is_iterator(&call.receiver) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { #source.unwrap() } else { ::core::option::Option::None }
                }})
            }
            ("zip", [other]) if !is_iterator(&call.receiver) && !is_iterator(other) => {
                let at = call.method.span();
                let (left, right) = (self.names.fresh("option", at), self.names.fresh("other", at));
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #left = #receiver;
                    let #right = #other;
                    if #left.__has_payload() && #right.__has_payload() {
                        ::core::option::Option::Some((#left.unwrap(), #right.unwrap()))
                    } else {
                        ::core::option::Option::None
                    }
                }})
            }
            ("ok", []) => {
                let at = call.method.span();
                let source = self.names.fresh("result", at);
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() {
                        ::core::option::Option::Some(#source.unwrap())
                    } else {
                        ::core::option::Option::None
                    }
                }})
            }
            ("ok_or", [error]) => {
                let at = call.method.span();
                let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("error", at));
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    let #otherwise = #error;
                    if #source.__has_payload() { ::core::result::Result::Ok(#source.unwrap()) } else { ::core::result::Result::Err(#otherwise) }
                }})
            }
            ("ok_or_else", [error]) if is_function(error) => {
                let at = call.method.span();
                let source = self.names.fresh("option", at);
                let receiver = &call.receiver;
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() { ::core::result::Result::Ok(#source.unwrap()) } else { ::core::result::Result::Err((#error)()) }
                }})
            }
            ("map_err", [function]) if is_function(function) => {
                let at = call.method.span();
                let (source, error) = (self.names.fresh("result", at), self.names.fresh("error", at));
                let (receiver, wrong) = (&call.receiver, applied(function, &error));
                self.block_of(&quote_spanned! {at=> {
                    let #source = #receiver;
                    if #source.__has_payload() {
                        ::core::result::Result::Ok(#source.unwrap())
                    } else {
                        let #error = #source.__error();
                        ::core::result::Result::Err(#wrong)
                    }
                }})
            }
            _ => None,
        }
    }

    // Original: || d            |e| d
    // Output:   { d }           { let error = source.__error(); { let e = error; d } }
    /// What a function gives where there is no payload: one of the error, if the closure takes it.
    fn without_payload(&mut self, function: &Expr, source: &proc_macro2::Ident) -> proc_macro2::TokenStream {
        let at = extent(function).first;
        match strip(function) {
            Expr::Closure(closure) if closure.inputs.len() == 1 => {
                let error = self.names.fresh("error", at);
                let other = applied(function, &error);
                quote_spanned!(at=> { let #error = #source.__error(); #other })
            }
            Expr::Closure(closure) if closure.inputs.is_empty() && mentions::escape(&closure.body).is_none() => {
                let body = &closure.body;
                quote_spanned!(at=> { #body })
            }
            _ => quote_spanned!(at=> { (#function)() }),
        }
    }

    fn block_of(&mut self, tokens: &proc_macro2::TokenStream) -> Option<Operand> {
        let block: Expr = syn::parse2(tokens.clone()).ok()?;
        Some(self.expression(&block))
    }
}

/// True for a closure or a path.
fn is_function(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::Closure(_) | Expr::Path(_))
}

/// What is behind `as_ref`, and the `&` that stands for it.
fn borrowed(receiver: &Expr) -> (&Expr, Option<syn::Token![&]>) {
    match strip(receiver) {
        Expr::MethodCall(call) if call.method == "as_ref" && call.args.is_empty() => {
            (&call.receiver, Some(syn::Token![&](call.method.span())))
        }
        _ => (receiver, None),
    }
}

/// A function of something inactive: the inside of a closure, whose parameter has a type then.
fn applied(function: &Expr, argument: &proc_macro2::Ident) -> proc_macro2::TokenStream {
    match strip(function) {
        Expr::Closure(closure) if closure.inputs.len() == 1 && mentions::escape(&closure.body).is_none() => {
            let (pattern, body) = (&closure.inputs[0], &closure.body);
            quote::quote!({ let #pattern = #argument; #body })
        }
        function => quote::quote!((#function)(#argument)),
    }
}
