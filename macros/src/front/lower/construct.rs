//! Values put together: tuples, arrays, structs.

use quote::ToTokens;
use syn::Expr;

use super::Lowering;
use crate::ir::{Construct, Op, Operand};

impl Lowering<'_> {
    pub(super) fn tuple(&mut self, tuple: &syn::ExprTuple) -> Operand {
        let operands = tuple.elems.iter().map(|element| self.expression(element)).collect();
        self.operation(tuple, Op::Construct(Construct::Tuple), operands)
    }

    pub(super) fn array(&mut self, array: &syn::ExprArray) -> Operand {
        let operands = array.elems.iter().map(|element| self.expression(element)).collect();
        self.operation(array, Op::Construct(Construct::Array), operands)
    }

    pub(super) fn repeat(&mut self, repeat: &syn::ExprRepeat) -> Operand {
        let operand = self.expression(&repeat.expr);
        let construct = Construct::Repeat(repeat.len.to_token_stream());
        self.operation(repeat, Op::Construct(construct), vec![operand])
    }

    pub(super) fn struct_literal(&mut self, literal: &syn::ExprStruct) -> Operand {
        if let Some(qself) = &literal.qself {
            return self.unsupported(
                &qself.ty,
                "a struct literal of an associated type cannot be differentiated; name the type",
            );
        }
        let fields = literal
            .fields
            .iter()
            .map(|field| field.member.to_token_stream())
            .collect();
        let mut operands: Vec<_> = literal
            .fields
            .iter()
            .map(|field| self.expression(&field.expr))
            .collect();
        if let Some(rest) = &literal.rest {
            let operand = self.expression(rest);
            operands.push(self.in_place(rest, operand));
        }
        let path = literal.path.to_token_stream();
        let construct = Construct::Struct {
            path,
            fields,
            rest: literal.rest.is_some(),
        };
        self.operation(literal, Op::Construct(construct), operands)
    }

    /// `Wrapper(a, b)`
    pub(super) fn tuple_struct(&mut self, call: &syn::ExprCall, path: &syn::ExprPath) -> Operand {
        let operands = call
            .args
            .iter()
            .map(|argument: &Expr| self.expression(argument))
            .collect::<Vec<_>>();
        let wrong = path.path.segments.last().is_some_and(|last| last.ident == "Err");
        if let Some(active) = operands
            .iter()
            .position(|operand| self.is_active(operand))
            .filter(|_| wrong)
        {
            return self.unsupported(
                &call.args[active],
                "an active value inside an `Err` cannot be differentiated, since an error has no tangent; use `stop_gradient(…)` on it",
            );
        }
        let construct = Construct::TupleStruct(path.to_token_stream());
        self.operation(call, Op::Construct(construct), operands)
    }
}
