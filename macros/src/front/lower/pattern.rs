//! Patterns. A pattern's bindings are views of the place that it takes apart.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Member, Pat};

use super::{Current, Lowering};
use crate::front::resolve::binds;
use crate::ir::{
    Bind, Check, Extent, Id, Let, Op, Opaque, Operand, OperandKind, Part, Place, Projection, Statement, Syntax,
    ValueKind, View, is_payload, variant,
};

impl Lowering<'_> {
    /// Binds the pattern of a `let` or of a parameter.
    pub(super) fn bind(&mut self, pattern: &Pat, source: Operand) {
        let (pattern, ty) = match pattern {
            Pat::Type(typed) => (&*typed.pat, Some(typed.ty.to_token_stream())),
            pattern => (pattern, None),
        };
        match pattern {
            Pat::Paren(paren) => self.bind(&paren.pat, source),
            Pat::Wild(_) => {}
            Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => {
                self.bind_name(&name.ident, name.mutability.is_some(), ty, source);
            }
            pattern => self.bind_parts(pattern, ty, source),
        }
    }

    pub(super) fn bind_name(&mut self, name: &Ident, mutable: bool, ty: Option<TokenStream>, source: Operand) {
        self.declare(name, mutable, ty.clone(), Current::Nothing);
        if self.adopt(name, &source, ty.as_ref()) {
            return;
        }
        let active = self.is_active(&source);
        let extent = source.extent;
        match (&source.kind, &ty) {
            (OperandKind::Constant(_) | OperandKind::Unit, _) => {
                let tokens = match &source.kind {
                    OperandKind::Constant(tokens) => tokens.clone(),
                    _ => quote!(()),
                };
                let id = self.define(name.clone(), extent, crate::ir::text(&tokens), false, ValueKind::Opaque);
                // The type, or a variant of an enum of the user's, shows that it is no reference.
                let typed = ty.as_ref().is_some_and(|ty| !is_reference(ty));
                self.owned.extend((typed || variant(&tokens).is_some()).then_some(id));
                let code = Opaque {
                    tokens,
                    mentions: Vec::new(),
                };
                let op = Op::Opaque {
                    code,
                    writes: Vec::new(),
                    check: Check::Nothing,
                };
                self.push(Statement::Let(Let {
                    value: id,
                    op,
                    operands: Vec::new(),
                    ascription: ty,
                }));
                self.set(name, id);
            }
            (OperandKind::Place(_), Some(ty)) if !is_reference(ty) => {
                let id = self.define(name.clone(), extent, name.to_string(), active, ValueKind::Result);
                let op = Op::Copy(Syntax::Plain);
                self.push(Statement::Let(Let {
                    value: id,
                    op,
                    operands: vec![source],
                    ascription: Some(ty.clone()),
                }));
                self.set(name, id);
            }
            (OperandKind::Place(place) | OperandKind::Borrow(_, place), _) => {
                let view = match &source.kind {
                    // Another name for what may be a reference is one too.
                    OperandKind::Place(_) if ty.is_none() => self.seen_through(place).unwrap_or(View::Named),
                    _ => View::Borrowed,
                };
                let named = view == View::Named;
                let place = place.clone();
                let id = self.view(name, extent, place, view);
                self.set(name, id);
                let name = &self.value(id).name;
                let pattern = match ty {
                    Some(ty) => quote!(#name: #ty),
                    None => name.to_token_stream(),
                };
                self.push(Statement::Bind(Bind {
                    pattern,
                    source,
                    bindings: vec![id],
                    named,
                }));
            }
        }
    }

    /// A pattern with parts.
    fn bind_parts(&mut self, pattern: &Pat, ty: Option<TokenStream>, source: Operand) {
        let source = self.in_place(pattern, source);
        let Some(place) = source.place().cloned() else { return };
        let typed = ty.as_ref().is_some_and(|ty| self.ascribe_parts(&source, ty));
        let (source, view) = self.looked_at(source, &[pattern]);
        let ty = ty.filter(|_| !typed);
        let mut bindings = Vec::new();
        self.pattern(pattern, &place, view, &mut bindings);
        let pattern = shown(pattern, view);
        let pattern = match ty.filter(|_| view != View::Named) {
            Some(ty) => quote!(#pattern: #ty),
            None => pattern.to_token_stream(),
        };
        self.push(Statement::Bind(Bind {
            pattern,
            source,
            bindings,
            named: false,
        }));
    }

    /// Gives what has just been put together the type that the user wrote of it, so that its literals have one. False if the source
    /// is something else.
    fn ascribe_parts(&mut self, source: &Operand, ty: &TokenStream) -> bool {
        let id = source.whole().filter(|id| self.value(*id).temporary);
        let (Some(id), Some(Statement::Let(last))) = (id, self.statements.last_mut()) else {
            return false;
        };
        if last.value != id || !matches!(last.op, Op::Construct(_)) {
            return false;
        }
        last.ascription = Some(ty.clone());
        self.values[id.0].ascribed = true;
        self.owned.insert(id);
        true
    }

    /// A scrutinee as patterns look at it, and what their bindings hold. Of a value that cannot be copied, the forward sweep
    /// must not move parts: it looks at the value by reference, and the bindings are references to where the user's are
    /// values.
    pub(super) fn looked_at(&self, operand: Operand, patterns: &[&Pat]) -> (Operand, View) {
        let binds = patterns.iter().any(|pattern| has_bindings(pattern));
        let through = patterns.iter().any(|pattern| looks_through_reference(pattern));
        match &operand.kind {
            OperandKind::Place(place) if binds && !through && self.is_active(&operand) && self.is_value(place) => {
                let first = operand.extent.first;
                let borrow = OperandKind::Borrow(quote_spanned!(first=> &), place.clone());
                let extent = operand.extent;
                (Operand { kind: borrow, extent }, View::Named)
            }
            _ => (operand, View::Bound),
        }
    }

    /// True if the place is known to hold a value and not a reference.
    pub(super) fn is_value(&self, place: &Place) -> bool {
        let value = self.value(place.root);
        match &value.kind {
            _ if !place.projections.is_empty() => true,
            ValueKind::Parameter { by_reference } => !by_reference,
            ValueKind::Result => !value.ascribed || self.owned.contains(&place.root),
            ValueKind::View {
                place,
                view: View::Named,
            } => self.is_value(place),
            ValueKind::Joined | ValueKind::Carried | ValueKind::Opaque => self.owned.contains(&place.root),
            ValueKind::Behind => true,
            ValueKind::View { .. } => false,
        }
    }

    /// What a variable is a view of another place as, if it may be a reference.
    fn seen_through(&self, place: &Place) -> Option<View> {
        match self.value(place.root).kind {
            ValueKind::View { view, .. } if place.projections.is_empty() && view != View::Named => Some(view),
            _ => None,
        }
    }

    /// True if the operand is known to hold a value and not a reference.
    pub(super) fn holds_value(&self, operand: &Operand) -> bool {
        match &operand.kind {
            OperandKind::Place(place) => self.is_value(place),
            OperandKind::Borrow(..) => false,
            OperandKind::Constant(_) | OperandKind::Unit => true,
        }
    }

    /// The operand, as a place.
    pub(super) fn in_place(&mut self, source: &impl ToTokens, operand: Operand) -> Operand {
        match operand.kind {
            OperandKind::Place(_) | OperandKind::Borrow(..) => operand,
            OperandKind::Constant(tokens) => self.opaque_value(source, tokens),
            OperandKind::Unit => self.opaque_value(source, quote!(())),
        }
    }

    /// A value that the given tokens compute; they mention no variable.
    fn opaque_value(&mut self, source: &impl ToTokens, tokens: TokenStream) -> Operand {
        let code = Opaque {
            tokens,
            mentions: Vec::new(),
        };
        self.operation(
            source,
            Op::Opaque {
                code,
                writes: Vec::new(),
                check: Check::Nothing,
            },
            Vec::new(),
        )
    }

    /// Another name for a place.
    pub(super) fn view(&mut self, name: &Ident, extent: Extent, place: Place, view: View) -> Id {
        let place = self.underlying(place);
        let active = self.value(place.root).active;
        let variable = self.next_name(name);
        self.define(
            variable,
            extent,
            name.to_string(),
            active,
            ValueKind::View { place, view },
        )
    }

    /// The place with its root, if that is a view, replaced by what it is a view of.
    pub(super) fn underlying(&self, place: Place) -> Place {
        match &self.value(place.root).kind {
            ValueKind::View { place: inner, .. } => {
                let mut projections = inner.projections.clone();
                projections.extend(place.projections);
                Place {
                    root: inner.root,
                    projections,
                }
            }
            _ => place,
        }
    }

    /// Declares the bindings of a pattern over a place as views of its parts.
    pub(super) fn pattern(&mut self, pattern: &Pat, place: &Place, view: View, bindings: &mut Vec<Id>) {
        match pattern {
            Pat::Ident(name) if binds(name) => {
                if let Some((_, inner)) = &name.subpat {
                    self.pattern(inner, place, view, bindings);
                }
                let view = if name.by_ref.is_some() { View::Borrowed } else { view };
                let id = self.view(&name.ident, Extent::at(name.ident.span()), place.clone(), view);
                self.declare(&name.ident, name.mutability.is_some(), None, Current::Value(id));
                bindings.push(id);
            }
            Pat::Paren(paren) => self.pattern(&paren.pat, place, view, bindings),
            Pat::Type(typed) => self.pattern(&typed.pat, place, view, bindings),
            Pat::Reference(reference) => {
                let star = quote_spanned!(reference.and_token.span=> *);
                let behind = project(place, Projection::Dereference(star));
                self.pattern(&reference.pat, &behind, view, bindings);
            }
            Pat::Guard(guard) => self.pattern(&guard.pat, place, view, bindings),
            Pat::Tuple(tuple) => self.positional(tuple.elems.iter(), None, place, view, bindings),
            Pat::TupleStruct(tuple) if is_payload(&tuple.path.to_token_stream()) && tuple.elems.len() == 1 => {
                self.pattern(&tuple.elems[0], &project(place, Projection::Payload), view, bindings);
            }
            // What is wrong has no derivative.
            Pat::TupleStruct(tuple) if ends_with(&tuple.path, "Err") => {
                let found = self.opaque_bindings(pattern);
                if view == View::Named {
                    let references = reference_bindings(pattern);
                    for id in &found {
                        let value = &mut self.values[id.0];
                        if !references.contains(&value.text) {
                            value.kind = ValueKind::Behind;
                        }
                    }
                }
                bindings.extend(found);
            }
            Pat::TupleStruct(tuple) => {
                let variant = variant(&tuple.path.to_token_stream());
                self.positional(tuple.elems.iter(), variant.as_ref(), place, view, bindings);
            }
            Pat::Slice(slice) => self.elements(slice, place, view, bindings),
            Pat::Struct(fields) => {
                for field in &fields.fields {
                    let member = field.member.to_token_stream();
                    let projection = match variant(&fields.path.to_token_stream()) {
                        Some(variant) => Projection::Part(Part::new(&variant, &member)),
                        None => Projection::Field(member),
                    };
                    self.pattern(&field.pat, &project(place, projection), view, bindings);
                }
            }
            Pat::Or(or) => {
                if let Some(case) = or.cases.iter().find(|case| has_bindings(case)) {
                    self.errors.add(
                        case,
                        "alternatives that bind active values cannot be differentiated; write an arm each",
                    );
                }
            }
            // Literals, ranges, constants, `_` and `..` bind nothing.
            _ => {}
        }
    }

    fn positional<'p>(
        &mut self,
        elements: impl ExactSizeIterator<Item = &'p Pat>,
        variant: Option<&Ident>,
        place: &Place,
        view: View,
        bindings: &mut Vec<Id>,
    ) {
        let mut behind_rest = false;
        for (index, element) in elements.enumerate() {
            if matches!(element, Pat::Rest(_)) {
                behind_rest = true;
            } else if behind_rest && has_bindings(element) {
                self.errors.add(
                    element,
                    "a binding behind `..` cannot be differentiated; name the elements before it with `_`",
                );
            } else {
                let projection = match variant {
                    Some(variant) => Projection::Part(Part::new(variant, &index)),
                    None => Projection::Field(Member::Unnamed(index.into()).to_token_stream()),
                };
                self.pattern(element, &project(place, projection), view, bindings);
            }
        }
    }

    fn elements(&mut self, slice: &syn::PatSlice, place: &Place, view: View, bindings: &mut Vec<Id>) {
        let mut behind_rest = false;
        for (index, element) in slice.elems.iter().enumerate() {
            if is_rest(element) {
                behind_rest = true;
                if has_bindings(element) {
                    self.errors.add(
                        element,
                        "a binding of the rest cannot be differentiated; index the array instead",
                    );
                }
            } else if behind_rest && has_bindings(element) {
                self.errors.add(
                    element,
                    "a binding behind `..` cannot be differentiated; index the array instead",
                );
            } else {
                let position = Literal::usize_unsuffixed(index).into_token_stream();
                self.pattern(element, &project(place, Projection::Element(position)), view, bindings);
            }
        }
    }

    /// Declares the bindings of a pattern over something that touches no derivative.
    pub(super) fn opaque_bindings(&mut self, pattern: &Pat) -> Vec<Id> {
        let mut names = Vec::new();
        binding_names(pattern, &mut names);
        names
            .into_iter()
            .map(|(name, mutable)| {
                let extent = Extent::at(name.span());
                let id = self.define(name.clone(), extent, name.to_string(), false, ValueKind::Opaque);
                self.declare(&name, mutable, None, Current::Value(id));
                id
            })
            .collect()
    }
}

fn ends_with(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// True for `Enum::Variant(…)` and `Enum::Variant { … }`.
pub(super) fn makes_variant(tokens: &TokenStream) -> bool {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let [path @ .., proc_macro2::TokenTree::Group(parts)] = &trees[..] else {
        return false;
    };
    let is_path = path.iter().all(|tree| match tree {
        proc_macro2::TokenTree::Ident(_) => true,
        proc_macro2::TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    is_path
        && parts.delimiter() != proc_macro2::Delimiter::Bracket
        && variant(&path.iter().cloned().collect()).is_some()
}

pub(super) fn is_reference(ty: &TokenStream) -> bool {
    let first = ty.clone().into_iter().next();
    matches!(first, Some(proc_macro2::TokenTree::Punct(punct)) if punct.as_char() == '&')
}

/// The pattern as the forward sweep matches it: on a reference, modifiers of bindings have no place.
pub(super) fn shown(pattern: &Pat, view: View) -> TokenStream {
    struct Plain;
    impl VisitMut for Plain {
        fn visit_pat_ident_mut(&mut self, name: &mut syn::PatIdent) {
            name.by_ref = None;
            name.mutability = None;
            syn::visit_mut::visit_pat_ident_mut(self, name);
        }
    }
    let mut pattern = pattern.clone();
    if view == View::Named {
        Plain.visit_pat_mut(&mut pattern);
    }
    pattern.into_token_stream()
}

/// The variables that a pattern binds by `ref`.
fn reference_bindings(pattern: &Pat) -> Vec<String> {
    struct Finder(Vec<String>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            self.0.extend(name.by_ref.map(|_| name.ident.to_string()));
            syn::visit::visit_pat_ident(self, name);
        }
    }
    let mut finder = Finder(Vec::new());
    finder.visit_pat(pattern);
    finder.0
}

/// True if the pattern has a `&` inside.
pub(super) fn looks_through_reference(pattern: &Pat) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_pat_reference(&mut self, _: &'ast syn::PatReference) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    finder.visit_pat(pattern);
    finder.0
}

fn project(place: &Place, projection: Projection) -> Place {
    let mut place = place.clone();
    place.projections.push(projection);
    place
}

pub(crate) fn is_rest(pattern: &Pat) -> bool {
    match pattern {
        Pat::Rest(_) => true,
        Pat::Ident(name) => name.subpat.as_ref().is_some_and(|(_, inner)| is_rest(inner)),
        _ => false,
    }
}

/// True if the pattern binds a variable.
pub(super) fn has_bindings(pattern: &Pat) -> bool {
    let mut names = Vec::new();
    binding_names(pattern, &mut names);
    !names.is_empty()
}

/// The variables that a pattern binds, each once, and whether they are mutable.
pub(super) fn binding_names(pattern: &Pat, names: &mut Vec<(Ident, bool)>) {
    match pattern {
        Pat::Ident(name) => {
            if binds(name) && !names.iter().any(|(known, _)| *known == name.ident) {
                names.push((name.ident.clone(), name.mutability.is_some()));
            }
            if let Some((_, inner)) = &name.subpat {
                binding_names(inner, names);
            }
        }
        Pat::Paren(paren) => binding_names(&paren.pat, names),
        Pat::Type(typed) => binding_names(&typed.pat, names),
        Pat::Reference(reference) => binding_names(&reference.pat, names),
        Pat::Guard(guard) => binding_names(&guard.pat, names),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|element| binding_names(element, names)),
        Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|element| binding_names(element, names)),
        Pat::Slice(slice) => slice.elems.iter().for_each(|element| binding_names(element, names)),
        Pat::Struct(fields) => fields.fields.iter().for_each(|field| binding_names(&field.pat, names)),
        Pat::Or(or) => or.cases.iter().for_each(|case| binding_names(case, names)),
        _ => {}
    }
}
