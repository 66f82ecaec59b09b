//! Variables that a `match` by value makes anew, in loops and outside, of types that cannot be copied.

use tapeless::prelude::*;
use tapeless_tests::check;

#[derive(Differentiable, Clone, Debug)]
enum State {
    Idle,
    Run { t: f64 },
    Log(Vec<f64>, usize),
}

#[differentiable]
fn in_turn(x: f64, n: usize) -> f64 {
    let mut state = State::Idle;
    for _ in 0..n {
        state = match state {
            State::Idle => State::Run { t: x },
            State::Run { t } => {
                if t > 2.0 {
                    State::Idle
                } else {
                    State::Run { t: t * 1.5 }
                }
            }
            other => other,
        };
    }
    match state {
        State::Run { t } => t * t,
        _ => x,
    }
}

#[differentiable]
fn with_a_vector(x: f64, n: usize) -> f64 {
    let mut state = State::Idle;
    for i in 0..n {
        state = match state {
            State::Idle => State::Log(vec![x], 0),
            State::Log(mut values, count) => {
                let last = values[count];
                values.push(last * x + i as f64);
                State::Log(values, count + 1)
            }
            State::Run { t } => State::Log(vec![t], 0),
        };
    }
    match state {
        State::Log(values, count) => values[count] * values[0],
        State::Run { t } => t,
        State::Idle => 0.0,
    }
}

#[differentiable]
fn options(x: f64, n: usize) -> f64 {
    let mut held: Option<Vec<f64>> = None;
    for i in 0..n {
        held = match held {
            None => Some(vec![x]),
            Some(v) if i == 3 => Some(vec![v[0] * x, x]),
            Some(v) => Some(v),
        };
    }
    match held {
        Some(v) => v[v.len() - 1] * v[0],
        None => x,
    }
}

#[differentiable]
fn option_changed_inside(x: f64) -> f64 {
    let mut held: Option<Vec<f64>> = Some(vec![x]);
    held = match held {
        None => Some(vec![x]),
        Some(mut v) => {
            v.push(x * 2.0);
            Some(v)
        }
    };
    held.unwrap().iter().sum()
}

#[differentiable]
fn while_it_runs(x: f64) -> f64 {
    let mut state = State::Run { t: x };
    let mut sum = 0.0;
    while let State::Run { t } = state {
        sum += t * x;
        state = if t > 4.0 {
            State::Idle
        } else {
            State::Run { t: t * 1.7 }
        };
    }
    sum
}

#[differentiable]
fn set_to_a_constant(x: f64, n: usize) -> f64 {
    let mut held = Some(vec![x]);
    let mut sum = x;
    for i in 0..n {
        if let Some(v) = &held {
            sum = sum * v[0] + i as f64;
        }
        held = if i % 3 == 1 { None } else { Some(vec![sum]) };
        if i == 5 {
            held = None;
        }
    }
    match held {
        Some(v) => v[0] * sum,
        None => sum,
    }
}

#[test]
fn states() {
    for n in 0..8 {
        for x in [0.3, 1.3] {
            check! {
                in_turn(x, n);
                with_a_vector(x, n);
                options(x, n);
                set_to_a_constant(x, n);
            }
        }
    }
    check! {
        option_changed_inside(1.3);
        while_it_runs(1.3);
    }
}

/// A machine whose first state is a constant.
#[derive(Differentiable, Clone, Debug)]
enum Flight {
    Climb(f64),
    Cruise { speed: f64, path: Vec<f64> },
    Done(f64),
}

#[differentiable]
fn flight(thrust: f64, drag: f64, n: usize) -> f64 {
    let mut state = Flight::Climb(0.0);
    let mut fuel = 10.0;
    for _ in 0..n {
        state = match state {
            Flight::Climb(height) => {
                fuel -= 0.3 * thrust;
                if height > 2.0 {
                    Flight::Cruise {
                        speed: height * thrust,
                        path: vec![height],
                    }
                } else {
                    Flight::Climb(height + thrust * 0.5 - drag)
                }
            }
            Flight::Cruise { speed, mut path } => {
                path.push(speed * 0.9);
                fuel -= 0.1 * speed;
                if path.len() > 4 {
                    Flight::Done(path[1] * path[3])
                } else {
                    Flight::Cruise {
                        speed: speed - drag * speed,
                        path,
                    }
                }
            }
            Flight::Done(distance) => Flight::Done(distance * 1.01),
        };
    }
    fuel + match state {
        Flight::Climb(height) => height,
        Flight::Cruise { speed, .. } => speed,
        Flight::Done(distance) => distance,
    }
}

#[test]
fn a_constant_first_state() {
    for n in [0, 1, 2, 4, 5, 6, 8, 12, 20] {
        assert_gradient!(flight, 1.13, 0.05, n);
    }
}
