//! What a piece of source mentions, writes to, and whether control leaves it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Item};

use super::changes::Changes;
use super::resolve::captured;

/// The identifiers among the tokens that can be variables, each once, in order: no fields, methods, path segments or
/// argument names. Format strings count with what they capture.
pub(crate) fn mentions(tokens: &TokenStream) -> Vec<Ident> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

fn collect(tokens: &TokenStream, found: &mut Vec<Ident>) {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let punct = |index: Option<usize>, mark: char| matches!(index.and_then(|index| trees.get(index)), Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(ident) => {
                let before = |distance: usize, mark| punct(index.checked_sub(distance), mark);
                let after = |distance: usize, mark| punct(Some(index + distance), mark);
                let member = before(1, '.') && !before(2, '.');
                let segment = (before(1, ':') && before(2, ':')) || (after(1, ':') && after(2, ':'));
                let label = after(1, ':') && !after(2, ':');
                if !member && !segment && !label {
                    add(found, ident.clone());
                }
            }
            TokenTree::Group(group) => collect(&group.stream(), found),
            TokenTree::Literal(literal) => {
                for name in captured(literal) {
                    add(found, Ident::new(&name, literal.span()));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

fn add(found: &mut Vec<Ident>, ident: Ident) {
    if !found.contains(&ident) {
        found.push(ident);
    }
}

/// The variables that the expression may write to, if they are mutable: assigned to, borrowed mutably, or the receiver of
/// a method. Each once, in order.
pub(crate) fn writes(expr: &Expr) -> Vec<Ident> {
    let mut finder = Writes {
        found: Vec::new(),
        receivers: Receivers::All,
    };
    finder.visit_expr(expr);
    finder.found
}

/// The variables of which the block overwrites parts.
pub(crate) fn updates(block: &syn::Block) -> Vec<Ident> {
    struct Updates(Vec<Ident>);
    impl Updates {
        fn target(&mut self, target: &Expr) {
            match target {
                Expr::Field(_) | Expr::Index(_) => {
                    if let Some(name) = root(target) {
                        add(&mut self.0, name);
                    }
                }
                Expr::Paren(paren) => self.target(&paren.expr),
                Expr::Tuple(tuple) => tuple.elems.iter().for_each(|element| self.target(element)),
                _ => {}
            }
        }
    }
    impl<'ast> Visit<'ast> for Updates {
        fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
            self.target(&assign.left);
            visit::visit_expr_assign(self, assign);
        }
        fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
            if is_compound(&binary.op) {
                self.target(&binary.left);
            }
            visit::visit_expr_binary(self, binary);
        }
        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            if call.method == "iter_mut" || super::changes::is_in_place(call) || super::changes::is_rearranging(call) {
                self.0.extend(root(&call.receiver));
            }
            visit::visit_expr_method_call(self, call);
        }
        fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
            if reference.mutability.is_some() {
                self.0.extend(root(&reference.expr));
            }
            visit::visit_expr_reference(self, reference);
        }
        fn visit_item(&mut self, _: &'ast Item) {}
    }
    let mut updates = Updates(Vec::new());
    updates.visit_block(block);
    updates.0
}

/// The variables that the expression assigns to or borrows mutably, or, by what is known of that, calls a method on that changes
/// them.
pub(crate) fn assignments(expr: &Expr, changes: Option<&Changes>) -> Vec<Ident> {
    let mut finder = Writes {
        found: Vec::new(),
        receivers: changes.map_or(Receivers::None, Receivers::Changed),
    };
    finder.visit_expr(expr);
    finder.found
}

/// True if a place is iterated over, and its items, which are then mutable references, are written to.
pub(crate) fn iterates_mutably(branch: &syn::ExprForLoop) -> bool {
    let mut finder = Writes {
        found: Vec::new(),
        receivers: Receivers::None,
    };
    finder.visit_block(&branch.body);
    let is_place = matches!(
        &*branch.expr,
        Expr::Path(_) | Expr::Field(_) | Expr::Index(_) | Expr::Unary(_) | Expr::Paren(_)
    );
    is_place && root(&branch.expr).is_some() && writes_items(branch, &finder.found)
}

/// True if the body writes to the items of what is iterated over.
fn writes_items(branch: &syn::ExprForLoop, written: &[Ident]) -> bool {
    struct Bindings(Vec<Ident>);
    impl<'ast> Visit<'ast> for Bindings {
        fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
            // `mut x` is a variable of its own.
            if pattern.mutability.is_none() {
                self.0.push(pattern.ident.clone());
            }
            visit::visit_pat_ident(self, pattern);
        }
    }
    let mut bindings = Bindings(Vec::new());
    bindings.visit_pat(&branch.pat);
    bindings.0.iter().any(|name| written.contains(name))
}

/// Methods that do not change what they are called on.
const READING: &[&str] = &[
    "as_bytes",
    "as_ref",
    "as_slice",
    "as_str",
    "binary_search",
    "chars",
    "chunks",
    "chunks_exact",
    "clone",
    "cmp",
    "contains",
    "contains_key",
    "copied",
    "count_ones",
    "ends_with",
    "eq",
    "first",
    "get",
    "is_empty",
    "is_none",
    "is_some",
    "iter",
    "keys",
    "last",
    "len",
    "partial_cmp",
    "position",
    "split_at",
    "starts_with",
    "to_owned",
    "to_string",
    "to_vec",
    "values",
    "windows",
];

/// Those of them that take an argument.
const READING_WITH: &[&str] = &[
    "binary_search",
    "chunks",
    "chunks_exact",
    "cmp",
    "contains",
    "contains_key",
    "ends_with",
    "eq",
    "get",
    "partial_cmp",
    "position",
    "split_at",
    "starts_with",
    "windows",
];

/// True for a method of the standard library that does not change what it is called on.
pub(crate) fn is_reading(call: &syn::ExprMethodCall) -> bool {
    let name = call.method.to_string();
    READING.contains(&name.as_str()) && call.args.len() == usize::from(READING_WITH.contains(&name.as_str()))
}

struct Writes<'c> {
    found: Vec<Ident>,
    receivers: Receivers<'c>,
}

/// The receivers of methods that count as written to.
#[derive(Clone, Copy)]
enum Receivers<'c> {
    /// None of them.
    None,
    /// Unless the method is known to read only.
    All,
    /// If the method is taken to change it.
    Changed(&'c Changes),
}

impl Writes<'_> {
    fn root(&mut self, expr: &Expr) {
        if let Some(ident) = root(expr) {
            add(&mut self.found, ident);
        }
    }
}

impl<'ast> Visit<'ast> for Writes<'_> {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.root(&assign.left);
        if let Expr::Tuple(tuple) = &*assign.left {
            tuple.elems.iter().for_each(|element| self.root(element));
        }
        visit::visit_expr_assign(self, assign);
    }
    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_compound(&binary.op) {
            self.root(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }
    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if reference.mutability.is_some() {
            self.root(&reference.expr);
        }
        visit::visit_expr_reference(self, reference);
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        // Of a chain of methods, only the first is called on the variable.
        let on_a_place = !matches!(&*call.receiver, Expr::MethodCall(_));
        let counts = match self.receivers {
            Receivers::All => !is_reading(call),
            Receivers::None => false,
            Receivers::Changed(changes) => changes.is_changing(call),
        };
        if call.method == "iter_mut" {
            self.root(&call.receiver);
        }
        if on_a_place && counts {
            self.root(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }
    fn visit_expr_for_loop(&mut self, branch: &'ast syn::ExprForLoop) {
        visit::visit_expr_for_loop(self, branch);
        if writes_items(branch, &self.found) {
            self.root(&branch.expr);
        }
    }
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let trees: Vec<_> = mac.tokens.clone().into_iter().collect();
        for window in trees.windows(3) {
            if let [TokenTree::Punct(and), TokenTree::Ident(mutable), TokenTree::Ident(name)] = window
                && and.as_char() == '&'
                && mutable == "mut"
            {
                add(&mut self.found, name.clone());
            }
        }
    }
    fn visit_item(&mut self, _: &'ast Item) {}
}

/// The variable that a place expression is a part of.
pub(crate) fn root(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident().cloned(),
        Expr::Field(field) => root(&field.base),
        Expr::Index(index) => root(&index.expr),
        Expr::Paren(paren) => root(&paren.expr),
        Expr::Group(group) => root(&group.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => root(&unary.expr),
        Expr::MethodCall(call) => root(&call.receiver),
        _ => None,
    }
}

/// True for `+=` and its kin.
pub(crate) fn is_compound(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// The first place where control leaves the expression: `return`, `?`, `break` or `continue` of an outer loop, `await`.
pub(crate) fn escape(expr: &Expr) -> Option<TokenStream> {
    let mut finder = Escapes {
        depth: 0,
        labels: Vec::new(),
        found: None,
    };
    finder.visit_expr(expr);
    finder.found
}

struct Escapes {
    /// Loops around the current place.
    depth: usize,
    /// Labels of loops and blocks around the current place.
    labels: Vec<Ident>,
    found: Option<TokenStream>,
}

impl Escapes {
    fn found(&mut self, at: &impl ToTokens) {
        if self.found.is_none() {
            self.found = Some(at.to_token_stream());
        }
    }

    fn within(&mut self, label: Option<&syn::Label>, inside: impl FnOnce(&mut Self)) {
        let labels = self.labels.len();
        self.labels.extend(label.map(|label| label.name.ident.clone()));
        inside(self);
        self.labels.truncate(labels);
    }

    fn jump(&mut self, label: Option<&syn::Lifetime>, at: &impl ToTokens) {
        let inside = match label {
            Some(label) => self.labels.contains(&label.ident),
            None => self.depth > 0,
        };
        if !inside {
            self.found(at);
        }
    }
}

impl<'ast> Visit<'ast> for Escapes {
    fn visit_expr_return(&mut self, expr: &'ast syn::ExprReturn) {
        self.found(expr);
    }
    fn visit_expr_try(&mut self, expr: &'ast syn::ExprTry) {
        self.found(&expr.question_token);
        visit::visit_expr_try(self, expr);
    }
    fn visit_expr_await(&mut self, expr: &'ast syn::ExprAwait) {
        self.found(&expr.await_token);
    }
    fn visit_expr_break(&mut self, expr: &'ast syn::ExprBreak) {
        self.jump(expr.label.as_ref(), expr);
        visit::visit_expr_break(self, expr);
    }
    fn visit_expr_continue(&mut self, expr: &'ast syn::ExprContinue) {
        self.jump(expr.label.as_ref(), expr);
    }
    fn visit_expr_for_loop(&mut self, expr: &'ast syn::ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.within(expr.label.as_ref(), |finder| {
            finder.depth += 1;
            finder.visit_block(&expr.body);
            finder.depth -= 1;
        });
    }
    fn visit_expr_while(&mut self, expr: &'ast syn::ExprWhile) {
        self.within(expr.label.as_ref(), |finder| {
            finder.depth += 1;
            finder.visit_expr(&expr.cond);
            finder.visit_block(&expr.body);
            finder.depth -= 1;
        });
    }
    fn visit_expr_loop(&mut self, expr: &'ast syn::ExprLoop) {
        self.within(expr.label.as_ref(), |finder| {
            finder.depth += 1;
            finder.visit_block(&expr.body);
            finder.depth -= 1;
        });
    }
    fn visit_expr_block(&mut self, expr: &'ast syn::ExprBlock) {
        self.within(expr.label.as_ref(), |finder| finder.visit_block(&expr.block));
    }
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast Item) {}
}
