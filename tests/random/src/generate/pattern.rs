//! Patterns, and the variables that they bind.

use super::{Generator, names};
use crate::program::{Pattern, Type};

impl Generator {
    /// A pattern that always matches. Its variables are in scope afterwards. Variables of one pattern differ.
    pub(super) fn irrefutable(&mut self, ty: &Type, depth: usize, parameters: bool) -> Pattern {
        let from = if parameters { 0 } else { self.variables.len() };
        self.parts(ty, depth, from, false)
    }

    /// A pattern for an item of a `for`: pairs that adaptors made are taken apart.
    pub(super) fn item(&mut self, ty: &Type) -> Pattern {
        let from = self.variables.len();
        self.item_parts(ty, from)
    }

    fn item_parts(&mut self, ty: &Type, from: usize) -> Pattern {
        match ty {
            Type::Tuple(elements) => {
                Pattern::Tuple(elements.iter().map(|ty| self.item_parts(ty, from)).collect(), false)
            }
            ty => self.parts(ty, 2, from, false),
        }
    }

    /// `reference`: behind a reference, so that bindings are references.
    fn parts(&mut self, ty: &Type, depth: usize, from: usize, reference: bool) -> Pattern {
        if let Type::Reference(inner) = ty {
            // `&(a, b)` takes copies, `(a, b)` makes references.
            if !matches!(**inner, Type::Reference(_)) && depth > 0 && self.rng.one_in(2) {
                return Pattern::Reference(Box::new(self.parts(inner, depth, from, false)));
            }
            if depth > 0 && matches!(**inner, Type::Tuple(_) | Type::Array(..) | Type::Struct(_)) && !self.rng.one_in(3)
            {
                return self.parts(inner, depth, from, true);
            }
            return self.name(ty, from, reference);
        }
        if depth == 0 || self.rng.one_in(8) {
            return self.name(ty, from, reference);
        }
        let next = |generator: &mut Self, ty: &Type| {
            if generator.rng.one_in(10) {
                Pattern::Wild
            } else {
                generator.parts(ty, depth - 1, from, reference)
            }
        };
        match ty {
            Type::Tuple(elements) => {
                let (kept, rest) = self.kept(elements.len());
                let parts = elements[..kept].iter().map(|ty| next(self, ty)).collect();
                Pattern::Tuple(parts, rest)
            }
            Type::Array(element, length) => {
                let (kept, rest) = self.kept(*length);
                Pattern::Array((0..kept).map(|_| next(self, element)).collect(), rest)
            }
            Type::Struct(name) => {
                let Some(structure) = self.program.structure(name).cloned() else {
                    return Pattern::Wild;
                };
                if structure.positional {
                    let parts = structure.fields.iter().map(|field| next(self, &field.ty)).collect();
                    return Pattern::TupleStruct(name.clone(), parts);
                }
                let (kept, rest) = self.kept(structure.fields.len());
                let mut parts = Vec::new();
                for field in &structure.fields[..kept] {
                    let free = !self.variables[from..]
                        .iter()
                        .any(|variable| variable.name == field.name);
                    // `S { x }` binds `x`.
                    let part = if free && self.rng.one_in(3) {
                        let ty = behind(&field.ty, reference);
                        self.declare(&field.name, ty, false);
                        Pattern::Name {
                            name: field.name.clone(),
                            mutable: false,
                            by_reference: false,
                        }
                    } else {
                        next(self, &field.ty)
                    };
                    parts.push((field.name.clone(), part));
                }
                Pattern::Struct(name.clone(), parts, rest)
            }
            ty => self.name(ty, from, reference),
        }
    }

    /// How many elements to name, and whether `..` stands for others.
    fn kept(&mut self, length: usize) -> (usize, bool) {
        if length > 1 && self.rng.one_in(5) {
            (1 + self.rng.below(length - 1), true)
        } else {
            (length, false)
        }
    }

    fn name(&mut self, ty: &Type, from: usize, reference: bool) -> Pattern {
        let mut name = names::variable(&mut self.rng);
        while self.variables[from..].iter().any(|variable| variable.name == name) {
            self.counters += 1;
            name = format!("v{}", self.counters);
        }
        let is_reference = matches!(ty, Type::Reference(_)) || reference;
        let mutable = !is_reference && self.rng.one_in(5);
        let by_reference = !mutable && !is_reference && self.rng.one_in(12);
        self.declare(&name, behind(ty, reference || by_reference), mutable);
        Pattern::Name {
            name,
            mutable,
            by_reference,
        }
    }
}

fn behind(ty: &Type, reference: bool) -> Type {
    if reference {
        Type::Reference(Box::new(ty.clone()))
    } else {
        ty.clone()
    }
}
