//! What the reverse sweep through a loop computes again.
//!
//! An iteration is run again from the state that it began with before the sweep goes back through it. Of that run, active
//! operations are always emitted; code that touches no derivative only if something needs what it computes, so that, for one,
//! nothing is printed twice. Of the carried variables, only those that are needed have to be restored. (Where only the
//! type and the size of an active one matter, anything of that type will do.)

use std::collections::HashSet;

use super::record::Reads;
use super::reverse::{Aliases, defined};
use crate::ir::{
    Branch, End, Head, Id, Iterations, Let, Loop, Op, Opaque, Operand, Program, Projection, Region, Statement, Verbatim,
};

/// What running an iteration again needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Values whose contents matter.
    needed: HashSet<Id>,
    /// Values that the loop defines itself.
    pub(crate) inside: HashSet<Id>,
    /// Values from outside the loop that it mentions.
    pub(crate) outside: HashSet<Id>,
}

impl Needs {
    /// True if the value's contents matter.
    pub(crate) fn contains(&self, id: Id) -> bool {
        self.needed.contains(&id)
    }
}

/// What running an iteration of the loop again needs, given what the rules read.
pub(crate) fn needs(program: &Program, aliases: &Aliases, reads: &Reads, inner: &Loop) -> Needs {
    let mut finder = Finder {
        program,
        aliases,
        reads,
        needs: Needs {
            inside: defined_within(inner),
            ..Needs::default()
        },
    };
    loop {
        let before = finder.needs.clone();
        finder.body(inner);
        if finder.needs == before {
            return finder.needs;
        }
    }
}

/// Everything that a loop defines, at any depth.
pub(crate) fn defined_within(inner: &Loop) -> HashSet<Id> {
    let mut found = HashSet::new();
    within_loop(inner, &mut found);
    found
}

fn within_loop(inner: &Loop, found: &mut HashSet<Id>) {
    for carried in &inner.carried {
        found.extend([carried.start, carried.end]);
    }
    found.extend(inner.exit);
    if let Iterations::Each { bindings, .. } = &inner.iterations {
        found.extend(bindings);
    }
    within(&inner.body, found);
}

fn within(region: &Region, found: &mut HashSet<Id>) {
    found.extend(defined(region));
    for statement in &region.statements {
        match statement {
            Statement::Branch(branch) => within_branch(branch, found),
            Statement::Loop(inner) => within_loop(inner, found),
            _ => {}
        }
    }
    match &region.end {
        End::Split(branch, rest) => {
            found.extend(&branch.results);
            within_branch(branch, found);
            within(rest, found);
        }
        End::Tail(branch) => within_branch(branch, found),
        _ => {}
    }
}

fn within_branch(branch: &Branch, found: &mut HashSet<Id>) {
    for arm in &branch.arms {
        found.extend(&arm.bindings);
        within(&arm.region, found);
    }
}

struct Finder<'p> {
    program: &'p Program,
    aliases: &'p Aliases,
    reads: &'p Reads,
    needs: Needs,
}

impl Finder<'_> {
    fn is_active(&self, id: Id) -> bool {
        self.program.value(id).active
    }

    /// True if the value's contents matter.
    fn is_needed(&self, id: Id) -> bool {
        let is_read = |id: Id| self.needs.needed.contains(&id) || self.reads.values.contains(&self.aliases.resolve(id));
        if !self.aliases.cells.contains(id) {
            return is_read(id);
        }
        // The versions of a cell are one variable. What is read of it behind the loop has been read before.
        let mut versions = self.aliases.cells.versions(id).iter();
        versions.any(|version| self.needs.inside.contains(version) && is_read(*version))
    }

    /// True if what defines the value is emitted.
    fn is_present(&self, id: Id) -> bool {
        self.is_active(id) || self.is_needed(id)
    }

    /// The body, backwards. What is carried is needed at an iteration's end if it is at the start of the next.
    fn body(&mut self, inner: &Loop) {
        inner.exit.into_iter().for_each(|exit| self.need(exit));
        for carried in &inner.carried {
            if self.is_needed(carried.start) {
                self.need(carried.end);
                self.need(carried.start);
            }
        }
        let ends: Vec<_> = inner.carried.iter().map(|carried| carried.end).collect();
        self.region(&inner.body, &[], &ends);
        if let Iterations::Each { items, bindings, .. } = &inner.iterations {
            if bindings.iter().any(|id| self.is_needed(*id)) {
                bindings.iter().for_each(|id| self.need(*id));
            }
            self.opaque(items);
        }
    }

    fn region(&mut self, region: &Region, results: &[Id], ends: &[Id]) {
        match &region.end {
            End::Yield(operands) => self.handed_on(operands, results),
            End::Next(operands) => self.handed_on(operands, ends),
            End::Leave(operand) => self.operand(operand, true),
            End::Diverge => {}
            End::Split(branch, rest) => {
                self.region(rest, results, ends);
                self.branch(branch, &branch.results, ends);
            }
            End::Tail(branch) => self.branch(branch, results, ends),
        }
        for statement in region.statements.iter().rev() {
            match statement {
                Statement::Let(step) => self.operation(step),
                Statement::Bind(bind) => {
                    let needed = bind.bindings.iter().any(|id| self.is_needed(*id));
                    if bind.bindings.iter().any(|id| self.is_present(*id)) {
                        self.operand(&bind.source, needed);
                    }
                }
                Statement::Verbatim(verbatim) => self.verbatim(verbatim),
                Statement::Branch(branch) => {
                    if branch.results.iter().any(|id| self.is_present(*id)) {
                        self.branch(branch, &branch.results, ends);
                    }
                }
                Statement::Loop(inner) => self.inner(inner),
            }
        }
    }

    fn handed_on(&mut self, operands: &[Operand], to: &[Id]) {
        for (operand, id) in operands.iter().zip(to) {
            if self.is_present(*id) {
                let needed = self.is_needed(*id);
                self.operand(operand, needed);
            }
        }
    }

    fn operation(&mut self, step: &Let) {
        let mut ids = vec![step.value];
        if let Op::Opaque { writes, .. } = &step.op {
            ids.extend(writes.iter().map(|write| write.after));
        }
        if !ids.iter().any(|id| self.is_present(*id)) {
            return;
        }
        let needed = ids.iter().any(|id| self.is_needed(*id))
            || self.program.own.contains(&step.value)
            || matches!(step.op, Op::Call(_) | Op::CallTangent(_));
        step.operands.iter().for_each(|operand| self.operand(operand, needed));
        if let Op::Update(path) = &step.op {
            self.indices(path);
        }
        if let Op::Opaque { code, writes, .. } = &step.op {
            self.opaque(code);
            writes.iter().for_each(|write| self.mention(write.before, true));
        }
    }

    fn verbatim(&mut self, verbatim: &Verbatim) {
        let afters = verbatim.writes.iter().map(|write| write.after);
        if verbatim
            .defines
            .iter()
            .copied()
            .chain(afters)
            .any(|id| self.is_needed(id))
        {
            self.opaque(&verbatim.code);
            verbatim
                .writes
                .iter()
                .for_each(|write| self.mention(write.before, true));
        }
    }

    fn branch(&mut self, branch: &Branch, results: &[Id], ends: &[Id]) {
        for arm in &branch.arms {
            self.region(&arm.region, results, ends);
            arm.guard.iter().for_each(|guard| self.opaque(guard));
        }
        match &branch.head {
            Head::If(condition) => self.opaque(condition),
            Head::Match(scrutinee) => self.operand(scrutinee, true),
            Head::MatchTuple(parts) => parts.iter().for_each(|part| self.operand(part, true)),
        }
    }

    fn inner(&mut self, inner: &Loop) {
        if !inner.carried.iter().any(|carried| self.is_present(carried.after)) {
            return;
        }
        for carried in &inner.carried {
            if self.is_needed(carried.after) {
                self.need(carried.end);
                self.need(carried.start);
            }
        }
        self.body(inner);
        // Whether an iteration is the last one may depend on anything that is carried.
        for carried in &inner.carried {
            if self.is_present(carried.start) || self.is_present(carried.end) {
                let needed = self.is_needed(carried.start);
                self.operand(&carried.before, needed);
            }
        }
    }

    fn opaque(&mut self, code: &Opaque) {
        code.mentions.iter().for_each(|(_, id)| self.mention(*id, true));
    }

    fn operand(&mut self, operand: &Operand, needed: bool) {
        let Some(place) = operand.place() else { return };
        self.mention(place.root, needed);
        self.indices(&place.projections);
    }

    fn indices(&mut self, projections: &[Projection]) {
        for projection in projections {
            for index in projection.operands() {
                self.operand(index, true);
            }
        }
    }

    /// The value is mentioned by what is emitted. The contents of an inactive one always matter.
    fn mention(&mut self, id: Id, needed: bool) {
        let needed = needed || !self.is_active(id);
        if needed {
            self.need(id);
        }
        if !self.needs.inside.contains(&id) {
            self.needs.outside.insert(id);
        }
        // A view is seen where it is defined, by way of the value that it is a part of.
        if let crate::ir::ValueKind::View { place, .. } = &self.program.value(id).kind {
            let place = place.clone();
            if needed {
                self.need(place.root);
            }
            if !self.needs.inside.contains(&place.root) {
                self.needs.outside.insert(place.root);
            }
            for projection in &place.projections {
                for index in projection.operands() {
                    self.operand(index, true);
                }
            }
        }
    }

    fn need(&mut self, id: Id) {
        self.needs.needed.insert(id);
        self.needs.needed.extend(self.aliases.cells.versions(id));
    }
}
