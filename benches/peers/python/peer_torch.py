"""PyTorch's part."""

import torch
from serve import serve

torch.set_num_threads(1)


def rosenbrock(request):
    x = torch.tensor(request["x"], dtype=torch.float64, requires_grad=True)

    def run():
        a, b = 1.0 - x[:-1], x[1:] - x[:-1] ** 2
        return torch.autograd.grad((a**2 + 100.0 * b**2).sum(), x)[0]

    return run().tolist(), run


def pendulum(request):
    start = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in request["start"]]
    dt, steps = request["dt"], request["steps"]

    def run():
        angle, velocity, gravity = start
        for _ in range(steps):
            velocity = velocity - dt * gravity * torch.sin(angle)
            angle = angle + dt * velocity
        return torch.autograd.grad(angle, start)

    return [slope.item() for slope in run()], run


def training(request, activation, loss, targets):
    batch, inputs, hidden, outputs = request["sizes"]
    shapes = [(inputs, hidden), (hidden,), (hidden, outputs), (outputs,)]
    parameters = [
        torch.tensor(numbers, dtype=torch.float32).reshape(shape).requires_grad_()
        for numbers, shape in zip(request["parameters"], shapes)
    ]
    x = torch.tensor(request["x"], dtype=torch.float32).reshape(batch, inputs)
    sgd = torch.optim.SGD(parameters, lr=request["rate"])

    def gradient():
        w1, b1, w2, b2 = parameters
        h = activation(torch.addmm(b1, x, w1))
        loss(torch.addmm(b2, h, w2), targets).backward()

    def run():
        gradient()
        sgd.step()
        sgd.zero_grad()

    gradient()
    flat = torch.cat([parameter.grad.flatten() for parameter in parameters]).tolist()
    sgd.zero_grad()
    return flat, run


def digits(request):
    return training(request, torch.relu, torch.nn.functional.cross_entropy, torch.tensor(request["labels"]))


def xor(request):
    targets = torch.tensor(request["targets"], dtype=torch.float32).reshape(-1, 1)
    return training(
        request, torch.tanh, lambda y, targets: torch.nn.functional.mse_loss(torch.sigmoid(y), targets), targets
    )


serve({"rosenbrock": rosenbrock, "pendulum": pendulum, "digits": digits, "xor": xor})
