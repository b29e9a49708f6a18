"""What holds of every op, generated from OPS."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glasswork import Tensor, gradients, jvp
from glasswork.autodiff import push
from glasswork.ops import OPS
from glasswork.tape import Graph
from glasswork.tensor import leaf

from .cases import CASES, Case
from .differences import TOLERANCE, difference, weighted

DIFFERENTIABLE = [
    c for c in CASES if any(d.wants_gradient for d in c.draws) and c.op.differentiable
]
QUESTIONS = [c for c in CASES if not c.op.differentiable]


def wanted(case: Case) -> list[int]:
    """Which inputs of a case have a gradient."""
    return [i for i, draw in enumerate(case.draws) if draw.wants_gradient]


def placed(case: Case, inputs: list[Any], values: Any) -> list[Any]:
    """The inputs, with other values for those that have a gradient."""
    inputs = list(inputs)
    for i, value in zip(wanted(case), values, strict=True):
        inputs[i] = value
    return inputs


def recorded(case: Case, inputs: list[Any]) -> tuple[Tensor, list[Tensor]]:
    """The op's result, and the tensors that it was made from."""
    leaves = [Tensor(inputs[i], requires_grad=True) for i in wanted(case)]
    return case.op(*placed(case, inputs, leaves), **case.params), leaves


def like(x: Any, seed: int) -> np.ndarray:
    """Weights in the shape and dtype of `x`."""
    return np.asarray(np.random.default_rng(seed).uniform(0.5, 1.5, x.shape)).astype(x.dtype)


def test_every_op_has_a_case():
    assert {c.name for c in CASES} == set(OPS)


def test_no_two_cases_are_the_same():
    assert len({str(c) for c in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_tensor_holds_what_numpy_computes(case):
    inputs = case.inputs()
    expected = case.op.forward(*inputs, **case.params)
    y = case.op(*[Tensor(x) if isinstance(x, np.ndarray) else x for x in inputs], **case.params)
    assert isinstance(y, Tensor) or not any(isinstance(x, np.ndarray) for x in inputs)
    assert y.dtype == np.asarray(expected).dtype
    assert isinstance(y.els, np.ndarray)
    np.testing.assert_array_equal(y.els, expected)


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
@np.errstate(all="ignore")
def test_both_modes_agree_with_central_differences(case):
    inputs = case.inputs()
    y, leaves = recorded(case, inputs)
    g = like(y, 1)
    backwards = gradients(y, leaves, g)
    for i, x, gradient in zip(wanted(case), leaves, backwards, strict=True):
        jacobian = difference(lambda *xs: case.op.forward(*xs, **case.params), inputs, i)
        np.testing.assert_allclose(gradient.els, weighted(jacobian, g), **TOLERANCE)
        t = like(x, 2)
        tangent = push(Graph.of(y), {x: t})[y]
        expected = (jacobian * t).sum(axis=tuple(range(y.ndim, jacobian.ndim)))
        np.testing.assert_allclose(tangent, expected, **TOLERANCE)


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
@np.errstate(all="ignore")
def test_the_second_order_agrees_with_differences_of_the_first(case):
    inputs = case.inputs()
    y, leaves = recorded(case, inputs)
    g, tangents = like(y, 1), [like(x, 2 + i) for i, x in enumerate(leaves)]

    def slope(*values: Tensor) -> Tensor:
        """How Σ g · y grows along the tangents."""
        y = case.op(*placed(case, inputs, values), **case.params)
        parts = gradients(y, values, g, record=True)
        grown = sum((p * t).sum() for p, t in zip(parts, tangents, strict=True))
        return grown + 0 * sum(x.sum() for x in values)  # that of a linear op rests on no value

    def slope_of_arrays(*values: np.ndarray) -> Any:
        y, leaves = recorded(case, placed(case, inputs, values))
        parts = gradients(y, leaves, g)
        return sum((p.els * t).sum() for p, t in zip(parts, tangents, strict=True))

    points = [x.els for x in leaves]
    numeric = [difference(slope_of_arrays, points, i) for i in range(len(points))]

    for gradient, expected in zip(gradients(slope(*leaves), leaves), numeric, strict=True):
        np.testing.assert_allclose(gradient.els, expected, **TOLERANCE)

    moved = jvp(slope, points, tangents)[1]  # forward over reverse
    expected = sum((n * t).sum() for n, t in zip(numeric, tangents, strict=True))
    np.testing.assert_allclose(moved.els, expected, **TOLERANCE)


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
@np.errstate(all="ignore")
def test_forward_over_forward_agrees_with_differences_of_the_first(case):
    inputs = case.inputs()
    y, leaves = recorded(case, inputs)
    g, tangents = like(y, 1), [like(x, 2 + i) for i, x in enumerate(leaves)]

    def along(*values: Any) -> Tensor:
        """How Σ g · y grows along the tangents."""
        f = lambda *xs: (case.op(*placed(case, inputs, xs), **case.params) * g).sum()  # noqa: E731
        return jvp(f, values, tangents)[1]

    points = [x.els for x in leaves]
    numeric = [difference(lambda *xs: along(*xs).els, points, i) for i in range(len(points))]
    expected = sum((n * t).sum() for n, t in zip(numeric, tangents, strict=True))
    np.testing.assert_allclose(jvp(along, points, tangents)[1].els, expected, **TOLERANCE)


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
@np.errstate(all="ignore")
def test_rules_give_the_same_bits_for_arrays_and_for_tensors(case):
    inputs = [Tensor(x) if isinstance(x, np.ndarray) else x for x in case.inputs()]  # masks too
    y, leaves = recorded(case, inputs)
    g = like(y, 1)
    of_arrays = gradients(y, leaves, g)
    of_tensors = gradients(y, leaves, g, record=True)
    for a, b in zip(of_arrays, of_tensors, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a.els, b.els)
    for x in leaves:
        t = like(x, 2)
        a = push(Graph.of(y), {x: t})[y]
        b = push(Graph.of(y), {x: Tensor(t)}, record=True)[y]
        np.testing.assert_array_equal(a, getattr(b, "els", b))


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("case", [c for c in DIFFERENTIABLE if c.name != "astype"], ids=str)
@np.errstate(all="ignore")
def test_narrow_floats_stay_narrow(case, dtype):
    inputs = [
        x.astype(dtype) if getattr(x, "dtype", None) == np.float64 else x for x in case.inputs()
    ]
    y, leaves = recorded(case, inputs)
    assert y.dtype == dtype
    operands = [x.els if isinstance(x, Tensor) else x for x in y.inputs]
    for i, x in zip(wanted(case), leaves, strict=True):
        assert case.op.vjp[i](like(y, 1), y.els, *operands, **case.params).dtype == dtype
        assert case.op.jvp[i](like(x, 2), y.els, *operands, **case.params).dtype == dtype


LAYOUTS = {
    "every other": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "backwards": lambda x: x[..., ::-1].copy()[..., ::-1],
    "Fortran": np.asfortranarray,
    "stretched": lambda x: np.broadcast_to(x[..., :1], x.shape),
}


def laid_out(case: Case, layout: str) -> list[Any]:
    """The inputs of a case, in another order in memory."""
    return [LAYOUTS[layout](x) if isinstance(x, np.ndarray) else x for x in case.inputs()]


def with_gradients(case: Case, inputs: list[Any]) -> list[np.ndarray]:
    leaves = [leaf(inputs[i], requires_grad=True) for i in wanted(case)]  # Tensor(x) would copy
    y = case.op(*placed(case, inputs, leaves), **case.params)
    return [y.els, *(g.els for g in gradients(y, leaves, like(y, 1)))]


@pytest.mark.parametrize(
    "case", [c for c in DIFFERENTIABLE if all(d.shape for d in c.draws)], ids=str
)
@np.errstate(all="ignore")
def test_the_layout_in_memory_does_not_matter(case):
    for layout in LAYOUTS:
        inputs = laid_out(case, layout)
        dense = [x.copy() if isinstance(x, np.ndarray) else x for x in inputs]
        pairs = zip(with_gradients(case, inputs), with_gradients(case, dense), strict=True)
        for a, b in pairs:
            # The order of a sum follows the layout.
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15, err_msg=layout)


@pytest.mark.parametrize("case", QUESTIONS, ids=str)
def test_a_question_about_values_wants_no_gradient(case):
    tensors = [Tensor(x, requires_grad=x.dtype.kind == "f") for x in case.inputs()]
    assert not case.op(*tensors, **case.params).requires_grad
