//! Iterator chains.

use super::expression::{binary, binding, variable};
use super::{Generator, names};
use crate::program::{Closure, Comparison, End, Expr, Items, Operator, Pattern, Type};

impl Generator {
    /// `items.map(|x| …).sum::<f64>()` and the like.
    pub(super) fn chain(&mut self, depth: usize) -> Expr {
        self.without_writes(|generator| {
            let (mut items, item) = generator.chain_items(depth);
            if generator.rng.one_in(3) {
                let init = generator.sealed(|generator| generator.real(depth.min(1), false));
                let closure = generator.inline(&[Type::Real, item], |generator, from| {
                    generator.of_items(from, depth.min(2))
                });
                return Expr::Chain(items, End::Fold(Box::new(init), closure));
            }
            let real = matches!(item, Type::Real) || item == Type::Reference(Box::new(Type::Real));
            if !real {
                let closure = generator.inline(&[item], |generator, from| generator.of_items(from, depth.min(2)));
                items = Items::Map(Box::new(items), closure);
            }
            let end = if generator.rng.one_in(5) {
                End::Product
            } else {
                End::Sum
            };
            Expr::Chain(items, end)
        })
    }

    /// An iterator, and the type of its items.
    pub(super) fn chain_items(&mut self, depth: usize) -> (Items, Type) {
        let (mut items, mut item) = self.chain_source();
        // Until something is left out, the length is known, which `rev` of `enumerate` and of `zip` asks for.
        let mut exact = true;
        for _ in 0..self.rng.below(4) {
            match self.rng.below(9) {
                0 => items = Items::Rev(Box::new(items)),
                1 => items = Items::Skip(Box::new(items), self.rng.below(3)),
                2 => items = Items::Take(Box::new(items), 1 + self.rng.below(3)),
                3 if exact => {
                    items = Items::Enumerate(Box::new(items));
                    item = Type::Tuple(vec![Type::Usize, item]);
                }
                4 if exact => {
                    let (others, other) = self.chain_source();
                    let others = if self.rng.one_in(4) {
                        Items::Rev(Box::new(others))
                    } else {
                        others
                    };
                    items = Items::Zip(Box::new(items), Box::new(others));
                    item = Type::Tuple(vec![item, other]);
                }
                5 | 6 => {
                    let seen = Type::Reference(Box::new(item.clone()));
                    let counted = matches!(&item, Type::Tuple(elements) if elements[0] == Type::Usize);
                    let closure = self.inline(&[seen], |generator, _| generator.kept_items(counted));
                    items = Items::Filter(Box::new(items), closure);
                    exact = false;
                }
                _ => {
                    let to = if self.rng.one_in(6) {
                        Type::Tuple(vec![Type::Real, Type::Real])
                    } else {
                        Type::Real
                    };
                    let closure = self.inline(&[item], |generator, from| match to {
                        Type::Real => generator.of_items(from, depth.min(2)),
                        _ => Expr::Tuple(vec![generator.of_items(from, depth.min(1)), generator.real(0, false)]),
                    });
                    items = Items::Map(Box::new(items), closure);
                    item = to;
                }
            }
            // What filters knows no length from its end.
            exact &= !matches!(items, Items::Filter(..));
            if !exact && matches!(items, Items::Skip(..) | Items::Take(..)) {
                break;
            }
        }
        (items, item)
    }

    fn chain_source(&mut self) -> (Items, Type) {
        if !self.rng.one_in(4)
            && let Some((array, element, _)) = self.array_in_a_variable()
        {
            return (Items::Iter(Box::new(array)), Type::Reference(Box::new(element)));
        }
        let low = Expr::Int(self.rng.between(0, 1), Some(Type::Usize));
        let high = match self.rng.below(3) {
            0 => binary(Operator::Rem, self.integer(&Type::Usize, 0), Expr::Int(5, None)),
            _ => Expr::Int(self.rng.between(1, 4), None),
        };
        (Items::Range(Box::new(low), Box::new(high)), Type::Usize)
    }

    /// What `filter` asks: of the index, or of anything.
    fn kept_items(&mut self, counted: bool) -> Expr {
        if counted && self.rng.one_in(2) {
            let left = binary(Operator::Rem, self.integer(&Type::Usize, 0), Expr::Int(2, None));
            let right = Expr::Int(self.rng.between(0, 1), None);
            let comparison = *self.rng.pick(&[Comparison::Equal, Comparison::NotEqual]);
            return Expr::Compare(comparison, Box::new(left), Box::new(right));
        }
        self.condition(1)
    }

    /// A scalar made of what the closure's parameters bind, which are the variables from an index on.
    fn of_items(&mut self, from: usize, depth: usize) -> Expr {
        let mut value = self.real(depth, false);
        let own: Vec<_> = self.variables[from..].to_vec();
        for known in own {
            let mut found = Vec::new();
            self.collect(variable(&known.name), &known.ty, &Type::Real, &mut found);
            if found.is_empty() {
                self.collect(variable(&known.name), &known.ty, &Type::Usize, &mut found);
                found = found
                    .into_iter()
                    .map(|index| Expr::Cast(Box::new(index), Type::Real))
                    .collect();
            }
            if found.is_empty() || self.rng.one_in(5) {
                continue;
            }
            let item = found.swap_remove(self.rng.below(found.len()));
            let operator = *self.rng.pick(&[Operator::Add, Operator::Sub, Operator::Mul]);
            value = if self.rng.one_in(2) {
                binary(operator, item, value)
            } else {
                binary(operator, value, item)
            };
        }
        value
    }

    /// A closure of an adapter, with parameters of these types. The body is told where its variables begin.
    fn inline(&mut self, types: &[Type], body: impl FnOnce(&mut Self, usize) -> Expr) -> Closure {
        let barrier = std::mem::replace(&mut self.barrier, self.variables.len());
        let closure = self.sealed(|generator| {
            generator.scoped(|generator| {
                let from = generator.variables.len();
                let parameters = types
                    .iter()
                    .map(|ty| (generator.inline_parameter(ty, from, false), ty.clone()))
                    .collect();
                Closure {
                    moves: false,
                    parameters,
                    result: None,
                    body: Box::new(body(generator, from)),
                }
            })
        });
        self.barrier = barrier;
        closure
    }

    /// A pattern for a parameter; behind a reference, bindings are references.
    fn inline_parameter(&mut self, ty: &Type, from: usize, reference: bool) -> Pattern {
        match ty {
            Type::Reference(inner) if !reference && self.rng.one_in(2) => {
                Pattern::Reference(Box::new(self.inline_parameter(inner, from, false)))
            }
            Type::Reference(inner) if !reference && matches!(**inner, Type::Tuple(_)) => {
                self.inline_parameter(inner, from, true)
            }
            Type::Tuple(elements) if !self.rng.one_in(6) => {
                let parts = elements.iter().map(|ty| self.inline_parameter(ty, from, reference));
                Pattern::Tuple(parts.collect(), false)
            }
            ty => {
                let mut name = names::variable(&mut self.rng);
                while self.variables[from..].iter().any(|known| known.name == name) {
                    self.counters += 1;
                    name = format!("p{}", self.counters);
                }
                let bound = if reference {
                    Type::Reference(Box::new(ty.clone()))
                } else {
                    ty.clone()
                };
                self.declare(&name, bound, false);
                binding(&name)
            }
        }
    }
}
