//! Hunts for programs whose derivatives are wrong: `cargo run -p tapeless-random -- --seed 1 --count 1000`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use tapeless_random::batch::CANNOT_BE_DIFFERENTIATED;
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
  --jobs N        how many crates at once (default: one for each processor)
  --forward       by forward mode, where the program's parameters allow it
  --all           also what cannot be differentiated yet: labelled blocks
  --print         print the programs, compile nothing
  --no-shrink     report failures as they are
  --directory D   where to compile (default: a directory for temporary files)";

struct Options {
    seed: u64,
    count: u64,
    batch: u64,
    jobs: usize,
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
        jobs: thread::available_parallelism().map_or(1, usize::from),
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
            "--jobs" => {
                let jobs = number(value()?)?.max(1);
                options.jobs = usize::try_from(jobs).unwrap_or(1);
            }
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

/// What has been found so far.
#[derive(Default)]
struct Found {
    /// The seeds of the programs that fail in each way.
    failures: BTreeMap<String, Vec<u64>>,
    /// How many these are.
    failed: usize,
    /// How many are errors, and known to be.
    known: usize,
}

/// Examines the programs, and reports one of each kind of failure. Gives the number of failures.
fn hunt(options: &Options) -> Result<usize, String> {
    let workshop = Workshop::new(&options.directory)?;
    let end = options.seed + options.count;
    let batches = usize::try_from(options.batch).unwrap_or(usize::MAX);
    let queue = Mutex::new((options.seed..end).step_by(batches));
    let found = Mutex::new(Found::default());
    let work = |worker: usize| -> Result<(), String> {
        let workshop = workshop.beside(&format!("worker_{worker}"))?;
        loop {
            // A statement of its own: the queue is free again behind it.
            let first = lock(&queue).next();
            let Some(first) = first else { return Ok(()) };
            let last = (first + options.batch).min(end);
            examine(&workshop, options, first..last, &found)?;
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs)
            .map(|worker| scope.spawn(move || work(worker)))
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a thread panicked".to_owned())))
    })?;
    let Found {
        failures,
        failed,
        known,
    } = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{} programs, {failed} failures, {known} known to be errors",
        options.count
    );
    for (kind, mut seeds) in failures {
        seeds.sort_unstable();
        println!(
            "{} times {kind}: seeds {:?}",
            seeds.len(),
            &seeds[..seeds.len().min(30)]
        );
    }
    Ok(failed)
}

/// Examines the programs with these seeds.
fn examine(workshop: &Workshop, options: &Options, seeds: Range<u64>, found: &Mutex<Found>) -> Result<(), String> {
    let is_known = |seed: u64| CANNOT_BE_DIFFERENTIATED.contains(&seed) && !options.forward;
    // One program that does not compile has all that are in a crate with it compiled twice.
    let (known, others): (Vec<_>, Vec<_>) = seeds.clone().partition(|seed| is_known(*seed));
    let crates = known.into_iter().map(|seed| vec![seed]).chain([others]);
    let mut examined = Vec::new();
    for seeds in crates {
        let programs: Vec<_> = seeds.into_iter().map(|seed| options.program(seed)).collect();
        let verdicts = workshop.examine(&programs)?;
        examined.extend(programs.into_iter().zip(verdicts));
    }
    for (program, verdict) in &examined {
        let cannot = is_known(program.seed);
        match verdict {
            Verdict::Agrees if cannot => {
                return Err(format!(
                    "seed {} is said to be an error, and is none: see `batch.rs`",
                    program.seed
                ));
            }
            Verdict::Agrees => continue,
            Verdict::Rejected(_) if cannot => {
                lock(found).known += 1;
                continue;
            }
            _ => {}
        }
        let is_first = {
            let mut found = lock(found);
            found.failed += 1;
            let seeds = found.failures.entry(name(verdict)).or_default();
            seeds.push(program.seed);
            seeds.len() == 1
        };
        if is_first {
            report(workshop, program, verdict, options.shrink)?;
        }
    }
    let failed = lock(found).failed;
    eprintln!("seeds {}..{}: {failed} failures so far", seeds.start, seeds.end);
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
