//! Calls of methods and functions.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, Path, PathArguments};

use super::statement::strip;
use super::{Current, Lowering};
use crate::front::mentions;
use crate::ir::{Callee, Check, Op, Opaque, Operand, Syntax, primitives};

impl Lowering<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall) -> Operand {
        if let Some(value) = self.iterator_chain(call) {
            return value;
        }
        let name = call.method.to_string();
        let arity = call.args.len() + 1;
        if primitives::is_discrete(&name) {
            return self.opaque_expression(&Expr::MethodCall(call.clone()), true);
        }
        let syntax = Syntax::Method {
            dot: call.dot_token.to_token_stream(),
            method: call.method.clone(),
            turbofish: call.turbofish.to_token_stream(),
        };
        if primitives::is_copy(&name) && call.args.is_empty() {
            let receiver = self.expression(&call.receiver);
            return self.operation(call, Op::Copy(syntax), vec![receiver]);
        }
        let Some(rule) = primitives::rule(&name, arity) else {
            return self.unknown_method(call);
        };
        let receiver = self.expression(&call.receiver);
        let mut operands = vec![receiver];
        operands.extend(call.args.iter().map(|argument| self.expression(argument)));
        self.operation(
            call,
            Op::Primitive {
                name: rule.to_owned(),
                syntax,
            },
            operands,
        )
    }

    /// A method that is called for what it does, with something active.
    pub(super) fn method_effect(&mut self, call: &syn::ExprMethodCall) {
        if self.iterator_chain(call).is_some() {
            return;
        }
        let name = call.method.to_string();
        let known = primitives::is_discrete(&name)
            || primitives::is_copy(&name)
            || primitives::rule(&name, call.args.len() + 1).is_some();
        if known {
            self.method_call(call);
            return;
        }
        self.errors.add(
            &call.method,
            format!("`{}` has no derivative, and what it does with active values would be lost; write a loop or an assignment instead, or stop the gradient with `stop_gradient(…)`", call.method),
        );
    }

    /// A method that is no primitive. If it exists and nothing can flow through its result, it may be called all the same.
    fn unknown_method(&mut self, call: &syn::ExprMethodCall) -> Operand {
        let expr = Expr::MethodCall(call.clone());
        let code = self.opaque(&expr);
        let writes = self.writes(&expr);
        if !writes.is_empty() && self.mentions_active(&call.args) {
            return self.unsupported(
                &call.method,
                "this method may store what depends on an active value where its derivative is lost; write to an element instead, or stop the gradient with `stop_gradient(…)`",
            );
        }
        let check = Check::Method(call.method.span());
        // What a closure writes may depend on an active value that it is called with.
        let assigned = call.args.iter().flat_map(mentions::assignments);
        let written: Vec<_> = assigned
            .filter_map(|name| {
                let write = writes.iter().find(|write| write.variable == name)?;
                Some((name, write.after))
            })
            .collect();
        let value = self.operation(call, Op::Opaque { code, writes, check }, Vec::new());
        for (name, after) in written {
            let mut held = self.value(after).name.clone();
            held.set_span(name.span());
            let code = Opaque {
                tokens: quote::quote_spanned!(name.span()=> &#held),
                mentions: vec![(held, after)],
            };
            let (writes, check) = (Vec::new(), Check::Discrete);
            self.operation(&name, Op::Opaque { code, writes, check }, Vec::new());
        }
        value
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall) -> Operand {
        if let Some(array) = self.array_from_fn(call) {
            return array;
        }
        match strip(&call.func) {
            Expr::Path(path) => self.path_call(call, path),
            Expr::Closure(closure) => self.inline(call, &super::closure::Closure::of(closure)),
            other => self.unsupported(
                other,
                "a call of a computed function cannot be differentiated; call a `#[differentiable]` function by its path",
            ),
        }
    }

    fn path_call(&mut self, call: &syn::ExprCall, path: &syn::ExprPath) -> Operand {
        if let Some(name) = path.path.get_ident() {
            match self.current(name) {
                Some(Current::Closure(closure)) => {
                    let closure = closure.clone();
                    return self.inline(call, &closure);
                }
                Some(_) => {
                    return self.unsupported(
                        name,
                        format!(
                            "the function that `{name}` holds is not known here; call a `#[differentiable]` function by its path"
                        ),
                    );
                }
                None => {}
            }
        }
        let Some(last) = path.path.segments.last() else {
            return Self::unit(call);
        };
        let name = last.ident.to_string();
        if name == "stop_gradient" {
            let code = self.opaque(call);
            return self.operation(
                call,
                Op::Opaque {
                    code,
                    writes: Vec::new(),
                    check: Check::Nothing,
                },
                Vec::new(),
            );
        }
        let mutable = call
            .args
            .iter()
            .find(|argument| matches!(argument, Expr::Reference(reference) if reference.mutability.is_some()));
        if let Some(mutable) = mutable {
            return self.unsupported(
                mutable,
                "a mutable reference handed on beside active values cannot be differentiated yet; return the new value instead",
            );
        }
        if is_associated(path) {
            return self.associated_call(call, path, &name);
        }
        if name.starts_with(char::is_uppercase) {
            return self.tuple_struct(call, path);
        }
        let operands = call.args.iter().map(|argument| self.expression(argument)).collect();
        self.operation(
            call,
            Op::Call(callee(&path.path, call.paren_token.span.join())),
            operands,
        )
    }

    /// `f64::max(a, b)`: a method, called by its path.
    fn associated_call(&mut self, call: &syn::ExprCall, path: &syn::ExprPath, name: &str) -> Operand {
        if primitives::is_discrete(name) {
            return self.opaque_expression(&Expr::Call(call.clone()), true);
        }
        let syntax = Syntax::Function(path.to_token_stream());
        let arity = call.args.len();
        let rule = primitives::rule(name, arity).map(str::to_owned);
        let copies = primitives::is_copy(name) && arity == 1;
        if rule.is_none() && !copies {
            return self.unsupported(
                path,
                format!(
                    "the associated function `{name}` has no derivative; call a free `#[differentiable]` function instead, attach a rule to one with `#[derivative_of]`, or stop the gradient with `stop_gradient(…)`"
                ),
            );
        }
        let operands: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
        let op = match rule {
            Some(name) => Op::Primitive { name, syntax },
            None => Op::Copy(syntax),
        };
        self.operation(call, op, operands)
    }
}

/// True if the path goes through a type: `f64::sin`, `Matrix::<2, 2>::hcat`, `<T as Real>::sin`, `Self::f`.
fn is_associated(path: &syn::ExprPath) -> bool {
    let segments = &path.path.segments;
    path.qself.is_some()
        || segments.len() > 1
            && segments.iter().nth_back(1).is_some_and(|segment| {
                let name = segment.ident.to_string();
                matches!(name.as_str(), "f32" | "f64")
                    || (name.starts_with(char::is_uppercase) && !is_variant_like(segments))
            })
}

/// True for `Enum::Variant(…)`.
fn is_variant_like(segments: &syn::punctuated::Punctuated<syn::PathSegment, syn::Token![::]>) -> bool {
    segments
        .last()
        .is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
}

fn callee(path: &Path, parentheses: proc_macro2::Span) -> Callee {
    let mut import = path.clone();
    for segment in &mut import.segments {
        segment.arguments = PathArguments::None;
    }
    let last = path.segments.last();
    let turbofish = match last.map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => {
            let arguments = &arguments.args;
            quote::quote!(::<#arguments>)
        }
        _ => TokenStream::new(),
    };
    Callee {
        expression: path.to_token_stream(),
        import: import.to_token_stream(),
        turbofish,
        name: last.map_or_else(|| quote::format_ident!("function"), |segment| segment.ident.clone()),
        parentheses,
    }
}
