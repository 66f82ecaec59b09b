//! Cells: variables that are written to in place.
//!
//! A write to a part of a variable is a new value of the whole. Where nothing reads the old value any more, both can be
//! one variable of the generated code, and have one cotangent: they are versions of one cell. So are the values that a
//! loop carries or a branch joins, if all of their ways come from one version and each step is such a write. Going back,
//! the reverse sweep undoes the writes, so that every version is found in the cell when its turn comes.

use std::collections::{HashMap, HashSet};

use super::needs::defined_within;
use super::reverse::defined;
use crate::ir::{
    Branch, End, Head, Id, Iterations, Loop, Op, Opaque, Operand, Place, Program, Projection, Region, Statement,
    ValueKind,
};

/// Which values are versions of one cell.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    /// For each version, the one that the cell goes by.
    cell: HashMap<Id, Id>,
    /// All versions of a cell.
    versions: HashMap<Id, Vec<Id>>,
    /// For each version, those that it comes from without a copy.
    sources: HashMap<Id, Vec<Id>>,
}

impl Cells {
    /// The version that the value's cell goes by, if it is in one.
    pub(crate) fn cell(&self, id: Id) -> Option<Id> {
        self.cell.get(&id).copied()
    }

    /// True if the value is a version of a cell.
    pub(crate) fn contains(&self, id: Id) -> bool {
        self.cell.contains_key(&id)
    }

    /// True if both values are versions of one cell.
    pub(crate) fn are_one(&self, a: Id, b: Id) -> bool {
        self.cell(a).is_some_and(|cell| self.cell(b) == Some(cell))
    }

    /// The values in the same cell, itself among them.
    pub(crate) fn versions(&self, id: Id) -> &[Id] {
        self.cell(id)
            .and_then(|cell| self.versions.get(&cell))
            .map_or(&[], Vec::as_slice)
    }

    /// The versions that the value comes from without a copy.
    pub(crate) fn sources(&self, id: Id) -> &[Id] {
        self.sources.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The versions that come behind one of the given ones, and these.
    pub(crate) fn behind(&self, ids: impl IntoIterator<Item = Id>) -> HashSet<Id> {
        let mut found: HashSet<_> = ids.into_iter().filter(|id| self.contains(*id)).collect();
        loop {
            let before = found.len();
            for (id, sources) in &self.sources {
                if sources.iter().any(|source| found.contains(source)) {
                    found.insert(*id);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// All versions of a cell are one variable of the generated code.
    pub(crate) fn rename(&self, program: &mut Program) {
        for (id, cell) in &self.cell {
            program.values[id.0].name = program.values[cell.0].name.clone();
        }
    }
}

/// The cells of a program.
pub(crate) fn cells(program: &Program) -> Cells {
    let mut finder = Finder::new(program);
    finder.region(&program.body, &mut HashSet::new());
    finder.solve()
}

/// The writes to parts of values that nothing reads any more, by the values that they give: where nothing is kept, the values of
/// before are moved.
pub(crate) fn moving(program: &Program) -> HashSet<Id> {
    let mut finder = Finder::new(program);
    finder.leaves_by_value = true;
    finder.region(&program.body, &mut HashSet::new());
    let updates = finder.updates.into_iter();
    updates
        .filter(|(_, before)| before.is_some())
        .map(|(id, _)| id)
        .collect()
}

/// What the body of a loop mentions, and what it iterates over.
pub(crate) fn mentions(program: &Program, inner: &Loop) -> HashSet<Id> {
    let mut finder = Finder::new(program);
    let mut found = HashSet::new();
    finder.region(&inner.body, &mut found);
    if let Iterations::Each { items, .. } = &inner.iterations {
        finder.opaque(items, &mut found);
    }
    found
}

/// What a statement mentions.
pub(crate) fn read_by(program: &Program, statement: &Statement) -> HashSet<Id> {
    let alone = Region {
        statements: vec![statement.clone()],
        end: End::Diverge,
    };
    let mut found = HashSet::new();
    Finder::new(program).region(&alone, &mut found);
    found
}

/// A value of a branch, and what each arm yields for it.
struct Joined {
    id: Id,
    yields: Vec<Option<Id>>,
    /// What the arms define.
    inside: HashSet<Id>,
    /// What is used behind the branch.
    live: HashSet<Id>,
}

/// A carried variable, and what the ends of an iteration hand on for it.
struct CarriedOn {
    before: Option<Id>,
    start: Id,
    end: Id,
    after: Id,
    ends: Vec<Option<Id>>,
}

struct Finder<'p> {
    program: &'p Program,
    /// Active writes, each with the value before if nothing reads that any more.
    updates: HashMap<Id, Option<Id>>,
    /// Inner ones first.
    branches: Vec<Joined>,
    loops: Vec<CarriedOn>,
    /// What is used behind an iteration of the loop around.
    next: HashSet<Id>,
    /// True if an arm that leaves the function counts as one that goes on: in generated code it does, with a value that says so.
    leaves_by_value: bool,
}

impl<'p> Finder<'p> {
    fn new(program: &'p Program) -> Self {
        Self {
            program,
            updates: HashMap::new(),
            branches: Vec::new(),
            loops: Vec::new(),
            next: HashSet::new(),
            leaves_by_value: false,
        }
    }

    /// Goes backwards through a region. `live` is what is used behind it, and then what is used behind its beginning.
    fn region(&mut self, region: &Region, live: &mut HashSet<Id>) {
        match &region.end {
            End::Yield(operands) => operands.iter().for_each(|operand| self.operand(operand, live)),
            End::Next(operands) => {
                live.clone_from(&self.next);
                operands.iter().for_each(|operand| self.operand(operand, live));
            }
            End::Leave(operand) => {
                if !self.leaves_by_value {
                    live.clear();
                }
                self.operand(operand, live);
            }
            End::Diverge => live.clear(),
            End::Split(branch, rest) => {
                self.region(rest, live);
                self.branch(branch, &branch.results, live);
            }
            End::Tail(branch) => self.branch(branch, &[], live),
        }
        for statement in region.statements.iter().rev() {
            match statement {
                Statement::Let(step) => {
                    if let (Op::Update(path), [before, _]) = (&step.op, &step.operands[..])
                        && self.program.value(step.value).active
                    {
                        let goes_on = before
                            .whole()
                            .filter(|id| !live.contains(id) && self.program.value(*id).active && is_part(path));
                        self.updates.insert(step.value, goes_on);
                    }
                    if let Op::Update(path) = &step.op {
                        self.indices(path, live);
                    }
                    if let Op::Opaque { code, writes, .. } = &step.op {
                        self.opaque(code, live);
                        live.extend(writes.iter().map(|write| write.before));
                    }
                    step.operands.iter().for_each(|operand| self.operand(operand, live));
                }
                Statement::Bind(bind) => self.operand(&bind.source, live),
                Statement::Verbatim(verbatim) => {
                    self.opaque(&verbatim.code, live);
                    live.extend(verbatim.writes.iter().map(|write| write.before));
                }
                Statement::Branch(branch) => self.branch(branch, &branch.results, live),
                Statement::Loop(inner) => self.iteration(inner, live),
            }
        }
    }

    fn branch(&mut self, branch: &Branch, results: &[Id], live: &mut HashSet<Id>) {
        let behind = live.clone();
        for arm in &branch.arms {
            let mut live_in_arm = behind.clone();
            self.region(&arm.region, &mut live_in_arm);
            arm.guard.iter().for_each(|guard| self.opaque(guard, &mut live_in_arm));
            live.extend(live_in_arm);
        }
        match &branch.head {
            Head::If(condition) => self.opaque(condition, live),
            Head::Match(scrutinee) => self.operand(scrutinee, live),
            Head::MatchTuple(parts) => parts.iter().for_each(|part| self.operand(part, live)),
        }
        let mut inside = HashSet::new();
        for arm in &branch.arms {
            within(&arm.region, &mut inside);
        }
        for (index, result) in results.iter().enumerate() {
            if self.program.value(*result).active {
                let mut yields = Vec::new();
                for arm in &branch.arms {
                    yielded(&arm.region, index, &mut yields);
                }
                self.branches.push(Joined {
                    id: *result,
                    yields,
                    inside: inside.clone(),
                    live: behind.clone(),
                });
            }
        }
    }

    fn iteration(&mut self, inner: &Loop, live: &mut HashSet<Id>) {
        let behind = live.clone();
        // Once to find what the body mentions: it is used again in the next iteration.
        let inside = defined_within(inner);
        let mut mentioned = mentions(self.program, inner);
        mentioned.retain(|id| !inside.contains(id));
        live.extend(&mentioned);
        let mut in_body = live.clone();
        let outer = std::mem::replace(&mut self.next, live.clone());
        self.region(&inner.body, &mut in_body);
        self.next = outer;
        let befores: Vec<_> = inner.carried.iter().map(|carried| carried.before.whole()).collect();
        for (index, carried) in inner.carried.iter().enumerate() {
            if !self.program.value(carried.end).active {
                continue;
            }
            let before = befores[index].filter(|id| {
                !behind.contains(id)
                    && !mentioned.contains(id)
                    && self.program.value(*id).active
                    && befores.iter().filter(|other| **other == Some(*id)).count() == 1
            });
            let mut handed_on = Vec::new();
            next(&inner.body, index, &mut handed_on);
            self.loops.push(CarriedOn {
                before,
                start: carried.start,
                end: carried.end,
                after: carried.after,
                ends: handed_on,
            });
        }
        for carried in &inner.carried {
            self.operand(&carried.before, live);
        }
    }

    fn operand(&self, operand: &Operand, live: &mut HashSet<Id>) {
        if let Some(place) = operand.place() {
            self.place(place, live);
        }
    }

    fn place(&self, place: &Place, live: &mut HashSet<Id>) {
        live.insert(place.root);
        self.indices(&place.projections, live);
        if let ValueKind::View { place, .. } = &self.program.value(place.root).kind {
            live.insert(place.root);
            self.indices(&place.projections, live);
        }
    }

    fn indices(&self, path: &[Projection], live: &mut HashSet<Id>) {
        for projection in path {
            if let Projection::Index(index) = projection {
                self.operand(index, live);
            }
        }
    }

    fn opaque(&self, code: &Opaque, live: &mut HashSet<Id>) {
        for (_, id) in &code.mentions {
            self.place(&Place::whole(*id), live);
        }
    }

    // ----- from candidates to cells

    /// Takes away what is no cell until nothing more is to be taken away.
    fn solve(self) -> Cells {
        let mut joined: HashSet<Id> = self.branches.iter().map(|branch| branch.id).collect();
        let mut carried: HashSet<Id> = self.loops.iter().map(|inner| inner.after).collect();
        loop {
            let before = (joined.len(), carried.len());
            let origins = self.origins(&joined, &carried);
            let chain = |id| chain(&origins, id);
            for inner in &self.loops {
                let comes_from_start = |id: &Option<Id>| id.is_some_and(|id| chain(id).contains(&inner.start));
                let writes = |id: &Option<Id>| id.is_some_and(|id| id != inner.start);
                if !inner.ends.iter().all(comes_from_start) || !inner.ends.iter().any(writes) {
                    carried.remove(&inner.after);
                }
            }
            for branch in &self.branches {
                if !origins.contains_key(&branch.id) {
                    joined.remove(&branch.id);
                }
            }
            if (joined.len(), carried.len()) == before {
                return self.gather(&origins, &carried);
            }
        }
    }

    /// For each version, the one that it comes from. What begins a cell comes from none.
    fn origins(&self, joined: &HashSet<Id>, carried: &HashSet<Id>) -> HashMap<Id, Option<Id>> {
        let starts: HashSet<_> = self
            .loops
            .iter()
            .filter(|inner| carried.contains(&inner.after))
            .map(|inner| inner.start)
            .collect();
        let mut origins: HashMap<Id, Option<Id>> = starts.iter().map(|start| (*start, None)).collect();
        let is_version = |id: &Id| {
            self.updates.contains_key(id) || joined.contains(id) || carried.contains(id) || starts.contains(id)
        };
        for (id, before) in &self.updates {
            origins.insert(*id, before.filter(is_version));
        }
        for inner in &self.loops {
            if carried.contains(&inner.after) {
                origins.insert(inner.after, inner.before.filter(is_version));
            }
        }
        // A branch inside another one comes first.
        let mut used: Vec<(Id, &HashSet<Id>)> = Vec::new();
        for branch in &self.branches {
            if !joined.contains(&branch.id) {
                continue;
            }
            let outside = |id: &Option<Id>| {
                let versions = chain(&origins, (*id)?);
                versions.into_iter().find(|version| !branch.inside.contains(version))
            };
            let mut froms = branch.yields.iter().map(outside);
            let Some(Some(from)) = froms.next() else { continue };
            if froms.all(|other| other == Some(from))
                && is_version(&from)
                && !branch.live.contains(&from)
                && !used
                    .iter()
                    .any(|(other, inside)| *other == from && **inside == branch.inside)
            {
                used.push((from, &branch.inside));
                origins.insert(branch.id, Some(from));
            }
        }
        origins
    }

    fn gather(&self, origins: &HashMap<Id, Option<Id>>, carried: &HashSet<Id>) -> Cells {
        let loops: Vec<_> = self
            .loops
            .iter()
            .filter(|inner| carried.contains(&inner.after))
            .collect();
        // The root of a version, by way of the loop around it.
        let root = |mut id: Id| loop {
            match origins.get(&id).copied().flatten() {
                Some(origin) => id = origin,
                None => match loops.iter().find(|inner| inner.start == id) {
                    Some(inner) => id = inner.after,
                    None => return id,
                },
            }
        };
        let mut cells = Cells::default();
        let source = |cells: &mut Cells, id: Id, from: Id| cells.sources.entry(id).or_default().push(from);
        for (id, origin) in origins {
            cells.cell.insert(*id, root(*id));
            if let Some(origin) = origin {
                source(&mut cells, *id, *origin);
            }
        }
        for branch in &self.branches {
            if origins.contains_key(&branch.id) {
                for id in branch.yields.iter().flatten() {
                    source(&mut cells, branch.id, *id);
                }
            }
        }
        for inner in &loops {
            cells.cell.insert(inner.end, root(inner.start));
            for id in inner.ends.iter().flatten() {
                source(&mut cells, inner.end, *id);
            }
            for id in [inner.end, inner.start] {
                source(&mut cells, inner.after, id);
            }
            source(&mut cells, inner.start, inner.end);
            if let Some(before) = inner.before.filter(|id| origins.contains_key(id)) {
                source(&mut cells, inner.start, before);
            }
        }
        for (id, cell) in &cells.cell {
            cells.versions.entry(*cell).or_default().push(*id);
        }
        cells.versions.values_mut().for_each(|versions| versions.sort());
        cells
    }
}

/// The version and those that it comes from, one after the other.
fn chain(origins: &HashMap<Id, Option<Id>>, id: Id) -> Vec<Id> {
    let mut found = vec![id];
    let mut last = id;
    while let Some(origin) = origins.get(&last).copied().flatten() {
        found.push(origin);
        last = origin;
    }
    found
}

/// True if the path leads to a part that can be saved and put back.
fn is_part(path: &[Projection]) -> bool {
    !path.is_empty()
        && path.iter().all(|projection| {
            matches!(
                projection,
                Projection::Field(_) | Projection::Index(_) | Projection::Element(_)
            )
        })
}

/// What the region's ends yield at the given position.
pub(crate) fn yielded(region: &Region, index: usize, found: &mut Vec<Option<Id>>) {
    match &region.end {
        End::Yield(operands) => found.push(operands.get(index).and_then(Operand::whole)),
        End::Leave(_) | End::Next(_) | End::Diverge => {}
        End::Split(_, rest) => yielded(rest, index, found),
        End::Tail(branch) => branch.arms.iter().for_each(|arm| yielded(&arm.region, index, found)),
    }
}

/// What the ends of an iteration hand on at the given position.
pub(crate) fn next(region: &Region, index: usize, found: &mut Vec<Option<Id>>) {
    let arms = |branch: &Branch, found: &mut Vec<Option<Id>>| {
        branch.arms.iter().for_each(|arm| next(&arm.region, index, found));
    };
    match &region.end {
        End::Next(operands) => found.push(operands.get(index).and_then(Operand::whole)),
        End::Yield(_) | End::Leave(_) | End::Diverge => {}
        End::Split(branch, rest) => {
            arms(branch, found);
            next(rest, index, found);
        }
        End::Tail(branch) => arms(branch, found),
    }
}

/// What a region defines, at any depth.
fn within(region: &Region, found: &mut HashSet<Id>) {
    found.extend(defined(region));
    let arms = |branch: &Branch, found: &mut HashSet<Id>| {
        found.extend(&branch.results);
        for arm in &branch.arms {
            found.extend(&arm.bindings);
            within(&arm.region, found);
        }
    };
    for statement in &region.statements {
        match statement {
            Statement::Branch(branch) => arms(branch, found),
            Statement::Loop(inner) => found.extend(defined_within(inner)),
            _ => {}
        }
    }
    match &region.end {
        End::Split(branch, rest) => {
            arms(branch, found);
            within(rest, found);
        }
        End::Tail(branch) => arms(branch, found),
        _ => {}
    }
}
