//! What can be read off a type as the user wrote it.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, Generics, Ident, Lifetime, PathArguments, Type, TypeParamBound};

/// Types without a tangent, by name.
const DISCRETE: &[&str] = &[
    "bool", "char", "str", "String", "Ordering", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
    "u128", "usize",
];

/// Containers that have a tangent if what they hold has one.
const CONTAINERS: &[&str] = &["Option", "Vec", "Box", "Range", "RangeInclusive"];

/// Types that are differentiable.
const KNOWN: &[&str] = &["f32", "f64", "Matrix", "HeapMatrix"];

/// The integer types: a cast to one is piecewise constant.
const INTEGERS: &[&str] = &[
    "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "char",
];

/// True if the type, as written, has no tangent: integers, `bool`, `char`, strings, functions, and what is made of them.
pub(crate) fn is_discrete(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| {
            let name = segment.ident.to_string();
            match &segment.arguments {
                PathArguments::None => DISCRETE.contains(&name.as_str()),
                PathArguments::AngleBracketed(arguments) => {
                    CONTAINERS.contains(&name.as_str())
                        && arguments.args.iter().all(|argument| match argument {
                            GenericArgument::Type(ty) => is_discrete(ty),
                            _ => false,
                        })
                }
                PathArguments::Parenthesized(_) => false,
            }
        }),
        Type::Reference(reference) => is_discrete(&reference.elem),
        Type::Array(array) => is_discrete(&array.elem),
        Type::Slice(slice) => is_discrete(&slice.elem),
        Type::Paren(paren) => is_discrete(&paren.elem),
        Type::Group(group) => is_discrete(&group.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_discrete),
        Type::FnPtr(_) | Type::TraitObject(_) | Type::Never(_) => true,
        Type::ImplTrait(implementor) => implementor.bounds.iter().any(is_function_bound),
        _ => false,
    }
}

/// True for `Fn(…)`, `FnMut(…)` and `FnOnce(…)`, and for `Callable<…>`.
pub(crate) fn is_function_bound(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    bound
        .path
        .segments
        .last()
        .is_some_and(|segment| match segment.arguments {
            PathArguments::Parenthesized(_) => {
                matches!(segment.ident.to_string().as_str(), "Fn" | "FnMut" | "FnOnce")
            }
            _ => segment.ident == "Callable",
        })
}

/// True for `Real`, `Differentiable`, and `Tangent`.
pub(crate) fn is_differentiable_bound(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    bound.path.segments.last().is_some_and(|segment| {
        matches!(
            segment.ident.to_string().as_str(),
            "Real" | "Differentiable" | "Tangent"
        )
    })
}

/// A reference among the parts of the type, unless it is one to something without a tangent.
pub(crate) fn reference_inside(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Reference(_) if is_discrete(ty) => None,
        Type::Reference(_) => Some(ty),
        Type::Array(array) => reference_inside(&array.elem),
        Type::Slice(slice) => reference_inside(&slice.elem),
        Type::Paren(paren) => reference_inside(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(reference_inside),
        Type::Path(path) => path.path.segments.last().and_then(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => reference_inside(ty),
                _ => None,
            }),
            _ => None,
        }),
        _ => None,
    }
}

/// True for an integer type's name.
pub(crate) fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.get_ident().is_some_and(|name| {
        INTEGERS.contains(&name.to_string().as_str())
    }))
}

/// True if the type mentions a lifetime by name.
pub(crate) fn mentions_lifetime(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= lifetime.ident != "static";
            visit::visit_lifetime(self, lifetime);
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

/// The type with its named lifetimes left to inference, as the argument of a closure has them.
pub(crate) fn without_lifetimes(ty: &Type) -> Type {
    with_lifetimes(ty, "'_")
}

/// The type with `'static` for every lifetime.
pub(crate) fn unborrowed(ty: &Type) -> Type {
    with_lifetimes(ty, "'static")
}

/// The type with the given lifetime for every one but `'static`.
fn with_lifetimes(ty: &Type, lifetime: &'static str) -> Type {
    struct Eraser(&'static str);
    impl VisitMut for Eraser {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                *lifetime = Lifetime::new(self.0, lifetime.span());
            }
        }
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            if reference
                .lifetime
                .as_ref()
                .is_some_and(|lifetime| lifetime.ident != "static")
            {
                reference.lifetime = None;
            }
            visit_mut::visit_type_reference_mut(self, reference);
        }
    }
    let mut ty = ty.clone();
    Eraser(lifetime).visit_type_mut(&mut ty);
    ty
}

/// Replaces each `'_` by a lifetime with a name. Returns the names.
pub(crate) fn name_lifetimes(ty: &mut Type, mut fresh: impl FnMut() -> Lifetime) -> Vec<Lifetime> {
    struct Namer<F> {
        fresh: F,
        names: Vec<Lifetime>,
    }
    impl<F: FnMut() -> Lifetime> VisitMut for Namer<F> {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident == "_" {
                *lifetime = (self.fresh)();
                self.names.push(lifetime.clone());
            }
        }
    }
    let mut namer = Namer {
        fresh: &mut fresh,
        names: Vec::new(),
    };
    namer.visit_type_mut(ty);
    namer.names
}

/// True for slices, arrays and vectors, and references to them.
pub(crate) fn is_vector(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_vector(&reference.elem),
        Type::Slice(_) | Type::Array(_) => true,
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| segment.ident == "Vec"),
        Type::Paren(paren) => is_vector(&paren.elem),
        Type::Group(group) => is_vector(&group.elem),
        _ => false,
    }
}

/// True if the type, as written, is differentiable whatever its parts are.
pub(crate) fn is_known(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|segment| KNOWN.contains(&segment.ident.to_string().as_str())),
        Type::Array(array) => is_known(&array.elem),
        Type::Slice(slice) => is_known(&slice.elem),
        Type::Paren(paren) => is_known(&paren.elem),
        Type::Group(group) => is_known(&group.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_known),
        ty => is_discrete(ty),
    }
}

/// True if the type, as written, is made of numbers, matrices and generic parameters alone.
pub(crate) fn is_of_numbers(ty: &Type, generics: &Generics) -> bool {
    let inside = |ty: &Type| is_of_numbers(ty, generics);
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().is_some_and(|segment| {
                let name = segment.ident.to_string();
                match &segment.arguments {
                    _ if KNOWN.contains(&name.as_str()) => true,
                    PathArguments::None => {
                        let is_parameter = |parameter: &syn::TypeParam| parameter.ident == segment.ident;
                        path.path.segments.len() == 1 && generics.type_params().any(is_parameter)
                    }
                    PathArguments::AngleBracketed(arguments) if CONTAINERS.contains(&name.as_str()) => {
                        arguments.args.iter().all(|argument| match argument {
                            GenericArgument::Type(ty) => inside(ty),
                            _ => false,
                        })
                    }
                    _ => is_discrete(ty),
                }
            }) || is_discrete(ty)
        }
        Type::Reference(reference) => inside(&reference.elem),
        Type::Array(array) => inside(&array.elem),
        Type::Slice(slice) => inside(&slice.elem),
        Type::Paren(paren) => inside(&paren.elem),
        Type::Group(group) => inside(&group.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(inside),
        ty => is_known(ty),
    }
}

/// True if the type mentions a type or const parameter, or leaves something to inference.
pub(crate) fn mentions_generics(ty: &Type, generics: &Generics) -> bool {
    struct Finder<'g> {
        generics: &'g Generics,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_ident(&mut self, name: &'ast Ident) {
            self.found |= self.generics.type_params().any(|parameter| parameter.ident == *name)
                || self.generics.const_params().any(|parameter| parameter.ident == *name);
        }
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.found = true;
        }
        fn visit_type_macro(&mut self, _: &'ast syn::TypeMacro) {
            self.found = true;
        }
    }
    let mut finder = Finder { generics, found: false };
    finder.visit_type(ty);
    finder.found
}
