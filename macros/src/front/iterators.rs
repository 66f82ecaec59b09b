//! What looks like an iterator in the source.

use syn::Expr;

/// What can be asked for an iterator.
const SOURCES: &[&str] = &["iter", "iter_mut", "into_iter", "windows", "chunks", "chunks_exact"];

/// What makes an iterator of an iterator.
const ADAPTERS: &[&str] = &[
    "map",
    "zip",
    "enumerate",
    "filter",
    "filter_map",
    "rev",
    "skip",
    "take",
    "step_by",
    "chain",
    "copied",
    "cloned",
    "take_while",
    "skip_while",
    "map_while",
    "flat_map",
    "flatten",
    "inspect",
    "scan",
    "by_ref",
    "fuse",
    "peekable",
];

/// Adapters whose items are some of the iterator's own, as they are.
const KEEPING: &[&str] = &[
    "filter",
    "rev",
    "skip",
    "take",
    "step_by",
    "skip_while",
    "take_while",
    "inspect",
];

/// True for the methods that leave out some items, or change their order, and leave them as they are.
pub(crate) fn keeps_items(method: &syn::Ident) -> bool {
    KEEPING.iter().any(|keeping| method == keeping)
}

/// True for the methods that take the rest of an iterator as a whole.
pub(crate) fn takes_all(method: &syn::Ident) -> bool {
    const ENDS: &[&str] = &[
        "sum", "product", "fold", "collect", "count", "for_each", "last", "max_by", "min_by", "clone",
    ];
    let stays = method == "by_ref" || method == "peekable";
    is_adapter(method) && !stays || ENDS.iter().any(|end| method == end)
}

/// True for the methods that make an iterator of an iterator.
pub(crate) fn is_adapter(method: &syn::Ident) -> bool {
    ADAPTERS.iter().any(|adapter| method == adapter)
}

/// True if the expression is an iterator, as far as its source shows.
pub(crate) fn is_iterator(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_iterator(&paren.expr),
        Expr::Group(group) => is_iterator(&group.expr),
        Expr::Range(_) => true,
        Expr::MethodCall(call) => {
            SOURCES.iter().any(|source| call.method == source)
                || (is_adapter(&call.method) && is_iterator(&call.receiver))
        }
        Expr::Call(call) => function(call).is_some(),
        _ => false,
    }
}

/// The functions of `core::iter` that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Zip,
    Repeat,
    Once,
}

/// Which of them is called.
pub(crate) fn function(call: &syn::ExprCall) -> Option<Function> {
    let Expr::Path(path) = &*call.func else {
        return None;
    };
    let mut segments = path.path.segments.iter().rev();
    let (name, module) = (segments.next()?.ident.to_string(), segments.next()?);
    if module.ident != "iter" {
        return None;
    }
    match (name.as_str(), call.args.len()) {
        ("zip", 2) => Some(Function::Zip),
        ("repeat", 1) => Some(Function::Repeat),
        ("once", 1) => Some(Function::Once),
        _ => None,
    }
}

/// True if the items are to be written to.
pub(crate) fn is_mutable(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_mutable(&paren.expr),
        Expr::Group(group) => is_mutable(&group.expr),
        Expr::Reference(reference) => reference.mutability.is_some(),
        Expr::MethodCall(call) if call.method == "iter_mut" => true,
        Expr::MethodCall(call) if is_adapter(&call.method) => {
            is_mutable(&call.receiver) || call.args.iter().any(is_mutable)
        }
        _ => false,
    }
}
