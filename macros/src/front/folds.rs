//! Folds of several values at once, `let (s, n) = xs.iter().fold((0.0, 0), |(s, n), x| (s + x, n + 1));`, as loops with a variable
//! for each of them: what touches no derivative stays apart from what does.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, Stmt, Type};

use super::iterators::is_iterator;
use super::mentions;
use super::resolve::Names;
use super::statements;
use crate::ir::Extent;

/// Rewrites a function's body. All names in it are unique.
// Original: let (p, q) = items.fold((a, b), |(s, c), x| (d, e));
// Output:   let mut folded = a; let mut folded_1 = b;
//           for x in items { let s = folded; let c = folded_1; let next = d; let next_1 = e; folded = next; folded_1 = next_1; }
//           let p = folded; let q = folded_1;
pub(crate) fn split(body: &mut Block, names: &mut Names) {
    Split { names }.visit_block_mut(body);
}

struct Split<'n> {
    names: &'n mut Names,
}

impl VisitMut for Split<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        statements::replace(block, |statement| self.apart(statement));
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Split<'_> {
    fn apart(&mut self, statement: &Stmt) -> Option<Vec<Stmt>> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let (pattern, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pattern => (pattern, None),
        };
        let Pat::Tuple(results) = pattern else { return None };
        let Expr::MethodCall(call) = &*init.expr else {
            return None;
        };
        let (Some(Expr::Tuple(starts)), Some(Expr::Closure(closure)), "fold", 2) = (
            call.args.first(),
            call.args.last(),
            call.method.to_string().as_str(),
            call.args.len(),
        ) else {
            return None;
        };
        let (Some(Pat::Tuple(before)), Some(item), 2) =
            (closure.inputs.first(), closure.inputs.last(), closure.inputs.len())
        else {
            return None;
        };
        let count = starts.elems.len();
        let is_whole = |pattern: &syn::PatTuple| {
            pattern.elems.len() == count && !pattern.elems.iter().any(|part| matches!(part, Pat::Rest(_)))
        };
        if count == 0
            || !is_whole(results)
            || !is_whole(before)
            || !is_iterator(&call.receiver)
            || mentions::escape(&closure.body).is_some()
        {
            return None;
        }
        let types: Vec<Option<&Type>> = match ty {
            Some(Type::Tuple(types)) if types.elems.len() == count => types.elems.iter().map(Some).collect(),
            Some(_) => return None,
            None => vec![None; count],
        };
        let at = Extent::of(&call.method.to_token_stream()).first;
        let folded: Vec<_> = (0..count).map(|_| self.names.fresh("folded", at)).collect();
        let nexts: Vec<_> = (0..count).map(|_| self.names.fresh("next", at)).collect();
        let mut statements: Vec<Stmt> = Vec::new();
        for ((name, start), ty) in folded.iter().zip(&starts.elems).zip(types) {
            let ty = ty.map(|ty| quote::quote!(: #ty));
            statements.push(syn::parse_quote!(let mut #name #ty = #start;));
        }
        let (body, value) = body_and_value(&closure.body);
        let parts = match value {
            Expr::Tuple(parts) if parts.elems.len() == count => {
                let parts = parts.elems.iter();
                quote::quote!(#(let #nexts = #parts;)*)
            }
            value => quote::quote!(let (#(#nexts),*) = #value;),
        };
        let (items, before) = (&call.receiver, before.elems.iter());
        statements.push(syn::parse_quote! {
            for #item in #items {
                #(let #before = #folded;)*
                #(#body)*
                #parts
                #(#folded = #nexts;)*
            }
        });
        for (result, name) in results.elems.iter().zip(&folded) {
            statements.push(syn::parse_quote!(let #result = #name;));
        }
        Some(statements)
    }
}

/// The statements of a closure's body, and its value.
fn body_and_value(body: &Expr) -> (&[Stmt], &Expr) {
    match body {
        Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => match block.block.stmts.split_last() {
            Some((Stmt::Expr(value, None), before)) => (before, value),
            _ => (&[], body),
        },
        Expr::Paren(paren) => body_and_value(&paren.expr),
        _ => (&[], body),
    }
}
