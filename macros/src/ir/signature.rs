//! The signature of a function, taken apart into the pieces that generated code is made of.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Extent;

#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The path of the crate `tapeless`.
    pub(crate) krate: TokenStream,
    pub(crate) visibility: TokenStream,
    pub(crate) name: Ident,
    /// Attributes for everything that is generated: `cfg` and the like.
    pub(crate) conditions: TokenStream,
    /// Attributes for the type that carries the derivatives.
    pub(crate) type_attributes: TokenStream,
    /// Attributes for the derivatives themselves, such as `inline`.
    pub(crate) function_attributes: TokenStream,
    /// The generic parameters, with their bounds, in angle brackets.
    pub(crate) generics: TokenStream,
    /// The predicates of the `where` clause, each with a comma.
    pub(crate) predicates: TokenStream,
    /// The function's own generic arguments, `::<T, N>`.
    pub(crate) turbofish: TokenStream,
    /// What an opaque return type captures: type and const parameters, and the lifetimes in parameters by value.
    pub(crate) captures: TokenStream,
    pub(crate) parameters: Vec<Parameter>,
    /// The type of the result.
    pub(crate) output: TokenStream,
    /// The same, by way of [`Signature::checks`].
    pub(crate) checked_output: TokenStream,
    /// The same without named lifetimes.
    pub(crate) erased_output: TokenStream,
    /// The types that are not known to be differentiable and depend on no generic parameter. A constant of the carrier asks
    /// for each of them; where one is not, the constant is an error, and so is every type that is written by way of it. rustc
    /// says nothing more about those, wherever they are mentioned.
    pub(crate) checks: Vec<TokenStream>,
    /// True if the user's function can be named with its generic arguments.
    pub(crate) nameable: bool,
    /// If the result is a pair of a value and its tangent, their types without named lifetimes.
    pub(crate) pair: Option<[TokenStream; 2]>,
    /// What the function is called that other derivatives call.
    pub(crate) split: Ident,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    /// The type, as the user wrote it.
    pub(crate) ty: TokenStream,
    /// The same, by way of [`Signature::checks`].
    pub(crate) checked: TokenStream,
    /// The type behind the reference, if it is one.
    pub(crate) referent: TokenStream,
    /// The same without named lifetimes, by way of [`Signature::checks`].
    pub(crate) erased: TokenStream,
    /// The same with `'static` for every lifetime: a tangent borrows nothing, and has the same type for all of them.
    pub(crate) unborrowed: TokenStream,
    pub(crate) by_reference: bool,
    /// Where the type stands.
    pub(crate) span: Span,
    /// True if the function is differentiated with respect to it.
    pub(crate) active: bool,
    /// True if a mutable reference.
    pub(crate) mutable: bool,
    /// For a parameter that takes the tangent of another one: that one.
    pub(crate) tangent_of: Option<Ident>,
}

impl Parameter {
    /// True if a pullback is handed the parameter again: a shared reference.
    pub(crate) fn is_handed_again(&self) -> bool {
        self.by_reference && !self.mutable
    }
}

impl Signature {
    /// The path of the module that generated code names.
    pub(crate) fn expansion(&self) -> TokenStream {
        let krate = &self.krate;
        quote!(#krate::expansion)
    }

    /// `<T as Differentiable>` for a parameter's type.
    pub(crate) fn differentiable(&self, parameter: &Parameter) -> TokenStream {
        let (expansion, ty) = (self.expansion(), &parameter.erased);
        quote_spanned!(parameter.span=> <#ty as #expansion::Differentiable>)
    }

    /// `<Y as Differentiable>` for the result's type.
    pub(crate) fn differentiable_output(&self) -> TokenStream {
        let (expansion, ty) = (self.expansion(), &self.erased_output);
        let span = Extent::of(&self.output).first;
        quote_spanned!(span=> <#ty as #expansion::Differentiable>)
    }

    /// The signature of the function's value and its tangent: for each parameter, another one behind them that takes its
    /// tangent.
    // Input:  (x: f64, w: &Matrix<2, 2>) -> f64
    // Output: (x: f64, w: &Matrix<2, 2>, x_dot: f64, w_dot: &Matrix<2, 2>) -> (f64, f64)
    pub(crate) fn with_tangents(&self, names: &[Ident]) -> Self {
        let expansion = self.expansion();
        let tangent = |ty: &TokenStream, span: Span| quote_spanned!(span=> <#ty as #expansion::Differentiable>::Tangent);
        let tangents = self.parameters.iter().zip(names).map(|(parameter, name)| {
            let ty = if parameter.active {
                tangent(&parameter.erased, parameter.span)
            } else {
                quote!(#expansion::Ignore)
            };
            Parameter {
                name: name.clone(),
                ty: ty.clone(),
                checked: ty.clone(),
                referent: ty.clone(),
                erased: ty.clone(),
                unborrowed: ty,
                mutable: false,
                tangent_of: Some(parameter.name.clone()),
                ..parameter.clone()
            }
        });
        let pair = |ty: &TokenStream| {
            let tangent = tangent(ty, Extent::of(&self.output).first);
            quote!((#ty, #tangent))
        };
        Self {
            parameters: self.parameters.iter().cloned().chain(tangents).collect(),
            output: pair(&self.output),
            checked_output: pair(&self.checked_output),
            erased_output: pair(&self.erased_output),
            pair: Some([
                self.erased_output.clone(),
                tangent(&self.erased_output, Extent::of(&self.output).first),
            ]),
            split: Ident::new("__split_tangent", Span::call_site()),
            generics: {
                let inner: Vec<_> = self.generics.clone().into_iter().collect();
                let inner = inner.get(1..inner.len().saturating_sub(1)).unwrap_or_default();
                let comma = (!inner.is_empty()).then(|| quote!(,));
                quote!(<#(#inner)* #comma __Mode: #expansion::Mode>)
            },
            captures: {
                let captures = &self.captures;
                let comma = (!captures.is_empty()).then(|| quote!(,));
                quote!(#captures #comma __Mode)
            },
            turbofish: with_mode(&self.turbofish),
            ..self.clone()
        }
    }

    /// The constant that asks whether the types are differentiable.
    pub(crate) fn check(&self) -> TokenStream {
        let krate = &self.krate;
        let trait_ = quote!(#krate::Differentiable);
        let checks = self.checks.iter().map(|ty| ask(ty, &trait_));
        quote! {
            #[doc(hidden)]
            pub const __DIFFERENTIABLE: bool = { #(#checks)* true };
        }
    }

    /// The parameters that the function is differentiated with respect to.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.active)
    }
}

/// Generic arguments, for a function that is generic over its mode too.
// Input:  ::<T, 3>
// Output: ::<T, 3, _>
pub(crate) fn with_mode(turbofish: &TokenStream) -> TokenStream {
    let mut tokens: Vec<_> = turbofish.clone().into_iter().collect();
    if tokens.pop().is_none() {
        return TokenStream::new();
    }
    let comma = tokens.last().is_some_and(|token| token.to_string() == ",");
    let comma = (!comma).then(|| quote!(,));
    quote!(#(#tokens)* #comma _>)
}

/// A statement that is an error if the type does not implement the trait, at the type and nowhere else.
pub(crate) fn ask(ty: &TokenStream, trait_: &TokenStream) -> TokenStream {
    let Extent { first, last } = Extent::of(ty);
    let path = quote_spanned!(first=> <#ty as #trait_>::);
    quote_spanned!(last=> let _ = #path shape;)
}
