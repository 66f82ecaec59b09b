//! Arguments by mutable reference: the call takes the value, and gives the new one beside its result.

use proc_macro2::Literal;
use quote::ToTokens;
use syn::Expr;

use super::Lowering;
use super::statement::{extent, strip};
use crate::front::aliases::is_temporary;
use crate::front::mentions;
use crate::ir::{Callee, Form, Op, Operand, OperandKind, Place, Projection};

impl Lowering<'_> {
    // Original: y = f(&mut s.x, w)
    // Lowered:  t = f(s.x, w); s.x = t.1; y = t.0
    pub(super) fn written_call(&mut self, source: &impl ToTokens, callee: Callee, arguments: &[Expr]) -> Operand {
        let written: Vec<_> = (0..arguments.len())
            .filter(|index| place_behind(&arguments[*index]).is_some() || self.is_updated(&callee, *index))
            .collect();
        for argument in arguments {
            if let Some(place) = place_behind(argument)
                && self.writes_in_target(place)
            {
                return Self::unit(source);
            }
            if let Some(place) = place_behind(argument)
                && !is_temporary(place)
                && mentions::root(place).is_none_or(|name| self.current(&name).is_none())
            {
                return self.unsupported(
                    argument,
                    "a mutable reference to something that is not a local variable cannot be differentiated; write to a local variable",
                );
            }
        }
        let operands: Vec<_> = arguments
            .iter()
            .enumerate()
            .map(|(index, argument)| match place_behind(argument) {
                Some(place) if is_temporary(place) => self.expression(place),
                Some(place) => self.value_in(place),
                None if written.contains(&index) => self.value_in(argument),
                None => self.expression(argument),
            })
            .collect();
        let mut operands = operands;
        if let Form::Method(_) = callee.form
            && let Some(receiver) = operands.first_mut()
            && let OperandKind::Place(place) = &receiver.kind
            && self.is_value(place)
            && !written.contains(&0)
        {
            // A method's forward sweep takes the receiver by reference.
            let first = receiver.extent.first;
            receiver.kind = OperandKind::Borrow(quote::quote_spanned!(first=> &), place.clone());
        }
        let callee = Callee {
            written: written.clone(),
            ..callee
        };
        let result = self.operation(source, Op::Call(callee), operands);
        let Some(whole) = result.whole() else { return result };
        let part = |index: usize| Operand {
            kind: OperandKind::Place(Place {
                root: whole,
                projections: vec![Projection::Field(Literal::usize_unsuffixed(index).into_token_stream())],
            }),
            extent: extent(source),
        };
        for (position, index) in written.iter().enumerate() {
            let place = place_behind(&arguments[*index]).unwrap_or(&arguments[*index]);
            if is_temporary(place) {
                continue;
            }
            self.assign_to(place, part(position + 1));
        }
        part(0)
    }

    /// True for the receiver of a method that is called for what it does.
    fn is_updated(&self, callee: &Callee, index: usize) -> bool {
        index == 0 && matches!(callee.form, Form::Update(_))
    }

    /// What a place holds now, as a value of its own.
    fn value_in(&mut self, place: &Expr) -> Operand {
        let operand = self.expression(place);
        self.in_place(place, operand)
    }
}

/// The place behind `&mut place`.
pub(super) fn place_behind(argument: &Expr) -> Option<&Expr> {
    match strip(argument) {
        Expr::Reference(reference) if reference.mutability.is_some() => Some(strip(&reference.expr)),
        _ => None,
    }
}
