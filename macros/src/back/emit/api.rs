//! The functions that users call.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::ir::signature::{Parameter, Signature};

/// `grad`, `value_and_grad`, `value_and_grad_into` and `vjp`, by way of `__split`.
pub(crate) fn api(signature: &Signature) -> TokenStream {
    Api { signature }.functions()
}

struct Api<'s> {
    signature: &'s Signature,
}

impl Api<'_> {
    fn expansion(&self) -> TokenStream {
        self.signature.expansion()
    }

    /// The parameters' names, and which are differentiated, for `assert_gradient!`.
    fn parameters(&self) -> TokenStream {
        let parameters = self.signature.parameters.iter().map(|parameter| {
            let (name, active) = (parameter.name.to_string(), parameter.active);
            quote!((#name, #active))
        });
        quote! {
            #[doc(hidden)]
            pub const __PARAMETERS: &'static [(&'static str, bool)] = &[#(#parameters),*];
        }
    }

    /// `grad`, `value_and_grad`, `value_and_grad_into` and `vjp`.
    fn functions(&self) -> TokenStream {
        let gradient = self.gradient();
        let into = self.gradient_into();
        let vjp = self.vjp();
        let (parameters, check) = (self.parameters(), self.signature.check());
        let used = self.used();
        quote!(#used #check #gradient #into #vjp #parameters)
    }

    /// So that a function of which only the gradient is called counts as used. Outside the other functions, some of whose
    /// parameters may have the function's name.
    fn used(&self) -> Option<TokenStream> {
        let Signature {
            name,
            turbofish,
            generics,
            predicates,
            nameable,
            ..
        } = self.signature;
        nameable.then(|| {
            quote! {
                #[doc(hidden)]
                fn __used #generics() where #predicates { let _ = #name #turbofish; }
            }
        })
    }

    fn gradient(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature {
            generics,
            predicates,
            output,
            checked_output: checked,
            parameters,
            name,
            turbofish,
            ..
        } = self.signature;
        let inputs: Vec<_> = parameters.iter().map(input).collect();
        let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        let gradient = gradient_type(self.signature);
        let scalar = quote!(for<'__tapeless_scalar> #output: #expansion::ScalarResult);
        let attributes = inline(self.signature);
        let shapes = shapes(self.signature);
        let slots = slots(self.signature);
        let pullback = self.call_pullback(|parameter| {
            let (slot, ty) = (slot(parameter), self.signature.differentiable(parameter));
            quote_spanned!(parameter.span=> #expansion::Bar(&mut #ty::accumulator(&mut #slot)))
        });
        let taken = taken(self.signature);
        let example = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let documentation = format!("The gradient of `{name}({example})`.");
        let documentation_both = format!("The value of `{name}({example})` and its gradient.");
        quote! {
            #[doc = #documentation]
            #attributes
            #[must_use]
            pub fn grad #generics (#(#inputs),*) -> #gradient
            where #predicates #scalar
            {
                Self::value_and_grad #turbofish (#(#names),*).1
            }

            #[doc = #documentation_both]
            #attributes
            #[must_use]
            pub fn value_and_grad #generics (#(#inputs),*) -> (#output, #gradient)
            where #predicates #scalar
            {
                #shapes
                #slots
                let (__value, __pullback, _) = #name {}.__split #turbofish (#(#names),*);
                let mut __seed = <#checked as #expansion::ScalarResult>::one();
                #pullback
                (__value, #taken)
            }
        }
    }

    fn gradient_into(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature {
            generics,
            predicates,
            output,
            checked_output: checked,
            parameters,
            name,
            turbofish,
            ..
        } = self.signature;
        let inputs = parameters.iter().map(input);
        let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        let attributes = inline(self.signature);
        let buffers = self.signature.active().map(|parameter| {
            let (buffer, ty) = (buffer(parameter), tangent(self.signature, parameter));
            quote!(#buffer: &mut #ty)
        });
        let shapes = shapes(self.signature);
        let accumulators = self.signature.active().map(|parameter| {
            let (ty, slot, buffer) = (
                self.signature.differentiable(parameter),
                slot(parameter),
                buffer(parameter),
            );
            quote_spanned!(parameter.span=> let mut #slot = #ty::overwrite(#buffer);)
        });
        let pullback = self.call_pullback(|parameter| {
            let slot = slot(parameter);
            quote!(#expansion::Bar(&mut #slot))
        });
        let finish = self.signature.active().map(|parameter| {
            let (ty, slot, shape) = (
                self.signature.differentiable(parameter),
                slot(parameter),
                shape(parameter),
            );
            quote_spanned!(parameter.span=> #ty::finish(&mut #slot, &#shape);)
        });
        let documentation = format!(
            "The value of `{name}`; its gradient overwrites the buffers that follow the arguments, one for each differentiable parameter."
        );
        quote! {
            #[doc = #documentation]
            #attributes
            pub fn value_and_grad_into #generics (#(#inputs,)* #(#buffers),*) -> #output
            where #predicates for<'__tapeless_scalar> #output: #expansion::ScalarResult
            {
                #shapes
                #(#accumulators)*
                let (__value, __pullback, _) = #name {}.__split #turbofish (#(#names),*);
                let mut __seed = <#checked as #expansion::ScalarResult>::one();
                #pullback
                #(#finish)*
                __value
            }
        }
    }

    fn vjp(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature {
            generics,
            predicates,
            output,
            parameters,
            name,
            turbofish,
            ..
        } = self.signature;
        let inputs = parameters.iter().map(input);
        let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        let gradient = gradient_type(self.signature);
        let differentiable = self.signature.differentiable_output();
        let attributes = inline(self.signature);
        let shapes = shapes(self.signature);
        let slots = slots(self.signature);
        let pullback = self.call_pullback(|parameter| {
            let (slot, ty) = (slot(parameter), self.signature.differentiable(parameter));
            quote_spanned!(parameter.span=> #expansion::Bar(&mut #ty::accumulator(&mut #slot)))
        });
        let taken = taken(self.signature);
        // A token from here: the opaque type captures every lifetime, in every edition.
        let imp = quote_spanned!(Span::mixed_site()=> impl);
        let documentation = format!(
            "The value of `{name}`, and the function that pulls a cotangent of the result back to the differentiable parameters."
        );
        quote! {
            #[doc = #documentation]
            #attributes
            #[must_use]
            pub fn vjp #generics (#(#inputs),*) -> (
                #output,
                #imp ::core::ops::FnOnce(#differentiable::Tangent) -> #gradient,
            )
            where #predicates for<'__tapeless_clone> #output: ::core::clone::Clone
            {
                #shapes
                let (__result, __pullback, _) = #name {}.__split #turbofish (#(#names),*);
                let __value = ::core::clone::Clone::clone(&__result);
                (__result, move |__cotangent: #differentiable::Tangent| {
                    #slots
                    let mut __seed = #differentiable::seed(__cotangent);
                    #pullback
                    #taken
                })
            }
        }
    }

    /// The call of `__pullback` with the seed in `__seed`.
    fn call_pullback(&self, bar: impl Fn(&Parameter) -> TokenStream) -> TokenStream {
        let expansion = self.expansion();
        let differentiable = self.signature.differentiable_output();
        let again = self.signature.parameters.iter().map(|parameter| {
            let name = &parameter.name;
            if parameter.is_handed_again() {
                quote!(#name)
            } else {
                quote!(#expansion::Unused)
            }
        });
        let bars = self.signature.parameters.iter().map(|parameter| {
            if parameter.active {
                bar(parameter)
            } else {
                quote!(#expansion::Bar(&mut #expansion::Ignore))
            }
        });
        quote! {
            __pullback(
                #(#again,)*
                &__value,
                #expansion::Bar(&mut #differentiable::accumulator(&mut __seed)),
                #(#bars),*
            );
        }
    }
}

/// The type of the gradient: a tangent for each differentiated parameter, a single one not in a tuple.
pub(super) fn gradient_type(signature: &Signature) -> TokenStream {
    tuple(
        signature
            .active()
            .map(|parameter| tangent(signature, parameter))
            .collect(),
    )
}

/// The type of a parameter's tangent.
pub(super) fn tangent(signature: &Signature, parameter: &Parameter) -> TokenStream {
    let ty = &parameter.referent;
    match ty.to_string().as_str() {
        "f32" | "f64" => ty.clone(),
        _ => {
            let (expansion, ty) = (signature.expansion(), &parameter.unborrowed);
            quote_spanned!(parameter.span=> <#ty as #expansion::Differentiable>::Tangent)
        }
    }
}

/// What zero gradients are made from, before the parameters are moved.
pub(super) fn shapes(signature: &Signature) -> TokenStream {
    signature
        .active()
        .map(|parameter| {
            let (shape, name) = (shape(parameter), &parameter.name);
            let ty = signature.differentiable(parameter);
            let ampersand = if parameter.by_reference { quote!() } else { quote!(&) };
            quote_spanned!(parameter.span=> let #shape = #ty::shape(#ampersand #name);)
        })
        .collect()
}

/// What owns the cotangents of the parameters.
pub(super) fn slots(signature: &Signature) -> TokenStream {
    let slots = signature.active().map(|parameter| {
        let (slot, ty) = (slot(parameter), signature.differentiable(parameter));
        quote_spanned!(parameter.span=> let mut #slot: #ty::Slot = ::core::default::Default::default();)
    });
    quote!(#(#slots)*)
}

/// The gradient, out of the slots.
pub(super) fn taken(signature: &Signature) -> TokenStream {
    tuple(
        signature
            .active()
            .map(|parameter| {
                let (ty, slot, shape) = (signature.differentiable(parameter), slot(parameter), shape(parameter));
                quote_spanned!(parameter.span=> #ty::take(#slot, &#shape))
            })
            .collect(),
    )
}

/// A parameter as it stands in a signature.
pub(super) fn input(parameter: &Parameter) -> TokenStream {
    let (name, ty) = (&parameter.name, &parameter.ty);
    quote!(#name: #ty)
}

/// The variable that owns a parameter's cotangent.
pub(super) fn slot(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_slot", parameter.name)
}

fn shape(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_shape", parameter.name)
}

fn buffer(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_buffer", parameter.name)
}

/// One element as it is, several as a tuple.
fn tuple(mut elements: Vec<TokenStream>) -> TokenStream {
    if elements.len() == 1 {
        elements.remove(0)
    } else {
        quote!((#(#elements,)*))
    }
}

/// The user's attributes for functions; without `inline` among them, a hint.
pub(super) fn inline(signature: &Signature) -> TokenStream {
    let attributes = &signature.function_attributes;
    if attributes.to_string().contains("inline") {
        attributes.clone()
    } else {
        quote!(#[inline] #attributes)
    }
}
