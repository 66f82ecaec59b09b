//! Which calls of methods change what they are called on. A macro sees `x.step(a)` and no types, so it looks at what else there is.
//!
//! A guess in favour of a change is always right, at the price of a copy: methods that do not change their receivers hand it
//! back. The other guess is an error if it is wrong, never a wrong derivative.

use std::collections::HashSet;

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Pat, Stmt};

use super::{mentions, standard};
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
    /// Variables that are references.
    pub(crate) references: HashSet<String>,
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
        if is_in_place(call) {
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
        if standard::is_standard(call) {
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
}

/// True for the methods of slices and vectors that change them and are seen through.
pub(crate) fn is_in_place(call: &syn::ExprMethodCall) -> bool {
    matches!(
        (call.method.to_string().as_str(), call.args.len()),
        ("swap", 2) | ("fill" | "copy_from_slice" | "clone_from_slice" | "push", 1) | ("reverse", 0)
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
            }
            _ => {}
        }
        visit::visit_stmt(self, statement);
    }
    fn visit_item(&mut self, _: &'ast Item) {}
}
