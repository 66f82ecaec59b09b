//! The functions that users call, and the one that other derivatives call.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Emitter;
use crate::ir::signature::{Parameter, Signature};

impl Emitter<'_> {
    /// The forward sweep and its pullback: `(y, pullback, kinds)`.
    pub(super) fn split(&self) -> TokenStream {
        let Signature { generics, predicates, captures, output, name, turbofish, parameters, .. } = self.signature;
        let inputs = parameters.iter().map(input);
        let imports = self.imports();
        let items = &self.program.items;
        let likes = self.parameter_likes();
        let forward = self.forward_body();
        let kinds: Vec<_> = parameters.iter().map(|parameter| self.kind(parameter)).collect();
        let kind_types = parameters.iter().map(|parameter| self.kind_type(parameter));
        let bounds = self.pullback_types();
        // So that a function of which only the gradient is called counts as used.
        let used = if self.signature.nameable { quote!(let _ = #name #turbofish;) } else { TokenStream::new() };
        let allow = inline(self.signature);
        let header = quote! {
            #[doc(hidden)]
            #allow
            pub fn __split #generics (self, #(#inputs),*) -> (
                #output,
                impl ::core::ops::FnOnce(#bounds) + use<#captures>,
                (#(#kind_types,)*),
            )
            where #predicates
        };
        if !self.ends() {
            // The function never returns.
            return quote!(#header { #imports #used #items #forward
                ::core::unreachable!() });
        }
        let records = self.records();
        let arguments = self.pullback_arguments();
        let reverse = self.reverse_body();
        let typed = self.typed_result();
        quote! {
            #header
            {
                #imports
                #items
                #used
                #likes
                #forward
                #records
                (#typed, move |#arguments| { #reverse }, (#(#kinds,)*))
            }
        }
    }

    /// The result, as the function's type. A mismatch is the user's function's to report.
    fn typed_result(&self) -> TokenStream {
        let expansion = self.expansion();
        let result = &self.program.value(self.program.result).name;
        quote!(#expansion::same(#result))
    }

    fn kind_type(&self, parameter: &Parameter) -> TokenStream {
        let expansion = self.expansion();
        let reference = if parameter.by_reference && !parameter.mutable { quote!(ByReference) } else { quote!(ByValue) };
        let differentiated = if parameter.active { quote!(Differentiated) } else { quote!(Ignored) };
        quote!(#expansion::Kind<#expansion::#reference, #expansion::#differentiated>)
    }

    fn kind(&self, parameter: &Parameter) -> TokenStream {
        let ty = self.kind_type(parameter);
        quote!(<#ty>::new())
    }

    /// What the pullback takes: the arguments by reference again, the result and its cotangent, an accumulator each.
    fn pullback_types(&self) -> TokenStream {
        let expansion = self.expansion();
        let output = &self.signature.output;
        let again = self.signature.parameters.iter().map(|parameter| self.again_type(parameter));
        let bars = self.signature.parameters.iter().map(|parameter| self.bar_type(parameter));
        quote! {
            #(#again,)*
            &#output,
            &mut <#output as #expansion::Differentiable>::Accumulator<'_>,
            #(#bars),*
        }
    }

    fn again_type(&self, parameter: &Parameter) -> TokenStream {
        let expansion = self.expansion();
        let ty = &parameter.erased;
        if parameter.by_reference && !parameter.mutable { quote!(&#ty) } else { quote!(#expansion::Unused) }
    }

    fn bar_type(&self, parameter: &Parameter) -> TokenStream {
        let expansion = self.expansion();
        let ty = &parameter.erased;
        if parameter.active {
            quote!(&mut <#ty as #expansion::Differentiable>::Accumulator<'_>)
        } else {
            quote!(&mut #expansion::Ignore)
        }
    }

    fn pullback_arguments(&self) -> TokenStream {
        let expansion = self.expansion();
        let output = &self.signature.output;
        let ids = || self.signature.parameters.iter().zip(&self.program.parameters);
        let again = ids().map(|(parameter, id)| {
            let ty = self.again_type(parameter);
            let name = &self.program.value(*id).name;
            if parameter.by_reference && !parameter.mutable { quote!(#name: #ty) } else { quote!(_: #ty) }
        });
        let bars = ids().map(|(parameter, id)| {
            let ty = self.bar_type(parameter);
            let bar = self.bar(*id);
            quote!(#bar: #ty)
        });
        let result = &self.program.value(self.program.result).name;
        let result_bar = self.bar(self.program.result);
        quote! {
            #(#again,)*
            #result: &#output,
            #result_bar: &mut <#output as #expansion::Differentiable>::Accumulator<'_>,
            #(#bars),*
        }
    }

    /// `grad`, `value_and_grad`, `value_and_grad_into` and `vjp`.
    pub(super) fn api(&self) -> TokenStream {
        let gradient = self.gradient();
        let into = self.gradient_into();
        let vjp = self.vjp();
        quote!(#gradient #into #vjp)
    }

    /// The type of the gradient: a tangent for each differentiated parameter, a single one not in a tuple.
    fn gradient_type(&self) -> TokenStream {
        tuple(self.signature.active().map(|parameter| self.tangent(parameter)).collect())
    }

    fn tangent(&self, parameter: &Parameter) -> TokenStream {
        let expansion = self.expansion();
        let ty = &parameter.referent;
        match ty.to_string().as_str() {
            "f32" | "f64" => ty.clone(),
            _ => quote!(<#ty as #expansion::Differentiable>::Tangent),
        }
    }

    fn gradient(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature { generics, predicates, output, parameters, name, turbofish, .. } = self.signature;
        let inputs: Vec<_> = parameters.iter().map(input).collect();
        let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        let gradient = self.gradient_type();
        let scalar = quote!(for<'__scalar> #output: #expansion::ScalarResult);
        let attributes = inline(self.signature);
        let likes = self.likes();
        let slots = self.signature.active().map(|parameter| {
            let (slot, like) = (slot(parameter), like(parameter));
            quote!(let mut #slot = #like.slot();)
        });
        let pullback = self.call_pullback(|parameter| {
            let (slot, like) = (slot(parameter), like(parameter));
            quote!(&mut #like.accumulator(&mut #slot))
        });
        let taken = tuple(self.signature.active().map(|parameter| {
            let (ty, slot, like) = (&parameter.referent, slot(parameter), like(parameter));
            quote!(<#ty as #expansion::Differentiable>::take(#slot, #like.shape()))
        }).collect());
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
                #likes
                #(#slots)*
                let (__value, __pullback, _) = #name {}.__split #turbofish (#(#names),*);
                let mut __seed = <#output as #expansion::ScalarResult>::one();
                #pullback
                (__value, #taken)
            }
        }
    }

    fn gradient_into(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature { generics, predicates, output, parameters, name, turbofish, .. } = self.signature;
        let inputs = parameters.iter().map(input);
        let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        let attributes = inline(self.signature);
        let buffers = self.signature.active().map(|parameter| {
            let (buffer, ty) = (buffer(parameter), self.tangent(parameter));
            quote!(#buffer: &mut #ty)
        });
        let likes = self.likes();
        let accumulators = self.signature.active().map(|parameter| {
            let (ty, slot, buffer) = (&parameter.referent, slot(parameter), buffer(parameter));
            quote!(let mut #slot = <#ty as #expansion::Differentiable>::overwrite(#buffer);)
        });
        let pullback = self.call_pullback(|parameter| {
            let slot = slot(parameter);
            quote!(&mut #slot)
        });
        let finish = self.signature.active().map(|parameter| {
            let (ty, slot, like) = (&parameter.referent, slot(parameter), like(parameter));
            quote!(<#ty as #expansion::Differentiable>::finish(&mut #slot, #like.shape());)
        });
        let documentation = format!(
            "The value of `{name}`; its gradient overwrites the buffers that follow the arguments, one for each differentiable parameter."
        );
        quote! {
            #[doc = #documentation]
            #attributes
            pub fn value_and_grad_into #generics (#(#inputs,)* #(#buffers),*) -> #output
            where #predicates for<'__scalar> #output: #expansion::ScalarResult
            {
                #likes
                #(#accumulators)*
                let (__value, __pullback, _) = #name {}.__split #turbofish (#(#names),*);
                let mut __seed = <#output as #expansion::ScalarResult>::one();
                #pullback
                #(#finish)*
                __value
            }
        }
    }

    fn vjp(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature { generics, predicates, output, parameters, name, turbofish, .. } = self.signature;
        let inputs = parameters.iter().map(input);
        let names: Vec<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        let gradient = self.gradient_type();
        let attributes = inline(self.signature);
        let likes = self.likes();
        let slots = self.signature.active().map(|parameter| {
            let (slot, like) = (slot(parameter), like(parameter));
            quote!(let mut #slot = #like.slot();)
        });
        let pullback = self.call_pullback(|parameter| {
            let (slot, like) = (slot(parameter), like(parameter));
            quote!(&mut #like.accumulator(&mut #slot))
        });
        let taken = tuple(self.signature.active().map(|parameter| {
            let (ty, slot, like) = (&parameter.referent, slot(parameter), like(parameter));
            quote!(<#ty as #expansion::Differentiable>::take(#slot, #like.shape()))
        }).collect());
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
                #imp ::core::ops::FnOnce(<#output as #expansion::Differentiable>::Tangent) -> #gradient,
            )
            where #predicates for<'__clone> #output: ::core::clone::Clone
            {
                #likes
                let (__result, __pullback, _) = #name {}.__split #turbofish (#(#names),*);
                let __value = ::core::clone::Clone::clone(&__result);
                (__result, move |__cotangent: <#output as #expansion::Differentiable>::Tangent| {
                    #(#slots)*
                    let mut __seed = <#output as #expansion::Differentiable>::seed(__cotangent);
                    #pullback
                    #taken
                })
            }
        }
    }

    /// What the parameters are like, before they are moved.
    fn likes(&self) -> TokenStream {
        let expansion = self.expansion();
        self.signature
            .active()
            .map(|parameter| {
                let (like, name) = (like(parameter), &parameter.name);
                let ampersand = if parameter.by_reference { quote!() } else { quote!(&) };
                quote!(let #like = #expansion::Like::of(#ampersand #name);)
            })
            .collect()
    }

    /// The call of `__pullback` with the seed in `__seed`.
    fn call_pullback(&self, bar: impl Fn(&Parameter) -> TokenStream) -> TokenStream {
        let expansion = self.expansion();
        let output = &self.signature.output;
        let again = self.signature.parameters.iter().map(|parameter| {
            let name = &parameter.name;
            if parameter.by_reference && !parameter.mutable { quote!(#name) } else { quote!(#expansion::Unused) }
        });
        let bars = self.signature.parameters.iter().map(|parameter| {
            if parameter.active { bar(parameter) } else { quote!(&mut #expansion::Ignore) }
        });
        quote! {
            __pullback(
                #(#again,)*
                &__value,
                &mut <#output as #expansion::Differentiable>::accumulator(&mut __seed),
                #(#bars),*
            );
        }
    }
}

fn input(parameter: &Parameter) -> TokenStream {
    let (name, ty) = (&parameter.name, &parameter.ty);
    quote!(#name: #ty)
}

fn slot(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_slot", parameter.name)
}

fn like(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_like", parameter.name)
}

fn buffer(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_buffer", parameter.name)
}

/// One element as it is, several as a tuple.
fn tuple(mut elements: Vec<TokenStream>) -> TokenStream {
    if elements.len() == 1 { elements.remove(0) } else { quote!((#(#elements,)*)) }
}

/// The user's attributes for functions; without `inline` among them, a hint.
fn inline(signature: &Signature) -> TokenStream {
    let attributes = &signature.function_attributes;
    if attributes.to_string().contains("inline") { attributes.clone() } else { quote!(#[inline] #attributes) }
}
