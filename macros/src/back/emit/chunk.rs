//! `__chunk`: the function's value and its tangents along several directions at once. Nothing goes back, so that nothing is kept.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::api::Api;
use super::modes::{self, tangent_names};
use super::{Emitter, protocol};
use crate::ir::adjoint::Adjoint;
use crate::ir::signature::{Parameter, Signature, with_generic, with_mode};
use crate::ir::{Callee, Op, Operand, Program, Projection, ValueKind};
use crate::passes::reverse::Aliases;
use crate::passes::{cells, fuse};

/// `__chunk`, from the program of the value and its tangent.
// Input:  fn f(x: f64) -> f64 { x.sin() }
// Output: fn __chunk<const K: usize>(self, width: Width<K>, x: f64, x_dot: Option<Partials<f64, K>>) -> (f64, Partials<f64, K>) { … }
pub(super) fn chunk(signature: &Signature, program: &Program, aliases: &Aliases) -> TokenStream {
    let names: Vec<_> = program.parameters[signature.parameters.len()..]
        .iter()
        .map(|id| program.value(*id).name.clone())
        .collect();
    let signature = signature.with_chunks(&names);
    let nothing = Adjoint::default();
    let mut emitter = Emitter::new(&signature, program, &nothing, aliases);
    emitter.chunks = true;
    emitter.moving = cells::moving(program);
    let (imports, items) = (emitter.imports(), &program.items);
    let forward = emitter.forward_body();
    if !emitter.ends() {
        return function(&signature, &quote!(#imports #items #forward ::core::unreachable!()));
    }
    let (expansion, ascription) = (emitter.expansion(), emitter.result_ascription());
    let result = &program.value(program.result).name;
    function(
        &signature,
        &quote!(#imports #items #forward #ascription #expansion::same(#result)),
    )
}

/// The same for a function whose derivative along one direction is all there is: one direction after the other.
pub(super) fn lane_by_lane(signature: &Signature) -> TokenStream {
    let names = tangent_names(signature);
    let (name, turbofish, expansion) = (&signature.name, with_mode(&signature.turbofish), signature.expansion());
    let arguments = protocol::cloned_arguments(signature);
    let tangents = signature.parameters.iter().zip(&names).map(|(parameter, name)| {
        if !parameter.active {
            return quote!(#expansion::Unused);
        }
        if parameter.is_slice() {
            return quote!(::core::option::Option::Some(&#expansion::lane_of_slice(#name, __lane)[..]));
        }
        let ampersand = parameter.by_reference.then(|| quote!(&));
        quote!(::core::option::Option::Some(#ampersand #expansion::Chunk::lane(#name, __lane)))
    });
    let by_value = |parameter: &Parameter| parameter.active && !parameter.by_reference;
    let pairs = signature.parameters.iter().zip(&names);
    let borrowed = pairs
        .filter(|(parameter, _)| by_value(parameter))
        .map(|(_, name)| quote!(let #name = &#name;));
    let body = quote! {
        #(#borrowed)*
        #expansion::lane_by_lane(|__lane| {
            let (__pair, _, _) = #name {}.__split_tangent #turbofish (#expansion::Along, #(#arguments,)* #(#tangents),*);
            __pair
        })
    };
    function(&signature.with_chunks(&names), &body)
}

/// The same for a function that has none: an error where code is generated for it, which is where it is used.
pub(super) fn unsupported(signature: &Signature, reason: &str) -> TokenStream {
    let message = modes::message(signature, reason);
    let signature = signature.with_chunks(&tangent_names(signature));
    function(&signature, &quote!(const { ::core::panic!(#message) }))
}

/// The body of `jvp`, a chunk of one, and `jvp_many`.
pub(super) fn functions(signature: &Signature, api: &Api<'_>, tangents: &[Parameter]) -> (TokenStream, TokenStream) {
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
    let differentiable = signature.differentiable_output();
    let (inputs, attributes) = (api.inputs(), super::api::inline(signature));
    let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
    let pairs = || parameters.iter().zip(tangents.iter().map(|tangent| &tangent.name));
    let active = || pairs().filter(|(parameter, _)| parameter.active);
    let borrow = |parameter: &Parameter| (!parameter.by_reference).then(|| quote!(&));
    let alone = active().map(|(parameter, tangent)| {
        let (value, ty, borrow) = (&parameter.name, &parameter.unborrowed, borrow(parameter));
        if parameter.is_slice() {
            return quote!(let #tangent = #expansion::slice_alone(#value, #tangent););
        }
        quote!(let #tangent = #expansion::alone::<#ty>(#borrow #value, #borrow #tangent);)
    });
    let gathered = active().map(|(parameter, tangent)| {
        let (value, ty, borrow) = (&parameter.name, &parameter.unborrowed, borrow(parameter));
        quote!(let #tangent = #expansion::gathered::<#ty, __K>(#borrow #value, #borrow #tangent);)
    });
    let arrays = active().map(|(parameter, tangent)| {
        let ty = api.tangent(parameter);
        let ampersand = parameter.by_reference.then(|| quote!(&));
        quote!(#tangent: #ampersand [#ty; __K])
    });
    let chunks: Vec<_> = pairs()
        .map(
            |(parameter, tangent)| match (parameter.active, parameter.by_reference) {
                (true, true) => quote!(::core::option::Option::Some(&#tangent)),
                (true, false) => quote!(::core::option::Option::Some(#tangent)),
                (false, _) => quote!(#expansion::Unused),
            },
        )
        .collect();
    let many_generics = with_generic(generics, &quote!(const __K: usize));
    let example = api.example();
    let documentation = format!(
        "The value of `{example}` and its derivatives along several directions at once: the arrays that follow the arguments hold a tangent for each."
    );
    let jvp = quote! {
        #(#alone)*
        let (__value, __chunk) = #name {}.__chunk #turbofish (#expansion::Width::<1>, #(#names,)* #(#chunks),*);
        (__value, #expansion::Chunk::lane(&__chunk, 0))
    };
    let many = quote! {
        #[doc = #documentation]
        #attributes
        #[must_use]
        pub fn jvp_many #many_generics (#(#inputs,)* #(#arrays),*) -> (#output, [#differentiable::Tangent; __K])
        where #predicates
        {
            const { ::core::assert!(__K > 0, "there is no direction to take a derivative along") };
            #(#gathered)*
            let (__value, __chunk) = #name {}.__chunk #turbofish (#expansion::Width::<__K>, #(#names,)* #(#chunks),*);
            (__value, #expansion::scattered(&__chunk))
        }
    };
    (jvp, many)
}

/// The function, with the given body.
fn function(signature: &Signature, body: &TokenStream) -> TokenStream {
    let Signature {
        generics,
        predicates,
        checked_output: output,
        parameters,
        ..
    } = signature;
    let attributes = super::api::inline(signature);
    let expansion = signature.expansion();
    let inputs = parameters.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, &parameter.checked);
        if parameter.tangent_of.is_none() {
            return quote!(#name: #ty);
        }
        match (parameter.active, parameter.by_reference) {
            (false, _) => quote!(#name: #expansion::Unused),
            (true, true) => quote!(#name: ::core::option::Option<&#ty>),
            (true, false) => quote!(#name: ::core::option::Option<#ty>),
        }
    });
    let zeros = parameters.iter().filter_map(|parameter| given(signature, parameter));
    quote! {
        #[doc(hidden)]
        #attributes
        pub fn __chunk #generics (self, __width: #expansion::Width<__K>, #(#inputs),*) -> #output
        where #predicates
        {
            #(#zeros)*
            #body
        }
    }
}

/// Zero in the place of a chunk that is not given.
// Output: let x_dot = match x_dot { Some(x_dot) => x_dot, None => x.zero_chunk() };
fn given(signature: &Signature, parameter: &Parameter) -> Option<TokenStream> {
    let (name, of) = (&parameter.name, parameter.tangent_of.as_ref()?);
    let original = signature.parameters.iter().find(|original| original.name == *of)?;
    if !parameter.active {
        return None;
    }
    let ty = signature.differentiable(original);
    let some = quote!(::core::option::Option::Some(#name) => #name);
    Some(if parameter.by_reference {
        let zero = zero_name(name);
        let borrowed = original.borrowed_tangent(&quote!(#zero));
        quote! {
            let #zero;
            let #name = match #name {
                #some,
                ::core::option::Option::None => { #zero = #ty::zero_chunk::<__K>(#of); #borrowed }
            };
        }
    } else {
        quote! {
            let #name = match #name {
                #some,
                ::core::option::Option::None => #ty::zero_chunk::<__K>(&#of),
            };
        }
    })
}

fn zero_name(name: &Ident) -> Ident {
    format_ident!("__{}_zero", name)
}

impl Emitter<'_> {
    /// A call of a differentiable function, with chunks.
    // Original: y = g(&h, w)
    // Output:   pair = g.__chunk(width, &h, w, Some(&h_dot), Some(w_dot))
    pub(super) fn chunk_call(&self, callee: &Callee, operands: &[Operand]) -> TokenStream {
        let (operands, tangents) = operands.split_at(operands.len() / 2);
        let (arguments, tangents) = self.call_with_tangents(operands, tangents);
        let turbofish = with_mode(&callee.turbofish);
        if self.is_itself(callee) {
            let (name, kinds) = (&self.signature.name, protocol::kinds(self.signature));
            return quote! {{
                let __kinds = #kinds;
                #name {}.__chunk #turbofish (__width, #(#arguments,)* #(#tangents),*)
            }};
        }
        self.with_derivative(callee, operands, true, |derivative| {
            quote! {{
                let __derivative = #derivative;
                let __kinds = __derivative.__kinds();
                __derivative.__chunk #turbofish (__width, #(#arguments,)* #(#tangents),*)
            }}
        })
    }
}

/// True if all that is in the program can be done with chunks: its calls are of functions that know about them, and it looks into no
/// enum, the tangents of which lie apart.
pub(super) fn is_possible(program: &Program) -> bool {
    let is_part = |projection: &Projection| matches!(projection, Projection::Part(_));
    let views = program.values.iter();
    let mut possible = !views
        .into_iter()
        .any(|value| matches!(&value.kind, ValueKind::View { place, .. } if place.projections.iter().any(is_part)));
    fuse::each_operation(&program.body, &mut |step| {
        match &step.op {
            Op::CallTangent(callee) => possible &= matches!(callee.form, crate::ir::Form::Function),
            Op::Update(path) => possible &= !path.iter().any(is_part),
            _ => {}
        }
        let mut places = step.operands.iter().filter_map(Operand::place);
        possible &= !places.any(|place| place.projections.iter().any(is_part));
    });
    possible
}
