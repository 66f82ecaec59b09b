//! Lesson 4: the nodes that networks are made of.
//!
//! | node | value | local gradient |
//! |---|---|---|
//! | add | x + y | 1 and 1: it hands on what arrives |
//! | multiply | x y | y and x: it swaps its inputs |
//! | reciprocal | 1 / x | -1 / x² = -y² |
//! | exp | eˣ | eˣ = y: its own value |
//! | sigmoid | 1 / (1 + e⁻ˣ) | y (1 - y) |
//! | ReLU | x if x > 0, else 0 | 1 if x > 0, else 0: it lets pass, or stops |
//!
//! The sigmoid is itself a graph of the nodes above it. Going back through it step by step ends at y (1 - y).

use tapeless::prelude::*;

#[differentiable]
fn add(x: f64, y: f64) -> f64 {
    x + y
}

#[differentiable]
fn multiply(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable]
fn reciprocal(x: f64) -> f64 {
    1.0 / x
}

#[differentiable]
fn exp(x: f64) -> f64 {
    x.exp()
}

#[differentiable]
fn sigmoid(x: f64) -> f64 {
    x.sigmoid()
}

#[differentiable]
fn relu(x: f64) -> f64 {
    x.relu()
}

/// The sigmoid, made of a product, an exponential, a sum and a reciprocal.
#[differentiable]
fn sigmoid_of_nodes(x: f64) -> f64 {
    let negative = multiply(x, -1.0);
    let power = exp(negative);
    let sum = add(power, 1.0);
    reciprocal(sum)
}

/// A neuron with two inputs.
#[differentiable]
fn neuron(w: [f64; 3], x: [f64; 2]) -> f64 {
    sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
}

fn main() {
    println!("node           value    local gradient");
    println!("add(2, 3)      {:.4}   {:?}", add(2.0, 3.0), add::grad(2.0, 3.0));
    println!(
        "multiply(2, 3) {:.4}   {:?}",
        multiply(2.0, 3.0),
        multiply::grad(2.0, 3.0)
    );
    println!("reciprocal(2)  {:.4}   {:.4}", reciprocal(2.0), reciprocal::grad(2.0));
    println!("exp(1)         {:.4}   {:.4}", exp(1.0), exp::grad(1.0));
    println!("sigmoid(1)     {:.4}   {:.4}", sigmoid(1.0), sigmoid::grad(1.0));
    println!("relu(2)        {:.4}   {:.4}", relu(2.0), relu::grad(2.0));
    println!("relu(-2)       {:.4}   {:.4}", relu(-2.0), relu::grad(-2.0));

    println!("Back through the sigmoid at x = 1, node by node:");
    let x = 1.0;
    let negative = multiply(x, -1.0);
    let power = exp(negative);
    let sum = add(power, 1.0);
    let y = reciprocal(sum);
    let sum_bar = reciprocal::grad(sum);
    let power_bar = sum_bar * add::grad(power, 1.0).0;
    let negative_bar = power_bar * exp::grad(negative);
    let x_bar = negative_bar * multiply::grad(x, -1.0).0;
    println!("  values    {x:.4} → {negative:.4} → {power:.4} → {sum:.4} → {y:.4}");
    println!("  gradients {x_bar:.4} ← {negative_bar:.4} ← {power_bar:.4} ← {sum_bar:.4} ← 1");
    println!("  y (1 - y) {:.4}", y * (1.0 - y));
    println!("  generated {:.4}", sigmoid_of_nodes::grad(x));

    let (w, x) = ([2.0, -3.0, -3.0], [-1.0, -2.0]);
    let (value, (w_bar, x_bar)) = neuron::value_and_grad(w, x);
    println!("A neuron with weights {w:?} and inputs {x:?} gives {value:.2}");
    println!("  weights: {w_bar:.2?}");
    println!("  inputs:  {x_bar:.2?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }

    #[test]
    fn local_gradients_are_those_of_the_table() {
        assert_eq!(add::grad(2.0, 3.0), (1.0, 1.0));
        assert_eq!(multiply::grad(2.0, 3.0), (3.0, 2.0));
        assert_eq!(reciprocal::grad(2.0), -0.25);
        assert_close(exp::grad(1.0), std::f64::consts::E);
        let y = 1.0 / (1.0 + (-1.0_f64).exp());
        assert_close(sigmoid::grad(1.0), y * (1.0 - y));
        assert_eq!([relu::grad(2.0), relu::grad(-2.0), relu::grad(0.0)], [1.0, 0.0, 0.0]);
    }

    #[test]
    fn the_sigmoid_is_made_of_nodes() {
        for x in [-2.0, 0.0, 0.5, 3.0] {
            assert_close(sigmoid_of_nodes(x), sigmoid(x));
            assert_close(sigmoid_of_nodes::grad(x), sigmoid::grad(x));
        }
    }

    #[test]
    fn the_neuron_has_these_gradients() {
        let (value, (w, x)) = neuron::value_and_grad([2.0, -3.0, -3.0], [-1.0, -2.0]);
        let two_digits = |number: f64| (100.0 * number).round() / 100.0;
        assert_eq!(two_digits(value), 0.73);
        assert_eq!(w.map(two_digits), [-0.20, -0.39, 0.20]);
        assert_eq!(x.map(two_digits), [0.39, -0.59]);
    }
}
