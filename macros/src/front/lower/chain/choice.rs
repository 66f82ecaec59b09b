//! One item of a chain: `max_by`, `min_by`, `reduce`, `last`, `nth`, `next`, and what is asked of the `Option` that they give.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, ExprMethodCall, Pat, Stmt};

use super::super::Lowering;
use super::super::statement::{extent, strip};
use super::adapter::{Stage, Stream};
use super::item::{Bound, Item, parse, path};
use super::split::gives_element;
use crate::front::iterators::is_iterator;
use crate::ir::{Check, Op};

/// What is asked of the `Option`, from the inside out.
enum After<'e> {
    Dereferenced,
    Map(&'e Expr),
    Unwrap,
    Expect(&'e Expr),
    Or(&'e Expr),
    OrElse(&'e Expr),
    OrDefault,
    MapOr(&'e Expr, &'e Expr),
}

impl After<'_> {
    fn of(call: &ExprMethodCall) -> Option<After<'_>> {
        Some(match (call.method.to_string().as_str(), call.args.len()) {
            ("copied" | "cloned", 0) => After::Dereferenced,
            ("map", 1) => After::Map(&call.args[0]),
            ("unwrap", 0) => After::Unwrap,
            ("expect", 1) => After::Expect(&call.args[0]),
            ("unwrap_or", 1) => After::Or(&call.args[0]),
            ("unwrap_or_else", 1) => After::OrElse(&call.args[0]),
            ("unwrap_or_default", 0) => After::OrDefault,
            ("map_or", 2) => After::MapOr(&call.args[0], &call.args[1]),
            _ => return None,
        })
    }
}

/// True for the methods that choose an item.
fn chooses(call: &ExprMethodCall) -> bool {
    matches!(
        (call.method.to_string().as_str(), call.args.len()),
        ("max_by" | "min_by" | "reduce" | "nth" | "find", 1) | ("last" | "next", 0)
    )
}

/// A chosen item.
pub(super) enum Choice {
    /// It is what the expression gives, as an `Option` or whatever is asked of that.
    Value(Item),
    /// It is where the statements lead, if the variable says that there is one.
    At {
        found: Ident,
        before: Vec<Stmt>,
        item: Item,
        /// `None`, of the `Option`'s type, where a default is wanted.
        none: Option<Ident>,
    },
}

impl Lowering<'_> {
    /// The chain's chosen item; nothing if the call is no such chain.
    pub(in super::super) fn chosen_item(&mut self, call: &ExprMethodCall) -> Option<Item> {
        let (inner, after) = self.choosing(call)?;
        // Without anything that is asked of it, an `Option` of a reference is what the compiler makes of it.
        if after.is_empty() && !is_iterator(&inner.receiver) {
            return None;
        }
        Some(match self.choose(inner, &after) {
            Some(Choice::Value(item)) => item,
            Some(Choice::At {
                found,
                before,
                item,
                none,
            }) => self
                .given(&after, none.as_ref(), &found, before, item)
                .unwrap_or_else(nothing),
            None => nothing(),
        })
    }

    /// The method that chooses, and what is asked of the `Option`.
    fn choosing<'e>(&self, call: &'e ExprMethodCall) -> Option<(&'e ExprMethodCall, Vec<After<'e>>)> {
        let mut after = Vec::new();
        let mut inner = call;
        loop {
            let iterator = is_iterator(&inner.receiver);
            if (chooses(inner) && iterator)
                || (gives_element(inner) && !iterator && self.mentions_active(&inner.receiver))
            {
                after.reverse();
                return Some((inner, after));
            }
            after.push(After::of(inner)?);
            let Expr::MethodCall(receiver) = strip(&inner.receiver) else {
                return None;
            };
            inner = receiver;
        }
    }

    fn choose(&mut self, call: &ExprMethodCall, after: &[After<'_>]) -> Option<Choice> {
        if !is_iterator(&call.receiver) {
            return self.element_by_method(call);
        }
        let stream = self.stream(&call.receiver)?;
        let stays = stream.indexed.shape.stays() && stream.stages.iter().all(Stage::keeps_items);
        if stays && call.method != "reduce" {
            self.choose_position(call, stream, after)
        } else {
            self.choose_value(call, stream, after).map(Choice::Value)
        }
    }

    /// `if let Some(pattern) = chain { … }` without the pattern; nothing if it is none.
    // Output: if found { let pattern = item; … }
    pub(in super::super) fn chosen_condition(&mut self, branch: &syn::ExprIf) -> Option<syn::ExprIf> {
        let Expr::Let(condition) = strip(&branch.cond) else {
            return None;
        };
        let (test, before, mut bound) = self.chosen_test(&condition.pat, &condition.expr)?;
        let mut branch = branch.clone();
        bound.substitute_block(&mut branch.then_branch);
        let leaves = bound.statements();
        bound.leaves.clear();
        let inside = std::mem::take(&mut branch.then_branch.stmts);
        *branch.cond = test;
        branch.then_branch.stmts = before.into_iter().chain(leaves).chain(inside).collect();
        Some(branch)
    }

    /// `let Some(pattern) = chain else { … };`; false if it is none.
    // Output: if !found { … } let pattern = item;
    pub(in super::super) fn chosen_or_else(&mut self, pattern: &Pat, value: &Expr, otherwise: &Expr) -> bool {
        let Some((test, before, bound)) = self.chosen_test(pattern, value) else {
            return false;
        };
        if !bound.aliases.is_empty() || matches!(test, Expr::Let(_)) {
            self.unsupported_chain(value);
            return true;
        }
        self.chain_statements(&[syn::parse_quote!(if !#test { #otherwise })]);
        self.chain_statements(&before);
        self.chain_statements(&bound.statements());
        true
    }

    /// Whether there is an item, the statements that lead to it, and what the pattern makes of it.
    fn chosen_test(&mut self, pattern: &Pat, value: &Expr) -> Option<(Expr, Vec<Stmt>, Bound)> {
        let (Pat::TupleStruct(some), Expr::MethodCall(call)) = (pattern, strip(value)) else {
            return None;
        };
        let is_some = some.path.segments.last().is_some_and(|segment| segment.ident == "Some");
        if !is_some || some.elems.len() != 1 || !self.mentions_active(value) {
            return None;
        }
        let (inner, after) = self.choosing(call)?;
        if !after
            .iter()
            .all(|step| matches!(step, After::Dereferenced | After::Map(_)))
        {
            return None;
        }
        let mut bound = Bound::default();
        match self.choose(inner, &after)? {
            Choice::Value(item) => {
                let value = item.expr();
                Some((syn::parse_quote!(let #pattern = #value), Vec::new(), bound))
            }
            Choice::At {
                found, before, item, ..
            } => {
                let item = self.mapped(&after.iter().collect::<Vec<_>>(), item);
                self.bind_item(&some.elems[0], item, &mut bound);
                Some((path(&found), before, bound))
            }
        }
    }

    /// The position of the item, and then the item there.
    // Original: chain.max_by(|a, b| body)
    // Output:   let mut found = false; let mut chosen = 0;
    //           for index in 0..length { if !found || { let a = &item(chosen); let b = &item(index); body } != Greater { chosen = index; found = true; } }
    fn choose_position(&mut self, call: &ExprMethodCall, mut stream: Stream, after: &[After<'_>]) -> Option<Choice> {
        let none = self.default_of(after, &call.receiver, &stream);
        stream.indexed = stream.indexed.settled();
        let found = self.names.fresh("found", Span::call_site());
        let chosen = self.names.fresh("chosen", Span::call_site());
        let known = match (call.method.to_string().as_str(), &stream.indexed.length) {
            (_, None) => None,
            _ if !stream.stages.is_empty() => None,
            ("next", Some(length)) => Some((syn::parse_quote!(0_usize), length.clone())),
            ("nth", Some(length)) => Some((call.args[0].clone(), length.clone())),
            ("last", Some(length)) => Some((syn::parse_quote!((#length).wrapping_sub(1)), length.clone())),
            _ => None,
        };
        if let Some((position, length)) = known {
            let position = self.bound("chosen", &position);
            self.chain_statements(&[syn::parse_quote!(let #found = #position < #length;)]);
            let mut before = Vec::new();
            let item = self.item_at(&stream.indexed.shape, &position, &mut before);
            return Some(Choice::At {
                found,
                before,
                item,
                none,
            });
        }
        let mut statements: Vec<Stmt> = vec![
            syn::parse_quote!(let mut #found = false;),
            syn::parse_quote!(let mut #chosen = 0_usize;),
        ];
        let shape = stream.indexed.shape.clone();
        let method = call.method.to_string();
        let skipped = self.skipped(call);
        let take: Stmt = syn::parse_quote!(#found = true;);
        statements.extend(self.drive(stream, None, None, |lowering, item, position| {
            let take_it = quote!({ #chosen = #position; #take });
            match method.as_str() {
                "last" => several(quote!(#chosen = #position; #take)),
                "next" => several(quote!(#chosen = #position; #take break;)),
                "nth" => {
                    let count = &skipped;
                    several(quote!(if #count == 0 { #chosen = #position; #take break; } #count -= 1;))
                }
                "find" => {
                    let mut statements = Vec::new();
                    let item = lowering.named(item, &mut statements);
                    let keep = lowering.chain_flag("keep", &call.args[0], &item, &mut statements);
                    statements.push(syn::parse_quote!(if #keep { #chosen = #position; #take break; }));
                    statements
                }
                _ => {
                    let mut statements = Vec::new();
                    let item = lowering.named(item, &mut statements);
                    let mut inside = Vec::new();
                    let best = lowering.item_at(&shape, &path(&chosen), &mut inside);
                    let best = lowering.named(best, &mut inside);
                    let better = lowering.comparison(call, best, item);
                    let replace = lowering.names.fresh("replace", Span::call_site());
                    statements.push(syn::parse_quote!(let mut #replace = true;));
                    statements.push(syn::parse_quote!(if #found { #(#inside)* #replace = #better; }));
                    statements.push(syn::parse_quote!(if #replace #take_it));
                    statements
                }
            }
        }));
        self.chain_statements(&statements);
        let mut before = Vec::new();
        let item = self.item_at(&shape, &path(&chosen), &mut before);
        Some(Choice::At {
            found,
            before,
            item,
            none,
        })
    }

    /// How many items `nth` leaves out, in a variable.
    fn skipped(&mut self, call: &ExprMethodCall) -> Option<Ident> {
        if call.method != "nth" {
            return None;
        }
        let name = self.names.fresh("skipped", Span::call_site());
        let count = &call.args[0];
        let statement: Stmt = syn::parse_quote!(let mut #name = #count;);
        self.statement(&statement);
        Some(name)
    }

    /// Whether the item replaces the best one so far, as std decides.
    fn comparison(&mut self, call: &ExprMethodCall, best: Item, item: Item) -> Expr {
        let arguments = vec![Item::Reference(Box::new(best)), Item::Reference(Box::new(item))];
        let ordering = self.apply(&call.args[0], arguments);
        if call.method == "max_by" {
            parse(quote!((#ordering) != ::core::cmp::Ordering::Greater))
        } else {
            parse(quote!((#ordering) == ::core::cmp::Ordering::Greater))
        }
    }

    /// The item itself, carried along: it is computed from the elements.
    // Output: let mut chosen = None; for … { chosen = match chosen { Some(best) => Some(…), None => Some(item) }; }
    fn choose_value(&mut self, call: &ExprMethodCall, stream: Stream, after: &[After<'_>]) -> Option<Item> {
        let chosen = self.names.fresh("chosen", extent(&call.receiver).first);
        self.no_item(&chosen, &call.receiver, &stream)?;
        let none = self.default_of(after, &call.receiver, &stream);
        let mut statements: Vec<Stmt> = Vec::new();
        let method = call.method.to_string();
        let skipped = self.skipped(call);
        statements.extend(self.drive(stream, None, None, |lowering, item, _| {
            let mut statements = Vec::new();
            if method == "reduce" && item.is_reference() {
                lowering.errors.add(
                    &call.method,
                    "a reference that is chosen among active elements cannot be differentiated; copy the elements first, with `copied` or `cloned`",
                );
            }
            let item = if item.is_reference() { item.dereferenced() } else { item };
            let item = lowering.named(item, &mut statements);
            let some = {
                let item = item.expr();
                quote!(::core::option::Option::Some(#item))
            };
            match method.as_str() {
                "last" => statements.push(syn::parse_quote!(#chosen = #some;)),
                "next" => statements.extend(several(quote!(#chosen = #some; break;))),
                "nth" => {
                    let count = &skipped;
                    statements.extend(several(quote!(if #count == 0 { #chosen = #some; break; } #count -= 1;)));
                }
                "find" => {
                    let keep = lowering.chain_flag("keep", &call.args[0], &item, &mut statements);
                    statements.push(syn::parse_quote!(if #keep { #chosen = #some; break; }));
                }
                _ => {
                    let best = lowering.names.fresh("best", Span::call_site());
                    let next = if method == "reduce" {
                        let next = lowering.apply(&call.args[0], vec![Item::of(&best), item]);
                        quote!(#next)
                    } else {
                        let replace = lowering.comparison(call, Item::of(&best), item.clone());
                        let item = item.expr();
                        quote!(if #replace { #item } else { #best })
                    };
                    statements.push(syn::parse_quote! {
                        #chosen = match #chosen {
                            ::core::option::Option::Some(#best) => ::core::option::Option::Some(#next),
                            ::core::option::Option::None => #some,
                        };
                    });
                }
            }
            statements
        }));
        self.chain_statements(&statements);
        let name = self.names.fresh("item", Span::call_site());
        // References to elements have become values.
        let after: Vec<_> = after
            .iter()
            .filter(|after| !matches!(after, After::Dereferenced))
            .collect();
        let item = self.mapped(&after, Item::of(&name));
        let value = item.expr();
        let other = match after.last() {
            None | Some(After::Map(_) | After::Dereferenced) => {
                if after.is_empty() {
                    return Some(Item::of(&chosen));
                }
                let expr = syn::parse_quote! {
                    match #chosen {
                        ::core::option::Option::Some(#name) => ::core::option::Option::Some(#value),
                        ::core::option::Option::None => ::core::option::Option::None,
                    }
                };
                return Some(Item::Value(expr));
            }
            Some(After::Unwrap) => syn::parse_quote!(::core::panic!("called `Option::unwrap()` on a `None` value")),
            Some(After::Expect(message)) => syn::parse_quote!(::core::panic!("{}", #message)),
            Some(after) => match self.otherwise_item(after, none.as_ref()) {
                Expr::Reference(reference) => *reference.expr,
                other => other,
            },
        };
        let expr = syn::parse_quote! {
            match #chosen { ::core::option::Option::Some(#name) => #value, ::core::option::Option::None => #other }
        };
        Some(Item::Value(expr))
    }

    /// `None`, of the type that the chain gives.
    fn no_item(&mut self, name: &Ident, chain: &Expr, stream: &Stream) -> Option<()> {
        let references = stream.indexed.shape.is_reference() && stream.stages.iter().all(Stage::keeps_items);
        let cloned = references.then(|| quote!(.cloned()));
        let chain = self.witness(chain, stream)?;
        let none: Expr = syn::parse_quote!(#chain.take(0).next() #cloned);
        let code = self.opaque(&none);
        let (writes, check) = (Vec::new(), Check::Nothing);
        let value = self.operation(&none, Op::Opaque { code, writes, check }, Vec::new());
        self.bind_name(name, true, None, value);
        Some(())
    }

    fn mapped(&mut self, after: &[&After<'_>], mut item: Item) -> Item {
        for step in after {
            match step {
                After::Dereferenced => item = item.dereferenced(),
                After::Map(function) | After::MapOr(_, function) => {
                    item = Item::Value(self.apply(function, vec![item]))
                }
                _ => {}
            }
        }
        item
    }

    /// What there is instead of an item.
    fn otherwise_item(&mut self, after: &After<'_>, none: Option<&Ident>) -> Expr {
        match (after, none) {
            (After::Or(other) | After::MapOr(other, _), _) => (*other).clone(),
            (After::OrElse(function), _) => self.apply(function, Vec::new()),
            (_, Some(none)) => syn::parse_quote!(#none.unwrap_or_default()),
            _ => syn::parse_quote!(::core::default::Default::default()),
        }
    }

    /// Where a default is wanted: `None`, of the type that the chain gives, in a variable.
    fn default_of(&mut self, after: &[After<'_>], chain: &Expr, stream: &Stream) -> Option<Ident> {
        let wanted = matches!(after.last(), Some(After::OrDefault));
        if !wanted || after.iter().any(|step| matches!(step, After::Map(_))) {
            return None;
        }
        let name = self.names.fresh("none", Span::call_site());
        self.no_item(&name, chain, stream)?;
        Some(name)
    }

    /// What is asked of the `Option` with the item, if there is one.
    fn given(
        &mut self,
        after: &[After<'_>],
        none: Option<&Ident>,
        found: &Ident,
        before: Vec<Stmt>,
        item: Item,
    ) -> Option<Item> {
        let item = self.mapped(&after.iter().collect::<Vec<_>>(), item);
        let last = after
            .iter()
            .rev()
            .find(|step| !matches!(step, After::Dereferenced | After::Map(_)));
        let value = item.expr();
        let expr: Expr = match last {
            None => syn::parse_quote!({
                if #found { #(#before)* ::core::option::Option::Some(#value) } else { ::core::option::Option::None }
            }),
            Some(After::Unwrap | After::Expect(_)) => {
                let check: Stmt = match last {
                    Some(After::Expect(message)) => syn::parse_quote!(if !#found { ::core::panic!("{}", #message); }),
                    _ => syn::parse_quote! {
                        if !#found { ::core::panic!("called `Option::unwrap()` on a `None` value"); }
                    },
                };
                self.chain_statements(&[check]);
                self.chain_statements(&before);
                return Some(item);
            }
            Some(after) => {
                let other = self.otherwise_item(after, none);
                if item.is_reference() {
                    let (value, other) = (item.dereferenced().expr(), Item::Value(other).dereferenced().expr());
                    syn::parse_quote!(&(if #found { #(#before)* ::core::clone::Clone::clone(&#value) } else { #other }))
                } else {
                    syn::parse_quote!(if #found { #(#before)* #value } else { #other })
                }
            }
        };
        Some(Item::Value(expr))
    }
}

/// What stands for an item after a mistake.
fn nothing() -> Item {
    Item::Tuple(Vec::new())
}

/// Statements of our own.
fn several(tokens: TokenStream) -> Vec<Stmt> {
    let block: syn::Block = syn::parse_quote!({ #tokens });
    block.stmts
}
