//! Parameters by mutable reference: in generated code they are values that come in, and come out with the result.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Macro, Pat, Stmt, UnOp};

/// Makes values of the parameters with these names. All names in the body are unique.
// Input:  fn f(s: &mut S) -> f64 { *s = g(s); if c { return 1.0; } s.x }
// Output: fn f(mut s: S) -> (f64, S) { ({ s = g(&mut s); if c { return (1.0, s); } s.x }, s) }
pub(crate) fn by_value(body: &mut Block, names: &[Ident]) {
    if names.is_empty() {
        return;
    }
    let mut values = Values { names };
    rename_reborrows(body, names);
    values.visit_block_mut(body);
    let inner = body.clone();
    *body = syn::parse_quote!({ (#inner, #(#names),*) });
}

/// `let p = s;` gives the same place another name.
fn rename_reborrows(body: &mut Block, names: &[Ident]) {
    struct Reborrows<'n>(&'n [Ident], Vec<(Ident, Ident)>);
    impl VisitMut for Reborrows<'_> {
        fn visit_block_mut(&mut self, block: &mut Block) {
            block.stmts.retain(|statement| {
                let Stmt::Local(local) = statement else { return true };
                let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init) else {
                    return true;
                };
                match variable(&init.expr) {
                    Some(place) if self.0.contains(place) && init.diverge.is_none() => {
                        self.1.push((name.ident.clone(), place.clone()));
                        false
                    }
                    _ => true,
                }
            });
            visit_mut::visit_block_mut(self, block);
        }
    }
    let mut reborrows = Reborrows(names, Vec::new());
    reborrows.visit_block_mut(body);
    for (from, to) in reborrows.1 {
        super::aliases::substitute(body, &from, &syn::parse_quote!(#to));
    }
}

struct Values<'n> {
    names: &'n [Ident],
}

impl Values<'_> {
    fn is_written(&self, expr: &Expr) -> bool {
        variable(expr).is_some_and(|name| self.names.contains(name))
    }

    /// A reference that is handed on.
    fn handed_on(&self, argument: &mut Expr) {
        if self.is_written(argument) {
            let place = argument.clone();
            *argument = syn::parse_quote!(&mut #place);
        }
    }
}

impl VisitMut for Values<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) && self.is_written(&unary.expr) => {
                *expr = (*unary.expr).clone();
            }
            Expr::Return(source) => {
                let names = self.names;
                let value: Expr = match &source.expr {
                    Some(value) => syn::parse_quote!((#value, #(#names),*)),
                    None => syn::parse_quote!(((), #(#names),*)),
                };
                source.expr = Some(Box::new(value));
            }
            _ => {}
        }
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        call.args.iter_mut().for_each(|argument| self.handed_on(argument));
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        call.args.iter_mut().for_each(|argument| self.handed_on(argument));
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        // A `return` in it is the closure's own.
        struct Inside<'v, 'n>(&'v mut Values<'n>);
        impl VisitMut for Inside<'_, '_> {
            fn visit_expr_mut(&mut self, expr: &mut Expr) {
                if let Expr::Unary(unary) = expr
                    && matches!(unary.op, UnOp::Deref(_))
                    && self.0.is_written(&unary.expr)
                {
                    *expr = (*unary.expr).clone();
                }
                visit_mut::visit_expr_mut(self, expr);
            }
        }
        Inside(self).visit_expr_mut(&mut closure.body);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = without_stars(mac.tokens.clone(), self.names);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Takes the `*` from in front of the names.
fn without_stars(tokens: TokenStream, names: &[Ident]) -> TokenStream {
    let trees: Vec<_> = tokens.into_iter().collect();
    let is_name = |index: usize| matches!(trees.get(index), Some(TokenTree::Ident(ident)) if names.contains(ident));
    let is_place = |index: usize| match trees.get(index) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '.',
        Some(TokenTree::Group(group)) => group.delimiter() == proc_macro2::Delimiter::Bracket,
        _ => false,
    };
    trees
        .iter()
        .enumerate()
        .filter_map(|(index, tree)| match tree {
            TokenTree::Punct(punct) if punct.as_char() == '*' && is_name(index + 1) && !is_place(index + 2) => None,
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_stars(group.stream(), names));
                inner.set_span(group.span());
                Some(TokenTree::Group(inner))
            }
            tree => Some(tree.clone()),
        })
        .collect()
}

/// The variable, if the expression is just that.
fn variable(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Paren(paren) => variable(&paren.expr),
        _ => None,
    }
}
