//! Messages and responses: one JSON object a line.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::evaluation::Evaluation;
use crate::problems::Problem;

/// What all messages have in common, and what some of them have.
#[derive(Deserialize)]
struct Message<'a> {
    id: u64,
    kind: String,
    module: Option<String>,
    function: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

/// As much of a message as an answer needs.
#[derive(Deserialize)]
struct Identified {
    id: u64,
}

#[derive(Serialize, Default)]
struct Response {
    /// `null` for a line whose identifier cannot be read.
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Vec<Timing>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct Timing {
    name: &'static str,
    nanoseconds: u64,
}

/// The response to a line, without a line break; nothing to an empty line.
pub fn respond(line: &[u8]) -> Option<String> {
    if line.trim_ascii().is_empty() {
        return None;
    }
    let response = match serde_json::from_slice(line) {
        Ok(message) => answer(message),
        Err(error) => Response {
            id: serde_json::from_slice(line).ok().map(|Identified { id }| id),
            success: Some(false),
            error: Some(format!("the message cannot be read: {error}")),
            ..Response::default()
        },
    };
    Some(serde_json::to_string(&response).expect("a response has no keys but strings"))
}

fn answer(message: Message<'_>) -> Response {
    let response = Response {
        id: Some(message.id),
        ..Response::default()
    };
    match &*message.kind {
        "start" => Response {
            tool: Some("tapeless"),
            ..response
        },
        "define" => match message.module.as_deref().map(Problem::named) {
            Some(Some(_)) => Response {
                success: Some(true),
                ..response
            },
            Some(None) => failed(response, "this problem is not served"),
            None => failed(response, "the message has no module"),
        },
        "evaluate" => match evaluate(&message) {
            Ok(Evaluation { output, durations }) => Response {
                success: Some(true),
                output: Some(output),
                timings: Some(
                    durations
                        .iter()
                        .map(|duration| Timing {
                            name: "evaluate",
                            nanoseconds: duration.as_nanos().try_into().unwrap_or(u64::MAX),
                        })
                        .collect(),
                ),
                ..response
            },
            Err(error) => failed(response, &error),
        },
        _ => response,
    }
}

fn failed(response: Response, error: &str) -> Response {
    Response {
        success: Some(false),
        error: Some(error.to_owned()),
        ..response
    }
}

fn evaluate(message: &Message<'_>) -> Result<Evaluation, String> {
    let module = message.module.as_ref().ok_or("the message has no module")?;
    let function = message.function.as_ref().ok_or("the message has no function")?;
    let input = message.input.ok_or("the message has no input")?;
    let problem = Problem::named(module).ok_or_else(|| format!("there is no problem `{module}`"))?;
    problem.evaluate(function, input)
}
