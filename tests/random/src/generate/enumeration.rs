//! Enums with differentiable contents.

use super::expression::{Case, binding};
use super::{Generator, names};
use crate::program::{Enum, Expr, Field, Pattern, Struct, Type};

impl Generator {
    /// Adds an enum to the program.
    pub(super) fn enumeration(&mut self) {
        const FIELDS: &[&str] = &["r", "size", "bar", "x_1"];
        let taken: Vec<_> = self.program.enums.iter().map(|own| &*own.name).collect();
        let name = names::enumeration(&mut self.rng, &taken);
        let mut variants: Vec<Struct> = Vec::new();
        let mut taken = Vec::new();
        for _ in 0..2 + self.rng.below(2) {
            let own = names::variant(&mut self.rng, &taken.iter().map(String::as_str).collect::<Vec<_>>());
            let positional = self.rng.one_in(2);
            let mut fields = Vec::new();
            for index in 0..self.rng.weighted(&[1, 4, 2]) {
                let ty = match self.rng.weighted(&[8, 2, 1, 2, 1]) {
                    0 => Type::Real,
                    1 => Type::Array(Box::new(Type::Real), 2),
                    2 => Type::Tuple(vec![Type::Real, Type::Real]),
                    3 => self.a_struct().unwrap_or(Type::Real),
                    _ => Type::Usize,
                };
                fields.push(Field {
                    name: if positional {
                        index.to_string()
                    } else {
                        FIELDS[index * 2 + self.rng.below(2)].to_owned()
                    },
                    ty,
                    no_diff: false,
                });
            }
            variants.push(Struct {
                name: format!("{name}::{own}"),
                positional,
                fields,
            });
            taken.push(own);
        }
        // Something must have a derivative.
        if !variants
            .iter()
            .any(|variant| variant.fields.iter().any(|field| field.ty == Type::Real))
        {
            variants[0].fields = vec![Field {
                name: if variants[0].positional { "0" } else { "r" }.to_owned(),
                ty: Type::Real,
                no_diff: false,
            }];
        }
        self.program.enums.push(Enum { name, variants });
    }

    /// One of the enums, if they may be used here.
    pub(super) fn an_enum(&mut self) -> Option<Type> {
        let enums = &self.program.enums;
        if enums.is_empty() {
            return None;
        }
        Some(Type::Enum(self.rng.pick(enums).name.clone()))
    }

    /// `Form::Disc { r: value }`
    pub(super) fn construct_enum(&mut self, name: &str, depth: usize) -> Expr {
        let Some(own) = self.program.enumeration(name) else {
            return Expr::Unit;
        };
        let variants = own.variants.clone();
        let variant = self.rng.pick(&variants).clone();
        if variant.fields.is_empty() {
            return Expr::Path(variant.name);
        }
        let fields = variant.fields.iter();
        let values: Vec<_> = fields
            .map(|field| (field.name.clone(), self.value(&field.ty, depth, true)))
            .collect();
        if variant.positional {
            return Expr::TupleStruct(variant.name, values.into_iter().map(|(_, value)| value).collect());
        }
        Expr::Struct(variant.name, values, None)
    }

    /// An enum in a variable to match on, with patterns that cover it.
    pub(super) fn variants(&mut self) -> Option<(Expr, Vec<Case>)> {
        let ty = self.an_enum()?;
        let Type::Enum(name) = &ty else { return None };
        let variants = self.program.enumeration(name)?.variants.clone();
        let reference = Type::Reference(Box::new(ty.clone()));
        let behind = self.path(&reference);
        let by_reference = behind.is_some();
        let scrutinee = match behind {
            Some(path) => path,
            None => self.path(&ty)?,
        };
        let mut cases = Vec::new();
        let count = variants.len();
        for (index, variant) in variants.into_iter().enumerate() {
            if index + 1 == count && self.rng.one_in(4) {
                cases.push(Case::plain(Pattern::Wild));
                break;
            }
            if variant.fields.is_empty() {
                cases.push(Case::plain(Pattern::Path(variant.name)));
                continue;
            }
            let mut bound: Vec<(String, Type)> = Vec::new();
            let mut parts = Vec::new();
            for field in &variant.fields {
                if self.rng.one_in(8) {
                    parts.push((field.name.clone(), Pattern::Wild));
                    continue;
                }
                let mut name = names::variable(&mut self.rng);
                while bound.iter().any(|(known, _)| *known == name) {
                    self.counters += 1;
                    name = format!("e{}", self.counters);
                }
                parts.push((field.name.clone(), binding(&name)));
                let ty = field.ty.clone();
                bound.push((
                    name,
                    if by_reference {
                        Type::Reference(Box::new(ty))
                    } else {
                        ty
                    },
                ));
            }
            let pattern = if variant.positional {
                Pattern::TupleStruct(variant.name, parts.into_iter().map(|(_, part)| part).collect())
            } else {
                Pattern::Struct(variant.name, parts, false)
            };
            if self.rng.one_in(4) {
                cases.push(Case::binding(pattern.clone(), bound.clone(), true));
            }
            cases.push(Case::binding(pattern, bound, false));
        }
        Some((scrutinee, cases))
    }
}
