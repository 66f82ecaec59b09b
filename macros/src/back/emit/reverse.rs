//! The reverse sweep.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::Emitter;
use super::branch::choice;
use super::forward::ends;
use super::long::DECLARED_TOGETHER;
use crate::ir::adjoint::{Adjoint, AdjointBranch, Rule, Step, Target};
use crate::ir::{Branch, End, Extent, Id, Op, Place, Projection, Region, Statement};
use crate::passes::record;

/// Through which of its ends control has left a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    Any,
    /// Control has gone on behind the region.
    Fell,
    /// The function has returned.
    Left,
}

impl Path {
    fn is_possible(self, region: &Region) -> bool {
        match self {
            Self::Any => ends(region),
            Self::Fell => region.falls(),
            Self::Left => region.leaves(),
        }
    }
}

impl Emitter<'_> {
    /// The steps of the reverse sweep over the function's body.
    pub(super) fn reverse_body(&self) -> TokenStream {
        let (cells, steps) = (self.cells(), self.reverse_steps());
        let stores = self.heap_stores();
        let resets = self.resets();
        let parts = self.overwritten_parts();
        quote!(#(let mut #stores = #stores;)* #(let mut #parts = #parts;)* #(let mut #resets = #resets;)* #cells #steps)
    }

    /// These steps alone.
    pub(super) fn reverse_steps(&self) -> TokenStream {
        self.adjoint_steps(self.adjoint, &self.program.body, Path::Any)
    }

    pub(super) fn adjoint_steps(&self, adjoint: &Adjoint, region: &Region, path: Path) -> TokenStream {
        let (again, steps) = (self.computed_again(region), self.steps(&adjoint.steps, region, path));
        quote!(#again #steps)
    }

    /// What is not kept of the region since it can be computed again.
    // Output: let t = &v[1..];
    fn computed_again(&self, region: &Region) -> TokenStream {
        let lets = region.statements.iter().filter_map(|statement| match statement {
            Statement::Let(step) if self.rematerialized.contains(&step.value) => Some(step),
            _ => None,
        });
        lets.filter_map(|step| match &step.op {
            Op::Opaque { code, .. } => {
                let (name, code) = (self.binding(step.value), self.opaque(code));
                let ascription = step.ascription.iter().map(|ty| quote!(: #ty));
                Some(quote!(let #name #(#ascription)* = #code;))
            }
            _ => None,
        })
        .collect()
    }

    /// Steps in their order, what some of them declare in a row together.
    pub(super) fn steps<'s>(
        &self,
        steps: impl IntoIterator<Item = &'s Step>,
        region: &Region,
        path: Path,
    ) -> TokenStream {
        let mut tokens = TokenStream::new();
        let mut declared = Vec::new();
        for step in steps {
            if let Step::Declare(id) = step {
                declared.extend(Some(*id).filter(|id| !self.declared_early.borrow().contains(id)));
            } else {
                tokens.extend(self.declare(&declared));
                declared.clear();
                tokens.extend(self.step(step, region, path));
            }
        }
        tokens.extend(self.declare(&declared));
        tokens
    }

    pub(super) fn step(&self, step: &Step, region: &Region, path: Path) -> TokenStream {
        let expansion = self.expansion();
        match step {
            Step::Declare(id) => self.declare(&[*id]),
            Step::Rule(rule) => self.rule(rule),
            Step::Pullback(pullback) => self.pullback(pullback),
            Step::Push(rule) => self.push_rule(rule),
            Step::Transfer { from, to } => {
                // A field of a tangent may be one that has none; the other side has the right type.
                let mut parts = from.projections.iter();
                let is_field = parts.any(|part| matches!(part, Projection::Field(_) | Projection::Part(_)));
                let like = if self.program.is_tangent(to) && !is_field {
                    self.like(from)
                } else {
                    self.like(to)
                };
                let (from, to) = (self.bar_place(from), self.bar_place(to));
                quote!(#like.transfer(&mut *(&mut #from).__lend(), &mut *(&mut #to).__lend());)
            }
            Step::Silence(place) => {
                let place = self.bar_place(place);
                quote!(#place = #expansion::InactiveAccumulator::inactive();)
            }
            Step::Forget(place) => {
                let is_tangent = self.program.is_tangent(place);
                let resets = self.resets_of(place.root);
                let place = self.bar_place(place);
                let place = if is_tangent {
                    quote!(&mut #place)
                } else {
                    quote!(&mut *(&mut #place).__lend())
                };
                match resets {
                    Some(resets) => quote!(#resets.reset(#place);),
                    None => quote!(#expansion::InactiveAccumulator::forget(#place);),
                }
            }
            Step::Undo(place) => {
                if let Some(parts) = self.overwritten_parts_of(place.root) {
                    let part = self.reverse_place(place);
                    return quote!(#parts.put_back(&mut #part););
                }
                if !self.reads.saves.contains(&place.root) {
                    return TokenStream::new();
                }
                let (saved, part) = (self.saved_name(place.root), self.reverse_place(place));
                quote!(#part = #saved;)
            }
            Step::Gather { from, to } => {
                let like = self.like(&Place::whole(*from));
                let (from, to) = (self.bar(*from), self.bar_place(to));
                quote!(#expansion::gather(&#like, &*#from, &mut *(&mut #to).__lend());)
            }
            Step::Branch(step) => self.adjoint_branch(step, region, path),
            Step::Loop(step) => self.adjoint_loop(step, region),
        }
    }

    // Output: let (x_slot, y_slot) = (&mut …, &mut …); let (x_bar, y_bar) = (&mut …, &mut …);
    pub(super) fn declare(&self, ids: &[Id]) -> TokenStream {
        ids.chunks(DECLARED_TOGETHER)
            .map(|ids| {
                let slots: Vec<_> = ids.iter().map(|id| self.of_value("slot", *id)).collect();
                let bars = ids.iter().map(|id| self.bar(*id));
                let likes: Vec<_> = ids.iter().map(|id| self.like(&Place::whole(*id))).collect();
                quote! {
                    let (#(#slots,)*) = (#(&mut #likes.slot(),)*);
                    let (#(#bars,)*) = (#(&mut #likes.accumulator(#slots),)*);
                }
            })
            .collect()
    }

    fn accumulator(&self, slot: &Ident, bar: &Ident, like: &TokenStream) -> TokenStream {
        quote! {
            let #slot = &mut #like.slot();
            let #bar = &mut #like.accumulator(#slot);
        }
    }

    /// An accumulator beside the operand's own, its name, and the transfer afterwards.
    pub(super) fn detour(&self, place: &Place, of: (Id, usize)) -> (TokenStream, Ident, TokenStream) {
        self.detour_like(place, of, &self.like(place))
    }

    /// The same, where it is known what the operand's cotangent is like.
    pub(super) fn detour_like(
        &self,
        place: &Place,
        of: (Id, usize),
        like: &TokenStream,
    ) -> (TokenStream, Ident, TokenStream) {
        let (result, index) = of;
        let name = &self.program.value(result).name;
        let bar = format_ident!("__{name}_bar_{index}");
        let slot = format_ident!("__{name}_slot_{index}");
        let declaration = self.accumulator(&slot, &bar, like);
        let to = self.bar_place(place);
        let transfer = quote!(#like.transfer(#bar, &mut *(&mut #to).__lend()););
        (declaration, bar, transfer)
    }

    /// The result of an operation and its accumulator, as the operation gave it; and what must come before.
    pub(super) fn typed_result(&self, id: Id) -> (TokenStream, TokenStream, Ident) {
        let value = self.primal_of(&Place::whole(id));
        let bar = self.bar(id);
        if !self.reads.types.contains(&id) {
            return (TokenStream::new(), value, bar);
        }
        let (expansion, ty) = (self.expansion(), self.type_name(id));
        let actual = format_ident!("__actual");
        let actual_bar = format_ident!("__actual_bar");
        let statement = quote!(let (#actual, #actual_bar) = #expansion::actual(#ty, #value, &mut *#bar););
        (statement, quote!(#actual), actual_bar)
    }

    /// What the result of an operation is like, and its accumulator, as the operation gave it; and what must come before.
    fn typed_like(&self, id: Id) -> (TokenStream, TokenStream, Ident) {
        let bar = self.bar(id);
        if !self.reads.types.contains(&id) {
            return (TokenStream::new(), self.like_by_value(&Place::whole(id)), bar);
        }
        let like = self.like(&Place::whole(id));
        let (expansion, ty) = (self.expansion(), self.type_name(id));
        let actual = format_ident!("__actual");
        let actual_bar = format_ident!("__actual_bar");
        let statement = quote!(let (#actual, #actual_bar) = #expansion::actual_like(#ty, &#like, &mut *#bar););
        (statement, quote!(#actual), actual_bar)
    }

    // Original: y = a op b
    // Output:   if let Some(y_bar) = … { Rule2::<op, _, _>::pullback(y, a, b, y_bar, a_bar, b_bar) }
    fn rule(&self, rule: &Rule) -> TokenStream {
        let expansion = self.expansion();
        let (typed, result, result_bar) = if rule.reads_result {
            self.typed_result(rule.result)
        } else {
            self.typed_like(rule.result)
        };
        let mut given = Vec::new();
        let mut bars = Vec::new();
        let mut before = TokenStream::new();
        let mut after = TokenStream::new();
        for (index, operand) in rule.operands.iter().enumerate() {
            given.push(if operand.reads {
                self.primal(&operand.operand)
            } else {
                self.like_operand(&operand.operand)
            });
            bars.push(match (&operand.target, operand.operand.place()) {
                (Target::Direct, Some(place)) => {
                    let place = self.bar_place(place);
                    quote!(&mut #place)
                }
                (Target::Detour, Some(place)) => {
                    let (declaration, bar, transfer) = self.detour(place, (rule.result, index));
                    before.extend(declaration);
                    after.extend(transfer);
                    quote!(&mut *#bar)
                }
                _ => quote!(&mut #expansion::Inactive),
            });
        }
        // A type without a rule is reported at the user's token.
        let at = Extent::of(&rule.at).first;
        let name = format_ident!("{}", rule.name, span = at);
        let pullback = format_ident!("__pullback{}", rule.operands.len(), span = at);
        let call = quote_spanned!(at=> .#pullback);
        let (receiver, result) = if rule.own {
            let own = self.rule_name(rule.result);
            (quote!(#own), quote!(#result,))
        } else {
            (result, TokenStream::new())
        };
        quote! {
            #typed
            if let ::core::option::Option::Some(__bar) = #result_bar.__cotangent() {
                #before
                #receiver #call(#result #expansion::ops::#name {}, #(#given,)* &*__bar, #(#bars),*);
                #after
            }
        }
    }

    // Output: match kept { Left((…)) => { … } Right((…)) => { … } }
    fn adjoint_branch(&self, step: &AdjointBranch, region: &Region, path: Path) -> TokenStream {
        match &region.end {
            End::Split(branch, rest) if branch.number == step.branch => self.adjoint_split(step, branch, rest, path),
            End::Tail(branch) if branch.number == step.branch => self.adjoint_arms(step, branch, path),
            _ => region
                .statements
                .iter()
                .find_map(|statement| match statement {
                    Statement::Branch(branch) if branch.number == step.branch => Some(branch),
                    _ => None,
                })
                .map_or_else(TokenStream::new, |branch| self.adjoint_arms(step, branch, Path::Any)),
        }
    }

    /// The code behind a branch, if it ran, and then the arms behind which it can run; or the arms that leave.
    fn adjoint_split(&self, step: &AdjointBranch, branch: &Branch, rest: &Region, path: Path) -> TokenStream {
        let Some(adjoint) = &step.rest else {
            return TokenStream::new();
        };
        let rest_kept = self.rest_name(branch.number);
        let pattern = self.kept_pattern(&record::kept(&self.reads, self.aliases, rest, &branch.results, adjoint));
        let fell = path.is_possible(rest).then(|| {
            let steps = self.adjoint_steps(adjoint, rest, path);
            let arms = self.adjoint_arms(step, branch, Path::Fell);
            quote!(::core::option::Option::Some(#pattern) => { #steps #arms })
        });
        let left = (path != Path::Fell).then(|| {
            let arms = self.adjoint_arms(step, branch, Path::Left);
            quote!(::core::option::Option::None => { #arms })
        });
        let impossible = (fell.is_none() || left.is_none()).then(impossible);
        quote!(match #rest_kept { #fell #left #impossible })
    }

    /// Goes back through the arm that ran.
    fn adjoint_arms(&self, step: &AdjointBranch, branch: &Branch, path: Path) -> TokenStream {
        let expansion = self.expansion();
        let kept = self.kept_name(branch.number);
        let ending: Vec<_> = branch
            .arms
            .iter()
            .zip(&step.arms)
            .filter(|(arm, _)| ends(&arm.region))
            .collect();
        let count = ending.len();
        let impossible = ending
            .iter()
            .any(|(arm, _)| !path.is_possible(&arm.region))
            .then(impossible);
        let arms = ending
            .into_iter()
            .enumerate()
            .filter(|(_, (arm, _))| path.is_possible(&arm.region))
            .map(|(position, (arm, adjoint))| {
                let empty = Adjoint::default();
                let adjoint = adjoint.as_ref().unwrap_or(&empty);
                let kept = record::kept(&self.reads, self.aliases, &arm.region, &arm.bindings, adjoint);
                let pattern = choice(&expansion, position, count, &self.kept_pattern(&kept));
                let steps = self.adjoint_steps(adjoint, &arm.region, path);
                quote!(#pattern => { #steps })
            });
        quote!(match #kept { #(#arms)* #impossible })
    }
}

/// The arm for what cannot have happened.
fn impossible() -> TokenStream {
    quote!(_ => ::core::unreachable!("control has not left the arm that ran this way"),)
}
