//! Which calls of methods change what they are called on. A macro sees `x.step(a)` and no types, so it looks at what else there is.
//!
//! A guess in favour of a change is always right, at the price of a copy: methods that do not change their receivers hand it
//! back. The other guess is an error if it is wrong, never a wrong derivative.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Lit, Pat, Stmt};

use super::{mentions, standard, types};
use crate::ir::primitives;

/// What a function's source shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// Methods of the same `impl` block that take `&mut self`.
    pub(crate) changing: HashSet<String>,
    /// Methods of the same `impl` block that do not.
    pub(crate) reading: HashSet<String>,
    /// The variable that the method's receiver is in.
    pub(crate) receiver: Option<String>,
    /// Methods that stand as statements: they are called for what they do.
    pub(crate) effects: HashSet<String>,
    /// How many calls of methods there are at a site, and of how many of these the result takes the place of what they are
    /// called on, `s = s.next(x)`. A macro may write several at one site.
    pub(crate) sites: HashMap<String, (usize, usize)>,
    /// Variables that are references.
    pub(crate) references: HashSet<String>,
    /// Variables that hold a struct of the user's.
    pub(crate) own: HashSet<String>,
    /// Variables that hold a collection of the standard library's other than a vector.
    pub(crate) collections: HashSet<String>,
    /// Variables that hold integers and the like: a parameter by mutable reference to one is no derivative's.
    pub(crate) discrete: HashSet<String>,
    /// Variables of a type that goes by a name of the user's, and may be another name for one of the standard library's.
    pub(crate) named: HashSet<String>,
}

impl Changes {
    /// What the function's body shows. The names in it are unique.
    pub(crate) fn find(&mut self, body: &Block) {
        self.visit_block(body);
    }

    /// True if the method is taken to change its receiver, should that be mutable.
    pub(crate) fn is_changing(&self, call: &syn::ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let Some(place) = path(&call.receiver) else {
            return false;
        };
        if self.changing.contains(&name) {
            return true;
        }
        let own = self.is_own(call);
        if (is_in_place(call) && !own) || is_vector_change(call) {
            return true;
        }
        let operation = primitives::rule(&name, call.args.len() + 1).is_some()
            || primitives::is_copy(&name)
            || primitives::is_discrete(&name);
        if operation || mentions::is_reading(call) || name.starts_with("__") {
            return false;
        }
        if self.reading.contains(&name) || self.references.contains(&place[0]) {
            return false;
        }
        if self.effects.contains(&name) {
            return true;
        }
        if standard::is_standard(call) && !own {
            return false;
        }
        // An element is mostly read, and to copy and write it back in a loop would be dear.
        let indexed = place.iter().any(|part| part == INDEX);
        // While the receiver is changed, nothing else can borrow it.
        let borrowed = call.args.iter().any(|argument| {
            matches!(argument, Expr::Reference(reference)
                if mentions::root(&reference.expr).is_some_and(|name| name == place[0]))
        });
        !indexed && !borrowed && !call.args.iter().any(is_mutable_reference)
    }

    /// True if the call's result takes the place of what it is called on, so that whatever it does to that is never seen.
    pub(crate) fn is_replacing(&self, call: &syn::ExprMethodCall) -> bool {
        self.sites
            .get(&site(call))
            .is_some_and(|(calls, replacing)| calls == replacing)
    }

    /// True if the source shows that a method of this name changes its receiver.
    pub(crate) fn is_known_to_change(&self, call: &syn::ExprMethodCall) -> bool {
        let name = call.method.to_string();
        let known = (is_in_place(call) || is_vector_change(call)) && !self.is_own(call);
        known || self.changing.contains(&name) || self.effects.contains(&name)
    }

    /// True for a method with a name of the standard library's that is surely the user's.
    pub(crate) fn is_own(&self, call: &syn::ExprMethodCall) -> bool {
        let Some(variable) = variable(&call.receiver) else {
            return false;
        };
        const NAMES: &[&str] = &[
            "append", "clear", "extend", "fill", "first", "flatten", "fold", "get", "insert", "last", "map", "ok",
            "push", "remove", "replace", "reverse", "set", "skip", "split", "swap", "take", "truncate", "values",
            "write", "zip",
        ];
        let name = call.method.to_string();
        if !NAMES.contains(&name.as_str()) || call.args.iter().any(|argument| matches!(argument, Expr::Closure(_))) {
            return false;
        }
        let of_receiver = self.receiver.as_ref() == Some(&variable);
        self.own.contains(&variable) || of_receiver && (self.changing.contains(&name) || self.reading.contains(&name))
    }

    /// True for a change of a collection of the standard library's that has no derivative.
    pub(crate) fn is_of_collection(&self, call: &syn::ExprMethodCall) -> bool {
        is_vector_change(call) && variable(&call.receiver).is_some_and(|variable| self.collections.contains(&variable))
    }

    /// True for a method that is the user's, or of what the user has a name of their own for.
    pub(crate) fn is_of_named(&self, call: &syn::ExprMethodCall) -> bool {
        let is_reading = matches!(
            call.method.to_string().as_str(),
            "get" | "first" | "flatten" | "last" | "map" | "ok" | "zip"
        );
        let is_closure = |argument: &Expr| matches!(argument, Expr::Closure(_));
        is_reading
            && !call.args.iter().any(is_closure)
            && variable(&call.receiver).is_some_and(|variable| self.named.contains(&variable))
    }
}

/// The variable that the expression is.
fn variable(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => Some(path.path.get_ident()?.to_string()),
        Expr::Paren(paren) => variable(&paren.expr),
        Expr::Group(group) => variable(&group.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => variable(&unary.expr),
        _ => None,
    }
}

/// True for what gives a struct of the user's: a literal, or a constructor with arguments, which vectors have none of.
fn is_struct(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_struct(&paren.expr),
        Expr::Group(group) => is_struct(&group.expr),
        Expr::Struct(_) => true,
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return false };
            let mut last = path.path.segments.iter().rev();
            let is_new = last.next().is_some_and(|last| last.ident == "new");
            is_new && !call.args.is_empty() && last.next().is_some_and(|ty| !is_known_type(&ty.ident))
        }
        _ => false,
    }
}

/// True for a constructor or a type that names a collection other than a vector.
fn is_collection(tokens: &impl ToTokens) -> bool {
    const COLLECTIONS: &[&str] = &[
        "BTreeMap",
        "BTreeSet",
        "BinaryHeap",
        "HashMap",
        "HashSet",
        "String",
        "VecDeque",
    ];
    let tokens = tokens.to_token_stream();
    let first = tokens.into_iter().find_map(|tree| match tree {
        proc_macro2::TokenTree::Ident(name) if name.to_string().starts_with(char::is_uppercase) => Some(name),
        _ => None,
    });
    first.is_some_and(|name| COLLECTIONS.contains(&name.to_string().as_str()))
}

/// True for what is surely an integer, a truth value or a text: a literal, a cast, and arithmetic with one.
pub(crate) fn is_discrete(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(_) => false,
            Lit::Int(number) => !number.suffix().starts_with('f'),
            _ => true,
        },
        Expr::Cast(cast) => types::is_discrete(&cast.ty),
        Expr::MethodCall(call) => matches!(call.method.to_string().as_str(), "len" | "is_empty" | "count"),
        Expr::Paren(paren) => is_discrete(&paren.expr),
        Expr::Group(group) => is_discrete(&group.expr),
        Expr::Unary(unary) => !matches!(unary.op, syn::UnOp::Deref(_)) && is_discrete(&unary.expr),
        Expr::Binary(binary) => is_discrete(&binary.left) || is_discrete(&binary.right),
        _ => false,
    }
}

/// The path of what is called.
fn constructed(expr: &Expr) -> Option<&syn::Path> {
    match expr {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => Some(&path.path),
            _ => None,
        },
        _ => None,
    }
}

/// True for a type that is not one of the standard library's or this crate's, as far as its name shows.
pub(crate) fn is_named(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => is_named(&reference.elem),
        syn::Type::Paren(paren) => is_named(&paren.elem),
        syn::Type::Group(group) => is_named(&group.elem),
        syn::Type::Path(path) => {
            path.qself.is_none()
                && path
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| !is_known_type(&last.ident))
        }
        _ => false,
    }
}

fn is_known_type(name: &syn::Ident) -> bool {
    const KNOWN: &[&str] = &[
        "Arc",
        "BTreeMap",
        "BTreeSet",
        "BinaryHeap",
        "Box",
        "Cell",
        "Cow",
        "HashMap",
        "HashSet",
        "HeapMatrix",
        "Matrix",
        "Option",
        "Rc",
        "RefCell",
        "Result",
        "String",
        "Vec",
        "VecDeque",
    ];
    let name = name.to_string();
    !name.starts_with(char::is_uppercase) || KNOWN.contains(&name.as_str())
}

/// True for the methods of slices and vectors that change them and are seen through.
pub(crate) fn is_in_place(call: &syn::ExprMethodCall) -> bool {
    matches!(
        (call.method.to_string().as_str(), call.args.len()),
        ("swap", 2) | ("fill" | "copy_from_slice" | "clone_from_slice" | "push", 1) | ("reverse", 0)
    )
}

/// True for the methods that put elements in another order, or keep some of them.
pub(crate) fn is_rearranging(call: &syn::ExprMethodCall) -> bool {
    let name = call.method.to_string();
    call.args.len() == 1 && (primitives::is_order(&name) || name == "retain")
}

/// True for the methods of vectors and options that change them and have derivatives of their own.
pub(crate) fn is_vector_change(call: &syn::ExprMethodCall) -> bool {
    matches!(
        (call.method.to_string().as_str(), call.args.len()),
        ("pop" | "clear" | "take", 0)
            | (
                "replace"
                    | "truncate"
                    | "remove"
                    | "swap_remove"
                    | "extend_from_slice"
                    | "append"
                    | "split_off"
                    | "rotate_left"
                    | "rotate_right",
                1
            )
            | ("insert" | "resize", 2)
    )
}

/// Stands for an element in a path.
const INDEX: &str = "[]";

/// The variable and the fields on the way to a place.
fn path(place: &Expr) -> Option<Vec<String>> {
    let (base, part) = match place {
        Expr::Path(path) => return Some(vec![path.path.get_ident()?.to_string()]),
        Expr::Field(field) => (&field.base, field.member.to_token_stream().to_string()),
        Expr::Index(index) => (&index.expr, INDEX.to_owned()),
        Expr::Paren(paren) => return path(&paren.expr),
        Expr::Group(group) => return path(&group.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => return path(&unary.expr),
        _ => return None,
    };
    let mut path = path(base)?;
    path.push(part);
    Some(path)
}

/// The calls of the place's methods that give the expression's value, in whichever branch.
fn calls_of(place: &[String], value: &Expr, calls: &mut HashMap<String, (usize, usize)>) {
    let mut of_block = |block: &Block| {
        if let Some(Stmt::Expr(tail, None)) = block.stmts.last() {
            calls_of(place, tail, calls);
        }
    };
    match value {
        Expr::Paren(paren) => calls_of(place, &paren.expr, calls),
        Expr::Group(group) => calls_of(place, &group.expr, calls),
        Expr::Block(block) => of_block(&block.block),
        Expr::If(branch) => {
            of_block(&branch.then_branch);
            if let Some((_, other)) = &branch.else_branch {
                calls_of(place, other, calls);
            }
        }
        Expr::Match(branch) => branch.arms.iter().for_each(|arm| calls_of(place, &arm.body, calls)),
        Expr::MethodCall(call) => {
            let (mut innermost, mut looked_at) = (call, false);
            while let Expr::MethodCall(receiver) = &*innermost.receiver {
                let mentioned = mentions::mentions(&innermost.args.to_token_stream());
                looked_at |= mentioned.iter().any(|name| *name == place[0]);
                innermost = receiver;
            }
            if !looked_at && path(&innermost.receiver).is_some_and(|receiver| receiver == place) {
                calls.entry(site(innermost)).or_default().1 += 1;
            }
        }
        _ => {}
    }
}

/// Where the method is called. Copies of the source keep it.
fn site(call: &syn::ExprMethodCall) -> String {
    format!("{} {:?}", call.method, call.method.span())
}

fn is_mutable_reference(expr: &Expr) -> bool {
    matches!(expr, Expr::Reference(reference) if reference.mutability.is_some())
}

impl<'ast> Visit<'ast> for Changes {
    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        match statement {
            Stmt::Expr(Expr::MethodCall(call), Some(_)) => {
                self.effects.insert(call.method.to_string());
            }
            Stmt::Local(local) => {
                if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
                    && matches!(&*init.expr, Expr::Reference(_))
                {
                    self.references.insert(name.ident.to_string());
                }
                let (pattern, ty) = match &local.pat {
                    Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
                    pattern => (pattern, None),
                };
                if let (Pat::Ident(name), Some(init)) = (pattern, &local.init) {
                    let is_copy = variable(&init.expr).is_some_and(|other| self.discrete.contains(&other));
                    if is_copy || is_discrete(&init.expr) || ty.is_some_and(types::is_discrete) {
                        self.discrete.insert(name.ident.to_string());
                    }
                    if constructed(&init.expr).is_some_and(is_collection) || ty.is_some_and(is_collection) {
                        self.collections.insert(name.ident.to_string());
                    }
                    if is_struct(&init.expr) {
                        self.own.insert(name.ident.to_string());
                    }
                    if ty.is_some_and(is_named) {
                        self.named.insert(name.ident.to_string());
                    }
                }
            }
            _ => {}
        }
        visit::visit_stmt(self, statement);
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.sites.entry(site(call)).or_default().0 += 1;
        visit::visit_expr_method_call(self, call);
    }
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        if let Some(place) = path(&assign.left) {
            calls_of(&place, &assign.right, &mut self.sites);
        }
        visit::visit_expr_assign(self, assign);
    }
    fn visit_item(&mut self, _: &'ast Item) {}
}
