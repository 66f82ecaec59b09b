//! Names: ordinary ones, and those that a macro might invent.

use crate::rng::Rng;

/// Names of variables.
const VARIABLES: &[&str] = &[
    "x",
    "y",
    "z",
    "a",
    "b",
    "c",
    "t",
    "s",
    "p",
    "q",
    "r",
    "w",
    "t_1",
    "t1",
    "t_2",
    "x_1",
    "x_2",
    "y_1",
    "x_bar",
    "__x_bar",
    "y_bar",
    "bar",
    "result",
    "result_1",
    "__result",
    "value",
    "__value",
    "pullback",
    "__pullback",
    "f_pullback",
    "seed",
    "__seed",
    "slot",
    "x_slot",
    "__x_slot",
    "__x_shape",
    "__x_buffer",
    "shape",
    "__shape",
    "parameter",
    "parameter_1",
    "captured",
    "branch",
    "branch_1",
    "arm",
    "taken",
    "state",
    "accumulator",
    "cotangent",
    "__cotangent",
    "gradient",
    "index",
    "expansion",
    "_unused",
    "__t",
    "__t1",
    "like",
    "given",
];

/// Names of functions; no variable has one of these.
const FUNCTIONS: &[&str] = &[
    "helper",
    "helper_1",
    "split",
    "grad",
    "vjp",
    "primal",
    "forward",
    "reverse",
    "rule",
    "square",
    "energy",
    "__split",
    "value_and_grad",
    "add",
    "mul",
    "sin",
    "same",
    "identity_like",
    "accumulate",
    "inner",
];

/// Names of methods; no function and no variable has one of these.
const METHODS: &[&str] = &[
    "step",
    "advance",
    "energy_of",
    "measure",
    "bar_of",
    "value_of",
    "apply",
    "turned",
];

/// Names of enums.
const ENUMS: &[&str] = &["Form", "Value", "Either", "Taken"];

/// Names of variants.
const VARIANTS: &[&str] = &["Disc", "Rect", "Pair", "Left", "Grad", "Result", "X"];

/// Names of structs.
const STRUCTS: &[&str] = &[
    "Point",
    "Bar",
    "Shape",
    "Slot",
    "Unused",
    "Parameters",
    "Pullback",
    "Branch",
];

/// Names of constants.
const CONSTANTS: &[&str] = &["SCALE", "T", "X_BAR", "ZERO", "ONE", "RATE"];

/// An operator's method that is not among the functions taken.
pub(super) fn operation(rng: &mut Rng, taken: &[&str]) -> Option<&'static str> {
    let operations = crate::program::OPERATIONS.iter().map(|operation| operation.method);
    let free: Vec<_> = operations.filter(|name| !taken.contains(name)).collect();
    (!free.is_empty()).then(|| *rng.pick(&free))
}

/// A name for a variable.
pub(super) fn variable(rng: &mut Rng) -> String {
    // A few short names most of the time, so that shadowing is frequent.
    let names = if rng.one_in(2) { &VARIABLES[..12] } else { VARIABLES };
    (*rng.pick(names)).to_owned()
}

/// A function's name that is not among those taken.
pub(super) fn function(rng: &mut Rng, taken: &[&str]) -> String {
    fresh(rng, FUNCTIONS, taken)
}

/// A method's name that is not among those taken.
pub(super) fn method(rng: &mut Rng, taken: &[&str]) -> String {
    fresh(rng, METHODS, taken)
}

/// An enum's name that is not among those taken.
pub(super) fn enumeration(rng: &mut Rng, taken: &[&str]) -> String {
    fresh(rng, ENUMS, taken)
}

/// A variant's name that is not among those taken.
pub(super) fn variant(rng: &mut Rng, taken: &[&str]) -> String {
    fresh(rng, VARIANTS, taken)
}

/// A struct's name that is not among those taken.
pub(super) fn structure(rng: &mut Rng, taken: &[&str]) -> String {
    fresh(rng, STRUCTS, taken)
}

/// A constant's name that is not among those taken.
pub(super) fn constant(rng: &mut Rng, taken: &[&str]) -> String {
    fresh(rng, CONSTANTS, taken)
}

fn fresh(rng: &mut Rng, names: &[&str], taken: &[&str]) -> String {
    let free: Vec<_> = names.iter().filter(|name| !taken.contains(name)).collect();
    if free.is_empty() {
        format!("{}_{}", names[0], taken.len())
    } else {
        (**rng.pick(&free)).to_owned()
    }
}
