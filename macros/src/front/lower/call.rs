//! Calls of methods and functions.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Path, PathArguments};

use super::statement::strip;
use super::written::place_behind;
use super::{Current, Lowering};
use crate::front::{mentions, standard};
use crate::ir::{Callee, Check, Form, Id, Op, Opaque, Operand, OperandKind, Syntax, primitives};

impl Lowering<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall) -> Operand {
        let call = &self.with_fixed_receiver(call);
        if self.changes.is_own(call) || self.changes.is_of_named(call) {
            return self.users_method(call);
        }
        if call.method == "as_slice" && call.args.is_empty() {
            let vector = &call.receiver;
            return self.expression(&syn::parse_quote_spanned!(call.method.span()=> &#vector[..]));
        }
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
        if self.change(call) {
            return Self::unit(call);
        }
        if matches!(
            name.as_str(),
            "__default" | "__emptied" | "__error" | "__default_payload" | "__nothing"
        ) {
            // Nothing flows from where a type is known.
            let code = self.opaque(call);
            let (writes, check) = (Vec::new(), Check::Nothing);
            return self.operation(call, Op::Opaque { code, writes, check }, Vec::new());
        }
        if name != "push"
            && let Some(inside) = self.unwrapped(call)
        {
            return inside;
        }
        let rule = primitives::rule(&name, arity).filter(|rule| *rule != "push");
        let Some(rule) = rule else {
            return if is_users(call) {
                self.users_method(call)
            } else {
                self.unknown_method(call)
            };
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
        let call = &self.with_fixed_receiver(call);
        if self.changes.is_own(call) {
            self.users_method(call);
            return;
        }
        if self.iterator_chain(call).is_some()
            || self.change(call)
            || self.extend(call)
            || self.rearranged(call)
            || self.reorder(call)
        {
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
        let root = mentions::root(&call.receiver);
        let is_local = root.is_some_and(|name| matches!(self.current(&name), Some(Current::Value(_))));
        let is_collection = self.changes.is_of_collection(call);
        if is_users(call) && is_local && !is_collection && !matches!(strip(&call.receiver), Expr::MethodCall(_)) {
            if self.is_changing(call) {
                self.update_by_method(call);
            } else {
                self.users_method(call);
            }
            return;
        }
        self.errors.add(
            &call.method,
            format!("`{}` has no derivative, and what it does with active values would be lost; write a loop or an assignment instead, or stop the gradient with `stop_gradient(…)`", call.method),
        );
    }

    /// A method that may be the user's own: of a place or of the result of another call, without closures.
    fn users_method(&mut self, call: &syn::ExprMethodCall) -> Operand {
        if self.is_changing(call) {
            return self.update_by_method(call);
        }
        let method = &call.method;
        let callee = Callee {
            expression: method.to_token_stream(),
            import: method.to_token_stream(),
            turbofish: call.turbofish.to_token_stream(),
            name: method.clone(),
            parentheses: call.paren_token.span.join(),
            form: Form::Method(call.dot_token.to_token_stream()),
            on_own: self.is_on_own(call),
            replacing: self.changes.is_replacing(call),
            written: Vec::new(),
        };
        if call.args.iter().any(|argument| place_behind(argument).is_some()) {
            let arguments: Vec<_> = [&*call.receiver].into_iter().chain(&call.args).cloned().collect();
            return self.written_call(call, callee, &arguments);
        }
        let receiver = self.expression(&call.receiver);
        let receiver = self.in_place(&call.receiver, receiver);
        let first = receiver.extent.first;
        let receiver = match receiver.kind {
            // A method's forward sweep takes the receiver by reference.
            OperandKind::Place(place) if self.is_value(&place) => Operand {
                kind: OperandKind::Borrow(quote_spanned!(first=> &), place),
                extent: receiver.extent,
            },
            _ => receiver,
        };
        let mut operands = vec![receiver];
        operands.extend(call.args.iter().map(|argument| self.expression(argument)));
        self.operation(call, Op::Call(callee), operands)
    }

    /// What is taken apart: where only a name of the user's own says that a method may be the user's, it is not, and gives an
    /// `Option`.
    pub(super) fn taken_apart(&mut self, expr: &Expr) -> Operand {
        match strip(expr) {
            Expr::MethodCall(call) if self.changes.is_of_named(call) && !self.changes.is_own(call) => {
                match self.iterator_chain(call) {
                    Some(value) => value,
                    None => self.unknown_method(call),
                }
            }
            _ => self.expression(expr),
        }
    }

    /// True if the method is taken to change what it is called on.
    pub(super) fn is_changing(&self, call: &syn::ExprMethodCall) -> bool {
        let root = mentions::root(&call.receiver);
        let variable = root.and_then(|name| self.variables.get(&name.to_string()));
        variable.is_some_and(|variable| variable.mutable && matches!(variable.current, Current::Value(_)))
            && self.changes.is_changing(call)
    }

    /// True if the receiver is the method's own.
    fn is_on_own(&self, call: &syn::ExprMethodCall) -> bool {
        matches!(strip(&call.receiver), Expr::Path(path)
            if path.path.get_ident().is_some_and(|name| self.changes.receiver.as_ref().is_some_and(|own| name == own)))
    }

    /// A method that changes its receiver.
    fn update_by_method(&mut self, call: &syn::ExprMethodCall) -> Operand {
        let method = &call.method;
        let callee = Callee {
            expression: method.to_token_stream(),
            import: method.to_token_stream(),
            turbofish: call.turbofish.to_token_stream(),
            name: method.clone(),
            parentheses: call.paren_token.span.join(),
            form: Form::Update(call.dot_token.to_token_stream()),
            on_own: self.is_on_own(call),
            replacing: self.changes.is_replacing(call),
            written: Vec::new(),
        };
        let arguments: Vec<_> = [&*call.receiver].into_iter().chain(&call.args).cloned().collect();
        self.written_call(call, callee, &arguments)
    }

    /// A method that is no primitive. If it exists and nothing can flow through its result, it may be called all the same.
    pub(super) fn unknown_method(&mut self, call: &syn::ExprMethodCall) -> Operand {
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
        let assigned = call
            .args
            .iter()
            .flat_map(|argument| mentions::assignments(argument, None));
        let written: Vec<_> = assigned
            .filter_map(|name| {
                let write = writes.iter().find(|write| write.variable == name)?;
                Some((name, write.after))
            })
            .collect();
        let value = self.operation(call, Op::Opaque { code, writes, check }, Vec::new());
        for (name, after) in written {
            self.check_discrete(&name, after);
        }
        value
    }

    /// Nothing can flow through what a variable holds after a write that no derivative is known of.
    fn check_discrete(&mut self, name: &Ident, after: Id) {
        let mut held = self.value(after).name.clone();
        held.set_span(name.span());
        let code = Opaque {
            tokens: quote::quote_spanned!(name.span()=> &#held),
            mentions: vec![(held, after)],
        };
        let (writes, check) = (Vec::new(), Check::Discrete);
        self.operation(name, Op::Opaque { code, writes, check }, Vec::new());
    }

    /// `order.sort_by(|&i, &j| …)`: what has no derivative is put in an order, which may depend on what has one.
    fn reorder(&mut self, call: &syn::ExprMethodCall) -> bool {
        let is_order = primitives::is_order(&call.method.to_string());
        let Some(root) = mentions::root(&call.receiver).filter(|_| is_order) else {
            return false;
        };
        let expr = Expr::MethodCall(call.clone());
        let code = self.opaque(&expr);
        let writes = self.writes(&expr);
        if !writes.iter().any(|write| write.variable == root) {
            return false;
        }
        // What the comparison writes to is not part of the order either.
        let written: Vec<_> = writes
            .iter()
            .map(|write| (write.variable.clone(), write.after))
            .collect();
        let check = Check::Nothing;
        self.operation(call, Op::Opaque { code, writes, check }, Vec::new());
        for (name, after) in written {
            self.check_discrete(&name, after);
        }
        true
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall) -> Operand {
        if let Some(result) = self.with_parts(call) {
            return result;
        }
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
        if let Some(value) = self.memory_call(call, path) {
            return value;
        }
        let is_writing = call.args.iter().any(|argument| place_behind(argument).is_some());
        if is_writing {
            let parentheses = call.paren_token.span.join();
            let callee = if is_associated(path) {
                associated(path, parentheses)
            } else {
                callee(&path.path, parentheses)
            };
            let arguments: Vec<_> = call.args.iter().cloned().collect();
            return self.written_call(call, callee, &arguments);
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
        if name == "with_capacity" {
            // Nothing flows through a number of elements.
            let code = self.opaque(call);
            let (writes, check) = (Vec::new(), Check::Nothing);
            return self.operation(call, Op::Opaque { code, writes, check }, Vec::new());
        }
        if rule.is_none() && !copies && is_standard(path) {
            return self.unsupported(
                path,
                format!(
                    "the associated function `{name}` has no derivative; call a `#[differentiable]` function instead, attach a rule to one with `#[derivative_of]`, or stop the gradient with `stop_gradient(…)`"
                ),
            );
        }
        let operands: Vec<_> = call.args.iter().map(|argument| self.expression(argument)).collect();
        if rule.is_none() && !copies {
            let callee = associated(path, call.paren_token.span.join());
            return self.operation(call, Op::Call(callee), operands);
        }
        let op = match rule {
            Some(name) => Op::Primitive { name, syntax },
            None => Op::Copy(syntax),
        };
        self.operation(call, op, operands)
    }
}

/// True if the method may be one of the user's own.
pub(super) fn is_users(call: &syn::ExprMethodCall) -> bool {
    !standard::is_standard(call)
        && !call
            .args
            .iter()
            .any(|argument| matches!(strip(argument), Expr::Closure(_)))
        && is_value(&call.receiver)
}

/// True for what gives a value or a place: no iterators and the like.
fn is_value(receiver: &Expr) -> bool {
    match strip(receiver) {
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let known = primitives::rule(&name, call.args.len() + 1).is_some() || primitives::is_copy(&name);
            let ends_chain = matches!((name.as_str(), call.args.len()), ("sum" | "product", 0) | ("fold", 2));
            ends_chain || (known || is_users(call)) && is_value(&call.receiver)
        }
        Expr::Path(_) | Expr::Call(_) | Expr::Struct(_) | Expr::Tuple(_) | Expr::Array(_) | Expr::Binary(_) => true,
        Expr::Field(field) => is_value(&field.base),
        Expr::Index(index) => is_value(&index.expr),
        Expr::Unary(unary) => is_value(&unary.expr),
        Expr::Reference(reference) => is_value(&reference.expr),
        _ => false,
    }
}

/// True for a function of a type that cannot have one of the user's.
fn is_standard(path: &syn::ExprPath) -> bool {
    const TYPES: &[&str] = &[
        "f32",
        "f64",
        "Box",
        "Rc",
        "Arc",
        "Cell",
        "RefCell",
        "Vec",
        "Option",
        "Result",
        "Matrix",
        "HeapMatrix",
    ];
    let ty = path
        .path
        .segments
        .iter()
        .nth_back(1)
        .map(|segment| segment.ident.to_string());
    ty.is_some_and(|name| TYPES.contains(&name.as_str()))
}

/// True if the path goes through a type: `f64::sin`, `Matrix::<2, 2>::hcat`, `<T as Real>::sin`, `Self::f`, or through that of
/// another function's derivatives.
fn is_associated(path: &syn::ExprPath) -> bool {
    let segments = &path.path.segments;
    path.qself.is_some()
        || is_gradient(segments)
        || segments.len() > 1
            && segments.iter().nth_back(1).is_some_and(|segment| {
                let name = segment.ident.to_string();
                matches!(name.as_str(), "f32" | "f64")
                    || (name.starts_with(char::is_uppercase) && !is_variant_like(segments))
            })
}

/// True for `g::grad` and `g::value_and_grad`.
fn is_gradient(segments: &syn::punctuated::Punctuated<syn::PathSegment, syn::Token![::]>) -> bool {
    let mut backwards = segments.iter().rev().map(|segment| segment.ident.to_string());
    let last = backwards.next();
    matches!(last.as_deref(), Some("grad" | "value_and_grad"))
        && backwards
            .next()
            .is_some_and(|of| !matches!(of.as_str(), "crate" | "self" | "super"))
}

/// True for `Enum::Variant(…)`.
fn is_variant_like(segments: &syn::punctuated::Punctuated<syn::PathSegment, syn::Token![::]>) -> bool {
    segments
        .last()
        .is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
}

/// `Type::f` as something that is called.
fn associated(path: &syn::ExprPath, parentheses: proc_macro2::Span) -> Callee {
    let plain = callee(&path.path, parentheses);
    let mut ty = path.path.clone();
    ty.segments.pop();
    ty.segments.pop_punct();
    // `<T as Trait>::f` is looked for among the functions of `T`.
    let ty = match &path.qself {
        Some(own) => {
            let own = &own.ty;
            quote::quote!(<#own>)
        }
        None => ty.to_token_stream(),
    };
    Callee {
        expression: path.to_token_stream(),
        form: Form::Associated(ty),
        ..plain
    }
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
        form: Form::Function,
        on_own: false,
        replacing: false,
        written: Vec::new(),
    }
}
