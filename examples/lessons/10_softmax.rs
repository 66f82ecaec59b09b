//! Lesson 10: softmax with cross-entropy.
//!
//! The last layer of a classifier gives a score for each class, any number. The softmax makes probabilities of them,
//! pₖ = e^xₖ / Σ e^xⱼ, and the cross-entropy with the right class t is the loss, E = -ln pₜ: none if pₜ is one, and the
//! larger the less likely the network thought the right answer.
//!
//! Both together have a simple gradient: ∂E/∂xₖ = pₖ - yₖ, where y is one for the right class and zero for the others.
//! What the network said, minus what it should have said.

use tapeless::prelude::*;

/// The loss of one row of scores, as one node.
#[differentiable]
fn loss(scores: &Matrix<1, 3, f64>, label: &[usize; 1]) -> f64 {
    scores.softmax_cross_entropy(label)
}

/// The same in two steps, as the text says it.
#[differentiable]
fn loss_in_steps(scores: &Matrix<1, 3, f64>, #[no_diff] label: usize) -> f64 {
    let probabilities = scores.softmax();
    -probabilities[(0, label)].ln()
}

fn main() {
    let scores = Matrix::from_rows([[3.1, -4.4, 2.8]]);
    let probabilities = scores.softmax();
    println!("scores        {scores}");
    println!(
        "probabilities {probabilities:.4}, which add up to {:.1}",
        probabilities.sum()
    );
    for label in 0..3 {
        let (value, gradient) = loss::value_and_grad(&scores, &[label]);
        println!("If class {label} is right, the loss is {value:.3}, and the gradient {gradient:.4}");
        let wanted = Matrix::<1, 3, f64>::from_fn(|_, class| f64::from(class == label));
        println!(
            "  probabilities - wanted:                      {:.4}",
            probabilities - wanted
        );
        println!(
            "  generated from softmax and logarithm:        {:.4}",
            loss_in_steps::grad(&scores, label)
        );
    }

    println!(
        "Large scores would overflow, e¹⁰⁰⁰ = {}, if the largest were not subtracted first:",
        1000_f64.exp()
    );
    let large = Matrix::from_rows([[1000.0, 1001.0, 1002.0]]);
    let (value, gradient) = loss::value_and_grad(&large, &[2]);
    println!("  scores {large}: loss {value:.4}, gradient {gradient:.4}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores() -> Matrix<1, 3, f64> {
        Matrix::from_rows([[3.1, -4.4, 2.8]])
    }

    #[test]
    fn scores_become_probabilities() {
        let [[first, second, third]] = scores().softmax().to_rows();
        assert_eq!((1e3 * first).round(), 574.0);
        assert_eq!((1e4 * second).round(), 3.0);
        assert_eq!((1e3 * third).round(), 425.0);
    }

    #[test]
    fn the_gradient_is_said_minus_wanted() {
        for label in 0..3 {
            let (value, gradient) = loss::value_and_grad(&scores(), &[label]);
            let wanted = Matrix::from_fn(|_, class| f64::from(class == label));
            assert!((gradient - (scores().softmax() - wanted)).abs().max() < 1e-15);
            let (in_steps, gradient_in_steps) = loss_in_steps::value_and_grad(&scores(), label);
            assert!((value - in_steps).abs() < 1e-14);
            assert!((gradient - gradient_in_steps).abs().max() < 1e-14);
        }
        assert!((loss(&scores(), &[0]) - 0.5545).abs() < 5e-4);
    }

    #[test]
    fn large_scores_do_not_overflow() {
        let large = Matrix::from_rows([[1000.0, 1001.0, 1002.0]]);
        let (value, gradient) = loss::value_and_grad(&large, &[2]);
        assert!((value - 0.4076).abs() < 1e-4);
        assert!(gradient.iter().all(|x| x.is_finite()));
    }
}
