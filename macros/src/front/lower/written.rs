//! Arguments by mutable reference: the call takes the value, and gives the new one beside its result.

use proc_macro2::Literal;
use quote::ToTokens;
use syn::Expr;

use super::Lowering;
use super::statement::{extent, strip};
use crate::front::aliases::{self, is_temporary};
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
        // What an argument writes to may be the index in another one, which is evaluated once, in its turn.
        let changed = self.changed_by(arguments);
        let mut places = Vec::new();
        let mut operands = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let place = place_behind(argument);
            operands.push(match place {
                Some(place) if self.is_discrete_place(place) => self.mutable_reference(argument, place),
                Some(place) if is_temporary(place) => self.expression(place),
                Some(_) | None if written.contains(&index) => {
                    let place = self.fixed(place.unwrap_or(argument), &changed);
                    let operand = self.value_in(&place);
                    places.push((index, place));
                    operand
                }
                Some(place) => self.value_in(place),
                None => self.expression(argument),
            });
        }
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
            if let Some((_, place)) = places.iter().find(|(other, _)| other == index) {
                self.assign_to(place, part(position + 1));
            }
        }
        part(0)
    }

    /// A call that is handed parts of slices to write to: they are copied, and copied back. None if it is handed none.
    // Original: f(&mut v[i..j], w)
    // Lowered:  let mut part = v[i..j].to_vec(); let result = f(&mut part, w); v[i..j].copy_from_slice(&part); result
    pub(super) fn with_parts(&mut self, call: &syn::ExprCall) -> Option<Operand> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut inner = call.clone();
        let changed = self.changed_by(&call.args);
        // What the arguments before write to.
        let mut earlier: Vec<syn::Ident> = Vec::new();
        for argument in &mut inner.args {
            let writes = self.changed_by([&*argument]);
            let part = place_behind(argument).filter(|place| self.is_part(place)).cloned();
            let Some(part) = part else {
                earlier.extend(writes);
                continue;
            };
            let mentioned = mentions::mentions(&part.to_token_stream());
            if mentioned.iter().any(|name| earlier.contains(name)) {
                return Some(self.unsupported(
                    argument,
                    "an argument before this one writes to it; compute that in a statement of its own",
                ));
            }
            let place = self.fixed(&part, &changed);
            earlier.extend(writes);
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

    /// True for a range of a local vector or the like, through which something may flow.
    fn is_part(&self, place: &Expr) -> bool {
        let Expr::Index(slice) = place else { return false };
        let root = mentions::root(place).and_then(|name| self.current_value(&name));
        matches!(strip(&slice.index), Expr::Range(_)) && root.is_some() && !self.is_discrete_place(&slice.expr)
    }

    /// The variables that the arguments of a call write to.
    pub(super) fn changed_by<'e>(&self, arguments: impl IntoIterator<Item = &'e Expr>) -> Vec<syn::Ident> {
        let arguments = arguments.into_iter();
        arguments
            .flat_map(|argument| mentions::assignments(argument, Some(&self.changes)))
            .collect()
    }

    /// The call on a place whose indices are evaluated, where the arguments write to what they depend on.
    // Original: v[i].push({ i += 1; x })
    // Lowered:  let index = i; v[index].push({ i += 1; x })
    pub(super) fn with_fixed_receiver(&mut self, call: &syn::ExprMethodCall) -> syn::ExprMethodCall {
        let mut call = call.clone();
        let changed = self.changed_by(call.args.iter().chain([&*call.receiver]));
        if !changed.is_empty() {
            *call.receiver = self.fixed(&call.receiver, &changed);
        }
        call
    }

    /// The place with its indices evaluated, where they depend on what may change.
    pub(super) fn fixed(&mut self, place: &Expr, changed: &[syn::Ident]) -> Expr {
        let mut place = place.clone();
        let mut statements = Vec::new();
        let is_changed = |index: &Expr| {
            let mentioned = mentions::mentions(&index.to_token_stream());
            mentioned.iter().any(|name| changed.contains(name))
        };
        aliases::fix_indices(&mut place, self.names, &mut statements, &is_changed);
        statements.iter().for_each(|statement| self.statement(statement));
        place
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
