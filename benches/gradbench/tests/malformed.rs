//! Whatever comes in is answered, and the next message too.

mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use common::{example, problem, response};
use serde_json::{Value, json};
use tapeless_gradbench::problems::Problem;
use tapeless_gradbench::protocol::respond;

fn responded(line: &str) -> Value {
    serde_json::from_str(&respond(line.as_bytes()).unwrap()).unwrap()
}

#[test]
fn messages_are_answered_with_their_identifier() {
    assert_eq!(
        responded(r#"{"id": 0, "kind": "start", "eval": "gmm", "config": {"d": 3}}"#),
        json!({"id": 0, "tool": "tapeless"})
    );
    for problem in Problem::ALL {
        let message = json!({"id": 1, "kind": "define", "module": problem.name()});
        assert_eq!(responded(&message.to_string()), json!({"id": 1, "success": true}));
        assert_eq!(Problem::named(problem.name()), Some(*problem));
    }
    assert_eq!(Problem::ALL.len(), 12);
    assert_eq!(
        responded(r#"{"id": 7, "kind": "analysis", "of": 3, "valid": true}"#),
        json!({"id": 7})
    );
    assert_eq!(responded(r#"{"id": 8, "kind": "dance"}"#), json!({"id": 8}));
}

#[test]
fn what_cannot_be_understood_is_an_error() {
    for (line, id) in [
        ("{", json!(null)),
        ("[]", json!(null)),
        ("{}", json!(null)),
        ("\u{0}", json!(null)),
        (r#"{"id": -1, "kind": "start"}"#, json!(null)),
        (r#"{"id": 4}"#, json!(4)),
        (r#"{"id": 4, "kind": 5}"#, json!(4)),
        (r#"{"id": 4, "kind": "define"}"#, json!(4)),
        (r#"{"id": 4, "kind": "define", "module": "quantum"}"#, json!(4)),
        (r#"{"id": 4, "kind": "define", "module": {}}"#, json!(4)),
        (r#"{"id": 4, "kind": "evaluate"}"#, json!(4)),
        (r#"{"id": 4, "kind": "evaluate", "module": "lse"}"#, json!(4)),
        (
            r#"{"id": 4, "kind": "evaluate", "module": "lse", "function": "primal"}"#,
            json!(4),
        ),
        (
            r#"{"id": 4, "kind": "evaluate", "module": "lse", "function": "fly", "input": {"x": [1]}}"#,
            json!(4),
        ),
        (
            r#"{"id": 4, "kind": "evaluate", "module": "quantum", "function": "primal", "input": {}}"#,
            json!(4),
        ),
        (
            r#"{"id": 4, "kind": "evaluate", "module": "hello", "function": "square", "input": NaN}"#,
            json!(null),
        ),
        (
            r#"{"id": 4, "kind": "evaluate", "module": "hello", "function": "square", "input": "3"}"#,
            json!(4),
        ),
    ] {
        let response = responded(line);
        assert_eq!(response["id"], id, "{line}");
        assert_eq!(response["success"], false, "{line}");
        assert!(response["error"].is_string(), "{line}");
        assert!(response.get("output").is_none(), "{line}");
    }
    assert_eq!(respond(b" \n"), None);
    assert!(respond(b"\xff\xfe").unwrap().contains("error"));
}

/// Numbers that are not finite have no place in JSON.
#[test]
fn overflow_is_an_error() {
    for (module, function, input) in [
        ("hello", "square", json!(1e200)),
        ("lse", "primal", json!({"x": []})),
        (
            "det",
            "gradient",
            json!({"A": [1e200, 1e200, 1e200, 1e200, 1e200, 1e200, 1e200, 1e200, 1e200], "ell": 3}),
        ),
    ] {
        let response = response(module, function, &input);
        assert_eq!(response["success"], false);
        assert!(response["error"].as_str().unwrap().contains("not finite"), "{response}");
    }
}

/// Inputs that are answered after as many steps as they say, be it for ever.
const COUNTS: [&str; 5] = ["/n", "/s", "/min_runs", "/min_seconds", "/start"];

/// The places in a value, down to a few elements of each array.
fn places(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate().take(2) {
                places(item, format!("{path}/{i}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                places(item, format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
    found.push(path);
}

/// Every part of every worked example, replaced by something else, shortened, lengthened, and left out.
#[test]
fn changed_inputs_are_answered() {
    let outputs = example("outputs.json");
    let others = [
        json!(null),
        json!("text"),
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!(-1),
        json!(0),
        json!(0.001),
        json!(u64::MAX),
        json!(i64::MAX),
    ];
    for (name, functions) in outputs.as_object().unwrap() {
        if ["particle", "saddle"].contains(&&**name) {
            continue;
        }
        let input = example(&format!("{name}.in.json"));
        let mut paths = Vec::new();
        places(&input, String::new(), &mut paths);
        for path in paths {
            let mut changed = Vec::new();
            for other in &others {
                if !(COUNTS.contains(&&*path) && other.as_f64().is_some_and(|count| count > 1e6)) {
                    let mut input = input.clone();
                    *input.pointer_mut(&path).unwrap() = other.clone();
                    changed.push(input);
                }
            }
            if input
                .pointer(&path)
                .unwrap()
                .as_array()
                .is_some_and(|items| !items.is_empty())
            {
                let mut shorter = input.clone();
                shorter.pointer_mut(&path).unwrap().as_array_mut().unwrap().pop();
                changed.push(shorter);
                let mut longer = input.clone();
                let items = longer.pointer_mut(&path).unwrap().as_array_mut().unwrap();
                items.push(items[0].clone());
                changed.push(longer);
            }
            if let Some((whole, key)) = path.rsplit_once('/') {
                let mut without = input.clone();
                if let Some(fields) = without.pointer_mut(whole).unwrap().as_object_mut() {
                    fields.remove(key);
                    changed.push(without);
                }
            }
            for input in changed {
                for function in functions.as_object().unwrap().keys() {
                    let response = response(problem(name), function, &input);
                    let success = response["success"].as_bool().unwrap();
                    assert_eq!(response.get("error").is_none(), success);
                    assert_eq!(response.get("output").is_some(), success);
                }
            }
        }
    }
}

#[test]
fn the_process_goes_on() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_tapeless-gradbench"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = [
        r#"{"id": 0, "kind": "start"}"#,
        "nonsense",
        r#"{"id": 1, "kind": "evaluate", "module": "hello", "function": "square", "input": []}"#,
        r#"{"id": 2, "kind": "evaluate", "module": "hello", "function": "double", "input": 3}"#,
    ];
    let mut input = process.stdin.take().unwrap();
    input.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(input);
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    let responses: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(responses.len(), lines.len());
    assert_eq!(responses[0]["tool"], "tapeless");
    assert_eq!(responses[1]["success"], false);
    assert_eq!(responses[2]["success"], false);
    assert_eq!(responses[3]["output"], 6.0);
}
