//! Lesson 3: numerical against analytic gradients.
//!
//! A derivative is a limit: (f(x + h) - f(x)) / h for ever smaller h. A computer can take a small h, but not too small
//! a one, for the difference of two almost equal numbers has few correct digits. Looking to both sides,
//! (f(x + h) - f(x - h)) / 2h, is far more accurate, and still takes two evaluations for each variable. The generated
//! gradient is exact up to rounding, and costs about as much as the function itself, however many variables there are.
//!
//! Central differences are a good check, though: they know nothing of any rule of differentiation.

use tapeless::check::numerical_gradient;
use tapeless::prelude::*;

/// 0.01 x² + 0.1 x, whose derivative is 0.02 x + 0.1.
#[differentiable]
fn parabola(x: f64) -> f64 {
    0.01 * x * x + 0.1 * x
}

/// A function of six variables.
#[differentiable]
fn wave(x: &Matrix<2, 3, f64>) -> f64 {
    (x.sin() + x.hadamard(x)).sum()
}

fn forward_difference(x: f64, h: f64) -> f64 {
    (parabola(x + h) - parabola(x)) / h
}

fn central_difference(x: f64, h: f64) -> f64 {
    (parabola(x + h) - parabola(x - h)) / (2.0 * h)
}

fn main() {
    println!("f(x) = 0.01 x² + 0.1 x");
    for x in [5.0, 10.0] {
        println!(
            "  f'({x}) = {:.4}, by central differences {:.4}",
            parabola::grad(x),
            central_difference(x, 1e-4)
        );
    }

    println!("How far off a difference is at x = 5:");
    println!("       h    to one side   to both sides");
    for h in [1e-1, 1e-4, 1e-7, 1e-10, 1e-13] {
        let off = |difference: f64| magnitude((difference - parabola::grad(5.0)).abs());
        let (one, both) = (off(forward_difference(5.0, h)), off(central_difference(5.0, h)));
        println!("{h:>8.0e} {one:>14} {both:>15}");
    }

    let x = Matrix::from_rows([[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]]);
    println!("Six variables at once, generated:");
    println!("{:.6}", wave::grad(&x));
    println!("and numerically, with twelve evaluations of the function:");
    println!("{:.6}", numerical_gradient(wave, &x));

    // How you check a function of your own, in a test.
    assert_gradient!(parabola, 5.0);
    assert_gradient!(wave, &x);
}

/// The power of ten just above an error; its digits are chance.
fn magnitude(error: f64) -> String {
    match error {
        0.0 => "none".to_string(),
        _ => format!("below 1e{}", error.log10().floor() + 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_agree() {
        for (x, slope) in [(5.0, 0.2), (10.0, 0.3)] {
            assert!((parabola::grad(x) - slope).abs() < 1e-15);
            assert!((central_difference(x, 1e-4) - slope).abs() < 1e-10);
        }
        assert_gradient!(parabola, -3.0);
        assert_gradient!(wave, &Matrix::from_rows([[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]]));
    }

    #[test]
    fn too_small_a_step_is_worse() {
        let off = |h| (forward_difference(5.0, h) - 0.2).abs();
        assert!(off(1e-7) < off(1e-1));
        assert!(off(1e-7) < off(1e-13));
        // To both sides the error of a parabola is none but rounding.
        assert!((central_difference(5.0, 1e-1) - 0.2).abs() < 1e-12);
    }
}
