//! Statements in the place of one.

use syn::{Block, Stmt};

/// Puts others in the place of each statement of the block that `rewritten` gives any for.
pub(crate) fn replace(block: &mut Block, mut rewritten: impl FnMut(&Stmt) -> Option<Vec<Stmt>>) {
    for statement in std::mem::take(&mut block.stmts) {
        match rewritten(&statement) {
            Some(statements) => block.stmts.extend(statements),
            None => block.stmts.push(statement),
        }
    }
}
