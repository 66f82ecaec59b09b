//! Mutable parts of slices, `split_at_mut`, `chunks_mut`, `last_mut` and their kin, as references to slices and elements by their
//! positions.

use std::collections::HashSet;

use proc_macro2::Span;
use quote::{ToTokens, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Item, Pat, Stmt, UnOp};

use super::aliases::is_place_or_slice;
use super::resolve::Names;
use super::{statements, types};

/// The variables that are known to hold slices, vectors or arrays, with the `parameters` that do.
pub(crate) fn vectors(body: &Block, parameters: HashSet<String>) -> HashSet<String> {
    let mut vectors = Vectors(parameters);
    vectors.visit_block(body);
    vectors.0
}

/// Rewrites a function's body. All names in it are unique. `vectors` are the variables that hold slices, vectors or arrays.
pub(crate) fn desugar(body: &mut Block, vectors: &HashSet<String>, names: &mut Names) {
    Parts { names, vectors }.visit_block_mut(body);
}

/// The variables that are known to hold slices, vectors or arrays.
struct Vectors(HashSet<String>);

impl<'ast> Visit<'ast> for Vectors {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let (name, ty) = match &local.pat {
            Pat::Ident(name) => (Some(&name.ident), None),
            Pat::Type(typed) => match &*typed.pat {
                Pat::Ident(name) => (Some(&name.ident), Some(&*typed.ty)),
                _ => (None, None),
            },
            _ => (None, None),
        };
        let makes = |expr: &Expr| match expr {
            Expr::Array(_) | Expr::Repeat(_) => true,
            Expr::Macro(made) => made.mac.path.is_ident("vec"),
            Expr::MethodCall(call) => call.method == "to_vec",
            _ => false,
        };
        let is_vector = ty.is_some_and(types::is_vector) || local.init.as_ref().is_some_and(|init| makes(&init.expr));
        self.0.extend(name.filter(|_| is_vector).map(ToString::to_string));
        visit::visit_local(self, local);
    }
}

struct Parts<'n> {
    names: &'n mut Names,
    vectors: &'n HashSet<String>,
}

impl VisitMut for Parts<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        statements::replace(block, |statement| self.split(statement));
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let rewritten = match expr {
            Expr::ForLoop(branch) => self.chunks(branch),
            Expr::If(branch) => element_if(branch, self.vectors),
            // What points to an element, where the element is meant.
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => unwrapped(&unary.expr, self.vectors),
            Expr::Field(field) => {
                if let Some(element) = unwrapped(&field.base, self.vectors) {
                    *field.base = element;
                }
                None
            }
            Expr::Index(index) => {
                if let Some(element) = unwrapped(&index.expr, self.vectors) {
                    *index.expr = element;
                }
                None
            }
            Expr::MethodCall(call) => {
                if let Some(element) = unwrapped(&call.receiver, self.vectors) {
                    *call.receiver = element;
                }
                None
            }
            _ => None,
        };
        if let Some(rewritten) = rewritten {
            *expr = rewritten;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Parts<'_> {
    // Original: let (left, right) = v.split_at_mut(k);
    // Output:   let middle = k; let left = &mut v[..middle]; let right = &mut v[middle..];
    fn split(&mut self, statement: &Stmt) -> Option<Vec<Stmt>> {
        let Stmt::Local(local) = statement else { return None };
        let init = local.init.as_ref()?;
        if let Some(statements) = self.element(local, init) {
            return Some(statements);
        }
        let Expr::MethodCall(call) = &*init.expr else {
            return None;
        };
        if init.diverge.is_some() {
            return None;
        }
        let (place, at) = (place_of(call, &["split_at_mut"], 1)?, call.method.span());
        let (left, right) = pair(&local.pat)?;
        let (middle, position) = (self.names.fresh("middle", at), &call.args[0]);
        let mut statements: Vec<Stmt> = vec![syn::parse_quote_spanned!(at=> let #middle: usize = #position;)];
        if !matches!(left, Pat::Wild(_)) {
            statements.push(syn::parse_quote_spanned!(at=> let #left = &mut #place[..#middle];));
        }
        if !matches!(right, Pat::Wild(_)) {
            statements.push(syn::parse_quote_spanned!(at=> let #right = &mut #place[#middle..];));
        }
        Some(statements)
    }

    // Original: let last = v.last_mut().unwrap();    let Some(last) = v.last_mut() else { return };
    // Output:   let last = &mut v[v.len() - 1];      if v.is_empty() { return } let last = &mut v[v.len() - 1];
    fn element(&self, local: &syn::Local, init: &syn::LocalInit) -> Option<Vec<Stmt>> {
        if let (Pat::Ident(name), None) = (&local.pat, &init.diverge) {
            let element = unwrapped(&init.expr, self.vectors)?;
            return Some(vec![syn::parse_quote!(let #name = &mut #element;)]);
        }
        let (name, (_, otherwise)) = (payload_name(&local.pat)?, init.diverge.as_ref()?);
        let (there, element) = element(method(&init.expr)?, self.vectors)?;
        Some(vec![
            syn::parse_quote!(if !(#there) #otherwise),
            syn::parse_quote!(let #name = &mut #element;),
        ])
    }

    // Original: for chunk in v.chunks_mut(n) { body }
    // Output:   for i in 0..v.len().div_ceil(n) { let chunk = &mut v[i * n..min(i * n + n, v.len())]; body }
    fn chunks(&mut self, branch: &syn::ExprForLoop) -> Option<Expr> {
        let Expr::MethodCall(outer) = &*branch.expr else {
            return None;
        };
        let (call, pattern, other) = match (outer.method.to_string().as_str(), outer.args.len()) {
            ("enumerate", 0) => {
                let (first, second) = pair(&branch.pat)?;
                (method(&outer.receiver)?, second, Other::Index(first))
            }
            ("zip", 1) => {
                let (first, second) = pair(&branch.pat)?;
                (method(&outer.receiver)?, first, Other::Item(second, &outer.args[0]))
            }
            _ => (outer, &*branch.pat, Other::Nothing),
        };
        let place = place_of(call, &["chunks_mut", "chunks_exact_mut"], 1)?;
        let at = call.method.span();
        let exact = call.method == "chunks_exact_mut";
        let (size, index, start) = (
            self.names.fresh("size", at),
            self.names.fresh("index", at),
            self.names.fresh("start", at),
        );
        let given = &call.args[0];
        let count = if exact {
            quote_spanned!(at=> #place.len() / #size)
        } else {
            quote_spanned!(at=> #place.len().div_ceil(#size))
        };
        let end = if exact {
            quote_spanned!(at=> #start + #size)
        } else {
            quote_spanned!(at=> ::core::cmp::min(#start + #size, #place.len()))
        };
        let (label, body) = (&branch.label, &branch.body.stmts);
        let (items, named) = match other {
            Other::Nothing => (quote_spanned!(at=> #index in 0..#count), None),
            Other::Index(name) => (
                quote_spanned!(at=> #index in 0..#count),
                Some(quote_spanned!(at=> let #name = #index;)),
            ),
            Other::Item(pattern, items) => {
                let items = iterated(items)?;
                (
                    quote_spanned!(at=> (#index, #pattern) in #items.enumerate().take(#count)),
                    None,
                )
            }
        };
        Some(syn::parse_quote_spanned! {at=> {
            let #size: usize = #given;
            #label for #items {
                let #start: usize = #index * #size;
                let #pattern = &mut #place[#start..#end];
                #named
                #(#body)*
            }
        }})
    }
}

/// What comes beside the chunks.
enum Other<'p> {
    Nothing,
    /// Their index.
    Index(&'p Pat),
    /// An item of another iterator.
    Item(&'p Pat, &'p Expr),
}

// Original: if let Some(last) = v.last_mut() { body } else { other }
// Output:   if !v.is_empty() { let last = &mut v[v.len() - 1]; body } else { other }
fn element_if(branch: &syn::ExprIf, vectors: &HashSet<String>) -> Option<Expr> {
    let Expr::Let(condition) = &*branch.cond else {
        return None;
    };
    let name = payload_name(&condition.pat)?;
    let (call, at) = (method(&condition.expr)?, name.ident.span());
    let (there, element) = element(call, vectors)?;
    let body = &branch.then_branch.stmts;
    let otherwise = branch.else_branch.as_ref().map(|(keyword, otherwise)| {
        let keyword = keyword.to_token_stream();
        quote_spanned!(at=> #keyword #otherwise)
    });
    Some(syn::parse_quote_spanned! {at=>
        if #there { let #name = &mut #element; #(#body)* } #otherwise
    })
}

/// The name in `Some(name)`.
fn payload_name(pattern: &Pat) -> Option<&syn::PatIdent> {
    let Pat::TupleStruct(some) = pattern else { return None };
    let is_some = some.path.segments.last().is_some_and(|last| last.ident == "Some");
    match some.elems.iter().collect::<Vec<_>>()[..] {
        [Pat::Ident(name)] if is_some => Some(name),
        _ => None,
    }
}

/// The element that `v.last_mut().unwrap()` points to.
fn unwrapped(expr: &Expr, vectors: &HashSet<String>) -> Option<Expr> {
    let call = method(expr)?;
    let unwraps = matches!(
        (call.method.to_string().as_str(), call.args.len()),
        ("unwrap", 0) | ("expect", 1)
    );
    let inner = method(&call.receiver).filter(|_| unwraps)?;
    Some(element(inner, vectors)?.1)
}

/// Whether there is an element that the call asks a reference to, and the element.
fn element(call: &ExprMethodCall, vectors: &HashSet<String>) -> Option<(Expr, Expr)> {
    let at = call.method.span();
    let place = place_of(call, &["first_mut", "last_mut"], 0).or_else(|| place_of(call, &["get_mut"], 1))?;
    // The key of a map is a reference, which no index is.
    if call.method == "get_mut" && !matches!(place, Expr::Field(_)) && !is_vector(place, vectors) {
        return None;
    }
    // What is not known to be a slice must be one: a type of the user's may have its elements in another order.
    let (length, first) = if is_vector(place, vectors) {
        (quote_spanned!(at=> #place.len()), quote_spanned!(at=> 0))
    } else {
        let length = quote_spanned!(at=> <[_]>::len(&#place));
        (length.clone(), quote_spanned!(at=> 0 * #length))
    };
    let there: Expr = syn::parse_quote_spanned!(at=> #length != 0);
    Some(match call.method.to_string().as_str() {
        "first_mut" => (there, syn::parse_quote_spanned!(at=> #place[#first])),
        "last_mut" => (there, syn::parse_quote_spanned!(at=> #place[#length - 1])),
        _ => {
            let index = call.args.first().filter(|index| is_simple(index))?;
            let there = syn::parse_quote_spanned!(at=> #index < #length);
            let index = match is_vector(place, vectors) {
                true => quote_spanned!(at=> #index),
                false => quote_spanned!(at=> #first + #index),
            };
            (there, syn::parse_quote_spanned!(at=> #place[#index]))
        }
    })
}

/// True for a variable that is known to hold a vector or the like, and not a map.
fn is_vector(place: &Expr, vectors: &HashSet<String>) -> bool {
    match place {
        Expr::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| vectors.contains(&name.to_string())),
        Expr::Index(index) => matches!(*index.index, Expr::Range(_)) || is_vector(&index.expr, vectors),
        Expr::Paren(paren) => is_vector(&paren.expr, vectors),
        _ => false,
    }
}

/// True for an index, as far as the source shows.
fn is_simple(index: &Expr) -> bool {
    match index {
        Expr::Path(_) => true,
        Expr::Lit(literal) => matches!(literal.lit, syn::Lit::Int(_)),
        Expr::Binary(binary) => is_simple(&binary.left) && is_simple(&binary.right),
        Expr::Paren(paren) => is_simple(&paren.expr),
        _ => false,
    }
}

/// The place that one of these methods is called on.
fn place_of<'c>(call: &'c ExprMethodCall, methods: &[&str], arguments: usize) -> Option<&'c Expr> {
    let fits = methods.iter().any(|method| call.method == method) && call.args.len() == arguments;
    Some(&*call.receiver).filter(|place| fits && is_place_or_slice(place))
}

fn method(expr: &Expr) -> Option<&ExprMethodCall> {
    match expr {
        Expr::MethodCall(call) => Some(call),
        Expr::Paren(paren) => method(&paren.expr),
        _ => None,
    }
}

/// The two parts of a pair.
pub(super) fn pair(pattern: &Pat) -> Option<(&Pat, &Pat)> {
    match pattern {
        Pat::Tuple(tuple) if tuple.elems.len() == 2 => Some((&tuple.elems[0], &tuple.elems[1])),
        _ => None,
    }
}

/// What is zipped with, as an iterator.
fn iterated(items: &Expr) -> Option<Expr> {
    let at = Span::call_site();
    match items {
        Expr::Reference(reference) if reference.mutability.is_none() => {
            let items = &reference.expr;
            Some(syn::parse_quote_spanned!(at=> #items.iter()))
        }
        Expr::Path(_) => Some(syn::parse_quote_spanned!(at=> #items.iter())),
        Expr::MethodCall(_) => Some(items.clone()),
        _ => None,
    }
}
