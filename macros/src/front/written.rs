//! Parameters by mutable reference: in generated code they are values that come in, and come out with the result.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, FnArg, Item, ItemFn, Macro, Pat, Stmt, Type, UnOp};

use super::mentions;

/// Makes values of the parameters with these names. All names in the body are unique.
// Input:  fn f(s: &mut S) -> f64 { *s = g(s); if c { return 1.0; } s.x }
// Output: fn f(mut s: S) -> (f64, S) { ({ s = g(&mut s); if c { return (1.0, s); } s.x }, s) }
pub(crate) fn by_value(item: &ItemFn, body: &mut Block, names: &[Ident]) {
    if names.is_empty() {
        return;
    }
    rename_reborrows(body, names);
    let mut evidence = Evidence::default();
    evidence.own(&item.sig);
    evidence.visit_block(body);
    let mut values = Values {
        names,
        evidence: &evidence,
        effect: false,
    };
    values.visit_block_mut(body);
    let inner = body.clone();
    *body = syn::parse_quote!({ (#inner, #(#names),*) });
}

/// `let p = s;` gives the same place another name.
fn rename_reborrows(body: &mut Block, names: &[Ident]) {
    struct Reborrows<'n>(&'n [Ident], Vec<(Ident, Ident)>);
    impl VisitMut for Reborrows<'_> {
        fn visit_block_mut(&mut self, block: &mut Block) {
            block.stmts.retain(|statement| {
                let Stmt::Local(local) = statement else { return true };
                let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init) else {
                    return true;
                };
                match variable(&init.expr) {
                    Some(place) if self.0.contains(place) && init.diverge.is_none() => {
                        self.1.push((name.ident.clone(), place.clone()));
                        false
                    }
                    _ => true,
                }
            });
            visit_mut::visit_block_mut(self, block);
        }
    }
    let mut reborrows = Reborrows(names, Vec::new());
    reborrows.visit_block_mut(body);
    for (from, to) in reborrows.1 {
        super::aliases::substitute(body, &from, &syn::parse_quote!(#to));
    }
}

/// What the body shows of how functions take their arguments. A reference `s` that is handed on, `g(s)`, may be taken as `&mut S`
/// or as `&S`; a macro does not see which.
#[derive(Default)]
struct Evidence {
    /// Arguments that are references: of what function, at which position, and whether mutable.
    given: Vec<(String, usize, bool)>,
    /// Arguments that are variables, of functions that are called for what they do: if they are references, then mutable ones.
    effects: Vec<(String, usize)>,
    /// Variables that are written to in other ways.
    written: Vec<Ident>,
}

impl Evidence {
    fn arguments<'a>(&mut self, function: &str, arguments: impl Iterator<Item = &'a Expr>) {
        for (index, argument) in arguments.enumerate() {
            if let Expr::Reference(reference) = argument {
                self.given
                    .push((function.to_owned(), index, reference.mutability.is_some()));
            }
        }
    }

    /// How the function itself takes its arguments.
    fn own(&mut self, signature: &syn::Signature) {
        let name = &signature.ident;
        for (index, input) in signature.inputs.iter().enumerate() {
            if let FnArg::Typed(typed) = input
                && let Type::Reference(reference) = &*typed.ty
            {
                let mutable = reference.mutability.is_some();
                for path in [quote!(#name), quote!(self::#name), quote!(Self::#name)] {
                    self.given.push((path.to_string(), index, mutable));
                }
            }
        }
    }

    fn write(&mut self, place: &Expr) {
        self.written.extend(mentions::root(place));
    }

    /// True if the function is taken to write to this argument. `effect` if it is called for what it does.
    fn is_writing(&self, function: &str, index: usize, name: &Ident, effect: bool) -> bool {
        let known = self
            .given
            .iter()
            .find(|(other, position, _)| other == function && *position == index);
        match known {
            Some((_, _, mutable)) => *mutable,
            None => {
                let mut effects = self.effects.iter();
                effect
                    || effects.any(|(other, position)| other == function && *position == index)
                    || !self.written.contains(name)
            }
        }
    }
}

impl<'ast> Visit<'ast> for Evidence {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.arguments(&call.func.to_token_stream().to_string(), call.args.iter());
        visit::visit_expr_call(self, call);
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        self.arguments(&method, call.args.iter());
        if method.ends_with("_mut") {
            // `iter_mut` and its kin.
            self.write(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }
    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(Expr::MethodCall(call), Some(_)) = statement {
            self.write(&call.receiver);
        }
        if let Some((function, arguments)) = called_for_its_effect(statement) {
            let variables = arguments.iter().enumerate();
            let variables = variables.filter(|(_, argument)| variable(argument).is_some());
            self.effects
                .extend(variables.map(|(index, _)| (function.clone(), index)));
        }
        visit::visit_stmt(self, statement);
    }
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.write(&assign.left);
        visit::visit_expr_assign(self, assign);
    }
    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if mentions::is_compound(&binary.op) {
            self.write(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }
    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if reference.mutability.is_some() {
            self.write(&reference.expr);
        }
        visit::visit_expr_reference(self, reference);
    }
    fn visit_item(&mut self, _: &'ast Item) {}
}

struct Values<'n> {
    names: &'n [Ident],
    evidence: &'n Evidence,
    /// True for the call that is next: it stands as a statement, and is handed no mutable reference to another variable.
    effect: bool,
}

impl Values<'_> {
    fn is_written(&self, expr: &Expr) -> bool {
        variable(expr).is_some_and(|name| self.names.contains(name))
    }

    /// References that are handed on.
    fn hand_on<'a>(&mut self, function: &str, arguments: impl Iterator<Item = &'a mut Expr>) {
        let effect = std::mem::take(&mut self.effect);
        for (index, argument) in arguments.enumerate() {
            let Some(name) = variable(argument).filter(|name| self.names.contains(name)) else {
                continue;
            };
            let at = name.span();
            let reference = if self.evidence.is_writing(function, index, name, effect) {
                quote_spanned!(at=> &mut #argument)
            } else {
                quote_spanned!(at=> &#argument)
            };
            if let Ok(reference) = syn::parse2(reference) {
                *argument = reference;
            }
        }
    }
}

impl VisitMut for Values<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) && self.is_written(&unary.expr) => {
                *expr = (*unary.expr).clone();
            }
            Expr::Return(source) => {
                let names = self.names;
                let value: Expr = match &source.expr {
                    Some(value) => syn::parse_quote!((#value, #(#names),*)),
                    None => syn::parse_quote!(((), #(#names),*)),
                };
                source.expr = Some(Box::new(value));
            }
            _ => {}
        }
    }

    fn visit_stmt_mut(&mut self, statement: &mut Stmt) {
        self.effect = called_for_its_effect(statement).is_some();
        visit_mut::visit_stmt_mut(self, statement);
        self.effect = false;
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        let function = call.func.to_token_stream().to_string();
        // What is swapped is written to.
        self.effect |= function.contains("mem ::");
        self.hand_on(&function, call.args.iter_mut());
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        self.hand_on(&call.method.to_string(), call.args.iter_mut());
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        // A `return` in it is the closure's own.
        struct Inside<'v, 'n>(&'v Values<'n>);
        impl VisitMut for Inside<'_, '_> {
            fn visit_expr_mut(&mut self, expr: &mut Expr) {
                if let Expr::Unary(unary) = expr
                    && matches!(unary.op, UnOp::Deref(_))
                    && self.0.is_written(&unary.expr)
                {
                    *expr = (*unary.expr).clone();
                }
                visit_mut::visit_expr_mut(self, expr);
            }
        }
        Inside(self).visit_expr_mut(&mut closure.body);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        mac.tokens = without_stars(mac.tokens.clone(), self.names);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The function and the arguments of a call that stands as a statement, and is handed no mutable reference to a variable. What is
/// written to a temporary is lost: such a call, too, must be there for something else.
fn called_for_its_effect(statement: &Stmt) -> Option<(String, Vec<&Expr>)> {
    let (function, arguments): (_, Vec<_>) = match statement {
        Stmt::Expr(Expr::Call(call), Some(_)) => (call.func.to_token_stream().to_string(), call.args.iter().collect()),
        Stmt::Expr(Expr::MethodCall(call), Some(_)) => (call.method.to_string(), call.args.iter().collect()),
        _ => return None,
    };
    let writes = |argument: &&Expr| matches!(argument, Expr::Reference(reference) if reference.mutability.is_some() && mentions::root(&reference.expr).is_some());
    (!arguments.is_empty() && !arguments.iter().any(writes)).then_some((function, arguments))
}

/// Takes the `*` from in front of the names.
pub(super) fn without_stars(tokens: TokenStream, names: &[Ident]) -> TokenStream {
    let trees: Vec<_> = tokens.into_iter().collect();
    let is_name = |index: usize| matches!(trees.get(index), Some(TokenTree::Ident(ident)) if names.contains(ident));
    let is_place = |index: usize| match trees.get(index) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '.',
        Some(TokenTree::Group(group)) => group.delimiter() == proc_macro2::Delimiter::Bracket,
        _ => false,
    };
    trees
        .iter()
        .enumerate()
        .filter_map(|(index, tree)| match tree {
            TokenTree::Punct(punct) if punct.as_char() == '*' && is_name(index + 1) && !is_place(index + 2) => None,
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_stars(group.stream(), names));
                inner.set_span(group.span());
                Some(TokenTree::Group(inner))
            }
            tree => Some(tree.clone()),
        })
        .collect()
}

/// The variable, if the expression is just that.
fn variable(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Paren(paren) => variable(&paren.expr),
        _ => None,
    }
}
