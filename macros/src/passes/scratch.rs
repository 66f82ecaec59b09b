//! Scratch space that every iteration of a loop fills anew.
//!
//! What an iteration writes to from one end to the other, before it reads it, need not come from the iteration before. It
//! becomes a variable of the iteration's own: then iterations may have nothing to do with each other.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::uses::uses;
use crate::ir::{Branch, End, Id, Iterations, Let, Loop, Op, Opaque, Program, Projection, Region, Statement};

/// Moves scratch space into the loops that fill it.
// Input:  s = vec![0.0; n]; loop { for i in 0..n { s[i] = …; } …s… }
// Output: loop { s = vec![0.0; n]; for i in 0..n { s[i] = …; } …s… }
pub(crate) fn scratch(program: &mut Program) {
    let mut body = std::mem::replace(
        &mut program.body,
        Region {
            statements: Vec::new(),
            end: End::Diverge,
        },
    );
    loop {
        program.body = body;
        let uses = uses(program);
        body = std::mem::replace(
            &mut program.body,
            Region {
                statements: Vec::new(),
                end: End::Diverge,
            },
        );
        let pass = Scratch { program, uses };
        if !pass.region(&mut body) {
            break;
        }
    }
    program.body = body;
}

struct Scratch<'p> {
    program: &'p Program,
    uses: Vec<usize>,
}

impl Scratch<'_> {
    /// True if something was moved.
    fn region(&self, region: &mut Region) -> bool {
        let mut candidates = (0..region.statements.len()).rev();
        let found = candidates.find_map(|at| {
            let Statement::Loop(inner) = &region.statements[at] else {
                return None;
            };
            let filled = (0..inner.carried.len()).find_map(|index| {
                let before = inner.carried[index].before.whole()?;
                let made = region.statements[..at]
                    .iter()
                    .position(|statement| defines(statement, before))?;
                self.is_filled(&region.statements[made], inner, index)
                    .then_some((made, index))
            });
            filled.map(|(made, index)| (made, at, index))
        });
        if let Some((made, at, index)) = found {
            let statement = region.statements[made].clone();
            if let Statement::Loop(inner) = &mut region.statements[at] {
                own(inner, index, statement);
            }
            region.statements.remove(made);
            return true;
        }
        let inside = region.statements.iter_mut().any(|statement| match statement {
            Statement::Branch(branch) => self.branch(branch),
            Statement::Loop(inner) => self.region(&mut inner.body),
            _ => false,
        });
        inside
            || match &mut region.end {
                End::Split(branch, rest) => self.branch(branch) || self.region(rest),
                End::Tail(branch) => self.branch(branch),
                _ => false,
            }
    }

    fn branch(&self, branch: &mut Branch) -> bool {
        branch.arms.iter_mut().any(|arm| self.region(&mut arm.region))
    }

    /// True if the statement makes a sequence of numbers that only this loop uses, and whose iterations fill it first.
    fn is_filled(&self, made: &Statement, inner: &Loop, index: usize) -> bool {
        let Statement::Let(Let {
            value,
            op: Op::Opaque { code, writes, .. },
            ..
        }) = made
        else {
            return false;
        };
        let carried = &inner.carried[index];
        let Some(length) = length(code).filter(|_| writes.is_empty()) else {
            return false;
        };
        // Once before the loop, once in it, and never behind it.
        if self.uses[value.0] != 1 || self.uses[carried.start.0] != 1 || self.uses[carried.after.0] != 0 {
            return false;
        }
        inner.body.statements.iter().any(|statement| match statement {
            Statement::Loop(fills) => self.fills(fills, carried.start, &length),
            _ => false,
        })
    }

    /// True if the loop writes to every element of what it begins with, and reads none before.
    fn fills(&self, fills: &Loop, before: Id, length: &Length) -> bool {
        let Iterations::Each {
            items,
            pattern,
            bindings,
        } = &fills.iterations
        else {
            return false;
        };
        let ([binding], Some(end)) = (&bindings[..], range_end(items)) else {
            return false;
        };
        let is_counted = self.program.value(*binding).name == pattern.to_string() && end == *length;
        if !is_counted || fills.exit.is_some() {
            return false;
        }
        fills.carried.iter().enumerate().any(|(index, carried)| {
            carried.before.whole() == Some(before)
                && self.uses[carried.start.0] == 1
                && fills.body.statements.iter().any(|statement| match statement {
                    Statement::Let(Let {
                        op: Op::Update(path),
                        operands,
                        value,
                        ..
                    }) => {
                        let [whole, _] = &operands[..] else { return false };
                        let [Projection::Index(at)] = &path[..] else {
                            return false;
                        };
                        whole.whole() == Some(carried.start)
                            && at.whole() == Some(*binding)
                            && hands_on(&fills.body, index, *value)
                    }
                    _ => false,
                })
        })
    }
}

/// The loop with a variable of its own in place of one that it carries.
fn own(inner: &mut Loop, index: usize, made: Statement) {
    let carried = inner.carried.remove(index);
    forget(&mut inner.body, index);
    for statement in &mut inner.body.statements {
        if let Statement::Loop(fills) = statement {
            for filled in &mut fills.carried {
                if filled.before.whole() == Some(carried.start) {
                    filled.before = carried.before.clone();
                }
            }
        }
    }
    inner.body.statements.insert(0, made);
}

/// Leaves one value out of what iterations hand on.
fn forget(region: &mut Region, index: usize) {
    let arms = |branch: &mut Branch| branch.arms.iter_mut().for_each(|arm| forget(&mut arm.region, index));
    for statement in &mut region.statements {
        if let Statement::Branch(branch) = statement {
            arms(branch);
        }
    }
    match &mut region.end {
        End::Next(operands) => drop(operands.remove(index)),
        End::Split(branch, rest) => {
            arms(branch);
            forget(rest, index);
        }
        End::Tail(branch) => arms(branch),
        End::Yield(_) | End::Leave(_) | End::Diverge => {}
    }
}

fn defines(statement: &Statement, id: Id) -> bool {
    matches!(statement, Statement::Let(step) if step.value == id)
}

/// True if each iteration ends by handing on the value.
fn hands_on(region: &Region, index: usize, value: Id) -> bool {
    matches!(&region.end, End::Next(operands) if operands[index].whole() == Some(value))
}

// ----- lengths

/// How long something is: a number, or the names in its tokens and what they mean there.
#[derive(PartialEq, Eq)]
struct Length {
    tokens: String,
    mentions: Vec<Id>,
}

fn length_of(tokens: TokenStream, code: &Opaque) -> Option<Length> {
    let mut mentions = Vec::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(name) => mentions.extend(
                code.mentions
                    .iter()
                    .filter(|(known, _)| *known == name)
                    .map(|(_, id)| *id),
            ),
            TokenTree::Literal(_) => {}
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            TokenTree::Punct(_) | TokenTree::Group(_) => return None,
        }
    }
    let tokens = tokens.to_string();
    (!tokens.is_empty()).then_some(Length { tokens, mentions })
}

/// The length of `[x; n]` or `vec![x; n]` with a number `x`.
fn length(code: &Opaque) -> Option<Length> {
    let trees: Vec<_> = code.tokens.clone().into_iter().collect();
    let inside = match &trees[..] {
        [TokenTree::Group(inside)] => inside,
        [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(inside)]
            if name == "vec" && bang.as_char() == '!' =>
        {
            inside
        }
        _ => return None,
    };
    let trees: Vec<_> = inside.stream().into_iter().collect();
    match &trees[..] {
        [TokenTree::Literal(_), TokenTree::Punct(semicolon), length @ ..]
            if inside.delimiter() == Delimiter::Bracket && semicolon.as_char() == ';' =>
        {
            length_of(length.iter().cloned().collect(), code)
        }
        _ => None,
    }
}

/// The end of a range that begins at zero.
fn range_end(items: &Opaque) -> Option<Length> {
    let trees: Vec<_> = items.tokens.clone().into_iter().collect();
    let dot = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '.');
    match &trees[..] {
        [TokenTree::Literal(zero), first, second, end @ ..] if zero.to_string() == "0" && dot(first) && dot(second) => {
            length_of(end.iter().cloned().collect(), items)
        }
        _ => None,
    }
}
