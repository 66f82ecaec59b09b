//! What most programs need: `use tapeless::prelude::*;`
pub use crate::{assert_gradient, Construct, Differentiable, derivative_of, stop_gradient, Heap, HeapMatrix, Inline, Matrix, Real, Storage, Tangent, differentiable};
