//! Hunts for programs whose derivatives are wrong: `cargo run -p tapeless-random -- --seed 1 --count 1000`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use tapeless_random::examine::{Verdict, Workshop, kind};
use tapeless_random::generate::{self, Features};
use tapeless_random::print::{self, Derivative};
use tapeless_random::program::Program;
use tapeless_random::shrink;

const USAGE: &str = "\
Generates random programs, compiles them, and compares their gradients with a forward-mode oracle.

Options:
  --seed S        the first seed (default 1); each program has the next one
  --count N       how many programs (default 200)
  --batch N       how many in one crate (default 200)
  --forward       by forward mode, where the program's parameters allow it
  --all           also what cannot be differentiated yet: labelled blocks
  --print         print the programs, compile nothing
  --no-shrink     report failures as they are
  --directory D   where to compile (default: a directory for temporary files)";

struct Options {
    seed: u64,
    count: u64,
    batch: u64,
    features: Features,
    forward: bool,
    help: bool,
    print: bool,
    shrink: bool,
    directory: PathBuf,
}

impl Options {
    fn program(&self, seed: u64) -> Program {
        let mut program = generate::program(seed, self.features);
        if self.forward {
            program.go_forward();
        }
        program
    }
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if options.help {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    if options.print {
        for seed in options.seed..options.seed + options.count {
            let program = options.program(seed);
            println!("// seed {seed}\n{}", print::program(&program, Derivative::Present));
        }
        return ExitCode::SUCCESS;
    }
    match hunt(&options) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        seed: 1,
        count: 200,
        batch: 200,
        features: Features::default(),
        forward: false,
        help: false,
        print: false,
        shrink: true,
        directory: std::env::temp_dir().join(format!("tapeless-random-{}", std::process::id())),
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("`{argument}` needs a value"));
        let number = |text: String| text.parse::<u64>().map_err(|error| format!("`{text}`: {error}"));
        match argument.as_str() {
            "--seed" => options.seed = number(value()?)?,
            "--count" => options.count = number(value()?)?,
            "--batch" => options.batch = number(value()?)?.max(1),
            "--directory" => options.directory = PathBuf::from(value()?),
            "--forward" => options.forward = true,
            "--all" => options.features = Features::ALL,
            "--help" => options.help = true,
            "--print" => options.print = true,
            "--no-shrink" => options.shrink = false,
            other => return Err(format!("unknown option `{other}`")),
        }
    }
    Ok(options)
}

/// Examines the programs, and reports one of each kind of failure. Gives the number of failures.
fn hunt(options: &Options) -> Result<usize, String> {
    let workshop = Workshop::new(&options.directory)?;
    let mut failures: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut failed = 0;
    let end = options.seed + options.count;
    let mut first = options.seed;
    while first < end {
        let last = (first + options.batch).min(end);
        let programs: Vec<_> = (first..last)
            .map(|seed| options.program(seed))
            .collect();
        let verdicts = workshop.examine(&programs)?;
        for (program, verdict) in programs.iter().zip(&verdicts) {
            if *verdict == Verdict::Agrees {
                continue;
            }
            failed += 1;
            let seeds = failures.entry(name(verdict)).or_default();
            seeds.push(program.seed);
            if seeds.len() == 1 {
                report(&workshop, program, verdict, options.shrink)?;
            }
        }
        eprintln!("seeds {first}..{last}: {failed} failures so far");
        first = last;
    }
    println!("{} programs, {failed} failures", options.count);
    for (kind, seeds) in failures {
        println!(
            "{} times {kind}: seeds {:?}",
            seeds.len(),
            &seeds[..seeds.len().min(30)]
        );
    }
    Ok(failed)
}

fn name(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Agrees => "agrees".to_owned(),
        Verdict::Invalid(message) => format!("the generator's mistake: {}", kind(message)),
        Verdict::Rejected(message) => format!("does not compile: {}", kind(message)),
        Verdict::Differs(message) if message.contains("the gradient") => "wrong gradient".to_owned(),
        Verdict::Differs(_) => "wrong value".to_owned(),
        Verdict::Panicked => "panics".to_owned(),
    }
}

fn report(workshop: &Workshop, program: &Program, verdict: &Verdict, shrinks: bool) -> Result<(), String> {
    println!("==== seed {}: {}", program.seed, name(verdict));
    let (program, verdict) = if shrinks && !matches!(verdict, Verdict::Invalid(_)) {
        smallest(workshop, program, verdict)?
    } else {
        (program.clone(), verdict.clone())
    };
    match &verdict {
        Verdict::Invalid(message) | Verdict::Rejected(message) | Verdict::Differs(message) => println!("{message}"),
        Verdict::Agrees | Verdict::Panicked => {}
    }
    println!(
        "// {:?}\n{}",
        program.entry,
        print::program(&program, Derivative::Present)
    );
    Ok(())
}

/// Shrinks the program as long as it fails in the same way.
fn smallest(workshop: &Workshop, program: &Program, verdict: &Verdict) -> Result<(Program, Verdict), String> {
    const AT_ONCE: usize = 40;
    let mut best = (program.clone(), verdict.clone());
    'smaller: loop {
        for candidates in shrink::candidates(&best.0).chunks(AT_ONCE) {
            let verdicts = workshop.examine(candidates)?;
            let found = candidates
                .iter()
                .zip(&verdicts)
                .find(|(_, found)| found.is_like(verdict));
            if let Some((candidate, found)) = found {
                best = (candidate.clone(), found.clone());
                continue 'smaller;
            }
        }
        return Ok(best);
    }
}
