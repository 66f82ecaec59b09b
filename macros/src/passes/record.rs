//! What the forward sweep keeps for the reverse sweep.
//!
//! Decided for each value: one that some rule reads is kept; of one whose cotangent only passes through, only the type
//! and the size are.

use std::collections::{BTreeSet, HashMap};

use super::needs::{self, Needs};
use super::reverse::{Aliases, defined};
use crate::ir::adjoint::{Adjoint, Pullback, PushRule, Step, Target};
use crate::ir::{
    Branch, Carried, End, Id, Loop, Operand, OperandKind, Place, Program, Projection, Region, Statement, ValueKind,
    View,
};

/// What is kept of one region.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Values that rules read.
    pub(crate) values: Vec<Id>,
    /// Values of which only the type and the size are asked for.
    pub(crate) likes: Vec<Id>,
    /// Values whose types their operations gave.
    pub(crate) types: Vec<Id>,
    /// Calls, by their results: their pullbacks.
    pub(crate) calls: Vec<Id>,
    /// Operations that may be ones of the user's own types, by their results: which rule they have.
    pub(crate) own: Vec<Id>,
    /// Branches, by their numbers: what is kept of the arm that ran.
    pub(crate) branches: Vec<usize>,
    /// Of these, the ones with code behind them that may not run.
    pub(crate) rests: Vec<usize>,
    /// Loops, by their numbers: the number of iterations, and the state that the first one began with.
    pub(crate) loops: Vec<usize>,
    /// Writes to parts, by the values that they give: what they overwrote.
    pub(crate) saves: Vec<Id>,
}

/// What the reverse sweep over a program reads.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// Values whose contents it reads.
    pub(crate) values: BTreeSet<Id>,
    /// These, but of a cell only the versions that it reads, not all.
    versions: BTreeSet<Id>,
    /// These, and versions of cells whose size it asks for.
    there: BTreeSet<Id>,
    pub(crate) likes: BTreeSet<Id>,
    /// Values that operations give and that go on under a type that the user wrote: an ascription, or the function's result.
    pub(crate) types: BTreeSet<Id>,
    /// What running the iterations of each loop again needs, by the loop's number.
    pub(crate) needs: HashMap<usize, Needs>,
    /// Writes to parts of variables that are undone, by the values that they give.
    pub(crate) saves: BTreeSet<Id>,
    /// Versions of cells of whose elements parts are reached: the elements must have their sizes.
    sized: BTreeSet<Id>,
}

impl Reads {
    /// True if the reverse sweep reads the value.
    pub(crate) fn reads(&self, id: Id) -> bool {
        self.values.contains(&id)
    }

    /// The value is computed again instead.
    pub(crate) fn forget(&mut self, id: Id) {
        self.values.remove(&id);
        self.versions.remove(&id);
        self.there.remove(&id);
    }

    /// The value has to be there as well.
    pub(crate) fn keep(&mut self, id: Id) {
        self.values.insert(id);
        self.versions.insert(id);
        self.there.insert(id);
        self.likes.remove(&id);
    }

    /// True if the write that gives the value is undone for the size of what it overwrote alone.
    pub(crate) fn undoes_size(&self, id: Id) -> bool {
        self.sized.contains(&id) && self.keeps(id) && !self.saves.contains(&id)
    }

    /// True if the value has to be there in the reverse sweep.
    pub(crate) fn keeps(&self, id: Id) -> bool {
        self.there.contains(&id)
    }

    /// True if the variable must be restored before an iteration is run again, to what it held when that began.
    pub(crate) fn is_restored(&self, aliases: &Aliases, inner: &Loop, carried: &Carried) -> bool {
        let Some(needs) = self.needs.get(&inner.number) else {
            return false;
        };
        if aliases.cells.contains(carried.start) {
            return self.matters_in(aliases, needs, carried.start);
        }
        needs.contains(carried.start) || self.reads(aliases.resolve(carried.start))
    }

    /// True if the contents of the value's cell matter where iterations of the loop with these needs are run again. What is read
    /// behind the loop has been read by then; what is read in front of it needs the writes undone, for which the overwritten
    /// contents must be right.
    pub(crate) fn matters_in(&self, aliases: &Aliases, needs: &Needs, id: Id) -> bool {
        let mut versions = aliases.cells.versions(id).iter();
        versions.any(|version| {
            needs.contains(*version)
                || needs.inside.contains(version)
                    && (self.versions.contains(&aliases.resolve(*version)) || self.saves.contains(version))
        })
    }

    /// True if an iteration needs nothing of the one before.
    pub(crate) fn is_free(&self, aliases: &Aliases, inner: &Loop) -> bool {
        !inner
            .carried
            .iter()
            .any(|carried| self.is_restored(aliases, inner, carried))
    }
}

/// What the adjoint reads.
pub(crate) fn reads(program: &Program, aliases: &Aliases, adjoint: &Adjoint) -> Reads {
    let mut reader = Reader {
        program,
        aliases,
        reads: Reads::default(),
        undone: Vec::new(),
        there: BTreeSet::new(),
    };
    reader.adjoint(adjoint);
    let mut loops = Vec::new();
    loops_of(&program.body, adjoint, &mut loops);
    // What one loop mentions from outside, the loops around it must compute again.
    loop {
        let before = reader.reads.values.len();
        for inner in &loops {
            reader.iteration(inner);
        }
        if reader.reads.values.len() == before {
            break;
        }
    }
    let saves = saves(&reader);
    let Reads {
        mut values,
        likes,
        types,
        needs,
        sized,
        ..
    } = reader.reads;
    let versions = |ids: &BTreeSet<Id>| -> BTreeSet<Id> {
        ids.iter().flat_map(|id| aliases.cells.versions(*id)).copied().collect()
    };
    let read_versions = values.clone();
    // A cell is one variable.
    let read = versions(&values);
    values.extend(read);
    let mut there = versions(&reader.there);
    there.extend(&values);
    let likes = likes.difference(&there).copied().collect();
    Reads {
        values,
        versions: read_versions,
        there,
        likes,
        types,
        needs,
        saves,
        sized: versions(&sized),
    }
}

/// The writes behind a version that is read: going back, they must be undone.
fn saves(reader: &Reader<'_>) -> BTreeSet<Id> {
    let cells = &reader.aliases.cells;
    let behind = cells.behind(reader.reads.values.iter().copied());
    let undone = reader.undone.iter().copied();
    undone
        .filter(|id| cells.sources(*id).iter().any(|source| behind.contains(source)))
        .collect()
}

/// The loops that the adjoint goes back through, at any depth.
pub(crate) fn loops_of<'p>(region: &'p Region, adjoint: &Adjoint, found: &mut Vec<&'p Loop>) {
    let step = |number| {
        adjoint.steps.iter().find_map(|step| match step {
            Step::Loop(inner) if inner.number == number => Some(&inner.body),
            _ => None,
        })
    };
    let arms = |number| {
        adjoint.steps.iter().find_map(|step| match step {
            Step::Branch(branch) if branch.branch == number => Some(branch),
            _ => None,
        })
    };
    let branch = |branch: &'p Branch, rest: Option<&'p Region>, found: &mut Vec<&'p Loop>| {
        let Some(adjoint) = arms(branch.number) else { return };
        for (arm, adjoint) in branch.arms.iter().zip(&adjoint.arms) {
            if let Some(adjoint) = adjoint {
                loops_of(&arm.region, adjoint, found);
            }
        }
        if let (Some(rest), Some(adjoint)) = (rest, &adjoint.rest) {
            loops_of(rest, adjoint, found);
        }
    };
    for statement in &region.statements {
        match statement {
            Statement::Branch(inner) => branch(inner, None, found),
            Statement::Loop(inner) => {
                if let Some(adjoint) = step(inner.number) {
                    found.push(inner);
                    loops_of(&inner.body, adjoint, found);
                }
            }
            _ => {}
        }
    }
    match &region.end {
        End::Split(inner, rest) => branch(inner, Some(rest), found),
        End::Tail(inner) => branch(inner, None, found),
        _ => {}
    }
}

/// What is kept of a region with the given adjoint, out of all that the reverse sweep reads. `bindings` are the values
/// that the region begins with.
pub(crate) fn kept(reads: &Reads, aliases: &Aliases, region: &Region, bindings: &[Id], adjoint: &Adjoint) -> Kept {
    let mut here = defined(region);
    here.extend(bindings);
    let other_version = |id: &Id| aliases.cells.cell(*id).is_some_and(|cell| cell != *id);
    let mut kept = Kept {
        values: here
            .iter()
            .copied()
            .filter(|id| reads.keeps(*id) && !other_version(id))
            .collect(),
        likes: here.iter().copied().filter(|id| reads.likes.contains(id)).collect(),
        types: here.iter().copied().filter(|id| reads.types.contains(id)).collect(),
        saves: here.iter().copied().filter(|id| reads.saves.contains(id)).collect(),
        ..Kept::default()
    };
    for step in &adjoint.steps {
        match step {
            Step::Pullback(pullback) => kept.calls.push(pullback.result),
            Step::Rule(rule) if rule.own => kept.own.push(rule.result),
            Step::Push(rule) if rule.own => kept.own.push(rule.tangent),
            Step::Branch(branch) => {
                kept.branches.push(branch.branch);
                if branch.rest.is_some() {
                    kept.rests.push(branch.branch);
                }
            }
            Step::Loop(inner) => kept.loops.push(inner.number),
            _ => {}
        }
    }
    kept
}

/// What is kept of an iteration beside what is kept of its body: of the values that its carried variables begin and end with.
pub(crate) fn kept_of_carried(reads: &Reads, aliases: &Aliases, inner: &Loop) -> Kept {
    let ids = || {
        let carried = inner.carried.iter().flat_map(|carried| [carried.start, carried.end]);
        carried.filter(|id| !aliases.cells.contains(*id))
    };
    Kept {
        values: ids().filter(|id| reads.keeps(*id)).collect(),
        likes: ids().filter(|id| reads.likes.contains(id)).collect(),
        ..Kept::default()
    }
}

/// Whether an operand is a reference, as far as the compiler can know without types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Yes,
    No,
    Unknown,
}

/// Whether an argument, by its number, is a reference that the pullback is handed again.
pub(crate) fn reference_given(program: &Program, pullback: &Pullback, index: usize) -> Reference {
    if pullback.written.contains(&index) {
        return Reference::No;
    }
    // A tangent is handed over as the argument is that it belongs to.
    let own = match index.checked_sub(pullback.arguments.len() / 2) {
        Some(own) if program.pairs.contains(&pullback.result) => own,
        _ => index,
    };
    reference(program, &pullback.arguments[own].0)
}

fn reference(program: &Program, operand: &Operand) -> Reference {
    match &operand.kind {
        _ if operand.is_mutable_reference() => Reference::No,
        OperandKind::Borrow(..) => Reference::Yes,
        OperandKind::Constant(_) | OperandKind::Unit => Reference::Unknown,
        OperandKind::Place(place) if !place.projections.is_empty() => Reference::Unknown,
        OperandKind::Place(place) => match &program.value(place.root).kind {
            ValueKind::Parameter { by_reference: true }
            | ValueKind::View {
                view: View::Borrowed, ..
            } => Reference::Yes,
            ValueKind::Parameter { by_reference: false } | ValueKind::Result => Reference::No,
            ValueKind::Opaque | ValueKind::Behind | ValueKind::Joined | ValueKind::Carried | ValueKind::View { .. } => {
                Reference::Unknown
            }
        },
    }
}

struct Reader<'p> {
    program: &'p Program,
    aliases: &'p Aliases,
    reads: Reads,
    /// Writes to parts of variables, by the values that they give.
    undone: Vec<Id>,
    /// Cells of which some version must be there, if not with its contents.
    there: BTreeSet<Id>,
}

impl Reader<'_> {
    fn adjoint(&mut self, adjoint: &Adjoint) {
        for step in &adjoint.steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Declare(id) => self.like(*id),
            Step::Rule(rule) => {
                self.result(rule.result);
                self.given(&Place::whole(rule.result), rule.reads_result);
                for operand in &rule.operands {
                    if let Some(place) = operand.operand.place() {
                        let place = self.program.underlying(place);
                        let detour = matches!(operand.target, Target::Detour);
                        self.given(&place, operand.reads);
                        if !matches!(operand.target, Target::Inactive) {
                            self.accumulator(&place);
                        }
                        if detour {
                            self.given(&place, false);
                        }
                    }
                }
            }
            Step::Push(rule) => self.push(rule),
            Step::Pullback(pullback) => {
                self.result(pullback.result);
                self.value(pullback.result);
                for (index, (operand, target)) in pullback.arguments.iter().enumerate() {
                    let reference = reference_given(self.program, pullback, index);
                    self.argument(operand, target, reference);
                }
            }
            Step::Transfer { from, to } => {
                self.accumulator(from);
                self.accumulator(to);
                self.given(to, false);
                if self.program.is_tangent(to) {
                    self.given(from, false);
                }
            }
            Step::Silence(place) | Step::Forget(place) => self.accumulator(place),
            Step::Undo(place) => self.undone.push(place.root),
            Step::Gather { from, to } => {
                self.like(*from);
                self.accumulator(to);
            }
            Step::Branch(branch) => {
                branch.rest.iter().for_each(|rest| self.adjoint(rest));
                branch.arms.iter().flatten().for_each(|arm| self.adjoint(arm));
            }
            Step::Loop(inner) => self.adjoint(&inner.body),
        }
    }

    /// Values and tangents are read together.
    fn push(&mut self, rule: &PushRule) {
        self.given(&Place::whole(rule.tangent), rule.reads_result);
        if let Some(place) = rule.result.place() {
            let place = self.program.underlying(place);
            self.given(&place, rule.reads_result);
        }
        for operand in &rule.operands {
            let Some(place) = operand.operand.place() else { continue };
            let place = self.program.underlying(place);
            self.given(&place, operand.reads);
            if let Some(tangent) = operand.tangent.as_ref().and_then(Operand::place) {
                let tangent = self.program.underlying(tangent);
                self.accumulator(&place);
                self.accumulator(&tangent);
                if operand.reads {
                    self.given(&tangent, true);
                }
            }
        }
    }

    /// What going back through a loop reads beside what its rules do: what its body mentions from outside, and stand-ins for
    /// what is carried but not needed.
    fn iteration(&mut self, inner: &Loop) {
        let needs = needs::needs(self.program, self.aliases, &self.reads, inner);
        for id in &needs.outside {
            if !matches!(self.program.value(*id).kind, ValueKind::View { .. }) {
                self.value(*id);
            }
        }
        for carried in &inner.carried {
            if self.aliases.cells.contains(carried.start) {
                self.cell(&needs, carried);
            } else if self.program.value(carried.end).active {
                self.like(carried.after);
                if !needs.contains(carried.start) && !self.reads.reads(self.aliases.resolve(carried.start)) {
                    self.value(carried.after);
                }
                let before = carried.before.place();
                if let Some(place) = before.filter(|_| self.program.is_active(&carried.before)) {
                    let place = self.program.underlying(place);
                    self.accumulator(&place);
                    self.given(&place, false);
                }
            }
        }
        self.reads.needs.insert(inner.number, needs);
    }

    /// Going back through a loop that writes to a cell.
    fn cell(&mut self, needs: &Needs, carried: &Carried) {
        let versions = self.aliases.cells.versions(carried.start);
        if versions.iter().any(|id| needs.contains(*id) || self.reads.reads(*id)) {
            self.there.insert(carried.start);
        }
        if let Some(place) = carried.before.place()
            && !self.aliases.cells.are_one(place.root, carried.start)
        {
            let place = self.program.underlying(place);
            self.like(carried.after);
            self.accumulator(&place);
            self.given(&place, false);
        }
    }

    /// The result of an operation, as the operation gave it. True if it goes on under another name or type.
    fn result(&mut self, id: Id) -> bool {
        let typed = self.program.value(id).ascribed || self.aliases.resolve(id) == self.program.result;
        if typed {
            self.reads.types.insert(id);
        }
        typed
    }

    fn argument(&mut self, operand: &Operand, target: &Target, reference: Reference) {
        let Some(place) = operand.place() else { return };
        let place = self.program.underlying(place);
        if reference != Reference::No || self.program.is_tangent(&place) {
            self.given(&place, true);
        }
        match target {
            Target::Inactive => {}
            Target::Direct => self.accumulator(&place),
            Target::Detour => {
                self.given(&place, false);
                self.accumulator(&place);
            }
        }
    }

    /// A value or a part of one, as a rule is given it.
    fn given(&mut self, place: &Place, value: bool) {
        if value {
            self.value(place.root);
            self.indices(place);
        } else if !place.projections.is_empty() {
            self.size_of_part(place);
            self.indices(place);
        } else {
            self.like(place.root);
        }
    }

    /// The size of a part of a value. In a cell, it is that of any version, unless the part may be there or not.
    fn size_of_part(&mut self, place: &Place) {
        let may_be_absent = place
            .projections
            .iter()
            .any(|projection| matches!(projection, Projection::Payload | Projection::Part(_)));
        if self.aliases.cells.contains(place.root) && !may_be_absent {
            self.there.insert(place.root);
            let is_element =
                |projection: &Projection| matches!(projection, Projection::Index(_) | Projection::Element(_));
            if place
                .projections
                .iter()
                .position(is_element)
                .is_some_and(|first| first + 1 < place.projections.len())
            {
                self.reads.sized.insert(place.root);
            }
        } else {
            self.value(place.root);
        }
    }

    /// The accumulator of a place. To reach an element, the size of the whole must be known.
    fn accumulator(&mut self, place: &Place) {
        let element = |projection: &Projection| {
            matches!(
                projection,
                Projection::Index(_)
                    | Projection::Slice(_)
                    | Projection::Element(_)
                    | Projection::Payload
                    | Projection::Part(_)
            )
        };
        match place.projections.iter().rposition(element) {
            Some(0) if !self.aliases.cells.contains(place.root) => self.like(place.root),
            Some(0) if !matches!(place.projections[0], Projection::Payload | Projection::Part(_)) => {
                self.like(place.root)
            }
            Some(_) => self.size_of_part(place),
            None => {}
        }
        self.indices(place);
    }

    fn indices(&mut self, place: &Place) {
        for projection in &place.projections {
            for place in projection.operands().into_iter().filter_map(Operand::place) {
                let place = self.program.underlying(place);
                self.given(&place, true);
            }
        }
    }

    fn value(&mut self, id: Id) {
        self.reads.values.insert(self.aliases.resolve(id));
    }

    fn like(&mut self, id: Id) {
        self.reads.likes.insert(self.aliases.like(id));
    }
}
