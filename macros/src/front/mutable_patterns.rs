//! Patterns that bind mutable references to parts: `if let Some(v) = &mut option { *v *= 2.0; }`.
//!
//! Parts of a struct, a tuple or an array are places. What is inside a variant is taken out, changed, and put back.

mod taken;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Member, Pat, Stmt, UnOp};

use super::aliases::{fix_indices, is_place};
use super::changes;
use super::iterators;
use super::mentions;
use super::resolve::{Names, binds};
use taken::{Jumps, Seen, Taken};

/// Rewrites a function's body. All names in it are unique. `written` are the parameters by mutable reference.
pub(crate) fn settle(body: &mut Block, written: &[Ident], names: &mut Names) {
    let mut found = Mutable {
        names: written.iter().cloned().collect(),
        items: HashSet::new(),
        places: HashMap::new(),
    };
    found.visit_block(body);
    MutablePatterns { found: &found, names }.visit_block_mut(body);
}

/// The variables that are mutable references, as far as the source shows.
struct Mutable {
    names: HashSet<Ident>,
    /// Those that loops go over.
    items: HashSet<Ident>,
    /// The places that they refer to, of those that `let` declares.
    places: HashMap<Ident, Expr>,
}

impl<'ast> Visit<'ast> for Mutable {
    fn visit_expr_for_loop(&mut self, inner: &'ast syn::ExprForLoop) {
        if iterators::is_mutable(&inner.expr) {
            self.names.extend(names_of(&inner.pat));
            self.items.extend(names_of(&inner.pat));
        }
        visit::visit_expr_for_loop(self, inner);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && let Expr::Reference(reference) = &*init.expr
            && reference.mutability.is_some()
        {
            self.names.insert(name.ident.clone());
            self.places.insert(name.ident.clone(), (*reference.expr).clone());
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_let(&mut self, source: &'ast syn::ExprLet) {
        self.bound(&source.expr, &source.pat);
        visit::visit_expr_let(self, source);
    }

    fn visit_expr_match(&mut self, branch: &'ast syn::ExprMatch) {
        for arm in &branch.arms {
            self.bound(&branch.expr, &arm.pat);
        }
        visit::visit_expr_match(self, branch);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl Mutable {
    /// True if the body may look at the place, or at something that it is a part of.
    fn overlaps(&self, body: &Expr, place: &Expr) -> bool {
        struct Finder {
            root: Ident,
            fields: Vec<TokenStream>,
            found: bool,
        }
        impl<'ast> Visit<'ast> for Finder {
            fn visit_expr(&mut self, expr: &'ast Expr) {
                if let Some((root, fields)) = path(expr) {
                    let common = self.fields.iter().zip(&fields);
                    let apart = common.into_iter().any(|(a, b)| a.to_string() != b.to_string());
                    self.found |= root == self.root && !apart;
                    return;
                }
                visit::visit_expr(self, expr);
            }
            fn visit_macro(&mut self, mac: &'ast syn::Macro) {
                self.found |= mentions::mentions(&mac.tokens).contains(&self.root);
            }
        }
        let mut inner = place;
        while let Expr::Index(index) = inner {
            inner = &index.expr;
        }
        let Some((root, fields)) = path(inner) else { return true };
        let mut finder = Finder {
            root,
            fields,
            found: false,
        };
        finder.visit_expr(body);
        // A reference to something else.
        let behind = self.places.get(&finder.root);
        finder.found || behind.is_some_and(|behind| self.overlaps(body, behind))
    }

    /// What a pattern binds of a mutable reference is one.
    fn bound(&mut self, value: &Expr, pattern: &Pat) {
        let is_mutable = match value {
            Expr::Reference(reference) => reference.mutability.is_some(),
            Expr::MethodCall(call) => call.method == "as_mut",
            Expr::Path(path) => path.path.get_ident().is_some_and(|name| self.names.contains(name)),
            _ => false,
        };
        if is_mutable {
            self.names.extend(names_of(pattern));
        }
    }
}

struct MutablePatterns<'n> {
    found: &'n Mutable,
    names: &'n mut Names,
}

impl VisitMut for MutablePatterns<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let mut statements = std::mem::take(&mut block.stmts);
        while !statements.is_empty() {
            let statement = statements.remove(0);
            if let Some(parts) = self.parts(&statement) {
                block.stmts.extend(parts);
            } else if let Some(rewritten) = self.let_else(&statement, &mut statements) {
                let mut rewritten = rewritten.into_iter();
                block.stmts.extend(rewritten.next());
                // What is behind may have such patterns, too.
                statements.splice(0..0, rewritten);
            } else {
                block.stmts.push(statement);
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let rewritten = match expr {
            Expr::Match(branch) => self.matched(branch),
            Expr::If(branch) => self
                .condition(&branch.cond, &branch.then_branch)
                .map(|(condition, body)| {
                    let otherwise = branch
                        .else_branch
                        .as_ref()
                        .map(|(keyword, otherwise)| quote!(#keyword #otherwise));
                    (Vec::new(), syn::parse_quote!(if #condition #body #otherwise))
                }),
            Expr::While(inner) => self.condition(&inner.cond, &inner.body).map(|(condition, body)| {
                let label = &inner.label;
                (Vec::new(), syn::parse_quote!(#label while #condition #body))
            }),
            Expr::ForLoop(inner) if iterators::is_mutable(&inner.expr) => {
                let mut parts = Vec::new();
                self.items(&mut inner.pat, &mut parts);
                inner.body.stmts.splice(0..0, parts);
                None
            }
            _ => None,
        };
        if let Some((before, rewritten)) = rewritten {
            let rewritten: Expr = rewritten;
            *expr = if before.is_empty() {
                rewritten
            } else {
                syn::parse_quote!({ #(#before)* #rewritten })
            };
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl MutablePatterns<'_> {
    // Original: let Point { x, y } = &mut p;
    // Output:   let x = &mut p.x; let y = &mut p.y;
    fn parts(&mut self, statement: &Stmt) -> Option<Vec<Stmt>> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        if !matches!(local.pat, Pat::Struct(_) | Pat::Tuple(_) | Pat::Slice(_)) {
            return None;
        }
        let mut place = self.referent(&init.expr)?;
        let mut statements = Vec::new();
        fix_indices(&mut place, self.names, &mut statements, &|_| true);
        parts_of(&local.pat, &place, &mut statements)?;
        Some(statements)
    }

    // Original: for Point { x, y } in &mut points { … }
    // Output:   for item in &mut points { let x = &mut item.x; let y = &mut item.y; … }
    fn items(&mut self, pattern: &mut Pat, parts: &mut Vec<Stmt>) {
        match pattern {
            Pat::Struct(fields) => {
                let item = self
                    .names
                    .fresh("item", crate::ir::Extent::of(&fields.path.to_token_stream()).first);
                let mut found = Vec::new();
                if parts_of(pattern, &syn::parse_quote!(#item), &mut found).is_some() {
                    *pattern = syn::parse_quote!(#item);
                    parts.extend(found);
                }
            }
            Pat::Tuple(tuple) => tuple.elems.iter_mut().for_each(|element| self.items(element, parts)),
            _ => {}
        }
    }

    // Original: let Some(v) = &mut option else { leave }; *v *= 2.0; rest
    // Output:   let Some(part) = option else { leave }; let mut v_1 = part.clone(); let v = &mut v_1; *v *= 2.0; option = Some(v_1); rest
    fn let_else(&mut self, statement: &Stmt, behind: &mut Vec<Stmt>) -> Option<Vec<Stmt>> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_some())?;
        let (place, certain) = self.scrutinee(&init.expr, &[&local.pat])?;
        let bound = names_of(&local.pat);
        let mentions_them = |statement: &Stmt| {
            let mentioned = mentions::mentions(&statement.to_token_stream());
            bound.iter().any(|name| mentioned.contains(name))
        };
        let last = behind.iter().rposition(mentions_them)?;
        let uses = &behind[..=last];
        let body: Expr = syn::parse_quote!({ #(#uses)* });
        if self.found.overlaps(&body, &place) || !certain && !writes_to_bindings(&local.pat, &body) {
            return None;
        }
        let mut taken = Taken::new(self.names);
        let (pattern, value) = taken.pattern(&local.pat)?;
        let back: Stmt = syn::parse_quote!(#place = #value;);
        let mut statements = Vec::new();
        let mut local = local.clone();
        local.pat = pattern;
        if let Some(init) = &mut local.init {
            *init.expr = place;
        }
        statements.push(Stmt::Local(local));
        statements.append(&mut taken.before);
        for mut statement in behind.drain(..=last) {
            let names = &mut *self.names;
            Jumps {
                back: &back,
                names,
                depth: 0,
            }
            .visit_stmt_mut(&mut statement);
            statements.push(statement);
        }
        statements.push(back);
        Some(statements)
    }

    /// The place that a mutable reference refers to.
    fn referent(&self, expr: &Expr) -> Option<Expr> {
        match expr {
            Expr::Paren(paren) => self.referent(&paren.expr),
            Expr::Reference(reference) if reference.mutability.is_some() && is_place(&reference.expr) => {
                Some((*reference.expr).clone())
            }
            Expr::Path(path)
                if path
                    .path
                    .get_ident()
                    .is_some_and(|name| self.found.names.contains(name)) =>
            {
                Some(syn::parse_quote!(*#expr))
            }
            _ => None,
        }
    }

    /// An item of a loop, where it is only looked at.
    fn read(&self, expr: &Expr) -> Option<Expr> {
        let Expr::Path(path) = expr else { return None };
        let is_item = path
            .path
            .get_ident()
            .is_some_and(|name| self.found.items.contains(name));
        is_item.then(|| syn::parse_quote!(&*#expr))
    }

    /// What is matched on, if what the patterns bind can be written to. `certain` if that is for sure.
    fn scrutinee(&self, expr: &Expr, patterns: &[&Pat]) -> Option<(Expr, bool)> {
        if let Expr::MethodCall(call) = expr
            && call.method == "as_mut"
            && call.args.is_empty()
            && is_place(&call.receiver)
        {
            return Some(((*call.receiver).clone(), true));
        }
        if is_place(expr) && patterns.iter().any(|pattern| has_ref_mut(pattern)) {
            return Some((expr.clone(), true));
        }
        let place = self.referent(expr)?;
        Some((place, !matches!(expr, Expr::Path(_))))
    }

    // Original: match &mut shape { Shape::Circle { r } => *r *= 2.0, … }
    // Output:   match shape { Shape::Circle { r: part } => { let mut r_1 = part.clone(); let r = &mut r_1; *r *= 2.0; shape = Shape::Circle { r: r_1 }; } … }
    fn matched(&mut self, branch: &syn::ExprMatch) -> Option<(Vec<Stmt>, Expr)> {
        let patterns: Vec<_> = branch.arms.iter().map(|arm| &arm.pat).collect();
        let (mut place, certain) = self.scrutinee(&branch.expr, &patterns)?;
        let writes = |arm: &syn::Arm| writes_to_bindings(&arm.pat, &arm.body);
        if !certain && !branch.arms.iter().any(writes) {
            let read = self.read(&branch.expr)?;
            let mut branch = branch.clone();
            *branch.expr = read;
            return Some((Vec::new(), Expr::Match(branch)));
        }
        let mut before = Vec::new();
        fix_indices(&mut place, self.names, &mut before, &|_| true);
        let mut rewritten = branch.clone();
        *rewritten.expr = place.clone();
        for arm in &mut rewritten.arms {
            let is_error = matches!(&arm.pat, Pat::TupleStruct(tuple) if tuple.path.is_ident("Err"));
            if names_of(&arm.pat).is_empty() || is_error && !writes(arm) {
                continue;
            }
            let (pattern, body) = self.taken_out(&arm.pat, &arm.body, &place)?;
            arm.pat = pattern;
            *arm.body = Expr::Block(syn::parse_quote!(#body));
        }
        Some((before, Expr::Match(rewritten)))
    }

    fn condition(&mut self, condition: &Expr, body: &Block) -> Option<(Expr, Block)> {
        let Expr::Let(source) = condition else { return None };
        let (place, certain) = self.scrutinee(&source.expr, &[&source.pat])?;
        let body = Expr::Block(syn::parse_quote!(#body));
        if names_of(&source.pat).is_empty() {
            return None;
        }
        if !certain && !writes_to_bindings(&source.pat, &body) {
            let (pattern, read) = (&source.pat, self.read(&source.expr)?);
            let Expr::Block(body) = body else { return None };
            return Some((syn::parse_quote!(let #pattern = #read), body.block));
        }
        // An index would have to be evaluated before.
        let mut indices = Vec::new();
        let mut fixed = place.clone();
        fix_indices(&mut fixed, self.names, &mut indices, &|index| {
            !matches!(index, Expr::Path(_))
        });
        if !indices.is_empty() {
            return None;
        }
        let (pattern, body) = self.taken_out(&source.pat, &body, &place)?;
        Some((syn::parse_quote!(let #pattern = #place), body))
    }

    /// The pattern that takes out what another one refers to, and the body that puts it back.
    fn taken_out(&mut self, pattern: &Pat, body: &Expr, place: &Expr) -> Option<(Pat, Block)> {
        if self.found.overlaps(body, place) {
            return None;
        }
        let mut taken = Taken::new(self.names);
        let (guard, pattern) = match pattern {
            Pat::Guard(guarded) => (Some(guarded), &*guarded.pat),
            pattern => (None, pattern),
        };
        let (mut pattern, value) = taken.pattern(pattern)?;
        let (before, parts) = (taken.before, taken.parts);
        if let Some(guarded) = guard {
            let mut guarded = guarded.clone();
            Seen { parts: &parts }.visit_expr_mut(&mut guarded.guard);
            *guarded.pat = pattern;
            pattern = Pat::Guard(guarded);
        }
        let back: Stmt = syn::parse_quote!(#place = #value;);
        let mut body = body.clone();
        let mut jumps = Jumps {
            back: &back,
            names: self.names,
            depth: 0,
        };
        jumps.visit_expr_mut(&mut body);
        let block: Block = if has_value(&body) {
            let result = self
                .names
                .fresh("result", crate::ir::Extent::of(&body.to_token_stream()).first);
            syn::parse_quote!({ #(#before)* let #result = #body; #back #result })
        } else {
            syn::parse_quote!({ #(#before)* #body; #back })
        };
        Some((pattern, block))
    }
}

/// References to the parts of a place that a pattern binds, which always fits.
fn parts_of(pattern: &Pat, place: &Expr, statements: &mut Vec<Stmt>) -> Option<()> {
    match pattern {
        Pat::Paren(paren) => parts_of(&paren.pat, place, statements),
        Pat::Wild(_) | Pat::Rest(_) => Some(()),
        Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() && name.mutability.is_none() => {
            statements.push(syn::parse_quote!(let #name = &mut #place;));
            Some(())
        }
        Pat::Struct(fields) => fields.fields.iter().try_for_each(|field| {
            let member = &field.member;
            parts_of(&field.pat, &syn::parse_quote!((#place).#member), statements)
        }),
        Pat::Tuple(tuple) if !has_rest(tuple.elems.iter()) => {
            tuple.elems.iter().enumerate().try_for_each(|(index, element)| {
                let member = Member::Unnamed(index.into());
                parts_of(element, &syn::parse_quote!((#place).#member), statements)
            })
        }
        Pat::Slice(slice) if !has_rest(slice.elems.iter()) => {
            slice.elems.iter().enumerate().try_for_each(|(index, element)| {
                let index = proc_macro2::Literal::usize_unsuffixed(index);
                parts_of(element, &syn::parse_quote!((#place)[#index]), statements)
            })
        }
        _ => None,
    }
}

fn has_rest<'p>(mut elements: impl Iterator<Item = &'p Pat>) -> bool {
    elements.any(super::lower::is_rest)
}

/// The variables that a pattern binds.
fn names_of(pattern: &Pat) -> Vec<Ident> {
    struct Finder(Vec<Ident>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            self.0.extend(binds(name).then(|| name.ident.clone()));
            visit::visit_pat_ident(self, name);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut finder = Finder(Vec::new());
    finder.visit_pat(pattern);
    finder.0
}

fn has_ref_mut(pattern: &Pat) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            self.0 |= name.by_ref.is_some() && name.mutability.is_some();
            visit::visit_pat_ident(self, name);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut finder = Finder(false);
    finder.visit_pat(pattern);
    finder.0
}

/// True if something that the pattern binds is written to.
fn writes_to_bindings(pattern: &Pat, body: &Expr) -> bool {
    let block: Block = syn::parse_quote!({ #body });
    let written = mentions::assignments(body, None)
        .into_iter()
        .chain(mentions::updates(&block));
    let names = names_of(pattern);
    let mut called = Called(Vec::new());
    called.visit_block(&block);
    written.chain(called.0).any(|name| names.contains(&name))
}

/// What methods are called on that change it, or that stand as statements.
struct Called(Vec<Ident>);

impl<'ast> Visit<'ast> for Called {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if changes::is_in_place(call) || changes::is_vector_change(call) {
            self.0.extend(mentions::root(&call.receiver));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(Expr::MethodCall(call), _) = statement {
            self.0.extend(mentions::root(&call.receiver));
        }
        visit::visit_stmt(self, statement);
    }
}

/// A variable, and which field of which field of it.
fn path(expr: &Expr) -> Option<(Ident, Vec<TokenStream>)> {
    match expr {
        Expr::Path(path) => Some((path.path.get_ident()?.clone(), Vec::new())),
        Expr::Paren(paren) => path(&paren.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => path(&unary.expr),
        Expr::Field(field) => {
            let (root, mut fields) = path(&field.base)?;
            fields.push(field.member.to_token_stream());
            Some((root, fields))
        }
        _ => None,
    }
}

/// True unless the body is a statement.
fn has_value(body: &Expr) -> bool {
    match body {
        Expr::Block(block) => matches!(block.block.stmts.last(), Some(Stmt::Expr(tail, None)) if has_value(tail)),
        Expr::Assign(_) | Expr::ForLoop(_) | Expr::While(_) => false,
        Expr::Binary(binary) => !mentions::is_compound(&binary.op),
        _ => true,
    }
}
