//! Closures that are called where they are defined: their bodies are lowered at each call.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprClosure};

use super::{Current, Lowering};
use crate::front::{mentions, resolve};
use crate::ir::{Id, Operand};

/// A closure in a variable.
#[derive(Clone)]
pub(super) struct Closure {
    pub(super) expr: ExprClosure,
    /// For a `move` closure, the values of the variables when it was made.
    captured: HashMap<String, Id>,
}

impl Closure {
    pub(super) fn of(expr: &ExprClosure) -> Self {
        Self {
            expr: expr.clone(),
            captured: HashMap::new(),
        }
    }

    /// What a `move` closure captured.
    pub(super) fn captured(&self) -> impl Iterator<Item = (&String, Id)> {
        self.captured.iter().map(|(name, id)| (name, *id))
    }
}

impl Lowering<'_> {
    /// `let name = |…| …;`
    pub(super) fn closure_definition(&mut self, name: &Ident, expr: &ExprClosure) {
        let mut closure = Closure::of(expr);
        if expr.capture.is_some() {
            for mentioned in mentions::mentions(&expr.body.to_token_stream()) {
                if let Some(Current::Value(id)) = self.current(&mentioned) {
                    closure.captured.insert(mentioned.to_string(), *id);
                }
            }
        }
        self.declare(name, false, None, Current::Closure(Box::new(closure)));
    }

    /// A call of a closure: its body, with the arguments bound to its parameters.
    pub(super) fn inline(&mut self, call: &syn::ExprCall, closure: &Closure) -> Operand {
        if let Some(token) = &closure.expr.asyncness {
            return self.unsupported(token, "an asynchronous closure cannot be differentiated");
        }
        if let Some(escape) = mentions::escape(&closure.expr.body) {
            return self.unsupported(
                &escape,
                "leaving a closure early cannot be differentiated; write it as a `#[differentiable]` function",
            );
        }
        // A method changes its receiver only if that is inactive: one that changes an active value has no derivative.
        let assigned = mentions::assignments(&closure.expr.body, Some(&self.changes));
        let written = mentions::writes(&closure.expr.body);
        let captured = |name: &Ident| closure.captured.get(&name.to_string());
        let inactive = |name: &&Ident| captured(name).is_some_and(|id| !self.value(*id).active);
        let written: Vec<_> = assigned.iter().chain(written.iter().filter(inactive)).collect();
        if let Some(name) = written.into_iter().find(|name| {
            closure.captured.contains_key(&name.to_string())
                && self
                    .variables
                    .get(&name.to_string())
                    .is_some_and(|variable| variable.mutable)
        }) {
            return self.unsupported(
                name,
                "a `move` closure that writes to what it captured cannot be differentiated; leave `move` out",
            );
        }
        if closure.expr.inputs.len() != call.args.len() {
            // The compiler reports the number of arguments.
            return Self::unit(call);
        }
        let mut expr = closure.expr.clone();
        if self.was_inlined(&call.func) {
            resolve::freshen(&mut expr, self.names);
        }
        self.count_call(&call.func);
        let arguments: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
        let outer = self.enter(closure);
        for (input, argument) in expr.inputs.iter().zip(arguments) {
            self.bind(input, argument);
        }
        let result = self.closure_body(&expr);
        self.exit(outer);
        result
    }

    fn closure_body(&mut self, expr: &ExprClosure) -> Operand {
        let result = self.expression(&expr.body);
        match &expr.output {
            syn::ReturnType::Default => result,
            syn::ReturnType::Type(_, ty) => {
                let name = self.names.fresh("t", result.extent.first);
                self.bind_name(&name, false, Some(ty.to_token_stream()), result);
                match self.current(&name) {
                    Some(Current::Value(id)) => self.whole(*id, self.value(*id).extent),
                    _ => Self::unit(expr),
                }
            }
        }
    }

    pub(super) fn count_call(&mut self, func: &Expr) {
        if let Expr::Path(path) = func
            && let Some(name) = path.path.get_ident()
        {
            self.inlined.insert(name.to_string());
        }
    }

    /// True if the closure that is called has been inlined before, in whichever branch.
    pub(super) fn was_inlined(&self, func: &Expr) -> bool {
        matches!(func, Expr::Path(path) if path.path.get_ident().is_some_and(|name| self.inlined.contains(&name.to_string())))
    }

    /// Puts the captured values of a `move` closure in place of the current ones, which are given back.
    fn enter(&mut self, closure: &Closure) -> Vec<(String, Current)> {
        let mut outer = Vec::new();
        for (name, id) in &closure.captured {
            if let Some(variable) = self.variables.get_mut(name) {
                outer.push((
                    name.clone(),
                    std::mem::replace(&mut variable.current, Current::Value(*id)),
                ));
            }
        }
        outer
    }

    /// Restores them. A `move` closure that writes to what it captured would need state of its own.
    fn exit(&mut self, outer: Vec<(String, Current)>) {
        for (name, current) in outer {
            if let Some(variable) = self.variables.get_mut(&name) {
                variable.current = current;
            }
        }
    }
}
