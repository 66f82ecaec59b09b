//! What is differentiated, and where: the same for every contestant.

/// The length of a step of the pendulum.
pub(crate) const DT: f64 = 1e-3;
/// The number of its steps.
pub(crate) const STEPS: usize = 1000;
/// Its angle, its velocity, and the gravity.
pub(crate) const PENDULUM: [f64; 3] = [0.5, 0.1, 9.81];

/// Where Rosenbrock's function is differentiated.
pub(crate) fn point<const N: usize>() -> [f64; N] {
    std::array::from_fn(|i| 0.5 + ((i * 7) % 11) as f64 * 0.1)
}

/// The rate of the training steps: small, so that many of them do not lead anywhere.
pub(crate) const RATE: f64 = 1e-4;

/// A network of one hidden layer and what it is trained with: matrices row by row.
#[derive(Clone)]
pub(crate) struct Training {
    pub(crate) batch: usize,
    pub(crate) inputs: usize,
    pub(crate) hidden: usize,
    pub(crate) outputs: usize,
    pub(crate) w1: Vec<f32>,
    pub(crate) b1: Vec<f32>,
    pub(crate) w2: Vec<f32>,
    pub(crate) b2: Vec<f32>,
    /// A row for each example.
    pub(crate) x: Vec<f32>,
    /// What the rows should give: one number for each output, of one class only one is one.
    pub(crate) targets: Vec<f32>,
    /// The classes, where there are some.
    pub(crate) labels: Vec<usize>,
}

fn matrix(rows: usize, columns: usize, element: impl Fn(usize, usize) -> f32) -> Vec<f32> {
    let element = &element;
    (0..rows)
        .flat_map(|i| (0..columns).map(move |j| element(i, j)))
        .collect()
}

fn training(batch: usize, [inputs, hidden, outputs]: [usize; 3]) -> Training {
    Training {
        batch,
        inputs,
        hidden,
        outputs,
        w1: matrix(inputs, hidden, |i, j| ((i * 7 + j * 13) % 17) as f32 * 0.01 - 0.08),
        b1: vec![0.01; hidden],
        w2: matrix(hidden, outputs, |i, j| ((i * 5 + j * 3) % 19) as f32 * 0.01 - 0.09),
        b2: vec![0.02; outputs],
        x: Vec::new(),
        targets: Vec::new(),
        labels: Vec::new(),
    }
}

/// Digits: 784-128-10, rectifier, softmax and cross entropy, the mean over the batch.
pub(crate) fn digits(batch: usize) -> Training {
    let labels: Vec<_> = (0..batch).map(|i| i % 10).collect();
    Training {
        x: matrix(batch, 784, |i, j| ((i * 31 + j * 17) % 23) as f32 / 23.0),
        targets: matrix(batch, 10, |i, j| if labels[i] == j { 1.0 } else { 0.0 }),
        labels,
        ..training(batch, [784, 128, 10])
    }
}

/// Exclusive or: 2-8-1, tanh, sigmoid, mean squared error.
pub(crate) fn xor() -> Training {
    Training {
        x: vec![0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0],
        targets: vec![0.0, 1.0, 1.0, 0.0],
        ..training(4, [2, 8, 1])
    }
}

/// The derivatives by all parameters, one after the other.
pub(crate) fn flat(parts: [&[f32]; 4]) -> Vec<f64> {
    parts.concat().into_iter().map(f64::from).collect()
}
