//! What the reverse sweep computes again instead of keeping it: references into what it is handed again, such as `&v[1..]` of a
//! parameter `v: &[f64]`. A pullback cannot keep them, and to follow them would copy what they refer to.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::borrowed::{last_method, trees};
use super::record::Reads;
use super::reverse::Aliases;
use crate::ir::{Branch, Check, End, Id, Op, Opaque, Program, Region, Statement, ValueKind};

/// Methods that give a reference or an iterator, and do nothing else.
const PURE: &[&str] = &[
    "as_bytes",
    "as_ref",
    "as_slice",
    "as_str",
    "chunks",
    "chunks_exact",
    "expect",
    "first",
    "get",
    "iter",
    "last",
    "split_at",
    "trim",
    "unwrap",
    "windows",
];

/// Takes out of what is kept whatever can be computed again from the parameters with these values, which are shared references.
/// Inside loops only if `in_loops`, but for slices of values: mostly, these are run again anyway.
pub(crate) fn rematerialize(
    program: &Program,
    aliases: &Aliases,
    references: BTreeSet<Id>,
    in_loops: bool,
    reads: &mut Reads,
) -> BTreeSet<Id> {
    let mut finder = Finder {
        program,
        aliases,
        in_loops,
        reads,
        references,
        found: BTreeSet::new(),
        values_only: false,
    };
    finder.region(&program.body);
    finder.found
}

struct Finder<'p> {
    program: &'p Program,
    aliases: &'p Aliases,
    in_loops: bool,
    reads: &'p mut Reads,
    /// References that the reverse sweep has in hand.
    references: BTreeSet<Id>,
    found: BTreeSet<Id>,
    /// Of references, only slices of values are looked for.
    values_only: bool,
}

impl Finder<'_> {
    fn region(&mut self, region: &Region) {
        for statement in &region.statements {
            match statement {
                Statement::Let(step) => {
                    if let Op::Opaque {
                        code,
                        writes,
                        check: Check::Nothing,
                    } = &step.op
                        && writes.is_empty()
                    {
                        self.value(step.value, code);
                    }
                }
                Statement::Branch(branch) => self.arms(branch),
                Statement::Loop(inner) => {
                    let outside = std::mem::replace(&mut self.values_only, !self.in_loops);
                    self.region(&inner.body);
                    self.values_only = outside;
                }
                Statement::Bind(_) | Statement::Verbatim(_) => {}
            }
        }
        match &region.end {
            End::Split(branch, rest) => {
                self.arms(branch);
                self.region(rest);
            }
            End::Tail(branch) => self.arms(branch),
            _ => {}
        }
    }

    fn arms(&mut self, branch: &Branch) {
        branch.arms.iter().for_each(|arm| self.region(&arm.region));
    }

    fn value(&mut self, id: Id, code: &Opaque) {
        let is_plain = self.aliases.resolve(id) == id && !self.aliases.cells.contains(id);
        let mut indices = BTreeSet::new();
        if is_plain && self.reads.reads(id) && self.is_reference(&trees(&code.tokens), code, &mut indices) {
            self.reads.forget(id);
            indices.into_iter().for_each(|index| self.reads.keep(index));
            self.references.insert(id);
            self.found.insert(id);
        }
    }

    /// True for a reference or an iterator into what the reverse sweep has in hand. What its indices mention is added to
    /// `indices`.
    fn is_reference(&self, tokens: &[TokenTree], code: &Opaque, indices: &mut BTreeSet<Id>) -> bool {
        match tokens {
            [TokenTree::Punct(first), place @ ..] if first.as_char() == '&' => {
                !self.values_only && self.is_place(place, code, indices) || self.is_slice_of_value(place, code, indices)
            }
            _ if self.values_only => false,
            _ => last_method(tokens).is_some() && self.is_place(tokens, code, indices),
        }
    }

    /// True for a variable of these, and fields, elements and pure methods behind it.
    fn is_place(&self, tokens: &[TokenTree], code: &Opaque, indices: &mut BTreeSet<Id>) -> bool {
        let [TokenTree::Ident(root), rest @ ..] = tokens else {
            return false;
        };
        let mut mentions = code.mentions.iter();
        mentions.any(|(name, id)| name == root && self.references.contains(id)) && self.is_path(rest, code, indices)
    }

    /// True for a slice of a variable that holds a value: that is kept, and the slice is not, which has no size.
    fn is_slice_of_value(&self, tokens: &[TokenTree], code: &Opaque, indices: &mut BTreeSet<Id>) -> bool {
        let ([TokenTree::Ident(root), rest @ ..], Some(TokenTree::Group(range))) = (tokens, tokens.last()) else {
            return false;
        };
        let Some((_, id)) = code.mentions.iter().find(|(name, _)| name == root) else {
            return false;
        };
        let is_range = trees(&range.stream())
            .windows(2)
            .any(|pair| matches!(pair, [TokenTree::Punct(first), TokenTree::Punct(second)] if first.as_char() == '.' && second.as_char() == '.'));
        if range.delimiter() != Delimiter::Bracket || !is_range || !self.is_kept_whole(*id) {
            return false;
        }
        let is_path = self.is_path(rest, code, indices);
        if is_path {
            indices.insert(*id);
        }
        is_path
    }

    /// True for a variable of the function's own that can be kept as it is.
    fn is_kept_whole(&self, id: Id) -> bool {
        let value = self.program.value(id);
        matches!(value.kind, ValueKind::Opaque | ValueKind::Carried | ValueKind::Joined)
            && !value.active
            && !value.text.starts_with('&')
            && self.aliases.resolve(id) == id
            && !self.aliases.cells.contains(id)
    }

    /// True for fields, elements and pure methods.
    fn is_path(&self, tokens: &[TokenTree], code: &Opaque, indices: &mut BTreeSet<Id>) -> bool {
        let mut rest = tokens;
        loop {
            rest = match rest {
                [] => return true,
                [TokenTree::Group(index), rest @ ..] if index.delimiter() == Delimiter::Bracket => {
                    if !self.is_index(index.stream(), code, indices) {
                        return false;
                    }
                    rest
                }
                [
                    TokenTree::Punct(dot),
                    TokenTree::Ident(method),
                    TokenTree::Group(arguments),
                    rest @ ..,
                ] if dot.as_char() == '.' && arguments.delimiter() == Delimiter::Parenthesis => {
                    let is_pure = PURE.contains(&method.to_string().as_str());
                    if !is_pure || !self.is_index(arguments.stream(), code, indices) {
                        return false;
                    }
                    rest
                }
                [
                    TokenTree::Punct(dot),
                    TokenTree::Ident(_) | TokenTree::Literal(_),
                    rest @ ..,
                ] if dot.as_char() == '.' => rest,
                _ => return false,
            };
        }
    }

    /// True for arithmetic of constants, numbers in variables, and lengths.
    fn is_index(&self, tokens: TokenStream, code: &Opaque, indices: &mut BTreeSet<Id>) -> bool {
        let trees = trees(&tokens);
        trees.iter().enumerate().all(|(position, tree)| match tree {
            TokenTree::Literal(_) => true,
            TokenTree::Punct(punct) => matches!(punct.as_char(), '+' | '-' | '*' | '/' | '%' | '.' | ',' | ':' | '='),
            TokenTree::Group(group) => {
                group.delimiter() != Delimiter::Brace && self.is_index(group.stream(), code, indices)
            }
            TokenTree::Ident(name) => match code.mentions.iter().find(|(mentioned, _)| mentioned == name) {
                Some((_, id)) if self.references.contains(id) => true,
                Some((_, id)) => {
                    let is_dotted = matches!(&trees[position + 1..], [TokenTree::Punct(first), second, ..]
                        if first.as_char() == '.' && !matches!(second, TokenTree::Punct(_)));
                    let is_number = !is_dotted
                        && !matches!(self.program.value(*id).kind, ValueKind::View { .. })
                        && !self.program.value(*id).active
                        && self.aliases.resolve(*id) == *id
                        && !self.aliases.cells.contains(*id);
                    if is_number {
                        indices.insert(*id);
                    }
                    is_number
                }
                None => {
                    let name = name.to_string();
                    name == "len" || name == "as" || name == "usize" || !name.contains(char::is_lowercase)
                }
            },
        })
    }
}
