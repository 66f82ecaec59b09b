//! How control leaves a loop: `break`, `continue` and `return`, and how it goes on behind the loop.

use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::{Block, Expr, Label, Lifetime};

use super::super::Lowering;
use super::super::statement::extent;
use super::Context;
use crate::ir::{End, Extent, Head, Op, Opaque, Operand, OperandKind, Place, Projection, Statement, Verbatim};

/// Where control goes on behind a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Jump {
    Return,
    Break(Option<Ident>),
    Continue(Option<Ident>),
}

impl Lowering<'_> {
    /// Ends the iteration.
    pub(super) fn next(&mut self, last: bool) {
        if self.ended.is_some() {
            return;
        }
        let Some(context) = self.loops.last() else { return };
        let ids: Vec<_> = context
            .carried
            .iter()
            .map(|name| (name.clone(), self.current_value(name)))
            .collect();
        let mut operands = Vec::new();
        let mut active = Vec::new();
        for (index, (name, id)) in ids.into_iter().enumerate() {
            let Some(id) = id else { continue };
            let operand = self.whole(id, Extent::at(name.span()));
            if self.is_active(&operand) {
                active.push(index);
            }
            operands.push(operand);
        }
        operands.push(Operand {
            kind: OperandKind::Constant(if last { quote!(true) } else { quote!(false) }),
            extent: Extent::at(Span::call_site()),
        });
        if let Some(context) = self.loops.last_mut() {
            context.active.extend(active);
            context.breaks |= last;
        }
        self.ended = Some(End::Next(operands));
    }

    /// `break`, with or without a label or a value.
    pub(in super::super) fn break_loop(&mut self, source: &syn::ExprBreak) {
        let label = source.label.as_ref().map(|label| label.ident.clone());
        if source.label.as_ref().is_some_and(|label| !self.has_label(label)) || self.loops.is_empty() {
            self.unsupported(
                source,
                "leaving a labelled block cannot be differentiated yet; use `if` and `else`, or return early",
            );
            return;
        }
        let target = self.target(label.as_ref());
        if let Some(value) = &source.expr {
            let value = self.expression(value);
            let variable = self.loops[target].value.clone();
            if let Some(variable) = variable {
                self.store_some(source, &variable, value);
            }
        }
        if target + 1 == self.loops.len() {
            self.leave_loop();
        } else {
            self.jump(Jump::Break(label));
        }
    }

    pub(super) fn leave_loop(&mut self) {
        if let (None, Some(context)) = (&self.ended, self.loops.last_mut()) {
            context.left = true;
        }
        self.next(true);
    }

    pub(in super::super) fn continue_loop(&mut self, source: &syn::ExprContinue) {
        let label = source.label.as_ref().map(|label| label.ident.clone());
        if self.loops.is_empty() {
            return;
        }
        if self.target(label.as_ref()) + 1 == self.loops.len() {
            self.next(false);
        } else {
            self.jump(Jump::Continue(label));
        }
    }

    /// `return value` inside a loop.
    fn return_from_loop(&mut self, source: &impl ToTokens, value: Operand) {
        let Some(variable) = self.loops.last().and_then(|context| context.returned.clone()) else {
            return;
        };
        self.store_some(source, &variable, value);
        self.jump(Jump::Return);
    }

    pub(super) fn store_some(&mut self, source: &impl ToTokens, variable: &Ident, value: Operand) {
        let some = Op::Construct(crate::ir::Construct::TupleStruct(quote!(::core::option::Option::Some)));
        let wrapped = self.operation(source, some, vec![value]);
        self.store(variable, wrapped, None);
    }

    /// Leaves the innermost loop, to go on elsewhere behind it.
    fn jump(&mut self, jump: Jump) {
        if self.ended.is_some() {
            return;
        }
        let Some(context) = self.loops.last_mut() else { return };
        let code = match context.jumps.iter().position(|known| *known == jump) {
            Some(position) => position + 1,
            None => {
                context.jumps.push(jump);
                context.jumps.len()
            }
        };
        if let Some(variable) = context.jump.clone() {
            let code = proc_macro2::Literal::u8_suffixed(u8::try_from(code).unwrap_or(u8::MAX));
            self.assign_tokens(&variable, code.into_token_stream());
        }
        self.next(true);
    }

    /// Behind a loop: goes on where the iteration that was the last one said.
    pub(super) fn dispatch(&mut self, source: &impl ToTokens, context: &Context) {
        let Some(jump) = context.jump.as_ref().and_then(|jump| self.current_value(jump)) else {
            return;
        };
        for (index, target) in context.jumps.iter().enumerate() {
            let code = proc_macro2::Literal::u8_suffixed(u8::try_from(index + 1).unwrap_or(u8::MAX));
            let before = self.variables.clone();
            let taken = self.arm(code.into_token_stream(), None, Vec::new(), |lowering| {
                lowering.go_on(source, target, context);
                None
            });
            self.variables = before.clone();
            let other = self.arm(quote!(_), None, Vec::new(), |_| None);
            self.variables = before;
            let scrutinee = self.whole(jump, extent(source));
            self.join(source, Head::Match(scrutinee), vec![taken, other]);
        }
    }

    /// Control does not get here.
    pub(super) fn never(&mut self) {
        if self.ended.is_some() {
            return;
        }
        let code = Opaque {
            tokens: quote!(::core::unreachable!();),
            mentions: Vec::new(),
        };
        self.push(Statement::Verbatim(Verbatim {
            code,
            writes: Vec::new(),
            defines: Vec::new(),
        }));
        self.ended = Some(End::Diverge);
    }

    fn go_on(&mut self, source: &impl ToTokens, target: &Jump, context: &Context) {
        match target {
            Jump::Return => {
                let Some(id) = context
                    .returned
                    .as_ref()
                    .and_then(|returned| self.current_value(returned))
                else {
                    return;
                };
                let value = Operand {
                    kind: OperandKind::Place(Place {
                        root: id,
                        projections: vec![Projection::Payload],
                    }),
                    extent: extent(source),
                };
                self.leave_with(source, value);
            }
            Jump::Break(label) => {
                if self.target(label.as_ref()) + 1 == self.loops.len() {
                    self.leave_loop();
                } else {
                    self.jump(Jump::Break(label.clone()));
                }
            }
            Jump::Continue(label) => {
                if self.target(label.as_ref()) + 1 == self.loops.len() {
                    self.next(false);
                } else {
                    self.jump(Jump::Continue(label.clone()));
                }
            }
        }
    }

    /// The function returns, from inside a loop or not.
    pub(in super::super) fn leave_with(&mut self, source: &impl ToTokens, value: Operand) {
        if self.loops.is_empty() {
            self.leave(value);
        } else {
            self.return_from_loop(source, value);
        }
    }

    fn has_label(&self, label: &Lifetime) -> bool {
        self.loops
            .iter()
            .any(|context| context.label.as_ref() == Some(&label.ident))
    }

    /// The loop that a jump is about.
    fn target(&self, label: Option<&Ident>) -> usize {
        let last = self.loops.len().saturating_sub(1);
        label.map_or(last, |label| {
            self.loops
                .iter()
                .rposition(|context| context.label.as_ref() == Some(label))
                .unwrap_or(last)
        })
    }
}

/// True if the function can return from inside the expression.
pub(super) fn returns(expr: &Expr) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
            self.0 = true;
        }
        fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
            self.0 = true;
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut finder = Finder(false);
    finder.visit_expr(expr);
    finder.0
}

/// True if the loop is left with a value.
pub(super) fn breaks_with_value(body: &Block, label: Option<&Label>) -> bool {
    struct Finder<'l> {
        label: Option<&'l Ident>,
        depth: usize,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_expr_break(&mut self, source: &'ast syn::ExprBreak) {
            let ours = match &source.label {
                Some(label) => Some(&label.ident) == self.label,
                None => self.depth == 0,
            };
            self.found |= ours && source.expr.is_some();
            syn::visit::visit_expr_break(self, source);
        }
        fn visit_expr_loop(&mut self, inner: &'ast syn::ExprLoop) {
            self.depth += 1;
            syn::visit::visit_expr_loop(self, inner);
            self.depth -= 1;
        }
        fn visit_expr_while(&mut self, inner: &'ast syn::ExprWhile) {
            self.depth += 1;
            syn::visit::visit_expr_while(self, inner);
            self.depth -= 1;
        }
        fn visit_expr_for_loop(&mut self, inner: &'ast syn::ExprForLoop) {
            self.depth += 1;
            syn::visit::visit_expr_for_loop(self, inner);
            self.depth -= 1;
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut finder = Finder {
        label: label.map(|label| &label.name.ident),
        depth: 0,
        found: false,
    };
    finder.visit_block(body);
    finder.found
}
