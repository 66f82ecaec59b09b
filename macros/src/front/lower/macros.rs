//! Macro calls: assertions and output touch no derivative, `panic!` ends the function, others must be inactive.

use quote::{ToTokens, quote};
use syn::{Expr, ExprMacro};

use super::Lowering;
use super::statement::extent;
use crate::ir::{Check, End, Op, Operand, OperandKind, Statement, Verbatim};

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
        if DIVERGING.contains(&name.as_str()) {
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
        if DIVERGING.contains(&name.as_str()) {
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
            return self.unknown(mac, &name);
        }
        let expr = Expr::Macro(mac.clone());
        let discrete = self.mentions_active(&mac.mac.tokens);
        let check = if discrete { Check::Discrete } else { Check::Nothing };
        let code = self.opaque(&expr);
        let writes = self.writes(&expr);
        self.operation(&expr, Op::Opaque { code, writes, check }, Vec::new())
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
