//! Calls of differentiable functions: forward, the derivative behind a gate; in reverse, its pullback.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use super::forward::literal_at;
use super::{Emitter, has_block};
use crate::ir::adjoint::{Pullback, Target};
use crate::ir::signature::with_mode;
use crate::ir::{Callee, Extent, Form, Id, Operand, OperandKind, Place, Projection};
use crate::passes::record::{self, Reference};

impl Emitter<'_> {
    /// The call of a derivative's forward sweep.
    // Original: y = g(&h, w)
    // Output:   (y, pullback, kinds) = g.__split(&h, w)
    pub(super) fn active_call(&self, callee: &Callee, operands: &[Operand], result: Id) -> TokenStream {
        if let Some(seed) = self.seed_of(result) {
            return self.seeded_call(callee, operands, result, seed);
        }
        if self.is_itself(callee) {
            return self.recursive_call(callee, operands);
        }
        if !matches!(callee.form, Form::Function) {
            return self.method_call(callee, operands);
        }
        let arguments: Vec<_> = operands.iter().map(|operand| self.owned(operand)).collect();
        let turbofish = &callee.turbofish;
        self.with_derivative(
            callee,
            operands,
            false,
            |derivative| quote!(#derivative.__split #turbofish (#(#arguments),*)),
        )
    }

    /// The same with tangents.
    // Original: y = g(&h, w)
    // Output:   (pair, pullback, kinds) = g.__split_tangent(&h, w, Some(&h_dot), Some(w_dot))
    pub(super) fn tangent_call(&self, callee: &Callee, operands: &[Operand]) -> TokenStream {
        let (operands, tangents) = operands.split_at(operands.len() / 2);
        if self.is_itself(callee) {
            return self.recursive_tangent_call(operands, tangents);
        }
        if !matches!(callee.form, Form::Function) {
            return self.tangent_method_call(callee, operands, tangents);
        }
        let (arguments, tangents) = self.call_with_tangents(operands, tangents);
        let turbofish = with_mode(&callee.turbofish);
        self.with_derivative(callee, operands, true, |derivative| {
            quote! {{
                let __derivative = #derivative;
                let __kinds = __derivative.__kinds();
                __derivative.__split_tangent #turbofish (__mode, #(#arguments,)* #(#tangents),*)
            }}
        })
    }

    /// The arguments of a call, and their tangents as its parameters take them.
    pub(super) fn call_with_tangents(
        &self,
        operands: &[Operand],
        tangents: &[Operand],
    ) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let arguments = operands.iter().map(|operand| self.owned(operand)).collect();
        let tangents = operands.iter().zip(tangents).enumerate();
        let tangents = tangents.map(|(index, (operand, tangent))| {
            let position = proc_macro2::Literal::usize_unsuffixed(index);
            match self.tangent_argument(operand, tangent) {
                Some(tangent) => quote!(__kinds.#position.tangent(#tangent)),
                None => quote!(__kinds.#position.no_tangent()),
            }
        });
        (arguments, tangents.collect())
    }

    /// The tangent of an argument, by reference; `None` if it has none.
    pub(super) fn tangent_argument(&self, operand: &Operand, tangent: &Operand) -> Option<TokenStream> {
        let (expansion, place) = (self.expansion(), self.forward_place(tangent.place()?));
        let value = operand.place().map(|place| self.forward_place(place));
        Some(if has_field(operand, self.program) {
            if self.chunks {
                quote!(&#expansion::chunk_of(__width, #value.__primal(), &#place))
            } else {
                quote!(&*#expansion::TangentOf::of(&#place, #value.__primal()))
            }
        } else {
            quote!(&#place)
        })
    }

    /// The derivative of a function, behind a gate, and what is done with it.
    pub(super) fn with_derivative(
        &self,
        callee: &Callee,
        operands: &[Operand],
        directional: bool,
        then: impl FnOnce(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        let expansion = self.expansion();
        let Callee {
            expression,
            import,
            turbofish,
            name,
            parentheses,
            ..
        } = callee;
        let extent = Extent::of(expression);
        // The function behind a tuple's field: an expression between the user's first and last token.
        let (item, position) = (format_ident!("__item", span = extent.first), literal_at(0, extent.last));
        let plain: Vec<_> = operands
            .iter()
            .enumerate()
            .map(|(index, operand)| {
                if callee.written.contains(&index) {
                    let value = self.copied(operand);
                    quote!(&mut #value)
                } else {
                    self.argument_of_probe(operand)
                }
            })
            .collect();
        let probes = operands
            .iter()
            .zip(&plain)
            .enumerate()
            .filter(|(_, (operand, _))| has_type(operand));
        let probes = probes.map(|(index, (_, argument))| {
            let tails = (0..index).map(|_| quote!(.tail()));
            quote!(.and((&&&&&#expansion::Probe::new(#argument, __parameters #(#tails)*.head())).fits()))
        });
        let tails = plain.iter().map(|_| quote!(.tail()));
        let mut plain_call = Group::new(Delimiter::Parenthesis, quote!(#(#plain),*));
        plain_call.set_span(*parentheses);
        // By the name of the import: where that is not found, nothing more is said about it.
        let function = quote_spanned!(name.span()=> __callee #turbofish);
        let derivative = if directional {
            let derivative = quote_spanned!(extent.first=> <__callee as #expansion::Function>::Derivative);
            quote_spanned!(extent.first=> <#derivative as #expansion::Directional>::DERIVATIVE)
        } else {
            quote_spanned!(extent.first=> <__callee as #expansion::Function>::DERIVATIVE)
        };
        let import = quote_spanned!(name.span()=> use #import as __callee;);
        let undifferentiable = (!has_block(self.signature)).then(|| undifferentiable([name]));
        let then = then(&quote!(#expansion::gate(__gate, #derivative)));
        quote! {{
            // What the name means if it has no derivative.
            #undifferentiable
            use __undifferentiable::#name as __callee;
            {
                #import
                use #expansion::probes::{Other as _, Reborrow as _, Same as _, Share as _, Unsize as _};
                let #item = (#function,);
                // Never runs: it is there for the compiler to find the types, and to say what is wrong with them.
                let __gate = if false {
                    loop {}
                    #item.#position #plain_call;
                    let __parameters = #expansion::Tie::parameters(&#item.0);
                    ::core::option::Option::Some(
                        __parameters #(#tails)*.end() #(#probes)*
                    )
                } else {
                    ::core::option::Option::None
                };
                #then
            }
        }}
    }

    /// The call of a method's or an associated function's forward sweep. Where there is none, the call of a function by the same
    /// name takes its place, whose pullback does nothing: fine if the result has no tangent.
    // Original: y = x.area(k)
    // Output:   (y, pullback, kinds) = x.__area_split(k, |x, k| x.area(k))
    fn method_call(&self, callee: &Callee, operands: &[Operand]) -> TokenStream {
        let arguments: Vec<_> = operands.iter().map(|operand| self.owned(operand)).collect();
        self.split_call(callee, &self.own_argument(callee, operands), &arguments, true)
    }

    /// The receiver of a method's forward sweep; the first argument, where there is none.
    pub(super) fn own_argument(&self, callee: &Callee, operands: &[Operand]) -> TokenStream {
        let Some(first) = operands.first() else {
            return TokenStream::new();
        };
        if matches!(callee.form, Form::Associated(_)) || callee.written.first() == Some(&0) {
            return self.owned(first);
        }
        let expansion = self.expansion();
        let receiver = self.receiver(first);
        let boxed = first.place().is_some_and(|place| self.may_be_boxed(place));
        if boxed {
            quote!({ use #expansion::Itself as _; #expansion::Contained(#receiver.__receiver()).__contents() })
        } else {
            quote!(#receiver.__receiver())
        }
    }

    /// The call of a method's or an associated function's forward sweep, with these arguments. Whether one that is missing is an
    /// error is said where it is `checked`.
    pub(super) fn split_call(
        &self,
        callee: &Callee,
        receiver: &TokenStream,
        arguments: &[TokenStream],
        checked: bool,
    ) -> TokenStream {
        let Callee {
            name,
            turbofish,
            form,
            written,
            ..
        } = callee;
        let at = name.span();
        let stem = name.to_string();
        let stem = stem.trim_start_matches("r#");
        // What is changed in its place.
        let is_update = written.first() == Some(&0);
        let split = match form {
            _ if is_update => format_ident!("__{stem}_update", span = at),
            Form::Method(_) | Form::Update(_) => format_ident!("__{stem}_split", span = at),
            Form::Associated(_) | Form::Function => format_ident!("__{stem}_call", span = at),
        };
        // What stands in for a forward sweep that is missing must come after all others: it belongs to references.
        let (call, skipped) = match form {
            Form::Method(dot) | Form::Update(dot) => (quote!(#receiver #dot #split), 1),
            Form::Associated(ty) => {
                let ty = located(ty.clone(), at);
                (quote!(#ty::#split), 0)
            }
            Form::Function => return TokenStream::new(),
        };
        let plain = self.plain_closure(callee, arguments.len());
        let given = &arguments[skipped..];
        let mut group = Group::new(Delimiter::Parenthesis, quote!(#(#given,)* #plain));
        // One place for the call of an associated function, so that what is wrong with it is said once.
        group.set_span(if skipped == 0 { at } else { callee.parentheses });
        let undifferentiable = self.undifferentiable(&split, arguments.len(), skipped, is_update, checked);
        quote! {{
            #undifferentiable
            #call #turbofish #group
        }}
    }

    /// What is called where there is no forward sweep of this name.
    fn undifferentiable(
        &self,
        split: &Ident,
        count: usize,
        skipped: usize,
        is_update: bool,
        checked: bool,
    ) -> TokenStream {
        let expansion = self.expansion();
        let types: Vec<_> = (0..count).map(|index| format_ident!("__T{index}")).collect();
        let values: Vec<_> = (0..count).map(|index| format_ident!("__{index}")).collect();
        let (given_types, given) = (&types[skipped..], &values[skipped..]);
        let bar = quote!(#expansion::Bar<'_, #expansion::Ignore>);
        let kind = quote!(#expansion::Kind<#expansion::ByValue, #expansion::Ignored>);
        let unused: Vec<_> = types.iter().map(|_| quote!(#expansion::Unused)).collect();
        let bars: Vec<_> = types.iter().map(|_| bar.clone()).collect();
        let kinds: Vec<_> = types.iter().map(|_| kind.clone()).collect();
        let blanks: TokenStream = types.iter().map(|_| quote!(_,)).collect();
        let at = split.span();
        let discrete = if !checked {
            quote!(#expansion::AnyValue)
        } else if *split == "__grad_call" || *split == "__value_and_grad_call" {
            quote_spanned!(at=> #expansion::TwiceDifferentiable)
        } else {
            quote_spanned!(at=> #expansion::DiscreteValue)
        };
        let itself = quote!(<__R as #discrete>::Itself);
        match (skipped, is_update) {
            // Nothing flows through a method that looks at its receiver and gives something discrete.
            (1, true) => {
                let (unused, bars, kinds) = (&unused[1..], &bars[1..], &kinds[1..]);
                let rest: TokenStream = bars.iter().map(|_| quote!(_,)).collect();
                let own = quote!(<Self::__Own as #expansion::Differentiable>::Accumulator<'_>);
                let kind = quote!(
                    #expansion::Kind<#expansion::ByValue<#expansion::Unchanged>, #expansion::Differentiated>
                );
                let header = quote! {
                    fn #split<#(#given_types,)* __R: #discrete>(
                        self, #(#given: #given_types,)* __value: fn(&Self::__Own #(, #given_types)*) -> __R
                    ) -> (
                        (#itself, Self::__Own),
                        fn(
                            #expansion::Unused,
                            #(#unused,)*
                            &(#itself, Self::__Own),
                            #expansion::Bar<'_, ((), #own)>,
                            #expansion::Bar<'_, #own>
                            #(, #bars)*
                        ),
                        (#kind, #(#kinds,)*),
                    )
                };
                quote! {
                    trait __Undifferentiable {
                        type __Own: ::core::clone::Clone + #expansion::Differentiable;
                        #header;
                    }
                    impl<__T: ::core::clone::Clone + #expansion::Differentiable> __Undifferentiable for &__T {
                        type __Own = __T;
                        #header {
                            (
                                (#discrete::itself(__value(self, #(#given),*)), ::core::clone::Clone::clone(self)),
                                |#blanks _, __after, __before, #rest| {
                                    <__T as #expansion::Differentiable>::transfer(&__after.0.1, __before.0)
                                },
                                (<#kind>::new(), #(<#kinds>::new(),)*),
                            )
                        }
                    }
                }
            }
            // What a function writes to would be lost.
            (_, true) => {
                let (first, rest) = (&types[0], &types[1..]);
                let trait_ = match checked {
                    true => quote!(#expansion::DiscreteValue),
                    false => quote!(#expansion::AnyValue),
                };
                let itself = quote!(<(__R, #first) as #trait_>::Itself);
                quote! {
                    trait __Undifferentiable {
                        fn #split<#(#types,)* __R>(
                            #(#values: #types,)* __value: fn(&mut #first #(, #rest)*) -> __R
                        ) -> (
                            #itself,
                            fn(#(#unused,)* &#itself, #expansion::Bar<'_, ()>, #(#bars),*),
                            (#(#kinds,)*),
                        ) where (__R, #first): #discrete {
                            loop {}
                        }
                    }
                    impl<__T: ?::core::marker::Sized> __Undifferentiable for __T {}
                }
            }
            (_, false) => {
                let (receiver, own, value) = match skipped {
                    1 => (quote!(&self,), quote!(&Self::__Own,), quote!(*self,)),
                    _ => (TokenStream::new(), TokenStream::new(), TokenStream::new()),
                };
                let header = quote! {
                    fn #split<#(#given_types,)* __R: #discrete>(
                        #receiver #(#given: #given_types,)* __value: fn(#own #(#given_types),*) -> __R
                    ) -> (
                        #itself,
                        fn(#(#unused,)* &#itself, #expansion::Bar<'_, ()>, #(#bars),*),
                        (#(#kinds,)*),
                    )
                };
                let implementor = (skipped == 1).then(|| quote!(&));
                quote! {
                    trait __Undifferentiable {
                        type __Own: ?::core::marker::Sized;
                        #header;
                    }
                    impl<__T: ?::core::marker::Sized> __Undifferentiable for #implementor __T {
                        type __Own = __T;
                        #header {
                            (
                                #discrete::itself(__value(#value #(#given),*)),
                                |#blanks _, _, #blanks| {},
                                (#(<#kinds>::new(),)*),
                            )
                        }
                    }
                }
            }
        }
    }

    /// The function that is called, as a closure. If it writes to its first argument, it does so in its place; what it writes to
    /// otherwise comes out with the result.
    fn plain_closure(&self, callee: &Callee, count: usize) -> TokenStream {
        let names: Vec<_> = (0..count).map(|index| format_ident!("__{index}")).collect();
        let arguments: Vec<_> = names.iter().map(|name| quote!(#name)).collect();
        let mut callee = callee.clone();
        callee.written.retain(|index| *index != 0);
        let value = self.plain_call(&callee, &arguments);
        // Of the same place as the call, so that what is wrong with one of them is not said about the other.
        located(quote!(|#(#names),*| #value), callee.name.span())
    }

    /// The function that is called, with these arguments. What it writes to are variables; they come out with the result.
    pub(super) fn plain_call(&self, callee: &Callee, arguments: &[TokenStream]) -> TokenStream {
        let Callee {
            expression,
            turbofish,
            name,
            ..
        } = callee;
        let places: Vec<_> = callee
            .written
            .iter()
            .map(|index| format_ident!("__place_{index}"))
            .collect();
        // A receiver whose place is taken by the result may be consumed: what is left of it means nothing.
        let is_left = |index: usize| index == 0 && callee.replacing;
        let expansion = self.expansion();
        let before = callee.written.iter().zip(&places).map(|(index, place)| {
            let argument = &arguments[*index];
            let left = is_left(*index).then(|| quote!(let __left = #expansion::Own(&#place).owned();));
            quote!(let mut #place = #argument; #left)
        });
        let given: Vec<_> = arguments
            .iter()
            .enumerate()
            .map(
                |(index, argument)| match callee.written.iter().position(|other| *other == index) {
                    Some(position) => {
                        let place = &places[position];
                        if is_left(index) {
                            quote!(#place)
                        } else {
                            quote!((&mut #place))
                        }
                    }
                    None => argument.clone(),
                },
            )
            .collect();
        let call = match &callee.form {
            Form::Method(dot) | Form::Update(dot) => {
                let (receiver, rest) = (&given[0], &given[1..]);
                quote!(#receiver #dot #name #turbofish (#(#rest),*))
            }
            Form::Function | Form::Associated(_) => quote!(#expression(#(#given),*)),
        };
        if places.is_empty() {
            return call;
        }
        let left = callee.written.iter().zip(&places).map(|(index, place)| {
            if is_left(*index) {
                quote!(__left)
            } else {
                quote!(#place)
            }
        });
        quote!({ #(#before)* let __value = #call; (__value, #(#left),*) })
    }

    /// A value of its own, in code that never runs.
    fn copied(&self, operand: &Operand) -> TokenStream {
        let expansion = self.expansion();
        match &operand.kind {
            crate::ir::OperandKind::Place(place) => {
                let place = self.forward_place(place);
                quote!(#expansion::Own(&#place).owned())
            }
            _ => self.argument(operand),
        }
    }

    /// The call of the pullback.
    // Original: y = g(&h, w)
    // Adjoint:  pullback(&h, nothing, &y, y_bar, h_bar, w_bar)
    pub(super) fn pullback(&self, step: &Pullback) -> TokenStream {
        if let Some(seed) = self.seed_of(step.result) {
            return self.flow_from_slots(step, seed);
        }
        let expansion = self.expansion();
        let (pullback, kinds) = (self.pullback_name(step.result), self.kinds_name(step.result));
        let (typed, result, result_bar) = self.typed_result(step.result);
        let mut again = Vec::new();
        let mut bars = Vec::new();
        let mut before = TokenStream::new();
        let mut after = TokenStream::new();
        for (index, (operand, target)) in step.arguments.iter().enumerate() {
            let position = proc_macro2::Literal::usize_unsuffixed(index);
            if self.program.pairs.contains(&step.result) && index >= step.arguments.len() / 2 {
                let of = index - step.arguments.len() / 2;
                let is_value = record::reference_given(self.program, step, of) == Reference::No;
                again.push(match self.tangent_again(&step.arguments[of].0, operand) {
                    _ if is_value => quote!(#expansion::Unused),
                    Some(tangent) => quote!(#kinds.#position.tangent_again(#tangent)),
                    None => quote!(#kinds.#position.no_tangent_again()),
                });
            } else {
                again.push(
                    match (record::reference_given(self.program, step, index), operand.place()) {
                        (Reference::No, _) => quote!(#expansion::Unused),
                        _ if !has_type(operand) => self.untyped_again(operand),
                        (_, Some(place)) if !self.program.is_active(operand) => {
                            let place = self.reverse_place(place);
                            // What is no `&place` is a reference already, where one is asked for.
                            let place = match operand.kind {
                                OperandKind::Borrow(..) => quote!(&#place),
                                _ => quote!((&#place).__referent()),
                            };
                            quote!(#kinds.#position.again(#place))
                        }
                        (_, Some(_)) => {
                            let place = self.primal(operand);
                            quote!(#kinds.#position.again(#place))
                        }
                        (_, None) => {
                            let constant = self.operand(operand);
                            quote!(#kinds.#position.again(&#constant))
                        }
                    },
                );
            }
            bars.push(match (target, operand.place()) {
                (Target::Direct, Some(place)) => {
                    let place = self.bar_place(place);
                    let bar = quote!((&mut #place).__lend());
                    self.lent(&quote!(#kinds.#position), &bar, (step, index))
                }
                (Target::Detour, Some(place)) => {
                    let of = index.checked_sub(step.arguments.len() / 2);
                    let own = of
                        .filter(|_| self.program.pairs.contains(&step.result))
                        .map(|of| &step.arguments[of].0);
                    let (declaration, bar, transfer) = match own {
                        // The tangent of a field may be absent: then what flows to it is lost, but flows.
                        Some(own) if has_field(own, self.program) => {
                            let like = self.like_operand(own);
                            self.detour_like(place, (step.result, index), &quote!(#like.tangent()))
                        }
                        _ => self.detour(place, (step.result, index)),
                    };
                    before.extend(declaration);
                    after.extend(transfer);
                    let bar = quote!((&mut *#bar).__lend());
                    self.lent(&quote!(#kinds.#position), &bar, (step, index))
                }
                _ => quote!(#expansion::Bar(&mut #expansion::inactive())),
            });
        }
        let result_bar = if self.program.pairs.contains(&step.result) {
            quote!(#expansion::lent(&mut *#result_bar))
        } else {
            quote!(#expansion::Bar(&mut *#result_bar))
        };
        quote! {
            #typed
            #before
            #pullback(#(#again,)* #result, #result_bar, #(#bars),*);
            #after
        }
    }
}

impl Emitter<'_> {
    /// The accumulator of an argument, as the callee's parameter takes it. Where that is a slice, the argument may be a vector or
    /// an array, whose length is asked for.
    fn lent(&self, kind: &TokenStream, bar: &TokenStream, (step, index): (&Pullback, usize)) -> TokenStream {
        let expansion = self.expansion();
        let reference = record::reference_given(self.program, step, index);
        match step.arguments[index].0.place() {
            Some(place) => self.lent_as(kind, bar, place, reference, &self.like(place)),
            None => quote!(#expansion::Bar(&mut *#kind.lend(#bar))),
        }
    }

    /// The same of a place that is like what is given.
    pub(super) fn lent_as(
        &self,
        kind: &TokenStream,
        bar: &TokenStream,
        place: &Place,
        reference: Reference,
        like: &TokenStream,
    ) -> TokenStream {
        let expansion = self.expansion();
        if reference == Reference::No {
            return quote!(#expansion::Bar(&mut *#kind.lend(#bar)));
        }
        let lend = if self.may_be_boxed(place) {
            quote!(lend_unboxed)
        } else {
            quote!(lend_reference)
        };
        quote!(#expansion::Bar(&mut *#kind.#lend(#bar, || ::core::clone::Clone::clone(&#like))))
    }

    /// True if the place may be a box where its contents are wanted: what a pattern found or a star leads to, or a parameter.
    fn may_be_boxed(&self, place: &crate::ir::Place) -> bool {
        let followed = |place: &crate::ir::Place| {
            let mut projections = place.projections.iter();
            projections.any(|projection| {
                matches!(
                    projection,
                    Projection::Dereference(_) | Projection::Payload | Projection::Part(_)
                )
            })
        };
        let root = self.program.underlying(place).root;
        let parameter = self.program.parameters.iter().position(|id| *id == root);
        let boxed = parameter.and_then(|position| self.signature.parameters.get(position));
        let is_box = |token: TokenTree| matches!(token, TokenTree::Ident(name) if name == "Box");
        followed(place)
            || followed(&self.program.underlying(place))
            || boxed.is_some_and(|parameter| parameter.ty.clone().into_iter().any(is_box))
    }

    /// The tangent of an argument in the reverse sweep.
    fn tangent_again(&self, operand: &Operand, tangent: &Operand) -> Option<TokenStream> {
        let (expansion, place) = (self.expansion(), self.reverse_place(tangent.place()?));
        Some(if has_field(operand, self.program) {
            let value = self.primal(operand);
            quote!(&*#expansion::TangentOf::of(&#place, #value))
        } else {
            quote!(&#place)
        })
    }

    /// `None` as an argument by value, or `&None` as one by reference, for the pullback.
    fn untyped_again(&self, operand: &Operand) -> TokenStream {
        let (expansion, constant) = (self.expansion(), self.operand(operand));
        let first = constant.clone().into_iter().next();
        match first {
            Some(TokenTree::Punct(punct)) if punct.as_char() == '&' => constant,
            _ => quote!(#expansion::Unused),
        }
    }
}

/// True if the operand is a field, which may have no tangent, and not a slice of one.
fn has_field(operand: &Operand, program: &crate::ir::Program) -> bool {
    let place = operand.place().map(|place| program.underlying(place));
    place.is_some_and(|place| {
        if matches!(place.projections.last(), Some(Projection::Slice(_))) {
            return false;
        }
        let mut projections = place.projections.iter();
        projections.any(|projection| matches!(projection, Projection::Field(_) | Projection::Part(_)))
    })
}

/// The tokens, all at one place. They keep their hygiene.
pub(super) fn located(tokens: TokenStream, at: proc_macro2::Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            if let TokenTree::Group(group) = &tree {
                let mut inner = Group::new(group.delimiter(), located(group.stream(), at));
                inner.set_span(group.span());
                tree = TokenTree::Group(inner);
            }
            tree.set_span(at);
            tree
        })
        .collect()
}

/// Types by the names of functions, which stand for those that have no derivative.
pub(super) fn undifferentiable<'n>(names: impl IntoIterator<Item = &'n Ident>) -> TokenStream {
    let names = names.into_iter();
    quote!(mod __undifferentiable { #(pub struct #names {})* })
}

/// False for `None` and the like, whose type is only known from the parameter.
pub(super) fn has_type(operand: &Operand) -> bool {
    let crate::ir::OperandKind::Constant(tokens) = &operand.kind else {
        return true;
    };
    let last = tokens.clone().into_iter().last();
    !matches!(last, Some(TokenTree::Ident(name)) if name == "None")
}
