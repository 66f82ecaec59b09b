//! tapeless
#![no_std]
#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;
// Generated code names `::tapeless`, also in here.
#[allow(unused_extern_crates)]
extern crate self as tapeless;

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("tapeless needs mathematics: turn on its feature `std`, or `libm` where there is no standard library");

mod accumulate;
mod call;
mod differentiable;
#[doc(hidden)]
pub mod expansion;
mod given;
pub mod graph;
#[cfg(feature = "rand")]
pub mod init;
pub mod matrix;
pub mod optim;
pub mod rules;
mod scalar;
mod special;
mod takes;
pub use differentiable::*;
pub use matrix::{Construct, Inline, Matrix, ShapeError, Storage};
#[cfg(feature = "alloc")]
pub use matrix::{Heap, HeapMatrix};
pub use scalar::Real;
pub mod prelude;
pub use tapeless_macros::{Differentiable, derivative_of, differentiable};

/// stop
pub fn stop_gradient<T>(value: T) -> T {
    value
}
pub mod check;
