//! Which operations may be ones of the user's own types.
//!
//! The macro does not know types, but of many values the source shows that they are numbers, matrices, or arrays and the
//! like of these: by the type of a parameter or the function's result, by a literal, by an operation on such values. The
//! operations that are left may be anything: of those the compiler is asked which rule they have, in the generated code,
//! and that code takes longer to compile.
//!
//! That an operator whose result is a number works on numbers is taken for granted. Where it does not (`a * b` of two
//! vectors of the user's, a number), the compiler finds no rule.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::cells;
use crate::ir::primitives;
use crate::ir::signature::Signature;
use crate::ir::{
    Branch, Construct, End, Id, Iterations, Let, Op, Opaque, Operand, OperandKind, Program, Region, Statement, Syntax,
};

/// Finds them.
pub(crate) fn own(program: &mut Program, signature: &Signature) {
    let mut numbers = Numbers {
        program,
        found: HashSet::new(),
    };
    let parameters = program.parameters.iter().zip(&signature.parameters);
    let known = parameters.filter(|(_, parameter)| parameter.numbers);
    numbers.found.extend(known.map(|(id, _)| *id));
    if is_number(&signature.output) {
        numbers.found.insert(program.result);
    }
    loop {
        let before = numbers.found.len();
        numbers.region(&program.body, &[]);
        if numbers.found.len() == before {
            break;
        }
    }
    let mut own = BTreeSet::new();
    numbers.left(&program.body, &mut own);
    program.own = own;
}

/// True for `f64` and `f32`.
fn is_number(ty: &TokenStream) -> bool {
    matches!(&ty.to_string()[..], "f64" | "f32")
}

/// True for code whose value is plainly a number, or an array, a vector or a tuple of such: a literal, a cast, `f64::EPSILON`,
/// arithmetic and methods of such, or of what `is_number` says is one.
fn is_plain(tokens: &TokenStream, is_number: &dyn Fn(&Ident) -> bool) -> bool {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let punct = |index: usize| match trees.get(index) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    let is_call = |index: usize| matches!(trees.get(index), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        let fits = match tree {
            TokenTree::Literal(_) => true,
            TokenTree::Punct(punct) => "+-*/%.&".contains(punct.as_char()),
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Brace => false,
                _ => are_plain(&group.stream(), is_number),
            },
            // `vec![0.0; n]`
            TokenTree::Ident(name) if name == "vec" && punct(index + 1) == Some('!') => {
                index += 1;
                matches!(trees.get(index + 1), Some(TokenTree::Group(_)))
            }
            TokenTree::Ident(name) => {
                let name_of = name.to_string();
                let behind_dot = index > 0 && punct(index - 1) == Some('.');
                if name_of == "as" {
                    let ty = trees.get(index + 1);
                    index += 1;
                    matches!(ty, Some(TokenTree::Ident(ty)) if NUMBERS.contains(&&ty.to_string()[..]))
                } else if behind_dot {
                    is_call(index + 1) && (primitives::takes_numbers(&name_of) || name_of == "len")
                } else if ROOTS.contains(&&name_of[..]) {
                    // A path to a constant.
                    while punct(index + 1) == Some(':') && matches!(trees.get(index + 3), Some(TokenTree::Ident(_))) {
                        index += 3;
                    }
                    !is_call(index + 1)
                } else {
                    is_number(name) && !is_call(index + 1) && punct(index + 1) != Some(':')
                }
            }
        };
        if !fits {
            return false;
        }
        index += 1;
    }
    true
}

/// True for a list of such; of a repeated one, the length does not matter.
fn are_plain(tokens: &TokenStream, is_number: &dyn Fn(&Ident) -> bool) -> bool {
    let is_mark = |tree: &TokenTree, mark: char| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark);
    let trees = tokens.clone().into_iter();
    let trees: Vec<_> = trees.take_while(|tree| !is_mark(tree, ';')).collect();
    let mut elements = trees.split(|tree| is_mark(tree, ','));
    elements.all(|element| is_plain(&element.iter().cloned().collect(), is_number))
}

/// The types of numbers.
const NUMBERS: &[&str] = &["f64", "f32", "usize", "i32", "u32", "i64", "u64"];

/// Where paths to constants begin that are numbers.
const ROOTS: &[&str] = &["f64", "f32", "std", "core"];

/// True for what a `for` loop takes from a range.
fn is_range(items: &TokenStream) -> bool {
    let trees: Vec<_> = items.clone().into_iter().collect();
    let dots = trees.windows(2).any(|pair| {
        let is_dot = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '.');
        pair.iter().all(is_dot)
    });
    dots || matches!(trees.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis && is_range(&group.stream()))
}

struct Numbers<'p> {
    program: &'p Program,
    /// The values that are numbers, matrices, or made of these.
    found: HashSet<Id>,
}

impl Numbers<'_> {
    fn is_found(&self, operand: &Operand) -> bool {
        match &operand.kind {
            OperandKind::Place(place) | OperandKind::Borrow(_, place) => {
                self.found.contains(&place.root) || self.found.contains(&self.program.underlying(place).root)
            }
            OperandKind::Constant(tokens) => is_plain(tokens, &|_| false),
            OperandKind::Unit => false,
        }
    }

    /// True if the code computes a number.
    fn is_plain(&self, code: &Opaque) -> bool {
        is_plain(&code.tokens, &|name| {
            let mut mentions = code.mentions.iter();
            mentions.any(|(mentioned, id)| mentioned == name && self.found.contains(id))
        })
    }

    fn note(&mut self, operand: &Operand) {
        self.found.extend(operand.whole());
    }

    /// Two names of one value, or of values of one type.
    fn same(&mut self, operand: &Operand, id: Id) {
        if self.is_found(operand) {
            self.found.insert(id);
        } else if self.found.contains(&id) {
            self.note(operand);
        }
    }

    fn region(&mut self, region: &Region, carried: &[Id]) {
        for statement in &region.statements {
            match statement {
                Statement::Let(step) => self.operation(step),
                Statement::Bind(bind) => {
                    if self.is_found(&bind.source) {
                        self.found.extend(&bind.bindings);
                    }
                }
                Statement::Verbatim(verbatim) => {
                    for write in &verbatim.writes {
                        self.one_type(&[write.before, write.after]);
                    }
                }
                Statement::Branch(branch) => self.branch(branch, carried),
                Statement::Loop(inner) => {
                    let mut ends = Vec::new();
                    for carried in &inner.carried {
                        self.same(&carried.before, carried.start);
                        self.one_type(&[carried.start, carried.end, carried.after]);
                        ends.push(carried.end);
                    }
                    if let Iterations::Each { items, bindings, .. } = &inner.iterations
                        && (is_range(&items.tokens) && bindings.len() == 1 || self.is_plain(items))
                    {
                        self.found.extend(bindings);
                    }
                    self.region(&inner.body, &ends);
                }
            }
        }
        match &region.end {
            End::Next(operands) => {
                for (operand, id) in operands.iter().zip(carried) {
                    self.same(operand, *id);
                }
            }
            End::Leave(operand) => self.same(operand, self.program.result),
            End::Split(branch, rest) => {
                self.branch(branch, carried);
                self.region(rest, carried);
            }
            End::Tail(branch) => self.branch(branch, carried),
            End::Yield(_) | End::Diverge => {}
        }
        // What is known of a result goes up a whole row of operations at once.
        for statement in region.statements.iter().rev() {
            if let Statement::Let(step) = statement {
                self.operation(step);
            }
        }
    }

    fn branch(&mut self, branch: &Branch, carried: &[Id]) {
        for arm in &branch.arms {
            self.region(&arm.region, carried);
        }
        for (index, result) in branch.results.iter().enumerate() {
            let mut yields = Vec::new();
            for arm in &branch.arms {
                cells::yielded(&arm.region, index, &mut yields);
            }
            let mut ids: Vec<_> = yields.into_iter().flatten().collect();
            ids.push(*result);
            self.one_type(&ids);
        }
    }

    fn one_type(&mut self, ids: &[Id]) {
        if ids.iter().any(|id| self.found.contains(id)) {
            self.found.extend(ids);
        }
    }

    fn operation(&mut self, step: &Let) {
        if step.ascription.as_ref().is_some_and(is_number) {
            self.found.insert(step.value);
        }
        let all = step.operands.iter().all(|operand| self.is_found(operand));
        match &step.op {
            Op::Primitive { syntax, .. } => match syntax {
                Syntax::Infix(_) | Syntax::Compound(_) | Syntax::Prefix(_) => {
                    if all {
                        self.found.insert(step.value);
                    } else if self.found.contains(&step.value) {
                        step.operands.iter().for_each(|operand| self.note(operand));
                    }
                }
                Syntax::Change { .. } => {
                    if step.operands.iter().take(2).any(|operand| self.is_found(operand)) {
                        self.found.insert(step.value);
                    }
                    if self.found.contains(&step.value) {
                        step.operands.iter().take(2).for_each(|operand| self.note(operand));
                    }
                }
                Syntax::Cast(_) => {
                    self.found.insert(step.value);
                }
                Syntax::Function(path) if is_of_number(path) => {
                    self.found.insert(step.value);
                    step.operands.iter().for_each(|operand| self.note(operand));
                }
                Syntax::Method { .. } | Syntax::Function(_) | Syntax::Plain => {
                    if step.operands.first().is_some_and(|first| self.is_found(first)) {
                        self.found.insert(step.value);
                    }
                }
            },
            Op::Copy(_) => {
                if let [operand] = &step.operands[..] {
                    self.same(operand, step.value);
                }
            }
            Op::Construct(construct) => {
                let is_container = !matches!(construct, Construct::Struct { .. } | Construct::TupleStruct(_));
                if is_container && all {
                    self.found.insert(step.value);
                } else if is_container && self.found.contains(&step.value) {
                    step.operands.iter().for_each(|operand| self.note(operand));
                }
            }
            Op::Update(_) => {
                if let [before, value] = &step.operands[..] {
                    self.same(before, step.value);
                    if self.found.contains(&step.value) {
                        self.note(value);
                    }
                }
            }
            Op::Opaque { code, writes, .. } => {
                if self.is_plain(code) {
                    self.found.insert(step.value);
                }
                for write in writes {
                    self.one_type(&[write.before, write.after]);
                }
            }
            Op::Call(_) | Op::Push { .. } | Op::Zero | Op::Tangent | Op::CallTangent(_) => {}
        }
    }

    // ----- what is left

    fn left(&self, region: &Region, own: &mut BTreeSet<Id>) {
        let branch = |branch: &Branch, own: &mut BTreeSet<Id>| {
            for arm in &branch.arms {
                self.left(&arm.region, own);
            }
        };
        for statement in &region.statements {
            match statement {
                Statement::Let(step) if self.is_left(step) => {
                    own.insert(step.value);
                }
                Statement::Branch(inner) => branch(inner, own),
                Statement::Loop(inner) => self.left(&inner.body, own),
                _ => {}
            }
        }
        match &region.end {
            End::Split(inner, rest) => {
                branch(inner, own);
                self.left(rest, own);
            }
            End::Tail(inner) => branch(inner, own),
            _ => {}
        }
    }

    fn is_left(&self, step: &Let) -> bool {
        let Op::Primitive { name, syntax } = &step.op else {
            return false;
        };
        let value = self.program.value(step.value);
        let has_operands = matches!(step.operands.len(), 1 | 2);
        value.active
            && has_operands
            && primitives::may_be_own(name)
            && match syntax {
                Syntax::Infix(_) | Syntax::Compound(_) | Syntax::Prefix(_) => {
                    !self.found.contains(&step.value) && !step.operands.iter().all(|operand| self.is_found(operand))
                }
                Syntax::Method { .. } => !self.is_found(&step.operands[0]),
                Syntax::Function(path) => !is_of_number(path) && !self.is_found(&step.operands[0]),
                Syntax::Change { .. } | Syntax::Cast(_) | Syntax::Plain => false,
            }
    }
}

/// True for a function of numbers: `f64::max`.
fn is_of_number(path: &TokenStream) -> bool {
    let first = path.clone().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "f64" || name == "f32")
}
