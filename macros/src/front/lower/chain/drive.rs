//! A chain as a loop.

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::{Expr, Label, Pat, Stmt};

use super::super::Lowering;
use super::adapter::{Stage, Stream};
use super::item::{Item, parse, path};
use super::source::Indexed;
use crate::front::mentions;

/// One loop, while it is built.
struct Level {
    /// Counters.
    before: Vec<Stmt>,
    /// What an iteration begins with.
    top: Vec<Stmt>,
    /// Leaves all loops of the chain.
    leave: Stmt,
}

impl Lowering<'_> {
    /// The loop over the items, each of which the consumer is given, with its position in the source. Statements for in front
    /// of the loop come first.
    // Output: let mut taken = 0; for index in 0..length { let item = &source[index]; if keep { … } }
    pub(super) fn drive(
        &mut self,
        stream: Stream,
        label: Option<Label>,
        from: Option<Expr>,
        consumer: impl FnOnce(&mut Self, Item, &Expr) -> Vec<Stmt>,
    ) -> Vec<Stmt> {
        let index = self.names.fresh("index", Span::call_site());
        let position = path(&index);
        let nested = stream.stages.iter().any(|stage| matches!(stage, Stage::FlatMap(_)));
        let label = label.or_else(|| {
            nested.then(|| {
                let name = self.names.fresh("chain", Span::call_site());
                let name = syn::Lifetime {
                    apostrophe: Span::call_site(),
                    ident: name,
                };
                syn::parse_quote!(#name:)
            })
        });
        let name = label.as_ref().filter(|_| nested).map(|label| &label.name);
        let mut level = Level {
            before: Vec::new(),
            top: Vec::new(),
            leave: syn::parse_quote!(break #name;),
        };
        let mut body = Vec::new();
        let item = self.item_at(&stream.indexed.shape, &position, &mut body);
        let rest = self.stages(&stream.stages, item, &mut level, |lowering, item| {
            consumer(lowering, item, &position)
        });
        body.extend(rest);
        let top = &level.top;
        let body: syn::Block = syn::parse_quote!({ #(#top)* #(#body)* });
        let header = header(&stream.indexed, &index, from, &body);
        let (pattern, items) = header;
        let mut statements = level.before;
        statements.push(Stmt::Expr(
            Expr::ForLoop(syn::parse_quote!(#label for #pattern in #items #body)),
            None,
        ));
        statements
    }

    /// What happens to one item, stage by stage.
    fn stages(
        &mut self,
        stages: &[Stage],
        item: Item,
        level: &mut Level,
        consumer: impl FnOnce(&mut Self, Item) -> Vec<Stmt>,
    ) -> Vec<Stmt> {
        let Some((stage, rest)) = stages.split_first() else {
            return consumer(self, item);
        };
        let mut statements = Vec::new();
        let leave = level.leave.clone();
        match stage {
            Stage::Map(function) => {
                let item = Item::Value(self.apply(function, vec![item]));
                statements.extend(self.stages(rest, item, level, consumer));
            }
            Stage::Dereferenced => {
                let item = self.named(item, &mut statements).dereferenced();
                statements.extend(self.stages(rest, item, level, consumer));
            }
            Stage::Inspect(function) => {
                let item = self.named(item, &mut statements);
                let seen = self.apply(function, vec![Item::Reference(Box::new(item.clone()))]);
                statements.push(syn::parse_quote!(#seen;));
                statements.extend(self.stages(rest, item, level, consumer));
            }
            Stage::Filter(function) | Stage::TakeWhile(function) => {
                let item = self.named(item, &mut statements);
                let keep = self.chain_flag("keep", function, &item, &mut statements);
                let inside = self.stages(rest, item, level, consumer);
                if matches!(stage, Stage::Filter(_)) {
                    statements.push(syn::parse_quote!(if #keep { #(#inside)* }));
                } else {
                    statements.push(syn::parse_quote!(if !#keep { #leave }));
                    statements.extend(inside);
                }
            }
            Stage::SkipWhile(function) => {
                let item = self.named(item, &mut statements);
                let skipping = self.counter("skipping", quote!(true), level);
                let mut test = Vec::new();
                let skip = self.chain_flag("skip", function, &item, &mut test);
                let inside = self.stages(rest, item, level, consumer);
                statements.push(syn::parse_quote!(if #skipping { #(#test)* #skipping = #skip; }));
                statements.push(syn::parse_quote!(if !#skipping { #(#inside)* }));
            }
            Stage::FilterMap(function) | Stage::MapWhile(function) => {
                let mapped = self.apply(function, vec![item]);
                let name = self.names.fresh("item", Span::call_site());
                let mapped = self.named_mapped(mapped, &mut statements);
                let inside = self.stages(rest, Item::of(&name), level, consumer);
                let otherwise = matches!(stage, Stage::MapWhile(_)).then(|| quote!(else { #leave }));
                statements.push(syn::parse_quote! {
                    if let ::core::option::Option::Some(#name) = #mapped { #(#inside)* } #otherwise
                });
            }
            Stage::Scan(state, function) => {
                let mapped = self.apply(function, vec![Item::Place(path(state)), item]);
                let name = self.names.fresh("item", Span::call_site());
                let mapped = self.named_mapped(mapped, &mut statements);
                let inside = self.stages(rest, Item::of(&name), level, consumer);
                statements.push(syn::parse_quote! {
                    if let ::core::option::Option::Some(#name) = #mapped { #(#inside)* } else { #leave }
                });
            }
            Stage::Enumerate => {
                let counter = self.counter("counted", quote!(0_usize), level);
                let count = self.count(&counter, &mut statements);
                statements.extend(self.stages(rest, Item::Tuple(vec![count, item]), level, consumer));
            }
            Stage::Skip(count) => {
                let counter = self.counter("skipped", quote!(0_usize), level);
                let inside = self.stages(rest, item, level, consumer);
                statements.push(syn::parse_quote! {
                    if #counter < #count { #counter += 1; } else { #(#inside)* }
                });
            }
            Stage::StepBy(step) => {
                let counter = self.counter("stepped", quote!(0_usize), level);
                let count = self.count(&counter, &mut statements).expr();
                let inside = self.stages(rest, item, level, consumer);
                statements.push(syn::parse_quote!(if #count % #step == 0 { #(#inside)* }));
            }
            Stage::Take(count) => {
                let counter = self.counter("taken", quote!(0_usize), level);
                level.top.push(syn::parse_quote!(if #counter >= #count { #leave }));
                statements.push(syn::parse_quote!(#counter += 1;));
                statements.extend(self.stages(rest, item, level, consumer));
            }
            Stage::Zip(other, left) => {
                let counter = self.counter("zipped", quote!(0_usize), level);
                if let Some(length) = &other.length {
                    level.top.push(syn::parse_quote!(if #counter >= #length { #leave }));
                }
                let position = self.count(&counter, &mut statements).expr();
                let beside = self.item_at(&other.shape, &position, &mut statements);
                let pair = if *left { vec![beside, item] } else { vec![item, beside] };
                statements.extend(self.stages(rest, Item::Tuple(pair), level, consumer));
            }
            Stage::FlatMap(function) => {
                let inner = match function {
                    Some(function) => self.apply(function, vec![item]),
                    None => item.expr(),
                };
                statements.extend(self.nested(inner, rest, level, consumer));
            }
        }
        statements
    }

    /// A loop inside the loop.
    // Original: flat_map(|x| { statements; inner })
    // Output:   statements; for item in inner { … }
    fn nested(
        &mut self,
        inner: Expr,
        rest: &[Stage],
        level: &mut Level,
        consumer: impl FnOnce(&mut Self, Item) -> Vec<Stmt>,
    ) -> Vec<Stmt> {
        let (mut statements, inner) = taken_apart(inner);
        let name = self.names.fresh("item", Span::call_site());
        let mut nested = Level {
            before: Vec::new(),
            top: Vec::new(),
            leave: level.leave.clone(),
        };
        let inside = self.stages(rest, Item::of(&name), &mut nested, consumer);
        level.before.extend(nested.before);
        let top = nested.top;
        statements.push(syn::parse_quote!(for #name in #inner { #(#top)* #(#inside)* }));
        statements
    }

    /// A predicate's answer, in a variable.
    pub(super) fn chain_flag(&mut self, like: &str, function: &Expr, item: &Item, statements: &mut Vec<Stmt>) -> Ident {
        let answer = self.apply(function, vec![Item::Reference(Box::new(item.clone()))]);
        let name = self.names.fresh(like, super::super::statement::extent(&answer).first);
        statements.push(syn::parse_quote!(let #name = #answer;));
        name
    }

    fn named_mapped(&mut self, mapped: Expr, statements: &mut Vec<Stmt>) -> Expr {
        let name = self
            .names
            .fresh("mapped", super::super::statement::extent(&mapped).first);
        statements.push(syn::parse_quote!(let #name = #mapped;));
        path(&name)
    }

    fn counter(&mut self, like: &str, start: proc_macro2::TokenStream, level: &mut Level) -> Ident {
        let name = self.names.fresh(like, Span::call_site());
        level.before.push(syn::parse_quote!(let mut #name = #start;));
        name
    }

    /// The counter's value, which is one more the next time.
    fn count(&mut self, counter: &Ident, statements: &mut Vec<Stmt>) -> Item {
        let name = self.names.fresh("count", Span::call_site());
        statements.push(syn::parse_quote!(let #name = #counter;));
        statements.push(syn::parse_quote!(#counter += 1;));
        Item::of(&name)
    }
}

/// A block's statements and its value.
fn taken_apart(expr: Expr) -> (Vec<Stmt>, Expr) {
    match expr {
        Expr::Paren(paren) => taken_apart(*paren.expr),
        Expr::Block(mut block) if block.label.is_none() => match block.block.stmts.pop() {
            Some(Stmt::Expr(value, None)) => {
                let (inner, value) = taken_apart(value);
                block.block.stmts.extend(inner);
                (block.block.stmts, value)
            }
            last => {
                block.block.stmts.extend(last);
                (Vec::new(), Expr::Block(block))
            }
        },
        expr => (Vec::new(), expr),
    }
}

/// What the loop goes over: positions, the iterators that run along, or both.
fn header(indexed: &Indexed, index: &Ident, from: Option<Expr>, body: &syn::Block) -> (Pat, Expr) {
    let counts = mentions::mentions(&quote!(#body)).contains(index);
    let begin = from.unwrap_or_else(|| syn::parse_quote!(0_usize));
    let Some(((name, expr), others)) = indexed.beside.split_first() else {
        let length = &indexed.length;
        return (syn::parse_quote!(#index), syn::parse_quote!(#begin..#length));
    };
    let mut pattern = quote!(#name);
    let mut items = quote!(#expr);
    for (name, expr) in others {
        pattern = quote!((#pattern, #name));
        items = quote!(::core::iter::Iterator::zip(::core::iter::IntoIterator::into_iter(#items), #expr));
    }
    if counts {
        pattern = quote!((#index, #pattern));
    }
    if counts
        && let Some(length) = &indexed.length
        && is_of_elements(expr)
        && others.is_empty()
    {
        // A range beside a slice is counted by one variable, of which the compiler knows that it is less than either length.
        items = quote!(::core::iter::Iterator::zip(0_usize..#length, #items));
        return (syn::parse_quote!(#pattern), parse(items));
    }
    if counts {
        items = quote!(::core::iter::Iterator::enumerate(::core::iter::IntoIterator::into_iter(#items)));
    }
    if let Some(length) = &indexed.length {
        items = quote!(::core::iter::Iterator::take(::core::iter::IntoIterator::into_iter(#items), #length));
    }
    (syn::parse_quote!(#pattern), parse(items))
}

/// `a.iter()`, whose items are found by their positions.
fn is_of_elements(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(call) if call.method == "iter" && call.args.is_empty())
}
