//! Methods of `Option` and `Result` that give what is inside.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
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
            ("unwrap_or", [other]) => self.with_or_without(call, Some(other), |_, source, other, borrow| {
                (quote!(#borrow #source.unwrap()), quote!(#other))
            }),
            ("copied" | "cloned", []) => {
                let (receiver, borrow) = borrowed(&call.receiver);
                borrow?;
                let at = call.method.span();
                self.block_of(&quote_spanned!(at=> { #receiver.clone() }))
            }
            ("unwrap_or_else", [otherwise]) => self.with_or_without(call, None, |lowering, source, _, borrow| {
                (
                    quote!(#borrow #source.unwrap()),
                    lowering.without_payload(otherwise, source),
                )
            }),
            ("map_or", [other, function]) => self.with_or_without(call, Some(other), |_, source, other, borrow| {
                (quote!((#function)(#borrow #source.unwrap())), quote!(#other))
            }),
            ("map_or_else", [otherwise, function]) if is_function(function) && is_function(otherwise) => self
                .with_or_without(call, None, |lowering, source, _, borrow| {
                    (
                        quote!((#function)(#borrow #source.unwrap())),
                        lowering.without_payload(otherwise, source),
                    )
                }),
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
            ("unwrap_or_default", []) => self.with_or_without(call, None, |_, source, _, _| {
                (quote!(#source.unwrap()), quote!(#source.__default_payload()))
            }),
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
            ("or", [other]) => self.with_or_without(call, Some(other), |_, source, other, _| {
                (quote!(#source), quote!(#other))
            }),
            ("or_else", [otherwise]) if is_function(otherwise) => {
                self.with_or_without(call, None, |lowering, source, _, _| {
                    (quote!(#source), lowering.without_payload(otherwise, source))
                })
            }
            ("map", [function]) if is_function(function) && !is_iterator(&call.receiver) => {
                self.with_or_without(call, None, |_, source, _, borrow| {
                    (
                        quote!(#source.__rewrapped((#function)(#borrow #source.unwrap()))),
                        quote!(#source.__emptied()),
                    )
                })
            }
            ("and_then", [function]) if is_function(function) => {
                self.with_or_without(call, None, |_, source, _, borrow| {
                    (
                        quote!((#function)(#borrow #source.unwrap())),
                        quote!(#source.__emptied()),
                    )
                })
            }
            ("flatten", []) if !is_iterator(&call.receiver) => self.with_or_without(call, None, |_, source, _, _| {
                (quote!(#source.unwrap()), quote!(::core::option::Option::None))
            }),
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
            ("ok", []) => self.with_or_without(call, None, |_, source, _, _| {
                (
                    quote!(::core::option::Option::Some(#source.unwrap())),
                    quote!(::core::option::Option::None),
                )
            }),
            ("ok_or", [error]) => self.with_or_without(call, Some(error), |_, source, error, _| {
                (
                    quote!(::core::result::Result::Ok(#source.unwrap())),
                    quote!(::core::result::Result::Err(#error)),
                )
            }),
            ("ok_or_else", [error]) if is_function(error) => self.with_or_without(call, None, |_, source, _, _| {
                (
                    quote!(::core::result::Result::Ok(#source.unwrap())),
                    quote!(::core::result::Result::Err((#error)())),
                )
            }),
            ("map_err", [function]) if is_function(function) => {
                self.with_or_without(call, None, |lowering, source, _, _| {
                    let wrong = lowering.of_error(function, source);
                    (
                        quote!(::core::result::Result::Ok(#source.unwrap())),
                        quote!(::core::result::Result::Err(#wrong)),
                    )
                })
            }
            _ => None,
        }
    }

    // Original: option.unwrap_or(b)
    // Lowered:  { let option = option; let other = b; if option.__has_payload() { option.unwrap() } else { other } }
    /// What becomes of an option or a result where there is a payload, and where there is none, as `parts` says of the
    /// variable that holds it, of one that holds `other`, and of the `&` that stands for `as_ref`.
    fn with_or_without(
        &mut self,
        call: &syn::ExprMethodCall,
        other: Option<&Expr>,
        parts: impl FnOnce(&mut Self, &Ident, &Ident, Option<syn::Token![&]>) -> (TokenStream, TokenStream),
    ) -> Option<Operand> {
        let at = call.method.span();
        let (source, otherwise) = (self.names.fresh("option", at), self.names.fresh("other", at));
        // It is looked through where what is inside is asked for.
        let (receiver, borrow) = match call.method.to_string().as_str() {
            "or" | "or_else" | "ok" | "flatten" | "unwrap_or_default" | "ok_or" | "ok_or_else" | "map_err" => {
                (&*call.receiver, None)
            }
            _ => borrowed(&call.receiver),
        };
        let other = other.map(|other| quote!(let #otherwise = #other;));
        let (there, missing) = parts(self, &source, &otherwise, borrow);
        self.block_of(&quote_spanned! {at=> {
            let #source = #receiver;
            #other
            if #source.__has_payload() { #there } else { #missing }
        }})
    }

    // Original: || d    |e| d
    // Output:   d       { let error = source.__error(); { let e = error; d } }
    /// What a function gives where there is no payload: one of the error, if the closure takes it.
    fn without_payload(&mut self, function: &Expr, source: &Ident) -> TokenStream {
        match strip(function) {
            Expr::Closure(closure) if closure.inputs.len() == 1 => self.of_error(function, source),
            Expr::Closure(closure) if closure.inputs.is_empty() && mentions::escape(&closure.body).is_none() => {
                closure.body.to_token_stream()
            }
            _ => quote!((#function)()),
        }
    }

    /// What a function gives of the error.
    fn of_error(&mut self, function: &Expr, source: &Ident) -> TokenStream {
        let error = self.names.fresh("error", extent(function).first);
        let given = applied(function, &error);
        quote!({ let #error = #source.__error(); #given })
    }

    fn block_of(&mut self, tokens: &TokenStream) -> Option<Operand> {
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
fn applied(function: &Expr, argument: &Ident) -> TokenStream {
    match strip(function) {
        Expr::Closure(closure) if closure.inputs.len() == 1 && mentions::escape(&closure.body).is_none() => {
            let (pattern, body) = (&closure.inputs[0], &closure.body);
            quote!({ let #pattern = #argument; #body })
        }
        function => quote!((#function)(#argument)),
    }
}
