//! Calls of the function itself: run again in the reverse sweep.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Emitter;
use super::protocol::{self, PullbackNames};
use crate::ir::signature::{Home, Parameter, Receiver};
use crate::ir::{Callee, Form, Operand};

impl Emitter<'_> {
    /// True if the function calls itself somewhere.
    pub(super) fn calls_itself(&self) -> bool {
        let mut found = false;
        crate::passes::fuse::each_operation(&self.program.body, &mut |step| {
            if let crate::ir::Op::Call(callee) = &step.op {
                found |= self.is_itself(callee);
            }
        });
        found
    }

    /// True if that is a call of the function itself.
    pub(super) fn is_itself(&self, callee: &Callee) -> bool {
        let own = self.signature.method.as_ref();
        match (&callee.form, own) {
            (Form::Function, None) => {}
            (Form::Method(_) | Form::Update(_), Some(own)) => {
                // On another receiver it is likely another type's.
                return callee.name == self.signature.name && own.receiver.is_some() && callee.on_own;
            }
            (Form::Associated(ty), Some(own)) => {
                let ty = ty.to_string();
                return callee.name == self.signature.name && (ty == "Self" || ty == own.ty.to_string());
            }
            _ => return false,
        }
        callee.is_path_to(&self.signature.name)
    }

    /// A call of the function itself. A pullback cannot hold another one of its own type: the call is run again in the reverse
    /// sweep.
    // Original: y = f(&h, w)
    // Output:   Self::__again(w, f(&h, w))
    pub(super) fn recursive_call(&self, callee: &Callee, operands: &[Operand]) -> TokenStream {
        let signature = self.signature;
        let arguments: Vec<_> = operands.iter().map(|operand| self.owned(operand)).collect();
        // Arguments by value are kept, those by reference are handed again.
        let kept: Vec<_> = signature
            .parameters
            .iter()
            .zip(&arguments)
            .map(|(parameter, argument)| (!parameter.is_handed_again()).then(|| (argument_name(parameter), argument)))
            .collect();
        let before = kept
            .iter()
            .flatten()
            .map(|(name, argument)| quote!(let #name = #argument;));
        let expansion = self.expansion();
        let own = kept.iter().map(|kept| kept.as_ref().map(|(name, _)| name));
        let mut forward: Vec<_> = own
            .zip(&arguments)
            .map(|(own, argument)| match own {
                Some(name) => quote!(#expansion::Own(&#name).owned()),
                None => argument.clone(),
            })
            .collect();
        match signature.method.as_ref().and_then(|method| method.receiver) {
            Some(Receiver::Value) => {
                let receiver = &arguments[0];
                forward[0] = quote!(#expansion::Own(#receiver).owned());
            }
            Some(Receiver::Reference) => {
                let receiver = &forward[0];
                forward[0] = quote!((#receiver));
            }
            None => {}
        }
        let value = self.plain_call(callee, &forward);
        let again = if self.has_again() {
            let (again, turbofish) = (signature.named("__again"), &signature.turbofish);
            let names = kept.iter().flatten().map(|(name, _)| name);
            quote!(Self::#again #turbofish (#(#names,)* __value))
        } else {
            self.again_body()
        };
        quote! {{
            #(#before)*
            let __value = #value;
            #again
        }}
    }

    /// True if calls of the function itself go through a function of their own, so that all of them have pullbacks of one type. A
    /// trait's method has none.
    fn has_again(&self) -> bool {
        matches!(self.signature.home(), None | Some(Home::Beside))
    }

    /// The value of a call of the function itself, and its pullback, which runs the call again.
    // Output: fn __again(w: f64, y: f64) -> (f64, impl FnOnce(…), kinds) { … }
    pub(super) fn again(&self) -> Option<TokenStream> {
        (self.has_again() && self.calls_itself()).then(|| {
            let kept = self
                .signature
                .parameters
                .iter()
                .filter(|parameter| !parameter.is_handed_again())
                .map(|parameter| (argument_name(parameter), &parameter.checked));
            protocol::run_again(self.signature, kept, &self.again_body())
        })
    }

    // Output: (y, |&h, …, y, y_bar, …| { let (_, pullback, _) = f.__split(&h, w); pullback(&h, …, y, y_bar, …) }, kinds)
    fn again_body(&self) -> TokenStream {
        let (signature, expansion) = (self.signature, self.expansion());
        let names = PullbackNames::invented(signature);
        let closure = protocol::arguments(signature, &names);
        let mut again = Vec::new();
        let mut handed = Vec::new();
        for parameter in &signature.parameters {
            let name = &parameter.name;
            if parameter.is_handed_again() {
                again.push(quote!(#name));
                handed.push(quote!(#name));
            } else {
                let kept = argument_name(parameter);
                again.push(quote!(#expansion::Own(&#kept).owned()));
                handed.push(quote!(#expansion::Unused));
            }
        }
        let PullbackNames {
            result,
            result_bar,
            bars,
        } = &names;
        let (kinds, split) = (protocol::kinds(signature), signature.call_split(&again));
        quote! {
            (__value, move |#closure| {
                let (_, __pullback, _) = #split;
                __pullback(#(#handed,)* #result, #result_bar, #(#bars),*)
            }, #kinds)
        }
    }

    /// A call of the function itself, with tangents: run again in the reverse sweep, as without them.
    pub(super) fn recursive_tangent_call(&self, operands: &[Operand], tangents: &[Operand]) -> TokenStream {
        let signature = self.signature;
        let expansion = self.expansion();
        let mode = quote!(__mode);
        let count = operands.len();
        let kinds = protocol::kinds(signature);
        let names = PullbackNames::invented(signature);
        let closure = protocol::arguments(signature, &names);
        let mut before = TokenStream::new();
        let (mut forward, mut again, mut handed) = (Vec::new(), Vec::new(), Vec::new());
        let is_method = signature.method.is_some();
        let receives = signature
            .method
            .as_ref()
            .is_some_and(|method| method.receiver.is_some());
        for (index, parameter) in signature.parameters.iter().enumerate() {
            let position = proc_macro2::Literal::usize_unsuffixed(index);
            let own = format_ident!("__{}_argument", parameter.name);
            let argument = match (index.checked_sub(count), operands.get(index)) {
                (None, Some(operand)) if index == 0 && receives && parameter.is_handed_again() => {
                    self.forward_primal(operand)
                }
                (None, Some(operand)) => self.owned(operand),
                (Some(index), _) if index < tangents.len() => {
                    let tangent = self.tangent_argument(&operands[index], &tangents[index]);
                    match tangent {
                        Some(tangent) if is_method && parameter.active && !parameter.by_reference => {
                            before.extend(quote!(let #own = ::core::clone::Clone::clone(#tangent);));
                            forward.push(quote!(::core::option::Option::Some(&#own)));
                            again.push(quote!(::core::option::Option::Some(&#own)));
                            handed.push(quote!(#expansion::Unused));
                            continue;
                        }
                        Some(tangent) => quote!(__kinds.#position.tangent(#tangent)),
                        None => quote!(__kinds.#position.no_tangent()),
                    }
                }
                _ => return TokenStream::new(),
            };
            if parameter.is_handed_again() {
                let own = &parameter.name;
                forward.push(argument);
                again.push(quote!(#own));
                handed.push(quote!(#own));
            } else {
                // Arguments by value are kept, those by reference are handed again.
                before.extend(quote!(let #own = #argument;));
                forward.push(quote!(#expansion::Own(&#own).owned()));
                again.push(quote!(#expansion::Own(&#own).owned()));
                handed.push(quote!(#expansion::Unused));
            }
        }
        let PullbackNames {
            result,
            result_bar,
            bars,
        } = &names;
        let (forward, again) = (
            signature.call_split_tangent(&mode, &forward),
            signature.call_split_tangent(&mode, &again),
        );
        quote! {{
            let __kinds = #kinds;
            #before
            let (__value, _, _) = #forward;
            (__value, move |#closure| {
                let (_, __pullback, _) = #again;
                __pullback(#(#handed,)* #result, #result_bar, #(#bars),*)
            }, __kinds)
        }}
    }
}

/// The variable that keeps an argument by value of a call of the function itself.
fn argument_name(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("__{}_argument", parameter.name)
}
