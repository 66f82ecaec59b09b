//! dfdx.

use dfdx::losses::{cross_entropy_with_logits_loss, mse_loss};
use dfdx::nn::{self, builders};
use dfdx::optim::{Sgd, SgdConfig};
use dfdx::prelude::*;

use crate::measure::{Contestant, contestant};
use crate::problems::{self, DT, PENDULUM, RATE, STEPS, Training};

const NAME: &str = "dfdx";

pub(crate) fn pendulum() -> Option<Contestant<'static>> {
    let device = Cpu::default();
    let [angle0, velocity0, gravity]: [Tensor<Rank0, f64, Cpu>; 3] = PENDULUM.map(|number| device.tensor(number));
    let run = move || {
        let (mut angle, mut velocity) = (angle0.leaky_trace(), velocity0.clone());
        for _ in 0..STEPS {
            let (before, tape) = angle.split_tape();
            let pull = before.clone().put_tape(tape).sin() * gravity.clone() * DT;
            let (after, tape) = (pull.negate() + velocity).split_tape();
            velocity = after.clone();
            angle = after.put_tape(tape) * DT + before;
        }
        let gradients = angle.backward();
        [&angle0, &velocity0, &gravity].map(|variable| gradients.get(variable).array())
    };
    Some(contestant(NAME, run().to_vec(), run))
}

/// A layer's weights are a row for each output.
fn set<const I: usize, const O: usize>(layer: &mut nn::modules::Linear<I, O, f32, Cpu>, weights: &[f32], bias: &[f32]) {
    let transposed: Vec<_> = (0..O * I).map(|k| weights[k % I * O + k / I]).collect();
    layer.weight.copy_from(&transposed);
    layer.bias.copy_from(bias);
}

/// The derivatives by a layer's weights, a row for each input.
fn slopes<const I: usize, const O: usize>(
    layer: &nn::modules::Linear<I, O, f32, Cpu>,
    gradients: &Gradients<f32, Cpu>,
) -> [Vec<f32>; 2] {
    let weights = gradients.get(&layer.weight).as_vec();
    let transposed = (0..I * O).map(|k| weights[k % O * I + k / O]).collect();
    [transposed, gradients.get(&layer.bias).as_vec()]
}

/// A network of this shape: its builder, its two activations and its loss.
macro_rules! trained {
    ($training:ident, $network:ty, $inputs:literal, $outputs:literal, $loss:expr) => {{
        let t: &Training = $training;
        let device = Cpu::default();
        let mut network = device.build_module::<$network, f32>();
        set(&mut network.0, &t.w1, &t.b1);
        set(&mut network.2, &t.w2, &t.b2);
        let x = device.tensor_from_vec(t.x.clone(), (t.batch, Const::<$inputs>));
        let targets = device.tensor_from_vec(t.targets.clone(), (t.batch, Const::<$outputs>));
        let gradients = $loss(network.forward(x.trace(network.alloc_grads())), targets.clone()).backward();
        let ([w1, b1], [w2, b2]) = (slopes(&network.0, &gradients), slopes(&network.2, &gradients));
        let config = SgdConfig {
            lr: RATE,
            momentum: None,
            weight_decay: None,
        };
        let mut sgd = Sgd::new(&network, config);
        let mut kept = Some(network.alloc_grads());
        Some(contestant(NAME, problems::flat([&w1, &b1, &w2, &b2]), move || {
            let gradients = kept.take().expect("the gradients of the last step");
            let mut gradients = $loss(network.forward_mut(x.trace(gradients)), targets.clone()).backward();
            sgd.update(&mut network, &gradients)
                .expect("a gradient for each parameter");
            network.zero_grads(&mut gradients);
            kept = Some(gradients);
        }))
    }};
}

type Digits = (builders::Linear<784, 128>, builders::ReLU, builders::Linear<128, 10>);
type Xor = (
    builders::Linear<2, 8>,
    builders::Tanh,
    builders::Linear<8, 1>,
    builders::Sigmoid,
);

pub(crate) fn digits(training: &Training) -> Option<Contestant<'static>> {
    trained!(training, Digits, 784, 10, cross_entropy_with_logits_loss)
}

pub(crate) fn xor(training: &Training) -> Option<Contestant<'static>> {
    trained!(training, Xor, 2, 1, mse_loss)
}
