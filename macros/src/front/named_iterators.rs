//! Iterators in variables, `let squares = x.iter().map(…);`, in place of the variables; `unzip` and `partition`, as loops.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, Stmt, Type};

use super::aliases::{fix_indices, is_place_or_slice};
use super::iterators::{self, is_iterator};
use super::mentions;
use super::resolve::Names;
use super::stepped_iterators;

/// Rewrites a function's body. All names in it are unique. `patterns` are those of the parameters, and `inactive` the parameters
/// that nothing flows through.
pub(crate) fn inline(body: &mut Block, patterns: &[Pat], inactive: &[Ident], names: &mut Names) {
    let mut assigned = Assigned(mentions::updates(body).into_iter().collect());
    patterns.iter().for_each(|pattern| assigned.visit_pat(pattern));
    assigned.visit_block(body);
    let mut order = Order::default();
    order.visit_block(body);
    let mut finder = NamedIterators {
        names,
        assigned: assigned.0,
        in_macros: std::mem::take(&mut order.in_macros),
        order,
        inactive,
        found: Vec::new(),
        stepped: Vec::new(),
    };
    finder.visit_block_mut(body);
    let (found, stepped) = (finder.found, finder.stepped);
    for (name, iterator) in found {
        Substitution { name, iterator }.visit_block_mut(body);
    }
    for Stepped {
        name,
        position,
        iterator,
    } in stepped
    {
        if stepped_iterators::step(body, &name, &position, &iterator) {
            Positions { name, position }.visit_block_mut(body);
        }
    }
}

/// An iterator that is asked for one item after the other.
struct Stepped {
    name: Ident,
    position: Ident,
    iterator: Expr,
}

/// Puts a position in place of the iterator, where that is declared.
struct Positions {
    name: Ident,
    position: Ident,
}

impl VisitMut for Positions {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if matches!(&local.pat, Pat::Ident(name) if name.ident == self.name) {
            let position = &self.position;
            let declared: Stmt = syn::parse_quote!(let mut #position: usize = 0;);
            if let Stmt::Local(declared) = declared {
                *local = declared;
            }
            return;
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The methods that are given a number.
const COUNTS: &[&str] = &["take", "skip", "step_by", "windows", "chunks", "chunks_exact"];

struct NamedIterators<'n> {
    names: &'n mut Names,
    /// The variables that may change.
    assigned: HashSet<Ident>,
    order: Order,
    /// Variables that macros mention, which are not looked into.
    in_macros: HashSet<Ident>,
    /// Parameters that nothing flows through.
    inactive: &'n [Ident],
    found: Vec<(Ident, Expr)>,
    stepped: Vec<Stepped>,
}

impl VisitMut for NamedIterators<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let statements = std::mem::take(&mut block.stmts);
        for statement in statements {
            if let Some(statements) = self.collected(&statement) {
                block.stmts.extend(statements);
            } else if let Some((name, mut iterator)) = self.named(&statement) {
                self.fix_arguments(&mut iterator, &mut block.stmts);
                // A reference that goes on to another place: the iterator stays with the first.
                let mut mentioned = mentions::mentions(&iterator.to_token_stream()).into_iter();
                if mentioned.any(|place| self.order.is_assigned_after(&place, &name)) {
                    block.stmts.push(statement);
                    continue;
                }
                // One that is made of another one.
                for (other, target) in &self.found {
                    Substitution {
                        name: other.clone(),
                        iterator: target.clone(),
                    }
                    .visit_expr_mut(&mut iterator);
                }
                self.found.push((name, iterator));
            } else if let Some((name, mut iterator)) = self.stepped(&statement) {
                self.fix_arguments(&mut iterator, &mut block.stmts);
                let mut mentioned = mentions::mentions(&iterator.to_token_stream()).into_iter();
                if !mentioned.any(|place| self.order.is_assigned_after(&place, &name)) {
                    let position = self.names.fresh("position", name.span());
                    self.stepped.push(Stepped {
                        name,
                        position,
                        iterator,
                    });
                }
                block.stmts.push(statement);
            } else {
                block.stmts.push(statement);
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl NamedIterators<'_> {
    /// `let name = iterator;`
    fn named(&self, statement: &Stmt) -> Option<(Ident, Expr)> {
        let Stmt::Local(local) = statement else { return None };
        let Pat::Ident(name) = &local.pat else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let plain = name.mutability.is_none() && name.by_ref.is_none() && name.subpat.is_none();
        let mut moves = Moves {
            assigned: &self.assigned,
            found: false,
        };
        moves.visit_expr(&init.expr);
        let is_range = matches!(&*init.expr, Expr::Range(range) if range.start.is_some() && range.end.is_some())
            && !self.in_macros.contains(&name.ident);
        let is_chain = self.is_chain(&init.expr) && !iterators::is_mutable(&init.expr) && !moves.found;
        let fits = plain && (is_range || is_chain);
        fits.then(|| (name.ident.clone(), (*init.expr).clone()))
    }

    /// `let mut name = iterator;` with items that are found by their position.
    fn stepped(&self, statement: &Stmt) -> Option<(Ident, Expr)> {
        let Stmt::Local(local) = statement else { return None };
        let Pat::Ident(name) = &local.pat else { return None };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let root = mentions::root(&init.expr);
        let fits = name.mutability.is_some()
            && self.is_chain(&init.expr)
            && stepped_iterators::is_indexable(&init.expr)
            && !root.is_some_and(|root| self.inactive.contains(&root));
        fits.then(|| (name.ident.clone(), (*init.expr).clone()))
    }

    /// Evaluates the numbers that adapters are given, and the indices of what is iterated over, once: where the iterator is made.
    // Input:  let few = x[i].iter().take(n + 1);
    // Output: let index = i; let count = n + 1; … x[index].iter().take(count) …
    fn fix_arguments(&mut self, iterator: &mut Expr, statements: &mut Vec<Stmt>) {
        match iterator {
            Expr::Paren(paren) => self.fix_arguments(&mut paren.expr, statements),
            Expr::Reference(reference) => self.fix_arguments(&mut reference.expr, statements),
            Expr::Range(range) => {
                for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                    if !is_constant(end, &self.assigned) {
                        let name = self
                            .names
                            .fresh("end", crate::ir::Extent::of(&end.to_token_stream()).first);
                        statements.push(syn::parse_quote!(let #name = #end;));
                        **end = syn::parse_quote!(#name);
                    }
                }
            }
            Expr::MethodCall(call) => {
                self.fix_arguments(&mut call.receiver, statements);
                let counts = COUNTS.iter().any(|name| call.method == name);
                for argument in &mut call.args {
                    if !counts {
                        self.fix_arguments(argument, statements);
                    } else if !matches!(argument, Expr::Lit(_)) {
                        let name = self.names.fresh("count", call.method.span());
                        statements.push(syn::parse_quote!(let #name: usize = #argument;));
                        *argument = syn::parse_quote!(#name);
                    }
                }
            }
            place => {
                let assigned = &self.assigned;
                let varies = |index: &Expr| !is_constant(index, assigned);
                fix_indices(place, self.names, statements, &varies);
            }
        }
    }

    /// True for an iterator over the elements of a place, and for what adapters make of one, that is the same iterator wherever it
    /// stands as long as it lives: what it borrows cannot change, and it copies nothing that does.
    fn is_chain(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(paren) => self.is_chain(&paren.expr),
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| self.found.iter().any(|(found, _)| found == name)),
            Expr::MethodCall(call) if iterators::is_adapter(&call.method) => {
                let adapts = call.method != "by_ref" && call.method != "peekable";
                let begins = self.is_chain(&call.receiver) || self.is_fixed_range(&call.receiver);
                let counts = COUNTS.iter().any(|name| call.method == name);
                adapts && begins && (counts || call.args.iter().all(|argument| self.is_fixed(argument)))
            }
            Expr::MethodCall(call) if call.method == "clone" => self.is_chain(&call.receiver),
            Expr::MethodCall(call) if call.method == "into_iter" => self.is_fixed(&call.receiver),
            Expr::MethodCall(call) => is_iterator(expr) && is_place_or_slice(&call.receiver),
            _ => false,
        }
    }

    /// True for what an adapter may be given: closures, what is borrowed, iterators, and variables that nobody assigns to.
    fn is_fixed(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Closure(_) | Expr::Lit(_) => true,
            Expr::Paren(paren) => self.is_fixed(&paren.expr),
            Expr::Reference(reference) => reference.mutability.is_none() && is_place_or_slice(&reference.expr),
            Expr::Path(_) => is_constant(expr, &self.assigned),
            expr => self.is_chain(expr) || self.is_fixed_range(expr),
        }
    }

    fn is_fixed_range(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(paren) => self.is_fixed_range(&paren.expr),
            Expr::Range(range) => [&range.start, &range.end]
                .into_iter()
                .flatten()
                .all(|end| matches!(**end, Expr::Lit(_) | Expr::Path(_)) && self.is_fixed(end)),
            _ => false,
        }
    }

    // Original: let (a, b): (Vec<A>, Vec<B>) = iterator.unzip();
    // Output:   let mut a: Vec<A> = default(); let mut b: Vec<B> = default(); for (x, y) in iterator { a.push(x); b.push(y); }
    //
    // Original: let (a, b): (Vec<A>, Vec<A>) = iterator.partition(|p| body);
    // Output:   …; for x in iterator { if { let p = &x; body } { a.push(x); } else { b.push(x); } }
    fn collected(&mut self, statement: &Stmt) -> Option<Vec<Stmt>> {
        let Stmt::Local(local) = statement else { return None };
        let Pat::Type(typed) = &local.pat else { return None };
        let (Pat::Tuple(names), Type::Tuple(types)) = (&*typed.pat, &*typed.ty) else {
            return None;
        };
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let Expr::MethodCall(call) = &*init.expr else {
            return None;
        };
        let [Pat::Ident(first), Pat::Ident(second)] = names.elems.iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        let [first_type, second_type] = types.elems.iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        if !iterators::is_iterator(&call.receiver) && !self.is_chain(&call.receiver) {
            return None;
        }
        let at = call.method.span();
        let (a, b) = (&first.ident, &second.ident);
        let (x, y) = (self.names.fresh("item", at), self.names.fresh("item", at));
        let iterator = &call.receiver;
        let each: Stmt = match (call.method.to_string().as_str(), call.args.first()) {
            ("unzip", None) => syn::parse_quote_spanned!(at=> for (#x, #y) in #iterator { #a.push(#x); #b.push(#y); }),
            ("partition", Some(Expr::Closure(closure))) if closure.inputs.len() == 1 => {
                let (pattern, body) = (&closure.inputs[0], &closure.body);
                syn::parse_quote_spanned! {at=>
                    for #x in #iterator {
                        if { let #pattern = &#x; #body } { #a.push(#x); } else { #b.push(#x); }
                    }
                }
            }
            _ => return None,
        };
        Some(vec![
            syn::parse_quote_spanned!(at=> let mut #a: #first_type = ::core::default::Default::default();),
            syn::parse_quote_spanned!(at=> let mut #b: #second_type = ::core::default::Default::default();),
            each,
        ])
    }
}

/// True for numbers, and for variables that nobody assigns to.
fn is_constant(expr: &Expr, assigned: &HashSet<Ident>) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => path.path.get_ident().is_none_or(|name| !assigned.contains(name)),
        _ => false,
    }
}

/// The variables that are assigned to, or declared so that they may change.
struct Assigned(HashSet<Ident>);

impl<'ast> Visit<'ast> for Assigned {
    fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
        self.0.extend(name.mutability.map(|_| name.ident.clone()));
        visit::visit_pat_ident(self, name);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.0.extend(mentions::root(&assign.left));
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if mentions::is_compound(&binary.op) {
            self.0.extend(mentions::root(&binary.left));
        }
        visit::visit_expr_binary(self, binary);
    }
}

/// When variables are declared, and when they are assigned to as a whole for the last time, in the order of the source.
#[derive(Default)]
struct Order {
    steps: usize,
    declared: HashMap<Ident, usize>,
    assigned: HashMap<Ident, usize>,
    in_macros: HashSet<Ident>,
}

impl Order {
    fn is_assigned_after(&self, variable: &Ident, declared: &Ident) -> bool {
        let last = self.assigned.get(variable);
        last.is_some_and(|last| self.declared.get(declared).is_none_or(|begun| last > begun))
    }
}

impl<'ast> Visit<'ast> for Order {
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.in_macros.extend(mentions::mentions(&mac.tokens));
    }

    fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
        self.steps += 1;
        self.declared.insert(name.ident.clone(), self.steps);
        visit::visit_pat_ident(self, name);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.steps += 1;
        let targets = match &*assign.left {
            Expr::Tuple(tuple) => tuple.elems.iter().collect(),
            target => vec![target],
        };
        for target in targets {
            if let Expr::Path(path) = target
                && let Some(name) = path.path.get_ident()
            {
                self.assigned.insert(name.clone(), self.steps);
            }
        }
        visit::visit_expr_assign(self, assign);
    }
}

/// Closures that take a copy of what is assigned to.
struct Moves<'a> {
    assigned: &'a HashSet<Ident>,
    found: bool,
}

impl<'ast> Visit<'ast> for Moves<'_> {
    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let mentioned = mentions::mentions(&closure.body.to_token_stream());
        self.found |= closure.capture.is_some() && mentioned.iter().any(|name| self.assigned.contains(name));
        visit::visit_expr_closure(self, closure);
    }
}

/// Puts the iterator in place of the variable, and of clones of it.
struct Substitution {
    name: Ident,
    iterator: Expr,
}

impl Substitution {
    fn is_it(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Path(path) if path.path.is_ident(&self.name))
    }
}

impl VisitMut for Substitution {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let clones = matches!(expr, Expr::MethodCall(call) if call.method == "clone" && call.args.is_empty() && self.is_it(&call.receiver));
        if clones || self.is_it(expr) {
            *expr = self.iterator.clone();
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
