"""Ops that take inputs of several shapes, over drawn ones: broadcast, 0-d and empty among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.autodiff import push
from glasswork.tape import Graph

from .differences import STEP

SHAPE = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
FULL_SHAPE = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3)


def drawn(*shapes: tuple[int, ...], seed: int = 0) -> list[np.ndarray]:
    """Numbers from 0.1 to 2, which no two inputs share."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.uniform(0.1, 2, shape)) for shape in shapes]


def check(f: Callable[..., Any], *inputs: np.ndarray) -> None:
    """Compare both modes with the central difference along one direction."""
    along = drawn(*(x.shape for x in inputs), seed=1)
    leaves = [Tensor(x, requires_grad=True) for x in inputs]
    y = f(*leaves)
    (g,) = drawn(y.shape, seed=2)

    forth = f(*(x + STEP * t for x, t in zip(inputs, along, strict=True)))
    back = f(*(x - STEP * t for x, t in zip(inputs, along, strict=True)))
    expected = (g * (forth - back)).sum() / (2 * STEP)

    parts = gradients(y, leaves, g)
    assert [part.shape for part in parts] == [x.shape for x in inputs]
    reverse = sum((part.els * t).sum() for part, t in zip(parts, along, strict=True))
    np.testing.assert_allclose(reverse, expected, rtol=1e-6, atol=1e-7)

    tangent = push(Graph.of(y), dict(zip(leaves, along, strict=True)))[y]
    assert tangent.shape == y.shape
    np.testing.assert_allclose((g * tangent).sum(), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    "name", ["add", "subtract", "multiply", "divide", "power", "maximum", "minimum"]
)
@settings(max_examples=30)
@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=3))
def test_two_inputs_broadcast(name, shapes):
    check(getattr(F, name), *drawn(*shapes.input_shapes))


@settings(max_examples=60)
@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=3, min_side=0, max_side=3, max_dims=3))
def test_three_inputs_broadcast(shapes):
    condition, a, b = drawn(*shapes.input_shapes)
    check(lambda a, b: F.where(condition > 1, a, b), a, b)
    check(F.clip, condition, a, a + b)


@settings(max_examples=60)
@given(
    shapes=hnp.mutually_broadcastable_shapes(
        signature="(n?,k),(k,m?)->(n?,m?)", min_side=0, max_side=3, max_dims=3
    )
)
def test_matmul_takes_vectors_matrices_and_stacks_of_them(shapes):
    check(F.matmul, *drawn(*shapes.input_shapes))


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "var", "std", "logsumexp", "norm"])
@settings(max_examples=30)
@given(data=st.data(), shape=FULL_SHAPE, keepdims=st.booleans())
def test_reductions_take_any_axes(name, data, shape, keepdims):
    axis = data.draw(
        st.none() | st.integers(-len(shape), len(shape) - 1) | hnp.valid_tuple_axes(len(shape))
    )
    if name == "std":  # which has a kink where there is one number
        shape, axis = tuple(n + 1 for n in shape), axis if axis != () else None
    check(lambda x: getattr(F, name)(x, axis=axis, keepdims=keepdims), *drawn(shape))


@settings(max_examples=60)
@given(data=st.data(), shape=SHAPE)
def test_basic_keys_read_and_write_back(data, shape):
    key = data.draw(hnp.basic_indices(shape, allow_newaxis=True))
    check(lambda x: F.getitem(x, key), *drawn(shape))


@settings(max_examples=60)
@given(data=st.data(), shape=FULL_SHAPE)
def test_index_arrays_read_and_add_up(data, shape):
    key = data.draw(hnp.integer_array_indices(shape))
    check(lambda x: F.getitem(x, key), *drawn(shape))


@settings(max_examples=60)
@given(data=st.data(), shape=SHAPE)
def test_axes_move_and_come_back(data, shape):
    axes = data.draw(st.permutations(range(len(shape))))
    check(lambda x: F.transpose(x, tuple(axes)), *drawn(shape))
    check(lambda x: F.reshape(x, (-1,) if 0 not in shape else (0,)), *drawn(shape))


@settings(max_examples=60)
@given(data=st.data(), shape=FULL_SHAPE, count=st.integers(1, 3))
def test_parts_are_joined(data, shape, count):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    sizes = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    parts = [(*shape[: axis % len(shape)], n, *shape[axis % len(shape) + 1 :]) for n in sizes]
    check(lambda *xs: F.concatenate(xs, axis=axis), *drawn(*parts))
    check(lambda *xs: F.stack(xs, axis=axis), *drawn(*[shape] * count))
