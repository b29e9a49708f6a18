"""Every op as a function."""

from __future__ import annotations

import re
import runpy
from inspect import signature
from pathlib import Path

import numpy as np
import pytest

from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.errors import OptionError, ShapeError
from glasswork.ops import OPS

ROOT = Path(__file__).parents[1]
STUB = ROOT / "src" / "glasswork" / "functional.pyi"


def leaf(*shape: int) -> Tensor:
    return Tensor(np.arange(1.0, 1 + np.prod(shape)).reshape(shape), requires_grad=True)


def test_the_stub_is_what_the_script_makes():
    made = runpy.run_path(str(ROOT / "scripts" / "stubs.py"))["stub"]()
    assert STUB.read_text(encoding="utf-8") == made, (
        "Run scripts/stubs.py > src/glasswork/functional.pyi"
    )


def test_the_stub_declares_every_function():
    declared = set(re.findall(r"^def (\w+)\(", STUB.read_text(encoding="utf-8"), re.MULTILINE))
    assert declared == {*F.__all__, "signature"}


def test_every_op_but_the_transposes_of_indexing_is_a_function():
    assert set(OPS) - set(F.__all__) == {"scatter", "scatter_along_axis"}


def test_parameters_come_by_position_or_by_name():
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(F.sum(x, 0), F.sum(x, axis=0))
    np.testing.assert_array_equal(F.sum(x, 1, True), F.sum(x, axis=1, keepdims=True))


def test_a_function_shows_its_name_equation_and_signature():
    assert F.softmax.__name__ == "softmax"
    assert F.softmax.__doc__ == "yᵢ = e^xᵢ / Σⱼ e^xⱼ."
    assert str(signature(F.softmax)) == "(x, /, axis=-1)"
    assert str(signature(F.power)) == "(a, b, /)"
    assert str(signature(F.exp)) == "(x, /)"


def test_too_many_arguments_are_refused_with_the_signature():
    with pytest.raises(TypeError, match=re.escape("erf(x, /) was given 2 arguments.")):
        F.erf(1.0, 2.0)


def test_a_parameter_that_is_given_twice_is_refused():
    message = "sum(x, /, axis=None, keepdims=False) was given 2 arguments, and axis by name."
    with pytest.raises(TypeError, match=re.escape(message)):
        F.sum(np.ones((2, 2)), 0, axis=1)


def test_an_unknown_parameter_is_named_with_the_op():
    with pytest.raises(TypeError, match=r"softmax\(\) got an unexpected keyword argument 'axes'"):
        F.softmax(Tensor([1.0]), axes=0)


def test_arrays_in_give_arrays_out():
    assert isinstance(F.softmax(np.zeros((2, 3))), np.ndarray)


@pytest.mark.parametrize(
    ("a", "b"),
    [((), (2,)), ((2,), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((4, 2, 3), (3, 2)),
     ((3,), (2, 3, 4)), ((2, 3), (5, 3, 4)), ((2, 1, 3), (2, 3, 4))],
)  # fmt: skip
def test_dot_is_numpys(a, b):
    rng = np.random.default_rng(0)
    a, b = rng.random(a), rng.random(b)
    y = F.dot(Tensor(a, requires_grad=True), b)
    np.testing.assert_allclose(y.els, np.dot(a, b), rtol=1e-15)
    np.testing.assert_allclose(F.dot(a, b), np.dot(a, b), rtol=1e-15)


@pytest.mark.parametrize("sections", [3, [1, 4], [0, 6], [2, 9], [-1], []])
def test_split_cuts_as_numpy_does_and_its_parts_have_gradients(sections):
    t = leaf(2, 6)
    parts = F.split(t, sections, axis=1)
    expected = np.split(t.els, sections, axis=1)
    assert len(parts) == len(expected)
    for part, array in zip(parts, expected, strict=True):
        np.testing.assert_array_equal(part.els, array)
    (g,) = gradients(sum((k * p).sum() for k, p in enumerate(parts)), [t])
    fresh = np.zeros((2, 6))
    for k, view in enumerate(np.split(fresh, sections, axis=1)):
        view[...] = k
    np.testing.assert_array_equal(g.els, fresh)


def test_split_takes_numpys_integers():
    assert [part.els.tolist() for part in F.split(leaf(4), np.int64(2))] == [[1, 2], [3, 4]]


@pytest.mark.parametrize("sections", [4, 0, -2])
def test_split_refuses_parts_that_are_not_equal(sections):
    with pytest.raises(ShapeError) as caught:
        F.split(leaf(6), sections)
    assert str(caught.value) == (
        f"split: an axis of 6 elements has no {sections} equal parts.\n"
        "  Pass a divisor of its length, or the list of positions to cut at."
    )


def test_nothing_splits_into_as_many_nothings_as_are_wanted():
    assert [part.shape for part in F.split(np.zeros((0, 2)), 3)] == [(0, 2)] * 3


def test_joining_takes_lists_and_numbers_which_never_widen():
    t = Tensor([1.0, 2.0], requires_grad=True)
    y = F.concatenate([t, [3.0], [4]])
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.els, [1, 2, 3, 4])
    y.sum().backward()
    np.testing.assert_array_equal(t.grad, [1, 1])
    assert F.stack([t[0], 5.0]).dtype == np.float32
    assert F.stack([1, 2.5]).dtype == np.float64
    assert F.concatenate([Tensor([1]), [0.5]]).dtype == np.float64


def test_joining_over_no_axis_makes_one_row():
    t = leaf(2, 2)
    y = F.concatenate([t, np.zeros((1, 3))], axis=None)
    np.testing.assert_array_equal(y.els, [1, 2, 3, 4, 0, 0, 0])
    (g,) = gradients(y, [t], np.arange(7.0))
    np.testing.assert_array_equal(g.els, [[0, 1], [2, 3]])


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("places", [1, [2, 0], [[0, 1], [1, 1]], np.array([0, -1])])
def test_take_is_numpys(places, axis):
    t = leaf(3, 3)
    np.testing.assert_array_equal(F.take(t, places, axis).els, np.take(t.els, places, axis))


LISTS = {
    "relu": F.relu,
    "softmax": F.softmax,
    "log_softmax": F.log_softmax,
    "logsumexp": F.logsumexp,
    "norm": F.norm,
    "mean": F.mean,
    "var": F.var,
    "cumsum": F.cumsum,
    "transpose": F.transpose,
    "reshape": lambda x: F.reshape(x, (4,)),
    "astype": lambda x: F.astype(x, np.float32),
    "add": lambda x: F.add(x, x),
    "matmul": lambda x: F.matmul(x, x),
    "einsum": lambda x: F.einsum("ij,ij", x, x),
    "dot": lambda x: F.dot(x, x),
    "clip": lambda x: F.clip(x, 0, 1),
    "where": lambda x: F.where([True, False], x, 0),
    "cross_entropy": lambda x: F.cross_entropy(x, [1, 0]),
    "take": lambda x: F.take(x, [1, 0]),
    "take of an axis": lambda x: F.take(x, [1, 0], axis=1),
    "take_along_axis": lambda x: F.take_along_axis(x, [[1], [0]]),
    "getitem": lambda x: F.getitem(x, (0, [1, 1])),
    "split": lambda x: F.split(x, 2)[1],
    "concatenate": lambda x: F.concatenate([x, x]),
    "uniform_like": lambda x: F.uniform_like(x, rng=0),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_is_the_array_that_it_stands_for(name, kind):
    rows = kind([[1.0, -2.0], [3.0, 0.5]])
    y = LISTS[name](rows)
    assert type(y) is type(LISTS[name](np.array(rows)))
    np.testing.assert_array_equal(y, LISTS[name](np.array(rows)))


def test_einsum_asks_for_its_subscripts_first():
    with pytest.raises(
        OptionError, match="the first argument is the subscripts, such as 'ij,jk->ik'"
    ):
        F.einsum(leaf(2, 2), "ij->i")


@pytest.mark.parametrize("bounds", [(None, 1), (0, None), (0, 1)])
def test_a_number_clipped_to_float32_bounds_is_float32(bounds):
    low, high = (b if b is None else Tensor(np.full(2, b, np.float32)) for b in bounds)
    assert F.clip(3.0, low, high).dtype == np.float32
    assert F.clip(3, low, high).tolist() == [3.0 if high is None else 1.0] * 2
    assert F.clip(3.0, 0.0, 1.0).dtype == np.float64


def test_clip_takes_either_bound_alone():
    x = np.array([-2.0, 0.5, 2.0])
    np.testing.assert_array_equal(F.clip(x, 0), [0, 0.5, 2])
    np.testing.assert_array_equal(F.clip(x, max=1), [-2, 0.5, 1])
