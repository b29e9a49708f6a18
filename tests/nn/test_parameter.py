"""A parameter is a tensor that is learned; a buffer is one that is kept."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import DtypeError
from glasswork.nn import Buffer, Parameter


def test_the_data_of_a_parameter_is_the_parameter():
    w = Parameter([1.0, 2.0])
    assert w.data is w
    assert isinstance(w, Tensor)


@pytest.mark.parametrize("data", [[1.0, 2.0], [1, 2], np.array([1, 2]), np.array([True, False])])
def test_python_numbers_and_whole_ones_become_float32(data):
    assert Parameter(data).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_an_array_of_floats_keeps_its_dtype(dtype):
    assert Parameter(np.ones(3, dtype)).dtype == dtype


def test_text_is_no_parameter():
    with pytest.raises(DtypeError, match="the elements must be numbers"):
        Parameter(["a"])


def test_the_gradient_of_a_parameter_is_zeros_before_the_first_backward():
    np.testing.assert_array_equal(Parameter([1.0, 2.0]).grad, np.zeros(2, np.float32))


def test_a_frozen_parameter_has_no_gradient():
    assert Parameter([1.0], requires_grad=False).grad is None


def test_an_operation_on_a_parameter_gives_a_plain_tensor():
    assert type(Parameter([1.0]) * 2) is Tensor


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda w: pickle.loads(pickle.dumps(w))])
def test_a_copy_has_values_gradient_and_decay_of_its_own(copied):
    w = Parameter([1.0, 2.0], decay=False)
    (w * w).sum().backward()
    other = copied(w)
    assert isinstance(other, Parameter)
    assert other.decay is False
    w.els = np.zeros(2, np.float32)
    np.testing.assert_array_equal(other.els, [1, 2])
    np.testing.assert_array_equal(other.grad, [2, 4])


def test_a_buffer_wants_no_gradient():
    assert Buffer([1.0]).requires_grad is False
