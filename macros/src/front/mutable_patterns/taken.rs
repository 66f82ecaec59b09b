//! What a pattern takes out of a place, and how it is put back before control leaves.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Lifetime, Pat, Stmt, UnOp};

use super::has_rest;
use crate::front::resolve::{Names, binds};

/// A pattern that takes values out.
pub(super) struct Taken<'n> {
    pub(super) names: &'n mut Names,
    /// What makes references of them.
    pub(super) before: Vec<Stmt>,
    /// Which reference is to what.
    pub(super) parts: Vec<(Ident, Ident)>,
}

impl<'n> Taken<'n> {
    pub(super) fn new(names: &'n mut Names) -> Self {
        Self {
            names,
            before: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// The pattern, and what puts it together again.
    pub(super) fn pattern(&mut self, pattern: &Pat) -> Option<(Pat, Expr)> {
        match pattern {
            Pat::Paren(paren) => self.pattern(&paren.pat),
            Pat::Ident(name) if !binds(name) => Some((pattern.clone(), syn::parse_quote!(#name))),
            Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_some() == name.mutability.is_some() => {
                let reference = &name.ident;
                let part = self.names.fresh("part", reference.span());
                let held = self.names.fresh(&reference.to_string(), reference.span());
                self.before.push(syn::parse_quote!(let mut #held = #part.clone();));
                self.before.push(syn::parse_quote!(let #reference = &mut #held;));
                self.parts.push((reference.clone(), part.clone()));
                Some((syn::parse_quote!(#part), syn::parse_quote!(#held)))
            }
            Pat::Wild(wild) => {
                let part = self.names.fresh("part", wild.underscore_token.span);
                Some((syn::parse_quote!(#part), syn::parse_quote!(#part.clone())))
            }
            Pat::Path(path) => Some((pattern.clone(), Expr::Path(path.clone()))),
            Pat::Lit(literal) => Some((pattern.clone(), Expr::Lit(literal.clone()))),
            Pat::TupleStruct(tuple) if !has_rest(tuple.elems.iter()) => {
                let (patterns, values) = self.all(tuple.elems.iter())?;
                let path = &tuple.path;
                Some((
                    syn::parse_quote!(#path(#(#patterns),*)),
                    syn::parse_quote!(#path(#(#values),*)),
                ))
            }
            Pat::Tuple(tuple) if !has_rest(tuple.elems.iter()) => {
                let (patterns, values) = self.all(tuple.elems.iter())?;
                Some((syn::parse_quote!((#(#patterns,)*)), syn::parse_quote!((#(#values,)*))))
            }
            Pat::Struct(fields) if fields.rest.is_none() => {
                let members: Vec<_> = fields.fields.iter().map(|field| &field.member).collect();
                let (patterns, values) = self.all(fields.fields.iter().map(|field| &*field.pat))?;
                let path = &fields.path;
                Some((
                    syn::parse_quote!(#path { #(#members: #patterns),* }),
                    syn::parse_quote!(#path { #(#members: #values),* }),
                ))
            }
            _ => None,
        }
    }

    fn all<'p>(&mut self, patterns: impl Iterator<Item = &'p Pat>) -> Option<(Vec<Pat>, Vec<Expr>)> {
        patterns
            .map(|pattern| self.pattern(pattern))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.into_iter().unzip())
    }
}

/// Puts what a reference is to in place of the reference, where that is only looked at.
pub(super) struct Seen<'p> {
    pub(super) parts: &'p [(Ident, Ident)],
}

impl Seen<'_> {
    fn part(&self, expr: &Expr) -> Option<&Ident> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?;
        self.parts
            .iter()
            .find(|(reference, _)| reference == name)
            .map(|(_, part)| part)
    }
}

impl VisitMut for Seen<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Unary(unary) = expr
            && matches!(unary.op, UnOp::Deref(_))
            && let Some(part) = self.part(&unary.expr)
        {
            *expr = syn::parse_quote!(#part);
        } else if let Some(part) = self.part(expr) {
            *expr = syn::parse_quote!((&#part));
        } else {
            visit_mut::visit_expr_mut(self, expr);
        }
    }
}

/// Puts back what was taken out before control leaves.
pub(super) struct Jumps<'b> {
    pub(super) back: &'b Stmt,
    pub(super) names: &'b mut Names,
    /// How many loops are around.
    pub(super) depth: usize,
}

impl Jumps<'_> {
    fn leaves(&self, label: Option<&Lifetime>) -> bool {
        label.is_some() || self.depth == 0
    }

    fn deeper(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }
}

impl VisitMut for Jumps<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::ForLoop(inner) => return self.deeper(|jumps| visit_mut::visit_expr_for_loop_mut(jumps, inner)),
            Expr::While(inner) => return self.deeper(|jumps| visit_mut::visit_expr_while_mut(jumps, inner)),
            Expr::Loop(inner) => return self.deeper(|jumps| visit_mut::visit_expr_loop_mut(jumps, inner)),
            Expr::Closure(_) => return,
            _ => visit_mut::visit_expr_mut(self, expr),
        }
        let back = self.back;
        let value = match expr {
            Expr::Return(jump) => jump.expr.as_mut(),
            Expr::Break(jump) if self.leaves(jump.label.as_ref()) => jump.expr.as_mut(),
            Expr::Continue(jump) if self.leaves(jump.label.as_ref()) => None,
            _ => return,
        };
        let mut before = TokenStream::new();
        if let Some(value) = value {
            let left = self
                .names
                .fresh("left", crate::ir::Extent::of(&value.to_token_stream()).first);
            before = quote!(let #left = #value;);
            **value = syn::parse_quote!(#left);
        }
        *expr = syn::parse_quote!({ #before #back #expr });
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
