//! Compiles programs with rustc, runs them, and compares what they give with the oracle.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::batch::{self, Source};
use crate::check::{self, Case, Outcome};
use crate::print::Derivative;
use crate::program::Program;

/// What became of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Value and gradient are the oracle's.
    Agrees,
    /// The primal alone does not compile: the generator's mistake.
    Invalid(String),
    /// The primal compiles, and with the attributes there is an error or a warning.
    Rejected(String),
    /// Value or gradient differ from the oracle's.
    Differs(String),
    /// It panicked.
    Panicked,
}

impl Verdict {
    /// True if two programs fail in the same way: the same error, as far as its words go.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rejected(left), Self::Rejected(right)) => kind(left) == kind(right),
            (Self::Differs(left), Self::Differs(right)) => {
                left.contains("the gradient") == right.contains("the gradient")
            }
            (left, right) => std::mem::discriminant(left) == std::mem::discriminant(right),
        }
    }
}

/// The words of a message outside backquotes.
#[must_use]
pub fn kind(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    first.split('`').step_by(2).collect::<Vec<_>>().join("_")
}

/// A place to compile in, and the library to compile against.
#[derive(Debug)]
pub struct Workshop {
    directory: PathBuf,
    library: PathBuf,
}

impl Workshop {
    /// Builds the library `tapeless` of this workspace; programs are compiled in the directory.
    ///
    /// # Errors
    /// If the library does not build, or the directory cannot be made.
    pub fn new(directory: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "-p", "tapeless", "--message-format=json"])
            .current_dir(root)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        let messages = String::from_utf8_lossy(&output.stdout);
        let library = messages
            .split('"')
            .rfind(|word| word.ends_with("libtapeless.rlib"))
            .ok_or("`cargo build -p tapeless` gave no library")?;
        Ok(Self {
            directory: directory.to_owned(),
            library: PathBuf::from(library),
        })
    }

    /// The same library, with a directory inside this one's.
    ///
    /// # Errors
    /// If the directory cannot be made.
    pub fn beside(&self, name: &str) -> Result<Self, String> {
        let directory = self.directory.join(name);
        std::fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        Ok(Self {
            directory,
            library: self.library.clone(),
        })
    }

    /// Examines programs, all in one crate; those that do not compile are taken out.
    ///
    /// # Errors
    /// If something goes wrong that has nothing to do with the programs.
    pub fn examine(&self, programs: &[Program]) -> Result<Vec<Verdict>, String> {
        let mut verdicts = vec![Verdict::Agrees; programs.len()];
        let rejected = self.compile_all(programs, Derivative::Present)?;
        let suspects: Vec<_> = rejected.iter().map(|(index, _)| programs[*index].clone()).collect();
        if !suspects.is_empty() {
            // Which of them are no Rust to begin with?
            let workshop = self.beside("primal")?;
            let invalid = workshop.compile_all(&suspects, Derivative::Absent)?;
            for (position, (index, message)) in rejected.iter().enumerate() {
                verdicts[*index] = match invalid.iter().find(|(suspect, _)| *suspect == position) {
                    Some((_, message)) => Verdict::Invalid(message.clone()),
                    None => Verdict::Rejected(message.clone()),
                };
            }
        }
        let compiled: Vec<_> = (0..programs.len())
            .filter(|index| verdicts[*index] == Verdict::Agrees)
            .collect();
        self.run(programs, &compiled, &mut verdicts)?;
        Ok(verdicts)
    }

    /// Compiles what compiles. Gives the index of each program that does not, and the first message.
    fn compile_all(&self, programs: &[Program], derivative: Derivative) -> Result<Vec<(usize, String)>, String> {
        let mut rest: Vec<usize> = (0..programs.len()).collect();
        let mut rejected: Vec<(usize, String)> = Vec::new();
        loop {
            let chosen: Vec<_> = rest.iter().map(|index| programs[*index].clone()).collect();
            let source = batch::source(&chosen, derivative);
            let messages = self.compile(&source)?;
            if messages.is_empty() {
                return Ok(rejected);
            }
            let mut bad = Vec::new();
            for (line, message) in messages {
                let Some(position) = source.lines.iter().position(|lines| lines.contains(&line)) else {
                    return Err(format!("outside the programs, line {line}: {message}"));
                };
                let index = rest[position];
                match rejected.iter_mut().find(|(known, _)| *known == index) {
                    Some((_, messages)) => {
                        let _ = write!(messages, "\n{message}");
                    }
                    None => rejected.push((index, message)),
                }
                bad.push(index);
            }
            rest.retain(|index| !bad.contains(index));
        }
    }

    /// Compiles a file. Gives the errors with their lines.
    fn compile(&self, source: &Source) -> Result<Vec<(usize, String)>, String> {
        let file = self.directory.join("programs.rs");
        std::fs::write(&file, format!("{}{DRIVER}", source.text)).map_err(|error| error.to_string())?;
        let target = self.library.parent().unwrap_or(&self.directory);
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .args([
                "--edition",
                "2024",
                "--error-format",
                "short",
                "-C",
                "debuginfo=0",
                "-C",
                "codegen-units=1",
            ])
            .arg("--extern")
            .arg(format!("tapeless={}", self.library.display()))
            .arg("-L")
            .arg(format!("dependency={}", target.join("deps").display()))
            .arg("-o")
            .arg(self.directory.join("programs"))
            .arg(&file)
            .output()
            .map_err(|error| format!("rustc: {error}"))?;
        if output.status.success() {
            return Ok(Vec::new());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let messages: Vec<_> = text.lines().filter_map(message).collect();
        if messages.is_empty() {
            return Err(format!("rustc failed: {text}"));
        }
        Ok(messages)
    }

    fn run(&self, programs: &[Program], compiled: &[usize], verdicts: &mut [Verdict]) -> Result<(), String> {
        let mut calls: Vec<(usize, Case)> = Vec::new();
        let mut input = String::new();
        for (position, index) in compiled.iter().enumerate() {
            for case in check::cases(&programs[*index], check::POINTS) {
                let bits = |scalars: &[f64]| {
                    let bits: Vec<_> = scalars.iter().map(|scalar| scalar.to_bits().to_string()).collect();
                    bits.join(" ")
                };
                let integers: Vec<_> = case.inputs.integers.iter().map(ToString::to_string).collect();
                let (reals, seed) = (bits(&case.inputs.reals), bits(&case.seed));
                let _ = writeln!(input, "{position};{reals};{};{seed}", integers.join(" "));
                calls.push((*index, case));
            }
        }
        let mut child = Command::new(self.directory.join("programs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut stdin = child.stdin.take().ok_or("no way to talk to the programs")?;
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        let _ = writer.join();
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        for (index, case) in calls {
            let line = lines.next().ok_or("the programs stopped before the end")?;
            if verdicts[index] != Verdict::Agrees {
                continue;
            }
            verdicts[index] = match outcome(line) {
                None => Verdict::Panicked,
                Some(found) => match check::agree(&found, &case.expected) {
                    Ok(()) => Verdict::Agrees,
                    Err(message) => {
                        Verdict::Differs(format!("{message}\n  at {:?}, seed {:?}", case.inputs, case.seed))
                    }
                },
            };
        }
        Ok(())
    }
}

/// `path:line:column: error[code]: message`
fn message(line: &str) -> Option<(usize, String)> {
    let (_, rest) = line.split_once("programs.rs:")?;
    let (number, rest) = rest.split_once(':')?;
    let (_, rest) = rest.split_once(": ")?;
    rest.starts_with("error")
        .then(|| (number.parse().unwrap_or(0), rest.to_owned()))
}

fn outcome(line: &str) -> Option<Outcome> {
    let (value, gradient) = line.split_once(';')?;
    let scalars = |text: &str| -> Option<Vec<f64>> {
        text.split_whitespace()
            .map(|word| word.parse().ok().map(f64::from_bits))
            .collect()
    };
    Some(Outcome {
        value: scalars(value)?,
        gradient: scalars(gradient)?,
    })
}

/// The end of the file: reads calls, prints what they give.
const DRIVER: &str = r#"
fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let parts: Vec<&str> = line.split(';').collect();
        let scalars = |text: &str| -> Vec<f64> {
            text.split_whitespace().map(|word| f64::from_bits(word.parse().unwrap())).collect()
        };
        let (reals, seed) = (scalars(parts[1]), scalars(parts[3]));
        let integers: Vec<i64> = parts[2].split_whitespace().map(|word| word.parse().unwrap()).collect();
        let run = RUNS[parts[0].parse::<usize>().unwrap()];
        match std::panic::catch_unwind(|| run(&reals, &integers, &seed)) {
            Ok((value, gradient)) => {
                let bits = |scalars: &[f64]| {
                    scalars.iter().map(|scalar| scalar.to_bits().to_string()).collect::<Vec<_>>().join(" ")
                };
                println!("{};{}", bits(&value), bits(&gradient));
            }
            Err(_) => println!("panic"),
        }
    }
}
"#;
