fn energy(x: f64, y: f64) -> f64 {
    (x * y).sin() + x * x
}
