//! What programs compute with.

use std::rc::Rc;

use super::dual::{Dual, constant};
use crate::program::{Closure, Expr, Pattern, Program, Type};

/// A value. References are what they point to: nothing that is borrowed changes.
#[derive(Clone, Debug)]
pub enum Value {
    /// A scalar.
    Real(Dual),
    /// An integer.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// An array.
    Array(Vec<Value>),
    /// A tuple, a struct or a variant: its name, empty for a tuple, and its parts by name.
    Parts(String, Vec<(String, Value)>),
    /// A closure, with the variables that it saw.
    Closure(Rc<(Closure, Vec<(String, Value)>)>),
}

impl Value {
    /// `()`
    #[must_use]
    pub fn unit() -> Self {
        Self::tuple(Vec::new())
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(elements: Vec<Self>) -> Self {
        Self::positional("", elements)
    }

    /// A tuple struct or a variant.
    #[must_use]
    pub fn positional(name: &str, elements: Vec<Self>) -> Self {
        let parts = elements.into_iter().enumerate();
        Self::Parts(
            name.to_owned(),
            parts.map(|(index, value)| (index.to_string(), value)).collect(),
        )
    }

    /// The part with a name.
    pub(crate) fn part(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Parts(_, parts) => parts.iter_mut().find(|(part, _)| part == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Calls a function on every scalar.
    pub(crate) fn each_real(&mut self, function: &mut impl FnMut(&mut Dual)) {
        match self {
            Self::Real(dual) => function(dual),
            Self::Array(elements) => elements.iter_mut().for_each(|element| element.each_real(function)),
            Self::Parts(_, parts) => parts.iter_mut().for_each(|(_, part)| part.each_real(function)),
            Self::Int(_) | Self::Bool(_) | Self::Closure(_) => {}
        }
    }
}

/// The arguments of a program, flat: its scalars and its discrete values in the order of parameters and fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// The scalars, also those that nothing is differentiated with respect to.
    pub reals: Vec<f64>,
    /// The discrete values. An option is one number, negative for `None`; a `Kind` is its variant and its exponent, beside
    /// its factor among the scalars.
    pub integers: Vec<i64>,
}

/// Reads values from flat inputs.
pub(crate) struct Reader<'i> {
    pub(crate) inputs: &'i Inputs,
    pub(crate) reals: usize,
    pub(crate) integers: usize,
    /// The scalar along which the derivative is taken.
    pub(crate) along: Option<usize>,
}

impl Reader<'_> {
    fn real(&mut self) -> Value {
        let mut dual = constant(self.inputs.reals[self.reals]);
        if self.along == Some(self.reals) {
            dual.slope = 1.0;
        }
        self.reals += 1;
        Value::Real(dual)
    }

    fn integer(&mut self) -> i64 {
        self.integers += 1;
        self.inputs.integers[self.integers - 1]
    }

    pub(crate) fn value(&mut self, program: &Program, ty: &Type) -> Value {
        match ty {
            Type::Real => self.real(),
            Type::Usize | Type::I32 => Value::Int(self.integer()),
            Type::Bool => Value::Bool(self.integer() != 0),
            Type::Unit => Value::unit(),
            Type::Array(element, length) => Value::Array((0..*length).map(|_| self.value(program, element)).collect()),
            Type::Tuple(elements) => Value::tuple(elements.iter().map(|ty| self.value(program, ty)).collect()),
            Type::Struct(name) => {
                let fields = program
                    .structure(name)
                    .into_iter()
                    .flat_map(|structure| &structure.fields);
                let parts = fields
                    .map(|field| (field.name.clone(), self.value(program, &field.ty)))
                    .collect();
                Value::Parts(name.clone(), parts)
            }
            Type::Kind => {
                let (variant, power, factor) = (self.integer(), self.integer(), self.real());
                match variant {
                    0 => Value::positional("Kind::Linear", Vec::new()),
                    1 => Value::positional("Kind::Power", vec![Value::Int(power)]),
                    _ => Value::Parts("Kind::Scaled".to_owned(), vec![("factor".to_owned(), factor)]),
                }
            }
            Type::Choice => match self.integer() {
                n if n < 0 => Value::positional("None", Vec::new()),
                n => Value::positional("Some", vec![Value::Int(n)]),
            },
            Type::Maybe => match (self.integer(), self.real()) {
                (0, _) => Value::positional("None", Vec::new()),
                (_, real) => Value::positional("Some", vec![real]),
            },
            // No enum is an argument of a whole program.
            Type::Enum(_) => Value::unit(),
            Type::Reference(inner) | Type::Mutable(inner) => self.value(program, inner),
        }
    }
}

/// True if the pattern matches; `bound` is told of what it binds.
pub(crate) fn matches(pattern: &Pattern, value: &Value, bound: &mut Vec<(String, Value)>) -> bool {
    match (pattern, value) {
        (Pattern::Wild, _) => true,
        (Pattern::Name { name, .. }, value) => {
            bound.push((name.clone(), value.clone()));
            true
        }
        (Pattern::At(name, inner), value) => {
            bound.push((name.clone(), value.clone()));
            matches(inner, value, bound)
        }
        (Pattern::Tuple(patterns, _) | Pattern::TupleStruct(_, patterns), Value::Parts(name, parts)) => {
            let same = match pattern {
                Pattern::TupleStruct(wanted, _) => wanted == name,
                _ => true,
            };
            same && patterns
                .iter()
                .zip(parts)
                .all(|(pattern, (_, part))| matches(pattern, part, bound))
        }
        (Pattern::Array(patterns, _), Value::Array(elements)) => patterns
            .iter()
            .zip(elements)
            .all(|(pattern, element)| matches(pattern, element, bound)),
        (Pattern::Struct(wanted, fields, _), Value::Parts(name, parts)) => {
            wanted == name
                && fields.iter().all(|(field, pattern)| {
                    parts
                        .iter()
                        .find(|(part, _)| part == field)
                        .is_some_and(|(_, part)| matches(pattern, part, bound))
                })
        }
        (Pattern::Path(wanted), Value::Parts(name, _)) => wanted == name,
        (Pattern::Reference(inner), value) => matches(inner, value, bound),
        (Pattern::Int(wanted), Value::Int(value)) => wanted == value,
        (Pattern::IntRange(low, high), Value::Int(value)) => (low..=high).contains(&value),
        (Pattern::Bool(wanted), Value::Bool(value)) => wanted == value,
        (Pattern::RealRange(low, high), Value::Real(dual)) => {
            low.is_none_or(|low| dual.value >= low) && high.is_none_or(|high| dual.value < high)
        }
        (Pattern::Or(cases), value) => cases.iter().any(|case| matches(case, value, bound)),
        _ => false,
    }
}

/// True for the expressions that name a place.
pub(crate) fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Variable(_) => true,
        Expr::Field(base, _) | Expr::Index(base, _) | Expr::Dereference(base) => is_place(base),
        _ => false,
    }
}
