//! The items of a chain, and how patterns and closures take them.
//!
//! A pair that `zip` or `enumerate` makes is never put together: each of its parts goes where the pattern, or `p.0` in the
//! body, wants it. The items of `iter_mut` are places: `*x` is another way to write `v[i]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprClosure, Member, Pat, Stmt, UnOp};

use super::super::closure::Closure;
use super::super::statement::{extent, strip};
use super::super::{Current, Lowering};
use crate::front::{mentions, resolve};

/// An item, as an expression or in parts.
#[derive(Clone)]
pub(in super::super) enum Item {
    Value(Expr),
    Tuple(Vec<Item>),
    /// A reference to an item that has a name, or to a tuple of such.
    Reference(Box<Item>),
    /// A mutable reference to the place.
    Place(Expr),
}

impl Item {
    pub(super) fn of(name: &Ident) -> Self {
        Self::Value(path(name))
    }

    /// The item as one expression.
    pub(super) fn expr(&self) -> Expr {
        match self {
            Self::Value(expr) => expr.clone(),
            Self::Tuple(parts) => {
                let parts = parts.iter().map(Self::expr);
                syn::parse_quote!((#(#parts,)*))
            }
            Self::Reference(inner) => {
                let inner = inner.expr();
                let first = extent(&inner).first;
                parse(quote_spanned!(first=> &#inner))
            }
            Self::Place(place) => {
                let first = extent(place).first;
                parse(quote_spanned!(first=> (&mut #place)))
            }
        }
    }

    /// What `*item` is.
    pub(super) fn dereferenced(&self) -> Self {
        match self {
            Self::Value(expr) => match strip(expr) {
                Expr::Reference(reference) if reference.mutability.is_none() => Self::Value((*reference.expr).clone()),
                other => {
                    let first = extent(other).first;
                    Self::Value(parse(quote_spanned!(first=> (*#other))))
                }
            },
            Self::Reference(inner) => (**inner).clone(),
            Self::Place(place) => Self::Value(place.clone()),
            Self::Tuple(_) => self.clone(),
        }
    }

    /// The place behind all references, if there are any.
    fn behind_references(&self) -> Option<Expr> {
        match self {
            Self::Place(place) => Some(place.clone()),
            Self::Reference(inner) => match &**inner {
                Self::Value(expr) => Some(expr.clone()),
                inner => inner.behind_references(),
            },
            Self::Value(_) | Self::Tuple(_) => None,
        }
    }

    /// True if the item is a reference to a place that stays where it is.
    pub(super) fn is_reference(&self) -> bool {
        matches!(self, Self::Value(expr) if matches!(strip(expr), Expr::Reference(_)))
    }
}

pub(super) fn path(name: &Ident) -> Expr {
    syn::parse_quote!(#name)
}

/// Tokens of our own as an expression.
pub(super) fn parse(tokens: TokenStream) -> Expr {
    syn::parse2(tokens).unwrap_or_else(|_| syn::parse_quote!(()))
}

/// What a pattern makes of an item.
#[derive(Default)]
pub(super) struct Bound {
    /// Patterns over expressions.
    pub(super) leaves: Vec<(Pat, Expr)>,
    /// Variables that stand for items in parts.
    pub(super) aliases: Vec<(Ident, Item)>,
}

impl Bound {
    /// The `let` statements.
    pub(super) fn statements(&self) -> Vec<Stmt> {
        let leaves = self.leaves.iter();
        leaves
            .map(|(pattern, expr)| syn::parse_quote!(let #pattern = #expr;))
            .collect()
    }

    pub(super) fn substitute(&self, expr: &mut Expr) {
        if !self.aliases.is_empty() {
            Substitute(&self.aliases).visit_expr_mut(expr);
        }
    }

    pub(super) fn substitute_block(&self, block: &mut syn::Block) {
        if !self.aliases.is_empty() {
            Substitute(&self.aliases).visit_block_mut(block);
        }
    }
}

impl Lowering<'_> {
    /// Binds a pattern to an item.
    pub(super) fn bind_item(&mut self, pattern: &Pat, item: Item, bound: &mut Bound) {
        match (pattern, item) {
            (Pat::Paren(paren), item) => self.bind_item(&paren.pat, item, bound),
            (Pat::Type(typed), item @ (Item::Tuple(_) | Item::Reference(_) | Item::Place(_))) => {
                self.bind_item(&typed.pat, item, bound);
            }
            (Pat::Wild(_), Item::Tuple(parts)) => {
                for part in parts {
                    self.bind_item(pattern, part, bound);
                }
            }
            (Pat::Wild(_), Item::Reference(_) | Item::Place(_)) => {}
            (Pat::Reference(reference), Item::Reference(inner)) => self.bind_item(&reference.pat, *inner, bound),
            (Pat::Reference(reference), Item::Place(place)) => {
                self.bind_item(&reference.pat, Item::Value(place), bound);
            }
            (Pat::Reference(reference), Item::Value(expr)) if matches!(strip(&expr), Expr::Reference(_)) => {
                self.bind_item(&reference.pat, Item::Value(expr).dereferenced(), bound);
            }
            (Pat::Tuple(tuple), Item::Tuple(parts)) => self.bind_parts_of_item(tuple, parts, bound),
            (Pat::Tuple(tuple), Item::Reference(inner)) if matches!(*inner, Item::Tuple(_)) => {
                if let Item::Tuple(parts) = *inner {
                    let parts = parts.into_iter().map(|part| Item::Reference(Box::new(part))).collect();
                    self.bind_parts_of_item(tuple, parts, bound);
                }
            }
            (Pat::Tuple(tuple), Item::Place(place)) if !tuple.elems.iter().any(|part| matches!(part, Pat::Rest(_))) => {
                for (index, pattern) in tuple.elems.iter().enumerate() {
                    let member = Member::from(index);
                    self.bind_item(pattern, Item::Place(syn::parse_quote!(#place.#member)), bound);
                }
            }
            (Pat::Ident(name), Item::Reference(inner)) if is_plain(name) && !matches!(*inner, Item::Value(_)) => {
                let inner = self.in_names(&name.ident, *inner, bound);
                bound
                    .aliases
                    .push((name.ident.clone(), Item::Reference(Box::new(inner))));
            }
            (Pat::Ident(name), item @ (Item::Tuple(_) | Item::Place(_))) if is_plain(name) => {
                let item = self.in_names(&name.ident, item, bound);
                bound.aliases.push((name.ident.clone(), item));
            }
            (pattern, item) => bound.leaves.push((pattern.clone(), item.expr())),
        }
    }

    fn bind_parts_of_item(&mut self, tuple: &syn::PatTuple, parts: Vec<Item>, bound: &mut Bound) {
        let rest = tuple.elems.iter().position(|part| matches!(part, Pat::Rest(_)));
        let (behind, count) = (tuple.elems.len(), parts.len());
        for (index, part) in parts.into_iter().enumerate() {
            let position = match rest {
                Some(rest) if index >= rest => (index + behind).checked_sub(count).filter(|place| *place > rest),
                _ => Some(index),
            };
            if let Some(pattern) = position.and_then(|position| tuple.elems.get(position)) {
                self.bind_item(pattern, part, bound);
            }
        }
    }

    /// The item with a name for each part that is not one.
    fn in_names(&mut self, like: &Ident, item: Item, bound: &mut Bound) -> Item {
        match item {
            Item::Value(expr) if !is_name(&expr) => {
                let name = self.names.fresh(&like.to_string(), extent(&expr).first);
                bound.leaves.push((syn::parse_quote!(#name), expr));
                Item::of(&name)
            }
            Item::Tuple(parts) => Item::Tuple(parts.into_iter().map(|part| self.in_names(like, part, bound)).collect()),
            Item::Reference(inner) => Item::Reference(Box::new(self.in_names(like, *inner, bound))),
            item => item,
        }
    }

    /// The item under names of its own, so that it can be used more than once.
    pub(super) fn named(&mut self, item: Item, statements: &mut Vec<Stmt>) -> Item {
        let mut bound = Bound::default();
        let like = Ident::new("item", proc_macro2::Span::call_site());
        let item = self.in_names(&like, item, &mut bound);
        statements.extend(bound.statements());
        item
    }

    /// What a closure, or a function, gives for the items.
    // Original: |(x, y)| body
    // Output:   { let x = …; let y = …; body }
    pub(super) fn apply(&mut self, function: &Expr, items: Vec<Item>) -> Expr {
        let function = match strip(function) {
            Expr::Reference(reference) => strip(&reference.expr),
            function => function,
        };
        let closure = match function {
            Expr::Closure(closure) => Some(Closure::of(closure)),
            Expr::Path(path) => match path.path.get_ident().and_then(|name| self.current(name)) {
                Some(Current::Closure(closure)) => Some((**closure).clone()),
                _ => None,
            },
            _ => None,
        };
        let Some(mut closure) = closure.filter(|closure| closure.expr.inputs.len() == items.len()) else {
            let items = items.iter().map(Item::expr);
            return parse(quote!(#function(#(#items),*)));
        };
        if self.was_inlined(function) {
            resolve::freshen(&mut closure.expr, self.names);
        }
        self.count_call(function);
        if let Some(escape) = mentions::escape(&closure.expr.body) {
            self.errors.add(
                escape,
                "leaving a closure early cannot be differentiated; write it as a `#[differentiable]` function",
            );
            return syn::parse_quote!(());
        }
        let mut bound = Bound::default();
        let inputs: Vec<_> = closure.expr.inputs.iter().cloned().collect();
        for (input, item) in inputs.iter().zip(items) {
            self.bind_item(input, item, &mut bound);
        }
        bound.substitute(&mut closure.expr.body);
        if self.has_moved_on(&closure) {
            return self.apply_captured(closure, &bound);
        }
        let (statements, body) = (bound.statements(), self.result_of(&closure.expr));
        if statements.is_empty() {
            return body;
        }
        syn::parse_quote!({ #(#statements)* #body })
    }

    /// A `move` closure that captured values which their variables do not hold any more: called as it is.
    fn apply_captured(&mut self, mut closure: Closure, bound: &Bound) -> Expr {
        let (patterns, arguments): (Vec<_>, Vec<_>) = bound.leaves.iter().cloned().unzip();
        closure.expr.inputs = patterns.into_iter().collect();
        let name = self.names.fresh("closure", extent(&closure.expr).first);
        self.declare(&name, false, None, Current::Closure(Box::new(closure)));
        syn::parse_quote!(#name(#(#arguments),*))
    }

    /// The body of a closure, with the type that it was given.
    fn result_of(&mut self, closure: &ExprClosure) -> Expr {
        let body = &closure.body;
        let syn::ReturnType::Type(_, ty) = &closure.output else {
            return (**body).clone();
        };
        let name = self.names.fresh("value", extent(body).first);
        syn::parse_quote!({ let #name: #ty = #body; #name })
    }

    /// True if a `move` closure captured a value that its variable does not hold any more.
    fn has_moved_on(&self, closure: &Closure) -> bool {
        closure.captured().any(|(name, id)| {
            !matches!(self.variables.get(name), Some(variable) if matches!(variable.current, Current::Value(current) if current == id))
        })
    }
}

fn is_plain(name: &syn::PatIdent) -> bool {
    name.by_ref.is_none() && name.subpat.is_none()
}

fn is_name(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.get_ident().is_some())
}

/// Puts items in place of the variables that stand for them.
struct Substitute<'a>(&'a [(Ident, Item)]);

impl Substitute<'_> {
    fn find(&self, name: &Ident) -> Option<&Item> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, item)| item)
    }

    /// The item that the expression is, if it is made of such a variable by `*` and `.0` alone.
    fn item(&self, expr: &Expr) -> Option<Item> {
        match expr {
            Expr::Path(path) if path.qself.is_none() => self.find(path.path.get_ident()?).cloned(),
            Expr::Paren(paren) => self.item(&paren.expr),
            Expr::Group(group) => self.item(&group.expr),
            Expr::Field(field) => {
                let Member::Unnamed(index) = &field.member else {
                    return None;
                };
                let position = usize::try_from(index.index).ok()?;
                match self.item(&field.base)? {
                    Item::Tuple(parts) => parts.get(position).cloned(),
                    Item::Reference(inner) => match *inner {
                        Item::Tuple(parts) => parts.get(position).cloned(),
                        _ => None,
                    },
                    _ => None,
                }
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                let item = self.item(&unary.expr)?;
                (!matches!(item, Item::Tuple(_))).then(|| item.dereferenced())
            }
            _ => None,
        }
    }

    /// The base of a field, an element or a method call: references are followed without being asked to.
    fn base(&mut self, expr: &mut Expr) {
        match self.item(expr).and_then(|item| item.behind_references()) {
            Some(place) => *expr = place,
            None => self.visit_expr_mut(expr),
        }
    }

    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let trees: Vec<_> = tokens.into_iter().collect();
        let mut result = TokenStream::new();
        for (index, tree) in trees.iter().enumerate() {
            let member = index > 0 && matches!(&trees[index - 1], TokenTree::Punct(punct) if punct.as_char() == '.');
            match tree {
                TokenTree::Ident(name) if !member && self.find(name).is_some() => {
                    let expr = self.find(name).map(Item::expr);
                    result.extend(quote!((#expr)));
                }
                TokenTree::Group(group) => {
                    let mut inner = proc_macro2::Group::new(group.delimiter(), self.tokens(group.stream()));
                    inner.set_span(group.span());
                    result.extend([TokenTree::Group(inner)]);
                }
                tree => result.extend([tree.clone()]),
            }
        }
        result
    }
}

impl VisitMut for Substitute<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(item) = self.item(expr) {
            *expr = item.expr();
            return;
        }
        match expr {
            Expr::MethodCall(call) => {
                self.base(&mut call.receiver);
                call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            }
            Expr::Index(index) => {
                self.base(&mut index.expr);
                self.visit_expr_mut(&mut index.index);
            }
            Expr::Field(field) => self.base(&mut field.base),
            other => visit_mut::visit_expr_mut(self, other),
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(mac.tokens.clone());
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if let (None, Member::Named(member)) = (&field.colon_token, &field.member)
            && self.find(member).is_some()
        {
            field.colon_token = Some(syn::Token![:](member.span()));
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
