//! Lowering: from `syn` to the intermediate representation.
//!
//! Expressions are lowered in the order of evaluation. What mentions no active variable stays as it is: opaque tokens that
//! the forward sweep runs and the reverse sweep never sees. The rest becomes one statement for each operation. A
//! variable's current value is tracked, so that an assignment makes a new value and nothing is ever overwritten.

mod branch;
mod call;
mod chain;
mod closure;
mod condition;
mod construct;
mod effects;
mod expression;
mod iteration;
mod macros;
mod operator;
mod options;
mod pattern;
mod place;
mod statement;
mod written;

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Block, Expr, Pat};

use super::changes::Changes;
use super::mentions;
use super::resolve::Names;
use crate::errors::Errors;
use crate::ir::{
    Branch, End, Extent, Id, Let, Op, Opaque, Operand, OperandKind, Place, Program, Region, Statement, Value,
    ValueKind, Write,
};
use closure::Closure;
pub(crate) use macros::is_diverging;
pub(crate) use pattern::is_rest;

/// A parameter as lowering sees it: names are already unique.
pub(crate) struct Parameter {
    /// The variable that holds it in generated code.
    pub(crate) name: Ident,
    /// The user's pattern, if it is not just that name.
    pub(crate) pattern: Option<Pat>,
    pub(crate) mutable: bool,
    pub(crate) by_reference: bool,
    pub(crate) active: bool,
    /// True if its type, or what it refers to, is written as an array.
    pub(crate) array: bool,
}

/// Lowers a function's body.
pub(crate) fn lower(
    parameters: &[Parameter],
    body: &Block,
    changes: Changes,
    expansion: TokenStream,
    names: &mut Names,
    errors: &mut Errors,
) -> Program {
    let mut lowering = Lowering::new(expansion, names, errors);
    lowering.changes = changes;
    lowering.changes.find(body);
    lowering.updated = mentions::updates(body).iter().map(ToString::to_string).collect();
    let mut ids = Vec::new();
    for parameter in parameters {
        ids.push(lowering.parameter(parameter));
    }
    for (parameter, id) in parameters.iter().zip(&ids) {
        if let Some(pattern) = &parameter.pattern {
            let source = lowering.whole(*id, Extent::at(parameter.name.span()));
            lowering.bind(pattern, source);
        }
    }
    let prologue = std::mem::take(&mut lowering.statements);
    let mut body = lowering.region(|lowering| {
        let result = lowering.block_value(body);
        lowering.leave(result);
        Vec::new()
    });
    prepend(&mut body, prologue);
    let active = lowering.leaves_active(&body);
    let extent = Extent::at(proc_macro2::Span::call_site());
    let name = lowering.names.fresh("result", extent.first);
    let result = lowering.define(name, extent, "result".to_owned(), active, ValueKind::Result);
    Program {
        values: lowering.values,
        tangents: std::collections::BTreeSet::new(),
        pairs: std::collections::BTreeSet::new(),
        returned: std::collections::BTreeSet::new(),
        own: std::collections::BTreeSet::new(),
        parameters: ids,
        result,
        body,
        items: lowering.items,
    }
}

/// Puts statements before a region's own.
fn prepend(region: &mut Region, mut statements: Vec<Statement>) {
    statements.append(&mut region.statements);
    region.statements = statements;
}

/// A variable of the source.
#[derive(Clone)]
struct Variable {
    mutable: bool,
    /// The type the user wrote, for assignments of literals.
    ascription: Option<TokenStream>,
    current: Current,
}

/// What a variable holds at the current point of the program.
#[derive(Clone)]
enum Current {
    Nothing,
    Value(Id),
    Closure(Box<Closure>),
}

struct Lowering<'a> {
    /// The module that generated code names.
    expansion: TokenStream,
    names: &'a mut Names,
    errors: &'a mut Errors,
    values: Vec<Value>,
    /// Their names.
    named: HashSet<String>,
    variables: HashMap<String, Variable>,
    items: TokenStream,
    /// Results of branches that are values, not references.
    owned: HashSet<Id>,
    /// The loops around the current point, innermost last.
    loops: Vec<iteration::Context>,
    /// For each loop that is being lowered, the pattern of its items and what that binds.
    item_bindings: Vec<(TokenStream, Vec<Id>)>,
    /// The variables of which parts are written to, somewhere in the function.
    updated: HashSet<String>,
    changes: Changes,
    /// The variables that are known to hold arrays.
    arrays: HashSet<String>,
    /// The closures that have been inlined. Once more, their variables get new names.
    inlined: HashSet<String>,
    /// How many places are around the current point: what is in them is not read, but a part of it is.
    places: usize,
    /// How many blocks are around the current point.
    blocks: usize,
    branches: usize,
    /// The statements of the region being built.
    statements: Vec<Statement>,
    /// Branches of this region some of whose arms leave, each with the statements before it.
    splits: Vec<(Vec<Statement>, Branch)>,
    /// How the region ends, once nothing behind the current point can be reached.
    ended: Option<End>,
}

impl<'a> Lowering<'a> {
    fn new(expansion: TokenStream, names: &'a mut Names, errors: &'a mut Errors) -> Self {
        Self {
            expansion,
            names,
            errors,
            values: Vec::new(),
            named: HashSet::new(),
            variables: HashMap::new(),
            items: TokenStream::new(),
            owned: HashSet::new(),
            loops: Vec::new(),
            item_bindings: Vec::new(),
            updated: HashSet::new(),
            changes: Changes::default(),
            arrays: HashSet::new(),
            inlined: HashSet::new(),
            places: 0,
            blocks: 0,
            branches: 0,
            statements: Vec::new(),
            splits: Vec::new(),
            ended: None,
        }
    }

    // ----- values

    fn define(&mut self, name: Ident, extent: Extent, text: String, active: bool, kind: ValueKind) -> Id {
        self.named.insert(name.to_string());
        self.values.push(Value {
            name,
            extent,
            text,
            temporary: false,
            ascribed: false,
            varies: active,
            active,
            kind,
        });
        Id(self.values.len() - 1)
    }

    fn value(&self, id: Id) -> &Value {
        &self.values[id.0]
    }

    /// A new value for a piece of source that has no name.
    fn temporary(&mut self, source: &impl ToTokens, active: bool, kind: ValueKind) -> Id {
        let tokens = source.to_token_stream();
        let extent = Extent::of(&tokens);
        let name = self.names.fresh("t", extent.first);
        let id = self.define(name, extent, crate::ir::text(&tokens), active, kind);
        self.values[id.0].temporary = true;
        id
    }

    fn parameter(&mut self, parameter: &Parameter) -> Id {
        let kind = ValueKind::Parameter {
            by_reference: parameter.by_reference,
        };
        let name = parameter.name.clone();
        let extent = Extent::at(name.span());
        let id = self.define(name.clone(), extent, name.to_string(), parameter.active, kind);
        if parameter.array {
            self.arrays.insert(name.to_string());
        }
        if parameter.pattern.is_none() {
            self.declare(&name, parameter.mutable, None, Current::Value(id));
        }
        id
    }

    // ----- variables

    fn declare(&mut self, name: &Ident, mutable: bool, ascription: Option<TokenStream>, current: Current) {
        self.variables.insert(
            name.to_string(),
            Variable {
                mutable,
                ascription,
                current,
            },
        );
    }

    fn current(&self, name: &Ident) -> Option<&Current> {
        self.variables.get(&name.to_string()).map(|variable| &variable.current)
    }

    fn is_mutable(&self, name: &Ident) -> bool {
        let variable = self.variables.get(&name.to_string());
        variable.is_some_and(|variable| variable.mutable)
    }

    fn set(&mut self, name: &Ident, id: Id) {
        if let Some(variable) = self.variables.get_mut(&name.to_string()) {
            variable.current = Current::Value(id);
        }
    }

    /// A name for the next value of a variable: the variable's own if it has none yet.
    fn next_name(&mut self, variable: &Ident) -> Ident {
        if self.named.contains(&variable.to_string()) {
            self.names.fresh(&variable.to_string(), variable.span())
        } else {
            variable.clone()
        }
    }

    // ----- activity

    fn is_active(&self, operand: &Operand) -> bool {
        operand.place().is_some_and(|place| self.value(place.root).active)
    }

    /// True if some end of the region returns something active.
    fn leaves_active(&self, region: &Region) -> bool {
        match &region.end {
            End::Leave(operand) => self.is_active(operand),
            End::Yield(_) | End::Next(_) | End::Diverge => false,
            End::Split(branch, rest) => {
                self.leaves_active(rest) || branch.arms.iter().any(|arm| self.leaves_active(&arm.region))
            }
            End::Tail(branch) => branch.arms.iter().any(|arm| self.leaves_active(&arm.region)),
        }
    }

    /// True if an active variable is mentioned, also by a closure that is.
    fn mentions_active(&self, source: &impl ToTokens) -> bool {
        mentions::mentions(&source.to_token_stream())
            .iter()
            .any(|name| match self.current(name) {
                Some(Current::Value(id)) => self.value(*id).active,
                Some(Current::Closure(closure)) => self.mentions_active(&closure.expr.body),
                Some(Current::Nothing) | None => false,
            })
            // What writes is seen through, so that its writes are seen.
            || self.calls_what_writes(source)
    }

    /// True if a closure is mentioned that writes to a variable around it.
    fn calls_what_writes(&self, source: &impl ToTokens) -> bool {
        self.called_that_writes(&source.to_token_stream()).is_some()
    }

    /// Such a closure.
    fn called_that_writes(&self, tokens: &TokenStream) -> Option<Ident> {
        let writes = |name: &Ident| match self.current(name) {
            Some(Current::Closure(closure)) => self.writes_outside(&closure.expr.body),
            _ => false,
        };
        mentions::mentions(tokens).into_iter().find(writes)
    }

    // ----- opaque code

    /// The user's tokens with what they mention. Closures that they call come along.
    fn opaque(&mut self, source: &impl ToTokens) -> Opaque {
        let tokens = source.to_token_stream();
        if let Some(name) = self.called_that_writes(&tokens) {
            self.errors.add(
                &name,
                format!("what `{name}` writes to would be lost here; call it in a statement of its own, `let value = {name}(…);`"),
            );
        }
        let mut prefix = TokenStream::new();
        let mut mentions = Vec::new();
        self.collect_mentions(&tokens, &mut prefix, &mut mentions);
        let tokens = if prefix.is_empty() {
            tokens
        } else {
            quote::quote!({ #prefix #tokens })
        };
        Opaque { tokens, mentions }
    }

    fn collect_mentions(&self, tokens: &TokenStream, prefix: &mut TokenStream, found: &mut Vec<(Ident, Id)>) {
        for name in mentions::mentions(tokens) {
            match self.current(&name) {
                Some(Current::Value(id)) if !found.iter().any(|(known, _)| *known == name) => {
                    found.push((name, *id));
                }
                Some(Current::Closure(closure)) => {
                    self.collect_mentions(&closure.expr.to_token_stream(), prefix, found);
                    let expr = &closure.expr;
                    prefix.extend(quote::quote!(let #name = #expr;));
                }
                _ => {}
            }
        }
    }

    /// The inactive mutable variables that the expression may write to, each with a new value.
    fn writes(&mut self, expr: &Expr) -> Vec<Write> {
        let mut writes = Vec::new();
        for variable in mentions::writes(expr) {
            let Some(Variable {
                mutable: true,
                current: Current::Value(before),
                ..
            }) = self.variables.get(&variable.to_string())
            else {
                continue;
            };
            let before = *before;
            if self.value(before).active {
                continue;
            }
            let extent = Extent::at(variable.span());
            let name = self.next_name(&variable);
            let after = self.define(name, extent, variable.to_string(), false, ValueKind::Opaque);
            self.set(&variable, after);
            self.check_carried(&variable);
            writes.push(Write {
                variable,
                before,
                after,
            });
        }
        writes
    }

    // ----- statements

    fn push(&mut self, statement: Statement) {
        if self.ended.is_none() {
            self.statements.push(statement);
        }
    }

    /// Adds an operation, and gives its result.
    fn operation(&mut self, source: &impl ToTokens, op: Op, operands: Vec<Operand>) -> Operand {
        let active = operands.iter().any(|operand| self.is_active(operand));
        let kind = if matches!(op, Op::Opaque { .. }) {
            ValueKind::Opaque
        } else {
            ValueKind::Result
        };
        let value = self.temporary(source, active, kind);
        self.push(Statement::Let(Let {
            value,
            op,
            operands,
            ascription: None,
        }));
        self.whole(value, self.value(value).extent)
    }

    fn whole(&self, id: Id, extent: Extent) -> Operand {
        Operand {
            kind: OperandKind::Place(Place::whole(id)),
            extent,
        }
    }

    fn unit(source: &impl ToTokens) -> Operand {
        Operand {
            kind: OperandKind::Unit,
            extent: Extent::of(&source.to_token_stream()),
        }
    }

    /// Reports a construct that cannot be differentiated, and goes on as if it were inactive.
    fn unsupported(&mut self, at: &impl ToTokens, message: impl std::fmt::Display) -> Operand {
        self.errors.add(at, message);
        Self::unit(at)
    }

    // ----- regions

    /// Builds a region. The inside gives the operands that it yields.
    fn region(&mut self, inside: impl FnOnce(&mut Self) -> Vec<Operand>) -> Region {
        let statements = std::mem::take(&mut self.statements);
        let splits = std::mem::take(&mut self.splits);
        let ended = self.ended.take();
        let operands = inside(self);
        let region = self.close(operands);
        self.statements = statements;
        self.splits = splits;
        self.ended = ended;
        region
    }

    fn close(&mut self, operands: Vec<Operand>) -> Region {
        let end = self.ended.take().unwrap_or(End::Yield(operands));
        let mut region = Region {
            statements: std::mem::take(&mut self.statements),
            end,
        };
        for (statements, branch) in std::mem::take(&mut self.splits).into_iter().rev() {
            region = Region {
                statements,
                end: End::Split(Box::new(branch), Box::new(region)),
            };
        }
        region
    }

    /// Ends the region by returning from the function.
    fn leave(&mut self, result: Operand) {
        if self.ended.is_none() {
            self.ended = Some(End::Leave(result));
        }
    }
}
