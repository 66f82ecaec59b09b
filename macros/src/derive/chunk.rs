//! The tangents of a struct along several directions: a struct with a chunk for each field.

use quote::{format_ident, quote};

use super::{Side, Struct, active_fields, machinery, name_of, parts};
use proc_macro2::TokenStream;

// Input:  struct Point { x: f64, #[no_diff] name: String }
// Output: struct __PointChunk<const K: usize> { x: <f64 as Differentiable>::Chunk<K> }
pub(super) fn chunk(parsed: &Struct, side: &Side<'_>) -> TokenStream {
    let (krate, visibility) = (&parsed.krate, &parsed.visibility);
    let (chunk, generics) = (&side.chunk, side.chunk_generics(parsed));
    let (parameters, arguments, clause) = generics.split_for_impl();
    let (tangent, tangent_generics) = (&parsed.tangent, parsed.tangent_generics());
    let (_, tangent_arguments, _) = tangent_generics.split_for_impl();
    let (members, types): (Vec<_>, Vec<_>) = active_fields(parsed, side)
        .map(|(_, tangent, _, ty)| (tangent, quote!(<#ty as #krate::Differentiable>::Chunk<__K>)))
        .unzip();
    let fields = members.iter().zip(&types).map(|(member, ty)| {
        let member = parsed.named.then(|| quote!(#member:));
        quote!(pub #member #ty,)
    });
    let fields = machinery::body(parsed.named, &quote!(#(#fields)*), &quote!(#clause));
    let trait_ = quote!(#krate::expansion::Chunk);
    let parts = parts(parsed, chunk, &generics, &types);
    quote! {
        #visibility struct #chunk #parameters #fields

        impl #parameters ::core::clone::Clone for #chunk #arguments #clause {
            #[inline]
            fn clone(&self) -> Self {
                #chunk { #(#members: ::core::clone::Clone::clone(&self.#members),)* }
            }
        }
        impl #parameters #trait_ for #chunk #arguments #clause {
            type Lane = #tangent #tangent_arguments;
            #[inline]
            fn lane(&self, __index: usize) -> Self::Lane {
                #tangent { #(#members: #trait_::lane(&self.#members, __index),)* }
            }
            #[inline]
            fn set_lane(&mut self, __index: usize, __tangent: &Self::Lane) {
                #(#trait_::set_lane(&mut self.#members, __index, &__tangent.#members);)*
            }
            #[inline]
            fn fill_zero(&mut self) {
                #(#trait_::fill_zero(&mut self.#members);)*
            }
        }
        #parts
    }
}

/// The associated type, and the function that makes one.
pub(super) fn associated(parsed: &Struct, side: &Side<'_>) -> TokenStream {
    let krate = &parsed.krate;
    let (chunk, generics) = (&side.chunk, side.chunk_generics(parsed));
    let names = generics.params.iter().map(name_of);
    let zeros = active_fields(parsed, side).map(|(member, tangent, _, ty)| {
        let own = if side.is_tangent { tangent } else { member };
        quote!(#tangent: <#ty as #krate::Differentiable>::zero_chunk(&self.#own))
    });
    quote! {
        type Chunk<const __K: usize> = #chunk<#(#names),*>;
        #[inline]
        fn zero_chunk<const __K: usize>(&self) -> Self::Chunk<__K> {
            #chunk { #(#zeros,)* }
        }
    }
}

impl Side<'_> {
    /// The generic parameters of the chunk: those of the tangent, and the number of directions.
    fn chunk_generics(&self, parsed: &Struct) -> syn::Generics {
        let mut generics = parsed.bounded(parsed.tangent_generics());
        generics.params.push(syn::parse_quote!(const __K: usize));
        generics
    }

    /// The chunk's name.
    pub(super) fn chunk_name(ty: &proc_macro2::Ident) -> proc_macro2::Ident {
        format_ident!("__{ty}Chunk")
    }
}
