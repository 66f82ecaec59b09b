//! Mini-batch gradient descent, and how good the network is afterwards.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use tapeless::prelude::*;
use tapeless_examples::data::{CLASSES, DataSet, Digit};

use crate::model::{BATCH, Batch, Mlp, loss, scores};

/// How to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How often every training digit is seen.
    pub epochs: usize,
    /// The digits of a mini-batch, from 1 to `BATCH`. The last mini-batch of an epoch has what is left over.
    pub batch: usize,
    /// The step of the optimiser, positive.
    pub learning_rate: f64,
    /// Where the random numbers start: for the first weights and for the order of the digits.
    pub seed: u64,
}

/// How good the network is on some digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The cross-entropy, averaged over the digits.
    pub loss: f32,
    /// How many are read correctly, from 0 to 1.
    pub accuracy: f64,
}

/// How good the network is after an epoch; the first, number 0, is before training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// On the digits it learns from.
    pub training: Score,
    /// On the digits it has never seen.
    pub held_out: Score,
}

/// What the network says about a digit.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The probability of each class.
    pub probabilities: [f32; CLASSES],
    /// The class of the largest probability.
    pub label: usize,
}

/// Training went astray.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("the loss is no longer finite in epoch {epoch}: the learning rate of {learning_rate} is too large")]
pub struct Diverged {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The learning rate it was trained with.
    pub learning_rate: f64,
}

/// Trains a network from random weights. Calls a function after each epoch.
///
/// The same settings and digits give the same network, bit for bit.
///
/// # Errors
/// If the loss overflows.
pub fn train(
    data: &DataSet,
    settings: &Settings,
    mut after_epoch: impl FnMut(usize, &Epoch),
) -> Result<(Mlp, Vec<Epoch>), Diverged> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(settings.seed);
    let mut mlp = Mlp::random(&mut rng);
    let mut gradient = mlp.zero_tangent();
    let mut order: Vec<&Digit> = data.training.iter().collect();
    let mut history = vec![evaluate(&mlp, data)];
    for epoch in 1..=settings.epochs {
        order.shuffle(&mut rng);
        for digits in order.chunks(settings.batch) {
            let batch = Batch::new(digits.iter().copied());
            loss::value_and_grad_into(&mlp, &batch.pixels, &batch.targets, batch.digits, &mut gradient);
            gradient.scale(-settings.learning_rate);
            mlp.advance(&gradient);
        }
        let result = evaluate(&mlp, data);
        if !result.training.loss.is_finite() {
            return Err(Diverged {
                epoch,
                learning_rate: settings.learning_rate,
            });
        }
        after_epoch(epoch, &result);
        history.push(result);
    }
    Ok((mlp, history))
}

fn evaluate(mlp: &Mlp, data: &DataSet) -> Epoch {
    Epoch {
        training: score(mlp, &data.training),
        held_out: score(mlp, &data.held_out),
    }
}

/// How good a network is on some digits.
pub fn score(mlp: &Mlp, digits: &[Digit]) -> Score {
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
pub fn read(mlp: &Mlp, digits: &[Digit]) -> impl Iterator<Item = Reading> {
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
