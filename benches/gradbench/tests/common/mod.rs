//! What the tests share: requests, and what is in their responses.

#![allow(dead_code)]

use serde_json::{Value, json};
use tapeless_gradbench::protocol::respond;

/// A file of worked examples.
pub(crate) fn example(file: &str) -> Value {
    let path = format!("{}/examples/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The worked examples, by the names of their files; the name of a problem is what stands before an underscore.
pub(crate) fn problem(example: &str) -> &str {
    example.split('_').next().unwrap()
}

/// The response to a request.
pub(crate) fn response(module: &str, function: &str, input: &Value) -> Value {
    let message = json!({
        "id": 3, "kind": "evaluate", "module": module, "function": function, "input": input, "description": "",
    });
    let response = respond(message.to_string().as_bytes()).unwrap();
    assert!(!response.contains('\n'));
    let response: Value = serde_json::from_str(&response).unwrap();
    assert_eq!(response["id"], 3);
    response
}

/// The output that a request must have.
pub(crate) fn output(module: &str, function: &str, input: &Value) -> Value {
    let mut response = response(module, function, input);
    assert_eq!(response["success"], true, "{module} {function}: {}", response["error"]);
    assert!(response.get("error").is_none());
    assert!(!response["timings"].as_array().unwrap().is_empty());
    response["output"].take()
}

/// All numbers, in order, keys by the alphabet.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(fields) => fields.values().flat_map(numbers).collect(),
        _ => vec![value.as_f64().unwrap()],
    }
}

/// The same, to be changed.
pub(crate) fn numbers_mut(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(items) => items.iter_mut().flat_map(numbers_mut).collect(),
        Value::Object(fields) => fields.values_mut().flat_map(numbers_mut).collect(),
        _ => vec![value],
    }
}
