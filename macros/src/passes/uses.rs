//! How often each value is used in the forward sweep. A value that is used once can be moved.

use std::collections::{HashMap, HashSet};

use super::fuse;
use super::needs::defined_within;
use crate::ir::{
    Branch, End, Head, Id, Iterations, Let, Loop, Op, Opaque, Operand, Program, Projection, Region, Statement, Syntax,
};

/// How often each value is used in the forward sweep.
pub(crate) fn uses(program: &Program) -> Vec<usize> {
    let mut counter = Uses {
        program,
        uses: vec![0; program.values.len()],
    };
    counter.region(&program.body);
    counter.uses
}

/// The results of calls that write to what they are handed: tuples of a value and of what the calls have left there.
pub(crate) fn updates(program: &Program) -> HashSet<Id> {
    let mut found = HashSet::new();
    fuse::each_operation(&program.body, &mut |step| {
        if matches!(&step.op, Op::Call(callee) if !callee.written.is_empty()) {
            found.insert(step.value);
        }
    });
    found
}

/// The values that calls write to, which are their own.
pub(crate) fn written_by_calls(program: &Program) -> HashSet<Id> {
    let mut found = HashSet::new();
    fuse::each_operation(&program.body, &mut |step| {
        let written = step.operands.iter().filter(|operand| operand.is_mutable_reference());
        found.extend(written.filter_map(Operand::place).map(|place| place.root));
    });
    found
}

/// What goes into something else as it is: the root of each part of a copy, of what is put together, and of what a region hands
/// on, and the value that it goes into.
pub(crate) fn copies(program: &Program) -> Vec<(Id, Id)> {
    let mut found = Vec::new();
    copies_in(&program.body, &[], &[], &mut found);
    found
}

fn copies_in(region: &Region, results: &[Id], ends: &[Id], found: &mut Vec<(Id, Id)>) {
    let into = |operands: &[Operand], to: &[Id], found: &mut Vec<(Id, Id)>| {
        let places = operands
            .iter()
            .zip(to)
            .filter_map(|(operand, to)| Some((operand.place()?.root, *to)));
        found.extend(places);
    };
    let arms = |branch: &Branch, results: &[Id], found: &mut Vec<(Id, Id)>| {
        for arm in &branch.arms {
            copies_in(&arm.region, results, ends, found);
        }
    };
    for statement in &region.statements {
        match statement {
            Statement::Let(step) if matches!(step.op, Op::Copy(_) | Op::Construct(_)) => {
                let parts = step.operands.iter().filter_map(Operand::place);
                found.extend(parts.map(|place| (place.root, step.value)));
            }
            Statement::Branch(branch) => arms(branch, &branch.results, found),
            Statement::Loop(inner) => {
                let carried = inner.carried.iter();
                let begun = carried.filter_map(|carried| Some((carried.before.place()?.root, carried.start)));
                found.extend(begun);
                copies_in(&inner.body, &[], &inner.handed_on(), found);
            }
            _ => {}
        }
    }
    match &region.end {
        End::Yield(operands) => into(operands, results, found),
        End::Next(operands) => into(operands, ends, found),
        End::Leave(_) | End::Diverge => {}
        End::Split(branch, rest) => {
            arms(branch, &branch.results, found);
            copies_in(rest, results, ends, found);
        }
        End::Tail(branch) => arms(branch, results, found),
    }
}

/// The positions at which vectors are changed, numbers that the region computes, and the vectors.
// Input: t = v.len(); v_1 = push(v, x, t)
fn positions(region: &Region) -> HashMap<Id, Id> {
    let changes = region.statements.iter().filter_map(|statement| match statement {
        Statement::Let(Let {
            op: Op::Primitive {
                syntax: Syntax::Change { .. },
                ..
            },
            operands,
            ..
        }) => Some(operands),
        _ => None,
    });
    changes
        .filter_map(|operands| match &operands[..] {
            [vector, .., position] => Some((position.whole()?, vector.whole()?)),
            _ => None,
        })
        .collect()
}

struct Uses<'p> {
    program: &'p Program,
    uses: Vec<usize>,
}

impl Uses<'_> {
    fn region(&mut self, region: &Region) {
        let positions = positions(region);
        for statement in &region.statements {
            match statement {
                Statement::Let(step) => {
                    // The tangent of a result is computed right behind it, before anything can move it; what zero is made from,
                    // is looked at before it is used.
                    let looked_at = usize::from(matches!(step.op, Op::Push { .. } | Op::Zero));
                    let operands = step.operands.iter().skip(looked_at);
                    operands.for_each(|operand| self.operand(operand));
                    if let Op::Update(path) = &step.op {
                        self.indices(path);
                    }
                    if let Op::Opaque { code, writes, .. } = &step.op {
                        self.opaque(code);
                        if let Some(vector) = positions.get(&step.value) {
                            // It is only looked at, before the change.
                            let times = code.mentions.iter().filter(|(_, id)| id == vector).count();
                            self.uses[vector.0] -= times;
                        }
                        writes.iter().for_each(|write| self.uses[write.before.0] += 1);
                    }
                }
                Statement::Bind(bind) => {
                    self.looked_at(&bind.source);
                }
                Statement::Verbatim(verbatim) => {
                    self.opaque(&verbatim.code);
                }
                Statement::Branch(branch) => self.branch(branch),
                Statement::Loop(inner) => self.iteration(inner),
            }
        }
        match &region.end {
            End::Yield(operands) | End::Next(operands) => operands.iter().for_each(|operand| self.operand(operand)),
            End::Leave(operand) => self.operand(operand),
            End::Diverge => {}
            End::Split(branch, rest) => {
                self.branch(branch);
                self.region(rest);
            }
            End::Tail(branch) => self.branch(branch),
        }
    }

    fn iteration(&mut self, inner: &Loop) {
        inner.carried.iter().for_each(|carried| self.operand(&carried.before));
        let outer = std::mem::replace(&mut self.uses, vec![0; self.program.values.len()]);
        if let Iterations::Each { items, .. } = &inner.iterations {
            self.opaque(items);
        }
        self.region(&inner.body);
        let inside = defined_within(inner);
        for (index, before) in outer.into_iter().enumerate() {
            // What comes from outside is used in every iteration.
            let times = if inside.contains(&Id(index)) { 1 } else { 2 };
            self.uses[index] = before + times * self.uses[index];
        }
    }

    fn branch(&mut self, branch: &Branch) {
        match &branch.head {
            Head::If(condition) => self.opaque(condition),
            Head::Match(scrutinee) => self.looked_at(scrutinee),
            Head::MatchTuple(parts) => parts.iter().for_each(|part| self.looked_at(part)),
        }
        for arm in &branch.arms {
            arm.guard.iter().for_each(|guard| self.opaque(guard));
            self.region(&arm.region);
        }
    }

    /// A view looks at its source for as long as it lives.
    fn looked_at(&mut self, operand: &Operand) {
        self.operand(operand);
        self.operand(operand);
    }

    fn opaque(&mut self, code: &Opaque) {
        code.mentions.iter().for_each(|(_, id)| self.uses[id.0] += 1);
    }

    fn operand(&mut self, operand: &Operand) {
        let Some(place) = operand.place() else { return };
        self.uses[place.root.0] += 1;
        let underlying = self.program.underlying(place).root;
        if underlying != place.root {
            self.uses[underlying.0] += 1;
        }
        self.indices(&place.projections);
    }

    fn indices(&mut self, projections: &[Projection]) {
        for projection in projections {
            for index in projection.operands() {
                self.operand(index);
            }
        }
    }
}
