//! What stands for a variable, in the place of its name in the user's tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

/// What is around the tokens in which names are substituted.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// They are a part of something.
    anything: bool,
    /// They are in a block, or between the braces of a struct.
    braces: bool,
    /// They may be between the braces of a struct, where a name alone is that of a field too.
    fields: bool,
}

impl Around {
    pub(super) fn new(anything: bool) -> Self {
        Self {
            anything,
            braces: false,
            fields: false,
        }
    }

    /// Inside a group behind another token.
    fn group(self, delimiter: Delimiter, behind: Option<&TokenTree>) -> Self {
        let braces = delimiter == Delimiter::Brace;
        let fields = match behind {
            Some(TokenTree::Ident(_)) => braces,
            Some(TokenTree::Punct(punct)) => braces && punct.as_char() == '>',
            _ => false,
        };
        Self {
            anything: true,
            braces: self.braces || braces,
            fields,
        }
    }
}

/// The tokens with others in place of some names. Nothing where a name may stand for a field too, or for what is moved: alone, if
/// nothing is around it.
pub(super) fn substituted(
    tokens: &TokenStream,
    names: &[(String, TokenStream)],
    around: Around,
) -> Option<TokenStream> {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let mut result = TokenStream::new();
    for (index, tree) in trees.iter().enumerate() {
        let is = |index: Option<usize>, character: char| {
            let tree = index.and_then(|index| trees.get(index));
            matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
        };
        let is_place = || {
            let has_index = matches!(trees.get(index + 1), Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::Bracket);
            is(Some(index + 1), '.') || has_index || is(index.checked_sub(1), '&')
        };
        match tree {
            TokenTree::Ident(name) if !is(index.checked_sub(1), '.') || is(index.checked_sub(2), '.') => {
                let is_field = around.fields && is(Some(index + 1), ':') && !is(Some(index + 2), ':');
                let begins = index == 0 || is(index.checked_sub(1), ',');
                let ends = index + 1 == trees.len() || is(Some(index + 1), ',');
                match names.iter().find(|(other, _)| name == other.as_str()) {
                    Some(_) if is_field => result.extend([tree.clone()]),
                    Some(_) if !around.anything || around.fields && begins && ends => return None,
                    Some((_, root)) if around.braces && !is_place() => result.extend(quote!(#root.__operand())),
                    Some((_, root)) => result.extend(root.clone()),
                    None => result.extend([tree.clone()]),
                }
            }
            TokenTree::Group(group) => {
                let is_macro = is(index.checked_sub(1), '!');
                let mentions = |tokens: TokenStream| {
                    let text = tokens.to_string();
                    names.iter().any(|(name, _)| text.contains(name.as_str()))
                };
                if is_macro && mentions(group.stream()) {
                    return None;
                }
                let behind = index.checked_sub(1).and_then(|index| trees.get(index));
                let inside = substituted(&group.stream(), names, around.group(group.delimiter(), behind))?;
                let mut inner = Group::new(group.delimiter(), inside);
                inner.set_span(group.span());
                result.extend([TokenTree::Group(inner)]);
            }
            tree => result.extend([tree.clone()]),
        }
    }
    Some(result)
}
