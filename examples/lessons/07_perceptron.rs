//! Lesson 7: a perceptron learns, by gradient descent on the mean squared error.
//!
//! One neuron with two inputs: y = σ(x₁ w₁ + x₂ w₂ + b). Its error on the four rows of a truth table is
//! E = ¼ Σ (y - t)², and every step goes a little against the gradient: w ← w - η ∂E/∂w.
//!
//! The gradient by hand, with the chain rule of lesson 2 and the nodes of lesson 4:
//! ∂E/∂wₖ = ¼ Σ 2 (y - t) · y (1 - y) · xₖ.

use tapeless::prelude::*;

/// A column of four results, one for each row of the inputs.
type Column = Matrix<4, 1, f64>;

const AND: [[f64; 1]; 4] = [[0.0], [0.0], [0.0], [1.0]];
const OR: [[f64; 1]; 4] = [[0.0], [1.0], [1.0], [1.0]];
const XOR: [[f64; 1]; 4] = [[0.0], [1.0], [1.0], [0.0]];

/// How far a step goes: η.
const LEARNING_RATE: f64 = 2.0;
const STEPS: usize = 2000;

/// One neuron.
#[derive(Differentiable, Clone, Copy, Debug)]
struct Perceptron {
    weights: Matrix<2, 1, f64>,
    bias: f64,
}

impl Perceptron {
    /// A neuron that has learned nothing.
    fn blank() -> Self {
        Self {
            weights: Matrix::zeros(),
            bias: 0.0,
        }
    }
}

#[differentiable]
fn output(neuron: &Perceptron, #[no_diff] x: &Matrix<4, 2, f64>) -> Column {
    (x * neuron.weights + neuron.bias).sigmoid()
}

#[differentiable]
fn error(neuron: &Perceptron, #[no_diff] x: &Matrix<4, 2, f64>, #[no_diff] targets: &Column) -> f64 {
    output(neuron, x).mean_squared_error(targets)
}

/// The gradient by the formula above.
fn gradient_by_hand(neuron: &Perceptron, x: &Matrix<4, 2, f64>, targets: &Column) -> ([f64; 2], f64) {
    let y = output(neuron, x);
    let (mut weights, mut bias) = ([0.0; 2], 0.0);
    for row in 0..4 {
        let (y, t) = (y[(row, 0)], targets[(row, 0)]);
        let through_the_sigmoid = 2.0 * (y - t) / 4.0 * y * (1.0 - y);
        weights[0] += through_the_sigmoid * x[(row, 0)];
        weights[1] += through_the_sigmoid * x[(row, 1)];
        bias += through_the_sigmoid;
    }
    (weights, bias)
}

/// The rows of a truth table.
fn inputs() -> Matrix<4, 2, f64> {
    Matrix::from_rows([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
}

/// Plain gradient descent; gives the neuron and the error before each step.
fn learn(targets: &Column) -> (Perceptron, Vec<f64>) {
    let x = inputs();
    let mut neuron = Perceptron::blank();
    let mut errors = Vec::new();
    for _ in 0..STEPS {
        let (error, gradient) = error::value_and_grad(&neuron, &x, targets);
        neuron.weights -= LEARNING_RATE * gradient.weights;
        neuron.bias -= LEARNING_RATE * gradient.bias;
        errors.push(error);
    }
    (neuron, errors)
}

fn main() {
    let (x, targets) = (inputs(), Column::from_rows(OR));
    let blank = Perceptron::blank();
    let (weights, bias) = gradient_by_hand(&blank, &x, &targets);
    println!("The first gradient for OR: weights {weights:?}, bias {bias:?} by hand;");
    let gradient = error::grad(&blank, &x, &targets);
    println!(
        "                           weights {:?}, bias {:?} generated",
        gradient.weights.as_slice(),
        gradient.bias
    );

    for (name, targets) in [("AND", AND), ("OR", OR), ("XOR", XOR)] {
        let targets = Column::from_rows(targets);
        let (neuron, errors) = learn(&targets);
        println!("{name}:");
        for step in [0, 10, 100, 1000] {
            println!("  error before step {step:>4}: {:.4}", errors[step]);
        }
        println!("  error after {STEPS} steps:  {:.4}", error(&neuron, &x, &targets));
        for (row, y) in x.rows().zip(&output(&neuron, &x)) {
            println!("  {row:?} → {y:.2}");
        }
    }
    println!("XOR is beyond one neuron, which divides the plane by a straight line. See the next lesson.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_that_by_hand() {
        let x = inputs();
        for targets in [AND, OR, XOR].map(Column::from_rows) {
            let (trained, _) = learn(&targets);
            for neuron in [Perceptron::blank(), trained] {
                let gradient = error::grad(&neuron, &x, &targets);
                let (weights, bias) = gradient_by_hand(&neuron, &x, &targets);
                assert!((gradient.weights[(0, 0)] - weights[0]).abs() < 1e-15);
                assert!((gradient.weights[(1, 0)] - weights[1]).abs() < 1e-15);
                assert!((gradient.bias - bias).abs() < 1e-15);
                assert_gradient!(error, &neuron, &x, &targets);
            }
        }
    }

    #[test]
    fn it_learns_and_and_or_but_not_xor() {
        for targets in [AND, OR].map(Column::from_rows) {
            let (neuron, errors) = learn(&targets);
            assert!(
                errors.is_sorted_by(|earlier, later| earlier > later),
                "each step is downhill"
            );
            assert!(error(&neuron, &inputs(), &targets) < 0.01);
            let y = output(&neuron, &inputs());
            assert!((y - targets).abs().max() < 0.2);
        }
        let (neuron, errors) = learn(&Column::from_rows(XOR));
        assert_eq!(errors[0], 0.25);
        assert_eq!(error(&neuron, &inputs(), &Column::from_rows(XOR)), 0.25);
    }
}
