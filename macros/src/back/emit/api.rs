//! The functions that users call.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::back::lints;
use crate::ir::signature::{Home, Parameter, Receiver, Signature};

/// `grad`, `value_and_grad`, `value_and_grad_into` and `vjp`, by way of the forward sweep and its pullback.
pub(crate) fn api(signature: &Signature, joint: bool) -> TokenStream {
    Api { signature, joint }.functions()
}

/// What the functions are made of.
pub(super) struct Api<'s> {
    pub(super) signature: &'s Signature,
    /// True if there is a `__joint`.
    pub(super) joint: bool,
}

impl Api<'_> {
    fn functions(&self) -> TokenStream {
        match self.signature.home() {
            Some(Home::TraitImpl) => return TokenStream::new(),
            Some(Home::Trait) => {
                let (gradient, into, vjp) = (self.gradient(), self.gradient_into(), self.vjp());
                return quote!(#gradient #into #vjp);
            }
            Some(Home::Beside) | None => {}
        }
        let gradient = self.gradient();
        let into = self.gradient_into();
        let vjp = self.vjp();
        let parameters = self.parameters();
        // A method's types are asked for beside it.
        let check = self.signature.method.is_none().then(|| self.signature.check());
        let used = self.used();
        quote!(#used #check #gradient #into #vjp #parameters)
    }

    fn expansion(&self) -> TokenStream {
        self.signature.expansion()
    }

    /// The parameters' names, and which are differentiated, for `assert_gradient!`.
    fn parameters(&self) -> TokenStream {
        let parameters = self.signature.parameters.iter().map(|parameter| {
            let (name, active) = (parameter.name.to_string(), parameter.active);
            quote!((#name, #active))
        });
        let name = self.signature.named("__PARAMETERS");
        quote! {
            #[doc(hidden)]
            pub const #name: &'static [(&'static str, bool)] = &[#(#parameters),*];
        }
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
        let used = self.signature.named("__used");
        let own = self.signature.method.is_some().then(|| quote!(Self::));
        nameable.then(|| {
            quote! {
                #[doc(hidden)]
                fn #used #generics() where #predicates { let _ = #own #name #turbofish; }
            }
        })
    }

    // ----- the pieces

    /// The parameters, as the user wrote them.
    pub(super) fn inputs(&self) -> Vec<TokenStream> {
        self.signature
            .parameters
            .iter()
            .map(|parameter| match self.receiver(parameter) {
                Some(Receiver::Value) => quote!(self),
                Some(Receiver::Reference) if parameter.written => quote!(&mut self),
                Some(Receiver::Reference) => quote!(&self),
                None => {
                    let (name, ty) = (&parameter.name, &parameter.ty);
                    quote!(#name: #ty)
                }
            })
            .collect()
    }

    /// How the parameter is taken, if it is the receiver.
    pub(super) fn receiver(&self, parameter: &Parameter) -> Option<Receiver> {
        let first = self.signature.parameters.first()?;
        let method = self.signature.method.as_ref()?;
        method.receiver.filter(|_| std::ptr::eq(first, parameter))
    }

    /// The parameters, as they are handed on to another of these functions.
    pub(super) fn arguments(&self) -> Vec<TokenStream> {
        self.signature
            .parameters
            .iter()
            .map(|parameter| match self.receiver(parameter) {
                Some(_) => quote!(self),
                None => {
                    let name = &parameter.name;
                    quote!(#name)
                }
            })
            .collect()
    }

    /// The parameter, as the forward sweep takes it. A receiver by value goes by reference.
    pub(super) fn handed(&self, parameter: &Parameter) -> TokenStream {
        let name = &parameter.name;
        match self.receiver(parameter) {
            Some(Receiver::Value) => quote!(&#name),
            _ => quote!(#name),
        }
    }

    /// The receiver under its other name, and what zero gradients are made from, before the parameters are moved.
    pub(super) fn prologue(&self) -> TokenStream {
        let shapes = self.signature.active().map(|parameter| {
            let (shape, name) = (shape(parameter), &parameter.name);
            let ty = self.signature.differentiable(parameter);
            let place = match (parameter.written, parameter.by_reference) {
                (true, _) => {
                    let before = before(parameter);
                    quote!(&#before)
                }
                (false, true) => self.handed(parameter),
                (false, false) => quote!(&#name),
            };
            quote_spanned!(parameter.span=> let #shape = #ty::shape(#place);)
        });
        let (receivers, befores) = (self.receivers(), self.befores());
        quote!(#receivers #befores #(#shapes)*)
    }

    /// The receiver under its other name.
    pub(super) fn receivers(&self) -> TokenStream {
        let receiver = self.signature.parameters.iter().filter_map(|parameter| {
            self.receiver(parameter)?;
            let name = &parameter.name;
            Some(quote!(let #name = self;))
        });
        receiver.collect()
    }

    /// What parameters that are written to hold at first.
    pub(super) fn befores(&self) -> TokenStream {
        let befores = self.signature.written().map(|parameter| {
            let (before, name, expansion) = (before(parameter), &parameter.name, self.expansion());
            if parameter.slice {
                quote!(let #before = #expansion::to_vec(&*#name);)
            } else {
                quote!(let #before = #expansion::Own(&*#name).owned();)
            }
        });
        befores.collect()
    }

    /// The arguments of the forward sweep.
    pub(super) fn forward_arguments(&self) -> Vec<TokenStream> {
        self.signature
            .parameters
            .iter()
            .map(|parameter| {
                if parameter.written {
                    let before = before(parameter);
                    quote!(#before)
                } else {
                    self.handed(parameter)
                }
            })
            .collect()
    }

    /// The forward sweep: the result in `__result`, and `__pullback`.
    fn forward(&self) -> TokenStream {
        let split = self.signature.call_split(&self.forward_arguments());
        quote!(let (__result, __pullback, _) = #split;)
    }

    /// Forward and back, for a cotangent of 1: the result in `__result`.
    fn run(&self, bar: impl Fn(&Parameter) -> TokenStream) -> TokenStream {
        let seed = self.unit_seed();
        if !self.joint {
            let (forward, pullback) = (self.forward(), self.call_pullback(bar));
            return quote!(#forward #seed #pullback);
        }
        let (expansion, differentiable) = (self.expansion(), self.signature.differentiable_output());
        let (mut arguments, bars) = (self.forward_arguments(), self.bars(bar));
        arguments.push(quote!(#expansion::Bar(&mut #differentiable::accumulator(&mut __seed))));
        arguments.extend(bars);
        let (name, turbofish, joint) = (
            &self.signature.name,
            &self.signature.turbofish,
            self.signature.named("__joint"),
        );
        let joint = match self.signature.method {
            None => quote!(#name {}.#joint),
            Some(_) => quote!(Self::#joint),
        };
        quote!(#seed let __result = #joint #turbofish (#(#arguments),*);)
    }

    /// An accumulator for each parameter.
    fn bars(&self, bar: impl Fn(&Parameter) -> TokenStream) -> Vec<TokenStream> {
        let expansion = self.expansion();
        let parameters = self.signature.parameters.iter();
        parameters
            .map(|parameter| {
                if parameter.active {
                    bar(parameter)
                } else {
                    quote!(#expansion::Bar(&mut #expansion::Ignore))
                }
            })
            .collect()
    }

    /// The call of `__pullback` with the seed in `__seed`.
    fn call_pullback(&self, bar: impl Fn(&Parameter) -> TokenStream) -> TokenStream {
        let expansion = self.expansion();
        let differentiable = self.signature.differentiable_output();
        let again = self.signature.parameters.iter().map(|parameter| {
            if parameter.is_handed_again() {
                self.handed(parameter)
            } else {
                quote!(#expansion::Unused)
            }
        });
        let bars = self.bars(bar);
        quote! {
            __pullback(
                #(#again,)*
                &__result,
                #expansion::Bar(&mut #differentiable::accumulator(&mut __seed)),
                #(#bars),*
            );
        }
    }

    /// Slots for the gradient.
    pub(super) fn slots(&self) -> TokenStream {
        self.signature
            .active()
            .map(|parameter| {
                let (slot, ty) = (slot(parameter), self.signature.differentiable(parameter));
                quote_spanned!(parameter.span=> let mut #slot: #ty::Slot = ::core::default::Default::default();)
            })
            .collect()
    }

    /// The pullback into the slots.
    fn pull_into_slots(&self) -> TokenStream {
        self.call_pullback(|parameter| self.slot_bar(parameter))
    }

    /// An accumulator over a parameter's slot.
    fn slot_bar(&self, parameter: &Parameter) -> TokenStream {
        let expansion = self.expansion();
        let (slot, ty) = (slot(parameter), self.signature.differentiable(parameter));
        quote_spanned!(parameter.span=> #expansion::Bar(&mut #ty::accumulator(&mut #slot)))
    }

    /// The gradient out of the slots.
    pub(super) fn taken(&self) -> TokenStream {
        tuple(
            self.signature
                .active()
                .map(|parameter| {
                    let (ty, slot, shape) = (
                        self.signature.differentiable(parameter),
                        slot(parameter),
                        shape(parameter),
                    );
                    quote_spanned!(parameter.span=> #ty::take(#slot, &#shape))
                })
                .collect(),
        )
    }

    /// `__seed`, with 1 for the value.
    fn unit_seed(&self) -> TokenStream {
        let (expansion, checked) = (self.expansion(), &self.signature.checked_value);
        let one = quote!(<#checked as #expansion::ScalarResult>::one());
        if self.signature.is_writing() {
            let output = self.signature.differentiable_output();
            quote! {
                let mut __seed: #output::Slot = ::core::default::Default::default();
                __seed.0 = #one;
            }
        } else {
            quote!(let mut __seed = #one;)
        }
    }

    /// Writes what the function leaves in the parameters that it writes to, and gives the value.
    pub(super) fn write_back(&self, value: &TokenStream) -> TokenStream {
        if !self.signature.is_writing() {
            return value.clone();
        }
        let afters: Vec<_> = self.signature.written().map(after).collect();
        let writes = self.signature.written().zip(&afters).map(|(parameter, after)| {
            let name = &parameter.name;
            if parameter.slice {
                quote!(#name.clone_from_slice(&#after);)
            } else {
                quote!(*#name = #after;)
            }
        });
        quote!({ let (__value, #(#afters),*) = #value; #(#writes)* __value })
    }

    /// The value and its tangent out of `__pair`, after what belongs to the parameters that are written to has gone there.
    pub(super) fn pair_along(&self, tangents: &[Parameter]) -> TokenStream {
        if !self.signature.is_writing() {
            return quote!(__pair);
        }
        let written = self.signature.parameters.iter().zip(tangents);
        let written = written.filter(|(parameter, _)| parameter.written);
        let (afters, writes): (Vec<_>, Vec<_>) = written
            .map(|(parameter, tangent)| {
                let (after, name) = (after(tangent), &tangent.name);
                let write = if parameter.slice {
                    quote!(#name.clone_from_slice(&#after);)
                } else {
                    quote!(*#name = #after;)
                };
                (after, write)
            })
            .unzip();
        let value = self.write_back(&quote!(__pair.0));
        quote! {
            let (__tangent, #(#afters),*) = __pair.1;
            #(#writes)*
            (#value, __tangent)
        }
    }

    /// `__seed`, with 1 for the tangent of the value in `__pair`.
    pub(super) fn second_seed(&self) -> TokenStream {
        let (expansion, checked) = (self.expansion(), &self.signature.checked_value);
        if !self.signature.is_writing() {
            return quote!(let mut __seed = #expansion::ScalarResult::second_order(&__pair););
        }
        let output = self.signature.differentiable_output();
        quote! {
            let mut __seed: (
                #output::Slot,
                <#output::Tangent as #expansion::Differentiable>::Slot,
            ) = ::core::default::Default::default();
            (__seed.1).0 = <#checked as #expansion::ScalarResult>::one_along();
        }
    }

    /// The type of the gradient: a tangent for each differentiated parameter, a single one not in a tuple.
    pub(super) fn gradient_type(&self) -> TokenStream {
        tuple(
            self.signature
                .active()
                .map(|parameter| self.tangent(parameter))
                .collect(),
        )
    }

    pub(super) fn tangent(&self, parameter: &Parameter) -> TokenStream {
        let ty = &parameter.referent;
        match ty.to_string().as_str() {
            "f32" | "f64" => ty.clone(),
            _ => {
                let (expansion, ty) = (self.expansion(), &parameter.unborrowed);
                quote_spanned!(parameter.span=> <#ty as #expansion::Differentiable>::Tangent)
            }
        }
    }

    /// The type behind the reference to a tangent: for a slice, a slice of its length.
    pub(super) fn tangent_type(&self, parameter: &Parameter) -> TokenStream {
        if !parameter.slice {
            return self.buffer_type(parameter);
        }
        let (expansion, vector) = (self.expansion(), self.tangent(parameter));
        quote_spanned!(parameter.span=> <#vector as #expansion::Slice>::Slice)
    }

    /// What the gradient is written to: for a slice, a slice of its length.
    fn buffer_type(&self, parameter: &Parameter) -> TokenStream {
        let Some(element) = parameter.slice_element().filter(|_| parameter.is_slice()) else {
            return self.tangent(parameter);
        };
        let expansion = self.expansion();
        match element.to_string().as_str() {
            "f32" | "f64" => quote_spanned!(parameter.span=> [#element]),
            _ => {
                let vector = self.tangent(parameter);
                quote_spanned!(parameter.span=> <#vector as #expansion::Slice>::Slice)
            }
        }
    }

    // ----- the functions

    /// A call, for the documentation.
    pub(super) fn example(&self) -> String {
        let names = self
            .signature
            .parameters
            .iter()
            .map(|parameter| parameter.name.to_string());
        format!("{}({})", self.signature.name, names.collect::<Vec<_>>().join(", "))
    }

    fn gradient(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature {
            generics,
            predicates,
            value: output,
            turbofish,
            ..
        } = self.signature;
        let (grad, both) = (self.signature.named("grad"), self.signature.named("value_and_grad"));
        let visibility = self.signature.function_visibility();
        let (inputs, arguments) = (self.inputs(), self.arguments());
        let gradient = self.gradient_type();
        let scalar = quote!(for<'__tapeless_scalar> #output: #expansion::ScalarResult);
        let attributes = inline(self.signature);
        let (prologue, slots) = (self.prologue(), self.slots());
        let (run, taken) = (self.run(|parameter| self.slot_bar(parameter)), self.taken());
        let value = self.write_back(&quote!(__result));
        let example = self.example();
        let documentation = format!("The gradient of `{example}`.");
        let documentation_both = format!("The value of `{example}` and its gradient.");
        quote! {
            #[doc = #documentation]
            #attributes
            #[must_use]
            #visibility fn #grad #generics (#(#inputs),*) -> #gradient
            where #predicates #scalar
            {
                Self::#both #turbofish (#(#arguments),*).1
            }

            #[doc = #documentation_both]
            #attributes
            #[must_use]
            #visibility fn #both #generics (#(#inputs),*) -> (#output, #gradient)
            where #predicates #scalar
            {
                #prologue
                #slots
                #run
                (#value, #taken)
            }
        }
    }

    fn gradient_into(&self) -> TokenStream {
        let expansion = self.expansion();
        let Signature {
            generics,
            predicates,
            value: output,
            name,
            ..
        } = self.signature;
        let function = self.signature.named("value_and_grad_into");
        let visibility = self.signature.function_visibility();
        let inputs = self.inputs();
        let attributes = inline(self.signature);
        let buffers = self.signature.active().map(|parameter| {
            let (buffer, ty) = (buffer(parameter), self.buffer_type(parameter));
            quote!(#buffer: &mut #ty)
        });
        let accumulators = self.signature.active().map(|parameter| {
            let (ty, slot, buffer) = (
                self.signature.differentiable(parameter),
                slot(parameter),
                buffer(parameter),
            );
            if parameter.is_slice() {
                let name = &parameter.name;
                return quote_spanned!(parameter.span=> let mut #slot = #expansion::overwrite_slice(#buffer, #name););
            }
            quote_spanned!(parameter.span=> let mut #slot = #ty::overwrite(#buffer);)
        });
        let prologue = self.prologue();
        let run = self.run(|parameter| {
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
        let value = self.write_back(&quote!(__result));
        let documentation = format!(
            "The value of `{name}`; its gradient overwrites the buffers that follow the arguments, one for each differentiable parameter."
        );
        quote! {
            #[doc = #documentation]
            #attributes
            #visibility fn #function #generics (#(#inputs,)* #(#buffers),*) -> #output
            where #predicates for<'__tapeless_scalar> #output: #expansion::ScalarResult
            {
                #prologue
                #(#accumulators)*
                #run
                #(#finish)*
                #value
            }
        }
    }

    fn vjp(&self) -> TokenStream {
        let Signature {
            generics,
            predicates,
            value: output,
            erased_value,
            name,
            ..
        } = self.signature;
        let function = self.signature.named("vjp");
        let visibility = self.signature.function_visibility();
        let inputs = self.inputs();
        let gradient = self.gradient_type();
        let differentiable = self.signature.differentiable_output();
        let value_tangent = self.signature.value_tangent(erased_value);
        let attributes = inline(self.signature);
        let (prologue, slots, forward) = (self.prologue(), self.slots(), self.forward());
        let (pullback, taken) = (self.pull_into_slots(), self.taken());
        // What the function leaves in the parameters that it writes to has cotangents of its own, behind the result's.
        let written: Vec<_> = self.signature.written().collect();
        let afters: Vec<_> = written.iter().map(|parameter| after(parameter)).collect();
        let after_types: Vec<_> = written.iter().map(|parameter| self.tangent(parameter)).collect();
        let cotangent = if written.is_empty() {
            quote!(__cotangent)
        } else {
            quote!((__cotangent, #(#afters),*))
        };
        let value = self.write_back(&quote!(::core::clone::Clone::clone(&__result)));
        // A token from here: the opaque type captures every lifetime, in every edition.
        let imp = quote_spanned!(Span::mixed_site()=> impl);
        let documentation = format!(
            "The value of `{name}`, and the function that pulls a cotangent of the result back to the differentiable parameters."
        );
        quote! {
            #[doc = #documentation]
            #attributes
            #[must_use]
            #visibility fn #function #generics (#(#inputs),*) -> (
                #output,
                #imp ::core::ops::FnOnce(#value_tangent #(, #after_types)*) -> #gradient,
            )
            where #predicates for<'__tapeless_clone> #output: ::core::clone::Clone
            {
                #prologue
                #forward
                let __value = #value;
                (__value, move |__cotangent: #value_tangent #(, #afters: #after_types)*| {
                    #slots
                    let mut __seed = #differentiable::seed(#cotangent);
                    #pullback
                    #taken
                })
            }
        }
    }
}

/// The variable that owns a parameter's cotangent.
pub(super) fn slot(parameter: &Parameter) -> Ident {
    format_ident!("__{}_slot", parameter.name)
}

pub(super) fn shape(parameter: &Parameter) -> Ident {
    format_ident!("__{}_shape", parameter.name)
}

fn buffer(parameter: &Parameter) -> Ident {
    format_ident!("__{}_buffer", parameter.name)
}

/// What a parameter that is written to holds at first.
fn before(parameter: &Parameter) -> Ident {
    format_ident!("__{}_before", parameter.name)
}

/// What a parameter that is written to holds afterwards, or its cotangent.
fn after(parameter: &Parameter) -> Ident {
    format_ident!("__{}_after", parameter.name)
}

/// One element as it is, several as a tuple.
pub(super) fn tuple(mut elements: Vec<TokenStream>) -> TokenStream {
    if elements.len() == 1 {
        elements.remove(0)
    } else {
        quote!((#(#elements,)*))
    }
}

/// The user's attributes for functions; without `inline` among them, a hint.
pub(super) fn inline(signature: &Signature) -> TokenStream {
    let attributes = &signature.function_attributes;
    // In the user's own block, every function says that lints have nothing to say about it.
    let allow = matches!(signature.home(), Some(Home::Trait | Home::TraitImpl)).then(lints::allow);
    if attributes.to_string().contains("inline") {
        quote!(#allow #attributes)
    } else {
        quote!(#allow #[inline] #attributes)
    }
}
