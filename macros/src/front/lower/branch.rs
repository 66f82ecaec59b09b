//! Conditionals: `if`, `match`, `let … else`.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Pat, Stmt};

use super::statement::extent;
use super::{Current, Lowering, Variable};
use crate::front::mentions;
use crate::ir::{
    Arm, Branch, End, Extent, Head, Id, Opaque, Operand, OperandKind, Place, Region, Statement, ValueKind, View,
};

/// An arm that has been lowered, before it is known what it yields.
pub(super) struct Lowered {
    pattern: TokenStream,
    guard: Option<Opaque>,
    bindings: Vec<Id>,
    region: Region,
    /// The arm's value, if one is wanted.
    value: Option<Operand>,
    /// What the variables hold at its end.
    variables: HashMap<String, Variable>,
}

/// True for `Some(…)`, `Ok(…)` and the like.
fn is_of_option(pattern: &Pat) -> bool {
    let last = match pattern {
        Pat::TupleStruct(tuple) => tuple.path.segments.last(),
        Pat::Path(path) => path.path.segments.last(),
        _ => None,
    };
    last.is_some_and(|last| ["Some", "None", "Ok", "Err"].iter().any(|name| last.ident == name))
}

/// What is matched on, and what the bindings of its patterns hold.
pub(super) enum Scrutinee {
    One(Operand, View),
    /// A tuple literal, part by part.
    Tuple(Vec<(Operand, View)>),
}

impl Scrutinee {
    /// The pattern of an arm, as the forward sweep matches it.
    fn shown(&self, pattern: &Pat) -> TokenStream {
        match self {
            Self::One(_, view) => super::pattern::shown(pattern, *view),
            Self::Tuple(parts) => match columns(&[pattern], parts.len()) {
                Some(columns) if columns.iter().all(|column| column.len() == 1) => {
                    let parts = parts.iter().zip(columns);
                    let parts = parts.map(|((_, view), column)| super::pattern::shown(column[0], *view));
                    quote!((#(#parts,)*))
                }
                _ => pattern.to_token_stream(),
            },
        }
    }

    fn head(self) -> Head {
        match self {
            Self::One(operand, _) => Head::Match(operand),
            Self::Tuple(parts) => Head::MatchTuple(parts.into_iter().map(|(operand, _)| operand).collect()),
        }
    }
}

impl Lowering<'_> {
    /// True if the operand is a value that an operation made.
    fn is_made(&self, operand: &Operand) -> bool {
        operand.whole().is_some_and(|id| {
            let value = self.value(id);
            value.active && !value.ascribed && matches!(value.kind, ValueKind::Result)
        })
    }

    pub(super) fn if_value(&mut self, branch: &syn::ExprIf) -> Operand {
        self.if_branch(branch, true).unwrap_or_else(|| Self::unit(branch))
    }

    pub(super) fn if_effect(&mut self, branch: &syn::ExprIf) {
        self.if_branch(branch, false);
    }

    fn if_branch(&mut self, branch: &syn::ExprIf, wanted: bool) -> Option<Operand> {
        let wanted = wanted && branch.else_branch.is_some();
        if let Some(branch) = self.chosen_condition(branch) {
            return self.if_branch(&branch, wanted);
        }
        if let Expr::Let(pattern) = super::statement::strip(&branch.cond) {
            return self.if_let(branch, pattern, wanted);
        }
        let (condition, bindings) = self.condition(&branch.cond)?;
        let before = self.variables.clone();
        let then = self.arm(quote!(), None, bindings, |lowering| {
            if wanted {
                return Some(lowering.block_value(&branch.then_branch));
            }
            lowering.block_effect(&branch.then_branch);
            None
        });
        self.variables = before.clone();
        let otherwise = self.otherwise(branch, quote!(), wanted);
        self.variables = before;
        self.join(branch, Head::If(condition), vec![then, otherwise])
    }

    // Original: if let pattern = value { … } else { … }
    // Lowered:  match value { pattern => { … } _ => { … } }
    fn if_let(&mut self, branch: &syn::ExprIf, condition: &syn::ExprLet, wanted: bool) -> Option<Operand> {
        if self.reports_escape(&condition.expr, "a condition") {
            return None;
        }
        let scrutinee = self.scrutinee(&condition.expr, &[&condition.pat]);
        let before = self.variables.clone();
        let bindings = self.arm_bindings(&condition.pat, &scrutinee)?;
        let then = self.arm(scrutinee.shown(&condition.pat), None, bindings, |lowering| {
            if wanted {
                return Some(lowering.block_value(&branch.then_branch));
            }
            lowering.block_effect(&branch.then_branch);
            None
        });
        self.variables = before.clone();
        let otherwise = self.otherwise(branch, quote!(_), wanted);
        self.variables = before;
        self.join(branch, scrutinee.head(), vec![then, otherwise])
    }

    fn otherwise(&mut self, branch: &syn::ExprIf, pattern: TokenStream, wanted: bool) -> Lowered {
        self.arm(pattern, None, Vec::new(), |lowering| match &branch.else_branch {
            Some((_, expr)) if wanted => Some(lowering.expression(expr)),
            Some((_, expr)) => {
                lowering.effect(expr);
                None
            }
            None => None,
        })
    }

    /// Reports a jump where none can be. True if there is one.
    pub(super) fn reports_escape(&mut self, expr: &Expr, place: &str) -> bool {
        let escape = mentions::escape(expr);
        if let Some(escape) = &escape {
            self.errors.add(
                escape,
                format!("leaving the function inside {place} cannot be differentiated; compute the condition first"),
            );
        }
        escape.is_some()
    }

    pub(super) fn match_value(&mut self, branch: &syn::ExprMatch) -> Operand {
        self.match_branch(branch, true).unwrap_or_else(|| Self::unit(branch))
    }

    pub(super) fn match_effect(&mut self, branch: &syn::ExprMatch) {
        self.match_branch(branch, false);
    }

    fn match_branch(&mut self, branch: &syn::ExprMatch, wanted: bool) -> Option<Operand> {
        if let Some(conditional) = as_if_let(branch)
            && let Some(conditional) = self.chosen_condition(&conditional)
        {
            return self.if_branch(&conditional, wanted);
        }
        let patterns: Vec<_> = branch.arms.iter().map(|arm| &arm.pat).collect();
        let scrutinee = self.scrutinee(&branch.expr, &patterns);
        let before = self.variables.clone();
        let mut arms = Vec::new();
        for arm in &branch.arms {
            self.check_attributes(&arm.attrs);
            self.variables = before.clone();
            arms.push(self.match_arm(arm, &scrutinee, wanted)?);
        }
        self.variables = before;
        self.join(branch, scrutinee.head(), arms)
    }

    /// What is matched on.
    fn scrutinee(&mut self, expr: &Expr, patterns: &[&Pat]) -> Scrutinee {
        if let Expr::Tuple(tuple) = super::statement::strip(expr)
            && self.mentions_active(expr)
            && let Some(columns) = columns(patterns, tuple.elems.len())
        {
            // The tuple need not be put together, and its parts may be references.
            let parts: Vec<_> = tuple
                .elems
                .iter()
                .zip(&columns)
                .map(|(element, column)| self.scrutinized(element, column))
                .collect();
            let looked_at = parts
                .into_iter()
                .zip(&columns)
                .map(|(part, column)| self.looked_at(part, column))
                .collect();
            return Scrutinee::Tuple(looked_at);
        }
        let operand = self.scrutinized(expr, patterns);
        let (operand, view) = self.looked_at(operand, patterns);
        Scrutinee::One(operand, view)
    }

    /// What is matched on, as a place. Without bindings nothing flows through it.
    fn scrutinized(&mut self, expr: &Expr, patterns: &[&Pat]) -> Operand {
        if let Expr::MethodCall(call) = super::statement::strip(expr)
            && call.method == "as_ref"
            && call.args.is_empty()
            && self.mentions_active(&call.receiver)
            && patterns.iter().any(|pattern| is_of_option(pattern))
            && !patterns
                .iter()
                .any(|pattern| super::pattern::looks_through_reference(pattern))
        {
            // The patterns look through `&option` as they do through `option.as_ref()`.
            let (and, receiver) = (syn::Token![&](call.method.span()), &call.receiver);
            return self.scrutinized(&syn::parse_quote!(#and #receiver), patterns);
        }
        let binds = patterns.iter().any(|pattern| super::pattern::has_bindings(pattern));
        let operand = if !binds && self.mentions_active(expr) && mentions::root(expr).is_none() {
            let code = self.opaque(expr);
            let op = crate::ir::Op::Opaque {
                code,
                writes: Vec::new(),
                check: crate::ir::Check::Nothing,
            };
            self.operation(expr, op, Vec::new())
        } else {
            self.taken_apart(expr)
        };
        self.in_place(expr, operand)
    }

    /// What a pattern that may fail binds: views of the scrutinee, or opaque values.
    pub(super) fn arm_bindings(&mut self, pattern: &Pat, scrutinee: &Scrutinee) -> Option<Vec<Id>> {
        let mut bindings = Vec::new();
        match scrutinee {
            Scrutinee::One(operand, view) => self.part_bindings(pattern, operand, *view, &mut bindings)?,
            Scrutinee::Tuple(parts) => {
                let columns = columns(&[pattern], parts.len())?;
                for ((operand, view), column) in parts.iter().zip(columns) {
                    for pattern in column {
                        self.part_bindings(pattern, operand, *view, &mut bindings)?;
                    }
                }
            }
        }
        Some(bindings)
    }

    fn part_bindings(&mut self, pattern: &Pat, operand: &Operand, view: View, bindings: &mut Vec<Id>) -> Option<()> {
        match operand.place().cloned() {
            Some(place) if self.is_active(operand) => {
                self.pattern(pattern, &place, view, bindings);
            }
            _ => bindings.extend(self.opaque_bindings(pattern)),
        }
        Some(())
    }

    fn match_arm(&mut self, arm: &syn::Arm, scrutinee: &Scrutinee, wanted: bool) -> Option<Lowered> {
        let bindings = self.arm_bindings(&arm.pat, scrutinee)?;
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => {
                if self.reports_escape(&guarded.guard, "a guard") {
                    return None;
                }
                if self.mentions_active(&guarded.guard) && self.writes_outside(&guarded.guard) {
                    self.errors.add(
                        &guarded.guard,
                        "a write inside a guard cannot be differentiated; write in a statement of its own",
                    );
                    return None;
                }
                (scrutinee.shown(&guarded.pat), Some(self.opaque(&guarded.guard)))
            }
            pattern => (scrutinee.shown(pattern), None),
        };
        Some(self.arm(pattern, guard, bindings, |lowering| {
            if wanted {
                return Some(lowering.expression(&arm.body));
            }
            lowering.effect(&arm.body);
            None
        }))
    }

    /// `let pattern = value else { … };` and what follows, as a `match`, if the pattern may bind references: what a branch gives
    /// is a value.
    // Original: let Some(a) = &s.option else { leave }; rest
    // Output:   match &s.option { Some(a) => { rest } _ => leave }
    pub(super) fn let_else_by_reference(&mut self, statement: &Stmt, rest: &[Stmt]) -> Option<Expr> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref()?;
        let (_, otherwise) = init.diverge.as_ref()?;
        let (pattern, value) = (&local.pat, &init.expr);
        if self.ended.is_some() || !self.may_be_reference(value) {
            return None;
        }
        let at = local.let_token.span;
        syn::parse2(quote_spanned!(at=> match #value { #pattern => { #(#rest)* } _ => #otherwise })).ok()
    }

    /// True if the value of an expression may be a reference, as far as its form shows.
    fn may_be_reference(&self, expr: &Expr) -> bool {
        match super::statement::strip(expr) {
            Expr::Reference(_) => true,
            Expr::Tuple(tuple) => tuple.elems.iter().any(|element| self.may_be_reference(element)),
            Expr::MethodCall(call) => call.method == "as_ref" && call.args.is_empty(),
            Expr::Path(path) => match path.path.get_ident().map(|name| self.current(name)) {
                Some(Some(Current::Value(id))) => !self.is_value(&Place::whole(*id)),
                _ => false,
            },
            _ => false,
        }
    }

    /// `let pattern = value else { … };`
    pub(super) fn let_else(&mut self, pattern: &Pat, init: &Expr, otherwise: &Expr) {
        if self.chosen_or_else(pattern, init, otherwise) {
            return;
        }
        // Original: let pattern = value else { leave };
        // Lowered:  let (a, b) = match value { pattern => (a, b), _ => leave };
        let scrutinee = self.scrutinee(init, &[pattern]);
        let before = self.variables.clone();
        let Some(bindings) = self.arm_bindings(pattern, &scrutinee) else {
            return;
        };
        let mut found = self.arm(scrutinee.shown(pattern), None, bindings.clone(), |_| None);
        self.variables = before.clone();
        let mut missing = self.arm(quote!(_), None, Vec::new(), |lowering| {
            lowering.effect(otherwise);
            None
        });
        self.variables = before;
        if missing.region.falls() {
            // The compiler reports an `else` that does not leave.
            missing.region.end = End::Diverge;
        }
        let mut names = Vec::new();
        super::pattern::binding_names(pattern, &mut names);
        let mut results = Vec::new();
        let mut yielded = Vec::new();
        for ((name, mutable), binding) in names.iter().zip(&bindings) {
            let at = Extent::at(name.span());
            let variable = self.next_name(name);
            let active = self.value(*binding).active;
            let result = self.define(variable, at, name.to_string(), active, ValueKind::Joined);
            self.declare(name, *mutable, None, Current::Value(result));
            yielded.push(self.whole(*binding, at));
            results.push(result);
        }
        found.region.yield_at_end(yielded);
        let arms = [found, missing].map(|arm| self.finish_arm(arm, false, &[])).into();
        self.place_branch(scrutinee.head(), arms, results);
    }

    pub(super) fn arm(
        &mut self,
        pattern: TokenStream,
        guard: Option<Opaque>,
        bindings: Vec<Id>,
        inside: impl FnOnce(&mut Self) -> Option<Operand>,
    ) -> Lowered {
        let mut value = None;
        let region = self.region(|lowering| {
            value = inside(lowering);
            Vec::new()
        });
        Lowered {
            pattern,
            guard,
            bindings,
            region,
            value,
            variables: self.variables.clone(),
        }
    }

    /// Joins the arms: what they yield becomes the branch's results, and variables that some arm assigned get new values.
    pub(super) fn join(&mut self, source: &impl ToTokens, head: Head, arms: Vec<Lowered>) -> Option<Operand> {
        let changed = self.changed_variables(&arms);
        let falling: Vec<_> = arms.iter().filter(|arm| arm.region.falls()).collect();
        let value = falling
            .first()
            .and_then(|arm| arm.value.as_ref())
            .filter(|operand| !matches!(operand.kind, OperandKind::Unit));
        let wanted = value.is_some();
        let mut results = Vec::new();
        let mut joined = None;
        if wanted {
            let active = falling
                .iter()
                .any(|arm| arm.value.as_ref().is_some_and(|value| self.is_active(value)));
            let mut values = falling.iter().filter_map(|arm| arm.value.as_ref());
            // All arms give one type.
            let made = values.clone().any(|value| self.is_made(value));
            let owned = made || values.all(|value| self.holds_value(value));
            let id = self.temporary(source, active, ValueKind::Joined);
            self.owned.extend(owned.then_some(id));
            joined = Some(self.whole(id, extent(source)));
            results.push(id);
        }
        let mut assigned = Vec::new();
        for name in &changed {
            let active = falling
                .iter()
                .any(|arm| arm.current(name).is_some_and(|id| self.value(id).active));
            let value_name = self.next_name(name);
            let id = self.define(
                value_name,
                Extent::at(name.span()),
                name.to_string(),
                active,
                ValueKind::Joined,
            );
            let mut values = falling.iter().filter_map(|arm| arm.current(name));
            if values.all(|value| self.holds_value(&self.whole(value, extent(source)))) {
                self.owned.insert(id);
            }
            assigned.push((name.clone(), id));
            results.push(id);
        }
        let arms: Vec<_> = arms
            .into_iter()
            .map(|arm| self.finish_arm(arm, wanted, &changed))
            .collect();
        for (name, id) in assigned {
            self.set(&name, id);
        }
        self.place_branch(head, arms, results);
        joined
    }

    fn finish_arm(&self, mut arm: Lowered, wanted: bool, changed: &[syn::Ident]) -> Arm {
        let mut operands = Vec::new();
        if wanted {
            operands.extend(arm.value.take());
        }
        for name in changed {
            if let Some(id) = arm.current(name) {
                operands.push(Operand {
                    kind: OperandKind::Place(Place::whole(id)),
                    extent: Extent::at(name.span()),
                });
            }
        }
        if !operands.is_empty() {
            arm.region.yield_at_end(operands);
        }
        Arm {
            pattern: arm.pattern,
            guard: arm.guard,
            bindings: arm.bindings,
            region: arm.region,
        }
    }

    /// The variables that existed before the branch and hold something else behind one of its arms, in the order of their
    /// names.
    fn changed_variables(&self, arms: &[Lowered]) -> Vec<syn::Ident> {
        let mut changed = Vec::new();
        for (name, variable) in &self.variables {
            let before = match &variable.current {
                Current::Value(id) => Some(*id),
                Current::Nothing => None,
                Current::Closure(_) => continue,
            };
            let ends: Vec<_> = arms
                .iter()
                .filter(|arm| arm.region.falls())
                .map(|arm| match arm.variables.get(name).map(|variable| &variable.current) {
                    Some(Current::Value(id)) => Some(*id),
                    _ => None,
                })
                .collect();
            let ident = || {
                ends.iter()
                    .flatten()
                    .next()
                    .map(|id| crate::ir::ident(name, self.value(*id).extent.first))
            };
            if ends.iter().any(|end| *end != before) && ends.iter().all(Option::is_some) {
                changed.extend(ident());
            }
        }
        changed.sort_by_key(ToString::to_string);
        changed
    }

    /// Adds the branch to the region. What follows one that may leave is its rest.
    fn place_branch(&mut self, head: Head, arms: Vec<Arm>, results: Vec<Id>) {
        if self.ended.is_some() {
            return;
        }
        self.branches += 1;
        let branch = Branch {
            number: self.branches,
            head,
            arms,
            results,
        };
        let falls = branch.arms.iter().any(|arm| arm.region.falls());
        let leaves = branch.arms.iter().any(|arm| arm.region.leaves());
        if !falls {
            self.ended = Some(End::Tail(Box::new(branch)));
        } else if leaves {
            self.splits.push((std::mem::take(&mut self.statements), branch));
        } else {
            self.statements.push(Statement::Branch(branch));
        }
    }
}

impl Lowered {
    fn current(&self, name: &syn::Ident) -> Option<Id> {
        match self.variables.get(&name.to_string()).map(|variable| &variable.current) {
            Some(Current::Value(id)) => Some(*id),
            _ => None,
        }
    }
}

/// The `let` patterns of a condition, with what they match on.
pub(super) fn let_patterns<'e>(expr: &'e Expr, found: &mut Vec<(&'e Pat, &'e Expr)>) {
    match expr {
        Expr::Let(pattern) => found.push((&pattern.pat, &pattern.expr)),
        Expr::Binary(binary) => {
            let_patterns(&binary.left, found);
            let_patterns(&binary.right, found);
        }
        Expr::Paren(paren) => let_patterns(&paren.expr, found),
        _ => {}
    }
}

/// The patterns for each part of a tuple of the given size, if each of the given ones takes the tuple apart or is `_`.
fn columns<'p>(patterns: &[&'p Pat], size: usize) -> Option<Vec<Vec<&'p Pat>>> {
    let mut columns = vec![Vec::new(); size];
    for pattern in patterns {
        match pattern {
            Pat::Wild(_) => {}
            Pat::Paren(paren) => {
                let inner = self::columns(&[&paren.pat], size)?;
                columns
                    .iter_mut()
                    .zip(inner)
                    .for_each(|(column, inner)| column.extend(inner));
            }
            Pat::Guard(guard) => {
                let inner = self::columns(&[&guard.pat], size)?;
                columns
                    .iter_mut()
                    .zip(inner)
                    .for_each(|(column, inner)| column.extend(inner));
            }
            Pat::Tuple(tuple)
                if tuple.elems.len() == size && !tuple.elems.iter().any(|element| matches!(element, Pat::Rest(_))) =>
            {
                columns
                    .iter_mut()
                    .zip(&tuple.elems)
                    .for_each(|(column, element)| column.push(element));
            }
            pattern if !super::pattern::has_bindings(pattern) && matches!(pattern, Pat::Or(_)) => {}
            _ => return None,
        }
    }
    Some(columns)
}

// Original: match value { Some(pattern) => a, None => b }
// Output:   if let Some(pattern) = value { a } else { b }
fn as_if_let(branch: &syn::ExprMatch) -> Option<syn::ExprIf> {
    let [first, second] = &branch.arms[..] else {
        return None;
    };
    let is_nothing = |arm: &syn::Arm| match &arm.pat {
        Pat::Wild(_) => true,
        Pat::Ident(name) => name.ident == "None",
        Pat::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "None"),
        _ => false,
    };
    let (some, none) = match (&first.pat, &second.pat) {
        (Pat::TupleStruct(_), _) if is_nothing(second) => (first, second),
        (_, Pat::TupleStruct(_)) if is_nothing(first) && !matches!(first.pat, Pat::Wild(_)) => (second, first),
        _ => return None,
    };
    if !first.attrs.is_empty() || !second.attrs.is_empty() {
        return None;
    }
    let (pattern, value, found, missing) = (&some.pat, &branch.expr, &some.body, &none.body);
    syn::parse2(quote!(if let #pattern = #value { #found } else { #missing })).ok()
}
