//! The oracle against central differences, and the comparison against what must not pass it.

use tapeless_random::check::{self, Outcome, POINTS};
use tapeless_random::generate::{self, Features};
use tapeless_random::interpret::{self, Inputs};
use tapeless_random::print::{self, Derivative};
use tapeless_random::program::{Block, Entry, Expr, Function, Parameter, Pattern, Program, Type};

fn agrees_with_differences(features: Features, seeds: std::ops::Range<u64>) {
    let count = seeds.end - seeds.start;
    let mut compared = 0;
    for seed in seeds {
        let program = generate::program(seed, features);
        // Loops of many iterations take their time.
        let long = program.main().checkpoints.is_some();
        for case in check::cases(&program, if long { 1 } else { POINTS }) {
            match check::against_differences(&program, &case) {
                Ok(scalars) => compared += scalars,
                Err(message) => panic!(
                    "seed {seed}: {message}\n{}\n{:?}",
                    print::program(&program, Derivative::Present),
                    case.inputs
                ),
            }
        }
    }
    // Kinks are passed over, but most programs are smooth at most points.
    assert!(compared as u64 > count, "only {compared} scalars were compared");
}

#[test]
fn agrees_with_central_differences() {
    agrees_with_differences(Features::default(), 1..400);
}

#[test]
fn agrees_with_central_differences_in_every_feature() {
    agrees_with_differences(Features::ALL, 1000..1400);
}

#[test]
fn a_seed_gives_one_program() {
    for seed in 1..20 {
        assert_eq!(
            generate::program(seed, Features::ALL),
            generate::program(seed, Features::ALL)
        );
    }
    assert_ne!(
        generate::program(1, Features::ALL).functions,
        generate::program(2, Features::ALL).functions
    );
}

#[test]
fn what_differs_does_not_agree() {
    let outcome = |value: f64, gradient: &[f64]| Outcome {
        value: vec![value],
        gradient: gradient.to_vec(),
    };
    let expected = outcome(1.0, &[2.0, -3.0]);
    assert_eq!(check::agree(&expected, &expected), Ok(()));
    for found in [
        outcome(1.0 + 1e-6, &[2.0, -3.0]),
        outcome(1.0, &[2.0, 3.0]),
        outcome(1.0, &[2.0, -3.0 - 1e-6]),
        outcome(1.0, &[f64::NAN, -3.0]),
        outcome(f64::NAN, &[2.0, -3.0]),
        outcome(1.0, &[2.0]),
    ] {
        assert!(check::agree(&found, &expected).is_err(), "{found:?}");
    }
}

/// The derivative of `body` in `x`, and in `y`.
fn slopes(body: Expr, x: f64, y: f64) -> [f64; 2] {
    let parameter = |name: &str| Parameter {
        pattern: Pattern::Name {
            name: name.to_owned(),
            mutable: false,
            by_reference: false,
        },
        ty: Type::Real,
        no_diff: false,
    };
    let program = Program {
        seed: 0,
        structs: Vec::new(),
        enums: Vec::new(),
        constants: Vec::new(),
        functions: vec![Function {
            name: "f".to_owned(),
            owner: None,
            checkpoints: None,
            parameters: vec![parameter("x"), parameter("y")],
            result: Type::Real,
            body: Block {
                statements: Vec::new(),
                value: Some(Box::new(body)),
            },
        }],
        entry: Entry::Vjp,
    };
    let inputs = Inputs {
        reals: vec![x, y],
        integers: Vec::new(),
    };
    [0, 1].map(|along| {
        let run = interpret::run(&program, &inputs, Some(along), None).expect("the program is fine");
        interpret::leaves(&program, &Type::Real, &run.result)[0].slope
    })
}

#[test]
fn kinks_follow_the_conventions() {
    let variable = |name: &str| Expr::Variable(name.to_owned());
    let method = |name: &str, arguments: Vec<Expr>| Expr::Method(name.to_owned(), Box::new(variable("x")), arguments);
    let with_y = |name: &str| method(name, vec![variable("y")]);
    for (body, x, y, expected) in [
        (method("relu", Vec::new()), 0.0, 0.0, [0.0, 0.0]),
        (method("abs", Vec::new()), 0.0, 0.0, [0.0, 0.0]),
        (method("abs", Vec::new()), -2.0, 0.0, [-1.0, 0.0]),
        (with_y("max"), 2.0, 2.0, [0.5, 0.5]),
        (with_y("max"), 2.0, 3.0, [0.0, 1.0]),
        (with_y("min"), 2.0, 2.0, [0.5, 0.5]),
        (with_y("min"), 2.0, 3.0, [1.0, 0.0]),
        (with_y("hypot"), 0.0, 0.0, [0.0, 0.0]),
        (with_y("atan2"), 0.0, 0.0, [0.0, 0.0]),
        (with_y("powf"), 0.0, 1.0, [1.0, 0.0]),
        (with_y("powf"), 2.0, 0.0, [0.0, 2.0_f64.ln()]),
        (with_y("copysign"), 2.0, -3.0, [-1.0, 0.0]),
        (with_y("copysign"), 0.0, -3.0, [0.0, 0.0]),
        (with_y("rem_euclid"), -7.5, 2.0, [1.0, 4.0]),
        (method("floor", Vec::new()), 1.0, 0.0, [0.0, 0.0]),
    ] {
        let text = print::expression(&body);
        assert_eq!(slopes(body, x, y), expected, "{text} at {x}, {y}");
    }
    let clamp = method("clamp", vec![Expr::Real(0.0, false), variable("y")]);
    assert_eq!(slopes(clamp.clone(), 1.0, 1.0), [0.5, 0.5]);
    assert_eq!(slopes(clamp, 0.0, 1.0), [0.5, 0.0]);
}

#[test]
fn every_construct_is_made() {
    let text: String = (1..160)
        .map(|seed| print::program(&generate::program(seed, Features::default()), Derivative::Present))
        .collect();
    for construct in [
        ": &mut f64",
        "&mut self",
        "&self",
        "(mut self",
        "std::mem::swap(",
        "std::mem::replace(",
        "std::mem::take(",
        ".swap(",
        ".sum::<f64>()",
        ".product::<f64>()",
        ".fold(",
        ".filter(|",
        ".map(|",
        ".zip(",
        ".enumerate()",
        ".rev()",
        ".skip(",
        ".take(",
        "#[differentiable(checkpoints = 1)]",
        "#[differentiable(checkpoints = all)]",
        "break 'outer",
        "continue 'outer",
        "pub enum",
        "while let",
    ] {
        assert!(text.contains(construct), "no program has `{construct}`");
    }
}
