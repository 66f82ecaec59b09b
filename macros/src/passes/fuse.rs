//! Loops that go forward and back in one pass, and iterations that have nothing to do with each other.
//!
//! The cotangent of a sum is that of each of its terms. Where a loop only adds to what it carries, and what becomes of the
//! sums behind the loop is linear in them, their cotangents are known before the loop begins, and each iteration can be gone back
//! through as soon as it has run. Nothing of it is kept.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::cells;
use super::needs::defined_within;
use super::record::{self, Reads};
use super::reverse::Aliases;
use crate::ir::adjoint::{Adjoint, Step};
use crate::ir::{
    Branch, End, Head, Id, Iterations, Let, Loop, Op, Opaque, Operand, Program, Projection, Region, Statement, Syntax,
    ValueKind, primitives,
};

/// The end of a function's body that is run in one pass: from this statement on, which is a loop. All loops in it are
/// fused.
pub(crate) fn fused_from(program: &Program, aliases: &Aliases, reads: &Reads, adjoint: &Adjoint) -> Option<usize> {
    let End::Leave(_) = &program.body.end else { return None };
    let statements = &program.body.statements;
    let is_fusable = |statement: &Statement| match statement {
        Statement::Loop(inner) => only_adds(program, aliases, reads, inner) && has_step(adjoint, inner.number),
        _ => false,
    };
    let mut first = statements.len();
    while first > 0 && (is_plain(&statements[first - 1]) || is_fusable(&statements[first - 1])) {
        first -= 1;
    }
    (first..statements.len())
        .find(|from| is_fusable(&statements[*from]) && cotangents_are_known(program, &statements[*from..], adjoint))
}

/// The loops, by their numbers, among the statements of the body from this one on.
pub(crate) fn loops_from(program: &Program, from: Option<usize>) -> HashSet<usize> {
    let statements = from.map_or(&[][..], |from| &program.body.statements[from..]);
    let numbers = statements.iter().filter_map(|statement| match statement {
        Statement::Loop(inner) => Some(inner.number),
        _ => None,
    });
    numbers.collect()
}

fn has_step(adjoint: &Adjoint, number: usize) -> bool {
    let mut steps = adjoint.steps.iter();
    steps.any(|step| matches!(step, Step::Loop(inner) if inner.number == number))
}

/// True if the statement may be run twice.
fn is_plain(statement: &Statement) -> bool {
    match statement {
        // Its own type is kept beside the one that the user wrote.
        Statement::Let(step) if step.ascription.is_some() && !matches!(step.op, Op::Opaque { .. }) => false,
        Statement::Let(step) => match &step.op {
            Op::Primitive {
                syntax: Syntax::Change { .. },
                ..
            } => false,
            Op::Primitive { .. } | Op::Copy(_) => true,
            Op::Opaque { code, writes, .. } => writes.is_empty() && is_arithmetic(&code.tokens),
            Op::Call(_)
            | Op::Construct(_)
            | Op::Update(_)
            | Op::Push { .. }
            | Op::Zero
            | Op::Tangent
            | Op::CallTangent(_) => false,
        },
        Statement::Bind(_) | Statement::Verbatim(_) | Statement::Branch(_) | Statement::Loop(_) => false,
    }
}

/// True for numbers, variables, operators and lengths.
fn is_arithmetic(tokens: &TokenStream) -> bool {
    let mut before = None;
    tokens.clone().into_iter().all(|token| {
        let fine = match &token {
            TokenTree::Literal(_) => true,
            TokenTree::Ident(_) => true,
            TokenTree::Punct(punct) => "+-*/.:".contains(punct.as_char()),
            TokenTree::Group(group) => {
                let is_call = matches!(&before, Some(TokenTree::Ident(name)) if name != "len" && name != "as");
                match group.delimiter() {
                    Delimiter::Parenthesis => !is_call && is_arithmetic(&group.stream()),
                    Delimiter::None => is_arithmetic(&group.stream()),
                    Delimiter::Brace | Delimiter::Bracket => false,
                }
            }
        };
        before = Some(token);
        fine
    })
}

/// True if the way back through these statements reads nothing that their loops compute.
fn cotangents_are_known(program: &Program, statements: &[Statement], adjoint: &Adjoint) -> bool {
    let mut here = HashSet::new();
    // What depends on a loop.
    let mut late = HashSet::new();
    for statement in statements {
        match statement {
            Statement::Let(step) => {
                here.insert(step.value);
                if let Op::Opaque { code, .. } = &step.op
                    && code.mentions.iter().any(|(_, id)| late.contains(id))
                {
                    return false;
                }
                let is_late = |operand: &Operand| is_in(program, operand, &late);
                if step.operands.iter().any(is_late) {
                    late.insert(step.value);
                }
            }
            Statement::Loop(inner) => {
                let mut mentioned = mentions(program, inner);
                mentioned.retain(|id| here.contains(id));
                if mentioned
                    .iter()
                    .any(|id| late.contains(id) || program.value(*id).active)
                {
                    return false;
                }
                late.extend(inner.carried.iter().map(|carried| carried.after));
                here.extend(inner.carried.iter().map(|carried| carried.after));
            }
            _ => return false,
        }
    }
    adjoint.steps.iter().all(|step| match step {
        Step::Rule(rule) if here.contains(&rule.result) => {
            let reads_late = |operand: &Operand| is_in(program, operand, &late);
            let result = rule.reads_result && late.contains(&rule.result);
            let mut operands = rule.operands.iter();
            let read = operands.any(|operand| (operand.reads || rule.own) && reads_late(&operand.operand));
            !result && !read
        }
        _ => true,
    })
}

fn is_in(program: &Program, operand: &Operand, ids: &HashSet<Id>) -> bool {
    operand
        .place()
        .is_some_and(|place| ids.contains(&place.root) || ids.contains(&program.underlying(place).root))
}

// ----- sums

/// True if the loop needs nothing that is differentiated from one iteration to the next, and what it carries of that is added to,
/// no more.
fn only_adds(program: &Program, aliases: &Aliases, reads: &Reads, inner: &Loop) -> bool {
    let active: Vec<_> = inner
        .carried
        .iter()
        .filter(|carried| program.value(carried.end).active)
        .collect();
    // What changes from one iteration to the next without being differentiated is at hand.
    let is_at_hand = |start: Id, end: Id| !program.value(end).active && !aliases.cells.contains(start);
    let carried = inner.carried.iter();
    let mut restored = carried.filter(|carried| reads.is_restored(aliases, inner, carried));
    !active.is_empty()
        && restored.all(|carried| is_at_hand(carried.start, carried.end))
        && !active.iter().any(|carried| aliases.cells.contains(carried.start))
        && active
            .iter()
            .all(|carried| is_sum(program, inner, carried.start, carried.end))
}

/// True if the value `end` is the value `start` and terms that are added to it, and nothing else comes of it.
fn is_sum(program: &Program, inner: &Loop, start: Id, end: Id) -> bool {
    let mut sums = Sums {
        program,
        found: HashSet::from([start]),
    };
    loop {
        let before = sums.found.len();
        sums.body(inner);
        if sums.found.len() == before {
            return sums.found.contains(&end) && sums.is_only_added_to(&inner.body, &[], &ends(inner));
        }
    }
}

/// What the carried variables of a loop hold when an iteration ends.
fn ends(inner: &Loop) -> Vec<Id> {
    inner.carried.iter().map(|carried| carried.end).collect()
}

/// The values that are one value with terms added to it.
struct Sums<'p> {
    program: &'p Program,
    found: HashSet<Id>,
}

impl Sums<'_> {
    fn is_sum(&self, operand: &Operand) -> bool {
        operand.whole().is_some_and(|id| self.found.contains(&id))
    }

    /// True if the operand is the sum or a part of it.
    fn mentions(&self, operand: &Operand) -> bool {
        is_in(self.program, operand, &self.found)
            || operand.place().is_some_and(|place| self.in_indices(&place.projections))
    }

    fn in_indices(&self, path: &[Projection]) -> bool {
        path.iter()
            .any(|projection| matches!(projection, Projection::Index(index) if self.mentions(index)))
    }

    fn is_mentioned(&self, code: &Opaque) -> bool {
        let mut mentions = code.mentions.iter();
        mentions.any(|(_, id)| {
            self.found.contains(id)
                || matches!(&self.program.value(*id).kind, ValueKind::View { place, .. } if self.found.contains(&place.root))
        })
    }

    /// True if the operation adds something to the sum.
    fn adds(&self, step: &Let) -> bool {
        match (&step.op, &step.operands[..]) {
            (Op::Primitive { name, .. }, [left, right]) if name == "add" => {
                (self.is_sum(left) && !self.mentions(right)) || (self.is_sum(right) && !self.mentions(left))
            }
            (Op::Primitive { name, .. }, [left, right]) if name == "sub" => self.is_sum(left) && !self.mentions(right),
            (Op::Copy(Syntax::Plain), [operand]) => self.is_sum(operand),
            _ => false,
        }
    }

    // ----- finding them

    fn body(&mut self, inner: &Loop) {
        self.region(&inner.body);
        for (index, carried) in inner.carried.iter().enumerate() {
            let mut handed_on = Vec::new();
            cells::next(&inner.body, index, &mut handed_on);
            if self.all(&handed_on) {
                self.found.insert(carried.end);
            }
        }
    }

    fn all(&self, ids: &[Option<Id>]) -> bool {
        !ids.is_empty() && ids.iter().all(|id| id.is_some_and(|id| self.found.contains(&id)))
    }

    fn region(&mut self, region: &Region) {
        for statement in &region.statements {
            match statement {
                Statement::Let(step) if self.adds(step) => {
                    self.found.insert(step.value);
                }
                Statement::Branch(branch) => self.branch(branch),
                Statement::Loop(inner) => {
                    for carried in &inner.carried {
                        if self.is_sum(&carried.before) {
                            self.found.insert(carried.start);
                        }
                    }
                    self.body(inner);
                    for carried in &inner.carried {
                        if self.is_sum(&carried.before) && self.found.contains(&carried.end) {
                            self.found.insert(carried.after);
                        }
                    }
                }
                _ => {}
            }
        }
        match &region.end {
            End::Split(branch, rest) => {
                self.branch(branch);
                self.region(rest);
            }
            End::Tail(branch) => self.branch(branch),
            _ => {}
        }
    }

    fn branch(&mut self, branch: &Branch) {
        for arm in &branch.arms {
            self.region(&arm.region);
        }
        for (index, result) in branch.results.iter().enumerate() {
            let mut yields = Vec::new();
            for arm in &branch.arms {
                cells::yielded(&arm.region, index, &mut yields);
            }
            if self.all(&yields) {
                self.found.insert(*result);
            }
        }
    }

    // ----- whether something else comes of them

    /// True if whatever mentions a sum gives a sum.
    fn is_only_added_to(&self, region: &Region, results: &[Id], ends: &[Id]) -> bool {
        let statements = region.statements.iter().all(|statement| match statement {
            Statement::Let(step) => self.is_fine(step),
            Statement::Bind(bind) => !self.mentions(&bind.source),
            Statement::Verbatim(verbatim) => {
                !self.is_mentioned(&verbatim.code)
                    && !verbatim.writes.iter().any(|write| self.found.contains(&write.before))
            }
            Statement::Branch(branch) => self.is_fine_in_branch(branch, &branch.results, ends),
            Statement::Loop(inner) => self.is_fine_in_loop(inner),
        });
        statements
            && match &region.end {
                End::Yield(operands) => self.arrive(operands, results),
                End::Next(operands) => self.arrive(operands, ends),
                End::Leave(_) => false,
                End::Diverge => true,
                End::Split(branch, rest) => {
                    self.is_fine_in_branch(branch, &branch.results, ends) && self.is_only_added_to(rest, results, ends)
                }
                End::Tail(branch) => self.is_fine_in_branch(branch, results, ends),
            }
    }

    fn is_fine(&self, step: &Let) -> bool {
        if self.found.contains(&step.value) {
            return self.adds(step);
        }
        let in_code = match &step.op {
            Op::Opaque { code, writes, .. } => {
                self.is_mentioned(code) || writes.iter().any(|write| self.found.contains(&write.before))
            }
            Op::Update(path) => self.in_indices(path),
            _ => false,
        };
        !in_code && !step.operands.iter().any(|operand| self.mentions(operand))
    }

    /// A sum arrives where a sum is expected, and nowhere else.
    fn arrive(&self, operands: &[Operand], at: &[Id]) -> bool {
        operands.iter().enumerate().all(|(index, operand)| match at.get(index) {
            Some(id) if self.found.contains(id) => self.is_sum(operand),
            _ => !self.mentions(operand),
        })
    }

    fn is_fine_in_branch(&self, branch: &Branch, results: &[Id], ends: &[Id]) -> bool {
        let head = match &branch.head {
            Head::If(condition) => !self.is_mentioned(condition),
            Head::Match(scrutinee) => !self.mentions(scrutinee),
            Head::MatchTuple(parts) => !parts.iter().any(|part| self.mentions(part)),
        };
        head && branch.arms.iter().all(|arm| {
            !arm.guard.iter().any(|guard| self.is_mentioned(guard)) && self.is_only_added_to(&arm.region, results, ends)
        })
    }

    fn is_fine_in_loop(&self, inner: &Loop) -> bool {
        let items = match &inner.iterations {
            Iterations::Each { items, .. } => !self.is_mentioned(items),
            Iterations::Forever => true,
        };
        items
            && inner
                .carried
                .iter()
                .all(|carried| match self.found.contains(&carried.start) {
                    true => self.found.contains(&carried.end),
                    false => !self.mentions(&carried.before),
                })
            && self.is_only_added_to(&inner.body, &[], &ends(inner))
    }
}

// ----- iterations that have nothing to do with each other

/// The loops, by their numbers, for which that holds, of those that are inside no other loop.
pub(crate) fn independent(program: &Program, aliases: &Aliases, reads: &Reads, adjoint: &Adjoint) -> HashSet<usize> {
    let mut loops = Vec::new();
    record::loops_of(&program.body, adjoint, &mut loops);
    let inside: HashSet<_> = loops.iter().flat_map(|inner| numbers_inside(&inner.body)).collect();
    loops.retain(|inner| !inside.contains(&inner.number) && is_independent(program, aliases, reads, inner));
    loops.iter().map(|inner| inner.number).collect()
}

/// The loops, by their numbers, whose bodies evaluate functions that take long; and whether they are inside other loops.
pub(crate) fn expensive(program: &Program, adjoint: &Adjoint) -> HashMap<usize, bool> {
    let mut loops = Vec::new();
    record::loops_of(&program.body, adjoint, &mut loops);
    let inside: HashSet<_> = loops.iter().flat_map(|inner| numbers_inside(&inner.body)).collect();
    let takes_long = |inner: &Loop| {
        let mut found = false;
        each_own_operation(&inner.body, &mut |step: &Let| {
            found |= program.value(step.value).active
                && match &step.op {
                    Op::Primitive { name, .. } => primitives::takes_long(name),
                    Op::Call(_) | Op::CallTangent(_) => true,
                    _ => false,
                };
        });
        found
    };
    loops
        .iter()
        .filter(|inner| takes_long(inner))
        .map(|inner| (inner.number, inside.contains(&inner.number)))
        .collect()
}

/// True if there is a loop in the region, at any depth.
pub(crate) fn has_loops(region: &Region) -> bool {
    !numbers_inside(region).is_empty()
}

/// Calls a function with each operation of a region, at any depth.
pub(crate) fn each_operation(region: &Region, found: &mut impl FnMut(&Let)) {
    operations(region, true, found);
}

/// Calls a function with each operation of a region that is not inside a loop.
fn each_own_operation(region: &Region, found: &mut impl FnMut(&Let)) {
    operations(region, false, found);
}

fn operations(region: &Region, loops: bool, found: &mut dyn FnMut(&Let)) {
    for statement in &region.statements {
        match statement {
            Statement::Let(step) => found(step),
            Statement::Branch(branch) => branch.arms.iter().for_each(|arm| operations(&arm.region, loops, found)),
            Statement::Loop(inner) if loops => operations(&inner.body, loops, found),
            _ => {}
        }
    }
    match &region.end {
        End::Split(branch, rest) => {
            branch.arms.iter().for_each(|arm| operations(&arm.region, loops, found));
            operations(rest, loops, found);
        }
        End::Tail(branch) => branch.arms.iter().for_each(|arm| operations(&arm.region, loops, found)),
        _ => {}
    }
}

/// The loops, by their numbers, that are inside others.
pub(crate) fn nested(program: &Program) -> HashSet<usize> {
    let mut found = HashSet::new();
    nested_in(&program.body, &mut found);
    found
}

fn nested_in(region: &Region, found: &mut HashSet<usize>) {
    let arms = |branch: &Branch, found: &mut HashSet<usize>| {
        branch.arms.iter().for_each(|arm| nested_in(&arm.region, found));
    };
    for statement in &region.statements {
        match statement {
            Statement::Branch(branch) => arms(branch, found),
            Statement::Loop(inner) => found.extend(numbers_inside(&inner.body)),
            _ => {}
        }
    }
    match &region.end {
        End::Split(branch, rest) => {
            arms(branch, found);
            nested_in(rest, found);
        }
        End::Tail(branch) => arms(branch, found),
        _ => {}
    }
}

/// The loops inside a region.
fn numbers_inside(region: &Region) -> HashSet<usize> {
    let mut found = HashSet::new();
    let arms = |branch: &Branch, found: &mut HashSet<usize>| {
        branch
            .arms
            .iter()
            .for_each(|arm| found.extend(numbers_inside(&arm.region)));
    };
    for statement in &region.statements {
        match statement {
            Statement::Branch(branch) => arms(branch, &mut found),
            Statement::Loop(inner) => {
                found.insert(inner.number);
                found.extend(numbers_inside(&inner.body));
            }
            _ => {}
        }
    }
    match &region.end {
        End::Split(branch, rest) => {
            arms(branch, &mut found);
            found.extend(numbers_inside(rest));
        }
        End::Tail(branch) => arms(branch, &mut found),
        _ => {}
    }
    found
}

/// True if iterations read and write elements of their own only, of what the loop carries and restores: each element is, when its
/// iteration begins, as it was when the loop began.
fn is_independent(program: &Program, aliases: &Aliases, reads: &Reads, inner: &Loop) -> bool {
    let Iterations::Each {
        items,
        pattern,
        bindings,
    } = &inner.iterations
    else {
        return false;
    };
    let [binding] = bindings[..] else { return false };
    if !is_range(&items.tokens) || program.value(binding).name != pattern.to_string() {
        return false;
    }
    let restored = inner
        .carried
        .iter()
        .filter(|carried| reads.is_restored(aliases, inner, carried));
    let mut cells = HashSet::new();
    for carried in restored {
        if !aliases.cells.contains(carried.start) {
            return false;
        }
        cells.extend(aliases.cells.versions(carried.start));
    }
    let elements = Elements {
        program,
        cells,
        binding,
    };
    !elements.cells.is_empty() && elements.region(&inner.body)
}

/// True for a range, which has no value twice.
fn is_range(tokens: &TokenStream) -> bool {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let dots = |pair: &[TokenTree]| matches!(pair, [TokenTree::Punct(a), TokenTree::Punct(b)] if a.as_char() == '.' && b.as_char() == '.');
    if trees.windows(2).any(dots) {
        return true;
    }
    match &trees[..] {
        [
            TokenTree::Group(range),
            TokenTree::Punct(_),
            TokenTree::Ident(method),
            TokenTree::Group(_),
        ] => is_range(&range.stream()) && (method == "rev" || method == "step_by"),
        [TokenTree::Group(range)] => is_range(&range.stream()),
        _ => false,
    }
}

/// Accesses of cells by way of the element that has the number of the iteration.
struct Elements<'p> {
    program: &'p Program,
    cells: HashSet<Id>,
    binding: Id,
}

impl Elements<'_> {
    fn region(&self, region: &Region) -> bool {
        let statements = region.statements.iter().all(|statement| match statement {
            Statement::Let(step) => self.operation(step),
            Statement::Bind(bind) => self.operand(&bind.source),
            Statement::Verbatim(verbatim) => self.opaque(&verbatim.code),
            Statement::Branch(branch) => self.branch(branch),
            Statement::Loop(inner) => {
                let items = match &inner.iterations {
                    Iterations::Each { items, .. } => self.opaque(items),
                    Iterations::Forever => true,
                };
                items && inner.carried.iter().all(|carried| self.handed_on(&carried.before)) && self.region(&inner.body)
            }
        });
        statements
            && match &region.end {
                End::Yield(operands) | End::Next(operands) => operands.iter().all(|operand| self.handed_on(operand)),
                End::Leave(_) => false,
                End::Diverge => true,
                End::Split(branch, rest) => self.branch(branch) && self.region(rest),
                End::Tail(branch) => self.branch(branch),
            }
    }

    fn operation(&self, step: &Let) -> bool {
        match &step.op {
            Op::Update(path) => match &step.operands[..] {
                [before, value] => {
                    let is_cell = before.whole().is_some_and(|id| self.cells.contains(&id));
                    (!is_cell || (self.cells.contains(&step.value) && self.is_own(path)))
                        && (is_cell || self.operand(before))
                        && self.operand(value)
                }
                _ => false,
            },
            Op::Opaque { code, .. } => self.opaque(code),
            _ => step.operands.iter().all(|operand| self.operand(operand)),
        }
    }

    fn branch(&self, branch: &Branch) -> bool {
        let head = match &branch.head {
            Head::If(condition) => self.opaque(condition),
            Head::Match(scrutinee) => self.operand(scrutinee),
            Head::MatchTuple(parts) => parts.iter().all(|part| self.operand(part)),
        };
        head && branch
            .arms
            .iter()
            .all(|arm| arm.guard.iter().all(|guard| self.opaque(guard)) && self.region(&arm.region))
    }

    /// A version of the cell that is handed on is no access.
    fn handed_on(&self, operand: &Operand) -> bool {
        operand.whole().is_some_and(|id| self.cells.contains(&id)) || self.operand(operand)
    }

    fn operand(&self, operand: &Operand) -> bool {
        let Some(place) = operand.place() else { return true };
        let place = self.program.underlying(place);
        !self.cells.contains(&place.root) || self.is_own(&place.projections)
    }

    fn is_own(&self, path: &[Projection]) -> bool {
        matches!(path.first(), Some(Projection::Index(index)) if index.whole() == Some(self.binding))
    }

    fn opaque(&self, code: &Opaque) -> bool {
        let mut mentions = code.mentions.iter();
        mentions.all(|(_, id)| match &self.program.value(*id).kind {
            ValueKind::View { place, .. } => !self.cells.contains(&place.root) || self.is_own(&place.projections),
            _ => !self.cells.contains(id),
        })
    }
}

/// What a loop mentions.
fn mentions(program: &Program, inner: &Loop) -> HashSet<Id> {
    let inside = defined_within(inner);
    let mut found = cells::mentions(program, inner);
    found.retain(|id| !inside.contains(id));
    found
}
