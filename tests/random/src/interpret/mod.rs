//! The oracle: runs a program with dual numbers, one input at a time, as Rust would run it.
//!
//! Nothing here comes from `tapeless`: the derivatives are the textbook's, the conventions at kinks are written down a
//! second time, and control flow is followed by running it.

pub mod dual;
pub mod value;

use std::rc::Rc;

use dual::{Dual, Sides, constant};
pub use value::{Inputs, Value};
use value::{Reader, is_place, matches};

use crate::program::{
    Block, Closure, Comparison, End, Expr, Function, Items, Operator, Parameter, Program, Statement, Struct, Type,
};

/// The most steps that a program may take.
const STEPS: usize = 100_000;

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// The result.
    pub result: Value,
    /// The sides that branches and kinks took. Runs with the same sides are on one smooth piece.
    pub sides: Vec<i64>,
    /// The largest magnitude of any number or slope on the way; infinite if one was not finite.
    pub largest: f64,
    /// What was cut out of the derivative, in order: arguments of `stop_gradient`, and values for `#[no_diff]`.
    pub cuts: Vec<f64>,
}

/// Runs the program's main function. The derivative is along one of the scalars, if given.
///
/// With `cuts` of another run, what is cut out of the derivative keeps the values it had there.
///
/// # Errors
/// If the program does something that is no Rust, or takes too long.
pub fn run(program: &Program, inputs: &Inputs, along: Option<usize>, cuts: Option<&[f64]>) -> Result<Run, String> {
    let mut reader = Reader {
        inputs,
        reals: 0,
        integers: 0,
        along,
    };
    let main = program.main();
    let mut arguments = Vec::new();
    for parameter in &main.parameters {
        let mut value = reader.value(program, &parameter.ty);
        if !parameter.is_active() {
            value.each_real(&mut |dual| dual.slope = 0.0);
        }
        arguments.push(without_no_diff(program, &parameter.ty, value));
    }
    let mut machine = Machine {
        program,
        variables: Vec::new(),
        sides: Vec::new(),
        largest: 0.0,
        cuts: Vec::new(),
        replay: cuts,
        steps: 0,
    };
    let constants = program.constants.iter();
    machine
        .variables
        .extend(constants.map(|(name, value)| (name.clone(), Value::Real(constant(*value)))));
    let result = match machine.call(main, arguments) {
        Ok((value, _)) => value,
        Err(Leave::Wrong(message)) => return Err(message),
        Err(_) => return Err("left the function in an odd way".to_owned()),
    };
    Ok(Run {
        result,
        sides: machine.sides,
        largest: machine.largest,
        cuts: machine.cuts,
    })
}

/// The scalars of a result that have a tangent, in order.
#[must_use]
pub fn leaves(program: &Program, ty: &Type, value: &Value) -> Vec<Dual> {
    let mut found = Vec::new();
    collect(program, ty, value, &mut found);
    found
}

fn collect(program: &Program, ty: &Type, value: &Value, found: &mut Vec<Dual>) {
    match (ty, value) {
        (Type::Real, Value::Real(dual)) => found.push(*dual),
        (Type::Array(element, _), Value::Array(values)) => {
            values.iter().for_each(|value| collect(program, element, value, found));
        }
        (Type::Tuple(elements), Value::Parts(_, parts)) => elements
            .iter()
            .zip(parts)
            .for_each(|(ty, (_, part))| collect(program, ty, part, found)),
        (Type::Struct(name), Value::Parts(_, parts)) => {
            let fields = program
                .structure(name)
                .into_iter()
                .flat_map(|structure| &structure.fields);
            fields
                .zip(parts)
                .filter(|(field, _)| !field.no_diff)
                .for_each(|(field, (_, part))| collect(program, &field.ty, part, found));
        }
        _ => {}
    }
}

/// Nothing flows through `#[no_diff]` fields of an argument.
fn without_no_diff(program: &Program, ty: &Type, mut value: Value) -> Value {
    match (ty, &mut value) {
        (Type::Reference(inner) | Type::Mutable(inner), _) => return without_no_diff(program, inner, value),
        (Type::Array(element, _), Value::Array(values)) => {
            for value in values {
                *value = without_no_diff(program, element, value.clone());
            }
        }
        (Type::Tuple(elements), Value::Parts(_, parts)) => {
            for (ty, (_, part)) in elements.iter().zip(parts) {
                *part = without_no_diff(program, ty, part.clone());
            }
        }
        (Type::Struct(name), Value::Parts(_, parts)) => {
            let fields = program
                .structure(name)
                .into_iter()
                .flat_map(|structure| &structure.fields);
            for (field, (_, part)) in fields.zip(parts) {
                if field.no_diff {
                    part.each_real(&mut |dual| dual.slope = 0.0);
                } else {
                    *part = without_no_diff(program, &field.ty, part.clone());
                }
            }
        }
        _ => {}
    }
    value
}

/// Why an expression has no value.
enum Leave {
    Return(Value),
    Break(Option<String>, Value),
    Continue(Option<String>),
    Wrong(String),
}

type Outcome<T = Value> = Result<T, Leave>;

fn wrong<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Leave::Wrong(message.into()))
}

struct Machine<'p> {
    program: &'p Program,
    variables: Vec<(String, Value)>,
    sides: Sides,
    largest: f64,
    cuts: Vec<f64>,
    replay: Option<&'p [f64]>,
    steps: usize,
}

impl Machine<'_> {
    /// What the function gives, and what is behind each of its mutable references in the end.
    fn call(&mut self, function: &Function, arguments: Vec<Value>) -> Outcome<(Value, Vec<Value>)> {
        let caller = std::mem::take(&mut self.variables);
        let constants = caller.iter().take(self.program.constants.len()).cloned();
        self.variables = constants.collect();
        let mut places = Vec::new();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            let argument = if parameter.is_active() || parameter.ty.is_discrete() {
                argument
            } else {
                self.cut(argument)
            };
            if is_mutable(parameter) {
                places.push(self.variables.len());
            }
            self.bind(&parameter.pattern, &argument)?;
        }
        let outcome = self.block(&function.body);
        let callee = std::mem::replace(&mut self.variables, caller);
        let left = places.into_iter().map(|index| callee[index].1.clone()).collect();
        match outcome {
            Err(Leave::Return(value)) => Ok((value, left)),
            outcome => Ok((outcome?, left)),
        }
    }

    /// Calls a function of the program, and writes back what it changed behind mutable references.
    fn call_by_name(&mut self, name: &str, arguments: &[Expr]) -> Outcome {
        let program = self.program;
        let Some(function) = program.functions.iter().find(|function| function.name == *name) else {
            return wrong(format!("there is no function `{name}`"));
        };
        let values = self.all(arguments)?;
        let (value, left) = self.call(function, values)?;
        let parameters = function.parameters.iter().zip(arguments);
        let mutable = parameters.filter(|(parameter, _)| is_mutable(parameter));
        for ((_, argument), value) in mutable.zip(left) {
            let place = borrowed(argument);
            if is_place(place) {
                self.write(place, value)?;
            }
        }
        Ok(value)
    }

    /// `std::mem::swap`, `replace` and `take`
    fn memory(&mut self, name: &str, arguments: &[Expr]) -> Outcome {
        let values = self.all(arguments)?;
        let places: Vec<_> = arguments.iter().map(borrowed).collect();
        match (name, &values[..], &places[..]) {
            ("std::mem::swap", [left, right], [to_left, to_right]) => {
                self.write(to_left, right.clone())?;
                self.write(to_right, left.clone())?;
                Ok(Value::unit())
            }
            ("std::mem::replace", [before, after], [place, _]) => {
                self.write(place, after.clone())?;
                Ok(before.clone())
            }
            ("std::mem::take", [before], [place]) => {
                let mut empty = before.clone();
                empty.each_real(&mut |dual| *dual = constant(0.0));
                self.write(place, empty)?;
                Ok(before.clone())
            }
            _ => wrong(format!("there is no function `{name}`")),
        }
    }

    /// `place = value`; nothing flows into `#[no_diff]` fields.
    fn write(&mut self, place: &Expr, value: Value) -> Outcome<()> {
        let value = if self.is_cut_place(place)? {
            self.cut(value)
        } else {
            value
        };
        *self.place(place)? = value;
        Ok(())
    }

    fn bind(&mut self, pattern: &crate::program::Pattern, value: &Value) -> Outcome<()> {
        if matches(pattern, value, &mut self.variables) {
            Ok(())
        } else {
            wrong("a pattern of `let` does not match")
        }
    }

    /// Runs in a scope of its own.
    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let depth = self.variables.len();
        let outcome = inside(self);
        self.variables.truncate(depth);
        outcome
    }

    fn block(&mut self, block: &Block) -> Outcome {
        self.scoped(|machine| {
            for statement in &block.statements {
                machine.statement(statement)?;
            }
            match &block.value {
                Some(value) => machine.expr(value),
                None => Ok(Value::unit()),
            }
        })
    }

    fn statement(&mut self, statement: &Statement) -> Outcome<()> {
        match statement {
            Statement::Let {
                pattern,
                init,
                otherwise,
                ..
            } => {
                let value = match init {
                    Some(init) => self.expr(init)?,
                    None => Value::unit(),
                };
                let depth = self.variables.len();
                if matches(pattern, &value, &mut self.variables) {
                    self.sides.push(1);
                    return Ok(());
                }
                self.variables.truncate(depth);
                self.sides.push(0);
                match otherwise {
                    Some(otherwise) => self.block(otherwise).map(|_| ()),
                    None => wrong("a pattern of `let` does not match"),
                }
            }
            Statement::Assign { place, operator, value } => self.assign(place, *operator, value),
            Statement::Constant(name, value) => {
                self.variables.push((name.clone(), Value::Real(constant(*value))));
                Ok(())
            }
            Statement::Closure { name, closure } => {
                let value = self.closure(closure);
                self.variables.push((name.clone(), value));
                Ok(())
            }
            Statement::Expr(expr) => self.expr(expr).map(|_| ()),
            Statement::Assert(condition) => match self.boolean(condition)? {
                true => Ok(()),
                false => wrong("an assertion failed"),
            },
        }
    }

    fn closure(&self, closure: &Closure) -> Value {
        Value::Closure(Rc::new((closure.clone(), self.variables.clone())))
    }

    fn assign(&mut self, place: &Expr, operator: Option<Operator>, value: &Expr) -> Outcome<()> {
        let value = self.expr(value)?;
        if let (Expr::Tuple(places), Value::Parts(_, parts)) = (place, &value) {
            for (place, (_, part)) in places.iter().zip(parts) {
                *self.place(place)? = part.clone();
            }
            return Ok(());
        }
        let value = match operator {
            None => value,
            Some(operator) => {
                let before = self.expr(place)?;
                self.arithmetic(operator, before, value)?
            }
        };
        self.write(place, value)
    }

    /// True if the place is, or is in, a `#[no_diff]` field.
    fn is_cut_place(&mut self, place: &Expr) -> Outcome<bool> {
        match place {
            Expr::Field(base, name) => {
                if self.is_cut_place(base)? {
                    return Ok(true);
                }
                let program = self.program;
                Ok(match self.place(base)? {
                    Value::Parts(structure, _) => program
                        .structure(structure)
                        .is_some_and(|structure| is_no_diff(structure, name)),
                    _ => false,
                })
            }
            Expr::Index(base, _) | Expr::Dereference(base) => self.is_cut_place(base),
            _ => Ok(false),
        }
    }

    fn place(&mut self, place: &Expr) -> Outcome<&mut Value> {
        match place {
            Expr::Variable(name) => match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
                Some((_, value)) => Ok(value),
                None => wrong(format!("there is no variable `{name}`")),
            },
            Expr::Field(base, name) => match self.place(base)?.part(name) {
                Some(part) => Ok(part),
                None => wrong(format!("there is no field `{name}`")),
            },
            Expr::Index(base, index) => {
                let index = self.int(index)?;
                match self.place(base)? {
                    Value::Array(elements) if (0..elements.len() as i64).contains(&index) => {
                        Ok(&mut elements[index as usize])
                    }
                    _ => wrong("an index out of bounds"),
                }
            }
            Expr::Dereference(base) => self.place(base),
            _ => wrong("a write to something that is no place"),
        }
    }

    /// The value without its derivative; also what it was in the run that is compared with.
    fn cut(&mut self, mut value: Value) -> Value {
        let (cuts, replay) = (&mut self.cuts, self.replay);
        value.each_real(&mut |dual| {
            let value = replay.and_then(|replay| replay.get(cuts.len()).copied());
            *dual = constant(value.unwrap_or(dual.value));
            cuts.push(dual.value);
        });
        value
    }

    fn note(&mut self, dual: Dual) -> Outcome {
        let size = dual.value.abs().max(dual.slope.abs());
        self.largest = self.largest.max(if size.is_nan() { f64::INFINITY } else { size });
        Ok(Value::Real(dual))
    }

    fn arithmetic(&mut self, operator: Operator, left: Value, right: Value) -> Outcome {
        match (left, right) {
            (Value::Real(left), Value::Real(right)) => {
                let name = match operator {
                    Operator::Add => "add",
                    Operator::Sub => "sub",
                    Operator::Mul => "mul",
                    Operator::Div => "div",
                    Operator::Rem => "rem",
                };
                self.function(name, &[left, right])
            }
            (Value::Int(left), Value::Int(right)) => {
                let result = match operator {
                    Operator::Add => left.checked_add(right),
                    Operator::Sub => left.checked_sub(right),
                    Operator::Mul => left.checked_mul(right),
                    Operator::Div => left.checked_div(right),
                    Operator::Rem => left.checked_rem(right),
                };
                match result {
                    Some(result) => Ok(Value::Int(result)),
                    None => wrong("an integer overflows"),
                }
            }
            _ => wrong("an operator on values that have none"),
        }
    }

    fn function(&mut self, name: &str, arguments: &[Dual]) -> Outcome {
        match dual::function(name, arguments, &mut self.sides) {
            Some(dual) => self.note(dual),
            None => wrong(format!("there is no function `{name}`")),
        }
    }

    fn int(&mut self, expr: &Expr) -> Outcome<i64> {
        match self.expr(expr)? {
            Value::Int(value) => Ok(value),
            _ => wrong("an integer was expected"),
        }
    }

    fn boolean(&mut self, expr: &Expr) -> Outcome<bool> {
        match self.expr(expr)? {
            Value::Bool(value) => {
                self.sides.push(i64::from(value));
                Ok(value)
            }
            _ => wrong("a truth value was expected"),
        }
    }

    fn all(&mut self, exprs: &[Expr]) -> Outcome<Vec<Value>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn expr(&mut self, expr: &Expr) -> Outcome {
        self.steps += 1;
        if self.steps > STEPS {
            return wrong("too many steps");
        }
        match expr {
            Expr::Real(value, _) => Ok(Value::Real(constant(*value))),
            Expr::Int(value, _) => Ok(Value::Int(*value)),
            Expr::Bool(value) => Ok(Value::Bool(*value)),
            Expr::Unit => Ok(Value::unit()),
            Expr::Variable(name) => {
                let found = self.variables.iter().rev().find(|(known, _)| known == name);
                match found {
                    Some((_, value)) => Ok(value.clone()),
                    None => wrong(format!("there is no variable `{name}`")),
                }
            }
            Expr::Path(path) => Ok(Value::positional(path, Vec::new())),
            Expr::Field(base, name) => match self.expr(base)?.part(name) {
                Some(part) => Ok(part.clone()),
                None => wrong(format!("there is no field `{name}`")),
            },
            Expr::Index(base, index) => {
                let base = self.expr(base)?;
                let index = self.int(index)?;
                match base {
                    Value::Array(elements) if (0..elements.len() as i64).contains(&index) => {
                        Ok(elements[index as usize].clone())
                    }
                    _ => wrong("an index out of bounds"),
                }
            }
            Expr::Borrow(base) | Expr::BorrowMut(base) | Expr::Dereference(base) => self.expr(base),
            Expr::Negate(base) => match self.expr(base)? {
                Value::Real(x) => self.note(Dual {
                    value: -x.value,
                    slope: -x.slope,
                }),
                Value::Int(value) => Ok(Value::Int(-value)),
                _ => wrong("a negation of something that has none"),
            },
            Expr::Not(base) => Ok(Value::Bool(!self.boolean(base)?)),
            Expr::Binary(operator, left, right) => {
                let left = self.expr(left)?;
                let right = self.expr(right)?;
                self.arithmetic(*operator, left, right)
            }
            Expr::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Expr::Logic(and, left, right) => {
                let left = self.boolean(left)?;
                Ok(Value::Bool(if left == *and { self.boolean(right)? } else { left }))
            }
            Expr::Method(name, receiver, arguments) => self.method(name, receiver, arguments),
            Expr::Associated(name, arguments) => match arguments.split_first() {
                Some((receiver, arguments)) => self.method(name, receiver, arguments),
                None => wrong("a function without arguments"),
            },
            Expr::Cast(base, ty) => self.cast(base, ty),
            Expr::Tuple(elements) => Ok(Value::tuple(self.all(elements)?)),
            Expr::Array(elements) => Ok(Value::Array(self.all(elements)?)),
            Expr::Repeat(element, length) => Ok(Value::Array(vec![self.expr(element)?; *length])),
            Expr::Struct(name, fields, rest) => self.struct_literal(name, fields, rest.as_deref()),
            Expr::TupleStruct(name, arguments) => {
                let mut values = self.all(arguments)?;
                if let Some(structure) = self.program.structure(name) {
                    for (field, value) in structure.fields.iter().zip(&mut values) {
                        if field.no_diff {
                            *value = self.cut(value.clone());
                        }
                    }
                }
                Ok(Value::positional(name, values))
            }
            Expr::Call(name, arguments) if name.starts_with("std::mem::") => self.memory(name, arguments),
            Expr::Call(name, arguments) | Expr::CallMethod(name, arguments) => self.call_by_name(name, arguments),
            Expr::Chain(items, end) => self.chain(items, end),
            Expr::CallClosure(name, arguments) => {
                let closure = self.expr(&Expr::Variable(name.clone()))?;
                let arguments = self.all(arguments)?;
                self.call_closure(&closure, &arguments)
            }
            Expr::CallInPlace(closure, arguments) => {
                let closure = self.closure(closure);
                let arguments = self.all(arguments)?;
                self.call_closure(&closure, &arguments)
            }
            Expr::StopGradient(inner) => {
                let value = self.expr(inner)?;
                Ok(self.cut(value))
            }
            Expr::Block(label, block) => match self.block(block) {
                Err(Leave::Break(target, value)) if target.is_some() && target == *label => Ok(value),
                outcome => outcome,
            },
            Expr::If(condition, then, otherwise) => {
                if self.boolean(condition)? {
                    self.block(then)
                } else {
                    self.otherwise(otherwise.as_ref())
                }
            }
            Expr::IfLet(pattern, scrutinee, then, otherwise) => {
                let value = self.expr(scrutinee)?;
                self.scoped(|machine| {
                    let depth = machine.variables.len();
                    let taken = matches(pattern, &value, &mut machine.variables);
                    machine.sides.push(i64::from(taken));
                    if taken {
                        return machine.block(then);
                    }
                    machine.variables.truncate(depth);
                    machine.otherwise(otherwise.as_ref())
                })
            }
            Expr::Match(scrutinee, arms) => {
                let value = self.expr(scrutinee)?;
                for (index, arm) in arms.iter().enumerate() {
                    let chosen = self.scoped(|machine| {
                        let taken = matches(&arm.pattern, &value, &mut machine.variables)
                            && match &arm.guard {
                                Some(guard) => machine.boolean(guard)?,
                                None => true,
                            };
                        if !taken {
                            return Ok(None);
                        }
                        machine.sides.push(index as i64);
                        machine.expr(&arm.body).map(Some)
                    })?;
                    if let Some(value) = chosen {
                        return Ok(value);
                    }
                }
                wrong("no arm matches")
            }
            Expr::For(label, name, low, high, inclusive, body) => {
                let (low, high) = (self.int(low)?, self.int(high)?);
                let high = if *inclusive { high } else { high - 1 };
                for index in low..=high {
                    let outcome = self.scoped(|machine| {
                        machine.variables.push((name.clone(), Value::Int(index)));
                        machine.block(body)
                    });
                    if let Some(value) = iteration(outcome, label.as_ref())? {
                        return Ok(value);
                    }
                }
                Ok(Value::unit())
            }
            Expr::ForEach(label, pattern, items, body) => {
                for item in self.items(items)? {
                    let outcome = self.scoped(|machine| {
                        machine.bind(pattern, &item)?;
                        machine.block(body)
                    });
                    if let Some(value) = iteration(outcome, label.as_ref())? {
                        return Ok(value);
                    }
                }
                Ok(Value::unit())
            }
            Expr::WhileLet(label, pattern, scrutinee, body) => loop {
                let value = self.expr(scrutinee)?;
                let outcome = self.scoped(|machine| {
                    let matched = matches(pattern, &value, &mut machine.variables);
                    machine.sides.push(i64::from(matched));
                    if matched {
                        machine.block(body)
                    } else {
                        Err(Leave::Break(None, Value::unit()))
                    }
                });
                if let Some(value) = iteration(outcome, label.as_ref())? {
                    return Ok(value);
                }
            },
            Expr::While(label, condition, body) => {
                while self.boolean(condition)? {
                    let outcome = self.block(body);
                    if let Some(value) = iteration(outcome, label.as_ref())? {
                        return Ok(value);
                    }
                }
                Ok(Value::unit())
            }
            Expr::Loop(label, body) => loop {
                self.steps += 1;
                if self.steps > STEPS {
                    return wrong("too many steps");
                }
                let outcome = self.block(body);
                if let Some(value) = iteration(outcome, label.as_ref())? {
                    return Ok(value);
                }
            },
            Expr::Return(value) => Err(Leave::Return(self.expr(value)?)),
            Expr::Break(label, value) => {
                let value = match value {
                    Some(value) => self.expr(value)?,
                    None => Value::unit(),
                };
                Err(Leave::Break(label.clone(), value))
            }
            Expr::Continue(label) => Err(Leave::Continue(label.clone())),
        }
    }

    fn otherwise(&mut self, otherwise: Option<&Block>) -> Outcome {
        match otherwise {
            Some(block) => self.block(block),
            None => Ok(Value::unit()),
        }
    }

    fn items(&mut self, items: &Items) -> Outcome<Vec<Value>> {
        Ok(match items {
            Items::Array(array) | Items::Iter(array) => match self.expr(array)? {
                Value::Array(elements) => elements,
                _ => return wrong("a loop over something that is no array"),
            },
            Items::Enumerate(items) => {
                let numbered = (0..).zip(self.items(items)?);
                numbered
                    .map(|(index, item)| Value::tuple(vec![Value::Int(index), item]))
                    .collect()
            }
            Items::Zip(left, right) => {
                let pairs = self.items(left)?.into_iter().zip(self.items(right)?);
                pairs.map(|(left, right)| Value::tuple(vec![left, right])).collect()
            }
            Items::Rev(items) => {
                let mut items = self.items(items)?;
                items.reverse();
                items
            }
            Items::Range(low, high) => {
                let (low, high) = (self.int(low)?, self.int(high)?);
                (low..high).map(Value::Int).collect()
            }
            Items::Map(items, closure) => {
                let items = self.items(items)?;
                let items = items.into_iter().map(|item| self.apply(closure, &[item]));
                items.collect::<Outcome<_>>()?
            }
            Items::Filter(items, closure) => {
                let mut kept = Vec::new();
                for item in self.items(items)? {
                    match self.apply(closure, std::slice::from_ref(&item))? {
                        Value::Bool(true) => kept.push(item),
                        Value::Bool(false) => {}
                        _ => return wrong("a truth value was expected"),
                    }
                }
                let sides = i64::try_from(kept.len()).unwrap_or(i64::MAX);
                self.sides.push(sides);
                kept
            }
            Items::Take(items, count) => self.items(items)?.into_iter().take(*count).collect(),
            Items::Skip(items, count) => self.items(items)?.into_iter().skip(*count).collect(),
        })
    }

    fn chain(&mut self, items: &Items, end: &End) -> Outcome {
        let items = self.items(items)?;
        match end {
            End::Sum => items
                .into_iter()
                // As the standard library does: the sum of nothing is -0.
                .try_fold(Value::Real(constant(-0.0)), |sum, item| {
                    self.arithmetic(Operator::Add, sum, item)
                }),
            End::Product => items.into_iter().try_fold(Value::Real(constant(1.0)), |product, item| {
                self.arithmetic(Operator::Mul, product, item)
            }),
            End::Fold(init, closure) => {
                let init = self.expr(init)?;
                items
                    .into_iter()
                    .try_fold(init, |value, item| self.apply(closure, &[value, item]))
            }
        }
    }

    /// Calls a closure where it is written.
    fn apply(&mut self, closure: &Closure, arguments: &[Value]) -> Outcome {
        self.scoped(|machine| {
            for ((pattern, _), argument) in closure.parameters.iter().zip(arguments) {
                machine.bind(pattern, argument)?;
            }
            machine.expr(&closure.body)
        })
    }

    fn compare(&mut self, comparison: Comparison, left: &Expr, right: &Expr) -> Outcome {
        let ordering = match (self.expr(left)?, self.expr(right)?) {
            (Value::Real(left), Value::Real(right)) => left.value.partial_cmp(&right.value),
            (Value::Int(left), Value::Int(right)) => Some(left.cmp(&right)),
            _ => return wrong("a comparison of values that have none"),
        };
        let result = ordering.is_some_and(|ordering| match comparison {
            Comparison::Less => ordering.is_lt(),
            Comparison::LessEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterEqual => ordering.is_ge(),
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
        });
        self.sides.push(i64::from(result));
        Ok(Value::Bool(result))
    }

    /// `place.swap(i, j)`
    fn swap(&mut self, place: &Expr, arguments: &[Expr]) -> Outcome {
        let indices = self.all(arguments)?;
        match (self.place(place)?, &indices[..]) {
            (Value::Array(elements), [Value::Int(i), Value::Int(j)])
                if [i, j].iter().all(|index| (0..elements.len() as i64).contains(index)) =>
            {
                elements.swap(*i as usize, *j as usize);
                Ok(Value::unit())
            }
            _ => wrong("a swap out of bounds"),
        }
    }

    fn method(&mut self, name: &str, receiver: &Expr, arguments: &[Expr]) -> Outcome {
        if name == "swap" {
            return self.swap(receiver, arguments);
        }
        let receiver = self.expr(receiver)?;
        let arguments = self.all(arguments)?;
        match (name, receiver, &arguments[..]) {
            ("clone", value, []) => Ok(value),
            ("is_finite", Value::Real(x), []) => Ok(Value::Bool(x.value.is_finite())),
            ("is_sign_negative", Value::Real(x), []) => Ok(Value::Bool(x.value.is_sign_negative())),
            ("is_some", Value::Parts(name, _), []) => Ok(Value::Bool(name == "Some")),
            ("len", Value::Array(elements), []) => Ok(Value::Int(elements.len() as i64)),
            ("unwrap_or", Value::Parts(name, parts), [other]) => Ok(match parts.first() {
                Some((_, value)) if name == "Some" => value.clone(),
                _ => other.clone(),
            }),
            ("sin_cos", Value::Real(x), []) => {
                let (sin, cos) = dual::sin_cos(x);
                Ok(Value::tuple(vec![self.note(sin)?, self.note(cos)?]))
            }
            ("powi", Value::Real(x), [Value::Int(n)]) => self.note(dual::powi(x, *n as i32)),
            ("from", value, []) => self.convert(value),
            (name, Value::Real(receiver), arguments) => {
                let mut operands = vec![receiver];
                for argument in arguments {
                    match argument {
                        Value::Real(dual) => operands.push(*dual),
                        _ => return wrong(format!("`{name}` of something that is no scalar")),
                    }
                }
                self.function(name, &operands)
            }
            _ => wrong(format!("there is no method `{name}`")),
        }
    }

    fn cast(&mut self, base: &Expr, ty: &Type) -> Outcome {
        let value = self.expr(base)?;
        match (ty, value) {
            (Type::Real, value) => self.convert(value),
            (Type::Usize, Value::Real(x)) => {
                let value = (x.value as usize) as i64;
                self.sides.push(value);
                Ok(Value::Int(value))
            }
            (Type::I32, Value::Real(x)) => {
                let value = i64::from(x.value as i32);
                self.sides.push(value);
                Ok(Value::Int(value))
            }
            (Type::Usize | Type::I32, Value::Int(value)) => Ok(Value::Int(value)),
            (Type::Usize | Type::I32, Value::Bool(value)) => Ok(Value::Int(i64::from(value))),
            _ => wrong("a cast of something that has none"),
        }
    }

    /// To `f64`.
    fn convert(&mut self, value: Value) -> Outcome {
        match value {
            Value::Real(dual) => Ok(Value::Real(dual)),
            Value::Int(value) => Ok(Value::Real(constant(value as f64))),
            _ => wrong("a conversion of something that has none"),
        }
    }

    fn struct_literal(&mut self, name: &str, fields: &[(String, Expr)], rest: Option<&Expr>) -> Outcome {
        let structure = self.program.structure(name);
        let mut given = Vec::new();
        for (field, value) in fields {
            let mut value = self.expr(value)?;
            if structure.is_some_and(|structure| is_no_diff(structure, field)) {
                value = self.cut(value);
            }
            given.push((field.clone(), value));
        }
        let mut rest = rest.map(|rest| self.expr(rest)).transpose()?;
        let Some(structure) = structure else {
            return Ok(Value::Parts(name.to_owned(), given));
        };
        let mut parts = Vec::new();
        for field in &structure.fields {
            let from_rest = rest.as_mut().and_then(|rest| rest.part(&field.name).cloned());
            let own = given.iter().find(|(name, _)| *name == field.name);
            match own.map(|(_, value)| value.clone()).or(from_rest) {
                Some(value) => parts.push((field.name.clone(), value)),
                None => return wrong(format!("the field `{}` is missing", field.name)),
            }
        }
        Ok(Value::Parts(name.to_owned(), parts))
    }

    fn call_closure(&mut self, closure: &Value, arguments: &[Value]) -> Outcome {
        let Value::Closure(closure) = closure else {
            return wrong("a call of something that is no closure");
        };
        let (closure, captured) = &**closure;
        let caller = std::mem::replace(&mut self.variables, captured.clone());
        let outcome = closure
            .parameters
            .iter()
            .zip(arguments)
            .try_for_each(|((pattern, _), argument)| self.bind(pattern, argument))
            .and_then(|()| self.expr(&closure.body));
        self.variables = caller;
        outcome
    }
}

/// What a mutable reference is made to.
fn borrowed(argument: &Expr) -> &Expr {
    match argument {
        Expr::BorrowMut(place) => place,
        place => place,
    }
}

fn is_mutable(parameter: &Parameter) -> bool {
    matches!(parameter.ty, Type::Mutable(_))
}

fn is_no_diff(structure: &Struct, field: &str) -> bool {
    structure.fields.iter().any(|own| own.name == field && own.no_diff)
}

/// What a loop does after an iteration: ends with a value, goes on, or is left for good.
fn iteration(outcome: Outcome, label: Option<&String>) -> Outcome<Option<Value>> {
    let is_own = |target: &Option<String>| target.is_none() || target.as_ref() == label;
    match outcome {
        Ok(_) => Ok(None),
        Err(Leave::Break(target, value)) if is_own(&target) => Ok(Some(value)),
        Err(Leave::Continue(target)) if is_own(&target) => Ok(None),
        Err(leave) => Err(leave),
    }
}
