//! Calls of methods and associated functions with tangents.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Emitter;
use super::call::located;
use crate::ir::signature::with_mode;
use crate::ir::{Callee, Form, Operand};

impl Emitter<'_> {
    /// The call of the forward sweep with tangents, each by reference or nothing. Where there is none, the forward sweep without
    /// them takes its place, which is fine if the result has no tangent.
    // Original: y = x.area(k)
    // Output:   (pair, pullback, kinds) = x.__area_split_tangent(mode, k, x_dot, k_dot, |x, k| x.__area_split(k, …).0)
    // Where `x` is written to, its kind comes with the result.
    pub(super) fn tangent_method_call(
        &self,
        callee: &Callee,
        operands: &[Operand],
        tangents: &[Operand],
    ) -> TokenStream {
        let at = callee.name.span();
        let stem = callee.name.to_string();
        let stem = stem.trim_start_matches("r#");
        let is_update = callee.written.first() == Some(&0);
        let split = match &callee.form {
            _ if is_update => format_ident!("__{stem}_update_tangent", span = at),
            Form::Method(_) | Form::Update(_) => format_ident!("__{stem}_split_tangent", span = at),
            Form::Associated(_) | Form::Function => format_ident!("__{stem}_call_tangent", span = at),
        };
        let receiver = self.own_argument(callee, operands);
        let (call, skipped) = match &callee.form {
            Form::Method(dot) | Form::Update(dot) => (quote!(#receiver #dot #split), 1),
            Form::Associated(ty) => {
                let ty = located(ty.clone(), at);
                (quote!(#ty::#split), 0)
            }
            Form::Function => return TokenStream::new(),
        };
        let mut given = operands[skipped..].iter().map(|operand| self.owned(operand));
        // What is written to comes before the mode.
        let written = (skipped == 0 && is_update)
            .then(|| given.next())
            .flatten()
            .map(|first| quote!(#first,));
        let dots = operands
            .iter()
            .zip(tangents)
            .map(|(operand, tangent)| self.handed_tangent(operand, tangent));
        let names: Vec<_> = (0..operands.len()).map(|index| format_ident!("__{index}")).collect();
        let arguments: Vec<_> = names.iter().map(|name| quote!(#name)).collect();
        let first = arguments.first().cloned().unwrap_or_default();
        let plain = self.split_call(callee, &first, &arguments, false);
        let plain = if is_update {
            quote!(|#(#names),*| { let __split = #plain; (__split.0, __split.2.0) })
        } else {
            quote!(|#(#names),*| #plain.0)
        };
        let plain = located(plain, at);
        let mut group = Group::new(
            Delimiter::Parenthesis,
            quote!(#written __mode, #(#given,)* #(#dots,)* #plain),
        );
        group.set_span(if skipped == 0 { at } else { callee.parentheses });
        let turbofish = with_mode(&callee.turbofish);
        let instead = self.without_forward_mode(callee, &split, operands.len(), skipped);
        quote! {{
            #instead
            #call #turbofish #group
        }}
    }

    /// The tangent of an argument as a method takes it.
    fn handed_tangent(&self, operand: &Operand, tangent: &Operand) -> TokenStream {
        let expansion = self.expansion();
        match self.tangent_argument(operand, tangent) {
            Some(tangent) => quote!(#expansion::handed(#tangent)),
            None => quote!(#expansion::not_handed()),
        }
    }

    /// What is called where a method has no forward sweep with tangents: an error where code is generated for it, unless the
    /// result has no tangent and nothing is written to.
    fn without_forward_mode(&self, callee: &Callee, split: &Ident, count: usize, skipped: usize) -> TokenStream {
        let expansion = self.expansion();
        let types: Vec<_> = (0..count).map(|index| format_ident!("__T{index}")).collect();
        let values: Vec<_> = (0..count).map(|index| format_ident!("__{index}")).collect();
        let (given_types, given) = (&types[skipped..], &values[skipped..]);
        let differentiable = quote!(#expansion::Differentiable);
        let tangent = |ty: &TokenStream| quote!(<#ty as #differentiable>::Tangent);
        let bar = |ty: &TokenStream| quote!(<#ty as #differentiable>::Accumulator<'_>);
        let result = quote!(__R);
        let (result_tangent, message) = (tangent(&result), no_forward_mode(callee));
        let is_update = callee.written.first() == Some(&0);
        let is_unchanged = is_update.then(|| quote!(&& !<__K as #expansion::ReceiverKind>::CHANGES));
        let check = quote_spanned! {callee.name.span()=>
            const { ::core::assert!(::core::mem::size_of::<#result_tangent>() == 0 #is_unchanged, #message) }
        };
        let ignored = quote!(#expansion::Bar<'_, #expansion::Ignore>);
        let kind = quote!(#expansion::Kind<#expansion::ByValue, #expansion::Ignored>);
        let twice = |tokens: &TokenStream| -> Vec<TokenStream> { (0..2 * count).map(|_| tokens.clone()).collect() };
        let (unused, mut bars, mut kinds) = (twice(&quote!(#expansion::Unused)), twice(&ignored), twice(&kind));
        let blanks = twice(&quote!(_));
        if skipped == 1 && is_update {
            // Nothing flows through a method that looks at its receiver and gives something discrete.
            let own = quote!(Self::__Own);
            let own_tangent = tangent(&own);
            let kind = quote!(#expansion::Kind<#expansion::ByValue, #expansion::Differentiated>);
            let passed = [(0, bar(&own)), (count, bar(&own_tangent))];
            for (index, bar) in passed {
                bars[index] = quote!(#expansion::Bar<'_, #bar>);
                kinds[index] = kind.clone();
            }
            let pair = quote!(((#result, #own), (#result_tangent, #own_tangent)));
            let (own_bar, own_dot_bar) = (bar(&own), bar(&own_tangent));
            let dots = values[1..].iter().map(|value| format_ident!("{value}_dot"));
            let dots: Vec<_> = dots.collect();
            let rest = vec![quote!(_); count - 1];
            let header = quote! {
                fn #split<__M, #(#given_types,)* __R: #differentiable, __K: #expansion::ReceiverKind>(
                    self,
                    _: __M,
                    #(#given: #given_types,)*
                    __dot: ::core::option::Option<&#own_tangent>,
                    #(#dots: #expansion::Unused,)*
                    __value: fn(Self::__Own #(, #given_types)*) -> ((__R, Self::__Own), __K),
                ) -> (
                    #pair,
                    fn(
                        #(#unused,)*
                        &#pair,
                        #expansion::OwnBars<'_, #own_bar, #own_dot_bar>,
                        #(#bars),*
                    ),
                    (#(#kinds,)*),
                )
            };
            return quote! {
                trait __WithoutForwardMode {
                    type __Own: ::core::clone::Clone + #differentiable;
                    #header;
                }
                impl<__T: ::core::clone::Clone + #differentiable> __WithoutForwardMode for &__T {
                    type __Own = __T;
                    #header {
                        #check
                        let ((__value, __own), _) = __value(::core::clone::Clone::clone(self) #(, #given)*);
                        let __tangent = match __dot {
                            ::core::option::Option::Some(__dot) => ::core::clone::Clone::clone(__dot),
                            ::core::option::Option::None => #differentiable::zero_tangent(&__own),
                        };
                        let __zero = #differentiable::zero_tangent(&__value);
                        (
                            ((__value, __own), (__zero, __tangent)),
                            |#(#blanks,)* _, __after, __before, #(#rest,)* __before_dot #(, #rest)*| {
                                <__T as #differentiable>::transfer(__after.0, __before.0);
                                <<__T as #differentiable>::Tangent as #differentiable>::transfer(
                                    __after.1,
                                    __before_dot.0,
                                );
                            },
                            (#(<#kinds>::new(),)*),
                        )
                    }
                }
            };
        }
        let (receiver, own, value) = match skipped {
            1 => (quote!(&self,), quote!(&Self::__Own,), quote!(*self,)),
            _ => (TokenStream::new(), TokenStream::new(), TokenStream::new()),
        };
        let dots = values.iter().map(|value| format_ident!("{value}_dot"));
        let dots: Vec<_> = dots.collect();
        let pair = quote!((#result, #result_tangent));
        let (kind_type, plain, first) = match is_update {
            true => (quote!(, __K: #expansion::ReceiverKind), quote!((__R, __K)), quote!(.0)),
            false => (TokenStream::new(), quote!(__R), TokenStream::new()),
        };
        let written = usize::from(is_update);
        let ((before, behind), (before_types, behind_types)) = (given.split_at(written), given_types.split_at(written));
        let header = quote! {
            fn #split<__M, #(#given_types,)* __R: #differentiable #kind_type>(
                #receiver
                #(#before: #before_types,)*
                _: __M,
                #(#behind: #behind_types,)*
                #(#dots: #expansion::Unused,)*
                __value: fn(#own #(#given_types),*) -> #plain,
            ) -> (
                #pair,
                fn(#(#unused,)* &#pair, #expansion::Unused, #(#bars),*),
                (#(#kinds,)*),
            )
        };
        let implementor = (skipped == 1).then(|| quote!(&));
        quote! {
            trait __WithoutForwardMode {
                type __Own: ?::core::marker::Sized;
                #header;
            }
            impl<__T: ?::core::marker::Sized> __WithoutForwardMode for #implementor __T {
                type __Own = __T;
                #header {
                    #check
                    let __value = __value(#value #(#given),*) #first;
                    let __zero = #differentiable::zero_tangent(&__value);
                    ((__value, __zero), |#(#blanks,)* _, _, #(#blanks),*| {}, (#(<#kinds>::new(),)*))
                }
            }
        }
    }
}

fn no_forward_mode(callee: &Callee) -> String {
    let name = &callee.name;
    format!(
        "`{name}` has no forward mode, which the derivative of this function along a direction needs: write `#[differentiable(forward)]` where it is defined"
    )
}
