//! Slots and accumulators of structs.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Generics;

use super::{Side, Struct, active_fields, name_of};

/// The slot and the accumulator: structs with a field for each field.
pub(super) fn machinery(parsed: &Struct, side: &Side<'_>) -> TokenStream {
    let krate = &parsed.krate;
    let Side {
        slot,
        accumulator,
        generics,
        fields,
        ..
    } = side;
    let (parameters, arguments, clause) = generics.split_for_impl();
    let members: Vec<_> = fields.iter().map(|(member, ..)| member).collect();
    let tangent = &parsed.tangent;
    let tangent_generics = parsed.tangent_generics();
    let (_, tangent_arguments, _) = tangent_generics.split_for_impl();
    let (active, tangents): (Vec<_>, Vec<_>) = active_fields(parsed, side)
        .map(|(member, tangent, ..)| (member, tangent))
        .unzip();
    let unbox = {
        let mut lent = generics.clone();
        lent.params.insert(0, syn::parse_quote!('__b));
        let (lent_parameters, _, _) = lent.split_for_impl();
        let (ty, names) = (&side.ty, lent.params.iter().map(name_of));
        let boxed = quote!(#krate::expansion::Boxed<#tangent #tangent_arguments>);
        let own = quote!(#accumulator<#(#names),*>);
        quote! {
            impl #lent_parameters #krate::expansion::Unbox<'__b, #boxed, #own>
                for &'__b mut #krate::expansion::Accumulator<'_, #boxed> #clause
            {
                fn unbox(
                    self,
                    __zero: impl ::core::ops::FnOnce() -> #boxed,
                ) -> #krate::expansion::Unboxed<'__b, #own> {
                    #krate::expansion::Unboxed::Made(match #krate::expansion::contents(self, __zero) {
                        ::core::option::Option::Some(__cotangent) => {
                            <#ty #arguments as #krate::Differentiable>::add_to(__cotangent)
                        }
                        ::core::option::Option::None => #krate::expansion::inactive(),
                    })
                }
            }
        }
    };
    let own = (!side.is_tangent).then(|| {
        let longer = with_lifetime(generics);
        let (long_parameters, _, _) = longer.split_for_impl();
        let ty = &side.ty;
        let mut lent = generics.clone();
        lent.params.insert(0, syn::parse_quote!('__b));
        let lent = lent.params.iter().map(name_of);
        let lent = quote!(#accumulator<#(#lent),*>);
        let boxed = quote!(#krate::expansion::Boxed<#tangent #tangent_arguments>);
        // What borrows is not opened in a box.
        let in_box = generics.lifetimes().next().is_none().then(|| {
            quote! {
                impl #long_parameters #krate::expansion::Fields<#boxed, #tangent #tangent_arguments> for #krate::expansion::Accumulator<'__a, #boxed> #clause {
                    type Opened<'__b> = #krate::expansion::Unboxed<'__b, #lent> where Self: '__b;
                    fn open(
                        &mut self,
                        zero: impl ::core::ops::FnOnce() -> #boxed,
                    ) -> Self::Opened<'_> {
                        #krate::expansion::Unbox::unbox(self, zero)
                    }
                }
            }
        });
        quote! {
            #in_box
            impl #parameters #krate::expansion::OwnType for #ty #arguments #clause {}
        }
    });
    // For operators, see `core/src/operators.rs`.
    let in_one_piece = {
        let longer = with_lifetime(generics);
        let (long_parameters, long_arguments, _) = longer.split_for_impl();
        let ty = &side.ty;
        let (ty, own) = (quote!(#ty #arguments), quote!(#accumulator #long_arguments));
        quote! {
            impl #long_parameters #krate::expansion::CotangentOf<#ty> for #own #clause {
                #[inline]
                fn cotangent_of(&self, like: &#krate::expansion::Like<#ty>) -> #tangent #tangent_arguments {
                    let mut slot = like.slot();
                    like.transfer(self, &mut like.accumulator(&mut slot));
                    <#ty as #krate::Differentiable>::take(slot, like.shape())
                }
            }
            impl #long_parameters #krate::expansion::Receives<#ty> for #own #clause {
                #[inline]
                fn receive(&mut self, cotangent: #tangent #tangent_arguments) {
                    let mut slot = <#ty as #krate::Differentiable>::seed(cotangent);
                    <#ty as #krate::Differentiable>::transfer(
                        &<#ty as #krate::Differentiable>::accumulator(&mut slot),
                        self,
                    );
                }
            }
        }
    };
    let absent = if side.is_tangent {
        quote!(NoTangent)
    } else {
        quote!(NoDiff)
    };
    let longer = with_lifetime(generics);
    let (long_parameters, long_arguments, _) = longer.split_for_impl();
    let slots = declare(parsed.named, fields, |ty, active| {
        if active {
            quote!(<#ty as #krate::Differentiable>::Slot)
        } else {
            quote!(#krate::expansion::#absent<#ty>)
        }
    });
    let accumulators = declare(parsed.named, fields, |ty, active| {
        if active {
            quote!(<#ty as #krate::Differentiable>::Accumulator<'__a>)
        } else {
            quote!(#krate::expansion::#absent<#ty>)
        }
    });
    let slot_body = body(parsed.named, &slots, &clause.to_token_stream());
    // The lifetime is used, also if no field is differentiable.
    let unused = side.unused(parsed).map(|member| {
        let member = parsed.named.then(|| quote!(#member:));
        quote!(pub #member ::core::marker::PhantomData<&'__a ()>)
    });
    let marker = side.marker(parsed);
    let accumulator_body = body(parsed.named, &quote!(#accumulators #unused), &clause.to_token_stream());
    quote! {
        pub struct #slot #parameters #slot_body
        pub struct #accumulator #long_parameters #accumulator_body

        impl #parameters ::core::default::Default for #slot #arguments #clause {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn default() -> Self {
                Self { #(#members: ::core::default::Default::default(),)* }
            }
        }
        impl #long_parameters #krate::expansion::OwnAccumulator for #accumulator #long_arguments #clause {}

        impl #long_parameters #krate::expansion::InactiveAccumulator for #accumulator #long_arguments #clause {
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn inactive() -> Self {
                Self { #(#members: #krate::expansion::inactive(),)* #marker }
            }
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn forget(&mut self) {
                #(#krate::expansion::InactiveAccumulator::forget(&mut self.#members);)*
            }
        }
        impl #long_parameters #krate::expansion::ResetTo<#tangent #tangent_arguments> for #accumulator #long_arguments #clause {
            #[inline]
            fn reset(&mut self, __zero: #tangent #tangent_arguments) {
                #(#krate::expansion::ResetTo::reset(&mut self.#active, __zero.#tangents);)*
            }
        }
        #unbox
        #own
        #in_one_piece
        impl #long_parameters #krate::expansion::Fields<#tangent #tangent_arguments, #tangent #tangent_arguments> for #accumulator #long_arguments #clause {
            type Opened<'__b> = &'__b mut Self where Self: '__b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn open(&mut self, _: impl ::core::ops::FnOnce() -> #tangent #tangent_arguments) -> &mut Self {
                self
            }
        }
        impl #long_parameters #krate::expansion::Nested for #accumulator #long_arguments #clause {
            type Holder = Self;
            type Part<'__b, __R> = &'__b mut __R where Self: '__b, __R: '__b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn part<'__b, __R: '__b>(
                &'__b mut self,
                __field: impl ::core::ops::FnOnce(&'__b mut Self) -> &'__b mut __R,
            ) -> &'__b mut __R
            where
                Self: '__b,
            {
                __field(self)
            }
        }
        impl #long_parameters #krate::expansion::Lend for #accumulator #long_arguments #clause {
            type Lent<'__b> = &'__b mut Self where Self: '__b;
            #[cfg_attr(not(debug_assertions), inline(always))]
            fn lend(&mut self) -> &mut Self {
                self
            }
        }
    }
}

fn declare(
    named: bool,
    fields: &[(&TokenStream, TokenStream, bool)],
    ty: impl Fn(&TokenStream, bool) -> TokenStream,
) -> TokenStream {
    let fields = fields.iter().map(|(member, field, active)| {
        let ty = ty(field, *active);
        let member = named.then(|| quote!(#member:));
        quote!(pub #member #ty,)
    });
    quote!(#(#fields)*)
}

pub(super) fn body(named: bool, fields: &TokenStream, clause: &TokenStream) -> TokenStream {
    if named {
        quote!(#clause { #fields })
    } else {
        quote!((#fields) #clause;)
    }
}

/// The generic parameters with the accumulator's lifetime in front.
pub(super) fn with_lifetime(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    generics.params.insert(0, syn::parse_quote!('__a));
    generics
}
