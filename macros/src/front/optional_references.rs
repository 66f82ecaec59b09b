//! Variables that hold a reference if there is one, `let last = x.last();`, as ones that hold what it refers to; and patterns that
//! look through the reference in an option, `Some(&v)`; references that are asked for with `?`.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, Stmt};

use super::lower::is_diverging;
use super::resolve::Names;
use super::{iterators, mentions};

/// Rewrites a function's body. All names in it are unique. `vectors` are the variables that hold slices, vectors or arrays.
// Original: let last = x.last(); if let Some(v) = last { … }
// Output:   let last = x.last().cloned(); if let Some(v) = last.as_ref() { … }
pub(crate) fn own(body: &mut Block, vectors: &HashSet<String>) {
    let mut found = Found {
        known: Known::of(body, vectors),
        names: Vec::new(),
        hidden: Vec::new(),
    };
    found.visit_block(body);
    let Found { mut names, hidden, .. } = found;
    names.retain(|name| !hidden.contains(name));
    Owned { names: &names }.visit_block_mut(body);
}

/// Rewrites references that are asked for with `?`, or by a `match` that leaves where there is none, as ones to copies; and what
/// is matched on together, or with guards.
// Original: v.first()?               match v.get(i) { Some(x) => x, None => return None }
// Output:   (&(v.first().cloned()?)) (&(match v.get(i).cloned() { … }))
// Original: match (v.first(), v.last()) { … }
// Output:   match (v.first().cloned().as_ref(), v.last().cloned().as_ref()) { … }
pub(crate) fn copy_asked_for(body: &mut Block, vectors: &HashSet<String>, names: &mut Names) {
    let mut asked = AskedFor {
        known: Known::of(body, vectors),
        names,
        references: Vec::new(),
    };
    asked.visit_block_mut(body);
    let references = asked.references;
    if !references.is_empty() {
        Behind(&references).visit_block_mut(body);
    }
}

struct AskedFor<'n> {
    /// With the rows that were asked for.
    known: Known,
    names: &'n mut Names,
    /// Variables that patterns bound to what is behind a reference, and that are the references now.
    references: Vec<Ident>,
}

/// Puts what is behind the reference in the place of a variable.
struct Behind<'n>(&'n [Ident]);

impl VisitMut for Behind<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(path) if path.path.get_ident().is_some_and(|name| self.0.contains(name)) => {
                *expr = syn::parse_quote!((*#path));
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = behind(mac.tokens.clone(), self.0);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The same among a macro's tokens.
fn behind(tokens: TokenStream, names: &[Ident]) -> TokenStream {
    let behind = |tree| match tree {
        TokenTree::Ident(name) if names.contains(&name) => quote::quote!((*#name)),
        TokenTree::Group(group) => {
            let mut inner = proc_macro2::Group::new(group.delimiter(), behind(group.stream(), names));
            inner.set_span(group.span());
            TokenTree::Group(inner).into_token_stream()
        }
        tree => tree.into_token_stream(),
    };
    tokens.into_iter().map(behind).collect()
}

/// Takes the `&` off the names in patterns, and gives the names.
// Original: (Some(&a), Some(b))
// Output:   (Some(a), Some(b))
struct Referring<'r>(&'r mut Vec<Ident>);

impl VisitMut for Referring<'_> {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        if let Pat::Reference(reference) = pattern
            && let Pat::Ident(name) = &*reference.pat
            && name.mutability.is_none()
            && name.subpat.is_none()
        {
            self.0.push(name.ident.clone());
            *pattern = (*reference.pat).clone();
        }
        visit_mut::visit_pat_mut(self, pattern);
    }

    fn visit_expr_mut(&mut self, _: &mut Expr) {}
}

impl AskedFor<'_> {
    fn is_optional(&self, expr: &Expr) -> bool {
        self.known.gives_reference(expr) || is_part_of_part(expr)
    }

    /// What is matched on in several parts. False if there are none.
    fn in_parts(&self, value: &mut Expr) -> bool {
        let Expr::Tuple(parts) = value else { return false };
        let mut found = false;
        for part in &mut parts.elems {
            if self.is_optional(part) {
                *part = syn::parse_quote!(#part.cloned().as_ref());
                found = true;
            }
        }
        found
    }

    fn condition(&mut self, condition: &mut syn::ExprLet) {
        if self.in_parts(&mut condition.expr) {
            self.refer(&mut condition.pat);
        }
    }

    fn refer(&mut self, pattern: &mut Pat) {
        Referring(&mut self.references).visit_pat_mut(pattern);
    }

    /// The expression with a copy in place of the reference that there may be; nothing if it is none of these.
    fn copied(&self, expr: &Expr) -> Option<Expr> {
        if self.is_optional(expr) {
            return Some(syn::parse_quote!(#expr.cloned()));
        }
        match expr {
            Expr::MethodCall(call) if call.method == "ok_or" || call.method == "ok_or_else" => {
                let mut call = call.clone();
                *call.receiver = self.copied(&call.receiver)?;
                Some(Expr::MethodCall(call))
            }
            _ => None,
        }
    }
}

impl VisitMut for AskedFor<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Try(source) => {
                if let Some(copied) = self.copied(&source.expr) {
                    *source.expr = copied;
                    *expr = syn::parse_quote!((&(#source)));
                }
            }
            Expr::Match(branch) if leaves_without_payload(&branch.arms) => {
                if let Some(copied) = self.copied(&branch.expr) {
                    *branch.expr = copied;
                    *expr = syn::parse_quote!((&(#branch)));
                }
            }
            Expr::Match(branch) => {
                let has_guards = branch.arms.iter().any(|arm| matches!(arm.pat, Pat::Guard(_)));
                let value = &*branch.expr;
                let guarded = has_guards && self.is_optional(value);
                if guarded {
                    *branch.expr = syn::parse_quote!(#value.cloned().as_ref());
                }
                if guarded || self.in_parts(&mut branch.expr) {
                    branch.arms.iter_mut().for_each(|arm| self.refer(&mut arm.pat));
                }
            }
            Expr::Let(condition) => self.condition(condition),
            _ => {}
        }
    }

    // Original: let row = rows.first()?; let x = row.first()?;
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        // Rows, that is.
        let is_asked_for =
            |expr: &Expr| matches!(expr, Expr::Paren(paren) if matches!(&*paren.expr, Expr::Reference(_)));
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && is_asked_for(&init.expr)
        {
            self.known.vectors.insert(name.ident.to_string());
        }
    }

    // Original: let (Some(a), Some(b)) = (v.first(), v.last()) else { … };
    // Output:   let first = v.first().cloned(); …; let (Some(a), Some(b)) = (first.as_ref(), …) else { … };
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        for mut statement in std::mem::take(&mut block.stmts) {
            if let Stmt::Local(local) = &mut statement
                && let Some(init) = &mut local.init
                && init.diverge.is_some()
                && let Expr::Tuple(parts) = &mut *init.expr
            {
                let mut found = false;
                for part in &mut parts.elems {
                    if self.is_optional(part) {
                        found = true;
                        let name = self.names.fresh("part", proc_macro2::Span::call_site());
                        block.stmts.push(syn::parse_quote!(let #name = #part.cloned();));
                        *part = syn::parse_quote!(#name.as_ref());
                    }
                }
                if found {
                    self.refer(&mut local.pat);
                }
            }
            block.stmts.push(statement);
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// True if an arm gives the payload as it is, and control leaves in all others.
fn leaves_without_payload(arms: &[syn::Arm]) -> bool {
    let gives = |arm: &syn::Arm| {
        matches!((&arm.pat, &*arm.body), (Pat::TupleStruct(some), Expr::Path(name))
            if some.path.segments.last().is_some_and(|last| last.ident == "Some" || last.ident == "Ok")
                && matches!(some.elems.first(), Some(Pat::Ident(payload)) if name.path.is_ident(&payload.ident)))
    };
    arms.iter().filter(|arm| gives(arm)).count() == 1 && arms.iter().all(|arm| gives(arm) || leaves(&arm.body))
}

/// True if control does not reach the end of the expression.
fn leaves(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Block(block) => match block.block.stmts.last() {
            Some(Stmt::Expr(last, _)) => leaves(last),
            Some(Stmt::Macro(last)) => is_diverging(&last.mac),
            _ => false,
        },
        Expr::Macro(last) => is_diverging(&last.mac),
        _ => false,
    }
}

struct Found {
    known: Known,
    names: Vec<Ident>,
    /// Variables that macros mention, which are not looked into, and what is assigned to.
    hidden: Vec<Ident>,
}

/// What is known of variables.
struct Known {
    /// Those that hold slices, vectors or arrays.
    vectors: HashSet<String>,
    /// Those that loops and closures bind: elements of something. They may be vectors, and are no maps, mostly.
    items: HashSet<String>,
}

impl Known {
    fn of(body: &Block, vectors: &HashSet<String>) -> Self {
        let mut items = Items(HashSet::new());
        items.visit_block(body);
        Self {
            vectors: vectors.clone(),
            items: items.0,
        }
    }

    fn is_vector(&self, expr: &Expr) -> bool {
        name(expr).is_some_and(|name| self.vectors.contains(&name.to_string()))
    }

    /// True for a method that gives a reference to an element if there is one.
    fn gives_reference(&self, expr: &Expr) -> bool {
        let Expr::MethodCall(call) = expr else { return false };
        match (call.method.to_string().as_str(), call.args.len()) {
            ("first", 0) => self.is_vector(&call.receiver),
            ("last", 0) => self.is_vector(&call.receiver) || self.has_references(&call.receiver),
            ("get", 1) => {
                self.is_vector(&call.receiver) && !matches!(call.args[0], Expr::Range(_) | Expr::Reference(_))
            }
            ("find" | "max_by" | "min_by" | "max_by_key" | "min_by_key" | "nth", 1) => {
                self.has_references(&call.receiver)
            }
            _ => false,
        }
    }

    /// True for an iterator over references to elements. Those of a map are pairs of references.
    fn has_references(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(paren) => self.has_references(&paren.expr),
            Expr::MethodCall(call) if call.method == "iter" => match name(&call.receiver) {
                Some(name) => self.is_vector(&call.receiver) || self.items.contains(&name.to_string()),
                None => iterators::is_iterator(expr),
            },
            Expr::MethodCall(call) => iterators::keeps_items(&call.method) && self.has_references(&call.receiver),
            _ => false,
        }
    }
}

/// The variable that an expression is.
fn name(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// The variables that loops and closures bind.
struct Items(HashSet<String>);

impl Items {
    fn bound_by(&mut self, patterns: &impl ToTokens) {
        let names = mentions::mentions(&patterns.to_token_stream());
        self.0.extend(names.iter().map(ToString::to_string));
    }
}

impl<'ast> Visit<'ast> for Items {
    fn visit_expr_for_loop(&mut self, inner: &'ast syn::ExprForLoop) {
        self.bound_by(&inner.pat);
        visit::visit_expr_for_loop(self, inner);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.bound_by(&closure.inputs);
        visit::visit_expr_closure(self, closure);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

/// True for `self.rows[i].last()` and its kin.
fn is_part_of_part(expr: &Expr) -> bool {
    let Expr::MethodCall(call) = expr else { return false };
    matches!(&*call.receiver, Expr::Field(_) | Expr::Index(_))
        && match (call.method.to_string().as_str(), call.args.len()) {
            ("first" | "last", 0) => true,
            ("get", 1) => !matches!(call.args[0], Expr::Range(_) | Expr::Reference(_)),
            _ => false,
        }
}

impl<'ast> Visit<'ast> for Found {
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
            && self.known.gives_reference(&init.expr)
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
