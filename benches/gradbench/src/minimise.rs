//! The method of steepest descent that the suite prescribes.

/// How the suite names the modes of differentiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Along directions.
    Forward,
    /// Backwards.
    Reverse,
}

impl Mode {
    /// Two modes from their initials: that of the outer derivative, then that of the inner one.
    pub fn pair(initials: &str) -> Option<(Self, Self)> {
        match initials {
            "ff" => Some((Self::Forward, Self::Forward)),
            "fr" => Some((Self::Forward, Self::Reverse)),
            "rf" => Some((Self::Reverse, Self::Forward)),
            "rr" => Some((Self::Reverse, Self::Reverse)),
            _ => None,
        }
    }
}

/// Steps shorter than this are the last, and so are slopes less steep.
pub const SMALL: f64 = 1e-5;
/// After so many steps that went down, they become longer.
pub const PATIENCE: usize = 10;

/// Where `f` is least, near the start.
pub fn argmin<const N: usize>(
    start: [f64; N],
    f: impl Fn(&[f64; N]) -> f64,
    slope: impl Fn(&[f64; N]) -> [f64; N],
) -> [f64; N] {
    let mut x = start;
    let (mut value, mut gradient) = (f(&x), slope(&x));
    let (mut rate, mut steps) = (1e-5, 0);
    loop {
        if norm(&gradient) <= SMALL {
            return x;
        }
        if steps == PATIENCE {
            rate *= 2.0;
            steps = 0;
            continue;
        }
        let next: [f64; N] = std::array::from_fn(|i| x[i] - rate * gradient[i]);
        if norm(&std::array::from_fn::<f64, N, _>(|i| x[i] - next[i])) <= SMALL {
            return x;
        }
        let next_value = f(&next);
        if next_value < value {
            (x, value, gradient) = (next, next_value, slope(&next));
            steps += 1;
        } else {
            rate /= 2.0;
            steps = 0;
        }
    }
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}
