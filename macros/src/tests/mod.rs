//! Tests of the passes and of generated code.

mod golden;
mod lowering;
mod moved;

use crate::errors::Errors;
use crate::front::args::Args;
use crate::front::{function, lower, validate};
use crate::ir::{Program, verify};
use crate::passes::{activity, reorder, scratch, simplify};

/// The program for a function after the passes, or the messages of what is wrong with it.
fn compile(source: &str) -> Result<Program, Vec<String>> {
    let item: syn::ItemFn = syn::parse_str(source).expect("the source of a function");
    let mut errors = Errors::default();
    validate::validate(&item, &Args::default(), &mut errors);
    let mut function = function::function(&item, &Args::default());
    if !errors.is_empty() {
        return Err(errors.messages());
    }
    let mut program = lower::lower(
        &function.parameters,
        &function.body,
        function.changes,
        function.signature.expansion(),
        &mut function.names,
        &mut errors,
    );
    if !errors.is_empty() {
        return Err(errors.messages());
    }
    assert_eq!(verify::verify(&program), Ok(()));
    simplify::simplify(&mut program);
    assert_eq!(verify::verify(&program), Ok(()));
    scratch::scratch(&mut program);
    reorder::reorder(&mut program);
    assert_eq!(verify::verify(&program), Ok(()));
    activity::activity(&mut program);
    Ok(program)
}

/// The text dump of the program for a function.
fn dump(source: &str) -> String {
    match compile(source) {
        Ok(program) => program.to_string(),
        Err(messages) => messages.join("\n"),
    }
}
