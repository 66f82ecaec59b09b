//! The problems of GradBench, differentiated by tapeless, and the protocol by which its harness asks for them.

pub mod evaluation;
pub mod minimise;
pub mod problems;
pub mod protocol;
pub mod workloads;
