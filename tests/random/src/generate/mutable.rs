//! Mutable references: parameters, arguments, and the functions of `std::mem`.

use super::expression::binary;
use super::{Generator, names};
use crate::program::{Block, Expr, Function, Operator, Parameter, Pattern, Statement, Type};

impl Generator {
    /// `name: &mut T`
    pub(super) fn mutable_parameter(&mut self) -> Parameter {
        let ty = match self.parameter_type() {
            ty @ (Type::Real | Type::Array(..) | Type::Tuple(_) | Type::Struct(_) | Type::Enum(_) | Type::Usize) => ty,
            _ => Type::Real,
        };
        let ty = Type::Mutable(Box::new(ty));
        let name = self.parameter_name("x");
        self.declare(&name, ty.clone(), true);
        let pattern = Pattern::Name {
            name,
            mutable: false,
            by_reference: false,
        };
        Parameter {
            pattern,
            ty,
            no_diff: false,
        }
    }

    /// The arguments of a call. While one of them is borrowed mutably, the others do not mention it.
    pub(super) fn arguments(&mut self, function: &Function, depth: usize) -> Vec<Expr> {
        let frozen = self.frozen.len();
        let mut mutable = Vec::new();
        for (index, parameter) in function.parameters.iter().enumerate() {
            if let Type::Mutable(inner) = &parameter.ty {
                let receiver = function.owner.is_some() && index == 0;
                mutable.push(self.borrowed_mutably(inner, receiver));
            }
        }
        let mut mutable = mutable.into_iter();
        let arguments = self.without_writes(|generator| {
            let parameters = function.parameters.iter();
            parameters
                .enumerate()
                .map(|(index, parameter)| match &parameter.ty {
                    Type::Mutable(_) => mutable.next().unwrap_or(Expr::Unit),
                    ty if index == 0 && function.owner.is_some() => generator.receiver(ty),
                    ty => generator.value(ty, depth.min(2), true),
                })
                .collect()
        });
        self.frozen.truncate(frozen);
        arguments
    }

    /// True unless it is a method that writes to its receiver, and there is none in a variable.
    pub(super) fn has_receiver(&mut self, function: &Function) -> bool {
        match (&function.owner, &function.parameters[0].ty) {
            (Some(_), Type::Mutable(inner)) => !self.mutable_places(inner).is_empty(),
            _ => true,
        }
    }

    /// `&mut place`, or of something temporary.
    fn borrowed_mutably(&mut self, ty: &Type, receiver: bool) -> Expr {
        let places = self.mutable_places(ty);
        if places.is_empty() || (!receiver && self.rng.one_in(8)) {
            if *ty == Type::Usize {
                let value = self.integer(ty, 0);
                return Expr::BorrowMut(Box::new(binary(Operator::Add, value, Expr::Int(1, None))));
            }
            let mut value = self.without_writes(|generator| generator.value(ty, 0, false));
            // Of a place or a call, a copy.
            if !matches!(
                value,
                Expr::Array(_) | Expr::Tuple(_) | Expr::Struct(..) | Expr::Block(..)
            ) {
                value = Expr::Block(
                    None,
                    Block {
                        statements: Vec::new(),
                        value: Some(Box::new(value)),
                    },
                );
            }
            return Expr::BorrowMut(Box::new(value));
        }
        let (root, place) = self.rng.pick(&places).clone();
        self.frozen.push(root);
        match place {
            // What is a reference already is handed on.
            Expr::Dereference(reference) if matches!(*reference, Expr::Variable(_)) && self.rng.one_in(2) => *reference,
            place => Expr::BorrowMut(Box::new(place)),
        }
    }

    /// The places of a type that may be written to, each with its variable. Parts that have no derivative are left out.
    pub(super) fn mutable_places(&mut self, wanted: &Type) -> Vec<(String, Expr)> {
        let mut found = Vec::new();
        for (place, ty) in self.assignable() {
            let mut parts = Vec::new();
            self.parts_of(place.clone(), &ty, wanted, &mut parts);
            let root = root(&place).to_owned();
            found.extend(parts.into_iter().map(|part| (root.clone(), part)));
        }
        found
    }

    fn parts_of(&mut self, base: Expr, ty: &Type, wanted: &Type, found: &mut Vec<Expr>) {
        if ty == wanted {
            found.push(base);
            return;
        }
        let base = self.projected(base);
        match ty {
            Type::Array(element, length) => {
                let index = self.index(*length);
                self.parts_of(Expr::Index(Box::new(base), Box::new(index)), element, wanted, found);
            }
            Type::Tuple(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let field = Expr::Field(Box::new(base.clone()), index.to_string());
                    self.parts_of(field, element, wanted, found);
                }
            }
            Type::Struct(name) => {
                let fields = self.program.structure(name).map(|own| own.fields.clone());
                for field in fields.unwrap_or_default().into_iter().filter(|field| !field.no_diff) {
                    let part = Expr::Field(Box::new(base.clone()), field.name);
                    self.parts_of(part, &field.ty, wanted, found);
                }
            }
            _ => {}
        }
    }

    /// What parts are taken of: `v.x` rather than `(*v).x`, most of the time.
    pub(super) fn projected(&mut self, place: Expr) -> Expr {
        match place {
            Expr::Dereference(reference) if !self.rng.one_in(5) => *reference,
            place => place,
        }
    }

    /// `f(&mut x);`
    pub(super) fn call_for_effect(&mut self, depth: usize) -> Option<Statement> {
        let writes = |function: &&Function| {
            let mut parameters = function.parameters.iter();
            parameters.any(|parameter| matches!(parameter.ty, Type::Mutable(_)))
        };
        let mut functions: Vec<_> = self.program.functions.iter().filter(writes).cloned().collect();
        functions.retain(|function| self.has_receiver(function));
        if functions.is_empty() {
            return self.local(depth);
        }
        let function = self.rng.pick(&functions).clone();
        Some(Statement::Expr(self.call_of(&function, depth)))
    }

    /// `std::mem::swap(&mut a, &mut b);`, `let t = std::mem::replace(&mut a, value);`, `a.swap(i, j);`
    pub(super) fn memory(&mut self, depth: usize) -> Option<Statement> {
        let ty = match self.rng.below(3) {
            0 => self.result_type(),
            _ => Type::Real,
        };
        match self.rng.below(4) {
            0 => self.mem_swap(&ty, depth),
            1 => {
                let arrays = self.assignable();
                let arrays: Vec<_> = arrays
                    .into_iter()
                    .filter_map(|(place, ty)| match ty {
                        Type::Array(_, length) => Some((place, length)),
                        _ => None,
                    })
                    .collect();
                if arrays.is_empty() {
                    return self.mem_swap(&ty, depth);
                }
                let (place, length) = self.rng.pick(&arrays).clone();
                let place = self.projected(place);
                let indices = vec![self.index(length), self.index(length)];
                Some(Statement::Expr(Expr::Method(
                    "swap".to_owned(),
                    Box::new(place),
                    indices,
                )))
            }
            _ => {
                let places = self.mutable_places(&ty);
                if places.is_empty() {
                    return self.write_to_part(depth);
                }
                let (root, place) = self.rng.pick(&places).clone();
                let place = Expr::BorrowMut(Box::new(place));
                let plain = matches!(ty, Type::Real);
                let call = if plain && self.rng.one_in(4) {
                    Expr::Call("std::mem::take".to_owned(), vec![place])
                } else {
                    self.frozen.push(root);
                    let value = self.without_writes(|generator| generator.value(&ty, depth, true));
                    self.frozen.pop();
                    Expr::Call("std::mem::replace".to_owned(), vec![place, value])
                };
                let name = names::variable(&mut self.rng);
                let mutable = self.rng.one_in(4);
                self.declare(&name, ty, mutable);
                Some(Statement::Let {
                    pattern: Pattern::Name {
                        name,
                        mutable,
                        by_reference: false,
                    },
                    ty: None,
                    init: Some(call),
                    otherwise: None,
                })
            }
        }
    }

    fn mem_swap(&mut self, ty: &Type, depth: usize) -> Option<Statement> {
        let places = self.mutable_places(ty);
        let (root, first) = match places.is_empty() {
            true => return self.write_to_part(depth),
            false => self.rng.pick(&places).clone(),
        };
        let others: Vec<_> = places.iter().filter(|(other, _)| *other != root).collect();
        if others.is_empty() {
            return self.write_to_part(depth);
        }
        let second = self.rng.pick(&others).1.clone();
        let places = [first, second].map(|place| Expr::BorrowMut(Box::new(place)));
        Some(Statement::Expr(Expr::Call("std::mem::swap".to_owned(), places.into())))
    }
}

/// The variable that a place is part of.
pub(super) fn root(place: &Expr) -> &str {
    match place {
        Expr::Variable(name) => name,
        Expr::Field(base, _) | Expr::Index(base, _) | Expr::Dereference(base) => root(base),
        _ => "",
    }
}
