//! Evaluations: inputs read, functions run as often as asked for, outputs written.

use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use serde_json::value::RawValue;

/// The output of the last run, and how long each of the runs took.
pub struct Evaluation {
    /// In JSON.
    pub output: Box<RawValue>,
    /// Of the function alone, without reading the input and writing the output.
    pub durations: Vec<Duration>,
}

/// How often to run a function: at least so many times, and for at least so long.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Repetitions {
    #[serde(default = "once")]
    min_runs: u64,
    #[serde(default)]
    min_seconds: f64,
}

fn once() -> u64 {
    1
}

impl Repetitions {
    /// A single run.
    pub const ONCE: Self = Self {
        min_runs: 1,
        min_seconds: 0.0,
    };

    /// Runs the function, and returns how long it took each time.
    pub fn measure<R>(self, mut run: impl FnMut() -> R) -> Vec<Duration> {
        let mut durations = Vec::new();
        let mut total = Duration::ZERO;
        while durations.is_empty() || (durations.len() as u64) < self.min_runs || total.as_secs_f64() < self.min_seconds
        {
            let start = Instant::now();
            let result = black_box(run());
            let duration = start.elapsed();
            drop(result);
            durations.push(duration);
            total += duration;
        }
        durations
    }

    /// Runs the function, and answers with what it returned last.
    pub fn evaluate<R: Serialize>(self, mut run: impl FnMut() -> R) -> Result<Evaluation, String> {
        let mut output = None;
        let durations = self.measure(|| output.replace(run()));
        Evaluation::new(&output, durations)
    }
}

impl Evaluation {
    /// An evaluation with this output, in which every number must be finite: JSON has no others.
    pub fn new(output: &impl Serialize, durations: Vec<Duration>) -> Result<Self, String> {
        let mut json = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut json, Finite);
        output
            .serialize(&mut serializer)
            .map_err(|error| format!("the output cannot be written: {error}"))?;
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        let output = RawValue::from_string(json).map_err(|error| error.to_string())?;
        Ok(Self { output, durations })
    }
}

/// The formatter that refuses `null`, which stands for numbers that are not finite.
struct Finite;

impl Formatter for Finite {
    fn write_null<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        Err(io::Error::other("it contains a number that is not finite"))
    }
}

/// The input of a problem, and how often it is to be evaluated.
pub fn read<'i, I: Deserialize<'i>>(input: &'i RawValue) -> Result<(I, Repetitions), String> {
    let unreadable = |error| format!("the input cannot be read: {error}");
    let repetitions = serde_json::from_str(input.get()).map_err(unreadable)?;
    let input = serde_json::from_str(input.get()).map_err(unreadable)?;
    Ok((input, repetitions))
}

/// The error for a function that a problem does not have.
pub fn unknown(function: &str) -> Result<Evaluation, String> {
    Err(format!("there is no function `{function}`"))
}

/// Checks a size.
pub fn expect_len(name: &str, found: usize, expected: usize) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("`{name}` has {found} elements instead of {expected}"))
    }
}

/// The rows one after another; all must have the given length.
pub fn flattened(name: &str, rows: &[Vec<f64>], width: usize) -> Result<Vec<f64>, String> {
    for row in rows {
        expect_len(name, row.len(), width)?;
    }
    Ok(rows.concat())
}

/// What [`flattened`] took apart: so many rows of equal length.
pub fn rows(flat: &[f64], count: usize) -> Vec<&[f64]> {
    let width = flat.len().checked_div(count).unwrap_or(0);
    (0..count).map(|i| &flat[i * width..(i + 1) * width]).collect()
}

/// So many copies, or an error where memory does not suffice.
pub fn repeated<T: Clone>(value: T, count: usize) -> Result<Vec<T>, String> {
    let mut copies = Vec::new();
    copies
        .try_reserve_exact(count)
        .map_err(|_| "the sizes are too large for the memory".to_owned())?;
    copies.resize(count, value);
    Ok(copies)
}
