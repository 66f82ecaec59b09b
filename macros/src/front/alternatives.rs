//! Alternatives that bind variables, `A(x) | B(x) => …`, as an arm each: in one arm, the variable would stand for two places.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, Item, Pat};

/// Rewrites a function's body. The arms have the same names, which must be made different afterwards.
pub(crate) fn split(body: &mut Block) {
    Alternatives.visit_block_mut(body);
}

struct Alternatives;

impl VisitMut for Alternatives {
    fn visit_expr_match_mut(&mut self, expr: &mut syn::ExprMatch) {
        visit_mut::visit_expr_match_mut(self, expr);
        let arms = std::mem::take(&mut expr.arms);
        expr.arms = arms.into_iter().flat_map(arms_of).collect();
    }

    // Original: if let A(x) | B(x) = value { body } else { other }
    // Output:   match value { A(x) => { body } B(x) => { body } _ => { other } }
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::If(branch) = expr else { return };
        let Expr::Let(condition) = &*branch.cond else { return };
        let (pattern, value, body) = (&condition.pat, &condition.expr, &branch.then_branch);
        let arms = arms_of(syn::parse_quote!(#pattern => #body));
        if arms.len() < 2 {
            return;
        }
        let otherwise: Expr = match &branch.else_branch {
            Some((_, otherwise)) => (**otherwise).clone(),
            None => syn::parse_quote!({}),
        };
        *expr = syn::parse_quote!(match #value { #(#arms)* _ => { #otherwise } });
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The arm, or one for each alternative if these bind variables.
fn arms_of(arm: Arm) -> Vec<Arm> {
    let mut body = Finder::default();
    body.visit_expr(&arm.body);
    if body.items {
        return vec![arm];
    }
    match alternatives(&arm.pat) {
        Some(patterns) => {
            let with = |pattern| {
                let mut arm = arm.clone();
                arm.pat = pattern;
                arm
            };
            patterns.into_iter().map(with).collect()
        }
        None => vec![arm],
    }
}

/// The alternatives of a pattern that has some which bind variables.
fn alternatives(pattern: &Pat) -> Option<Vec<Pat>> {
    match pattern {
        Pat::Or(or) => {
            let mut finder = Finder::default();
            or.cases.iter().for_each(|case| finder.visit_pat(case));
            finder.names.then(|| or.cases.iter().cloned().collect())
        }
        Pat::Paren(paren) => alternatives(&paren.pat),
        Pat::Guard(guarded) => {
            let with = |pattern| {
                let mut guarded = guarded.clone();
                *guarded.pat = pattern;
                Pat::Guard(guarded)
            };
            Some(alternatives(&guarded.pat)?.into_iter().map(with).collect())
        }
        _ => None,
    }
}

#[derive(Default)]
struct Finder {
    /// True if something binds a variable.
    names: bool,
    /// True if something declares an item.
    items: bool,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
        self.names |= super::resolve::binds(name);
        visit::visit_pat_ident(self, name);
    }

    fn visit_item(&mut self, _: &'ast Item) {
        self.items = true;
    }
}
