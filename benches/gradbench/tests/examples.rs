//! The worked examples.

use serde_json::{Value, json};
use tapeless_gradbench::protocol::respond;

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

fn example(file: &str) -> Value {
    let path = format!("{}/examples/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Checks every function of an example.
fn check(name: &str) {
    let outputs = example("outputs.json");
    let input = example(&format!("{name}.in.json"));
    let module = name.split('_').next().unwrap();
    for (function, expected) in outputs[name].as_object().unwrap() {
        let message = json!({
            "id": 3, "kind": "evaluate", "module": module, "function": function, "input": input, "description": "",
        });
        let response: Value = serde_json::from_str(&respond(message.to_string().as_bytes()).unwrap()).unwrap();
        assert_eq!(response["success"], true, "{name} {function}: {}", response["error"]);
        assert!(!response["timings"].as_array().unwrap().is_empty());
        agree(&response["output"], expected, &format!("{name} {function}"));
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
