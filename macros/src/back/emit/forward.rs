//! The forward sweep.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::Emitter;
use super::call::has_type;
use super::split::mentions_result;
use crate::ir::adjoint::{Adjoint, AdjointBranch, Step};
use crate::ir::{
    Bind, Check, Construct, End, Id, Let, Op, Opaque, Operand, OperandKind, Projection, Region, Statement, Verbatim,
    Write,
};
use crate::passes::record::{self, Kept};

/// What comes out of a region, besides what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The values that it yields.
    Yields,
    /// The function's result.
    Result,
    /// Either, told apart.
    Flow,
}

impl Emitter<'_> {
    /// The forward sweep over the function's body, and the variable with the result.
    pub(super) fn forward_body(&self) -> TokenStream {
        let body = &self.program.body;
        let statements = self.statements(body, Some(self.adjoint));
        let stores = self.stores_due.take();
        let result = &self.program.value(self.program.result).name;
        let end = match &body.end {
            End::Leave(operand) => {
                let value = self.yielded(operand);
                quote!(let #result = #value;)
            }
            End::Diverge | End::Yield(_) | End::Next(_) => TokenStream::new(),
            End::Split(branch, rest) => {
                let (statements, value) = self.split_branch(branch, rest, Some(self.adjoint), Outcome::Result);
                quote!(#statements let #result = #value;)
            }
            End::Tail(branch) => {
                let kept = self.kept_name(branch.number);
                let value = self.branch(branch, Some(self.adjoint), Outcome::Result);
                quote!(let (#result, #kept) = #value;)
            }
        };
        quote!(#statements #stores #end)
    }

    /// True if control can reach the end of the body.
    pub(super) fn ends(&self) -> bool {
        self.program.body.leaves()
    }

    pub(super) fn statements(&self, region: &Region, adjoint: Option<&Adjoint>) -> TokenStream {
        let (declared, declarations) = self.declare_first(region);
        let outer = self.declared_first.borrow().clone();
        self.declared_first.borrow_mut().extend(declared);
        let statements: TokenStream = region
            .statements
            .iter()
            .map(|statement| self.statement(statement, adjoint))
            .collect();
        self.declared_first.replace(outer);
        quote!(#declarations #statements)
    }

    pub(super) fn statement(&self, statement: &Statement, adjoint: Option<&Adjoint>) -> TokenStream {
        if self.is_left_out(statement) {
            return TokenStream::new();
        }
        match statement {
            Statement::Let(step) => self.let_statement(step, adjoint.is_some()),
            Statement::Bind(bind) => self.bind_statement(bind),
            Statement::Verbatim(verbatim) => self.verbatim(verbatim),
            Statement::Branch(branch) => {
                let due = super::joint::has_loop(branch).then(|| self.stores_due.take());
                let branch = self.branch_statement(branch, adjoint);
                quote!(#due #branch)
            }
            Statement::Loop(inner) => {
                let stores = self.stores_due.take();
                let inner = self.loop_statement(inner, adjoint);
                quote!(#stores #inner)
            }
        }
    }

    /// True if an iteration is run again and nothing needs what the statement computes.
    pub(super) fn is_left_out(&self, statement: &Statement) -> bool {
        if self.again.borrow().is_none() {
            return false;
        }
        let mut ids = Vec::new();
        match statement {
            Statement::Let(step) if self.is_in_place(step) => return !self.matters(step.value),
            Statement::Let(step) => {
                ids.push(step.value);
                if let Op::Opaque { writes, .. } = &step.op {
                    ids.extend(writes.iter().map(|write| write.after));
                }
            }
            Statement::Bind(bind) => ids.extend(&bind.bindings),
            Statement::Verbatim(verbatim) => {
                ids.extend(&verbatim.defines);
                ids.extend(verbatim.writes.iter().map(|write| write.after));
            }
            Statement::Branch(branch) => ids.extend(&branch.results),
            Statement::Loop(inner) => ids.extend(inner.carried.iter().map(|carried| carried.after)),
        }
        ids.iter().all(|id| self.is_absent(*id))
    }

    /// `keeps` is true if the reverse sweep goes back through it.
    fn let_statement(&self, step: &Let, keeps: bool) -> TokenStream {
        let statement = self.value_statement(step, keeps);
        match &step.op {
            Op::Primitive { name, syntax }
                if (keeps || self.rehearses.get()) && self.program.own.contains(&step.value) =>
            {
                let (rule, known) = self.rule_statement(step, name, syntax);
                quote!(#rule #statement #known)
            }
            Op::Push { name, active, syntax } if keeps && !self.chunks && self.program.own.contains(&step.value) => {
                let rule = self.own_push_kept(step, name, syntax, active);
                quote!(#rule #statement)
            }
            _ => statement,
        }
    }

    fn value_statement(&self, step: &Let, keeps: bool) -> TokenStream {
        let name = self.binding(step.value);
        let ascription = step.ascription.iter().map(|ty| quote!(: #ty));
        let like = self.like_statement(step.value);
        let declared = keeps.then(|| self.declared_for_seeded(step));
        if self.reads.types.contains(&step.value) && (keeps || !matches!(step.op, Op::Call(_))) {
            let statement = self.typed_let(step);
            return quote!(#declared #statement);
        }
        match &step.op {
            Op::Update(path) if self.aliases.cells.contains(step.value) => self.write(step, path, keeps),
            Op::Call(callee) if self.program.value(step.value).active && keeps => {
                let call = self.active_call(callee, &step.operands, step.value);
                let (pullback, kinds) = (self.pullback_name(step.value), self.kinds_name(step.value));
                quote!(#declared let (#name, #pullback, #kinds) = #call; #like)
            }
            Op::CallTangent(callee) if self.chunks => {
                let call = self.chunk_call(callee, &step.operands);
                quote!(let #name = #call;)
            }
            Op::CallTangent(callee) if self.program.value(step.value).active => {
                let call = self.tangent_call(callee, &step.operands);
                let (pullback, kinds) = (self.pullback_name(step.value), self.kinds_name(step.value));
                quote!(let (#name, #pullback, #kinds) = #call; #like)
            }
            // Nothing else says what its type is.
            op if is_untyped(op, &step.operands)
                && let Some([ty, _]) = self.returned_type(step) =>
            {
                let value = self.operation(step.value, op, &step.operands);
                quote!(let #name: #ty = #value; #like)
            }
            Op::Opaque { code, writes, check } => {
                let value = self.opaque_value(code, writes, *check);
                let after = writes.iter().map(|write| &self.program.value(write.after).name);
                let target = if writes.is_empty() {
                    quote!(#name)
                } else {
                    quote!((#name, #(#after),*))
                };
                let after_likes = self.likes(writes.iter().map(|write| write.after));
                match (writes.is_empty(), &step.ascription) {
                    (false, Some(ty)) => quote!(let #target = #value; let #name: #ty = #name; #like #after_likes),
                    _ => quote!(let #target #(#ascription)* = #value; #like #after_likes),
                }
            }
            Op::Construct(Construct::Struct { .. } | Construct::TupleStruct(_))
                if let Some([ty, _]) = self.returned_type(step) =>
            {
                // If its type is not differentiable, which the compiler has reported, nothing more is said about the value.
                let expansion = self.expansion();
                let value = self.operation(step.value, &step.op, &step.operands);
                if mentions_result(ty) {
                    // Nothing else gives an `Ok` the type of its error.
                    return quote!(let #name: #ty = #value; #like);
                }
                quote!(let #name: #ty = #expansion::same(#value); #like)
            }
            op if self.is_declared_first(step.value) => {
                let value = self.operation(step.value, op, &step.operands);
                self.assignment(step.value, &value)
            }
            op => {
                let value = self.operation(step.value, op, &step.operands);
                let mutable = self.written_by_calls.contains(&step.value).then(|| quote!(mut));
                quote!(let #mutable #name #(#ascription)* = #value; #like)
            }
        }
    }

    /// True if the statement writes to a cell that is there already.
    fn is_in_place(&self, step: &Let) -> bool {
        let before = step.operands.first().and_then(Operand::whole);
        before.is_some_and(|before| self.aliases.cells.are_one(before, step.value))
    }

    /// A write to a part of a cell.
    // Original: x.path = value
    // Output:   let saved = x.path; x.path = value;
    fn write(&self, step: &Let, path: &[Projection], keeps: bool) -> TokenStream {
        let [before, value] = &step.operands[..] else {
            return TokenStream::new();
        };
        let expansion = self.expansion();
        let mut name = self.binding(step.value);
        name.set_span(super::place::located(&name, before.extent.first));
        let declared = (!self.is_in_place(step)).then(|| {
            let before = self.owned(before);
            quote!(let mut #name = #before;)
        });
        let part = self.projected(quote!(#name), path);
        let saved = (keeps && self.reads.saves.contains(&step.value)).then(|| {
            let saved = self.saved_name(step.value);
            quote!(let #saved = #expansion::Own(&#part).owned();)
        });
        let left = self.leave_size(step.value, &part, value);
        let (value, like) = (self.owned(value), self.like_statement(step.value));
        quote!(#declared #saved #left #part = #value; #like)
    }

    /// The types of the value and the tangent that the function gives, if it returns what the statement defines.
    fn returned_type(&self, step: &Let) -> Option<&[TokenStream; 2]> {
        let returned = self.program.returned.contains(&step.value);
        self.signature.pair.as_ref().filter(|_| returned)
    }

    /// An operation whose result goes on under a type that the user wrote. Its own type is kept.
    // Original: let y: T = a op b;
    // Output:   let value = (a op b,); let y_type = type_of(&value.0); let y: T = value.0;
    fn typed_let(&self, step: &Let) -> TokenStream {
        let expansion = self.expansion();
        let (name, ty) = (self.binding(step.value), self.type_name(step.value));
        let ascription = step.ascription.iter().map(|ty| quote!(: #ty));
        let extent = self.program.value(step.value).extent;
        let (pullback, kinds) = (self.pullback_name(step.value), self.kinds_name(step.value));
        let (pattern, value) = match &step.op {
            Op::Call(callee) => {
                let call = self.active_call(callee, &step.operands, step.value);
                (quote!(#pullback, #kinds), call)
            }
            op => {
                let value = self.operation(step.value, op, &step.operands);
                (TokenStream::new(), quote!((#value,)))
            }
        };
        let whole = quote_spanned!(extent.first=> __value);
        let first = literal_at(0, extent.last);
        let like = self.like_statement(step.value);
        quote! {
            let (#whole, #pattern) = #value;
            let #whole = (#whole,);
            let #ty = #expansion::type_of(&#whole.0);
            let #name #(#ascription)* = #whole.#first;
            #like
        }
    }

    /// Keeps what a value is like, before the value moves on.
    pub(super) fn like_statement(&self, id: Id) -> TokenStream {
        if !self.reads.likes.contains(&id) {
            return TokenStream::new();
        }
        let (name, like) = (&self.program.value(id).name, self.like_name(id));
        if self.is_tangent(id) {
            // By path: its type may not be known yet.
            let expansion = self.expansion();
            return quote!(let #like = #expansion::Like::of(&#name););
        }
        quote!(let #like = #name.__like();)
    }

    pub(super) fn likes(&self, ids: impl IntoIterator<Item = Id>) -> TokenStream {
        ids.into_iter().map(|id| self.like_statement(id)).collect()
    }

    /// Likes of parameters by value.
    pub(super) fn parameter_likes(&self) -> TokenStream {
        let parameters = self.program.parameters.iter().zip(&self.signature.parameters);
        parameters
            .filter(|(id, _)| self.reads.likes.contains(id))
            .map(|(id, parameter)| {
                let (name, like) = (&self.program.value(*id).name, self.like_name(*id));
                let ty = self.signature.differentiable(parameter);
                let ampersand = if parameter.by_reference { quote!() } else { quote!(&) };
                quote!(let #like = #ty::like(#ampersand #name);)
            })
            .collect()
    }

    pub(super) fn binding(&self, id: Id) -> Ident {
        self.program.value(id).name.clone()
    }

    fn bind_statement(&self, bind: &Bind) -> TokenStream {
        let pattern = &bind.pattern;
        if let (OperandKind::Place(place), true) = (&bind.source.kind, bind.named) {
            let place = self.forward_place(place);
            let borrow = quote_spanned!(bind.source.extent.first=> &#place);
            return quote!(let #pattern = #borrow;);
        }
        let source = self.operand(&bind.source);
        quote!(let #pattern = #source;)
    }

    fn verbatim(&self, verbatim: &Verbatim) -> TokenStream {
        let code = self.verbatim_code(verbatim);
        let defined = verbatim.defines.iter().copied();
        let likes = self.likes(defined.chain(verbatim.writes.iter().map(|write| write.after)));
        quote!(#code #likes)
    }

    fn verbatim_code(&self, verbatim: &Verbatim) -> TokenStream {
        if verbatim.writes.is_empty() {
            return self.opaque(&verbatim.code);
        }
        if !verbatim.defines.is_empty() {
            // The variables that it declares must outlive the block, so that the ones that it changes are renamed in place.
            let before = self.copies(&verbatim.writes);
            let code = self.opaque(&verbatim.code);
            let after = self.renames(&verbatim.writes);
            return quote!(#before #code #after);
        }
        let copies = self.copies(&verbatim.writes);
        let written: Vec<_> = verbatim.writes.iter().map(|write| &write.variable).collect();
        let bindings = self.rebindings(&verbatim.code.mentions, &written);
        let tokens = &verbatim.code.tokens;
        let after = verbatim
            .writes
            .iter()
            .map(|write| &self.program.value(write.after).name);
        quote!(let (#(#after,)*) = { #copies #bindings #tokens (#(#written,)*) };)
    }

    /// The user's tokens as a value, with the new values of the variables that they may change.
    fn opaque_value(&self, code: &Opaque, writes: &[Write], check: Check) -> TokenStream {
        let expansion = self.expansion();
        let check = |tokens: TokenStream| match check {
            Check::Nothing => tokens,
            Check::Discrete => {
                let span = crate::ir::Extent::of(&code.tokens).first;
                quote_spanned!(span=> #expansion::discrete(#tokens))
            }
            Check::Method(span) => quote_spanned!(span=> #expansion::without_derivative(#tokens)),
        };
        if writes.is_empty() {
            return check(self.opaque(code));
        }
        let copies = self.copies(writes);
        let written: Vec<_> = writes.iter().map(|write| &write.variable).collect();
        let bindings = self.rebindings(&code.mentions, &written);
        let value = check(code.tokens.clone());
        quote!({ #copies #bindings let __value = #value; (__value, #(#written),*) })
    }

    /// `let mut x = x_1;` for each variable that opaque code may change.
    fn copies(&self, writes: &[Write]) -> TokenStream {
        writes
            .iter()
            .map(|write| {
                let variable = &write.variable;
                let operand = Operand {
                    kind: OperandKind::Place(crate::ir::Place::whole(write.before)),
                    extent: self.program.value(write.before).extent,
                };
                let before = self.owned(&operand);
                quote!(let mut #variable = #before;)
            })
            .collect()
    }

    fn renames(&self, writes: &[Write]) -> TokenStream {
        writes
            .iter()
            .map(|write| {
                let (variable, after) = (&write.variable, &self.program.value(write.after).name);
                quote!(let #after = #variable;)
            })
            .collect()
    }

    /// The operands as a tuple, without those that nothing needs.
    pub(super) fn handed_on(&self, operands: &[Operand], to: &[Id]) -> TokenStream {
        let is_again = |index: usize, id: Id| operands[index + 1..].iter().any(|later| later.whole() == Some(id));
        let values = operands.iter().enumerate().map(|(index, operand)| {
            match (to.get(index), operand.whole()) {
                (Some(id), _) if self.is_absent(*id) || self.aliases.cells.contains(*id) => quote!(()),
                // Where the value can be copied, its tangent may not be.
                (_, Some(id)) if self.is_tangent(id) && is_again(index, id) => {
                    let dot = self.yielded(operand);
                    quote!(::core::clone::Clone::clone(&#dot))
                }
                _ => self.yielded(operand),
            }
        });
        quote!((#(#values,)*))
    }

    /// The variable for what a branch or an iteration gives, if it is needed and not there already.
    pub(super) fn pattern(&self, id: Id) -> TokenStream {
        let name = self.binding(id);
        if self.is_absent(id) || self.aliases.cells.contains(id) {
            quote!(_)
        } else {
            quote!(#name)
        }
    }

    pub(super) fn is_view(&self, id: Id) -> bool {
        matches!(self.program.value(id).kind, crate::ir::ValueKind::View { .. })
    }

    /// A value at the end of a region: it is not used there any more.
    pub(super) fn yielded(&self, operand: &Operand) -> TokenStream {
        match operand.whole() {
            Some(id) if self.aliases.resolve(id) != id && self.is_tangent(id) => {
                let name = self.binding(id);
                quote!(#name)
            }
            Some(id) if self.aliases.resolve(id) != id => self.argument(operand),
            _ => self.owned(operand),
        }
    }

    /// What is kept, as a tuple. References are followed.
    pub(super) fn keep(&self, kept: &Kept) -> TokenStream {
        let parts = self.kept_parts(kept, |id| {
            let name = self.binding(id);
            if self.is_recorded(id) {
                quote!(#name.__record())
            } else {
                quote!(#name)
            }
        });
        quote!((#(#parts,)*))
    }

    /// The pattern that takes the tuple apart.
    pub(super) fn kept_pattern(&self, kept: &Kept) -> TokenStream {
        let parts = self.kept_parts(kept, |id| {
            let name = self.binding(id);
            if self.aliases.cells.contains(id) {
                quote!(mut #name)
            } else {
                quote!(#name)
            }
        });
        quote!((#(#parts,)*))
    }

    pub(super) fn kept_parts(&self, kept: &Kept, value: impl Fn(Id) -> TokenStream) -> Vec<TokenStream> {
        let mut parts: Vec<_> = kept.values.iter().map(|id| value(*id)).collect();
        let name = |name: Ident| quote!(#name);
        parts.extend(kept.likes.iter().map(|id| name(self.like_name(*id))));
        parts.extend(kept.types.iter().map(|id| name(self.type_name(*id))));
        parts.extend(kept.calls.iter().map(|id| name(self.pullback_name(*id))));
        parts.extend(kept.calls.iter().map(|id| name(self.kinds_name(*id))));
        parts.extend(kept.own.iter().map(|id| name(self.rule_name(*id))));
        parts.extend(kept.branches.iter().map(|branch| name(self.kept_name(*branch))));
        parts.extend(kept.rests.iter().map(|branch| name(self.rest_name(*branch))));
        parts.extend(kept.loops.iter().map(|inner| name(self.loop_name(*inner))));
        parts.extend(kept.saves.iter().map(|id| name(self.saved_name(*id))));
        parts
    }

    /// The cells of the body, so that the reverse sweep can undo what was written to them.
    pub(super) fn cells(&self) -> TokenStream {
        let kept = record::kept(&self.reads, self.aliases, &self.program.body, &[], self.adjoint);
        let cells = kept.values.into_iter().filter(|id| self.aliases.cells.contains(*id));
        cells
            .map(|id| {
                let name = self.binding(id);
                quote!(let mut #name = #name;)
            })
            .collect()
    }

    /// References among the values of the body that are kept are followed before they are captured.
    pub(super) fn records(&self) -> TokenStream {
        let kept = record::kept(&self.reads, self.aliases, &self.program.body, &[], self.adjoint);
        kept.values
            .iter()
            .filter(|id| self.is_recorded(**id))
            .map(|id| {
                let name = self.binding(*id);
                quote!(let #name = #name.__record();)
            })
            .collect()
    }
}

/// True for `None` and `{ None }`.
fn is_untyped(op: &Op, operands: &[Operand]) -> bool {
    match op {
        Op::Copy(_) => operands.iter().any(|operand| !has_type(operand)),
        Op::Opaque { code, writes, .. } => writes.is_empty() && gives_none(&code.tokens),
        _ => false,
    }
}

fn gives_none(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().last() {
        Some(TokenTree::Ident(name)) => name == "None",
        Some(TokenTree::Group(group)) => {
            matches!(group.delimiter(), Delimiter::Brace | Delimiter::None) && gives_none(&group.stream())
        }
        _ => false,
    }
}

/// A position in a tuple, with a span.
pub(super) fn literal_at(position: usize, span: proc_macro2::Span) -> proc_macro2::Literal {
    let mut literal = proc_macro2::Literal::usize_unsuffixed(position);
    literal.set_span(span);
    literal
}

/// True if control reaches some end of the region.
pub(super) fn ends(region: &Region) -> bool {
    region.falls() || region.leaves()
}

/// The step that goes back through a branch.
pub(super) fn step(adjoint: Option<&Adjoint>, number: usize) -> Option<&AdjointBranch> {
    adjoint?.steps.iter().find_map(|step| match step {
        Step::Branch(branch) if branch.branch == number => Some(branch),
        _ => None,
    })
}
