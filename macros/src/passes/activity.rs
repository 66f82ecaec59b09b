//! Activity: which values vary with the parameters that are differentiated, and are useful to the result.
//!
//! Lowering knows what varies. This pass goes backwards from the result and drops what it does not depend on.

use std::collections::HashSet;

use crate::ir::{Arm, Branch, End, Id, Let, Loop, Op, Operand, Program, Region, Statement};

/// Narrows `active` to the values that the result depends on.
pub(crate) fn activity(program: &mut Program) {
    let mut useful = HashSet::from([program.result]);
    // Regions are visited backwards and values are defined before they are used, so that one visit is enough; loops are
    // visited until nothing more is found.
    region(program, &program.body, &[], &[], &mut useful);
    for (index, value) in program.values.iter_mut().enumerate() {
        value.active &= useful.contains(&Id(index));
    }
}

/// `results` are what the region yields for, `ends` what an iteration around it hands on.
fn region(program: &Program, region_: &Region, results: &[Id], ends: &[Id], useful: &mut HashSet<Id>) {
    match &region_.end {
        End::Yield(operands) => {
            for (operand, result) in operands.iter().zip(results) {
                if useful.contains(result) {
                    mark(program, operand, useful);
                }
            }
        }
        End::Leave(operand) => mark(program, operand, useful),
        End::Next(operands) => {
            for (operand, end) in operands.iter().zip(ends) {
                if useful.contains(end) {
                    mark(program, operand, useful);
                }
            }
        }
        End::Diverge => {}
        End::Split(head, rest) => {
            region(program, rest, results, ends, useful);
            branch(program, head, &head.results, ends, useful);
        }
        End::Tail(head) => branch(program, head, results, ends, useful),
    }
    for statement in region_.statements.iter().rev() {
        match statement {
            Statement::Let(step) => operation(program, step, useful),
            Statement::Branch(inner) => branch(program, inner, &inner.results, ends, useful),
            Statement::Loop(inner) => iteration(program, inner, useful),
            Statement::Bind(bind) => {
                if bind.bindings.iter().any(|id| useful.contains(id)) {
                    mark(program, &bind.source, useful);
                }
            }
            Statement::Verbatim(_) => {}
        }
    }
}

fn branch(program: &Program, branch: &Branch, results: &[Id], ends: &[Id], useful: &mut HashSet<Id>) {
    for Arm { region: inner, .. } in &branch.arms {
        region(program, inner, results, ends, useful);
    }
}

fn iteration(program: &Program, inner: &Loop, useful: &mut HashSet<Id>) {
    let ends: Vec<_> = inner.carried.iter().map(|carried| carried.end).collect();
    loop {
        let before = useful.len();
        for carried in &inner.carried {
            if useful.contains(&carried.after) || useful.contains(&carried.start) {
                useful.insert(carried.end);
            }
        }
        region(program, &inner.body, &[], &ends, useful);
        if useful.len() == before {
            break;
        }
    }
    for carried in &inner.carried {
        if useful.contains(&carried.end) {
            useful.extend([carried.start, carried.after]);
            mark(program, &carried.before, useful);
        }
    }
}

fn operation(program: &Program, step: &Let, useful: &mut HashSet<Id>) {
    if useful.contains(&step.value) && !matches!(step.op, Op::Opaque { .. }) {
        step.operands.iter().for_each(|operand| mark(program, operand, useful));
    }
}

fn mark(program: &Program, operand: &Operand, useful: &mut HashSet<Id>) {
    if let Some(place) = operand.place() {
        useful.insert(place.root);
        useful.insert(program.underlying(place).root);
    }
}
