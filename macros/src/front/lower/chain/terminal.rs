//! What becomes of the items of a chain: one value of all of them.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprMethodCall, GenericArgument, Stmt, Type};

use super::super::Lowering;
use super::super::statement::extent;
use super::item::{Item, path};
use crate::front::iterators::is_iterator;
use crate::ir::{Operand, primitives};

impl Lowering<'_> {
    /// The value of a chain with its last method; nothing if the call is no such chain.
    pub(in super::super) fn iterator_chain(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        if let Some(chosen) = self.chosen_item(call) {
            return Some(self.chain_value(&[], &chosen.expr()));
        }
        match (call.method.to_string().as_str(), call.args.len()) {
            ("to_vec", 0) => return Some(self.vector_of(call).unwrap_or_else(|| Self::unit(call))),
            ("map", 1) if self.is_array(&call.receiver) => {
                return Some(self.array_map(call).unwrap_or_else(|| Self::unit(call)));
            }
            _ => {}
        }
        if !is_iterator(&call.receiver) {
            return None;
        }
        let value = match (call.method.to_string().as_str(), call.args.len()) {
            // As std does, a sum begins with the one number to which any other can be added without changing that.
            ("sum", 0) => self.accumulated(call, &quote!(+), |ty| literal("-0.0", ty), "Sum"),
            ("product", 0) => self.accumulated(call, &quote!(*), |ty| literal("1.0", ty), "Product"),
            ("fold", 2) => self.fold(call),
            ("for_each", 1) => self.for_each(call),
            ("collect", 0) => self.collect(call),
            // Elsewhere they run as they are: nothing flows through their results.
            ("any" | "all" | "position", 1) | ("count", 0) if self.writes_outside(&Expr::MethodCall(call.clone())) => {
                self.tested(call)
            }
            (name, _) if primitives::is_discrete(name) => return None,
            // Whatever else it is, it is not a method of an active value.
            _ => return Some(self.unknown_method(call)),
        };
        Some(value.unwrap_or_else(|| Self::unit(call)))
    }

    /// The statements, and then the variable's value.
    pub(super) fn chain_value(&mut self, statements: &[Stmt], value: &Expr) -> Operand {
        let places = std::mem::take(&mut self.places);
        statements.iter().for_each(|statement| self.statement(statement));
        let value = self.expression(value);
        self.places = places;
        value
    }

    // Original: chain.sum::<T>()
    // Output:   let mut sum: T = -0.0; for … { sum += item; }
    fn accumulated(
        &mut self,
        call: &ExprMethodCall,
        operator: &TokenStream,
        neutral: impl FnOnce(Option<&Type>) -> Expr,
        of: &str,
    ) -> Option<Operand> {
        let stream = self.stream(&call.receiver)?;
        let span = call.method.span();
        let total = self.names.fresh(&call.method.to_string(), span);
        let of = proc_macro2::Ident::new(of, Span::call_site());
        let method = proc_macro2::Ident::new(&call.method.to_string(), Span::call_site());
        let start: Stmt = match turbofish(call) {
            // Without an ascription, which would be repeated at each addition.
            Some(ty) if !is_float(ty) => syn::parse_quote! {
                let mut #total = <#ty as ::core::iter::#of<#ty>>::#method(::core::iter::empty::<#ty>());
            },
            ty => {
                let neutral = neutral(ty);
                syn::parse_quote!(let mut #total = #neutral;)
            }
        };
        let mut statements = vec![start];
        statements.extend(self.drive(stream, None, None, |_, item, _| {
            let item = item.expr();
            let add = quote_spanned!(span=> #total #operator);
            let tokens = quote_spanned!(span=> #total = #add #item;);
            vec![syn::parse2(tokens).unwrap_or_else(|_| syn::parse_quote!(();))]
        }));
        Some(self.chain_value(&statements, &path(&total)))
    }

    // Original: chain.fold(start, |a, x| body)
    // Output:   let mut folded = start; for … { folded = { let a = folded; let x = item; body }; }
    fn fold(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        let stream = self.stream(&call.receiver)?;
        let (start, function) = (&call.args[0], &call.args[1]);
        let folded = self.names.fresh("folded", extent(start).first);
        let ascription = turbofish(call).map(|ty| quote!(: #ty));
        let mut statements: Vec<Stmt> = vec![syn::parse_quote!(let mut #folded #ascription = #start;)];
        statements.extend(self.drive(stream, None, None, |lowering, item, _| {
            let next = lowering.apply(function, vec![Item::of(&folded), item]);
            vec![syn::parse_quote!(#folded = #next;)]
        }));
        Some(self.chain_value(&statements, &path(&folded)))
    }

    /// `any`, `all`, `position`, `count` with closures that write to something.
    // Original: chain.any(|x| body)
    // Output:   let mut any = false; for … { let hit = { let x = item; body }; if hit { any = true; break; } }
    fn tested(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        let stream = self.stream(&call.receiver)?;
        let method = call.method.to_string();
        let answer = self.names.fresh(&method, call.method.span());
        let counted = self.names.fresh("counted", Span::call_site());
        let start = match method.as_str() {
            "any" => quote!(false),
            "all" => quote!(true),
            "count" => quote!(0_usize),
            _ => quote!(::core::option::Option::<usize>::None),
        };
        let mut statements: Vec<Stmt> = vec![
            syn::parse_quote!(let mut #answer = #start;),
            syn::parse_quote!(let mut #counted = 0_usize;),
        ];
        statements.extend(self.drive(stream, None, None, |lowering, item, _| {
            let mut statements = Vec::new();
            if method == "count" {
                lowering.named(item, &mut statements);
                statements.push(syn::parse_quote!(#answer += 1;));
                return statements;
            }
            let test = lowering.apply(&call.args[0], vec![item]);
            let hit = lowering.names.fresh("hit", call.method.span());
            statements.push(syn::parse_quote!(let #hit = #test;));
            statements.push(match method.as_str() {
                "any" => syn::parse_quote!(if #hit { #answer = true; break; }),
                "all" => syn::parse_quote!(if !#hit { #answer = false; break; }),
                _ => syn::parse_quote!(if #hit { #answer = ::core::option::Option::Some(#counted); break; }),
            });
            statements.push(syn::parse_quote!(#counted += 1;));
            statements
        }));
        Some(self.chain_value(&statements, &path(&answer)))
    }

    fn for_each(&mut self, call: &ExprMethodCall) -> Option<Operand> {
        let stream = self.stream(&call.receiver)?;
        let function = &call.args[0];
        let statements = self.drive(stream, None, None, |lowering, item, _| {
            let effect = lowering.apply(function, vec![item]);
            vec![syn::parse_quote!(#effect;)]
        });
        self.chain_statements(&statements);
        Some(Self::unit(call))
    }
}

/// The type in `sum::<T>()`, unless it is left open.
pub(super) fn turbofish(call: &ExprMethodCall) -> Option<&Type> {
    let arguments = &call.turbofish.as_ref()?.args;
    arguments.iter().find_map(|argument| match argument {
        GenericArgument::Type(Type::Infer(_)) => None,
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// A number of the type, if that is known.
fn literal(number: &str, ty: Option<&Type>) -> Expr {
    let suffix = ty.map(|ty| quote!(#ty).to_string()).unwrap_or_default();
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or((None, number), |digits| (Some(quote!(-)), digits));
    let digits = syn::LitFloat::new(&format!("{digits}{suffix}"), Span::call_site());
    syn::parse_quote!(#sign #digits)
}

fn is_float(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("f64") || path.path.is_ident("f32"))
}
