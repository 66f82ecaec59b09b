//! Slices and vectors as parameters and inside functions.

use tapeless::prelude::*;

#[differentiable]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[i];
    }
    sum
}

#[differentiable]
fn norm(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in x {
        sum += x * x;
    }
    sum.sqrt()
}

#[differentiable]
fn weighted(x: &[f32], w: &[f32], k: &[usize]) -> f32 {
    let mut sum = 0.0;
    for (i, (x, w)) in x.iter().zip(w).enumerate() {
        sum += x.sin() * w * k[i] as f32;
    }
    sum
}

#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = 1.0 - x[i];
        let b = x[i + 1] - x[i] * x[i];
        sum += a * a + 100.0 * b * b;
    }
    sum
}

#[differentiable]
fn calls(x: &[f64], y: &[f64]) -> f64 {
    dot(x, y) / (norm(x) * norm(y))
}

#[differentiable]
fn of_vectors(x: &Vec<f64>, y: &[f64]) -> f64 {
    dot(x, y) + norm(x)
}

#[test]
fn gradients_of_slices_are_vectors() {
    let (x, y) = ([1.0, 2.0, 3.0], [0.5, -1.0, 2.0]);
    let (dx, dy): (Vec<f64>, Vec<f64>) = dot::grad(&x, &y);
    assert_eq!((dx, dy), (y.to_vec(), x.to_vec()));
    assert_gradient!(dot, &x, &y);
    assert_gradient!(norm, &x);
    assert_gradient!(weighted, &[0.1, 0.2], &[1.0, 2.0], &[3, 4]);
    assert_gradient!(rosenbrock, &[-1.2, 1.0, 0.3, 0.8]);
    assert_gradient!(calls, &x, &y);
    assert_gradient!(of_vectors, &x.to_vec(), &y);
    assert_eq!(norm::grad(&[0.0, 4.0]), [0.0, 1.0]);
    assert_eq!(dot::grad(&[], &[]), (vec![], vec![]));
    let (mut dx, mut dy) = (vec![7.0; 3], vec![7.0; 3]);
    assert_eq!(dot::value_and_grad_into(&x, &y, &mut dx, &mut dy), 4.5);
    assert_eq!((dx, dy), (y.to_vec(), x.to_vec()));
}

#[differentiable]
fn sum_of_squares(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

#[differentiable]
fn halves(x: &[f64], k: usize) -> f64 {
    sum_of_squares(&x[..k]) * 2.0 + sum_of_squares(&x[k..]).sin() + sum_of_squares(&x[1..=k]) + sum_of_squares(&x[..])
}

#[differentiable]
fn arrays_as_slices(x: [f64; 4], k: f64) -> f64 {
    let y = [x[0] * k, x[1], k];
    let rows = [[x[2], k], [k, x[3]]];
    sum_of_squares(&x) * sum_of_squares(&y) + sum_of_squares(&x[1..3]) + dot(&rows[0], &rows[1]) + dot(&x, &x)
}

#[differentiable]
fn bound(x: &[f64]) -> f64 {
    let w = &x[1..];
    let v = &w[1..3];
    let whole: &[f64] = x;
    w[0] * v[0] + sum_of_squares(v) + dot(v, w) + dot(&w[..2], whole) + w.len() as f64 * v[1]
}

#[differentiable]
fn split(x: &[f64], k: usize) -> f64 {
    let (a, b) = x.split_at(k);
    let products: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    products + b.last().unwrap() * a.first().copied().unwrap_or(1.0) + x.get(2).map(|x| x * x).unwrap_or(0.0)
}

#[differentiable]
fn of_what_is_written(x: &[f64; 5]) -> f64 {
    let mut a = *x;
    let mut sum = 0.0;
    for i in 0..3 {
        a[i + 1] = a[i] * a[i + 1];
        sum += sum_of_squares(&a[i..i + 2]);
    }
    for part in a.chunks(2) {
        sum *= 1.0 + part[0];
    }
    sum
}

#[differentiable]
fn rows(m: &[[f64; 3]; 2], n: &Vec<Vec<f64>>) -> f64 {
    let mut sum = 0.0;
    for row in m.iter() {
        sum += sum_of_squares(row);
        for x in row {
            sum += x.sin();
        }
    }
    for row in n {
        sum += row.iter().product::<f64>() + sum_of_squares(&row[row.len() / 2..]);
    }
    for row in m {
        sum *= row[0];
    }
    sum
}

#[derive(Differentiable, Clone, Debug)]
struct Layer {
    weights: Vec<f64>,
    bias: [f64; 2],
    #[no_diff]
    fixed: Vec<f64>,
    #[no_diff]
    order: Vec<usize>,
}

#[differentiable]
fn layer(layer: &Layer, x: f64) -> f64 {
    let count = layer.order.iter().fold(0, |a, b| a + b);
    let largest = layer.order.iter().max().unwrap();
    let first = layer.order.first().copied().unwrap_or(0);
    let mut changed = layer.clone();
    for bias in changed.bias.iter_mut() {
        *bias *= x;
    }
    for weight in &mut changed.weights {
        *weight += x;
    }
    let sum: f64 = changed.weights.iter().zip(&changed.bias).map(|(w, b)| w * b).sum();
    sum * count as f64
        + *largest as f64 * x
        + first as f64 * dot(&layer.fixed, &layer.weights)
        + dot(&layer.bias[1..], &layer.fixed[..1])
}

#[derive(Differentiable, Clone, Debug)]
struct Network {
    layers: Vec<Layer>,
    scale: f64,
}

#[differentiable]
fn network(network: &Network) -> f64 {
    of_layers(&network.layers) * network.scale + of_layers(&network.layers[1..])
}

#[differentiable]
fn of_layers(layers: &[Layer]) -> f64 {
    layers
        .iter()
        .map(|layer| layer.weights[0] * layer.bias.iter().sum::<f64>())
        .sum()
}

#[test]
fn slices_of_slices_are_differentiated() {
    let x = [1.0, 0.2, 0.7, 2.0, 0.4];
    for k in 1..4 {
        assert_gradient!(halves, &x, k);
        assert_gradient!(split, &x, k);
    }
    assert_gradient!(arrays_as_slices, [1.0, 0.2, 0.7, 2.0], 0.3);
    assert_gradient!(bound, &x);
    assert_gradient!(of_what_is_written, &x);
    let ragged = vec![vec![1.0, 0.4], vec![], vec![0.3, 0.2, 0.1]];
    assert_gradient!(rows, &[[1.0, 0.3, 0.5], [0.2, 0.4, 0.6]], &ragged);
    let one = Layer {
        weights: vec![0.4, 0.8],
        bias: [0.3, 1.2],
        fixed: vec![0.6, 0.9],
        order: vec![3, 4],
    };
    assert_gradient!(layer, &one, 0.7);
    assert_gradient!(of_layers, &[one.clone(), one.clone()]);
    let whole = Network {
        layers: vec![one.clone(), one.clone()],
        scale: 0.8,
    };
    assert_gradient!(network, &whole);
    let mut gradients = of_layers::grad(&whole.layers);
    let expected = gradients.clone();
    gradients[0].weights.clear();
    of_layers::value_and_grad_into(&whole.layers, &mut gradients);
    assert_eq!(gradients, expected);
    assert_eq!(sum_of_squares::grad(&[]), []);
}

#[differentiable]
fn of_generic<T: Real + std::iter::Sum>(x: &[T], y: &[[T; 2]]) -> T {
    x.iter().copied().map(|x| x * x).sum::<T>() + y.iter().map(|row| row[0] * row[1]).sum::<T>()
}

#[test]
fn buffers_for_gradients_of_slices_are_slices() {
    let x = [1.0_f32, 2.0, 3.0];
    let mut gradient = [7.0_f32; 5];
    let (mut dx, mut dy) = ([7.0_f32; 3], vec![[9.0_f32; 2]]);
    of_generic::value_and_grad_into(&x, &[[0.5, 4.0]], &mut gradient[1..4], &mut dy);
    assert_eq!(gradient, [7.0, 2.0, 4.0, 6.0, 7.0]);
    assert_eq!(dy, [[4.0, 0.5]]);
    of_generic::value_and_grad_into(&x, &[], &mut dx, &mut []);
    assert_eq!(dx, [2.0, 4.0, 6.0]);
    assert_eq!(sum_of_squares::value_and_grad_into(&[], &mut []), 0.0);
}

#[differentiable]
fn ignores(_x: &[f64], y: &[f64]) -> f64 {
    y[0]
}

#[test]
fn a_buffer_that_nothing_flows_to_becomes_zero() {
    let (mut dx, mut dy) = ([7.0; 2], [7.0; 3]);
    ignores::value_and_grad_into(&[1.0, 2.0], &[3.0, 4.0, 5.0], &mut dx, &mut dy);
    assert_eq!((dx, dy), ([0.0; 2], [1.0, 0.0, 0.0]));
}

#[test]
#[should_panic(expected = "the buffer for the gradient with respect to a slice has 2 elements, and the slice has 3")]
fn a_buffer_of_another_length_is_refused() {
    sum_of_squares::value_and_grad_into(&[1.0, 2.0, 3.0], &mut [0.0; 2]);
}
