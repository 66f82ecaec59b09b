//! num-dual: dual numbers with all tangents at once, that is, forward mode.

use std::hint::black_box;

use nalgebra::SVector;
use num_dual::{DualNum, DualSVec64, gradient};

use crate::measure::{Contestant, contestant};
use crate::problems::{DT, PENDULUM, STEPS, point};

const NAME: &str = "num-dual";

fn rosenbrock_value<const N: usize>(x: SVector<DualSVec64<N>, N>) -> DualSVec64<N> {
    let mut sum = DualSVec64::from_re(0.0);
    for i in 0..N - 1 {
        let (a, b) = (-x[i].clone() + 1.0, x[i + 1].clone() - x[i].clone() * x[i].clone());
        sum += a.clone() * a + b.clone() * b * 100.0;
    }
    sum
}

pub(crate) fn rosenbrock<const N: usize>() -> Option<Contestant<'static>> {
    let x = SVector::from(point::<N>());
    let run = move || gradient(rosenbrock_value::<N>, black_box(&x));
    let (_, slopes) = run();
    Some(contestant(NAME, slopes.iter().copied().collect(), run))
}

fn pendulum_value(start: SVector<DualSVec64<3>, 3>) -> DualSVec64<3> {
    let (mut angle, mut velocity, gravity) = (start[0], start[1], start[2]);
    for _ in 0..STEPS {
        velocity -= gravity * angle.sin() * DT;
        angle += velocity * DT;
    }
    angle
}

pub(crate) fn pendulum() -> Option<Contestant<'static>> {
    let start = SVector::from(PENDULUM);
    let run = move || gradient(pendulum_value, black_box(&start));
    let (_, slopes) = run();
    Some(contestant(NAME, slopes.iter().copied().collect(), run))
}
