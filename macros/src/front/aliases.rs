//! Local mutable references: `let p = &mut s.x; *p *= 2.0;` writes to `s.x`, and that is what it becomes.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, Stmt, UnOp};

use super::mentions;
use super::resolve::Names;

/// Puts the places that local mutable references point to in place of the references. All names in the body are unique.
// Input:  let p = &mut a[i + 1]; *p += x;
// Output: let index = i + 1; a[index] += x;
pub(crate) fn follow(body: &mut Block, names: &mut Names) {
    let mut follower = Follower {
        names,
        aliases: Vec::new(),
    };
    follower.visit_block_mut(body);
    let aliases = follower.aliases;
    for (name, place) in &aliases {
        substitute(body, name, place);
    }
}

struct Follower<'n> {
    names: &'n mut Names,
    aliases: Vec<(Ident, Expr)>,
}

impl VisitMut for Follower<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let statements = std::mem::take(&mut block.stmts);
        for mut statement in statements {
            self.name_referent(&mut statement, &mut block.stmts);
            match self.alias(&statement) {
                Some((name, mut place)) => {
                    // Where the reference is made.
                    fix_indices(&mut place, self.names, &mut block.stmts, &|_| true);
                    // A reference to a part of what another reference points to.
                    let known = self.aliases.clone();
                    for (other, target) in &known {
                        Substitution {
                            name: other,
                            place: target,
                        }
                        .visit_expr_mut(&mut place);
                    }
                    self.aliases.push((name, place));
                }
                None => block.stmts.push(statement),
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Follower<'_> {
    /// `let name = &mut place;`
    fn alias(&self, statement: &Stmt) -> Option<(Ident, Expr)> {
        let Stmt::Local(local) = statement else { return None };
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pattern => pattern,
        };
        let (Pat::Ident(name), Some(init)) = (pattern, &local.init) else {
            return None;
        };
        let Expr::Reference(reference) = &*init.expr else {
            return None;
        };
        let plain = name.mutability.is_none() && name.by_ref.is_none() && name.subpat.is_none();
        let fits =
            plain && init.diverge.is_none() && reference.mutability.is_some() && is_place_or_slice(&reference.expr);
        fits.then(|| (name.ident.clone(), (*reference.expr).clone()))
    }

    /// What a reference points to gets a name if it has none.
    // Input:  let p = &mut [x, y];
    // Output: let mut referent = [x, y]; let p = &mut referent;
    fn name_referent(&mut self, statement: &mut Stmt, statements: &mut Vec<Stmt>) {
        let Stmt::Local(local) = statement else { return };
        let Some(init) = &mut local.init else { return };
        let Expr::Reference(reference) = &mut *init.expr else {
            return;
        };
        if reference.mutability.is_none() || !is_temporary(&reference.expr) {
            return;
        }
        let source = (*reference.expr).clone();
        let at = crate::ir::Extent::of(&source.to_token_stream()).first;
        let name = self.names.fresh("referent", at);
        statements.push(syn::parse_quote!(let mut #name = #source;));
        *reference.expr = syn::parse_quote!(#name);
    }
}

/// Evaluates the indices of a place once, those that are `wanted`.
pub(crate) fn fix_indices(
    place: &mut Expr,
    names: &mut Names,
    statements: &mut Vec<Stmt>,
    wanted: &dyn Fn(&Expr) -> bool,
) {
    let fix = |index: &mut Expr, names: &mut Names, statements: &mut Vec<Stmt>| {
        if matches!(index, Expr::Lit(_)) || !wanted(index) {
            return;
        }
        let source = index.clone();
        let at = crate::ir::Extent::of(&source.to_token_stream()).first;
        let name = names.fresh("index", at);
        statements.push(syn::parse_quote!(let #name = #source;));
        *index = syn::parse_quote!(#name);
    };
    match place {
        Expr::Index(index) => {
            fix_indices(&mut index.expr, names, statements, wanted);
            if let Expr::Range(range) = &mut *index.index {
                for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                    fix(end, names, statements);
                }
            } else {
                fix(&mut index.index, names, statements);
            }
        }
        Expr::Field(field) => fix_indices(&mut field.base, names, statements, wanted),
        Expr::Paren(paren) => fix_indices(&mut paren.expr, names, statements, wanted),
        Expr::Unary(unary) => fix_indices(&mut unary.expr, names, statements, wanted),
        _ => {}
    }
}

/// True for what makes a value that has no name.
pub(crate) fn is_temporary(expr: &Expr) -> bool {
    match expr {
        Expr::Array(_)
        | Expr::Repeat(_)
        | Expr::Tuple(_)
        | Expr::Struct(_)
        | Expr::Call(_)
        | Expr::Lit(_)
        | Expr::Binary(_)
        | Expr::Macro(_)
        | Expr::Block(_) => true,
        Expr::Paren(paren) => is_temporary(&paren.expr),
        _ => false,
    }
}

/// True for places, and slices of them.
pub(super) fn is_place_or_slice(expr: &Expr) -> bool {
    match expr {
        Expr::Index(index) if matches!(*index.index, Expr::Range(_)) => is_place_or_slice(&index.expr),
        Expr::Paren(paren) => is_place_or_slice(&paren.expr),
        expr => is_place(expr),
    }
}

/// True for variables, their fields and elements.
pub(super) fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.qself.is_none() && path.path.get_ident().is_some(),
        Expr::Field(field) => is_place(&field.base),
        Expr::Index(index) => !matches!(*index.index, Expr::Range(_)) && is_place(&index.expr),
        Expr::Paren(paren) => is_place(&paren.expr),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Deref(_)) && is_place(&unary.expr),
        _ => false,
    }
}

/// Puts the place in place of what the reference with this name points to.
pub(crate) fn substitute(body: &mut Block, name: &Ident, place: &Expr) {
    Substitution { name, place }.visit_block_mut(body);
}

struct Substitution<'a> {
    name: &'a Ident,
    place: &'a Expr,
}

impl Substitution<'_> {
    fn is_it(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Path(path) if path.qself.is_none() && path.path.is_ident(self.name))
    }
}

impl VisitMut for Substitution<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) && self.is_it(&unary.expr) => {
                *expr = self.place.clone();
            }
            // The base of a field or an element, the receiver of a method, something handed on.
            other if self.is_it(other) => *other = self.place.clone(),
            other => visit_mut::visit_expr_mut(self, other),
        }
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        for argument in &mut call.args {
            if self.is_it(argument) {
                let place = self.place;
                *argument = syn::parse_quote!(&mut #place);
            }
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let found: HashSet<_> = mentions::mentions(&mac.tokens)
            .iter()
            .map(ToString::to_string)
            .collect();
        if found.contains(&self.name.to_string()) {
            let (name, place) = (self.name, self.place);
            mac.tokens = replace(mac.tokens.clone(), name, &place.to_token_stream());
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Puts `(&place)` in place of the name among a macro's tokens.
fn replace(
    tokens: proc_macro2::TokenStream,
    name: &Ident,
    place: &proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            proc_macro2::TokenTree::Ident(ident) if ident == *name => quote::quote!((&#place)),
            proc_macro2::TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), replace(group.stream(), name, place));
                inner.set_span(group.span());
                proc_macro2::TokenTree::Group(inner).into_token_stream()
            }
            tree => tree.into_token_stream(),
        })
        .collect()
}
