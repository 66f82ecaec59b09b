//! A recurrent network with long short-term memory, that predicts the next character of a text.

use serde::Deserialize;
use serde_json::value::RawValue;
use tapeless::prelude::*;

use crate::evaluation::{Evaluation, expect_len, flattened, read, unknown};

#[differentiable]
fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

/// The mean of the logarithms of the probabilities that the network gives to what comes next in the sequence, negative.
///
/// What the steps leave behind is kept on the heap, as the suite's other tools keep it: on the stack, where there is room for a few steps, most would
/// be run three times, and their functions are what takes long here.
///
/// `main` has eight rows for each layer, of `width` numbers: weights of the forget, input, output and change gates, then their biases. `extra` has
/// three: weights of the input, weights and biases of the output. `state` has two for each layer: hidden values and cells.
#[differentiable(wrt(main, extra), checkpoints = all)]
pub fn objective(main: &[f64], extra: &[f64], state: &[f64], sequence: &[f64], width: usize) -> f64 {
    let b = width;
    let layers = state.len() / (2 * b);
    let steps = sequence.len() / b - 1;
    let mut state = state.to_vec();
    let mut values = vec![0.0; b];
    let mut total = 0.0;
    for t in 0..steps {
        for j in 0..b {
            values[j] = sequence[t * b + j] * extra[j];
        }
        for layer in 0..layers {
            let (weights, biases) = (8 * layer * b, (8 * layer + 4) * b);
            let (hidden, cell) = (2 * layer * b, (2 * layer + 1) * b);
            for j in 0..b {
                let (v, h) = (values[j], state[hidden + j]);
                let forget = sigmoid(v * main[weights + j] + main[biases + j]);
                let ingate = sigmoid(h * main[weights + b + j] + main[biases + b + j]);
                let outgate = sigmoid(v * main[weights + 2 * b + j] + main[biases + 2 * b + j]);
                let change = (h * main[weights + 3 * b + j] + main[biases + 3 * b + j]).tanh();
                let c = state[cell + j] * forget + ingate * change;
                state[cell + j] = c;
                state[hidden + j] = outgate * c.tanh();
                values[j] = state[hidden + j];
            }
        }
        let mut sum = 2.0;
        for j in 0..b {
            values[j] = values[j] * extra[b + j] + extra[2 * b + j];
            sum += values[j].exp();
        }
        let z = sum.ln();
        for j in 0..b {
            total += sequence[(t + 1) * b + j] * (values[j] - z);
        }
    }
    -total / (b * steps) as f64
}

#[derive(Deserialize)]
struct Input {
    main_params: Vec<Vec<f64>>,
    extra_params: Vec<Vec<f64>>,
    state: Vec<Vec<f64>>,
    sequence: Vec<Vec<f64>>,
}

/// Serves `objective` and `jacobian`.
pub fn evaluate(function: &str, input: &RawValue) -> Result<Evaluation, String> {
    let (input, repetitions) = read::<Input>(input)?;
    let width = input.sequence.first().map_or(0, Vec::len);
    if width == 0 || input.sequence.len() < 2 {
        return Err("the sequence needs at least two rows, which are not empty".to_owned());
    }
    if input.state.len() % 2 != 0 {
        return Err("`state` needs two rows for each layer".to_owned());
    }
    expect_len("main_params", input.main_params.len(), input.state.len())?;
    expect_len("extra_params", input.extra_params.len(), 3)?;
    let main = flattened("main_params", &input.main_params, 4 * width)?;
    let extra = flattened("extra_params", &input.extra_params, width)?;
    let state = flattened("state", &input.state, width)?;
    let sequence = flattened("sequence", &input.sequence, width)?;
    match function {
        "objective" => repetitions.evaluate(|| objective(&main, &extra, &state, &sequence, width)),
        "jacobian" => {
            let (mut d_main, mut d_extra) = (vec![0.0; main.len()], vec![0.0; extra.len()]);
            let durations = repetitions.measure(|| {
                objective::value_and_grad_into(&main, &extra, &state, &sequence, width, &mut d_main, &mut d_extra)
            });
            d_main.extend(d_extra);
            Evaluation::new(&d_main, durations)
        }
        _ => unknown(function),
    }
}
