//! The further modes: `jvp`, and what is made of it, by way of `__split_tangent`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::api::{Api, inline};
use super::protocol::{self, PullbackNames};
use super::{Emitter, chunk, gradient, jacobian, receiver, second};
use crate::ir::signature::{Home, Parameter, Signature};
use crate::ir::{Op, Program};
use crate::passes::{activity, forward, fuse, record, reverse};

/// The function's value and tangent as a function that other derivatives call, and `jvp` and those of second order.
// Output: __split_tangent, jvp, hvp, grad_and_hvp
pub(crate) fn modes(signature: &Signature, program: &Program) -> TokenStream {
    if !signature.forward {
        return TokenStream::new();
    }
    let (split, joint) = match transformed(program) {
        Ok(program) => split(signature, &program),
        Err(reason) => (without(signature, &reason), None),
    };
    let functions = functions(signature, keeps(program), joint.is_some());
    if signature.method.is_some() {
        let forms = receiver::tangent_forms(signature);
        return quote!(#split #forms #functions);
    }
    let gradients = gradient::calls(signature);
    quote!(#split #joint #functions #gradients)
}

/// The same of a method that a trait declares without a body. An implementation without it is found out where it is used.
pub(super) fn declared(signature: &Signature) -> TokenStream {
    if !signature.forward {
        return TokenStream::new();
    }
    let (split, forms, functions) = (
        unsupported(signature, "an implementation without `#[differentiable(forward)]`"),
        receiver::tangent_forms(signature),
        functions(signature, false, false),
    );
    quote!(#split #forms #functions)
}

fn transformed(program: &Program) -> Result<Program, String> {
    let mut program = forward::forward(program)?;
    debug_assert_eq!(crate::ir::verify::verify(&program), Ok(()));
    activity::activity(&mut program);
    Ok(program)
}

/// `__split_tangent`: forward with tangents, and the pullback of that; and `__chunk`. Beside them `__joint_tangent`, if there is
/// something to gain from it.
fn split(signature: &Signature, program: &Program) -> (TokenStream, Option<TokenStream>) {
    let count = signature.parameters.len();
    let names: Vec<_> = program.parameters[count..]
        .iter()
        .map(|id| program.value(*id).name.clone())
        .collect();
    let (adjoint, aliases) = reverse::reverse(program);
    let reads = record::reads(program, &aliases, &adjoint);
    let mut references = signature.parameters.iter().zip(&program.parameters);
    if let Some((parameter, _)) = references.find(|(parameter, id)| parameter.mutable && reads.keeps(**id)) {
        let reason = format!("`{}`, which is changed and needed again,", parameter.name);
        return (without(signature, &reason), None);
    }
    let doubled = signature.with_tangents(&names);
    let emitter = Emitter::new(&doubled, program, &adjoint, &aliases);
    let split = emitter.split();
    let is_plain = signature.method.is_none() && !signature.is_writing() && !signature.recursive;
    let has_joint = is_plain && emitter.has_joint();
    let joint = has_joint.then(|| emitter.joint());
    let chunk = if signature.method.is_some() {
        // Methods have one direction after the other.
        TokenStream::new()
    } else if chunk::is_possible(program) {
        chunk::chunk(signature, program, &aliases)
    } else {
        chunk::lane_by_lane(signature)
    };
    (quote!(#split #chunk), joint)
}

/// The same for a function that has none.
fn without(signature: &Signature, reason: &str) -> TokenStream {
    let chunk = signature
        .method
        .is_none()
        .then(|| chunk::unsupported(signature, reason));
    let split = unsupported(signature, reason);
    quote!(#split #chunk)
}

/// The same for a function that has none: an error where code is generated for it, which is where it is used.
pub(super) fn unsupported(signature: &Signature, reason: &str) -> TokenStream {
    let signature = signature.with_tangents(&tangent_names(signature));
    let message = message(&signature, reason);
    let names = PullbackNames::invented(&signature);
    let forward = quote!(const { ::core::panic!(#message) });
    protocol::split(&signature, &names, &forward, &quote!(::core::unreachable!()), &quote!())
}

pub(super) fn message(signature: &Signature, reason: &str) -> String {
    format!(
        "`{}` cannot be differentiated in forward mode, nor twice: {reason} is not supported there",
        signature.name
    )
}

/// The names of the parameters that take tangents.
pub(super) fn tangent_names(signature: &Signature) -> Vec<Ident> {
    let parameters = &signature.parameters;
    let receiver = signature.method.as_ref().and_then(|method| method.receiver);
    let name = |(index, parameter): (usize, &Parameter)| {
        let name = match (index, receiver) {
            (0, Some(_)) => "self".to_owned(),
            _ => parameter.name.to_string(),
        };
        let mut name = format_ident!("{}_dot", name.trim_start_matches("r#"), span = Span::call_site());
        while parameters.iter().any(|other| other.name == name) {
            name = format_ident!("{}_", name);
        }
        name
    };
    parameters.iter().enumerate().map(name).collect()
}

/// `jvp`, and those of second order. What is taken by mutable reference has its tangent there too, where `jvp` leaves that of what
/// the function leaves.
pub(super) fn functions(signature: &Signature, keeps: bool, joint: bool) -> TokenStream {
    if signature.home() == Some(Home::TraitImpl) {
        return TokenStream::new();
    }
    let expansion = signature.expansion();
    let Signature {
        generics,
        predicates,
        value: output,
        erased_value,
        parameters,
        ..
    } = signature;
    let (attributes, api) = (
        inline(signature),
        Api {
            signature,
            joint: false,
        },
    );
    let jvp = signature.named("jvp");
    let visibility = signature.function_visibility();
    let doubled = signature.with_tangents(&tangent_names(signature));
    let tangents = &doubled.parameters[parameters.len()..];
    let inputs: Vec<_> = api.inputs();
    let pairs = || parameters.iter().zip(tangents);
    let tangent_inputs = |written: TokenStream| -> Vec<_> {
        let active = pairs().filter(|(parameter, _)| parameter.active);
        let input = |(parameter, tangent): (&Parameter, &Parameter)| {
            let (name, ty) = (&tangent.name, api.tangent_type(parameter));
            let borrow = match (parameter.written, parameter.by_reference) {
                (true, _) => written.clone(),
                (false, true) => quote!(&),
                (false, false) => TokenStream::new(),
            };
            quote!(#name: #borrow #ty)
        };
        active.map(input).collect()
    };
    let (along, twice) = (tangent_inputs(quote!(&mut)), tangent_inputs(quote!(&)));
    let is_method = signature.method.is_some();
    let mut arguments = api.forward_arguments();
    arguments.extend(pairs().map(|(parameter, tangent)| {
        let name = &tangent.name;
        match (parameter.active, parameter.written) {
            (false, _) => return quote!(#expansion::Unused),
            (true, true) => {
                let before = match parameter.slice {
                    true => quote!(#expansion::to_vec(&*#name)),
                    false => quote!(::core::clone::Clone::clone(&*#name)),
                };
                let borrow = is_method.then(|| quote!(&));
                return quote!(::core::option::Option::Some(#borrow #before));
            }
            (true, false) => {}
        }
        let borrow = (is_method && !parameter.by_reference).then(|| quote!(&));
        quote!(::core::option::Option::Some(#borrow #name))
    }));
    let forward = doubled.call_split_tangent(&quote!(#expansion::Along), &arguments);
    let tangent = signature.value_tangent(erased_value);
    let (receiver, befores) = (api.receivers(), api.befores());
    let pair = api.pair_along(tangents);
    let example = api.example();
    let documentation =
        format!("The value of `{example}` and its derivative along the tangents that follow the arguments.");
    // Several directions at once; of what has a single one at a time, that.
    let (alone, jvp_many) = match is_chunked(signature) {
        true => chunk::functions(signature, &api, tangents),
        false => (TokenStream::new(), TokenStream::new()),
    };
    let jvp_body = match is_chunked(signature) && keeps {
        true => alone,
        false => quote! {
            #receiver
            #befores
            let (__pair, _, _) = #forward;
            #pair
        },
    };
    let (second, matrices) = (
        second::functions(&api, &doubled, joint, &arguments, &twice),
        jacobian::matrices(signature),
    );
    let must_use = (!signature.is_writing()).then(|| quote!(#[must_use]));
    quote! {
        #matrices

        #[doc = #documentation]
        #attributes
        #must_use
        #visibility fn #jvp #generics (#(#inputs,)* #(#along),*) -> (#output, #tangent)
        where #predicates
        {
            #jvp_body
        }

        #jvp_many

        #second
    }
}

/// True if a forward sweep for a pullback keeps something that the compiler does not see to be in vain: of loops and calls.
fn keeps(program: &Program) -> bool {
    let mut found = false;
    fuse::each_operation(&program.body, &mut |step| found |= matches!(step.op, Op::Call(_)));
    found || fuse::has_loops(&program.body)
}

/// True if the function is run with several directions at once.
fn is_chunked(signature: &Signature) -> bool {
    signature.method.is_none() && !signature.is_writing()
}
