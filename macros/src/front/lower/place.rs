//! Places: variables, fields, elements, references to them.

use quote::{ToTokens, quote};
use syn::Expr;

use super::statement::extent;
use super::{Current, Lowering};
use crate::ir::{Bounds, Id, Op, Operand, OperandKind, Place, Projection, Syntax};

impl Lowering<'_> {
    /// A variable, or a constant.
    pub(super) fn path(&mut self, path: &syn::ExprPath) -> Operand {
        let name = path.path.get_ident().filter(|_| path.qself.is_none());
        match name.and_then(|name| self.current(name)) {
            Some(Current::Value(id)) => {
                let id = *id;
                self.whole(id, extent(path))
            }
            Some(Current::Closure(_)) => self.unsupported(
                path,
                "a closure that captures an active value can only be called here; move its body into a `#[differentiable]` function to pass it on",
            ),
            Some(Current::Nothing) => Self::unit(path),
            None => Operand { kind: OperandKind::Constant(path.to_token_stream()), extent: extent(path) },
        }
    }

    /// `base.member`
    pub(super) fn field(&mut self, field: &syn::ExprField) -> Operand {
        if let Some(part) = self.chosen_part(field) {
            return self.expression(&part);
        }
        let member = field.member.to_token_stream();
        let operand = self.projected(field, &field.base, |_| Projection::Field(member));
        self.read_now(field, operand)
    }

    /// `base[index]`
    pub(super) fn index(&mut self, index: &syn::ExprIndex) -> Operand {
        if let Expr::Range(range) = &*index.index {
            return self.projected(index, &index.expr, |lowering| {
                let mut end = |end: &Option<Box<Expr>>| end.as_ref().map(|end| lowering.discrete(end));
                Projection::Slice(Box::new(Bounds {
                    start: end(&range.start),
                    end: end(&range.end),
                    limits: range.limits.to_token_stream(),
                }))
            });
        }
        let operand = self.projected(index, &index.expr, |lowering| {
            Projection::Index(Box::new(lowering.discrete(&index.index)))
        });
        self.read_now(index, operand)
    }

    /// A part of a variable whose parts are written to: a copy, so that the variable need not be kept as it is.
    fn read_now(&mut self, source: &impl ToTokens, operand: Operand) -> Operand {
        let written = operand.place().is_some_and(|place| {
            let name = self.variable_of(place.root);
            self.is_active(&operand) && name.is_some_and(|name| self.updated.contains(&name))
        });
        if self.places > 0 || !written {
            return operand;
        }
        self.operation(source, Op::Copy(Syntax::Plain), vec![operand])
    }

    /// The variable that holds the value at this point.
    fn variable_of(&self, id: Id) -> Option<String> {
        self.variables
            .iter()
            .find(|(_, variable)| matches!(variable.current, Current::Value(current) if current == id))
            .map(|(name, _)| name.clone())
    }

    /// The expression as a place, of which a part is taken or a reference.
    fn base(&mut self, expr: &Expr) -> Operand {
        self.places += 1;
        let operand = self.expression(expr);
        self.places -= 1;
        operand
    }

    /// `*base`
    pub(super) fn dereference(&mut self, unary: &syn::ExprUnary) -> Operand {
        let star = unary.op.to_token_stream();
        let operand = self.expression(&unary.expr);
        let operand = self.in_place(&unary.expr, operand);
        let kind = match operand.kind {
            OperandKind::Borrow(_, place) => OperandKind::Place(place),
            OperandKind::Place(mut place) => {
                place.projections.push(Projection::Dereference(star));
                OperandKind::Place(place)
            }
            other => other,
        };
        Operand {
            kind,
            extent: extent(unary),
        }
    }

    /// `&base`
    pub(super) fn reference(&mut self, reference: &syn::ExprReference) -> Operand {
        if let Some(mutable) = &reference.mutability {
            return self.unsupported(
                mutable,
                "a mutable reference to an active value cannot be differentiated yet; return the new value instead",
            );
        }
        let inner = self.base(&reference.expr);
        let inner = self.in_place(&reference.expr, inner);
        let OperandKind::Place(place) = inner.kind else {
            // A reference to a reference is as good as the reference.
            return inner;
        };
        Operand {
            kind: OperandKind::Borrow(reference.and_token.to_token_stream(), place),
            extent: extent(reference),
        }
    }

    fn projected(
        &mut self,
        source: &impl ToTokens,
        base: &Expr,
        projection: impl FnOnce(&mut Self) -> Projection,
    ) -> Operand {
        let operand = self.base(base);
        let operand = self.in_place(base, operand);
        let Some(mut place) = operand.place().cloned() else {
            return operand;
        };
        place.projections.push(projection(self));
        Operand {
            kind: OperandKind::Place(place),
            extent: extent(source),
        }
    }

    /// An index or another operand through which nothing flows: a constant, or a value that holds it.
    pub(super) fn discrete(&mut self, expr: &Expr) -> Operand {
        if let Expr::Lit(literal) = expr {
            return Operand {
                kind: OperandKind::Constant(quote!(#literal)),
                extent: extent(expr),
            };
        }
        let operand = match expr {
            Expr::Path(path) => self.path(path),
            _ => self.opaque_expression(expr, false),
        };
        match operand.whole() {
            // Not a view, and not active: it can be kept for the reverse sweep.
            Some(id) if !self.value(id).active => operand,
            _ if operand.place().is_none() => operand,
            _ => self.opaque_expression(expr, true),
        }
    }

    /// A place expression that touches no derivative, if it is made of variables, fields and constant elements.
    pub(super) fn inactive_place(&mut self, expr: &Expr) -> Option<Place> {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                match path.path.get_ident().and_then(|name| self.current(name)) {
                    Some(Current::Value(id)) => Some(Place::whole(*id)),
                    _ => None,
                }
            }
            Expr::Paren(paren) => self.inactive_place(&paren.expr),
            Expr::Group(group) => self.inactive_place(&group.expr),
            Expr::Field(field) => {
                let mut place = self.inactive_place(&field.base)?;
                place
                    .projections
                    .push(Projection::Field(field.member.to_token_stream()));
                Some(place)
            }
            Expr::Index(index) if !matches!(*index.index, Expr::Range(_)) => {
                let mut place = self.inactive_place(&index.expr)?;
                place
                    .projections
                    .push(Projection::Index(Box::new(self.discrete(&index.index))));
                Some(place)
            }
            _ => None,
        }
    }
}
