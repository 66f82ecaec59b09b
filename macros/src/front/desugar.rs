//! Ways out of the middle of an expression, in terms of fewer ones: `?`, labelled blocks, and `return` in closures.

use proc_macro2::Span;
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Lifetime, ReturnType, Type};

use super::resolve::Names;

/// What a function's result is, as far as `?` is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Option,
    Result,
    Other,
}

/// Rewrites a function's body. All names in it are unique.
pub(crate) fn desugar(body: &mut Block, output: &ReturnType, names: &mut Names) {
    let output = match output {
        ReturnType::Type(_, ty) => kind(ty),
        ReturnType::Default => Output::Other,
    };
    Desugar { output, names }.visit_block_mut(body);
}

fn kind(ty: &Type) -> Output {
    let Type::Path(path) = ty else { return Output::Other };
    match path.path.segments.last().map(|segment| segment.ident.to_string()) {
        Some(name) if name == "Option" => Output::Option,
        Some(name) if name.ends_with("Result") => Output::Result,
        _ => Output::Other,
    }
}

struct Desugar<'n> {
    output: Output,
    names: &'n mut Names,
}

impl VisitMut for Desugar<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(closure) => {
                let outer = std::mem::replace(
                    &mut self.output,
                    match &closure.output {
                        ReturnType::Type(_, ty) => kind(ty),
                        ReturnType::Default => Output::Other,
                    },
                );
                visit_mut::visit_expr_mut(self, &mut closure.body);
                self.output = outer;
                self.returns(closure);
                return;
            }
            Expr::Async(_) => return,
            _ => visit_mut::visit_expr_mut(self, expr),
        }
        match expr {
            Expr::Try(source) => {
                if let Some(plain) = self.question(source) {
                    *expr = plain;
                }
            }
            Expr::Block(block) if block.label.is_some() => {
                if let Some(plain) = labelled(block) {
                    *expr = plain;
                }
            }
            _ => {}
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Desugar<'_> {
    // Original: value?
    // Output:   match value { Some(inner) => inner, None => return None }
    fn question(&mut self, source: &syn::ExprTry) -> Option<Expr> {
        let at = source.question_token.span();
        let value = &source.expr;
        let inner = self.names.fresh("inner", at);
        let tokens = match self.output {
            Output::Option => quote_spanned! {at=>
                match #value {
                    ::core::option::Option::Some(#inner) => #inner,
                    ::core::option::Option::None => return ::core::option::Option::None,
                }
            },
            Output::Result => {
                let error = self.names.fresh("error", at);
                quote_spanned! {at=>
                    match #value {
                        ::core::result::Result::Ok(#inner) => #inner,
                        ::core::result::Result::Err(#error) => return ::core::result::Result::Err(
                            ::core::convert::From::from(#error.clone())
                        ),
                    }
                }
            }
            Output::Other => return None,
        };
        syn::parse2(tokens).ok()
    }

    // Original: |x| { if c { return a; } b }
    // Output:   |x| 'body: loop { break 'body { if c { break 'body a; } b } }
    fn returns(&mut self, closure: &mut syn::ExprClosure) {
        let at = crate::ir::Extent::of(&quote::ToTokens::to_token_stream(&closure.body)).first;
        let label = Lifetime::new(&format!("'{}", self.names.fresh("body", at)), at);
        let mut returns = Returns {
            label: label.clone(),
            found: false,
        };
        let mut body = (*closure.body).clone();
        returns.visit_expr_mut(&mut body);
        if !returns.found {
            return;
        }
        if let Ok(rewritten) = syn::parse2(quote_spanned!(at=> #label: loop { break #label #body; })) {
            *closure.body = rewritten;
        }
    }
}

/// Puts `break 'label value` in place of `return value`.
struct Returns {
    label: Lifetime,
    found: bool,
}

impl VisitMut for Returns {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Return(source) = expr {
            let (label, value) = (&self.label, &source.expr);
            let at = source.return_token.span;
            if let Ok(jump) = syn::parse2(quote_spanned!(at=> break #label #value)) {
                *expr = jump;
                self.found = true;
            }
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_item_mut(&mut self, _: &mut Item) {}
}

// Original: 'label: { …; break 'label a; …; b }
// Output:   'label: loop { break 'label { …; break 'label a; …; b }; }
fn labelled(block: &syn::ExprBlock) -> Option<Expr> {
    let label = block.label.as_ref()?;
    if jumps_out(&block.block) {
        return None;
    }
    let name = &label.name;
    let inside = &block.block;
    let at: Span = name.span();
    syn::parse2(quote_spanned!(at=> #label loop { break #name #inside; })).ok()
}

/// True if there is a `break` or `continue` without a label that is about a loop around the block.
fn jumps_out(block: &Block) -> bool {
    struct Finder {
        depth: usize,
        found: bool,
    }
    impl Finder {
        fn jump(&mut self, label: Option<&Lifetime>) {
            self.found |= label.is_none() && self.depth == 0;
        }
        fn deeper(&mut self, inside: impl FnOnce(&mut Self)) {
            self.depth += 1;
            inside(self);
            self.depth -= 1;
        }
    }
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_break(&mut self, jump: &'ast syn::ExprBreak) {
            self.jump(jump.label.as_ref());
            visit::visit_expr_break(self, jump);
        }
        fn visit_expr_continue(&mut self, jump: &'ast syn::ExprContinue) {
            self.jump(jump.label.as_ref());
        }
        fn visit_expr_loop(&mut self, inner: &'ast syn::ExprLoop) {
            self.deeper(|finder| visit::visit_expr_loop(finder, inner));
        }
        fn visit_expr_while(&mut self, inner: &'ast syn::ExprWhile) {
            self.deeper(|finder| visit::visit_expr_while(finder, inner));
        }
        fn visit_expr_for_loop(&mut self, inner: &'ast syn::ExprForLoop) {
            self.deeper(|finder| visit::visit_expr_for_loop(finder, inner));
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast Item) {}
    }
    let mut finder = Finder { depth: 0, found: false };
    finder.visit_block(block);
    finder.found
}
