//! Loops: what they carry from one iteration to the next, and how control leaves them.

mod jumps;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Label, Pat};

use super::statement::{extent, strip};
use super::{Current, Lowering, Variable};
use crate::front::iterators::{Function, function, is_adapter};
use crate::front::mentions;
use crate::ir::{
    Branch, Carried, End, Extent, Id, Iterations, Loop, Opaque, Operand, OperandKind, Place, Projection, Region,
    Statement, ValueKind,
};
use jumps::{Jump, breaks_with_value, returns};

/// A loop around the current point.
pub(super) struct Context {
    label: Option<Ident>,
    /// The carried variables, in order.
    carried: Vec<Ident>,
    /// Variables that exist before the loop and are not carried.
    fixed: HashSet<String>,
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

/// What a loop iterates over.
enum Source {
    Forever,
    /// Items that touch no derivative.
    Items(TokenStream, Vec<(Ident, Id)>),
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
        let Some(items) = self.source(source) else {
            return self.chain_loop(source);
        };
        let label = source.label.as_ref();
        let whole = Expr::ForLoop(source.clone());
        self.iteration(&whole, label, items, false, |lowering| {
            lowering.bind_items(&source.pat);
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
        self.iteration(&whole, source.label.as_ref(), Source::Forever, false, |lowering| {
            lowering.effect(&test);
        });
        Self::unit(source)
    }

    pub(super) fn endless_loop(&mut self, source: &syn::ExprLoop) -> Operand {
        let valued = breaks_with_value(&source.body, source.label.as_ref());
        let whole = Expr::Loop(source.clone());
        let value = self.iteration(&whole, source.label.as_ref(), Source::Forever, valued, |lowering| {
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
        mut body: impl FnMut(&mut Self),
    ) -> Option<Operand> {
        let mut context = Context {
            fixed: HashSet::new(),
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
        body: &mut impl FnMut(&mut Self),
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
        let fixed = outer
            .iter()
            .filter(|(name, variable)| {
                matches!(variable.current, Current::Value(_)) && !context.carried.iter().any(|carried| carried == name)
            })
            .map(|(name, _)| name.clone())
            .collect();
        self.loops.push(Context {
            label: context.label.clone(),
            carried: context.carried.clone(),
            fixed,
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
            if let Source::Items(tokens, mentions) = items {
                // The pattern's bindings come with the body.
                iterations = Iterations::Each {
                    items: Opaque {
                        tokens: tokens.clone(),
                        mentions: mentions.clone(),
                    },
                    pattern: TokenStream::new(),
                    bindings: Vec::new(),
                };
            }
            lowering.item_bindings.push((TokenStream::new(), Vec::new()));
            body(lowering);
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

    pub(super) fn current_value(&self, name: &Ident) -> Option<Id> {
        match self.current(name) {
            Some(Current::Value(id)) => Some(*id),
            _ => None,
        }
    }

    /// The variables that exist before the loop and that it may write to, in the order of their names.
    fn carried_variables(&self, source: &Expr) -> Vec<Ident> {
        let (mut assigned, mut written) = (Vec::new(), Vec::new());
        self.writes_within(source, &mut Vec::new(), &mut assigned, &mut written);
        let written = written.into_iter().filter(|name| {
            // A method changes its receiver only if that is inactive.
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

    /// What is written to in a loop must have been foreseen: otherwise what an iteration does would be lost to the next one.
    pub(super) fn check_carried(&mut self, name: &Ident) {
        let text = name.to_string();
        if self.loops.iter().any(|context| context.fixed.contains(&text)) {
            self.errors.add(
                name,
                format!("the loop around this does not see that `{text}` is written to; write to it by an assignment"),
            );
        }
    }

    /// What the expression assigns to and may write to, also by the closures that it calls.
    pub(super) fn writes_within(
        &self,
        source: &Expr,
        seen: &mut Vec<Ident>,
        assigned: &mut Vec<Ident>,
        written: &mut Vec<Ident>,
    ) {
        assigned.extend(mentions::assignments(source, Some(&self.changes)));
        written.extend(mentions::writes(source));
        for name in mentions::mentions(&source.to_token_stream()) {
            if let Some(Current::Closure(closure)) = self.current(&name)
                && !seen.contains(&name)
            {
                seen.push(name);
                self.writes_within(&closure.expr.body, seen, assigned, written);
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
        self.named = self.values.iter().map(|value| value.name.to_string()).collect();
        self.owned.retain(|id| id.0 < snapshot.values);
        self.variables = snapshot.variables;
        self.items = snapshot.items;
        self.errors.truncate(snapshot.errors);
        self.statements.truncate(snapshot.statements);
        self.branches = snapshot.branches;
    }

    // ----- what is iterated over

    /// Items that touch no derivative; nothing if some do.
    fn source(&mut self, source: &syn::ExprForLoop) -> Option<Source> {
        let expr = &source.expr;
        let changed: Vec<_> = mentions::assignments(expr, None)
            .into_iter()
            .filter(|name| self.is_local(name))
            .collect();
        if let Expr::MethodCall(call) = strip(expr)
            && call.method == "drain"
            && mentions::root(&call.receiver).is_some_and(|name| self.is_local(&name))
        {
            self.errors.add(
                &call.method,
                "what a loop iterates over is evaluated again on the way back, and must not change a variable; take it out in a statement of its own before the loop",
            );
        }
        let is_range = matches!(strip(expr), Expr::Range(_));
        if !self.is_chain_loop(source) && (changed.is_empty() || !is_range) {
            if let Some(name) = changed.first() {
                self.errors.add(
                    expr,
                    format!("what a loop iterates over is evaluated again on the way back, and must not change `{name}`; compute it in a statement of its own before the loop"),
                );
            }
            let code = self.opaque(&self.again(expr));
            return Some(Source::Items(code.tokens, code.mentions));
        }
        let (expr, ends) = self.discrete_range(expr)?;
        let mut code = self.opaque(&expr);
        code.mentions.extend(ends);
        Some(Source::Items(code.tokens, code.mentions))
    }

    // Original: items.into_iter().rev()
    // Output:   (&&&Again(&items)).__items().into_iter().rev()
    /// Items that touch no derivative, from variables that the loop consumes: the other sweeps iterate over them again.
    pub(super) fn again(&self, items: &Expr) -> Expr {
        match strip(items) {
            Expr::Path(path)
                if path
                    .path
                    .get_ident()
                    .is_some_and(|name| self.current_value(name).is_some()) =>
            {
                self.kept(items)
            }
            Expr::Field(_) if mentions::root(items).is_some_and(|name| self.current_value(&name).is_some()) => {
                self.kept(items)
            }
            Expr::MethodCall(call) if call.method == "into_iter" || is_adapter(&call.method) => {
                let mut call = call.clone();
                *call.receiver = self.again(&call.receiver);
                if call.method == "zip" || call.method == "chain" {
                    call.args.iter_mut().for_each(|items| *items = self.again(items));
                }
                Expr::MethodCall(call)
            }
            Expr::Call(call) if function(call) == Some(Function::Zip) => {
                let mut call = call.clone();
                call.args.iter_mut().for_each(|items| *items = self.again(items));
                Expr::Call(call)
            }
            _ => items.clone(),
        }
    }

    fn kept(&self, items: &Expr) -> Expr {
        let expansion = &self.expansion;
        let (again, call) = (
            quote_spanned!(extent(items).first=> Again),
            quote_spanned!(extent(items).last=> __items()),
        );
        syn::parse_quote!((&&&#expansion::items::#again(&#items)).#call)
    }

    /// True for a variable of the function's own that may be changed.
    fn is_local(&self, name: &Ident) -> bool {
        let variable = self.variables.get(&name.to_string());
        variable.is_some_and(|variable| variable.mutable && matches!(variable.current, Current::Value(_)))
    }

    /// A range whose ends are piecewise constant functions of active values, such as `0..x.len()`, maybe backwards or in steps:
    /// the expression with values in place of the ends.
    fn discrete_range(&mut self, expr: &Expr) -> Option<(Expr, Vec<(Ident, Id)>)> {
        match strip(expr) {
            Expr::Range(range) => {
                let (mut range, mut ends) = (range.clone(), Vec::new());
                for end in [&mut range.start, &mut range.end].into_iter().flatten() {
                    if self.mentions_active(end) || !mentions::assignments(end, None).is_empty() {
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

    /// Binds the pattern of a `for` to an item that touches no derivative.
    fn bind_items(&mut self, pattern: &Pat) {
        let bindings = self.opaque_bindings(pattern);
        if let Some(last) = self.item_bindings.last_mut() {
            *last = (pattern.to_token_stream(), bindings);
        }
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
