//! What most programs need: `use tapeless::prelude::*;`
pub use crate::{Differentiable, Real, Tangent, differentiable};
