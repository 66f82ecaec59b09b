//! Operations in the forward sweep, as the user wrote them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::Emitter;
use crate::ir::{Construct, Extent, Form, Id, Let, Op, Operand, OperandKind, Projection, Syntax};
use crate::passes::reverse;

impl Emitter<'_> {
    pub(super) fn operation(&self, id: Id, op: &Op, operands: &[Operand]) -> TokenStream {
        match op {
            Op::Primitive {
                name,
                syntax: Syntax::Compound(operator),
            } => self.compound(name, operator, operands),
            Op::Primitive { name, syntax } => {
                let value = self.syntax(syntax, operands);
                if takes_arguments(syntax, operands) {
                    self.gated(name, operands, &value)
                } else {
                    value
                }
            }
            Op::Copy(Syntax::Plain) => self.owned(&operands[0]),
            Op::Copy(syntax) => self.syntax(syntax, operands),
            Op::Call(callee) => {
                let mut arguments: Vec<_> = operands.iter().map(|operand| self.owned(operand)).collect();
                if matches!(callee.form, Form::Method(_)) {
                    arguments[0] = if callee.replacing || self.is_temporary(&operands[0]) {
                        self.consumed(&operands[0])
                    } else {
                        self.receiver(&operands[0])
                    };
                }
                self.plain_call(callee, &arguments)
            }
            Op::Construct(construct) => self.construct(construct, operands),
            Op::Update(path) => self.update(id, path, operands),
            Op::Opaque { code, .. } => self.opaque(code),
            Op::Push { name, active, syntax } if self.program.own.contains(&id) => {
                self.own_push(name, syntax, active, operands)
            }
            Op::Push { name, active, .. } => self.push(name, active, operands),
            Op::Zero => self.zero_tangent(operands),
            Op::Tangent => self.tangent_of(operands),
            // What is not active has no tangents.
            Op::CallTangent(_) => TokenStream::new(),
        }
    }

    /// A receiver that the method may consume.
    fn consumed(&self, operand: &Operand) -> TokenStream {
        match (&operand.kind, operand.place()) {
            (OperandKind::Borrow(_, _), Some(place)) => self.owned(&Operand {
                kind: OperandKind::Place(place.clone()),
                extent: operand.extent,
            }),
            _ => self.receiver(operand),
        }
    }

    /// True for the result of another operation that nothing else needs, and for the result beside what a method changed.
    fn is_temporary(&self, operand: &Operand) -> bool {
        operand.place().is_some_and(|place| {
            let is_ours = self.program.value(place.root).temporary;
            match &place.projections[..] {
                [] => is_ours && self.is_last_use(place),
                [Projection::Field(_)] => is_ours,
                _ => false,
            }
        })
    }

    fn arguments(&self, operands: &[Operand]) -> TokenStream {
        let arguments = operands.iter().map(|operand| self.owned(operand));
        quote!(#(#arguments),*)
    }

    /// A primitive, as the user wrote it.
    fn syntax(&self, syntax: &Syntax, operands: &[Operand]) -> TokenStream {
        match (syntax, operands) {
            (Syntax::Infix(operator), [left, right]) => {
                let (left, right) = (self.operand(left), self.operand(right));
                quote!(#left #operator #right)
            }
            (Syntax::Prefix(operator), [operand]) => {
                let operand = self.operand(operand);
                quote!(#operator #operand)
            }
            (Syntax::Method { dot, method, turbofish }, [receiver, arguments @ ..]) => {
                let receiver = self.receiver(receiver);
                let arguments = arguments.iter().map(|argument| self.argument(argument));
                quote!(#receiver #dot #method #turbofish (#(#arguments),*))
            }
            (Syntax::Function(path), operands) => {
                let arguments = operands.iter().map(|operand| self.argument(operand));
                quote!(#path(#(#arguments),*))
            }
            (Syntax::Change { dot, method }, [place, value, ..]) => {
                let (place, value) = (self.owned(place), self.owned(value));
                quote!({ let mut __place = #place; __place #dot #method(#value); __place })
            }
            (Syntax::Cast(cast), [operand]) => {
                let operand = self.operand(operand);
                quote!(#operand #cast)
            }
            (_, operands) => self.arguments(operands),
        }
    }

    // Original: a op= b;
    // Output:   { let mut place = a; place op= b; place }, behind a gate
    fn compound(&self, name: &str, operator: &TokenStream, operands: &[Operand]) -> TokenStream {
        let [left, right] = operands else {
            return TokenStream::new();
        };
        let expansion = self.expansion();
        let name = format_ident!("{name}");
        let place = format_ident!("__place", span = left.extent.first);
        let (left, right) = (self.owned(left), self.operand(right));
        quote! {{
            use #expansion::arguments::{Fitting as _, Unfitting as _};
            let mut #place = #left;
            let __right = #right;
            let __gate = (&&&#expansion::Assigns::new(#expansion::ops::#name {}, &#place, &__right)).fits();
            #place #operator __right;
            #expansion::gate(::core::option::Option::Some(__gate), #place).__moved()
        }}
    }

    /// A primitive behind a gate that is closed if its arguments do not fit.
    fn gated(&self, name: &str, operands: &[Operand], value: &TokenStream) -> TokenStream {
        let expansion = self.expansion();
        let name = format_ident!("{name}");
        let mut plain = operands.iter().map(|operand| match &operand.kind {
            OperandKind::Place(place) => self.forward_place(place),
            _ => {
                let tokens = self.operand(operand);
                quote!((#tokens))
            }
        });
        let receiver = plain.next();
        quote! {{
            use #expansion::arguments::{Fitting as _, Foreign as _, Unfitting as _};
            let __gate = (&&&#expansion::Takes::new(#expansion::ops::#name {}, #receiver.__receiver(), (#(&#plain,)*))).fits();
            #expansion::gate(::core::option::Option::Some(__gate), #value).__moved()
        }}
    }

    /// Asks which rule an operation has that may be one of the user's own types; and, behind it, whether there is one.
    // Original: y = a op b
    // Output:   let y_rule = (&&&Operation2::new(op, &a, &b)).rule();
    //           …
    //           y_rule.known(&y);
    pub(super) fn rule_statement(&self, step: &Let, name: &str, syntax: &Syntax) -> (TokenStream, TokenStream) {
        let expansion = self.expansion();
        let rule = self.rule_name(step.value);
        let operation = self.asked_operation(name, syntax, &step.operands);
        // A type without a rule is reported at the user's token.
        let at = Extent::of(&reverse::token(syntax)).first;
        let mut value = self.binding(step.value);
        value.set_span(super::place::located(&value, at));
        let asked = quote_spanned!(at=> .__known(&#value));
        let statement = quote! {
            let #rule = {
                use #expansion::rule_of::{Common as _, NoneOfFirst as _, NoneOfSecond as _, Own as _};
                (&&&#operation).__rule()
            };
        };
        (statement, quote!(#rule #asked;))
    }

    /// An operation of which is asked which rule it has.
    // Output: Operation2::new(op, a, b)
    pub(super) fn asked_operation(&self, name: &str, syntax: &Syntax, operands: &[Operand]) -> TokenStream {
        let (expansion, name) = (self.expansion(), format_ident!("{name}"));
        let mut op = quote!(#expansion::ops::#name {});
        if matches!(syntax, Syntax::Compound(_)) {
            op = quote!(#expansion::Compound(#op));
        }
        let operation = format_ident!("Operation{}", operands.len());
        let operands = operands.iter().map(|operand| self.forward_primal(operand));
        quote!(#expansion::#operation::new(#op, #(#operands),*))
    }

    pub(super) fn receiver(&self, operand: &Operand) -> TokenStream {
        match operand.place() {
            Some(place) if matches!(operand.kind, OperandKind::Place(_)) => self.forward_place(place),
            _ => {
                let tokens = self.operand(operand);
                quote!((#tokens))
            }
        }
    }

    // Original: x.path = value
    // Output:   { let mut place = x; place.path = value; place }
    fn update(&self, id: Id, path: &[Projection], operands: &[Operand]) -> TokenStream {
        let [before, value] = operands else {
            return TokenStream::new();
        };
        if self.tangent_place(value).or(self.tangent_place(before)).is_some() {
            return self.updated_tangent(id, path, before, value);
        }
        let place = format_ident!("__place", span = before.extent.first);
        let part = self.projected(quote!(#place), path);
        let left = self.leave_size(id, &part, value);
        let (before, value) = (self.before(id, before), self.owned(value));
        quote!({ let mut #place = #before; #left #part = #value; #place })
    }

    /// What a part of is written to: moved, if nothing reads it any more.
    pub(super) fn before(&self, id: Id, before: &Operand) -> TokenStream {
        match before.whole() {
            Some(root) if self.moving.contains(&id) && self.can_be_moved(root) => {
                let name = self.binding(root);
                quote!(#name)
            }
            _ => self.owned(before),
        }
    }

    fn construct(&self, construct: &Construct, operands: &[Operand]) -> TokenStream {
        let parts: Vec<_> = operands.iter().map(|operand| self.owned(operand)).collect();
        match construct {
            Construct::Tuple => quote!((#(#parts,)*)),
            Construct::Array => quote!([#(#parts),*]),
            Construct::Repeat(length) if operands.iter().any(|operand| self.tangent_place(operand).is_some()) => {
                self.repeated_tangent(&quote!(#(#parts)*), length)
            }
            Construct::Repeat(length) => quote!([#(#parts)*; #length]),
            Construct::RepeatVec(mac) => quote!(#mac![#(#parts);*]),
            Construct::TupleStruct(path) => quote!(#path(#(#parts),*)),
            Construct::Struct { path, fields, rest } => {
                let given = fields.iter().zip(&parts).map(|(field, part)| quote!(#field: #part,));
                let rest = parts.last().filter(|_| *rest).map(|rest| quote!(..#rest));
                quote!(#path { #(#given)* #rest })
            }
        }
    }
}

/// True if a mistake in an argument is possible beside one in the receiver.
fn takes_arguments(syntax: &Syntax, operands: &[Operand]) -> bool {
    matches!(syntax, Syntax::Method { .. } | Syntax::Function(_)) && operands.len() > 1
}
