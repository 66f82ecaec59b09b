//! Adam, and Adam with decoupled weight decay.

use core::fmt::{self, Debug, Formatter};

use super::Optimizer;
use super::leaves::{Update, update};
use crate::differentiable::Differentiable;
use crate::scalar::Real;

/// Steps scaled, for each scalar by itself, by running averages of the gradient and of its square.
///
/// With the gradient g, the learning rate α, and t the number of the step from 1 on:
///
/// - m ← β₁ m + (1 - β₁) g
/// - v ← β₂ v + (1 - β₂) g²
/// - θ ← θ - α m̂ / (√v̂ + ε), where m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ)
///
/// after Kingma, Ba: *Adam: A Method for Stochastic Optimization* (2015), algorithm 1, whose defaults are ours too:
/// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
///
/// ```
/// use tapeless::prelude::*;
///
/// let mut x = [1.0, 1.0];
/// let mut optimizer = Adam::new(0.1);
/// optimizer.step(&mut x, &[2.0, 200.0]);
/// // The first step has the length of the learning rate, whatever the gradient's.
/// assert!((x[0] - 0.9).abs() < 1e-8 && (x[1] - 0.9).abs() < 1e-8);
/// ```
pub struct Adam<P: Differentiable> {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    /// β₁ᵗ and β₂ᵗ after t steps.
    powers: (f64, f64),
    /// m and v; none before the first step.
    moments: Option<(P::Tangent, P::Tangent)>,
}

impl<P: Differentiable> Adam<P> {
    /// With the defaults of the paper, which proposes a learning rate of 0.001.
    #[must_use]
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            betas: (0.9, 0.999),
            epsilon: 1e-8,
            powers: (1.0, 1.0),
            moments: None,
        }
    }

    /// With other decay rates of the averages of the gradient, β₁, and of its square, β₂: from 0 to less than 1. The nearer
    /// to 1, the longer the memory.
    #[must_use]
    pub fn betas(mut self, first: f64, second: f64) -> Self {
        self.betas = (first, second);
        self
    }

    /// With another ε, which keeps the division from that by zero.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    /// The running averages m of the gradient and v of its square, not yet corrected for their start at zero; `None`
    /// before the first step.
    #[must_use]
    pub fn moments(&self) -> Option<(&P::Tangent, &P::Tangent)> {
        self.moments.as_ref().map(|(first, second)| (first, second))
    }

    /// A step that also draws the parameters towards zero by `learning_rate * decay` times themselves.
    fn decaying_step(&mut self, parameters: &mut P, gradient: &P::Tangent, decay: f64) {
        self.powers.0 *= self.betas.0;
        self.powers.1 *= self.betas.1;
        let rule = Moments {
            rate: self.learning_rate,
            betas: self.betas,
            epsilon: self.epsilon,
            corrections: (1.0 - self.powers.0, 1.0 - self.powers.1),
            decay,
        };
        let (first, second) = self
            .moments
            .get_or_insert_with(|| (parameters.zero_tangent(), parameters.zero_tangent()));
        update(&rule, parameters, gradient, [first, second]);
    }
}

impl<P: Differentiable> Optimizer<P> for Adam<P> {
    fn step(&mut self, parameters: &mut P, gradient: &P::Tangent) {
        self.decaying_step(parameters, gradient, 0.0);
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    fn reset(&mut self) {
        self.powers = (1.0, 1.0);
        self.moments = None;
    }
}

/// [`Adam`] with weight decay that is decoupled from the gradient.
///
/// θ ← θ - α (m̂ / (√v̂ + ε) + λ θ), with the θ before the step on the right, m̂ and v̂ as for [`Adam`], and λ the weight
/// decay, after Loshchilov, Hutter: *Decoupled Weight Decay Regularization* (2019), algorithm 2, where α is the product
/// of the schedule's multiplier and the rate. The default λ is 0.01.
///
/// ```
/// use tapeless::prelude::*;
///
/// let mut x = 10.0;
/// let mut optimizer = AdamW::new(0.1).weight_decay(0.5);
/// optimizer.step(&mut x, &0.0);
/// assert_eq!(x, 10.0 - 0.1 * 0.5 * 10.0);
/// ```
pub struct AdamW<P: Differentiable> {
    adam: Adam<P>,
    weight_decay: f64,
}

impl<P: Differentiable> AdamW<P> {
    /// With the defaults of [`Adam`] and a weight decay of 0.01.
    #[must_use]
    pub fn new(learning_rate: f64) -> Self {
        Self {
            adam: Adam::new(learning_rate),
            weight_decay: 0.01,
        }
    }

    /// With another weight decay, λ. With 0, it is [`Adam`].
    #[must_use]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    /// As [`Adam::betas`].
    #[must_use]
    pub fn betas(mut self, first: f64, second: f64) -> Self {
        self.adam = self.adam.betas(first, second);
        self
    }

    /// As [`Adam::epsilon`].
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.adam = self.adam.epsilon(epsilon);
        self
    }

    /// As [`Adam::moments`].
    #[must_use]
    pub fn moments(&self) -> Option<(&P::Tangent, &P::Tangent)> {
        self.adam.moments()
    }
}

impl<P: Differentiable> Optimizer<P> for AdamW<P> {
    fn step(&mut self, parameters: &mut P, gradient: &P::Tangent) {
        self.adam.decaying_step(parameters, gradient, self.weight_decay);
    }

    fn learning_rate(&self) -> f64 {
        self.adam.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.adam.learning_rate = learning_rate;
    }

    fn reset(&mut self) {
        self.adam.reset();
    }
}

/// One step of both.
struct Moments {
    rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    /// 1 - β₁ᵗ and 1 - β₂ᵗ.
    corrections: (f64, f64),
    decay: f64,
}

impl Update<2> for Moments {
    fn update<T: Real>(&self, parameters: &mut [T], gradient: &[T], [first, second]: [&mut [T]; 2]) {
        let real = T::from_f64;
        let (beta1, beta2) = (real(self.betas.0), real(self.betas.1));
        let (rest1, rest2) = (real(1.0 - self.betas.0), real(1.0 - self.betas.1));
        let (rate, epsilon) = (real(self.rate / self.corrections.0), real(self.epsilon));
        let root_correction = real(Real::sqrt(self.corrections.1));
        let decay = real(self.rate * self.decay);
        for (((x, g), m), v) in parameters.iter_mut().zip(gradient).zip(first).zip(second) {
            *m = beta1 * *m + rest1 * *g;
            *v = beta2 * *v + rest2 * *g * *g;
            *x -= rate * *m / (v.sqrt() / root_correction + epsilon) + decay * *x;
        }
    }
}

impl<P: Differentiable> Clone for Adam<P> {
    fn clone(&self) -> Self {
        Self {
            moments: self.moments.clone(),
            ..*self
        }
    }
}

impl<P: Differentiable> Debug for Adam<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adam")
            .field("learning_rate", &self.learning_rate)
            .field("betas", &self.betas)
            .field("epsilon", &self.epsilon)
            .field("moments", &self.moments)
            .finish()
    }
}

impl<P: Differentiable> Clone for AdamW<P> {
    fn clone(&self) -> Self {
        Self {
            adam: self.adam.clone(),
            weight_decay: self.weight_decay,
        }
    }
}

impl<P: Differentiable> Debug for AdamW<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdamW")
            .field("adam", &self.adam)
            .field("weight_decay", &self.weight_decay)
            .finish()
    }
}
