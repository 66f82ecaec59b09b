//! Integration tests, and the examples in the repository's documents.

pub mod modes;

/// Every example in the README compiles, and what it asserts holds.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// Checks functions at the given arguments: the value that comes with the gradient is the function's, and the gradient agrees with
/// central differences.
#[macro_export]
macro_rules! check {
    ($($name:ident($($argument:expr),*);)*) => {$(
        #[allow(clippy::float_cmp)]
        {
            let value = $name($($argument),*);
            let (found, _) = $name::value_and_grad($($argument),*);
            assert!(value == found || (value.is_nan() && found.is_nan()), "{}: {value} {found}", stringify!($name));
            ::tapeless::assert_gradient!($name, $($argument),*);
        }
    )*};
}
