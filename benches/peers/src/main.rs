//! Gradients and training steps by tapeless, by hand, and by other tools, side by side:
//! `cargo run --release` writes the table `RESULTS.md` and the picture `results.svg`.

mod contestants;
mod measure;
mod picture;
mod problems;
mod table;

use std::error::Error;
use std::fs;
use std::path::Path;

use contestants::python::Python;
use contestants::{ad_trait, burn, candle, dfdx, generated, hand, num_dual};
use measure::{Comparison, Contestant, compare};

/// The tolerances of gradients of 64 and of 32 bits, relative to their largest element.
const DOUBLE: f64 = 1e-9;
const SINGLE: f64 = 1e-4;

fn main() -> Result<(), Box<dyn Error>> {
    let python = Python::start();
    let comparisons = [
        rosenbrock::<2>("Rosenbrock, 2", &python),
        rosenbrock::<100>("Rosenbrock, 100", &python),
        pendulum(&python),
        xor(&python),
        digits::<1>("784-128-10, batch 1", &python),
        digits::<32>("784-128-10, batch 32", &python),
        digits::<64>("784-128-10, batch 64", &python),
        digits::<256>("784-128-10, batch 256", &python),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::write(folder.join("RESULTS.md"), table::page(&comparisons))?;
    picture::draw(&folder.join("results.svg"), &comparisons)
}

/// All that take part, in the order of the table: the first is what the others are compared with.
fn all<'c>(
    rust: impl IntoIterator<Item = Option<Contestant<'c>>>,
    python: Vec<Option<Contestant<'c>>>,
) -> Vec<Option<Contestant<'c>>> {
    rust.into_iter().chain(python).collect()
}

fn rosenbrock<const N: usize>(title: &'static str, python: &Python) -> Comparison {
    let [reverse, forward] = ad_trait::rosenbrock::<N>();
    let [ndarray, flex] = burn::rosenbrock::<N>();
    let rust = [
        hand::rosenbrock::<N>(),
        generated::rosenbrock::<N>(),
        num_dual::rosenbrock::<N>(),
        reverse,
        forward,
        ndarray,
        flex,
        candle::rosenbrock::<N>(),
    ];
    compare(title, DOUBLE, all(rust, python.rosenbrock::<N>()))
}

fn pendulum(python: &Python) -> Comparison {
    let [reverse, forward] = ad_trait::pendulum();
    let [ndarray, flex] = burn::pendulum();
    let rust = [
        hand::pendulum(),
        generated::pendulum(),
        num_dual::pendulum(),
        reverse,
        forward,
        dfdx::pendulum(),
        ndarray,
        flex,
        candle::pendulum(),
    ];
    compare("pendulum, 1000 steps", DOUBLE, all(rust, python.pendulum()))
}

fn xor(python: &Python) -> Comparison {
    let training = problems::xor();
    let [ndarray, flex] = burn::xor(&training);
    let rust = [
        hand::xor(&training),
        generated::xor(&training),
        dfdx::xor(&training),
        ndarray,
        flex,
        candle::xor(&training),
    ];
    compare("2-8-1, batch 4", SINGLE, all(rust, python.xor(&training)))
}

fn digits<const B: usize>(title: &'static str, python: &Python) -> Comparison {
    let training = problems::digits(B);
    let [ndarray, flex] = burn::digits(&training);
    let rust = [
        hand::digits::<B>(&training),
        generated::digits::<B>(&training),
        dfdx::digits(&training),
        ndarray,
        flex,
        candle::digits(&training),
    ];
    compare(title, SINGLE, all(rust, python.digits(&training)))
}
