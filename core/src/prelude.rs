//! What most programs need: `use tapeless::prelude::*;`

pub use crate::optim::{Adam, AdamW, Optimizer, Sgd};
pub use crate::{
    Callable, Construct, Differentiable, Inline, Matrix, Real, Storage, Tangent, assert_gradient, assert_hvp,
    derivative_of, differentiable, stop_gradient,
};
#[cfg(feature = "alloc")]
pub use crate::{Heap, HeapMatrix};
