//! `impl` blocks: each method as a function whose first parameter is the receiver.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, FnArg, Generics, ImplItem, ImplItemFn, ItemFn, ItemImpl, ItemTrait, ReceiverKind, ReturnType, TraitItem,
    Type,
};

use super::args::Args;
use super::changes::Changes;
use super::function::{is_no_diff, without_no_diff};
use super::{operators, types};
use crate::errors::Errors;
use crate::ir::primitives;
use crate::ir::signature::{Home, Method, Receiver};

/// A function of an `impl` block, as a free function.
pub(crate) struct Member {
    /// The receiver is its first parameter, and `Self` is spelled out in its signature.
    pub(crate) item: ItemFn,
    pub(crate) args: Args,
    pub(crate) method: Method,
    /// The block's generic parameters.
    pub(crate) generics: Generics,
    /// True if there is nothing to differentiate with respect to: `Self::zeros(n)`, which others may call.
    pub(crate) constant: bool,
    /// Which methods of the block change their receivers.
    pub(crate) changes: Changes,
    /// False for a method that a trait declares without a body.
    pub(crate) has_body: bool,
}

/// The user's trait without the attributes that are this crate's own.
pub(crate) fn primal_trait(item: &ItemTrait) -> ItemTrait {
    let mut item = item.clone();
    for member in &mut item.items {
        if let TraitItem::Fn(function) = member {
            function
                .attrs
                .retain(|attribute| !is_no_diff(attribute) && !is_differentiable(attribute));
            without_no_diff(&mut function.sig);
        }
    }
    item
}

/// The methods of the trait that have derivatives.
pub(crate) fn declared(item: &ItemTrait, args: &Args, errors: &mut Errors) -> Vec<Member> {
    // As if it were a block for the type `Self`.
    let block = ItemImpl {
        attrs: Vec::new(),
        modifiers: syn::ImplModifiers::default(),
        unsafety: None,
        impl_token: syn::Token![impl](item.trait_token.span),
        generics: item.generics.clone(),
        trait_: None,
        self_ty: Box::new(syn::parse_quote!(Self)),
        brace_token: item.brace_token,
        items: Vec::new(),
    };
    let krate = args.crate_path();
    let mut members = Vec::new();
    for member in &item.items {
        let TraitItem::Fn(function) = member else { continue };
        let has_body = function.default.is_some();
        let like = ImplItemFn {
            attrs: function.attrs.clone(),
            vis: syn::Visibility::Inherited,
            modifiers: function.modifiers.clone(),
            sig: function.sig.clone(),
            block: function
                .default
                .clone()
                .unwrap_or_else(|| syn::parse_quote!({ loop {} })),
        };
        let Some(mut found) = self::member(&block, &like, args, errors) else {
            continue;
        };
        found.has_body = has_body;
        found.method.home = Home::Trait;
        let clause = found.item.sig.generics.make_where_clause();
        clause.predicates.push(syn::parse_quote!(Self: ::core::marker::Sized));
        if found.method.receiver.is_some() {
            clause.predicates.push(syn::parse_quote!(Self: #krate::Differentiable));
        }
        if function.sig.inputs.iter().any(is_written_to) {
            clause.predicates.push(syn::parse_quote!(Self: ::core::clone::Clone));
        }
        members.push(found);
    }
    members
}

/// The user's block without the attributes that are this crate's own.
pub(crate) fn primal(block: &ItemImpl) -> ItemImpl {
    let mut block = block.clone();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            function
                .attrs
                .retain(|attribute| !is_no_diff(attribute) && !is_differentiable(attribute));
            without_no_diff(&mut function.sig);
        }
    }
    block
}

/// True for `#[differentiable]` on a method, which may have arguments of its own.
fn is_differentiable(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "differentiable")
}

/// The methods of the block that have derivatives.
pub(crate) fn members(block: &ItemImpl, args: &Args, errors: &mut Errors) -> Vec<Member> {
    if let Some(wrt) = args.wrt.iter().flatten().next() {
        errors.add(
            wrt,
            "`wrt` belongs on a method of the block: `#[differentiable(wrt(x))]`",
        );
    }
    let functions = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    functions
        .filter_map(|function| member(block, function, args, errors))
        .collect()
}

/// True if the method has a derivative, by what its signature shows or by an attribute of its own.
pub(super) fn is_differentiated(function: &ImplItemFn) -> bool {
    function.attrs.iter().any(is_differentiable) || has_derivative(function)
}

/// The arguments of the method's own attribute, and a comma.
pub(super) fn own_args(function: &ImplItemFn) -> Option<TokenStream> {
    let attribute = function.attrs.iter().find(|attribute| is_differentiable(attribute))?;
    match &attribute.meta {
        syn::Meta::List(list) => {
            let tokens = &list.tokens;
            Some(quote!(#tokens,))
        }
        _ => None,
    }
}

fn member(block: &ItemImpl, function: &ImplItemFn, args: &Args, errors: &mut Errors) -> Option<Member> {
    let own = function.attrs.iter().find(|attribute| is_differentiable(attribute));
    if function.attrs.iter().any(is_no_diff) {
        return None;
    }
    // What plainly has no derivative is left alone, unless the user asks for one.
    let constant = own.is_none() && is_constant(block, function);
    if own.is_none() && !constant && !has_derivative(function) {
        return None;
    }
    let mut own_args = Args::default();
    if let Some(attribute) = own
        && !matches!(attribute.meta, syn::Meta::Path(_))
    {
        match attribute.parse_args() {
            Ok(parsed) => own_args = parsed,
            Err(error) => errors.append(error),
        }
    }
    if operators::is_operation(block, function) {
        // It gets a rule instead.
        if let Some(attribute) = own
            && let Ok(Args { wrt: Some(wrt), .. }) = attribute.parse_args()
        {
            errors.add(
                wrt.first(),
                "an operation is differentiated with respect to all its operands but those marked `#[no_diff]`",
            );
        }
        return None;
    }
    if primitives::rule(&function.sig.ident.to_string(), function.sig.inputs.len()).is_some() {
        let name = &function.sig.ident;
        errors.add(
            name,
            format!("in a differentiable function, `{name}` is taken for the operation of that name on numbers and matrices; give the method another name, or mark it `#[no_diff]`"),
        );
        return None;
    }
    own_args.krate = own_args.krate.or_else(|| args.krate.clone());
    own_args.checkpoints = own_args.checkpoints.or(args.checkpoints);
    own_args.recursive = own_args.recursive.or_else(|| args.recursive.clone());
    own_args.forward |= args.forward;
    let mut item = ItemFn {
        attrs: function.attrs.clone(),
        vis: match block.trait_ {
            Some(_) => syn::parse_quote!(pub),
            None => function.vis.clone(),
        },
        modifiers: function.modifiers.clone(),
        sig: function.sig.clone(),
        block: Box::new(function.block.clone()),
    };
    item.attrs.retain(|attribute| !is_differentiable(attribute));
    super::groups::make_visible(&mut item);
    let receiver = match take_receiver(&mut item, &block.self_ty) {
        Ok(receiver) => receiver,
        Err(error) => {
            errors.append(error);
            return None;
        }
    };
    spell_out_self(&mut item, block);
    let clause = &block.generics.where_clause;
    let parameters = block.generics.params.iter().map(without_default);
    Some(Member {
        method: Method {
            carrier: format_ident!("__{}", item.sig.ident),
            ty: block.self_ty.to_token_stream(),
            generics: quote!(<#(#parameters),*>),
            clause: clause.to_token_stream(),
            receiver: receiver.as_ref().map(|(how, _)| *how),
            home: match &block.trait_ {
                Some(_) => Home::TraitImpl,
                None => Home::Beside,
            },
        },
        item,
        args: own_args,
        constant,
        generics: block.generics.clone(),
        changes: Changes {
            receiver: receiver.map(|(_, variable)| variable.to_string()),
            ..changes(block)
        },
        has_body: true,
    })
}

fn changes(block: &ItemImpl) -> Changes {
    let mut changes = Changes::default();
    for item in &block.items {
        let ImplItem::Fn(function) = item else { continue };
        let Some(FnArg::Receiver(receiver)) = function.sig.inputs.first() else {
            continue;
        };
        let name = function.sig.ident.to_string();
        if matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_))) {
            changes.changing.insert(name);
        } else {
            changes.reading.insert(name);
        }
    }
    changes
}

fn without_default(parameter: &syn::GenericParam) -> syn::GenericParam {
    let mut parameter = parameter.clone();
    if let syn::GenericParam::Type(ty) = &mut parameter {
        ty.default = None;
    }
    parameter
}

/// True for a constructor from what has no tangent, of a type whose methods have derivatives.
fn is_constant(block: &ItemImpl, function: &ImplItemFn) -> bool {
    let own = |ty: &Type| {
        let tokens = ty.to_token_stream().to_string();
        tokens == "Self" || tokens == block.self_ty.to_token_stream().to_string()
    };
    let plain =
        |input: &FnArg| matches!(input, FnArg::Typed(typed) if types::is_discrete(&typed.ty) && !is_written_to(input));
    let has_methods = block
        .items
        .iter()
        .any(|item| matches!(item, ImplItem::Fn(method) if method.sig.receiver().is_some() && has_derivative(method)));
    block.trait_.is_none()
        && matches!(&function.sig.output, ReturnType::Type(_, ty) if own(ty))
        && function.sig.asyncness.is_none()
        && function.sig.inputs.iter().all(plain)
        && has_methods
}

/// False for a method whose result has no tangent, or borrows, or that has nothing to differentiate with respect to.
fn has_derivative(function: &ImplItemFn) -> bool {
    let result = match &function.sig.output {
        ReturnType::Default => return function.sig.inputs.iter().any(is_written_to),
        ReturnType::Type(_, ty) => &**ty,
    };
    let borrows = borrows(result);
    let inputs = function.sig.inputs.iter();
    !borrows
        && (!types::is_discrete(result) || inputs.clone().any(is_written_to))
        && function.sig.asyncness.is_none()
        && inputs.into_iter().any(|input| match input {
            FnArg::Receiver(receiver) => !matches!(receiver.kind, ReceiverKind::Typed(..)),
            FnArg::Typed(typed) => !types::is_discrete(&typed.ty) && !typed.attrs.iter().any(is_no_diff),
        })
}

/// True for a type that is or holds a reference, or hides what it is.
fn borrows(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_type(&mut self, ty: &'ast Type) {
            self.0 |= matches!(ty, Type::Reference(_) | Type::ImplTrait(_));
            syn::visit::visit_type(self, ty);
        }
    }
    let mut finder = Finder(types::mentions_lifetime(ty));
    finder.visit_type(ty);
    finder.0
}

/// True for a parameter by mutable reference that may have a tangent.
fn is_written_to(input: &FnArg) -> bool {
    match input {
        FnArg::Receiver(receiver) => {
            matches!(receiver.kind, ReceiverKind::Reference(_, _, Some(_)))
        }
        FnArg::Typed(typed) => {
            matches!(&*typed.ty, Type::Reference(reference) if reference.mutability.is_some())
                && !types::is_discrete(&typed.ty)
                && !typed.attrs.iter().any(is_no_diff)
        }
    }
}

/// Makes the receiver a parameter like others.
// Original: fn area(self, k: f64) -> f64 { self.x * k }
// Output:   fn area(this: &Shape, k: f64) -> f64 { let this_1 = *this; this_1.x * k }
fn take_receiver(item: &mut ItemFn, ty: &Type) -> syn::Result<Option<(Receiver, Ident)>> {
    let Some(FnArg::Receiver(receiver)) = item.sig.inputs.first().cloned() else {
        return Ok(None);
    };
    let span = receiver.self_token.span;
    let this = fresh("this", span, &item.to_token_stream());
    let (how, parameter): (Receiver, FnArg) = match &receiver.kind {
        ReceiverKind::Value => (Receiver::Value, syn::parse_quote!(#this: &#ty)),
        ReceiverKind::Reference(and, lifetime, mutability) => (
            Receiver::Reference,
            syn::parse_quote!(#this: #and #lifetime #mutability #ty),
        ),
        _ => {
            return Err(syn::Error::new_spanned(
                &receiver,
                "a method with a receiver of its own type cannot be differentiated; take `&self`, or write a free function",
            ));
        }
    };
    item.sig.inputs[0] = parameter;
    let value = match how {
        Receiver::Reference => this.clone(),
        Receiver::Value => fresh("value", span, &item.to_token_stream()),
    };
    let body = replace_self(item.block.to_token_stream(), &value);
    *item.block = syn::parse2(body)?;
    if how == Receiver::Value {
        let mutability = &receiver.mutability;
        let binding: syn::Stmt = syn::parse_quote!(let #mutability #value = *#this;);
        item.block.stmts.insert(0, binding);
    }
    Ok(Some((how, value)))
}

/// A name that does not occur among the tokens.
pub(super) fn fresh(like: &str, span: Span, tokens: &TokenStream) -> Ident {
    let mut names = super::resolve::Names::default();
    names.reserve(tokens.clone());
    names.fresh(like, span)
}

/// The tokens with the variable in place of `self`.
pub(super) fn replace_self(tokens: TokenStream, variable: &Ident) -> TokenStream {
    let trees: Vec<_> = tokens.into_iter().collect();
    let is_path =
        |index: usize| matches!(trees.get(index + 1), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    (0..trees.len())
        .map(|index| match &trees[index] {
            TokenTree::Ident(ident) if ident == "self" && !is_path(index) => {
                let mut variable = variable.clone();
                variable.set_span(ident.span());
                TokenTree::Ident(variable)
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace_self(group.stream(), variable));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            tree => tree.clone(),
        })
        .collect()
}

/// Puts the block's type in place of `Self` in the signature.
fn spell_out_self(item: &mut ItemFn, block: &ItemImpl) {
    struct Speller<'b>(&'b ItemImpl);
    impl VisitMut for Speller<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::Path(path) = ty
                && path.qself.is_none()
                && path.path.segments.first().is_some_and(|first| first.ident == "Self")
            {
                let own = &self.0.self_ty;
                let rest: Punctuated<_, syn::Token![::]> = path.path.segments.iter().skip(1).cloned().collect();
                *ty = match &self.0.trait_ {
                    _ if rest.is_empty() => (**own).clone(),
                    Some((trait_, _)) => syn::parse_quote!(<#own as #trait_>::#rest),
                    None => syn::parse_quote!(<#own>::#rest),
                };
                return;
            }
            syn::visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut speller = Speller(block);
    for input in &mut item.sig.inputs {
        if let FnArg::Typed(typed) = input {
            speller.visit_type_mut(&mut typed.ty);
        }
    }
    if let ReturnType::Type(_, ty) = &mut item.sig.output {
        speller.visit_type_mut(ty);
    }
}
