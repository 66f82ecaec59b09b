//! Variables that hold a reference if there is one, `let last = x.last();`, as ones that hold what it refers to; and patterns that
//! look through the reference in an option, `Some(&v)`.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, Stmt};

use super::{iterators, mentions};

/// Rewrites a function's body. All names in it are unique. `vectors` are the variables that hold slices, vectors or arrays.
// Original: let last = x.last(); if let Some(v) = last { … }
// Output:   let last = x.last().cloned(); if let Some(v) = last.as_ref() { … }
pub(crate) fn own(body: &mut Block, vectors: &HashSet<String>) {
    let mut found = Found {
        vectors,
        names: Vec::new(),
        hidden: Vec::new(),
    };
    found.visit_block(body);
    let Found { mut names, hidden, .. } = found;
    names.retain(|name| !hidden.contains(name));
    Owned { names: &names }.visit_block_mut(body);
}

struct Found<'v> {
    vectors: &'v HashSet<String>,
    names: Vec<Ident>,
    /// Variables that macros mention, which are not looked into, and what is assigned to.
    hidden: Vec<Ident>,
}

impl Found<'_> {
    /// True for a method that gives a reference to an element if there is one.
    fn gives_reference(&self, expr: &Expr) -> bool {
        let Expr::MethodCall(call) = expr else { return false };
        let is_vector = || {
            matches!(&*call.receiver, Expr::Path(path)
                if path.path.get_ident().is_some_and(|name| self.vectors.contains(&name.to_string())))
        };
        match (call.method.to_string().as_str(), call.args.len()) {
            ("first", 0) => is_vector(),
            ("last", 0) => is_vector() || has_references(&call.receiver),
            ("get", 1) => is_vector() && !matches!(call.args[0], Expr::Range(_) | Expr::Reference(_)),
            ("find" | "max_by" | "min_by" | "max_by_key" | "min_by_key" | "nth", 1) => has_references(&call.receiver),
            _ => false,
        }
    }
}

/// True for an iterator over references to elements.
fn has_references(expr: &Expr) -> bool {
    const KEEPING: &[&str] = &[
        "filter",
        "skip",
        "take",
        "rev",
        "step_by",
        "skip_while",
        "take_while",
        "inspect",
    ];
    match expr {
        Expr::Paren(paren) => has_references(&paren.expr),
        Expr::MethodCall(call) if call.method == "iter" => iterators::is_iterator(expr),
        Expr::MethodCall(call) => KEEPING.iter().any(|name| call.method == name) && has_references(&call.receiver),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Found<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pattern => pattern,
        };
        if let (Pat::Ident(name), Some(init)) = (pattern, &local.init)
            && name.mutability.is_none()
            && name.by_ref.is_none()
            && name.subpat.is_none()
            && init.diverge.is_none()
            && self.gives_reference(&init.expr)
        {
            self.names.push(name.ident.clone());
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.hidden.extend(mentions::mentions(&assign.right.to_token_stream()));
        visit::visit_expr_assign(self, assign);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.hidden.extend(mentions::mentions(&mac.tokens));
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

struct Owned<'n> {
    names: &'n [Ident],
}

impl Owned<'_> {
    fn is_one(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Path(path) if path.path.get_ident().is_some_and(|name| self.names.contains(name)))
    }

    /// What is matched on with patterns that look through the reference, by value.
    // Original: Some(&v) = option.as_ref()
    // Output:   Some(v) = option
    fn look_through(&self, value: &mut Expr, patterns: &mut [&mut Pat]) {
        let inner = match &*value {
            Expr::MethodCall(call) if call.method == "as_ref" && call.args.is_empty() && is_place(&call.receiver) => {
                (*call.receiver).clone()
            }
            value if self.is_one(value) => value.clone(),
            _ => return,
        };
        let mut payloads: Vec<_> = patterns.iter_mut().filter_map(|pattern| payload(pattern)).collect();
        let looks = |pattern: &&mut Pat| matches!(**pattern, Pat::Reference(_));
        if payloads.is_empty() || !payloads.iter().all(looks) {
            return;
        }
        for pattern in &mut payloads {
            if let Pat::Reference(reference) = &**pattern {
                **pattern = (*reference.pat).clone();
            }
        }
        // That it is not looked at again.
        *value = syn::parse_quote!((#inner));
    }
}

fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Field(field) => is_place(&field.base),
        _ => false,
    }
}

/// What stands in `Some(…)`.
fn payload(pattern: &mut Pat) -> Option<&mut Pat> {
    match pattern {
        Pat::Guard(guarded) => payload(&mut guarded.pat),
        Pat::TupleStruct(some) if some.path.is_ident("Some") && some.elems.len() == 1 => some.elems.first_mut(),
        _ => None,
    }
}

impl VisitMut for Owned<'_> {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        let name = match &local.pat {
            Pat::Type(typed) => (*typed.pat).clone(),
            pattern => pattern.clone(),
        };
        if let (Pat::Ident(found), Some(init)) = (&name, &mut local.init)
            && self.names.contains(&found.ident)
        {
            let value = &init.expr;
            *init.expr = syn::parse_quote!(#value.cloned());
            local.pat = name;
        }
    }

    fn visit_stmt_mut(&mut self, statement: &mut Stmt) {
        if let Stmt::Local(local) = statement
            && let Some(init) = &mut local.init
            && init.diverge.is_some()
        {
            self.look_through(&mut init.expr, &mut [&mut local.pat]);
        }
        visit_mut::visit_stmt_mut(self, statement);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Let(condition) => self.look_through(&mut condition.expr, &mut [&mut condition.pat]),
            Expr::Match(branch) => {
                let mut patterns: Vec<_> = branch.arms.iter_mut().map(|arm| &mut arm.pat).collect();
                self.look_through(&mut branch.expr, &mut patterns);
            }
            // By value, see above.
            Expr::Paren(paren) if self.is_one(&paren.expr) => return,
            _ if self.is_one(expr) => {
                *expr = syn::parse_quote!(#expr.as_ref());
                return;
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
