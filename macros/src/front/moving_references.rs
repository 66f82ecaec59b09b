//! Variables that refer to one place after another: `let mut rest = x; … rest = &rest[1..];`.
//!
//! A slice of one thing is where it begins and ends in it. Other references become what they refer to, a copy of it: nothing
//! can change a place while something else refers to it.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, PatType, Stmt, Type, UnOp};

use super::aliases::is_place;
use super::mentions;
use super::resolve::Names;

/// Rewrites a function's body. All names in it are unique. `patterns` are those of the parameters, of which `inputs` has the types,
/// and whether anything flows through them.
pub(crate) fn settle(body: &mut Block, inputs: &[(&PatType, bool)], patterns: &mut [Pat], names: &mut Names) {
    let mut found = Found::default();
    found.visit_block(body);
    for ((input, active), pattern) in inputs.iter().zip(patterns) {
        let Pat::Ident(name) = pattern else { continue };
        if !active {
            found.inactive.push(name.ident.clone());
            continue;
        }
        let is_slice = matches!(&*input.ty, Type::Reference(reference)
            if reference.mutability.is_none() && matches!(&*reference.elem, Type::Slice(_)));
        if is_slice && name.mutability.is_some() && found.assigned.contains_key(&name.ident) {
            // Original: mut rest: &[f64]
            // Output:   slice: &[f64] … { let mut rest = slice; … }
            let parameter = names.fresh("slice", name.ident.span());
            let moving = std::mem::replace(&mut name.ident, parameter.clone());
            name.mutability = None;
            body.stmts.insert(0, syn::parse_quote!(let mut #moving = #parameter;));
            found.declared.insert(moving, syn::parse_quote!(#parameter));
        }
    }
    let moving = found.moving(names);
    if !moving.is_empty() {
        let moving = &moving;
        Rewriting { moving, names }.visit_block_mut(body);
    }
}

/// What becomes of a variable.
enum Moving {
    /// The part of `root` from `start` to `end`.
    Slice { root: Ident, start: Ident, end: Ident },
    /// What it refers to.
    Value,
    /// The elements of the slice that it refers to.
    Elements,
}

/// What the body shows of its variables.
#[derive(Default)]
struct Found {
    /// Variables that may be references, as `let` declares them.
    declared: HashMap<Ident, Expr>,
    /// Those of them that are not mutable.
    fixed: Vec<Ident>,
    /// What is assigned to variables as a whole.
    assigned: HashMap<Ident, Vec<Expr>>,
    /// Variables that macros mention, which are not looked into, and closures, which keep what they have seen.
    hidden: Vec<Ident>,
    /// Parameters that nothing flows through: references to what they hold may move.
    inactive: Vec<Ident>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let pattern = match &local.pat {
            Pat::Type(typed) if matches!(&*typed.ty, Type::Reference(reference) if reference.mutability.is_none()) => {
                &*typed.pat
            }
            pattern => pattern,
        };
        if let (Pat::Ident(name), Some(init)) = (pattern, &local.init)
            && name.by_ref.is_none()
            && name.subpat.is_none()
            && init.diverge.is_none()
        {
            self.declared.insert(name.ident.clone(), (*init.expr).clone());
            self.fixed.extend(name.mutability.is_none().then(|| name.ident.clone()));
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        match &*assign.left {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    let value = (*assign.right).clone();
                    self.assigned.entry(name.clone()).or_default().push(value);
                }
            }
            // What is assigned part by part is left as it is.
            Expr::Tuple(tuple) => {
                for name in tuple.elems.iter().filter_map(mentions::root) {
                    let value = (*assign.right).clone();
                    self.assigned.entry(name).or_default().push(value);
                }
            }
            _ => {}
        }
        visit::visit_expr_assign(self, assign);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.hidden.extend(mentions::mentions(&mac.tokens));
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.hidden.extend(mentions::mentions(&closure.body.to_token_stream()));
        visit::visit_expr_closure(self, closure);
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl Found {
    fn moving(&self, names: &mut Names) -> HashMap<Ident, Moving> {
        let mut moving = HashMap::new();
        let mut candidates: Vec<_> = self.declared.keys().collect();
        candidates.sort();
        for name in candidates {
            if self.hidden.contains(name) {
                continue;
            }
            let sources = self.sources(name);
            let slices = sources.iter().any(|source| match source {
                Source::Slice(_) => true,
                Source::Name(of) => self.sliced(of).is_some(),
                Source::Whole(_) | Source::Reference(_) | Source::Other => false,
            });
            let refers = self.refers(name, &mut Vec::new());
            let known = !sources.iter().any(|source| matches!(source, Source::Other));
            let moves = self.assigned.contains_key(name) || slices && sources.len() > 1;
            if !refers || !known || !moves {
                continue;
            }
            let way = match self.root(name) {
                Some(root) if slices => Moving::Slice {
                    root,
                    start: names.fresh("start", name.span()),
                    end: names.fresh("end", name.span()),
                },
                // One of several things, and then nothing else.
                _ if !self.assigned.contains_key(name) => continue,
                _ if slices => Moving::Elements,
                _ => Moving::Value,
            };
            moving.insert(name.clone(), way);
        }
        self.follow(&mut moving, names);
        moving
    }

    /// True for a reference to what something may flow through.
    fn refers(&self, name: &Ident, seen: &mut Vec<Ident>) -> bool {
        seen.push(name.clone());
        self.sources(name).iter().any(|source| match source {
            Source::Slice(of) | Source::Whole(of) => !self.inactive.contains(of),
            Source::Reference(of) => !of.as_ref().is_some_and(|of| self.inactive.contains(of)),
            Source::Name(of) => !seen.contains(of) && self.refers(of, seen),
            Source::Other => false,
        })
    }

    /// Slices of slices that move are such parts, too, and slices that one becomes.
    fn follow(&self, moving: &mut HashMap<Ident, Moving>, names: &mut Names) {
        loop {
            let next = self.fixed.iter().find_map(|name| {
                let of = self.sliced(name)?;
                let root = match moving.get(&of) {
                    Some(Moving::Slice { root, .. }) => Some(root),
                    _ => moving.iter().find_map(|(other, way)| match way {
                        Moving::Slice { root, .. } if *root == of && self.becomes(other, name) => Some(root),
                        _ => None,
                    }),
                };
                let is_new = !moving.contains_key(name) && !self.hidden.contains(name);
                Some((name.clone(), root.filter(|_| is_new)?.clone()))
            });
            let Some((name, root)) = next else { return };
            let (start, end) = (names.fresh("start", name.span()), names.fresh("end", name.span()));
            moving.insert(name, Moving::Slice { root, start, end });
        }
    }

    /// What the variable is a slice of, if it is nothing else.
    fn sliced(&self, name: &Ident) -> Option<Ident> {
        match &self.sources(name)[..] {
            [Source::Slice(of)] if self.fixed.contains(name) => Some(of.clone()),
            _ => None,
        }
    }

    /// True if the one is given the other.
    fn becomes(&self, name: &Ident, other: &Ident) -> bool {
        let is_it = |source: &Source| matches!(source, Source::Name(given) if given == other);
        self.sources(name).iter().any(is_it)
    }

    /// All that the variable is given.
    fn sources(&self, name: &Ident) -> Vec<Source> {
        let mut sources = Vec::new();
        let given = self.declared.get(name).into_iter();
        for expr in given.chain(self.assigned.get(name).into_iter().flatten()) {
            each_leaf(expr, &mut |leaf| sources.push(source(leaf)));
        }
        sources
    }

    /// What all that the variable is given is a part of, if that is one variable.
    fn root(&self, name: &Ident) -> Option<Ident> {
        let mut roots = Vec::new();
        let known = self.roots(name, &mut Vec::new(), &mut roots);
        match &roots[..] {
            [root] if known => Some(root.clone()),
            _ => None,
        }
    }

    /// Finds what it is a part of. False if that is not to be known.
    fn roots(&self, name: &Ident, seen: &mut Vec<Ident>, found: &mut Vec<Ident>) -> bool {
        seen.push(name.clone());
        self.sources(name).into_iter().all(|source| {
            let (Source::Slice(of) | Source::Whole(of) | Source::Name(of)) = source else {
                return false;
            };
            if self.assigned.contains_key(&of) || self.sliced(&of).is_some() {
                return seen.contains(&of) || self.roots(&of, seen, found);
            }
            if !found.contains(&of) {
                found.push(of);
            }
            true
        })
    }
}

/// Where a reference comes from.
enum Source {
    /// A slice of a variable, `&x[a..b]`.
    Slice(Ident),
    /// A variable.
    Name(Ident),
    /// `&x` of a variable.
    Whole(Ident),
    /// `&place`, a part of a variable.
    Reference(Option<Ident>),
    /// Anything else.
    Other,
}

fn source(leaf: &Expr) -> Source {
    match leaf {
        Expr::Paren(paren) => source(&paren.expr),
        Expr::Reference(reference) if reference.mutability.is_none() => match &*reference.expr {
            Expr::Index(index) if matches!(*index.index, Expr::Range(_)) => {
                let is_pure = mentions::assignments(&index.index, None).is_empty();
                match variable(&index.expr).filter(|_| is_pure) {
                    Some(name) => Source::Slice(name),
                    None => Source::Other,
                }
            }
            place if is_place(place) => match variable(place) {
                Some(name) => Source::Whole(name),
                None => Source::Reference(mentions::root(place)),
            },
            _ => Source::Other,
        },
        expr => variable(expr).map_or(Source::Other, Source::Name),
    }
}

fn variable(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident().cloned(),
        Expr::Paren(paren) => variable(&paren.expr),
        _ => None,
    }
}

/// The expressions that may give the value of one with branches. What leaves gives none.
fn each_leaf(expr: &Expr, found: &mut dyn FnMut(&Expr)) {
    match expr {
        Expr::Paren(paren) => each_leaf(&paren.expr, found),
        Expr::Block(block) if block.label.is_none() => block_leaf(&block.block, found),
        Expr::If(branch) => {
            block_leaf(&branch.then_branch, found);
            if let Some((_, otherwise)) = &branch.else_branch {
                each_leaf(otherwise, found);
            }
        }
        Expr::Match(branch) => branch.arms.iter().for_each(|arm| each_leaf(&arm.body, found)),
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {}
        leaf => found(leaf),
    }
}

fn block_leaf(block: &Block, found: &mut dyn FnMut(&Expr)) {
    if let Some(Stmt::Expr(tail, None)) = block.stmts.last() {
        each_leaf(tail, found);
    }
}

/// The same, to be changed.
fn each_leaf_mut(expr: &mut Expr, change: &mut dyn FnMut(&mut Expr)) {
    match expr {
        Expr::Paren(paren) => each_leaf_mut(&mut paren.expr, change),
        Expr::Block(block) if block.label.is_none() => block_leaf_mut(&mut block.block, change),
        Expr::If(branch) => {
            block_leaf_mut(&mut branch.then_branch, change);
            if let Some((_, otherwise)) = &mut branch.else_branch {
                each_leaf_mut(otherwise, change);
            }
        }
        Expr::Match(branch) => branch
            .arms
            .iter_mut()
            .for_each(|arm| each_leaf_mut(&mut arm.body, change)),
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {}
        leaf => change(leaf),
    }
}

fn block_leaf_mut(block: &mut Block, change: &mut dyn FnMut(&mut Expr)) {
    if let Some(Stmt::Expr(tail, None)) = block.stmts.last_mut() {
        each_leaf_mut(tail, change);
    }
}

struct Rewriting<'m> {
    moving: &'m HashMap<Ident, Moving>,
    names: &'m mut Names,
}

impl<'m> VisitMut for Rewriting<'m> {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pattern => pattern,
        };
        let name = match pattern {
            Pat::Ident(name) => Some(name.clone()),
            _ => None,
        };
        let moving = name.as_ref().and_then(|name| self.moving.get(&name.ident));
        let (Some(moving), Some(name), Some(init)) = (moving, name, &mut local.init) else {
            visit_mut::visit_local_mut(self, local);
            return;
        };
        self.give(moving, &mut init.expr);
        let mutability = name.mutability;
        match moving {
            Moving::Slice { start, end, .. } => {
                let bounds: Stmt = syn::parse_quote!(let (#mutability #start, #mutability #end): (usize, usize););
                if let Stmt::Local(bounds) = bounds {
                    local.pat = bounds.pat;
                }
            }
            Moving::Value | Moving::Elements => local.pat = Pat::Ident(name),
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Assign(assign) => {
                let name = variable(&assign.left);
                let moving: &'m HashMap<Ident, Moving> = self.moving;
                if let Some(moving) = name.and_then(|name| moving.get(&name)) {
                    self.give(moving, &mut assign.right);
                    if let Moving::Slice { start, end, .. } = moving {
                        let value = &assign.right;
                        let (first, last) = (self.fresh(start), self.fresh(end));
                        *expr = syn::parse_quote!({
                            let (#first, #last): (usize, usize) = #value;
                            #start = #first;
                            #end = #last;
                        });
                    }
                    return;
                }
            }
            // Places, and what is called on them.
            Expr::Index(index) => {
                self.visit_expr_mut(&mut index.index);
                self.base(&mut index.expr);
                return;
            }
            Expr::Field(field) => return self.base(&mut field.base),
            Expr::MethodCall(call) => {
                call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
                return self.base(&mut call.receiver);
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                if let Some(name) = variable(&unary.expr)
                    && matches!(self.moving.get(&name), Some(Moving::Value))
                {
                    *expr = syn::parse_quote!(#name);
                    return;
                }
            }
            Expr::Path(_) => {
                if let Some(place) = self.place(expr) {
                    *expr = syn::parse_quote!((&#place));
                }
                return;
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl<'m> Rewriting<'m> {
    fn base(&mut self, base: &mut Expr) {
        match self.place(base) {
            Some(place) => *base = place,
            None => self.visit_expr_mut(base),
        }
    }

    fn fresh(&mut self, like: &Ident) -> Ident {
        self.names.fresh(&like.to_string(), like.span())
    }

    /// The place that the variable refers to.
    fn place(&self, expr: &Expr) -> Option<Expr> {
        let name = variable(expr)?;
        Some(match self.moving.get(&name)? {
            Moving::Slice { root, start, end } => syn::parse_quote!(#root[#start..#end]),
            Moving::Value => syn::parse_quote!(#name),
            Moving::Elements => syn::parse_quote!(#name[..]),
        })
    }

    /// What the variable is given.
    fn give(&mut self, to: &Moving, expr: &mut Expr) {
        // The conditions, and the statements on the way.
        let mut given = Vec::new();
        each_leaf_mut(expr, &mut |leaf| given.push(std::mem::replace(leaf, Expr::PLACEHOLDER)));
        self.visit_expr_mut(expr);
        let mut given = given.into_iter();
        each_leaf_mut(expr, &mut |leaf| {
            let Some(mut source) = given.next() else { return };
            match to {
                Moving::Slice { .. } => *leaf = self.bounds(&source),
                Moving::Value | Moving::Elements => {
                    self.visit_expr_mut(&mut source);
                    *leaf = match to {
                        Moving::Value => syn::parse_quote!(::core::clone::Clone::clone(#source)),
                        _ => syn::parse_quote!((#source).to_vec()),
                    };
                }
            }
        });
    }

    /// Where a slice begins and ends in the root.
    // Original: &rest[a..b]
    // Output:   { let (first, last) = (start + a, start + b); assert!(first <= last && last <= end); (first, last) }
    fn bounds(&mut self, source: &Expr) -> Expr {
        let (of, range) = match source {
            Expr::Paren(paren) => return self.bounds(&paren.expr),
            Expr::Reference(reference) => match &*reference.expr {
                Expr::Index(index) => match &*index.index {
                    Expr::Range(range) => (&*index.expr, Some(range)),
                    _ => (source, None),
                },
                _ => (source, None),
            },
            source => (source, None),
        };
        let moving: &'m HashMap<Ident, Moving> = self.moving;
        let (start, end) = match variable(of).map(|name| (moving.get(&name), name)) {
            Some((Some(Moving::Slice { start, end, .. }), _)) => (quote!(#start), quote!(#end)),
            Some((_, name)) => (quote!(0_usize), quote!(#name.len())),
            None => (quote!(0_usize), quote!((#of).len())),
        };
        let Some(range) = range else {
            return syn::parse_quote!((#start, #end));
        };
        let mut rewritten = range.clone();
        self.visit_expr_range_mut(&mut rewritten);
        let at = crate::ir::Extent::of(&source.to_token_stream()).first;
        let first: TokenStream = rewritten
            .start
            .as_ref()
            .map_or_else(|| start.clone(), |first| quote!(#start + (#first)));
        let one_more = matches!(range.limits, syn::RangeLimits::Closed(_)).then(|| quote!(+ 1));
        let last: TokenStream = rewritten
            .end
            .as_ref()
            .map_or_else(|| end.clone(), |last| quote!(#start + (#last) #one_more));
        let message = "a slice ends where what it is a part of ends, at the latest";
        syn::parse2(quote_spanned!(at=> {
            ::core::assert!(#first <= #last && #last <= #end, #message);
            (#first, #last)
        }))
        .unwrap_or(Expr::PLACEHOLDER)
    }
}
