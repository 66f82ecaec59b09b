//! The attributes and the derive. They are documented here, since their own crate cannot run examples that need this one.

/// Generates the derivatives of a function.
///
/// The function stays as it is. Its derivatives are associated functions of a type of the same name, with the same visibility, which comes
/// along wherever `use` takes the function:
///
/// ```
/// use tapeless::prelude::*;
///
/// mod physics {
///     use tapeless::prelude::*;
///
///     #[differentiable]
///     pub fn energy(mass: f64, velocity: f64) -> f64 {
///         0.5 * mass * velocity * velocity
///     }
/// }
/// use physics::energy;
///
/// assert_eq!(energy(2.0, 3.0), 9.0);
/// assert_eq!(energy::grad(2.0, 3.0), (4.5, 6.0));
/// assert_eq!(energy::value_and_grad(2.0, 3.0), (9.0, (4.5, 6.0)));
///
/// // Into buffers of one's own, whose contents are overwritten:
/// let (mut d_mass, mut d_velocity) = (f64::NAN, f64::NAN);
/// let value = energy::value_and_grad_into(2.0, 3.0, &mut d_mass, &mut d_velocity);
/// assert_eq!((value, d_mass, d_velocity), (9.0, 4.5, 6.0));
///
/// // The pullback of any result: from a cotangent of the result to the gradient.
/// let (value, pullback) = energy::vjp(2.0, 3.0);
/// assert_eq!((value, pullback(10.0)), (9.0, (45.0, 60.0)));
///
/// // The computational graph.
/// assert_eq!(energy::graph().nodes.len(), 5);
/// ```
///
/// # Forward mode and second derivatives
///
/// `#[differentiable(forward)]` adds `jvp`, `jvp_many`, `hvp`, `grad_and_hvp`, `jacobian` and `hessian`. They take as long to compile as all the others
/// together, so that a function has them where it says so, and so must the functions that it calls. Behind the arguments of
/// `jvp` and `hvp` stands a tangent for each differentiable parameter, by reference where the parameter
/// is: `jvp` gives the value and its derivative along them, `hvp` the Hessian times them, `grad_and_hvp` the gradient and that
/// product, which it takes no longer to compute than the product alone. `jvp_many` takes an array of tangents for
/// each: the function is computed once for all, and what is computed for each lies side by side. Functions with a single differentiable
/// parameter whose result is made of scalars, an array, a vector, or a column, `Matrix<N, 1>`, have a `jacobian`, whose rows have the
/// type of the gradient, and functions of arrays, slices and columns a `hessian`. The Jacobian is computed in columns, eight at a time,
/// or in rows, whichever costs less; `value_and_jacobian_into` writes it to one that you have, and allocates nothing where the
/// function does not and its parameter is no slice.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable(forward)]
/// fn product(x: &[f64; 2]) -> f64 { x[0] * x[1] * x[1] }
///
/// assert_eq!(product::jvp(&[2.0, 3.0], &[1.0, 0.0]), (18.0, 9.0));
/// assert_eq!(product::jvp_many(&[2.0, 3.0], &[[1.0, 0.0], [0.0, 1.0]]), (18.0, [9.0, 12.0]));
/// assert_eq!(product::hvp(&[2.0, 3.0], &[1.0, 0.0]), [0.0, 6.0]);
/// assert_eq!(product::grad_and_hvp(&[2.0, 3.0], &[1.0, 0.0]), ([9.0, 12.0], [0.0, 6.0]));
/// assert_eq!(product::hessian(&[2.0, 3.0]), [[0.0, 6.0], [6.0, 4.0]]);
/// ```
///
/// On an `impl` block or a trait, `#[differentiable(forward)]` adds `m_jvp`, `m_hvp` and `m_grad_and_hvp` beside each method `m`, with the tangent of the
/// receiver, by reference, in front of the others. The tangent of a parameter by mutable reference is one too: `jvp` leaves there the
/// tangent of what the function leaves in the parameter; `hvp` and `grad_and_hvp` take it by shared reference.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[derive(Differentiable, Clone, Debug, PartialEq)]
/// struct Body { x: f64, v: f64 }
///
/// #[differentiable(forward)]
/// impl Body {
///     fn step(&mut self, dt: f64) -> f64 {
///         self.x += self.v * dt;
///         self.x * self.x
///     }
/// }
///
/// let (mut body, mut along) = (Body { x: 1.0, v: 2.0 }, BodyTangent { x: 0.0, v: 1.0 });
/// assert_eq!(body.step_jvp(0.5, &mut along, 0.0), (4.0, 2.0));
/// assert_eq!((body.x, along.x), (2.0, 0.5));
/// ```
///
/// `hvp` goes through no `#[derivative_of]` and through no gradient of another function, whose second and third derivatives nobody
/// has said: using it there is an error.
///
/// `grad`, `value_and_grad` and `value_and_grad_into` exist for functions whose result is a scalar, `f32` or `f64`; `vjp` for every
/// [`Differentiable`](trait@crate::Differentiable) result.
///
/// # Parameters
///
/// The gradient has an entry for each differentiable parameter, in order, of the type's [`Tangent`](trait@crate::Differentiable); a single one is not in a
/// tuple. Not differentiable are integers, `bool`, `char`, strings, functions, and parameters marked `#[no_diff]`. All must be given
/// as the function wants them, by value or by reference.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn polynomial<T: Real, const N: usize>(coefficients: &[T; N], x: T, #[no_diff] scale: T, degree: usize) -> T {
///     scale * coefficients[0] + coefficients[degree] * x.powi(degree as i32)
/// }
/// let (d_coefficients, d_x) = polynomial::grad(&[1.0, 2.0, 3.0], 2.0, 10.0, 2);
/// assert_eq!(d_coefficients, [10.0, 0.0, 4.0]);
/// assert_eq!(d_x, 12.0);
/// ```
///
/// # Arguments
///
/// - `#[differentiable(wrt(x, y))]`: only with respect to these parameters; the others count as constants.
/// - `#[differentiable(checkpoints = 64)]`: in loops too long to be recorded on the stack, this many states are saved at any time,
///   see [`checkpoint`](mod@crate::checkpoint). More of them cost stack, and save time. The gradient is the same, bit for bit.
/// - `#[differentiable(checkpoints = all)]`, with the feature `alloc`: every iteration is recorded, on the heap, and none is run twice.
///   For nested loops that read and write to long vectors it is much the fastest.
/// - `#[differentiable(recursive)]`: the function calls others that call it in turn, or a method itself on
///   another value. One in each circle must say so; its pullback keeps
///   nothing but its arguments, and runs the function anew. The others need nothing.
/// - `#[differentiable(crate = path)]`: generated code finds this crate by the path, if it goes by another name than `tapeless`.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable(wrt(y))]
/// fn product(x: f64, y: f64) -> f64 {
///     x * y
/// }
/// assert_eq!(product::grad(2.0, 5.0), 2.0);
///
/// #[differentiable(checkpoints = all)]
/// fn logistic(rate: f64, steps: usize) -> f64 {
///     let mut x = 0.5;
///     for _ in 0..steps {
///         x = rate * x * (1.0 - x);
///     }
///     x
/// }
/// assert_eq!(logistic::grad(2.0, 1), 0.25);
///
/// #[differentiable(recursive)]
/// fn even(x: f64, n: u32) -> f64 {
///     if n == 0 { x } else { odd(x * x, n - 1) }
/// }
/// #[differentiable]
/// fn odd(x: f64, n: u32) -> f64 {
///     if n == 0 { 1.0 } else { even(x + 1.0, n - 1) }
/// }
/// assert_eq!(even::grad(3.0, 2), 6.0); // x² + 1
/// ```
///
/// # Methods
///
/// On an `impl` block, beside each method `m` come `m_grad`, `m_value_and_grad`, `m_value_and_grad_into`, `m_vjp` and `m_graph`; with `forward`,
/// `m_jvp`, `m_hvp` and `m_grad_and_hvp`. The
/// receiver is the first parameter. A method whose result has no tangent, or borrows, is left alone, as is one marked `#[no_diff]`; on a
/// method, `#[differentiable(wrt(x))]` narrows its gradient.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[derive(Differentiable, Clone)]
/// struct Pendulum {
///     angle: f64,
///     velocity: f64,
/// }
///
/// #[differentiable]
/// impl Pendulum {
///     fn energy(&self) -> f64 {
///         0.5 * self.velocity * self.velocity - self.angle.cos()
///     }
///     fn step(&mut self, dt: f64) -> f64 {
///         self.velocity -= self.angle.sin() * dt;
///         self.angle += self.velocity * dt;
///         self.angle
///     }
/// }
///
/// #[differentiable]
/// fn energy_after(angle: f64, dt: f64, steps: usize) -> f64 {
///     let mut pendulum = Pendulum { angle, velocity: 0.0 };
///     for _ in 0..steps {
///         pendulum.step(dt);
///     }
///     pendulum.energy()
/// }
///
/// let pendulum = Pendulum { angle: 0.5, velocity: 2.0 };
/// assert_eq!(pendulum.energy_grad().velocity, 2.0);
/// assert_gradient!(energy_after, 0.5, 0.1, 20);
/// ```
///
/// A method that is called on a `mut` variable, or on a field of one, is taken to change it, unless what is around shows that it does not; if
/// that is not so, all it costs is a copy. To read in any case, write `(&x).m()`; to write in any case, `Type::m(&mut x)`.
///
/// # Operators
///
/// On the `impl` of an operator, the attribute gives the operation a derivative for these types, which are `Clone`. So it does for a
/// method that has the name of an operation of numbers or matrices, such as `dot`: that has no `dot_grad`, and is called like any other.
///
/// ```
/// use std::ops::{AddAssign, Mul};
///
/// use tapeless::prelude::*;
///
/// #[derive(Differentiable, Clone, Copy)]
/// struct Vec2 {
///     x: f64,
///     y: f64,
/// }
///
/// #[differentiable]
/// impl Mul<f64> for Vec2 {
///     type Output = Self;
///     fn mul(self, factor: f64) -> Self {
///         Self { x: self.x * factor, y: self.y * factor }
///     }
/// }
///
/// #[differentiable]
/// impl AddAssign for Vec2 {
///     fn add_assign(&mut self, other: Self) {
///         self.x += other.x;
///         self.y += other.y;
///     }
/// }
///
/// #[differentiable]
/// impl Vec2 {
///     fn dot(self, other: Vec2) -> f64 {
///         self.x * other.x + self.y * other.y
///     }
/// }
///
/// /// Where a body is after some steps, along a direction.
/// #[differentiable]
/// fn reached(mut at: Vec2, velocity: Vec2, dt: f64, along: Vec2) -> f64 {
///     for _ in 0..10 {
///         at += velocity * dt;
///     }
///     at.dot(along)
/// }
/// let (at, velocity) = (Vec2 { x: 1.0, y: 2.0 }, Vec2 { x: 0.5, y: -0.5 });
/// assert_gradient!(reached, at, velocity, 0.1, Vec2 { x: 0.3, y: 0.4 });
/// ```
///
/// Functions with `forward` want operators with `#[differentiable(forward)]`. Of several `impl`s for the same types, by value and by
/// reference, one has the attribute, and the others are taken to do the same.
///
/// # Mutable references
///
/// A parameter by mutable reference comes in and goes out. `grad` is the derivative of the result with respect to what came in; the
/// pullback of `vjp` takes the cotangent of the result, and then one for each of those parameters, of what it holds afterwards. All of
/// them write what the function writes.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn scale(x: &mut [f64; 2], k: f64) {
///     x[0] *= k;
///     x[1] *= k;
/// }
///
/// let mut x = [1.0, 2.0];
/// let ((), pullback) = scale::vjp(&mut x, 3.0);
/// assert_eq!(pullback((), [1.0, 10.0]), ([3.0, 30.0], 21.0));
/// assert_eq!(x, [3.0, 6.0]);
/// ```
///
/// Where a function hands such a parameter on as it is, `g(x)`, and also writes to it, `g` is taken to read it, if it stands in an expression,
/// and to write to it, if it is a statement of its own. `g(&*x)` and `g(&mut *x)` say it.
///
/// # Bodies
///
/// What a body may contain, and what it may not yet, is listed in the README. The derivative goes through the arms of `if` and
/// `match` that the function goes through. Other functions that are called must be differentiable themselves, if differentiable values depend on
/// them: by this attribute, or by a rule, see [`derivative_of`](macro@crate::derivative_of).
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn softening(distance: f64) -> f64 {
///     if distance < 0.1 {
///         return 10.0;
///     }
///     distance.recip()
/// }
///
/// #[differentiable]
/// fn potential(charges: (f64, f64), a: &[f64; 2], b: &[f64; 2]) -> f64 {
///     let distance = (a[0] - b[0]).hypot(a[1] - b[1]);
///     charges.0 * charges.1 * softening(distance)
/// }
/// let ((d_first, _), d_a, _) = potential::grad((1.0, 2.0), &[0.0, 0.0], &[3.0, 4.0]);
/// assert_eq!(d_first, 0.4);
/// assert!((d_a[0] - 0.048).abs() < 1e-15);
/// ```
///
/// Iterators are loops. A sum, a product or a vector that is collected must know its type, from `let`, the function's result or
/// `sum::<f64>()`. A new vector or array begins with elements by `Default`; where their type has none, the expression is evaluated once more
/// for them, unless it writes or moves something.
///
/// ```
/// use tapeless::prelude::*;
///
/// #[differentiable]
/// fn roughness(x: &[f64], weights: &[f64]) -> f64 {
///     let steps: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
///     steps.iter().zip(weights).filter(|(step, _)| **step > 0.0).map(|(step, weight)| weight * step * step).sum()
/// }
/// let (d_x, d_weights) = roughness::grad(&[1.0, 3.0, 2.0], &[1.0, 1.0]);
/// assert_eq!(d_x, [-4.0, 4.0, 0.0]);
/// assert_eq!(d_weights, [4.0, 0.0]);
///
/// // The buffer for the gradient with respect to a slice is a slice; nothing is allocated for it. Another length is a panic.
/// let (mut d_x, mut d_weights) = ([0.0; 3], [0.0; 2]);
/// roughness::value_and_grad_into(&[1.0, 3.0, 2.0], &[1.0, 1.0], &mut d_x, &mut d_weights);
/// assert_eq!(d_x, [-4.0, 4.0, 0.0]);
/// ```
///
/// # Attributes
///
/// `cfg` and `cfg_attr` on the function apply to its derivatives as well; `inline`, `cold`, `track_caller` and `target_feature` are carried
/// to them, and `deprecated` to the type that they hang off.
pub use tapeless_macros::differentiable;

/// Gives a function its derivatives by a rule written by hand.
///
/// For a function that cannot be differentiated, because it belongs to another crate or has a loop in it, or for which one knows a better derivative
/// than what would be generated. The rule stands on its own as a function with the parameters of the other, and returns the value and its
/// pullback, like `vjp`: from a cotangent of the result to the gradient, which has an entry for each differentiable
/// parameter.
///
/// ```
/// use tapeless::prelude::*;
///
/// /// The natural logarithm of 1 + e^x.
/// fn log_one_plus_exp(x: f64) -> f64 {
///     if x > 30.0 { x } else { x.exp().ln_1p() }
/// }
///
/// #[derivative_of(log_one_plus_exp)]
/// fn log_one_plus_exp_vjp(x: f64) -> (f64, impl FnOnce(f64) -> f64) {
///     (log_one_plus_exp(x), move |y_bar| y_bar / (1.0 + (-x).exp()))
/// }
///
/// // Now it has `grad` and its kin, and may be called in differentiable functions.
/// assert_eq!(log_one_plus_exp::grad(0.0), 0.5);
///
/// #[differentiable]
/// fn twice(x: f64) -> f64 {
///     2.0 * log_one_plus_exp(x)
/// }
/// assert_gradient!(twice, 0.3);
/// ```
///
/// The derivatives are found by the function's name where the rule is in scope too: a function of another module is imported beside
/// its rule.
///
/// # Parameters by reference
///
/// The rule's pullback may borrow what was given by reference. Then the function is called on the way forward, and the rule on the way back. If it
/// borrows nothing and says so by `+ use<>` (with the rule's type and const parameters between the brackets), the rule is called once, and the
/// function not at all:
///
/// ```
/// use tapeless::prelude::*;
///
/// fn length(x: &[f64; 2]) -> f64 {
///     x[0].hypot(x[1])
/// }
///
/// #[derivative_of(length)]
/// fn length_vjp(x: &[f64; 2]) -> (f64, impl FnOnce(f64) -> [f64; 2] + use<>) {
///     let y = length(x);
///     let direction = [x[0] / y, x[1] / y];
///     (y, move |y_bar| direction.map(|d| y_bar * d))
/// }
/// assert_eq!(length::grad(&[3.0, 4.0]), [0.6, 0.8]);
/// assert_gradient!(length, &[3.0, 4.0]); // a rule by hand is worth a check
/// ```
///
/// # Arguments
///
/// `#[derivative_of(function, crate = path)]` if this crate goes by another name.
pub use tapeless_macros::derivative_of;

/// Generates the tangent type of a struct, and makes the struct [`Differentiable`](trait@crate::Differentiable).
///
/// For a struct `S`, the type `STangent` has the same fields, each of its own tangent type. Left out are fields marked `#[no_diff]` and those whose type
/// has no tangent, such as integers and strings. It is what gradients with respect to an `S` are, and can be added and scaled, see
/// [`Tangent`](crate::Tangent).
///
/// ```
/// use tapeless::prelude::*;
///
/// #[derive(Differentiable)]
/// struct Layer<const N: usize, const M: usize> {
///     weights: Matrix<N, M>,
///     bias: Matrix<1, M>,
///     #[no_diff]
///     temperature: f32,
///     name: String,
/// }
///
/// #[derive(Differentiable)]
/// struct Network(Layer<2, 3>, Layer<3, 1>);
///
/// #[differentiable]
/// fn size(network: &Network) -> f32 {
///     let Network(first, second) = network;
///     first.weights.sum() * first.temperature + second.bias.sum()
/// }
///
/// fn layer<const N: usize, const M: usize>(name: &str) -> Layer<N, M> {
///     Layer { weights: Matrix::ones(), bias: Matrix::zeros(), temperature: 2.0, name: name.into() }
/// }
/// let mut network = Network(layer("hidden"), layer("output"));
/// let mut gradient: NetworkTangent = size::grad(&network);
/// assert_eq!(gradient.0, LayerTangent { weights: Matrix::filled(2.0), bias: Matrix::zeros() });
///
/// gradient.scale(-0.5);
/// network.advance(&gradient);
/// assert_eq!(network.0.weights, Matrix::zeros());
/// assert_eq!(network.1.bias, Matrix::filled(-0.5));
/// # assert_eq!((&*network.0.name, &*network.1.name), ("hidden", "output"));
/// ```
///
/// # Arguments
///
/// `#[differentiable(crate = path)]` on the struct if this crate goes by another name.
pub use tapeless_macros::Differentiable;
