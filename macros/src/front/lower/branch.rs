//! Conditionals: `if`, `match`, `let … else`.

use std::collections::HashMap;

use quote::{ToTokens, quote};
use syn::{Expr, Pat};

use super::statement::extent;
use super::{Current, Lowering, Variable};
use crate::front::mentions;
use crate::ir::{
    Arm, Branch, End, Extent, Head, Id, Opaque, Operand, OperandKind, Place, Region, Statement, ValueKind,
};

/// An arm that has been lowered, before it is known what it yields.
struct Lowered {
    pattern: proc_macro2::TokenStream,
    guard: Option<Opaque>,
    bindings: Vec<Id>,
    region: Region,
    /// The arm's value, if one is wanted.
    value: Option<Operand>,
    /// What the variables hold at its end.
    variables: HashMap<String, Variable>,
}

impl Lowering<'_> {
    pub(super) fn if_value(&mut self, branch: &syn::ExprIf) -> Operand {
        self.if_branch(branch, true).unwrap_or_else(|| Self::unit(branch))
    }

    pub(super) fn if_effect(&mut self, branch: &syn::ExprIf) {
        self.if_branch(branch, false);
    }

    fn if_branch(&mut self, branch: &syn::ExprIf, wanted: bool) -> Option<Operand> {
        let wanted = wanted && branch.else_branch.is_some();
        let before = self.variables.clone();
        let Some((condition, bindings)) = self.condition(&branch.cond) else {
            self.variables = before;
            return None;
        };
        let then = self.arm(quote!(), None, bindings, |lowering| {
            if wanted {
                return Some(lowering.block_value(&branch.then_branch));
            }
            lowering.block_effect(&branch.then_branch);
            None
        });
        self.variables = before.clone();
        let otherwise = self.arm(quote!(), None, Vec::new(), |lowering| match &branch.else_branch {
            Some((_, expr)) if wanted => Some(lowering.expression(expr)),
            Some((_, expr)) => {
                lowering.effect(expr);
                None
            }
            None => None,
        });
        self.variables = before;
        self.join(branch, Head::If(condition), vec![then, otherwise])
    }

    /// The condition, and what it binds.
    fn condition(&mut self, expr: &Expr) -> Option<(Opaque, Vec<Id>)> {
        if let Some(escape) = mentions::escape(expr) {
            self.errors.add(
                escape,
                "leaving the function inside a condition cannot be differentiated; compute the condition first",
            );
            return None;
        }
        let mut patterns = Vec::new();
        let_patterns(expr, &mut patterns);
        for (pattern, scrutinee) in &patterns {
            if super::pattern::has_bindings(pattern) && self.mentions_active(scrutinee) {
                self.errors.add(pattern, "a pattern that binds active values in a condition cannot be differentiated yet; compare and index instead");
                return None;
            }
        }
        if patterns.is_empty() && mentions::writes(expr).iter().any(|name| self.is_inactive_mutable(name)) {
            // What the condition changes must be visible in both branches.
            let operand = self.opaque_expression(expr, false);
            let name = operand.whole().map(|id| self.value(id).name.clone());
            let mentions = name.clone().into_iter().zip(operand.whole()).collect();
            return Some((
                Opaque {
                    tokens: name.to_token_stream(),
                    mentions,
                },
                Vec::new(),
            ));
        }
        let condition = self.opaque(expr);
        let bindings = patterns
            .iter()
            .flat_map(|(pattern, _)| self.opaque_bindings(pattern))
            .collect();
        Some((condition, bindings))
    }

    fn is_inactive_mutable(&self, name: &syn::Ident) -> bool {
        self.variables.get(&name.to_string()).is_some_and(|variable| {
            variable.mutable && matches!(&variable.current, Current::Value(id) if !self.value(*id).active)
        })
    }

    pub(super) fn match_value(&mut self, branch: &syn::ExprMatch) -> Operand {
        self.match_branch(branch, true).unwrap_or_else(|| Self::unit(branch))
    }

    pub(super) fn match_effect(&mut self, branch: &syn::ExprMatch) {
        self.match_branch(branch, false);
    }

    fn match_branch(&mut self, branch: &syn::ExprMatch, wanted: bool) -> Option<Operand> {
        let binds = branch.arms.iter().any(|arm| super::pattern::has_bindings(&arm.pat));
        let scrutinee = self.scrutinee(&branch.expr, binds);
        let active = self.is_active(&scrutinee);
        let before = self.variables.clone();
        let mut arms = Vec::new();
        for arm in &branch.arms {
            self.check_attributes(&arm.attrs);
            self.variables = before.clone();
            arms.push(self.match_arm(arm, &scrutinee, active, wanted)?);
        }
        self.variables = before;
        self.join(branch, Head::Match(scrutinee), arms)
    }

    /// What is matched on, as a place. Without bindings nothing flows through it.
    fn scrutinee(&mut self, expr: &Expr, binds: bool) -> Operand {
        let operand = if !binds && self.mentions_active(expr) && mentions::root(expr).is_none() {
            let code = self.opaque(expr);
            let op = crate::ir::Op::Opaque {
                code,
                writes: Vec::new(),
                check: crate::ir::Check::Nothing,
            };
            self.operation(expr, op, Vec::new())
        } else {
            self.expression(expr)
        };
        self.in_place(expr, operand)
    }

    fn match_arm(&mut self, arm: &syn::Arm, scrutinee: &Operand, active: bool, wanted: bool) -> Option<Lowered> {
        let mut bindings = Vec::new();
        match scrutinee.place().cloned() {
            Some(place) if active => {
                if let Some(variant) = variant(&arm.pat) {
                    self.errors.add(variant, "a pattern that binds the contents of an active enum cannot be differentiated yet; match on something inactive");
                    return None;
                }
                self.pattern(&arm.pat, &place, &mut bindings);
            }
            _ => bindings = self.opaque_bindings(&arm.pat),
        }
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => {
                if let Some(escape) = mentions::escape(&guarded.guard) {
                    self.errors.add(
                        escape,
                        "leaving the function inside a guard cannot be differentiated; compute the condition first",
                    );
                    return None;
                }
                (guarded.pat.to_token_stream(), Some(self.opaque(&guarded.guard)))
            }
            pattern => (pattern.to_token_stream(), None),
        };
        Some(self.arm(pattern, guard, bindings, |lowering| {
            if wanted {
                return Some(lowering.expression(&arm.body));
            }
            lowering.effect(&arm.body);
            None
        }))
    }

    /// `let pattern = value else { … };`
    pub(super) fn let_else(&mut self, pattern: &Pat, init: &Expr, otherwise: &Expr) {
        if self.mentions_active(init) {
            self.errors.add(
                pattern,
                "a pattern that binds active values may not fail yet; compare and index instead",
            );
            return;
        }
        // Original: let pattern = value else { leave };
        // Lowered:  let (a, b) = match value { pattern => (a, b), _ => leave };
        let scrutinee = self.expression(init);
        let scrutinee = self.in_place(init, scrutinee);
        let before = self.variables.clone();
        let bindings = self.opaque_bindings(pattern);
        let mut found = self.arm(pattern.to_token_stream(), None, bindings.clone(), |_| None);
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
            let result = self.define(variable, at, name.to_string(), false, ValueKind::Joined);
            self.declare(name, *mutable, None, Current::Value(result));
            yielded.push(self.whole(*binding, at));
            results.push(result);
        }
        found.region.yield_at_end(yielded);
        let arms = [found, missing].map(|arm| self.finish_arm(arm, false, &[])).into();
        self.place_branch(Head::Match(scrutinee), arms, results);
    }

    fn arm(
        &mut self,
        pattern: proc_macro2::TokenStream,
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
    fn join(&mut self, source: &impl ToTokens, head: Head, arms: Vec<Lowered>) -> Option<Operand> {
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
            let id = self.temporary(source, active, ValueKind::Joined);
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
fn let_patterns<'e>(expr: &'e Expr, found: &mut Vec<(&'e Pat, &'e Expr)>) {
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

/// A part of the pattern that may be an enum's variant with contents.
fn variant(pattern: &Pat) -> Option<&Pat> {
    match pattern {
        Pat::TupleStruct(_) | Pat::Struct(_) if super::pattern::has_bindings(pattern) => Some(pattern),
        Pat::Paren(paren) => variant(&paren.pat),
        Pat::Guard(guard) => variant(&guard.pat),
        Pat::Reference(reference) => variant(&reference.pat),
        Pat::Tuple(tuple) => tuple.elems.iter().find_map(variant),
        Pat::Or(or) => or.cases.iter().find_map(variant),
        _ => None,
    }
}
