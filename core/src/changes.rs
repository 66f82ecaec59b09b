//! Methods of the standard library that change a vector or an option in its place, called like those of a user's own methods
//! with `&mut self`: their forward sweeps and pullbacks, without and with tangents.

#![allow(
    clippy::type_complexity,
    reason = "the types of pullbacks must be written out where they are promised"
)]

pub(crate) mod options;
mod tangents;
#[cfg(feature = "alloc")]
pub(crate) mod vector_tangents;
#[cfg(feature = "alloc")]
pub(crate) mod vectors;

use crate::call::kind::{ByValue, Differentiated, Kind};

/// A value that is differentiated with respect to.
type Active = Kind<ByValue, Differentiated>;
