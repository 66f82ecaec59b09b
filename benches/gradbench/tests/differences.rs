//! What is served as a derivative against central differences of what is served as the function, at random inputs.

mod common;

use common::{numbers, numbers_mut, output};
use serde_json::{Value, json};
use tapeless_gradbench::minimise::Mode;
use tapeless_gradbench::workloads::{self, Random};

/// The numbers that a function answers with.
fn outputs(module: &str, function: &str, input: &Value) -> Vec<f64> {
    numbers(&output(module, function, input))
}

/// The Jacobian by central differences, with a row for each number under the given keys of the input.
fn differences(module: &str, function: &str, input: &Value, keys: &[&str]) -> Vec<Vec<f64>> {
    let mut rows = Vec::new();
    for key in keys {
        for i in 0..numbers(&input[*key]).len() {
            let at = |step: f64| {
                let mut input = input.clone();
                let number = &mut *numbers_mut(&mut input[*key])[i];
                *number = json!(number.as_f64().unwrap() + step);
                outputs(module, function, &input)
            };
            let step = 1e-5;
            let (after, before) = (at(step), at(-step));
            rows.push(after.iter().zip(&before).map(|(a, b)| (a - b) / (2.0 * step)).collect());
        }
    }
    rows
}

#[track_caller]
fn agree(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1.0_f64, |scale, x| scale.max(x.abs()));
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        assert!(error <= 1e-6 * scale, "number {i}: {found}, by differences {expected}");
    }
}

/// Checks the gradient of what is last in the output of a function.
#[track_caller]
fn check_gradient(module: &str, function: &str, derivative: &str, input: &Value, keys: &[&str]) {
    let expected: Vec<f64> = differences(module, function, input, keys)
        .iter()
        .map(|row| row[row.len() - 1])
        .collect();
    agree(&outputs(module, derivative, input), &expected);
}

#[test]
fn hello() {
    let mut random = Random(1);
    for _ in 0..10 {
        let x = 10.0 * random.signed();
        let at = |x: f64| outputs("hello", "square", &json!(x))[0];
        let expected = (at(x + 1e-5) - at(x - 1e-5)) / 2e-5;
        agree(&outputs("hello", "double", &json!(x)), &[expected]);
    }
}

#[test]
fn lse() {
    let mut random = Random(2);
    for n in [1, 2, 5, 40] {
        let input = json!({"x": random.vector(n)});
        check_gradient("lse", "primal", "gradient", &input, &["x"]);
    }
    let apart = json!({"x": [1000.0, -1000.0, 1000.5]});
    check_gradient("lse", "primal", "gradient", &apart, &["x"]);
}

#[test]
fn lse_of_ties() {
    let equal = json!({"x": [0.5, 0.5, 0.5, 0.5]});
    check_gradient("lse", "primal", "gradient", &equal, &["x"]);
}

#[test]
fn llsq() {
    let mut random = Random(3);
    for (m, n) in [(1, 2), (3, 5), (8, 16), (5, 33), (0, 3)] {
        let input = json!({"x": random.vector(m), "n": n});
        check_gradient("llsq", "primal", "gradient", &input, &["x"]);
    }
}

#[test]
fn det() {
    let mut random = Random(4);
    for ell in 1..=6 {
        let input = json!({"A": random.vector(ell * ell), "ell": ell});
        check_gradient("det", "primal", "gradient", &input, &["A"]);
    }
    let singular = json!({"A": vec![0.0; 9], "ell": 3});
    check_gradient("det", "primal", "gradient", &singular, &["A"]);
}

#[test]
fn gmm() {
    let mut random = Random(5);
    for (d, k, n, m, gamma) in [
        (1, 1, 1, 0, 1.0),
        (2, 3, 4, 0, 1.0),
        (4, 2, 5, 2, 0.7),
        (3, 5, 1, 1, 1.3),
        (2, 2, 0, 1, 0.9),
    ] {
        let input = workloads::gmm(&mut random, [d, k, n, m], gamma);
        check_gradient("gmm", "objective", "jacobian", &input, &["alpha", "l", "mu", "q"]);
    }
}

#[test]
fn lstm() {
    let mut random = Random(6);
    for (l, b, c) in [(1, 1, 2), (1, 3, 4), (2, 2, 5), (3, 4, 7)] {
        let input = workloads::lstm(&mut random, l, b, c);
        check_gradient(
            "lstm",
            "objective",
            "jacobian",
            &input,
            &["main_params", "extra_params"],
        );
    }
}

#[test]
fn ode() {
    let mut random = Random(7);
    for (n, s) in [(1, 1), (2, 1), (4, 1), (4, 10), (8, 10), (12, 3), (12, 2)] {
        let input = json!({"x": random.vector(n), "s": s});
        check_gradient("ode", "primal", "gradient", &input, &["x"]);
    }
}

#[test]
fn ba() {
    let mut random = Random(8);
    for rotation in [1.0, 0.0] {
        let mut cam: Vec<f64> = random.vector(11);
        for angle in &mut cam[..3] {
            *angle *= rotation;
        }
        cam[6] *= 100.0;
        let (n, m, p) = (2, 3, 12);
        let input = json!({
            "n": n, "m": m, "p": p, "cam": cam, "x": [random.signed(), random.signed(), 3.0 + random.uniform()],
            "w": random.signed(), "feat": random.vector(2),
        });
        // The output has the errors of an observation, each followed by how many there are, then that of its weight.
        let rows = differences("ba", "objective", &input, &["cam", "x", "w"]);
        let column = |j: usize| -> Vec<f64> { rows.iter().map(|row| row[j]).collect() };
        let found = output("ba", "jacobian", &input);
        let values = numbers(&found["vals"]);
        let scale = 1e-8;
        // Differences do not see on which side of the threshold a rotation of zero is.
        let tolerant = |found: &[f64], expected: &[f64]| {
            if rotation == 0.0 {
                agree(&found[3..], &expected[3..]);
            } else {
                agree(found, expected);
            }
        };
        tolerant(&values[..15], &column(0));
        tolerant(&values[15..30], &column(1));
        assert!((values[30] - rows[14][3]).abs() < 1e-6 + scale);
        assert_eq!(found["cols"][30], 11 * n + 3 * m + p - 1);
        assert_eq!(found["rows"][30], 31 * p);
    }
}

#[test]
fn ht() {
    let mut random = Random(9);
    for complicated in [false, true, false, true] {
        let input = workloads::ht(&mut random, 5, 4, complicated);
        let theta = differences("ht", "objective", &input, &["theta"]);
        let us = differences("ht", "objective", &input, &["us"]);
        let found = output("ht", "jacobian", &input);
        for (row, found) in found.as_array().unwrap().iter().enumerate() {
            let target = row / 3;
            let mut expected: Vec<f64> = Vec::new();
            if complicated {
                expected.extend([us[2 * target][row], us[2 * target + 1][row]]);
            }
            expected.extend(theta.iter().map(|column| column[row]));
            agree(&numbers(found), &expected);
        }
    }
}

#[test]
fn kmeans() {
    let mut random = Random(10);
    for (n, k, d) in [(5, 1, 1), (20, 3, 2), (30, 4, 5)] {
        let input = workloads::kmeans(&mut random, k, n, d);
        let at = |i: usize, step: f64| {
            let mut input = input.clone();
            let number = &mut *numbers_mut(&mut input["centroids"])[i];
            *number = json!(number.as_f64().unwrap() + step);
            outputs("kmeans", "cost", &input)[0]
        };
        // A quadratic function, as long as no point changes its cluster.
        let step = 1e-3;
        let expected: Vec<f64> = (0..k * d)
            .map(|i| {
                let (before, here, after) = (at(i, -step), at(i, 0.0), at(i, step));
                let (first, second) = (
                    (after - before) / (2.0 * step),
                    (after - 2.0 * here + before) / (step * step),
                );
                first / second
            })
            .collect();
        agree(&outputs("kmeans", "dir", &input), &expected);
    }
}

#[test]
fn particle() {
    use tapeless_gradbench::problems::particle::{miss, potential};
    tapeless::assert_gradient!(potential, 1.0, 7.0, 0.3);
    for mode in [Mode::Forward, Mode::Reverse] {
        for w in [0.0, 0.2, 0.7] {
            let at = |w: f64| miss(w, mode);
            let expected = (at(w + 1e-6) - at(w - 1e-6)) / 2e-6;
            agree(&[miss::grad(w, mode), miss::jvp(w, mode, 1.0).1], &[expected, expected]);
        }
    }
}

#[test]
fn saddle() {
    use tapeless_gradbench::problems::saddle::{greatest, height};
    tapeless::assert_gradient!(height, &[0.5, 0.3], &[-0.2, 1.1]);
    let start = [0.01, -0.02];
    for mode in [Mode::Forward, Mode::Reverse] {
        let (a, step) = ([0.5, -0.3], 1e-6);
        let expected: Vec<f64> = (0..2)
            .map(|i| {
                let at = |step: f64| {
                    let mut a = a;
                    a[i] += step;
                    greatest(&a, &start, mode)
                };
                (at(step) - at(-step)) / (2.0 * step)
            })
            .collect();
        agree(&greatest::grad(&a, &start, mode), &expected);
        let along = |direction| greatest::jvp(&a, &start, mode, &direction).1;
        agree(&[along([1.0, 0.0]), along([0.0, 1.0])], &expected);
    }
}

/// The judge takes whatever is near zero: here the digits are compared.
#[test]
fn minimisers_are_those_of_the_prescribed_descent() {
    for modes in ["ff", "fr", "rf", "rr"] {
        let w = output("particle", modes, &json!({"w": 0.0})).as_f64().unwrap();
        assert!((w - 0.207_191_874_648_611_6).abs() < 1e-9, "{w}");
        for x in outputs("saddle", modes, &json!({"start": [1.0, 1.0]})) {
            assert!((x / 8.246_324_826_140_356e-6 - 1.0).abs() < 1e-9, "{x}");
        }
    }
}
