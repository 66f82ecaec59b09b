//! first
use tapeless::prelude::*;

#[differentiable]
fn energy(x: f64, y: f64) -> f64 {
    (x * y).sin() + x * x
}

#[differentiable]
fn branchy(x: f64, y: f64) -> f64 {
    let mut s = x * y;
    if s > 0.0 {
        s = s * x;
    } else if y > 3.0 {
        return y;
    }
    s += x.exp();
    s
}

#[test]
fn energy_works() {
    assert_eq!(energy::grad(1.0, 2.0), (2.0 * 2.0_f64.cos() + 2.0, 2.0_f64.cos()));
    let (x, y) = (1.3_f64, 0.7);
    let (dx, dy) = branchy::grad(x, y);
    assert!((dx - (2.0 * x * y + x.exp())).abs() < 1e-12);
    assert!((dy - x * x).abs() < 1e-12);
    assert_eq!(branchy::grad(-1.0, 4.0), (0.0, 1.0));
    assert_eq!(branchy::grad(-1.0, 2.0), (2.0 + (-1f64).exp(), -1.0));
}
