//! Lesson 2: the chain rule, on z = (x + y)².
//!
//! The function is made of two: t = x + y, and z = t². The derivative of the whole is the product of the derivatives of
//! the parts: ∂z/∂x = ∂z/∂t · ∂t/∂x = 2t · 1 = 2 (x + y).

use tapeless::prelude::*;

#[differentiable]
fn sum(x: f64, y: f64) -> f64 {
    x + y
}

#[differentiable]
fn square(t: f64) -> f64 {
    t * t
}

/// Made of the two. A differentiable function may call others.
#[differentiable]
fn z(x: f64, y: f64) -> f64 {
    square(sum(x, y))
}

/// The derivatives with respect to x and y, by the chain rule: outer derivative times inner derivative.
fn by_chain_rule(x: f64, y: f64) -> (f64, f64) {
    let t = sum(x, y);
    let dz_dt = square::grad(t);
    let (dt_dx, dt_dy) = sum::grad(x, y);
    (dz_dt * dt_dx, dz_dt * dt_dy)
}

fn main() {
    for (x, y) in [(1.0, 2.0), (3.0, -1.0), (0.5, -0.5)] {
        let t = sum(x, y);
        println!("x = {x}, y = {y}: t = {t}, z = {}", z(x, y));
        println!("  dz/dt = 2t = {}, dt/dx = {}", square::grad(t), sum::grad(x, y).0);
        println!("  by the chain rule: {:?}", by_chain_rule(x, y));
        println!("  generated:         {:?}", z::grad(x, y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derivative_is_twice_the_sum() {
        for (x, y) in [(1.0, 2.0), (3.0, -1.0), (0.5, -0.5)] {
            let slope = 2.0 * (x + y);
            assert_eq!(z::value_and_grad(x, y), ((x + y) * (x + y), (slope, slope)));
            assert_eq!(by_chain_rule(x, y), (slope, slope));
        }
        assert_eq!(z::grad(1.0, 2.0), (6.0, 6.0));
    }
}
