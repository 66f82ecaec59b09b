//! The further modes: `jvp` and `hvp`, by way of `__split_tangent`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Emitter;
use super::api::{self, Api, inline};
use super::gradient;
use super::protocol::{self, PullbackNames};
use crate::ir::Program;
use crate::ir::signature::{Parameter, Signature, with_mode};
use crate::passes::{activity, forward, reverse};

/// The function's value and tangent as a function that other derivatives call, and `jvp` and `hvp`.
// Output: __kinds, __split_tangent, jvp, hvp
pub(crate) fn modes(signature: &Signature, program: &Program) -> TokenStream {
    // The derivatives of methods stand elsewhere, and what is written to comes out with the result.
    if !signature.forward
        || signature.method.is_some()
        || signature
            .parameters
            .iter()
            .any(|parameter| parameter.mutable || parameter.written)
    {
        return TokenStream::new();
    }
    let kinds = protocol::kinds_function(signature);
    let (functions, gradients) = (functions(signature), gradient::calls(signature));
    let split = match transformed(program) {
        Ok(program) => split(signature, &program),
        Err(reason) => unsupported(signature, &reason),
    };
    quote!(#kinds #split #functions #gradients)
}

fn transformed(program: &Program) -> Result<Program, String> {
    let mut program = forward::forward(program)?;
    debug_assert_eq!(crate::ir::verify::verify(&program), Ok(()));
    activity::activity(&mut program);
    Ok(program)
}

/// `__split_tangent`: forward with tangents, and the pullback of that.
fn split(signature: &Signature, program: &Program) -> TokenStream {
    let count = signature.parameters.len();
    let names: Vec<_> = program.parameters[count..]
        .iter()
        .map(|id| program.value(*id).name.clone())
        .collect();
    let signature = signature.with_tangents(&names);
    let (adjoint, aliases) = reverse::reverse(program);
    Emitter::new(&signature, program, &adjoint, &aliases).split()
}

/// The same for a function that has none: an error where code is generated for it, which is where it is used.
pub(super) fn unsupported(signature: &Signature, reason: &str) -> TokenStream {
    let signature = signature.with_tangents(&tangent_names(signature));
    let message = format!(
        "`{}` cannot be differentiated in forward mode, nor twice: {reason} is not supported there",
        signature.name
    );
    let names = pullback_names(&signature);
    let forward = quote!(const { ::core::panic!(#message) });
    protocol::split(&signature, &names, &forward, &quote!(::core::unreachable!()), &quote!())
}

/// Names for the inside of a pullback that is not made from a program.
pub(super) fn pullback_names(signature: &Signature) -> PullbackNames {
    PullbackNames {
        result: format_ident!("__result"),
        result_bar: format_ident!("__result_bar"),
        bars: signature
            .parameters
            .iter()
            .map(|parameter| format_ident!("__{}_bar", parameter.name))
            .collect(),
    }
}

/// The names of the parameters that take tangents.
pub(super) fn tangent_names(signature: &Signature) -> Vec<Ident> {
    let parameters = &signature.parameters;
    let name = |parameter: &Parameter| {
        let name = parameter.name.to_string();
        let mut name = format_ident!("{}_dot", name.trim_start_matches("r#"), span = Span::call_site());
        while parameters.iter().any(|other| other.name == name) {
            name = format_ident!("{}_", name);
        }
        name
    };
    parameters.iter().map(name).collect()
}

/// `jvp` and `hvp`.
pub(super) fn functions(signature: &Signature) -> TokenStream {
    let expansion = signature.expansion();
    let Signature {
        generics,
        predicates,
        output,
        name,
        parameters,
        ..
    } = signature;
    let turbofish = with_mode(&signature.turbofish);
    let (attributes, api) = (
        inline(signature),
        Api {
            signature,
            joint: false,
        },
    );
    let tangents = tangent_names(signature);
    let inputs: Vec<_> = api.inputs();
    let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
    let pairs = || parameters.iter().zip(&tangents);
    let tangent_inputs: Vec<_> = pairs()
        .filter(|(parameter, _)| parameter.active)
        .map(|(parameter, tangent)| {
            let ty = api.buffer_type(parameter);
            let ampersand = parameter.by_reference.then(|| quote!(&));
            quote!(#tangent: #ampersand #ty)
        })
        .collect();
    let given: Vec<_> = pairs()
        .map(|(parameter, tangent)| {
            if parameter.active {
                quote!(::core::option::Option::Some(#tangent))
            } else {
                quote!(#expansion::Unused)
            }
        })
        .collect();
    let again = |parameter: &Parameter, value: TokenStream| {
        if parameter.by_reference {
            value
        } else {
            quote!(#expansion::Unused)
        }
    };
    let arguments_again = parameters.iter().map(|parameter| {
        let name = &parameter.name;
        again(parameter, quote!(#name))
    });
    let tangents_again = pairs()
        .zip(&given)
        .map(|((parameter, _), given)| again(parameter, given.clone()));
    let differentiable = signature.differentiable_output();
    let gradient = api.gradient_type();
    let (shapes, slots, taken) = (api.prologue(), api.slots(), api.taken());
    let bars = parameters.iter().map(|parameter| {
        if parameter.active {
            let (slot, ty) = (api::slot(parameter), signature.differentiable(parameter));
            quote_spanned!(parameter.span=> #expansion::Bar(&mut #ty::accumulator(&mut #slot)))
        } else {
            quote!(#expansion::Bar(&mut #expansion::Ignore))
        }
    });
    let tangent_bars = parameters.iter().map(|parameter| {
        if parameter.active {
            quote!(#expansion::Bar(&mut #expansion::inactive()))
        } else {
            quote!(#expansion::Bar(&mut #expansion::Ignore))
        }
    });
    let example = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let documentation =
        format!("The value of `{name}({example})` and its derivative along the tangents that follow the arguments.");
    let second = format!("The Hessian of `{name}({example})` times the tangents that follow the arguments.");
    let matrices = matrices(signature);
    quote! {
        #matrices

        #[doc = #documentation]
        #attributes
        #[must_use]
        pub fn jvp #generics (#(#inputs,)* #(#tangent_inputs),*) -> (#output, #differentiable::Tangent)
        where #predicates
        {
            let (__pair, _, _) = #name {}.__split_tangent #turbofish (#expansion::Along, #(#names,)* #(#given),*);
            __pair
        }

        #[doc = #second]
        #attributes
        #[must_use]
        pub fn hvp #generics (#(#inputs,)* #(#tangent_inputs),*) -> #gradient
        where #predicates for<'__tapeless_scalar> #output: #expansion::ScalarResult
        {
            #shapes
            #slots
            let (__pair, __pullback, _) = #name {}.__split_tangent #turbofish (#expansion::Twice, #(#names,)* #(#given),*);
            let mut __seed = #expansion::ScalarResult::second_order(&__pair);
            __pullback(
                #(#arguments_again,)*
                #(#tangents_again,)*
                &__pair,
                #expansion::Bar(&mut #expansion::accumulator_of(&__pair, &mut __seed)),
                #(#bars,)*
                #(#tangent_bars),*
            );
            #taken
        }
    }
}

/// `jacobian` and `hessian`, of functions with a single differentiable parameter and without generic ones.
fn matrices(signature: &Signature) -> TokenStream {
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
    if !signature.generic_names.is_empty() {
        // What the types of the Jacobian's rows are, the compiler does not see through generic parameters.
        return TokenStream::new();
    }
    let attributes = inline(signature);
    let inputs = Api {
        signature,
        joint: false,
    }
    .inputs();
    // Called more than once, so that what is handed over by value is cloned.
    let arguments: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            let name = &parameter.name;
            if parameter.by_reference {
                quote!(#name)
            } else {
                quote!(::core::clone::Clone::clone(&#name))
            }
        })
        .collect();
    let clones: Vec<_> = parameters
        .iter()
        .filter(|parameter| !parameter.by_reference)
        .map(|parameter| {
            let ty = &parameter.ty;
            quote!(for<'__tapeless_clone> #ty: ::core::clone::Clone,)
        })
        .collect();
    let (ty, differentiable) = (&active.unborrowed, signature.differentiable(active));
    let span = active.span;
    let rows = quote_spanned!(span=> #expansion::Rows<#ty>);
    let tangent = quote_spanned!(span=> <#ty as #expansion::Differentiable>::Tangent);
    let of = &active.name;
    let (ampersand, borrow) = if active.by_reference {
        (quote!(), quote!(&))
    } else {
        (quote!(&), quote!())
    };
    let first = format!(
        "The Jacobian of `{name}`: the derivatives of each scalar of the result with respect to each of `{of}`."
    );
    let second = format!("The Hessian of `{name}`: the second derivatives with respect to the scalars of `{of}`.");
    quote! {
        #[doc = #first]
        #attributes
        #[must_use]
        pub fn jacobian #generics (#(#inputs),*) -> <#output as #rows>::Jacobian
        where #predicates #(#clones)* for<'__tapeless_rows> #output: #rows
        {
            let __zero = #differentiable::zero_tangent(#ampersand #of);
            let (__value, _) = Self::vjp #turbofish (#(#arguments),*);
            let __jvp = |__tangent: #tangent| Self::jvp #turbofish (#(#arguments,)* #borrow __tangent).1;
            let __vjp = |__cotangent| Self::vjp #turbofish (#(#arguments),*).1(__cotangent);
            #expansion::jacobian::<#ty, #output>(&__zero, &__value, __jvp, __vjp)
        }

        #[doc = #second]
        #attributes
        #[must_use]
        pub fn hessian #generics (#(#inputs),*) -> <#tangent as #rows>::Jacobian
        where
            #predicates
            #(#clones)*
            for<'__tapeless_scalar> #output: #expansion::ScalarResult,
            for<'__tapeless_rows> #tangent: #rows
        {
            let __zero = #differentiable::zero_tangent(#ampersand #of);
            #expansion::hessian::<#ty>(&__zero, |__tangent: #tangent| {
                Self::hvp #turbofish (#(#arguments,)* #borrow __tangent)
            })
        }
    }
}
