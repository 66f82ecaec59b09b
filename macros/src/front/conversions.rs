//! Conversions between arrays, slices and vectors, `v.as_slice()`, `Vec::from(a)`, `x[..3].try_into().unwrap()`, in terms of
//! elements and copies; `find_map` in terms of `filter_map`.
//!
//! Only of what is known to be one of these: a type of the user's may have methods of these names, too.

use std::collections::HashSet;

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Pat, Type};

use super::iterators::is_iterator;
use super::resolve::Names;

/// Rewrites a function's body. All names in it are unique. `vectors` are the variables that hold slices, vectors or arrays.
// Original: v.as_slice()    x.to_owned()    Vec::from([a, b])    [a, b].concat()
// Output:   (&v[..])        x.to_vec()      [a, b].to_vec()      a.iter().chain(b.iter()).cloned().collect::<Vec<_>>()
pub(crate) fn spell_out(body: &mut Block, vectors: &HashSet<String>, names: &mut Names) {
    Conversions { vectors, names }.visit_block_mut(body);
}

struct Conversions<'v> {
    vectors: &'v HashSet<String>,
    names: &'v mut Names,
}

impl Conversions<'_> {
    /// True for what surely is a slice, an array or a vector, or a reference to one.
    fn is_vector(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Array(_) | Expr::Repeat(_) => true,
            Expr::Paren(paren) => self.is_vector(&paren.expr),
            Expr::Reference(reference) => self.is_vector(&reference.expr),
            Expr::Index(index) => matches!(*index.index, Expr::Range(_)) && self.is_vector(&index.expr),
            Expr::MethodCall(call) if is_whole(call) => self.is_vector(&call.receiver),
            Expr::Macro(mac) => mac.mac.path.is_ident("vec"),
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| self.vectors.contains(&name.to_string())),
            _ => false,
        }
    }

    /// An element or a method of a slice of everything is one of what it is a slice of.
    // Original: v.as_slice()[i]    v.as_slice().iter()
    // Output:   v[i]               v.iter()
    fn see_through(&self, base: &mut Expr) {
        while let Expr::MethodCall(call) = base
            && is_whole(call)
            && self.is_vector(&call.receiver)
        {
            *base = (*call.receiver).clone();
        }
    }

    /// The elements of a slice whose number is known by a type, as an array.
    // Original: let a: [f64; 3] = x[..3].try_into().unwrap();
    // Output:   let a: [f64; 3] = { let slice = &x[..3]; assert_eq!(slice.len(), 3, …); core::array::from_fn(|index| slice[index]) };
    fn array(&mut self, value: &Expr, length: &Expr) -> Option<Expr> {
        let slice = self.tried(value)?;
        let at = proc_macro2::Span::call_site();
        let (name, index) = (self.names.fresh("slice", at), self.names.fresh("index", at));
        let slice = match slice {
            Expr::Reference(_) => slice.clone(),
            Expr::Path(_) => slice.clone(),
            slice => syn::parse_quote!(&#slice),
        };
        Some(syn::parse_quote!({
            let #name = #slice;
            assert_eq!(#name.len(), #length, "a slice of another length than the array it is converted to");
            ::core::array::from_fn(|#index| #name[#index].clone())
        }))
    }

    /// What a conversion that may fail, and is not expected to, converts.
    fn tried<'e>(&self, value: &'e Expr) -> Option<&'e Expr> {
        let Expr::MethodCall(sure) = value else { return None };
        if !matches!(
            (sure.method.to_string().as_str(), sure.args.len()),
            ("unwrap", 0) | ("expect", 1)
        ) {
            return None;
        }
        let converted = match &*sure.receiver {
            Expr::MethodCall(call) if call.method == "try_into" && call.args.is_empty() => &*call.receiver,
            _ => return None,
        };
        self.is_vector(converted).then_some(converted)
    }

    /// A vector of copies of all elements, one slice after another.
    fn concatenated(&self, call: &syn::ExprMethodCall) -> Option<Expr> {
        let Expr::Array(slices) = &*call.receiver else {
            return None;
        };
        if !slices.elems.iter().all(|slice| self.is_vector(slice)) {
            return None;
        }
        let mut slices = slices.elems.iter().map(|slice| match slice {
            Expr::Reference(reference) => &*reference.expr,
            slice => slice,
        });
        let first = slices.next()?;
        let rest = slices.map(|slice| quote!(.chain((#slice).iter())));
        Some(syn::parse_quote!((#first).iter()#(#rest)*.cloned().collect::<Vec<_>>()))
    }
}

impl VisitMut for Conversions<'_> {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if let (Pat::Type(typed), Some(init)) = (&local.pat, &mut local.init) {
            match &*typed.ty {
                Type::Array(array) => {
                    if let Some(value) = self.array(&init.expr, &array.len) {
                        *init.expr = value;
                    }
                }
                ty if is_vector_type(ty) => {
                    if let Expr::MethodCall(call) = &*init.expr
                        && call.method == "into"
                        && call.args.is_empty()
                        && self.is_vector(&call.receiver)
                    {
                        let value = &call.receiver;
                        *init.expr = syn::parse_quote!(#value.to_vec());
                    }
                }
                _ => {}
            }
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Index(index) => self.see_through(&mut index.expr),
            Expr::MethodCall(call) => self.see_through(&mut call.receiver),
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if call.args.is_empty() => {
                let receiver = &call.receiver;
                match call.method.to_string().as_str() {
                    "as_slice" if self.is_vector(receiver) => *expr = syn::parse_quote!((&#receiver[..])),
                    "as_mut_slice" if self.is_vector(receiver) => *expr = syn::parse_quote!((&mut #receiver[..])),
                    "to_owned" if self.is_vector(receiver) => *expr = syn::parse_quote!(#receiver.to_vec()),
                    "concat" => {
                        if let Some(value) = self.concatenated(call) {
                            *expr = value;
                        }
                    }
                    _ => {}
                }
            }
            Expr::MethodCall(call)
                if call.method == "find_map" && call.args.len() == 1 && is_iterator(&call.receiver) =>
            {
                let (items, function) = (&call.receiver, &call.args[0]);
                *expr = syn::parse_quote!(#items.filter_map(#function).next());
            }
            Expr::Call(call) if call.args.len() == 1 && is_vec_from(&call.func) && self.is_vector(&call.args[0]) => {
                let value = match &call.args[0] {
                    Expr::Reference(reference) => &reference.expr,
                    value => value,
                };
                *expr = syn::parse_quote!((#value).to_vec());
            }
            _ => {}
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// True for `v.as_slice()` and `v.as_mut_slice()`.
fn is_whole(call: &syn::ExprMethodCall) -> bool {
    (call.method == "as_slice" || call.method == "as_mut_slice") && call.args.is_empty()
}

/// True for `Vec::from`.
fn is_vec_from(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    let mut last = path.path.segments.iter().rev();
    last.next().is_some_and(|name| name.ident == "from") && last.next().is_some_and(|ty| ty.ident == "Vec")
}

fn is_vector_type(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Vec"))
}
