"""JAX's part: everything is compiled before it is measured."""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
from serve import serve

jax.config.update("jax_enable_x64", True)


def differentiated(f, x):
    gradient = jax.jit(jax.value_and_grad(f))

    def run():
        return jax.block_until_ready(gradient(x))[1]

    return run().tolist(), run


def rosenbrock(request):
    def f(x):
        a, b = 1.0 - x[:-1], x[1:] - x[:-1] ** 2
        return (a**2 + 100.0 * b**2).sum()

    return differentiated(f, jnp.array(request["x"], dtype=jnp.float64))


def pendulum(request):
    dt, steps = request["dt"], request["steps"]

    def f(start):
        def step(state, _):
            angle, velocity = state
            velocity = velocity - dt * start[2] * jnp.sin(angle)
            return (angle + dt * velocity, velocity), None

        return jax.lax.scan(step, (start[0], start[1]), None, length=steps)[0][0]

    return differentiated(f, jnp.array(request["start"], dtype=jnp.float64))


def training(request, activation, loss):
    batch, inputs, hidden, outputs = request["sizes"]
    shapes = [(inputs, hidden), (hidden,), (hidden, outputs), (outputs,)]
    parameters = [
        jnp.array(numbers, dtype=jnp.float32).reshape(shape)
        for numbers, shape in zip(request["parameters"], shapes)
    ]
    x = jnp.array(request["x"], dtype=jnp.float32).reshape(batch, inputs)
    targets = jnp.array(request["targets"], dtype=jnp.float32).reshape(batch, outputs)
    rate = jnp.float32(request["rate"])

    def value(parameters):
        w1, b1, w2, b2 = parameters
        return loss(activation(x @ w1 + b1) @ w2 + b2, targets)

    def step(parameters):
        loss, gradient = jax.value_and_grad(value)(parameters)
        return loss, [parameter - rate * slope for parameter, slope in zip(parameters, gradient)]

    step = jax.jit(step, donate_argnums=0)
    flat = jnp.concatenate([slope.flatten() for slope in jax.grad(value)(parameters)]).tolist()

    def run():
        nonlocal parameters
        _, parameters = jax.block_until_ready(step(parameters))

    return flat, run


def digits(request):
    return training(
        request, jax.nn.relu, lambda y, targets: -(jax.nn.log_softmax(y) * targets).sum() / targets.shape[0]
    )


def xor(request):
    return training(request, jnp.tanh, lambda y, targets: ((jax.nn.sigmoid(y) - targets) ** 2).mean())


serve({"rosenbrock": rosenbrock, "pendulum": pendulum, "digits": digits, "xor": xor})
