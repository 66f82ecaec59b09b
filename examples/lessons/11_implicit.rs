//! Lesson 11: implicit differentiation.
//!
//! Kepler's equation M = E - e sin E says where a planet stands: M is the time in radians of a revolution, e the eccentricity of
//! the ellipse, E the angle that is looked for. There is no formula for E; Newton's method finds it, in some steps.
//!
//! The steps can be differentiated, each of them, back to the start. They need not be: where they end, the equation holds, and
//! its total derivative is zero, dM = (1 - e cos E) dE - sin E de. That gives ∂E/∂M = 1 / (1 - e cos E) and
//! ∂E/∂e = sin E / (1 - e cos E), from the solution alone, however it was found. (The implicit function theorem.)

use tapeless::prelude::*;

/// E in radians, for M in radians and 0 ≤ e < 1, by Newton's method. Its steps are differentiated.
#[differentiable]
fn anomaly_in_steps(m: f64, e: f64) -> f64 {
    let mut angle = m + e * m.sin();
    for _ in 0..50 {
        let error = angle - e * angle.sin() - m;
        if error.abs() < 1e-14 {
            break;
        }
        angle -= error / (1.0 - e * angle.cos());
    }
    angle
}

/// The same, by the same steps, with the rule below.
fn anomaly(m: f64, e: f64) -> f64 {
    anomaly_in_steps(m, e)
}

#[derivative_of(anomaly)]
fn anomaly_vjp(m: f64, e: f64) -> (f64, impl FnOnce(f64) -> (f64, f64)) {
    let angle = anomaly(m, e);
    let (sin, cos) = angle.sin_cos();
    let slope = 1.0 - e * cos;
    (angle, move |angle_bar| (angle_bar / slope, angle_bar * sin / slope))
}

/// How far the planet is from its sun, in units of the ellipse's longer half axis: a function of what the equation gives.
#[differentiable]
fn distance(m: f64, e: f64) -> f64 {
    1.0 - e * anomaly(m, e).cos()
}

#[differentiable]
fn distance_in_steps(m: f64, e: f64) -> f64 {
    1.0 - e * anomaly_in_steps(m, e).cos()
}

fn main() {
    let e = 0.6;
    println!("An orbit of eccentricity {e}");
    for m in [0.5, 1.5, 2.5] {
        let (r, (by_time, by_shape)) = distance::value_and_grad(m, e);
        let (_, (by_time_in_steps, by_shape_in_steps)) = distance_in_steps::value_and_grad(m, e);
        println!("At M = {m} the distance is {r:.6}");
        println!("  by the implicit function theorem: ∂r/∂M = {by_time:9.6}, ∂r/∂e = {by_shape:9.6}");
        println!("  through the steps of the solver:  ∂r/∂M = {by_time_in_steps:9.6}, ∂r/∂e = {by_shape_in_steps:9.6}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equation_holds() {
        for (m, e) in [(0.0, 0.5), (0.5, 0.0), (1.5, 0.6), (3.0, 0.95)] {
            let angle = anomaly(m, e);
            assert!((angle - e * angle.sin() - m).abs() < 1e-12);
        }
    }

    #[test]
    fn both_ways_give_the_same() {
        for (m, e) in [(0.5, 0.1), (1.5, 0.6), (2.5, 0.9)] {
            let (implicit, steps) = (distance::grad(m, e), distance_in_steps::grad(m, e));
            assert!((implicit.0 - steps.0).abs() < 1e-9, "{implicit:?} {steps:?}");
            assert!((implicit.1 - steps.1).abs() < 1e-9, "{implicit:?} {steps:?}");
            assert_gradient!(anomaly, m, e);
            assert_gradient!(distance, m, e);
        }
    }

    /// A start that solves the equation already: no step is taken that could be differentiated.
    #[test]
    fn no_step_no_derivative() {
        assert_eq!(anomaly::grad(0.0, 0.5), (2.0, 0.0));
        assert_eq!(anomaly_in_steps::grad(0.0, 0.5), (1.5, 0.0));
    }
}
