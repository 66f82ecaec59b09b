//! Smaller programs that may fail in the same way.
//!
//! Types are not looked at: a candidate that is no Rust is found out by the compiler.

use crate::check;
use crate::print::{self, Derivative};
use crate::program::{Arm, Block, Closure, End, Expr, Items, Program, Statement, Type};

/// Programs that are smaller by one step, the smallest first. All of them still run at the test's points.
#[must_use]
pub fn candidates(program: &Program) -> Vec<Program> {
    let mut found = without_items(program);
    let sites = count(program);
    for site in 0..sites {
        for edit in 0..EDITS {
            let mut candidate = program.clone();
            let mut at = 0;
            let mut done = false;
            visit(&mut candidate, &mut |place| {
                if at == site {
                    done = apply(place, edit);
                }
                at += 1;
            });
            if done && candidate != *program {
                found.push(candidate);
            }
        }
    }
    let mut sized: Vec<_> = found
        .into_iter()
        .map(|candidate| (size(&candidate), candidate))
        .filter(|(own, _)| *own < size(program))
        .collect();
    sized.sort_by_key(|(size, _)| *size);
    sized.dedup_by(|left, right| left.1 == right.1);
    let candidates = sized.into_iter().map(|(_, candidate)| candidate);
    candidates.filter(check::is_tame).collect()
}

/// The length of the program's text.
#[must_use]
pub fn size(program: &Program) -> usize {
    let text = print::program(program, Derivative::Present);
    text.split_whitespace().map(str::len).sum::<usize>() + text.split_whitespace().count()
}

/// Ways to make one place smaller.
const EDITS: usize = 12;

/// A place in a program.
enum Place<'a> {
    Expr(&'a mut Expr),
    Block(&'a mut Block),
    Arms(&'a mut Vec<Arm>),
    Statement(&'a mut Statement),
}

fn without_items(program: &Program) -> Vec<Program> {
    let mut found = Vec::new();
    for index in 0..program.functions.len().saturating_sub(1) {
        let mut candidate = program.clone();
        candidate.functions.remove(index);
        found.push(candidate);
    }
    for index in 0..program.structs.len() {
        let mut candidate = program.clone();
        candidate.structs.remove(index);
        found.push(candidate);
        for field in 0..program.structs[index].fields.len() {
            let mut candidate = program.clone();
            candidate.structs[index].fields.remove(field);
            found.push(candidate);
        }
    }
    for index in 0..program.constants.len() {
        let mut candidate = program.clone();
        candidate.constants.remove(index);
        found.push(candidate);
    }
    for index in 0..program.enums.len() {
        let mut candidate = program.clone();
        candidate.enums.remove(index);
        found.push(candidate);
        for variant in 0..program.enums[index].variants.len() {
            let mut candidate = program.clone();
            candidate.enums[index].variants.remove(variant);
            found.push(candidate);
        }
    }
    for (function, item) in program.functions.iter().enumerate() {
        if item.checkpoints.is_some() {
            let mut candidate = program.clone();
            candidate.functions[function].checkpoints = None;
            found.push(candidate);
        }
        for parameter in 0..item.parameters.len() {
            let mut candidate = program.clone();
            candidate.functions[function].parameters.remove(parameter);
            let name = &item.name;
            visit(&mut candidate, &mut |place| {
                if let Place::Expr(Expr::Call(called, arguments) | Expr::CallMethod(called, arguments)) = place
                    && called == name
                    && parameter < arguments.len()
                {
                    arguments.remove(parameter);
                }
            });
            found.push(candidate);
        }
        if item.result != Type::Real {
            let mut candidate = program.clone();
            candidate.functions[function].result = Type::Real;
            found.push(candidate);
        }
    }
    found
}

fn count(program: &Program) -> usize {
    let mut sites = 0;
    visit(&mut program.clone(), &mut |_| sites += 1);
    sites
}

/// Applies an edit. False if it makes no sense there.
fn apply(place: Place<'_>, edit: usize) -> bool {
    match place {
        Place::Expr(expr) => match edit {
            0 => replace(expr, Expr::Real(1.5, true)),
            1 => replace(expr, Expr::Variable("x".to_owned())),
            edit => {
                let mut parts = Vec::new();
                hoistable(expr, &mut parts);
                edit - 2 < parts.len() && replace(expr, parts.swap_remove(edit - 2))
            }
        },
        Place::Block(block) => {
            if edit < block.statements.len() {
                block.statements.remove(edit);
                return true;
            }
            false
        }
        Place::Arms(arms) => {
            if edit < arms.len() && arms.len() > 1 {
                arms.remove(edit);
                return true;
            }
            edit == EDITS - 1 && arms.iter_mut().any(|arm| arm.guard.take().is_some())
        }
        Place::Statement(statement) => match (statement, edit) {
            (Statement::Let { ty, .. }, 0) => ty.take().is_some(),
            (Statement::Expr(Expr::If(_, _, otherwise)), 0) => otherwise.take().is_some(),
            (statement @ Statement::Expr(Expr::If(..)), 1) => {
                let Statement::Expr(Expr::If(_, then, _)) = statement.clone() else {
                    return false;
                };
                *statement = Statement::Expr(Expr::Block(None, then));
                true
            }
            _ => false,
        },
    }
}

fn replace(expr: &mut Expr, by: Expr) -> bool {
    let changed = *expr != by;
    *expr = by;
    changed
}

/// The expressions that may stand in place of the one that they are part of.
fn hoistable(expr: &Expr, parts: &mut Vec<Expr>) {
    let mut expr = expr.clone();
    children(&mut expr, &mut |child| parts.push(child.clone()));
    if let Expr::Block(_, block) | Expr::If(_, block, _) = &expr
        && block.statements.is_empty()
    {
        parts.extend(block.value.as_deref().cloned());
    }
    if let Expr::If(_, _, Some(block)) = &expr
        && block.statements.is_empty()
    {
        parts.extend(block.value.as_deref().cloned());
    }
    if let Expr::Chain(items, end) = &expr {
        parts.extend(items.before().map(|items| Expr::Chain(items.clone(), end.clone())));
    }
    if let Expr::Match(_, arms) = &expr {
        parts.extend(arms.iter().map(|arm| arm.body.clone()));
    }
}

/// Calls a function on every place of the program.
fn visit(program: &mut Program, function: &mut dyn FnMut(Place<'_>)) {
    for item in &mut program.functions {
        visit_block(&mut item.body, function);
    }
}

fn visit_block(block: &mut Block, function: &mut dyn FnMut(Place<'_>)) {
    function(Place::Block(block));
    for statement in &mut block.statements {
        function(Place::Statement(statement));
        match statement {
            Statement::Let { init, otherwise, .. } => {
                if let Some(init) = init {
                    visit_expr(init, function);
                }
                if let Some(otherwise) = otherwise {
                    visit_block(otherwise, function);
                }
            }
            Statement::Assign { value, .. } => visit_expr(value, function),
            Statement::Closure { closure, .. } => visit_closure(closure, function),
            Statement::Expr(expr) | Statement::Assert(expr) => visit_expr(expr, function),
            Statement::Constant(..) => {}
        }
    }
    if let Some(value) = &mut block.value {
        visit_expr(value, function);
    }
}

fn visit_closure(closure: &mut Closure, function: &mut dyn FnMut(Place<'_>)) {
    visit_expr(&mut closure.body, function);
}

fn visit_expr(expr: &mut Expr, function: &mut dyn FnMut(Place<'_>)) {
    function(Place::Expr(expr));
    children(expr, &mut |child| visit_expr(child, function));
    match expr {
        Expr::ForEach(_, _, items, block) => {
            visit_items(items, function);
            visit_block(block, function);
        }
        Expr::Block(_, block)
        | Expr::For(_, _, _, _, _, block)
        | Expr::While(_, _, block)
        | Expr::WhileLet(_, _, _, block)
        | Expr::Loop(_, block) => {
            visit_block(block, function);
        }
        Expr::If(_, then, otherwise) | Expr::IfLet(_, _, then, otherwise) => {
            visit_block(then, function);
            if let Some(otherwise) = otherwise {
                visit_block(otherwise, function);
            }
        }
        Expr::Match(_, arms) => {
            function(Place::Arms(arms));
            for arm in arms {
                if let Some(guard) = &mut arm.guard {
                    visit_expr(guard, function);
                }
                visit_expr(&mut arm.body, function);
            }
        }
        Expr::CallInPlace(closure, _) => visit_closure(closure, function),
        Expr::Chain(items, end) => {
            visit_items(items, function);
            if let End::Fold(_, closure) = end {
                visit_closure(closure, function);
            }
        }
        _ => {}
    }
}

fn visit_items(items: &mut Items, function: &mut dyn FnMut(Place<'_>)) {
    for closure in items.closures() {
        visit_closure(closure, function);
    }
}

/// Calls a function on the expressions that are parts of this one, outside blocks.
fn children(expr: &mut Expr, function: &mut dyn FnMut(&mut Expr)) {
    match expr {
        Expr::Field(base, _)
        | Expr::Borrow(base)
        | Expr::BorrowMut(base)
        | Expr::Dereference(base)
        | Expr::Negate(base)
        | Expr::Not(base)
        | Expr::Cast(base, _)
        | Expr::Repeat(base, _)
        | Expr::StopGradient(base)
        | Expr::Return(base)
        | Expr::If(base, ..)
        | Expr::IfLet(_, base, ..)
        | Expr::Match(base, _)
        | Expr::While(_, base, _)
        | Expr::WhileLet(_, _, base, _)
        | Expr::Break(_, Some(base)) => function(base),
        Expr::Index(left, right)
        | Expr::Binary(_, left, right)
        | Expr::Compare(_, left, right)
        | Expr::Logic(_, left, right)
        | Expr::For(_, _, left, right, ..) => {
            function(left);
            function(right);
        }
        Expr::Method(_, receiver, arguments) => {
            function(receiver);
            arguments.iter_mut().for_each(function);
        }
        Expr::Associated(_, arguments)
        | Expr::Tuple(arguments)
        | Expr::Array(arguments)
        | Expr::TupleStruct(_, arguments)
        | Expr::Call(_, arguments)
        | Expr::CallMethod(_, arguments)
        | Expr::CallClosure(_, arguments)
        | Expr::CallInPlace(_, arguments) => arguments.iter_mut().for_each(function),
        Expr::ForEach(_, _, items, _) => items.arrays().into_iter().for_each(function),
        Expr::Chain(items, end) => {
            items.arrays().into_iter().for_each(&mut *function);
            if let End::Fold(init, _) = end {
                function(init);
            }
        }
        Expr::Struct(_, fields, rest) => {
            fields.iter_mut().for_each(|(_, value)| function(value));
            if let Some(rest) = rest {
                function(rest);
            }
        }
        Expr::Real(..)
        | Expr::Int(..)
        | Expr::Bool(_)
        | Expr::Unit
        | Expr::Variable(_)
        | Expr::Path(_)
        | Expr::Block(..)
        | Expr::Loop(..)
        | Expr::Break(_, None)
        | Expr::Continue(_) => {}
    }
}
