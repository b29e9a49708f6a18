"""NumPy's own functions and operators on tensors."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

import glasswork
from glasswork import Tensor, gradients
from glasswork.errors import UnsupportedError
from glasswork.numpy_protocol import INSTEAD

ARRAY = np.array([[0.5, 1.5], [2.5, 3.5]], np.float32)


def leaf() -> Tensor:
    return Tensor(np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), requires_grad=True)


def refusal(f) -> str:
    with pytest.raises(UnsupportedError) as caught:
        f()
    return str(caught.value)


# Operators: an array on the left leaves the work to the tensor.

ARITHMETIC = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul,
]  # fmt: skip
COMPARISONS = [
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
]  # fmt: skip


@pytest.mark.parametrize("op", ARITHMETIC, ids=lambda op: op.__name__)
def test_an_array_op_a_tensor_is_a_recorded_tensor(op):
    t = leaf()
    for y, expected in ((op(ARRAY, t), op(ARRAY, t.els)), (op(t, ARRAY), op(t.els, ARRAY))):
        assert isinstance(y, Tensor)
        assert y.requires_grad
        assert y.dtype == np.float32
        np.testing.assert_array_equal(y.els, expected)


@pytest.mark.parametrize("number", [2, 2.0, np.float32(2)], ids=repr)
@pytest.mark.parametrize("op", ARITHMETIC[:-1], ids=lambda op: op.__name__)
def test_a_number_on_either_side_never_widens(op, number):
    t = leaf()
    for y, expected in ((op(number, t), op(number, t.els)), (op(t, number), op(t.els, number))):
        assert y.dtype == np.float32
        np.testing.assert_array_equal(y.els, expected)
        (g,) = gradients(y, [t], np.ones((2, 2)))
        assert g.dtype == np.float32


@pytest.mark.parametrize("op", COMPARISONS, ids=lambda op: op.__name__)
def test_comparisons_compare_elements_on_either_side(op):
    t = leaf()
    for y, expected in ((op(ARRAY, t), op(ARRAY, t.els)), (op(t, ARRAY), op(t.els, ARRAY))):
        assert isinstance(y, Tensor)
        assert y.dtype == bool
        np.testing.assert_array_equal(y.els, expected)


@pytest.mark.parametrize("op", [operator.and_, operator.or_], ids=lambda op: op.__name__)
def test_masks_are_joined_on_either_side(op):
    a, b = ARRAY > 1, leaf() > 2
    np.testing.assert_array_equal(op(a, b).els, op(a, b.els))
    np.testing.assert_array_equal(op(b, a).els, op(b.els, a))


def test_an_array_is_not_changed_by_adding_a_tensor_to_it_in_place():
    array = ARRAY.copy()
    with pytest.raises(UnsupportedError, match="not written in place"):
        array += leaf()
    np.testing.assert_array_equal(array, ARRAY)


# Functions.


def test_a_ufunc_of_a_product_is_recorded_and_differentiated():
    t = leaf()
    y = np.tanh(t @ ARRAY)
    (g,) = gradients(y, [t], np.ones((2, 2)))
    slope = 1 - np.tanh(t.els @ ARRAY) ** 2
    np.testing.assert_allclose(g.els, slope @ ARRAY.T, rtol=1e-5)


ANSWERED = {
    "absolute": np.absolute,
    "add.reduce": np.add.reduce,
    "add.reduce of an axis": lambda t: np.add.reduce(t, axis=1, keepdims=True),
    "amax": lambda t: np.amax(t, axis=0),
    "argmax": lambda t: np.argmax(t, axis=1),
    "argsort": lambda t: np.argsort(t, axis=0),
    "broadcast_to": lambda t: np.broadcast_to(t, (3, 2, 2)),
    "clip": lambda t: np.clip(t, 1.5, 3),
    "clip by old names": lambda t: np.clip(t, a_min=1.5, a_max=None),
    "concatenate": lambda t: np.concatenate([t, ARRAY], axis=1),
    "concatenate in one row": lambda t: np.concatenate((ARRAY, t), axis=None),
    "cumsum": lambda t: np.cumsum(t, axis=0),
    "dot": lambda t: np.dot(ARRAY, t),
    "einsum": lambda t: np.einsum("ij,kj->ik", t, ARRAY),
    "expand_dims": lambda t: np.expand_dims(t, (0, 2)),
    "flip": lambda t: np.flip(t, 1),
    "linalg.norm": np.linalg.norm,
    "linalg.norm of rows": lambda t: np.linalg.norm(t, axis=1, keepdims=True),
    "linalg.norm 1": lambda t: np.linalg.norm(t, 1, axis=0),
    "linalg.norm inf": lambda t: np.linalg.norm(t, np.inf, 0),
    "linalg.norm fro": lambda t: np.linalg.norm(t, "fro", axis=(0, 1)),
    "matmul": lambda t: np.matmul(ARRAY, t),
    "matrix_transpose": np.matrix_transpose,
    "max": lambda t: np.max(t, 1, keepdims=True),
    "maximum": lambda t: np.maximum(ARRAY, t),
    "maximum.reduce": lambda t: np.maximum.reduce(t, axis=None),
    "mean": lambda t: np.mean(t, axis=(0, 1)),
    "min": np.min,
    "ndim": lambda t: np.asarray(np.ndim(t)),
    "pad": lambda t: np.pad(t, ((1, 0), (0, 2)), constant_values=7),
    "power": lambda t: np.power(t, 2),
    "reshape": lambda t: np.reshape(t, (4, 1)),
    "reshape to one row": lambda t: np.reshape(t, -1),
    "result_type": lambda t: np.asarray(np.result_type(t, np.int8) == np.float32),
    "shape": lambda t: np.asarray(np.shape(t)),
    "size": lambda t: np.asarray([np.size(t), np.size(t, 1)]),
    "split": lambda t: np.split(t, 2, axis=1)[1],
    "squeeze": lambda t: np.squeeze(t[:1], axis=0),
    "stack": lambda t: np.stack([ARRAY, t], axis=1),
    "std": lambda t: np.std(t, axis=0, ddof=1),
    "sum": lambda t: np.sum(t, axis=-1),
    "sum by position": lambda t: np.sum(t, 0),
    "swapaxes": lambda t: np.swapaxes(t, 0, 1),
    "take": lambda t: np.take(t, [1, 1], axis=0),
    "take_along_axis": lambda t: np.take_along_axis(t, np.array([[1], [0]]), 1),
    "transpose": np.transpose,
    "transpose by axes": lambda t: np.transpose(t, axes=(1, 0)),
    "var": lambda t: np.var(t, axis=1),
    "where": lambda t: np.where(ARRAY > 1, t, 0),
    "zeros_like": np.zeros_like,
    "ones_like": np.ones_like,
    "full_like": lambda t: np.full_like(t, fill_value=3),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_numpys_function_of_a_tensor_is_numpys_function_of_its_elements(name):
    t = leaf()
    y, expected = ANSWERED[name](t), ANSWERED[name](t.els)
    assert y.dtype == expected.dtype
    np.testing.assert_allclose(getattr(y, "els", y), expected, rtol=1e-6)
    assert getattr(y, "requires_grad", None) in {None, y.dtype.kind == "f"}


def test_what_only_looks_like_a_tensor_is_an_array():
    assert type(np.zeros_like(leaf())) is np.ndarray


# Refusals.


def test_out_is_refused():
    assert refusal(lambda: np.tanh(leaf(), out=ARRAY.copy())) == (
        "np.tanh(out=...): tensors are not written in place, for the tape holds their values.\n"
        "  Take the tensor that the function returns; np.where(mask, a, b) replaces elements."
    )
    assert refusal(lambda: np.add(ARRAY, ARRAY, out=leaf())).startswith("np.add(out=...): ")


def test_at_is_refused():
    message = refusal(lambda: np.add.at(ARRAY.copy(), [0], leaf()))
    assert message.startswith("np.add.at: tensors are not written in place")


def test_where_of_a_ufunc_is_refused_with_the_alternative():
    assert refusal(lambda: np.add(leaf(), 1, where=ARRAY > 1)) == (
        "np.add(where=...): the elements left out would have no value.\n"
        "  np.where(mask, a, b) chooses between two."
    )


def test_dtype_of_a_ufunc_is_refused_with_the_alternative():
    message = "tensors do not take dtype=.\n  Leave it away; t.astype(dtype) changes the dtype."
    assert refusal(lambda: np.exp(leaf(), dtype=np.float64)) == f"np.exp: {message}"
    assert refusal(lambda: np.add.reduce(leaf(), dtype=float)) == f"np.add.reduce: {message}"


@pytest.mark.parametrize(
    ("function", "instead"),
    [
        (np.log2, r"np.log2: .*\n  Use np.log\(t\) / math.log\(2\)\."),
        (np.add.accumulate, r"np.add.accumulate: .*\n  Use np.cumsum\(t, axis\)\."),
        (np.prod, r"np.prod: .*\n  Use np.exp.*; for positive elements\."),
        (lambda t: np.all(t > 0), r"np.all: .*\n  Use np.all\(t.els, axis\)\."),
        (np.linalg.inv, "np.linalg.inv: .*\n  It works on the elements"),
        (np.fft.fft, "np.fft.fft: .*\n  It works on the elements"),
        (lambda t: np.add.outer(t, t), "np.add.outer: .*\n  It works on the elements"),
    ],
)
def test_an_unsupported_function_names_its_alternative(function, instead):
    with pytest.raises(UnsupportedError, match=instead):
        function(leaf())


A, B = np.random.default_rng(0).uniform(0.5, 3, (2, 3, 3)).astype(np.float32)
GAPS = [[np.nan, 1.0], [2.0, np.nan]], [[1.0, np.nan], [3.0, np.nan]]
MASK = A > 1

ONE = [{"t": x} for x in (A, A - 2, A[0], A.sum())]
PAIRS = [{"a": a, "b": b} for a, b in ((A, B), (A - 2, B[0]))]
ALIKE = [{"a": a, "b": b} for a, b in ((A, B), (A[0], B[0]), (A[None], B[None]))]
ALONG = [{"t": A, "axis": axis} for axis in (0, 1, None)]


def tried(names, inputs, function=None):
    """What NumPy has under each name, or `function`, with each of the inputs."""
    return [(f, function or operator.attrgetter(f)(np), x) for f in names.split() for x in inputs]


def written(write, t, value):
    array = t.copy()
    write(array, value)
    return array


REPLACED = [
    *tried("ceil copy cosh exp2 positive ravel reciprocal sinh tan", ONE),
    *tried("log2 log10", [{"t": A}]),
    *tried("all any prod sort", ALONG),
    *tried("multiply.reduce add.accumulate", ALONG[:2]),
    *tried("array_equal allclose isclose hypot float_power", [{"a": A, "b": B[0]}, *ALIKE]),
    *tried("fmax fmin floor_divide remainder outer multiply.outer", [*PAIRS, *ALIKE]),
    *tried("fmax fmin", [dict(zip("ab", map(np.array, GAPS), strict=True))]),
    *tried("inner", [{"a": A[0], "b": B}, {"a": A, "b": B[0]}, *ALIKE]),
    *tried("logaddexp vdot", ALIKE),
    *tried("array", ALIKE, lambda a, b: np.array([a, b])),
    *tried("hstack", ALIKE, lambda a, b: np.hstack([a, b])),
    *tried("vstack", ALIKE, lambda a, b: np.vstack([a, b])),
    *tried("append", [{"a": A, "b": B, "axis": axis} for axis in (None, 0, 1)]),
    *tried("repeat", [{"t": A, "n": 2, "axis": axis} for axis in (None, 0, -1)]),
    *tried("roll", [{"t": A, "n": n, "axis": axis} for n in (0, 1, -7) for axis in (None, 1)]),
    *tried("average", [{"t": A, "axis": axis, "weights": B} for axis in (None, 0, 1)]),
    *tried("tile", [{"t": x, "n": 3} for x in (A, A[0], A[None])]),
    *tried("diff", [{"t": A}, {"t": A[0]}, {"t": A[None]}]),
    *tried("trace", [{"t": A}, {"t": np.stack([A, B], axis=-1)}]),
    *tried("tensordot", [{"a": np.stack([A, B]), "b": np.stack([A, B], axis=-1)}]),
    *tried("moveaxis", [{"t": A[None], "axes": (1, 2, 0)}], lambda t, axes: np.moveaxis(t, 0, -1)),
    *tried("copyto", [{"t": A, "value": B}],
           lambda *x: written(lambda t, value: np.copyto(t, value, where=MASK), *x)),
    *tried("put", [{"t": A, "value": 7}],
           lambda *x: written(lambda t, value: np.put(t, np.flatnonzero(MASK), value), *x)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "function", "values"), REPLACED)
def test_an_alternative_computes_what_it_stands_for(name, function, values):
    def tensor(x):
        return Tensor(x) if isinstance(x, np.ndarray | np.generic) else x

    known = {"np": np, "math": math, "glasswork": glasswork, "mask": MASK}
    y = eval(INSTEAD[name].partition(";")[0], known | {k: tensor(x) for k, x in values.items()})
    y, expected = np.asarray(getattr(y, "els", y)), np.asarray(function(*values.values()))
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6, strict=True)


def test_every_alternative_is_tried():
    assert {name for name, *_ in REPLACED} == set(INSTEAD)


def test_every_refusal_says_how_to_go_on():
    assert refusal(lambda: np.arctan(leaf())) == (
        "np.arctan: tensors do not take this NumPy function.\n"
        "  It works on the elements, without a gradient: pass t.els.\n"
        "  glasswork.functional lists what is differentiable; docs/extending.md adds an op."
    )


def test_arguments_that_only_numpy_knows_are_refused_with_ours():
    assert refusal(lambda: np.sum(leaf(), dtype=np.float64)) == (
        "np.sum: tensors do not take it with these arguments.\n"
        "  sum() got an unexpected keyword argument 'dtype'\n"
        "  What there is: glasswork.functional.sum(x, /, axis=None, keepdims=False)."
    )
    assert "np.mean: tensors do not take it" in refusal(lambda: np.mean(leaf(), 0, np.float64))
    assert "np.where: tensors do not take it" in refusal(lambda: np.where(leaf()))
    assert "'order'" in refusal(lambda: np.reshape(leaf(), -1, order="F"))


def test_borders_that_are_no_constant_are_refused():
    assert refusal(lambda: np.pad(leaf(), 1, mode="edge")) == (
        "np.pad: tensors take mode='constant' alone; this is 'edge'.\n"
        "  Other borders are np.concatenate([...]) of parts of the tensor."
    )


@pytest.mark.parametrize("axis", [None, (0, 1)])
def test_norms_of_matrices_are_refused(axis):
    assert refusal(lambda: np.linalg.norm(leaf(), 2, axis=axis)) == (
        "np.linalg.norm(ord=2) of a matrix: tensors have norms of vectors alone.\n"
        "  Name one axis, or leave ord away for the root of the sum of the squares."
    )


@pytest.mark.parametrize("make", [np.asarray, lambda t: np.array([t, t]), ARRAY.dot])
def test_an_array_of_a_tensor_that_wants_a_gradient_is_refused(make):
    assert "the array would leave the tape" in refusal(lambda: make(leaf()))
