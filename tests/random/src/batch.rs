//! Many programs in one file, each in a module with a function that calls its derivative on flat arguments.

use std::fmt::Write as _;
use std::ops::Range;

use crate::generate::{self, Features};
use crate::print::{self, Derivative, tuple};
use crate::program::{Entry, Program, Type};

/// Lints that random programs set off by themselves: unused variables, values that are overwritten, arms and code that
/// cannot be reached.
const OWN_LINTS: &str = "dead_code, unused_variables, unused_assignments, unused_mut, unused_parens, unused_must_use, \
                         unreachable_code, unreachable_patterns, unused_comparisons, unused_braces, private_interfaces, \
                         non_snake_case, unused_doc_comments, path_statements, \
                         unstable_name_collisions, overlapping_range_endpoints, unused_labels, non_shorthand_field_patterns";

/// A file, and the lines that each program takes, counted from one.
#[derive(Clone, Debug)]
pub struct Source {
    /// The text.
    pub text: String,
    /// The lines of each program.
    pub lines: Vec<Range<usize>>,
}

/// The programs as modules `program_0`, `program_1`, …, and a table `RUNS` of functions from scalars, discrete values and
/// seed to value and gradient.
///
/// Warnings are errors in the modules, except for those that the programs deserve by themselves.
#[must_use]
pub fn source(programs: &[Program], derivative: Derivative) -> Source {
    let mut text = String::new();
    let mut lines = Vec::new();
    for (index, program) in programs.iter().enumerate() {
        let first = text.lines().count() + 1;
        let _ = writeln!(text, "mod program_{index} {{");
        let _ = writeln!(text, "    #![deny(warnings)]");
        let _ = writeln!(text, "    #![allow({OWN_LINTS})]");
        let _ = writeln!(text, "    #[allow(unused_imports)]\n    use tapeless::prelude::*;");
        text.push_str(&print::program(program, derivative));
        text.push_str(&runner(program, derivative));
        text.push_str("}\n");
        lines.push(first..text.lines().count() + 1);
    }
    let _ = writeln!(
        text,
        "type Run = fn(&[f64], &[i64], &[f64]) -> (Vec<f64>, Vec<f64>);\nstatic RUNS: [Run; {}] = [",
        programs.len()
    );
    for index in 0..programs.len() {
        let _ = writeln!(text, "    program_{index}::run,");
    }
    text.push_str("];\n");
    Source { text, lines }
}

/// `pub fn run(reals, integers, seed) -> (value, gradient)`
fn runner(program: &Program, derivative: Derivative) -> String {
    let main = program.main();
    let mut arguments = Vec::new();
    let mut lets = String::new();
    let mut reader = Flat {
        program,
        reals: 0,
        integers: 0,
    };
    for (index, parameter) in main.parameters.iter().enumerate() {
        let value = reader.value(&parameter.ty);
        let (mutable, ampersand) = match parameter.ty {
            Type::Reference(_) => ("", "&"),
            Type::Mutable(_) => ("mut ", "&mut "),
            _ => ("", ""),
        };
        let _ = writeln!(lets, "        let {mutable}argument_{index} = {value};");
        let own = match parameter.ty {
            Type::Reference(_) | Type::Mutable(_) => "",
            // Forward mode is called more than once.
            _ if program.entry == Entry::JvpMany => ".clone()",
            _ => "",
        };
        arguments.push(format!("{ampersand}argument_{index}{own}"));
    }
    let arguments = arguments.join(", ");
    let active: Vec<_> = main
        .parameters
        .iter()
        .filter(|parameter| parameter.is_active())
        .collect();
    let mut body = lets;
    let name = &main.name;
    let call = match (derivative, program.entry) {
        (Derivative::Absent, _) => format!("let value = {name}({arguments});"),
        (_, Entry::ValueAndGrad) => format!("let (value, gradient) = {name}::value_and_grad({arguments});"),
        (_, Entry::Vjp) => {
            let mut from = "seed".to_owned();
            let mut next = 0;
            let seed = tangent(program, &main.result, &mut || {
                next += 1;
                from = format!("seed[{}]", next - 1);
                from.clone()
            });
            format!("let (value, pullback) = {name}::vjp({arguments});\n        let gradient = pullback({seed});")
        }
        (_, Entry::JvpMany) => forward(program, &arguments),
        (_, Entry::ValueAndGradInto) => {
            let mut text = String::new();
            let mut buffers = Vec::new();
            for (index, parameter) in active.iter().enumerate() {
                // What is in the buffers before must not matter.
                let buffer = tangent(program, parameter.ty.referent(), &mut || "7.5".to_owned());
                let _ = writeln!(text, "let mut gradient_{index} = {buffer};");
                text.push_str("        ");
                buffers.push(format!("&mut gradient_{index}"));
            }
            let _ = writeln!(
                text,
                "let value = {name}::value_and_grad_into({arguments}, {});",
                buffers.join(", ")
            );
            let names: Vec<_> = (0..active.len()).map(|index| format!("gradient_{index}")).collect();
            let gradient = if names.len() == 1 {
                names[0].clone()
            } else {
                tuple(names)
            };
            let _ = write!(text, "        let gradient = {gradient};");
            text
        }
    };
    let _ = writeln!(body, "        {call}");
    let mut gradient = Vec::new();
    if program.entry == Entry::JvpMany && derivative == Derivative::Present {
        let checked = is_scalar(program);
        gradient.extend((0..scalars(program)).map(|lane| match checked {
            true => format!("checked({lane}, slope({lane}))"),
            false => format!("slope({lane})"),
        }));
    } else if derivative == Derivative::Present {
        for (index, parameter) in active.iter().enumerate() {
            let base = if active.len() == 1 {
                "gradient".to_owned()
            } else {
                format!("gradient.{index}")
            };
            accessors(program, parameter.ty.referent(), &base, true, &mut gradient);
        }
    }
    let mut value = Vec::new();
    accessors(program, &main.result, "value", false, &mut value);
    format!(
        "    pub fn run(reals: &[f64], integers: &[i64], seed: &[f64]) -> (Vec<f64>, Vec<f64>) {{\n{body}        (vec![{}], vec![{}])\n    }}\n",
        value.join(", "),
        gradient.join(", ")
    )
}

/// The number of scalars that the program is differentiated with respect to.
fn scalars(program: &Program) -> usize {
    let mut found = Vec::new();
    for parameter in program
        .main()
        .parameters
        .iter()
        .filter(|parameter| parameter.is_active())
    {
        accessors(program, parameter.ty.referent(), "", true, &mut found);
    }
    found.len()
}

/// The derivatives along all unit directions at once; `slope` gives the product of one with the seed.
fn forward(program: &Program, arguments: &str) -> String {
    let main = program.main();
    let lanes = scalars(program);
    let mut before = 0;
    let mut directions = Vec::new();
    let mut along = vec![Vec::new(); lanes];
    for parameter in main.parameters.iter().filter(|parameter| parameter.is_active()) {
        let mut own = 0;
        let units: Vec<_> = (0..lanes)
            .map(|lane| {
                own = 0;
                tangent(program, parameter.ty.referent(), &mut || {
                    own += 1;
                    if before + own - 1 == lane { "1.0" } else { "0.0" }.to_owned()
                })
            })
            .collect();
        before += own;
        let ampersand = if matches!(parameter.ty, Type::Reference(_)) {
            "&"
        } else {
            ""
        };
        for (along, unit) in along.iter_mut().zip(&units) {
            along.push(format!("{ampersand}{unit}"));
        }
        directions.push(format!("{ampersand}[{}]", units.join(", ")));
    }
    let mut parts = Vec::new();
    accessors(program, &main.result, "along[lane]", true, &mut parts);
    let products: Vec<_> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| format!("seed[{index}] * {part}"))
        .collect();
    let name = &main.name;
    let second = match is_scalar(program) {
        true => second(program, arguments, &along),
        false => String::new(),
    };
    format!(
        "let (value, along) = {name}::jvp_many({arguments}, {});\n        let slope = |lane: usize| -> f64 {{ {} }};{second}",
        directions.join(", "),
        if products.is_empty() {
            "0.0".to_owned()
        } else {
            products.join(" + ")
        }
    )
}

/// True if the result has second derivatives along directions.
fn is_scalar(program: &Program) -> bool {
    program.main().result == Type::Real
}

/// The gradient again, beside the products of the Hessian and all unit directions. `checked` lets a slope pass if the gradient
/// has the same and the Hessian is symmetric there.
fn second(program: &Program, arguments: &str, along: &[Vec<String>]) -> String {
    let main = program.main();
    let name = &main.name;
    let mut text = "\n        let (mut rows, mut slopes) = (Vec::new(), Vec::new());".to_owned();
    for (lane, along) in along.iter().enumerate() {
        let (mut row, mut slopes) = (Vec::new(), Vec::new());
        let active: Vec<_> = main
            .parameters
            .iter()
            .filter(|parameter| parameter.is_active())
            .collect();
        for (index, parameter) in active.iter().enumerate() {
            let part = match active.len() {
                1 => String::new(),
                _ => format!(".{index}"),
            };
            accessors(
                program,
                parameter.ty.referent(),
                &format!("product{part}"),
                true,
                &mut row,
            );
            accessors(
                program,
                parameter.ty.referent(),
                &format!("gradient{part}"),
                true,
                &mut slopes,
            );
        }
        let _ = write!(
            text,
            "\n        let (gradient, product) = {name}::grad_and_hvp({arguments}, {});\n        rows.push(vec![{}]);\n        slopes.push({});",
            along.join(", "),
            row.join(", "),
            slopes[lane]
        );
    }
    text.push_str(
        "\n        let checked = |lane: usize, slope: f64| -> f64 {
            let largest = rows.iter().flatten().fold(1.0_f64, |most, x: &f64| most.max(x.abs()));
            let same = (seed[0] * slopes[lane] - slope).abs() <= 1e-9 * slope.abs().max(1.0);
            let symmetric = (0..rows.len()).all(|other| (rows[lane][other] - rows[other][lane]).abs() <= 1e-7 * largest);
            if same && symmetric { slope } else { f64::NAN }
        };",
    );
    text
}

/// Prints values read from flat arguments.
struct Flat<'p> {
    program: &'p Program,
    reals: usize,
    integers: usize,
}

impl Flat<'_> {
    fn real(&mut self) -> String {
        self.reals += 1;
        format!("reals[{}]", self.reals - 1)
    }

    fn integer(&mut self) -> String {
        self.integers += 1;
        format!("integers[{}]", self.integers - 1)
    }

    fn value(&mut self, ty: &Type) -> String {
        match ty {
            Type::Real => self.real(),
            Type::Usize | Type::I32 => format!("{} as {}", self.integer(), print::ty(ty)),
            Type::Bool => format!("{} != 0", self.integer()),
            Type::Unit => "()".to_owned(),
            Type::Array(element, length) => {
                let elements: Vec<_> = (0..*length).map(|_| self.value(element)).collect();
                format!("[{}]", elements.join(", "))
            }
            Type::Tuple(elements) => tuple(elements.iter().map(|ty| self.value(ty)).collect()),
            Type::Struct(name) => {
                let program = self.program;
                let Some(structure) = program.structure(name) else {
                    return String::new();
                };
                let values = structure
                    .fields
                    .iter()
                    .map(|field| (field.name.clone(), self.value(&field.ty)))
                    .collect();
                literal(name, structure.positional, values)
            }
            Type::Kind => {
                let (variant, power, factor) = (self.integer(), self.integer(), self.real());
                format!(
                    "match {variant} {{ 0 => Kind::Linear, 1 => Kind::Power({power} as i32), _ => Kind::Scaled {{ factor: {factor} }} }}"
                )
            }
            Type::Choice => format!("usize::try_from({}).ok()", self.integer()),
            Type::Maybe => format!("({} != 0).then_some({})", self.integer(), self.real()),
            // No enum is an argument of a whole program.
            Type::Enum(_) => "()".to_owned(),
            Type::Reference(inner) | Type::Mutable(inner) => self.value(inner),
        }
    }
}

fn literal(name: &str, positional: bool, fields: Vec<(String, String)>) -> String {
    let values = fields.into_iter();
    if positional {
        let values: Vec<_> = values.map(|(_, value)| value).collect();
        return format!("{name}({})", values.join(", "));
    }
    let values: Vec<_> = values.map(|(field, value)| format!("{field}: {value}")).collect();
    format!("{name} {{ {} }}", values.join(", "))
}

/// A tangent of the type, its scalars given by the function.
fn tangent(program: &Program, ty: &Type, next: &mut dyn FnMut() -> String) -> String {
    match ty {
        Type::Real => next(),
        Type::Array(element, length) => {
            let elements: Vec<_> = (0..*length).map(|_| tangent(program, element, next)).collect();
            format!("[{}]", elements.join(", "))
        }
        Type::Tuple(elements) => tuple(elements.iter().map(|ty| tangent(program, ty, next)).collect()),
        Type::Struct(name) => {
            let Some(structure) = program.structure(name) else {
                return String::new();
            };
            let fields = structure
                .fields
                .iter()
                .filter(|field| !field.no_diff && !field.ty.is_discrete())
                .map(|field| (field.name.clone(), tangent(program, &field.ty, next)))
                .collect();
            literal(&format!("{name}Tangent"), structure.positional, fields)
        }
        _ => "()".to_owned(),
    }
}

/// How the scalars with a tangent are reached, in a value or in a tangent.
fn accessors(program: &Program, ty: &Type, base: &str, in_tangent: bool, found: &mut Vec<String>) {
    match ty {
        Type::Real => found.push(base.to_owned()),
        Type::Maybe => found.push(format!("{base}.unwrap_or(0.0)")),
        Type::Array(element, length) => {
            for index in 0..*length {
                accessors(program, element, &format!("{base}[{index}]"), in_tangent, found);
            }
        }
        Type::Tuple(elements) => {
            for (index, element) in elements.iter().enumerate() {
                accessors(program, element, &format!("{base}.{index}"), in_tangent, found);
            }
        }
        Type::Struct(name) => {
            let Some(structure) = program.structure(name) else {
                return;
            };
            let active = structure
                .fields
                .iter()
                .filter(|field| !field.no_diff && !field.ty.is_discrete());
            for (position, field) in active.enumerate() {
                let member = if structure.positional && in_tangent {
                    position.to_string()
                } else {
                    field.name.clone()
                };
                accessors(program, &field.ty, &format!("{base}.{member}"), in_tangent, found);
            }
        }
        _ => {}
    }
}

/// The batch that every run of the tests compiles and checks.
#[must_use]
pub fn fixed() -> Vec<Program> {
    FIXED
        .filter(|seed| !CANNOT_BE_DIFFERENTIATED.contains(seed))
        .map(|seed| generate::program(seed, Features::default()))
        .collect()
}

/// The seeds of the batch.
const FIXED: Range<u64> = 1..91;

/// Seeds below a thousand whose programs are errors, as the documentation says:
/// - a parameter by mutable reference that is handed on, by its name alone, to a function that writes to it (73, 101, 293, 323),
/// - a method that changes an element of an array, called on that (401).
pub const CANNOT_BE_DIFFERENTIATED: &[u64] = &[73, 101, 293, 323, 401];
