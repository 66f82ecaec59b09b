//! Name resolution: afterwards every binding in the function has a name of its own.
//!
//! Shadowing is legal in Rust and a source of wrong gradients in a compiler that keeps values alive for the reverse
//! sweep. So the second `x` of a function is renamed, and so is every mention of it, also inside macros and in the
//! `{x}` of format strings. A function without shadowing is not changed.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprClosure, FieldPat, FieldValue, Item, Macro, Member, Pat, Stmt, Token, UseTree};

/// The names that are in use, from which new ones are made.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// All identifiers among the tokens are in use.
    pub(crate) fn reserve(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => {
                    self.taken.insert(ident.to_string());
                }
                TokenTree::Group(group) => self.reserve(group.stream()),
                TokenTree::Literal(literal) => self.taken.extend(captured(&literal)),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// A name that is not in use, like the given one.
    pub(crate) fn fresh(&mut self, like: &str, span: Span) -> Ident {
        let stem = like.trim_start_matches("r#");
        let name = (1..)
            .map(|number| format!("{stem}_{number}"))
            .find(|name| !self.taken.contains(name))
            .unwrap_or_default();
        self.taken.insert(name.clone());
        Ident::new(&name, span)
    }
}

/// Renames bindings so that no two have the same name. `parameters` are the function's patterns.
pub(crate) fn resolve(parameters: &mut [Pat], body: &mut Block, names: &mut Names) {
    let mut resolver = Resolver {
        names,
        bound: HashSet::new(),
        scopes: vec![HashMap::new()],
        items: Vec::new(),
    };
    for pattern in parameters {
        resolver.bind(pattern);
    }
    // The items of the body keep their names.
    resolver.scoped(|resolver| visit_mut::visit_block_mut(resolver, body));
}

/// Renames variables in an expression.
pub(crate) fn rename<'n>(expr: &mut Expr, renamed: impl Iterator<Item = (&'n Ident, &'n Ident)>, names: &mut Names) {
    let scope = renamed
        .map(|(from, to)| (Variable::new(&from.to_string(), from.span()), to.clone()))
        .collect();
    let mut resolver = Resolver {
        names,
        bound: HashSet::new(),
        scopes: vec![scope],
        items: Vec::new(),
    };
    resolver.visit_condition(expr);
}

/// Renames the bindings inside a closure that is inlined a second time.
pub(crate) fn freshen(closure: &mut ExprClosure, names: &mut Names) {
    let mut resolver = Resolver {
        names,
        bound: HashSet::new(),
        scopes: vec![HashMap::new()],
        items: Vec::new(),
    };
    resolver.rename_all(closure);
}

/// A variable in the source: its name, and the hygiene of the macro that wrote it. Two variables of one name are not the same
/// if one of them is a `macro_rules!` macro's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Variable {
    name: String,
    hygiene: String,
}

impl Variable {
    fn new(name: &str, span: Span) -> Self {
        // The only way on stable to see it: `#3 bytes(10..20)`.
        let shown = format!("{span:?}");
        let hygiene = shown.split(' ').next().filter(|word| word.starts_with('#'));
        Self {
            name: name.to_owned(),
            hygiene: hygiene.unwrap_or_default().to_owned(),
        }
    }
}

struct Resolver<'n> {
    names: &'n mut Names,
    /// Names that some binding has.
    bound: HashSet<String>,
    /// From the variable in the source to its new name, innermost scope last.
    scopes: Vec<HashMap<Variable, Ident>>,
    /// The same for the items of inner blocks.
    items: Vec<HashMap<Variable, Ident>>,
}

impl Resolver<'_> {
    /// Treats every binding of the closure as a second one.
    fn rename_all(&mut self, closure: &mut ExprClosure) {
        struct Bindings(HashSet<String>);
        impl VisitMut for Bindings {
            fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
                if binds(pattern) {
                    self.0.insert(pattern.ident.to_string());
                }
                visit_mut::visit_pat_ident_mut(self, pattern);
            }
        }
        let mut bindings = Bindings(HashSet::new());
        bindings.visit_expr_closure_mut(closure);
        self.bound = bindings.0;
        self.visit_expr_closure_mut(closure);
    }

    fn scoped(&mut self, inside: impl FnOnce(&mut Self)) {
        self.scopes.push(HashMap::new());
        inside(self);
        self.scopes.pop();
    }

    fn lookup(&self, name: &str, span: Span) -> Option<&Ident> {
        let variable = Variable::new(name, span);
        let new = self.scopes.iter().rev().find_map(|scope| scope.get(&variable))?;
        (*new != name).then_some(new)
    }

    fn lookup_item(&self, name: &Ident) -> Option<&Ident> {
        let variable = Variable::new(&name.to_string(), name.span());
        self.items.iter().rev().find_map(|scope| scope.get(&variable))
    }

    /// Gives the constants, statics, functions and imports of an inner block names that nothing else has: they will stand in
    /// front of the whole body.
    fn rename_items(&mut self, block: &mut Block) {
        let mut here = HashMap::new();
        for statement in &mut block.stmts {
            let Stmt::Item(item) = statement else { continue };
            match item {
                Item::Const(item) => self.rename_item(&mut item.ident, &mut here),
                Item::Static(item) => self.rename_item(&mut item.ident, &mut here),
                Item::Fn(item) => self.rename_item(&mut item.sig.ident, &mut here),
                Item::Use(item) => self.rename_import(&mut item.tree, &mut here),
                _ => {}
            }
        }
        // An item hides a variable of the same name, and the other way round.
        if let Some(scope) = self.scopes.last_mut() {
            scope.extend(here.clone());
        }
        self.items.push(here);
        for statement in &mut block.stmts {
            if let Stmt::Item(item) = statement {
                self.rename_in_item(item);
            }
        }
    }

    fn rename_item(&mut self, name: &mut Ident, here: &mut HashMap<Variable, Ident>) {
        if name == "_" {
            return;
        }
        let new = self.names.fresh(&name.to_string(), name.span());
        here.insert(Variable::new(&name.to_string(), name.span()), new.clone());
        *name = new;
    }

    fn rename_import(&mut self, tree: &mut UseTree, here: &mut HashMap<Variable, Ident>) {
        match tree {
            UseTree::Path(path) => self.rename_import(&mut path.tree, here),
            UseTree::Group(group) => group.items.iter_mut().for_each(|item| self.rename_import(item, here)),
            UseTree::Rename(renamed) if is_value_name(&renamed.rename) => self.rename_item(&mut renamed.rename, here),
            UseTree::Name(name) if is_value_name(&name.ident) && name.ident != "self" => {
                let mut new = name.ident.clone();
                self.rename_item(&mut new, here);
                *tree = UseTree::Rename(syn::UseRename {
                    ident: name.ident.clone(),
                    as_token: Token![as](name.ident.span()),
                    rename: new,
                });
            }
            _ => {}
        }
    }

    /// Renames the mentions of items inside an item. It sees no variables.
    fn rename_in_item(&mut self, item: &mut Item) {
        if self.items.iter().all(HashMap::is_empty) || matches!(item, Item::Use(_)) {
            return;
        }
        let scopes = std::mem::replace(&mut self.scopes, self.items.clone());
        let renamed = self.rename_tokens(item.to_token_stream());
        self.scopes = scopes;
        if let Ok(renamed) = syn::parse2(renamed) {
            *item = renamed;
        }
    }

    /// Gives the bindings of a pattern their names, in the innermost scope.
    fn bind(&mut self, pattern: &mut Pat) {
        let mut binder = Binder {
            resolver: self,
            here: HashMap::new(),
        };
        binder.visit_pat_mut(pattern);
        let here = binder.here;
        if let Some(scope) = self.scopes.last_mut() {
            scope.extend(here);
        }
    }

    fn rename(&self, ident: &mut Ident) {
        if let Some(new) = self.lookup(&ident.to_string(), ident.span()) {
            *ident = crate::ir::ident(&new.to_string(), ident.span());
        }
    }

    /// Renames mentions among the tokens of a macro. An identifier behind a dot is a field or a method; one before a
    /// single `=`, which is not that of `==` or `=>`, is the name of an argument.
    fn rename_tokens(&self, tokens: TokenStream) -> TokenStream {
        let trees: Vec<_> = tokens.into_iter().collect();
        let punct = |index: Option<usize>, mark: char| matches!(index.and_then(|index| trees.get(index)), Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
        (0..trees.len())
            .map(|index| match &trees[index] {
                TokenTree::Ident(ident) => {
                    let member = punct(index.checked_sub(1), '.') && !punct(index.checked_sub(2), '.');
                    let behind = |mark| punct(Some(index + 2), mark);
                    let argument = punct(Some(index + 1), '=') && !behind('=') && !behind('>');
                    let mut ident = ident.clone();
                    if !member && !argument {
                        self.rename(&mut ident);
                    }
                    TokenTree::Ident(ident)
                }
                TokenTree::Group(group) => {
                    let mut renamed = Group::new(group.delimiter(), self.rename_tokens(group.stream()));
                    renamed.set_span(group.span());
                    TokenTree::Group(renamed)
                }
                TokenTree::Literal(literal) => TokenTree::Literal(self.rename_captures(literal)),
                tree @ TokenTree::Punct(_) => tree.clone(),
            })
            .collect()
    }

    /// Renames the variables that a format string captures.
    fn rename_captures(&self, literal: &Literal) -> Literal {
        let source = map_captures(&literal.to_string(), |name| {
            self.lookup(name, literal.span())
                .map_or_else(|| name.to_owned(), ToString::to_string)
        });
        source.parse().map_or_else(
            |_| literal.clone(),
            |mut renamed: Literal| {
                renamed.set_span(literal.span());
                renamed
            },
        )
    }

    /// A condition, whose `let` patterns are in scope in what follows it.
    fn visit_condition(&mut self, condition: &mut Expr) {
        match condition {
            Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
                self.visit_condition(&mut binary.left);
                self.visit_condition(&mut binary.right);
            }
            Expr::Let(pattern) => {
                self.visit_expr_mut(&mut pattern.expr);
                self.bind(&mut pattern.pat);
            }
            Expr::Paren(paren) => self.visit_condition(&mut paren.expr),
            other => self.visit_expr_mut(other),
        }
    }
}

/// The variables that a format string captures by name.
pub(crate) fn captured(literal: &Literal) -> Vec<String> {
    let mut names = Vec::new();
    map_captures(&literal.to_string(), |name| {
        names.push(name.to_owned());
        name.to_owned()
    });
    names
}

/// Applies a function to each name that a string literal, if it is a format string, captures: `{name}`, `{name:?}`, and
/// the widths and precisions of `{:width$.precision$}`.
fn map_captures(source: &str, mut rename: impl FnMut(&str) -> String) -> String {
    if !source.contains('"') {
        return source.to_owned();
    }
    let mut result = String::new();
    let mut rest = source;
    while let Some(open) = rest.find('{') {
        let (before, inside) = rest.split_at(open + 1);
        result.push_str(before);
        rest = inside;
        if let Some(escaped) = rest.strip_prefix('{') {
            result.push('{');
            rest = escaped;
        } else if let Some(close) = rest.find('}') {
            let (piece, after) = rest.split_at(close);
            let (argument, spec) = piece.split_at(piece.find(':').unwrap_or(piece.len()));
            result.push_str(&if is_name(argument) {
                rename(argument)
            } else {
                argument.to_owned()
            });
            result.push_str(&map_counts(spec, &mut rename));
            rest = after;
        }
    }
    result + rest
}

/// Applies a function to each `name$` of a format specification.
fn map_counts(spec: &str, rename: &mut impl FnMut(&str) -> String) -> String {
    let mut pieces: Vec<String> = spec.split('$').map(str::to_owned).collect();
    let last = pieces.len() - 1;
    for piece in &mut pieces[..last] {
        let start = piece
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |at| at + 1);
        let name = piece.split_off(start);
        piece.push_str(&if is_name(&name) { rename(&name) } else { name });
    }
    pieces.join("$")
}

/// True if the name is that of a function, a module or a constant, as far as its case shows.
fn is_value_name(name: &Ident) -> bool {
    let name = name.to_string();
    name != "_" && (name.starts_with(char::is_lowercase) || name.chars().all(|c| !c.is_lowercase()))
}

fn is_name(text: &str) -> bool {
    syn::parse_str::<Ident>(text).is_ok()
}

/// True if the identifier pattern binds a variable; a bare name in upper case is a constant or a unit variant.
pub(crate) fn binds(pattern: &syn::PatIdent) -> bool {
    pattern.by_ref.is_some()
        || pattern.mutability.is_some()
        || pattern.subpat.is_some()
        || !pattern
            .ident
            .to_string()
            .trim_start_matches("r#")
            .starts_with(char::is_uppercase)
}

/// Renames the bindings of one pattern; the alternatives of an or-pattern bind the same names.
struct Binder<'r, 'n> {
    resolver: &'r mut Resolver<'n>,
    here: HashMap<Variable, Ident>,
}

impl Binder<'_, '_> {
    fn declare(&mut self, ident: &mut Ident) {
        let name = ident.to_string();
        let variable = Variable::new(&name, ident.span());
        let stem = name.trim_start_matches("__");
        let new = match self.here.get(&variable) {
            Some(new) => new.clone(),
            // Names that begin like that are those of generated code.
            None if stem.len() < name.len() => {
                let is_name = stem.starts_with(|first: char| first.is_alphabetic() || first == '_');
                let stem = if is_name { stem } else { "unnamed" };
                self.resolver.names.fresh(stem, ident.span())
            }
            None if self.resolver.bound.insert(name.clone()) => ident.clone(),
            None => self.resolver.names.fresh(&name, ident.span()),
        };
        *ident = crate::ir::ident(&new.to_string(), ident.span());
        self.here.insert(variable, new);
    }
}

impl VisitMut for Binder<'_, '_> {
    fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
        if binds(pattern) {
            self.declare(&mut pattern.ident);
        } else if let Some(new) = self.resolver.lookup_item(&pattern.ident) {
            pattern.ident = crate::ir::ident(&new.to_string(), pattern.ident.span());
        }
        if let Some((_, inner)) = &mut pattern.subpat {
            self.visit_pat_mut(inner);
        }
    }

    fn visit_field_pat_mut(&mut self, field: &mut FieldPat) {
        visit_mut::visit_field_pat_mut(self, field);
        // `Point { x }` becomes `Point { x: x_1 }`.
        if let (None, Pat::Ident(pattern), Member::Named(member)) = (&field.colon_token, &*field.pat, &field.member)
            && pattern.ident != *member
        {
            field.colon_token = Some(Token![:](member.span()));
        }
    }

    // A guard sees the bindings of its pattern.
    fn visit_pat_guard_mut(&mut self, guard: &mut syn::PatGuard) {
        self.visit_pat_mut(&mut guard.pat);
        let here = self.here.clone();
        self.resolver.scoped(|resolver| {
            if let Some(scope) = resolver.scopes.last_mut() {
                scope.extend(here);
            }
            resolver.visit_condition(&mut guard.guard);
        });
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        self.resolver.visit_expr_mut(expr);
    }

    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        self.resolver.visit_type_mut(ty);
    }
}

impl VisitMut for Resolver<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.scoped(|resolver| {
            resolver.rename_items(block);
            visit_mut::visit_block_mut(resolver, block);
            resolver.items.pop();
        });
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if let Some(init) = &mut local.init {
            self.visit_local_init_mut(init);
        }
        self.bind(&mut local.pat);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        self.scoped(|resolver| {
            for input in &mut closure.inputs {
                resolver.bind(input);
            }
            resolver.visit_expr_mut(&mut closure.body);
        });
    }

    fn visit_expr_if_mut(&mut self, branch: &mut syn::ExprIf) {
        self.scoped(|resolver| {
            resolver.visit_condition(&mut branch.cond);
            resolver.visit_block_mut(&mut branch.then_branch);
        });
        if let Some((_, otherwise)) = &mut branch.else_branch {
            self.visit_expr_mut(otherwise);
        }
    }

    fn visit_expr_while_mut(&mut self, branch: &mut syn::ExprWhile) {
        self.scoped(|resolver| {
            resolver.visit_condition(&mut branch.cond);
            resolver.visit_block_mut(&mut branch.body);
        });
    }

    fn visit_expr_for_loop_mut(&mut self, branch: &mut syn::ExprForLoop) {
        self.visit_expr_mut(&mut branch.expr);
        self.scoped(|resolver| {
            resolver.bind(&mut branch.pat);
            resolver.visit_block_mut(&mut branch.body);
        });
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        self.scoped(|resolver| {
            resolver.bind(&mut arm.pat);
            resolver.visit_expr_mut(&mut arm.body);
        });
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if path.qself.is_none() && path.path.leading_colon.is_none() && path.path.segments.len() == 1 {
            self.rename(&mut path.path.segments[0].ident);
        } else if path.qself.is_none()
            && path.path.leading_colon.is_none()
            && let Some(new) = self.lookup_item(&path.path.segments[0].ident).cloned()
        {
            path.path.segments[0].ident = new;
        }
        visit_mut::visit_expr_path_mut(self, path);
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        visit_mut::visit_field_value_mut(self, field);
        // `Point { x }` becomes `Point { x: x_1 }`.
        if let (None, Expr::Path(path), Member::Named(member)) = (&field.colon_token, &field.expr, &field.member)
            && !path.path.is_ident(member)
        {
            field.colon_token = Some(Token![:](member.span()));
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = self.rename_tokens(mac.tokens.clone());
    }

    // Items have scopes of their own.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}
