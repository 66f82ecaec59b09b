//! Types: of parameters, of results, of local variables; the program's structs.

use super::{Constructs, Generator, names};
use crate::program::{Field, Struct, Type};

impl Generator {
    /// Adds a struct to the program.
    pub(super) fn structure(&mut self) {
        const FIELDS: &[&str] = &["x", "y", "scale", "bar", "shape", "value", "t_1"];
        let taken: Vec<_> = self.program.structs.iter().map(|structure| &*structure.name).collect();
        let name = names::structure(&mut self.rng, &taken);
        let positional = self.rng.one_in(3);
        let mut fields = Vec::new();
        for index in 0..1 + self.rng.below(3) {
            let ty = match self.rng.weighted(&[6, 2, 1, 2, 1]) {
                0 => Type::Real,
                1 => Type::Array(Box::new(Type::Real), 2 + self.rng.below(2)),
                2 => Type::Tuple(vec![Type::Real, Type::Real]),
                3 => self.a_struct().unwrap_or(Type::Real),
                _ => Type::Usize,
            };
            let first = index == 0;
            fields.push(Field {
                name: if positional {
                    index.to_string()
                } else {
                    FIELDS[(index * 2 + self.rng.below(2)) % FIELDS.len()].to_owned()
                },
                // Parts of marked tuples and structs cannot be differentiated yet.
                no_diff: !first
                    && !ty.is_discrete()
                    && self.rng.one_in(6)
                    && (self.constructs == Constructs::default() || matches!(ty, Type::Real | Type::Array(..))),
                ty: if first { Type::Real } else { ty },
            });
        }
        self.program.structs.push(Struct {
            name,
            positional,
            fields,
        });
    }

    pub(super) fn a_struct(&mut self) -> Option<Type> {
        let structs = &self.program.structs;
        if structs.is_empty() {
            return None;
        }
        Some(Type::Struct(self.rng.pick(structs).name.clone()))
    }

    /// The type of a parameter, without the reference.
    pub(super) fn parameter_type(&mut self) -> Type {
        if self.constructs.enums
            && !self.main
            && self.rng.one_in(4)
            && let Some(ty) = self.an_enum()
        {
            return ty;
        }
        match self.rng.weighted(&[10, 3, 3, 4, 2, 1, 1, 1, 1, 1]) {
            0 => Type::Real,
            1 => self.array(),
            2 => self.tuple(),
            3 => self.a_struct().unwrap_or(Type::Real),
            4 => Type::Usize,
            5 => Type::I32,
            6 => Type::Bool,
            7 => Type::Kind,
            8 => Type::Maybe,
            _ => Type::Choice,
        }
    }

    /// The type of a result: something with a tangent.
    pub(super) fn result_type(&mut self) -> Type {
        match self.rng.below(4) {
            0 => self.a_struct().unwrap_or(Type::Real),
            1 => self.array(),
            _ => self.tuple(),
        }
    }

    /// The type of a local variable.
    pub(super) fn local_type(&mut self) -> Type {
        if self.constructs.enums
            && self.rng.one_in(5)
            && let Some(ty) = self.an_enum()
        {
            return ty;
        }
        match self.rng.weighted(&[12, 2, 2, 3, 2, 1, 1]) {
            0 => Type::Real,
            1 => self.array(),
            2 => self.tuple(),
            3 => self.a_struct().unwrap_or(Type::Real),
            4 => Type::Usize,
            5 => Type::Maybe,
            _ => Type::Bool,
        }
    }

    fn array(&mut self) -> Type {
        let element = match self.rng.below(5) {
            0 => Type::Array(Box::new(Type::Real), 2),
            1 => self.a_struct().unwrap_or(Type::Real),
            _ => Type::Real,
        };
        Type::Array(Box::new(element), 2 + self.rng.below(3))
    }

    fn tuple(&mut self) -> Type {
        let mut elements = vec![Type::Real];
        for _ in 0..1 + self.rng.below(2) {
            elements.push(match self.rng.below(6) {
                0 => Type::Array(Box::new(Type::Real), 2),
                1 => self.a_struct().unwrap_or(Type::Real),
                2 => Type::Tuple(vec![Type::Real, Type::Real]),
                _ => Type::Real,
            });
        }
        Type::Tuple(elements)
    }

    /// True if the type holds a scalar.
    pub(super) fn holds_real(&self, ty: &Type) -> bool {
        match ty {
            Type::Real => true,
            Type::Array(element, _) | Type::Reference(element) | Type::Mutable(element) => self.holds_real(element),
            Type::Tuple(elements) => elements.iter().any(|element| self.holds_real(element)),
            Type::Struct(_) => true,
            _ => false,
        }
    }
}
