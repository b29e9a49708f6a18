"""JAX with the whole step, learning rule included, under one `jit` that reuses its buffers."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

from benchmarks.contenders import Step
from benchmarks.network import Array, Network, Rule

TITLE = "JAX jit"
PACKAGES = ("jax",)


def loss_of(parameters: list, x: jax.Array, labels: jax.Array) -> jax.Array:
    """Mean softmax cross-entropy."""
    for weights, biases in parameters[:-1]:
        x = jax.nn.relu(x @ weights + biases)
    weights, biases = parameters[-1]
    log_p = jax.nn.log_softmax(x @ weights + biases)
    return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()


def momentum(rule: Rule, state: tuple, gradients: list) -> tuple:
    """State: parameters, velocities."""
    parameters, velocities = state
    velocities = jax.tree.map(lambda v, g: rule.momentum * v + g, velocities, gradients)
    parameters = jax.tree.map(lambda w, v: w - rule.learning_rate * v, parameters, velocities)
    return parameters, velocities


def adam(rule: Rule, state: tuple, gradients: list) -> tuple:
    """State: parameters, both moments, number of steps."""
    parameters, first, second, time = state
    time = time + 1
    first = jax.tree.map(lambda m, g: rule.beta1 * m + (1 - rule.beta1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: rule.beta2 * v + (1 - rule.beta2) * g * g, second, gradients)
    scale = rule.learning_rate / (1 - rule.beta1**time)
    root = (1 - rule.beta2**time) ** 0.5

    def change(w: jax.Array, m: jax.Array, v: jax.Array) -> jax.Array:
        return w - scale * m / (jnp.sqrt(v) / root + rule.epsilon)

    return jax.tree.map(change, parameters, first, second), first, second, time


def training(network: Network, rule: Rule) -> Step:
    """A step whose state is donated to the next."""
    parameters = jax.tree.map(jnp.array, network.weights())
    zeros = partial(jax.tree.map, jnp.zeros_like, parameters)
    if rule.name == "sgd":
        update, state = momentum, (parameters, zeros())
    else:
        update, state = adam, (parameters, zeros(), zeros(), jnp.float32(0))

    @partial(jax.jit, donate_argnums=0)
    def advance(state: tuple, x: jax.Array, labels: jax.Array) -> tuple:
        loss, gradients = jax.value_and_grad(loss_of)(state[0], x, labels)
        return update(rule, state, gradients), loss

    def step(x: Array, labels: Array) -> jax.Array:
        nonlocal state
        state, loss = advance(state, x, labels)
        return loss

    return step
