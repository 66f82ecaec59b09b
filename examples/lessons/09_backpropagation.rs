//! Lesson 9: the four equations of backpropagation, and mini-batch gradient descent on handwritten digits.
//!
//! A network of sigmoid neurons, 64-30-10: 64 pixels, 30 hidden neurons, one output neuron for each digit. Layer l
//! computes zˡ = aˡ⁻¹ wˡ + bˡ and aˡ = σ(zˡ). The cost of a mini-batch of n digits is quadratic, C = 1/2n Σ |aᴸ - y|²,
//! where y is one for the neuron of the right digit and zero for the others.
//!
//! With the error of a neuron, δ = ∂C/∂z, the four equations are:
//!
//! 1. δᴸ = ∂C/∂aᴸ ⊙ σ'(zᴸ): the error in the output layer
//! 2. δˡ = (δˡ⁺¹ wˡ⁺¹ᵀ) ⊙ σ'(zˡ): it moves back through the weights
//! 3. ∂C/∂bˡ = Σ δˡ over the mini-batch
//! 4. ∂C/∂wˡ = aˡ⁻¹ᵀ δˡ
//!
//! (Each digit is a row here, so that weights stand on the right, and the sums over the mini-batch are in the
//! products.) They are written out below, and give what the compiler generates from the cost alone.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use tapeless::init;
use tapeless::prelude::*;
use tapeless_examples::data::{CLASSES, DataSet, Digit, FILE, PIXELS};

const HIDDEN: usize = 30;
/// The digits of a mini-batch.
const BATCH: usize = 10;
const LEARNING_RATE: f64 = 3.0;
const EPOCHS: usize = 30;

/// The weights and biases of both layers.
#[derive(Differentiable, Clone, Debug)]
struct Network {
    w1: Matrix<PIXELS, HIDDEN, f64>,
    b1: Matrix<1, HIDDEN, f64>,
    w2: Matrix<HIDDEN, CLASSES, f64>,
    b2: Matrix<1, CLASSES, f64>,
}

impl Network {
    fn random(rng: &mut Xoshiro256PlusPlus) -> Self {
        Self {
            w1: init::glorot_normal(rng),
            b1: Matrix::zeros(),
            w2: init::glorot_normal(rng),
            b2: Matrix::zeros(),
        }
    }
}

/// What the output neurons say, for any number of digits.
#[differentiable]
fn output<const N: usize>(network: &Network, #[no_diff] x: &Matrix<N, PIXELS, f64>) -> Matrix<N, CLASSES, f64> {
    let hidden = (x * network.w1).add_row(network.b1).sigmoid();
    (hidden * network.w2).add_row(network.b2).sigmoid()
}

/// The quadratic cost of a mini-batch.
#[differentiable]
fn cost(
    network: &Network,
    #[no_diff] x: &Matrix<BATCH, PIXELS, f64>,
    #[no_diff] y: &Matrix<BATCH, CLASSES, f64>,
) -> f64 {
    (output(network, x) - y).norm_squared() / (2 * BATCH) as f64
}

/// The gradient by the four equations.
fn backpropagation(
    network: &Network,
    x: &Matrix<BATCH, PIXELS, f64>,
    y: &Matrix<BATCH, CLASSES, f64>,
) -> NetworkTangent {
    // Forward: keep what every layer computes.
    let a1 = (x * network.w1).add_row(network.b1).sigmoid();
    let a2 = (a1 * network.w2).add_row(network.b2).sigmoid();
    // Backward. The derivative of the sigmoid is σ' = a (1 - a).
    let slope1 = a1 - a1.hadamard(a1);
    let slope2 = a2 - a2.hadamard(a2);
    let cost_by_output = (a2 - y) / BATCH as f64;
    let delta2 = cost_by_output.hadamard(slope2); // 1
    let delta1 = (delta2 * network.w2.transpose()).hadamard(slope1); // 2
    NetworkTangent {
        b2: delta2.sum_rows(),       // 3
        b1: delta1.sum_rows(),       // 3
        w2: a1.transpose() * delta2, // 4
        w1: x.transpose() * delta1,  // 4
    }
}

/// A mini-batch: pixels and wanted outputs, a row for each digit.
fn mini_batch(digits: &[&Digit; BATCH]) -> (Matrix<BATCH, PIXELS, f64>, Matrix<BATCH, CLASSES, f64>) {
    let x = Matrix::from_fn(|row, pixel| f64::from(digits[row].pixels[pixel]));
    let y = Matrix::from_fn(|row, class| f64::from(digits[row].label == class));
    (x, y)
}

/// One pass over the digits in random order, a step of plain gradient descent for each mini-batch. What does not fill
/// a mini-batch sits this epoch out; in the next it will be others.
fn epoch(network: &mut Network, digits: &mut [&Digit], rng: &mut Xoshiro256PlusPlus) {
    digits.shuffle(rng);
    for digits in digits.as_chunks::<BATCH>().0 {
        let (x, y) = mini_batch(digits);
        let gradient = cost::grad(network, &x, &y);
        network.w1 -= LEARNING_RATE * gradient.w1;
        network.b1 -= LEARNING_RATE * gradient.b1;
        network.w2 -= LEARNING_RATE * gradient.w2;
        network.b2 -= LEARNING_RATE * gradient.b2;
    }
}

/// Which neuron says most.
fn read(network: &Network, digit: &Digit) -> usize {
    let x = Matrix::<1, PIXELS, f64>::from_fn(|_, pixel| f64::from(digit.pixels[pixel]));
    let outputs = output(network, &x);
    (0..CLASSES).fold(0, |best, class| {
        if outputs[(0, class)] > outputs[(0, best)] {
            class
        } else {
            best
        }
    })
}

fn count_right(network: &Network, digits: &[Digit]) -> usize {
    digits
        .iter()
        .filter(|digit| read(network, digit) == digit.label)
        .count()
}

/// The largest difference between both gradients of a mini-batch.
fn largest_difference(network: &Network, digits: &[&Digit; BATCH]) -> f64 {
    let (x, y) = mini_batch(digits);
    let by_hand = backpropagation(network, &x, &y);
    let generated = cost::grad(network, &x, &y);
    [
        (by_hand.w1 - generated.w1).abs().max(),
        (by_hand.b1 - generated.b1).abs().max(),
        (by_hand.w2 - generated.w2).abs().max(),
        (by_hand.b2 - generated.b2).abs().max(),
    ]
    .into_iter()
    .fold(0.0, f64::max)
}

fn main() -> anyhow::Result<()> {
    let data = DataSet::read(FILE.as_ref())?;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut network = Network::random(&mut rng);
    let mut digits: Vec<&Digit> = data.training.iter().collect();

    let first = std::array::from_fn(|index| digits[index]);
    let difference = largest_difference(&network, &first);
    println!(
        "The four equations and the generated gradient agree: {}",
        difference < 1e-12
    );

    for number in 1..=EPOCHS {
        epoch(&mut network, &mut digits, &mut rng);
        if [1, 2, 5, 10, 20, 30].contains(&number) {
            let right = count_right(&network, &data.held_out);
            println!(
                "epoch {number:>2}: {right} of {} held-out digits read correctly",
                data.held_out.len()
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_equations_give_the_gradient() {
        let data = DataSet::read(FILE.as_ref()).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(4);
        for digits in data.training.as_chunks::<BATCH>().0.iter().take(3) {
            let network = Network::random(&mut rng);
            let digits = digits.each_ref();
            assert!(largest_difference(&network, &digits) < 1e-14);
            let (x, y) = mini_batch(&digits);
            assert_gradient!(cost, &network, &x, &y);
        }
    }

    #[test]
    fn it_learns_to_read() {
        let data = DataSet::read(FILE.as_ref()).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut network = Network::random(&mut rng);
        let mut digits: Vec<&Digit> = data.training.iter().collect();
        let right = |network: &Network| count_right(network, &data.held_out) as f64 / data.held_out.len() as f64;
        assert!(right(&network) < 0.3);
        for _ in 0..EPOCHS {
            epoch(&mut network, &mut digits, &mut rng);
        }
        assert!(right(&network) > 0.95, "{}", right(&network));
    }
}
