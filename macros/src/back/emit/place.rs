//! Places and operands, in the forward and in the reverse sweep.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::Emitter;
use super::push::tangent_key;
use super::substitute::{Around, substituted};
use crate::ir::{Bounds, Id, Opaque, Operand, OperandKind, Place, Projection, ValueKind, View};

/// Where the span stands, with the hygiene that the name was given: a `macro_rules!` macro may have written only one of them.
pub(super) fn located(name: &Ident, span: Span) -> Span {
    name.span().located_at(span)
}

impl Emitter<'_> {
    // ----- forward

    /// A place, as the user wrote it.
    pub(super) fn forward_place(&self, place: &Place) -> TokenStream {
        let value = self.program.value(place.root);
        let mut name = value.name.clone();
        if place.projections.is_empty() {
            name.set_span(located(&name, value.extent.first));
        }
        let mut projections = &place.projections[..];
        if self.is_outside(place.root)
            && self.may_be_reference(place.root)
            && let [Projection::Dereference(_), rest @ ..] = projections
        {
            // References are followed when they are kept.
            projections = rest;
        }
        if self.is_outside(place.root)
            && value.active
            && matches!(value.kind, ValueKind::View { view: View::Bound, .. })
            && let [Projection::Dereference(_), rest @ ..] = projections
        {
            // The pattern may have bound a reference; the place is what it refers to.
            let behind = self.primal_of(&Place::whole(place.root));
            return self.projected(quote!((*#behind)), rest);
        }
        let root = self.root(place.root, &name);
        if !self.program.is_tangent(place) {
            return self.projected(root, projections);
        }
        let (root, projections) = self.tangent_root(root, place.root, projections);
        self.projected_as(root, projections, Some(&quote!(&)))
    }

    /// A part of what the tokens stand for.
    pub(super) fn projected(&self, root: TokenStream, projections: &[Projection]) -> TokenStream {
        self.projected_as(root, projections, None)
    }

    /// A part of what the tokens stand for; of a tangent, if a way to borrow its parts is given.
    pub(super) fn projected_as(
        &self,
        root: TokenStream,
        projections: &[Projection],
        tangent: Option<&TokenStream>,
    ) -> TokenStream {
        let mut result = root;
        for projection in projections {
            if let (Some(borrow), Some(key)) = (tangent, tangent_key(projection)) {
                result = self.tangent_part(&result, &key, borrow);
                continue;
            }
            result = match projection {
                Projection::Field(member) => quote!(#result.#member),
                Projection::Element(position) => quote!(#result[#position]),
                Projection::Index(index) => {
                    let index = self.argument(index);
                    quote!(#result[#index])
                }
                Projection::Slice(bounds) => {
                    let end = |end: &Option<Operand>| end.as_ref().map(|end| self.argument(end));
                    let (start, limits, end) = (end(&bounds.start), &bounds.limits, end(&bounds.end));
                    quote!(#result[#start #limits #end])
                }
                Projection::Dereference(star) => quote!((#star #result)),
                Projection::Payload => quote!((*#result.__payload())),
                Projection::Part(part) => {
                    let key = part.key;
                    quote!((*#result.__part::<#key>()))
                }
            };
        }
        result
    }

    /// An operand of an operator.
    pub(super) fn operand(&self, operand: &Operand) -> TokenStream {
        if let Some(place) = self.tangent_place(operand) {
            return self.owned_tangent(place);
        }
        let (first, last) = (operand.extent.first, operand.extent.last);
        match &operand.kind {
            OperandKind::Constant(tokens) => tokens.clone(),
            OperandKind::Unit => quote_spanned!(first=> ()),
            OperandKind::Borrow(ampersand, place) => {
                let place = self.forward_place(place);
                quote!(#ampersand #place)
            }
            OperandKind::Place(place) => {
                let tokens = self.spanned_place(place, first);
                let method = if self.is_last_use(place) {
                    quote!(__moved)
                } else {
                    quote!(__operand)
                };
                let call = quote_spanned!(last=> ());
                quote!(#tokens.#method #call)
            }
        }
    }

    /// An argument of a method, an index: used as it is.
    pub(super) fn argument(&self, operand: &Operand) -> TokenStream {
        if let Some(place) = self.tangent_place(operand) {
            return self.owned_tangent(place);
        }
        match &operand.kind {
            OperandKind::Place(place) => {
                let tokens = self.spanned_place(place, operand.extent.first);
                if !place.projections.is_empty() || self.is_named(place.root) || self.is_multiple(operand) {
                    let call = quote_spanned!(operand.extent.last=> ());
                    let method = if self.is_last_use(place) {
                        quote!(__moved)
                    } else {
                        quote!(__operand)
                    };
                    return quote!(#tokens.#method #call);
                }
                tokens
            }
            _ => self.operand(operand),
        }
    }

    /// An argument of a call that never runs: what it is, not who needs it later.
    pub(super) fn argument_of_probe(&self, operand: &Operand) -> TokenStream {
        let is_value = |place: &Place| {
            let value = self.program.value(place.root);
            place.projections.is_empty() && value.temporary && !value.text.starts_with('&') && !self.is_reference(place)
        };
        match &operand.kind {
            OperandKind::Place(place) if is_value(place) => {
                let (first, last) = (operand.extent.first, operand.extent.last);
                let (tokens, call) = (self.spanned_place(place, first), quote_spanned!(last=> ()));
                quote!(#tokens.__moved #call)
            }
            _ => self.argument(operand),
        }
    }

    /// An operand that goes somewhere else as a whole: moved at its last use, else copied or cloned.
    pub(super) fn owned(&self, operand: &Operand) -> TokenStream {
        if let Some(place) = self.tangent_place(operand) {
            return self.owned_tangent(place);
        }
        let OperandKind::Place(place) = &operand.kind else {
            return self.argument(operand);
        };
        if self.is_last_use(place) || self.is_reference(place) {
            return self.argument(operand);
        }
        if self.is_handed_back(place) {
            return self.forward_place(place);
        }
        let expansion = self.expansion();
        let place = self.forward_place(place);
        quote!(#expansion::Own(&#place).owned())
    }

    /// True if the operand's source is more than one token.
    fn is_multiple(&self, operand: &Operand) -> bool {
        operand
            .place()
            .is_some_and(|place| self.program.value(place.root).temporary)
    }

    pub(super) fn spanned_place(&self, place: &Place, first: proc_macro2::Span) -> TokenStream {
        if !place.projections.is_empty() {
            return self.forward_place(place);
        }
        let mut name = self.program.value(place.root).name.clone();
        name.set_span(located(&name, first));
        self.root(place.root, &name)
    }

    /// The root of a place, by the given name.
    fn root(&self, id: Id, name: &Ident) -> TokenStream {
        if self.is_outside(id) && !self.is_tangent_behind_reference(id) {
            return self.kept_root(id, name.span());
        }
        if !self.is_named(id) && !self.is_tangent_behind_reference(id) {
            return quote!(#name);
        }
        let mut behind = Group::new(Delimiter::Parenthesis, quote!(*#name));
        behind.set_span(name.span());
        quote!(#behind)
    }

    /// A value from outside a loop, where an iteration is run again: by the name that it was kept under, or, of a view, the place
    /// that it is a part of.
    fn kept_root(&self, id: Id, span: Span) -> TokenStream {
        let ValueKind::View { view, .. } = &self.program.value(id).kind else {
            let mut name = self.kept_variable(id);
            name.set_span(located(&name, span));
            // The result is handed to the pullback by reference.
            return if self.aliases.resolve(id) == self.program.result {
                quote!((*#name))
            } else {
                quote!(#name)
            };
        };
        let behind = self.program.underlying(&Place::whole(id));
        let place = self.reverse_place(&behind);
        match view {
            // What is behind a reference; the way there does not say so.
            View::Named | View::Bound
                if self.program.value(id).active
                    && matches!(behind.projections.last(), Some(Projection::Dereference(_))) =>
            {
                quote!((*#place.__primal()))
            }
            View::Named | View::Bound if self.is_referent(&behind) => quote!((*#place)),
            View::Named => quote!((#place)),
            // What a parameter refers to: the parameter is the reference.
            View::Borrowed if self.is_referent(&behind) => quote!((#place)),
            View::Borrowed => quote!((&#place)),
            // The pattern has looked through a reference, and so the binding is one.
            View::Bound if self.is_behind_parameter(&behind) => quote!((&#place)),
            View::Bound => quote!((#place.__operand())),
        }
    }

    /// True if the place is what a parameter refers to, as a whole.
    fn is_referent(&self, place: &Place) -> bool {
        let mut projections = place.projections.iter();
        self.is_parameter_by_reference(place)
            && !place.projections.is_empty()
            && projections.all(|projection| matches!(projection, Projection::Dereference(_)))
    }

    fn is_parameter_by_reference(&self, place: &Place) -> bool {
        let kind = &self.program.value(place.root).kind;
        matches!(kind, ValueKind::Parameter { by_reference: true })
    }

    /// True if the place is a part of what a parameter refers to, and the way there does not say that it is a reference.
    fn is_behind_parameter(&self, place: &Place) -> bool {
        let dereferences = |projection: &Projection| matches!(projection, Projection::Dereference(_));
        self.is_parameter_by_reference(place)
            && !place.projections.is_empty()
            && !place.projections.iter().any(dereferences)
    }

    /// True if the value's variable is a reference to what the user's variable is.
    fn is_named(&self, id: Id) -> bool {
        matches!(
            self.program.value(id).kind,
            ValueKind::View { view: View::Named, .. } | ValueKind::Behind
        )
    }

    /// True if nothing reads the value after this use.
    pub(super) fn is_last_use(&self, place: &Place) -> bool {
        // What is defined in an iteration of which nothing is kept does not outlive it.
        let passes = self.passing.borrow().contains(&place.root);
        place.projections.is_empty()
            && !self.rehearses.get()
            && !(self.again.borrow().is_some() && self.is_outside(place.root))
            && self.uses[place.root.0] <= 1
            && (passes || !self.reads.keeps(place.root))
            && self.can_be_moved(place.root)
    }

    /// False if the value belongs to somebody else.
    pub(super) fn can_be_moved(&self, id: Id) -> bool {
        !matches!(
            self.program.value(id).kind,
            ValueKind::Parameter { by_reference: true } | ValueKind::View { .. } | ValueKind::Behind
        )
    }

    /// True if that is what a call has left in a variable that it was handed by mutable reference, of which nothing is kept.
    /// It is taken from there once.
    fn is_handed_back(&self, place: &Place) -> bool {
        let [Projection::Field(position)] = &place.projections[..] else {
            return false;
        };
        self.passing.borrow().contains(&place.root)
            && self.updates.contains(&place.root)
            && !self.rehearses.get()
            && position.to_string() != "0"
    }

    fn is_reference(&self, place: &Place) -> bool {
        place.projections.is_empty()
            && matches!(
                self.program.value(place.root).kind,
                ValueKind::Parameter { by_reference: true }
                    | ValueKind::View {
                        view: View::Borrowed,
                        ..
                    }
            )
    }

    /// The user's tokens. Variables whose value has another name are bound to it first.
    pub(super) fn opaque(&self, code: &Opaque) -> TokenStream {
        let bindings = self.rebindings(&code.mentions, &[]);
        let tokens = &code.tokens;
        if bindings.is_empty() {
            return tokens.clone();
        }
        // What borrows must not outlive a variable of a block.
        let borrows =
            matches!(tokens.clone().into_iter().next(), Some(TokenTree::Punct(first)) if first.as_char() == '&');
        match self.in_other_names(code).filter(|_| borrows) {
            Some(tokens) => tokens,
            None => quote!({ #bindings #tokens }),
        }
    }

    /// What is iterated over, which may borrow variables.
    pub(super) fn items(&self, items: &Opaque) -> TokenStream {
        let renamed = self.rebindings(&items.mentions, &[]).is_empty();
        let tokens = (!renamed).then(|| self.in_other_names(items)).flatten();
        tokens.unwrap_or_else(|| self.opaque(items))
    }

    /// The user's tokens with what stands for each variable in its place, if they show how it is used.
    fn in_other_names(&self, code: &Opaque) -> Option<TokenStream> {
        let roots: Vec<_> = code
            .mentions
            .iter()
            .map(|(variable, id)| (variable.to_string(), self.mentioned(*id)))
            .filter(|(variable, root)| root.to_string() != *variable)
            .collect();
        let around = Around::new(code.tokens.clone().into_iter().count() > 1);
        substituted(&code.tokens, &roots, around)
    }

    /// `let x = x_2;` for each variable whose value has another name.
    pub(super) fn rebindings(&self, mentions: &[(Ident, Id)], except: &[&Ident]) -> TokenStream {
        mentions
            .iter()
            .map(|(variable, id)| (variable, *id, self.mentioned(*id)))
            .filter(|(variable, _, root)| root.to_string() != variable.to_string() && !except.contains(variable))
            .map(|(variable, id, root)| {
                let value = self.program.value(id);
                if matches!(value.kind, ValueKind::Behind) && !self.is_outside(id) {
                    let (name, expansion) = (&value.name, self.expansion());
                    return quote! {
                        let #variable = {
                            use #expansion::methods::Behind as _;
                            #name.__behind()
                        };
                    };
                }
                quote!(let #variable = #root.__operand();)
            })
            .collect()
    }

    /// A value that the user's tokens mention. What was kept of a reference is what it refers to.
    fn mentioned(&self, id: Id) -> TokenStream {
        let value = self.program.value(id);
        let root = self.root(id, &value.name);
        if self.is_outside(id) && matches!(value.kind, ValueKind::Opaque) && value.text.starts_with('&') {
            return quote!((&#root));
        }
        root
    }

    // ----- reverse

    /// The variable that holds a value in the reverse sweep.
    pub(super) fn kept_variable(&self, id: Id) -> Ident {
        self.program.value(self.aliases.resolve(id)).name.clone()
    }

    /// A place in the reverse sweep: dereferencing is left to the compiler.
    pub(super) fn reverse_place(&self, place: &Place) -> TokenStream {
        let place = self.program.underlying(place);
        self.reverse_path(place.root, &place.projections)
    }

    fn reverse_path(&self, root: Id, projections: &[Projection]) -> TokenStream {
        let name = self.kept_variable(root);
        let is_tangent = self.program.is_tangent(&Place {
            root,
            projections: projections.to_vec(),
        });
        let mut result = if self.is_tangent_behind_reference(root) {
            quote!((*#name))
        } else {
            quote!(#name)
        };
        let projections = if is_tangent {
            let (of_pair, rest) = self.tangent_root(result, root, projections);
            result = of_pair;
            rest
        } else {
            projections
        };
        for projection in projections {
            if let Some(key) = tangent_key(projection).filter(|_| is_tangent) {
                result = self.tangent_part(&result, &key, &quote!(&));
                continue;
            }
            result = match projection {
                Projection::Field(member) => quote!(#result.#member),
                Projection::Element(position) => quote!(#result[#position]),
                Projection::Index(index) => {
                    let index = self.reverse_index(index);
                    quote!(#result[#index])
                }
                Projection::Slice(bounds) => {
                    let bounds = self.reverse_bounds(bounds);
                    quote!(#result[#bounds])
                }
                Projection::Dereference(_) => result,
                Projection::Payload => quote!((*#result.__payload())),
                Projection::Part(part) => {
                    let key = part.key;
                    quote!((*#result.__part::<#key>()))
                }
            };
        }
        result
    }

    fn reverse_index(&self, index: &Operand) -> TokenStream {
        match index.place() {
            Some(place) => {
                let place = self.reverse_place(place);
                quote!(*#place.__primal())
            }
            None => self.operand(index),
        }
    }

    fn reverse_bounds(&self, bounds: &Bounds) -> TokenStream {
        let end = |end: &Option<Operand>| end.as_ref().map(|end| self.reverse_index(end));
        let (start, limits, end) = (end(&bounds.start), &bounds.limits, end(&bounds.end));
        quote!(#start #limits #end)
    }

    /// The value of an operand, by reference, as a rule reads it.
    pub(super) fn primal(&self, operand: &Operand) -> TokenStream {
        match operand.place() {
            Some(place) => self.primal_of(place),
            None => {
                let tokens = self.operand(operand);
                quote!((#tokens).__primal())
            }
        }
    }

    pub(super) fn primal_of(&self, place: &Place) -> TokenStream {
        let place = self.reverse_place(place);
        quote!(#place.__primal())
    }

    /// What a place is like.
    pub(super) fn like(&self, place: &Place) -> TokenStream {
        self.kept_like(place).map_or_else(
            || {
                let place = self.place_at_hand(place);
                quote!(#place.__like())
            },
            |name| quote!(#name),
        )
    }

    /// A reference to what knows the size of a place: it is asked only where nothing has flowed to the place yet.
    fn shaped(&self, place: &Place) -> TokenStream {
        self.kept_like(place).map_or_else(
            || {
                let place = self.place_at_hand(place);
                quote!(#place.__primal())
            },
            |name| quote!(&#name),
        )
    }

    /// The name of what a place is like, if the forward sweep has kept that and not the value.
    fn kept_like(&self, place: &Place) -> Option<Ident> {
        let place = self.program.underlying(place);
        let root = self.aliases.resolve(place.root);
        let whole = place
            .projections
            .iter()
            .all(|projection| matches!(projection, Projection::Dereference(_)));
        (whole && !self.reads.keeps(root) && !self.is_parameter_or_result(root)).then(|| self.like_name(root))
    }

    fn place_at_hand(&self, place: &Place) -> TokenStream {
        let place = self.program.underlying(place);
        self.reverse_path(self.aliases.resolve(place.root), &place.projections)
    }

    /// The same, to be handed on while it is still needed.
    pub(super) fn like_by_value(&self, place: &Place) -> TokenStream {
        let like = self.like(place);
        let is_name = like.clone().into_iter().count() == 1;
        if is_name {
            quote!(::core::clone::Clone::clone(&#like))
        } else {
            like
        }
    }

    /// True if the value is at hand in the reverse sweep without being kept.
    fn is_parameter_or_result(&self, id: Id) -> bool {
        id == self.program.result || matches!(self.program.value(id).kind, ValueKind::Parameter { by_reference: true })
    }

    /// What an operand is like.
    pub(super) fn like_operand(&self, operand: &Operand) -> TokenStream {
        match operand.place() {
            Some(place) => self.like_by_value(place),
            None => {
                let tokens = self.operand(operand);
                quote!((#tokens).__like())
            }
        }
    }

    /// The accumulator of a place, as a place.
    pub(super) fn bar_place(&self, place: &Place) -> TokenStream {
        let place = self.program.underlying(place);
        let expansion = self.expansion();
        let bar = self.bar(place.root);
        let mut result = quote!((*#bar));
        // A slice that is taken together with what comes next, and where it begins.
        let mut begin: Option<usize> = None;
        let mut offset = TokenStream::new();
        for (count, projection) in place.projections.iter().enumerate() {
            let next = place.projections[count + 1..]
                .iter()
                .find(|projection| !matches!(projection, Projection::Dereference(_)));
            let mut index = match projection {
                Projection::Field(member) => {
                    let mut before = place.projections[..count].iter().rev();
                    let holder = before.find(|projection| !matches!(projection, Projection::Dereference(_)));
                    if matches!(holder, Some(Projection::Payload | Projection::Part(_))) {
                        // It may be in a box.
                        let whole = Place {
                            root: place.root,
                            projections: place.projections[..count].to_vec(),
                        };
                        let like = self.like(&whole);
                        result = quote!(#expansion::fields(&#like, &mut #result));
                    }
                    result = if matches!(holder, Some(Projection::Field(_))) {
                        // It may be in a field without a tangent.
                        quote!((*#expansion::part(&mut #result, |__holder| &mut __holder.#member)))
                    } else {
                        quote!(#result.#member)
                    };
                    continue;
                }
                Projection::Dereference(_) => continue,
                Projection::Element(position) => position.clone(),
                Projection::Index(index) => self.reverse_index(index),
                Projection::Slice(bounds) => {
                    if matches!(next, Some(Projection::Index(_) | Projection::Element(_))) {
                        // An element of a slice is an element of the whole.
                        begin = Some(count);
                        if let Some(start) = &bounds.start {
                            let start = self.reverse_index(start);
                            offset = quote!(#start +);
                        }
                        continue;
                    }
                    let bounds = self.reverse_bounds(bounds);
                    quote!((#bounds))
                }
                Projection::Payload => quote!(#expansion::Payload),
                Projection::Part(part) => {
                    let key = part.key;
                    quote!(#expansion::Part::<#key>)
                }
            };
            let begin = begin.take();
            let offset = std::mem::take(&mut offset);
            if !offset.is_empty() {
                index = quote!(#offset #index);
            }
            let whole = Place {
                root: place.root,
                projections: place.projections[..begin.unwrap_or(count)].to_vec(),
            };
            let shaped = self.shaped(&whole);
            result = quote!(#expansion::element(#shaped, &mut #result, #index));
        }
        result
    }
}
