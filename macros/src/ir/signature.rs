//! The signature of a function, taken apart into the pieces that generated code is made of.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::Extent;

/// How much of its loops' iterations the reverse sweep finds in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Checkpoints {
    /// What fits a place on the stack.
    #[default]
    Standard,
    /// The same, with this many places for states.
    Places(usize),
    /// All, on the heap.
    All,
}

#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The path of the crate `tapeless`.
    pub(crate) krate: TokenStream,
    pub(crate) checkpoints: Checkpoints,
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
    /// The type of the result, as the user wrote it.
    pub(crate) value: TokenStream,
    /// The same, by way of [`Signature::checks`].
    pub(crate) checked_value: TokenStream,
    /// The same without named lifetimes.
    pub(crate) erased_value: TokenStream,
    /// The type of what the forward sweep gives: the result, or a tuple of it and what the parameters that are written to
    /// hold afterwards.
    pub(crate) output: TokenStream,
    /// The same, by way of [`Signature::checks`].
    pub(crate) checked_output: TokenStream,
    /// The same without named lifetimes.
    pub(crate) erased_output: TokenStream,
    /// The type of a tuple of that and the first parameter, without named lifetimes.
    pub(crate) erased_update: TokenStream,
    /// The types that are not known to be differentiable and depend on no generic parameter. A constant of the carrier asks
    /// for each of them; where one is not, the constant is an error, and so is every type that is written by way of it. rustc
    /// says nothing more about those, wherever they are mentioned.
    pub(crate) checks: Vec<TokenStream>,
    /// True if the user asks for derivatives along directions.
    pub(crate) forward: bool,
    /// True if the user says that it calls functions that call it in turn.
    pub(crate) recursive: bool,
    /// The names of the type and const parameters.
    pub(crate) generic_names: Vec<Ident>,
    /// True if the user's function can be named with its generic arguments.
    pub(crate) nameable: bool,
    /// If the result is a pair of a value and its tangent, their types without named lifetimes.
    pub(crate) pair: Option<[TokenStream; 2]>,
    /// If it is such a pair, the type of the value, by way of [`Signature::checks`].
    pub(crate) paired_value: Option<TokenStream>,
    /// The type of the result's accumulator, if it is not written as that of the result.
    pub(crate) result_accumulator: Option<TokenStream>,
    /// Present for a function of an `impl` block.
    pub(crate) method: Option<Method>,
}

/// A function of an `impl` block. Its derivatives stand beside it, in a block of their own for the same type.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    /// The type that carries what belongs to no type of the user's.
    pub(crate) carrier: Ident,
    /// The block's type.
    pub(crate) ty: TokenStream,
    /// The block's generic parameters with their bounds, in angle brackets.
    pub(crate) generics: TokenStream,
    /// The block's `where` clause.
    pub(crate) clause: TokenStream,
    /// How the user takes the receiver, if there is one; it is the first parameter.
    pub(crate) receiver: Option<Receiver>,
    pub(crate) home: Home,
}

/// Where a method's derivatives stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// In an `impl` block of their own.
    Beside,
    /// In the trait that declares the method.
    Trait,
    /// In the `impl` of such a trait: all but the forward sweep is the trait's.
    TraitImpl,
}

/// How a method takes its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// `self`
    Value,
    /// `&self`
    Reference,
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
    /// True if the type, as written, is made of numbers, matrices and generic parameters alone.
    pub(crate) numbers: bool,
    /// True if the function is differentiated with respect to it.
    pub(crate) active: bool,
    /// True if its type, as written, has no tangent.
    pub(crate) discrete: bool,
    /// True if a mutable reference.
    pub(crate) mutable: bool,
    /// For a parameter that takes the tangent of another one: that one.
    pub(crate) tangent_of: Option<Ident>,
    /// True if the function is differentiated with respect to what it writes there. In generated code it is a value that
    /// comes in, and comes out with the result.
    pub(crate) written: bool,
    /// True if, on top of that, it is a slice.
    pub(crate) slice: bool,
}

impl Parameter {
    /// True if a pullback is handed the parameter again: a shared reference.
    pub(crate) fn is_handed_again(&self) -> bool {
        self.by_reference && !self.mutable && !self.written
    }

    /// True if it is written as `&[T]`.
    pub(crate) fn is_slice(&self) -> bool {
        self.is_handed_again() && self.slice_element().is_some()
    }

    /// The parameter's tangent, or its chunk, by reference, as the function that takes it does.
    pub(crate) fn borrowed_tangent(&self, tangent: &TokenStream) -> TokenStream {
        match self.is_slice() {
            true => quote!(&#tangent[..]),
            false => quote!(&#tangent),
        }
    }

    /// The type of an element, if the type behind the reference is written as a slice.
    pub(crate) fn slice_element(&self) -> Option<TokenStream> {
        let mut tokens = self.referent.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Bracket => {
                let element = group.stream();
                let is_array = element
                    .clone()
                    .into_iter()
                    .any(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';'));
                (!is_array).then_some(element)
            }
            _ => None,
        }
    }
}

impl Signature {
    /// The name of one of the functions that are generated: `grad`, or `area_grad` for the method `area`.
    pub(crate) fn named(&self, function: &str) -> Ident {
        let name = match (&self.method, function.strip_prefix("__")) {
            (None, _) => function.to_owned(),
            (Some(_), Some(hidden)) => format!("__{}_{hidden}", plain(&self.name)),
            (Some(_), None) => format!("{}_{function}", plain(&self.name)),
        };
        Ident::new(&name, self.name.span().resolved_at(Span::call_site()))
    }

    /// The name of the forward sweep. A method that writes to its first parameter has one of its own: its callers do not hand
    /// that over like others. So has what is called by a path.
    pub(crate) fn split_name(&self) -> Ident {
        let split = match (&self.method, self.parameters.first()) {
            (Some(_), Some(first)) if first.written => "__update",
            (Some(method), _) if method.receiver.is_none() => "__call",
            _ => "__split",
        };
        match self.pair {
            Some(_) => self.named(&format!("{split}_tangent")),
            None => self.named(split),
        }
    }

    /// The name of the forward and the reverse sweep in one.
    pub(crate) fn joint_name(&self) -> Ident {
        match self.pair {
            Some(_) => self.named("__joint_tangent"),
            None => self.named("__joint"),
        }
    }

    /// The visibility of the generated functions that users call.
    pub(crate) fn function_visibility(&self) -> TokenStream {
        match self.home() {
            Some(Home::Beside) => self.visibility.clone(),
            Some(Home::Trait | Home::TraitImpl) => TokenStream::new(),
            None => quote!(pub),
        }
    }

    /// The visibility of those that generated code calls.
    pub(crate) fn hidden_visibility(&self) -> TokenStream {
        match self.home() {
            Some(Home::Trait | Home::TraitImpl) => TokenStream::new(),
            Some(Home::Beside) | None => quote!(pub),
        }
    }

    /// Where the derivatives of a method stand.
    pub(crate) fn home(&self) -> Option<Home> {
        self.method.as_ref().map(|method| method.home)
    }

    /// A call of the forward sweep with these arguments.
    pub(crate) fn call_split(&self, arguments: &[TokenStream]) -> TokenStream {
        let (name, turbofish, split) = (&self.name, &self.turbofish, self.split_name());
        if self.method.is_none() {
            return quote!(#name {}.#split #turbofish (#(#arguments),*));
        }
        let ignored = arguments.iter().map(|_| quote!(_));
        quote!(Self::#split #turbofish (#(#arguments,)* |#(#ignored),*| loop {}))
    }

    /// A call of the forward sweep with tangents, of a signature with tangents.
    pub(crate) fn call_split_tangent(&self, mode: &TokenStream, arguments: &[TokenStream]) -> TokenStream {
        let (name, turbofish, split) = (&self.name, &self.turbofish, self.split_name());
        let Some(method) = &self.method else {
            return quote!(#name {}.#split #turbofish (#mode, #(#arguments),*));
        };
        let ignored = arguments.iter().take(arguments.len() / 2).map(|_| quote!(_));
        let plain = quote!(|#(#ignored),*| loop {});
        match (method.receiver, arguments) {
            (Some(_), [own, rest @ ..]) => quote!(Self::#split #turbofish (#own, #mode, #(#rest,)* #plain)),
            (None, [first, rest @ ..]) if self.parameters.first().is_some_and(|first| first.written) => {
                quote!(Self::#split #turbofish (#first, #mode, #(#rest,)* #plain))
            }
            _ => quote!(Self::#split #turbofish (#mode, #(#arguments,)* #plain)),
        }
    }

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

    /// The tangent of the result of that type.
    pub(crate) fn value_tangent(&self, ty: &TokenStream) -> TokenStream {
        let expansion = self.expansion();
        let span = Extent::of(&self.value).first;
        quote_spanned!(span=> <#ty as #expansion::Differentiable>::Tangent)
    }

    /// The signature of the function's value and its tangent: for each parameter, another one behind them that takes its
    /// tangent.
    // Input:  (x: f64, w: &Matrix<2, 2>) -> f64
    // Output: (x: f64, w: &Matrix<2, 2>, x_dot: f64, w_dot: &Matrix<2, 2>) -> (f64, f64)
    pub(crate) fn with_tangents(&self, names: &[Ident]) -> Self {
        let expansion = self.expansion();
        let tangent =
            |ty: &TokenStream, span: Span| quote_spanned!(span=> <#ty as #expansion::Differentiable>::Tangent);
        let tangents = self.parameters.iter().zip(names).map(|(parameter, name)| {
            let slice = parameter.slice_element().filter(|_| parameter.is_slice());
            let ty = match slice {
                _ if !parameter.active => quote!(#expansion::Ignore),
                // The tangent of a slice is a slice of tangents.
                Some(element) if matches!(element.to_string().as_str(), "f32" | "f64") => {
                    quote_spanned!(parameter.span=> [#element])
                }
                Some(_) => {
                    let vector = tangent(&parameter.erased, parameter.span);
                    quote_spanned!(parameter.span=> [<#vector as #expansion::Slice>::Element])
                }
                None => tangent(&parameter.erased, parameter.span),
            };
            Parameter {
                name: name.clone(),
                ty: ty.clone(),
                checked: ty.clone(),
                referent: ty.clone(),
                erased: ty.clone(),
                unborrowed: ty,
                mutable: false,
                written: false,
                slice: false,
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
            value: pair(&self.value),
            checked_value: pair(&self.checked_value),
            erased_value: pair(&self.erased_value),
            output: pair(&self.output),
            checked_output: pair(&self.checked_output),
            erased_output: pair(&self.erased_output),
            paired_value: Some(self.checked_output.clone()),
            pair: Some([
                self.erased_output.clone(),
                tangent(&self.erased_output, Extent::of(&self.output).first),
            ]),
            generics: with_generic(&self.generics, &quote!(__Mode: #expansion::Mode)),
            captures: {
                let captures = &self.captures;
                let comma = needs_comma(captures).then(|| quote!(,));
                quote!(#captures #comma __Mode)
            },
            turbofish: with_mode(&self.turbofish),
            ..self.clone()
        }
    }

    /// The signature of the function's value and its tangents along several directions.
    // Input:  (x: f64, w: &Matrix<2, 2>) -> f64
    // Output: (x: f64, w: &Matrix<2, 2>, x_dot: Chunk<f64>, w_dot: &Chunk<Matrix<2, 2>>) -> (f64, Chunk<f64>)
    pub(crate) fn with_chunks(&self, names: &[Ident]) -> Self {
        let expansion = self.expansion();
        let chunk =
            |ty: &TokenStream, span: Span| quote_spanned!(span=> <#ty as #expansion::Differentiable>::Chunk<__K>);
        let span = Extent::of(&self.output).first;
        let pair = |ty: &TokenStream| {
            let chunk = chunk(ty, span);
            quote!((#ty, #chunk))
        };
        let mut signature = self.with_tangents(names);
        let own = self.parameters.len();
        for (parameter, of) in signature.parameters[own..].iter_mut().zip(&self.parameters) {
            if parameter.active {
                let chunk = chunk(&of.erased, of.span);
                parameter.checked = match of.is_slice() {
                    true => quote_spanned!(of.span=> [<#chunk as #expansion::Slice>::Element]),
                    false => chunk,
                };
            }
        }
        signature.output = pair(&self.output);
        signature.checked_output = pair(&self.checked_output);
        signature.erased_output = pair(&self.erased_output);
        signature.pair = Some([self.erased_output.clone(), chunk(&self.erased_output, span)]);
        signature.generics = with_generic(&self.generics, &quote!(const __K: usize));
        signature
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

    /// The parameters that the function writes to and is differentiated with respect to.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.written)
    }

    /// True if there are any.
    pub(crate) fn is_writing(&self) -> bool {
        self.written().next().is_some()
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
    let tokens: TokenStream = tokens.into_iter().collect();
    let comma = needs_comma(&tokens).then(|| quote!(,));
    quote!(#tokens #comma _>)
}

/// True if the list is not empty and ends without a comma.
fn needs_comma(list: &TokenStream) -> bool {
    let last = list.clone().into_iter().last();
    last.is_some_and(|token| token.to_string() != ",")
}

/// Generic parameters, and another one behind them.
pub(crate) fn with_generic(generics: &TokenStream, another: &TokenStream) -> TokenStream {
    let inner: Vec<_> = generics.clone().into_iter().collect();
    let inner = inner.get(1..inner.len().saturating_sub(1)).unwrap_or_default();
    let inner: TokenStream = inner.iter().cloned().collect();
    let comma = needs_comma(&inner).then(|| quote!(,));
    quote!(<#inner #comma #another>)
}

/// The name without `r#`.
fn plain(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

/// A statement that is an error if the type does not implement the trait, at the type and nowhere else.
pub(crate) fn ask(ty: &TokenStream, trait_: &TokenStream) -> TokenStream {
    let Extent { first, last } = Extent::of(ty);
    let path = quote_spanned!(first=> <#ty as #trait_>::);
    quote_spanned!(last=> let _ = #path shape;)
}
