//! Macro calls: assertions and output touch no derivative, `panic!` ends the function, others must be inactive.

use quote::{ToTokens, quote};
use syn::{Expr, ExprMacro};

use super::Lowering;
use super::statement::extent;
use crate::ir::{Check, End, Op, Operand, OperandKind, Statement, Syntax, Verbatim};

/// Macros whose call never ends.
const DIVERGING: &[&str] = &["panic", "unreachable", "todo", "unimplemented"];

/// Macros that only look at their arguments.
const LOOKING: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "format",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
    "assert_relative_eq",
    "assert_abs_diff_eq",
    "assert_ulps_eq",
    "matches",
    "stringify",
    "concat",
    "line",
    "file",
    "column",
    "module_path",
    "cfg",
    "env",
    "option_env",
];

impl Lowering<'_> {
    /// A macro call as a statement.
    pub(super) fn macro_effect(&mut self, mac: &ExprMacro) {
        let name = name(mac);
        if is_diverging(&mac.mac) {
            self.verbatim(&Expr::Macro(mac.clone()));
            self.ended.get_or_insert(End::Diverge);
            return;
        }
        if !LOOKING.contains(&name.as_str()) && self.mentions_active(&mac.mac.tokens) {
            self.unknown(mac, &name);
            return;
        }
        let code = self.opaque(&quote!(#mac;));
        let writes = self.writes(&Expr::Macro(mac.clone()));
        self.push(Statement::Verbatim(Verbatim {
            code,
            writes,
            defines: Vec::new(),
        }));
    }

    /// A macro call for its value.
    pub(super) fn macro_value(&mut self, mac: &ExprMacro) -> Operand {
        let name = name(mac);
        if is_diverging(&mac.mac) {
            self.macro_effect(mac);
            return Self::unit(mac);
        }
        if matches!(name.as_str(), "line" | "column") {
            return Operand {
                kind: OperandKind::Constant(mac.to_token_stream()),
                extent: extent(mac),
            };
        }
        let looking = LOOKING.contains(&name.as_str());
        if is_statement(&name) {
            self.macro_effect(mac);
            return Self::unit(mac);
        }
        if !looking && self.mentions_active(&mac.mac.tokens) {
            return match (name.as_str(), syn::parse2(mac.mac.tokens.clone())) {
                ("vec", Ok(elements)) => self.vector(mac, elements),
                _ => self.unknown(mac, &name),
            };
        }
        let expr = Expr::Macro(mac.clone());
        let discrete = self.mentions_active(&mac.mac.tokens);
        let check = if discrete { Check::Discrete } else { Check::Nothing };
        let code = self.opaque(&expr);
        let writes = self.writes(&expr);
        self.operation(&expr, Op::Opaque { code, writes, check }, Vec::new())
    }

    /// `vec![a, b]` and `vec![x; n]`
    fn vector(&mut self, mac: &ExprMacro, Elements(elements): Elements) -> Operand {
        match elements {
            Expr::Repeat(repeat) => {
                let operand = self.expression(&repeat.expr);
                let length = self.discrete(&repeat.len);
                let path = &mac.mac.path;
                let construct = crate::ir::Construct::RepeatVec(quote!(#path));
                self.operation(mac, Op::Construct(construct), vec![operand, length])
            }
            elements => {
                let array = self.expression(&elements);
                let at = mac
                    .mac
                    .path
                    .segments
                    .last()
                    .map_or_else(proc_macro2::Span::call_site, |last| last.ident.span());
                let syntax = Syntax::Method {
                    dot: quote::quote_spanned!(at=> .),
                    method: proc_macro2::Ident::new("to_vec", at),
                    turbofish: proc_macro2::TokenStream::new(),
                };
                let name = "to_vec".to_owned();
                self.operation(mac, Op::Primitive { name, syntax }, vec![array])
            }
        }
    }

    fn unknown(&mut self, mac: &ExprMacro, name: &str) -> Operand {
        self.unsupported(
            &mac.mac.path,
            format!(
                "the compiler of derivatives does not see through the macro `{name}!`; write out what it expands to"
            ),
        )
    }
}

/// What stands between the brackets of `vec![…]`, as an array.
struct Elements(Expr);

impl syn::parse::Parse for Elements {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        let tokens: proc_macro2::TokenStream = input.parse()?;
        syn::parse2(quote!([#tokens])).map(Self)
    }
}

/// True for macros whose call never ends.
pub(crate) fn is_diverging(mac: &syn::Macro) -> bool {
    mac.path
        .segments
        .last()
        .is_some_and(|last| DIVERGING.iter().any(|name| last.ident == name))
}

fn name(mac: &ExprMacro) -> String {
    mac.mac
        .path
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}

/// True for macros whose value is `()`.
fn is_statement(name: &str) -> bool {
    name.starts_with("assert") || name.starts_with("debug_assert") || name.contains("print")
}
