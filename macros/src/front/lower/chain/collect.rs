//! New vectors and arrays: `collect`, and `core::array::from_fn`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, Pat, PathArguments, Stmt, Type};

use super::super::statement::{extent, strip};
use super::super::{Current, Lowering};
use super::adapter::Stream;
use super::item::{Item, path};
use super::source::Shape;
use super::terminal::turbofish;
use crate::front::ascribe::is_from_fn;
use crate::ir::{Check, Op, Operand, ValueKind};

impl Lowering<'_> {
    // Original: chain.collect::<Vec<T>>()
    // Output:   let mut collected = (zeros); for index in 0..length { collected[index] = item; }
    pub(super) fn collect(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        let span = call.method.span();
        let ty: Type = match turbofish(call) {
            Some(ty) if is_vector(ty) => ty.clone(),
            Some(ty) => {
                self.errors.add(
                    ty,
                    "only vectors can be collected of active values; write `.collect::<Vec<_>>()`, and make other collections of that",
                );
                return None;
            }
            // If its place asks for something else, that is a mismatch of types.
            None => {
                let expansion = &self.expansion;
                syn::parse2(quote_spanned!(span=> #expansion::Vec<_>)).ok()?
            }
        };
        let collected = self.names.fresh("collected", span);
        let stream = self.stream(&call.receiver)?;
        let by_position = stream.stages.is_empty();
        let length = if by_position {
            stream.indexed.clone().settled().length?
        } else {
            self.number_of_items(&call.receiver, &stream)?
        };
        let length = self.bound("length", &length);
        let default = quote_spanned!(span=> ::core::default::Default::default());
        let blank = match self.once_more(&Expr::MethodCall(call.clone())) {
            Some(made) => quote_spanned!(span=> (&&&(|| -> #ty { #made }).__maker()).__blank(#length)),
            None => quote! {
                ::core::iter::Iterator::collect::<#ty>(
                    ::core::iter::Iterator::take(::core::iter::repeat_with(|| #default), #length)
                )
            },
        };
        self.blank(&collected, &blank);
        let filled = self.names.fresh("filled", Span::call_site());
        let mut statements: Vec<Stmt> = Vec::new();
        if !by_position {
            statements.push(syn::parse_quote!(let mut #filled = 0_usize;));
        }
        statements.extend(self.drive(stream, None, None, |lowering, item, position| {
            if item.is_reference() {
                lowering.errors.add(
                    &call.method,
                    "a vector of references to active elements cannot be differentiated; copy them first, with `copied` or `cloned`",
                );
            }
            let item = item.expr();
            if by_position {
                return vec![syn::parse_quote!(#collected[#position] = #item;)];
            }
            vec![
                syn::parse_quote!(#collected[#filled] = #item;),
                syn::parse_quote!(#filled += 1;),
            ]
        }));
        Some(self.chain_value(&statements, &path(&collected)))
    }

    /// `slice.to_vec()`
    // Output: let mut collected = slice.to_vec(); for index in 0..slice.len() { collected[index] = slice[index].clone(); }
    pub(super) fn vector_of(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        let source = self.chain_operand(&call.receiver, true)?;
        let blank = syn::parse_quote!(#source.to_vec());
        self.filled(
            &source,
            &blank,
            |_, item| syn::parse_quote!(::core::clone::Clone::clone(&#item)),
        )
    }

    /// `array.map(|x| body)`
    // Output: let mut made = (zeros); for index in 0..array.len() { made[index] = { let x = array[index]; body }; }
    pub(super) fn array_map(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        let source = self.chain_operand(&call.receiver, false)?;
        let function = &call.args[0];
        let span = call.method.span();
        let default = quote_spanned!(span=> ::core::default::Default::default());
        let blank = syn::parse_quote!(#source.each_ref().map(|_| #default));
        self.filled(&source, &blank, |lowering, item| {
            lowering.apply(function, vec![Item::Value(item)])
        })
    }

    /// A new value with as many elements as the source, each made of the one there.
    fn filled(
        &mut self,
        source: &Ident,
        blank: &Expr,
        element: impl FnOnce(&mut Self, Expr) -> Expr,
    ) -> Option<Operand> {
        let made = self.names.fresh("made", source.span());
        self.updated.insert(made.to_string());
        let (code, writes, check) = (self.opaque(blank), Vec::new(), Check::Nothing);
        let value = self.operation(blank, Op::Opaque { code, writes, check }, Vec::new());
        self.bind_name(&made, true, None, value);
        let index = self.names.fresh("index", Span::call_site());
        let element = element(self, syn::parse_quote!(#source[#index]));
        let repeated: Expr = syn::parse_quote!(for #index in 0_usize..#source.len() { #made[#index] = #element; });
        Some(self.chain_value(&[Stmt::Expr(repeated, None)], &path(&made)))
    }

    /// Remembers a variable that holds an array.
    pub(in super::super) fn note_array(&mut self, pattern: &Pat, value: &Expr) {
        let (pattern, ty) = match pattern {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pattern => (pattern, None),
        };
        if let Pat::Ident(name) = pattern
            && (matches!(ty, Some(Type::Array(_))) || self.is_array(value))
        {
            self.arrays.insert(name.ident.to_string());
        }
    }

    /// True if the expression is known to be an array.
    pub(super) fn is_array(&self, expr: &Expr) -> bool {
        match strip(expr) {
            Expr::Array(_) | Expr::Repeat(_) => true,
            Expr::Path(path) => {
                let name = path.path.get_ident();
                name.is_some_and(|name| self.arrays.contains(&name.to_string()))
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.is_array(&unary.expr),
            Expr::MethodCall(call) => {
                matches!(call.method.to_string().as_str(), "map" | "clone") && self.is_array(&call.receiver)
            }
            Expr::Call(call) => is_from_fn(call),
            _ => false,
        }
    }

    /// How many items a chain gives that leaves some out: it runs twice.
    fn number_of_items(&mut self, chain: &Expr, stream: &Stream) -> Option<Expr> {
        let chain = self.witness(chain, stream)?;
        let count: Expr = syn::parse_quote!(#chain.count());
        let name = self.names.fresh("length", extent(&chain).first);
        let code = self.opaque(&count);
        let (writes, check) = (Vec::new(), Check::Nothing);
        let value = self.operation(&count, Op::Opaque { code, writes, check }, Vec::new());
        self.bind_name(&name, false, None, value);
        Some(path(&name))
    }

    /// The chain in the user's own words, to be run for something that touches no derivative.
    pub(super) fn witness(&mut self, chain: &Expr, stream: &Stream) -> Option<Expr> {
        if self.writes_outside(chain) {
            self.errors.add(
                chain,
                "this iterator writes to something outside, and would have to run twice; write a loop",
            );
            return None;
        }
        Some(match &stream.indexed.shape.source() {
            Shape::Element {
                by_reference: false, ..
            } => without_moves(chain),
            _ => chain.clone(),
        })
    }

    /// The user's own expression, to be run once more for elements that mean nothing yet, where their type has no `Default`: only
    /// types can tell. None if it must not run twice, or moves something.
    fn once_more(&mut self, expr: &Expr) -> Option<Expr> {
        let (mut assigned, mut written) = (Vec::new(), Vec::new());
        self.writes_within(expr, &mut Vec::new(), &mut assigned, &mut written);
        let is_variable = |name: &Ident| self.is_mutable(name);
        let is_writing = assigned.iter().chain(&written).any(is_variable);
        let is_reference = |expr: &Expr| {
            matches!(expr, Expr::Path(path) if path.path.get_ident().is_some_and(|name| {
                matches!(self.current(name), Some(Current::Value(id))
                    if matches!(self.value(*id).kind, ValueKind::Parameter { by_reference: true }))
            }))
        };
        (!is_writing && !moves(expr, &is_reference)).then(|| expr.clone())
    }

    /// A mutable variable with elements that mean nothing yet.
    fn blank(&mut self, name: &Ident, tokens: &TokenStream) {
        self.updated.insert(name.to_string());
        let (code, writes, check) = (self.opaque(tokens), Vec::new(), Check::Nothing);
        let value = self.operation(tokens, Op::Opaque { code, writes, check }, Vec::new());
        self.bind_name(name, true, None, value);
    }

    /// `core::array::from_fn(|i| body)`; nothing if the call is none.
    // Output: let mut made = (zeros); for index in 0..made.len() { made[index] = { let i = index; body }; }
    pub(in super::super) fn array_from_fn(&mut self, call: &ExprCall) -> Option<Operand> {
        let Expr::Path(function) = strip(&call.func) else {
            return None;
        };
        if !is_from_fn(call) {
            return None;
        }
        let last = function.path.segments.last()?;
        let made = self.names.fresh("made", extent(&call.func).first);
        let arguments = match &last.arguments {
            PathArguments::AngleBracketed(arguments) => {
                let kept = arguments.args.iter().take(2);
                quote!(::<#(#kept,)* _>)
            }
            _ => TokenStream::new(),
        };
        let span = last.ident.span();
        let default = quote_spanned!(span=> ::core::default::Default::default());
        let blank = match self.once_more(&Expr::Call(call.clone())) {
            Some(again) => quote_spanned!(span=> (&&&(|| #again).__maker()).__blank(0)),
            None => quote!(::core::array::from_fn #arguments (|_| #default)),
        };
        self.blank(&made, &blank);
        let index = self.names.fresh("index", Span::call_site());
        let value = self.apply(&call.args[0], vec![Item::of(&index)]);
        let statements: Vec<Stmt> = vec![Stmt::Expr(
            syn::parse_quote!(for #index in 0_usize..#made.len() { #made[#index] = #value; }),
            None,
        )];
        Some(self.chain_value(&statements, &path(&made)))
    }
}

/// The chain over references to its elements, cloned one by one.
fn without_moves(chain: &Expr) -> Expr {
    match strip(chain) {
        Expr::MethodCall(call) if call.method == "into_iter" => {
            let receiver = &call.receiver;
            syn::parse_quote!((#receiver).iter().cloned())
        }
        Expr::MethodCall(call) => {
            let mut call = call.clone();
            call.receiver = Box::new(without_moves(&call.receiver));
            Expr::MethodCall(call)
        }
        other => other.clone(),
    }
}

/// True for `Vec<T>`.
fn is_vector(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Vec"))
}

/// True if the expression moves a variable, as far as its source shows. `references` are variables that can be copied.
fn moves(expr: &Expr, references: &dyn Fn(&Expr) -> bool) -> bool {
    struct Finder<'r> {
        references: &'r dyn Fn(&Expr) -> bool,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
            let name = call.method.to_string();
            self.found |= matches!(name.as_str(), "into_iter" | "drain" | "by_ref");
            // What is zipped or chained may be a vector.
            let takes = matches!(name.as_str(), "zip" | "chain" | "flat_map");
            self.found |= takes && call.args.iter().any(|argument| self.is_moved(argument));
            visit::visit_expr_method_call(self, call);
        }
        fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
            self.found |= closure.capture.is_some();
            visit::visit_expr_closure(self, closure);
        }
    }
    impl Finder<'_> {
        fn is_moved(&self, argument: &Expr) -> bool {
            match strip(argument) {
                Expr::Reference(_) | Expr::MethodCall(_) | Expr::Range(_) | Expr::Closure(_) => false,
                argument => !(self.references)(argument),
            }
        }
    }
    let mut finder = Finder {
        references,
        found: false,
    };
    finder.visit_expr(expr);
    finder.found
}
