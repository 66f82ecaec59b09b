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
