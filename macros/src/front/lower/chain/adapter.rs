//! Adapters: what is made of an iterator.

use proc_macro2::Ident;
use quote::quote;
use syn::Expr;

use super::super::Lowering;
use super::super::statement::strip;
use super::item::parse;
use super::source::{Indexed, Shape, is_inclusive, shorter};
use crate::front::iterators::{is_adapter, is_mutable};

/// A chain up to its last adapter.
#[derive(Clone)]
pub(super) struct Stream {
    pub(super) indexed: Indexed,
    /// What happens to each item in turn. Positions of the source say nothing behind the first of them.
    pub(super) stages: Vec<Stage>,
}

#[derive(Clone)]
pub(super) enum Stage {
    Map(Expr),
    Filter(Expr),
    FilterMap(Expr),
    FlatMap(Option<Expr>),
    Enumerate,
    Skip(Expr),
    Take(Expr),
    StepBy(Expr),
    TakeWhile(Expr),
    SkipWhile(Expr),
    MapWhile(Expr),
    Inspect(Expr),
    Scan(Ident, Expr),
    Dereferenced,
    /// Beside the items of another one; true if that stands on the left.
    Zip(Box<Indexed>, bool),
}

impl Stage {
    /// True if the items that pass are those of the source.
    pub(super) fn keeps_items(&self) -> bool {
        matches!(
            self,
            Self::Filter(_)
                | Self::Skip(_)
                | Self::Take(_)
                | Self::StepBy(_)
                | Self::TakeWhile(_)
                | Self::SkipWhile(_)
                | Self::Inspect(_)
        )
    }
}

impl Stream {
    fn of(indexed: Indexed) -> Self {
        Self {
            indexed,
            stages: Vec::new(),
        }
    }

    fn then(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    fn reshape(self, shape: impl FnOnce(Box<Shape>) -> Shape) -> Self {
        Self {
            indexed: self.indexed.reshape(shape),
            ..self
        }
    }
}

impl Lowering<'_> {
    /// The chain that an expression is.
    pub(super) fn stream(&mut self, expr: &Expr) -> Option<Stream> {
        let expr = strip(expr);
        if !self.mentions_active(expr) && !is_mutable(expr) {
            return Some(Stream::of(self.chain_source(expr)?));
        }
        if let Some((left, right)) = Self::zip_function(expr) {
            let left = self.stream(left)?;
            return self.zip(left, right);
        }
        let Expr::MethodCall(call) = expr else {
            return Some(Stream::of(self.chain_source(expr)?));
        };
        let (name, arguments) = (call.method.to_string(), &call.args);
        if name == "into_iter" && arguments.is_empty() {
            return self.stream(&call.receiver);
        }
        if !is_adapter(&call.method) {
            return Some(Stream::of(self.chain_source(expr)?));
        }
        let stream = self.stream(&call.receiver)?;
        match (name.as_str(), arguments.len()) {
            ("map", 1) => Some(self.map(stream, &arguments[0])),
            ("copied" | "cloned", 0) => Some(if stream.stages.is_empty() {
                let span = call.method.span();
                stream.reshape(|shape| Shape::Dereferenced(shape, span))
            } else {
                stream.then(Stage::Dereferenced)
            }),
            ("enumerate", 0) => Some(if stream.stages.is_empty() {
                stream.reshape(|shape| Shape::Pair(Box::new(Shape::Position), shape))
            } else {
                stream.then(Stage::Enumerate)
            }),
            ("rev", 0) => self.reverse_stream(expr, stream),
            ("zip", 1) => self.zip(stream, &arguments[0]),
            ("chain", 1) => self.one_after_the_other(stream, &arguments[0]),
            ("skip", 1) => {
                let count = self.bound("skipped", &arguments[0]);
                Some(self.skip(stream, count))
            }
            ("take", 1) => {
                let count = self.bound("taken", &arguments[0]);
                Some(self.take(stream, count))
            }
            ("step_by", 1) => {
                let step = self.bound("step", &arguments[0]);
                Some(self.step_by(stream, step))
            }
            ("filter", 1) => Some(stream.then(Stage::Filter(arguments[0].clone()))),
            ("filter_map", 1) => Some(stream.then(Stage::FilterMap(arguments[0].clone()))),
            ("take_while", 1) => Some(stream.then(Stage::TakeWhile(arguments[0].clone()))),
            ("skip_while", 1) => Some(stream.then(Stage::SkipWhile(arguments[0].clone()))),
            ("map_while", 1) => Some(stream.then(Stage::MapWhile(arguments[0].clone()))),
            ("flat_map", 1) => Some(stream.then(Stage::FlatMap(Some(arguments[0].clone())))),
            ("flatten", 0) => Some(stream.then(Stage::FlatMap(None))),
            ("inspect", 1) => Some(stream.then(Stage::Inspect(arguments[0].clone()))),
            ("scan", 2) => {
                let state = self
                    .names
                    .fresh("state", super::super::statement::extent(&arguments[0]).first);
                let initial = &arguments[0];
                let statement = syn::parse_quote!(let mut #state = #initial;);
                self.statement(&statement);
                Some(stream.then(Stage::Scan(state, arguments[1].clone())))
            }
            ("fuse" | "peekable" | "by_ref", 0) => Some(stream),
            _ => {
                self.unsupported_chain(expr);
                None
            }
        }
    }

    fn map(&mut self, stream: Stream, function: &Expr) -> Stream {
        let function = function.clone();
        if stream.stages.is_empty() {
            stream.reshape(|shape| Shape::Mapped(shape, function))
        } else {
            stream.then(Stage::Map(function))
        }
    }

    fn skip(&mut self, mut stream: Stream, count: Expr) -> Stream {
        if !stream.stages.is_empty() {
            return stream.then(Stage::Skip(count));
        }
        stream.indexed = stream.indexed.settled();
        stream.indexed.length = stream.indexed.length.map(|length| {
            let left = parse(quote!((#length).saturating_sub(#count)));
            self.bound("length", &left)
        });
        stream.reshape(|shape| Shape::Offset(shape, count))
    }

    fn take(&mut self, mut stream: Stream, count: Expr) -> Stream {
        if !stream.stages.is_empty() {
            return stream.then(Stage::Take(count));
        }
        stream.indexed.length =
            shorter(stream.indexed.length.take(), Some(count)).map(|length| self.bound("length", &length));
        stream
    }

    fn step_by(&mut self, mut stream: Stream, step: Expr) -> Stream {
        if !stream.stages.is_empty() {
            return stream.then(Stage::StepBy(step));
        }
        stream.indexed = stream.indexed.settled();
        stream.indexed.length = stream.indexed.length.map(|length| {
            let left = parse(quote!((#length).div_ceil(#step)));
            self.bound("length", &left)
        });
        stream.reshape(|shape| Shape::Stride(shape, step))
    }

    fn reverse_stream(&mut self, expr: &Expr, mut stream: Stream) -> Option<Stream> {
        // What only keeps or changes items does so in either order.
        if !stream.stages.iter().all(|stage| {
            matches!(
                stage,
                Stage::Map(_) | Stage::Filter(_) | Stage::FilterMap(_) | Stage::Inspect(_) | Stage::Dereferenced
            )
        }) {
            self.unsupported_chain(expr);
            return None;
        }
        let Indexed { shape, length, beside } = &mut stream.indexed;
        if let ([(_, items)], None, true) = (&mut beside[..], length, shape.is_mapped()) {
            // It may not know its length, where it filters.
            *items = if is_inclusive(items) {
                syn::parse_quote!((#items).rev())
            } else {
                syn::parse_quote!(::core::iter::Iterator::rev(::core::iter::IntoIterator::into_iter(#items)))
            };
            return Some(stream);
        }
        stream.indexed = stream.indexed.settled();
        let Some(length) = stream.indexed.length.take() else {
            self.unsupported_chain(expr);
            return None;
        };
        let length = self.bound("length", &length);
        stream.indexed.length = Some(length.clone());
        Some(stream.reshape(|shape| Shape::Reversed(shape, length)))
    }

    fn zip(&mut self, left: Stream, right: &Expr) -> Option<Stream> {
        let other = self.stream(right)?;
        match (left.stages.is_empty(), other.stages.is_empty()) {
            (true, true) => {
                let (left, right) = (left.indexed, other.indexed);
                let mut beside = left.beside;
                beside.extend(right.beside);
                let length = shorter(left.length, right.length).map(|length| self.bound("length", &length));
                Some(Stream::of(Indexed {
                    shape: Shape::Pair(Box::new(left.shape), Box::new(right.shape)),
                    length,
                    beside,
                }))
            }
            (false, true) => Some(left.then(Stage::Zip(Box::new(other.indexed.settled()), false))),
            (true, false) => Some(other.then(Stage::Zip(Box::new(left.indexed.settled()), true))),
            (false, false) => {
                self.unsupported_chain(right);
                None
            }
        }
    }

    fn one_after_the_other(&mut self, first: Stream, second: &Expr) -> Option<Stream> {
        let other = self.stream(second)?;
        if !first.stages.is_empty() || !other.stages.is_empty() {
            self.unsupported_chain(second);
            return None;
        }
        let (first, other) = (first.indexed.settled(), other.indexed.settled());
        let Some(count) = first.length else {
            return Some(Stream::of(Indexed { length: None, ..first }));
        };
        let count = self.bound("length", &count);
        let length = other.length.map(|length| parse(quote!(#count + #length)));
        let length = length.map(|length| self.bound("length", &length));
        Some(Stream::of(Indexed {
            shape: Shape::Either(Box::new(first.shape), count, Box::new(other.shape)),
            length,
            beside: Vec::new(),
        }))
    }
}
