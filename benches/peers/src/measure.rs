//! Contestants side by side, in turns: what means something on a machine that others use too is the ratio of two turns
//! that ran right after each other, and of many such ratios the median.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds; in each, every contestant has a turn.
const ROUNDS: usize = 101;
/// The least number of rounds, however long they take.
const FEW_ROUNDS: usize = 11;
/// About how long a turn takes, unless a single run takes longer.
const TURN: Duration = Duration::from_millis(1);
/// After which no further round begins.
const LIMIT: Duration = Duration::from_secs(20);

/// One way of computing a gradient.
pub(crate) struct Contestant<'c> {
    name: &'static str,
    /// The gradient at the point where all contestants begin.
    gradient: Vec<f64>,
    /// Runs a number of times and says how many seconds that took.
    turn: Box<dyn FnMut(usize) -> f64 + 'c>,
}

/// A contestant of this process. The result of the closure is kept from being optimised away.
pub(crate) fn contestant<'c, R>(
    name: &'static str,
    gradient: Vec<f64>,
    mut run: impl FnMut() -> R + 'c,
) -> Contestant<'c> {
    let turn = move |runs| {
        let start = Instant::now();
        for _ in 0..runs {
            black_box(run());
        }
        start.elapsed().as_secs_f64()
    };
    remote(name, gradient, turn)
}

/// A contestant that measures its own turns.
pub(crate) fn remote<'c>(
    name: &'static str,
    gradient: Vec<f64>,
    turn: impl FnMut(usize) -> f64 + 'c,
) -> Contestant<'c> {
    Contestant {
        name,
        gradient,
        turn: Box::new(turn),
    }
}

/// What was measured of all contestants at one problem.
pub(crate) struct Comparison {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// What was measured of one contestant.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The median time of a run, in seconds.
    pub(crate) seconds: f64,
    /// The median of the ratios to the first contestant.
    pub(crate) ratio: f64,
}

/// Checks that the contestants compute the same gradient, within the tolerance, as the first; then measures them in turns.
pub(crate) fn compare(title: &'static str, tolerance: f64, contestants: Vec<Option<Contestant<'_>>>) -> Comparison {
    let mut contestants: Vec<_> = contestants.into_iter().flatten().collect();
    for contestant in &contestants[1..] {
        check(title, contestant, &contestants[0].gradient, tolerance);
    }
    let runs: Vec<_> = contestants.iter_mut().map(|one| runs(&mut one.turn)).collect();
    let mut times = vec![Vec::new(); contestants.len()];
    let start = Instant::now();
    for round in 0..ROUNDS {
        if round >= FEW_ROUNDS && start.elapsed() > LIMIT {
            break;
        }
        for ((contestant, runs), times) in contestants.iter_mut().zip(&runs).zip(&mut times) {
            times.push((contestant.turn)(*runs) / *runs as f64);
        }
    }
    let rows = contestants.iter().zip(&times).map(|(contestant, own)| Row {
        name: contestant.name,
        seconds: median(own.clone()),
        ratio: median(own.iter().zip(&times[0]).map(|(own, first)| own / first).collect()),
    });
    let comparison = Comparison {
        title,
        rows: rows.collect(),
    };
    println!("{title}");
    for row in &comparison.rows {
        println!("  {:<20} {:>12}  {:>9.2}", row.name, shown(row.seconds), row.ratio);
    }
    comparison
}

/// A wrong gradient does not take part, however fast.
fn check(title: &str, contestant: &Contestant<'_>, expected: &[f64], tolerance: f64) {
    let Contestant { name, gradient, .. } = contestant;
    assert_eq!(gradient.len(), expected.len(), "{title}: derivatives by {name}");
    let scale = expected.iter().fold(0.0_f64, |scale, one| scale.max(one.abs()));
    for (i, (found, expected)) in gradient.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * scale,
            "{title}: derivative {i} by {name} is {found}, by hand {expected}"
        );
    }
}

/// How many runs fill a turn.
fn runs(turn: &mut dyn FnMut(usize) -> f64) -> usize {
    // What is compiled or allocated at first use.
    turn(1);
    let mut count = 1;
    while turn(count) < TURN.as_secs_f64() {
        count *= 2;
    }
    count
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// A time, in the unit that fits.
pub(crate) fn shown(seconds: f64) -> String {
    let (scaled, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "µs"),
        s => (s * 1e3, "ms"),
    };
    match scaled {
        s if s < 10.0 => format!("{s:.2} {unit}"),
        s if s < 100.0 => format!("{s:.1} {unit}"),
        s => format!("{s:.0} {unit}"),
    }
}
