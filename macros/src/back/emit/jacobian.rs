//! `jacobian`, `value_and_jacobian`, `value_and_jacobian_into` and `hessian`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::api::{Api, inline};
use crate::ir::signature::{Home, Method, Parameter, Receiver, Signature, with_mode};

/// `jacobian` and `hessian`, of functions with a single differentiable parameter and without generic ones.
pub(super) fn matrices(signature: &Signature) -> TokenStream {
    let expansion = signature.expansion();
    let Signature {
        generics,
        predicates,
        output,
        name,
        turbofish,
        parameters,
        ..
    } = signature;
    let active: Vec<_> = signature.active().collect();
    let [active] = active[..] else {
        return TokenStream::new();
    };
    let is_generic = |method: &Method| !matches!(method.generics.to_string().as_str(), "<>" | "< >");
    let home = signature.home();
    if !signature.generic_names.is_empty()
        || signature.method.as_ref().is_some_and(is_generic)
        || matches!(home, Some(Home::Trait | Home::TraitImpl))
        || signature.is_writing()
        || signature.parameters.iter().any(|parameter| parameter.mutable)
    {
        // What the types of the Jacobian's rows are, the compiler does not see through generic parameters.
        return TokenStream::new();
    }
    let attributes = inline(signature);
    let api = Api {
        signature,
        joint: false,
    };
    let (inputs, receiver) = (api.inputs(), api.receivers());
    let [jacobian, both, both_into, hessian] =
        ["jacobian", "value_and_jacobian", "value_and_jacobian_into", "hessian"].map(|name| signature.named(name));
    let [jvp, vjp, hvp] = ["jvp", "vjp", "hvp"].map(|name| signature.named(name));
    let handed = api.arguments();
    let visibility = signature.function_visibility();
    let is_taken = |parameter: &Parameter| match api.receiver(parameter) {
        Some(receiver) => receiver == Receiver::Value,
        None => !parameter.by_reference,
    };
    // Called more than once, so that what is handed over by value is cloned.
    let arguments: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let name = &parameter.name;
            if is_taken(parameter) {
                quote!(::core::clone::Clone::clone(&#name))
            } else {
                quote!(#name)
            }
        })
        .collect();
    let clones: Vec<_> = parameters
        .iter()
        .filter(|parameter| is_taken(parameter))
        .map(|parameter| {
            let ty = &parameter.referent;
            quote!(for<'__tapeless_clone> #ty: ::core::clone::Clone,)
        })
        .collect();
    let (ty, differentiable) = (&active.unborrowed, signature.differentiable(active));
    let span = active.span;
    let rows = quote_spanned!(span=> #expansion::Rows<#ty>);
    let tangent = quote_spanned!(span=> <#ty as #expansion::Differentiable>::Tangent);
    let of = &active.name;
    let ampersand = is_taken(active).then(|| quote!(&));
    // The tangent of a receiver goes by reference, however that is taken.
    let borrow = active.by_reference.then(|| quote!(&));
    let first = format!(
        "The Jacobian of `{name}`: the derivatives of each scalar of the result with respect to each of `{of}`."
    );
    let second = format!("The Hessian of `{name}`: the second derivatives with respect to the scalars of `{of}`.");
    let mut into = format_ident!("jacobian");
    while parameters.iter().any(|parameter| parameter.name == into) {
        into = format_ident!("{}_", into);
    }
    let chunks = parameters
        .iter()
        .map(|parameter| match (parameter.active, parameter.by_reference) {
            (true, true) => {
                let borrowed = parameter.borrowed_tangent(&quote!(__chunk));
                quote!(::core::option::Option::Some(#borrowed))
            }
            (true, false) => quote!(::core::option::Option::Some(__chunk)),
            (false, _) => quote!(#expansion::Unused),
        });
    let chunks: Vec<_> = chunks.collect();
    let with_width = with_mode(turbofish);
    let [four, eight] = [4_usize, 8].map(|width| match signature.method {
        None => quote! {
            |__chunk: <#ty as #expansion::Differentiable>::Chunk<#width>| #name {}.__chunk #with_width (#expansion::Width::<#width>, #(#arguments,)* #(#chunks),*)
        },
        // One direction after the other.
        Some(_) => quote! {
            |__chunk: <#ty as #expansion::Differentiable>::Chunk<#width>| #expansion::lane_by_lane::<#output, #width>(|__lane| {
                let __tangent = #expansion::Chunk::lane(&__chunk, __lane);
                Self::#jvp #turbofish (#(#arguments,)* #borrow __tangent)
            })
        },
    });
    let derivatives = quote! {
        #expansion::Derivatives {
            four: #four,
            eight: #eight,
            reverse: |__choose: &mut dyn ::core::ops::FnMut(&#output) -> <#output as #expansion::Differentiable>::Tangent| {
                let (__value, __pullback) = Self::#vjp #turbofish (#(#arguments),*);
                let __cotangent = __choose(&__value);
                (__value, __pullback(__cotangent))
            },
        }
    };
    let documentation = format!("The value of `{name}`, and its Jacobian.");
    let written =
        format!("The value of `{name}`; its Jacobian is written to `{into}`.\n\n# Panics\nIf that has another size.");
    quote! {
        #[doc = #first]
        #attributes
        #[must_use]
        #visibility fn #jacobian #generics (#(#inputs),*) -> <#output as #rows>::Jacobian
        where #predicates #(#clones)* for<'__tapeless_rows> #output: #rows
        {
            Self::#both #turbofish (#(#handed),*).1
        }

        #[doc = #documentation]
        #attributes
        #[must_use]
        #visibility fn #both #generics (#(#inputs),*) -> (#output, <#output as #rows>::Jacobian)
        where #predicates #(#clones)* for<'__tapeless_rows> #output: #rows
        {
            #receiver
            #derivatives.jacobian::<#ty, #output>(#ampersand #of)
        }

        #[doc = #written]
        #attributes
        #visibility fn #both_into #generics (#(#inputs,)* #into: &mut <#output as #rows>::Jacobian) -> #output
        where #predicates #(#clones)* for<'__tapeless_rows> #output: #rows
        {
            #receiver
            #derivatives.jacobian_into::<#ty, #output>(#ampersand #of, #into)
        }

        #[doc = #second]
        #attributes
        #[must_use]
        #visibility fn #hessian #generics (#(#inputs),*) -> <#tangent as #rows>::Jacobian
        where
            #predicates
            #(#clones)*
            for<'__tapeless_scalar> #output: #expansion::ScalarResult,
            for<'__tapeless_rows> #tangent: #rows
        {
            #receiver
            let __zero = #differentiable::zero_tangent(#ampersand #of);
            #expansion::hessian::<#ty>(&__zero, |__tangent: #tangent| {
                Self::#hvp #turbofish (#(#arguments,)* #borrow __tangent)
            })
        }
    }
}
