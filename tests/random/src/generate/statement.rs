//! Statements.

use super::expression::{binary, binding, statements, variable};
use super::{Generator, Loop, names};
use crate::interpret::value::is_place;
use crate::program::{Block, Comparison, Expr, Items, Operator, Pattern, Statement, Type};

impl Generator {
    /// A function's body.
    pub(super) fn body(&mut self, result: &Type) -> Block {
        let mut made = Vec::new();
        let reserve = self.budget / 4;
        while self.budget > reserve {
            self.statement(3, &mut made);
        }
        self.budget = reserve.max(4);
        let value = self.value(result, 4, true);
        Block {
            statements: made,
            value: Some(Box::new(value)),
        }
    }

    /// A statement, or a few that belong together.
    pub(super) fn statement(&mut self, depth: usize, made: &mut Vec<Statement>) {
        self.budget -= 1;
        let nested = 4 * usize::from(depth > 0 && self.budget > 0);
        let open = usize::from(self.closures == 0);
        let writes = usize::from(self.borrowed == 0);
        let labelled = if self.features.labelled_blocks { nested / 2 } else { 0 };
        let weights = [
            20,
            16 * writes,
            nested,
            nested,
            nested / 2 * open,
            3,
            1,
            nested / 4,
            2 * writes,
            1,
            3,
            2 * writes,
            open,
            3,
            2 * nested,
            8 * writes,
            labelled,
            10 * writes * usize::from(self.constructs.mutable),
            14 * writes * usize::from(self.constructs.memory),
            3 * nested * writes * usize::from(self.constructs.nests),
            8 * writes * usize::from(self.long && self.loops.is_empty() && self.closures == 0),
        ];
        let statement = match self.rng.weighted(&weights) {
            0 => self.local(depth),
            1 => self.assignment(depth),
            2 => Some(self.branch(depth)),
            3 => Some(self.match_statement(depth)),
            4 => Some(self.early_return(depth)),
            5 => Some(self.closure_definition(depth)),
            6 => Some(self.constant()),
            7 => Some(Statement::Expr(Expr::Block(
                None,
                self.block(None, 3, depth.saturating_sub(1), false),
            ))),
            8 => return self.deferred(depth, made),
            9 => Some(Statement::Assert(Expr::Logic(
                false,
                Box::new(self.condition(1)),
                Box::new(Expr::Bool(true)),
            ))),
            10 => self.local_reference(),
            11 => self.swap(depth),
            12 => self.let_else(depth),
            13 => return self.counting(depth, made),
            14 => return self.active_loop(depth, made),
            15 => self.write_to_part(depth),
            16 => Some(self.labelled_block(depth)),
            17 => self.call_for_effect(depth),
            18 => self.memory(depth),
            19 => return self.nest(depth, made),
            _ => return self.long_loop(made),
        };
        made.extend(statement);
    }

    /// `let pattern: ty = value;`
    pub(super) fn local(&mut self, depth: usize) -> Option<Statement> {
        let ty = self.local_type();
        let annotated = self.rng.one_in(4) || matches!(ty, Type::Usize | Type::I32 | Type::Maybe);
        let mut init = self.value(&ty, depth, annotated);
        if self.rng.one_in(14) {
            return Some(Statement::Let {
                pattern: Pattern::Wild,
                ty: annotated.then_some(ty),
                init: Some(init),
                otherwise: None,
            });
        }
        let pattern = if matches!(ty, Type::Real | Type::Usize | Type::Bool) || self.rng.one_in(2) {
            let name = names::variable(&mut self.rng);
            let mutable = self.rng.one_in(2);
            self.declare(&name, ty.clone(), mutable);
            Pattern::Name {
                name,
                mutable,
                by_reference: false,
            }
        } else {
            self.irrefutable(&ty, 2, false)
        };
        if binds_references(&pattern) && is_place(&init) {
            // What is borrowed must not change: borrow a copy.
            init = Expr::Block(
                None,
                Block {
                    statements: Vec::new(),
                    value: Some(Box::new(init)),
                },
            );
        }
        Some(Statement::Let {
            pattern,
            ty: annotated.then_some(ty),
            init: Some(init),
            otherwise: None,
        })
    }

    /// `let r = &x;`, of something that never changes.
    fn local_reference(&mut self) -> Option<Statement> {
        let ty = if self.rng.one_in(3) {
            self.local_type()
        } else {
            Type::Real
        };
        let hidden = std::mem::replace(&mut self.hidden, self.variables.len());
        let path = self.path(&ty);
        self.hidden = hidden;
        let init = match path {
            Some(path) => Expr::Borrow(Box::new(path)),
            None => Expr::Borrow(Box::new(binary(
                Operator::Add,
                Expr::Real(0.5, true),
                self.path(&Type::Real).unwrap_or(Expr::Real(1.5, true)),
            ))),
        };
        let inner = match &init {
            Expr::Borrow(inner) if is_place(inner) => ty,
            _ => Type::Real,
        };
        let name = names::variable(&mut self.rng);
        self.declare(&name, Type::Reference(Box::new(inner)), false);
        Some(Statement::Let {
            pattern: binding(&name),
            ty: None,
            init: Some(init),
            otherwise: None,
        })
    }

    /// The variables that may be assigned to, and what is behind mutable references.
    pub(super) fn assignable(&self) -> Vec<(Expr, Type)> {
        if self.borrowed > 0 {
            return Vec::new();
        }
        let beyond = |name: &str| {
            let position = self.variables.iter().rposition(|known| known.name == name);
            position.is_some_and(|position| position >= self.barrier)
        };
        self.visible()
            .into_iter()
            .filter(|known| known.mutable && known.signature.is_none() && beyond(&known.name))
            .map(|known| match known.ty {
                Type::Mutable(inner) => (Expr::Dereference(Box::new(variable(&known.name))), *inner),
                ty => (variable(&known.name), ty),
            })
            .collect()
    }

    fn assignment(&mut self, depth: usize) -> Option<Statement> {
        let targets = self.assignable();
        if targets.is_empty() {
            return self.local(depth);
        }
        let (place, ty) = self.rng.pick(&targets).clone();
        if ty == Type::Real && self.rng.one_in(2) {
            return Some(self.compound(place, depth));
        }
        // What has no derivative, behind a reference, gets nothing that asks for active values.
        let discrete = matches!(place, Expr::Dereference(_)) && ty.is_discrete();
        let value = self.value(&ty, if discrete { 0 } else { depth }, true);
        Some(Statement::Assign {
            place,
            operator: None,
            value,
        })
    }

    /// `x += value;`
    fn compound(&mut self, place: Expr, depth: usize) -> Statement {
        let operator = *self.rng.pick(&[
            Operator::Add,
            Operator::Sub,
            Operator::Mul,
            Operator::Add,
            Operator::Div,
        ]);
        let value = match operator {
            Operator::Div => Expr::Real(1.5 + self.rng.below(3) as f64, false),
            Operator::Mul => Expr::Method(
                "sin".to_owned(),
                Box::new(self.value(&Type::Real, depth, false)),
                Vec::new(),
            ),
            _ => self.value(&Type::Real, depth, true),
        };
        Statement::Assign {
            place,
            operator: Some(operator),
            value,
        }
    }

    /// `a[i] = value;`, `p.x += value;`
    pub(super) fn write_to_part(&mut self, depth: usize) -> Option<Statement> {
        let targets: Vec<_> = self
            .assignable()
            .into_iter()
            .filter(|(_, ty)| matches!(ty, Type::Array(..) | Type::Tuple(_) | Type::Struct(_)))
            .collect();
        if targets.is_empty() {
            let ty = self.result_type();
            let init = self.value(&ty, depth, false);
            let name = names::variable(&mut self.rng);
            self.declare(&name, ty, true);
            return Some(Statement::Let {
                pattern: Pattern::Name {
                    name,
                    mutable: true,
                    by_reference: false,
                },
                ty: None,
                init: Some(init),
                otherwise: None,
            });
        }
        let (mut place, mut ty) = self.rng.pick(&targets).clone();
        if matches!(place, Expr::Dereference(_)) {
            place = self.projected(place);
        }
        loop {
            (place, ty) = match ty {
                Type::Array(element, length) => {
                    let index = self.index(length);
                    (Expr::Index(Box::new(place), Box::new(index)), *element)
                }
                Type::Tuple(elements) => {
                    let index = self.rng.below(elements.len());
                    (Expr::Field(Box::new(place), index.to_string()), elements[index].clone())
                }
                Type::Struct(name) => {
                    let fields = self.program.structure(&name)?.fields.clone();
                    let field = self.rng.pick(&fields).clone();
                    (Expr::Field(Box::new(place), field.name), field.ty)
                }
                _ => break,
            };
            if ty != Type::Real && self.rng.one_in(4) {
                break;
            }
        }
        if ty == Type::Real && self.rng.one_in(2) {
            return Some(self.compound(place, depth));
        }
        let value = self.value(&ty, depth, true);
        Some(Statement::Assign {
            place,
            operator: None,
            value,
        })
    }

    /// `(a, b) = (b, a);`
    fn swap(&mut self, depth: usize) -> Option<Statement> {
        let targets: Vec<_> = self
            .assignable()
            .into_iter()
            .filter(|(_, ty)| *ty == Type::Real)
            .collect();
        if targets.len() < 2 {
            return self.local(depth);
        }
        let first = self.rng.below(targets.len());
        let second = (first + 1) % targets.len();
        let places = [first, second].map(|index| targets[index].0.clone());
        let values = if self.rng.one_in(2) {
            vec![places[1].clone(), places[0].clone()]
        } else {
            self.without_writes(|generator| vec![generator.real(1, true), generator.real(1, true)])
        };
        Some(Statement::Assign {
            place: Expr::Tuple(places.into()),
            operator: None,
            value: Expr::Tuple(values),
        })
    }

    fn branch(&mut self, depth: usize) -> Statement {
        let depth = depth - 1;
        let condition = self.condition(1);
        let then = self.block(None, 3, depth, false);
        let otherwise = match self.rng.below(4) {
            0 => None,
            1 if depth > 0 => match self.branch(depth) {
                Statement::Expr(nested) => Some(statements(vec![Statement::Expr(nested)])),
                _ => None,
            },
            _ => Some(self.block(None, 3, depth, false)),
        };
        Statement::Expr(Expr::If(Box::new(condition), then, otherwise))
    }

    fn match_statement(&mut self, depth: usize) -> Statement {
        let depth = depth - 1;
        let (scrutinee, cases) = self.scrutinee();
        Statement::Expr(self.arms(scrutinee, cases, &mut |generator, _| {
            let leaves = generator.closures == 0 && generator.rng.one_in(8);
            Expr::Block(None, generator.effects(2, depth, leaves))
        }))
    }

    /// `if condition { …; return value; }`
    fn early_return(&mut self, depth: usize) -> Statement {
        let condition = self.condition(1);
        let then = self.effects(1, depth.saturating_sub(1), true);
        let otherwise = self.rng.one_in(4).then(|| self.block(None, 2, depth - 1, false));
        Statement::Expr(Expr::If(Box::new(condition), then, otherwise))
    }

    /// A block of statements, the last of which leaves if wanted.
    fn effects(&mut self, count: usize, depth: usize, leaves: bool) -> Block {
        self.scoped(|generator| {
            let mut made = Vec::new();
            for _ in 0..generator.rng.below(count + 1) {
                generator.statement(depth, &mut made);
            }
            if leaves {
                made.push(Statement::Expr(generator.leave(depth)));
            }
            statements(made)
        })
    }

    fn closure_definition(&mut self, depth: usize) -> Statement {
        let (closure, types) = self.closure(depth.min(2));
        let name = names::variable(&mut self.rng);
        self.declare(&name, Type::Unit, false);
        if let Some(declared) = self.variables.last_mut() {
            declared.signature = Some((types, Type::Real));
        }
        Statement::Closure { name, closure }
    }

    fn constant(&mut self) -> Statement {
        let taken: Vec<_> = self.variables.iter().map(|known| &*known.name).collect();
        let name = names::constant(&mut self.rng, &taken);
        let value = self.number();
        self.declare(&name, Type::Real, false);
        Statement::Constant(name, value)
    }

    /// `let c; … c = value;`
    fn deferred(&mut self, depth: usize, made: &mut Vec<Statement>) {
        let name = names::variable(&mut self.rng);
        let annotated = self.rng.one_in(2);
        let branches = annotated && self.rng.one_in(2);
        let assign = |value| Statement::Assign {
            place: variable(&name),
            operator: None,
            value,
        };
        // The old variable of this name, if any, is shadowed from the declaration on.
        self.declare(&name, Type::Unit, false);
        let assignment = if branches {
            let condition = self.condition(1);
            let [then, otherwise] = [(), ()].map(|()| statements(vec![assign(self.value(&Type::Real, depth, true))]));
            Statement::Expr(Expr::If(Box::new(condition), then, Some(otherwise)))
        } else {
            assign(self.value(&Type::Real, depth, annotated))
        };
        made.push(Statement::Let {
            pattern: binding(&name),
            ty: annotated.then_some(Type::Real),
            init: None,
            otherwise: None,
        });
        made.push(assignment);
        self.declare(&name, Type::Real, false);
    }

    /// `let Some(k) = choice else { return value; };`
    fn let_else(&mut self, depth: usize) -> Option<Statement> {
        let Some((choice, inner)) = self.optional() else {
            return self.local(depth);
        };
        let leave = Statement::Expr(self.leave(depth));
        let name = names::variable(&mut self.rng);
        self.declare(&name, inner, false);
        Some(Statement::Let {
            pattern: Pattern::TupleStruct("Some".to_owned(), vec![binding(&name)]),
            ty: None,
            init: Some(choice),
            otherwise: Some(statements(vec![leave])),
        })
    }

    /// A loop over integers, through which no derivative flows.
    fn counting(&mut self, depth: usize, made: &mut Vec<Statement>) {
        let counter = names::variable(&mut self.rng);
        let index = self.fresh("i");
        let end = self.integer(&Type::Usize, 0);
        let end = binary(Operator::Rem, end, Expr::Int(4, None));
        let add = Statement::Assign {
            place: variable(&counter),
            operator: Some(Operator::Add),
            value: variable(&index),
        };
        let body = statements(vec![add]);
        made.push(Statement::Let {
            pattern: Pattern::Name {
                name: counter.clone(),
                mutable: true,
                by_reference: false,
            },
            ty: None,
            init: Some(Expr::Int(self.rng.between(0, 2), Some(Type::Usize))),
            otherwise: None,
        });
        // If the end mentions a variable of the counter's name, it means the counter.
        let zero = Expr::Int(0, None);
        let shadowed = mentions(&end, &counter);
        let end = if shadowed { Expr::Int(3, None) } else { end };
        made.push(Statement::Expr(Expr::For(
            None,
            index,
            Box::new(zero),
            Box::new(end),
            self.rng.one_in(4),
            body,
        )));
        self.declare(&counter, Type::Usize, depth > 1);
    }

    // ----- loops over active values

    fn fresh(&mut self, prefix: &str) -> String {
        self.counters += 1;
        format!("{prefix}_{}", self.counters)
    }

    fn within<T>(&mut self, around: Loop, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.loops.push(around);
        let made = self.scoped(inside);
        self.loops.pop();
        made
    }

    /// Loops in loops.
    fn nest(&mut self, depth: usize, made: &mut Vec<Statement>) {
        self.nesting = 1 + self.rng.below(2);
        self.active_loop(depth, made);
        self.nesting = 0;
    }

    /// A loop of so many iterations that not all of them are recorded. What it carries stays small.
    fn long_loop(&mut self, made: &mut Vec<Statement>) {
        self.long = false;
        let name = names::variable(&mut self.rng);
        let init = self.value(&Type::Real, 1, false);
        self.declare(&name, Type::Real, true);
        made.push(Statement::Let {
            pattern: Pattern::Name {
                name: name.clone(),
                mutable: true,
                by_reference: false,
            },
            ty: None,
            init: Some(init),
            otherwise: None,
        });
        let index = self.fresh("i");
        let low = Expr::Int(0, Some(Type::Usize));
        let high = Expr::Int(self.rng.between(200, 800), None);
        let around = Loop {
            label: None,
            value: None,
            block: false,
        };
        let body = self.within(around, |generator| {
            generator.declare(&index, Type::Usize, false);
            let mut body = Vec::new();
            for _ in 0..1 + generator.rng.below(2) {
                body.extend(generator.contraction());
            }
            generator.statement(0, &mut body);
            if generator.rng.one_in(3) {
                let condition = generator.condition(1);
                let leave = statements(vec![Statement::Expr(generator.jump(0))]);
                body.push(Statement::Expr(Expr::If(Box::new(condition), leave, None)));
            }
            body.extend(generator.contraction());
            statements(body)
        });
        made.push(Statement::Expr(Expr::For(
            None,
            index,
            Box::new(low),
            Box::new(high),
            false,
            body,
        )));
    }

    /// `x = x * 0.5 + value.sin();`
    fn contraction(&mut self) -> Option<Statement> {
        let places = self.mutable_places(&Type::Real);
        if places.is_empty() {
            return None;
        }
        let place = self.rng.pick(&places).1.clone();
        let value = self.real(1, false);
        let sine = Expr::Method("sin".to_owned(), Box::new(value), Vec::new());
        let half = binary(Operator::Mul, place.clone(), Expr::Real(0.5, false));
        Some(Statement::Assign {
            place,
            operator: None,
            value: binary(Operator::Add, half, sine),
        })
    }

    fn active_loop(&mut self, depth: usize, made: &mut Vec<Statement>) {
        // Something that the loop carries.
        if !self.assignable().iter().any(|(_, ty)| *ty == Type::Real) {
            let name = names::variable(&mut self.rng);
            let init = self.value(&Type::Real, 1, false);
            self.declare(&name, Type::Real, true);
            made.push(Statement::Let {
                pattern: Pattern::Name {
                    name,
                    mutable: true,
                    by_reference: false,
                },
                ty: None,
                init: Some(init),
                otherwise: None,
            });
        }
        let label = (self.nesting > 0 || self.rng.one_in(4)).then(|| self.fresh("outer"));
        let depth = depth.saturating_sub(1);
        match self.rng.below(7) {
            0 => self.while_loop(label, depth, made),
            1 => self.endless_loop(label, depth, made),
            2 => self.while_let(label, depth, made),
            3 | 4 => self.each(label, depth, made),
            _ => self.for_loop(label, depth, made),
        }
    }

    /// `for x in array`, `for (i, (x, y)) in a.iter().zip(b.iter()).enumerate()`
    fn each(&mut self, label: Option<String>, depth: usize, made: &mut Vec<Statement>) {
        if self.rng.one_in(2) {
            let length = 2 + self.rng.below(3);
            let ty = Type::Array(Box::new(Type::Real), length);
            let init = self.value(&ty, 1, false);
            let name = names::variable(&mut self.rng);
            self.declare(&name, ty, false);
            made.push(Statement::Let {
                pattern: binding(&name),
                ty: None,
                init: Some(init),
                otherwise: None,
            });
        }
        let Some((items, item)) = self.items() else {
            return self.for_loop(label, depth, made);
        };
        let around = Loop {
            label: label.clone(),
            value: None,
            block: false,
        };
        let (pattern, body) = self.within(around, |generator| {
            let pattern = generator.item(&item);
            (pattern, generator.loop_body(depth, Vec::new()))
        });
        made.push(Statement::Expr(Expr::ForEach(label, pattern, items, body)));
    }

    /// Arrays to iterate over, and the type of the items.
    fn items(&mut self) -> Option<(Items, Type)> {
        if self.rng.one_in(4) {
            let (array, element, _) = self.array_in_a_variable()?;
            return Some((Items::Array(Box::new(array)), element));
        }
        // What is borrowed must not change in the loop.
        let hidden = std::mem::replace(&mut self.hidden, self.variables.len());
        if self.constructs.chains && self.rng.one_in(2) {
            let found = self.without_writes(|generator| generator.chain_items(1));
            self.hidden = hidden;
            return Some(found);
        }
        let found = self.array_in_a_variable();
        let second = if self.rng.one_in(3) {
            self.array_in_a_variable()
        } else {
            None
        };
        self.hidden = hidden;
        let (array, element, length) = found?;
        let mut item = Type::Reference(Box::new(element));
        if second.is_none() && self.rng.one_in(4) {
            return Some((Items::Array(Box::new(Expr::Borrow(Box::new(array)))), item));
        }
        let mut items = Items::Iter(Box::new(array));
        let rev = |generator: &mut Self, items| match generator.rng.one_in(4) {
            true => Items::Rev(Box::new(items)),
            false => items,
        };
        items = rev(self, items);
        if let Some((array, element, other)) = second {
            // Backwards, arrays of different lengths pair up from their ends.
            let others = rev(self, Items::Iter(Box::new(array)));
            items = Items::Zip(Box::new(items), Box::new(others));
            item = Type::Tuple(vec![item, Type::Reference(Box::new(element))]);
            if length == other {
                items = rev(self, items);
            }
        }
        if self.rng.one_in(3) {
            items = Items::Enumerate(Box::new(items));
            item = Type::Tuple(vec![Type::Usize, item]);
            items = rev(self, items);
        }
        Some((items, item))
    }

    /// A place that holds an array, with the type and the number of its elements.
    pub(super) fn array_in_a_variable(&mut self) -> Option<(Expr, Type, usize)> {
        let mut found = Vec::new();
        for length in 2..5 {
            let nested = Type::Array(Box::new(Type::Real), 2);
            let structure = self
                .program
                .structs
                .first()
                .map(|first| Type::Struct(first.name.clone()));
            for element in [Some(Type::Real), Some(nested), structure].into_iter().flatten() {
                let ty = Type::Array(Box::new(element.clone()), length);
                found.extend(self.path(&ty).map(|path| (path, element, length)));
            }
        }
        if found.is_empty() {
            return None;
        }
        Some(found.swap_remove(self.rng.below(found.len())))
    }

    /// `let mut m = Some(value); while let Some(x) = m { k += 1; if k > n { break; } …; m = value; }`
    fn while_let(&mut self, label: Option<String>, depth: usize, made: &mut Vec<Statement>) {
        let (counter, name) = (self.fresh("k"), names::variable(&mut self.rng));
        made.push(zero(&counter));
        let init = self.value(&Type::Maybe, 1, true);
        made.push(Statement::Let {
            pattern: Pattern::Name {
                name: name.clone(),
                mutable: true,
                by_reference: false,
            },
            ty: Some(Type::Maybe),
            init: Some(init),
            otherwise: None,
        });
        self.declare(&counter, Type::Usize, false);
        self.declare(&name, Type::Maybe, true);
        let around = Loop {
            label: label.clone(),
            value: None,
            block: false,
        };
        let bound = Expr::Int(self.rng.between(1, 4), None);
        let over = Expr::Compare(Comparison::Greater, Box::new(variable(&counter)), Box::new(bound));
        let (inner, body) = self.within(around, |generator| {
            let inner = names::variable(&mut generator.rng);
            generator.declare(&inner, Type::Real, false);
            let leave = statements(vec![Statement::Expr(Expr::Break(None, None))]);
            let mut first = vec![
                increment(&counter),
                Statement::Expr(Expr::If(Box::new(over), leave, None)),
            ];
            if inner != name {
                first.push(Statement::Assign {
                    place: variable(&name),
                    operator: None,
                    value: generator.value(&Type::Maybe, 1, true),
                });
            }
            let body = generator.loop_body(depth, first);
            (inner, body)
        });
        let pattern = Pattern::TupleStruct("Some".to_owned(), vec![binding(&inner)]);
        made.push(Statement::Expr(Expr::WhileLet(
            label,
            pattern,
            Box::new(variable(&name)),
            body,
        )));
    }

    fn loop_body(&mut self, depth: usize, first: Vec<Statement>) -> Block {
        let mut inside = first;
        if self.nesting > 0 {
            self.nesting -= 1;
            inside.extend(self.assignment(depth.min(1)));
            self.active_loop(depth, &mut inside);
            if self.closures == 0 && self.rng.one_in(2) {
                let condition = self.condition(1);
                let leave = statements(vec![Statement::Expr(self.jump(depth))]);
                inside.push(Statement::Expr(Expr::If(Box::new(condition), leave, None)));
            }
            inside.extend(self.assignment(depth.min(1)));
            return statements(inside);
        }
        for _ in 0..1 + self.rng.below(3) {
            self.statement(depth, &mut inside);
        }
        inside.extend(self.assignment(depth));
        statements(inside)
    }

    fn for_loop(&mut self, label: Option<String>, depth: usize, made: &mut Vec<Statement>) {
        let index = if self.rng.one_in(2) {
            names::variable(&mut self.rng)
        } else {
            self.fresh("i")
        };
        let low = Expr::Int(self.rng.between(0, 2), Some(Type::Usize));
        let end = self.integer(&Type::Usize, 0);
        let high = match self.rng.below(3) {
            0 => Expr::Int(self.rng.between(0, 5), None),
            _ => binary(Operator::Rem, end, Expr::Int(6, None)),
        };
        let around = Loop {
            label: label.clone(),
            value: None,
            block: false,
        };
        let body = self.within(around, |generator| {
            generator.declare(&index, Type::Usize, false);
            generator.loop_body(depth, Vec::new())
        });
        let inclusive = self.rng.one_in(4);
        made.push(Statement::Expr(Expr::For(
            label,
            index,
            Box::new(low),
            Box::new(high),
            inclusive,
            body,
        )));
    }

    /// `let mut k = 0; while k < n && condition { k += 1; … }`
    fn while_loop(&mut self, label: Option<String>, depth: usize, made: &mut Vec<Statement>) {
        let counter = self.fresh("k");
        made.push(zero(&counter));
        self.declare(&counter, Type::Usize, false);
        let bound = Expr::Int(self.rng.between(1, 5), None);
        let counting = Expr::Compare(Comparison::Less, Box::new(variable(&counter)), Box::new(bound));
        let condition = match self.rng.below(2) {
            0 => counting,
            _ => Expr::Logic(true, Box::new(counting), Box::new(self.condition(1))),
        };
        let around = Loop {
            label: label.clone(),
            value: None,
            block: false,
        };
        let body = self.within(around, |generator| {
            generator.loop_body(depth, vec![increment(&counter)])
        });
        made.push(Statement::Expr(Expr::While(label, Box::new(condition), body)));
    }

    /// `let v = loop { k += 1; if k > n { break value; } … };`
    fn endless_loop(&mut self, label: Option<String>, depth: usize, made: &mut Vec<Statement>) {
        let counter = self.fresh("k");
        made.push(zero(&counter));
        self.declare(&counter, Type::Usize, false);
        let value = self.rng.one_in(2).then_some(Type::Real);
        let around = Loop {
            label: label.clone(),
            value: value.clone(),
            block: false,
        };
        let bound = Expr::Int(self.rng.between(1, 4), None);
        let over = Expr::Compare(Comparison::Greater, Box::new(variable(&counter)), Box::new(bound));
        let body = self.within(around, |generator| {
            let value = value.as_ref().map(|ty| Box::new(generator.value(ty, 1, false)));
            let leave = statements(vec![Statement::Expr(Expr::Break(None, value))]);
            let first = vec![
                increment(&counter),
                Statement::Expr(Expr::If(Box::new(over), leave, None)),
            ];
            generator.loop_body(depth, first)
        });
        let endless = Expr::Loop(label, body);
        if value.is_none() {
            made.push(Statement::Expr(endless));
            return;
        }
        let name = names::variable(&mut self.rng);
        made.push(Statement::Let {
            pattern: binding(&name),
            ty: None,
            init: Some(endless),
            otherwise: None,
        });
        self.declare(&name, Type::Real, false);
    }

    /// `'label: { … break 'label value; … value }`
    fn labelled_block(&mut self, depth: usize) -> Statement {
        let label = self.fresh("block");
        let around = Loop {
            label: Some(label.clone()),
            value: Some(Type::Real),
            block: true,
        };
        let block = self.within(around, |generator| {
            let mut block = generator.block(Some(&Type::Real), 2, depth.saturating_sub(1), false);
            let condition = generator.condition(1);
            let value = generator.value(&Type::Real, 1, false);
            let leave = Expr::Break(Some(label.clone()), Some(Box::new(value)));
            let leave = statements(vec![Statement::Expr(leave)]);
            let early = Statement::Expr(Expr::If(Box::new(condition), leave, None));
            block.statements.insert(0, early);
            block
        });
        let name = names::variable(&mut self.rng);
        self.declare(&name, Type::Real, false);
        Statement::Let {
            pattern: binding(&name),
            ty: None,
            init: Some(Expr::Block(Some(label), block)),
            otherwise: None,
        }
    }

    /// `break`, `continue`, with a label if another loop than the innermost is meant.
    pub(super) fn jump(&mut self, depth: usize) -> Expr {
        let index = self.rng.below(self.loops.len());
        let target = self.loops[index].clone();
        let innermost = self.loops[index + 1..].iter().all(|inner| inner.block);
        let (target, label) = match (&target.label, innermost) {
            (Some(label), _) => (target.clone(), Some(label.clone())),
            (None, true) => (target, None),
            (None, false) => {
                let ty = self.result.clone();
                return Expr::Return(Box::new(self.value(&ty, depth.min(2), true)));
            }
        };
        if !target.block && self.rng.one_in(2) {
            return Expr::Continue(label);
        }
        let value = target.value.map(|ty| Box::new(self.value(&ty, depth.min(1), false)));
        Expr::Break(label, value)
    }
}

fn zero(counter: &str) -> Statement {
    Statement::Let {
        pattern: Pattern::Name {
            name: counter.to_owned(),
            mutable: true,
            by_reference: false,
        },
        ty: None,
        init: Some(Expr::Int(0, Some(Type::Usize))),
        otherwise: None,
    }
}

fn increment(counter: &str) -> Statement {
    Statement::Assign {
        place: variable(counter),
        operator: Some(Operator::Add),
        value: Expr::Int(1, None),
    }
}

/// True if the pattern has a `ref`.
fn binds_references(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Name { by_reference, .. } => *by_reference,
        Pattern::At(_, inner) | Pattern::Reference(inner) => binds_references(inner),
        Pattern::Tuple(parts, _) | Pattern::Array(parts, _) | Pattern::TupleStruct(_, parts) | Pattern::Or(parts) => {
            parts.iter().any(binds_references)
        }
        Pattern::Struct(_, fields, _) => fields.iter().any(|(_, part)| binds_references(part)),
        _ => false,
    }
}

/// True if the integer expression mentions the variable.
fn mentions(expr: &Expr, name: &str) -> bool {
    crate::print::expression(expr)
        .split(|character: char| !character.is_alphanumeric() && character != '_')
        .any(|word| word == name)
}
