//! A network learns to read handwritten digits: `cargo run --release --example digits`.
//!
//! The shapes of all its matrices are checked, and the code of its gradient is generated, when this program is compiled.
//! To read it, begin with `model.rs`: the network and its loss; then `training.rs`.

mod cli;
mod model;
mod pictures;
mod training;
mod weights;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, anyhow, ensure};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use tapeless_examples::data::DataSet;

use crate::cli::Arguments;
use crate::model::Mlp;
use crate::training::{Epoch, Reading};

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let data = DataSet::read(&arguments.data)?;
    println!(
        "{} digits to learn from, {} held out",
        data.training.len(),
        data.held_out.len()
    );
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make the folder {}", arguments.out.display()))?;

    let (mlp, history) = match &arguments.weights {
        Some(path) => (weights::load(path)?, None),
        None => {
            let (mlp, history) = train(arguments, &data)?;
            keep(&mlp, &arguments.out.join("weights.safetensors"))?;
            (mlp, Some(history))
        }
    };
    let score = training::score(&mlp, &data.held_out);
    println!(
        "{:.2} % of the held-out digits are read correctly (loss {:.4})",
        100.0 * score.accuracy,
        score.loss
    );

    let readings: Vec<Reading> = training::read(&mlp, &data.held_out).collect();
    let draw = |name: &str, draw: &dyn Fn(&Path) -> pictures::Outcome| {
        let path = arguments.out.join(name);
        draw(&path).map_err(|error| anyhow!(error).context(format!("cannot draw {}", path.display())))?;
        println!("drawn {}", path.display());
        anyhow::Ok(())
    };
    if let Some(history) = &history {
        draw("learning_curve.png", &|path| {
            pictures::learning_curve::draw(path, history)
        })?;
    }
    draw("confusion_matrix.png", &|path| {
        pictures::confusion_matrix::draw(path, &data.held_out, &readings)
    })?;
    draw("mistakes.png", &|path| {
        pictures::mistakes::draw(path, &data.held_out, &readings)
    })
}

/// Trains with a progress bar.
fn train(arguments: &Arguments, data: &DataSet) -> anyhow::Result<(Mlp, Vec<Epoch>)> {
    let settings = arguments.settings();
    let bar = ProgressBar::new(settings.epochs as u64).with_style(ProgressStyle::with_template(
        "epoch {pos}/{len} {bar:30} {msg} [{elapsed}]",
    )?);
    let start = Instant::now();
    let outcome = training::train(data, &settings, |epoch| {
        bar.set_message(format!(
            "loss {:.4}, accuracy {:.2} %, held-out {:.2} %",
            epoch.training.loss,
            100.0 * epoch.training.accuracy,
            100.0 * epoch.held_out.accuracy
        ));
        bar.inc(1);
    });
    match &outcome {
        Ok(_) => bar.finish(),
        Err(_) => bar.abandon(),
    }
    let (mlp, history) = outcome?;
    println!(
        "trained in {:.2} s: {} times {} mini-batches",
        start.elapsed().as_secs_f64(),
        settings.epochs,
        data.training.len().div_ceil(settings.batch)
    );
    Ok((mlp, history))
}

/// Saves the weights, and reads them back to see that they are all there.
fn keep(mlp: &Mlp, path: &Path) -> anyhow::Result<()> {
    weights::save(mlp, path)?;
    ensure!(
        weights::load(path)? == *mlp,
        "{} does not hold what was written",
        path.display()
    );
    println!("saved {}", path.display());
    Ok(())
}
