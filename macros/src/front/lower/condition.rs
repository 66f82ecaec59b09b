//! Conditions, and what is written to within them.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Lit, UnOp};

use super::branch::{Scrutinee, let_patterns};
use super::call::is_users;

use super::statement::strip;
use super::{Current, Lowering};
use crate::front::{mentions, resolve};
use crate::ir::{Id, Opaque, Operand, View};

impl Lowering<'_> {
    /// The condition, and what it binds.
    pub(super) fn condition(&mut self, expr: &Expr) -> Option<(Opaque, Vec<Id>)> {
        if self.reports_escape(expr, "a condition") {
            return None;
        }
        let mut patterns = Vec::new();
        let_patterns(expr, &mut patterns);
        let writes = self.writes_in_condition(expr);
        if patterns.is_empty() && (writes || mentions::writes(expr).iter().any(|name| self.is_inactive_mutable(name))) {
            // What the condition changes must be visible in both branches.
            let name = self.bound_name("condition", expr);
            let mentions = match self.current(&name) {
                Some(Current::Value(id)) => vec![(name.clone(), *id)],
                _ => Vec::new(),
            };
            let tokens = name.into_token_stream();
            return Some((Opaque { tokens, mentions }, Vec::new()));
        }
        if patterns.is_empty() {
            return Some((self.opaque(expr), Vec::new()));
        }
        if writes {
            self.errors.add(
                expr,
                "a write inside a condition with patterns cannot be differentiated; write in a statement of its own",
            );
            return None;
        }
        let condition = self.chain(expr);
        let mut bindings = Vec::new();
        for (pattern, scrutinee) in patterns {
            if !self.mentions_active(scrutinee) {
                bindings.extend(self.opaque_bindings(pattern));
            } else if super::pattern::has_bindings(pattern) {
                if mentions::root(scrutinee).is_none() {
                    self.errors.add(
                        scrutinee,
                        "an active value that is computed between conditions cannot be differentiated; compute it before the `if`",
                    );
                    return None;
                }
                let operand = self.expression(scrutinee);
                bindings.extend(self.arm_bindings(pattern, &Scrutinee::One(operand, View::Bound))?);
            }
        }
        Some((condition, bindings))
    }

    /// A chain of conditions with patterns. What it binds is seen in the branch, so that the variables it mentions go by names
    /// that nothing else has.
    fn chain(&mut self, expr: &Expr) -> Opaque {
        let Opaque { tokens, mentions } = self.opaque(expr);
        let fresh: Vec<_> = mentions
            .iter()
            .map(|(name, _)| self.names.fresh(&name.to_string(), name.span()))
            .collect();
        let mut renamed = expr.clone();
        resolve::rename(
            &mut renamed,
            mentions.iter().map(|(name, _)| name).zip(&fresh),
            self.names,
        );
        if mentions.is_empty() {
            return Opaque { tokens, mentions };
        }
        Opaque {
            tokens: renamed.into_token_stream(),
            mentions: fresh.into_iter().zip(mentions.into_iter().map(|(_, id)| id)).collect(),
        }
    }

    fn is_inactive_mutable(&self, name: &syn::Ident) -> bool {
        self.variables.get(&name.to_string()).is_some_and(|variable| {
            variable.mutable && matches!(&variable.current, Current::Value(id) if !self.value(*id).active)
        })
    }

    /// True if the evaluation of a condition may change a variable that derivatives flow through.
    fn writes_in_condition(&self, expr: &Expr) -> bool {
        self.mentions_active(expr) && (self.writes_outside(expr) || self.changes_by_method(expr))
            || self.calls_what_writes(expr)
    }

    /// True if a condition is decided by a method that is taken to change its receiver. Where the method's result is a `bool` or
    /// an integer, that is a guess: nothing flows through it, whatever else the method may be. Elsewhere it must be known.
    fn changes_by_method(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Unary(unary) => matches!(unary.op, UnOp::Not(_)) && self.changes_by_method(&unary.expr),
            Expr::Binary(binary) => match binary.op {
                BinOp::And(_) | BinOp::Or(_) => {
                    self.changes_by_method(&binary.left) || self.changes_by_method(&binary.right)
                }
                _ if is_comparison(&binary.op) && is_integer(&binary.right) => self.changes_by_method(&binary.left),
                _ if is_comparison(&binary.op) && is_integer(&binary.left) => self.changes_by_method(&binary.right),
                _ => {
                    is_comparison(&binary.op)
                        && (self.surely_changes(&binary.left) || self.surely_changes(&binary.right))
                }
            },
            Expr::MethodCall(call) if call.args.is_empty() && asks(call) && self.surely_changes(&call.receiver) => true,
            Expr::MethodCall(call) => !asks(call) && is_users(call) && self.is_changing(call),
            _ => false,
        }
    }

    /// True if a method is called that is known to change its receiver.
    fn surely_changes(&self, expr: &Expr) -> bool {
        struct Finder<'a, 'l>(&'a Lowering<'l>, bool);
        impl<'ast> Visit<'ast> for Finder<'_, '_> {
            fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
                self.1 |= self.0.changes.is_known_to_change(call) && self.0.is_changing(call);
                visit::visit_expr_method_call(self, call);
            }
        }
        let mut finder = Finder(self, false);
        finder.visit_expr(expr);
        finder.1
    }

    /// A comparison or a combination of conditions in the course of which something is written to: one part after the other.
    // Original: a.count() < b.step(x) || !c.step(x)
    // Lowered:  if { let left = a.count(); let right = b.step(x); left < right } { true } else { let inner = c.step(x); !inner }
    pub(super) fn in_order(&mut self, expr: &Expr) -> Option<Operand> {
        let has_parts = match expr {
            Expr::Unary(unary) => matches!(unary.op, UnOp::Not(_)),
            Expr::Binary(binary) => is_comparison(&binary.op) || matches!(binary.op, BinOp::And(_) | BinOp::Or(_)),
            Expr::MethodCall(call) => {
                asks(call)
                    && call.args.is_empty()
                    && matches!(strip(&call.receiver), Expr::Call(_) | Expr::MethodCall(_))
            }
            _ => false,
        };
        if !has_parts || mentions::escape(expr).is_some() || !self.writes_in_condition(expr) {
            return None;
        }
        let parts: Expr = match expr {
            Expr::Unary(unary) => {
                let (not, inner) = (&unary.op, self.bound("inner", &unary.expr));
                syn::parse_quote!(#not #inner)
            }
            Expr::Binary(binary) => {
                let (left, op, right) = (&binary.left, &binary.op, &binary.right);
                match op {
                    BinOp::And(_) => {
                        return Some(self.expression(&syn::parse_quote!(if #left { #right } else { false })));
                    }
                    BinOp::Or(_) => {
                        return Some(self.expression(&syn::parse_quote!(if #left { true } else { #right })));
                    }
                    _ => {
                        let (left, right) = (self.bound("left", left), self.bound("right", right));
                        syn::parse_quote!(#left #op #right)
                    }
                }
            }
            Expr::MethodCall(call) => {
                let receiver = self.bound("receiver", &call.receiver);
                let mut call = call.clone();
                *call.receiver = receiver;
                Expr::MethodCall(call)
            }
            _ => return None,
        };
        Some(self.opaque_expression(&parts, false))
    }
}

fn is_comparison(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
    )
}

fn is_integer(expr: &Expr) -> bool {
    matches!(strip(expr), Expr::Lit(literal) if matches!(literal.lit, Lit::Int(_)))
}

/// True for a method whose name is a question: it changes nothing.
fn asks(call: &syn::ExprMethodCall) -> bool {
    let name = call.method.to_string();
    ["is_", "are_", "has_", "can_", "should_", "needs_", "contains_"]
        .iter()
        .any(|question| name.starts_with(question))
}
