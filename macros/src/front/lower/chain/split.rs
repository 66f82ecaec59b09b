//! Parts of slices by methods: `split_at`, `first`, `last`, `get`.

use syn::{Expr, ExprMethodCall, Pat, Stmt};

use super::super::Lowering;
use super::super::statement::strip;
use super::choice::Choice;
use super::source::Shape;

impl Lowering<'_> {
    /// `let (left, right) = slice.split_at(middle);`; false if the statement is none.
    // Output: let left = &slice[..middle]; let right = &slice[middle..];
    pub(in super::super) fn split_at(&mut self, pattern: &Pat, value: &Expr) -> bool {
        let (Pat::Tuple(pair), Expr::MethodCall(call)) = (pattern, strip(value)) else {
            return false;
        };
        let fits = call.method == "split_at" && call.args.len() == 1 && pair.elems.len() == 2;
        if !fits || pair.elems.iter().any(|part| matches!(part, Pat::Rest(_))) || !self.mentions_active(&call.receiver)
        {
            return false;
        }
        let Some(source) = self.chain_operand(&call.receiver, true) else {
            return true;
        };
        let middle = self.bound("middle", &call.args[0]);
        let (left, right) = (&pair.elems[0], &pair.elems[1]);
        let statements: [Stmt; 2] = [
            syn::parse_quote!(let #left = &#source[..#middle];),
            syn::parse_quote!(let #right = &#source[#middle..];),
        ];
        self.chain_statements(&statements);
        true
    }

    /// `slice.first().unwrap()` and its kin.
    // Output: let found = position < slice.len();
    pub(super) fn element_by_method(&mut self, call: &ExprMethodCall) -> Option<Choice> {
        let source = self.chain_operand(&call.receiver, true)?;
        let position: Expr = match call.method.to_string().as_str() {
            "first" => syn::parse_quote!(0_usize),
            "last" => syn::parse_quote!(#source.len().wrapping_sub(1)),
            _ => call.args[0].clone(),
        };
        let position = self.bound("position", &position);
        let found = self.names.fresh("found", call.method.span());
        self.chain_statements(&[syn::parse_quote!(let #found = #position < #source.len();)]);
        let shape = Shape::Element {
            source,
            by_reference: true,
        };
        let mut before = Vec::new();
        let item = self.item_at(&shape, &position, &mut before);
        Some(Choice::At {
            found,
            before,
            item,
            none: None,
        })
    }
}

/// True for the methods that give an element of a slice.
pub(super) fn gives_element(call: &ExprMethodCall) -> bool {
    match (call.method.to_string().as_str(), call.args.len()) {
        ("first" | "last", 0) => true,
        // Maps have keys by reference.
        ("get", 1) => !matches!(strip(&call.args[0]), Expr::Reference(_) | Expr::Range(_)),
        _ => false,
    }
}
