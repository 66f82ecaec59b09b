//! `#[derive(Differentiable)]`.

mod chunk;
mod enums;
mod machinery;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::visit::{self, Visit};
use syn::{Data, DeriveInput, Fields, GenericParam, Generics, Lifetime, Path, Type};

use crate::back::lints;
use crate::errors::Errors;
use crate::front::{args, function, types};
use crate::ir::signature::ask;
use crate::ir::{Extent, part_key};

/// A field of the struct.
struct Field {
    /// `name` or `0`.
    member: TokenStream,
    /// The same in the tangent, where fields that are not differentiable are left out.
    tangent_member: TokenStream,
    ty: Type,
    visibility: TokenStream,
    active: bool,
    /// True if the type mentions the struct itself: its shape is a tangent, since otherwise it would contain itself.
    recursive: bool,
}

/// The struct, taken apart.
struct Struct {
    name: Ident,
    tangent: Ident,
    visibility: TokenStream,
    krate: TokenStream,
    generics: Generics,
    named: bool,
    fields: Vec<Field>,
    /// The type whose constant asks whether the fields are differentiable.
    checks: Ident,
    /// The types it asks for, see [`crate::ir::signature::Signature::checks`].
    checked: Vec<Type>,
}

/// One of the two types that are differentiable: the struct, and its tangent, which is its own tangent.
struct Side<'s> {
    /// The type.
    ty: Ident,
    slot: Ident,
    accumulator: Ident,
    chunk: Ident,
    generics: Generics,
    /// The struct's fields: how each is reached in slots and accumulators, its type, and whether something flows through it.
    fields: Vec<(&'s TokenStream, TokenStream, bool)>,
    /// True for the tangent.
    is_tangent: bool,
}

impl Side<'_> {
    /// The accumulator's additional field if no other one uses its lifetime.
    fn unused(&self, parsed: &Struct) -> Option<TokenStream> {
        let position = Literal::usize_unsuffixed(self.fields.len());
        let member = if parsed.named {
            quote!(__unused)
        } else {
            quote!(#position)
        };
        parsed.active().next().is_none().then_some(member)
    }

    /// Its value.
    fn marker(&self, parsed: &Struct) -> Option<TokenStream> {
        let member = self.unused(parsed)?;
        Some(quote!(#member: ::core::marker::PhantomData))
    }
}

/// The tangent type and the implementations, or what is wrong.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    if let Data::Enum(data) = &input.data {
        let krate = args::crate_path(renamed_crate(input, &mut errors).as_ref());
        if errors.is_empty() {
            return enums::derive(input, data, krate);
        }
    }
    let Some(parsed) = parse(input, &mut errors).filter(|_| errors.is_empty()) else {
        let (fallback, errors) = (fallback(input, &errors), errors.to_tokens());
        return quote!(#fallback #errors);
    };
    let (check, tangent) = (check(&parsed), tangent_struct(&parsed));
    let sides = [own_side(&parsed), tangent_side(&parsed)];
    let implementations = sides.iter().map(|side| {
        let machinery = machinery::machinery(&parsed, side);
        let (differentiable, chunk) = (differentiable(&parsed, side), chunk::chunk(&parsed, side));
        quote!(#machinery #differentiable #chunk)
    });
    let types: Vec<_> = parsed.active().map(|field| tangent_of(&parsed, &field.ty)).collect();
    let generics = parsed.bounded(parsed.tangent_generics());
    let (vector, parts) = (vector(&parsed), parts(&parsed, &parsed.tangent, &generics, &types));
    let allow = lints::allow();
    quote! {
        #check
        #tangent
        #allow
        const _: () = {
            #(#implementations)*
            #vector
            #parts
        };
    }
}

/// An implementation whose types are the first error again, so that what uses the type is not reported as well.
fn fallback(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let krate = args::crate_path(renamed_crate(input, &mut Errors::default()).as_ref());
    let (name, error) = (&input.ident, errors.first());
    let (parameters, arguments, clause) = input.generics.split_for_impl();
    let allow = lints::allow();
    quote! {
        #allow
        impl #parameters #krate::Differentiable for #name #arguments #clause {
            type Tangent = [(); #error];
            type Shape = [(); #error];
            type Slot = [(); #error];
            type Accumulator<'__a> = [(); #error];
            type Chunk<const __K: usize> = [(); #error];
            fn zero_chunk<const __K: usize>(&self) -> Self::Chunk<__K> { loop {} }
            fn leaf_count(&self) -> usize { loop {} }
            fn leaf(&self, _: usize) -> #krate::Leaf<'_> { loop {} }
            fn leaf_mut(&mut self, _: usize) -> #krate::LeafMut<'_> { loop {} }
            fn shape(&self) -> Self::Shape { loop {} }
            fn zero(_: &Self::Shape) -> Self::Tangent { loop {} }
            fn accumulator(_: &mut Self::Slot) -> Self::Accumulator<'_> { loop {} }
            fn overwrite(_: &mut Self::Tangent) -> Self::Accumulator<'_> { loop {} }
            fn add_to(_: &mut Self::Tangent) -> Self::Accumulator<'_> { loop {} }
            fn seed(_: Self::Tangent) -> Self::Slot { loop {} }
            fn transfer(_: &Self::Accumulator<'_>, _: &mut Self::Accumulator<'_>) {}
            fn finish(_: &mut Self::Accumulator<'_>, _: &Self::Shape) {}
            fn take(_: Self::Slot, _: &Self::Shape) -> Self::Tangent { loop {} }
        }
    }
}

fn parse(input: &DeriveInput, errors: &mut Errors) -> Option<Struct> {
    let data = match &input.data {
        Data::Struct(data) => data,
        // Its one mistake has been found.
        Data::Enum(_) => return None,
        Data::Union(data) => {
            errors.add(data.union_token, "a union cannot be differentiable; use a struct");
            return None;
        }
    };
    let krate = args::crate_path(renamed_crate(input, errors).as_ref());
    let checks = format_ident!("__{}Fields", input.ident);
    let mut types = Vec::new();
    let mut checked = |ty: &Type| {
        // A struct that contains itself does not ask for itself.
        let mut used = Used::default();
        used.visit_type(ty);
        if used.contains(&input.ident)
            || types::is_known(ty)
            || types::mentions_generics(ty, &input.generics)
            || types::mentions_lifetime(ty)
        {
            return ty.clone();
        }
        types.push(ty.clone());
        let span = Extent::of(&ty.to_token_stream()).first;
        syn::parse_quote_spanned!(span=> <#ty as #krate::expansion::If<{ #checks::__DIFFERENTIABLE }>>::Type)
    };
    let named = matches!(data.fields, Fields::Named(_));
    let mut position = 0;
    let fields = data
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let active = !field.attrs.iter().any(function::is_no_diff) && !types::is_discrete(&field.ty);
            let ty = if active { checked(&field.ty) } else { field.ty.clone() };
            let member = |index: usize| match &field.ident {
                Some(name) => name.to_token_stream(),
                None => Literal::usize_unsuffixed(index).into_token_stream(),
            };
            let tangent_member = member(position);
            position += usize::from(active);
            let visibility = field.vis.to_token_stream();
            Field {
                member: member(index),
                tangent_member,
                ty,
                visibility,
                active,
                recursive: {
                    let mut used = Used::default();
                    used.visit_type(&field.ty);
                    used.contains(&input.ident)
                },
            }
        })
        .collect();
    Some(Struct {
        name: input.ident.clone(),
        tangent: format_ident!("{}Tangent", input.ident),
        visibility: input.vis.to_token_stream(),
        krate,
        generics: input.generics.clone(),
        named,
        fields,
        checks,
        checked: types,
    })
}

/// `#[differentiable(crate = path)]`
fn renamed_crate(input: &DeriveInput, errors: &mut Errors) -> Option<Path> {
    let mut renamed = None;
    for attribute in input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("differentiable"))
    {
        match attribute.parse_args_with(args::parse_crate) {
            Ok(path) => renamed = Some(path),
            Err(error) => errors.append(error),
        }
    }
    renamed
}

impl Struct {
    fn active(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.active)
    }

    /// The generic parameters that the tangent has: those that differentiable fields mention.
    fn tangent_generics(&self) -> Generics {
        let mut used = Used::default();
        self.active().for_each(|field| used.visit_type(&field.ty));
        let mut generics = self.generics.clone();
        generics.params = generics
            .params
            .into_iter()
            .filter(|parameter| match parameter {
                GenericParam::Type(parameter) => used.contains(&parameter.ident),
                GenericParam::Const(parameter) => used.contains(&parameter.ident),
                GenericParam::Lifetime(parameter) => used.contains(&parameter.lifetime.ident),
            })
            .collect();
        if generics.params.len() < self.generics.params.len() {
            // A bound may mention what has been left out.
            generics.where_clause = None;
        }
        generics
    }

    /// `F: Differentiable` for each differentiable field whose type depends on a parameter.
    fn bounded(&self, mut generics: Generics) -> Generics {
        let krate = &self.krate;
        let names: Vec<_> = self.generics.type_params().map(|parameter| &parameter.ident).collect();
        let mut all = Used::default();
        self.active().for_each(|field| all.visit_type(&field.ty));
        for name in names.iter().filter(|name| all.contains(name)) {
            // A tangent borrows nothing.
            generics
                .make_where_clause()
                .predicates
                .push(syn::parse_quote!(#name: 'static));
        }
        for field in self.active() {
            let mut used = Used::default();
            used.visit_type(&field.ty);
            if names.iter().any(|name| used.contains(name)) {
                let ty = &field.ty;
                generics
                    .make_where_clause()
                    .predicates
                    .push(syn::parse_quote!(#ty: #krate::Differentiable));
            }
        }
        generics
    }
}

/// The names that a type mentions.
#[derive(Default)]
struct Used(Vec<Ident>);

impl Used {
    fn contains(&self, name: &Ident) -> bool {
        self.0.contains(name)
    }
}

impl<'ast> Visit<'ast> for Used {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.0.push(ident.clone());
    }
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.0.push(lifetime.ident.clone());
        visit::visit_lifetime(self, lifetime);
    }
}

fn own_side(parsed: &Struct) -> Side<'_> {
    let name = &parsed.name;
    let field = |field: &Field| field.ty.to_token_stream();
    Side {
        ty: name.clone(),
        slot: format_ident!("__{name}Slot"),
        accumulator: format_ident!("__{name}Accumulator"),
        chunk: Side::chunk_name(name),
        generics: parsed.bounded(parsed.generics.clone()),
        fields: parsed.fields.iter().map(|f| (&f.member, field(f), f.active)).collect(),
        is_tangent: false,
    }
}

fn tangent_side(parsed: &Struct) -> Side<'_> {
    let name = &parsed.tangent;
    Side {
        ty: name.clone(),
        slot: format_ident!("__{name}Slot"),
        accumulator: format_ident!("__{name}Accumulator"),
        chunk: Side::chunk_name(name),
        generics: parsed.bounded(parsed.tangent_generics()),
        fields: parsed
            .fields
            .iter()
            .map(|f| (&f.member, tangent_field(parsed, f), f.active))
            .collect(),
        is_tangent: true,
    }
}

/// The type of a field of the tangent; of one that is left out, the type that the field itself has, if the tangent can name it.
fn tangent_field(parsed: &Struct, field: &Field) -> TokenStream {
    let ty = &field.ty;
    if field.active {
        tangent_of(parsed, ty)
    } else if types::mentions_generics(ty, &parsed.generics) || types::mentions_lifetime(ty) {
        quote!(())
    } else {
        ty.to_token_stream()
    }
}

/// The constant that is an error if a field is not differentiable; nothing more is said about types that go by way of it.
fn check(parsed: &Struct) -> Option<TokenStream> {
    let Struct {
        visibility,
        krate,
        checks,
        checked,
        ..
    } = parsed;
    if checked.is_empty() {
        return None;
    }
    let allow = lints::allow();
    let trait_ = quote!(#krate::Differentiable);
    let asked = checked.iter().map(|ty| ask(&ty.to_token_stream(), &trait_));
    Some(quote! {
        #[doc(hidden)]
        #allow
        #visibility struct #checks {}
        #allow
        impl #checks {
            pub const __DIFFERENTIABLE: bool = { #(#asked)* true };
        }
    })
}

fn tangent_of(parsed: &Struct, ty: &Type) -> TokenStream {
    let krate = &parsed.krate;
    quote!(<#ty as #krate::Differentiable>::Tangent)
}

// Input:  struct Mlp { w: Matrix<2, 2>, #[no_diff] name: String }
// Output: struct MlpTangent { w: <Matrix<2, 2> as Differentiable>::Tangent }
fn tangent_struct(parsed: &Struct) -> TokenStream {
    let Struct {
        name,
        tangent,
        visibility,
        ..
    } = parsed;
    let generics = parsed.bounded(parsed.tangent_generics());
    let (parameters, _, clause) = generics.split_for_impl();
    let defaults = &generics.params;
    let parameters = if defaults.is_empty() {
        quote!(#parameters)
    } else {
        quote!(<#defaults>)
    };
    let allow = lints::allow();
    let documentation = format!("A small change of a [`{name}`], or a gradient with respect to one.");
    let field_documentation = format!("The tangent of the field of [`{name}`].");
    let fields = parsed.active().map(|field| {
        let (member, ty, visibility) = (&field.tangent_member, tangent_of(parsed, &field.ty), &field.visibility);
        let member = parsed.named.then(|| quote!(#member:));
        quote!(#[doc = #field_documentation] #visibility #member #ty)
    });
    let body = if parsed.named {
        quote!(#clause { #(#fields,)* })
    } else {
        quote!((#(#fields,)*) #clause;)
    };
    quote! {
        #[doc = #documentation]
        #allow
        #visibility struct #tangent #parameters #body
    }
}

/// A generic parameter, as an argument.
fn name_of(parameter: &GenericParam) -> TokenStream {
    match parameter {
        GenericParam::Lifetime(parameter) => parameter.lifetime.to_token_stream(),
        GenericParam::Type(parameter) => parameter.ident.to_token_stream(),
        GenericParam::Const(parameter) => parameter.ident.to_token_stream(),
    }
}

fn differentiable(parsed: &Struct, side: &Side<'_>) -> TokenStream {
    let krate = &parsed.krate;
    let Side {
        ty,
        slot,
        accumulator,
        generics,
        fields,
        ..
    } = side;
    let (parameters, arguments, clause) = generics.split_for_impl();
    let tangent = &parsed.tangent;
    let tangent_generics = parsed.tangent_generics();
    let (_, tangent_arguments, _) = tangent_generics.split_for_impl();
    let longer = machinery::with_lifetime(generics);
    let (_, long_arguments, _) = longer.split_for_impl();
    let shapes =
        pairs(fields.iter().filter(|field| field.2).zip(parsed.active()).map(
            |((_, ty, _), field)| match field.recursive {
                true => quote!(<#ty as #krate::Differentiable>::Tangent),
                false => quote!(<#ty as #krate::Differentiable>::Shape),
            },
        ));
    let (leaves, chunk) = (leaves(parsed, side), chunk::associated(parsed, side));
    let flows = flows(parsed, side);
    quote! {
        impl #parameters #krate::Differentiable for #ty #arguments #clause {
            type Tangent = #tangent #tangent_arguments;
            type Shape = #shapes;
            type Slot = #slot #arguments;
            type Accumulator<'__a> = #accumulator #long_arguments;
            #chunk
            #leaves
            #flows
        }
    }
}

/// Nested pairs, since a tuple of more than twelve members cannot be cloned.
// Input:  A, B, C
// Output: (A, (B, (C, ())))
fn pairs(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    let items: Vec<_> = items.collect();
    items.into_iter().rfold(quote!(()), |rest, item| quote!((#item, #rest)))
}

/// Where nested pairs hold the member with this index.
// Input:  2
// Output: 1.1.0
fn position(index: usize) -> TokenStream {
    let (first, second) = (Literal::usize_unsuffixed(0), Literal::usize_unsuffixed(1));
    let outer = (0..index).map(|_| &second);
    quote!(#(#outer.)* #first)
}

/// The differentiable fields: how each is reached in slots and in the tangent, its position, and its type.
fn active_fields<'s>(
    parsed: &'s Struct,
    side: &'s Side<'_>,
) -> impl Iterator<Item = (&'s TokenStream, &'s TokenStream, TokenStream, &'s TokenStream)> {
    let active = side.fields.iter().filter(|field| field.2);
    active
        .zip(parsed.active())
        .enumerate()
        .map(|(index, ((member, ty, _), field))| (*member, &field.tangent_member, position(index), ty))
}

fn leaves(parsed: &Struct, side: &Side<'_>) -> TokenStream {
    let krate = &parsed.krate;
    let trait_ = quote!(#krate::Differentiable);
    let (members, types): (Vec<_>, Vec<_>) = active_fields(parsed, side)
        .map(|(member, tangent, _, ty)| (if side.is_tangent { tangent } else { member }, ty))
        .unzip();
    let find = |method: TokenStream, borrow: TokenStream| {
        quote! {
            #(
                let __count = <#types as #trait_>::leaf_count(&self.#members);
                if __index < __count {
                    return <#types as #trait_>::#method(#borrow self.#members, __index);
                }
                __index -= __count;
            )*
            ::core::panic!("no leaf has this index: the tangent belongs to a value of another size or variant")
        }
    };
    let (leaf, leaf_mut) = (find(quote!(leaf), quote!(&)), find(quote!(leaf_mut), quote!(&mut)));
    quote! {
        fn leaf_count(&self) -> usize {
            0 #(+ <#types as #trait_>::leaf_count(&self.#members))*
        }
        fn leaf(&self, mut __index: usize) -> #krate::Leaf<'_> {
            #leaf
        }
        fn leaf_mut(&mut self, mut __index: usize) -> #krate::LeafMut<'_> {
            #leaf_mut
        }
    }
}

fn flows(parsed: &Struct, side: &Side<'_>) -> TokenStream {
    let krate = &parsed.krate;
    let trait_ = quote!(#krate::Differentiable);
    let (tangent, slot, accumulator) = (&parsed.tangent, &side.slot, &side.accumulator);
    let mut members = Vec::new();
    let mut tangents = Vec::new();
    let mut positions = Vec::new();
    let mut types = Vec::new();
    for (member, tangent_member, position, ty) in active_fields(parsed, side) {
        members.push(member);
        tangents.push(tangent_member);
        positions.push(position);
        types.push(ty);
    }
    let inactive: Vec<_> = side
        .fields
        .iter()
        .filter(|field| !field.2)
        .map(|(member, ..)| member)
        .collect();
    let marker = side.marker(parsed);
    let idle = quote!(#(#inactive: ::core::default::Default::default(),)*);
    let shapes = pairs(
        if side.is_tangent { &tangents } else { &members }
            .iter()
            .zip(&types)
            .zip(parsed.active())
            .map(|((member, ty), field)| match field.recursive {
                true => quote!(<#ty as #trait_>::zero_tangent(&self.#member)),
                false => quote!(<#ty as #trait_>::shape(&self.#member)),
            }),
    );
    let recursive = || parsed.active().map(|field| field.recursive);
    let parts = || {
        types
            .iter()
            .zip(&positions)
            .zip(members.iter().zip(&tangents))
            .zip(recursive())
    };
    let zeros = parts().map(|(((ty, position), (_, tangent)), recursive)| match recursive {
        true => quote!(#tangent: ::core::clone::Clone::clone(&__shape.#position)),
        false => quote!(#tangent: <#ty as #trait_>::zero(&__shape.#position)),
    });
    let finished = parts().map(|(((ty, position), (member, _)), recursive)| match recursive {
        true => quote!(__accumulator.#member.finish(|| ::core::clone::Clone::clone(&__shape.#position))),
        false => quote!(<#ty as #trait_>::finish(&mut __accumulator.#member, &__shape.#position)),
    });
    let taken = parts().map(|(((ty, position), (member, tangent)), recursive)| match recursive {
        true => quote! {
            #tangent: __slot.#member.unwrap_or_else(|| ::core::clone::Clone::clone(&__shape.#position))
        },
        false => quote!(#tangent: <#ty as #trait_>::take(__slot.#member, &__shape.#position)),
    });
    quote! {
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn shape(&self) -> Self::Shape {
            #shapes
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn zero(__shape: &Self::Shape) -> Self::Tangent {
            #tangent { #(#zeros,)* }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn accumulator(__slot: &mut Self::Slot) -> Self::Accumulator<'_> {
            #accumulator { #(#members: <#types as #trait_>::accumulator(&mut __slot.#members),)* #idle #marker }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn overwrite(__buffer: &mut Self::Tangent) -> Self::Accumulator<'_> {
            #accumulator { #(#members: <#types as #trait_>::overwrite(&mut __buffer.#tangents),)* #idle #marker }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn add_to(__tangent: &mut Self::Tangent) -> Self::Accumulator<'_> {
            #accumulator { #(#members: <#types as #trait_>::add_to(&mut __tangent.#tangents),)* #idle #marker }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn seed(__tangent: Self::Tangent) -> Self::Slot {
            #slot { #(#members: <#types as #trait_>::seed(__tangent.#tangents),)* #idle }
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn transfer(__from: &Self::Accumulator<'_>, __to: &mut Self::Accumulator<'_>) {
            #(<#types as #trait_>::transfer(&__from.#members, &mut __to.#members);)*
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn finish(__accumulator: &mut Self::Accumulator<'_>, __shape: &Self::Shape) {
            #(#finished;)*
        }
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn take(__slot: Self::Slot, __shape: &Self::Shape) -> Self::Tangent {
            #tangent { #(#taken,)* }
        }
    }
}

/// The parts of a tangent, or of a chunk, by the names of the struct's fields: of one that is left out, nothing. `types` are those
/// of the fields that are differentiable.
fn parts(parsed: &Struct, tangent: &Ident, generics: &Generics, types: &[TokenStream]) -> TokenStream {
    let krate = &parsed.krate;
    let (parameters, arguments, clause) = generics.split_for_impl();
    let mut types = types.iter();
    let parts = parsed.fields.iter().map(|field| {
        let key = part_key(&field.member);
        let own = if field.active { types.next() } else { None };
        let (part, pointer, read, write) = if let Some(ty) = own {
            let (ty, member) = (ty.clone(), &field.tangent_member);
            let pointer = quote!(&'__b mut #ty);
            (ty, pointer, quote!(&self.#member), quote!(&mut self.#member))
        } else {
            let ty = tangent_field(parsed, field);
            let absent = quote!(#krate::expansion::Absent<#ty>);
            let pointer = quote!(#krate::expansion::Owned<#absent>);
            (
                absent.clone(),
                pointer,
                quote!(const { &<#absent>::NOTHING }),
                quote!(#krate::expansion::Owned(<#absent>::NOTHING)),
            )
        };
        quote! {
            impl #parameters #krate::expansion::Member<#key> for #tangent #arguments #clause {
                type Part = #part;
                type PartMut<'__b> = #pointer where Self: '__b;
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn part(&self) -> &Self::Part {
                    #read
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn part_mut(&mut self) -> Self::PartMut<'_> {
                    #write
                }
            }
        }
    });
    quote!(#(#parts)*)
}

/// What a vector can do: be copied, compared, shown, added.
fn vector(parsed: &Struct) -> TokenStream {
    let Struct {
        tangent, krate, named, ..
    } = parsed;
    let generics = parsed.bounded(parsed.tangent_generics());
    let (parameters, arguments, clause) = generics.split_for_impl();
    let members: Vec<_> = parsed.active().map(|field| &field.tangent_member).collect();
    let name = tangent.to_string();
    let show = if *named {
        let names = members.iter().map(ToString::to_string);
        quote!(__f.debug_struct(#name) #(.field(#names, &self.#members))* .finish())
    } else {
        quote!(__f.debug_tuple(#name) #(.field(&self.#members))* .finish())
    };
    quote! {
        impl #parameters ::core::clone::Clone for #tangent #arguments #clause {
            #[inline]
            fn clone(&self) -> Self {
                #tangent { #(#members: ::core::clone::Clone::clone(&self.#members),)* }
            }
            #[inline]
            fn clone_from(&mut self, __other: &Self) {
                #(::core::clone::Clone::clone_from(&mut self.#members, &__other.#members);)*
            }
        }
        impl #parameters ::core::fmt::Debug for #tangent #arguments #clause {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #show
            }
        }
        impl #parameters ::core::cmp::PartialEq for #tangent #arguments #clause {
            fn eq(&self, __other: &Self) -> bool {
                true #(&& self.#members == __other.#members)*
            }
        }
        impl #parameters #krate::Tangent for #tangent #arguments #clause {
            #[inline]
            fn accumulate(&mut self, __other: &Self) {
                #(#krate::Tangent::accumulate(&mut self.#members, &__other.#members);)*
            }
        }
    }
}
