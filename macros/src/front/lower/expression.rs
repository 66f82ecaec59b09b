//! Expressions: the dispatch over their kinds.

use quote::ToTokens;
use syn::{Block, Expr, Stmt, UnOp};

use super::Lowering;
use super::macros::is_diverging;
use super::statement::extent;
use crate::front::mentions;
use crate::ir::{Check, Op, Operand, OperandKind};

impl Lowering<'_> {
    /// Lowers an expression, and gives what holds its value.
    pub(super) fn expression(&mut self, expr: &Expr) -> Operand {
        if self.ended.is_some() {
            return Self::unit(expr);
        }
        if !self.mentions_active(expr) && !needs_structure(expr) {
            return self.inactive(expr);
        }
        if let Some(condition) = self.in_order(expr) {
            return condition;
        }
        match expr {
            Expr::Paren(paren) => Operand {
                extent: extent(expr),
                ..self.expression(&paren.expr)
            },
            Expr::Group(group) => self.expression(&group.expr),
            Expr::Path(path) => self.path(path),
            Expr::Field(field) => self.field(field),
            Expr::Index(index) => self.index(index),
            Expr::Reference(reference) => self.reference(reference),
            Expr::Unary(unary) => match &unary.op {
                UnOp::Deref(_) => self.dereference(unary),
                UnOp::Neg(_) => self.negation(unary),
                _ => self.opaque_expression(expr, false),
            },
            Expr::Binary(binary) if mentions::is_compound(&binary.op) => {
                self.effect(expr);
                Self::unit(expr)
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => self.cast(cast),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Call(call) => self.call(call),
            Expr::Tuple(tuple) => self.tuple(tuple),
            Expr::Array(array) => self.array(array),
            Expr::Repeat(repeat) => self.repeat(repeat),
            Expr::Struct(literal) => self.struct_literal(literal),
            Expr::Block(block) => self.block(block),
            Expr::If(branch) => self.if_value(branch),
            Expr::Match(branch) => self.match_value(branch),
            Expr::Macro(mac) => self.macro_value(mac),
            Expr::ForLoop(inner) => self.for_loop(inner),
            Expr::While(inner) => self.while_loop(inner),
            Expr::Loop(inner) => self.endless_loop(inner),
            Expr::Break(jump) => {
                self.break_loop(jump);
                Self::unit(expr)
            }
            Expr::Continue(jump) => {
                self.continue_loop(jump);
                Self::unit(expr)
            }
            Expr::Assign(_) => {
                self.effect(expr);
                Self::unit(expr)
            }
            Expr::Return(_) => {
                self.effect(expr);
                Self::unit(expr)
            }
            other => {
                let (what, instead) = unsupported(other);
                self.unsupported(other, format!("{what} cannot be differentiated; {instead}"))
            }
        }
    }

    fn block(&mut self, block: &syn::ExprBlock) -> Operand {
        match &block.label {
            Some(label) => self.unsupported(
                label,
                "a labelled block cannot be differentiated yet; use `if` and `else`, or return early",
            ),
            None => self.block_value(&block.block),
        }
    }

    /// An expression that mentions nothing active.
    fn inactive(&mut self, expr: &Expr) -> Operand {
        if let Some(place) = self.inactive_place(expr) {
            return Operand {
                kind: OperandKind::Place(place),
                extent: extent(expr),
            };
        }
        match expr {
            Expr::Paren(paren) if self.is_constant(&paren.expr) => Operand {
                kind: OperandKind::Constant(expr.to_token_stream()),
                extent: extent(expr),
            },
            Expr::Paren(paren) if matches!(*paren.expr, Expr::Reference(_)) => Operand {
                extent: extent(expr),
                ..self.inactive(&paren.expr)
            },
            Expr::Reference(reference) if reference.mutability.is_none() => {
                match self.inactive_place(&reference.expr) {
                    Some(place) => Operand {
                        kind: OperandKind::Borrow(reference.and_token.to_token_stream(), place),
                        extent: extent(expr),
                    },
                    None if self.is_constant(&reference.expr) && !matches!(*reference.expr, Expr::Lit(_)) => Operand {
                        kind: OperandKind::Constant(expr.to_token_stream()),
                        extent: extent(expr),
                    },
                    // What is computed outlives the statement under a name.
                    None if is_computed(&reference.expr) && mentions::escape(expr).is_none() => {
                        let inside = self.opaque_expression(&reference.expr, false);
                        match inside.place().cloned() {
                            Some(place) => Operand {
                                kind: OperandKind::Borrow(reference.and_token.to_token_stream(), place),
                                extent: extent(expr),
                            },
                            None => inside,
                        }
                    }
                    None => self.opaque_expression(expr, false),
                }
            }
            Expr::Path(_) | Expr::Lit(_) => Operand {
                kind: OperandKind::Constant(expr.to_token_stream()),
                extent: extent(expr),
            },
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) && self.is_constant(&unary.expr) => Operand {
                kind: OperandKind::Constant(expr.to_token_stream()),
                extent: extent(expr),
            },
            Expr::Tuple(tuple) if tuple.elems.is_empty() => Self::unit(expr),
            Expr::Macro(mac) => self.macro_value(mac),
            _ => self.opaque_expression(expr, false),
        }
    }

    /// True if the expression assigns to a variable from outside.
    pub(super) fn writes_outside(&self, expr: &Expr) -> bool {
        mentions::assignments(expr, None)
            .iter()
            .any(|name| self.current(name).is_some())
    }

    /// True for literals, and paths to something that is not a local variable.
    fn is_constant(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(_) => true,
            Expr::Path(path) => path.path.get_ident().is_none_or(|name| self.current(name).is_none()),
            _ => false,
        }
    }

    /// The user's tokens as a value. `discrete` if they mention active values and the compiler is to check that nothing
    /// flows through.
    pub(super) fn opaque_expression(&mut self, expr: &Expr, discrete: bool) -> Operand {
        if let Some(escape) = mentions::escape(expr) {
            return self.unsupported(
                &escape,
                "leaving the function inside this expression cannot be differentiated; compute what leaves in a statement of its own",
            );
        }
        if self.mentions_active(expr) && self.writes_outside(expr) {
            return self.unsupported(
                expr,
                "a write inside this expression cannot be differentiated; write in a statement of its own",
            );
        }
        let code = self.opaque(expr);
        let writes = self.writes(expr);
        let discrete = discrete || self.mentions_active(expr);
        let check = if discrete { Check::Discrete } else { Check::Nothing };
        self.operation(expr, Op::Opaque { code, writes, check }, Vec::new())
    }
}

/// True if the expression cannot be emitted as it is: control leaves it, or it is a macro, which may not end.
fn needs_structure(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Macro(_) | Expr::Assign(_) => true,
        Expr::Block(block) if block.label.is_none() && diverges(&block.block) => true,
        Expr::Binary(binary) => mentions::is_compound(&binary.op) || mentions::escape(expr).is_some(),
        _ => mentions::escape(expr).is_some(),
    }
}

/// True if the block ends with a macro that never ends.
fn diverges(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(Expr::Macro(last), _)) => is_diverging(&last.mac),
        Some(Stmt::Expr(Expr::Block(last), _)) => diverges(&last.block),
        Some(Stmt::Macro(last)) => is_diverging(&last.mac),
        _ => false,
    }
}

/// True for operations and calls, whose results are values of a known size.
fn is_computed(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_computed(&paren.expr),
        Expr::Binary(_) | Expr::MethodCall(_) | Expr::Call(_) | Expr::Cast(_) => true,
        _ => false,
    }
}

/// What the construct is called, and what to write instead.
fn unsupported(expr: &Expr) -> (&'static str, &'static str) {
    match expr {
        Expr::Closure(_) => (
            "a closure that captures active values",
            "bind it with `let` and call it, or write a `#[differentiable]` function",
        ),
        Expr::Async(_) | Expr::Await(_) => ("asynchronous code", "compute first and await afterwards"),
        Expr::Try(_) => (
            "`?` on a value that depends on an active one",
            "use `match` and `return`",
        ),
        Expr::Range(_) => ("a range with active ends", "compare with the ends instead"),
        Expr::Unsafe(_) => (
            "unsafe code",
            "put it into a function with a rule attached by `#[derivative_of]`",
        ),
        Expr::RawAddr(_) => ("a raw pointer to an active value", "use a reference"),
        Expr::Let(_) => ("a pattern in this place", "use `match`"),
        _ => (
            "this expression",
            "put it into a function with a rule attached by `#[derivative_of]`",
        ),
    }
}
