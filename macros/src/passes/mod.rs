//! The passes: from program to program, and from program to adjoint program. They know the intermediate representation
//! and nothing else.

pub(crate) mod activity;
pub(crate) mod borrowed;
pub(crate) mod cells;
pub(crate) mod forward;
pub(crate) mod fuse;
pub(crate) mod needs;
pub(crate) mod own;
pub(crate) mod record;
pub(crate) mod rematerialize;
pub(crate) mod reorder;
pub(crate) mod reverse;
pub(crate) mod scratch;
pub(crate) mod seeds;
pub(crate) mod simplify;
pub(crate) mod uses;
