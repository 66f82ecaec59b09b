//! The front: from what the user wrote to a program.

pub(crate) mod aliases;
mod alternatives;
pub(crate) mod args;
mod ascribe;
pub(crate) mod attributed;
pub(crate) mod changes;
mod desugar;
pub(crate) mod function;
pub(crate) mod groups;
pub(crate) mod held;
mod iterators;
pub(crate) mod lower;
pub(crate) mod mentions;
pub(crate) mod methods;
mod moving_references;
mod named_iterators;
pub(crate) mod operators;
mod parts;
pub(crate) mod resolve;
pub(crate) mod rule;
mod slice_patterns;
mod split_slices;
pub(crate) mod standard;
mod stepped_iterators;
pub(crate) mod types;
pub(crate) mod validate;
mod written;
