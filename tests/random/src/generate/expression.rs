//! Expressions of a given type.
//!
//! `expect` says that the context fixes a literal's type; elsewhere literals carry a suffix, since Rust calls no method on a
//! number whose type it does not know.

use super::{Generator, names};
use crate::program::{Arm, Block, Closure, Comparison, Expr, Function, Operator, Pattern, Statement, Type};

/// Where an elementary function is defined, and grows slowly enough.
#[derive(Clone, Copy)]
enum Domain {
    Everywhere,
    Bounded,
    Positive,
    InsideOne,
    AboveOne,
}

/// The elementary functions.
const FUNCTIONS: &[(&str, Domain)] = &[
    ("sin", Domain::Everywhere),
    ("cos", Domain::Everywhere),
    ("atan", Domain::Everywhere),
    ("tanh", Domain::Everywhere),
    ("asinh", Domain::Everywhere),
    ("abs", Domain::Everywhere),
    ("sigmoid", Domain::Everywhere),
    ("softplus", Domain::Everywhere),
    ("relu", Domain::Everywhere),
    ("silu", Domain::Everywhere),
    ("gelu", Domain::Everywhere),
    ("erf", Domain::Everywhere),
    ("fract", Domain::Everywhere),
    ("floor", Domain::Everywhere),
    ("ceil", Domain::Everywhere),
    ("round", Domain::Everywhere),
    ("trunc", Domain::Everywhere),
    ("signum", Domain::Everywhere),
    ("to_radians", Domain::Everywhere),
    ("to_degrees", Domain::Bounded),
    ("sinh", Domain::Bounded),
    ("cosh", Domain::Bounded),
    ("exp", Domain::Bounded),
    ("exp2", Domain::Bounded),
    ("exp_m1", Domain::Bounded),
    ("tan", Domain::Bounded),
    ("ln", Domain::Positive),
    ("log2", Domain::Positive),
    ("log10", Domain::Positive),
    ("ln_1p", Domain::Positive),
    ("sqrt", Domain::Positive),
    ("cbrt", Domain::Positive),
    ("recip", Domain::Positive),
    ("asin", Domain::InsideOne),
    ("acos", Domain::InsideOne),
    ("atanh", Domain::InsideOne),
    ("acosh", Domain::AboveOne),
];

/// The functions that are methods of `f64` itself, and not of a trait of `tapeless`.
fn is_inherent(name: &str) -> bool {
    !matches!(name, "sigmoid" | "softplus" | "relu" | "silu" | "gelu" | "erf")
}

pub(super) fn variable(name: &str) -> Expr {
    Expr::Variable(name.to_owned())
}

fn method(name: &str, receiver: Expr, arguments: Vec<Expr>) -> Expr {
    Expr::Method(name.to_owned(), Box::new(receiver), arguments)
}

pub(super) fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    Expr::Binary(operator, Box::new(left), Box::new(right))
}

impl Generator {
    /// An expression of the type. For a reference, of something that is not written to while it lives.
    pub(super) fn value(&mut self, ty: &Type, depth: usize, expect: bool) -> Expr {
        self.budget -= 1;
        match ty {
            Type::Real => self.real(depth, expect),
            Type::Usize | Type::I32 => self.integer(ty, depth),
            Type::Bool => self.condition(depth),
            Type::Unit => Expr::Unit,
            Type::Reference(inner) => self.reference(inner, depth),
            Type::Kind | Type::Choice => self.path(ty).unwrap_or_else(|| match ty {
                Type::Kind => Expr::Path("Kind::Linear".to_owned()),
                _ => Expr::Path("None".to_owned()),
            }),
            // Arguments for mutable references are made by `arguments`.
            Type::Mutable(_) => Expr::Unit,
            Type::Array(..) | Type::Tuple(_) | Type::Struct(_) | Type::Enum(_) | Type::Maybe => {
                self.composite(ty, depth, expect)
            }
        }
    }

    /// `&place` or `&(value)`, or a variable that is a reference already.
    fn reference(&mut self, inner: &Type, depth: usize) -> Expr {
        self.without_writes(|generator| {
            let wanted = Type::Reference(Box::new(inner.clone()));
            if generator.rng.one_in(3)
                && let Some(path) = generator.path(&wanted)
            {
                return path;
            }
            if generator.rng.one_in(2)
                && let Some(path) = generator.path(inner)
            {
                return Expr::Borrow(Box::new(path));
            }
            Expr::Borrow(Box::new(generator.value(inner, depth.min(2), false)))
        })
    }

    fn composite(&mut self, ty: &Type, depth: usize, expect: bool) -> Expr {
        let deep = usize::from(depth > 0 && self.budget > 0);
        match self.rng.weighted(&[4, 4, deep, deep, 2 * deep]) {
            0 => {
                if let Some(path) = self.path(ty) {
                    return path;
                }
            }
            2 => return self.branching(ty, depth, expect),
            3 => return Expr::Block(None, self.block(Some(ty), 2, depth - 1, expect)),
            4 => {
                if let Some(call) = self.call(ty, depth) {
                    return call;
                }
            }
            _ => {}
        }
        self.construct(ty, depth, expect)
    }

    fn construct(&mut self, ty: &Type, depth: usize, expect: bool) -> Expr {
        let depth = depth.saturating_sub(1);
        match ty {
            Type::Array(element, length) => {
                if self.rng.one_in(5) {
                    return Expr::Repeat(Box::new(self.value(element, depth, expect)), *length);
                }
                Expr::Array((0..*length).map(|_| self.value(element, depth, expect)).collect())
            }
            Type::Tuple(elements) => Expr::Tuple(elements.iter().map(|ty| self.value(ty, depth, expect)).collect()),
            Type::Struct(name) => self.construct_struct(name, depth),
            Type::Enum(name) => self.construct_enum(name, depth),
            Type::Maybe if self.rng.one_in(4) => Expr::Path("None".to_owned()),
            Type::Maybe => Expr::TupleStruct("Some".to_owned(), vec![self.real(depth, expect)]),
            ty => self.value(ty, depth, expect),
        }
    }

    fn construct_struct(&mut self, name: &str, depth: usize) -> Expr {
        let Some(structure) = self.program.structure(name).cloned() else {
            return Expr::Unit;
        };
        if structure.positional {
            let parts = structure
                .fields
                .iter()
                .map(|field| self.value(&field.ty, depth, true))
                .collect();
            return Expr::TupleStruct(structure.name, parts);
        }
        let mut fields: Vec<_> = structure
            .fields
            .iter()
            .map(|field| (field.name.clone(), self.value(&field.ty, depth, true)))
            .collect();
        let mut rest = None;
        if fields.len() > 1 && self.rng.one_in(3) {
            fields.remove(self.rng.below(fields.len()));
            rest = Some(Box::new(match self.path(&Type::Struct(name.to_owned())) {
                Some(path) => path,
                None => self.construct_struct(name, 0),
            }));
        } else if self.rng.one_in(4) {
            fields.reverse();
        }
        Expr::Struct(structure.name, fields, rest)
    }

    // ----- places

    /// A place of this type, made of a variable, fields and elements.
    pub(super) fn path(&mut self, wanted: &Type) -> Option<Expr> {
        let mut found = Vec::new();
        for known in self.visible() {
            if known.signature.is_none() {
                self.collect(variable(&known.name), &known.ty, wanted, &mut found);
            }
        }
        if found.is_empty() {
            return None;
        }
        Some(found.swap_remove(self.rng.below(found.len())))
    }

    /// The places of the wanted type in a value.
    pub(super) fn collect(&mut self, base: Expr, ty: &Type, wanted: &Type, found: &mut Vec<Expr>) {
        if ty == wanted {
            found.push(base);
            return;
        }
        match ty {
            Type::Reference(inner) | Type::Mutable(inner) if **inner == *wanted => {
                found.push(Expr::Dereference(Box::new(base)))
            }
            Type::Reference(inner) | Type::Mutable(inner) => match &**inner {
                Type::Reference(_) => self.collect(Expr::Dereference(Box::new(base)), inner, wanted, found),
                inner => self.collect(base, inner, wanted, found),
            },
            Type::Array(element, length) => {
                let index = self.index(*length);
                self.collect(Expr::Index(Box::new(base), Box::new(index)), element, wanted, found);
            }
            Type::Tuple(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let field = Expr::Field(Box::new(base.clone()), index.to_string());
                    self.collect(field, element, wanted, found);
                }
            }
            Type::Struct(name) => {
                for field in self
                    .program
                    .structure(name)
                    .cloned()
                    .into_iter()
                    .flat_map(|own| own.fields)
                {
                    let part = Expr::Field(Box::new(base.clone()), field.name);
                    self.collect(part, &field.ty, wanted, found);
                }
            }
            _ => {}
        }
    }

    /// An index below the length: a constant, or known at run time only.
    pub(super) fn index(&mut self, length: usize) -> Expr {
        let known: Vec<_> = self
            .visible()
            .into_iter()
            .filter(|known| known.ty == Type::Usize && known.signature.is_none())
            .collect();
        if known.is_empty() || self.rng.one_in(2) {
            return Expr::Int(self.rng.below(length) as i64, None);
        }
        let index = variable(&self.rng.pick(&known).name);
        let index = if self.rng.one_in(3) {
            binary(Operator::Add, index, Expr::Int(1, None))
        } else {
            index
        };
        binary(Operator::Rem, index, Expr::Int(length as i64, None))
    }

    // ----- scalars

    fn literal(&mut self, expect: bool) -> Expr {
        let value = self.number();
        let suffix = !expect || self.rng.one_in(6);
        if value < 0.0 {
            return Expr::Negate(Box::new(Expr::Real(-value, suffix)));
        }
        Expr::Real(value, suffix)
    }

    fn leaf(&mut self, expect: bool) -> Expr {
        if self.rng.one_in(6) {
            return self.literal(expect);
        }
        match self.path(&Type::Real) {
            Some(path) => path,
            None => self.literal(expect),
        }
    }

    /// A scalar.
    pub(super) fn real(&mut self, depth: usize, expect: bool) -> Expr {
        self.budget -= 1;
        if depth == 0 || self.budget <= 0 {
            return self.leaf(expect);
        }
        let depth = depth - 1;
        let chains = 6 * usize::from(self.constructs.chains);
        match self
            .rng
            .weighted(&[4, 12, 2, 7, 5, 5, 3, 1, 3, 2, 2, 2, 1, 1, 1, chains])
        {
            0 => self.leaf(expect),
            1 => self.arithmetic(depth),
            2 => Expr::Negate(Box::new(self.real(depth, expect))),
            3 => self.elementary(depth),
            4 => self.multivariate(depth),
            5 => match self.call(&Type::Real, depth) {
                Some(call) => call,
                None => self.arithmetic(depth),
            },
            6 => match self.closure_call(depth) {
                Some(call) => call,
                None => self.elementary(depth),
            },
            7 => self.call_in_place(depth),
            8 => self.branching(&Type::Real, depth, expect),
            9 => Expr::Block(None, self.block(Some(&Type::Real), 3, depth, expect)),
            10 => self.projection(depth),
            11 => self.cast(depth),
            12 => Expr::StopGradient(Box::new(self.without_writes(|generator| {
                generator.sealed(|generator| generator.real(depth.min(1), false))
            }))),
            13 => {
                let sin_cos = method("sin_cos", self.real(depth, false), Vec::new());
                Expr::Field(Box::new(sin_cos), self.rng.below(2).to_string())
            }
            15 => self.chain(depth),
            _ => self.without_writes(|generator| {
                Expr::Dereference(Box::new(Expr::Borrow(Box::new(generator.real(depth, false)))))
            }),
        }
    }

    fn arithmetic(&mut self, depth: usize) -> Expr {
        let operator = match self.rng.weighted(&[6, 5, 7, 3, 1]) {
            0 => Operator::Add,
            1 => Operator::Sub,
            2 => Operator::Mul,
            3 => Operator::Div,
            _ => Operator::Rem,
        };
        if self.rng.one_in(8) {
            return self.arithmetic_of_references(operator, depth);
        }
        // The type of one side is known, which is enough for the other.
        let left_known = self.rng.one_in(2);
        let left = self.real(depth, !left_known);
        let right = match operator {
            Operator::Div | Operator::Rem => self.divisor(depth, left_known),
            _ if self.rng.one_in(6) => left.clone(),
            _ => self.real(depth, left_known),
        };
        binary(operator, left, right)
    }

    /// `&a + b`, where the operands are references.
    fn arithmetic_of_references(&mut self, operator: Operator, depth: usize) -> Expr {
        self.without_writes(|generator| {
            let left = if generator.rng.one_in(2) {
                generator.real(depth, false)
            } else {
                generator.value(&Type::Reference(Box::new(Type::Real)), depth.min(1), false)
            };
            let right = match operator {
                Operator::Div | Operator::Rem => Expr::Borrow(Box::new(generator.divisor(depth, false))),
                _ => generator.value(&Type::Reference(Box::new(Type::Real)), depth.min(1), false),
            };
            binary(operator, left, right)
        })
    }

    /// A scalar that is not near zero.
    fn divisor(&mut self, depth: usize, expect: bool) -> Expr {
        match self.rng.below(4) {
            0 => Expr::Real(0.5 + self.rng.below(8) as f64 * 0.5, !expect),
            1 => binary(Operator::Add, self.real(depth.min(1), false), Expr::Real(4.5, false)),
            2 => {
                let sine = method("sin", self.real(depth, false), Vec::new());
                binary(Operator::Sub, Expr::Real(2.5, false), sine)
            }
            _ => self.positive(depth),
        }
    }

    /// A scalar that is at least one half.
    fn positive(&mut self, depth: usize) -> Expr {
        let inner = self.real(depth, false);
        let positive = match self.rng.below(3) {
            0 => method("abs", inner, Vec::new()),
            1 => method("exp", method("sin", inner, Vec::new()), Vec::new()),
            _ => method("powi", inner, vec![Expr::Int(2, None)]),
        };
        binary(Operator::Add, positive, Expr::Real(0.5, false))
    }

    fn elementary(&mut self, depth: usize) -> Expr {
        let (name, domain) = *self.rng.pick(FUNCTIONS);
        let argument = match domain {
            Domain::Everywhere => self.real(depth, false),
            Domain::Bounded => {
                let inner = self.real(depth, false);
                method(if self.rng.one_in(2) { "sin" } else { "atan" }, inner, Vec::new())
            }
            Domain::Positive => self.positive(depth),
            Domain::InsideOne => {
                let sine = method("sin", self.real(depth, false), Vec::new());
                binary(Operator::Mul, sine, Expr::Real(0.875, false))
            }
            Domain::AboveOne => binary(Operator::Add, Expr::Real(0.75, false), self.positive(depth)),
        };
        if is_inherent(name) && self.rng.one_in(4) {
            Expr::Associated(name.to_owned(), vec![argument])
        } else {
            method(name, argument, Vec::new())
        }
    }

    fn multivariate(&mut self, depth: usize) -> Expr {
        let name = *self.rng.pick(&[
            "max",
            "min",
            "max",
            "min",
            "hypot",
            "atan2",
            "powi",
            "powf",
            "copysign",
            "rem_euclid",
            "div_euclid",
            "mul_add",
            "clamp",
            "log",
        ]);
        let receiver = match name {
            "powf" | "log" => self.positive(depth),
            _ => self.real(depth, false),
        };
        let arguments = match name {
            "powi" if self.rng.one_in(3) => vec![self.integer(&Type::I32, 1)],
            "powi" => vec![Expr::Int(self.rng.between(0, 3), None)],
            "powf" => vec![method("atan", self.real(depth, false), Vec::new())],
            "log" => vec![binary(Operator::Add, self.positive(depth), Expr::Real(1.0, false))],
            "rem_euclid" | "div_euclid" => vec![self.divisor(depth, true)],
            "mul_add" => vec![self.real(depth, true), self.real(depth, true)],
            "clamp" => {
                let low = method("tanh", self.real(depth.min(1), false), Vec::new());
                let high = self.positive(depth.min(1));
                let low = binary(Operator::Sub, low, Expr::Real(1.0, false));
                vec![low, high]
            }
            _ if self.rng.one_in(5) => vec![receiver.clone()],
            _ => vec![self.real(depth, true)],
        };
        if self.rng.one_in(4) {
            let mut all = vec![receiver];
            all.extend(arguments);
            Expr::Associated(name.to_owned(), all)
        } else {
            method(name, receiver, arguments)
        }
    }

    /// `[a, b][i]`, `(a, b).0`, `f(x).field`
    fn projection(&mut self, depth: usize) -> Expr {
        let ty = self.result_type();
        let base = match self.call(&ty, depth) {
            Some(call) => call,
            None => self.construct(&ty, depth, false),
        };
        let mut found = Vec::new();
        self.collect(base, &ty, &Type::Real, &mut found);
        found.swap_remove(self.rng.below(found.len()))
    }

    fn cast(&mut self, depth: usize) -> Expr {
        match self.rng.below(3) {
            0 => Expr::Cast(Box::new(self.integer(&Type::Usize, depth.min(1))), Type::Real),
            1 => Expr::Associated("from".to_owned(), vec![self.integer(&Type::I32, depth.min(1))]),
            _ => {
                let truncated = Expr::Cast(Box::new(self.real(depth.min(1), false)), Type::I32);
                Expr::Cast(Box::new(truncated), Type::Real)
            }
        }
    }

    /// A call of a function before this one whose result is, or holds, the type.
    fn call(&mut self, wanted: &Type, depth: usize) -> Option<Expr> {
        let mut functions: Vec<_> = self
            .program
            .functions
            .iter()
            .filter(|function| {
                function.result == *wanted || (*wanted == Type::Real && self.holds_real(&function.result))
            })
            .cloned()
            .collect();
        functions.retain(|function| self.has_receiver(function));
        if functions.is_empty() {
            return None;
        }
        let function = self.rng.pick(&functions).clone();
        let call = self.call_of(&function, depth);
        let mut found = Vec::new();
        self.collect(call, &function.result, wanted, &mut found);
        Some(found.swap_remove(self.rng.below(found.len())))
    }

    /// A call of the function.
    pub(super) fn call_of(&mut self, function: &Function, depth: usize) -> Expr {
        let mut parameters = function.parameters.iter();
        if parameters.any(|parameter| matches!(parameter.ty, Type::Mutable(_))) {
            let arguments = self.arguments(function, depth);
            return called(function, arguments);
        }
        let by_reference = function
            .parameters
            .iter()
            .any(|parameter| matches!(parameter.ty, Type::Reference(_)));
        let arguments = |generator: &mut Self| {
            function
                .parameters
                .iter()
                .enumerate()
                .map(|(index, parameter)| match index {
                    0 if function.owner.is_some() => generator.receiver(&parameter.ty),
                    _ => generator.value(&parameter.ty, depth.min(2), true),
                })
                .collect()
        };
        let arguments = if by_reference {
            self.without_writes(arguments)
        } else {
            arguments(self)
        };
        called(function, arguments)
    }

    /// What a method is called on: a place, or a struct that is put together there.
    pub(super) fn receiver(&mut self, ty: &Type) -> Expr {
        match ty {
            Type::Reference(inner) => match self.path(ty) {
                Some(reference) if self.rng.one_in(2) => reference,
                _ => Expr::Borrow(Box::new(self.receiver(inner))),
            },
            ty => match self.path(ty) {
                Some(place) => place,
                None => self.construct(ty, 0, false),
            },
        }
    }

    /// A call of a closure in scope that gives a scalar.
    fn closure_call(&mut self, depth: usize) -> Option<Expr> {
        let closures: Vec<_> = self
            .visible()
            .into_iter()
            .filter(|known| matches!(&known.signature, Some((_, Type::Real))))
            .collect();
        if closures.is_empty() {
            return None;
        }
        let closure = self.rng.pick(&closures).clone();
        let (parameters, _) = closure.signature?;
        let arguments = self.without_writes(|generator| {
            parameters
                .iter()
                .map(|ty| generator.value(ty, depth.min(2), true))
                .collect()
        });
        Some(Expr::CallClosure(closure.name, arguments))
    }

    fn call_in_place(&mut self, depth: usize) -> Expr {
        let (closure, types) = self.closure(depth.min(2));
        let arguments =
            self.without_writes(|generator| types.iter().map(|ty| generator.value(ty, depth.min(1), true)).collect());
        Expr::CallInPlace(closure, arguments)
    }

    /// A closure that gives a scalar, with the types of its parameters.
    pub(super) fn closure(&mut self, depth: usize) -> (Closure, Vec<Type>) {
        let moves = self.rng.one_in(4);
        let outer = (self.barrier, self.hidden);
        self.barrier = self.variables.len();
        if !moves {
            self.hidden = self.variables.len();
        }
        let made = self.sealed(|generator| {
            generator.scoped(|generator| {
                let mut parameters = Vec::new();
                let mut types = Vec::new();
                let from = generator.variables.len();
                for _ in 0..1 + generator.rng.below(2) {
                    let mut ty = match generator.rng.below(6) {
                        0 => Type::Tuple(vec![Type::Real, Type::Real]),
                        1 => Type::Usize,
                        _ => Type::Real,
                    };
                    if ty == Type::Real && generator.rng.one_in(4) {
                        ty = Type::Reference(Box::new(ty));
                    }
                    types.push(ty.clone());
                    parameters.push((generator.closure_parameter(&ty, from), ty));
                }
                let result = generator.rng.one_in(3).then_some(Type::Real);
                let body = if generator.rng.one_in(3) {
                    Expr::Block(None, generator.block(Some(&Type::Real), 2, depth, result.is_some()))
                } else {
                    generator.real(depth, result.is_some())
                };
                let closure = Closure {
                    moves,
                    parameters,
                    result,
                    body: Box::new(body),
                };
                (closure, types)
            })
        });
        (self.barrier, self.hidden) = outer;
        made
    }

    fn closure_parameter(&mut self, ty: &Type, from: usize) -> Pattern {
        let mut name = names::variable(&mut self.rng);
        while self.variables[from..].iter().any(|known| known.name == name) {
            self.counters += 1;
            name = format!("p{}", self.counters);
        }
        if let Type::Tuple(elements) = ty {
            let mut parts = Vec::new();
            for element in elements {
                parts.push(self.closure_parameter(element, from));
            }
            return Pattern::Tuple(parts, false);
        }
        self.declare(&name, ty.clone(), false);
        Pattern::Name {
            name,
            mutable: false,
            by_reference: false,
        }
    }

    // ----- discrete values

    /// An integer of the type, not large.
    pub(super) fn integer(&mut self, ty: &Type, depth: usize) -> Expr {
        self.budget -= 1;
        let deep = usize::from(depth > 0 && self.budget > 0);
        match self.rng.weighted(&[6, 2, 2 * deep, deep, deep, deep]) {
            0 => {
                if let Some(path) = self.path(ty) {
                    return path;
                }
            }
            2 => {
                let right = Expr::Int(self.rng.between(1, 3), None);
                let left = self.integer(ty, 0);
                return binary(Operator::Add, left, right);
            }
            3 => {
                let right = Expr::Int(self.rng.between(2, 5), None);
                let left = self.integer(ty, 0);
                return binary(Operator::Rem, left, right);
            }
            4 => return Expr::Cast(Box::new(self.condition(0)), ty.clone()),
            5 => {
                return match ty {
                    Type::Usize => match self.path(&Type::Choice) {
                        Some(choice) => method("unwrap_or", choice, vec![Expr::Int(2, None)]),
                        None => Expr::Cast(Box::new(self.sealed_real(0)), ty.clone()),
                    },
                    _ => Expr::Cast(Box::new(self.integer(&Type::Usize, 0)), ty.clone()),
                };
            }
            _ => {}
        }
        Expr::Int(self.rng.between(0, 3), Some(ty.clone()))
    }

    /// A scalar that neither writes nor leaves: for conditions.
    pub(super) fn sealed_real(&mut self, depth: usize) -> Expr {
        self.without_writes(|generator| generator.sealed(|generator| generator.real(depth, false)))
    }

    /// A truth value. It neither writes nor leaves.
    pub(super) fn condition(&mut self, depth: usize) -> Expr {
        self.budget -= 1;
        let deep = usize::from(depth > 0 && self.budget > 0);
        match self.rng.weighted(&[8, 2, 2, deep, deep, 1]) {
            0 => {
                let left = self.sealed_real(depth.min(1));
                let right = self.sealed_real(0);
                let comparison = *self.rng.pick(&[
                    Comparison::Less,
                    Comparison::Greater,
                    Comparison::LessEqual,
                    Comparison::GreaterEqual,
                    Comparison::NotEqual,
                ]);
                Expr::Compare(comparison, Box::new(left), Box::new(right))
            }
            1 => {
                let ty = if self.rng.one_in(2) { Type::Usize } else { Type::I32 };
                let left = self.integer(&ty, depth.min(1));
                let right = Expr::Int(self.rng.between(0, 4), None);
                let comparison = *self
                    .rng
                    .pick(&[Comparison::Less, Comparison::Greater, Comparison::Equal]);
                // A cast in front of `<` would be taken for the start of generic arguments; operands are in parentheses.
                Expr::Compare(comparison, Box::new(left), Box::new(right))
            }
            2 => match self.path(&Type::Bool) {
                Some(path) => path,
                None => method("is_sign_negative", self.sealed_real(0), Vec::new()),
            },
            3 => {
                let and = self.rng.one_in(2);
                let left = self.condition(depth - 1);
                Expr::Logic(and, Box::new(left), Box::new(self.condition(depth - 1)))
            }
            4 => Expr::Not(Box::new(self.condition(depth - 1))),
            _ => match self.path(&Type::Choice) {
                Some(choice) => method("is_some", choice, Vec::new()),
                None => method("is_finite", self.sealed_real(0), Vec::new()),
            },
        }
    }

    // ----- branches

    /// Generates where nothing may leave.
    pub(super) fn sealed<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.closures += 1;
        let made = inside(self);
        self.closures -= 1;
        made
    }

    /// A block. With a type, it has a value; then an `expect`ed one.
    pub(super) fn block(&mut self, ty: Option<&Type>, statements: usize, depth: usize, expect: bool) -> Block {
        self.scoped(|generator| {
            let mut made = Vec::new();
            for _ in 0..generator.rng.below(statements + 1) {
                generator.statement(depth, &mut made);
            }
            let value = ty.map(|ty| Box::new(generator.value(ty, depth, expect)));
            Block {
                statements: made,
                value,
            }
        })
    }

    /// What a branch gives: mostly a value, sometimes it leaves.
    fn outcome(&mut self, ty: &Type, depth: usize, expect: bool) -> Expr {
        if self.closures == 0 && self.rng.one_in(10) {
            return self.leave(depth);
        }
        if self.rng.one_in(3) {
            return Expr::Block(None, self.block(Some(ty), 2, depth, expect));
        }
        self.value(ty, depth, expect)
    }

    /// `return value`, or out of a loop.
    pub(super) fn leave(&mut self, depth: usize) -> Expr {
        if !self.loops.is_empty() && !self.rng.one_in(4) {
            return self.jump(depth);
        }
        let ty = self.result.clone();
        Expr::Return(Box::new(self.value(&ty, depth.min(2), true)))
    }

    fn outcome_block(&mut self, ty: &Type, depth: usize, expect: bool) -> Block {
        match self.outcome(ty, depth, expect) {
            Expr::Block(None, block) => block,
            value => Block {
                statements: Vec::new(),
                value: Some(Box::new(value)),
            },
        }
    }

    /// `if`, `if let` or `match` that gives a value.
    pub(super) fn branching(&mut self, ty: &Type, depth: usize, expect: bool) -> Expr {
        let depth = depth.saturating_sub(1);
        if self.rng.one_in(2) {
            let condition = self.condition(1);
            let then = Block {
                statements: Vec::new(),
                value: Some(Box::new(self.value(ty, depth, expect))),
            };
            let then = if self.rng.one_in(2) {
                self.block(Some(ty), 2, depth, expect)
            } else {
                then
            };
            let otherwise = if self.rng.one_in(5) && depth > 0 {
                let nested = self.branching(ty, depth, expect);
                Block {
                    statements: Vec::new(),
                    value: Some(Box::new(nested)),
                }
            } else {
                self.outcome_block(ty, depth, expect)
            };
            return Expr::If(Box::new(condition), then, Some(otherwise));
        }
        if self.rng.one_in(3)
            && let Some((choice, inner)) = self.optional()
        {
            return self.scoped(|generator| {
                let name = names::variable(&mut generator.rng);
                let outer = generator.variables.len();
                generator.declare(&name, inner, false);
                let then = generator.block(Some(ty), 1, depth, expect);
                generator.variables.truncate(outer);
                let otherwise = generator.outcome_block(ty, depth, expect);
                let bound = Pattern::Name {
                    name,
                    mutable: false,
                    by_reference: false,
                };
                let pattern = Pattern::TupleStruct("Some".to_owned(), vec![bound]);
                Expr::IfLet(pattern, Box::new(choice), then, Some(otherwise))
            });
        }
        let (scrutinee, patterns) = self.scrutinee();
        self.arms(scrutinee, patterns, &mut |generator, index| {
            if index == 0 {
                generator.value(ty, depth, expect)
            } else {
                generator.outcome(ty, depth, expect)
            }
        })
    }

    /// Arms with the patterns, which were chosen by [`Self::scrutinee`].
    pub(super) fn arms(
        &mut self,
        scrutinee: Expr,
        patterns: Vec<Case>,
        body: &mut dyn FnMut(&mut Self, usize) -> Expr,
    ) -> Expr {
        let mut arms = Vec::new();
        for (index, case) in patterns.into_iter().enumerate() {
            let arm = self.scoped(|generator| {
                let pattern = match case.pattern {
                    Shape::Ready(pattern) => pattern,
                    Shape::Whole(ty) => generator.tuple_pattern(&ty),
                    Shape::Parts(ty) => generator.irrefutable(&ty, 2, false),
                };
                for (name, ty) in case.bound {
                    generator.declare(&name, ty, false);
                }
                let guard = case.guarded.then(|| generator.condition(1));
                Arm {
                    pattern,
                    guard,
                    body: body(generator, index),
                }
            });
            arms.push(arm);
        }
        Expr::Match(Box::new(scrutinee), arms)
    }

    /// A pattern for a tuple or an array, with no struct taken apart.
    fn tuple_pattern(&mut self, ty: &Type) -> Pattern {
        let from = self.variables.len();
        let names = |generator: &mut Self, ty: &Type| {
            if generator.rng.one_in(4) {
                return Pattern::Wild;
            }
            let mut name = names::variable(&mut generator.rng);
            while generator.variables[from..].iter().any(|known| known.name == name) {
                generator.counters += 1;
                name = format!("m{}", generator.counters);
            }
            generator.declare(&name, ty.clone(), false);
            Pattern::Name {
                name,
                mutable: false,
                by_reference: false,
            }
        };
        match ty {
            Type::Tuple(elements) => Pattern::Tuple(elements.iter().map(|ty| names(self, ty)).collect(), false),
            Type::Array(element, length) => Pattern::Array((0..*length).map(|_| names(self, element)).collect(), false),
            ty => names(self, ty),
        }
    }

    /// An option in a variable, and the type of what `Some` binds.
    pub(super) fn optional(&mut self) -> Option<(Expr, Type)> {
        let maybe = Type::Reference(Box::new(Type::Maybe));
        let real = Type::Reference(Box::new(Type::Real));
        let mut found = Vec::new();
        for (ty, inner) in [(Type::Choice, Type::Usize), (Type::Maybe, Type::Real), (maybe, real)] {
            found.extend(self.path(&ty).map(|path| (path, inner)));
        }
        if found.is_empty() {
            return None;
        }
        Some(found.swap_remove(self.rng.below(found.len())))
    }

    /// Something to match on, with patterns that cover it.
    pub(super) fn scrutinee(&mut self) -> (Expr, Vec<Case>) {
        if self.constructs.enums
            && self.rng.one_in(2)
            && let Some(found) = self.variants()
        {
            return found;
        }
        let name = names::variable(&mut self.rng);
        match self.rng.below(11) {
            8 => {
                let call = if self.rng.one_in(2) {
                    self.call(&Type::Maybe, 1)
                } else {
                    None
                };
                let found = match call {
                    Some(call) => Some((call, Type::Real)),
                    None => self.optional(),
                };
                if let Some((option, inner)) = found {
                    return (option, self.options(name, inner));
                }
            }
            9 => {
                let ty = self.result_type();
                // Patterns may borrow from what they take apart: it must not change.
                let hidden = std::mem::replace(&mut self.hidden, self.variables.len());
                let reference = Type::Reference(Box::new(ty.clone()));
                let (ty, path) = match self.path(&reference) {
                    Some(path) => (reference, Some(path)),
                    None => (ty.clone(), self.path(&ty)),
                };
                self.hidden = hidden;
                if let Some(path) = path {
                    return (path, vec![Case::parts(&ty, true), Case::parts(&ty, false)]);
                }
            }
            0 => {
                if let Some(kind) = self.path(&Type::Kind) {
                    return (kind, kinds(name));
                }
            }
            1 => {
                if let Some(choice) = self.path(&Type::Choice) {
                    return (choice, choices(name));
                }
            }
            2 => {
                let condition = self.condition(1);
                let cases = [true, false].map(|value| Case::plain(Pattern::Bool(value)));
                return (condition, cases.into());
            }
            3 => return self.real_cases(),
            4 => {
                let ty = Type::Tuple(vec![Type::Real, Type::Real]);
                let scrutinee = match self.path(&ty) {
                    Some(path) if self.rng.one_in(2) => path,
                    _ => Expr::Tuple(vec![self.sealed_real(1), self.sealed_real(0)]),
                };
                return (scrutinee, vec![Case::whole(&ty, true), Case::whole(&ty, false)]);
            }
            5 => {
                let ty = Type::Array(Box::new(Type::Real), 2);
                if let Some(path) = self.path(&ty) {
                    return (path, vec![Case::whole(&ty, true), Case::whole(&ty, false)]);
                }
            }
            _ => {}
        }
        self.integer_cases(name)
    }

    /// Patterns for an option: `Some(name)` with a guard and without, `None`.
    fn options(&mut self, name: String, inner: Type) -> Vec<Case> {
        let some = |guarded| Case {
            pattern: Shape::Ready(Pattern::TupleStruct("Some".to_owned(), vec![binding(&name)])),
            bound: vec![(name.clone(), inner.clone())],
            guarded,
        };
        let none = Case::plain(Pattern::Path("None".to_owned()));
        match self.rng.below(3) {
            0 => vec![some(true), some(false), none],
            1 => vec![none, some(true), Case::plain(Pattern::Wild)],
            _ => vec![none, some(false)],
        }
    }

    fn real_cases(&mut self) -> (Expr, Vec<Case>) {
        let scrutinee = self.sealed_real(1);
        let mut cases = Vec::new();
        if self.rng.one_in(2) {
            cases.push(Case::plain(Pattern::RealRange(None, Some(0.0))));
            cases.push(Case::plain(Pattern::RealRange(Some(0.0), Some(1.0))));
            cases.push(Case::plain(Pattern::Wild));
        } else {
            cases.push(Case::whole(&Type::Real, true));
            cases.push(Case::whole(&Type::Real, false));
        }
        (scrutinee, cases)
    }

    fn integer_cases(&mut self, name: String) -> (Expr, Vec<Case>) {
        let ty = if self.rng.one_in(2) { Type::Usize } else { Type::I32 };
        let scrutinee = self.integer(&ty, 1);
        let mut cases = Vec::new();
        for _ in 0..1 + self.rng.below(2) {
            let low = self.rng.between(0, 2);
            cases.push(match self.rng.below(5) {
                0 => Case::plain(Pattern::Int(low)),
                1 => Case::plain(Pattern::Or(vec![Pattern::Int(low), Pattern::Int(low + 2)])),
                2 => Case::plain(Pattern::IntRange(low, low + 1)),
                3 => Case {
                    pattern: Shape::Ready(Pattern::At(name.clone(), Box::new(Pattern::IntRange(low, low + 1)))),
                    bound: vec![(name.clone(), ty.clone())],
                    guarded: self.rng.one_in(2),
                },
                _ => Case {
                    pattern: Shape::Ready(binding(&name)),
                    bound: vec![(name.clone(), ty.clone())],
                    guarded: true,
                },
            });
        }
        cases.push(if self.rng.one_in(3) {
            Case {
                pattern: Shape::Ready(binding(&name)),
                bound: vec![(name, ty)],
                guarded: false,
            }
        } else {
            Case::plain(Pattern::Wild)
        });
        (scrutinee, cases)
    }
}

/// The call of a function, or of a method.
fn called(function: &Function, arguments: Vec<Expr>) -> Expr {
    let name = function.name.clone();
    match &function.owner {
        Some(_) => Expr::CallMethod(name, arguments),
        None => Expr::Call(name, arguments),
    }
}

/// A pattern of a `match`, what it binds, and whether it gets a guard.
pub(super) struct Case {
    pattern: Shape,
    bound: Vec<(String, Type)>,
    guarded: bool,
}

enum Shape {
    Ready(Pattern),
    /// Names for the parts of a value of this type.
    Whole(Type),
    /// A pattern of any depth that always matches.
    Parts(Type),
}

impl Case {
    pub(super) fn binding(pattern: Pattern, bound: Vec<(String, Type)>, guarded: bool) -> Self {
        Self {
            pattern: Shape::Ready(pattern),
            bound,
            guarded,
        }
    }

    pub(super) fn plain(pattern: Pattern) -> Self {
        Self {
            pattern: Shape::Ready(pattern),
            bound: Vec::new(),
            guarded: false,
        }
    }

    fn parts(ty: &Type, guarded: bool) -> Self {
        Self {
            pattern: Shape::Parts(ty.clone()),
            bound: Vec::new(),
            guarded,
        }
    }

    fn whole(ty: &Type, guarded: bool) -> Self {
        Self {
            pattern: Shape::Whole(ty.clone()),
            bound: Vec::new(),
            guarded,
        }
    }
}

pub(super) fn binding(name: &str) -> Pattern {
    Pattern::Name {
        name: name.to_owned(),
        mutable: false,
        by_reference: false,
    }
}

fn kinds(name: String) -> Vec<Case> {
    let scaled = |guarded| Case {
        pattern: Shape::Ready(Pattern::Struct(
            "Kind::Scaled".to_owned(),
            vec![("factor".to_owned(), binding("factor"))],
            false,
        )),
        bound: vec![("factor".to_owned(), Type::Real)],
        guarded,
    };
    vec![
        Case::plain(Pattern::Path("Kind::Linear".to_owned())),
        Case {
            pattern: Shape::Ready(Pattern::TupleStruct("Kind::Power".to_owned(), vec![binding(&name)])),
            bound: vec![(name, Type::I32)],
            guarded: false,
        },
        scaled(true),
        scaled(false),
    ]
}

fn choices(name: String) -> Vec<Case> {
    let some = |pattern| Pattern::TupleStruct("Some".to_owned(), vec![pattern]);
    vec![
        Case::plain(some(Pattern::Int(0))),
        Case {
            pattern: Shape::Ready(some(binding(&name))),
            bound: vec![(name, Type::Usize)],
            guarded: true,
        },
        Case::plain(Pattern::Wild),
    ]
}

/// Statements that only matter for the value that follows.
pub(super) fn statements(statements: Vec<Statement>) -> Block {
    Block {
        statements,
        value: None,
    }
}
