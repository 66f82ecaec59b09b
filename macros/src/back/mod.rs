//! The back: from a program and its adjoint to tokens.

pub(crate) mod emit;
pub(crate) mod fallback;
pub(crate) mod graph;
pub(crate) mod lints;
