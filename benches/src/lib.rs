//! Benchmarks side by side: the same work done in several ways, in turns, in one process.
//!
//! Machines are noisy: what means something is the ratio of two contestants that ran right after each other, and of
//! many such ratios the median.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds of measurement; in each, every contestant runs for about [`SLICE`].
const ROUNDS: usize = 201;
/// Rounds where every contestant takes longer than a slice for a single run.
const FEW_ROUNDS: usize = 21;
/// Shorter than what a scheduler gives a thread at a time.
const SLICE: Duration = Duration::from_millis(1);

/// One way of doing the work.
pub struct Contestant<'c> {
    name: &'c str,
    run: Box<dyn FnMut() + 'c>,
}

/// A contestant. The result of the closure is kept from being optimised away.
pub fn contestant<'c, R>(name: &'c str, mut run: impl FnMut() -> R + 'c) -> Contestant<'c> {
    Contestant {
        name,
        run: Box::new(move || drop(black_box(run()))),
    }
}

/// Measures the contestants in turns and prints the median time of each, and the median of its ratios to the first.
///
/// The program's first argument, if it is not an option, chooses: only comparisons whose title contains it are run.
pub fn compare(title: &str, mut contestants: Vec<Contestant<'_>>) {
    let chosen = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    if chosen.is_some_and(|chosen| !title.contains(&chosen)) {
        return;
    }
    let repetitions: Vec<_> = contestants
        .iter_mut()
        .map(|contestant| repetitions(&mut contestant.run))
        .collect();
    let rounds = if repetitions.iter().all(|count| *count == 1) {
        FEW_ROUNDS
    } else {
        ROUNDS
    };
    let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
    for _ in 0..rounds {
        for ((contestant, repetitions), times) in contestants.iter_mut().zip(&repetitions).zip(&mut times) {
            times.push(time(&mut contestant.run, *repetitions));
        }
    }
    println!("{title}");
    for (contestant, own) in contestants.iter().zip(&times) {
        let ratios = own.iter().zip(&times[0]).map(|(own, first)| own / first).collect();
        println!(
            "  {:<28} {:>12}  {:>6.3}",
            contestant.name,
            shown(median(own.clone())),
            median(ratios)
        );
    }
}

/// How many runs fill a slice of time.
fn repetitions(run: &mut dyn FnMut()) -> usize {
    let mut count = 1;
    loop {
        let start = Instant::now();
        (0..count).for_each(|_| run());
        if start.elapsed() >= SLICE {
            return count;
        }
        count *= 2;
    }
}

/// Seconds a run.
fn time(run: &mut dyn FnMut(), repetitions: usize) -> f64 {
    let start = Instant::now();
    (0..repetitions).for_each(|_| run());
    start.elapsed().as_secs_f64() / repetitions as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.2} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}
