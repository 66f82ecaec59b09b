//! ad_trait: reverse mode on a graph, and forward mode with all tangents at once.

use std::hint::black_box;

use ad_trait::AD;
use ad_trait::forward_ad::adfn::adfn;
use ad_trait::reverse_ad::adr::adr;

use crate::measure::{Contestant, contestant};
use crate::problems::{DT, PENDULUM, STEPS, point};

fn rosenbrock_value<T: AD, const N: usize>(x: &[T; N]) -> T {
    let mut sum = T::constant(0.0);
    for i in 0..N - 1 {
        let (a, b) = (T::constant(1.0) - x[i], x[i + 1] - x[i] * x[i]);
        sum += a * a + T::constant(100.0) * b * b;
    }
    sum
}

fn pendulum_value<T: AD>(&[angle, velocity, gravity]: &[T; 3]) -> T {
    let (mut angle, mut velocity) = (angle, velocity);
    for _ in 0..STEPS {
        velocity -= T::constant(DT) * gravity * angle.sin();
        angle += T::constant(DT) * velocity;
    }
    angle
}

fn reverse_gradient<const N: usize>(f: impl Fn(&[adr; N]) -> adr, x: &[f64; N]) -> (f64, [f64; N]) {
    let variables = std::array::from_fn(|i| adr::new_variable(x[i], i == 0));
    let value = f(&variables);
    let gradient = value.get_backwards_mode_grad();
    (value.value(), variables.map(|variable| gradient.wrt(&variable)))
}

fn forward_gradient<const N: usize>(f: impl Fn(&[adfn<N>; N]) -> adfn<N>, x: &[f64; N]) -> (f64, [f64; N]) {
    let variables = std::array::from_fn(|i| {
        let mut tangent = [0.0; N];
        tangent[i] = 1.0;
        adfn::new(x[i], tangent)
    });
    let value = f(&variables);
    (value.value(), value.tangent())
}

fn reverse<const N: usize>(f: impl Fn(&[adr; N]) -> adr + 'static, x: [f64; N]) -> Option<Contestant<'static>> {
    let run = move || reverse_gradient(&f, black_box(&x));
    let (_, slopes) = run();
    Some(contestant("ad_trait, reverse", slopes.to_vec(), run))
}

fn forward<const N: usize>(f: impl Fn(&[adfn<N>; N]) -> adfn<N> + 'static, x: [f64; N]) -> Option<Contestant<'static>> {
    let run = move || forward_gradient(&f, black_box(&x));
    let (_, slopes) = run();
    Some(contestant("ad_trait, forward", slopes.to_vec(), run))
}

pub(crate) fn rosenbrock<const N: usize>() -> [Option<Contestant<'static>>; 2] {
    [
        reverse(rosenbrock_value::<adr, N>, point()),
        forward(rosenbrock_value::<adfn<N>, N>, point()),
    ]
}

pub(crate) fn pendulum() -> [Option<Contestant<'static>>; 2] {
    [
        reverse(pendulum_value::<adr>, PENDULUM),
        forward(pendulum_value::<adfn<3>>, PENDULUM),
    ]
}
