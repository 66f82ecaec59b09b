//! The arguments of the attributes: `#[differentiable(wrt(a, b), checkpoints = 64, crate = path)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Lit, LitStr, Path, Token};

use crate::ir::signature::Checkpoints;

/// What `#[differentiable(…)]` was told.
#[derive(Default)]
pub(crate) struct Args {
    /// The parameters to differentiate with respect to; all if absent.
    pub(crate) wrt: Option<Vec<Ident>>,
    /// How much of its loops' iterations is kept, if the user says so.
    pub(crate) checkpoints: Option<Checkpoints>,
    /// True if the function has derivatives along directions, too: `jvp`, `hvp` and what is made of them.
    pub(crate) forward: bool,
    /// Present if the function calls others that call it in turn.
    pub(crate) recursive: Option<Ident>,
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
        if name == "checkpoints" {
            self.checkpoints = Some(parse_checkpoints(input)?);
            return Ok(());
        }
        if name == "forward" {
            self.forward = true;
            return Ok(());
        }
        if name == "recursive" {
            self.recursive = Some(name);
            return Ok(());
        }
        if name != "wrt" {
            return Err(syn::Error::new(
                name.span(),
                format!(
                    "unknown argument `{name}`; known are `wrt(parameters…)`, `forward`, `recursive`, `checkpoints = number` and `crate = path`"
                ),
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

/// `= 64` or `= all`.
fn parse_checkpoints(input: ParseStream<'_>) -> syn::Result<Checkpoints> {
    const EXPECTED: &str = "`checkpoints` is a number of states, at least one and at most 4096, as in `checkpoints = 64`, or `checkpoints = all`";
    input.parse::<Token![=]>()?;
    if input.peek(syn::Ident::peek_any) {
        let word: Ident = input.parse()?;
        return match word.to_string().as_str() {
            "all" => Ok(Checkpoints::All),
            _ => Err(syn::Error::new(word.span(), EXPECTED)),
        };
    }
    let number: Lit = input.parse().map_err(|error| syn::Error::new(error.span(), EXPECTED))?;
    let count = match &number {
        Lit::Int(number) if matches!(number.suffix(), "" | "usize") => number.base10_parse().ok(),
        _ => None,
    };
    match count {
        Some(count @ 1..=4096) => Ok(Checkpoints::Places(count)),
        _ => Err(syn::Error::new(number.span(), EXPECTED)),
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
