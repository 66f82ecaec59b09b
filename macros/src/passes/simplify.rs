//! Simplification of early returns.
//!
//! A branch that leaves in all arms but one needs no test behind it: what follows belongs into that arm.

use crate::ir::{Branch, End, Let, Op, Program, Region, Statement, Syntax, ValueKind};

/// Moves what follows a branch into its only arm that does not leave.
// Input:  if c { leave a } else { yield b } rest { x = …b…; leave x }
// Output: if c { leave a } else { x = …b…; leave x }
pub(crate) fn simplify(program: &mut Program) {
    let mut body = std::mem::replace(&mut program.body, empty());
    region(program, &mut body);
    program.body = body;
}

fn region(program: &mut Program, inside: &mut Region) {
    for statement in &mut inside.statements {
        match statement {
            Statement::Branch(branch) => arms(program, branch),
            Statement::Loop(inner) => region(program, &mut inner.body),
            _ => {}
        }
    }
    let end = match std::mem::replace(&mut inside.end, End::Diverge) {
        End::Split(mut branch, mut rest) => {
            if sink(program, &mut branch, &mut rest) {
                End::Tail(branch)
            } else {
                region(program, &mut rest);
                End::Split(branch, rest)
            }
        }
        end => end,
    };
    inside.end = end;
    if let End::Split(branch, _) | End::Tail(branch) = &mut inside.end {
        arms(program, branch);
    }
}

fn arms(program: &mut Program, branch: &mut Branch) {
    for arm in &mut branch.arms {
        region(program, &mut arm.region);
    }
}

/// Moves the rest into the branch's only arm that does not leave. False if there is more than one.
fn sink(program: &mut Program, branch: &mut Branch, rest: &mut Region) -> bool {
    let mut falling = branch.arms.iter_mut().filter(|arm| arm.region.falls());
    let (Some(arm), None) = (falling.next(), falling.next()) else {
        return false;
    };
    let end = falling_end(&mut arm.region);
    let End::Yield(operands) = std::mem::replace(&mut end.end, End::Diverge) else {
        return false;
    };
    for (value, operand) in branch.results.drain(..).zip(operands) {
        program.values[value.0].kind = ValueKind::Result;
        let op = Op::Copy(Syntax::Plain);
        end.statements.push(Statement::Let(Let {
            value,
            op,
            operands: vec![operand],
            ascription: None,
        }));
    }
    let rest = std::mem::replace(rest, empty());
    end.statements.extend(rest.statements);
    end.end = rest.end;
    true
}

/// The region in which control reaches the end.
fn falling_end(inside: &mut Region) -> &mut Region {
    if matches!(inside.end, End::Split(..)) {
        let End::Split(_, rest) = &mut inside.end else {
            unreachable!("just matched")
        };
        return falling_end(rest);
    }
    inside
}

fn empty() -> Region {
    Region {
        statements: Vec::new(),
        end: End::Diverge,
    }
}
