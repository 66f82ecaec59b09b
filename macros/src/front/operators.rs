//! Operators of the user's own types: `impl Mul<f64> for Vec3`, and methods of `impl` blocks that are named like an operation
//! of numbers or matrices, such as `dot`.
//!
//! What the operator does goes to a differentiable function beside the block. Its derivative becomes the rule of the operation
//! for these types, which generated code finds by method resolution.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{FnArg, ImplItem, ImplItemFn, ItemImpl, Pat, Path, PathArguments, ReturnType, Type};

use super::args::Args;
use super::function::is_no_diff;
use super::methods;
use super::types;
use crate::ir::primitives;

/// The traits of compound assignments, their methods, and the operation.
const COMPOUND: &[(&str, &str, &str)] = &[
    ("AddAssign", "add_assign", "add"),
    ("SubAssign", "sub_assign", "sub"),
    ("MulAssign", "mul_assign", "mul"),
    ("DivAssign", "div_assign", "div"),
    ("RemAssign", "rem_assign", "rem"),
];

/// An operation, as the name and the trait of a method show.
struct Operation {
    name: String,
    compound: bool,
}

/// The operation that the method is.
fn operation(block: &ItemImpl, function: &ImplItemFn) -> Option<Operation> {
    let name = function.sig.ident.to_string();
    let arity = function.sig.inputs.len();
    let receiver = function.sig.receiver()?;
    if block.self_ty.to_token_stream().to_string() == "Self" {
        // A trait declares it, for types that nobody knows.
        return None;
    }
    if function.sig.generics.type_params().next().is_some() || function.sig.generics.const_params().next().is_some() {
        // A rule is for types that the block names.
        return None;
    }
    if let Some((path, _)) = &block.trait_
        && let Some(segment) = path.segments.last()
        && let Some(entry) = COMPOUND
            .iter()
            .find(|entry| segment.ident == entry.0 && name == entry.1)
    {
        return Some(Operation {
            name: entry.2.to_owned(),
            compound: true,
        });
    }
    if matches!(receiver.kind, syn::ReceiverKind::Reference(_, _, Some(_))) {
        // What is named like an operation, and changes its receiver, is none.
        return None;
    }
    let rule = primitives::rule(&name, arity).filter(|rule| arity <= 2 && primitives::may_be_own(rule))?;
    Some(Operation {
        name: rule.to_owned(),
        compound: false,
    })
}

/// True if the method is an operation, which has no derivative by its own name.
pub(crate) fn is_operation(block: &ItemImpl, function: &ImplItemFn) -> bool {
    operation(block, function).is_some()
}

/// The rules that the block brings. `given` are the attribute's arguments.
pub(crate) fn rules(block: &ItemImpl, args: &Args, given: &TokenStream) -> TokenStream {
    let krate = args.crate_path();
    let functions = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    functions
        .filter(|function| !function.attrs.iter().any(is_no_diff) && methods::is_differentiated(function))
        .filter_map(|function| rule(block, function, &krate, args, given))
        .collect()
}

// Original: impl Mul<f64> for Vec3 { type Output = Vec3; fn mul(self, k: f64) -> Vec3 { … } }
// Output:   #[differentiable] fn operation(this: Vec3, k: f64) -> Vec3 { … }
//           impl OwnRule2<ops::mul, f64> for Vec3 { … operation::vjp(…) … }
fn rule(
    block: &ItemImpl,
    function: &ImplItemFn,
    krate: &TokenStream,
    args: &Args,
    given: &TokenStream,
) -> Option<TokenStream> {
    let operation = operation(block, function)?;
    let scope = Scope::new(block);
    let FnArg::Receiver(receiver) = function.sig.inputs.first()? else {
        return None;
    };
    let own = methods::own_args(function);
    let is_wrt = |tree: TokenTree| matches!(tree, TokenTree::Ident(name) if name == "wrt");
    if own.clone().is_some_and(|own| own.into_iter().any(is_wrt)) {
        // A mistake that has been reported.
        return None;
    }
    let attribute = quote!(#[#krate::differentiable(#own #given)]);
    let this = methods::fresh("this", receiver.self_token.span, &function.to_token_stream());
    let ty = &block.self_ty;
    let mutability = &receiver.mutability;
    let receives = match &receiver.kind {
        syn::ReceiverKind::Value => quote!(#ty),
        syn::ReceiverKind::Reference(and, lifetime, _) if !operation.compound => quote!(#and #lifetime #ty),
        syn::ReceiverKind::Reference(and, lifetime, mutability) => quote!(#and #lifetime #mutability #ty),
        _ => return None,
    };
    let second = match function.sig.inputs.iter().nth(1) {
        None => None,
        Some(FnArg::Typed(typed)) => Some(typed),
        Some(FnArg::Receiver(_)) => return None,
    };
    let body = methods::replace_self(function.block.to_token_stream(), &this);
    let body = scope.spelled(body);
    let output = match &function.sig.output {
        ReturnType::Default => quote!(),
        output => scope.spelled(output.to_token_stream()),
    };
    let constant = second.filter(|typed| typed.attrs.iter().any(is_no_diff));
    let constant = constant.map(|_| quote!(#[no_diff]));
    let others = second.map(|typed| {
        let (pattern, ty) = (&typed.pat, scope.spelled(typed.ty.to_token_stream()));
        quote!(#constant #pattern: #ty)
    });
    let (parameters, clause) = (block.generics.params.iter(), &block.generics.where_clause);
    let generics = quote!(<#(#parameters),*>);
    let value = referent(&block.self_ty);
    let operand = second.map(|typed| {
        let ty: Type = syn::parse2(scope.spelled(typed.ty.to_token_stream())).unwrap_or_else(|_| (*typed.ty).clone());
        ty
    });
    let by_reference = |ty: &TokenStream| matches!(ty.clone().into_iter().next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '&');
    let (functions, result, called_with_reference) = if operation.compound {
        let operand_name = operand_name(second.map(|typed| &*typed.pat));
        let ty = operand.as_ref()?;
        (
            quote! {
                #attribute
                fn __change #generics (#this: #receives, #others) #clause #body
                #attribute
                fn __operation #generics (#this: #value, #constant #operand_name: #ty) -> #value #clause {
                    let mut value = #this;
                    __change(&mut value, #operand_name);
                    value
                }
            },
            value.to_token_stream(),
            false,
        )
    } else {
        let comma = others.is_some().then(|| quote!(,));
        let result = match &function.sig.output {
            ReturnType::Type(_, ty) => scope.spelled(ty.to_token_stream()),
            ReturnType::Default => return None,
        };
        (
            quote! {
                #attribute
                fn __operation #generics (#mutability #this: #receives #comma #others) #output #clause #body
            },
            result,
            by_reference(&receives),
        )
    };
    let name = format_ident!("{}", operation.name);
    let mut op = quote!(#krate::expansion::ops::#name);
    if operation.compound {
        op = quote!(#krate::expansion::Compound<#op>);
    }
    let differentiable = quote!(#krate::expansion::Differentiable);
    let y_bar = quote!(<#result as #differentiable>::Tangent);
    let first = if called_with_reference {
        quote!(&self)
    } else {
        quote!(self)
    };
    let implementation = match &operand {
        None => quote! {
            impl #generics #krate::expansion::OwnRule1<#op> for #value #clause {
                type Output = #result;
                #[inline]
                fn cotangent(self, y_bar: #y_bar) -> <Self as #differentiable>::Tangent {
                    let (_, pullback) = __operation::vjp(#first);
                    pullback(y_bar)
                }
            }
        },
        Some(operand) => {
            let other = referent(operand);
            let second = if matches!(operand, Type::Reference(_)) {
                quote!(&operand)
            } else {
                quote!(operand)
            };
            let is_constant = types::is_discrete(value);
            let is_other_constant = types::is_discrete(other) || constant.is_some();
            let cotangents = match (is_constant, is_other_constant) {
                (true, false) => quote!((zero.0, pullback(y_bar))),
                (false, true) => quote!((pullback(y_bar), zero.1)),
                _ => quote!(pullback(y_bar)),
            };
            let zero = (is_constant != is_other_constant).then(|| {
                quote! {
                    let zero = (
                        #differentiable::zero_tangent(&self),
                        #differentiable::zero_tangent(&operand),
                    );
                }
            });
            quote! {
                impl #generics #krate::expansion::OwnRule2<#op, #other> for #value #clause {
                    type Output = #result;
                    #[inline]
                    fn cotangents(
                        self,
                        operand: #other,
                        y_bar: #y_bar,
                    ) -> (<Self as #differentiable>::Tangent, <#other as #differentiable>::Tangent) {
                        #zero
                        let (_, pullback) = __operation::vjp(#first, #second);
                        #cotangents
                    }
                }
            }
        }
    };
    let along = is_forward(args, own.as_ref())
        .then(|| {
            let by_value = ByValue {
                attribute: &attribute,
                generics: &block.generics,
                own: &value.to_token_stream(),
                other: operand.as_ref().map(|operand| referent(operand).to_token_stream()),
                result: &result,
                arguments: [called_with_reference, matches!(operand, Some(Type::Reference(_)))],
                constant: constant.is_some(),
            };
            by_value.implementation(krate, &op)
        })
        .flatten();
    Some(quote! {
        const _: () = {
            #functions
            #implementation
            #along
        };
    })
}

/// True if the operator has derivatives along directions.
fn is_forward(args: &Args, own: Option<&TokenStream>) -> bool {
    let mut own = own.into_iter().flat_map(|own| own.clone());
    args.forward || own.any(|tree| matches!(tree, TokenTree::Ident(name) if name == "forward"))
}

/// The operation as a function that takes its operands by value, so that it can be handed on.
struct ByValue<'a> {
    attribute: &'a TokenStream,
    generics: &'a syn::Generics,
    own: &'a TokenStream,
    other: Option<TokenStream>,
    result: &'a TokenStream,
    /// Which operands the operator takes by reference.
    arguments: [bool; 2],
    /// True if no derivative is taken with respect to the second operand.
    constant: bool,
}

impl ByValue<'_> {
    // Output: #[differentiable(forward)] fn by_value(this: Vec3, k: f64) -> Vec3 { operation(this, k) }
    //         impl OwnTangent2<ops::mul, f64> for Vec3 { … }
    fn implementation(&self, krate: &TokenStream, op: &TokenStream) -> Option<TokenStream> {
        let Self {
            attribute,
            own,
            other,
            result,
            constant,
            ..
        } = self;
        let mut generics = self.generics.clone();
        generics.params = generics
            .params
            .into_iter()
            .filter(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_)))
            .collect();
        let clause = &generics.where_clause;
        let borrows = |tokens: &TokenStream| mentions_lifetime(tokens.clone());
        if borrows(own) || other.as_ref().is_some_and(borrows) || borrows(result) || borrows(&clause.to_token_stream())
        {
            // What borrows cannot be handed on as a value.
            return None;
        }
        let parameters = generics.params.iter();
        let parameters = quote!(<#(#parameters),*>);
        let [this, that] = self.arguments.map(|reference| reference.then(|| quote!(&)));
        let (parameter, stopped, argument) = match other {
            Some(other) => (
                Some(quote!(, operand: #other)),
                constant.then(|| quote!(let operand = #krate::stop_gradient(operand);)),
                Some(quote!(, #that operand)),
            ),
            None => (None, None, None),
        };
        let (rule, arguments) = match other {
            Some(other) => (quote!(OwnTangent2<#op, #other>), quote!((Self, #other))),
            None => (quote!(OwnTangent1<#op>), quote!(Self)),
        };
        Some(quote! {
            #attribute
            fn __by_value #parameters (this: #own #parameter) -> #result #clause {
                #stopped
                __operation(#this this #argument)
            }
            impl #parameters #krate::expansion::#rule for #own #clause {
                #[inline]
                fn function() -> impl #krate::Callable<#arguments, Output = #result> {
                    __by_value {}
                }
            }
        })
    }
}

/// True if a lifetime occurs in the tokens.
fn mentions_lifetime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == '\'',
        TokenTree::Group(group) => mentions_lifetime(group.stream()),
        _ => false,
    })
}

/// A name for the second operand.
fn operand_name(pattern: Option<&Pat>) -> Ident {
    match pattern {
        Some(Pat::Ident(pattern)) => pattern.ident.clone(),
        _ => Ident::new("operand", Span::call_site()),
    }
}

/// The type behind a reference.
fn referent(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => referent(&reference.elem),
        Type::Paren(paren) => referent(&paren.elem),
        Type::Group(group) => referent(&group.elem),
        ty => ty,
    }
}

/// What `Self` and `Self::Output` stand for.
struct Scope {
    own: TokenStream,
    output: Option<TokenStream>,
}

impl Scope {
    fn new(block: &ItemImpl) -> Self {
        let own = match &*block.self_ty {
            Type::Path(path) if path.qself.is_none() => with_turbofish(&path.path),
            ty => ty.to_token_stream(),
        };
        let output = block.items.iter().find_map(|item| match item {
            ImplItem::Type(ty) if ty.ident == "Output" => Some(ty.ty.to_token_stream()),
            _ => None,
        });
        let mut scope = Self { own, output: None };
        scope.output = output.map(|output| scope.spelled(output));
        scope
    }

    /// The tokens with the types in place of these.
    fn spelled(&self, tokens: TokenStream) -> TokenStream {
        let trees: Vec<_> = tokens.into_iter().collect();
        let mut spelled = TokenStream::new();
        let mut index = 0;
        while let Some(tree) = trees.get(index) {
            index += 1;
            match tree {
                TokenTree::Ident(name) if name == "Self" => {
                    let is_colon =
                        |at: usize| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
                    let is_output = is_colon(index)
                        && is_colon(index + 1)
                        && matches!(trees.get(index + 2), Some(TokenTree::Ident(name)) if name == "Output");
                    match &self.output {
                        Some(output) if is_output => {
                            spelled.extend(output.clone());
                            index += 3;
                        }
                        _ => spelled.extend(self.own.clone()),
                    }
                }
                TokenTree::Group(group) => {
                    let mut inner = proc_macro2::Group::new(group.delimiter(), self.spelled(group.stream()));
                    inner.set_span(group.span());
                    spelled.extend([TokenTree::Group(inner)]);
                }
                tree => spelled.extend([tree.clone()]),
            }
        }
        spelled
    }
}

/// The path as it is written in an expression.
fn with_turbofish(path: &Path) -> TokenStream {
    let mut path = path.clone();
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            arguments.colon2_token = Some(syn::Token![::](arguments.lt_token.span));
        }
    }
    path.to_token_stream()
}
