//! Tangents: the operations that the forward transform adds, forward and in reverse.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Emitter;
use super::call::located;
use crate::ir::adjoint::PushRule;
use crate::ir::signature::Parameter;
use crate::ir::{Extent, Id, Let, Operand, OperandKind, Place, Projection, Syntax, ValueKind};
use crate::passes::reverse;

impl Emitter<'_> {
    /// True if the value is the tangent of another one.
    pub(super) fn is_tangent(&self, id: Id) -> bool {
        self.program.tangents.contains(&id)
    }

    /// True if the value is a tangent that a parameter refers to.
    pub(super) fn is_tangent_behind_reference(&self, id: Id) -> bool {
        self.is_tangent(id) && matches!(self.program.value(id).kind, ValueKind::Parameter { by_reference: true })
    }

    /// The operand's place, if it is a tangent.
    pub(super) fn tangent_place<'o>(&self, operand: &'o Operand) -> Option<&'o Place> {
        operand.place().filter(|place| self.program.is_tangent(place))
    }

    /// The second part of a pair, and what is left of the projections.
    pub(super) fn tangent_root<'o>(
        &self,
        root: TokenStream,
        id: Id,
        projections: &'o [Projection],
    ) -> (TokenStream, &'o [Projection]) {
        match projections {
            [Projection::Field(second), rest @ ..] if self.program.pairs.contains(&id) => (quote!(#root.#second), rest),
            _ => (root, projections),
        }
    }

    /// A part of a tangent. A field that has none is there too, as nothing.
    pub(super) fn tangent_part(&self, whole: &TokenStream, key: &Literal, borrow: &TokenStream) -> TokenStream {
        let expansion = self.expansion();
        if borrow.to_string() == "&" {
            quote!((*#expansion::Member::<#key>::part(&#whole)))
        } else {
            quote!((*#expansion::Member::<#key>::part_mut(&mut #whole)))
        }
    }

    /// A tangent that goes somewhere else as a whole. By path, not by method: its type may not be known yet.
    pub(super) fn owned_tangent(&self, place: &Place) -> TokenStream {
        let tokens = self.forward_place(place);
        if self.is_slice(place) {
            let expansion = self.expansion();
            quote!(#expansion::to_vec(&#tokens))
        } else if self.is_last_use(place) {
            tokens
        } else {
            quote!(::core::clone::Clone::clone(&#tokens))
        }
    }

    /// True if the place is a slice, which cannot be cloned.
    fn is_slice(&self, place: &Place) -> bool {
        let position = self.program.parameters.iter().position(|id| *id == place.root);
        let parameter = position.and_then(|position| self.signature.parameters.get(position));
        match place.projections.last() {
            Some(last) => matches!(last, Projection::Slice(_)),
            None => parameter.is_some_and(Parameter::is_slice),
        }
    }

    // Original: y = a op b
    // Output:   y.__push2(ops::op {}, a, &a_dot, b, &b_dot)
    pub(super) fn push(&self, name: &str, active: &[bool], operands: &[Operand]) -> TokenStream {
        let expansion = self.expansion();
        let [result, rest @ ..] = operands else {
            return TokenStream::new();
        };
        let (operands, tangents) = (&rest[..active.len()], self.pushed_tangents(active, rest));
        let values = operands.iter().map(|operand| self.forward_primal(operand));
        let arguments = quote!(#(#values, &#tangents,)*);
        let span = result.extent.first;
        let result = result.place().map(|place| self.forward_place(place));
        let name = format_ident!("{}", name, span = span);
        let stem = if self.chunks { "__push_chunk" } else { "__push" };
        let push = format_ident!("{stem}{}", operands.len(), span = span);
        let call = quote_spanned!(span=> .#push);
        let width = self.chunks.then(|| quote!(__width,));
        quote!(#result #call(#width #expansion::ops::#name {}, #arguments))
    }

    /// The tangents of an operation's operands. `rest` are these, and behind them the tangents of those that are active.
    fn pushed_tangents(&self, active: &[bool], rest: &[Operand]) -> Vec<TokenStream> {
        let expansion = self.expansion();
        let mut tangents = rest[active.len()..].iter();
        active
            .iter()
            .map(|active| {
                let tangent = active.then(|| tangents.next()).flatten();
                let place = tangent.and_then(Operand::place).map(|place| self.forward_place(place));
                place.unwrap_or_else(|| quote!(#expansion::Zero))
            })
            .collect()
    }

    /// The same of an operation that may be one of the user's own types.
    // Original: y = a op b
    // Output:   { use …; (&&&&Operation2::new(op, a, b)).__tangent_rule().__push2(&y, ops::op {}, a, &a_dot, b, &b_dot) }
    pub(super) fn own_push(&self, name: &str, syntax: &Syntax, active: &[bool], operands: &[Operand]) -> TokenStream {
        let expansion = self.expansion();
        let [result, rest @ ..] = operands else {
            return TokenStream::new();
        };
        let (operands, tangents) = (&rest[..active.len()], self.pushed_tangents(active, rest));
        let values = operands.iter().map(|operand| self.forward_primal(operand));
        // A type without a rule is reported at the user's token.
        let at = Extent::of(&reverse::token(syntax)).first;
        let result = result.place().map(|place| self.forward_place(place));
        let result = located(quote!(&#result), at);
        let stem = if self.chunks { "__push_chunk" } else { "__push" };
        let push = format_ident!("{stem}{}", active.len(), span = at);
        let call = quote_spanned!(at=> .#push);
        let (width, name) = (
            self.chunks.then(|| quote!(__width,)),
            format_ident!("{name}", span = at),
        );
        let rule = self.tangent_rule(&name.to_string(), syntax, operands);
        self.asking(&quote!(#rule #call(#result, #width #expansion::ops::#name {}, #(#values, &#tangents),*)))
    }

    /// What the reverse sweep needs of such an operation.
    // Output: let y_dot_rule = { use …; (&&&&Operation2::new(op, a, b)).__tangent_rule().__kept2(&a_dot, &b_dot) };
    pub(super) fn own_push_kept(&self, step: &Let, name: &str, syntax: &Syntax, active: &[bool]) -> TokenStream {
        let Some((_, rest)) = step.operands.split_first() else {
            return TokenStream::new();
        };
        let tangents = self.pushed_tangents(active, rest);
        let rule = self.tangent_rule(name, syntax, &rest[..active.len()]);
        let (kept, kept_rule) = (format_ident!("__kept{}", active.len()), self.rule_name(step.value));
        let asked = self.asking(&quote!(#rule.#kept(#(&#tangents),*)));
        quote!(let #kept_rule = #asked;)
    }

    fn tangent_rule(&self, name: &str, syntax: &Syntax, operands: &[Operand]) -> TokenStream {
        let operation = self.asked_operation(name, syntax, operands);
        quote!((&&&&#operation).__tangent_rule())
    }

    /// The expression where the methods are known that say which rule there is.
    fn asking(&self, expression: &TokenStream) -> TokenStream {
        let expansion = self.expansion();
        quote! {{
            use #expansion::tangent_rule_of::{Common as _, NoneOfFirst as _, NoneOfSecond as _, Own as _, WithoutForward as _};
            #expression
        }}
    }

    /// The value of an operand, by reference.
    pub(super) fn forward_primal(&self, operand: &Operand) -> TokenStream {
        match operand.place() {
            Some(place) => {
                let place = self.forward_place(place);
                quote!(#place.__primal())
            }
            None => {
                let tokens = self.operand(operand);
                quote!((#tokens).__primal())
            }
        }
    }

    // Output: x.__zero()
    pub(super) fn zero_tangent(&self, operands: &[Operand]) -> TokenStream {
        let place = operands.first().and_then(Operand::place);
        place.map_or_else(TokenStream::new, |place| {
            let place = self.forward_place(place);
            if self.chunks {
                quote!(#place.__zero_chunk(__width))
            } else {
                quote!(#place.__zero())
            }
        })
    }

    // Output: tangent_of(x, &x_dot)
    pub(super) fn tangent_of(&self, operands: &[Operand]) -> TokenStream {
        let expansion = self.expansion();
        match operands {
            [value, tangent] => {
                let value = self.forward_primal(value);
                let tangent = tangent.place().map(|place| self.forward_place(place));
                if self.chunks {
                    quote!(#expansion::chunk_of(__width, #value, &#tangent))
                } else {
                    quote!(#expansion::tangent_of(#value, &#tangent))
                }
            }
            _ => TokenStream::new(),
        }
    }

    /// `[x; N]` of tangents, which are cloned.
    pub(super) fn repeated_tangent(&self, part: &TokenStream, length: &TokenStream) -> TokenStream {
        quote! {{
            let __part = #part;
            ::core::array::from_fn::<_, { #length }, _>(|_| ::core::clone::Clone::clone(&__part))
        }}
    }

    /// A write to a part of a tangent: to a field that has none, nothing is written.
    pub(super) fn updated_tangent(
        &self,
        id: Id,
        path: &[Projection],
        before: &Operand,
        value: &Operand,
    ) -> TokenStream {
        let expansion = self.expansion();
        let place = format_ident!("__place");
        let before = self.before(id, before);
        let (clear, put) = if self.chunks {
            (quote!(ClearChunk::clear), quote!(PutChunk::put))
        } else {
            (quote!(Clear::clear), quote!(Put::put))
        };
        if matches!(value.kind, OperandKind::Unit) {
            let part = self.projected_as(quote!(#place), path, Some(&quote!(&mut)));
            return quote!({ let mut #place = #before; #expansion::#clear(&mut #part); #place });
        }
        let value = self.owned(value);
        // Of a field that has no tangent, the elements have none either: there is nothing to borrow.
        let fields = path.iter().rposition(|part| tangent_key(part).is_some());
        let payload = path.iter().position(|part| matches!(part, Projection::Payload));
        let direct = fields.map_or(payload.unwrap_or(path.len()), |last| last + 1);
        let (direct, elements) = path.split_at(direct);
        let part = self.projected_as(quote!(#place), direct, Some(&quote!(&mut)));
        let put = match self.resets_left(id) {
            Some(resets) => quote!(|__part| #expansion::Put::put_leaving(__part, __value, &mut #resets)),
            None => quote!(|__part| #expansion::#put(__part, __value)),
        };
        let write = elements.iter().rev().fold(put, |inside, element| {
            let index = match element {
                Projection::Element(position) => position.clone(),
                Projection::Index(index) => self.argument(index),
                _ => quote!(#expansion::Payload),
            };
            quote!(|__part| #expansion::At::at(__part, #index, #inside))
        });
        quote!({
            let mut #place = #before;
            let __value = #value;
            #expansion::written(&mut #part, #write);
            #place
        })
    }

    // Original: y_dot = push op (y, a, b, a_dot, b_dot)
    // Output:   if let Some(y_dot_bar) = … { the rule of op on dual numbers; what flows to each operand, in two parts }
    pub(super) fn push_rule(&self, rule: &PushRule) -> TokenStream {
        let expansion = self.expansion();
        let bar = self.bar(rule.tangent);
        let Some(result) = rule.result.place() else {
            return TokenStream::new();
        };
        let like = self.like(result);
        let own = rule.own.then(|| self.rule_name(rule.tangent));
        let zipped = |value: TokenStream, tangent: TokenStream| match &own {
            Some(own) => quote!((&#own.__zipped(#value, &#tangent))),
            None => quote!((&#value.__zipped(&#tangent))),
        };
        let dual = |like: &TokenStream| match &own {
            Some(own) => quote!(#own.__dual(&#like)),
            None => quote!(#like.dual()),
        };
        let given = if rule.reads_result {
            zipped(self.primal_of(result), self.reverse_place(&Place::whole(rule.tangent)))
        } else {
            dual(&like)
        };
        let (mut before, mut after) = (TokenStream::new(), TokenStream::new());
        let (mut arguments, mut sinks) = (Vec::new(), Vec::new());
        for (index, operand) in rule.operands.iter().enumerate() {
            let tangent = operand.tangent.as_ref().and_then(Operand::place);
            let value = if operand.reads {
                let value = self.primal(&operand.operand);
                let tangent = tangent.map(|place| self.reverse_place(place));
                zipped(value, tangent.unwrap_or_else(|| quote!(#expansion::Zero)))
            } else {
                dual(&self.like_operand(&operand.operand))
            };
            arguments.push(value);
            let (Some(tangent), Some(place)) = (tangent, operand.operand.place()) else {
                sinks.push(quote!(&mut #expansion::Inactive));
                continue;
            };
            let sink = format_ident!("__sink_{index}");
            let like = self.like_operand(&operand.operand);
            let (x_bar, x_dot_bar) = (self.bar_place(place), self.bar_place(tangent));
            let new = match &own {
                Some(own) => quote!(#own.__sink(&#like)),
                None => quote!(#expansion::Sink::new(&#like)),
            };
            before.extend(quote!(let mut #sink = #new;));
            sinks.push(quote!(&mut #sink));
            after.extend(quote!(#sink.flow(&mut #x_bar, &mut #x_dot_bar);));
        }
        let name = format_ident!("{}", rule.name);
        let pullback = format_ident!("__pullback{}", rule.operands.len());
        let (receiver, given, lifted) = match &own {
            Some(own) => (quote!(#own), quote!(#given,), quote!(#own.__lifted)),
            None => (given, TokenStream::new(), quote!(#expansion::lifted)),
        };
        quote! {
            if let ::core::option::Option::Some(__bar) = #bar.__cotangent() {
                #before
                #receiver.#pullback(
                    #given
                    #expansion::ops::#name {},
                    #(#arguments,)*
                    &#lifted(&#like, &*__bar),
                    #(#sinks),*
                );
                #after
            }
        }
    }
}

/// The number by which a field of a tangent is named, if the projection leads to one.
pub(super) fn tangent_key(projection: &Projection) -> Option<Literal> {
    match projection {
        Projection::Field(member) => Some(crate::ir::part_key(member)),
        Projection::Part(part) => Some(Literal::u64_suffixed(part.key)),
        _ => None,
    }
}
