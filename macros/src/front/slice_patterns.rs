//! Patterns of slices with a rest, `[first, rest @ ..]` and `[first, .., last]`, in terms of patterns that bind from the front, and of
//! elements and slices by their positions.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, Stmt};

use super::lower::is_rest;
use super::mentions;

/// Rewrites a function's body. All names in it are unique. `arrays` are the variables that hold arrays: what is left of one is
/// an array.
pub(crate) fn desugar(body: &mut Block, arrays: &HashSet<String>) {
    SlicePatterns { arrays }.visit_block_mut(body);
}

struct SlicePatterns<'a> {
    arrays: &'a HashSet<String>,
}

impl VisitMut for SlicePatterns<'_> {
    // Original: match x { [a, rest @ ..] => body, … }
    // Output:   match x { [a, ..] => { let rest = &x[1..]; body }, … }
    fn visit_expr_match_mut(&mut self, expr: &mut syn::ExprMatch) {
        visit_mut::visit_expr_match_mut(self, expr);
        for arm in &mut expr.arms {
            if let Some((pattern, bindings)) = self.rewritten(&arm.pat, &expr.expr) {
                arm.pat = pattern;
                let body = &arm.body;
                arm.body = syn::parse_quote!({ #(#bindings)* #body });
            }
        }
    }

    fn visit_expr_if_mut(&mut self, expr: &mut syn::ExprIf) {
        visit_mut::visit_expr_if_mut(self, expr);
        self.condition(&mut expr.cond, &mut expr.then_branch);
    }

    fn visit_expr_while_mut(&mut self, expr: &mut syn::ExprWhile) {
        visit_mut::visit_expr_while_mut(self, expr);
        self.condition(&mut expr.cond, &mut expr.body);
    }

    // Original: let [first, .., last] = x else { … };
    // Output:   let [first, .., _] = x else { … }; let last = &x[x.len() - 1];
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let statements = std::mem::take(&mut block.stmts);
        for mut statement in statements {
            let mut behind = Vec::new();
            if let Stmt::Local(local) = &mut statement
                && let Some(init) = &local.init
                && let Some((pattern, bindings)) = self.rewritten(&local.pat, &init.expr)
            {
                local.pat = pattern;
                behind = bindings;
            }
            block.stmts.push(statement);
            block.stmts.extend(behind);
        }
    }
}

impl SlicePatterns<'_> {
    fn condition(&self, condition: &mut Expr, block: &mut Block) {
        if let Expr::Let(condition) = condition
            && let Some((pattern, bindings)) = self.rewritten(&condition.pat, &condition.expr)
        {
            *condition.pat = pattern;
            block.stmts.splice(0..0, bindings);
        }
    }

    /// The pattern without what it binds behind a rest, or of the rest itself, and that as statements. None where there is no such
    /// thing, or the pattern says more than that.
    fn rewritten(&self, pattern: &Pat, source: &Expr) -> Option<(Pat, Vec<Stmt>)> {
        let mut pattern = pattern.clone();
        let slice = match &mut pattern {
            Pat::Slice(slice) => slice,
            Pat::Paren(paren) => return self.rewritten(&paren.pat, source),
            Pat::Guard(guarded) => {
                let (pattern, bindings) = self.rewritten(&guarded.pat, source)?;
                let bound = |name: &Ident| bindings.iter().any(|binding| binds(binding, name));
                if mentions::mentions(&guarded.guard.to_token_stream()).iter().any(bound) {
                    return None;
                }
                *guarded.pat = pattern;
                return Some((Pat::Guard(guarded.clone()), bindings));
            }
            _ => return None,
        };
        let at = slice.elems.iter().position(is_rest)?;
        let is_array = matches!(source, Expr::Path(path) if path.path.get_ident().is_some_and(|name| self.arrays.contains(&name.to_string())));
        if !is_repeatable(source) {
            return None;
        }
        let count = slice.elems.len();
        let mut bindings = Vec::new();
        for (index, element) in slice.elems.iter_mut().enumerate().skip(at) {
            let behind = count - 1 - index;
            match element {
                Pat::Ident(rest) if index == at => {
                    if is_array || rest.by_ref.is_some() || rest.mutability.is_some() {
                        return None;
                    }
                    let name = &rest.ident;
                    bindings.push(if behind == 0 {
                        syn::parse_quote!(let #name = &#source[#at..];)
                    } else {
                        syn::parse_quote!(let #name = &#source[#at..#source.len() - #behind];)
                    });
                    *element = syn::parse_quote!(..);
                }
                Pat::Rest(_) | Pat::Wild(_) => {}
                element => {
                    let position = count - index;
                    let part: Expr = syn::parse_quote!(#source[#source.len() - #position]);
                    bindings.push(bound(element, &part, is_array)?);
                    *element = syn::parse_quote!(_);
                }
            }
        }
        (!bindings.is_empty()).then_some((pattern, bindings))
    }
}

/// True for a `let` that binds the name.
fn binds(statement: &Stmt, name: &Ident) -> bool {
    matches!(statement, Stmt::Local(local) if mentions::mentions(&local.pat.to_token_stream()).contains(name))
}

/// The element, bound by a pattern that always fits.
fn bound(pattern: &Pat, part: &Expr, by_value: bool) -> Option<Stmt> {
    match pattern {
        Pat::Reference(reference) if is_irrefutable(&reference.pat) => {
            let pattern = &reference.pat;
            Some(syn::parse_quote!(let #pattern = #part;))
        }
        pattern if is_irrefutable(pattern) && by_value => Some(syn::parse_quote!(let #pattern = #part;)),
        pattern if is_irrefutable(pattern) => Some(syn::parse_quote!(let #pattern = &#part;)),
        _ => None,
    }
}

/// True for names and tuples of them.
fn is_irrefutable(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => {
            let starts_small = name
                .ident
                .to_string()
                .starts_with(|first: char| first.is_lowercase() || first == '_');
            name.subpat.is_none() && name.by_ref.is_none() && starts_small
        }
        Pat::Wild(_) => true,
        Pat::Tuple(tuple) => tuple.elems.iter().all(is_irrefutable),
        Pat::Paren(paren) => is_irrefutable(&paren.pat),
        _ => false,
    }
}

/// True for what may be evaluated twice.
fn is_repeatable(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => is_repeatable(&field.base),
        Expr::Paren(paren) => is_repeatable(&paren.expr),
        _ => false,
    }
}
