//! The table of primitives: the operators and methods that have a rule, and what each rule reads.
//!
//! The macro does not know types: `x.max(y)` is the primitive `max` with two operands, whatever `x` is. Whether the type
//! has a rule for it, the compiler decides when it looks for the implementation.

/// What a rule is given by value: its result, its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) result: bool,
    pub(crate) operands: Vec<bool>,
}

/// Which values a rule reads, as a function of which operands are active.
#[derive(Clone, Copy, Debug)]
enum Needs {
    /// Linear with constant coefficients.
    Nothing,
    Operands,
    Result,
    Everything,
    /// Each factor is read if the other is active.
    Product,
    /// The divisor; the quotient if the divisor is active.
    Quotient,
    /// All operands but the first, such as the index of a row.
    Selection,
}

/// The methods that are primitives: name, number of operands with the receiver, what the rule reads.
const METHODS: &[(&str, usize, Needs)] = &[
    // Elementary functions of a scalar, or of each element.
    ("sin", 1, Needs::Operands),
    ("cos", 1, Needs::Operands),
    ("tan", 1, Needs::Result),
    ("asin", 1, Needs::Operands),
    ("acos", 1, Needs::Operands),
    ("atan", 1, Needs::Operands),
    ("sinh", 1, Needs::Operands),
    ("cosh", 1, Needs::Operands),
    ("tanh", 1, Needs::Result),
    ("asinh", 1, Needs::Operands),
    ("acosh", 1, Needs::Operands),
    ("atanh", 1, Needs::Operands),
    ("exp", 1, Needs::Result),
    ("exp2", 1, Needs::Result),
    ("exp_m1", 1, Needs::Result),
    ("ln", 1, Needs::Operands),
    ("ln_1p", 1, Needs::Operands),
    ("log2", 1, Needs::Operands),
    ("log10", 1, Needs::Operands),
    ("sqrt", 1, Needs::Result),
    ("cbrt", 1, Needs::Result),
    ("recip", 1, Needs::Result),
    ("abs", 1, Needs::Operands),
    ("signum", 1, Needs::Nothing),
    ("floor", 1, Needs::Nothing),
    ("ceil", 1, Needs::Nothing),
    ("round", 1, Needs::Nothing),
    ("round_ties_even", 1, Needs::Nothing),
    ("trunc", 1, Needs::Nothing),
    ("fract", 1, Needs::Nothing),
    ("to_degrees", 1, Needs::Nothing),
    ("to_radians", 1, Needs::Nothing),
    ("sin_cos", 1, Needs::Result),
    ("sigmoid", 1, Needs::Result),
    ("softplus", 1, Needs::Operands),
    ("relu", 1, Needs::Result),
    ("elu", 1, Needs::Result),
    ("gelu", 1, Needs::Operands),
    ("silu", 1, Needs::Operands),
    ("erf", 1, Needs::Operands),
    ("erfc", 1, Needs::Operands),
    ("ln_gamma", 1, Needs::Operands),
    ("digamma", 1, Needs::Operands),
    ("leaky_relu", 2, Needs::Operands),
    ("powi", 2, Needs::Operands),
    ("powf", 2, Needs::Everything),
    ("log", 2, Needs::Everything),
    ("hypot", 2, Needs::Everything),
    ("atan2", 2, Needs::Operands),
    ("max", 2, Needs::Operands),
    ("min", 2, Needs::Operands),
    ("copysign", 2, Needs::Operands),
    ("rem_euclid", 2, Needs::Everything),
    ("div_euclid", 2, Needs::Nothing),
    ("mul_add", 3, Needs::Operands),
    ("clamp", 3, Needs::Operands),
    // The operators, spelled as methods.
    ("add", 2, Needs::Nothing),
    ("sub", 2, Needs::Nothing),
    ("mul", 2, Needs::Product),
    ("div", 2, Needs::Quotient),
    ("rem", 2, Needs::Everything),
    ("neg", 1, Needs::Nothing),
    // Matrices.
    ("transpose", 1, Needs::Nothing),
    ("hadamard", 2, Needs::Product),
    ("add_row", 2, Needs::Nothing),
    ("sum", 1, Needs::Nothing),
    ("mean", 1, Needs::Nothing),
    ("sum_rows", 1, Needs::Nothing),
    ("sum_columns", 1, Needs::Nothing),
    ("trace", 1, Needs::Nothing),
    ("max", 1, Needs::Everything),
    ("min", 1, Needs::Everything),
    ("dot", 2, Needs::Product),
    ("norm", 1, Needs::Everything),
    ("norm_squared", 1, Needs::Operands),
    ("softmax", 1, Needs::Result),
    ("log_softmax", 1, Needs::Result),
    ("mean_squared_error", 2, Needs::Operands),
    ("softmax_cross_entropy", 2, Needs::Operands),
    ("row", 2, Needs::Selection),
    ("column", 2, Needs::Selection),
    ("hcat", 2, Needs::Nothing),
    ("vcat", 2, Needs::Nothing),
    ("reshape", 1, Needs::Nothing),
    ("block", 3, Needs::Selection),
    ("from_rows", 1, Needs::Nothing),
    ("filled", 1, Needs::Nothing),
    ("to_heap", 1, Needs::Nothing),
    ("to_inline", 1, Needs::Nothing),
    // Vectors.
    ("to_vec", 1, Needs::Nothing),
    ("push", 3, Needs::Nothing),
    // Options.
    ("__rewrapped", 2, Needs::Nothing),
];

/// Conversions, which share a rule.
const CASTS: &[&str] = &["cast", "into", "from"];

/// Methods that share the rule of another one.
const VARIANTS: &[(&str, &str)] = &[
    ("hcat_large", "hcat"),
    ("vcat_large", "vcat"),
    ("reshape_large", "reshape"),
    ("block_large", "block"),
];

/// Methods and functions that hand on what they are given.
const COPIES: &[&str] = &["clone", "to_owned", "identity"];

/// Methods whose result is piecewise constant whatever they are called on: the compiler checks that it has no tangent.
const DISCRETE: &[&str] = &[
    "is_nan",
    "is_finite",
    "is_infinite",
    "is_normal",
    "is_subnormal",
    "is_sign_positive",
    "is_sign_negative",
    "classify",
    "to_bits",
    "partial_cmp",
    "total_cmp",
    "cmp",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "len",
    "is_empty",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "__has_payload",
    "__order_by",
    "__order_unstable_by",
    "__order_by_key",
    "__order_unstable_by_key",
    "__kept",
    "shape",
    "leaf_count",
];

/// Functions that take much longer than arithmetic.
const SLOW: &[&str] = &[
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "cbrt", "sin", "cos", "tan", "sinh", "cosh",
    "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2", "powf", "hypot", "sigmoid", "softplus", "silu",
    "gelu", "erf", "erfc",
];

/// True if the primitive takes much longer than arithmetic.
pub(crate) fn takes_long(name: &str) -> bool {
    SLOW.contains(&name)
}

fn find(name: &str, arity: usize) -> Option<Needs> {
    if CASTS.contains(&name) && arity == 1 {
        return Some(Needs::Nothing);
    }
    METHODS
        .iter()
        .find(|entry| entry.0 == name && entry.1 == arity)
        .map(|entry| entry.2)
}

/// The rule for a method with that many operands, the receiver included.
pub(crate) fn rule(method: &str, arity: usize) -> Option<&str> {
    let method = VARIANTS
        .iter()
        .find(|(variant, _)| *variant == method)
        .map_or(method, |(_, rule)| rule);
    find(method, arity)?;
    Some(if CASTS.contains(&method) { "cast" } else { method })
}

/// True for an operation that a type of the user's may have, too.
pub(crate) fn may_be_own(rule: &str) -> bool {
    !matches!(rule, "cast" | "push" | "to_vec" | "__rewrapped")
}

/// True for a method whose result is a number if it is called on one, or an iterator over numbers if on one.
pub(crate) fn takes_numbers(method: &str) -> bool {
    METHODS.iter().any(|entry| entry.0 == method)
        || is_copy(method)
        || matches!(method, "iter" | "rev" | "copied" | "cloned")
}

/// True if the method hands on its receiver.
pub(crate) fn is_copy(method: &str) -> bool {
    COPIES.contains(&method)
}

/// True if the method's result has no tangent.
pub(crate) fn is_discrete(method: &str) -> bool {
    DISCRETE.contains(&method)
}

/// What the rule with this name is given by value.
pub(crate) fn reads(rule: &str, active: &[bool]) -> Reads {
    let arity = active.len();
    let all = |value| vec![value; arity];
    match find(rule, arity).unwrap_or(Needs::Everything) {
        Needs::Nothing => Reads {
            result: false,
            operands: all(false),
        },
        Needs::Operands => Reads {
            result: false,
            operands: all(true),
        },
        Needs::Result => Reads {
            result: true,
            operands: all(false),
        },
        Needs::Everything => Reads {
            result: true,
            operands: all(true),
        },
        Needs::Product => Reads {
            result: false,
            operands: vec![active[1], active[0]],
        },
        Needs::Quotient => Reads {
            result: active[1],
            operands: vec![false, true],
        },
        Needs::Selection => Reads {
            result: false,
            operands: (0..arity).map(|index| index > 0).collect(),
        },
    }
}

/// True for methods that put elements in another order and do nothing else.
pub(crate) fn is_order(method: &str) -> bool {
    matches!(
        method,
        "sort_by"
            | "sort_by_key"
            | "sort_by_cached_key"
            | "sort_unstable_by"
            | "sort_unstable_by_key"
            | "select_nth_unstable_by"
            | "select_nth_unstable_by_key"
    )
}
