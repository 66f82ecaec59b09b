//! Gradients inside differentiable functions: what `g::grad(x)` and `g::value_and_grad(x)` are to the function around them.
//!
//! A gradient is a function like others. Its Jacobian is the Hessian of `g`, which is symmetric, so that its pullback is the product
//! of the Hessian and the cotangent: `g::hvp`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::api::{Api, tuple};
use super::modes::tangent_names;
use super::protocol::PullbackNames;
use super::{protocol, rule};
use crate::ir::signature::{Home, Method, Signature};

/// `__grad_call` and `__value_and_grad_call`: what callers of the associated functions `grad` and `value_and_grad` look for.
// Input:  fn g(x: f64) -> f64
// Output: fn __grad_call(x: f64, …) -> (f64, impl FnOnce(…), kinds) { (Self::grad(x), |…| Self::hvp(x, cotangent), …) }
pub(super) fn calls(signature: &Signature) -> TokenStream {
    // What writes to something has a gradient only together with what it leaves there.
    let writes = signature
        .parameters
        .iter()
        .any(|parameter| parameter.mutable || parameter.written);
    if writes || signature.active().next().is_none() {
        return TokenStream::new();
    }
    let api = Api {
        signature,
        joint: false,
    };
    let gradient = Part::Tuple(
        signature
            .active()
            .map(|parameter| Part::One(api.tangent(parameter)))
            .collect(),
    );
    let grad = call(
        signature,
        "grad",
        &gradient,
        &hessian_product(signature, &quote!(__cotangent)),
    );
    let (arguments, turbofish) = (protocol::cloned_arguments(signature), &signature.turbofish);
    let first = rule::flows(signature, &PullbackNames::invented(signature));
    let second = hessian_product(signature, &quote!(__cotangent.1));
    let both = call(
        signature,
        "value_and_grad",
        &Part::Tuple(vec![Part::One(signature.output.clone()), gradient]),
        &quote! {
            let __gradient = Self::vjp #turbofish (#(#arguments),*).1(__cotangent.0);
            #first
            #second
        },
    );
    quote!(#grad #both)
}

/// The result of such a function. Its accumulator is written part by part: what is behind the type of a tangent is not seen through
/// in the accumulator of a tuple.
enum Part {
    One(TokenStream),
    Tuple(Vec<Part>),
}

impl Part {
    fn join(&self, one: &impl Fn(&TokenStream) -> TokenStream) -> TokenStream {
        match self {
            Self::One(ty) => one(ty),
            Self::Tuple(parts) => tuple(parts.iter().map(|part| part.join(one)).collect()),
        }
    }

    /// What has flowed to it, from the result's value and accumulator at the given places.
    fn cotangent(&self, expansion: &TokenStream, value: &TokenStream, bar: &TokenStream) -> TokenStream {
        match self {
            Self::One(ty) => quote! {{
                let __like = #expansion::Like::<#ty>::of(&#value);
                let mut __slot = __like.slot();
                __like.transfer(&mut #bar, &mut __like.accumulator(&mut __slot));
                <#ty as #expansion::Differentiable>::take(__slot, __like.shape())
            }},
            Self::Tuple(parts) if let [part] = &parts[..] => part.cotangent(expansion, value, bar),
            Self::Tuple(parts) => {
                let parts = parts.iter().enumerate().map(|(index, part)| {
                    let index = Literal::usize_unsuffixed(index);
                    part.cotangent(expansion, &quote!(#value.#index), &quote!(#bar.#index))
                });
                quote!((#(#parts),*))
            }
        }
    }
}

/// The function by the given name, with its result and the code that pulls `__cotangent` back.
fn call(signature: &Signature, name: &str, result: &Part, pullback: &TokenStream) -> TokenStream {
    let expansion = signature.expansion();
    let name = Ident::new(name, Span::call_site());
    let output = result.join(&Clone::clone);
    let Signature {
        name: carrier,
        output: value,
        predicates,
        turbofish,
        ..
    } = signature;
    // The function is called more than once.
    let taken = signature
        .parameters
        .iter()
        .filter(|parameter| !parameter.is_handed_again());
    let clones = taken.map(|parameter| {
        let ty = &parameter.ty;
        quote!(for<'__tapeless_clone> #ty: ::core::clone::Clone,)
    });
    let called = Signature {
        name: name.clone(),
        value: output.clone(),
        checked_value: output.clone(),
        erased_value: output.clone(),
        output: output.clone(),
        checked_output: output.clone(),
        erased_output: output,
        predicates: quote!(#predicates #(#clones)* for<'__tapeless_scalar> #value: #expansion::ScalarResult,),
        result_accumulator: Some(result.join(&|ty| quote!(<#ty as #expansion::Differentiable>::Accumulator<'_>))),
        method: Some(Method {
            carrier: carrier.clone(),
            ty: quote!(#carrier),
            generics: TokenStream::new(),
            clause: TokenStream::new(),
            receiver: None,
            home: Home::Beside,
        }),
        ..signature.clone()
    };
    let arguments = protocol::cloned_arguments(signature);
    let cotangent = result.cotangent(&expansion, &quote!((*__result)), &quote!((*__result_bar)));
    let reverse = quote!(let __cotangent = #cotangent; #pullback);
    let forward = quote!(let __value = Self::#name #turbofish (#(#arguments),*););
    let split = protocol::split(
        &called,
        &PullbackNames::invented(&called),
        &forward,
        &quote!(__value),
        &reverse,
    );
    let along = call_along(signature, &called, result);
    quote!(#split #along)
}

/// The same function with tangents: the tangent of a gradient is the product of the Hessian and those.
// Output: fn __grad_call_tangent(mode, x: f64, x_dot, …) -> ((f64, f64), impl FnOnce(…), kinds) { (Self::grad_and_hvp(x, x_dot), …) }
fn call_along(signature: &Signature, called: &Signature, result: &Part) -> TokenStream {
    let expansion = signature.expansion();
    let names = tangent_names(called);
    let mut doubled = called.with_tangents(&names);
    let accumulator = |ty: &TokenStream| quote!(<#ty as #expansion::Differentiable>::Accumulator<'_>);
    let value = result.join(&accumulator);
    let tangent = result.join(&|ty| accumulator(&quote!(<#ty as #expansion::Differentiable>::Tangent)));
    doubled.result_accumulator = Some(quote!((#value, #tangent)));
    let (name, turbofish) = (&called.name, &signature.turbofish);
    let arguments = protocol::cloned_arguments(signature);
    let tangents: Vec<_> = signature
        .parameters
        .iter()
        .zip(&names)
        .filter(|(parameter, _)| parameter.active)
        .map(|(parameter, tangent)| match parameter.by_reference {
            true => quote!(#tangent),
            false => quote!(::core::clone::Clone::clone(&#tangent)),
        })
        .collect();
    let arguments = quote!(#(#arguments,)* #(#tangents),*);
    let both = quote!(let (__value, __tangent) = Self::grad_and_hvp #turbofish (#arguments););
    let forward = if name == "grad" {
        both
    } else {
        quote! {
            let (__result, __result_dot) = Self::jvp #turbofish (#arguments);
            #both
            let (__value, __tangent) = ((__result, __value), (__result_dot, __tangent));
        }
    };
    let message = format!(
        "the gradient of `{}` is differentiated twice, which takes third derivatives: they are not supported",
        signature.name
    );
    protocol::split(
        &doubled,
        &PullbackNames::invented(&doubled),
        &forward,
        &quote!((__value, __tangent)),
        &quote!(const { ::core::assert!(!<__Mode as #expansion::Mode>::TWICE, #message) }),
    )
}

/// Adds the product of the Hessian and the tangent to the accumulators.
fn hessian_product(signature: &Signature, tangent: &TokenStream) -> TokenStream {
    let active: Vec<_> = signature.active().collect();
    let tangents = active.iter().enumerate().map(|(index, parameter)| {
        let index = Literal::usize_unsuffixed(index);
        let part = match active.len() {
            1 => quote!(#tangent),
            _ => quote!(#tangent.#index),
        };
        let borrow = parameter.by_reference.then(|| quote!(&));
        quote!(#borrow #part)
    });
    let turbofish = &signature.turbofish;
    let (arguments, flows) = (
        protocol::cloned_arguments(signature),
        rule::flows(signature, &PullbackNames::invented(signature)),
    );
    quote! {
        let __gradient = Self::hvp #turbofish (#(#arguments,)* #(#tangents),*);
        #flows
    }
}
