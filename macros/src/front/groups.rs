//! Invisible groups. What a `macro_rules!` macro passes on as `$x:expr` or `$t:ty` arrives between invisible delimiters, which
//! get lost when a procedural macro emits them again: `$x * y` with `1.0 + 2.0` for `$x` would become `1.0 + 2.0 * y`. So
//! they are replaced by parentheses where they matter, and left out where they do not, before anything else is done.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprParen, ItemFn, Macro, Type};

/// Makes the invisible groups of a function visible.
pub(crate) fn make_visible(item: &mut ItemFn) {
    Visible.visit_item_fn_mut(item);
}

struct Visible;

impl VisitMut for Visible {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Group(group) = expr else { return };
        let inside = (*group.expr).clone();
        *expr = if is_atom(&inside) {
            inside
        } else {
            Expr::Paren(ExprParen {
                attrs: std::mem::take(&mut group.attrs),
                paren_token: syn::token::Paren(Span::call_site()),
                expr: Box::new(inside),
            })
        };
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Type::Group(group) = ty {
            *ty = (*group.elem).clone();
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = visible(mac.tokens.clone());
    }
}

/// True if the expression means the same without delimiters, wherever it stands.
fn is_atom(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Array(_)
            | Expr::Block(_)
            | Expr::Call(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Lit(_)
            | Expr::Macro(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Path(_)
            | Expr::Repeat(_)
            | Expr::Tuple(_)
    )
}

/// The tokens of a macro call: what is an expression there keeps its delimiters, as parentheses.
fn visible(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Group(group) => {
                let inside = visible(group.stream());
                let delimiter = match group.delimiter() {
                    Delimiter::None if syn::parse2::<Expr>(inside.clone()).is_ok_and(|expr| !is_atom(&expr)) => {
                        Delimiter::Parenthesis
                    }
                    Delimiter::None => return inside,
                    delimiter => delimiter,
                };
                let mut visible = Group::new(delimiter, inside);
                visible.set_span(group.span());
                TokenStream::from(TokenTree::Group(visible))
            }
            tree => TokenStream::from(tree),
        })
        .collect()
}
