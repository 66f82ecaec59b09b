//! Iterator chains: `xs.iter().zip(ys).map(|(x, y)| x * y).sum()`, and what a `for` iterates over if that is active.
//!
//! A chain is written out as the loop that one would write by hand, in the user's own tokens where there are any, and the loop
//! is lowered like any other. The chain's items have positions as long as no adapter leaves any out; so `zip`, `rev` and
//! their kin are ways to compute positions, and cost nothing.
//!
//! | file | holds |
//! |---|---|
//! | `source.rs` | what a chain begins with, and items by position |
//! | `adapter.rs` | adapters |
//! | `item.rs` | items, and how patterns and closures take them |
//! | `drive.rs` | a chain as a loop |
//! | `terminal.rs` | what becomes of the items: `sum`, `fold`, … |
//! | `choice.rs` | one item among them: `max_by`, `reduce`, `last`, … |
//! | `split.rs` | parts of slices by methods: `split_at`, `first`, … |
//! | `collect.rs` | new vectors and arrays |

mod adapter;
mod choice;
mod collect;
mod drive;
mod item;
mod source;
mod split;
mod terminal;

use syn::{Expr, Pat, Stmt};

use super::Lowering;
use super::statement::strip;
use crate::front::iterators::is_mutable;
use crate::front::mentions;
use crate::ir::Operand;
use item::Bound;

impl Lowering<'_> {
    /// True if a `for` over the expression is about active elements, or about elements that may become so.
    pub(super) fn is_chain_loop(&self, source: &syn::ExprForLoop) -> bool {
        if self.mentions_active(&source.expr) || mentions::iterates_mutably(source) {
            return true;
        }
        // Keys and values of a map are found by other means.
        let direct = matches!(strip(&source.expr), Expr::MethodCall(call) if call.method == "iter_mut");
        is_mutable(&source.expr) && !(direct && matches!(strip_pattern(&source.pat), Pat::Tuple(_)))
    }

    /// `for pattern in chain { body }`
    pub(super) fn chain_loop(&mut self, source: &syn::ExprForLoop) -> Operand {
        let places: Expr = if mentions::iterates_mutably(source) {
            // The variable holds a mutable reference, or stands for one.
            let place = &source.expr;
            syn::parse_quote!(&mut #place)
        } else {
            (*source.expr).clone()
        };
        let Some(stream) = self.stream(&places) else {
            return Self::unit(source);
        };
        let flattened = stream
            .stages
            .iter()
            .any(|stage| matches!(stage, adapter::Stage::FlatMap(_)));
        if flattened && let Some(jump) = first_break(&source.body) {
            return self.unsupported(
                &jump,
                "leaving a loop over a flattened iterator cannot be differentiated; write two loops",
            );
        }
        let statements = self.drive(stream, source.label.clone(), None, |lowering, item, _| {
            let mut bound = Bound::default();
            lowering.bind_item(&source.pat, item, &mut bound);
            let mut statements = bound.statements();
            let mut body = source.body.clone();
            bound.substitute_block(&mut body);
            if statements.is_empty() {
                return body.stmts;
            }
            statements.push(Stmt::Expr(syn::parse_quote!(#body), None));
            statements
        });
        self.chain_statements(&statements);
        Self::unit(source)
    }

    /// `let (i, x) = chain.max_by(…).unwrap();`: the item in parts. False if the statement is none.
    pub(super) fn chosen_parts(&mut self, pattern: &Pat, value: &Expr) -> bool {
        let (Pat::Tuple(_), Expr::MethodCall(call)) = (pattern, strip(value)) else {
            return false;
        };
        let Some(item) = self.chosen_item(call) else {
            return false;
        };
        let mut bound = Bound::default();
        self.bind_item(pattern, item, &mut bound);
        self.chain_statements(&bound.statements());
        true
    }

    /// `chain.max_by(…).unwrap().1`: an expression for the part; nothing if the base is no such chain.
    pub(super) fn chosen_part(&mut self, field: &syn::ExprField) -> Option<Expr> {
        let Expr::MethodCall(call) = strip(&field.base) else {
            return None;
        };
        let item = self.chosen_item(call)?;
        let (member, value) = (&field.member, item.expr());
        Some(match (item, member) {
            (item::Item::Tuple(parts), syn::Member::Unnamed(index)) => {
                let part = usize::try_from(index.index).ok().and_then(|index| parts.get(index));
                part.map_or(value, item::Item::expr)
            }
            _ => syn::parse_quote!((#value).#member),
        })
    }

    /// Lowers the statements of a chain.
    fn chain_statements(&mut self, statements: &[Stmt]) {
        let places = std::mem::take(&mut self.places);
        statements.iter().for_each(|statement| self.statement(statement));
        self.places = places;
    }
}

fn strip_pattern(pattern: &Pat) -> &Pat {
    match pattern {
        Pat::Paren(paren) => strip_pattern(&paren.pat),
        Pat::Reference(reference) => strip_pattern(&reference.pat),
        pattern => pattern,
    }
}

/// The first `break` that leaves the loop with this body.
fn first_break(body: &syn::Block) -> Option<syn::ExprBreak> {
    use syn::visit::{self, Visit};
    struct Finder(Option<syn::ExprBreak>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_break(&mut self, jump: &'ast syn::ExprBreak) {
            if jump.label.is_none() {
                self.0.get_or_insert_with(|| jump.clone());
            }
            visit::visit_expr_break(self, jump);
        }
        fn visit_expr_loop(&mut self, _: &'ast syn::ExprLoop) {}
        fn visit_expr_while(&mut self, _: &'ast syn::ExprWhile) {}
        fn visit_expr_for_loop(&mut self, _: &'ast syn::ExprForLoop) {}
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut finder = Finder(None);
    finder.visit_block(body);
    finder.0
}
