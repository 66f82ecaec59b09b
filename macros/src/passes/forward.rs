//! The forward transform: from a program to the program that also computes its tangent.
//!
//! Every active value `x` gets a tangent `x_dot`. A primitive stays as it is and is followed by one of its own that pushes the
//! tangents of its operands forward; values that are put together, copied, written to, chosen by branches and carried through
//! loops are doubled. The result is a program like any other: run forward, it gives the derivative along a direction; its
//! reverse sweep gives the Hessian times that direction.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{Ident, Span};
use quote::{format_ident, quote};

use crate::ir::{
    Bind, Branch, Callee, Carried, Construct, End, Id, Let, Loop, Op, Operand, OperandKind, Place, Program, Projection,
    Region, Statement, Syntax, Value, ValueKind, View, is_payload,
};

/// The program of the value and its tangent; or what it cannot be made for, and why.
// Input:  y = mul(x, 2.0); leave y
// Output: c = copy 2.0; y = mul(x, c); y_dot = push mul(y, x, c, x_dot); pair = tuple(y, y_dot); leave pair
pub(crate) fn forward(program: &Program) -> Result<Program, String> {
    let mut transform = Forward {
        program,
        values: program.values.clone(),
        tangents: BTreeSet::new(),
        pairs: BTreeSet::new(),
        returned: BTreeSet::new(),
        own: program.own.clone(),
        dots: HashMap::new(),
        bound: HashMap::new(),
        statements: Vec::new(),
    };
    let mut parameters = program.parameters.clone();
    for id in &program.parameters {
        parameters.push(transform.parameter(*id));
    }
    let body = transform.region(&program.body, &[], &[])?;
    let old = program.value(program.result);
    let active = old.active;
    let name = transform.fresh(&old.name, "pair");
    let mut value = old.clone();
    value.name = name;
    let result = transform.add(value, active);
    let mut transformed = Program {
        values: transform.values,
        tangents: transform.tangents,
        pairs: transform.pairs,
        returned: transform.returned,
        own: transform.own,
        parameters,
        result,
        body,
        items: program.items.clone(),
    };
    flatten_views(&mut transformed);
    Ok(transformed)
}

/// Views of what has become a view are views of what that is a view of.
fn flatten_views(program: &mut Program) {
    for index in 0..program.values.len() {
        while let ValueKind::View { place, .. } = &program.values[index].kind
            && matches!(program.value(place.root).kind, ValueKind::View { .. })
        {
            let flat = program.underlying(place);
            if let ValueKind::View { place, .. } = &mut program.values[index].kind {
                *place = flat;
            }
        }
    }
}

struct Forward<'p> {
    program: &'p Program,
    values: Vec<Value>,
    /// The values that are tangents of others.
    tangents: BTreeSet<Id>,
    pairs: BTreeSet<Id>,
    returned: BTreeSet<Id>,
    /// The operations, and the tangents of such, that may be ones of the user's own types.
    own: BTreeSet<Id>,
    /// Where the tangent of each active value is.
    dots: HashMap<Id, Place>,
    /// What each view was bound to, in terms of other views.
    bound: HashMap<Id, Place>,
    /// The statements of the region being built.
    statements: Vec<Statement>,
}

impl Forward<'_> {
    // ----- values

    fn add(&mut self, value: Value, active: bool) -> Id {
        self.values.push(Value {
            varies: active,
            active,
            temporary: false,
            ascribed: false,
            ..value
        });
        Id(self.values.len() - 1)
    }

    /// A name that no other value has.
    fn fresh(&self, stem: &Ident, purpose: &str) -> Ident {
        let stem = stem.to_string();
        let stem = stem.trim_start_matches("r#").trim_start_matches('_');
        let mut name = format_ident!("__{stem}_{purpose}", span = Span::call_site());
        for number in 1.. {
            if !self.values.iter().any(|value| value.name == name) {
                break;
            }
            name = format_ident!("__{stem}_{purpose}_{number}", span = Span::call_site());
        }
        name
    }

    /// A new value that belongs to another one.
    fn beside(&mut self, id: Id, purpose: &str, active: bool, kind: ValueKind) -> Id {
        let value = self.values[id.0].clone();
        let name = self.fresh(&value.name, purpose);
        self.add(Value { name, kind, ..value }, active)
    }

    /// A new tangent of a value.
    fn tangent(&mut self, of: Id, active: bool, kind: ValueKind) -> Id {
        let id = self.beside(of, "dot", active, kind);
        self.tangents.insert(id);
        id
    }

    fn parameter(&mut self, id: Id) -> Id {
        let value = self.program.value(id);
        let (kind, active) = (value.kind.clone(), value.active);
        let dot = self.tangent(id, active, kind);
        self.dots.insert(id, Place::whole(dot));
        dot
    }

    fn is_active(&self, id: Id) -> bool {
        self.program.value(id).active
    }

    // ----- operands

    fn place(place: Place, like: &Operand) -> Operand {
        Operand {
            kind: OperandKind::Place(place),
            extent: like.extent,
        }
    }

    fn whole(&self, id: Id) -> Operand {
        Operand {
            kind: OperandKind::Place(Place::whole(id)),
            extent: self.values[id.0].extent,
        }
    }

    /// The place of an operand's tangent; `None` if it has none.
    fn dot(&self, operand: &Operand) -> Result<Option<Operand>, String> {
        let Some(place) = operand.place().filter(|_| self.program.is_active(operand)) else {
            return Ok(None);
        };
        Ok(Some(Self::place(self.dot_place(place)?, operand)))
    }

    /// The place of a place's tangent, by way of the nearest view that has one.
    fn dot_place(&self, place: &Place) -> Result<Place, String> {
        let mut dot = match (self.dots.get(&place.root), self.bound.get(&place.root)) {
            (Some(dot), _) => dot.clone(),
            (None, Some(source)) => self.dot_place(source)?,
            (None, None) => {
                let place = self.program.underlying(place);
                let Some(root) = self.dots.get(&place.root) else {
                    return Err(format!("the tangent of `{}`", self.program.value(place.root).name));
                };
                let mut dot = root.clone();
                dot.projections.extend(without_dereferences(&place.projections));
                return Ok(dot);
            }
        };
        dot.projections.extend(without_dereferences(&place.projections));
        Ok(dot)
    }

    /// The operand's tangent as a value to be moved; `None` if it has none.
    fn owned_dot(&mut self, operand: &Operand) -> Result<Option<Operand>, String> {
        let Some(dot) = self.dot(operand)? else { return Ok(None) };
        let fields = |place: &Place| {
            let mut projections = place.projections.iter();
            projections.any(|projection| matches!(projection, Projection::Field(_) | Projection::Part(_)))
        };
        let Some(place) = operand.place() else { return Ok(None) };
        if !fields(&self.program.underlying(place)) {
            return Ok(Some(dot));
        }
        // A field may be one that has no tangent, which the types decide.
        let of = self.program.underlying(place).root;
        let value = Operand {
            kind: OperandKind::Place(place.clone()),
            extent: operand.extent,
        };
        let id = self.tangent(of, true, ValueKind::Result);
        self.push(id, Op::Tangent, vec![value, dot]);
        Ok(Some(self.whole(id)))
    }

    fn push(&mut self, value: Id, op: Op, operands: Vec<Operand>) {
        self.statements.push(Statement::Let(Let {
            value,
            op,
            operands,
            ascription: None,
        }));
    }

    /// The tangent of something that does not vary, made from its value.
    fn zero(&mut self, of: Id, operand: Operand) -> Operand {
        let id = self.tangent(of, false, ValueKind::Result);
        self.push(id, Op::Zero, vec![operand]);
        self.whole(id)
    }

    /// A variable for an operand that does not vary, so that its tangent has the type that the operand gets where it is used.
    fn named(&mut self, of: Id, operand: &Operand) -> Operand {
        if operand.whole().is_some() {
            return operand.clone();
        }
        let id = self.beside(of, "constant", false, ValueKind::Result);
        self.push(id, Op::Copy(Syntax::Plain), vec![operand.clone()]);
        let mut whole = self.whole(id);
        whole.extent = operand.extent;
        whole
    }

    /// An operand that is handed on to a value, and its tangent.
    fn handed_on(&mut self, to: Id, operand: &Operand) -> Result<(Operand, Operand), String> {
        if let Some(dot) = self.owned_dot(operand)? {
            return Ok((operand.clone(), dot));
        }
        let operand = self.named(to, operand);
        let zero = self.zero(to, operand.clone());
        Ok((operand, zero))
    }

    /// Operands that are handed on: themselves, and behind them the tangents of those that arrive at active values.
    fn all_handed_on(&mut self, to: &[Id], operands: &[Operand]) -> Result<(Vec<Operand>, Vec<Operand>), String> {
        let (mut values, mut dots) = (Vec::new(), Vec::new());
        for (index, operand) in operands.iter().enumerate() {
            match to.get(index) {
                Some(id) if self.is_active(*id) => {
                    let (value, dot) = self.handed_on(*id, operand)?;
                    values.push(value);
                    dots.push(dot);
                }
                _ => values.push(operand.clone()),
            }
        }
        Ok((values, dots))
    }

    // ----- regions

    /// A region whose end yields for `results`, inside an iteration that hands on `ends`.
    fn region(&mut self, region: &Region, results: &[Id], ends: &[Id]) -> Result<Region, String> {
        let outer = std::mem::take(&mut self.statements);
        for statement in &region.statements {
            self.statement(statement, ends)?;
        }
        let end = match &region.end {
            End::Yield(operands) => {
                let (mut values, dots) = self.all_handed_on(results, operands)?;
                values.extend(dots);
                End::Yield(values)
            }
            End::Next(operands) => {
                let (mut values, dots) = self.all_handed_on(ends, operands)?;
                let flag = values.split_off(ends.len().min(values.len()));
                values.extend(dots);
                values.extend(flag);
                End::Next(values)
            }
            End::Leave(operand) => {
                let result = self.program.result;
                let (value, dot) = self.handed_on(result, operand)?;
                self.returned.extend(operand.whole().or(value.whole()));
                let active = self.program.is_active(operand);
                let pair = self.beside(result, "pair", active, ValueKind::Result);
                self.push(pair, Op::Construct(Construct::Tuple), vec![value, dot]);
                End::Leave(self.whole(pair))
            }
            End::Diverge => End::Diverge,
            End::Split(branch, rest) => {
                let branch = self.branch(branch, &branch.results, ends)?;
                End::Split(Box::new(branch), Box::new(self.region(rest, results, ends)?))
            }
            End::Tail(branch) => End::Tail(Box::new(self.branch(branch, results, ends)?)),
        };
        let statements = std::mem::replace(&mut self.statements, outer);
        Ok(Region { statements, end })
    }

    fn branch(&mut self, branch: &Branch, results: &[Id], ends: &[Id]) -> Result<Branch, String> {
        let mut doubled = branch.clone();
        for arm in &mut doubled.arms {
            arm.region = self.region(&arm.region, results, ends)?;
        }
        for id in &branch.results {
            if self.is_active(*id) {
                let dot = self.tangent(*id, true, ValueKind::Joined);
                self.dots.insert(*id, Place::whole(dot));
                doubled.results.push(dot);
            }
        }
        Ok(doubled)
    }

    fn iteration(&mut self, inner: &Loop) -> Result<Loop, String> {
        let mut carried = Vec::new();
        let mut dots = Vec::new();
        for variable in &inner.carried {
            let mut variable = variable.clone();
            if self.is_active(variable.end) {
                let (before, before_dot) = self.handed_on(variable.start, &variable.before)?;
                variable.before = before;
                let [start, end, after] = [variable.start, variable.end, variable.after].map(|id| {
                    let kind = self.program.value(id).kind.clone();
                    let dot = self.tangent(id, true, kind);
                    self.dots.insert(id, Place::whole(dot));
                    dot
                });
                dots.push(Carried {
                    before: before_dot,
                    start,
                    end,
                    after,
                });
            }
            carried.push(variable);
        }
        let ends: Vec<_> = carried.iter().map(|variable| variable.end).collect();
        let body = self.region(&inner.body, &[], &ends)?;
        carried.extend(dots);
        Ok(Loop {
            number: inner.number,
            iterations: inner.iterations.clone(),
            carried,
            exit: inner.exit,
            body,
        })
    }

    // ----- statements

    fn statement(&mut self, statement: &Statement, ends: &[Id]) -> Result<(), String> {
        match statement {
            Statement::Let(step) if self.is_active(step.value) => self.operation(step)?,
            Statement::Bind(bind) => {
                self.statements.push(statement.clone());
                self.bind(bind)?;
            }
            Statement::Let(_) | Statement::Verbatim(_) => self.statements.push(statement.clone()),
            Statement::Branch(branch) => {
                let branch = self.branch(branch, &branch.results, ends)?;
                self.statements.push(Statement::Branch(branch));
            }
            Statement::Loop(inner) => {
                let inner = self.iteration(inner)?;
                self.statements.push(Statement::Loop(Box::new(inner)));
            }
        }
        Ok(())
    }

    /// The tangent of a part of a slice is found once, where the part is, and not again for each of its elements.
    // Original: row = &data[begin..end]
    // Tangent:  row_dot = &data_dot[begin..end]
    fn bind(&mut self, bind: &Bind) -> Result<(), String> {
        let (&[view], Some(source)) = (&bind.bindings[..], bind.source.place()) else {
            return Ok(());
        };
        let (ValueKind::View { place, .. }, true) = (&self.program.value(view).kind, self.is_active(view)) else {
            return Ok(());
        };
        let whole = self.program.underlying(source);
        let count = |place: &Place| without_dereferences(&place.projections).count();
        if count(&whole) != count(place) {
            return Ok(());
        }
        self.bound.insert(view, source.clone());
        let in_slices = |projection: &Projection| match projection {
            Projection::Index(_) | Projection::Element(_) | Projection::Slice(_) | Projection::Dereference(_) => true,
            Projection::Field(_) | Projection::Payload | Projection::Part(_) => false,
        };
        let of_reference = matches!(
            self.program.value(place.root).kind,
            ValueKind::Parameter { by_reference: true }
        );
        if !of_reference
            || !matches!(source.projections[..], [.., Projection::Slice(_)])
            || !place.projections.iter().all(in_slices)
        {
            return Ok(());
        }
        let dot = self.dot_place(source)?;
        let operand = Self::place(dot.clone(), &bind.source);
        let kind = ValueKind::View {
            place: dot,
            view: View::Named,
        };
        let id = self.tangent(view, true, kind);
        self.dots.insert(view, Place::whole(id));
        let name = &self.values[id.0].name;
        self.statements.push(Statement::Bind(Bind {
            pattern: quote!(#name),
            source: operand,
            bindings: vec![id],
            named: true,
        }));
        Ok(())
    }

    fn operation(&mut self, step: &Let) -> Result<(), String> {
        match &step.op {
            Op::Primitive { name, syntax } => self.primitive(step, name, syntax),
            Op::Call(callee) => self.call(step, callee),
            Op::Construct(construct) => self.construct(step, construct),
            Op::Copy(_) => {
                self.statements.push(Statement::Let(step.clone()));
                let Some(dot) = self.owned_dot(&step.operands[0])? else {
                    return Err("a copy of a value without a tangent".to_owned());
                };
                self.defined(step.value, Op::Copy(Syntax::Plain), vec![dot]);
                Ok(())
            }
            Op::Update(path) => self.update(step, path),
            Op::Opaque { .. } | Op::Push { .. } | Op::Zero | Op::Tangent | Op::CallTangent(_) => {
                Err("a value whose derivative is not known".to_owned())
            }
        }
    }

    /// Defines the tangent of a value by an operation.
    fn defined(&mut self, of: Id, op: Op, operands: Vec<Operand>) {
        let dot = self.tangent(of, true, ValueKind::Result);
        self.dots.insert(of, Place::whole(dot));
        self.push(dot, op, operands);
    }

    // Original: y = a op b
    // Tangent:  y_dot = push op (y, a, b, a_dot, b_dot)
    fn primitive(&mut self, step: &Let, name: &str, syntax: &Syntax) -> Result<(), String> {
        match name {
            "push" | "to_vec" => return self.vector(step),
            "__rewrapped" => return self.rewrapped(step),
            _ => {}
        }
        let mut step = step.clone();
        let mut dots = Vec::new();
        let mut active = Vec::new();
        for operand in &mut step.operands {
            let dot = self.dot(operand)?;
            active.push(dot.is_some());
            dots.extend(dot);
            if matches!(operand.kind, OperandKind::Constant(_)) {
                *operand = self.named(step.value, operand);
            }
        }
        let mut operands = vec![self.whole(step.value)];
        operands.extend(step.operands.iter().cloned());
        operands.extend(dots);
        let value = step.value;
        self.statements.push(Statement::Let(step));
        let (name, syntax) = (name.to_owned(), syntax.clone());
        self.defined(value, Op::Push { name, active, syntax }, operands);
        if self.own.contains(&value) {
            let dot = self.dots.get(&value).map(|dot| dot.root);
            self.own.extend(dot);
        }
        Ok(())
    }

    // Original: y = g(a, b)
    // Tangent:  pair = g's own program (a, b, a_dot, b_dot); y is pair.0, y_dot is pair.1
    fn call(&mut self, step: &Let, callee: &Callee) -> Result<(), String> {
        let mut operands = step.operands.clone();
        for operand in &step.operands {
            let extent = operand.extent;
            let none = Operand {
                kind: OperandKind::Unit,
                extent,
            };
            operands.push(self.dot(operand)?.unwrap_or(none));
        }
        let pair = self.beside(step.value, "pair", true, ValueKind::Result);
        self.pairs.insert(pair);
        self.push(pair, Op::CallTangent(callee.clone()), operands);
        let part = |position: usize| {
            let position = proc_macro2::Literal::usize_unsuffixed(position);
            Place {
                root: pair,
                projections: vec![Projection::Field(quote!(#position))],
            }
        };
        let extent = self.values[step.value.0].extent;
        let value = &mut self.values[step.value.0];
        let name = &value.name;
        let pattern = match &step.ascription {
            Some(ty) => quote!(#name: &#ty),
            None => quote!(#name),
        };
        value.ascribed = false;
        value.kind = ValueKind::View {
            place: part(0),
            view: View::Named,
        };
        let source = Operand {
            kind: OperandKind::Place(part(0)),
            extent,
        };
        self.statements.push(Statement::Bind(Bind {
            pattern,
            source,
            bindings: vec![step.value],
            named: true,
        }));
        self.dots.insert(step.value, part(1));
        Ok(())
    }

    // Original: y = (a, b)
    // Tangent:  y_dot = (a_dot, b_dot)
    fn construct(&mut self, step: &Let, construct: &Construct) -> Result<(), String> {
        let mut dots = Vec::new();
        for operand in &step.operands {
            dots.push(self.owned_dot(operand)?);
        }
        self.statements.push(Statement::Let(step.clone()));
        match construct {
            Construct::RepeatVec(_) => {
                // The element has a tangent, the length has none.
                let operands = step.operands.iter().zip(dots);
                let operands = operands.map(|(operand, dot)| dot.unwrap_or_else(|| operand.clone()));
                let operands = operands.collect();
                self.defined(step.value, Op::Construct(construct.clone()), operands);
            }
            Construct::Tuple | Construct::Array | Construct::Repeat(_) => {
                let operands = self.parts(step, construct, dots);
                self.defined(step.value, Op::Construct(construct.clone()), operands);
            }
            Construct::TupleStruct(path) if is_payload(path) => {
                let operands = self.parts(step, construct, dots);
                let some = Construct::TupleStruct(quote!(::core::option::Option::Some));
                self.defined(step.value, Op::Construct(some), operands);
            }
            Construct::TupleStruct(_) => self.fields(step, construct, None, &dots)?,
            Construct::Struct { rest, .. } => {
                let rest = if *rest { dots.pop().flatten() } else { None };
                self.fields(step, construct, rest, &dots)?;
            }
        }
        Ok(())
    }

    /// The tangents of all parts; of those that do not vary, zero.
    fn parts(&mut self, step: &Let, construct: &Construct, dots: Vec<Option<Operand>>) -> Vec<Operand> {
        let mut operands = Vec::new();
        for (index, (dot, part)) in dots.into_iter().zip(&step.operands).enumerate() {
            operands.push(match (dot, construct.part(index)) {
                (Some(dot), _) => dot,
                (None, Some(projection)) => {
                    let place = Place {
                        root: step.value,
                        projections: vec![projection],
                    };
                    self.zero(step.value, Self::place(place, part))
                }
                (None, None) => self.zero(step.value, part.clone()),
            });
        }
        operands
    }

    /// The tangent of a struct, whose type the macro does not know: made from the value, then written to, field by field.
    fn fields(
        &mut self,
        step: &Let,
        construct: &Construct,
        rest: Option<Operand>,
        dots: &[Option<Operand>],
    ) -> Result<(), String> {
        let is_new = rest.is_none();
        let mut current = match rest {
            Some(rest) => rest,
            None => self.zero(step.value, self.whole(step.value)),
        };
        let mut last = None;
        for (index, dot) in dots.iter().enumerate() {
            let nothing = Operand {
                kind: OperandKind::Unit,
                extent: step.operands[index].extent,
            };
            let (dot, projection) = match (dot, construct.part(index)) {
                (Some(dot), Some(projection)) => (dot.clone(), projection),
                // What the rest of another struct has there is not taken over.
                (None, Some(projection)) if !is_new => (nothing, projection),
                _ => continue,
            };
            let id = self.tangent(step.value, true, ValueKind::Result);
            self.push(id, Op::Update(vec![projection]), vec![current, dot]);
            current = self.whole(id);
            last = Some(id);
        }
        match last {
            Some(id) => {
                self.dots.insert(step.value, Place::whole(id));
            }
            None => self.defined(step.value, Op::Copy(Syntax::Plain), vec![current]),
        }
        Ok(())
    }

    // Original: y = x with y.path = v
    // Tangent:  y_dot = x_dot with y_dot.path = v_dot
    fn update(&mut self, step: &Let, path: &[Projection]) -> Result<(), String> {
        let [before, value] = &step.operands[..] else {
            return Err("a write without a value".to_owned());
        };
        let mut step = step.clone();
        let before_dot = match self.owned_dot(before)? {
            Some(dot) => dot,
            None => {
                let before = self.named(step.value, before);
                step.operands[0] = before.clone();
                self.zero(step.value, before)
            }
        };
        let value_dot = self.owned_dot(value)?;
        let (id, part) = (step.value, value.clone());
        self.statements.push(Statement::Let(step));
        let value_dot = match value_dot {
            Some(dot) => dot,
            None => {
                let place = Place {
                    root: id,
                    projections: path.to_vec(),
                };
                self.zero(id, Self::place(place, &part))
            }
        };
        let path = without_dereferences(path).collect();
        self.defined(id, Op::Update(path), vec![before_dot, value_dot]);
        Ok(())
    }

    // Original: y = x with v pushed
    // Tangent:  y_dot = x_dot with v_dot pushed
    fn vector(&mut self, step: &Let) -> Result<(), String> {
        let mut step = step.clone();
        let mut operands = Vec::new();
        for index in 0..step.operands.len() {
            let operand = step.operands[index].clone();
            // What is behind the vector and its new element says where that is.
            operands.push(match self.owned_dot(&operand)? {
                Some(dot) => dot,
                None if index < 2 => {
                    let named = self.named(step.value, &operand);
                    step.operands[index] = named.clone();
                    self.zero(step.value, named)
                }
                None => operand,
            });
        }
        let (value, op) = (step.value, step.op.clone());
        self.statements.push(Statement::Let(step));
        self.defined(value, op, operands);
        Ok(())
    }

    // Original: y = x with v inside
    // Tangent:  y_dot = zero with v_dot inside
    fn rewrapped(&mut self, step: &Let) -> Result<(), String> {
        let dot = match step.operands.last() {
            Some(value) => self.owned_dot(value)?,
            None => None,
        };
        self.statements.push(Statement::Let(step.clone()));
        let zero = self.zero(step.value, self.whole(step.value));
        match dot {
            Some(dot) => self.defined(step.value, Op::Update(vec![Projection::Payload]), vec![zero, dot]),
            None => self.defined(step.value, Op::Copy(Syntax::Plain), vec![zero]),
        }
        Ok(())
    }
}

/// The projections that lead to the same place in a tangent, which contains no references.
fn without_dereferences(path: &[Projection]) -> impl Iterator<Item = Projection> {
    let kept = |projection: &&Projection| !matches!(projection, Projection::Dereference(_));
    path.iter().filter(kept).cloned()
}
