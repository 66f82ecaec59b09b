//! The reverse pass: from a program to its adjoint program.
//!
//! A region's statements are visited backwards; each active one gives the step that carries the cotangent of its result to
//! its operands. Only what is active, that is, varies with a parameter and is useful to the result, takes part.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::cells::{self, Cells};
use super::uses;
use crate::ir::adjoint::{
    Adjoint, AdjointBranch, AdjointLoop, Pullback, PushOperand, PushRule, Rule, RuleOperand, Step, Target,
};
use crate::ir::{
    Branch, Construct, End, Id, Let, Loop, Op, Operand, Place, Program, Projection, Region, Statement, Syntax, Value,
    ValueKind, primitives,
};

/// The reverse sweep over the whole function.
pub(crate) fn reverse(program: &Program) -> (Adjoint, Aliases) {
    let aliases = Aliases {
        moved: vec![None; program.values.len()],
        shared: vec![None; program.values.len()],
        // With tangents, every version is a variable of its own.
        cells: if program.tangents.is_empty() {
            cells::cells(program)
        } else {
            Cells::default()
        },
    };
    let mut reverser = Reverser {
        program,
        aliases,
        uses: uses::uses(program),
        used_later: HashSet::new(),
    };
    let adjoint = reverser.region(&program.body, &[], &[], &[]);
    (adjoint, reverser.aliases)
}

/// Values that are moved into another one as a whole: they share its cotangent, and afterwards its name.
#[derive(Debug)]
pub(crate) struct Aliases {
    moved: Vec<Option<Id>>,
    /// Values in which a part is overwritten: they share the accumulator of the value behind that, but not its name.
    shared: Vec<Option<Id>>,
    /// Values that are versions of one variable: they share both.
    pub(crate) cells: Cells,
}

impl Aliases {
    /// The value whose accumulator stands for the given one.
    pub(crate) fn accumulator(&self, id: Id) -> Id {
        let moved = self.resolve(id);
        if let Some(cell) = self.cells.cell(moved) {
            return cell;
        }
        self.shared[moved.0].map_or(moved, |other| self.accumulator(other))
    }

    /// The value whose variable and accumulator stand for the given one in the reverse sweep.
    pub(crate) fn resolve(&self, id: Id) -> Id {
        self.moved[id.0].map_or(id, |other| self.resolve(other))
    }

    /// The value by whose name what the given one is like is kept.
    pub(crate) fn like(&self, id: Id) -> Id {
        let moved = self.resolve(id);
        self.cells.cell(moved).unwrap_or(moved)
    }
}

struct Reverser<'p> {
    program: &'p Program,
    aliases: Aliases,
    uses: Vec<usize>,
    /// Values through which something flows behind the current point of the program.
    used_later: HashSet<Id>,
}

impl Reverser<'_> {
    /// The reverse sweep over a region whose end yields `results`, inside an iteration that hands on `ends`; `begins` are
    /// values that it starts with.
    fn region(&mut self, region: &Region, results: &[Id], ends: &[Id], begins: &[Id]) -> Adjoint {
        let mut steps = Vec::new();
        let mut here = begins.to_vec();
        here.extend(defined(region));
        match &region.end {
            End::Yield(operands) => {
                for (operand, result) in operands.iter().zip(results) {
                    self.hand_on(*result, operand, &here, &mut steps);
                }
            }
            End::Leave(operand) => self.hand_on(self.program.result, operand, &here, &mut steps),
            End::Next(operands) => {
                for (operand, end) in operands.iter().zip(ends) {
                    self.hand_on(*end, operand, &here, &mut steps);
                }
            }
            End::Diverge => {}
            End::Split(branch, rest) => {
                let rest = self.region(rest, results, ends, &branch.results);
                self.branch(branch, &branch.results, ends, Some(rest), &mut steps);
            }
            End::Tail(branch) => self.branch(branch, results, ends, None, &mut steps),
        }
        for statement in region.statements.iter().rev() {
            match statement {
                Statement::Let(step) => self.operation(step, &here, &mut steps),
                Statement::Branch(branch) => self.branch(branch, &branch.results, ends, None, &mut steps),
                Statement::Loop(inner) => self.iteration(inner, &mut steps),
                Statement::Bind(_) | Statement::Verbatim(_) => {}
            }
        }
        let declared = here
            .iter()
            .filter(|id| self.needs_accumulator(**id))
            .map(|id| Step::Declare(*id));
        Adjoint {
            steps: declared.chain(steps).collect(),
        }
    }

    /// True if the value has an accumulator of its own.
    fn needs_accumulator(&self, id: Id) -> bool {
        self.program.value(id).active
            && self.aliases.accumulator(id) == id
            && !matches!(self.program.value(id).kind, ValueKind::View { .. })
    }

    /// What arrives at `to` is the operand: its cotangent goes back to the operand.
    fn hand_on(&mut self, to: Id, operand: &Operand, here: &[Id], steps: &mut Vec<Step>) {
        if !self.program.value(to).active || !self.program.is_active(operand) {
            return;
        }
        self.note_use(operand);
        if operand.whole().is_some_and(|id| self.aliases.cells.are_one(id, to)) {
            return;
        }
        if let Some(id) = operand.whole()
            && here.contains(&id)
            && !self.aliases.cells.contains(id)
            && !self.aliases.cells.contains(to)
            && self.aliases.accumulator(id) == id
            && matches!(self.program.value(id).kind, ValueKind::Result | ValueKind::Joined)
        {
            self.aliases.moved[id.0] = Some(to);
        } else if let Some(place) = operand.place() {
            steps.push(Step::Transfer {
                from: Place::whole(to),
                to: self.program.underlying(place),
            });
        }
    }

    fn operation(&mut self, step: &Let, here: &[Id], steps: &mut Vec<Step>) {
        if !self.program.value(step.value).active {
            return;
        }
        self.adjoint_operation(step, here, steps);
        step.operands.iter().for_each(|operand| self.note_use(operand));
    }

    fn note_use(&mut self, operand: &Operand) {
        if let Some(place) = operand.place() {
            self.used_later.insert(place.root);
            self.used_later.insert(self.program.underlying(place).root);
        }
    }

    fn adjoint_operation(&mut self, step: &Let, here: &[Id], steps: &mut Vec<Step>) {
        match &step.op {
            Op::Primitive { name, syntax } if name == "push" => {
                self.push_element(step, name, syntax, steps);
            }
            Op::Primitive { name, .. } if name == "__rewrapped" => self.rewrapped(step, steps),
            Op::Primitive { name, syntax } => steps.push(Step::Rule(self.rule(step, name, syntax))),
            Op::Call(callee) | Op::CallTangent(callee) => {
                let targets = self.targets(&step.operands);
                let arguments = step.operands.iter().cloned().zip(targets).collect();
                steps.push(Step::Pullback(Pullback {
                    result: step.value,
                    arguments,
                    written: callee.written.clone(),
                }));
            }
            Op::Construct(construct) => self.construct(step, construct, steps),
            Op::Copy(_) => {
                // A value that is still used beside its copy keeps an accumulator of its own.
                let once = step.operands[0].whole().is_some_and(|id| self.uses[id.0] <= 1);
                self.hand_on(step.value, &step.operands[0], if once { here } else { &[] }, steps);
            }
            Op::Update(path) => self.update(step, path, here, steps),
            Op::Push { name, active, .. } => steps.push(Step::Push(self.push(step, name, active))),
            Op::Tangent => self.hand_on(step.value, &step.operands[1], &[], steps),
            Op::Opaque { .. } | Op::Zero => {}
        }
    }

    // Original: y_dot = push op (y, a, b, a_dot, b_dot)
    // Adjoint:  the rule of op on dual numbers
    fn push(&self, step: &Let, name: &str, active: &[bool]) -> PushRule {
        let (result, rest) = (&step.operands[0], &step.operands[1..]);
        let (operands, tangents) = rest.split_at(active.len());
        // All operands count as active: every rule has a form for that.
        let reads = primitives::reads(name, &vec![true; active.len()]);
        let mut tangents = tangents.iter();
        let operands = operands.iter().zip(active).zip(reads.operands);
        PushRule {
            name: name.to_owned(),
            tangent: step.value,
            result: result.clone(),
            reads_result: reads.result,
            operands: operands
                .map(|((operand, active), reads)| PushOperand {
                    operand: operand.clone(),
                    tangent: active.then(|| tangents.next()).flatten().cloned(),
                    reads,
                })
                .collect(),
            own: self.program.own.contains(&step.value),
        }
    }

    // Original: y = x with v inside
    // Adjoint:  v_bar += what is inside y_bar
    fn rewrapped(&self, step: &Let, steps: &mut Vec<Step>) {
        let value = step.operands.last().filter(|value| self.program.is_active(value));
        if let Some(place) = value.and_then(Operand::place) {
            steps.push(Step::Transfer {
                from: Place {
                    root: step.value,
                    projections: vec![Projection::Payload],
                },
                to: self.program.underlying(place),
            });
        }
    }

    // Original: y = x with v pushed, its nth element
    // Adjoint:  v_bar += y_bar[n]; x_bar += y_bar without its last element
    fn push_element(&self, step: &Let, name: &str, syntax: &Syntax, steps: &mut Vec<Step>) {
        let [_, value, position] = &step.operands[..] else {
            return;
        };
        if let Some(place) = value.place().filter(|_| self.program.is_active(value)) {
            steps.push(Step::Transfer {
                from: Place {
                    root: step.value,
                    projections: vec![Projection::Index(Box::new(position.clone()))],
                },
                to: self.program.underlying(place),
            });
        }
        let mut rule = self.rule(step, name, syntax);
        rule.operands.truncate(1);
        steps.push(Step::Rule(rule));
    }

    // Original: y = x with y.path = v
    // Adjoint:  v_bar += y_bar.path; y_bar.path = 0; x_bar += y_bar
    fn update(&mut self, step: &Let, path: &[Projection], here: &[Id], steps: &mut Vec<Step>) {
        let part = Place {
            root: step.value,
            projections: path.to_vec(),
        };
        let [before, value] = &step.operands[..] else { return };
        if let Some(place) = value.place().filter(|_| self.program.is_active(value)) {
            steps.push(Step::Transfer {
                from: part.clone(),
                to: self.program.underlying(place),
            });
        }
        if !self.program.is_active(before) {
            return;
        }
        steps.push(Step::Forget(part.clone()));
        match before.whole() {
            Some(id) if self.aliases.cells.are_one(id, step.value) => steps.push(Step::Undo(part)),
            // Nothing reads the old value any more: both have one accumulator.
            Some(id) if self.can_share(id, here) => self.aliases.shared[id.0] = Some(step.value),
            _ => {
                if let Some(place) = before.place() {
                    steps.push(Step::Transfer {
                        from: Place::whole(step.value),
                        to: self.program.underlying(place),
                    });
                }
            }
        }
    }

    fn can_share(&self, id: Id, here: &[Id]) -> bool {
        let is_seen = |value: &Value| matches!(&value.kind, ValueKind::View { place, .. } if place.root == id);
        here.contains(&id)
            && !self.used_later.contains(&id)
            && !self.aliases.cells.contains(id)
            && self.aliases.accumulator(id) == id
            && matches!(
                self.program.value(id).kind,
                ValueKind::Result | ValueKind::Joined | ValueKind::Carried
            )
            && !self.program.values.iter().any(is_seen)
    }

    fn rule(&self, step: &Let, name: &str, syntax: &Syntax) -> Rule {
        let active: Vec<_> = step
            .operands
            .iter()
            .map(|operand| self.program.is_active(operand))
            .collect();
        let reads = primitives::reads(name, &active);
        let targets = self.targets(&step.operands);
        let operands = step
            .operands
            .iter()
            .zip(reads.operands)
            .zip(targets)
            .map(|((operand, reads), target)| RuleOperand {
                operand: operand.clone(),
                reads,
                target,
            })
            .collect();
        Rule {
            name: name.to_owned(),
            result: step.value,
            reads_result: reads.result,
            operands,
            own: self.program.own.contains(&step.value),
            at: token(syntax),
        }
    }

    /// Where the operands' cotangents go. Two accumulators inside each other cannot be lent at the same time.
    fn targets(&self, operands: &[Operand]) -> Vec<Target> {
        let mut taken: Vec<Place> = Vec::new();
        operands
            .iter()
            .map(|operand| {
                if !self.program.is_active(operand) {
                    return Target::Inactive;
                }
                let Some(place) = operand.place() else {
                    return Target::Inactive;
                };
                let place = self.program.underlying(place);
                if taken.iter().any(|other| overlap(other, &place)) {
                    return Target::Detour;
                }
                taken.push(place);
                Target::Direct
            })
            .collect()
    }

    // Original: y = (a, b)
    // Adjoint:  a_bar += y_bar.0, b_bar += y_bar.1
    fn construct(&self, step: &Let, construct: &Construct, steps: &mut Vec<Step>) {
        let parts = step.operands.iter().enumerate().filter_map(|(index, operand)| {
            let place = operand.place().filter(|_| self.program.is_active(operand))?;
            Some((index, self.program.underlying(place)))
        });
        for (index, to) in parts {
            match construct.part(index) {
                Some(projection) => {
                    let from = Place {
                        root: step.value,
                        projections: vec![projection],
                    };
                    steps.push(Step::Transfer { from, to });
                }
                None if matches!(construct, Construct::Repeat(_) | Construct::RepeatVec(_)) => {
                    steps.push(Step::Gather { from: step.value, to });
                }
                None => {
                    // The rest of a struct: all fields but those that were given.
                    let given = (0..index).filter_map(|field| construct.part(field));
                    steps.extend(given.map(|projection| {
                        Step::Silence(Place {
                            root: step.value,
                            projections: vec![projection],
                        })
                    }));
                    steps.push(Step::Transfer {
                        from: Place::whole(step.value),
                        to,
                    });
                }
            }
        }
    }

    fn iteration(&mut self, inner: &Loop, steps: &mut Vec<Step>) {
        let ends: Vec<_> = inner.carried.iter().map(|carried| carried.end).collect();
        let starts: Vec<_> = inner.carried.iter().map(|carried| carried.start).collect();
        let body = self.region(&inner.body, &[], &ends, &starts);
        inner.carried.iter().for_each(|carried| self.note_use(&carried.before));
        if ends.iter().any(|end| self.program.value(*end).active) {
            steps.push(Step::Loop(AdjointLoop {
                number: inner.number,
                body,
            }));
        }
    }

    fn branch(&mut self, branch: &Branch, results: &[Id], ends: &[Id], rest: Option<Adjoint>, steps: &mut Vec<Step>) {
        let arms: Vec<_> = branch
            .arms
            .iter()
            .map(|arm| {
                let reaches = arm.region.falls() || arm.region.leaves();
                reaches.then(|| self.region(&arm.region, results, ends, &[]))
            })
            .collect();
        let idle = |adjoint: &Adjoint| adjoint.steps.is_empty();
        if rest.as_ref().is_none_or(idle) && arms.iter().flatten().all(idle) {
            return;
        }
        steps.push(Step::Branch(AdjointBranch {
            branch: branch.number,
            arms,
            rest,
        }));
    }
}

/// The values that a region's own statements define.
pub(crate) fn defined(region: &Region) -> Vec<Id> {
    let mut ids = Vec::new();
    for statement in &region.statements {
        match statement {
            Statement::Let(step) => {
                ids.push(step.value);
                if let Op::Opaque { writes, .. } = &step.op {
                    ids.extend(writes.iter().map(|write| write.after));
                }
            }
            Statement::Bind(bind) => ids.extend(&bind.bindings),
            Statement::Verbatim(verbatim) => {
                ids.extend(&verbatim.defines);
                ids.extend(verbatim.writes.iter().map(|write| write.after));
            }
            Statement::Branch(branch) => ids.extend(&branch.results),
            Statement::Loop(inner) => ids.extend(inner.carried.iter().map(|carried| carried.after)),
        }
    }
    ids
}

/// The values that a statement defines.
pub(crate) fn defined_by(statement: &Statement) -> Vec<Id> {
    defined(&Region {
        statements: vec![statement.clone()],
        end: End::Diverge,
    })
}

/// True if one place is inside the other, or both are elements of one array.
fn overlap(a: &Place, b: &Place) -> bool {
    if a.root != b.root {
        return false;
    }
    let fields = |place: &Place| -> Vec<Projection> {
        let projections = place.projections.iter();
        projections
            .filter(|projection| !matches!(projection, Projection::Dereference(_)))
            .cloned()
            .collect()
    };
    for (depth, pair) in fields(a).iter().zip(&fields(b)).enumerate() {
        match pair {
            (Projection::Field(x), Projection::Field(y)) => {
                if x.to_string() != y.to_string() {
                    // The fields of a field are reached by way of a function.
                    return depth > 0;
                }
            }
            _ => return true,
        }
    }
    true
}

/// The user's token for the operation.
pub(crate) fn token(syntax: &Syntax) -> TokenStream {
    match syntax {
        Syntax::Infix(tokens)
        | Syntax::Compound(tokens)
        | Syntax::Prefix(tokens)
        | Syntax::Function(tokens)
        | Syntax::Cast(tokens) => tokens.clone(),
        Syntax::Method { method, .. } | Syntax::Change { method, .. } => method.to_token_stream(),
        Syntax::Plain => TokenStream::new(),
    }
}
