//! What most programs need: `use tapeless::prelude::*;`
pub use crate::{
    Construct, Differentiable, Heap, HeapMatrix, Inline, Matrix, Real, Storage, Tangent, assert_gradient,
    derivative_of, differentiable, stop_gradient,
};
