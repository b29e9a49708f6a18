"""Tensor: construction, elements and gradients, NumPy's manners, and refusals that teach."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import DtypeError, ShapeError, TapeError, UnsupportedError


@pytest.mark.parametrize(
    ("els", "dtype"),
    [
        (2.0, np.float32),
        ([1.0, 2.0], np.float32),
        ([[1.0], [2.0]], np.float32),
        ([1, 2], np.int64),
        (True, np.bool_),
        (np.float64(2.0), np.float64),
        ([np.float64(2.0)], np.float64),
        (np.ones(2), np.float64),
        (np.ones(2, np.float16), np.float16),
        ([], np.float32),
    ],
)
def test_python_floats_become_float32_and_arrays_keep_their_dtype(els: Any, dtype: Any) -> None:
    assert gw.Tensor(els).dtype == dtype


def test_the_dtype_that_is_asked_for_is_given() -> None:
    assert gw.Tensor([1, 2], dtype=float).dtype == np.float64


def test_elements_are_copied() -> None:
    source = np.ones(2)
    t = gw.Tensor(source)
    source[0] = 5.0
    assert t.els.tolist() == [1.0, 1.0]


def test_a_tensor_of_a_tensor_has_its_elements() -> None:
    assert gw.Tensor(gw.Tensor([1.0, 2.0], requires_grad=True)).els.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("els", [[1, 2], [True]])
def test_only_floats_may_want_a_gradient(els: Any) -> None:
    with pytest.raises(DtypeError, match="only floats have a gradient; these elements are"):
        gw.Tensor(els, requires_grad=True)


@pytest.mark.parametrize("els", [["a"], [1j], [None]])
def test_elements_must_be_numbers(els: Any) -> None:
    with pytest.raises(DtypeError, match="the elements must be numbers"):
        gw.Tensor(els)


@pytest.mark.parametrize("els", [[[1.0], [1.0, 2.0]], [1.0, [2.0]]])
def test_rows_of_unequal_length_are_refused(els: Any) -> None:
    with pytest.raises(ShapeError, match="no array of numbers"):
        gw.Tensor(els)


def test_the_gradient_is_zeros_before_the_first_backward() -> None:
    t = gw.Tensor([1.0, 2.0], requires_grad=True)
    assert t.grad.tolist() == [0.0, 0.0] and t.grad.dtype == np.float32


def test_a_tensor_that_wants_no_gradient_has_none() -> None:
    assert gw.Tensor([1.0]).grad is None


def test_setting_the_gradient_to_none_does_not_stop_the_learning() -> None:
    t = gw.Tensor(3.0, requires_grad=True)
    t.grad = None
    (t * t).backward()
    assert t.grad == 6.0


def test_a_gradient_can_be_assigned_in_its_shape_only() -> None:
    t = gw.Tensor([1.0, 2.0], requires_grad=True)
    t.grad = [3, 4]
    assert t.grad.tolist() == [3.0, 4.0] and t.grad.dtype == np.float32
    with pytest.raises(ShapeError, match=r"tensor is \(2,\), the gradient \(3,\)"):
        t.grad = np.ones(3)


def test_an_intermediate_has_no_grad_and_says_where_to_get_it() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    with pytest.raises(TapeError, match=r"glasswork\.gradients"):
        _ = (x * x).grad


def test_elements_can_be_replaced_in_their_shape_only() -> None:
    t = gw.Tensor([1.0, 2.0], requires_grad=True)
    t.els = np.array([3.0, 4.0], np.float32)
    assert t.tolist() == [3.0, 4.0]
    with pytest.raises(ShapeError, match=r"tensor is \(2,\), the new elements are \(1, 2\)"):
        t.els = [[3.0, 4.0]]
    with pytest.raises(DtypeError):
        t.els = np.array([3, 4])


def test_elements_of_another_dtype_bring_a_gradient_of_that_dtype() -> None:
    t = gw.Tensor([1.0], requires_grad=True)
    (t * t).sum().backward()
    t.els = np.array([2.0])
    assert t.grad.dtype == np.float64 and t.grad.tolist() == [0.0]


def test_the_elements_of_an_intermediate_cannot_be_replaced() -> None:
    y = gw.Tensor(2.0, requires_grad=True) * 2.0
    with pytest.raises(TapeError, match="made by multiply"):
        y.els = np.float32(1.0)


def test_tensors_are_not_written_in_place() -> None:
    t = gw.Tensor([1.0, 2.0])
    with pytest.raises(UnsupportedError, match="where"):
        t[0] = 3.0


def test_shape_dtype_ndim_size_and_len() -> None:
    t = gw.Tensor(np.zeros((2, 3)))
    assert (t.shape, t.dtype, t.ndim, t.size, len(t)) == ((2, 3), np.float64, 2, 6, 2)


def test_iteration_goes_over_the_first_axis() -> None:
    assert [row.tolist() for row in gw.Tensor([[1.0, 2.0], [3.0, 4.0]])] == [[1.0, 2.0], [3.0, 4.0]]


def test_indexing_stays_on_the_tape() -> None:
    t = gw.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    t[1].backward()
    assert t.grad.tolist() == [0.0, 1.0, 0.0]


def test_item_float_int_bool_and_index() -> None:
    t = gw.Tensor(2.0)
    assert (t.item(), float(t), int(t), bool(t)) == (2.0, 2.0, 2, True)
    assert [10, 20, 30][gw.Tensor(1)] == 20


def test_the_only_element_is_written_in_the_form_that_is_asked_for() -> None:
    t = gw.Tensor(0.123456)
    assert (f"{t:.4f}", f"{t:8.1%}", f"{t}") == ("0.1235", "   12.3%", "Tensor(0.123456)")
    with pytest.raises(TypeError, match="unsupported format string"):
        f"{gw.Tensor([1.0]):.4f}"


def test_a_tensor_of_several_elements_is_neither_true_nor_false() -> None:
    with pytest.raises(ValueError, match="ambiguous"):
        bool(gw.Tensor([1.0, 2.0]))


def test_equality_compares_elements_and_hash_is_identity() -> None:
    a, b = gw.Tensor([1.0, 2.0]), gw.Tensor([1.0, 3.0])
    assert (a == b).tolist() == [True, False] and (a != b).tolist() == [False, True]
    assert len({a, b, a}) == 2


def test_detach_leaves_the_tape() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    y = (x * x).detach()
    assert not y.requires_grad and y.item() == 4.0


def test_astype_brings_the_gradient_back_in_the_first_dtype() -> None:
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    y = x.astype(np.float64)
    (y * y).sum().backward()
    assert y.dtype == np.float64 and x.grad.dtype == np.float32 and x.grad.tolist() == [2.0, 4.0]


@pytest.mark.parametrize("dtype", [str, complex, object, "datetime64[D]"])
def test_astype_to_what_is_no_number_is_refused(dtype) -> None:
    for cast in (
        gw.Tensor([1.5]).astype,
        functools.partial(gw.functional.astype, gw.Tensor([1.5])),
    ):
        with pytest.raises(DtypeError, match="astype: the elements must be numbers"):
            cast(dtype)


def test_integers_that_are_made_to_ask_for_a_gradient_get_an_error_and_not_a_rounded_one() -> None:
    t = gw.Tensor([1, 2])
    t.requires_grad = True
    with pytest.raises(DtypeError, match="only floats have a gradient; a tensor of int64"):
        (t * 2.5).sum().backward()
    assert t._grad is None


def test_astype_to_integers_has_no_gradient() -> None:
    assert not gw.Tensor([1.5], requires_grad=True).astype(int).requires_grad


def test_methods_take_axes_as_numpy_does() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    t = gw.Tensor(x)
    for name in ("sum", "mean", "max", "min", "var"):
        for axis in (None, 0, -1, (0, 2)):
            for keepdims in (False, True):
                expected = getattr(x, name)(axis=axis, keepdims=keepdims)
                np.testing.assert_allclose(getattr(t, name)(axis, keepdims).els, expected)
    assert t.argmax(1).tolist() == x.argmax(1).tolist()
    assert t.argmin(-1).tolist() == x.argmin(-1).tolist()
    assert t.cumsum(1).tolist() == x.cumsum(1).tolist()
    assert t.clip(2, 5).tolist() == x.clip(2, 5).tolist()
    assert t.clip(max=5).tolist() == x.clip(max=5).tolist()


def test_methods_that_change_the_shape() -> None:
    x = np.arange(6.0).reshape(2, 1, 3)
    t = gw.Tensor(x)
    assert t.reshape(3, 2).shape == t.reshape((3, -1)).shape == (3, 2)
    assert t.reshape(-1).shape == (6,)
    assert t.transpose(2, 0, 1).shape == t.transpose((2, 0, 1)).shape == (3, 2, 1)
    assert t.T.shape == t.transpose().shape == (3, 1, 2)
    assert t.mT.shape == (2, 3, 1)
    assert t.squeeze().shape == t.squeeze(1).shape == (2, 3)
    assert t.swapaxes(0, 2).shape == (3, 1, 2)


@pytest.mark.parametrize(
    "compute",
    [
        lambda t: 2.0 + t, lambda t: 2.0 - t, lambda t: 2.0 * t, lambda t: 2.0 / t,
        lambda t: 2.0**t, lambda t: t / 2.0, lambda t: t**2, lambda t: -t, abs,
        lambda t: +t, lambda t: np.ones((2, 2)) @ t, lambda t: t @ np.ones((2, 2)),
        lambda t: (t > 2.0) | (t < 1.5), lambda t: (t > 1.0) & ~(t == 2.0),
        lambda t: True & (t > 1),
    ],
)  # fmt: skip
def test_operators_give_what_numpy_gives(compute: Any) -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    got, expected = compute(gw.Tensor(x)), compute(x)
    assert isinstance(got, gw.Tensor)
    np.testing.assert_array_equal(got.els, expected)


def test_matmul_is_the_articles_name_for_the_matrix_product() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert gw.Tensor(x).matmul(x).tolist() == (x @ x).tolist()


def test_a_python_number_never_widens_a_tensor() -> None:
    t = gw.Tensor([1.0, 2.0], requires_grad=True)
    for y in (t * 2, 2.5 * t, t**2, 2**t, t / 3, 1 - t, t + True, np.maximum(t, 0.0)):
        assert y.dtype == np.float32


def test_division_by_zero_gives_infinity_as_numpy_does() -> None:
    t = gw.Tensor([1.0], requires_grad=True)
    with np.errstate(divide="ignore"):
        y = t / 0
        y.sum().backward()
    assert y.item() == np.inf and t.grad.tolist() == [np.inf]


def test_integers_divide_into_floats() -> None:
    assert (gw.Tensor([1, 2, 3]) * 0.5).tolist() == [0.5, 1.0, 1.5]
    assert (gw.Tensor([1, 2]) / 2).tolist() == [0.5, 1.0]


def test_a_constant_does_not_change_the_shape() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    assert (x * 3.0).shape == () and (x + np.ones(3)).shape == (3,)


def test_an_array_of_a_tensor_that_wants_a_gradient_is_refused() -> None:
    t = gw.Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(UnsupportedError, match=r"tensor\.els"):
        np.asarray(t)
    assert np.asarray(t.detach()).tolist() == [1.0, 2.0]


def test_repr_shows_elements_dtype_and_origin() -> None:
    assert repr(gw.Tensor([1.0, 2.0])) == "Tensor([1., 2.])"
    assert repr(gw.Tensor(np.ones(1))) == "Tensor([1.], dtype=float64)"
    assert repr(gw.Tensor([1.0], requires_grad=True)) == "Tensor([1.], requires_grad=True)"
    assert repr(gw.Tensor([1.0], requires_grad=True) * 2) == "Tensor([2.], op=multiply)"
    assert repr(gw.Parameter([1.0])) == "Parameter([1.], requires_grad=True)"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_a_copy_is_a_leaf_of_its_own(again: Any) -> None:
    w = gw.Parameter([1.0, 2.0], decay=False)
    (w * w).sum().backward()
    twin = again(w)
    assert twin.grad.tolist() == [2.0, 4.0] and twin.requires_grad and not twin.decay
    (twin * 3.0).sum().backward()
    assert twin.grad.tolist() == [5.0, 7.0] and w.grad.tolist() == [2.0, 4.0]


def test_a_leaf_from_another_process_is_not_newer_than_what_uses_it() -> None:
    w = gw.Parameter([1.0])
    state = pickle.dumps(w)
    twin = pickle.loads(state)  # takes a serial of this process
    y = twin * 2.0
    assert y.serial > twin.serial


def test_an_intermediate_is_not_copied() -> None:
    y = gw.Tensor(1.0, requires_grad=True) * 2.0
    with pytest.raises(TapeError, match=r"detach\(\)"):
        copy.deepcopy(y)


def test_parameter_is_its_own_data() -> None:
    w = gw.Parameter([1.0])
    assert w.data is w and isinstance(w, gw.Tensor)


def test_parameter_takes_integers_as_float32_and_keeps_float64() -> None:
    assert gw.Parameter([1, 2]).dtype == np.float32
    assert gw.Parameter(np.zeros(2)).dtype == np.float64


def test_what_a_parameter_makes_is_a_plain_tensor() -> None:
    assert type(gw.Parameter([1.0]) * 2) is gw.Tensor


@pytest.mark.parametrize(
    ("compute", "words"),
    [
        (lambda: gw.Tensor(np.ones((2, 3))) + np.ones((2, 4)), r"(?s)add: .*\(2, 3\).*\(2, 4\)"),
        (
            lambda: gw.Tensor(np.ones((2, 3))) @ np.ones((2, 3)),
            r"(?s)k is 3 in A and 2 in B.*B\.mT",
        ),
        (lambda: gw.Tensor(np.ones((2, 3))) @ np.ones(2), r"only axis of B"),
        (lambda: gw.Tensor(np.ones((2, 3))) @ np.ones((4, 2)), r"second-last axis of B"),
        (lambda: gw.Tensor(1.0) @ np.ones(2), r"a number is not a matrix"),
        (lambda: gw.Tensor(np.ones((2, 3, 3))) @ np.ones((4, 3, 3)), r"leading axes"),
        (lambda: gw.Tensor(np.ones(6)).reshape(4, 2), r"(?s)reshape: .*A is \(6,\)"),
        (lambda: gw.Tensor(np.ones(2)) + "a", r"operand holds <U1"),
        (
            lambda: gw.functional.concatenate([gw.Tensor(np.ones((2, 3))), np.ones((3, 2))]),
            "concat",
        ),
    ],
)
def test_errors_name_the_op_and_the_shapes(compute: Any, words: str) -> None:
    with pytest.raises((ShapeError, DtypeError), match=words):
        compute()


def test_a_failing_op_keeps_numpys_error_as_its_cause() -> None:
    with pytest.raises(ShapeError) as caught:
        _ = gw.Tensor([1.0, 2.0]) + np.ones(3)
    assert isinstance(caught.value.__cause__, ValueError)


def test_index_errors_stay_index_errors() -> None:
    with pytest.raises(IndexError):
        _ = gw.Tensor([1.0])[3]


def test_assigned_elements_are_copied_in_the_dtype_of_the_tensor_or_array() -> None:
    w, source = gw.Parameter([1.0, 2.0]), np.ones(2)
    w.els = source
    w.grad = [1.0, 1.0]
    gw.SGD([w], 0.5).step()
    assert source.tolist() == [1.0, 1.0] and w.dtype == np.float64
    v = gw.Parameter([1.0])
    v.els = [2.0]
    assert v.dtype == np.float32


def test_sizes_may_be_numpy_integers() -> None:
    t = gw.Tensor(np.ones((2, 3)))
    assert t.reshape(np.prod(t.shape)).shape == (6,)
    assert t.reshape(np.int64(3), -1).shape == (3, 2)
    assert t.transpose(None).shape == (3, 2)


def test_the_gradient_of_a_number_stays_an_array_however_often_it_is_added_to() -> None:
    w = gw.Parameter(2.0)
    for _ in range(2):
        (w * w).backward()
    assert isinstance(w.grad, np.ndarray)
    assert gw.optim.clip_gradient_norm([w], 1.0) == 8.0
