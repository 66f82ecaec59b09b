//! Whether the forward sweep keeps something that borrows: an iterator over a parameter, say, that a loop carries. A pullback
//! is a closure that lives longer than what it was handed, so that it can keep no such thing.
//!
//! There are no types to be seen, so this looks at what the variable begins with. Where it is taken to borrow and does not, the
//! pullback runs the function anew, which takes longer; where it does borrow and is not taken to, rustc says so.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::record::{self, Reads};
use super::reverse::Aliases;
use crate::ir::adjoint::Adjoint;
use crate::ir::{
    Branch, End, Id, Op, Opaque, Operand, OperandKind, Program, Projection, Region, Statement, ValueKind, View,
};

/// Methods whose results borrow from what they are called on.
const BORROWING: &[&str] = &[
    "as_bytes",
    "as_deref",
    "as_ref",
    "as_slice",
    "as_str",
    "borrow",
    "bytes",
    "char_indices",
    "chars",
    "chunks",
    "chunks_exact",
    "first",
    "get",
    "iter",
    "keys",
    "last",
    "lines",
    "rchunks",
    "split",
    "split_ascii_whitespace",
    "split_at",
    "split_first",
    "split_last",
    "split_whitespace",
    "trim",
    "values",
    "windows",
];

/// Methods whose results borrow if what they are called on does.
const TRANSPARENT: &[&str] = &[
    "by_ref",
    "chain",
    "clone",
    "cloned",
    "copied",
    "cycle",
    "enumerate",
    "expect",
    "filter",
    "fuse",
    "into_iter",
    "map",
    "next",
    "peekable",
    "rev",
    "skip",
    "step_by",
    "take",
    "unwrap",
    "zip",
];

/// True if the pullback would have to keep something that is taken to borrow: what a loop carries, where it must be as it was
/// when iterations are run again, or what a rule reads. What iterations leave behind counts if `keeps_all`; else it never leaves
/// the reverse sweep. `slices` are the parameters that are known to be slices: of these, nothing can be copied.
pub(crate) fn borrows(
    program: &Program,
    slices: HashSet<Id>,
    aliases: &Aliases,
    reads: &Reads,
    adjoint: &Adjoint,
    keeps_all: bool,
) -> bool {
    let mut borrowed = Borrowed {
        program,
        definitions: HashMap::new(),
        slices,
        chosen: Vec::new(),
    };
    borrowed.define(&program.body, true, keeps_all);
    let mut loops = Vec::new();
    record::loops_of(&program.body, adjoint, &mut loops);
    let mut carried = loops.iter().flat_map(|inner| {
        let restored = move |carried: &&_| reads.is_restored(aliases, inner, carried);
        inner.carried.iter().filter(restored)
    });
    let is_active = |id: Id| program.value(id).active;
    let carries = carried.any(|carried| !is_active(carried.start) && borrowed.operand(&carried.before));
    carries
        || borrowed.chosen.iter().any(|id| reads.keeps(*id))
        || borrowed.definitions.iter().any(|(id, Definition { code, is_held })| {
            *is_held && !is_active(*id) && reads.keeps(*id) && is_kept_as_it_is(&code.tokens) && borrowed.code(code)
        })
}

/// True for what is kept as a reference or an iterator: other references are kept by copies of what they refer to.
fn is_kept_as_it_is(tokens: &TokenStream) -> bool {
    let trees = trees(tokens);
    let is_reference = matches!(&trees[..], [TokenTree::Punct(first), ..] if first.as_char() == '&');
    let is_slice = |tree: &TokenTree| match tree {
        TokenTree::Group(index) if index.delimiter() == Delimiter::Bracket => index.stream().to_string().contains(".."),
        _ => false,
    };
    let is_borrowing = |name: &Ident| BORROWING.contains(&name.to_string().as_str()) || name == "peekable";
    is_reference && trees.iter().any(is_slice) || last_method(&trees).is_some_and(|(_, name)| is_borrowing(name))
}

/// What a value is made of.
struct Definition<'p> {
    code: &'p Opaque,
    /// True if the pullback holds it, should it be kept.
    is_held: bool,
}

struct Borrowed<'p> {
    program: &'p Program,
    definitions: HashMap<Id, Definition<'p>>,
    /// Values that are slices of something else.
    slices: HashSet<Id>,
    /// Those that a branch gives and the pullback holds, should they be kept.
    chosen: Vec<Id>,
}

impl<'p> Borrowed<'p> {
    /// Finds what the opaque values of a region are made of.
    fn define(&mut self, region: &'p Region, is_held: bool, keeps_all: bool) {
        match &region.end {
            End::Split(branch, rest) => {
                self.define_arms(branch, is_held, keeps_all);
                self.define(rest, is_held, keeps_all);
            }
            End::Tail(branch) => self.define_arms(branch, is_held, keeps_all),
            _ => {}
        }
        for statement in &region.statements {
            match statement {
                Statement::Let(step) => {
                    if let Op::Opaque { code, .. } = &step.op {
                        self.definitions.insert(step.value, Definition { code, is_held });
                    }
                }
                Statement::Branch(branch) => {
                    self.define_arms(branch, is_held, keeps_all);
                    self.define_results(branch, is_held);
                }
                Statement::Loop(inner) => self.define(&inner.body, keeps_all, keeps_all),
                Statement::Bind(_) | Statement::Verbatim(_) => {}
            }
        }
    }

    /// Finds the results of a branch that are slices.
    fn define_results(&mut self, branch: &Branch, is_held: bool) {
        for (index, result) in branch.results.iter().enumerate() {
            let mut arms = branch.arms.iter().map(|arm| &arm.region.end);
            let is_slice = arms.any(|end| matches!(end, End::Yield(values) if self.is_slice(&values[index])));
            if is_slice && self.program.value(*result).active {
                self.slices.insert(*result);
                self.chosen.extend(is_held.then_some(*result));
            }
        }
    }

    /// True for a slice of something else.
    fn is_slice(&self, operand: &Operand) -> bool {
        let Some(place) = operand.place() else { return false };
        let place = self.program.underlying(place);
        match (&operand.kind, place.projections.last()) {
            (_, Some(Projection::Slice(_))) => true,
            (OperandKind::Place(_), None) => self.slices.contains(&place.root),
            (OperandKind::Borrow(..), Some(Projection::Dereference(_))) => {
                place.projections.len() == 1 && self.slices.contains(&place.root)
            }
            _ => false,
        }
    }

    fn define_arms(&mut self, branch: &'p Branch, is_held: bool, keeps_all: bool) {
        let arms = branch.arms.iter();
        arms.for_each(|arm| self.define(&arm.region, is_held, keeps_all));
    }

    fn operand(&self, operand: &Operand) -> bool {
        match &operand.kind {
            OperandKind::Borrow(..) => true,
            OperandKind::Place(place) => place.projections.is_empty() && self.value(place.root),
            OperandKind::Constant(_) | OperandKind::Unit => false,
        }
    }

    fn value(&self, id: Id) -> bool {
        match &self.program.value(id).kind {
            ValueKind::Parameter { by_reference } => *by_reference,
            ValueKind::View { place, view } => {
                *view == View::Borrowed || place.projections.is_empty() && self.value(place.root)
            }
            _ => self.definitions.get(&id).is_some_and(|found| self.code(found.code)),
        }
    }

    fn code(&self, code: &Opaque) -> bool {
        self.expression(&trees(&code.tokens), code)
    }

    fn expression(&self, tokens: &[TokenTree], code: &Opaque) -> bool {
        match tokens {
            [TokenTree::Punct(first), rest @ ..] if first.as_char() == '&' => mentions(rest, code),
            [TokenTree::Ident(name)] => code
                .mentions
                .iter()
                .any(|(mentioned, id)| mentioned == name && self.value(*id)),
            [TokenTree::Group(group)] => self.any_part(group.stream(), code),
            _ => match (last_method(tokens), tokens) {
                (Some((start, name)), _) => {
                    let (name, receiver) = (name.to_string(), &tokens[..start]);
                    let borrowing = BORROWING.contains(&name.as_str()) && mentions(receiver, code);
                    borrowing || TRANSPARENT.contains(&name.as_str()) && self.expression(receiver, code)
                }
                // Something put together: `Lexer::new(text)`, `Lexer { text }`, `Some(&v[0])`.
                (None, [path @ .., TokenTree::Group(parts)]) if is_type_path(path) => {
                    parts.delimiter() != Delimiter::Bracket && self.any_part(parts.stream(), code)
                }
                _ => false,
            },
        }
    }

    /// True if one of the parts, separated by commas, borrows.
    fn any_part(&self, tokens: TokenStream, code: &Opaque) -> bool {
        let trees = trees(&tokens);
        let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
        trees.split(is_comma).any(|part| {
            // Of a field, what stands behind the colon.
            let value = match part {
                [
                    TokenTree::Ident(_),
                    TokenTree::Punct(colon),
                    TokenTree::Punct(other),
                    ..,
                ] if colon.as_char() == ':' && other.as_char() == ':' => part,
                [TokenTree::Ident(_), TokenTree::Punct(colon), value @ ..] if colon.as_char() == ':' => value,
                part => part,
            };
            !value.is_empty() && self.expression(value, code)
        })
    }
}

pub(super) fn trees(tokens: &TokenStream) -> Vec<TokenTree> {
    tokens.clone().into_iter().collect()
}

/// True if the tokens mention a variable.
fn mentions(tokens: &[TokenTree], code: &Opaque) -> bool {
    tokens.iter().any(|tree| match tree {
        TokenTree::Ident(name) => code.mentions.iter().any(|(mentioned, _)| mentioned == name),
        TokenTree::Group(group) => mentions(&trees(&group.stream()), code),
        _ => false,
    })
}

/// True for a path one of whose segments is the name of a type.
fn is_type_path(tokens: &[TokenTree]) -> bool {
    let is_path = |tree: &TokenTree| match tree {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ':' | '<' | '>'),
        _ => false,
    };
    let is_type =
        |tree: &TokenTree| matches!(tree, TokenTree::Ident(name) if name.to_string().starts_with(char::is_uppercase));
    tokens.iter().all(is_path) && tokens.iter().any(is_type)
}

/// The method at the end of a chain of calls and where its dot is.
// Input:  v.iter().skip(1)
// Output: (the position of the second dot, skip)
pub(super) fn last_method(tokens: &[TokenTree]) -> Option<(usize, &Ident)> {
    let [before @ .., TokenTree::Group(arguments)] = tokens else {
        return None;
    };
    if arguments.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    let (dot, name) = before
        .iter()
        .enumerate()
        .rev()
        .find_map(|(position, tree)| match tree {
            TokenTree::Punct(punct) if punct.as_char() == '.' => match before.get(position + 1) {
                Some(TokenTree::Ident(name)) => Some((position, name)),
                _ => None,
            },
            _ => None,
        })?;
    // Between name and arguments, a turbofish at most.
    let is_turbofish = |tree: &TokenTree| {
        matches!(tree, TokenTree::Punct(punct) if matches!(punct.as_char(), ':' | '<' | '>' | ','))
            || matches!(tree, TokenTree::Ident(_))
    };
    // An operator in front of the dot: `a + b.len()` is no chain.
    let is_operator = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if matches!(punct.as_char(), '+' | '-' | '*' | '/' | '%' | '|' | '!' | '=' | '<' | '>'));
    let is_call = before[dot + 2..].iter().all(is_turbofish);
    (is_call && !before[..dot].iter().any(is_operator)).then_some((dot, name))
}
