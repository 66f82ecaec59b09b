//! burn, with each of its two backends that run on processors and need nothing else.

use burn_tensor::activation::{log_softmax, relu, sigmoid};
use burn_tensor::{DType, Device, Gradients, Tensor, TensorData};

use crate::measure::{Contestant, contestant};
use crate::problems::{DT, PENDULUM, RATE, STEPS, Training, point};

/// The contestants' names and their backends.
// burn's users have `ndarray` still, which will be removed from it.
#[expect(deprecated)]
fn backends() -> [(&'static str, Device); 2] {
    [
        ("burn, ndarray", Device::ndarray().autodiff()),
        ("burn, flex", Device::flex().autodiff()),
    ]
}

fn vector(numbers: &[f64], device: &Device) -> Tensor<1> {
    let data = TensorData::new(numbers.to_vec(), [numbers.len()]);
    Tensor::from_data(data, (device, DType::F64))
}

fn matrix(numbers: &[f32], rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    let data = TensorData::new(numbers.to_vec(), [rows, columns]);
    Tensor::from_data(data, (device, DType::F32))
}

/// The derivatives by the variables, one after the other.
fn flat<const D: usize>(variables: &[Tensor<D>], gradients: &Gradients) -> Vec<f64> {
    let of = |variable: &Tensor<D>| {
        let gradient = variable.grad(gradients).expect("a gradient for each variable");
        gradient.into_data().iter::<f64>().collect::<Vec<_>>()
    };
    variables.iter().flat_map(of).collect()
}

/// Differentiates by some vectors.
fn differentiated(
    name: &'static str,
    variables: Vec<Tensor<1>>,
    f: impl Fn(&[Tensor<1>]) -> Tensor<1> + 'static,
) -> Option<Contestant<'static>> {
    let run = move || flat(&variables, &f(&variables).backward());
    Some(contestant(name, run(), run))
}

fn rosenbrock_value(x: &Tensor<1>) -> Tensor<1> {
    let [n] = x.dims();
    let (head, tail) = (x.clone().narrow(0, 0, n - 1), x.clone().narrow(0, 1, n - 1));
    let a = head.clone().neg().add_scalar(1.0);
    let b = tail - head.clone() * head;
    (a.clone() * a + (b.clone() * b).mul_scalar(100.0)).sum()
}

pub(crate) fn rosenbrock<const N: usize>() -> [Option<Contestant<'static>>; 2] {
    backends().map(|(name, device)| {
        let x = vector(&point::<N>(), &device).require_grad();
        differentiated(name, vec![x], |variables| rosenbrock_value(&variables[0]))
    })
}

fn pendulum_value(variables: &[Tensor<1>]) -> Tensor<1> {
    let [mut angle, mut velocity, gravity] = [0, 1, 2].map(|i| variables[i].clone());
    for _ in 0..STEPS {
        velocity = velocity - (gravity.clone() * angle.clone().sin()).mul_scalar(DT);
        angle = angle + velocity.clone().mul_scalar(DT);
    }
    angle
}

pub(crate) fn pendulum() -> [Option<Contestant<'static>>; 2] {
    backends().map(|(name, device)| {
        let variables = PENDULUM.map(|number| vector(&[number], &device).require_grad());
        differentiated(name, variables.to_vec(), pendulum_value)
    })
}

/// What a network is trained with.
struct Network {
    variables: Vec<Tensor<2>>,
    x: Tensor<2>,
    targets: Tensor<2>,
    batch: usize,
}

impl Network {
    fn new(t: &Training, device: &Device) -> Self {
        let variables = [
            matrix(&t.w1, t.inputs, t.hidden, device),
            matrix(&t.b1, 1, t.hidden, device),
            matrix(&t.w2, t.hidden, t.outputs, device),
            matrix(&t.b2, 1, t.outputs, device),
        ];
        Self {
            variables: variables.map(Tensor::require_grad).to_vec(),
            x: matrix(&t.x, t.batch, t.inputs, device),
            targets: matrix(&t.targets, t.batch, t.outputs, device),
            batch: t.batch,
        }
    }

    fn outputs(&self, activation: fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
        let [w1, b1, w2, b2] = [0, 1, 2, 3].map(|i| self.variables[i].clone());
        activation(self.x.clone().matmul(w1) + b1).matmul(w2) + b2
    }

    fn digits(&self) -> Tensor<1> {
        let logarithms = log_softmax(self.outputs(relu), 1);
        (logarithms * self.targets.clone())
            .sum()
            .div_scalar(-(self.batch as f32))
    }

    fn xor(&self) -> Tensor<1> {
        let difference = sigmoid(self.outputs(Tensor::tanh)) - self.targets.clone();
        (difference.clone() * difference).mean()
    }

    fn descend(&mut self, mut gradients: Gradients) {
        for variable in &mut self.variables {
            let slope = variable
                .grad_remove(&mut gradients)
                .expect("a gradient for each variable");
            let stepped = variable.clone().inner() - slope.mul_scalar(RATE);
            *variable = Tensor::from_inner(stepped).require_grad();
        }
    }
}

fn trained(training: &Training, loss: fn(&Network) -> Tensor<1>) -> [Option<Contestant<'static>>; 2] {
    backends().map(|(name, device)| {
        let mut network = Network::new(training, &device);
        let gradient = flat(&network.variables, &loss(&network).backward());
        Some(contestant(name, gradient, move || {
            let gradients = loss(&network).backward();
            network.descend(gradients);
        }))
    })
}

pub(crate) fn digits(training: &Training) -> [Option<Contestant<'static>>; 2] {
    trained(training, Network::digits)
}

pub(crate) fn xor(training: &Training) -> [Option<Contestant<'static>>; 2] {
    trained(training, Network::xor)
}
