//! The collected diagnostics. Phases add to them and stop in between, so that one compilation shows every mistake.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far, in the order of the source.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    list: Vec<syn::Error>,
}

impl Errors {
    /// Adds a mistake, shown at the given tokens. Messages are lower case without a full stop: what cannot be done, why,
    /// and what to write instead.
    pub(crate) fn add(&mut self, at: impl ToTokens, message: impl std::fmt::Display) {
        self.list.push(syn::Error::new_spanned(at, message));
    }

    /// Adds a mistake that a parser found.
    pub(crate) fn append(&mut self, error: syn::Error) {
        self.list.push(error);
    }

    /// Adds those of another collection.
    pub(crate) fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// The number of mistakes found so far.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets all but the first mistakes.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.list.truncate(count);
    }

    /// True if nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn to_tokens(&self) -> TokenStream {
        self.list.iter().map(syn::Error::to_compile_error).collect()
    }

    /// The first mistake, as an expression that does not compile.
    pub(crate) fn first(&self) -> TokenStream {
        self.list.first().map(syn::Error::to_compile_error).unwrap_or_default()
    }

    /// The messages, for tests.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.list.iter().map(ToString::to_string).collect()
    }
}
