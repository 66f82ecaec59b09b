//! What a chain begins with, and the adapters that leave its items countable.

use proc_macro2::{Ident, Span};
use quote::{quote, quote_spanned};
use syn::{Expr, Stmt};

use super::super::statement::{extent, strip};
use super::super::{Current, Lowering};
use super::item::{Item, parse, path};
use crate::front::iterators::{Function, function, is_iterator, is_mutable};
use crate::front::mentions;
use crate::ir::Place;

/// Items that are found by their position.
#[derive(Clone)]
pub(super) struct Indexed {
    pub(super) shape: Shape,
    /// How many there are, without those beside them; nothing if there is no end.
    pub(super) length: Option<Expr>,
    /// Iterators that touch no derivative and run along, each with the variable that holds its item.
    pub(super) beside: Vec<(Ident, Expr)>,
}

/// How the item at a position is made.
#[derive(Clone)]
pub(super) enum Shape {
    /// The position itself.
    Position,
    /// An element of what the variable holds.
    Element {
        source: Ident,
        by_reference: bool,
    },
    /// An element, to be written to.
    Place(Expr),
    /// The item of an iterator that runs along.
    Beside(Ident),
    /// The item of an iterator that touches no derivative.
    Inactive(Expr),
    /// The same for each position.
    Repeated(Ident),
    /// A slice of so many elements from each position.
    Window(Ident, Expr),
    /// A slice of so many elements, behind the one before; the last one ends with the source.
    Chunk(Ident, Box<Expr>, Option<Box<Expr>>),
    Pair(Box<Shape>, Box<Shape>),
    Mapped(Box<Shape>, Expr),
    Dereferenced(Box<Shape>, Span),
    Offset(Box<Shape>, Expr),
    Stride(Box<Shape>, Expr),
    Reversed(Box<Shape>, Expr),
    /// The items of the first, of which there are so many, and then those of the second.
    Either(Box<Shape>, Expr, Box<Shape>),
}

impl Indexed {
    fn new(shape: Shape, length: Option<Expr>) -> Self {
        Self {
            shape,
            length,
            beside: Vec::new(),
        }
    }

    pub(super) fn reshape(self, shape: impl FnOnce(Box<Shape>) -> Shape) -> Self {
        Self {
            shape: shape(Box::new(self.shape)),
            ..self
        }
    }

    /// No iterators run along, so that positions can be chosen freely.
    pub(super) fn settled(mut self) -> Self {
        for (name, expr) in std::mem::take(&mut self.beside) {
            let length = if is_inclusive(&expr) {
                quote!(::core::iter::Iterator::count(#expr))
            } else {
                quote!(::core::iter::ExactSizeIterator::len(&::core::iter::IntoIterator::into_iter(#expr)))
            };
            self.shape = self.shape.settle(&name, &expr);
            self.length = shorter(self.length, Some(parse(length)));
        }
        self
    }
}

impl Shape {
    fn settle(self, name: &Ident, expr: &Expr) -> Self {
        let within = |shape: Box<Self>| Box::new(shape.settle(name, expr));
        match self {
            Self::Beside(known) if known == *name => Self::Inactive(expr.clone()),
            Self::Pair(left, right) => Self::Pair(within(left), within(right)),
            Self::Mapped(inner, function) => Self::Mapped(within(inner), function),
            Self::Dereferenced(inner, span) => Self::Dereferenced(within(inner), span),
            // Whatever chooses positions has been settled.
            other => other,
        }
    }

    /// True if the items are references to elements.
    pub(super) fn is_reference(&self) -> bool {
        match self {
            Self::Element { by_reference, .. } => *by_reference,
            Self::Offset(inner, _) | Self::Stride(inner, _) | Self::Reversed(inner, _) | Self::Either(inner, _, _) => {
                inner.is_reference()
            }
            _ => false,
        }
    }

    /// The innermost shape, on the left.
    pub(super) fn source(&self) -> &Self {
        match self {
            Self::Pair(inner, _)
            | Self::Mapped(inner, _)
            | Self::Dereferenced(inner, _)
            | Self::Offset(inner, _)
            | Self::Stride(inner, _)
            | Self::Reversed(inner, _)
            | Self::Either(inner, _, _) => inner.source(),
            shape => shape,
        }
    }

    /// True if the items are those of an iterator that runs along, or made of them alone.
    pub(super) fn is_mapped(&self) -> bool {
        match self {
            Self::Beside(_) => true,
            Self::Mapped(inner, _) | Self::Dereferenced(inner, _) => inner.is_mapped(),
            _ => false,
        }
    }

    /// True if the items are parts of something that stays where it is, so that one can be found again.
    pub(super) fn stays(&self) -> bool {
        match self {
            Self::Mapped(..) | Self::Beside(_) => false,
            Self::Pair(left, right) | Self::Either(left, _, right) => left.stays() && right.stays(),
            Self::Dereferenced(inner, _)
            | Self::Offset(inner, _)
            | Self::Stride(inner, _)
            | Self::Reversed(inner, _) => inner.stays(),
            _ => true,
        }
    }
}

/// The smaller of two numbers of items.
pub(super) fn shorter(left: Option<Expr>, right: Option<Expr>) -> Option<Expr> {
    match (left, right) {
        (Some(left), Some(right)) => Some(parse(quote!(::core::cmp::Ord::min(#left, #right)))),
        (left, right) => left.or(right),
    }
}

impl Lowering<'_> {
    /// Evaluates an expression now, and gives the variable that holds it.
    pub(in super::super) fn bound(&mut self, like: &str, expr: &Expr) -> Expr {
        if matches!(strip(expr), Expr::Lit(_)) || matches!(expr, Expr::Path(path) if self.is_ours(path)) {
            return expr.clone();
        }
        let name = self.bound_name(like, expr);
        path(&name)
    }

    pub(in super::super) fn bound_name(&mut self, like: &str, expr: &Expr) -> Ident {
        let name = self.names.fresh(like, extent(expr).first);
        let statement: Stmt = syn::parse_quote!(let #name = #expr;);
        self.statement(&statement);
        name
    }

    /// True for variables that no one writes to.
    fn is_ours(&self, path: &syn::ExprPath) -> bool {
        let variable = path
            .path
            .get_ident()
            .and_then(|name| self.variables.get(&name.to_string()));
        variable.is_some_and(|variable| {
            !variable.mutable && matches!(variable.current, Current::Value(id) if !self.value(id).active)
        })
    }

    /// What an expression that mentions active values iterates over, before any adapter.
    pub(super) fn chain_source(&mut self, expr: &Expr) -> Option<Indexed> {
        let expr = strip(expr);
        if let Some(range) = self.range_of_counts(expr) {
            return Some(self.inactive_items(&range));
        }
        if !self.mentions_active(expr) && !is_mutable(expr) {
            return Some(self.inactive_items(expr));
        }
        match expr {
            Expr::Reference(reference) if reference.mutability.is_some() => self.places(&reference.expr),
            Expr::Reference(reference) => self.elements_of(&reference.expr, true),
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                match (name.as_str(), call.args.len()) {
                    ("iter", 0) => self.elements_of(&call.receiver, true),
                    ("iter_mut", 0) => self.places(&call.receiver),
                    ("windows" | "chunks" | "chunks_exact", 1) => self.slices(call),
                    _ if is_iterator(&call.receiver) => {
                        self.unsupported_chain(expr);
                        None
                    }
                    _ => self.elements_of(expr, false),
                }
            }
            Expr::Call(call) => match function(call) {
                Some(which @ (Function::Repeat | Function::Once)) => {
                    let item = self.bound_name("item", &call.args[0]);
                    let length = (which == Function::Once).then(|| syn::parse_quote!(1_usize));
                    Some(Indexed::new(Shape::Repeated(item), length))
                }
                _ => self.elements_of(expr, false),
            },
            Expr::Range(_) => {
                self.errors.add(
                    expr,
                    "a range with active ends cannot be differentiated; compare with the ends instead",
                );
                None
            }
            _ => self.elements_of(expr, false),
        }
    }

    /// `left.zip(right)` as a function.
    pub(super) fn zip_function(expr: &Expr) -> Option<(&Expr, &Expr)> {
        let Expr::Call(call) = strip(expr) else { return None };
        (function(call)? == Function::Zip).then(|| (&call.args[0], &call.args[1]))
    }

    /// An iterator that touches no derivative.
    fn inactive_items(&mut self, expr: &Expr) -> Indexed {
        let name = self.names.fresh("item", extent(expr).first);
        Indexed {
            shape: Shape::Beside(name.clone()),
            length: None,
            beside: vec![(name, self.again(expr))],
        }
    }

    /// A range whose ends are piecewise constant functions of active values, such as `0..x.len()`, with variables in place of
    /// the ends.
    fn range_of_counts(&mut self, expr: &Expr) -> Option<Expr> {
        let Expr::Range(range) = expr else { return None };
        if !self.mentions_active(expr) {
            return None;
        }
        let mut range = range.clone();
        for end in [&mut range.start, &mut range.end].into_iter().flatten() {
            if self.mentions_active(end) {
                let name = self.names.fresh("end", extent(end).first);
                let value = self.opaque_expression(end, true);
                self.bind_name(&name, false, None, value);
                **end = path(&name);
            }
        }
        Some(syn::parse_quote!((#range)))
    }

    /// The elements of an array, a slice or a vector.
    fn elements_of(&mut self, base: &Expr, by_reference: bool) -> Option<Indexed> {
        if !self.mentions_active(base) {
            let expr: Expr = if by_reference {
                syn::parse_quote!((#base).iter())
            } else {
                base.clone()
            };
            return Some(self.inactive_items(&expr));
        }
        let source = self.chain_operand(base, by_reference)?;
        let by_reference = by_reference || !self.holds_elements(&source);
        let length = self.length_of(&source);
        Some(Indexed::new(Shape::Element { source, by_reference }, Some(length)))
    }

    /// A variable for what is iterated over.
    pub(super) fn chain_operand(&mut self, base: &Expr, by_reference: bool) -> Option<Ident> {
        let errors = self.errors.len();
        let first = extent(base).first;
        let expr: Expr = if by_reference && !matches!(strip(base), Expr::Reference(_)) {
            parse(quote_spanned!(first=> &#base))
        } else {
            base.clone()
        };
        let source = self.bound_name("source", &expr);
        (self.errors.len() == errors).then_some(source)
    }

    fn holds_elements(&self, source: &Ident) -> bool {
        matches!(self.current(source), Some(Current::Value(id)) if self.is_value(&Place::whole(*id)))
    }

    fn length_of(&mut self, source: &Ident) -> Expr {
        let length: Expr = syn::parse_quote!(#source.len());
        self.bound("length", &length)
    }

    /// The elements, to be written to.
    fn places(&mut self, base: &Expr) -> Option<Indexed> {
        let base = strip(base);
        let base = match base {
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => &*unary.expr,
            base => base,
        };
        if mentions::root(base).is_none() {
            self.unsupported_chain(base);
            return None;
        }
        let length: Expr = syn::parse_quote!((#base).len());
        let length = self.bound("length", &length);
        Some(Indexed::new(Shape::Place(base.clone()), Some(length)))
    }

    /// `windows`, `chunks`, `chunks_exact`.
    fn slices(&mut self, call: &syn::ExprMethodCall) -> Option<Indexed> {
        let source = self.chain_operand(&call.receiver, true)?;
        let length = self.length_of(&source);
        // As std does, none of which is empty.
        let (size, at) = (&call.args[0], call.method.span());
        let size: Expr = parse(quote_spanned! {at=>
            ::core::num::NonZero::<usize>::new(#size).expect("the size must not be zero").get()
        });
        let size = self.bound("size", &size);
        let (shape, count): (_, Expr) = match call.method.to_string().as_str() {
            "windows" => (
                Shape::Window(source, size.clone()),
                syn::parse_quote!((#length + 1).saturating_sub(#size)),
            ),
            "chunks" => (
                Shape::Chunk(source, Box::new(size.clone()), Some(Box::new(length.clone()))),
                syn::parse_quote!(#length.div_ceil(#size)),
            ),
            _ => (
                Shape::Chunk(source, Box::new(size.clone()), None),
                syn::parse_quote!(#length / #size),
            ),
        };
        let count = self.bound("length", &count);
        Some(Indexed::new(shape, Some(count)))
    }

    pub(super) fn unsupported_chain(&mut self, expr: &Expr) {
        self.errors.add(
            expr,
            "iterating over this expression of active values cannot be differentiated; use `iter` and its adapters, or a loop over indices",
        );
    }

    /// The item at a position. What has to be computed first is added to the statements.
    pub(super) fn item_at(&mut self, shape: &Shape, position: &Expr, statements: &mut Vec<Stmt>) -> Item {
        match shape {
            Shape::Position => Item::Value(position.clone()),
            Shape::Element { source, by_reference } => {
                let span = source.span();
                Item::Value(parse(if *by_reference {
                    quote_spanned!(span=> &#source[#position])
                } else {
                    quote_spanned!(span=> #source[#position])
                }))
            }
            Shape::Place(base) => Item::Place(syn::parse_quote!(#base[#position])),
            Shape::Beside(name) | Shape::Repeated(name) => Item::of(name),
            Shape::Inactive(expr) => Item::Value(syn::parse_quote! {
                ::core::iter::Iterator::nth(&mut ::core::iter::IntoIterator::into_iter(#expr), #position).unwrap()
            }),
            Shape::Window(source, size) => {
                let span = source.span();
                Item::Value(parse(quote_spanned!(span=> &#source[#position..#position + #size])))
            }
            Shape::Chunk(source, size, length) => {
                let span = source.span();
                let begin = self.computed("begin", quote!(#position * #size), statements);
                let end = match length {
                    Some(length) => quote!(::core::cmp::Ord::min(#begin + #size, #length)),
                    None => quote!(#begin + #size),
                };
                Item::Value(parse(quote_spanned!(span=> &#source[#begin..#end])))
            }
            Shape::Pair(left, right) => {
                let left = self.item_at(left, position, statements);
                Item::Tuple(vec![left, self.item_at(right, position, statements)])
            }
            Shape::Mapped(inner, function) => {
                let item = self.item_at(inner, position, statements);
                Item::Value(self.apply(function, vec![item]))
            }
            Shape::Dereferenced(inner, _) => self.item_at(inner, position, statements).dereferenced(),
            Shape::Offset(inner, count) => {
                let position = self.computed("position", quote!(#position + #count), statements);
                self.item_at(inner, &position, statements)
            }
            Shape::Stride(inner, step) => {
                let position = self.computed("position", quote!(#position * #step), statements);
                self.item_at(inner, &position, statements)
            }
            Shape::Reversed(inner, length) => {
                let position = self.computed("position", quote!(#length - 1 - #position), statements);
                self.item_at(inner, &position, statements)
            }
            Shape::Either(first, length, second) => self.either(first, length, second, position),
        }
    }

    fn computed(&mut self, like: &str, tokens: proc_macro2::TokenStream, statements: &mut Vec<Stmt>) -> Expr {
        let name = self.names.fresh(like, Span::call_site());
        statements.push(syn::parse_quote!(let #name = #tokens;));
        path(&name)
    }

    /// The item of the first or the second of two iterators, as a value: a reference to either would have no place.
    fn either(&mut self, first: &Shape, length: &Expr, second: &Shape, position: &Expr) -> Item {
        let mut arms = Vec::new();
        let mut by_reference = false;
        for (shape, position) in [
            (first, position.clone()),
            (second, syn::parse_quote!((#position - #length))),
        ] {
            let mut statements = Vec::new();
            let position = self.computed("position", quote!(#position), &mut statements);
            let item = self.item_at(shape, &position, &mut statements);
            by_reference |= item.is_reference();
            let value = if item.is_reference() {
                let value = item.dereferenced().expr();
                parse(quote!(::core::clone::Clone::clone(&#value)))
            } else {
                item.expr()
            };
            arms.push(quote!({ #(#statements)* #value }));
        }
        let (first, second) = (&arms[0], &arms[1]);
        let value = quote!(if #position < #length #first else #second);
        Item::Value(parse(if by_reference { quote!(&(#value)) } else { value }))
    }
}

/// True for `a..=b`, whose length may not fit a number, and what goes through it in another way.
pub(super) fn is_inclusive(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Range(range) => range.end.is_some() && matches!(range.limits, syn::RangeLimits::Closed(_)),
        Expr::MethodCall(call) => (call.method == "rev" || call.method == "step_by") && is_inclusive(&call.receiver),
        _ => false,
    }
}
