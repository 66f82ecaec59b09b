//! The command line.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use tapeless_examples::data::FILE;

use crate::model::BATCH;
use crate::training::Settings;

/// The most epochs one can ask for.
const MOST_EPOCHS: u64 = 100_000;

/// A network learns to read handwritten digits, with gradients that were generated when it was compiled.
///
/// It draws how it learns, what it confuses, and each digit it got wrong; and it saves its weights.
#[derive(Clone, Debug, Parser)]
#[command(name = "digits", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// How often the network sees every training digit.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = RangedU64ValueParser::<usize>::new().range(1..=MOST_EPOCHS))]
    pub(crate) epochs: usize,

    /// The digits of a mini-batch, 1 to 64.
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = RangedU64ValueParser::<usize>::new().range(1..=BATCH as u64))]
    pub(crate) batch: usize,

    /// How far a step goes at the start; the steps become smaller and smaller.
    #[arg(long, value_name = "RATE", default_value_t = 0.003, value_parser = learning_rate, allow_negative_numbers = true)]
    pub(crate) learning_rate: f64,

    /// Where the random numbers start. The same seed gives the same network.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// The digits: 64 pixels from 0 to 16 and a label a line, separated by commas; may be compressed with gzip.
    #[arg(long, value_name = "FILE", default_value = FILE, hide_default_value = true)]
    pub(crate) data: PathBuf,

    /// The folder for pictures and weights; it is made if there is none.
    #[arg(long, value_name = "DIR", default_value = "target/digits")]
    pub(crate) out: PathBuf,

    /// Read weights saved by an earlier run instead of training.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["epochs", "batch", "learning_rate", "seed"])]
    pub(crate) weights: Option<PathBuf>,
}

impl Arguments {
    /// How to train.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            epochs: self.epochs,
            batch: self.batch,
            learning_rate: self.learning_rate,
            seed: self.seed,
        }
    }
}

fn learning_rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        Ok(_) => Err("a learning rate is a positive, finite number".into()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(arguments: &str) -> Result<Arguments, String> {
        let words = std::iter::once("digits").chain(arguments.split_whitespace());
        Arguments::try_parse_from(words).map_err(|error| error.to_string())
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_have_defaults() {
        let arguments = parse("").unwrap();
        assert_eq!((arguments.epochs, arguments.batch), (30, 32));
        assert_eq!(arguments.data, PathBuf::from(FILE));
    }

    #[test]
    fn options_are_read() {
        let arguments = parse("--epochs 3 --batch 64 --learning-rate 1e-2 --seed 9 --data d.csv --out o").unwrap();
        assert_eq!(
            arguments.settings(),
            Settings {
                epochs: 3,
                batch: 64,
                learning_rate: 0.01,
                seed: 9,
            }
        );
        assert_eq!(arguments.data, PathBuf::from("d.csv"));
        assert_eq!(arguments.out, PathBuf::from("o"));
    }

    #[test]
    fn invalid_options_are_explained() {
        for (arguments, explanation) in [
            ("--epochs 0", "0 is not in 1..=100000"),
            ("--epochs many", "invalid digit found in string"),
            ("--batch 0", "0 is not in 1..=64"),
            ("--batch 65", "65 is not in 1..=64"),
            ("--learning-rate 0", "a learning rate is a positive, finite number"),
            ("--learning-rate -0.1", "a learning rate is a positive, finite number"),
            ("--learning-rate=-0.1", "a learning rate is a positive, finite number"),
            ("--learning-rate nan", "a learning rate is a positive, finite number"),
            ("--learning-rate inf", "a learning rate is a positive, finite number"),
            ("--learning-rate fast", "invalid float literal"),
            ("--seed -1", "unexpected argument"),
            ("--weights w --epochs 3", "cannot be used with"),
            ("--colour", "unexpected argument"),
        ] {
            let error = parse(arguments).unwrap_err();
            assert!(error.contains(explanation), "{arguments}: {error}");
        }
    }
}
