//! The verifier: what must hold of a program between passes. It runs in tests and in debug builds of the compiler.

use std::collections::HashSet;

use super::{
    Branch, End, Head, Id, Iterations, Loop, Op, Operand, OperandKind, Place, Program, Projection, Region, Statement,
    ValueKind,
};

/// Checks that every value is defined once, before it is used, in a region that encloses the use; that branches yield as
/// many values as they have results; and that no view stands behind another.
pub(crate) fn verify(program: &Program) -> Result<(), String> {
    let mut verifier = Verifier {
        program,
        defined: program.parameters.iter().copied().collect(),
        ends: Vec::new(),
    };
    verifier.region(&program.body, None)
}

struct Verifier<'p> {
    program: &'p Program,
    defined: HashSet<Id>,
    /// How many values the iterations of the loops around hand on.
    ends: Vec<usize>,
}

impl Verifier<'_> {
    fn region(&mut self, region: &Region, results: Option<usize>) -> Result<(), String> {
        let outer = self.defined.clone();
        for statement in &region.statements {
            self.statement(statement)?;
        }
        match &region.end {
            End::Yield(operands) => {
                if results != Some(operands.len()) {
                    return Err(format!("{} values yielded for {results:?} results", operands.len()));
                }
                operands.iter().try_for_each(|operand| self.operand(operand))?;
            }
            End::Leave(operand) => self.operand(operand)?,
            End::Next(operands) => {
                if self.ends.last() != Some(&operands.len()) {
                    return Err(format!("{} values carried for {:?}", operands.len(), self.ends.last()));
                }
                operands.iter().try_for_each(|operand| self.operand(operand))?;
            }
            End::Diverge => {}
            End::Split(branch, rest) => {
                self.branch(branch, Some(branch.results.len()))?;
                self.region(rest, results)?;
            }
            End::Tail(branch) => {
                if !branch.results.is_empty() {
                    return Err("a branch at the end of a region has results".to_owned());
                }
                self.branch(branch, results)?;
            }
        }
        self.defined = outer;
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), String> {
        match statement {
            Statement::Let(step) => {
                step.operands.iter().try_for_each(|operand| self.operand(operand))?;
                if let Op::Update(path) = &step.op {
                    self.path(path)?;
                }
                if let Op::Opaque { code, writes, .. } = &step.op {
                    code.mentions.iter().try_for_each(|(_, id)| self.used(*id))?;
                    writes.iter().try_for_each(|write| {
                        self.used(write.before)?;
                        self.define(write.after)
                    })?;
                }
                self.define(step.value)
            }
            Statement::Bind(bind) => {
                self.operand(&bind.source)?;
                bind.bindings.iter().try_for_each(|id| self.define(*id))
            }
            Statement::Verbatim(verbatim) => {
                verbatim.code.mentions.iter().try_for_each(|(_, id)| self.used(*id))?;
                verbatim.writes.iter().try_for_each(|write| {
                    self.used(write.before)?;
                    self.define(write.after)
                })?;
                verbatim.defines.iter().try_for_each(|id| self.define(*id))
            }
            Statement::Branch(branch) => self.branch(branch, Some(branch.results.len())),
            Statement::Loop(inner) => self.iteration(inner),
        }
    }

    fn iteration(&mut self, inner: &Loop) -> Result<(), String> {
        inner
            .carried
            .iter()
            .try_for_each(|carried| self.operand(&carried.before))?;
        let outer = self.defined.clone();
        inner
            .carried
            .iter()
            .try_for_each(|carried| self.define(carried.start))?;
        if let Iterations::Each { items, bindings, .. } = &inner.iterations {
            items.mentions.iter().try_for_each(|(_, id)| self.used(*id))?;
            bindings.iter().try_for_each(|id| self.define(*id))?;
        }
        self.ends.push(inner.carried.len() + usize::from(inner.exit.is_some()));
        self.region(&inner.body, None)?;
        self.ends.pop();
        self.defined = outer;
        inner.carried.iter().try_for_each(|carried| self.define(carried.after))
    }

    fn branch(&mut self, branch: &Branch, results: Option<usize>) -> Result<(), String> {
        match &branch.head {
            Head::If(condition) => condition.mentions.iter().try_for_each(|(_, id)| self.used(*id))?,
            Head::Match(scrutinee) => self.operand(scrutinee)?,
            Head::MatchTuple(parts) => parts.iter().try_for_each(|part| self.operand(part))?,
        }
        for arm in &branch.arms {
            let outer = self.defined.clone();
            arm.bindings.iter().try_for_each(|id| self.define(*id))?;
            if let Some(guard) = &arm.guard {
                guard.mentions.iter().try_for_each(|(_, id)| self.used(*id))?;
            }
            self.region(&arm.region, results)?;
            self.defined = outer;
        }
        branch.results.iter().try_for_each(|id| self.define(*id))
    }

    fn operand(&self, operand: &Operand) -> Result<(), String> {
        operand.place().map_or(Ok(()), |place| self.place(place))
    }

    fn place(&self, place: &Place) -> Result<(), String> {
        self.used(place.root)?;
        self.path(&place.projections)
    }

    fn path(&self, projections: &[Projection]) -> Result<(), String> {
        for projection in projections {
            for index in projection.operands() {
                self.operand(index)?;
                if matches!(index.kind, OperandKind::Unit) {
                    return Err("an index without a value".to_owned());
                }
            }
        }
        Ok(())
    }

    fn used(&self, id: Id) -> Result<(), String> {
        if !self.defined.contains(&id) {
            return Err(format!(
                "`{}` is used before it is defined",
                self.program.value(id).name
            ));
        }
        Ok(())
    }

    fn define(&mut self, id: Id) -> Result<(), String> {
        if let ValueKind::View { place, .. } = &self.program.value(id).kind {
            self.place(place)?;
            if matches!(self.program.value(place.root).kind, ValueKind::View { .. }) {
                return Err(format!("`{}` is a view of a view", self.program.value(id).name));
            }
        }
        if !self.defined.insert(id) {
            return Err(format!("`{}` is defined twice", self.program.value(id).name));
        }
        Ok(())
    }
}
