//! Mutable references through which nothing flows, to what iterations of a loop need again: the state of a generator, say.
//!
//! An iteration that is run again must find what it found the first time, and must not write to the caller's place a second time.
//! So the body works on a copy, which is a variable like any other, and the place gets what that holds in the end.

use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Macro, UnOp};

use super::changes::Changes;
use super::resolve::Names;
use super::written::without_stars;

/// Puts copies in place of what the references with these names refer to. All names in the body are unique.
// Input:  fn f(seed: &mut u64) -> f64 { *seed += 1; if c { return 1.0; } next(seed) }
// Output: fn f(seed: &mut u64) -> f64 {
//             let mut held = clone(&*seed);
//             let value = { held += 1; if c { let value = 1.0; *seed = clone(&held); return value; } next(&mut held) };
//             *seed = clone(&held);
//             value
//         }
pub(crate) fn hold(body: &mut Block, references: &[Ident], names: &mut Names, changes: &mut Changes) {
    let copies: Vec<_> = references
        .iter()
        .map(|name| names.fresh(&name.to_string(), name.span()))
        .collect();
    for (reference, copy) in references.iter().zip(&copies) {
        if changes.discrete.contains(&reference.to_string()) {
            changes.discrete.insert(copy.to_string());
        }
    }
    let mut holder = Holder {
        references,
        copies: &copies,
        names,
        in_closure: false,
    };
    holder.visit_block_mut(body);
    let (inner, value) = (body.clone(), names.fresh("value", proc_macro2::Span::call_site()));
    *body = syn::parse_quote!({
        #(let mut #copies = ::core::clone::Clone::clone(&*#references);)*
        let #value = #inner;
        #(*#references = ::core::clone::Clone::clone(&#copies);)*
        #value
    });
}

struct Holder<'n> {
    references: &'n [Ident],
    copies: &'n [Ident],
    names: &'n mut Names,
    /// A `return` in a closure is its own.
    in_closure: bool,
}

impl Holder<'_> {
    /// The copy of what the expression refers to, if that is one of the references.
    fn copy(&self, expr: &Expr) -> Option<Ident> {
        let name = match expr {
            Expr::Path(path) if path.qself.is_none() => path.path.get_ident()?,
            Expr::Paren(paren) => return self.copy(&paren.expr),
            _ => return None,
        };
        let position = self.references.iter().position(|reference| reference == name)?;
        let mut copy = self.copies[position].clone();
        copy.set_span(name.span());
        Some(copy)
    }
}

impl VisitMut for Holder<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                if let Some(copy) = self.copy(&unary.expr) {
                    *expr = syn::parse_quote!(#copy);
                    return;
                }
            }
            // What is behind the reference is found by itself.
            Expr::Field(field) => {
                if let Some(copy) = self.copy(&field.base) {
                    *field.base = syn::parse_quote!(#copy);
                    return;
                }
            }
            Expr::Index(index) => {
                if let Some(copy) = self.copy(&index.expr) {
                    *index.expr = syn::parse_quote!(#copy);
                }
            }
            Expr::MethodCall(call) => {
                if let Some(copy) = self.copy(&call.receiver) {
                    *call.receiver = syn::parse_quote!(#copy);
                }
            }
            Expr::Return(result) if !self.in_closure => {
                visit_mut::visit_expr_return_mut(self, result);
                let (references, copies) = (self.references, self.copies);
                let value = self.names.fresh("value", result.return_token.span);
                let given = result.expr.take().unwrap_or_else(|| syn::parse_quote!(()));
                *expr = syn::parse_quote!({
                    let #value = #given;
                    #(*#references = ::core::clone::Clone::clone(&#copies);)*
                    return #value;
                });
                return;
            }
            Expr::Closure(closure) => {
                let outer = std::mem::replace(&mut self.in_closure, true);
                visit_mut::visit_expr_closure_mut(self, closure);
                self.in_closure = outer;
                return;
            }
            _ => {
                if let Some(copy) = self.copy(expr) {
                    *expr = syn::parse_quote_spanned!(copy.span()=> &mut #copy);
                    return;
                }
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = without_stars(mac.tokens.clone(), self.references);
        mac.tokens = self.renamed(mac.tokens.clone());
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Holder<'_> {
    fn renamed(&self, tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
        let trees = tokens.into_iter().map(|tree| match tree {
            proc_macro2::TokenTree::Ident(name) => {
                let position = self.references.iter().position(|reference| *reference == name);
                let renamed = position.map(|position| {
                    let mut copy = self.copies[position].clone();
                    copy.set_span(name.span());
                    copy
                });
                proc_macro2::TokenTree::Ident(renamed.unwrap_or(name))
            }
            proc_macro2::TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(group.delimiter(), self.renamed(group.stream()));
                inner.set_span(group.span());
                proc_macro2::TokenTree::Group(inner)
            }
            tree => tree,
        });
        trees.collect()
    }
}
