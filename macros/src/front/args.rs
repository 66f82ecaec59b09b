//! The arguments of the attributes: `#[differentiable(wrt(a, b), crate = path)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token};

/// What `#[differentiable(…)]` was told.
#[derive(Default)]
pub(crate) struct Args {
    /// The parameters to differentiate with respect to; all if absent.
    pub(crate) wrt: Option<Vec<Ident>>,
    /// The path of the crate `tapeless`, if it goes by another name.
    pub(crate) krate: Option<Path>,
}

impl Args {
    /// The path by which generated code names the crate.
    pub(crate) fn crate_path(&self) -> TokenStream {
        crate_path(self.krate.as_ref())
    }
}

/// The path by which generated code names the crate.
pub(crate) fn crate_path(renamed: Option<&Path>) -> TokenStream {
    renamed.map_or_else(|| quote!(::tapeless), ToTokens::to_token_stream)
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut args = Self::default();
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                args.krate = Some(parse_crate(input)?);
            } else {
                args.parse_named(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

impl Args {
    fn parse_named(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let name: Ident = input.parse()?;
        if name != "wrt" {
            return Err(syn::Error::new(
                name.span(),
                format!("unknown argument `{name}`; known are `wrt(parameters…)` and `crate = path`"),
            ));
        }
        let list;
        syn::parenthesized!(list in input);
        let parameters = Punctuated::<Ident, Token![,]>::parse_terminated(&list)?;
        if parameters.is_empty() {
            return Err(syn::Error::new(name.span(), "`wrt` names no parameter; write `wrt(x)`"));
        }
        self.wrt = Some(parameters.into_iter().collect());
        Ok(())
    }
}

/// `crate = path`, also with the path in quotes.
pub(crate) fn parse_crate(input: ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        input.parse::<LitStr>()?.parse()
    } else {
        input.parse()
    }
}
