//! Integration tests, and the examples in the repository's documents.

/// Every example in the README compiles, and what it asserts holds.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
