//! Random programs, to check the gradients of `#[differentiable]` against an oracle that shares nothing with it.
//!
//! [`generate`] makes a well-typed [`program`] from a seed; [`mod@print`] writes it as Rust; [`interpret`] runs it in forward
//! mode with dual numbers, following control flow as Rust does; [`check`] compares what the compiled program gave with
//! that. [`batch`] writes many programs and the functions that call them into one file: a fixed batch is a test of the
//! package `tapeless-tests`, and the binary of this package hunts at large, [`shrink`]ing what fails.
//!
//! ```
//! use tapeless_random::{check, generate, print};
//!
//! let program = generate::program(7, generate::Features::default());
//! assert!(print::program(&program, print::Derivative::Present).contains("#[differentiable]"));
//! let case = check::cases(&program, 1).remove(0);
//! assert!(check::agree(&case.expected, &case.expected).is_ok());
//! ```

pub mod batch;
pub mod check;
pub mod examine;
pub mod generate;
pub mod interpret;
pub mod print;
pub mod program;
pub mod rng;
pub mod shrink;
