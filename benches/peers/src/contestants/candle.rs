//! candle.

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{Optimizer, SGD, loss, ops};

use crate::measure::{Contestant, contestant};
use crate::problems::{DT, PENDULUM, RATE, STEPS, Training, point};

const NAME: &str = "candle";
const DEVICE: Device = Device::Cpu;

/// The derivatives by the variables, one after the other.
fn flat(variables: &[Var], gradients: &GradStore) -> Vec<f64> {
    let of = |variable: &Var| -> Result<Vec<f64>> {
        let gradient = gradients.get(variable).expect("a gradient for each variable");
        gradient.flatten_all()?.to_dtype(DType::F64)?.to_vec1()
    };
    variables
        .iter()
        .flat_map(|variable| of(variable).expect("a tensor of numbers"))
        .collect()
}

/// Differentiates by some scalars or vectors.
fn differentiated(variables: Vec<Var>, f: impl Fn(&[Var]) -> Result<Tensor> + 'static) -> Option<Contestant<'static>> {
    let run = move || {
        let gradients = f(&variables)
            .and_then(|value| value.backward())
            .expect("tensors that fit");
        (flat(&variables, &gradients), gradients)
    };
    let (gradient, _) = run();
    Some(contestant(NAME, gradient, run))
}

fn rosenbrock_value(x: &Tensor) -> Result<Tensor> {
    let n = x.dim(0)? - 1;
    let (head, tail) = (x.narrow(0, 0, n)?, x.narrow(0, 1, n)?);
    let a = head.affine(-1.0, 1.0)?.sqr()?;
    let b = (tail - head.sqr()?)?.sqr()?;
    (a + (b * 100.0)?)?.sum_all()
}

pub(crate) fn rosenbrock<const N: usize>() -> Option<Contestant<'static>> {
    let x = Var::new(point::<N>().as_slice(), &DEVICE).expect("a vector");
    differentiated(vec![x], |variables| rosenbrock_value(&variables[0]))
}

fn pendulum_value(variables: &[Var]) -> Result<Tensor> {
    let tensor = |i: usize| variables[i].as_tensor().clone();
    let (mut angle, mut velocity, gravity) = (tensor(0), tensor(1), tensor(2));
    for _ in 0..STEPS {
        velocity = (velocity - ((&gravity * angle.sin()?)? * DT)?)?;
        angle = (angle + (&velocity * DT)?)?;
    }
    Ok(angle)
}

pub(crate) fn pendulum() -> Option<Contestant<'static>> {
    let variables = PENDULUM.map(|number| Var::new(number, &DEVICE).expect("a scalar"));
    differentiated(variables.to_vec(), pendulum_value)
}

/// What a network is trained with.
struct Network {
    variables: Vec<Var>,
    x: Tensor,
    targets: Tensor,
    labels: Tensor,
    sgd: SGD,
}

impl Network {
    fn new(t: &Training) -> Result<Self> {
        let labels: Vec<_> = t.labels.iter().map(|label| *label as u32).collect();
        let tensor = |numbers: &[f32], rows, columns| Tensor::from_slice(numbers, (rows, columns), &DEVICE);
        let variables = vec![
            Var::from_tensor(&tensor(&t.w1, t.inputs, t.hidden)?)?,
            Var::from_tensor(&tensor(&t.b1, 1, t.hidden)?)?,
            Var::from_tensor(&tensor(&t.w2, t.hidden, t.outputs)?)?,
            Var::from_tensor(&tensor(&t.b2, 1, t.outputs)?)?,
        ];
        Ok(Self {
            x: tensor(&t.x, t.batch, t.inputs)?,
            targets: tensor(&t.targets, t.batch, t.outputs)?,
            labels: Tensor::new(labels, &DEVICE)?,
            sgd: SGD::new(variables.clone(), RATE)?,
            variables,
        })
    }

    fn outputs(&self, activation: fn(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
        let [w1, b1, w2, b2] = self.variables.as_slice() else {
            unreachable!("four variables")
        };
        let h = activation(&self.x.matmul(w1)?.broadcast_add(b1)?)?;
        h.matmul(w2)?.broadcast_add(b2)
    }

    fn digits(&self) -> Result<Tensor> {
        loss::cross_entropy(&self.outputs(Tensor::relu)?, &self.labels)
    }

    fn xor(&self) -> Result<Tensor> {
        loss::mse(&ops::sigmoid(&self.outputs(Tensor::tanh)?)?, &self.targets)
    }
}

fn trained(training: &Training, loss: fn(&Network) -> Result<Tensor>) -> Option<Contestant<'static>> {
    let mut network = Network::new(training).expect("tensors that fit");
    let gradients = loss(&network)
        .and_then(|loss| loss.backward())
        .expect("tensors that fit");
    let gradient = flat(&network.variables, &gradients);
    Some(contestant(NAME, gradient, move || {
        let gradients = loss(&network)?.backward()?;
        network.sgd.step(&gradients)
    }))
}

pub(crate) fn digits(training: &Training) -> Option<Contestant<'static>> {
    trained(training, Network::digits)
}

pub(crate) fn xor(training: &Training) -> Option<Contestant<'static>> {
    trained(training, Network::xor)
}
