//! Random programs: well-typed by construction, the same for the same seed.
//!
//! Types and the borrow checker are respected while generating. That the values stay tame is not: programs whose values
//! are not finite or too large at the test's points are thrown away, and the next one is tried.

mod chain;
mod enumeration;
mod expression;
mod mutable;
mod names;
mod pattern;
mod statement;
mod types;

use crate::check;
use crate::program::{Entry, Function, Parameter, Pattern, Program, Type};
use crate::rng::Rng;

/// Parts of the language that can be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Labelled blocks, left by `break`.
    pub labelled_blocks: bool,
}

impl Features {
    /// All of them.
    pub const ALL: Self = Self { labelled_blocks: true };
}

/// Constructs that a program may have beside the ordinary ones. A third of the seeds have none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Constructs {
    /// Parameters by mutable reference.
    mutable: bool,
    /// Iterator chains.
    chains: bool,
    /// Enums with differentiable contents.
    enums: bool,
    /// Loops in loops, with labels.
    nests: bool,
    /// Methods of the structs.
    methods: bool,
    /// How many states loops keep.
    checkpoints: bool,
    /// `std::mem::swap` and the like, and `swap` of elements.
    memory: bool,
    /// Operators of the structs.
    operators: bool,
}

impl Constructs {
    /// Those that belong to a seed.
    fn of(seed: u64) -> Self {
        if seed.is_multiple_of(3) {
            return Self::default();
        }
        let mut rng = Rng::new(!seed);
        Self {
            mutable: rng.one_in(2),
            chains: rng.one_in(2),
            memory: rng.one_in(2),
            methods: rng.one_in(2),
            checkpoints: rng.one_in(3),
            enums: rng.one_in(3),
            nests: rng.one_in(3),
            operators: rng.one_in(2),
        }
    }
}

/// The program that belongs to a seed.
#[must_use]
pub fn program(seed: u64, features: Features) -> Program {
    let mut rng = Rng::new(seed);
    loop {
        let mut generator = Generator::new(rng.bits(), features);
        generator.constructs = Constructs::of(seed);
        let program = generator.program(seed);
        if check::is_tame(&program) {
            return program;
        }
    }
}

/// A variable in scope.
#[derive(Clone, Debug)]
struct Variable {
    name: String,
    ty: Type,
    mutable: bool,
    /// For a closure: the types of its parameters and of its result.
    signature: Option<(Vec<Type>, Type)>,
}

/// A loop around the current place.
#[derive(Clone, Debug)]
struct Loop {
    label: Option<String>,
    /// The type that `break` gives, if it gives one.
    value: Option<Type>,
    /// True for a labelled block, which has no `continue`.
    block: bool,
}

/// The state of the generation of one program.
struct Generator {
    rng: Rng,
    features: Features,
    constructs: Constructs,
    program: Program,
    /// The variables in scope, innermost last.
    variables: Vec<Variable>,
    /// The result's type of the function that is being made.
    result: Type,
    /// Nodes that may still be made in this function.
    budget: i64,
    /// Inside expressions that must not write to variables: a part of them is borrowed.
    borrowed: usize,
    /// Inside closures and conditions, which nothing may leave.
    closures: usize,
    /// Variables below this index may not be assigned to: they belong to the outside of a closure.
    barrier: usize,
    /// Mutable variables below this index may not be mentioned: a closure would borrow them.
    hidden: usize,
    /// Variables that may not be mentioned: they are borrowed mutably.
    frozen: Vec<String>,
    loops: Vec<Loop>,
    /// How many loops the next loop must have in it, one in the other.
    nesting: usize,
    /// Whether there may be a loop of many iterations yet.
    long: bool,
    /// While making the function that is differentiated from outside.
    main: bool,
    counters: usize,
}

impl Generator {
    fn new(seed: u64, features: Features) -> Self {
        Self {
            rng: Rng::new(seed),
            features,
            constructs: Constructs::default(),
            program: Program {
                seed,
                structs: Vec::new(),
                enums: Vec::new(),
                constants: Vec::new(),
                functions: Vec::new(),
                entry: Entry::Vjp,
            },
            variables: Vec::new(),
            result: Type::Real,
            budget: 0,
            borrowed: 0,
            closures: 0,
            barrier: 0,
            hidden: 0,
            frozen: Vec::new(),
            loops: Vec::new(),
            nesting: 0,
            long: false,
            main: false,
            counters: 0,
        }
    }

    fn program(mut self, seed: u64) -> Program {
        self.program.seed = seed;
        for _ in 0..self.rng.below(3) {
            self.structure();
        }
        if self.constructs.enums {
            for _ in 0..1 + self.rng.below(2) {
                self.enumeration();
            }
        }
        if (self.constructs.methods || self.constructs.operators) && self.program.structs.is_empty() {
            self.structure();
        }
        for _ in 0..self.rng.below(2) {
            let name = names::constant(&mut self.rng, &[]);
            let value = self.number();
            self.program.constants.push((name, value));
        }
        for _ in 0..self.rng.weighted(&[3, 3, 2, 1]) {
            let budget = self.rng.between(5, 40);
            let ty = if self.rng.one_in(8) {
                Type::Maybe
            } else {
                self.function_type(false)
            };
            self.function(budget, ty, false);
            if self.constructs.methods {
                self.method();
            }
            if self.constructs.operators {
                self.operator();
            }
        }
        if self.constructs.operators {
            self.operator();
        }
        if self.constructs.methods {
            self.method();
        }
        let budget = self.rng.between(20, 160);
        let ty = self.function_type(true);
        self.function(budget, ty, true);
        let scalar = self.program.main().result == Type::Real;
        let parameters = &self.program.main().parameters;
        // A buffer for an option must know its variant.
        let fixed = parameters
            .iter()
            .all(|parameter| *parameter.ty.referent() != Type::Maybe);
        let writes = parameters
            .iter()
            .any(|parameter| matches!(parameter.ty, Type::Mutable(_)));
        self.program.entry = match self.rng.below(3) {
            0 if scalar && fixed => Entry::ValueAndGradInto,
            // The pullback of `vjp` would take cotangents of what is written to.
            1 if scalar => Entry::ValueAndGrad,
            _ if writes => Entry::ValueAndGrad,
            _ => Entry::Vjp,
        };
        self.program
    }

    fn function_type(&mut self, main: bool) -> Type {
        if !main
            && self.constructs.enums
            && self.rng.one_in(5)
            && let Some(ty) = self.an_enum()
        {
            return ty;
        }
        if self.rng.one_in(4) {
            self.result_type()
        } else {
            Type::Real
        }
    }

    /// Adds a function that gives this type, or nothing but what it writes. The last one is the `main` one.
    fn function(&mut self, budget: i64, result: Type, main: bool) {
        let taken: Vec<_> = self.program.functions.iter().map(|function| &*function.name).collect();
        let name = names::function(&mut self.rng, &taken);
        self.add(name, None, budget, result, main);
    }

    /// Adds a method of one of the structs, by value, by reference or by mutable reference.
    fn method(&mut self) {
        let taken: Vec<_> = self.program.functions.iter().map(|function| &*function.name).collect();
        let name = names::method(&mut self.rng, &taken);
        let owner = self.rng.pick(&self.program.structs).name.clone();
        let own = Type::Struct(owner.clone());
        let (ty, mutable) = match self.rng.below(5) {
            0 => (own, self.rng.one_in(2)),
            1 | 2 => (Type::Reference(Box::new(own)), false),
            _ => (Type::Mutable(Box::new(own)), false),
        };
        let receiver = Parameter {
            pattern: Pattern::Name {
                name: "self".to_owned(),
                mutable,
                by_reference: false,
            },
            ty,
            no_diff: false,
        };
        let budget = self.rng.between(5, 30);
        let result = if self.rng.one_in(6) {
            Type::Struct(owner)
        } else {
            self.function_type(false)
        };
        self.add(name, Some(receiver), budget, result, false);
    }

    /// Adds an operator of one of the structs, between two of them or with a scalar.
    fn operator(&mut self) {
        let taken: Vec<_> = self.program.functions.iter().map(|function| &*function.name).collect();
        let Some(name) = names::operation(&mut self.rng, &taken) else {
            return;
        };
        let owner = self.rng.pick(&self.program.structs).name.clone();
        let own = Type::Struct(owner.clone());
        let other = if self.rng.one_in(2) { own.clone() } else { Type::Real };
        self.variables.clear();
        self.main = false;
        self.long = false;
        self.budget = self.rng.between(5, 30);
        for (name, _) in self.program.constants.clone() {
            self.declare(&name, Type::Real, false);
        }
        let mutable = self.rng.one_in(2);
        self.declare("self", own.clone(), mutable);
        let second = self.parameter_name("x");
        self.declare(&second, other.clone(), false);
        let parameter = |name: String, mutable, ty| Parameter {
            pattern: Pattern::Name {
                name,
                mutable,
                by_reference: false,
            },
            ty,
            no_diff: false,
        };
        self.result = own.clone();
        let body = self.body(&own);
        let checkpoints = self.checkpoints();
        self.program.functions.push(Function {
            name: name.to_owned(),
            checkpoints,
            owner: Some(owner),
            parameters: vec![
                parameter("self".to_owned(), mutable, own.clone()),
                parameter(second, false, other),
            ],
            result: own,
            body,
        });
    }

    fn add(&mut self, name: String, receiver: Option<Parameter>, budget: i64, mut result: Type, main: bool) {
        self.variables.clear();
        self.main = main;
        self.long = main && self.constructs.checkpoints;
        self.budget = budget;
        for (name, _) in self.program.constants.clone() {
            self.declare(&name, Type::Real, false);
        }
        let owner = receiver.as_ref().and_then(|receiver| match receiver.ty.referent() {
            Type::Struct(name) => Some(name.clone()),
            _ => None,
        });
        if let Some(receiver) = &receiver {
            let mutable = match (&receiver.ty, &receiver.pattern) {
                (Type::Mutable(_), _) => true,
                (_, Pattern::Name { mutable, .. }) => *mutable,
                _ => false,
            };
            self.declare("self", receiver.ty.clone(), mutable);
        }
        let mut parameters = Vec::from_iter(receiver);
        for _ in 0..=self.rng.weighted(&[2, 4, 3, 1]) {
            // Methods cannot write to something beside the receiver yet.
            let writes = owner.is_none() && (!main || result == Type::Real);
            parameters.push(self.parameter(writes));
        }
        if !parameters.iter().any(Parameter::is_active) {
            let name = self.parameter_name("x");
            self.declare(&name, Type::Real, false);
            parameters.push(Parameter {
                pattern: Pattern::Name {
                    name,
                    mutable: false,
                    by_reference: false,
                },
                ty: Type::Real,
                no_diff: false,
            });
        }
        let writes = parameters
            .iter()
            .any(|parameter| matches!(parameter.ty, Type::Mutable(_)));
        if writes && !main && self.rng.one_in(3) {
            result = Type::Unit;
        }
        self.result = result.clone();
        let body = self.body(&result);
        let checkpoints = self.checkpoints();
        self.program.functions.push(Function {
            name,
            checkpoints,
            owner,
            parameters,
            result,
            body,
        });
    }

    /// What the attribute of a function says about checkpoints.
    fn checkpoints(&mut self) -> Option<&'static str> {
        if !self.constructs.checkpoints || self.rng.one_in(3) {
            return None;
        }
        Some(*self.rng.pick(&["1", "2", "3", "all"]))
    }

    /// A parameter; perhaps one that is written to.
    fn parameter(&mut self, writes: bool) -> Parameter {
        if self.constructs.mutable && writes && self.rng.one_in(3) {
            return self.mutable_parameter();
        }
        let mut ty = self.parameter_type();
        let no_diff = ty == Type::Kind || (!ty.is_discrete() && self.rng.one_in(12));
        if ty != Type::Kind && self.rng.one_in(3) {
            ty = Type::Reference(Box::new(ty));
        }
        let plain = no_diff || self.rng.one_in(2) || matches!(ty.referent(), Type::Real | Type::Kind);
        let pattern = if plain || ty.is_discrete() {
            let mutable = !matches!(ty, Type::Reference(_)) && self.rng.one_in(4);
            let name = self.parameter_name("x");
            self.declare(&name, ty.clone(), mutable);
            Pattern::Name {
                name,
                mutable,
                by_reference: false,
            }
        } else {
            self.irrefutable(&ty, 2, true)
        };
        Parameter { pattern, ty, no_diff }
    }

    /// A name that no other parameter has.
    fn parameter_name(&mut self, or: &str) -> String {
        for _ in 0..20 {
            let name = names::variable(&mut self.rng);
            if !self.variables.iter().any(|variable| variable.name == name) {
                return name;
            }
        }
        self.counters += 1;
        format!("{or}_{}", self.counters + 100)
    }

    fn declare(&mut self, name: &str, ty: Type, mutable: bool) {
        self.variables.push(Variable {
            name: name.to_owned(),
            ty,
            mutable,
            signature: None,
        });
    }

    /// The variables that are not shadowed.
    fn visible(&self) -> Vec<Variable> {
        let mut found: Vec<(bool, Variable)> = Vec::new();
        for (index, variable) in self.variables.iter().enumerate().rev() {
            if !found.iter().any(|(_, inner)| inner.name == variable.name) {
                let by_reference = matches!(variable.ty, Type::Mutable(_));
                let hidden = (variable.mutable && index < self.hidden)
                    || (by_reference && index < self.barrier)
                    || self.frozen.contains(&variable.name);
                found.push((!hidden, variable.clone()));
            }
        }
        found.retain(|(shown, _)| *shown);
        found.into_iter().map(|(_, variable)| variable).collect()
    }

    /// Generates in a scope of its own.
    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.variables.len();
        let made = inside(self);
        self.variables.truncate(outer);
        made
    }

    /// Generates where nothing may be written to.
    fn without_writes<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.borrowed += 1;
        let made = inside(self);
        self.borrowed -= 1;
        made
    }

    /// A number of moderate size, often a round one.
    fn number(&mut self) -> f64 {
        const ROUND: &[f64] = &[0.5, 1.0, 2.0, 3.0, 0.25, 1.5, -1.0, 0.1, 2.5, -0.5];
        if self.rng.one_in(2) {
            *self.rng.pick(ROUND)
        } else {
            (self.rng.unit() * 300.0).round() / 100.0
        }
    }
}
