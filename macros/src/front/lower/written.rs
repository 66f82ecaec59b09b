//! Arguments by mutable reference: the call takes the value, and gives the new one beside its result.

use proc_macro2::Literal;
use quote::ToTokens;
use syn::Expr;

use super::Lowering;
use super::statement::{extent, strip};
use crate::front::aliases::is_temporary;
use crate::front::changes::is_discrete;
use crate::front::mentions;
use crate::ir::{Callee, Form, Let, Op, Operand, OperandKind, Place, Projection, Statement, Syntax, ValueKind};

impl Lowering<'_> {
    // Original: y = f(&mut s.x, w)
    // Lowered:  t = f(s.x, w); s.x = t.1; y = t.0
    pub(super) fn written_call(&mut self, source: &impl ToTokens, callee: Callee, arguments: &[Expr]) -> Operand {
        let written: Vec<_> = (0..arguments.len())
            .filter(|index| match place_behind(&arguments[*index]) {
                Some(place) => !self.is_discrete_place(place),
                None => self.is_updated(&callee, *index),
            })
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
                Some(place) if self.is_discrete_place(place) => self.mutable_reference(argument, place),
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
        if written.is_empty() {
            return result;
        }
        for (position, index) in written.iter().enumerate() {
            let place = place_behind(&arguments[*index]).unwrap_or(&arguments[*index]);
            if is_temporary(place) {
                continue;
            }
            self.assign_to(place, part(position + 1));
        }
        part(0)
    }

    /// A call that is handed parts of slices to write to: they are copied, and copied back. None if it is handed none.
    // Original: f(&mut v[i..j], w)
    // Lowered:  let mut part = v[i..j].to_vec(); let result = f(&mut part, w); v[i..j].copy_from_slice(&part); result
    pub(super) fn with_parts(&mut self, call: &syn::ExprCall) -> Option<Operand> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut inner = call.clone();
        for argument in &mut inner.args {
            let Some(place) = place_behind(argument).cloned() else {
                continue;
            };
            let Expr::Index(slice) = &place else { continue };
            let is_part = matches!(strip(&slice.index), Expr::Range(_));
            let root = mentions::root(&place).and_then(|name| self.current_value(&name));
            if !is_part || root.is_none() || self.is_discrete_place(&slice.expr) {
                continue;
            }
            let at = extent(&*argument).first;
            let (part, index) = (self.names.fresh("part", at), self.names.fresh("index", at));
            before.push(quote::quote_spanned!(at=> let mut #part = #place.to_vec();));
            after.push(quote::quote_spanned! {at=>
                for #index in 0..#part.len() { #place[#index] = #part[#index].clone(); }
            });
            *argument = syn::parse_quote_spanned!(at=> &mut #part);
        }
        if before.is_empty() {
            return None;
        }
        let result = self.names.fresh("result", extent(call).first);
        let block: Expr = syn::parse_quote!({ #(#before)* let #result = #inner; #(#after)* #result });
        Some(self.expression(&block))
    }

    /// True for a variable, or a temporary, that holds an integer or the like. A function of its own takes it by mutable
    /// reference, and so does the function's derivative.
    fn is_discrete_place(&self, place: &Expr) -> bool {
        match place {
            Expr::Path(path) => path.path.get_ident().is_some_and(|name| {
                let is_known = self.changes.discrete.contains(&name.to_string());
                is_known && self.current_value(name).is_some_and(|id| !self.value(id).active)
            }),
            // The function's own parameter.
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.is_discrete_place(strip(&unary.expr)),
            place => is_discrete(place),
        }
    }

    /// A new version of the variable, or a variable for what is temporary, to be written to by a call.
    // Original: f(&mut n)
    // Lowered:  n_1 = copy n; f(&mut n_1)
    fn mutable_reference(&mut self, argument: &Expr, place: &Expr) -> Operand {
        if let Expr::Unary(unary) = place
            && matches!(unary.op, syn::UnOp::Deref(_))
        {
            return self.expression(&unary.expr);
        }
        let before = self.value_in(place);
        let variable = match place {
            Expr::Path(path) => path.path.get_ident().cloned(),
            _ => None,
        };
        let at = extent(place);
        let (name, text) = match &variable {
            Some(variable) => (self.next_name(variable), variable.to_string()),
            None => (self.names.fresh("temporary", at.first), String::from("a temporary")),
        };
        let value = self.define(name, at, text, false, ValueKind::Opaque);
        self.owned.insert(value);
        self.push(Statement::Let(Let {
            value,
            op: Op::Copy(Syntax::Plain),
            operands: vec![before],
            ascription: None,
        }));
        if let Some(variable) = &variable {
            self.set(variable, value);
            self.check_carried(variable);
        }
        let reference = match strip(argument) {
            Expr::Reference(reference) => {
                let (and, mutability) = (&reference.and_token, &reference.mutability);
                quote::quote!(#and #mutability)
            }
            _ => quote::quote!(&mut),
        };
        Operand {
            kind: OperandKind::Borrow(reference, Place::whole(value)),
            extent: extent(argument),
        }
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
