//! The twelve problems, a module each: the objective, differentiated by tapeless, and the functions that are asked for.

use serde_json::value::RawValue;

use crate::evaluation::Evaluation;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $variant:ident,)*) => {
        $($(#[$doc])* pub mod $name;)*

        /// A problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Problem {
            $($(#[$doc])* $variant,)*
        }

        impl Problem {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The problem that the protocol calls so.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// What the protocol calls it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($name),)*
                }
            }

            /// Evaluates one of its functions.
            pub fn evaluate(self, function: &str, input: &RawValue) -> Result<Evaluation, String> {
                match self {
                    $(Self::$variant => $name::evaluate(function, input),)*
                }
            }
        }
    };
}

problems! {
    /// Bundle adjustment.
    ba Ba,
    /// A determinant by expansion.
    det Det,
    /// The fit of a mixture of Gaussian distributions.
    gmm Gmm,
    /// A square.
    hello Hello,
    /// Hand tracking.
    ht Ht,
    /// Clusters of points.
    kmeans Kmeans,
    /// Linear least squares.
    llsq Llsq,
    /// The logarithm of a sum of exponentials.
    lse Lse,
    /// A recurrent network with long short-term memory.
    lstm Lstm,
    /// A differential equation.
    ode Ode,
    /// A particle's way past two charges.
    particle Particle,
    /// A saddle point.
    saddle Saddle,
}
