//! What the examples share: the handwritten digits that they learn to read.
//!
//! The examples themselves are beside this folder: `digits/`, the main one, and `lessons/`, in reading order.

pub mod data;
