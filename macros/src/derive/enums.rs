//! `#[derive(Differentiable)]` on an enum: its tangent is an enum with the same variants.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::visit::Visit;
use syn::{DataEnum, DeriveInput, Fields, GenericParam, Generics, Type};

use super::Used;
use crate::back::lints;
use crate::front::{function, types};
use crate::ir::Part;

/// A variant and its differentiable fields.
struct Variant {
    name: Ident,
    fields: Vec<Field>,
    left_out: Vec<LeftOut>,
    named: bool,
}

struct Field {
    /// `name` or `0`.
    member: TokenStream,
    /// The same in the tangent, where fields that are not differentiable are left out.
    tangent_member: TokenStream,
    ty: Type,
    /// A variable for it.
    variable: Ident,
    key: u64,
}

/// A field that is not differentiable.
struct LeftOut {
    member: TokenStream,
    ty: Type,
    key: u64,
}

/// The enum, taken apart.
struct Enum {
    name: Ident,
    tangent: Ident,
    visibility: TokenStream,
    krate: TokenStream,
    generics: Generics,
    variants: Vec<Variant>,
}

/// The tangent type and the implementations.
pub(super) fn derive(input: &DeriveInput, data: &DataEnum, krate: TokenStream) -> TokenStream {
    let parsed = Enum {
        name: input.ident.clone(),
        tangent: format_ident!("{}Tangent", input.ident),
        visibility: input.vis.to_token_stream(),
        krate,
        generics: input.generics.clone(),
        variants: data.variants.iter().map(variant).collect(),
    };
    let tangent = parsed.tangent_enum();
    let own = parsed.differentiable(&parsed.name, &parsed.bounded(parsed.generics.clone()), false);
    let other = parsed.differentiable(&parsed.tangent, &parsed.bounded(parsed.tangent_generics()), true);
    let (parts, tangent_parts, vector) = (parsed.parts(), parsed.tangent_parts(), parsed.vector());
    let allow = lints::allow();
    quote! {
        #tangent
        #allow
        const _: () = {
            #own
            #other
            #parts
            #tangent_parts
            #vector
        };
    }
}

fn variant(variant: &syn::Variant) -> Variant {
    let mut position = 0;
    let mut fields = Vec::new();
    let mut left_out = Vec::new();
    for (index, field) in variant.fields.iter().enumerate() {
        let member = |index: usize| match &field.ident {
            Some(name) => name.to_token_stream(),
            None => Literal::usize_unsuffixed(index).into_token_stream(),
        };
        if field.attrs.iter().any(function::is_no_diff) || types::is_discrete(&field.ty) {
            left_out.push(LeftOut {
                key: Part::new(&variant.ident, &member(index)).key,
                member: member(index),
                ty: field.ty.clone(),
            });
            continue;
        }
        fields.push(Field {
            key: Part::new(&variant.ident, &member(index)).key,
            member: member(index),
            tangent_member: member(position),
            ty: field.ty.clone(),
            variable: format_ident!("__field_{position}"),
        });
        position += 1;
    }
    Variant {
        name: variant.ident.clone(),
        fields,
        left_out,
        named: matches!(variant.fields, Fields::Named(_)),
    }
}

impl Variant {
    /// The pattern that binds the fields' variables, of the enum or of its tangent.
    fn pattern(&self, ty: &Ident, tangent: bool) -> TokenStream {
        let fields = self.fields.iter().map(|field| {
            let member = if tangent { &field.tangent_member } else { &field.member };
            let variable = &field.variable;
            quote!(#member: #variable,)
        });
        let name = &self.name;
        quote!(#ty::#name { #(#fields)* .. })
    }

    fn variables(&self) -> Vec<&Ident> {
        self.fields.iter().map(|field| &field.variable).collect()
    }

    /// A tangent of this variant, of these values.
    fn tangent(&self, tangent: &Ident, values: impl Iterator<Item = TokenStream>) -> TokenStream {
        let fields = self.fields.iter().zip(values).map(|(field, value)| {
            let member = &field.tangent_member;
            quote!(#member: #value,)
        });
        let name = &self.name;
        quote!(#tangent::#name { #(#fields)* })
    }
}

impl Enum {
    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.variants.iter().flat_map(|variant| &variant.fields)
    }

    /// The generic parameters that the tangent has: those that differentiable fields mention.
    fn tangent_generics(&self) -> Generics {
        let mut used = Used::default();
        self.fields().for_each(|field| used.visit_type(&field.ty));
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
            generics.where_clause = None;
        }
        generics
    }

    /// `F: Differentiable` for each differentiable field whose type depends on a parameter.
    fn bounded(&self, mut generics: Generics) -> Generics {
        let krate = &self.krate;
        let names: Vec<_> = self.generics.type_params().map(|parameter| &parameter.ident).collect();
        let mut all = Used::default();
        self.fields().for_each(|field| all.visit_type(&field.ty));
        let clause = generics.make_where_clause();
        for name in names.iter().filter(|name| all.contains(name)) {
            clause.predicates.push(syn::parse_quote!(#name: 'static));
        }
        for field in self.fields() {
            let mut used = Used::default();
            used.visit_type(&field.ty);
            if names.iter().any(|name| used.contains(name)) {
                let ty = &field.ty;
                clause.predicates.push(syn::parse_quote!(#ty: #krate::Differentiable));
            }
        }
        generics
    }

    fn tangent_of(&self, ty: &Type) -> TokenStream {
        let krate = &self.krate;
        quote!(<#ty as #krate::Differentiable>::Tangent)
    }

    // Input:  enum Shape { Disc { r: f64 }, Box(f64, f64) }
    // Output: enum ShapeTangent { Disc { r: <f64 as Differentiable>::Tangent }, Box(…, …) }
    fn tangent_enum(&self) -> TokenStream {
        let generics = self.bounded(self.tangent_generics());
        let (parameters, clause) = (&generics.params, &generics.where_clause);
        let variants = self.variants.iter().map(|variant| {
            let fields = variant.fields.iter().map(|field| {
                let (member, ty) = (&field.tangent_member, self.tangent_of(&field.ty));
                if variant.named {
                    quote!(#[doc = "The tangent of the field."] #member: #ty)
                } else {
                    ty
                }
            });
            let name = &variant.name;
            let documentation = format!("The tangent of a value of the variant `{name}`.");
            let body = match (variant.fields.is_empty(), variant.named) {
                (true, _) => TokenStream::new(),
                (false, true) => quote!({ #(#fields,)* }),
                (false, false) => quote!((#(#fields,)*)),
            };
            quote!(#[doc = #documentation] #name #body,)
        });
        let (tangent, visibility, allow) = (&self.tangent, &self.visibility, lints::allow());
        let documentation = format!(
            "A small change of a [`{}`], or a gradient with respect to one.",
            self.name
        );
        quote! {
            #[doc = #documentation]
            #allow
            #visibility enum #tangent<#parameters> #clause { #(#variants)* }
        }
    }

    /// The implementation for the enum or for its tangent, which is its own tangent.
    fn differentiable(&self, ty: &Ident, generics: &Generics, is_tangent: bool) -> TokenStream {
        let krate = &self.krate;
        let trait_ = quote!(#krate::Differentiable);
        let (parameters, arguments, clause) = generics.split_for_impl();
        let tangent = &self.tangent;
        let tangent_generics = self.tangent_generics();
        let (_, tangent_arguments, _) = tangent_generics.split_for_impl();
        let patterns: Vec<_> = self
            .variants
            .iter()
            .map(|variant| variant.pattern(ty, is_tangent))
            .collect();
        let variables: Vec<_> = self.variants.iter().map(Variant::variables).collect();
        let zeros = self.variants.iter().map(|variant| {
            let zeros = variant
                .variables()
                .into_iter()
                .map(|variable| quote!(#trait_::zero_tangent(#variable)));
            variant.tangent(tangent, zeros)
        });
        let find = |method: &str| {
            let method = format_ident!("{method}");
            quote! {
                match self {
                    #(#patterns => {
                        #(
                            let __count = #trait_::leaf_count(&*#variables);
                            if __index < __count {
                                return #trait_::#method(#variables, __index);
                            }
                            __index -= __count;
                        )*
                        #krate::expansion::another_variant()
                    })*
                }
            }
        };
        let (leaf, leaf_mut) = (find("leaf"), find("leaf_mut"));
        quote! {
            impl #parameters #krate::Differentiable for #ty #arguments #clause {
                type Tangent = #tangent #tangent_arguments;
                type Shape = #tangent #tangent_arguments;
                type Slot = ::core::option::Option<Self::Tangent>;
                type Accumulator<'__a> = #krate::expansion::Accumulator<'__a, Self::Tangent>;
                type Chunk<const __K: usize> = #krate::expansion::Apart<Self::Tangent, __K>;

                fn zero_chunk<const __K: usize>(&self) -> Self::Chunk<__K> {
                    #krate::expansion::Apart(::core::array::from_fn(|_| #trait_::zero_tangent(self)))
                }
                fn leaf_count(&self) -> usize {
                    match self { #(#patterns => 0 #(+ #trait_::leaf_count(#variables))*,)* }
                }
                fn leaf(&self, mut __index: usize) -> #krate::Leaf<'_> { #leaf }
                fn leaf_mut(&mut self, mut __index: usize) -> #krate::LeafMut<'_> { #leaf_mut }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn shape(&self) -> Self::Shape {
                    match self { #(#patterns => #zeros,)* }
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn zero(__shape: &Self::Shape) -> Self::Tangent {
                    ::core::clone::Clone::clone(__shape)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn accumulator(__slot: &mut Self::Slot) -> Self::Accumulator<'_> {
                    #krate::expansion::Accumulator::Slot(__slot)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn overwrite(__buffer: &mut Self::Tangent) -> Self::Accumulator<'_> {
                    #krate::expansion::Accumulator::Stale(__buffer)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn add_to(__tangent: &mut Self::Tangent) -> Self::Accumulator<'_> {
                    #krate::expansion::Accumulator::Live(__tangent)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn seed(__tangent: Self::Tangent) -> Self::Slot {
                    ::core::option::Option::Some(__tangent)
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn transfer(__from: &Self::Accumulator<'_>, __to: &mut Self::Accumulator<'_>) {
                    use #krate::expansion::Accumulate as _;
                    if let ::core::option::Option::Some(__cotangent) = __from.get() {
                        __to.contribute(
                            || ::core::clone::Clone::clone(__cotangent),
                            |__buffer| ::core::clone::Clone::clone_from(__buffer, __cotangent),
                            |__value| #krate::Tangent::accumulate(__value, __cotangent),
                        );
                    }
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn finish(__accumulator: &mut Self::Accumulator<'_>, __shape: &Self::Shape) {
                    __accumulator.finish(|| ::core::clone::Clone::clone(__shape));
                }
                #[cfg_attr(not(debug_assertions), inline(always))]
                fn take(__slot: Self::Slot, __shape: &Self::Shape) -> Self::Tangent {
                    __slot.unwrap_or_else(|| ::core::clone::Clone::clone(__shape))
                }
            }
        }
    }

    /// The fields of the variants, by their keys.
    fn parts(&self) -> TokenStream {
        let (krate, name, tangent) = (&self.krate, &self.name, &self.tangent);
        let generics = self.bounded(self.generics.clone());
        let (parameters, arguments, clause) = generics.split_for_impl();
        let left_out = self
            .variants
            .iter()
            .flat_map(|variant| variant.left_out.iter().map(move |field| (variant, field)));
        let left_out = left_out.map(|(variant, LeftOut { key, ty, member })| {
            let variant = &variant.name;
            quote! {
                impl #parameters #krate::expansion::PartOf<#key> for #name #arguments #clause {
                    type Part = #ty;
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    fn part(&self) -> &#ty {
                        match self {
                            #name::#variant { #member: __part, .. } => __part,
                            _ => #krate::expansion::another_variant(),
                        }
                    }
                }
                impl #parameters #krate::expansion::IndexRule<#krate::expansion::Part<#key>> for #name #arguments #clause {
                    type Element = #krate::expansion::LeftOut<#ty>;
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    fn element(
                        _: &mut Self::Tangent,
                        _: #krate::expansion::Part<#key>,
                    ) -> #krate::expansion::NoDiff<#ty> {
                        ::core::default::Default::default()
                    }
                }
            }
        });
        let left_out: TokenStream = left_out.collect();
        let all = self
            .variants
            .iter()
            .flat_map(|variant| variant.fields.iter().map(move |field| (variant, field)));
        let parts: TokenStream = all.map(|(variant, field)| {
            let Field {
                key,
                ty,
                member,
                tangent_member,
                ..
            } = field;
            let variant = &variant.name;
            quote! {
                impl #parameters #krate::expansion::PartOf<#key> for #name #arguments #clause {
                    type Part = #ty;
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    fn part(&self) -> &#ty {
                        match self {
                            #name::#variant { #member: __part, .. } => __part,
                            _ => #krate::expansion::another_variant(),
                        }
                    }
                }
                impl #parameters #krate::expansion::IndexRule<#krate::expansion::Part<#key>> for #name #arguments #clause {
                    type Element = #ty;
                    #[cfg_attr(not(debug_assertions), inline(always))]
                    fn element(
                        __cotangent: &mut Self::Tangent,
                        _: #krate::expansion::Part<#key>,
                    ) -> <#ty as #krate::Differentiable>::Accumulator<'_> {
                        match __cotangent {
                            #tangent::#variant { #tangent_member: __part, .. } => {
                                <#ty as #krate::Differentiable>::add_to(__part)
                            }
                            _ => #krate::expansion::another_variant(),
                        }
                    }
                }
            }
        })
        .collect();
        quote!(#left_out #parts)
    }

    /// The fields of the tangent's variants, by the same keys; of one that is left out, nothing.
    fn tangent_parts(&self) -> TokenStream {
        let (krate, tangent) = (&self.krate, &self.tangent);
        let generics = self.bounded(self.tangent_generics());
        let (parameters, arguments, clause) = generics.split_for_impl();
        let mut parts = TokenStream::new();
        for variant in &self.variants {
            let name = &variant.name;
            for field in &variant.fields {
                let (key, ty, member) = (field.key, self.tangent_of(&field.ty), &field.tangent_member);
                let found = quote! {
                    #tangent::#name { #member: __part, .. } => __part,
                    _ => #krate::expansion::another_variant(),
                };
                parts.extend(quote! {
                    impl #parameters #krate::expansion::Member<#key> for #tangent #arguments #clause {
                        type Part = #ty;
                        type PartMut<'__b> = &'__b mut #ty where Self: '__b;
                        #[cfg_attr(not(debug_assertions), inline(always))]
                        fn part(&self) -> &Self::Part {
                            match self { #found }
                        }
                        #[cfg_attr(not(debug_assertions), inline(always))]
                        fn part_mut(&mut self) -> Self::PartMut<'_> {
                            match self { #found }
                        }
                    }
                    impl #parameters #krate::expansion::IndexRule<#krate::expansion::Part<#key>> for #tangent #arguments #clause {
                        type Element = #ty;
                        #[cfg_attr(not(debug_assertions), inline(always))]
                        fn element(
                            __cotangent: &mut Self,
                            _: #krate::expansion::Part<#key>,
                        ) -> <#ty as #krate::Differentiable>::Accumulator<'_> {
                            let __part = match __cotangent { #found };
                            <#ty as #krate::Differentiable>::add_to(__part)
                        }
                    }
                });
            }
            for LeftOut { key, ty, .. } in &variant.left_out {
                // The tangent has none of the parameters that only such a field mentions.
                let named = !types::mentions_generics(ty, &self.generics) && !types::mentions_lifetime(ty);
                let ty = if named { ty.to_token_stream() } else { quote!(()) };
                let absent = quote!(#krate::expansion::Absent<#ty>);
                parts.extend(quote! {
                    impl #parameters #krate::expansion::Member<#key> for #tangent #arguments #clause {
                        type Part = #absent;
                        type PartMut<'__b> = #krate::expansion::Owned<#absent> where Self: '__b;
                        #[cfg_attr(not(debug_assertions), inline(always))]
                        fn part(&self) -> &Self::Part {
                            const { &<#absent>::NOTHING }
                        }
                        #[cfg_attr(not(debug_assertions), inline(always))]
                        fn part_mut(&mut self) -> Self::PartMut<'_> {
                            #krate::expansion::Owned(<#absent>::NOTHING)
                        }
                    }
                    impl #parameters #krate::expansion::IndexRule<#krate::expansion::Part<#key>> for #tangent #arguments #clause {
                        type Element = #absent;
                        #[cfg_attr(not(debug_assertions), inline(always))]
                        fn element(
                            _: &mut Self,
                            _: #krate::expansion::Part<#key>,
                        ) -> <#absent as #krate::Differentiable>::Accumulator<'_> {
                            ::core::default::Default::default()
                        }
                    }
                });
            }
        }
        parts
    }

    /// What a vector can do: be copied, compared, shown, added.
    fn vector(&self) -> TokenStream {
        let (krate, tangent) = (&self.krate, &self.tangent);
        let generics = self.bounded(self.tangent_generics());
        let (parameters, arguments, clause) = generics.split_for_impl();
        let patterns: Vec<_> = self
            .variants
            .iter()
            .map(|variant| variant.pattern(tangent, true))
            .collect();
        let clones = self.variants.iter().map(|variant| {
            let clones = variant
                .variables()
                .into_iter()
                .map(|variable| quote!(::core::clone::Clone::clone(#variable)));
            variant.tangent(tangent, clones)
        });
        let shown = self.variants.iter().map(|variant| {
            let (name, variables) = (variant.name.to_string(), variant.variables());
            if variant.named {
                let members = variant.fields.iter().map(|field| field.tangent_member.to_string());
                quote!(__f.debug_struct(#name) #(.field(#members, #variables))* .finish())
            } else {
                quote!(__f.debug_tuple(#name) #(.field(#variables))* .finish())
            }
        });
        // The same pattern with other variables.
        let others: Vec<Vec<Ident>> = self
            .variants
            .iter()
            .map(|variant| {
                variant
                    .fields
                    .iter()
                    .map(|field| format_ident!("{}_other", field.variable))
                    .collect()
            })
            .collect();
        let other_patterns: Vec<_> = self
            .variants
            .iter()
            .zip(&others)
            .map(|(variant, others)| {
                let name = &variant.name;
                let members = variant.fields.iter().map(|field| &field.tangent_member);
                quote!(#tangent::#name { #(#members: #others,)* .. })
            })
            .collect();
        let variables: Vec<_> = self.variants.iter().map(Variant::variables).collect();
        quote! {
            impl #parameters ::core::clone::Clone for #tangent #arguments #clause {
                #[inline]
                fn clone(&self) -> Self {
                    match self { #(#patterns => #clones,)* }
                }
            }
            impl #parameters ::core::fmt::Debug for #tangent #arguments #clause {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    match self { #(#patterns => #shown,)* }
                }
            }
            impl #parameters ::core::cmp::PartialEq for #tangent #arguments #clause {
                fn eq(&self, __other: &Self) -> bool {
                    match (self, __other) {
                        #((#patterns, #other_patterns) => true #(&& #variables == #others)*,)*
                        _ => false,
                    }
                }
            }
            impl #parameters #krate::Tangent for #tangent #arguments #clause {
                #[inline]
                fn accumulate(&mut self, __other: &Self) {
                    match (self, __other) {
                        #((#patterns, #other_patterns) => { #(#krate::Tangent::accumulate(#variables, #others);)* })*
                        _ => #krate::expansion::another_variant(),
                    }
                }
            }
        }
    }
}
