//! How much longer the derivative of each problem takes than its function: medians, in one process and one thread.
//!
//! The first argument that is not an option chooses: only lines that contain it are measured.

use std::time::Duration;

use serde_json::{Value, json, value::RawValue};
use tapeless_gradbench::problems::Problem;
use tapeless_gradbench::workloads::{self, Random};

fn main() {
    let chosen = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    println!("| problem | function | time | derivative | time | ratio |");
    println!("|---|---|---:|---|---:|---:|");
    let random = &mut Random(31337);
    for ell in [5, 8] {
        row(&chosen, "det", &format!("ell {ell}"), "primal", "gradient", || {
            workloads::det(random, ell)
        });
    }
    for (d, k) in [(2, 5), (10, 25), (20, 50)] {
        row(
            &chosen,
            "gmm",
            &format!("d {d}, k {k}, n 1000"),
            "objective",
            "jacobian",
            || workloads::gmm(random, [d, k, 1000, 0], 1.0),
        );
    }
    row(&chosen, "ba", "ba1", "objective", "jacobian", || {
        workloads::ba(random, 49, 7776, 31843)
    });
    for (label, complicated) in [("simple", false), ("complicated", true)] {
        row(
            &chosen,
            "ht",
            &format!("{label}, 544 vertices, 192 points"),
            "objective",
            "jacobian",
            || workloads::ht(random, 544, 192, complicated),
        );
    }
    for (k, n, d) in [(10, 1000, 8), (100, 1000, 16)] {
        row(
            &chosen,
            "kmeans",
            &format!("k {k}, n {n}, d {d}"),
            "cost",
            "dir",
            || workloads::kmeans(random, k, n, d),
        );
    }
    for n in [64, 1024] {
        row(&chosen, "llsq", &format!("m 128, n {n}"), "primal", "gradient", || {
            workloads::llsq(random, 128, n)
        });
    }
    for n in [2500, 80_000] {
        row(&chosen, "lse", &format!("n {n}"), "primal", "gradient", || {
            workloads::lse(random, n)
        });
    }
    row(&chosen, "lstm", "l 2, c 1024", "objective", "jacobian", || {
        workloads::lstm(random, 2, 14, 1024)
    });
    for (n, s) in [(8, 10), (1000, 10)] {
        row(&chosen, "ode", &format!("n {n}, s {s}"), "primal", "gradient", || {
            workloads::ode(random, n, s)
        });
    }
    for modes in [["rr", "ff"], ["fr", "rf"]] {
        row(&chosen, "particle", "w 0", modes[0], modes[1], || json!({"w": 0.0}));
        row(
            &chosen,
            "saddle",
            "start 1, 1",
            modes[0],
            modes[1],
            || json!({"start": [1.0, 1.0]}),
        );
    }
}

/// Measures a function and its derivative.
fn row(
    chosen: &Option<String>,
    problem: &str,
    label: &str,
    function: &str,
    derivative: &str,
    input: impl FnOnce() -> Value,
) {
    let title = format!("{problem}: {label}");
    if chosen.as_ref().is_some_and(|chosen| !title.contains(chosen)) {
        return;
    }
    let mut input = input();
    input["min_runs"] = json!(5);
    input["min_seconds"] = json!(0.5);
    let input = RawValue::from_string(input.to_string()).expect("a value is JSON");
    let median = |function| -> Result<Duration, String> {
        let problem = Problem::named(problem).ok_or("no such problem")?;
        let mut durations = problem.evaluate(function, &input)?.durations;
        durations.sort_unstable();
        Ok(durations[durations.len() / 2])
    };
    match (median(function), median(derivative)) {
        (Ok(before), Ok(after)) => {
            let ratio = after.as_secs_f64() / before.as_secs_f64();
            println!("| {title} | {function} | {before:.2?} | {derivative} | {after:.2?} | {ratio:.2} |");
        }
        (before, after) => eprintln!("{title}: {:?}, {:?}", before.err(), after.err()),
    }
}
