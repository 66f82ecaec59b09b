//! Lesson 8: XOR, with a hidden layer.
//!
//! One neuron divides the plane by a straight line, and no line has (0, 1) and (1, 0) on one side and (0, 0) and (1, 1)
//! on the other. A hidden layer of four neurons draws four lines, and the output neuron combines them.
//!
//! The weights begin at random: if all began alike, all hidden neurons would learn the same.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use tapeless::init;
use tapeless::prelude::*;

const STEPS: usize = 1000;

/// Two inputs, four hidden neurons, one output.
#[derive(Differentiable, Clone, Debug)]
struct Network {
    w1: Matrix<2, 4, f64>,
    b1: Matrix<1, 4, f64>,
    w2: Matrix<4, 1, f64>,
    b2: Matrix<1, 1, f64>,
}

impl Network {
    fn random(seed: u64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        Self {
            w1: init::glorot_uniform(&mut rng),
            b1: Matrix::zeros(),
            w2: init::glorot_uniform(&mut rng),
            b2: Matrix::zeros(),
        }
    }
}

#[differentiable]
fn output(network: &Network, #[no_diff] x: &Matrix<4, 2, f64>) -> Matrix<4, 1, f64> {
    let hidden = (x * network.w1).add_row(network.b1).tanh();
    (hidden * network.w2).add_row(network.b2).sigmoid()
}

#[differentiable]
fn error(network: &Network, #[no_diff] x: &Matrix<4, 2, f64>, #[no_diff] targets: &Matrix<4, 1, f64>) -> f64 {
    output(network, x).mean_squared_error(targets)
}

fn inputs() -> Matrix<4, 2, f64> {
    Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
}

fn targets() -> Matrix<4, 1, f64> {
    Matrix::from_rows([[0.0], [1.0], [1.0], [0.0]])
}

/// Gradient descent with momentum; gives the network and the error before each step.
fn learn(seed: u64) -> (Network, Vec<f64>) {
    let mut network = Network::random(seed);
    let mut optimizer = Sgd::new(0.5).momentum(0.9);
    let mut errors = Vec::new();
    for _ in 0..STEPS {
        let (error, gradient) = error::value_and_grad(&network, &inputs(), &targets());
        optimizer.step(&mut network, &gradient);
        errors.push(error);
    }
    (network, errors)
}

fn main() {
    let (network, errors) = learn(1);
    for step in [0, 10, 30, 100, 300] {
        println!("error before step {step:>3}: {:.4}", errors[step]);
    }
    println!(
        "error after {STEPS} steps: {:.4}",
        error(&network, &inputs(), &targets())
    );
    for (row, y) in inputs().rows().zip(&output(&network, &inputs())) {
        println!("{row:?} → {y:.2}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        assert_gradient!(error, &Network::random(3), &inputs(), &targets());
    }

    #[test]
    fn it_learns_xor() {
        for seed in 1..=3 {
            let (network, errors) = learn(seed);
            assert!(errors[0] > 0.2, "{}", errors[0]);
            assert!(
                (output(&network, &inputs()) - targets()).abs().max() < 0.1,
                "seed {seed}"
            );
        }
    }
}
