//! Types from where a value goes: `let y: f64 = xs.iter().sum();` becomes `xs.iter().sum::<f64>()`.
//!
//! A chain is written out as a loop, and what that begins with has a type only if it is told so.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Pat, ReturnType, Stmt, Type};

use super::iterators::is_iterator;

/// Tells chains the types that they are asked for, by `let` and by the function's result.
pub(crate) fn ascribe(body: &mut Block, output: &ReturnType) {
    let result = match output {
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => None,
    };
    let mut ascribe = Ascribe { result };
    ascribe.tail(body);
    ascribe.visit_block_mut(body);
}

struct Ascribe {
    /// What the function, or the closure, around returns.
    result: Option<Type>,
}

impl Ascribe {
    fn tail(&self, block: &mut Block) {
        if let (Some(ty), Some(Stmt::Expr(value, None))) = (&self.result, block.stmts.last_mut()) {
            tell(value, ty);
        }
    }
}

impl VisitMut for Ascribe {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if let (Pat::Type(typed), Some(init)) = (&local.pat, &mut local.init) {
            tell(&mut init.expr, &typed.ty);
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_return_mut(&mut self, source: &mut syn::ExprReturn) {
        if let (Some(ty), Some(value)) = (&self.result, &mut source.expr) {
            tell(value, ty);
        }
        visit_mut::visit_expr_return_mut(self, source);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        let result = match &closure.output {
            ReturnType::Type(_, ty) => Some((**ty).clone()),
            ReturnType::Default => None,
        };
        if let Some(ty) = &result {
            tell(&mut closure.body, ty);
        }
        let outer = std::mem::replace(&mut self.result, result);
        visit_mut::visit_expr_closure_mut(self, closure);
        self.result = outer;
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Tells the expression the type of its value.
fn tell(expr: &mut Expr, ty: &Type) {
    let block = |block: &mut Block| {
        if let Some(Stmt::Expr(value, None)) = block.stmts.last_mut() {
            tell(value, ty);
        }
    };
    match expr {
        Expr::Paren(paren) => tell(&mut paren.expr, ty),
        Expr::Group(group) => tell(&mut group.expr, ty),
        Expr::Block(inner) if inner.label.is_none() => block(&mut inner.block),
        Expr::If(branch) => {
            block(&mut branch.then_branch);
            if let Some((_, otherwise)) = &mut branch.else_branch {
                tell(otherwise, ty);
            }
        }
        Expr::Match(branch) => branch.arms.iter_mut().for_each(|arm| tell(&mut arm.body, ty)),
        Expr::MethodCall(call) if asks(call) => {
            let span = call.method.span();
            let brackets = quote::quote_spanned!(span=> ::<#ty>);
            call.turbofish = syn::parse2(brackets).ok();
        }
        Expr::Call(call) => tell_elements(call, ty),
        // Beside what a function writes to, nothing else says what there is none of.
        Expr::Path(path) if path.path.is_ident("None") => {
            if let Some(inside) = inside_of_option(ty) {
                let span = path.path.segments[0].ident.span();
                let brackets = quote::quote_spanned!(span=> ::<#inside>);
                if let Ok(brackets) = syn::parse2(brackets) {
                    path.path.segments[0].arguments = syn::PathArguments::AngleBracketed(brackets);
                }
            }
        }
        _ => {}
    }
}

/// `T` of `Option<T>`.
fn inside_of_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(syn::GenericArgument::Type(inside)) => Some(inside),
            _ => None,
        },
        _ => None,
    }
}

/// `let y: [f64; 3] = array::from_fn(|i| …);` becomes `array::from_fn::<f64, 3, _>(…)`; and so on in the closure.
fn tell_elements(call: &mut syn::ExprCall, ty: &Type) {
    let (Type::Array(array), true) = (ty, is_from_fn(call)) else {
        return;
    };
    let (element, length) = (&array.elem, &array.len);
    if let Expr::Path(function) = &mut *call.func
        && let Some(last) = function.path.segments.last_mut()
        && last.arguments.is_none()
        && !matches!(length, Expr::Infer(_))
    {
        let span = last.ident.span();
        let brackets = quote::quote_spanned!(span=> ::<#element, { #length }, _>);
        if let Ok(brackets) = syn::parse2(brackets) {
            last.arguments = syn::PathArguments::AngleBracketed(brackets);
        }
    }
    if let Some(Expr::Closure(closure)) = call.args.first_mut()
        && matches!(closure.output, ReturnType::Default)
    {
        tell(&mut closure.body, element);
    }
}

/// True for `core::array::from_fn(…)`.
pub(crate) fn is_from_fn(call: &syn::ExprCall) -> bool {
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    let mut segments = function.path.segments.iter().rev();
    let last = segments.next().is_some_and(|segment| segment.ident == "from_fn");
    last && segments.next().is_some_and(|segment| segment.ident == "array") && call.args.len() == 1
}

/// True if the method gives whatever type it is asked for.
fn asks(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    call.turbofish.is_none()
        && call.args.is_empty()
        && matches!(name.as_str(), "sum" | "product" | "collect")
        && is_iterator(&call.receiver)
}
