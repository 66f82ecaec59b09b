//! The text dump of a program, for tests and for people. Active values are marked with a star.

use std::fmt::{self, Display, Formatter};

use super::{
    Arm, Bounds, Branch, Construct, End, Head, Id, Iterations, Loop, Op, Operand, OperandKind, Place, Program,
    Projection, Region, Statement, ValueKind, text,
};

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let parameters: Vec<_> = self.parameters.iter().map(|id| self.name(*id)).collect();
        writeln!(f, "parameters {}", parameters.join(", "))?;
        self.region(f, &self.body, 0)
    }
}

impl Program {
    fn name(&self, id: Id) -> String {
        let value = self.value(id);
        format!("{}{}", value.name, if value.active { "*" } else { "" })
    }

    fn names(&self, ids: &[Id]) -> String {
        ids.iter().map(|id| self.name(*id)).collect::<Vec<_>>().join(", ")
    }

    /// The place in source notation.
    pub(crate) fn place_text(&self, place: &Place) -> String {
        let mut result = self.value(place.root).name.to_string();
        for projection in &place.projections {
            result = match projection {
                Projection::Field(member) => format!("{result}.{}", text(member)),
                Projection::Element(position) => format!("{result}[{}]", text(position)),
                Projection::Index(index) => format!("{result}[{}]", self.operand_text(index)),
                Projection::Slice(bounds) => format!("{result}[{}]", self.bounds_text(bounds)),
                Projection::Dereference(_) => format!("*{result}"),
                Projection::Payload => format!("{result}.Some"),
                Projection::Part(part) => format!("{result}.{}", part.name),
            };
        }
        result
    }

    /// The ends of a slice, as text.
    pub(crate) fn bounds_text(&self, bounds: &Bounds) -> String {
        let end = |end: &Option<Operand>| end.as_ref().map(|end| self.operand_text(end)).unwrap_or_default();
        format!("{}{}{}", end(&bounds.start), text(&bounds.limits), end(&bounds.end))
    }

    /// What a branch is decided on, as text.
    pub(crate) fn scrutinee_text(&self, head: &Head) -> String {
        match head {
            Head::If(condition) => text(&condition.tokens),
            Head::Match(scrutinee) => self.operand_text(scrutinee),
            Head::MatchTuple(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.operand_text(part)).collect();
                format!("({})", parts.join(", "))
            }
        }
    }

    /// The operand in source notation.
    pub(crate) fn operand_text(&self, operand: &Operand) -> String {
        match &operand.kind {
            OperandKind::Place(place) => self.place_text(place),
            OperandKind::Borrow(ampersand, place) => format!("{}{}", text(ampersand), self.place_text(place)),
            OperandKind::Constant(tokens) => text(tokens),
            OperandKind::Unit => "()".to_owned(),
        }
    }

    fn operands(&self, operands: &[Operand]) -> String {
        operands
            .iter()
            .map(|operand| self.operand_text(operand))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn region(&self, f: &mut Formatter<'_>, region: &Region, depth: usize) -> fmt::Result {
        for statement in &region.statements {
            self.statement(f, statement, depth)?;
        }
        let indent = "  ".repeat(depth);
        match &region.end {
            End::Yield(operands) if operands.is_empty() => Ok(()),
            End::Yield(operands) => writeln!(f, "{indent}yield {}", self.operands(operands)),
            End::Leave(operand) => writeln!(f, "{indent}leave {}", self.operand_text(operand)),
            End::Next(operands) => writeln!(f, "{indent}next {}", self.operands(operands)),
            End::Diverge => writeln!(f, "{indent}diverge"),
            End::Split(branch, rest) => {
                self.branch(f, branch, depth)?;
                writeln!(f, "{indent}rest")?;
                self.region(f, rest, depth)
            }
            End::Tail(branch) => self.branch(f, branch, depth),
        }
    }

    fn statement(&self, f: &mut Formatter<'_>, statement: &Statement, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        match statement {
            Statement::Let(step) => {
                let name = self.name(step.value);
                writeln!(f, "{indent}{name} = {}", self.op(&step.op, &step.operands))
            }
            Statement::Bind(bind) => {
                let pattern = text(&bind.pattern);
                writeln!(f, "{indent}{pattern} = {}", self.operand_text(&bind.source))?;
                self.views(f, &bind.bindings, depth)
            }
            Statement::Verbatim(verbatim) => {
                writeln!(f, "{indent}verbatim {}", text(&verbatim.code.tokens))?;
                for write in &verbatim.writes {
                    let (after, before) = (self.name(write.after), self.name(write.before));
                    writeln!(f, "{indent}  {after} = {before} as written")?;
                }
                Ok(())
            }
            Statement::Branch(branch) => self.branch(f, branch, depth),
            Statement::Loop(inner) => self.iteration(f, inner, depth),
        }
    }

    fn iteration(&self, f: &mut Formatter<'_>, inner: &Loop, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        let afters: Vec<_> = inner.carried.iter().map(|carried| carried.after).collect();
        let results = match afters.as_slice() {
            [] => String::new(),
            afters => format!("{} = ", self.names(afters)),
        };
        writeln!(f, "{indent}{results}{}", self.iterations_text(&inner.iterations))?;
        for carried in &inner.carried {
            let (start, before) = (self.name(carried.start), self.operand_text(&carried.before));
            writeln!(f, "{indent}  {start} from {before}, then {}", self.name(carried.end))?;
        }
        self.region(f, &inner.body, depth + 1)
    }

    /// What a loop iterates over, as text.
    pub(crate) fn iterations_text(&self, iterations: &Iterations) -> String {
        match iterations {
            Iterations::Forever => "loop".to_owned(),
            Iterations::Each { items, pattern, .. } => format!("for {} in {}", text(pattern), text(&items.tokens)),
        }
    }

    fn views(&self, f: &mut Formatter<'_>, bindings: &[Id], depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        for id in bindings {
            if let ValueKind::View { place, .. } = &self.value(*id).kind {
                writeln!(f, "{indent}  {} is {}", self.name(*id), self.place_text(place))?;
            }
        }
        Ok(())
    }

    fn branch(&self, f: &mut Formatter<'_>, branch: &Branch, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        let results = match branch.results.as_slice() {
            [] => String::new(),
            results => format!("{} = ", self.names(results)),
        };
        let head = match &branch.head {
            Head::If(condition) => format!("if {}", text(&condition.tokens)),
            head => format!("match {}", self.scrutinee_text(head)),
        };
        writeln!(f, "{indent}{results}{head}")?;
        branch
            .arms
            .iter()
            .enumerate()
            .try_for_each(|(index, arm)| self.arm(f, branch, index, arm, depth))
    }

    fn arm(&self, f: &mut Formatter<'_>, branch: &Branch, index: usize, arm: &Arm, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        let head = match (&branch.head, index) {
            (Head::If(_), 0) => "then".to_owned(),
            (Head::If(_), _) => "else".to_owned(),
            (Head::Match(_) | Head::MatchTuple(_), _) => match &arm.guard {
                Some(guard) => format!("arm {} if {}", text(&arm.pattern), text(&guard.tokens)),
                None => format!("arm {}", text(&arm.pattern)),
            },
        };
        writeln!(f, "{indent}{head}")?;
        self.views(f, &arm.bindings, depth)?;
        self.region(f, &arm.region, depth + 1)
    }

    fn op(&self, op: &Op, operands: &[Operand]) -> String {
        let list = self.operands(operands);
        match op {
            Op::Primitive { name, .. } => format!("{name}({list})"),
            Op::Call(callee) => format!("call {}({list})", text(&callee.expression)),
            Op::Copy(_) => format!("copy {list}"),
            Op::Push { name, .. } => format!("push {name}({list})"),
            Op::Zero => format!("zero {list}"),
            Op::Tangent => format!("tangent {list}"),
            Op::CallTangent(callee) => format!("call tangent {}({list})", text(&callee.expression)),
            Op::Update(path) => {
                let part = Place {
                    root: operands.first().and_then(Operand::whole).unwrap_or(Id(0)),
                    projections: path.clone(),
                };
                let value = operands.get(1).map(|value| self.operand_text(value));
                format!("update {} = {}", self.place_text(&part), value.unwrap_or_default())
            }
            Op::Opaque { code, .. } => format!("opaque {}", text(&code.tokens)),
            Op::Construct(construct) => match construct {
                Construct::Tuple => format!("tuple({list})"),
                Construct::Array => format!("array[{list}]"),
                Construct::RepeatVec(_) => format!("vec[{list}]"),
                Construct::Repeat(length) => format!("array[{list}; {}]", text(length)),
                Construct::TupleStruct(path) => format!("{}({list})", text(path)),
                Construct::Struct { path, fields, rest } => {
                    let mut parts: Vec<_> = fields
                        .iter()
                        .zip(operands)
                        .map(|(field, operand)| format!("{}: {}", text(field), self.operand_text(operand)))
                        .collect();
                    if let (true, Some(last)) = (rest, operands.last()) {
                        parts.push(format!("..{}", self.operand_text(last)));
                    }
                    format!("{} {{ {} }}", text(path), parts.join(", "))
                }
            },
        }
    }
}
