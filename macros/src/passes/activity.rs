//! Activity: which values vary with the parameters that are differentiated, and are useful to the result.
//!
//! Lowering knows what varies. This pass goes backwards from the result and drops what it does not depend on.

use std::collections::HashSet;

use crate::ir::{Arm, Branch, End, Id, Let, Op, Operand, Program, Region, Statement};

/// Narrows `active` to the values that the result depends on.
pub(crate) fn activity(program: &mut Program) {
    let mut useful = HashSet::from([program.result]);
    // Regions are visited backwards and values are defined before they are used, so that one visit is enough.
    region(program, &program.body, &[], &mut useful);
    for (index, value) in program.values.iter_mut().enumerate() {
        value.active &= useful.contains(&Id(index));
    }
}

fn region(program: &Program, region_: &Region, results: &[Id], useful: &mut HashSet<Id>) {
    match &region_.end {
        End::Yield(operands) => {
            for (operand, result) in operands.iter().zip(results) {
                if useful.contains(result) {
                    mark(program, operand, useful);
                }
            }
        }
        End::Leave(operand) => mark(program, operand, useful),
        End::Diverge => {}
        End::Split(head, rest) => {
            region(program, rest, results, useful);
            branch(program, head, &head.results, useful);
        }
        End::Tail(head) => branch(program, head, results, useful),
    }
    for statement in region_.statements.iter().rev() {
        match statement {
            Statement::Let(step) => operation(program, step, useful),
            Statement::Branch(inner) => branch(program, inner, &inner.results, useful),
            Statement::Bind(bind) => {
                if bind.bindings.iter().any(|id| useful.contains(id)) {
                    mark(program, &bind.source, useful);
                }
            }
            Statement::Verbatim(_) => {}
        }
    }
}

fn branch(program: &Program, branch: &Branch, results: &[Id], useful: &mut HashSet<Id>) {
    for Arm { region: inner, .. } in &branch.arms {
        region(program, inner, results, useful);
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
