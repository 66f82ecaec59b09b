//! What an attribute of this crate stands on, and what it was told. The item itself is always emitted.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parse;
use syn::{ImplItem, Item, ItemFn, ItemImpl, ItemTrait, TraitItem};

use super::args::Args;
use super::methods::{self, Member};
use super::{function, groups, operators};
use crate::errors::Errors;

/// The item with what `generate` makes of it, and what is wrong.
pub(crate) fn attributed<A: Parse>(
    args: TokenStream,
    item: TokenStream,
    attribute: &str,
    otherwise: impl FnOnce() -> A,
    generate: impl FnOnce(&A, &ItemFn, &mut Errors) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let Ok(mut parsed) = syn::parse2::<ItemFn>(item.clone()) else {
        misplaced(&item, attribute, &mut errors);
        let errors = errors.to_tokens();
        return quote!(#item #errors);
    };
    groups::make_visible(&mut parsed);
    let primal = function::primal(&parsed).into_token_stream();
    if is_associated(&parsed, attribute, &mut errors) {
        let errors = errors.to_tokens();
        return quote!(#primal #errors);
    }
    let args = syn::parse2(args).unwrap_or_else(|error| {
        errors.append(error);
        otherwise()
    });
    let derivatives = generate(&args, &parsed, &mut errors);
    let errors = errors.to_tokens();
    quote!(#primal #derivatives #errors)
}

/// The block with what `generate` makes of each of its methods, and what is wrong.
pub(crate) fn block(
    args: TokenStream,
    block: &ItemImpl,
    generate: impl Fn(&Member, &mut Errors) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let mut primal = methods::primal(block);
    let given = args.clone();
    let args = syn::parse2(args).unwrap_or_else(|error| {
        errors.append(error);
        Args::default()
    });
    let members = methods::members(block, &args, &mut errors);
    let derivatives = of_members(&members, &mut errors, generate);
    let rules = operators::rules(block, &args, &given);
    let errors = errors.to_tokens();
    if block.trait_.is_some() {
        primal.items.push(ImplItem::Verbatim(derivatives));
        return quote!(#primal #rules #errors);
    }
    quote!(#primal #derivatives #rules #errors)
}

/// The trait with what `generate` makes of each of its methods, and what is wrong.
pub(crate) fn declaration(
    args: TokenStream,
    item: &ItemTrait,
    generate: impl Fn(&Member, &mut Errors) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let mut primal = methods::primal_trait(item);
    let args = syn::parse2(args).unwrap_or_else(|error| {
        errors.append(error);
        Args::default()
    });
    let members = methods::declared(item, &args, &mut errors);
    let derivatives = of_members(&members, &mut errors, generate);
    primal.items.push(TraitItem::Verbatim(derivatives));
    let errors = errors.to_tokens();
    quote!(#primal #errors)
}

fn of_members(
    members: &[Member],
    errors: &mut Errors,
    generate: impl Fn(&Member, &mut Errors) -> TokenStream,
) -> TokenStream {
    let mut derivatives = TokenStream::new();
    for member in members {
        let mut own = Errors::default();
        derivatives.extend(generate(member, &mut own));
        errors.extend(own);
    }
    derivatives
}

/// True if the function belongs to an `impl` or a trait, as far as its tokens show: there, no type can be put beside it.
fn is_associated(item: &ItemFn, attribute: &str, errors: &mut Errors) -> bool {
    let advice = "put it on the `impl` block, and `#[no_diff]` on the methods that need no derivative";
    if let Some(receiver) = item.sig.receiver() {
        errors.add(
            receiver,
            format!("`#[{attribute}]` does not stand on a single method; {advice}"),
        );
        return true;
    }
    if let Some(token) = mention_of_self(item.to_token_stream()) {
        errors.add(
            token,
            format!("`#[{attribute}]` does not stand on a single associated function; {advice}"),
        );
        return true;
    }
    false
}

fn mention_of_self(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ref name) if name == "Self" => Some(token),
        TokenTree::Group(group) => mention_of_self(group.stream()),
        _ => None,
    })
}

/// The attribute stands on something that is not a function.
fn misplaced(item: &TokenStream, attribute: &str, errors: &mut Errors) {
    let derive = "put `#[derive(Differentiable)]` on it, and the attribute on the functions that use it";
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => errors.add(
            item.struct_token,
            format!("`#[{attribute}]` belongs on a function, not on a struct; {derive}"),
        ),
        Ok(Item::Enum(item)) => errors.add(
            item.enum_token,
            format!("`#[{attribute}]` belongs on a function, not on an enum"),
        ),
        Ok(Item::Impl(item)) => errors.add(item.impl_token, format!("`#[{attribute}]` does not take `impl` blocks")),
        Ok(Item::Trait(item)) => errors.add(item.trait_token, format!("`#[{attribute}]` does not take traits")),
        Ok(Item::Mod(item)) => errors.add(
            item.mod_token,
            format!("`#[{attribute}]` belongs on each function of the module"),
        ),
        _ => errors.add(item, format!("`#[{attribute}]` belongs on a function that has a body")),
    }
}
