//! Second derivatives along a direction: `hvp` and `grad_and_hvp`, by the pullback of the function with tangents.
//!
//! That function gives ⟨∇f(x), ẋ⟩ beside the value. Its derivative with respect to x is the product of the Hessian and ẋ, that with
//! respect to ẋ the gradient: one reverse sweep has both.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::api::{self, Api, inline};
use crate::ir::signature::{Parameter, Signature};

/// The two functions, which take the tangents `inputs` behind the function's own parameters.
// Output: hvp, grad_and_hvp
pub(super) fn functions(
    api: &Api<'_>,
    doubled: &Signature,
    joint: bool,
    arguments: &[TokenStream],
    inputs: &[TokenStream],
) -> TokenStream {
    let second = Second {
        api,
        doubled,
        joint,
        arguments,
        inputs,
    };
    let (gradient, example) = (api.gradient_type(), api.example());
    let hvp = second.function(
        "hvp",
        &format!("The Hessian of `{example}` times the tangents that follow the arguments."),
        &gradient,
        &second.body(false),
    );
    let both = second.function(
        "grad_and_hvp",
        &format!("The gradient of `{example}`, and its Hessian times the tangents that follow the arguments."),
        &quote!((#gradient, #gradient)),
        &second.body(true),
    );
    quote!(#hvp #both)
}

struct Second<'a> {
    api: &'a Api<'a>,
    /// The signature of the function with tangents.
    doubled: &'a Signature,
    /// True if there is a `__joint_tangent`.
    joint: bool,
    arguments: &'a [TokenStream],
    inputs: &'a [TokenStream],
}

impl Second<'_> {
    fn function(&self, name: &str, documentation: &str, result: &TokenStream, body: &TokenStream) -> TokenStream {
        let signature = self.api.signature;
        let expansion = signature.expansion();
        let Signature {
            generics,
            predicates,
            value: output,
            ..
        } = signature;
        let (attributes, visibility) = (inline(signature), signature.function_visibility());
        let (name, own, inputs) = (signature.named(name), self.api.inputs(), self.inputs);
        quote! {
            #[doc = #documentation]
            #attributes
            #[must_use]
            #visibility fn #name #generics (#(#own,)* #(#inputs),*) -> #result
            where #predicates for<'__tapeless_scalar> #output: #expansion::ScalarResult
            {
                #body
            }
        }
    }

    /// The parameters, each with that for its tangent.
    fn pairs(&self) -> impl Iterator<Item = (&Parameter, &Parameter)> {
        let parameters = &self.api.signature.parameters;
        parameters.iter().zip(&self.doubled.parameters[parameters.len()..])
    }

    /// Both sweeps; with the gradient, what flows to the tangents is caught, too.
    fn body(&self, with_gradient: bool) -> TokenStream {
        let (api, expansion) = (self.api, self.api.signature.expansion());
        let bar = |parameter: &Parameter, caught: bool| {
            if !parameter.active {
                return quote!(#expansion::Bar(&mut #expansion::Ignore));
            }
            if !caught {
                return quote!(#expansion::Bar(&mut #expansion::inactive()));
            }
            let (slot, ty) = (api::slot(parameter), self.doubled.differentiable(parameter));
            quote_spanned!(parameter.span=> #expansion::Bar(&mut #ty::accumulator(&mut #slot)))
        };
        let own = self.pairs().map(|(parameter, _)| bar(parameter, true));
        let bars: Vec<_> = own
            .chain(self.pairs().map(|(_, tangent)| bar(tangent, with_gradient)))
            .collect();
        let run = match self.joint {
            true => self.run_joint(&bars),
            false => self.run_split(&bars),
        };
        let (prologue, slots, taken) = (api.prologue(), api.slots(), api.taken());
        let (shapes, gradient_slots, result) = match with_gradient {
            true => self.gradient(&taken),
            false => (TokenStream::new(), TokenStream::new(), taken),
        };
        quote!(#prologue #shapes #slots #gradient_slots #run #result)
    }

    fn run_split(&self, bars: &[TokenStream]) -> TokenStream {
        let (api, expansion) = (self.api, self.api.signature.expansion());
        let run = self
            .doubled
            .call_split_tangent(&quote!(#expansion::Twice), self.arguments);
        let again = self.pairs().map(|(parameter, _)| match parameter.is_handed_again() {
            true => api.handed(parameter),
            false => quote!(#expansion::Unused),
        });
        let tangents_again = self.pairs().map(|(parameter, tangent)| {
            let name = &tangent.name;
            match (parameter.active, parameter.is_handed_again()) {
                (true, true) => quote!(::core::option::Option::Some(#name)),
                _ => quote!(#expansion::Unused),
            }
        });
        let seed = api.second_seed();
        let leave = api.write_back(&quote!(__pair.0));
        let leave = api.signature.is_writing().then(|| quote!(let _ = #leave;));
        quote! {
            let (__pair, __pullback, _) = #run;
            #seed
            __pullback(
                #(#again,)*
                #(#tangents_again,)*
                &__pair,
                #expansion::Bar(&mut #expansion::accumulator_of(&__pair, &mut __seed)),
                #(#bars),*
            );
            #leave
        }
    }

    fn run_joint(&self, bars: &[TokenStream]) -> TokenStream {
        let signature = self.api.signature;
        let (expansion, checked) = (signature.expansion(), &signature.checked_value);
        let value = signature.differentiable_output();
        let (name, turbofish, joint) = (&signature.name, &self.doubled.turbofish, self.doubled.joint_name());
        let arguments = self.arguments;
        quote! {
            let mut __seed: (#value::Slot, <#value::Tangent as #expansion::Differentiable>::Slot) =
                (::core::default::Default::default(), <#checked as #expansion::ScalarResult>::one_along());
            let _ = #name {}.#joint #turbofish (
                #expansion::Twice,
                #(#arguments,)*
                #expansion::Bar(&mut (
                    #value::accumulator(&mut __seed.0),
                    <#value::Tangent as #expansion::Differentiable>::accumulator(&mut __seed.1),
                )),
                #(#bars),*
            );
        }
    }

    /// What zero gradients are made from and slots for the cotangents of the tangents, and the gradient that is in them beside
    /// the product.
    fn gradient(&self, product: &TokenStream) -> (TokenStream, TokenStream, TokenStream) {
        let expansion = self.api.signature.expansion();
        let active: Vec<_> = self.pairs().filter(|(parameter, _)| parameter.active).collect();
        let shapes = active.iter().map(|(parameter, tangent)| {
            let (shape, name) = (api::shape(tangent), &tangent.name);
            let ty = self.doubled.differentiable(tangent);
            let place = match (parameter.written, parameter.by_reference) {
                // In the code, what is written to is a value.
                (true, _) if parameter.slice => quote!(&#expansion::to_vec(#name)),
                (true, _) | (_, true) => quote!(#name),
                (false, false) => quote!(&#name),
            };
            quote_spanned!(tangent.span=> let #shape = #ty::shape(#place);)
        });
        let slots = active.iter().map(|(_, tangent)| {
            let (slot, ty) = (api::slot(tangent), self.doubled.differentiable(tangent));
            quote_spanned!(tangent.span=> let mut #slot: #ty::Slot = ::core::default::Default::default();)
        });
        let taken = active.iter().map(|(_, tangent)| {
            let (slot, shape) = (api::slot(tangent), api::shape(tangent));
            let ty = self.doubled.differentiable(tangent);
            quote_spanned!(tangent.span=> #ty::take(#slot, &#shape))
        });
        let taken = api::tuple(taken.collect());
        (
            shapes.collect(),
            slots.collect(),
            quote!({
                let __gradient = #taken;
                (__gradient, #product)
            }),
        )
    }
}
