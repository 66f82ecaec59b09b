//! [`Dual`]: a scalar and its tangent, calculated with together.
//!
//! Everything here that is generic over [`Real`] works on dual numbers too: the operations themselves, which then also push
//! tangents forward, and their rules, which then give second derivatives. So no formula of a derivative is written
//! twice: the functions of dual numbers are made from the rules.

mod member;
mod number;
mod zip;

pub use member::{Absent, At, Clear, Member, Put, written};
pub use zip::{Sink, TangentOf, Zero, Zip, lifted, tangent_by_rule, tangent_of};

use crate::chunk::Partials;

/// A scalar and its tangent, or its tangents along `K` directions.
///
/// Numbers are compared by their values alone: a branch goes where that of the value goes.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Dual<T, const K: usize = 1> {
    /// The value.
    pub value: T,
    /// Its derivatives along some directions.
    pub partials: Partials<T, K>,
}
