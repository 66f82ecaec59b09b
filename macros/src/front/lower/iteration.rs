//! Loops: what they carry from one iteration to the next, and how control leaves them.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::{Block, Expr, Label, Lifetime, Pat};

use super::statement::{extent, strip};
use super::{Current, Lowering, Variable};
use crate::front::mentions;
use crate::ir::{
    Branch, Carried, End, Extent, Head, Id, Iterations, Loop, Op, Opaque, Operand, OperandKind, Place, Projection,
    Region, Statement, ValueKind, Verbatim,
};

/// A loop around the current point.
pub(super) struct Context {
    label: Option<Ident>,
    /// The carried variables, in order.
    carried: Vec<Ident>,
    /// Those of them that hold something active at some end of an iteration.
    active: HashSet<usize>,
    /// True if some iteration can be the last one by its own decision.
    breaks: bool,
    /// True if control can go on right behind the loop.
    left: bool,
    /// Where control goes on behind the loop, other than right behind it.
    jumps: Vec<Jump>,
    /// The variable that says which of the jumps was taken; 0 for none.
    jump: Option<Ident>,
    /// The variable with the function's result, if it returned.
    returned: Option<Ident>,
    /// The variable with the loop's value.
    value: Option<Ident>,
}

/// Where control goes on behind a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Jump {
    Return,
    Break(Option<Ident>),
    Continue(Option<Ident>),
}

/// What a loop iterates over.
enum Source {
    Forever,
    /// Items that touch no derivative.
    Items(TokenStream, Vec<(Ident, Id)>),
    /// Active elements, by an index that runs up to the given value.
    Indexed(Elements, Id),
}

/// Active elements, and how the item with an index is made of them.
enum Elements {
    /// The element of a place.
    Of {
        place: Place,
        by_reference: bool,
    },
    /// The index itself.
    Index,
    /// An item that touches no derivative.
    Inactive(Expr),
    Pair(Box<Elements>, Box<Elements>),
    /// From the last to the first.
    Reversed(Box<Elements>, TokenStream),
}

/// The state of lowering, to try a loop again under other assumptions.
struct Snapshot {
    values: usize,
    variables: HashMap<String, Variable>,
    items: TokenStream,
    errors: usize,
    statements: usize,
    branches: usize,
}

impl Lowering<'_> {
    pub(super) fn for_loop(&mut self, source: &syn::ExprForLoop) -> Operand {
        let Some(items) = self.source(&source.expr) else {
            return Self::unit(source);
        };
        let label = source.label.as_ref();
        let whole = Expr::ForLoop(source.clone());
        self.iteration(&whole, label, items, false, |lowering, index| {
            lowering.bind_item(&source.pat, index);
            lowering.block_effect(&source.body);
        });
        Self::unit(source)
    }

    // Original: while c { body }
    // Lowered:  loop { if c { body } else { break } }
    pub(super) fn while_loop(&mut self, source: &syn::ExprWhile) -> Operand {
        let (condition, body) = (&source.cond, &source.body);
        let test: Expr = syn::parse_quote!(if #condition #body else { break });
        let whole = Expr::While(source.clone());
        self.iteration(&whole, source.label.as_ref(), Source::Forever, false, |lowering, _| {
            lowering.effect(&test);
        });
        Self::unit(source)
    }

    pub(super) fn endless_loop(&mut self, source: &syn::ExprLoop) -> Operand {
        let valued = breaks_with_value(&source.body, source.label.as_ref());
        let whole = Expr::Loop(source.clone());
        let value = self.iteration(&whole, source.label.as_ref(), Source::Forever, valued, |lowering, _| {
            lowering.block_effect(&source.body);
        });
        value.unwrap_or_else(|| Self::unit(source))
    }

    /// A loop. Gives its value, if it has one.
    fn iteration(
        &mut self,
        source: &Expr,
        label: Option<&Label>,
        items: Source,
        valued: bool,
        mut body: impl FnMut(&mut Self, Option<(&Elements, Id)>),
    ) -> Option<Operand> {
        let mut context = Context {
            label: label.map(|label| label.name.ident.clone()),
            carried: Vec::new(),
            active: HashSet::new(),
            breaks: false,
            left: false,
            jumps: Vec::new(),
            jump: None,
            returned: None,
            value: None,
        };
        let span = extent(source).first;
        if mentions::escape(source).is_some() {
            context.jump = Some(self.synthetic("jump", quote!(0_u8), span));
            if returns(source) {
                let none = quote!(::core::option::Option::None);
                context.returned = Some(self.synthetic("returned", none, span));
            }
        }
        if valued {
            let none = quote!(::core::option::Option::None);
            context.value = Some(self.synthetic("value", none, span));
        }
        context.carried = self.carried_variables(source);
        context.carried.extend(context.jump.clone());
        context.carried.extend(context.returned.clone());
        context.carried.extend(context.value.clone());
        if context.jump.is_some() {
            // A jump out of this loop may leave one around it, with a value.
            let outer: Vec<_> = self.loops.iter().filter_map(|outer| outer.value.clone()).collect();
            context.carried.extend(outer);
        }
        let mut active: HashSet<usize> = (0..context.carried.len())
            .filter(|index| {
                self.current_value(&context.carried[*index])
                    .is_some_and(|id| self.value(id).active)
            })
            .collect();
        // What is active at the end of an iteration is so at the start of the next.
        let context = loop {
            let snapshot = self.snapshot();
            let tried = self.attempt(&context, &active, &items, &mut body);
            let grown = &tried.active - &active;
            if grown.is_empty() {
                break tried;
            }
            active.extend(grown);
            self.restore(snapshot);
        };
        self.dispatch(source, &context);
        if matches!(items, Source::Forever) && !context.left {
            self.never();
        }
        let value = context.value.as_ref().and_then(|value| self.current_value(value));
        value.map(|id| Operand {
            kind: OperandKind::Place(Place {
                root: id,
                projections: vec![Projection::Payload],
            }),
            extent: extent(source),
        })
    }

    /// The loop, given which of the carried variables are active when an iteration begins.
    fn attempt(
        &mut self,
        context: &Context,
        active: &HashSet<usize>,
        items: &Source,
        body: &mut impl FnMut(&mut Self, Option<(&Elements, Id)>),
    ) -> Context {
        let befores: Vec<_> = context
            .carried
            .iter()
            .filter_map(|name| Some(self.whole(self.current_value(name)?, Extent::at(name.span()))))
            .collect();
        let outer = self.variables.clone();
        let starts = self.carried_values(&context.carried, &befores, active);
        let ends = self.carried_values(&context.carried, &befores, active);
        for (name, start) in context.carried.iter().zip(&starts) {
            self.set(name, *start);
        }
        self.loops.push(Context {
            label: context.label.clone(),
            carried: context.carried.clone(),
            active: HashSet::new(),
            breaks: false,
            left: false,
            jumps: Vec::new(),
            jump: context.jump.clone(),
            returned: context.returned.clone(),
            value: context.value.clone(),
        });
        let mut iterations = Iterations::Forever;
        let mut region = self.region(|lowering| {
            let index = match items {
                Source::Forever => None,
                Source::Items(tokens, mentions) => {
                    // The pattern's bindings come with the body.
                    iterations = Iterations::Each {
                        items: Opaque {
                            tokens: tokens.clone(),
                            mentions: mentions.clone(),
                        },
                        pattern: TokenStream::new(),
                        bindings: Vec::new(),
                    };
                    None
                }
                Source::Indexed(elements, length) => {
                    let name = lowering.names.fresh("index", Span::call_site());
                    let at = lowering.value(*length).extent;
                    let index = lowering.define(name.clone(), at, name.to_string(), false, ValueKind::Opaque);
                    let bound = lowering.names.fresh("length", Span::call_site());
                    iterations = Iterations::Each {
                        items: Opaque {
                            tokens: quote!(0..#bound),
                            mentions: vec![(bound, *length)],
                        },
                        pattern: name.to_token_stream(),
                        bindings: vec![index],
                    };
                    Some((elements, index))
                }
            };
            lowering.item_bindings.push((TokenStream::new(), Vec::new()));
            body(lowering, index);
            if lowering.ended.is_none() {
                lowering.next(false);
            }
            Vec::new()
        });
        let (pattern, bindings) = self.item_bindings.pop().unwrap_or_default();
        if let (
            Iterations::Each {
                pattern: known,
                bindings: ids,
                ..
            },
            Source::Items(..),
        ) = (&mut iterations, items)
        {
            *known = pattern;
            *ids = bindings;
        }
        let tried = self.loops.pop().unwrap_or_else(|| unreachable!("pushed above"));
        self.variables = outer;
        let exit = tried.breaks.then(|| {
            let name = self.names.fresh("exit", Span::call_site());
            self.define(
                name.clone(),
                Extent::at(name.span()),
                name.to_string(),
                false,
                ValueKind::Carried,
            )
        });
        if exit.is_none() {
            without_exit(&mut region, context.carried.len());
        }
        let mut carried = Vec::new();
        for (index, name) in context.carried.iter().enumerate() {
            let variable = self.next_name(name);
            let after = self.define(
                variable,
                Extent::at(name.span()),
                name.to_string(),
                active.contains(&index),
                ValueKind::Joined,
            );
            if self.owned.contains(&starts[index]) {
                self.owned.insert(after);
            }
            self.set(name, after);
            carried.push(Carried {
                before: befores[index].clone(),
                start: starts[index],
                end: ends[index],
                after,
            });
        }
        self.branches += 1;
        let number = self.branches;
        self.push(Statement::Loop(Box::new(Loop {
            number,
            iterations,
            carried,
            exit,
            body: region,
        })));
        tried
    }

    fn carried_values(&mut self, names: &[Ident], befores: &[Operand], active: &HashSet<usize>) -> Vec<Id> {
        let mut ids = Vec::new();
        for (index, (name, before)) in names.iter().zip(befores).enumerate() {
            let variable = self.names.fresh(&name.to_string(), name.span());
            let id = self.define(
                variable,
                Extent::at(name.span()),
                name.to_string(),
                active.contains(&index),
                ValueKind::Carried,
            );
            if self.holds_value(before) {
                self.owned.insert(id);
            }
            ids.push(id);
        }
        ids
    }

    /// A variable of our own, with a value to begin with.
    fn synthetic(&mut self, like: &str, tokens: TokenStream, span: Span) -> Ident {
        let name = self.names.fresh(like, span);
        self.declare(&name, true, None, Current::Nothing);
        self.assign_tokens(&name, tokens);
        name
    }

    fn assign_tokens(&mut self, name: &Ident, tokens: TokenStream) {
        let source = Operand {
            kind: OperandKind::Constant(tokens),
            extent: Extent::at(name.span()),
        };
        self.store(name, source, None);
        if let Some(id) = self.current_value(name) {
            self.owned.insert(id);
        }
    }

    fn current_value(&self, name: &Ident) -> Option<Id> {
        match self.current(name) {
            Some(Current::Value(id)) => Some(*id),
            _ => None,
        }
    }

    /// The variables that exist before the loop and that it may write to, in the order of their names.
    fn carried_variables(&self, source: &Expr) -> Vec<Ident> {
        let mut sources = vec![source.clone()];
        self.closures_within(&source.to_token_stream(), &mut sources);
        let mut assigned = Vec::new();
        let mut written = Vec::new();
        for source in &sources {
            assigned.extend(mentions::assignments(source));
            assigned.extend(mentions::receivers(source));
            written.extend(mentions::writes(source));
        }
        let written = written.into_iter().filter(|name| {
            // An operation changes what it is called on only if that is inactive.
            assigned.contains(name) || self.current_value(name).is_some_and(|id| !self.value(id).active)
        });
        let mut names: Vec<_> = written
            .filter(|name| {
                self.variables
                    .get(&name.to_string())
                    .is_some_and(|variable| variable.mutable && matches!(variable.current, Current::Value(_)))
            })
            .collect();
        names.sort_by_key(ToString::to_string);
        names.dedup();
        names
    }

    /// The bodies of the closures that the tokens mention, and of those that these mention.
    fn closures_within(&self, tokens: &TokenStream, found: &mut Vec<Expr>) {
        for name in mentions::mentions(tokens) {
            if let Some(Current::Closure(closure)) = self.current(&name) {
                found.push((*closure.expr.body).clone());
                self.closures_within(&closure.expr.body.to_token_stream(), found);
            }
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            values: self.values.len(),
            variables: self.variables.clone(),
            items: self.items.clone(),
            errors: self.errors.len(),
            statements: self.statements.len(),
            branches: self.branches,
        }
    }

    fn restore(&mut self, snapshot: Snapshot) {
        self.values.truncate(snapshot.values);
        self.owned.retain(|id| id.0 < snapshot.values);
        self.variables = snapshot.variables;
        self.items = snapshot.items;
        self.errors.truncate(snapshot.errors);
        self.statements.truncate(snapshot.statements);
        self.branches = snapshot.branches;
    }

    // ----- ends of iterations

    /// Ends the iteration.
    fn next(&mut self, last: bool) {
        if self.ended.is_some() {
            return;
        }
        let Some(context) = self.loops.last() else { return };
        let ids: Vec<_> = context
            .carried
            .iter()
            .map(|name| (name.clone(), self.current_value(name)))
            .collect();
        let mut operands = Vec::new();
        let mut active = Vec::new();
        for (index, (name, id)) in ids.into_iter().enumerate() {
            let Some(id) = id else { continue };
            let operand = self.whole(id, Extent::at(name.span()));
            if self.is_active(&operand) {
                active.push(index);
            }
            operands.push(operand);
        }
        operands.push(Operand {
            kind: OperandKind::Constant(if last { quote!(true) } else { quote!(false) }),
            extent: Extent::at(Span::call_site()),
        });
        if let Some(context) = self.loops.last_mut() {
            context.active.extend(active);
            context.breaks |= last;
        }
        self.ended = Some(End::Next(operands));
    }

    /// `break`, with or without a label or a value.
    pub(super) fn break_loop(&mut self, source: &syn::ExprBreak) {
        let label = source.label.as_ref().map(|label| label.ident.clone());
        if source.label.as_ref().is_some_and(|label| !self.has_label(label)) || self.loops.is_empty() {
            self.unsupported(
                source,
                "leaving a labelled block cannot be differentiated yet; use `if` and `else`, or return early",
            );
            return;
        }
        let target = self.target(label.as_ref());
        if let Some(value) = &source.expr {
            let value = self.expression(value);
            let variable = self.loops[target].value.clone();
            if let Some(variable) = variable {
                self.store_some(source, &variable, value);
            }
        }
        if target + 1 == self.loops.len() {
            self.leave_loop();
        } else {
            self.jump(Jump::Break(label));
        }
    }

    fn leave_loop(&mut self) {
        if let (None, Some(context)) = (&self.ended, self.loops.last_mut()) {
            context.left = true;
        }
        self.next(true);
    }

    pub(super) fn continue_loop(&mut self, source: &syn::ExprContinue) {
        let label = source.label.as_ref().map(|label| label.ident.clone());
        if self.loops.is_empty() {
            return;
        }
        if self.target(label.as_ref()) + 1 == self.loops.len() {
            self.next(false);
        } else {
            self.jump(Jump::Continue(label));
        }
    }

    /// `return value` inside a loop.
    pub(super) fn return_from_loop(&mut self, source: &impl ToTokens, value: Operand) {
        let Some(variable) = self.loops.last().and_then(|context| context.returned.clone()) else {
            return;
        };
        self.store_some(source, &variable, value);
        self.jump(Jump::Return);
    }

    fn store_some(&mut self, source: &impl ToTokens, variable: &Ident, value: Operand) {
        let some = Op::Construct(crate::ir::Construct::TupleStruct(quote!(::core::option::Option::Some)));
        let wrapped = self.operation(source, some, vec![value]);
        self.store(variable, wrapped, None);
    }

    /// Leaves the innermost loop, to go on elsewhere behind it.
    fn jump(&mut self, jump: Jump) {
        if self.ended.is_some() {
            return;
        }
        let Some(context) = self.loops.last_mut() else { return };
        let code = match context.jumps.iter().position(|known| *known == jump) {
            Some(position) => position + 1,
            None => {
                context.jumps.push(jump);
                context.jumps.len()
            }
        };
        if let Some(variable) = context.jump.clone() {
            let code = proc_macro2::Literal::u8_suffixed(u8::try_from(code).unwrap_or(u8::MAX));
            self.assign_tokens(&variable, code.into_token_stream());
        }
        self.next(true);
    }

    /// Behind a loop: goes on where the iteration that was the last one said.
    fn dispatch(&mut self, source: &impl ToTokens, context: &Context) {
        let Some(jump) = context.jump.as_ref().and_then(|jump| self.current_value(jump)) else {
            return;
        };
        for (index, target) in context.jumps.iter().enumerate() {
            let code = proc_macro2::Literal::u8_suffixed(u8::try_from(index + 1).unwrap_or(u8::MAX));
            let before = self.variables.clone();
            let taken = self.arm(code.into_token_stream(), None, Vec::new(), |lowering| {
                lowering.go_on(source, target, context);
                None
            });
            self.variables = before.clone();
            let other = self.arm(quote!(_), None, Vec::new(), |_| None);
            self.variables = before;
            let scrutinee = self.whole(jump, extent(source));
            self.join(source, Head::Match(scrutinee), vec![taken, other]);
        }
    }

    /// Control does not get here.
    fn never(&mut self) {
        if self.ended.is_some() {
            return;
        }
        let code = Opaque {
            tokens: quote!(::core::unreachable!();),
            mentions: Vec::new(),
        };
        self.push(Statement::Verbatim(Verbatim {
            code,
            writes: Vec::new(),
            defines: Vec::new(),
        }));
        self.ended = Some(End::Diverge);
    }

    fn go_on(&mut self, source: &impl ToTokens, target: &Jump, context: &Context) {
        match target {
            Jump::Return => {
                let Some(id) = context
                    .returned
                    .as_ref()
                    .and_then(|returned| self.current_value(returned))
                else {
                    return;
                };
                let value = Operand {
                    kind: OperandKind::Place(Place {
                        root: id,
                        projections: vec![Projection::Payload],
                    }),
                    extent: extent(source),
                };
                self.leave_with(source, value);
            }
            Jump::Break(label) => {
                if self.target(label.as_ref()) + 1 == self.loops.len() {
                    self.leave_loop();
                } else {
                    self.jump(Jump::Break(label.clone()));
                }
            }
            Jump::Continue(label) => {
                if self.target(label.as_ref()) + 1 == self.loops.len() {
                    self.next(false);
                } else {
                    self.jump(Jump::Continue(label.clone()));
                }
            }
        }
    }

    /// The function returns, from inside a loop or not.
    pub(super) fn leave_with(&mut self, source: &impl ToTokens, value: Operand) {
        if self.loops.is_empty() {
            self.leave(value);
        } else {
            self.return_from_loop(source, value);
        }
    }

    fn has_label(&self, label: &Lifetime) -> bool {
        self.loops
            .iter()
            .any(|context| context.label.as_ref() == Some(&label.ident))
    }

    /// The loop that a jump is about.
    fn target(&self, label: Option<&Ident>) -> usize {
        let last = self.loops.len().saturating_sub(1);
        label.map_or(last, |label| {
            self.loops
                .iter()
                .rposition(|context| context.label.as_ref() == Some(label))
                .unwrap_or(last)
        })
    }

    // ----- what is iterated over

    fn source(&mut self, expr: &Expr) -> Option<Source> {
        if !self.mentions_active(expr) {
            let code = self.opaque(expr);
            return Some(Source::Items(code.tokens, code.mentions));
        }
        if let Some((expr, ends)) = self.discrete_range(expr) {
            let mut code = self.opaque(&expr);
            code.mentions.extend(ends);
            return Some(Source::Items(code.tokens, code.mentions));
        }
        let (elements, length) = self.iterated(expr)?;
        let length: Expr = syn::parse2(length).ok()?;
        let length = self.opaque_expression(&length, true);
        Some(Source::Indexed(elements, length.whole()?))
    }

    /// A range whose ends are piecewise constant functions of active values, such as `0..x.len()`, maybe backwards or in steps:
    /// the expression with values in place of the ends.
    fn discrete_range(&mut self, expr: &Expr) -> Option<(Expr, Vec<(Ident, Id)>)> {
        match strip(expr) {
            Expr::Range(range) => {
                let (mut range, mut ends) = (range.clone(), Vec::new());
                for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                    if self.mentions_active(end) {
                        let id = self.opaque_expression(end, true).whole()?;
                        let name = self.value(id).name.clone();
                        **end = syn::parse_quote!(#name);
                        ends.push((name, id));
                    }
                }
                Some((syn::parse_quote!((#range)), ends))
            }
            Expr::MethodCall(call)
                if matches!(call.method.to_string().as_str(), "rev" | "step_by" | "skip" | "take") =>
            {
                let (receiver, ends) = self.discrete_range(&call.receiver)?;
                let mut call = call.clone();
                call.receiver = Box::new(receiver);
                (!self.mentions_active(&call.args)).then_some((Expr::MethodCall(call), ends))
            }
            _ => None,
        }
    }

    /// What an expression over active values iterates over, and the number of items.
    fn iterated(&mut self, expr: &Expr) -> Option<(Elements, TokenStream)> {
        match strip(expr) {
            Expr::Reference(reference) if reference.mutability.is_none() => self.place_elements(&reference.expr, true),
            Expr::MethodCall(call) => {
                let (receiver, name) = (&call.receiver, call.method.to_string());
                match (name.as_str(), call.args.len()) {
                    ("iter", 0) => self.place_elements(receiver, true),
                    ("into_iter", 0) => self.iterated(receiver),
                    ("copied" | "cloned", 0) => {
                        let (elements, length) = self.iterated(receiver)?;
                        match elements {
                            Elements::Of { place, .. } => {
                                let by_reference = false;
                                Some((Elements::Of { place, by_reference }, length))
                            }
                            other => Some((other, length)),
                        }
                    }
                    ("enumerate", 0) => {
                        let (elements, length) = self.iterated(receiver)?;
                        Some((Elements::Pair(Box::new(Elements::Index), Box::new(elements)), length))
                    }
                    ("rev", 0) => {
                        let (elements, length) = self.iterated(receiver)?;
                        Some((Elements::Reversed(Box::new(elements), length.clone()), length))
                    }
                    ("zip", 1) => {
                        let (left, left_length) = self.iterated(receiver)?;
                        let (right, right_length) = self.iterated(&call.args[0])?;
                        let length = quote!(::core::cmp::Ord::min(#left_length, #right_length));
                        Some((Elements::Pair(Box::new(left), Box::new(right)), length))
                    }
                    _ => self.unsupported_source(expr),
                }
            }
            Expr::Path(_) | Expr::Field(_) | Expr::Index(_) => self.place_elements(expr, false),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.place_elements(expr, false),
            other if !self.mentions_active(other) => self.inactive_elements(other),
            other => self.unsupported_source(other),
        }
    }

    fn unsupported_source(&mut self, expr: &Expr) -> Option<(Elements, TokenStream)> {
        self.errors.add(
            expr,
            "a loop over this expression of active values cannot be differentiated; use `iter`, `enumerate`, `zip` and `rev`, or indices",
        );
        None
    }

    fn place_elements(&mut self, base: &Expr, by_reference: bool) -> Option<(Elements, TokenStream)> {
        if !self.mentions_active(base) {
            let expr: Expr = if by_reference {
                syn::parse_quote!((#base).iter())
            } else {
                base.clone()
            };
            return self.inactive_elements(&expr);
        }
        if mentions::root(base).is_none() || matches!(strip(base), Expr::MethodCall(_)) {
            return self.unsupported_source(base);
        }
        let operand = self.expression(base);
        let place = operand.place()?.clone();
        let by_reference = by_reference || !self.is_value(&place);
        Some((Elements::Of { place, by_reference }, quote!((#base).len())))
    }

    fn inactive_elements(&mut self, expr: &Expr) -> Option<(Elements, TokenStream)> {
        if let Expr::Range(range) = expr
            && range.end.is_none()
        {
            self.errors.add(
                expr,
                "a range without an end beside active elements cannot be differentiated; use `enumerate`, or give the end",
            );
            return None;
        }
        let length = quote!(::core::iter::ExactSizeIterator::len(&::core::iter::IntoIterator::into_iter(#expr)));
        Some((Elements::Inactive(expr.clone()), length))
    }

    /// Binds the pattern of a `for` to the item.
    fn bind_item(&mut self, pattern: &Pat, item: Option<(&Elements, Id)>) {
        match item {
            None => {
                let bindings = self.opaque_bindings(pattern);
                if let Some(last) = self.item_bindings.last_mut() {
                    *last = (pattern.to_token_stream(), bindings);
                }
            }
            Some((elements, index)) => {
                let index = self.whole(index, extent(pattern));
                self.bind_element(pattern, elements, &index);
            }
        }
    }

    fn bind_element(&mut self, pattern: &Pat, elements: &Elements, index: &Operand) {
        match (elements, pattern) {
            (_, Pat::Wild(_)) => {}
            (_, Pat::Paren(paren)) => self.bind_element(&paren.pat, elements, index),
            // `(a, ..)` and `(.., b)`
            (Elements::Pair(left, right), Pat::Tuple(tuple))
                if tuple.elems.iter().any(|part| matches!(part, Pat::Rest(_))) =>
            {
                let rest = tuple
                    .elems
                    .iter()
                    .position(|part| matches!(part, Pat::Rest(_)))
                    .unwrap_or_default();
                let parts = [
                    (left, rest.checked_sub(1).map(|_| 0)),
                    (right, (rest + 1 < tuple.elems.len()).then_some(rest + 1)),
                ];
                for (elements, part) in parts {
                    if let Some(part) = part {
                        self.bind_element(&tuple.elems[part], elements, index);
                    }
                }
            }
            (Elements::Pair(left, right), Pat::Tuple(tuple)) if tuple.elems.len() == 2 => {
                self.bind_element(&tuple.elems[0], left, index);
                self.bind_element(&tuple.elems[1], right, index);
            }
            (Elements::Pair(..), _) => {
                self.unsupported(
                    pattern,
                    "a pair of iterated values cannot be differentiated as a whole; take it apart in the pattern",
                );
            }
            (Elements::Index, _) => self.bind(pattern, index.clone()),
            (Elements::Inactive(expr), _) => {
                let item: Option<Expr> = index.whole().and_then(|id| {
                    let name = &self.value(id).name;
                    syn::parse2(quote!(::core::iter::Iterator::nth(&mut ::core::iter::IntoIterator::into_iter(#expr), #name).unwrap())).ok()
                });
                let Some(item) = item else { return };
                let mut code = self.opaque(&item);
                code.mentions
                    .extend(index.whole().map(|id| (self.value(id).name.clone(), id)));
                let item = self.operation(
                    expr,
                    Op::Opaque {
                        code,
                        writes: Vec::new(),
                        check: crate::ir::Check::Nothing,
                    },
                    Vec::new(),
                );
                self.bind(pattern, item);
            }
            (Elements::Reversed(inner, length), _) => {
                let Some(reversed) = self.reversed(pattern, length, index) else {
                    return;
                };
                self.bind_element(pattern, inner, &reversed);
            }
            (Elements::Of { place, by_reference }, _) => {
                let mut place = place.clone();
                place.projections.push(Projection::Index(Box::new(index.clone())));
                let at = extent(pattern);
                let (pattern, kind) = match (by_reference, pattern) {
                    (true, Pat::Reference(reference)) => (&*reference.pat, OperandKind::Place(place)),
                    (true, pattern) => {
                        let first = at.first;
                        (pattern, OperandKind::Borrow(quote::quote_spanned!(first=> &), place))
                    }
                    (false, pattern) => (pattern, OperandKind::Place(place)),
                };
                self.bind(pattern, Operand { kind, extent: at });
            }
        }
    }

    /// The index counted from the end.
    fn reversed(&mut self, source: &impl ToTokens, length: &TokenStream, index: &Operand) -> Option<Operand> {
        let id = index.whole()?;
        let name = self.value(id).name.clone();
        let reversed: Expr = syn::parse2(quote!((#length) - 1 - #name)).ok()?;
        let mut code = self.opaque(&reversed);
        if !code.mentions.iter().any(|(known, _)| *known == name) {
            code.mentions.push((name, id));
        }
        let op = Op::Opaque {
            code,
            writes: Vec::new(),
            check: crate::ir::Check::Nothing,
        };
        Some(self.operation(source, op, Vec::new()))
    }
}

/// Takes the exit flag off the ends of an iteration.
fn without_exit(region: &mut Region, carried: usize) {
    for statement in &mut region.statements {
        if let Statement::Branch(branch) = statement {
            arms_without_exit(branch, carried);
        }
    }
    match &mut region.end {
        End::Next(operands) => operands.truncate(carried),
        End::Split(branch, rest) => {
            arms_without_exit(branch, carried);
            without_exit(rest, carried);
        }
        End::Tail(branch) => arms_without_exit(branch, carried),
        End::Yield(_) | End::Leave(_) | End::Diverge => {}
    }
}

fn arms_without_exit(branch: &mut Branch, carried: usize) {
    for arm in &mut branch.arms {
        without_exit(&mut arm.region, carried);
    }
}

/// True if the function can return from inside the expression.
fn returns(expr: &Expr) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
            self.0 = true;
        }
        fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
            self.0 = true;
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut finder = Finder(false);
    finder.visit_expr(expr);
    finder.0
}

/// True if the loop is left with a value.
fn breaks_with_value(body: &Block, label: Option<&Label>) -> bool {
    struct Finder<'l> {
        label: Option<&'l Ident>,
        depth: usize,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_expr_break(&mut self, source: &'ast syn::ExprBreak) {
            let ours = match &source.label {
                Some(label) => Some(&label.ident) == self.label,
                None => self.depth == 0,
            };
            self.found |= ours && source.expr.is_some();
            syn::visit::visit_expr_break(self, source);
        }
        fn visit_expr_loop(&mut self, inner: &'ast syn::ExprLoop) {
            self.depth += 1;
            syn::visit::visit_expr_loop(self, inner);
            self.depth -= 1;
        }
        fn visit_expr_while(&mut self, inner: &'ast syn::ExprWhile) {
            self.depth += 1;
            syn::visit::visit_expr_while(self, inner);
            self.depth -= 1;
        }
        fn visit_expr_for_loop(&mut self, inner: &'ast syn::ExprForLoop) {
            self.depth += 1;
            syn::visit::visit_expr_for_loop(self, inner);
            self.depth -= 1;
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut finder = Finder {
        label: label.map(|label| &label.name.ident),
        depth: 0,
        found: false,
    };
    finder.visit_block(body);
    finder.found
}
