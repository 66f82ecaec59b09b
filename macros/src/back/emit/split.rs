//! The function that other derivatives call: the forward sweep, and its pullback as a closure.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::protocol::{self, PullbackNames};

impl Emitter<'_> {
    /// The forward sweep and its pullback: `(y, pullback, kinds)`.
    pub(super) fn split(&self) -> TokenStream {
        let signature = self.signature;
        let (imports, items) = (self.imports(), &self.program.items);
        let forward = self.forward_body();
        if !self.ends() {
            let header = protocol::header(signature);
            return quote!(#header { #imports #items #forward ::core::unreachable!() });
        }
        let (likes, records) = (self.parameter_likes(), self.records());
        let forward = quote!(#imports #items #likes #forward #records);
        // A mismatch of the result's type is the user's function's to report.
        let expansion = self.expansion();
        let result = &self.program.value(self.program.result).name;
        let names = PullbackNames {
            result: result.clone(),
            result_bar: self.bar(self.program.result),
            bars: self.program.parameters.iter().map(|id| self.bar(*id)).collect(),
        };
        protocol::split(
            signature,
            &names,
            &forward,
            &quote!(#expansion::same(#result)),
            &self.reverse_body(),
        )
    }
}
