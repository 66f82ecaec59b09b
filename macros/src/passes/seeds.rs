//! Calls of which is known, before they are made, what the cotangent of their result will be.
//!
//! Where the result of a call goes into the function's result, or into a sum that a loop adds up forward and back in one pass,
//! and all that happens to it on the way is linear in it, the cotangent depends on nothing that is computed behind the call. In
//! joint mode such a call goes forward and back at once: nothing of it is kept, and nothing of it is run twice. A recursive
//! function whose own calls are of this kind takes as long back as it does forward.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;

use super::cells;
use super::reverse::{Aliases, defined_by};
use crate::ir::signature::Signature;
use crate::ir::{Branch, End, Form, Id, Let, Loop, Op, Operand, Program, Projection, Region, Statement, Syntax};

/// How the cotangent of a call's result follows from one that is known.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    /// What is known.
    pub(crate) source: Source,
    /// The value that has that cotangent, besides what else flows into it.
    pub(crate) arrives: Id,
    /// What becomes of the call's result on the way there, in the order of the program.
    pub(crate) links: Vec<Link>,
    /// Where the call stands.
    pub(crate) site: Site,
    /// True if the function calls itself.
    recursive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The cotangent of the function's result.
    Result,
    /// That of what a loop carries, by the value behind it.
    Carried(Id),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// Among the statements of the function's body.
    Body,
    /// In an arm of a branch that is in no loop.
    Arm,
    /// In a loop.
    Loop,
}

/// One step of a value on its way.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// The value goes on under another name.
    Same { from: Id, to: Id },
    /// It is the operand at the position of an operation that is linear in it.
    Operation { step: Box<Let>, position: usize },
}

/// The calls, by their results, that may go forward and back at once. `fused` are the loops at the end of the body that do so.
pub(crate) fn seeds<'p>(
    program: &'p Program,
    aliases: &'p Aliases,
    signature: &'p Signature,
    fused: HashSet<usize>,
) -> HashMap<Id, Seed> {
    let mut seeker = Seeker {
        program,
        aliases,
        scalars: scalars(program, signature),
        name: &signature.name,
        fused,
        around: Vec::new(),
        found: HashMap::new(),
    };
    if !seeker.scalars.is_empty() {
        seeker.region(&program.body, true);
    }
    let mut found = seeker.found;
    // Beside each other, calls of short functions gain from going forward together, and back together.
    let is_single = |seed: &Seed| seed.site != Site::Loop && !seed.recursive;
    if found.values().filter(|seed| is_single(seed)).count() > 1 {
        found.retain(|_, seed| !is_single(seed));
    }
    found
}

// ----- scalars

/// The values that must be scalars of the type of the function's result, which is one.
fn scalars(program: &Program, signature: &Signature) -> HashSet<Id> {
    let output = signature.output.to_string();
    if output != "f64" && output != "f32" {
        return HashSet::new();
    }
    let mut found = HashSet::from([program.result]);
    loop {
        let before = found.len();
        scalars_of(&program.body, program, &mut found);
        if found.len() == before {
            return found;
        }
    }
}

fn scalars_of(region: &Region, program: &Program, found: &mut HashSet<Id>) {
    let note = |operand: &Operand, found: &mut HashSet<Id>| found.extend(operand.whole());
    let mut yielded = Vec::new();
    let branch = |branch: &Branch, found: &mut HashSet<Id>| {
        for arm in &branch.arms {
            scalars_of(&arm.region, program, found);
        }
        for (index, result) in branch.results.iter().enumerate() {
            if found.contains(result) {
                let mut yields = Vec::new();
                branch
                    .arms
                    .iter()
                    .for_each(|arm| cells::yielded(&arm.region, index, &mut yields));
                found.extend(yields.into_iter().flatten());
            }
        }
    };
    match &region.end {
        End::Leave(operand) => yielded.push(operand),
        End::Split(inner, rest) => {
            scalars_of(rest, program, found);
            branch(inner, found);
        }
        End::Tail(inner) => branch(inner, found),
        End::Yield(_) | End::Next(_) | End::Diverge => {}
    }
    if found.contains(&program.result) {
        yielded.into_iter().for_each(|operand| note(operand, found));
    }
    for statement in region.statements.iter().rev() {
        match statement {
            Statement::Let(step) if found.contains(&step.value) && is_uniform(&step.op) => {
                step.operands.iter().for_each(|operand| note(operand, found));
            }
            Statement::Branch(inner) => branch(inner, found),
            Statement::Loop(inner) => {
                for (index, carried) in inner.carried.iter().enumerate() {
                    if found.contains(&carried.after) {
                        found.extend([carried.start, carried.end]);
                        note(&carried.before, found);
                        let mut handed_on = Vec::new();
                        cells::next(&inner.body, index, &mut handed_on);
                        found.extend(handed_on.into_iter().flatten());
                    }
                }
                scalars_of(&inner.body, program, found);
            }
            _ => {}
        }
    }
}

/// True for operations whose operands are scalars if the result is one, and of the same type.
fn is_uniform(op: &Op) -> bool {
    match op {
        Op::Primitive { name, .. } => matches!(&name[..], "add" | "sub" | "mul" | "div" | "neg"),
        Op::Copy(syntax) => matches!(syntax, Syntax::Plain),
        _ => false,
    }
}

// ----- calls

/// What comes behind a region.
#[derive(Clone, Copy)]
enum Behind<'p> {
    /// The statements after a branch, whose results the region yields.
    Rest {
        statements: &'p [Statement],
        end: &'p End,
        results: &'p [Id],
    },
    /// The next iteration.
    Iteration(&'p Loop),
}

struct Seeker<'p> {
    program: &'p Program,
    aliases: &'p Aliases,
    scalars: HashSet<Id>,
    /// The function's.
    name: &'p Ident,
    fused: HashSet<usize>,
    around: Vec<Behind<'p>>,
    found: HashMap<Id, Seed>,
}

impl<'p> Seeker<'p> {
    fn region(&mut self, region: &'p Region, outermost: bool) {
        for (index, statement) in region.statements.iter().enumerate() {
            let behind = &region.statements[index + 1..];
            match statement {
                Statement::Let(step) if self.is_candidate(step) => {
                    if let Some(mut seed) = self.seed(step.value, behind, &region.end, outermost) {
                        seed.recursive = matches!(&step.op, Op::Call(callee) if callee.is_path_to(self.name));
                        self.found.insert(step.value, seed);
                    }
                }
                Statement::Branch(branch) => self.arms(
                    branch,
                    Behind::Rest {
                        statements: behind,
                        end: &region.end,
                        results: &branch.results,
                    },
                ),
                Statement::Loop(inner) if self.fused.contains(&inner.number) => {
                    self.around.push(Behind::Iteration(inner));
                    self.region(&inner.body, false);
                    self.around.pop();
                }
                _ => {}
            }
        }
        match &region.end {
            End::Split(branch, rest) => {
                self.arms(
                    branch,
                    Behind::Rest {
                        statements: &rest.statements,
                        end: &rest.end,
                        results: &branch.results,
                    },
                );
                self.region(rest, false);
            }
            End::Tail(branch) => {
                for arm in &branch.arms {
                    self.region(&arm.region, false);
                }
            }
            _ => {}
        }
    }

    fn arms(&mut self, branch: &'p Branch, behind: Behind<'p>) {
        for arm in &branch.arms {
            self.around.push(behind);
            self.region(&arm.region, false);
            self.around.pop();
        }
    }

    fn is_candidate(&self, step: &Let) -> bool {
        let Op::Call(callee) = &step.op else { return false };
        matches!(callee.form, Form::Function)
            && callee.written.is_empty()
            && self.program.value(step.value).active
            && self.scalars.contains(&step.value)
    }

    /// Follows the value to where its cotangent is known.
    fn seed(&self, value: Id, statements: &'p [Statement], end: &'p End, outermost: bool) -> Option<Seed> {
        let mut way = Way {
            seeker: self,
            late: HashSet::from([value]),
            behind: HashSet::new(),
            links: Vec::new(),
        };
        let mut around = self.around.clone();
        let (mut statements, mut end) = (statements, end);
        if self.aliases.cells.contains(value) {
            return None;
        }
        loop {
            for statement in statements {
                way.pass(statement)?;
            }
            match end {
                End::Yield(operands) => {
                    let Some(Behind::Rest {
                        statements: next,
                        end: next_end,
                        results,
                    }) = around.pop()
                    else {
                        return None;
                    };
                    for (operand, result) in operands.iter().zip(results) {
                        match way.late_operand(operand)? {
                            Some(id) => way.same(id, *result)?,
                            None => {
                                way.behind.insert(*result);
                            }
                        }
                    }
                    (statements, end) = (next, next_end);
                }
                End::Next(operands) => {
                    let inner = around.iter().rev().find_map(|behind| match behind {
                        Behind::Iteration(inner) => Some(inner),
                        Behind::Rest { .. } => None,
                    })?;
                    let mut arrived = None;
                    for (index, operand) in operands.iter().enumerate() {
                        if let Some(id) = way.late_operand(operand)? {
                            let carried = inner.carried.get(index)?;
                            let is_known = self.program.value(carried.end).active && arrived.is_none();
                            arrived = Some((Source::Carried(carried.after), id)).filter(|_| is_known);
                            arrived?;
                        }
                    }
                    let (source, arrives) = arrived?;
                    return Some(way.seed(source, arrives, Site::Loop));
                }
                End::Leave(operand) => {
                    let arrives = way.late_operand(operand)??;
                    let in_loop = around.iter().any(|behind| matches!(behind, Behind::Iteration(_)));
                    let site = if outermost { Site::Body } else { Site::Arm };
                    return (!in_loop).then(|| way.seed(Source::Result, arrives, site));
                }
                // Whether it gets there is not known yet.
                End::Split(..) | End::Tail(_) | End::Diverge => return None,
            }
        }
    }
}

/// The way of a value through the statements behind it.
struct Way<'s, 'p> {
    seeker: &'s Seeker<'p>,
    /// The value, and what depends on it.
    late: HashSet<Id>,
    /// What else is defined on the way.
    behind: HashSet<Id>,
    links: Vec<Link>,
}

impl Way<'_, '_> {
    fn seed(self, source: Source, arrives: Id, site: Site) -> Seed {
        Seed {
            source,
            arrives,
            links: self.links,
            site,
            recursive: false,
        }
    }

    /// `None` if the statement does something else with the value than what is linear.
    fn pass(&mut self, statement: &Statement) -> Option<()> {
        if let Statement::Let(step) = statement
            && step.operands.iter().any(|operand| self.is_late(operand))
        {
            return self.operation(step);
        }
        let mut read = cells::read_by(self.seeker.program, statement).into_iter();
        self.behind.extend(defined_by(statement));
        (!read.any(|id| self.late.contains(&id))).then_some(())
    }

    /// An operation on what depends on the call.
    fn operation(&mut self, step: &Let) -> Option<()> {
        let late: Vec<_> = step
            .operands
            .iter()
            .map(|operand| self.late_operand(operand))
            .collect::<Option<_>>()?;
        let positions: Vec<_> = (0..late.len()).filter(|index| late[*index].is_some()).collect();
        let first = positions.first()?;
        // An operation of the user's own is linear in nothing.
        if self.seeker.program.own.contains(&step.value) {
            return None;
        }
        let is_linear = match &step.op {
            Op::Primitive { name, .. } => match &name[..] {
                "add" | "sub" | "neg" => true,
                "mul" => positions.len() == 1 && self.is_there(&step.operands[1 - first]),
                "div" => positions == [0] && self.is_there(&step.operands[1]),
                _ => false,
            },
            Op::Copy(Syntax::Plain) => {
                return self.same(late[*first]?, step.value);
            }
            _ => false,
        };
        if !is_linear || !self.is_followed(step.value) {
            return None;
        }
        self.late.insert(step.value);
        self.links.extend(positions.into_iter().map(|position| Link::Operation {
            step: Box::new(step.clone()),
            position,
        }));
        Some(())
    }

    fn same(&mut self, from: Id, to: Id) -> Option<()> {
        self.is_followed(to).then(|| {
            self.late.insert(to);
            self.links.push(Link::Same { from, to });
        })
    }

    fn is_followed(&self, id: Id) -> bool {
        self.seeker.scalars.contains(&id) && !self.seeker.aliases.cells.contains(id)
    }

    /// True if the operand is there when the call is made.
    fn is_there(&self, operand: &Operand) -> bool {
        !self.mentions(operand, &self.behind)
    }

    fn is_late(&self, operand: &Operand) -> bool {
        self.mentions(operand, &self.late)
    }

    /// The value that the operand is, if it depends on the call; `None` if it is only a part of one.
    fn late_operand(&self, operand: &Operand) -> Option<Option<Id>> {
        match operand.whole().filter(|id| self.late.contains(id)) {
            Some(id) => Some(Some(id)),
            None => (!self.is_late(operand)).then_some(None),
        }
    }

    fn mentions(&self, operand: &Operand, ids: &HashSet<Id>) -> bool {
        operand.place().is_some_and(|place| {
            let underlying = self.seeker.program.underlying(place);
            let mut path = place.projections.iter().chain(&underlying.projections);
            ids.contains(&place.root)
                || ids.contains(&underlying.root)
                || path.any(|projection| matches!(projection, Projection::Index(index) if self.mentions(index, ids)))
        })
    }
}
