//! A fixed batch of random programs: their values and gradients are those of a forward-mode oracle.
//!
//! `cargo run -p tapeless-random -- --seed 1 --count 1000` tries others; a program that fails there and is of interest becomes
//! a test of its own.

use tapeless_random::batch;
use tapeless_random::check::{self, Case, Outcome};
use tapeless_random::print::{self, Derivative};
use tapeless_random::program::Program;

#[cfg(not(clippy))]
include!(concat!(env!("OUT_DIR"), "/random.rs"));

/// Lints have nothing to say about random programs, and would take minutes to say it.
#[cfg(clippy)]
type Run = fn(&[f64], &[i64], &[f64]) -> (Vec<f64>, Vec<f64>);
#[cfg(clippy)]
static RUNS: [Run; 0] = [];

fn found(run: Run, case: &Case) -> Outcome {
    let (value, gradient) = run(&case.inputs.reals, &case.inputs.integers, &case.seed);
    Outcome { value, gradient }
}

/// Every program with what is wrong with it.
fn failures(distort: impl Fn(&mut Outcome)) -> Vec<(Program, String)> {
    let mut failures = Vec::new();
    for (program, run) in batch::fixed().into_iter().zip(RUNS) {
        for mut case in check::cases(&program, check::POINTS) {
            distort(&mut case.expected);
            if let Err(message) = check::agree(&found(run, &case), &case.expected) {
                failures.push((program.clone(), format!("{message}\n  at {:?}", case.inputs)));
                break;
            }
        }
    }
    failures
}

#[test]
fn gradients_are_the_oracles() {
    let failures = failures(|_| ());
    let count = failures.len();
    if let Some((program, message)) = failures.first() {
        panic!(
            "{count} programs fail; seed {}: {message}\n{}",
            program.seed,
            print::program(program, Derivative::Present)
        );
    }
}

#[test]
fn a_wrong_gradient_is_found() {
    // The last derivative is off by a millionth of the largest: no program passes.
    let failures = failures(|expected| {
        let largest = expected
            .gradient
            .iter()
            .fold(1.0_f64, |largest, scalar| largest.max(scalar.abs()));
        if let Some(last) = expected.gradient.last_mut() {
            *last += 1e-6 * largest;
        }
    });
    assert_eq!(failures.len(), batch::fixed().len());
}
