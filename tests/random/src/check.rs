//! Where programs are run, what the oracle says there, and how close the compiled program must come.

use crate::interpret::{self, Inputs, leaves};
use crate::program::{Program, Type};
use crate::rng::Rng;

/// Points at which each program is run.
pub const POINTS: usize = 4;

/// The largest magnitude that numbers and slopes may reach on the way, so that rounding stays far below the tolerance.
const LARGEST: f64 = 1e4;

/// The error that is allowed, relative to the largest scalar that is compared, and at least to one.
pub const TOLERANCE: f64 = 1e-9;

/// What a program gives at a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The scalars of the result that have a tangent.
    pub value: Vec<f64>,
    /// The gradient: the pulled back seed, for every scalar that the function is differentiated with respect to.
    pub gradient: Vec<f64>,
}

/// A point at which a program is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The arguments.
    pub inputs: Inputs,
    /// The cotangent of the result.
    pub seed: Vec<f64>,
    /// What the oracle says.
    pub expected: Outcome,
}

/// The first points of the program.
///
/// # Panics
/// If the program is not [tame](is_tame).
#[must_use]
pub fn cases(program: &Program, count: usize) -> Vec<Case> {
    (0..count)
        .map(|point| case(program, point).expect("generated programs are tame"))
        .collect()
}

/// True if the program runs at all of its points, and no number on the way is large.
#[must_use]
pub fn is_tame(program: &Program) -> bool {
    (0..POINTS).all(|point| case(program, point).is_ok())
}

/// The program at one of its points.
///
/// # Errors
/// What is not tame about it.
pub fn case(program: &Program, point: usize) -> Result<Case, String> {
    let mut rng = Rng::new(program.seed.wrapping_mul(31).wrapping_add(point as u64));
    let mut inputs = Inputs::default();
    let mut active = Vec::new();
    for parameter in &program.main().parameters {
        inputs_of(
            program,
            &parameter.ty,
            parameter.is_active(),
            &mut rng,
            &mut inputs,
            &mut active,
        );
    }
    let result = &program.main().result;
    let plain = interpret::run(program, &inputs, None, None)?;
    let value: Vec<_> = leaves(program, result, &plain.result)
        .iter()
        .map(|dual| dual.value)
        .collect();
    let seed = match result {
        Type::Real => vec![1.0],
        _ => value.iter().map(|_| rng.unit()).collect(),
    };
    let mut gradient = Vec::new();
    for (index, _) in active.iter().enumerate().filter(|(_, active)| **active) {
        let run = interpret::run(program, &inputs, Some(index), None)?;
        if run.largest > LARGEST {
            return Err(format!("a number as large as {:e}", run.largest));
        }
        let slopes = leaves(program, result, &run.result);
        gradient.push(slopes.iter().zip(&seed).map(|(dual, seed)| dual.slope * seed).sum());
    }
    Ok(Case {
        inputs,
        seed,
        expected: Outcome { value, gradient },
    })
}

/// Arguments of the type, and which of its scalars the function is differentiated with respect to.
fn inputs_of(program: &Program, ty: &Type, active: bool, rng: &mut Rng, inputs: &mut Inputs, activity: &mut Vec<bool>) {
    match ty {
        Type::Real => {
            inputs.reals.push(scalar(rng, &inputs.reals));
            activity.push(active);
        }
        Type::Usize => inputs.integers.push(rng.between(0, 4)),
        Type::I32 => inputs.integers.push(rng.between(-3, 5)),
        Type::Bool => inputs.integers.push(rng.between(0, 1)),
        Type::Choice => inputs.integers.push(rng.between(-1, 3)),
        Type::Maybe => {
            inputs.integers.push(rng.between(0, 1));
            inputs.reals.push(scalar(rng, &inputs.reals));
            activity.push(active);
        }
        Type::Unit => {}
        Type::Kind => {
            inputs.integers.extend([rng.between(0, 2), rng.between(0, 3)]);
            inputs.reals.push(scalar(rng, &[]));
            activity.push(false);
        }
        Type::Array(element, length) => {
            for _ in 0..*length {
                inputs_of(program, element, active, rng, inputs, activity);
            }
        }
        Type::Tuple(elements) => {
            for element in elements {
                inputs_of(program, element, active, rng, inputs, activity);
            }
        }
        Type::Struct(name) => {
            let fields = program
                .structure(name)
                .into_iter()
                .flat_map(|structure| &structure.fields);
            for field in fields {
                inputs_of(program, &field.ty, active && !field.no_diff, rng, inputs, activity);
            }
        }
        Type::Enum(_) => {}
        Type::Reference(inner) | Type::Mutable(inner) => inputs_of(program, inner, active, rng, inputs, activity),
    }
}

/// Mostly any number; now and then a round one, or one that was there before, so that ties happen.
fn scalar(rng: &mut Rng, before: &[f64]) -> f64 {
    match rng.below(10) {
        0 => *rng.pick(&[0.0, 1.0, -1.0, 2.0, 0.5]),
        1 if !before.is_empty() => *rng.pick(before),
        _ => rng.unit() * 2.0,
    }
}

/// Compares what a compiled program gave with what the oracle says.
///
/// # Errors
/// The first scalar in which they differ.
pub fn agree(found: &Outcome, expected: &Outcome) -> Result<(), String> {
    compare("value", &found.value, &expected.value)?;
    compare("gradient", &found.gradient, &expected.gradient)
}

fn compare(what: &str, found: &[f64], expected: &[f64]) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!(
            "the {what} has {} scalars instead of {}",
            found.len(),
            expected.len()
        ));
    }
    let scale = expected.iter().fold(1.0_f64, |scale, scalar| scale.max(scalar.abs()));
    for (index, (found_one, expected_one)) in found.iter().zip(expected).enumerate() {
        let close = (found_one - expected_one).abs() <= TOLERANCE * scale;
        if !close {
            return Err(format!(
                "scalar {index} of the {what} is {found_one:?} instead of {expected_one:?}\n  found    {found:?}\n  expected {expected:?}"
            ));
        }
    }
    Ok(())
}

/// Compares the oracle's gradient with central differences of its own values, scalar by scalar, where both points lie on
/// the same smooth piece as the point between them.
///
/// Gives how many scalars could be compared.
///
/// # Errors
/// The first scalar in which they differ.
pub fn against_differences(program: &Program, case: &Case) -> Result<usize, String> {
    const STEP: f64 = 1e-5;
    let result = &program.main().result;
    let center = interpret::run(program, &case.inputs, None, None)?;
    let mut compared = 0;
    for index in 0..case.inputs.reals.len() {
        let along = interpret::run(program, &case.inputs, Some(index), None)?;
        let at = |offset: f64| {
            let mut inputs = case.inputs.clone();
            inputs.reals[index] += offset;
            interpret::run(program, &inputs, None, Some(&center.cuts))
        };
        let (Ok(above), Ok(below)) = (at(STEP), at(-STEP)) else {
            continue;
        };
        if above.sides != center.sides || below.sides != center.sides || !is_active(program, index) {
            continue;
        }
        let values = |run: &interpret::Run| leaves(program, result, &run.result);
        let slopes = leaves(program, result, &along.result);
        for ((above, below), slope) in values(&above).iter().zip(values(&below)).zip(slopes) {
            let difference = (above.value - below.value) / (2.0 * STEP);
            let scale = 1.0 + along.largest.powi(2).min(1e6);
            if (difference - slope.slope).abs() > 1e-5 * scale {
                return Err(format!(
                    "along scalar {index}: slope {}, by differences {difference}",
                    slope.slope
                ));
            }
            compared += 1;
        }
    }
    Ok(compared)
}

/// True if the function is differentiated with respect to the scalar.
fn is_active(program: &Program, index: usize) -> bool {
    let mut active = Vec::new();
    for parameter in &program.main().parameters {
        inputs_of(
            program,
            &parameter.ty,
            parameter.is_active(),
            &mut Rng::new(0),
            &mut Inputs::default(),
            &mut active,
        );
    }
    active.get(index).copied().unwrap_or(false)
}
