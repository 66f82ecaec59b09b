//! Iterators that are asked for one item after the other, `let mut it = x.iter(); … it.next()`, as positions in what they go
//! over.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Item, Pat, Stmt};

use super::{iterators, mentions};

/// Adapters whose items are found by their position.
const BY_POSITION: &[&str] = &["copied", "cloned", "enumerate", "rev", "zip", "skip", "take", "step_by"];

/// True for an iterator whose items are found by their position.
pub(super) fn is_indexable(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_indexable(&paren.expr),
        Expr::MethodCall(call) if iterators::is_adapter(&call.method) => {
            BY_POSITION.iter().any(|name| call.method == name) && is_indexable(&call.receiver)
        }
        Expr::MethodCall(_) => iterators::is_iterator(expr) && !iterators::is_mutable(expr),
        _ => false,
    }
}

/// Puts items by position in place of `name.next()`, `position` being a variable. False if the body does something else with the
/// iterator: it is unchanged then.
// Original: while let Some(v) = it.next() { … }
// Output:   loop { position += 1; if let Some(v) = x.iter().nth(position - 1) { … } else { break } }
pub(super) fn step(body: &mut Block, name: &Ident, position: &Ident, iterator: &Expr) -> bool {
    let mut stepped = body.clone();
    let mut steps = Steps {
        name,
        position,
        iterator,
        fits: true,
    };
    steps.visit_block_mut(&mut stepped);
    if steps.fits {
        *body = stepped;
    }
    steps.fits
}

struct Steps<'a> {
    name: &'a Ident,
    position: &'a Ident,
    iterator: &'a Expr,
    fits: bool,
}

impl Steps<'_> {
    fn is_it(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(paren) => self.is_it(&paren.expr),
            Expr::Path(path) => path.path.is_ident(self.name),
            _ => false,
        }
    }

    fn is_next(&self, call: &ExprMethodCall) -> bool {
        call.method == "next" && call.args.is_empty() && self.is_it(&call.receiver)
    }

    fn asks(&self, source: &impl ToTokens) -> bool {
        mentions::mentions(&source.to_token_stream()).contains(self.name)
    }
}

impl VisitMut for Steps<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let statements = std::mem::take(&mut block.stmts);
        for mut statement in statements {
            if self.asks(&statement) {
                let count = self.direct(&statement);
                if count > 0 {
                    let position = self.position;
                    block.stmts.push(syn::parse_quote!(#position += #count;));
                    let mut items = Items {
                        steps: self,
                        left: count,
                    };
                    items.visit_stmt_mut(&mut statement);
                }
                self.visit_stmt_mut(&mut statement);
            }
            block.stmts.push(statement);
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::While(inner) if self.asks(&inner.cond) => {
                let (label, body) = (&inner.label, &inner.body);
                let (mut test, mut asked): (Block, Vec<Stmt>) = (body.clone(), Vec::new());
                for condition in one_by_one(&inner.cond).into_iter().rev() {
                    test = syn::parse_quote!({ if #condition #test else { #(#asked)* break; } });
                    // All are asked for an item, also if there is none of the first.
                    if let Expr::Let(source) = &condition {
                        let value = &source.expr;
                        asked.insert(0, syn::parse_quote!(if let ::core::option::Option::Some(_) = #value {}));
                    }
                }
                *expr = syn::parse_quote!(#label loop #test);
            }
            Expr::If(branch) => {
                if let Some((_, otherwise)) = &mut branch.else_branch
                    && let Expr::If(inner) = &mut **otherwise
                    && self.asks(&inner.cond)
                {
                    **otherwise = syn::parse_quote!({ #inner });
                }
            }
            Expr::Match(branch) => {
                for arm in &mut branch.arms {
                    if !matches!(*arm.body, Expr::Block(_)) && self.asks(&arm.body) {
                        let body = &arm.body;
                        *arm.body = syn::parse_quote!({ #body });
                    }
                }
            }
            Expr::Closure(closure) => {
                self.fits &= !self.asks(&closure.body);
                return;
            }
            Expr::ForLoop(inner) if self.is_it(&inner.expr) => {
                *inner.expr = self.rest();
                return self.visit_block_mut(&mut inner.body);
            }
            Expr::MethodCall(call) if self.is_it(&call.receiver) => {
                self.fits &= iterators::takes_all(&call.method);
                *call.receiver = self.rest();
                call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
                return;
            }
            Expr::Path(_) if self.is_it(expr) => {
                self.fits = false;
                return;
            }
            Expr::Macro(mac) => self.fits &= !self.asks(&mac.mac.tokens),
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        self.fits &= !self.asks(&mac.tokens);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Steps<'_> {
    /// What has not been asked for.
    fn rest(&self) -> Expr {
        let (iterator, position) = (self.iterator, self.position);
        syn::parse_quote!(#iterator.skip(#position))
    }

    /// How often the statement asks for an item, whatever happens, before anything that may or may not.
    fn direct(&mut self, statement: &Stmt) -> usize {
        let mut direct = Direct {
            steps: self,
            count: 0,
            others: false,
            fits: true,
        };
        direct.visit_stmt(statement);
        let (count, fits) = (direct.count, direct.fits);
        self.fits &= fits;
        count
    }
}

/// A condition as one in which each pattern stands alone.
// Original: (Some(p), Some(q)) = (a.next(), b.next())
// Output:   Some(p) = a.next(), and then Some(q) = b.next()
fn one_by_one(condition: &Expr) -> Vec<Expr> {
    if let Expr::Let(source) = condition
        && let (Pat::Tuple(patterns), Expr::Tuple(values)) = (&*source.pat, &*source.expr)
        && patterns.elems.len() == values.elems.len()
        && !patterns.elems.iter().any(|pattern| matches!(pattern, Pat::Rest(_)))
    {
        let pairs = patterns.elems.iter().zip(&values.elems);
        return pairs
            .map(|(pattern, value)| syn::parse_quote!(let #pattern = #value))
            .collect();
    }
    vec![condition.clone()]
}

/// Counts the items that a statement asks for.
struct Direct<'s, 'a> {
    steps: &'s Steps<'a>,
    count: usize,
    /// Something else is done with the iterator before.
    others: bool,
    fits: bool,
}

impl Direct<'_, '_> {
    fn sometimes(&mut self, source: &impl ToTokens) {
        self.others |= self.steps.asks(source);
    }
}

impl<'ast> Visit<'ast> for Direct<'_, '_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if self.steps.is_next(call) {
            self.count += 1;
            self.fits &= !self.others;
            return;
        }
        self.others |= self.steps.is_it(&call.receiver);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        // An item that is not there cannot be a part of something.
        let is_next = |part: &Expr| matches!(part, Expr::MethodCall(call) if self.steps.is_next(call));
        self.fits &= !tuple.elems.iter().any(is_next);
        visit::visit_expr_tuple(self, tuple);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if matches!(binary.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) {
            self.fits &= !self.steps.asks(&binary.right);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_match(&mut self, branch: &'ast syn::ExprMatch) {
        self.visit_expr(&branch.expr);
        branch.arms.iter().for_each(|arm| self.sometimes(arm));
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        self.visit_expr(&branch.cond);
        self.sometimes(&branch.then_branch);
        if let Some((_, otherwise)) = &branch.else_branch {
            self.sometimes(otherwise);
        }
    }

    fn visit_expr_while(&mut self, inner: &'ast syn::ExprWhile) {
        self.sometimes(inner);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.sometimes(block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.sometimes(closure);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// Puts the items in place of what asks for them.
struct Items<'s, 'a> {
    steps: &'s Steps<'a>,
    /// How many are to come.
    left: usize,
}

impl VisitMut for Items<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::MethodCall(call) if self.steps.is_next(call) => {
                let (iterator, position, left) = (self.steps.iterator, self.steps.position, self.left);
                self.left -= 1;
                *expr = syn::parse_quote!(#iterator.nth(#position - #left));
            }
            Expr::Match(branch) => self.visit_expr_mut(&mut branch.expr),
            Expr::If(branch) => self.visit_expr_mut(&mut branch.cond),
            Expr::While(_) | Expr::Closure(_) => {}
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_block_mut(&mut self, _: &mut Block) {}
    fn visit_item_mut(&mut self, _: &mut Item) {}
}
