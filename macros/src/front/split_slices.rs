//! `split_first`, `split_last` and `split_at` of a variable, as an element and slices by their positions.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Item, Pat, Stmt};

use super::parts::pair;
use super::resolve::Names;
use super::statements;

/// Rewrites a function's body. All names in it are unique.
pub(crate) fn desugar(body: &mut Block, names: &mut Names) {
    Splits { names }.visit_block_mut(body);
}

struct Splits<'n> {
    names: &'n mut Names,
}

impl VisitMut for Splits<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        statements::replace(block, |statement| self.statement(statement));
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::If(branch) => condition(&mut branch.cond, &mut branch.then_branch),
            Expr::While(branch) => condition(&mut branch.cond, &mut branch.body),
            Expr::Match(branch) => {
                if let Some(chosen) = chosen(branch) {
                    *expr = chosen;
                }
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Splits<'_> {
    // Original: let (left, right) = x.split_at(middle);
    // Output:   let position = middle; let left = &x[..position]; let right = &x[position..];
    //
    // Original: let Some((first, rest)) = x.split_first() else { leave };
    // Output:   if x.is_empty() { leave } let first = &x[0]; let rest = &x[1..];
    fn statement(&mut self, statement: &Stmt) -> Option<Vec<Stmt>> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref()?;
        if let Some((_, otherwise)) = &init.diverge {
            let split = Split::of(&init.expr)?;
            let parts = split.parts(inside(&local.pat)?)?;
            let source = &split.source;
            let mut statements = vec![syn::parse_quote!(if #source.is_empty() #otherwise)];
            statements.extend(parts);
            return Some(statements);
        }
        let Expr::MethodCall(call) = &*init.expr else {
            return None;
        };
        match (call.method.to_string().as_str(), call.args.len()) {
            ("unwrap", 0) | ("expect", 1) => Split::of(&call.receiver)?.parts(&local.pat),
            ("split_at", 1) => {
                let (left, right) = pair(&local.pat)?;
                let (source, middle) = (variable(&call.receiver)?, &call.args[0]);
                let position = self.names.fresh("position", call.method.span());
                let is_plain = |pattern: &Pat| matches!(pattern, Pat::Ident(_) | Pat::Wild(_));
                (is_plain(left) && is_plain(right)).then(|| {
                    vec![
                        syn::parse_quote!(let #position: usize = #middle;),
                        syn::parse_quote!(let #left = &#source[..#position];),
                        syn::parse_quote!(let #right = &#source[#position..];),
                    ]
                })
            }
            _ => None,
        }
    }
}

/// `x.split_first()` or `x.split_last()`.
struct Split {
    source: Expr,
    last: bool,
}

impl Split {
    fn of(expr: &Expr) -> Option<Self> {
        let call: &ExprMethodCall = match expr {
            Expr::Paren(paren) => return Self::of(&paren.expr),
            Expr::MethodCall(call) => call,
            _ => return None,
        };
        let last = call.method == "split_last";
        let fits = (last || call.method == "split_first") && call.args.is_empty();
        let source = variable(&call.receiver).filter(|_| fits)?.clone();
        Some(Self { source, last })
    }

    /// What `(first, rest)` binds.
    fn parts(&self, pattern: &Pat) -> Option<Vec<Stmt>> {
        let Pat::Tuple(pair) = pattern else { return None };
        let [element, rest] = pair.elems.iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        let source = &self.source;
        let (at, range): (Expr, Expr) = if self.last {
            (
                syn::parse_quote!(#source.len() - 1),
                syn::parse_quote!(..#source.len() - 1),
            )
        } else {
            (syn::parse_quote!(0), syn::parse_quote!(1..))
        };
        let element = match element {
            Pat::Reference(inner) => {
                let inner = &inner.pat;
                syn::parse_quote!(let #inner = #source[#at];)
            }
            element => syn::parse_quote!(let #element = &#source[#at];),
        };
        Some(vec![element, syn::parse_quote!(let #rest = &#source[#range];)])
    }
}

// Original: if let Some((first, rest)) = x.split_first() { body }
// Output:   if !x.is_empty() { let first = &x[0]; let rest = &x[1..]; body }
fn condition(condition: &mut Expr, block: &mut Block) {
    let Expr::Let(pattern) = condition else { return };
    let Some(split) = Split::of(&pattern.expr) else { return };
    if let Some(parts) = inside(&pattern.pat).and_then(|inside| split.parts(inside)) {
        let source = &split.source;
        *condition = syn::parse_quote!(!#source.is_empty());
        block.stmts.splice(0..0, parts);
    }
}

// Original: match x.split_first() { Some((first, rest)) => a, None => b }
// Output:   if !x.is_empty() { let first = &x[0]; let rest = &x[1..]; a } else { b }
fn chosen(branch: &syn::ExprMatch) -> Option<Expr> {
    let split = Split::of(&branch.expr)?;
    let [first, second] = &branch.arms[..] else { return None };
    let (some, none) = if inside(&first.pat).is_some() {
        (first, second)
    } else {
        (second, first)
    };
    let rejects = match &none.pat {
        Pat::Ident(name) => name.ident == "None",
        Pat::Wild(_) => std::ptr::eq(none, second),
        _ => false,
    };
    let parts = split.parts(inside(&some.pat)?).filter(|_| rejects)?;
    let (source, then, otherwise) = (&split.source, &some.body, &none.body);
    Some(syn::parse_quote!(if !#source.is_empty() { #(#parts)* #then } else { #otherwise }))
}

/// What `Some(…)` has inside.
fn inside(pattern: &Pat) -> Option<&Pat> {
    match pattern {
        Pat::TupleStruct(some) if some.path.is_ident("Some") && some.elems.len() == 1 => some.elems.first(),
        _ => None,
    }
}

fn variable(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(|_| expr),
        Expr::Paren(paren) => variable(&paren.expr),
        _ => None,
    }
}
