//! What most programs need: `use tapeless::prelude::*;`
pub use crate::{Construct, Differentiable, Heap, HeapMatrix, Inline, Matrix, Real, Storage, Tangent, differentiable};
