//! Emission: the functions that hang off the user's function.

mod api;
mod branch;
mod call;
mod callable;
mod chunk;
mod deferred;
mod forward;
mod fused;
mod gradient;
mod iteration;
mod jacobian;
mod joint;
mod long;
mod modes;
mod operation;
mod place;
mod protocol;
mod push;
mod receiver;
mod recursion;
mod resets;
mod reverse;
mod rule;
mod second;
mod seeded;
mod split;
mod substitute;
mod tangent_call;
mod unwind;

pub(crate) use modes::modes;
pub(crate) use receiver::constant;
pub(crate) use rule::rule;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::lints;
use crate::ir::adjoint::Adjoint;
use crate::ir::signature::{Checkpoints, Home, Method, Signature};
use crate::ir::{Form, Id, Op, Program, ValueKind};
use crate::passes::fuse;
use crate::passes::needs::Needs;
use crate::passes::record::{self, Reads};
use crate::passes::rematerialize;
use crate::passes::reverse::Aliases;
use crate::passes::seeds::{self, Seed};
use crate::passes::uses;

/// Everything that emission reads.
pub(crate) struct Emitter<'p> {
    signature: &'p Signature,
    program: &'p Program,
    adjoint: &'p Adjoint,
    aliases: &'p Aliases,
    reads: Reads,
    /// What the reverse sweep computes again instead of keeping it.
    rematerialized: BTreeSet<Id>,
    /// How often each value is used in the forward sweep.
    uses: Vec<usize>,
    /// The results of calls that write to what they are handed.
    updates: HashSet<Id>,
    /// The values that calls write to.
    written_by_calls: HashSet<Id>,
    /// What goes into something else as it is, by its root, and what it goes into.
    copies: Vec<(Id, Id)>,
    /// What is needed where iterations of a loop are run again, while the code for that is emitted.
    again: RefCell<Option<Needs>>,
    /// What is defined in the iterations, of which nothing is kept, around the code being emitted.
    passing: RefCell<HashSet<Id>>,
    /// What the branches around the code being emitted yield for.
    results: RefCell<Vec<Vec<Id>>>,
    /// What the iterations of the loops around it hand on.
    ends: RefCell<Vec<Vec<Id>>>,
    /// Loops, by their numbers, whose iterations have nothing to do with each other although they write to a cell.
    independent: HashSet<usize>,
    /// Loops, by their numbers, that are inside others.
    nested: HashSet<usize>,
    /// Loops, by their numbers, whose bodies evaluate functions that take long; and whether they are inside other ones.
    expensive: HashMap<usize, bool>,
    /// What is declared at the beginning of the long regions around the code being emitted.
    declared_first: RefCell<HashSet<Id>>,
    /// Room for what iterations leave behind, which is made in front of the first loop: what they leave may borrow from
    /// variables that are there by then.
    stores_due: RefCell<TokenStream>,
    /// True while the code of joint mode is emitted.
    joint: Cell<bool>,
    /// Loops, by their numbers, that go forward and back in one pass in that code.
    fused: RefCell<HashSet<usize>>,
    /// From which statement of the body on that code goes forward and back in one pass.
    fused_from: Option<usize>,
    /// Calls, by their results, that do so.
    seeds: HashMap<Id, Seed>,
    /// Accumulators of the body that are there before the reverse sweep begins.
    declared_early: RefCell<HashSet<Id>>,
    /// Writes to elements of which the forward sweep leaves the sizes, by the values that they give.
    resets: BTreeSet<Id>,
    /// True while code is emitted of which only the types matter.
    rehearses: Cell<bool>,
    /// True if tangents are those along several directions: nothing goes back, so that nothing is kept.
    chunks: bool,
    /// Writes, by the values that they give, to values that are not read any more and can be moved.
    moving: HashSet<Id>,
    /// Invented names, by purpose and value.
    names: RefCell<HashMap<(&'static str, usize), Ident>>,
    /// These, and those of the values.
    taken: RefCell<HashSet<String>>,
}

/// The type that carries the derivatives, and its functions.
// Input:  fn f(x: f64) -> f64 { … }
// Output: struct f {}  impl f { grad, value_and_grad, …, __split }  impl Function for f
pub(crate) fn emit(
    signature: &Signature,
    program: &Program,
    adjoint: &Adjoint,
    aliases: &Aliases,
    graph: &TokenStream,
    modes: &TokenStream,
) -> TokenStream {
    let emitter = Emitter::new(signature, program, adjoint, aliases);
    let (split, joint) = (emitter.split(), emitter.joint());
    let functions = api::api(signature, emitter.has_joint());
    let graph = matches!(signature.home(), None | Some(Home::Beside)).then_some(graph);
    let (forms, again) = (receiver::forms(signature), emitter.again());
    let kinds = signature.method.is_none().then(|| protocol::kinds_function(signature));
    let carrier = carrier(
        signature,
        &emitter.undifferentiable_callees(),
        &quote!(#functions #graph #kinds #split #joint #again #forms #modes),
    );
    let callable = signature
        .method
        .is_none()
        .then(|| callable::callable(signature))
        .flatten();
    let directional = (signature.method.is_none() && signature.forward).then(|| directional(signature));
    quote!(#carrier #callable #directional)
}

/// That the function has a forward mode.
pub(crate) fn directional(signature: &Signature) -> TokenStream {
    let Signature {
        krate,
        name,
        conditions,
        ..
    } = signature;
    let allow = lints::allow();
    quote! {
        #conditions
        #allow
        impl #krate::expansion::Directional for #name {
            type Derivative = #name;
            const DERIVATIVE: #name = #name {};
        }
    }
}

/// The derivatives of a method that a trait declares without a body.
// Input:  fn area(&self, k: f64) -> f64;
// Output: fn area_grad(&self, k: f64) -> … { … }  …  fn __area_split(&self, k: f64, …) -> …;
pub(crate) fn declare(signature: &Signature) -> TokenStream {
    let (functions, header) = (api::api(signature, false), protocol::header(signature));
    let (forms, modes) = (receiver::forms(signature), modes::declared(signature));
    quote!(#functions #header; #forms #modes)
}

/// True if the derivatives stand in a block of ours, where other items can stand beside them.
fn has_block(signature: &Signature) -> bool {
    matches!(signature.home(), None | Some(Home::Beside))
}

/// The type that carries the derivatives, with the given items in its `impl`, and what these share.
pub(crate) fn carrier(signature: &Signature, shared: &TokenStream, items: &TokenStream) -> TokenStream {
    match &signature.method {
        Some(method) if method.home == Home::Beside => return beside(signature, method, shared, items),
        Some(_) => return items.clone(),
        None => {}
    }
    let Signature {
        krate,
        visibility,
        name,
        conditions,
        type_attributes,
        ..
    } = signature;
    let allow = lints::allow();
    let documentation = format!("The derivatives of the function [`{name}`]({name}()).");
    let mut derivatives = quote! {
        #conditions
        #allow
        impl #name {
            #items
        }
    };
    if !shared.is_empty() {
        derivatives = quote! {
            #conditions
            const _: () = {
                #shared
                #derivatives
            };
        };
    }
    quote! {
        #conditions
        #type_attributes
        #allow
        #[doc = #documentation]
        #visibility struct #name {}

        #derivatives

        #conditions
        #allow
        impl #krate::expansion::Function for #name {
            type Derivative = #name;
            const DERIVATIVE: #name = #name {};
            fn graph() -> &'static #krate::graph::Graph {
                <#name>::graph()
            }
        }
    }
}

impl<'p> Emitter<'p> {
    fn new(signature: &'p Signature, program: &'p Program, adjoint: &'p Adjoint, aliases: &'p Aliases) -> Self {
        let mut reads = record::reads(program, aliases, adjoint);
        let parameters = signature.parameters.iter().zip(&program.parameters);
        let references = parameters.filter(|(parameter, _)| parameter.is_handed_again());
        let rematerialized = rematerialize::rematerialize(
            program,
            aliases,
            references.map(|(_, id)| *id).collect(),
            signature.checkpoints == Checkpoints::All,
            &mut reads,
        );
        let fused_from = fuse::fused_from(program, aliases, &reads, adjoint);
        let fused = fuse::loops_from(program, fused_from);
        Self {
            signature,
            program,
            adjoint,
            aliases,
            fused_from,
            seeds: seeds::seeds(program, aliases, signature, fused),
            declared_early: RefCell::new(HashSet::new()),
            nested: fuse::nested(program),
            expensive: fuse::expensive(program, adjoint),
            independent: fuse::independent(program, aliases, &reads, adjoint),
            resets: resets::resets(adjoint),
            reads,
            rematerialized,
            uses: uses::uses(program),
            updates: uses::updates(program),
            written_by_calls: uses::written_by_calls(program),
            copies: uses::copies(program),
            again: RefCell::new(None),
            passing: RefCell::new(HashSet::new()),
            results: RefCell::new(Vec::new()),
            ends: RefCell::new(Vec::new()),
            declared_first: RefCell::new(HashSet::new()),
            stores_due: RefCell::new(TokenStream::new()),
            joint: Cell::new(false),
            fused: RefCell::new(HashSet::new()),
            rehearses: Cell::new(false),
            chunks: false,
            moving: HashSet::new(),
            names: RefCell::new(HashMap::new()),
            taken: RefCell::new(program.values.iter().map(|value| value.name.to_string()).collect()),
        }
    }
}

/// A method's derivatives, in a block beside the user's.
fn beside(signature: &Signature, method: &Method, shared: &TokenStream, items: &TokenStream) -> TokenStream {
    let Method {
        carrier,
        ty,
        generics,
        clause,
        ..
    } = method;
    let conditions = &signature.conditions;
    let (allow, check) = (lints::allow(), signature.check());
    quote! {
        #conditions
        const _: () = {
            #allow
            struct #carrier {}

            #shared

            #allow
            impl #carrier {
                #check
            }

            #allow
            impl #generics #ty #clause {
                #items
            }
        };
    }
}

impl Emitter<'_> {
    /// What the names of the functions that are called mean if these have no derivative. One type for all derivatives of the
    /// function that calls them, so that what is wrong is said once.
    fn undifferentiable_callees(&self) -> TokenStream {
        let mut names: Vec<Ident> = Vec::new();
        fuse::each_operation(&self.program.body, &mut |step| {
            if let Op::Call(callee) = &step.op
                && matches!(callee.form, Form::Function)
                && !names.contains(&callee.name)
            {
                names.push(callee.name.clone());
            }
        });
        if names.is_empty() || !has_block(self.signature) {
            return TokenStream::new();
        }
        let allow = lints::allow();
        let types = call::undifferentiable(&names);
        quote!(#allow #types)
    }

    /// The path of the module that generated code names.
    fn expansion(&self) -> TokenStream {
        self.signature.expansion()
    }

    /// A name for something that belongs to a value: `x_bar` and the like. No variable of the user's is called so.
    fn invented(&self, purpose: &'static str, id: usize, stem: &str) -> Ident {
        let mut names = self.names.borrow_mut();
        if let Some(name) = names.get(&(purpose, id)) {
            return name.clone();
        }
        let mut taken = self.taken.borrow_mut();
        let stem = stem.trim_start_matches("r#");
        let mut name = format_ident!("__{stem}_{purpose}", span = Span::call_site());
        for number in 1.. {
            if taken.insert(name.to_string()) {
                break;
            }
            name = format_ident!("__{stem}_{purpose}_{number}", span = Span::call_site());
        }
        names.insert((purpose, id), name.clone());
        name
    }

    fn of_value(&self, purpose: &'static str, id: Id) -> Ident {
        self.invented(purpose, id.0, &self.program.value(id).name.to_string())
    }

    /// The accumulator of a value.
    fn bar(&self, id: Id) -> Ident {
        self.of_value("bar", self.aliases.accumulator(id))
    }

    /// What a value is like.
    fn like_name(&self, id: Id) -> Ident {
        self.of_value("like", self.aliases.like(id))
    }

    /// The type that an operation gave a value.
    fn type_name(&self, id: Id) -> Ident {
        self.of_value("type", id)
    }

    fn pullback_name(&self, id: Id) -> Ident {
        self.of_value("pullback", id)
    }

    /// Which rule an operation has.
    fn rule_name(&self, id: Id) -> Ident {
        self.of_value("rule", id)
    }

    fn kinds_name(&self, id: Id) -> Ident {
        self.of_value("kinds", id)
    }

    fn kept_name(&self, branch: usize) -> Ident {
        self.invented("kept", branch, "arm")
    }

    fn rest_name(&self, branch: usize) -> Ident {
        self.invented("rest", branch, "arm")
    }

    /// True if the value may be a reference, which cannot be kept as it is.
    fn may_be_reference(&self, id: Id) -> bool {
        matches!(self.program.value(id).kind, ValueKind::Opaque | ValueKind::Joined) && !self.aliases.cells.contains(id)
    }

    /// True if what is kept of a value may be what its variable refers to.
    fn is_recorded(&self, id: Id) -> bool {
        self.may_be_reference(id) || matches!(self.program.value(id).kind, ValueKind::Behind)
    }

    /// What a write to a part of a cell overwrote.
    fn saved_name(&self, id: Id) -> Ident {
        self.of_value("saved", id)
    }

    /// True if the value is a version of a cell, and its contents matter to the code being emitted.
    fn matters(&self, id: Id) -> bool {
        match &*self.again.borrow() {
            None => true,
            Some(needs) => self.reads.matters_in(self.aliases, needs, id),
        }
    }

    /// True if the value is a version of a cell, and the cell is a variable of the code being emitted.
    fn is_there(&self, id: Id) -> bool {
        self.matters(id) || self.reads.keeps(id)
    }

    /// The imports that generated code needs.
    fn imports(&self) -> TokenStream {
        let expansion = self.expansion();
        quote! {
            use #expansion::items::{CloneAgain as _, ElementsAgain as _, SliceAgain as _};
            use #expansion::{LeaveNothing as _, Rule1 as _, Rule2 as _, Rule3 as _};
            use #expansion::methods::{
                Arranged as _, BlankByDefault as _, BlankByFunction as _, BlankOfZeros as _, Cotangent as _, Defaulted as _, LendSelf as _, Maker as _, Moved as _, Operand as _, OptionChanges as _, OptionTangents as _, OwnCotangent as _, OwnOperator as _, Parted as _, Payload as _, Primal as _, Push as _, PushChunk as _, Receiver as _, Record as _, RecordReference as _, Referent as _, Rewrap as _, VectorChanges as _, VectorTangents as _,
            };
        }
    }
}
