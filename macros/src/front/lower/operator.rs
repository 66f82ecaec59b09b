//! Operators and casts.

use quote::{ToTokens, quote};
use syn::BinOp;

use super::Lowering;
use crate::front::{mentions, types};
use crate::ir::{Op, Operand, Syntax};

impl Lowering<'_> {
    pub(super) fn binary(&mut self, binary: &syn::ExprBinary) -> Operand {
        if rule(&binary.op).is_none() {
            // Comparisons and logic have no tangent.
            return self.opaque_expression(&syn::Expr::Binary(binary.clone()), false);
        }
        let left = self.expression(&binary.left);
        let right = self.expression(&binary.right);
        self.binary_operation(binary, left, right)
            .unwrap_or_else(|| Self::unit(binary))
    }

    /// `left op right`, or the same for `left op= right`.
    pub(super) fn binary_operation(
        &mut self,
        binary: &syn::ExprBinary,
        left: Operand,
        right: Operand,
    ) -> Option<Operand> {
        let Some(name) = rule(&binary.op) else {
            self.errors.add(
                binary.op,
                "this operator cannot be differentiated; it is for integers, so keep active values out of it",
            );
            return None;
        };
        let operator = binary.op.to_token_stream();
        let compound = mentions::is_compound(&binary.op);
        let syntax = if compound {
            Syntax::Compound(operator)
        } else {
            Syntax::Infix(operator)
        };
        Some(self.operation(
            binary,
            Op::Primitive {
                name: name.to_owned(),
                syntax,
            },
            vec![left, right],
        ))
    }

    pub(super) fn negation(&mut self, unary: &syn::ExprUnary) -> Operand {
        let operand = self.expression(&unary.expr);
        let syntax = Syntax::Prefix(unary.op.to_token_stream());
        self.operation(
            unary,
            Op::Primitive {
                name: "neg".to_owned(),
                syntax,
            },
            vec![operand],
        )
    }

    pub(super) fn cast(&mut self, cast: &syn::ExprCast) -> Operand {
        if types::is_integer(&cast.ty) && mentions::escape(&cast.expr).is_none() && !self.writes_outside(&cast.expr) {
            return self.opaque_expression(&syn::Expr::Cast(cast.clone()), false);
        }
        let operand = self.expression(&cast.expr);
        let (keyword, ty) = (cast.as_token, &cast.ty);
        let syntax = Syntax::Cast(quote!(#keyword #ty));
        self.operation(
            cast,
            Op::Primitive {
                name: "cast".to_owned(),
                syntax,
            },
            vec![operand],
        )
    }
}

/// The rule of an arithmetic operator.
fn rule(op: &BinOp) -> Option<&'static str> {
    match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => Some("add"),
        BinOp::Sub(_) | BinOp::SubAssign(_) => Some("sub"),
        BinOp::Mul(_) | BinOp::MulAssign(_) => Some("mul"),
        BinOp::Div(_) | BinOp::DivAssign(_) => Some("div"),
        BinOp::Rem(_) | BinOp::RemAssign(_) => Some("rem"),
        _ => None,
    }
}
