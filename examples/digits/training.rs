//! Mini-batch training, and how good the network is after each epoch.

use std::f64::consts::PI;

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use tapeless::prelude::*;
use tapeless_examples::data::{CLASSES, DataSet, Digit};

use crate::model::{BATCH, Batch, Mlp, loss, scores};

/// How strongly the weights are drawn towards zero, so that the network does not learn the training digits by heart.
const WEIGHT_DECAY: f64 = 0.3;

/// How to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    /// How often every training digit is seen.
    pub(crate) epochs: usize,
    /// The digits of a mini-batch, from 1 to `BATCH`. The last mini-batch of an epoch has what is left over.
    pub(crate) batch: usize,
    /// The optimiser's learning rate at the start, positive; it sinks to zero along a half wave of the cosine.
    pub(crate) learning_rate: f64,
    /// Where the random numbers start: for the first weights and for the order of the digits.
    pub(crate) seed: u64,
}

/// How good the network is on some digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Score {
    /// The cross-entropy, averaged over the digits.
    pub(crate) loss: f32,
    /// How many are read correctly, from 0 to 1.
    pub(crate) accuracy: f64,
}

/// How good the network is after an epoch; the first, number 0, is before training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Epoch {
    /// On the digits it learns from.
    pub(crate) training: Score,
    /// On the digits it has never seen.
    pub(crate) held_out: Score,
}

/// What the network says about a digit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// The probability of each class.
    pub(crate) probabilities: [f32; CLASSES],
    /// The class of the largest probability.
    pub(crate) label: usize,
}

/// Training went astray.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("the loss is no longer finite in epoch {epoch}: the learning rate of {learning_rate} is too large")]
pub(crate) struct Diverged {
    /// The epoch, from 1.
    pub(crate) epoch: usize,
    /// The learning rate it was trained with.
    pub(crate) learning_rate: f64,
}

/// Trains a network from random weights. Calls a function after each epoch.
///
/// The same settings and digits give the same network, bit for bit.
///
/// # Errors
/// If the loss overflows.
pub(crate) fn train(
    data: &DataSet,
    settings: &Settings,
    mut after_epoch: impl FnMut(&Epoch),
) -> Result<(Mlp, Vec<Epoch>), Diverged> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(settings.seed);
    let mut mlp = Mlp::random(&mut rng);
    let mut gradient = mlp.zero_tangent();
    let mut optimizer = AdamW::new(settings.learning_rate).weight_decay(WEIGHT_DECAY);
    let mut order: Vec<&Digit> = data.training.iter().collect();
    let mut history = vec![evaluate(&mlp, data)];
    let steps = settings.epochs * order.len().div_ceil(settings.batch);
    let mut step = 0;
    for epoch in 1..=settings.epochs {
        order.shuffle(&mut rng);
        for digits in order.chunks(settings.batch) {
            let batch = Batch::new(digits.iter().copied());
            loss::value_and_grad_into(&mlp, &batch.pixels, &batch.targets, batch.digits, &mut gradient);
            optimizer.set_learning_rate(settings.learning_rate * cosine(step, steps));
            optimizer.step(&mut mlp, &gradient);
            step += 1;
        }
        let result = evaluate(&mlp, data);
        if !result.training.loss.is_finite() {
            return Err(Diverged {
                epoch,
                learning_rate: settings.learning_rate,
            });
        }
        after_epoch(&result);
        history.push(result);
    }
    Ok((mlp, history))
}

/// From 1 down to 0 along a half wave.
fn cosine(step: usize, steps: usize) -> f64 {
    0.5 + 0.5 * (PI * step as f64 / steps as f64).cos()
}

fn evaluate(mlp: &Mlp, data: &DataSet) -> Epoch {
    Epoch {
        training: score(mlp, &data.training),
        held_out: score(mlp, &data.held_out),
    }
}

/// How good a network is on some digits.
pub(crate) fn score(mlp: &Mlp, digits: &[Digit]) -> Score {
    let right = read(mlp, digits)
        .zip(digits)
        .filter(|(reading, digit)| reading.label == digit.label)
        .count();
    let loss: f32 = digits
        .chunks(BATCH)
        .map(|digits| Batch::new(digits.iter()))
        .map(|batch| loss(mlp, &batch.pixels, &batch.targets, batch.digits) * batch.digits as f32)
        .sum();
    Score {
        loss: loss / digits.len() as f32,
        accuracy: right as f64 / digits.len() as f64,
    }
}

/// What a network says about some digits.
pub(crate) fn read(mlp: &Mlp, digits: &[Digit]) -> impl Iterator<Item = Reading> {
    digits.chunks(BATCH).flat_map(|digits| {
        let batch = Batch::new(digits.iter());
        let probabilities = scores(mlp, &batch.pixels).softmax();
        let readings: Vec<_> = probabilities.rows().take(digits.len()).map(reading).collect();
        readings
    })
}

fn reading(probabilities: &[f32; CLASSES]) -> Reading {
    let mut label = 0;
    for class in 1..CLASSES {
        if probabilities[class] > probabilities[label] {
            label = class;
        }
    }
    Reading {
        probabilities: *probabilities,
        label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings {
        epochs: 30,
        batch: 32,
        learning_rate: 0.003,
        seed: 1,
    };

    fn data() -> DataSet {
        DataSet::read(tapeless_examples::data::FILE.as_ref()).unwrap()
    }

    #[test]
    fn learns_to_read() {
        let data = data();
        let (mlp, history) = train(&data, &SETTINGS, |_| {}).unwrap();
        assert_eq!(history.len(), 31);
        assert!(history[0].held_out.accuracy < 0.3, "it reads before it has learned");
        let accuracy = history[30].held_out.accuracy;
        assert!(accuracy >= 0.97, "{accuracy}");
        assert_eq!(score(&mlp, &data.held_out), history[30].held_out);
    }

    /// Every digit of an epoch is used once, also where the last mini-batch is a partial one.
    #[test]
    fn the_same_seed_gives_the_same_network() {
        let data = data();
        for batch in [7, 32, 64] {
            let settings = Settings {
                epochs: 2,
                batch,
                ..SETTINGS
            };
            let first = train(&data, &settings, |_| {}).unwrap();
            assert_eq!(first, train(&data, &settings, |_| {}).unwrap());
            let other = Settings { seed: 2, ..settings };
            assert_ne!(first.0, train(&data, &other, |_| {}).unwrap().0);
        }
    }

    #[test]
    fn divergence_is_an_error() {
        let settings = Settings {
            learning_rate: 1e30,
            ..SETTINGS
        };
        let error = train(&data(), &settings, |_| {}).unwrap_err();
        assert_eq!(error.epoch, 1);
    }
}
