fn decayed(x: &[f64; 8], rate: f64) -> f64 {
    let mut sums = [0.0; 8];
    let mut sum = 0.0;
    for i in 0..8 {
        sum = sum * rate + x[i].sin();
        if sum > 4.0 {
            break;
        }
        sums[i] = sum;
    }
    sums[7] * sum
}
