//! What was measured, as a page of Markdown.

use std::fmt::Write;

use crate::measure::{Comparison, shown};

const HEAD: &str = "# Results

Written by `cargo run --release` in this folder, which also draws [the picture](results.svg); [the page](README.md) says what is measured, and how.
Median time of a run, and in brackets the median of its ratios to the run of the code by hand right before it.

";

const TAIL: &str = "
Gradients of Rosenbrock's function and of the pendulum are of 64 bits, training steps (gradient and descent) of 32 bits. One thread.
An empty cell: not a problem for that contestant. The machine of the committed run was a virtual one of two cores that other work shared: ratios mean more than times.
";

/// A row for each contestant, a column for each comparison.
pub(crate) fn page(comparisons: &[Comparison]) -> String {
    let mut page = HEAD.to_owned();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<_> = cells.collect();
        writeln!(page, "| {} |", cells.join(" | ")).expect("text grows");
    };
    let titles = comparisons.iter().map(|comparison| comparison.title.to_owned());
    line(&mut std::iter::once(String::new()).chain(titles));
    line(&mut std::iter::once("---".to_owned()).chain(comparisons.iter().map(|_| "---:".to_owned())));
    for name in names(comparisons) {
        let cells = comparisons.iter().map(|comparison| cell(comparison, name));
        line(&mut std::iter::once(name.to_owned()).chain(cells));
    }
    page + TAIL
}

fn cell(comparison: &Comparison, name: &str) -> String {
    let row = comparison.rows.iter().find(|row| row.name == name);
    row.map_or(String::new(), |row| {
        format!("{} ({})", shown(row.seconds), shortened(row.ratio))
    })
}

/// A ratio with three digits.
fn shortened(ratio: f64) -> String {
    match ratio {
        r if r < 10.0 => format!("{r:.2}"),
        r if r < 100.0 => format!("{r:.1}"),
        r => format!("{r:.0}"),
    }
}

/// The names of all contestants, each once, in their order.
pub(crate) fn names(comparisons: &[Comparison]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for row in comparisons.iter().flat_map(|comparison| &comparison.rows) {
        if !names.contains(&row.name) {
            names.push(row.name);
        }
    }
    names
}
