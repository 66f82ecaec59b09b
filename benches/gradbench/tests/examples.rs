//! The worked examples.

mod common;

use common::{example, output, problem};
use serde_json::Value;

/// As the suite's judge compares: 1e-4 of the sum of the magnitudes, or of one.
fn agree(found: &Value, expected: &Value, path: &str) {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{path}");
            for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
                agree(found, expected, &format!("{path}[{i}]"));
            }
        }
        (Value::Object(found), Value::Object(expected)) => {
            assert!(found.keys().eq(expected.keys()), "{path}");
            for (key, found) in found {
                agree(found, &expected[key], &format!("{path}.{key}"));
            }
        }
        (Value::Number(found), Value::Number(expected)) if found.is_f64() || expected.is_f64() => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            let error = (found - expected).abs() / (found.abs() + expected.abs()).max(1.0);
            assert!(error <= 1e-4, "{path}: {found} instead of {expected}");
        }
        _ => assert_eq!(found, expected, "{path}"),
    }
}

/// Checks every function of an example.
fn check(name: &str) {
    let outputs = example("outputs.json");
    let input = example(&format!("{name}.in.json"));
    for (function, expected) in outputs[name].as_object().unwrap() {
        let found = output(problem(name), function, &input);
        agree(&found, expected, &format!("{name} {function}"));
    }
}

macro_rules! examples {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name));
        }
    )*};
}

examples!(ba det gmm hello ht_simple ht_complicated kmeans llsq lse lstm ode particle saddle);
