//! A forward sweep that keeps nothing but its arguments: the pullback runs the function anew, forward and back in one. So
//! what the function has in hand may borrow from its arguments, and its pullback's type mentions that of no other.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Emitter;
use super::api::inline;
use super::protocol::{self, PullbackNames};
use crate::ir::signature::{Home, Parameter, Receiver, Signature};
use crate::passes::borrowed;

impl Emitter<'_> {
    /// True if the pullback runs the function anew: where the user says so, and where otherwise it would have to keep what
    /// borrows from an argument, or itself.
    pub(super) fn is_deferred(&self) -> bool {
        let in_trait = matches!(self.signature.home(), Some(Home::Trait | Home::TraitImpl));
        !in_trait
            && self.signature.pair.is_none()
            && self.ends()
            && (self.signature.recursive || self.keeps_all() && self.calls_itself() || self.borrows())
    }

    /// True if the pullback would have to keep what borrows from an argument.
    fn borrows(&self) -> bool {
        let parameters = self.program.parameters.iter().zip(&self.signature.parameters);
        let slices = parameters.filter(|(_, parameter)| parameter.is_slice());
        borrowed::borrows(
            self.program,
            slices.map(|(id, _)| *id).collect(),
            self.aliases,
            &self.reads,
            self.adjoint,
            self.keeps_all(),
        )
    }

    /// `__split` by way of the function itself and `__joint`.
    // Output: fn __split(self, x: f64, v: &[f64]) -> (f64, impl FnOnce(…), kinds) {
    //             let x_argument = x.clone();
    //             (f(x, v), move |_, v, y, y_bar, x_bar, v_bar| { f.__joint(x_argument, v, y_bar, x_bar, v_bar); }, kinds)
    //         }
    pub(super) fn deferred(&self) -> TokenStream {
        let (signature, expansion) = (self.signature, self.expansion());
        let names = PullbackNames::invented(signature);
        let mut kept = TokenStream::new();
        let (mut given, mut again) = (Vec::new(), Vec::new());
        for parameter in &signature.parameters {
            let (name, own) = (&parameter.name, argument_name(parameter));
            given.push(quote!(#name));
            if parameter.is_handed_again() {
                again.push(quote!(#name));
            } else if parameter.by_reference {
                kept.extend(quote!(let mut #own = ::core::clone::Clone::clone(&*#name);));
                again.push(quote!(&mut #own));
            } else {
                kept.extend(quote!(let #own = #expansion::Own(&#name).owned();));
                again.push(quote!(#own));
            }
        }
        let (turbofish, joint, value) = (
            &signature.turbofish,
            signature.named("__joint"),
            signature.named("__value"),
        );
        let carrier = match signature.method {
            None => {
                let name = &signature.name;
                quote!(#name {}.#joint)
            }
            Some(_) => quote!(Self::#joint),
        };
        let (header, receiver, kinds) = (
            protocol::header(signature),
            protocol::receiver(signature),
            protocol::kinds(signature),
        );
        let closure = protocol::arguments(signature, &names);
        let PullbackNames { result_bar, bars, .. } = &names;
        let function = self.value_function(&value);
        quote! {
            #header {
                #receiver
                #kept
                let __value = Self::#value #turbofish (#(#given),*);
                (__value, move |#closure| {
                    #carrier #turbofish (#(#again,)* #result_bar, #(#bars),*);
                }, #kinds)
            }
            #function
        }
    }

    /// The function itself, as the forward sweep takes its arguments. It is a function of its own since some parameter may have
    /// the name of the user's.
    // Original: fn f(x: f64, s: &mut S) -> f64
    // Output:   fn __value(__0: f64, mut __1: S) -> (f64, S) { let value = f(__0, &mut __1); (value, __1) }
    fn value_function(&self, value: &Ident) -> TokenStream {
        let expansion = self.expansion();
        let Signature {
            name,
            generics,
            predicates,
            turbofish,
            parameters,
            checked_output: output,
            ..
        } = self.signature;
        let receiver = self.signature.method.as_ref().and_then(|method| method.receiver);
        let names: Vec<_> = (0..parameters.len()).map(|index| format_ident!("__{index}")).collect();
        let inputs = parameters.iter().zip(&names).map(|(parameter, name)| {
            let ty = &parameter.checked;
            let mutable = parameter.written.then(|| quote!(mut));
            quote!(#mutable #name: #ty)
        });
        let given = parameters
            .iter()
            .zip(&names)
            .enumerate()
            .map(|(index, (parameter, name))| match receiver {
                Some(Receiver::Value) if index == 0 => quote!(#expansion::Own(#name).owned()),
                _ if parameter.written => quote!(&mut #name),
                _ => quote!(#name),
            });
        let own = self.signature.method.as_ref().map(|_| quote!(Self::));
        let written: Vec<_> = parameters
            .iter()
            .zip(&names)
            .filter(|(parameter, _)| parameter.written)
            .map(|(_, name)| name)
            .collect();
        let result = if written.is_empty() {
            quote!(__value)
        } else {
            quote!((__value, #(#written),*))
        };
        let attributes = inline(self.signature);
        quote! {
            #[doc(hidden)]
            #attributes
            fn #value #generics (#(#inputs),*) -> #output where #predicates {
                let __value = #own #name #turbofish (#(#given),*);
                #expansion::same(#result)
            }
        }
    }
}

/// The variable that keeps an argument.
fn argument_name(parameter: &Parameter) -> Ident {
    format_ident!("__{}_argument", parameter.name)
}
