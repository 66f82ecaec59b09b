//! Gradient descent.

use core::fmt::{self, Debug, Formatter};

use super::Optimizer;
use super::leaves::{Update, update};
use crate::differentiable::Differentiable;
use crate::scalar::Real;

/// Gradient descent; stochastic, if each gradient is that of another part of the data.
///
/// With the gradient g, the learning rate ε and the momentum μ, a step is
///
/// | | velocity | parameters |
/// |---|---|---|
/// | plain, μ = 0 | | θ ← θ - ε g |
/// | momentum | v ← μ v - ε g | θ ← θ + v |
/// | Nesterov | v ← μ v - ε g | θ ← θ + μ v - ε g |
///
/// after Sutskever, Martens, Dahl, Hinton: *On the importance of initialization and momentum in deep learning*
/// (2013), equations 1 to 4. Nesterov's gradient is that at the point to which the velocity will carry: here the
/// parameters are that point all the time, which makes it the form in the last row. The learning rate is part of the
/// velocity: changing it does not change what earlier steps contribute.
///
/// ```
/// use tapeless::prelude::*;
///
/// let mut x = [1.0, 2.0];
/// let mut optimizer = Sgd::new(0.5).momentum(0.9);
/// optimizer.step(&mut x, &[1.0, 0.0]);
/// assert_eq!(x, [0.5, 2.0]);
/// optimizer.step(&mut x, &[0.0, 0.0]);
/// assert_eq!(x, [0.5 - 0.45, 2.0]); // still moving
/// ```
pub struct Sgd<P: Differentiable> {
    learning_rate: f64,
    momentum: f64,
    nesterov: bool,
    /// None before the first step, and always without momentum.
    velocity: Option<P::Tangent>,
}

impl<P: Differentiable> Sgd<P> {
    /// Plain gradient descent.
    #[must_use]
    pub fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            momentum: 0.0,
            nesterov: false,
            velocity: None,
        }
    }

    /// With momentum: which part of the velocity remains after a step, from 0 to less than 1.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// With Nesterov's momentum instead of the classical one. Without a [`momentum`](Self::momentum) it changes nothing.
    #[must_use]
    pub fn nesterov(mut self) -> Self {
        self.nesterov = true;
        self
    }

    /// The velocity: what the momentum will add to the parameters; `None` if there is none yet.
    #[must_use]
    pub fn velocity(&self) -> Option<&P::Tangent> {
        self.velocity.as_ref()
    }
}

impl<P: Differentiable> Optimizer<P> for Sgd<P> {
    fn step(&mut self, parameters: &mut P, gradient: &P::Tangent) {
        let (rate, momentum) = (self.learning_rate, self.momentum);
        if momentum == 0.0 {
            return update(&Plain { rate }, parameters, gradient, []);
        }
        let velocity = self.velocity.get_or_insert_with(|| parameters.zero_tangent());
        if self.nesterov {
            update(&Nesterov { rate, momentum }, parameters, gradient, [velocity]);
        } else {
            update(&Classical { rate, momentum }, parameters, gradient, [velocity]);
        }
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    fn reset(&mut self) {
        self.velocity = None;
    }
}

/// Without momentum.
struct Plain {
    rate: f64,
}

impl Update<0> for Plain {
    fn update<T: Real>(&self, parameters: &mut [T], gradient: &[T], []: [&mut [T]; 0]) {
        let rate = T::from_f64(self.rate);
        for (x, g) in parameters.iter_mut().zip(gradient) {
            *x -= rate * *g;
        }
    }
}

/// With momentum.
struct Classical {
    rate: f64,
    momentum: f64,
}

impl Update<1> for Classical {
    fn update<T: Real>(&self, parameters: &mut [T], gradient: &[T], [velocity]: [&mut [T]; 1]) {
        let (rate, momentum) = (T::from_f64(self.rate), T::from_f64(self.momentum));
        for ((x, g), v) in parameters.iter_mut().zip(gradient).zip(velocity) {
            *v = momentum * *v - rate * *g;
            *x += *v;
        }
    }
}

/// With momentum, the gradient taken where the velocity will carry.
struct Nesterov {
    rate: f64,
    momentum: f64,
}

impl Update<1> for Nesterov {
    fn update<T: Real>(&self, parameters: &mut [T], gradient: &[T], [velocity]: [&mut [T]; 1]) {
        let (rate, momentum) = (T::from_f64(self.rate), T::from_f64(self.momentum));
        for ((x, g), v) in parameters.iter_mut().zip(gradient).zip(velocity) {
            let push = rate * *g;
            *v = momentum * *v - push;
            *x += momentum * *v - push;
        }
    }
}

impl<P: Differentiable> Clone for Sgd<P> {
    fn clone(&self) -> Self {
        Self {
            velocity: self.velocity.clone(),
            ..*self
        }
    }
}

impl<P: Differentiable> Debug for Sgd<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sgd")
            .field("learning_rate", &self.learning_rate)
            .field("momentum", &self.momentum)
            .field("nesterov", &self.nesterov)
            .field("velocity", &self.velocity)
            .finish()
    }
}
