//! Methods and functions of the standard library that change a place, as assignments.

use proc_macro2::Ident;
use quote::{ToTokens, quote_spanned};
use syn::Expr;

use super::statement::{extent, strip};
use super::written::place_behind;
use super::{Current, Lowering};
use crate::front::changes::is_in_place;
use crate::front::iterators::{is_iterator, keeps_items};
use crate::front::mentions;
use crate::ir::{Op, Operand, Syntax};

impl Lowering<'_> {
    /// A method of a slice or a vector that changes it. False if it is none of these.
    pub(super) fn change(&mut self, call: &syn::ExprMethodCall) -> bool {
        if !is_in_place(call) {
            return false;
        }
        let arguments: Vec<_> = call.args.iter().collect();
        let (place, at) = (&call.receiver, call.method.span());
        let assignments = match (call.method.to_string().as_str(), &arguments[..]) {
            // Original: v.swap(i, j)
            // Lowered:  let (a, b) = (i, j); let first = v[a]; v[a] = v[b]; v[b] = first;
            ("swap", [left, right]) => {
                let (a, b, first) = (self.name("index", at), self.name("index", at), self.name("first", at));
                quote_spanned! {at=> {
                    let #a = #left;
                    let #b = #right;
                    let #first = #place[#a];
                    #place[#a] = #place[#b];
                    #place[#b] = #first;
                }}
            }
            ("fill", [value]) => {
                let (index, filled) = (self.name("index", at), self.name("filled", at));
                quote_spanned! {at=> {
                    let #filled = #value;
                    for #index in 0..#place.len() {
                        #place[#index] = #filled;
                    }
                }}
            }
            ("copy_from_slice" | "clone_from_slice", [source]) => {
                let (index, from) = (self.name("index", at), self.name("from", at));
                quote_spanned! {at=> {
                    let #from = #source;
                    ::core::assert_eq!(
                        #place.len(),
                        #from.len(),
                        "copying a slice into one of another length"
                    );
                    for #index in 0..#place.len() {
                        #place[#index] = #from[#index];
                    }
                }}
            }
            ("reverse", []) => {
                let (index, other, first) = (self.name("index", at), self.name("other", at), self.name("first", at));
                quote_spanned! {at=>
                    for #index in 0..#place.len() / 2 {
                        let #other = #place.len() - 1 - #index;
                        let #first = #place[#index];
                        #place[#index] = #place[#other];
                        #place[#other] = #first;
                    }
                }
            }
            ("push", [value]) => {
                self.push_element(call, value);
                return true;
            }
            _ => return false,
        };
        self.desugared(&assignments)
    }

    /// `v.extend(iterator)`
    // Lowered: for item in iterator { v.push(item); }
    pub(super) fn extend(&mut self, call: &syn::ExprMethodCall) -> bool {
        let (place, at) = (&call.receiver, call.method.span());
        match call.args.first() {
            Some(items) if call.method == "extend" && call.args.len() == 1 && is_iterable(items) => {
                let item = self.name("item", at);
                let star = yields_references(items).then(|| quote_spanned!(at=> *));
                self.desugared(&quote_spanned! {at=> for #item in #items { #place.push(#star #item); } })
            }
            _ => false,
        }
    }

    /// `v.push(x)`
    fn push_element(&mut self, call: &syn::ExprMethodCall, value: &Expr) {
        let value = self.expression(value);
        let before = self.expression(&call.receiver);
        let before = self.in_place(&call.receiver, before);
        // Where the new element is.
        let receiver = &call.receiver;
        let length = self.discrete(&syn::parse_quote!(#receiver.len()));
        let syntax = Syntax::Change {
            dot: call.dot_token.to_token_stream(),
            method: call.method.clone(),
        };
        let name = "push".to_owned();
        let after = self.operation(call, Op::Primitive { name, syntax }, vec![before, value, length]);
        self.assign_to(&call.receiver, after);
    }

    /// A method that puts the elements of a vector or a slice in another order, or keeps only some. False if it is none of these,
    /// or nothing flows through the elements.
    // Original: v.sort_by(compare)
    // Lowered:  let order = v.order_by(compare); let before = v.to_vec(); for k in 0..order.len() { v[k] = before[order[k]].clone(); }
    pub(super) fn rearranged(&mut self, call: &syn::ExprMethodCall) -> bool {
        let (place, at) = (&call.receiver, call.method.span());
        let root = mentions::root(place);
        let is_active =
            root.is_some_and(|name| matches!(self.current(&name), Some(Current::Value(id)) if self.value(*id).active));
        let [function] = call.args.iter().collect::<Vec<_>>()[..] else {
            return false;
        };
        if !is_active {
            return false;
        }
        let method = call.method.to_string();
        let (order, before, index) = (self.name("order", at), self.name("before", at), self.name("index", at));
        let assignments = if method == "retain" {
            quote_spanned! {at=> {
                let #order = #place.__kept(#function);
                let #before = #place.to_vec();
                #place.clear();
                for #index in 0..#order.len() {
                    #place.push(#before[#order[#index]].clone());
                }
            }}
        } else {
            let how = match method.as_str() {
                "sort_by" => "__order_by",
                "sort_unstable_by" => "__order_unstable_by",
                "sort_by_key" | "sort_by_cached_key" => "__order_by_key",
                "sort_unstable_by_key" => "__order_unstable_by_key",
                _ => return false,
            };
            let how = Ident::new(how, at);
            quote_spanned! {at=> {
                let #order = #place.#how(#function);
                let #before = #place.to_vec();
                for #index in 0..#order.len() {
                    #place[#index] = #before[#order[#index]].clone();
                }
            }}
        };
        self.desugared(&assignments)
    }

    /// `std::mem::swap` and its kin, called by a path with these last two segments.
    pub(super) fn memory_call(&mut self, call: &syn::ExprCall, path: &syn::ExprPath) -> Option<Operand> {
        let names: Vec<_> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let [.., module, name] = &names[..] else { return None };
        if module != "mem" {
            return None;
        }
        let changed = self.changed_by(&call.args);
        let mut places = Vec::new();
        for argument in &call.args {
            places.push(place_behind(argument).map(|place| self.fixed(place, &changed)));
        }
        let at = extent(path).first;
        let block = match (name.as_str(), &places[..]) {
            ("swap", [Some(left), Some(right)]) => {
                let first = self.name("first", at);
                quote_spanned!(at=> { let #first = #left; #left = #right; #right = #first; })
            }
            ("replace", [Some(place), None]) => {
                let (new, old) = (self.name("new", at), self.name("old", at));
                let value = &call.args[1];
                quote_spanned!(at=> { let #new = #value; let #old = #place; #place = #new; #old })
            }
            ("take", [Some(place)]) => {
                let old = self.name("old", at);
                quote_spanned!(at=> { let #old = #place; #place = #old.__default(); #old })
            }
            _ => return None,
        };
        let block: Expr = syn::parse2(block).ok()?;
        Some(self.expression(&block))
    }

    fn name(&mut self, like: &str, at: proc_macro2::Span) -> Ident {
        self.names.fresh(like, at)
    }

    fn desugared(&mut self, tokens: &proc_macro2::TokenStream) -> bool {
        match syn::parse2::<Expr>(tokens.clone()) {
            Ok(expr) => {
                self.effect(&expr);
                true
            }
            Err(_) => false,
        }
    }
}

/// True for an iterator, and for a reference to something that has one.
fn is_iterable(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::Reference(_)) || is_iterator(expr)
}

/// True if its items are references, as far as the source shows.
fn yields_references(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Reference(_) => true,
        Expr::MethodCall(call) => {
            let keeps = keeps_items(&call.method) || call.method == "chain";
            call.method == "iter" || keeps && yields_references(&call.receiver)
        }
        _ => false,
    }
}
