//! Steps against values computed independently, from the formulas of the papers, in double precision.

use super::{Adam, AdamW, Optimizer, Sgd};
use crate::prelude::*;

/// Two scalars, the gradients of three steps, and where each step must lead.
struct Run {
    start: f64,
    gradients: [f64; 3],
    plain: [f64; 3],
    momentum: [f64; 3],
    nesterov: [f64; 3],
    adam: [f64; 3],
    adam_with_settings: [f64; 3],
    adamw: [f64; 3],
    adamw_with_decay: [f64; 3],
}

const RUNS: [Run; 2] = [
    Run {
        start: 1.0,
        gradients: [0.5, -2.0, 0.25],
        plain: [0.95, 1.15, 1.125],
        momentum: [0.95, 1.105, 1.2195],
        nesterov: [0.905, 1.2445, 1.32255],
        adam: [0.900000002, 0.9559503510200555, 0.9911908278568432],
        adam_with_settings: [0.9900199600798403, 0.9975571201846213, 1.000589105142877],
        adamw: [0.899000002, 0.9540513510180555, 0.988337776503825],
        adamw_with_decay: [0.880000002, 0.9183503509800555, 0.935223820797242],
    },
    Run {
        start: -3.0,
        gradients: [4.0, 0.0, 1e-3],
        plain: [-3.4, -3.4, -3.4001],
        momentum: [-3.4, -3.76, -4.0841],
        nesterov: [-3.76, -4.084, -4.37579],
        adam: [-3.09999999975, -3.1670058249266932, -3.218817506654711],
        adam_with_settings: [-3.0099975006248436, -3.0150873076948357, -3.0179852886957583],
        adamw: [-3.09699999975, -3.1609088249269433, -3.2095595978300344],
        adamw_with_decay: [-3.03999999975, -3.0462058249316932, -3.0370933901610773],
    },
];

/// Runs an optimiser on one scalar, and on the same scalar in other places.
#[track_caller]
fn check<O1, O2, O3>(run: &Run, expected: &[f64; 3], mut double: O1, mut single: O2, mut matrix: O3)
where
    O1: Optimizer<f64>,
    O2: Optimizer<f32>,
    O3: Optimizer<Matrix<2, 2, f64>>,
{
    let mut x = run.start;
    let mut x32 = run.start as f32;
    let mut m = Matrix::filled(run.start);
    for (g, expected) in run.gradients.iter().zip(expected) {
        double.step(&mut x, g);
        single.step(&mut x32, &(*g as f32));
        matrix.step(&mut m, &Matrix::filled(*g));
        assert!((x - expected).abs() < 1e-12, "{x} {expected}");
        assert!((f64::from(x32) - expected).abs() < 1e-5, "{x32} {expected}");
        assert_eq!(m, Matrix::filled(x));
    }
}

macro_rules! check_all {
    ($field:ident, $optimizer:expr) => {
        for run in &RUNS {
            check(run, &run.$field, $optimizer, $optimizer, $optimizer);
        }
    };
}

#[test]
fn steps_are_those_of_the_formulas() {
    check_all!(plain, Sgd::new(0.1));
    check_all!(plain, Sgd::new(0.1).nesterov());
    check_all!(momentum, Sgd::new(0.1).momentum(0.9));
    check_all!(nesterov, Sgd::new(0.1).momentum(0.9).nesterov());
    check_all!(adam, Adam::new(0.1));
    check_all!(adam, AdamW::new(0.1).weight_decay(0.0));
    check_all!(adam_with_settings, Adam::new(0.01).betas(0.5, 0.75).epsilon(1e-3));
    check_all!(
        adam_with_settings,
        AdamW::new(0.01).betas(0.5, 0.75).epsilon(1e-3).weight_decay(0.0)
    );
    check_all!(adamw, AdamW::new(0.1));
    check_all!(adamw_with_decay, AdamW::new(0.1).weight_decay(0.2));
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Layer<S: Storage> {
    weights: Matrix<2, 3, f32, S>,
    bias: [f64; 2],
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Model<S: Storage> {
    first: Layer<S>,
    others: [Layer<S>; 2],
    extra: Option<f64>,
    none: Option<Layer<S>>,
    #[no_diff]
    frozen: f64,
    pair: (f32, f64),
    steps: usize,
}

fn layer<S: Storage>(value: f64) -> Layer<S> {
    Layer {
        weights: Construct::filled(value as f32),
        bias: [value; 2],
    }
}

fn model<S: Storage>(value: f64) -> Model<S> {
    Model {
        first: layer(value),
        others: [layer(value), layer(value)],
        extra: Some(value),
        none: None,
        frozen: 7.0,
        pair: (value as f32, value),
        steps: 3,
    }
}

fn layer_gradient<S: Storage>(value: f64) -> LayerTangent<S> {
    LayerTangent {
        weights: Construct::filled(value as f32),
        bias: [value; 2],
    }
}

fn model_gradient<S: Storage>(value: f64) -> ModelTangent<S> {
    ModelTangent {
        first: layer_gradient(value),
        others: [layer_gradient(value), layer_gradient(value)],
        extra: Some(value),
        none: None,
        pair: (value as f32, value),
    }
}

/// Every scalar of a nested struct moves as a scalar alone does.
fn nested<S: Storage>(
    mut whole: impl Optimizer<Model<S>>,
    mut double: impl Optimizer<f64>,
    mut single: impl Optimizer<f32>,
) {
    let mut parameters = model::<S>(1.5);
    let (mut x, mut x32) = (1.5, 1.5_f32);
    for g in [0.5, -2.0, 0.25] {
        whole.step(&mut parameters, &model_gradient(g));
        double.step(&mut x, &g);
        single.step(&mut x32, &(g as f32));
        let expected: Layer<S> = Layer {
            weights: Construct::filled(x32),
            bias: [x; 2],
        };
        assert_eq!(parameters.first, expected);
        assert_eq!(parameters.others, [expected.clone(), expected]);
        assert_eq!(parameters.extra, Some(x));
        assert_eq!(parameters.none, None);
        assert_eq!(parameters.pair, (x32, x));
        assert_eq!((parameters.frozen, parameters.steps), (7.0, 3));
    }
}

fn nested_with_all<S: Storage>() {
    nested::<S>(Sgd::new(0.1), Sgd::new(0.1), Sgd::new(0.1));
    let momentum = (
        Sgd::new(0.1).momentum(0.9),
        Sgd::new(0.1).momentum(0.9),
        Sgd::new(0.1).momentum(0.9),
    );
    nested::<S>(momentum.0, momentum.1, momentum.2);
    nested::<S>(Adam::new(0.1), Adam::new(0.1), Adam::new(0.1));
    nested::<S>(AdamW::new(0.1), AdamW::new(0.1), AdamW::new(0.1));
}

#[test]
fn nested_structs_move_scalar_by_scalar() {
    nested_with_all::<Inline>();
    #[cfg(feature = "alloc")]
    nested_with_all::<crate::Heap>();
}

#[test]
fn a_changed_learning_rate_counts_from_the_next_step() {
    let mut x = 1.0;
    let mut optimizer = Sgd::new(0.5);
    assert_eq!(Optimizer::<f64>::learning_rate(&optimizer), 0.5);
    optimizer.step(&mut x, &1.0);
    optimizer.set_learning_rate(0.125);
    optimizer.step(&mut x, &1.0);
    assert_eq!(x, 0.375);
    assert_eq!(optimizer.learning_rate(), 0.125);

    // With momentum, the velocity keeps the rate with which it was gained.
    let mut x = 1.0;
    let mut optimizer = Sgd::new(0.5).momentum(0.5);
    optimizer.step(&mut x, &1.0);
    optimizer.set_learning_rate(0.0);
    optimizer.step(&mut x, &1.0);
    assert_eq!(x, 0.25);
}

#[test]
fn after_a_reset_the_next_step_is_the_first() {
    fn first_again(mut optimizer: impl Optimizer<f64>) {
        let (mut x, mut y) = (1.0, 1.0);
        optimizer.step(&mut x, &0.5);
        optimizer.step(&mut y, &3.0);
        optimizer.reset();
        y = 1.0;
        optimizer.step(&mut y, &0.5);
        assert_eq!(x, y);
    }
    first_again(Sgd::new(0.1).momentum(0.9));
    first_again(Sgd::new(0.1).momentum(0.9).nesterov());
    first_again(Adam::new(0.1));
    first_again(AdamW::new(0.1));
}

#[test]
fn a_clone_goes_on_from_the_same_state() {
    let mut optimizer = Adam::new(0.1);
    let mut x = [1.0_f32, 2.0];
    optimizer.step(&mut x, &[0.5, -1.0]);
    let (mut copy, mut y) = (optimizer.clone(), x);
    optimizer.step(&mut x, &[1.0, 1.0]);
    copy.step(&mut y, &[1.0, 1.0]);
    assert_eq!(x, y);
    assert_eq!(optimizer.moments(), copy.moments());
}

#[test]
fn without_momentum_nothing_is_remembered() {
    let mut optimizer = Sgd::new(0.1);
    optimizer.step(&mut 1.0, &1.0);
    assert_eq!(optimizer.velocity(), None);
    let mut optimizer = Sgd::new(0.1).momentum(0.9);
    optimizer.step(&mut 1.0, &1.0);
    assert_eq!(optimizer.velocity(), Some(&-0.1));
}

#[cfg(feature = "alloc")]
#[test]
#[should_panic(expected = "another size")]
fn a_gradient_of_another_length_is_refused() {
    Sgd::new(0.1).step(&mut std::vec![1.0, 2.0], &std::vec![1.0]);
}

#[test]
#[should_panic(expected = "another size")]
fn a_gradient_of_another_variant_is_refused() {
    Sgd::new(0.1).step(&mut None::<Matrix<1, 1>>, &Some(Matrix::ones()));
}

#[cfg(feature = "alloc")]
#[test]
#[should_panic(expected = "another size")]
fn parameters_that_grow_are_refused() {
    let mut optimizer = Adam::new(0.1);
    optimizer.step(&mut std::vec![1.0], &std::vec![1.0]);
    optimizer.step(&mut std::vec![1.0, 2.0], &std::vec![1.0, 2.0]);
}
